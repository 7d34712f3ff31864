"""Whoever is signed in acts under their own name and role; a program says whom it acts for."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from pydantic import Field

from api.fields import Line
from api.problems import FieldError, ProblemError
from evidence.policy.life import StaffRole
from evidence.registry.staff_records import ROLES, Scope, Session, fold_name
from evidence.service.people import People
from evidence.service.watch import OWNERS_ONLY

# A body's field that names who acts.
Actor = Annotated[
    Line | None,
    Field(
        description="the person; a program has to name one, who is signed in leaves it out",
        examples=["support-1"],
    ),
]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request.

    Attributes:
        session: of a person; None for a program with its API key.
        scopes: of the program's key; none for a person.
    """

    session: Session | None
    scopes: frozenset[Scope] = frozenset()

    @property
    def not_told(self) -> frozenset[str]:
        """Kinds of events that the caller is not told of."""
        if self.session is None or self.session.staff.role == "owner":
            return frozenset()
        return OWNERS_ONLY

    def acting(self, field: str, told: str | None) -> str:
        """Return the name of who acts: the person signed in, or whom a program names.

        Args:
            field: of the body, for the refusal.
            told: what the body says; None where it says nothing.

        Raises:
            ProblemError: 422, the program names nobody, or the body names somebody other than
                the person signed in.
        """
        if self.session is None:
            if told is None:
                en = "name the person who did it"
                raise _refuse(field, en, "担当者の名前を記入してください。")
            return told
        own = self.session.staff.name
        if told is not None and fold_name(told) != fold_name(own):
            raise _refuse(
                field,
                f"you are signed in as {own}: leave it out, or let {told} sign in",
                f"{own} としてサインインしています。空欄にするか、"
                f"{told} がサインインしてください。",
            )
        return own

    def role(self, told: StaffRole | None) -> StaffRole:
        """Return the role that a step is done in: that of the person signed in.

        Args:
            told: what the body says; None where it says nothing, a program's then.

        Raises:
            ProblemError: 422, the body has another role than the person, or than the key is for.
        """
        if self.session is None:
            return self._role_of_program(told)
        own = self.session.staff.role
        if told not in (None, own):
            raise _refuse(
                "role",
                f"you are signed in as {own}: leave the role out",
                f"{own} としてサインインしています。role は記入しないでください。",
            )
        return own

    def _role_of_program(self, told: StaffRole | None) -> StaffRole:
        """Return the role; a key that is not for everything acts in its own roles alone."""
        if "everything" in self.scopes:
            return told or "workflow"
        own = [role for role in ROLES if role in self.scopes]
        if told is None and len(own) == 1:
            return own[0]
        if told in own:
            return told
        whose = ", ".join(own)
        raise _refuse(
            "role",
            f"this API key acts as {whose}: name that",
            f"このAPIキーの役割は {whose} です。role に記入してください。",
        )


def find_session(request: Request) -> Session | None:
    """Return the session of whoever sent the request, for pages that nobody is refused."""
    session: Session | None = request.state.session
    return session


def _caller(request: Request) -> Caller:
    return Caller(find_session(request), getattr(request.state, "scopes", frozenset()))


def _session(request: Request) -> Session:
    session = find_session(request)
    if session is None:
        en = "this needs a person: sign in; an API key is nobody"
        ja = "サインインしてください。"
        raise ProblemError(403, en, ja, [FieldError(field="session", message=en, ja=ja)])
    return session


def _people(request: Request) -> People:
    people: People = request.app.state.people
    return people


def _refuse(field: str, en: str, ja: str) -> ProblemError:
    return ProblemError(422, en, ja, [FieldError(field=f"body.{field}", message=en, ja=ja)])


CallerDep = Annotated[Caller, Depends(_caller)]
SessionDep = Annotated[Session, Depends(_session)]  # 403 for an API key
PeopleDep = Annotated[People, Depends(_people)]
