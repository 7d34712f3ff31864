"""Hold what arrived against what its sender says was sent."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Header, Request, UploadFile
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from evidence.errors import WrongDigestError

HEADER = "content-digest"
_ALGORITHM = "sha-256"


class DigestedBodies:
    """Compute the SHA-256 of a body as it passes by, where its digest is declared."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; ``request.state.body_sha256`` is what was read of it so far."""
        if scope["type"] != "http" or HEADER not in Headers(scope=scope):
            return await self._app(scope, receive, send)
        digest = scope.setdefault("state", {})["body_sha256"] = sha256()

        async def receive_digested() -> Message:
            message = await receive()
            digest.update(message.get("body", b""))
            return message

        return await self._app(scope, receive_digested, send)


@dataclass(frozen=True, slots=True)
class Declared:
    """What a request's Content-Digest says.

    Attributes:
        digest: the SHA-256 that it names; None if there is no such header.
        body: the SHA-256 of the body that came.
    """

    digest: bytes | None
    body: bytes

    def read(self, file: UploadFile, declared: str | None = None) -> bytes:
        """Return a photo's bytes, if they are those that the sender means.

        The request's header may be of its whole body, as RFC 9530 has it, or of the photo, which
        is what many clients have at hand; either vouches for the photo.

        Args:
            file: the part of the form; it may have a Content-Digest of its own.
            declared: the form's field ``sha256``, 64 hexadecimal digits.

        Raises:
            WrongDigestError: a digest is of something else, or cannot be read.
        """
        data = file.file.read()
        came = sha256(data)
        of_part = _digest_in(file.headers.getlist(HEADER))
        if declared not in (None, came.hexdigest()) or of_part not in (None, came.digest()):
            raise _changed(came.hexdigest())
        if self.digest not in (None, self.body, came.digest()):
            raise _changed(came.hexdigest())
        return data


def _changed(came: str) -> WrongDigestError:
    return WrongDigestError(
        f"the photo is not the one whose digest was sent: {came} is the SHA-256 of what came. "
        "Send it again",
        f"届いた写真が、送られたダイジェストと一致しません（届いた写真の SHA-256：{came}）。"
        "もう一度送ってください。",
    )


def _digest_in(lines: Sequence[str]) -> bytes | None:
    """Return the SHA-256 of the lines of a Content-Digest (RFC 9530), None if there are none."""
    if not lines:
        return None
    for member in ",".join(lines).split(","):
        name, _, value = member.partition("=")
        value = value.strip()
        if name.strip() == _ALGORITHM and value.startswith(":") and value.endswith(":"):
            try:
                digest = base64.b64decode(value[1:-1], validate=True)
            except binascii.Error:
                break
            if len(digest) == sha256().digest_size:
                return digest
    raise WrongDigestError(
        "write the digest as Content-Digest: sha-256=:BASE64:, with the base64 of 32 bytes",
        "ダイジェストは Content-Digest: sha-256=:BASE64: の形（32バイトの base64）で書いてく"
        "ださい。",
    )


def _declared(
    request: Request,
    content_digest: Annotated[
        str | None,
        Header(
            description="`sha-256=:BASE64:` (RFC 9530), of the request's body or of the photo in "
            "it: if it is of neither, nothing is kept and the answer is 422",
            examples=["sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"],
        ),
    ] = None,
) -> Declared:
    digest = _digest_in(request.headers.getlist(HEADER))
    return Declared(digest, b"" if digest is None else request.state.body_sha256.digest())


DeclaredDep = Annotated[Declared, Depends(_declared)]
