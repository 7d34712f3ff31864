"""Staff over HTTP: an owner says who works here, and as what."""

from datetime import datetime, timedelta
from typing import Annotated, Self

from fastapi import APIRouter, Path
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from api import staff_examples as examples
from api.callers import PeopleDep, SessionDep
from api.dependencies import KEY, ServiceDep
from api.examples import shown
from api.fields import Line
from api.problems import problems
from evidence.registry.staff_records import Role, Staff
from evidence.service.people import People
from evidence.service.staff import Invited, invite, reset_password

router = APIRouter(prefix="/v1/staff", tags=["people"], dependencies=[KEY])
StaffId = Annotated[int, Path(ge=1, le=2**53, description="its number", examples=[2])]


def _plain(name: str) -> str:
    name = " ".join(name.split())
    if not name.isprintable():
        raise ValueError("a name has no invisible characters")
    return name


Name = Annotated[Line, StringConstraints(max_length=80), AfterValidator(_plain)]
SignInName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$")]


class StaffRequest(BaseModel, extra="forbid", json_schema_extra=shown(examples.STAFF_REQUEST)):
    """Somebody who is to have an account."""

    name: Name = Field(description="written beside what this person does; never changes")
    sign_in_name: SignInName = Field(description="upper and lower case are the same")
    role: Role


class StaffChange(BaseModel, extra="forbid", json_schema_extra=shown(examples.STAFF_CHANGE)):
    """What changes of an account; what is left out stays."""

    role: Role | None = None
    active: bool | None = Field(
        default=None, description="false signs the person out everywhere at once"
    )


class StaffView(BaseModel, json_schema_extra=shown(examples.STAFF)):
    """An account."""

    staff_id: int
    name: str
    sign_in_name: str
    role: Role
    active: bool
    one_time: bool = Field(description="the password was made by an owner and has to be replaced")
    added_at: datetime

    @classmethod
    def of(cls, one: Staff) -> Self:
        """Show an account, without its password."""
        return cls(**{name: getattr(one, name) for name in cls.model_fields})


class StaffList(BaseModel, json_schema_extra=shown(examples.STAFF_LIST)):
    """Everybody who has or had an account."""

    staff: list[StaffView]


class InvitedView(BaseModel, json_schema_extra=shown(examples.INVITED)):
    """An account, and the password to hand to the person."""

    staff: StaffView
    one_time_password: str = Field(description="shown only now; good for one's own password only")
    use_by: datetime

    @classmethod
    def of(cls, invited: Invited, people: People) -> Self:
        """Show them."""
        days = timedelta(days=people.settings.one_time_days)
        return cls(
            staff=StaffView.of(invited.staff),
            one_time_password=invited.password,
            use_by=invited.staff.password_set_at + days,
        )


@router.get("", responses=problems())
def read_staff(service: ServiceDep, session: SessionDep) -> StaffList:
    """List every account, the oldest first; none is ever removed."""
    return StaffList(staff=[StaffView.of(one) for one in service.registry.all_staff()])


@router.post("", status_code=201, responses=problems(400, 409, 413))
def post_staff(request: StaffRequest, people: PeopleDep, session: SessionDep) -> InvitedView:
    """Make an account with a one-time password.

    It takes no Idempotency-Key, because its answer is not kept: where the answer was lost, the
    name is taken, and a new password can be asked for.
    """
    invited = invite(people, **request.model_dump(), actor=session.staff.name)
    return InvitedView.of(invited, people)


@router.patch("/{staff_id}", responses=problems(400, 404, 409, 413))
def patch_staff(
    staff_id: StaffId, request: StaffChange, service: ServiceDep, session: SessionDep
) -> StaffView:
    """Change a role, or let somebody go or come back; the last owner stays."""
    changed = service.registry.change_staff(
        staff_id, **request.model_dump(), actor=session.staff.name, at=service.now()
    )
    return StaffView.of(changed)


@router.post("/{staff_id}/password", responses=problems(404, 409))
def post_staff_password(staff_id: StaffId, people: PeopleDep, session: SessionDep) -> InvitedView:
    """Give an account a new one-time password; the person is signed out everywhere.

    It takes no Idempotency-Key, because its answer is not kept.
    """
    return InvitedView.of(reset_password(people, staff_id, actor=session.staff.name), people)
