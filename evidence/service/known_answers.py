"""Answers that were worked out before, each with what has to be so for it to be told again."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from evidence.settings import ANSWERS


@dataclass(frozen=True, slots=True)
class Written:
    """An answer as it goes out.

    Attributes:
        body: its bytes.
        sha256: of them, 64 hexadecimal digits.
    """

    body: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Known:
    """What was told of a claim.

    Attributes:
        written: the answer.
        item_id: the claim's item.
        photos: the sha256 of every photo whose original was found whole on the way.
        probes: the customer's photos, which the signals look for in what is kept elsewhere.
        searched: all that is kept was searched for what they show, too.
        stamp: the registry's, from before anything was read.
        entry: number of the log's last entry at that time.
        until: it is worked out anew from then on, whatever seems to be so. Aware.
    """

    written: Written
    item_id: str
    photos: frozenset[str]
    probes: frozenset[str]
    searched: bool
    stamp: str
    entry: int
    until: datetime


class KnownAnswers:
    """The answers that were asked for last, by claim; safe to share among threads."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._lock = Lock()

    def get(self, claim_id: str) -> Known | None:
        """Return what is known of a claim; it then counts as asked for."""
        with self._lock:
            if claim_id in self._known:
                self._known.move_to_end(claim_id)
            return self._known.get(claim_id)

    def put(self, claim_id: str, known: Known) -> None:
        """Know this of a claim; what was asked for longest ago is forgotten for it."""
        with self._lock:
            self._known[claim_id] = known
            self._known.move_to_end(claim_id)
            if len(self._known) > ANSWERS.most:
                self._known.popitem(last=False)
