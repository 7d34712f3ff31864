"""Certificates between the parts of a cluster: each shows its own, and trusts one authority's."""

from dataclasses import dataclass
from pathlib import Path

from distributed.security import Security


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files; whoever has a certificate of that authority may run code on every machine.

    Attributes:
        authority: certificate of the shop's own authority, for this cluster alone.
        certificate: of this part.
        key: to that certificate.
    """

    authority: Path
    certificate: Path
    key: Path


def security_of(tls: Tls | None) -> Security:
    """Return what Dask asks for: both sides authenticated and encrypted, or neither."""
    if tls is None:
        return Security(require_encryption=False)
    parts = ("client", "scheduler", "worker")
    mine = {f"tls_{part}_cert": str(tls.certificate) for part in parts}
    mine |= {f"tls_{part}_key": str(tls.key) for part in parts}
    return Security(require_encryption=True, tls_ca_file=str(tls.authority), **mine)


def address_of(place: str, tls: Tls | None) -> str:
    """Return Dask's address of ``HOST:PORT``."""
    return f"{'tcp' if tls is None else 'tls'}://{place}"
