"""People who work here, where they are signed in, and programs that may call."""

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

Role = Literal["warehouse", "support", "reviewer", "owner"]
ROLES: tuple[Role, ...] = get_args(Role)


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
    """

    name: str
    added_at: datetime
    revoked_at: datetime | None


def fold_name(name: str) -> str:
    """Return the form under which two names are the same: width, case and spaces aside."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
