"""People who work here, where they are signed in, and programs that may call."""

import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, get_args

Role = Literal["warehouse", "support", "reviewer", "owner"]
ROLES: tuple[Role, ...] = get_args(Role)
# What an API key is good for: every call of programs, every one that only reads, or a role's.
Scope = Literal["everything", "read", "warehouse", "support", "reviewer", "metrics"]
SCOPES: tuple[Scope, ...] = get_args(Scope)


@dataclass(frozen=True, slots=True)
class Staff:
    """One person's account.

    Attributes:
        staff_id: counts up; 0 for one that is not kept yet.
        name: shown, and written beside whatever this person does; never changes.
        sign_in_name: in lower case.
        role: what this person may do.
        active: may sign in.
        password_hash: as the hasher writes it, with its salt and costs.
        one_time: an owner made the password; a password of one's own has to follow it.
        password_set_at, added_at: aware.
    """

    staff_id: int
    name: str
    sign_in_name: str
    role: Role
    active: bool
    password_hash: str = field(repr=False)
    one_time: bool
    password_set_at: datetime
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """One browser in which a person is signed in.

    Attributes:
        token_sha256: of the token that only the browser has, 64 hexadecimal digits.
        staff: whose it is, as the account is now.
        began_at: when the person signed in. Aware.
        seen_at: of about the last request. Aware.
    """

    token_sha256: str = field(repr=False)
    staff: Staff
    began_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A program that may call, or might.

    Attributes:
        name: written beside what it does.
        added_at: aware.
        revoked_at: since when it may not. Aware; None as long as it may.
        scopes: what it may call; ``api.roles`` says which calls that are.
        expires_at: until when it may. Aware; None for until it is revoked.
        last_used_on: the last day of a call, by UTC; None before the first.
        rotated_at: since when another secret takes its place. Aware; None where none did.
        old_until: the secret before that one counts until then. Aware; None where none did.
    """

    name: str
    added_at: datetime
    revoked_at: datetime | None
    scopes: tuple[Scope, ...] = ("everything",)
    expires_at: datetime | None = None
    last_used_on: date | None = None
    rotated_at: datetime | None = None
    old_until: datetime | None = None


def fold_name(name: str) -> str:
    """Return the form under which two names are the same: width, case and spaces aside."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
