"""How much each caller may ask for: requests a minute, bytes and photos a day, in bounded memory.

No request waits for a database. What known callers use is told to the other processes on the store
a moment later (``share``), and what was too much by then is waited for afterwards. Strangers are
counted by each process for itself, so that a flood of them costs no write.
"""

import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from evidence.registry.registry import Registry
from evidence.service.addresses import net_of
from evidence.settings import QuotaSettings
from evidence.text import Text

_MINUTE, _DAY = 60.0, 86_400.0  # seconds


class Meter:
    """So much in a while, of each who asks; safe to share among threads.

    A quota fills again evenly, so whoever has used it up waits for one unit and not for midnight.
    What is known of each is one instant, when all of it will be there again: the generic cell rate
    algorithm (ITU-T I.371, annex A).
    """

    def __init__(self, most: float, seconds: float, memory: int) -> None:
        """Let each have ``most`` units in ``seconds``; remember ``memory`` of them."""
        self._seconds, self._unit = seconds, seconds / most
        self._memory = memory
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._untold: dict[str, float] = {}  # seconds that others do not know of
        self._lock = Lock()

    def take(self, who: str, units: float, now: datetime) -> int:
        """Take units while at least one is left, the last ones on credit.

        Args:
            who: by any name.
            units: at least 0.
            now: aware.

        Returns:
            Seconds to wait before one is there, and nothing is taken; 0 where they were taken.
        """
        at = now.timestamp()
        with self._lock:
            full_at = max(at, self._full_at.get(who, at))
            wait = min(full_at, at + 2 * self._seconds) - at + self._unit - self._seconds
            if wait > 1e-6:  # a clock that was put back makes nobody wait longer than twice
                return math.ceil(wait)
            if units:
                used = units * self._unit
                self._keep(who, full_at + used)
                self._untold[who] = self._untold.get(who, 0.0) + used
            return 0

    def tell(self) -> dict[str, float]:
        """Return what each used since this was asked last, as seconds of its quota."""
        with self._lock:
            told, self._untold = self._untold, {}
            return told

    def learn(self, full_at: Mapping[str, float]) -> None:
        """Take in when quotas will be full, as all processes know it; later here, later there."""
        with self._lock:
            for who, known in full_at.items():
                all_told = known + self._untold.get(who, 0.0)
                self._keep(who, max(all_told, self._full_at.get(who, all_told)))

    def _keep(self, who: str, full_at: float) -> None:
        self._full_at[who] = full_at
        self._full_at.move_to_end(who)
        if len(self._full_at) > self._memory:
            self._untold.pop(self._full_at.popitem(last=False)[0], None)

    def __len__(self) -> int:
        """Return how many callers are remembered."""
        return len(self._full_at)


@dataclass(frozen=True, slots=True)
class OverQuota:
    """A caller has to wait; ``wait`` in seconds, and why."""

    wait: int
    text: Text


class Quotas:
    """What every caller has left; a caller is a key's name, a person or an address."""

    def __init__(self, settings: QuotaSettings, registry: Registry | None = None) -> None:
        """Count by these settings; without a registry for this process alone."""
        self._settings, self._registry = settings, registry
        self._requests = Meter(settings.requests, _MINUTE, settings.memory)
        self._strangers = Meter(settings.strangers, _MINUTE, settings.memory)
        self._bytes = Meter(settings.upload_bytes, _DAY, settings.memory)
        self._photos = Meter(settings.photos, _DAY, settings.memory)
        self._shared = {"requests": self._requests, "bytes": self._bytes, "photos": self._photos}

    def ask(self, who: str, now: datetime) -> OverQuota | None:
        """Count a request of a caller who is known; return why it has to wait, None if not."""
        most = self._settings.requests
        return _over(
            self._requests.take(who, 1, now), f"{most} requests a minute", f"1分間に{most}件"
        )

    def ask_unknown(self, address: str, now: datetime) -> OverQuota | None:
        """Count a request of whoever is not known, by the address."""
        most = self._settings.strangers
        wait = self._strangers.take(net_of(address), 1, now)
        return _over(wait, f"{most} requests a minute", f"1分間に{most}件")

    def upload(self, who: str, photos: int, now: datetime) -> OverQuota | None:
        """Count photos that a caller is about to send; none is taken where no byte is left."""
        most, size = self._settings.photos, self._settings.upload_bytes / 1e9
        return _over(
            self._bytes.take(who, 0, now), f"{size:g} GB a day", f"1日に{size:g}GB"
        ) or _over(
            self._photos.take(who, photos, now), f"{most} photos a day", f"1日に写真{most}枚"
        )

    def receive(self, who: str, size: int, now: datetime) -> None:
        """Count bytes as they arrive; the upload that uses them up is still taken."""
        self._bytes.take(who, size, now)

    def share(self, now: datetime) -> None:
        """Tell what was used here, and learn what was used elsewhere by the same callers.

        Raises:
            StorageError: it could not be told, and counts here alone.
        """
        told = {kind: meter.tell() for kind, meter in self._shared.items()}
        used = {f"{kind} {who}": s for kind, by in told.items() for who, s in by.items()}
        if self._registry is None or not used:
            return
        full_at = self._registry.share_meters(used, now.timestamp())
        for kind, by in told.items():
            self._shared[kind].learn({who: full_at[f"{kind} {who}"] for who in by})


def _over(wait: int, en: str, ja: str) -> OverQuota | None:
    if not wait:
        return None
    return OverQuota(
        wait,
        Text(
            f"more than {en}: try again in {wait} seconds",
            f"上限（{ja}）を超えました。{wait}秒後にもう一度お試しください。",
        ),
    )
