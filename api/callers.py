"""Whoever is signed in acts under their own name and role; a program says whom it acts for."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from pydantic import Field

from api.fields import Line
from api.problems import FieldError, ProblemError
from evidence.policy.life import StaffRole
from evidence.registry.staff_records import Session, fold_name
from evidence.service.people import People

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
    """Who sent a request; ``session`` is None for a program with its API key."""

    session: Session | None

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
                f"{own} としてサインインしています。空欄にするか、本人がサインインしてください。",
            )
        return own

    def role(self, told: StaffRole | None) -> StaffRole:
        """Return the role that a step is done in: that of the person signed in.

        Args:
            told: what the body says; None where it says nothing, a program's then.

        Raises:
            ProblemError: 422, the body has another role than the person.
        """
        if self.session is None:
            return told or "workflow"
        own = self.session.staff.role
        if told not in (None, own):
            raise _refuse(
                "role",
                f"you are signed in as {own}: leave the role out",
                f"{own} としてサインインしています。role は記入しないでください。",
            )
        return own


def find_session(request: Request) -> Session | None:
    """Return the session of whoever sent the request, for pages that nobody is refused."""
    session: Session | None = request.state.session
    return session


def _caller(request: Request) -> Caller:
    return Caller(find_session(request))


def _session(request: Request) -> Session:
    session = find_session(request)
    if session is None:
        en = "this needs a person: sign in; an API key is nobody"
        told = [FieldError(field="session", message=en, ja="サインインしてください。")]
        raise ProblemError(403, en, told)
    return session


def _people(request: Request) -> People:
    people: People = request.app.state.people
    return people


def _refuse(field: str, en: str, ja: str) -> ProblemError:
    return ProblemError(422, en, [FieldError(field=f"body.{field}", message=en, ja=ja)])


CallerDep = Annotated[Caller, Depends(_caller)]
SessionDep = Annotated[Session, Depends(_session)]  # 403 for an API key
PeopleDep = Annotated[People, Depends(_people)]
