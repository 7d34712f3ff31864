"""What happens to work on the machine that it was carried to: it goes to the pool there."""

import pickle
from typing import Any

from distributed import get_worker
from distributed.diagnostics.plugin import WorkerPlugin

from evidence.errors import EvidenceError
from evidence.workers import Unfinished, Workers

_POOL = "evidence-pool"


class Pool(WorkerPlugin):
    """The machine's own ``Workers``, where the tasks of its Dask worker find them."""

    def __init__(self, workers: Workers) -> None:
        self.name = _POOL
        self.workers = workers


def hand_on(work: bytes, seconds: float) -> bytes | Unfinished | EvidenceError:
    """Run pickled work in the pool of the machine that this task came to.

    It is opened inside of the locked worker only, and never raises: Dask would write what it was
    called with, which is a photo, into its log.
    """
    plugin: Any = get_worker().plugins[_POOL]
    pool: Workers = plugin.workers
    try:
        return pool.run(_do, work, seconds=seconds)
    except EvidenceError as error:
        return error


def _do(work: bytes) -> bytes:
    function, args = pickle.loads(work)  # noqa: S301 - from our own service, see docs/threats.md
    return pickle.dumps(function(*args))
