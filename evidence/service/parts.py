"""What the use cases work with; ``open_service`` is the only place where it is put together."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from evidence.policy.document import Document, packaged_documents
from evidence.registry.registry import Registry
from evidence.service.locks import Locks
from evidence.settings import Settings
from evidence.workers import Workers

_MODULES = ("evidence.photo.reading", "evidence.comparison.compare", "evidence.comparison.picture")


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """The parts, safe to share among threads.

    Attributes:
        registry: what is kept.
        workers: where untrusted bytes are read and photos compared.
        settings: every threshold.
        documents: the policy's versions.
        now: the clock; gives an aware datetime.
        locks: held while one of several equal requests does the work of all.
    """

    registry: Registry
    workers: Workers
    settings: Settings
    documents: tuple[Document, ...]
    now: Callable[[], datetime]
    locks: Locks = field(default_factory=Locks)

    def close(self) -> None:
        """Kill the workers and let go of the registry."""
        self.workers.close()
        self.registry.close()


def open_service(
    home: Path,
    settings: Settings,
    *,
    now: Callable[[], datetime],
    workers: int,
    waiting: int,
) -> Service:
    """Open the registry at ``home`` and put the service together.

    Args:
        home: directory that holds everything kept; made if absent.
        settings: every threshold.
        now: the clock; gives an aware datetime.
        workers: processes that read and compare photos, at least 1.
        waiting: requests that may wait for one, at least 0.

    Raises:
        StorageError: the directory cannot be used safely.
        PolicyDocumentError: a packaged policy document is broken.
    """
    documents = tuple(packaged_documents())
    pool = Workers(
        count=workers, waiting=waiting, memory=settings.limits.worker_memory, modules=_MODULES
    )
    return Service(Registry.open(home), pool, settings, documents, now)
