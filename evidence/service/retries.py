"""A request that is sent again under its key has one effect and gets the same answer."""

from collections.abc import Callable
from dataclasses import dataclass

from evidence.service.parts import Service


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: an HTTP-like status and a JSON text."""

    status: int
    body: str


def answer_once(service: Service, key: str, fingerprint: str, make: Callable[[], Answer]) -> Answer:
    """Answer a request, or repeat what the same request was answered under this key.

    Only what ``make`` returns is remembered: a request that raised had no effect, and may
    succeed when it is sent again. A decision, a step and their like are kept together with their
    answer, so that no fault in between makes two of them.

    Args:
        service: the parts.
        key: chosen by the client, and told apart from other clients' keys.
        fingerprint: sha256 of what is asked.
        make: does the work.

    Raises:
        ConflictError: the key was used for another request.
    """
    with service.locks.holding(f"answer {key}"):
        before = service.registry.remembered(key, fingerprint)
        if before is not None:
            return Answer(*before)
        try:
            with service.registry.together():
                answer = make()
                service.registry.remember(
                    key, fingerprint, answer.status, answer.body, service.now()
                )
        except Exception:  # another process may have answered it, so that ours is undone or refused
            before = service.registry.remembered(key, fingerprint)
            if before is None:
                raise
            return Answer(*before)
        return answer
