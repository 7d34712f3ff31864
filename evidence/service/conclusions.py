"""What kept photos come to, pair by pair: as much as a search asks for, computed once.

A conclusion is remembered under a key of its own, since it is less than a verdict: whoever asks for
the verdict has it computed. A verdict that is remembered already is a conclusion too, and one that
was examined stands for one by the picture.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cache, partial

from pydantic import TypeAdapter

from evidence.comparison.compare import library_versions
from evidence.comparison.conclusion import (
    Conclusion,
    conclude_briefly,
    conclude_by_picture,
    conclusion_of,
)
from evidence.comparison.reference_print import ReferencePrint
from evidence.service.comparing import Pair
from evidence.service.comparisons import find_remembered, run_on_readings
from evidence.service.kept_print import known_print
from evidence.service.parts import Service
from evidence.service.uploads import kept_reading
from evidence.settings import Settings, fingerprint

_CONCLUSION = TypeAdapter(Conclusion)


def conclude_pairs(service: Service, pairs: Sequence[Pair], *, examined: bool) -> list[Conclusion]:
    """Conclude what each pair of kept photos, by their sha256, shows; the likeliest first.

    Args:
        service: the parts.
        pairs: reference and query.
        examined: print is read and the copy examined, else the picture alone decides.

    Raises:
        NotFoundError: a photo is not kept.
        DamagedOriginalError: the original of one of them is gone or was altered.
        BusyError: no worker came free, or the work did not end in time.
    """
    known = _find_known(service, pairs, examined=examined)
    left = [pair for pair in pairs if pair not in known]
    if left:
        # the probe is in every pair
        read, print_of = cache(partial(_read, service)), cache(partial(known_print, service))
        with ThreadPoolExecutor(service.at_once) as threads:
            runs = [
                threads.submit(
                    copy_context().run, _conclude, service, pair, read, print_of, examined=examined
                )
                for pair in left
            ]
            known |= {pair: run.result() for pair, run in zip(left, runs, strict=True)}
    return [known[pair] for pair in pairs]


def conclusion_key(reference: str, query: str, settings: Settings, *, examined: bool) -> str:
    """Return the sha256 of all that a conclusion on two readings, by their sha256, depends on."""
    kind = "conclusion" if examined else "picture"
    parts = [kind, reference, query, fingerprint(settings), library_versions()]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _find_known(
    service: Service, pairs: Collection[Pair], *, examined: bool
) -> dict[Pair, Conclusion]:
    """Return what is remembered of the pairs: by their verdicts, else by what says most."""
    known: dict[Pair, Conclusion] = {}
    read = service.registry.readings_sha256({photo_id for pair in pairs for photo_id in pair})
    for kind in (True,) if examined else (False, True):
        keys = {
            conclusion_key(read[one], read[other], service.settings, examined=kind): (one, other)
            for one, other in pairs
        }
        found = service.registry.comparisons_of(keys)
        known |= {keys[key]: _CONCLUSION.validate_json(body) for key, body in found.items()}
    verdicts = find_remembered(service, pairs)
    return known | {pair: conclusion_of(verdict) for pair, verdict in verdicts.items()}


def _read(service: Service, photo_id: str) -> tuple[bytes, str]:
    """Return a photo's stored reading, and the sha256 of that."""
    service.registry.confirm(photo_id)
    reading = kept_reading(service, photo_id)  # may read anew
    return reading, hashlib.sha256(reading).hexdigest()


def _conclude(
    service: Service,
    pair: Pair,
    read: Callable[[str], tuple[bytes, str]],
    print_of: Callable[[str], ReferencePrint | None],
    *,
    examined: bool,
) -> Conclusion:
    reference, query = pair
    (one, one_sha256), (other, other_sha256) = read(reference), read(query)
    key = conclusion_key(one_sha256, other_sha256, service.settings, examined=examined)
    with service.locks.holding(key):
        body = service.registry.comparison(key)
        if body is not None:
            return _CONCLUSION.validate_json(body)
        if examined:
            printed = print_of(one_sha256)
            found = run_on_readings(service, conclude_briefly, one, other, printed=printed)
        else:
            found = run_on_readings(service, conclude_by_picture, one, other)
        body = _CONCLUSION.dump_json(found).decode()
        service.registry.put_comparison(key, reference, query, body)
    return found
