"""Where a request comes from, as far as limits and the log tell callers apart."""

import hashlib
import hmac
import ipaddress

_IPV6_NET = 64  # leading bits that one subscriber has to himself at least; RFC 6177
_PSEUDONYM = 16  # hexadecimal digits: two of a million addresses are one in 1 of 37 million


def net_of(address: str) -> str:
    """Return what one subscriber has to himself: an IPv4 address, or an IPv6 network.

    What is no IP address comes back as it is.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((int(ip), _IPV6_NET), strict=False))
    return str(ip)


def pseudonym_of(address: str, key: bytes) -> str:
    """Return what stands for an address in the log: the same for the same, and nothing else.

    Without the key nobody finds the address; with the key anybody does, because there are few.
    """
    digest = hmac.new(key, net_of(address).encode(), hashlib.sha256).hexdigest()
    return f"address-{digest[:_PSEUDONYM]}"
