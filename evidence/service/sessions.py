"""Signing in and out: a random token that only the browser has, kept as its sha256."""

import hashlib
import hmac
import logging
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from evidence.errors import StorageError
from evidence.registry.staff_records import Session, Staff
from evidence.service.keys import sha256_of
from evidence.service.people import People

_BYTES = 32  # 256 random bits; OWASP ASVS 5.0 asks for 128 at least

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session, and the token that is seen only now."""

    session: Session
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotSignedIn:
    """Nobody is signed in; ``wait``: seconds before trying again helps, 0 for a wrong password."""

    wait: int = 0


def sign_in(
    people: People, sign_in_name: str, password: str, *, address: str
) -> SignedIn | NotSignedIn:
    """Check a password and begin a session.

    An unknown name, a wrong password, somebody who no longer works here and a one-time password
    that has waited too long look the same from outside and take as long.

    Args:
        people: the parts.
        sign_in_name: in any case.
        password: as typed.
        address: of the client, to slow down whoever guesses.

    Raises:
        BusyError: too many are signing in.
    """
    name, now = sign_in_name.lower(), people.service.now()
    wait = people.throttle.attempt(name, address, now)
    if wait:
        place = people.watch.place(address)
        _log.warning("sign-in from %s (%s) has to wait for %d s", address, place, wait)
        people.watch.refused("access.sign_in_slowed", subject="address", subject_id=place)
        return NotSignedIn(wait)
    one = people.service.registry.staff_signing_in_as(name)
    right = people.passwords.check(password, None if one is None else one.password_hash)
    if one is None or not right or not _may_use(people, one):
        tell_refused(people, one, address)
        return NotSignedIn()
    begun = begin(people, one)
    if isinstance(begun, SignedIn):
        people.throttle.forgive(name, address)
        _log.info("staff number %d signed in from %s", one.staff_id, address)
    return begun


def tell_refused(people: People, one: Staff | None, address: str) -> None:
    """Write down that a password was wrong; what was typed as the name may be one, and is not.

    Args:
        people: the parts.
        one: whose password it should have been; None for an unknown name.
        address: of the client.
    """
    number, place = 0 if one is None else one.staff_id, people.watch.place(address)
    _log.warning("sign-in from %s (%s) refused; staff number %d", address, place, number)
    people.watch.refused(
        "access.sign_in_refused",
        subject="address",
        subject_id=place,
        facts={"staff": number} if number else {},
    )


def begin(people: People, one: Staff) -> SignedIn | NotSignedIn:
    """Begin a session of somebody whose password was right a moment ago."""
    registry, now = people.service.registry, people.service.now()
    token = secrets.token_urlsafe(_BYTES)
    registry.end_old_sessions(
        began_before=now - _longest(people), seen_before=now - _longest_idle(people)
    )
    if not registry.begin_session(one, sha256_of(token), now):
        return NotSignedIn()
    return SignedIn(Session(sha256_of(token), one, now, now), token)


def session_of(people: People, token: str) -> Session | None:
    """Return the session that a browser's token is of; None for an unknown or an old one."""
    now = people.service.now()
    session = people.service.registry.session(sha256_of(token))
    if session is None or now - session.began_at > _longest(people):
        return None
    idle = now - session.seen_at
    if idle > _longest_idle(people):
        return None
    if idle.total_seconds() >= people.settings.seen_seconds:
        with suppress(StorageError):  # a full disk signs nobody out
            people.service.registry.see_session(session.token_sha256, now)
    return session


def csrf_token_of(token: str) -> str:
    """Return what a page has to send beside the cookie; another site cannot know it."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


def _may_use(people: People, one: Staff) -> bool:
    if not one.active:
        return False
    last = one.password_set_at + timedelta(days=people.settings.one_time_days)
    return not one.one_time or people.service.now() <= last


def _longest(people: People) -> timedelta:
    return timedelta(hours=people.settings.session_hours)


def _longest_idle(people: People) -> timedelta:
    return timedelta(minutes=people.settings.idle_minutes)
