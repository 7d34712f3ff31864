"""ETags: what a client has read is still so, or nothing is changed (RFC 9110, section 13).

An item's or a claim's tag is its version, which counts up with every change of what is shown of
it. The header is compared here only to answer 304; a change is refused by the registry, in the
transaction that writes.
"""

import re
from typing import Annotated, Any

from fastapi import Depends, Header, Response

from evidence.registry.expectations import Expected

_TAGS = r'(W/)?"[\x21\x23-\x7e]*"(\s*,\s*(W/)?"[\x21\x23-\x7e]*")*'
_STRONG = re.compile(r'(W/)?"(\d{1,18})"')

IfMatch = Annotated[
    str | None,
    Header(
        pattern=rf"^(\*|{_TAGS})$",
        max_length=500,
        description="the ETag that was read: 412 if it was changed since; `*` if it has to exist",
        examples=['"3"'],
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(
        pattern=rf"^(\*|{_TAGS})$",
        max_length=500,
        description="the ETag that is known: 304 without a body if it is still that",
        examples=['"3"'],
    ),
]
IfAbsent = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        pattern=r"^\*$",
        description="`*`: 412 if it exists already",
        examples=["*"],
    ),
]

TAGGED: dict[str, Any] = {  # of a response in the OpenAPI
    "headers": {
        "ETag": {
            "description": "its version, for If-Match and If-None-Match",
            "schema": {"type": "string", "examples": ['"3"']},
        }
    }
}
SAID: dict[str, Any] = {  # where the tag is of what is said, and no version
    "headers": {
        "ETag": {
            "description": "of these very words, for If-None-Match",
            "schema": {"type": "string", "examples": ['"5d41402abc4b2a76b9719d911017c592"']},
        }
    }
}
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "It is still what the If-None-Match says", **TAGGED}
}


def etag(version: int) -> str:
    """Return the strong entity tag of a version."""
    return f'"{version}"'


def unchanged(version: int, if_none_match: str | None) -> Response | None:
    """Return the answer 304 if the client knows this version, else None."""
    if if_none_match is None:
        return None
    if if_none_match != "*" and version not in _versions(if_none_match, weak=True):
        return None
    return Response(status_code=304, headers={"ETag": etag(version)})


def knows(tag: str, if_none_match: str | None) -> bool:
    """Say whether the client knows what this opaque tag, with its quotes, stands for."""
    if if_none_match is None:
        return False
    told = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return if_none_match == "*" or tag in told


def _changing(if_match: IfMatch = None) -> Expected:
    if if_match is None:
        return Expected()
    if if_match == "*":
        return Expected(there=True)
    return Expected(versions=_versions(if_match, weak=False))


def _putting(if_match: IfMatch = None, if_none_match: IfAbsent = None) -> Expected:
    if if_none_match is not None:
        return Expected(versions=_changing(if_match).versions, there=False)
    return _changing(if_match)


ChangingDep = Annotated[Expected, Depends(_changing)]
PuttingDep = Annotated[Expected, Depends(_putting)]


def _versions(header: str, *, weak: bool) -> frozenset[int]:
    """Return the versions that the tags name; tags that we never gave name none."""
    tags = (_STRONG.fullmatch(tag.strip()) for tag in header.split(","))
    return frozenset(int(tag[2]) for tag in tags if tag and (weak or not tag[1]))
