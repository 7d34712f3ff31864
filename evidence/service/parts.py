"""What the use cases work with; ``open_service`` is the only place where it is put together."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from evidence.comparison.compare import library_versions
from evidence.policy.document import Document, packaged_documents
from evidence.policy.mailing import Templates, load_templates
from evidence.policy.retention import RetentionRules, packaged_retention
from evidence.registry.log_key import LogIdentity
from evidence.registry.registry import Registry
from evidence.registry.stores import HERE, Stores
from evidence.service.gallery import Gallery
from evidence.service.known_answers import KnownAnswers
from evidence.service.locks import Locks
from evidence.service.telemetry import Telemetry
from evidence.settings import PICTURES, Settings, fingerprint
from evidence.workers import Executor, Workers

MODULES = (
    "evidence.measured",
    "evidence.photo.reading",
    "evidence.photo.pictures",
    "evidence.photo.pyramid",
    "evidence.photo.codes",
    "evidence.comparison.compare",
    "evidence.comparison.conclusion",
    "evidence.comparison.picture",
)


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """The parts, safe to share among threads.

    Attributes:
        registry: what is kept.
        workers: where untrusted bytes are read and photos compared.
        settings: every threshold.
        documents: the policy's versions.
        now: the clock; gives an aware datetime.
        mails: the templates of mails to customers.
        locks: held while one of several equal requests does the work of all.
        gallery: the hashes of all photos, to search them.
        known: recommendations that were asked for a moment ago.
        retention: how long photos are kept.
        telemetry: what is told of the work to whoever runs it.
        side_by_side: comparisons that one request runs at once; as many as there are workers if 0.
    """

    registry: Registry
    workers: Executor
    settings: Settings
    documents: tuple[Document, ...]
    now: Callable[[], datetime]
    mails: Templates = field(default_factory=lambda: load_templates({}))
    locks: Locks = field(default_factory=Locks)
    gallery: Gallery = field(default_factory=Gallery)
    known: KnownAnswers = field(default_factory=KnownAnswers)
    side_by_side: int = 0
    retention: RetentionRules = field(default_factory=packaged_retention)
    telemetry: Telemetry = field(default_factory=Telemetry)

    @property
    def at_once(self) -> int:
        """How many comparisons one request runs at once."""
        return self.side_by_side or self.workers.count

    def close(self) -> None:
        """Kill the workers and let go of the registry."""
        self.workers.close()
        self.registry.close()


def edition() -> str:
    """Return what has to be the same on two machines for their results to be the same.

    A verdict is remembered under the versions of the libraries that made it; so it must not come
    from a machine with others.
    """
    parts = {"settings": fingerprint(Settings()), **library_versions()}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def open_service(
    home: Path,
    settings: Settings,
    *,
    now: Callable[[], datetime],
    workers: int,
    waiting: int,
    documents: Sequence[Document] = (),
    mails: Mapping[str, str] = MappingProxyType({}),
    pictures_bytes: int = PICTURES.most_bytes,
    log: LogIdentity | None = None,
    stores: Stores = HERE,
    retention: RetentionRules | None = None,
    executor: Executor | None = None,
    telemetry: Telemetry | None = None,
) -> Service:
    """Open the registry at ``home`` and put the service together.

    Args:
        home: directory that holds everything kept; made if absent.
        settings: every threshold.
        now: the clock; gives an aware datetime.
        workers: processes that read and compare photos, at least 1.
        waiting: requests that may wait for one, at least 0.
        documents: the policy's versions; those that come with the product if empty.
        mails: a shop's own mails by file name, in place of those that come with the product.
        pictures_bytes: pictures drawn from photos that are kept for screens, at most.
        log: what the shop sets about its log.
        stores: servers that hold rows and originals in the home's place.
        retention: how long photos are kept; the rules that come with the product if None.
        executor: where photos are read and compared; processes of our own if None.
        telemetry: takes what is told of the work; of its own if None.

    Raises:
        StorageError: the directory cannot be used safely.
        PolicyDocumentError: a policy document or a mail's template is broken.
    """
    versions = tuple(documents) or packaged_documents()
    templates = load_templates(mails)
    pool = executor or Workers(
        count=workers, waiting=waiting, memory=settings.limits.worker_memory, modules=MODULES
    )
    registry = Registry.open(home, stores=stores, pictures_bytes=pictures_bytes, log=log)
    rules = retention or packaged_retention()
    return Service(
        registry, pool, settings, versions, now, templates,
        retention=rules, telemetry=telemetry or Telemetry(),
    )  # fmt: skip
