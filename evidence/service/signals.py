"""Gather what photos' files tell: the same photo elsewhere, when it was taken, what made it."""

import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import asdict
from datetime import datetime
from itertools import islice, takewhile

from pydantic import TypeAdapter

from evidence.comparison.compare import library_versions
from evidence.comparison.same_exposure import Exposure, find_same_exposure
from evidence.comparison.verdict import Finding
from evidence.errors import BusyError, StorageError
from evidence.photo.file_facts import FileFacts, read_file_facts
from evidence.photo.reading import Reading
from evidence.policy.signals import Elsewhere, PhotoFile, Sameness, Where, list_signals
from evidence.registry.records import Claim, Item, KeptPhoto, PhotoHashes
from evidence.service.kept_hashes import kept_hashes
from evidence.service.parts import Service
from evidence.service.search import rank_photos
from evidence.service.uploads import kept_reading
from evidence.service.wholeness import is_whole
from evidence.service.working import work
from evidence.settings import Settings, fingerprint
from evidence.workers import Unfinished

_EXPOSURE = TypeAdapter(Exposure)
_PAGE = 16  # photos whose owners are asked for at once
_log = logging.getLogger(__name__)


def find_signals(
    service: Service,
    claim: Claim,
    item: Item,
    queries: Sequence[KeptPhoto],
) -> tuple[Finding, ...]:
    """List the signals of the customer's photos of the product.

    Raises:
        BusyError: no worker came free, or the work did not end in time.
    """
    products = [photo.photo_id for photo in queries if photo.role == "product"]
    if not products:
        return ()
    with ThreadPoolExecutor(service.at_once) as threads:
        looks = [
            threads.submit(copy_context().run, _file, service, claim, item, photo_id)
            for photo_id in products
        ]
        files = [look.result() for look in looks]
    rate = service.settings.exposure.false_rate
    return list_signals(files, received_at=claim.delivered_at, exposure_rate=rate)


def kept_facts(service: Service, photo_id: str) -> FileFacts:
    """Return what a kept photo's file tells; read from the original once, in a worker.

    Raises:
        NotFoundError: no such photo.
        BusyError: too many photos wait already.
    """
    body = service.registry.photo_facts(photo_id)
    if body is not None:
        return FileFacts(**json.loads(body))
    try:
        data = service.registry.original(photo_id)
    except StorageError:  # a damaged original has its own alarm; here it tells nothing
        _log.warning("the original of photo %s tells nothing", photo_id, exc_info=True)
        return FileFacts()
    read = work(service, "facts", read_file_facts, data, seconds=service.settings.limits.seconds)
    if isinstance(read, Unfinished):
        return FileFacts()
    service.registry.put_photo_facts(photo_id, json.dumps(asdict(read)))
    return read


def compare_exposures(service: Service, references: Sequence[str], query: str) -> list[Exposure]:
    """Say of kept photos whether they are copies of the query's exposure; computed once.

    Raises:
        NotFoundError: one of them is not kept.
        BusyError: no worker came free, or the work did not end in time.
    """
    with service.locks.holding(f"exposures of {query}"):
        keys = _keys(service, references, query)
        bodies = service.registry.comparisons_of(keys.values())
        known = {
            reference: _EXPOSURE.validate_json(bodies[key])
            for reference, key in keys.items()
            if key in bodies
        }
        left = [reference for reference in references if reference not in known]
        if left:
            found = dict(zip(left, _expose(service, left, query), strict=True))
            keys = _keys(service, left, query)  # some were read anew
            service.registry.put_comparisons(
                [
                    (keys[one], one, query, _EXPOSURE.dump_json(exposure).decode())
                    for one, exposure in found.items()
                ]
            )
            known |= found
    return [known[reference] for reference in references]


def _expose(service: Service, references: Sequence[str], query: str) -> list[Exposure]:
    """Compare in one run of a worker: each comparison takes some milliseconds."""
    readings = [kept_reading(service, photo_id) for photo_id in (*references, query)]
    settings = service.settings
    seconds = settings.limits.compare_seconds
    done = work(service, "expose", _find_same_exposures, readings, settings, seconds=seconds)
    if not isinstance(done, Unfinished):
        return done
    if done.reason == "failed":  # the workers logged why; it is our fault
        raise RuntimeError("comparing exposures failed")
    raise BusyError(
        "the comparison did not end in time; try again in a moment",
        "写真の比較が時間内に終わりませんでした。しばらくしてからもう一度お試しください。",
    )


def _file(service: Service, claim: Claim, item: Item, photo_id: str) -> PhotoFile:
    facts = kept_facts(service, photo_id)
    captured = facts.captured_at
    return PhotoFile(
        captured_at=None if captured is None else datetime.fromisoformat(captured),
        edited_with=facts.edited_with,
        generated=facts.generated,
        credentials=facts.credentials,
        elsewhere=tuple(_elsewhere(service, claim, item, photo_id)),
    )


def _elsewhere(service: Service, claim: Claim, item: Item, photo_id: str) -> Iterator[Elsewhere]:
    """Yield where else the photo is; another line of the same order may be on one photo."""
    probe = kept_hashes(service, photo_id)
    identical = {*service.registry.photos_of_pixels(probe.pixels_sha256), photo_id}
    for same, owners in _owners(service, claim, item, sorted(identical)).items():
        sameness: Sameness = "bytes" if same == photo_id else "pixels"
        for where, name in owners:
            yield Elsewhere(where, name, sameness)
    near = _near_elsewhere(service, claim, item, probe, identical)
    found = compare_exposures(service, list(near), photo_id)
    for owners, exposure in zip(near.values(), found, strict=True):
        if exposure.same:
            for where, name in owners:
                yield Elsewhere(where, name, "exposure")


def _near_elsewhere(
    service: Service, claim: Claim, item: Item, probe: PhotoHashes, identical: set[str]
) -> dict[str, list[tuple[Where, str]]]:
    """Return the likeliest photos elsewhere that are not the very same, and what they hang on."""
    wanted = service.settings.exposure
    close = (
        other.photo_id
        for other in takewhile(
            lambda other: other.distance <= wanted.most_distance, rank_photos(service, probe)
        )
        if other.photo_id not in identical
    )
    found: dict[str, list[tuple[Where, str]]] = {}
    while page := list(islice(close, _PAGE)):
        for photo_id, owners in _owners(service, claim, item, page).items():
            if owners and is_whole(service, photo_id):
                found[photo_id] = owners
                if len(found) == wanted.candidates:
                    return found
    return found


def _owners(
    service: Service, claim: Claim, item: Item, photo_ids: Sequence[str]
) -> dict[str, list[tuple[Where, str]]]:
    """List what each photo hangs on elsewhere: (``shop`` or ``claim``, its name)."""
    shop: dict[str, str] = {}
    claims: dict[str, list[str]] = {}
    for one in service.registry.owners(photo_ids):
        if one.owner == "item":
            shop.setdefault(one.photo_id, one.owner_id)
        elif one.owner_id != claim.claim_id and one.order_id != item.order_id:
            claims.setdefault(one.photo_id, []).append(one.owner_id)
    for photo_id, item_id in service.registry.catalogue_items(photo_ids):
        shop.setdefault(photo_id, item_id)
    found: dict[str, list[tuple[Where, str]]] = {}
    for photo_id in photo_ids:
        found[photo_id] = [("shop", shop[photo_id])] if photo_id in shop else []
        found[photo_id] += [("claim", name) for name in claims.get(photo_id, [])]
    return found


def _keys(service: Service, references: Sequence[str], query: str) -> dict[str, str]:
    """Return the sha256 of all that each reference's comparison depends on."""
    read = service.registry.readings_sha256({*references, query})
    settings, versions = fingerprint(service.settings), library_versions()
    keys = {}
    for reference in references:
        parts = ["exposure", read[reference], read[query], settings, versions]
        keys[reference] = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
    return keys


def _find_same_exposures(readings: Sequence[bytes], settings: Settings) -> list[Exposure]:
    """Hold the last of stored readings against each of the others."""
    *references, query = map(Reading.from_bytes, readings)
    return [find_same_exposure(one, query, settings=settings) for one in references]
