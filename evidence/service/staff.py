"""Accounts of staff: the first owner, and what owners do with the others."""

import hmac
import unicodedata
from dataclasses import dataclass, field

from evidence.errors import ConflictError, UnacceptableError, WeakPasswordError
from evidence.registry.staff_records import Role, Session, Staff
from evidence.service.keys import refuse_program, sha256_of
from evidence.service.people import People
from evidence.service.sessions import NotSignedIn, tell_refused


@dataclass(frozen=True, slots=True)
class Invited:
    """An account, and the one-time password that is seen only now."""

    staff: Staff
    password: str = field(repr=False)


def make_first_owner(
    people: People, code: str, *, name: str, sign_in_name: str, password: str, address: str
) -> Staff:
    """Make the first owner's account, once.

    Args:
        people: the parts.
        code: that the start of the service showed.
        name: shown, and written beside whatever this person does.
        sign_in_name: in any case.
        password: as chosen.
        address: of the client, for the log.

    Raises:
        ConflictError: there is an owner already, or a name is taken.
        UnacceptableError: the code or the name cannot be taken.
        WeakPasswordError: the password may not be chosen.
        BusyError: too many are signing in.
    """
    if people.service.registry.has_owner():
        raise ConflictError(
            "there is an owner already: sign in, or ask the owner",
            "オーナーは登録済みです。サインインするか、オーナーに確認してください。",
        )
    known = people.service.registry.knows_set_up_code(sha256_of(code))
    if not known and not hmac.compare_digest(code.encode(), (people.set_up_code or "").encode()):
        tell_refused(people, None, address)
        raise UnacceptableError(
            "this is not the set-up code that the last start showed",
            "前回の起動時に表示された設定コードではありません。コードを確認してください。",
        )
    _refuse_weak(people, password, (name, sign_in_name))
    new = _new(people, name, sign_in_name, "owner", password, one_time=False)
    return people.service.registry.add_staff(new, actor=new.name, first_owner=True)


def invite(people: People, *, name: str, sign_in_name: str, role: Role, actor: str) -> Invited:
    """Make an account with a one-time password.

    Raises:
        ConflictError: a name is taken.
        UnacceptableError: the name is a program's.
        BusyError: too many are signing in.
    """
    password = people.passwords.make_one_time()
    new = _new(people, name, sign_in_name, role, password, one_time=True)
    return Invited(people.service.registry.add_staff(new, actor=actor), password)


def reset_password(people: People, staff_id: int, *, actor: str) -> Invited:
    """Give an account a one-time password; it is signed out everywhere.

    Raises:
        NotFoundError: there is no such account.
        ConflictError: it is that of the last owner.
        BusyError: too many are signing in.
    """
    password = people.passwords.make_one_time()
    changed = people.service.registry.set_password(
        staff_id,
        people.passwords.hash(password),
        one_time=True,
        actor=actor,
        at=people.service.now(),
    )
    return Invited(changed, password)


def choose_password(
    people: People, session: Session, current: str, new: str, *, address: str
) -> Staff | NotSignedIn:
    """Replace one's own password; this session goes on, the others end.

    Args:
        people: the parts.
        session: of the person.
        current: the password until now, so that an open browser is not enough.
        new: as chosen.
        address: of the client, to slow down whoever guesses.

    Raises:
        WeakPasswordError: it may not be chosen.
        BusyError: too many are signing in.
    """
    one, now = session.staff, people.service.now()
    wait = people.throttle.attempt(one.sign_in_name, address, now)
    if wait or not people.passwords.check(current, one.password_hash):
        tell_refused(people, one, address)
        return NotSignedIn(wait)
    people.throttle.forgive(one.sign_in_name, address)
    _refuse_weak(people, new, (one.name, one.sign_in_name, current))
    return people.service.registry.set_password(
        one.staff_id,
        people.passwords.hash(new),
        one_time=False,
        actor=one.name,
        at=now,
        keep=session.token_sha256,
    )


def _refuse_weak(people: People, password: str, names: tuple[str, ...]) -> None:
    why = people.passwords.refuse(password, names=names)
    if why is not None:
        raise WeakPasswordError(why.en, why.ja)


def _new(
    people: People, name: str, sign_in_name: str, role: Role, password: str, *, one_time: bool
) -> Staff:
    refuse_program(name)
    now = people.service.now()
    return Staff(
        staff_id=0,
        name=unicodedata.normalize("NFC", name),
        sign_in_name=sign_in_name.lower(),
        role=role,
        active=True,
        password_hash=people.passwords.hash(password),
        one_time=one_time,
        password_set_at=now,
        added_at=now,
    )
