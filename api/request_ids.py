"""The id of the request that is being answered, for whoever tells of it."""

import re
import uuid

from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

HEADER = "X-Request-ID"
_FORM = re.compile(r"[A-Za-z0-9._-]{1,64}")  # as proxies make them; nothing that a log misreads


def name_request(given: str) -> str:
    """Return the id that a request came with, or a new one where that is none; it is remembered.

    Whatever is logged or refused from here on, in this task and what it starts, carries it.
    """
    name = given if _FORM.fullmatch(given) else uuid.uuid4().hex
    clear_contextvars()
    bind_contextvars(request_id=name)
    return name


def request_id() -> str | None:
    """Return the id of the request that is being answered; None outside of any."""
    found: str | None = get_contextvars().get("request_id")
    return found
