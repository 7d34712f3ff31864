"""What is sent to sign in, and what is shown of a session."""

from datetime import datetime, timedelta
from typing import Annotated, Self

from pydantic import BaseModel, Field, SecretStr

from api import staff_examples as examples
from api.examples import shown
from api.roles import calls_of
from api.staff import Name, SignInName, StaffView
from evidence.registry.staff_records import Role, Session
from evidence.service.people import People
from evidence.service.sessions import csrf_token_of

Password = Annotated[SecretStr, Field(min_length=1, max_length=1000)]


class SignInRequest(BaseModel, extra="forbid", json_schema_extra=shown(examples.SIGN_IN_REQUEST)):
    """Who signs in."""

    sign_in_name: SignInName
    password: Password


class FirstOwnerRequest(
    BaseModel, extra="forbid", json_schema_extra=shown(examples.FIRST_OWNER_REQUEST)
):
    """Who owns the shop."""

    code: SecretStr = Field(max_length=200, description="that `evidence serve` shows at its start")
    name: Name
    sign_in_name: SignInName
    password: Password


class PasswordRequest(
    BaseModel, extra="forbid", json_schema_extra=shown(examples.PASSWORD_REQUEST)
):
    """A password of one's own."""

    current: Password
    password: Password = Field(description="12 to 128 characters, of whatever kinds")


class DemoRequest(BaseModel, extra="forbid", json_schema_extra=shown(examples.DEMO_REQUEST)):
    """As whom to look around in the made-up shop."""

    role: Role


class SessionView(BaseModel, json_schema_extra=shown(examples.SESSION)):
    """Who is signed in, and what they may do."""

    staff: StaffView
    csrf_token: str = Field(
        description="send it as `X-CSRF-Token` with whatever is no GET, beside the cookie"
    )
    allowed: list[str] = Field(description="calls that the role may make")
    ends_at: datetime = Field(description="at the latest; without requests, earlier")

    @classmethod
    def of(cls, session: Session, token: str, people: People) -> Self:
        """Show a session."""
        return cls(
            staff=StaffView.of(session.staff),
            csrf_token=csrf_token_of(token),
            allowed=calls_of(session.staff.role),
            ends_at=session.began_at + timedelta(hours=people.settings.session_hours),
        )
