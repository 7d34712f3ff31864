"""A recommendation asked for again: the same bytes, as long as all that they rest on is the same.

==============================  ====================================================================
what it rests on                how a change is seen
==============================  ====================================================================
rows                            no transaction was committed since (the registry's stamp); else
                                the log's entries since then, one for each change, are looked
                                through for one that may matter, and one of a kind that is not
                                known here matters
originals of all photos         they are whole, at each read: hashed, unless that was done
policy, mails, settings, code   they are this process's own
==============================  ====================================================================

An answer that left a damaged photo out is not remembered. Any other is worked out anew after a
minute, so that what nobody thought of lasts no longer.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from evidence.errors import EvidenceError
from evidence.registry.expectations import PROGRAM
from evidence.registry.records import Event
from evidence.service.gallery import distance_between
from evidence.service.kept_hashes import kept_hashes
from evidence.service.known_answers import Known, Written
from evidence.service.parts import Service
from evidence.service.recommendations import JSON, recommend_claim
from evidence.service.watch import REFUSALS, VIEWS
from evidence.service.wholeness import noting
from evidence.settings import ANSWERS

# Whatever these are about, they change nothing that a recommendation reads.
_HARMLESS = frozenset({*VIEWS, *REFUSALS, "claim.recommended", "bundle.exported"})
_HARMLESS_KINDS = ("staff.", "key.", "hold.", "claim.second_reading_")
# Nor do these where they are about another claim or item: nothing hangs on it yet, or it moved.
_ELSEWHERE = frozenset(
    {"claim.opened", "claim.moved", "claim.decided", "item.registered", "item.sealed"}
)
_PHOTO_ADDED = frozenset({"item.photo_added", "claim.photo_added"})


def recall_recommendation(
    service: Service,
    claim_id: str,
    write: Callable[[JSON], bytes],
    *,
    actor: str = PROGRAM,
) -> Written:
    """Return what the rules propose on a claim, worked out anew only where that may differ.

    Args:
        service: the parts.
        claim_id: which claim.
        write: turns the contract's ``recommendation`` into what goes out; always the same way.
        actor: who asks; named where something new is proposed.

    Raises:
        NotFoundError: no such claim.
        BusyError: its photos could not be compared in time.
    """
    known = _recall(service, claim_id)
    if known is not None:
        return known
    with service.locks.holding(f"recommend {claim_id}"):
        return _recall(service, claim_id) or _work_out(service, claim_id, write, actor)


def recall_at_once(service: Service, claim_id: str) -> Written | None:
    """Return what was said, if that takes microseconds to tell; None says nothing of it."""
    if not service.registry.is_here:
        return None
    known = service.known.get(claim_id)
    if known is None or service.now() >= known.until or service.registry.stamp() != known.stamp:
        return None
    return known.written if service.registry.are_untouched(known.photos) else None


def _work_out(
    service: Service, claim_id: str, write: Callable[[JSON], bytes], actor: str
) -> Written:
    registry = service.registry
    stamp, entry = registry.stamp(), registry.log_size()  # before anything is read
    item_id = str(registry.claim(claim_id).item_id)
    probes = frozenset(photo.photo_id for photo in registry.claim_photos(claim_id))
    with noting() as photos:
        found = recommend_claim(service, claim_id, actor=actor)
    body = write(found)
    written = Written(body, hashlib.sha256(body).hexdigest())
    if all(photos.values()):  # not even what could not be read for a moment
        known = Known(
            written=written,
            item_id=item_id,
            photos=frozenset(photos),
            probes=probes,
            searched=found["three_way"]["found_elsewhere"] is not None,
            stamp=stamp,
            entry=entry,
            until=service.now() + timedelta(seconds=ANSWERS.seconds),
        )
        service.known.put(claim_id, known)
    return written


def _recall(service: Service, claim_id: str) -> Written | None:
    """Return what was told before, if it would be told again."""
    known = service.known.get(claim_id)
    if known is None or service.now() >= known.until:
        return None
    stamp = service.registry.stamp()
    if stamp != known.stamp:
        events = service.registry.events(after=known.entry, limit=ANSWERS.entries)
        if len(events) == ANSWERS.entries or any(
            _matters(service, event, claim_id, known) for event in events
        ):
            return None
        entry = events[-1].number if events else known.entry
        service.known.put(claim_id, replace(known, stamp=stamp, entry=entry))
    return known.written if service.registry.are_whole(known.photos) else None


def _matters(service: Service, event: Event, claim_id: str, known: Known) -> bool:
    """Tell whether what happened may change what the rules propose on the claim."""
    if event.kind in _HARMLESS or event.kind.startswith(_HARMLESS_KINDS):
        return False
    if event.kind == "claim.moved" and event.body.get("action") == "recommend":
        return False  # the first answer itself did that
    if (event.subject, event.subject_id) in (("claim", claim_id), ("item", known.item_id)):
        return True
    if event.kind in _PHOTO_ADDED:
        return _is_near(service, str(event.body.get("photo_id")), known)
    return event.kind not in _ELSEWHERE


def _is_near(service: Service, photo_id: str, known: Known) -> bool:
    """Tell whether a photo that was added elsewhere may be a copy of one of the claim's."""
    if known.searched:
        return True
    try:
        added = kept_hashes(service, photo_id)
        probes = [kept_hashes(service, probe) for probe in known.probes]
    except EvidenceError:  # erased meanwhile, or not to be read now
        return True
    most = service.settings.exposure.most_distance
    return any(
        added.pixels_sha256 == probe.pixels_sha256 or distance_between(probe, added) <= most
        for probe in probes
    )
