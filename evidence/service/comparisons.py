"""Two kept photos held against each other: computed once, then remembered."""

import hashlib
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal, TypeVar

from pydantic import TypeAdapter

from evidence.comparison.compare import compare, library_versions
from evidence.comparison.cut_picture import draw_cut
from evidence.comparison.picture import draw_aligned, draw_difference, draw_matches
from evidence.comparison.verdict import Verdict
from evidence.errors import BusyError
from evidence.photo.reading import Reading
from evidence.service.kept_print import known_print
from evidence.service.parts import Service
from evidence.service.pictures import box_key, find_part
from evidence.service.uploads import Upload, kept_photo, kept_reading, read_upload
from evidence.service.working import work
from evidence.settings import Settings, fingerprint
from evidence.workers import Unfinished

Overlay = Literal["aligned", "cut", "difference", "matches"]

T = TypeVar("T")
_DRAWERS = {
    "aligned": draw_aligned,
    "cut": draw_cut,
    "difference": draw_difference,
    "matches": draw_matches,
}
_VERDICT = TypeAdapter(Verdict)
_FORMAT = 2  # of a verdict as it is remembered; 2 says where the item lies in both photos


@dataclass(frozen=True, slots=True)
class Comparison:
    """A verdict and the key that it is remembered under.

    Attributes:
        key: sha256 of all that the verdict depends on, 64 hexadecimal digits.
        verdict: what the two photos show.
        new: false if it was remembered.
    """

    key: str
    verdict: Verdict
    new: bool


def comparison_key(reference: str, query: str, settings: Settings) -> str:
    """Return the sha256 of all that the comparison of two readings, by their sha256, depends on."""
    parts = [_FORMAT, reference, query, fingerprint(settings), library_versions()]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def compare_kept(service: Service, reference: str, query: str) -> Comparison:
    """Compare two kept photos, by their sha256, unless that was done before.

    Raises:
        NotFoundError: one of them is not kept.
        DamagedOriginalError: the original of one of them is gone or was altered.
        BusyError: no worker came free, or the work did not end in time.
    """
    pair = reference, query
    for photo_id in pair:
        service.registry.confirm(photo_id)
    key = find_keys(service, [pair])[pair]
    with service.locks.holding(key):
        known = service.registry.comparison(key)
        if known is not None:
            return Comparison(key, _VERDICT.validate_json(known), new=False)
        readings = [kept_reading(service, photo_id) for photo_id in pair]  # may read anew
        one, other = (hashlib.sha256(reading).hexdigest() for reading in readings)
        if comparison_key(one, other, service.settings) == key:
            printed = known_print(service, one)
            verdict = run_on_readings(service, compare, *readings, printed=printed)
            body = _VERDICT.dump_json(verdict).decode()
            service.registry.put_comparison(key, reference, query, body)
            return Comparison(key, verdict, new=True)
    return compare_kept(service, reference, query)  # of what one of them was read to be now


def find_keys(service: Service, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return the keys of the comparisons of those pairs, by their photos' sha256.

    Raises:
        NotFoundError: a photo is not kept.
    """
    reads = service.registry.readings_sha256({photo_id for pair in pairs for photo_id in pair})
    return {
        (reference, query): comparison_key(reads[reference], reads[query], service.settings)
        for reference, query in pairs
    }


def find_remembered(
    service: Service, pairs: Collection[tuple[str, str]]
) -> dict[tuple[str, str], Verdict]:
    """Return the verdicts of those pairs, by their sha256, that were compared before.

    Raises:
        NotFoundError: a photo is not kept.
    """
    keys = {key: pair for pair, key in find_keys(service, pairs).items()}
    found = service.registry.comparisons_of(keys)
    return {keys[key]: _VERDICT.validate_json(body) for key, body in found.items()}


def compare_loose(service: Service, reference: bytes, query: bytes) -> Comparison:
    """Keep two photos that belong to no item or claim, and compare them.

    Raises:
        PhotoError: one of them is no usable photo.
        BusyError: no worker came free, or the work did not end in time.
    """
    kept = [_keep(service, data) for data in (reference, query)]
    return compare_kept(service, *kept)


def overlay_tag(service: Service, key: str, overlay: Overlay) -> str:
    """Return the name of an overlay's bytes: the same as long as it would be drawn alike.

    Raises:
        NotFoundError: no comparison has that key.
    """
    for photo_id in service.registry.comparison_photos(key):
        service.registry.confirm(photo_id)
    return f"{_overlay_box(service, key, overlay)[:32]}-{overlay}"


def draw_overlay(service: Service, key: str, overlay: Overlay) -> bytes:
    """Draw a picture of a comparison for people, as PNG; once, then it is kept for a while.

    Raises:
        NotFoundError: no comparison has that key.
        DamagedOriginalError: the original of one of the photos is gone or was altered.
        BusyError: no worker came free, or the work did not end in time.
    """
    reference, query = service.registry.comparison_photos(key)
    for photo_id in (reference, query):
        service.registry.confirm(photo_id)

    def draw() -> dict[str, bytes]:
        readings = kept_reading(service, reference), kept_reading(service, query)
        return {overlay: run_on_readings(service, _DRAWERS[overlay], *readings)}

    box = _overlay_box(service, key, overlay)
    drawn = find_part(service, box, overlay, draw, of=(reference, query))
    assert drawn is not None  # noqa: S101 - what was drawn a moment ago has that name
    return drawn


def _overlay_box(service: Service, key: str, overlay: Overlay) -> str:
    return box_key(key, overlay, fingerprint(service.settings))


def _keep(service: Service, data: bytes) -> str:
    reading = read_upload(service, data)
    photo = kept_photo(Upload(data, "other"), reading, service.now())
    with service.telemetry.stage("store"):
        service.registry.keep_loose_photo(photo, data, reading.to_bytes())
    return reading.sha256


def run_on_readings(
    service: Service, stage: Callable[..., T], reference: bytes, query: bytes, **known: object
) -> T:
    """Run a stage on two stored readings in a worker.

    Args:
        service: the parts.
        stage: takes two readings, and the settings by name.
        reference: as it is stored.
        query: as it is stored.
        known: what else the stage takes by name.

    Raises:
        BusyError: no worker came free, or the work did not end in time.
    """
    settings = service.settings
    done: T | Unfinished = work(
        service,
        "draw" if stage in _DRAWERS.values() else "compare",
        _on_readings,
        partial(stage, **known),
        reference,
        query,
        settings,
        seconds=settings.limits.compare_seconds,
    )
    if not isinstance(done, Unfinished):
        return done
    if done.reason == "failed":  # the workers logged why; the photos were read, so it is our fault
        raise RuntimeError(f"{stage} failed")
    raise BusyError(
        "the comparison did not end in time; try again in a moment",
        "写真の比較が時間内に終わりませんでした。しばらくしてからもう一度お試しください。",
    )


def _on_readings(stage: Callable[..., T], reference: bytes, query: bytes, settings: Settings) -> T:
    return stage(_reading(reference), _reading(query), settings=settings)


@lru_cache(maxsize=4)  # a worker gets the same photo against one after the other
def _reading(stored: bytes) -> Reading:
    return Reading.from_bytes(stored)
