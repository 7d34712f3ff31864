"""What is written down of refusals and views: in the log of events, and no more than is needed.

Refusals of one kind from one place are one entry a minute with their count, and only so many
places are told apart in a minute: whoever is refused a million times fills no disk. A view of the
same thing by the same caller within some minutes is one entry, and costs no write after it.
"""

import json
import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from threading import Lock
from typing import Any

from evidence.errors import StorageError
from evidence.service.addresses import pseudonym_of
from evidence.service.parts import Service
from evidence.settings import WatchSettings

STRANGER = "stranger"  # who acts in an entry of somebody unknown
REFUSALS = (
    "access.sign_in_refused",
    "access.sign_in_slowed",
    "access.unknown",
    "access.forbidden",
    "access.over_quota",
    "photo.refused",
)
VIEWS = (
    "claim.viewed",
    "claim.comparison_viewed",
    "comparison.viewed",
    "photo.original_saved",
    "photo.searched",
)
# What persons do beside their work is told to owners, and to programs that follow the whole log.
OWNERS_ONLY = frozenset({*REFUSALS, *VIEWS, "staff.signed_in", "staff.signed_out_everywhere"})

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sight:
    """What may be written down.

    Attributes:
        kind: one of ``REFUSALS`` or ``VIEWS``.
        subject, subject_id: what it happened to.
        actor: the API key's name, or the person; ``STRANGER`` for nobody known.
        facts: as JSON values; digests and ids, no personal data.
    """

    kind: str
    subject: str
    subject_id: str
    actor: str
    facts: str = "{}"


@dataclass(slots=True)
class _Run:
    since: datetime
    untold: int = 0


class Watch:
    """Writes down what is refused and looked at; safe to share among threads.

    A log that cannot be written, on a full disk, stops nobody: the fault is in the service's own
    log then. Counts of the last minute are lost when the process is killed.
    """

    def __init__(self, service: Service, settings: WatchSettings | None = None) -> None:
        self._service = service
        self._settings = settings or WatchSettings()
        self._runs: dict[Sight, _Run] = {}
        self._seen: OrderedDict[Sight, datetime] = OrderedDict()
        self._lock = Lock()

    def refused(
        self,
        kind: str,
        *,
        subject: str,
        subject_id: str,
        actor: str = STRANGER,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        """Write a refusal down, or count it where the like was written a moment ago.

        Args:
            kind: one of ``REFUSALS``.
            subject: kind of what was refused, or ``address``.
            subject_id: its id, or what stands for the address.
            actor: the API key's name, or the person.
            facts: that tell refusals apart, as JSON values.
        """
        told = json.dumps(facts or {}, sort_keys=True)
        sight, now = Sight(kind, subject, subject_id, actor, told), self._service.now()
        self.tell_counts()
        with self._lock:
            if sight not in self._runs and self._is_crowded(kind):
                sight = Sight(kind, "others", "others", STRANGER)
            run = self._runs.get(sight)
            if run is not None:
                run.untold += 1
                return
            self._runs[sight] = _Run(now)
        self._write(sight, now, count=1)

    def is_new(self, sight: Sight) -> bool:
        """Tell whether a view is to be written down, in memory alone; then it counts as written."""
        now = self._service.now()
        with self._lock:
            last = self._seen.get(sight)
            if last is not None and now < last + timedelta(seconds=self._settings.view_seconds):
                return False
            self._seen[sight] = now
            self._seen.move_to_end(sight)
            if len(self._seen) > self._settings.views_memory:
                self._seen.popitem(last=False)
        return True

    def viewed(self, sight: Sight) -> None:
        """Write a view down that is new."""
        self._write(sight, self._service.now())

    def tell_counts(self, *, all_of_them: bool = False) -> None:
        """Write down what was counted, of each whose minute is over, or of all at the end."""
        now, minute = self._service.now(), timedelta(seconds=self._settings.refusals_seconds)
        due = []
        with self._lock:
            for sight, run in list(self._runs.items()):
                if not all_of_them and now < run.since + minute:
                    continue
                if run.untold:
                    due.append((sight, run.untold))
                    self._runs[sight] = _Run(now)
                else:
                    del self._runs[sight]
        for sight, count in due:
            self._write(sight, now, count=count)

    def owes(self) -> bool:
        """Tell whether a count waits to be written down, in memory alone."""
        now, minute = self._service.now(), timedelta(seconds=self._settings.refusals_seconds)
        with self._lock:
            return any(run.untold and now >= run.since + minute for run in self._runs.values())

    def place(self, address: str) -> str:
        """Return what stands for an address in the log."""
        try:
            return pseudonym_of(address, self._pseudonym_key)
        except StorageError:
            _log.exception("no pseudonym for an address")
            return "address-unknown"

    @cached_property
    def _pseudonym_key(self) -> bytes:
        return self._service.registry.pseudonym_key()

    def _is_crowded(self, kind: str) -> bool:
        of_kind = sum(1 for sight in self._runs if sight.kind == kind)
        return of_kind >= self._settings.refusals_at_once

    def _write(self, sight: Sight, now: datetime, **count: int) -> None:
        try:
            self._service.registry.tell(
                sight.kind,
                subject=sight.subject,
                subject_id=sight.subject_id,
                actor=sight.actor,
                at=now,
                body=json.loads(sight.facts) | count,
            )
        except StorageError:
            _log.exception("the log of events did not take %s", sight.kind)
