"""Support: open a claim, add the customer's photos, decide."""

import json
from dataclasses import replace
from datetime import UTC

from evidence.errors import NotFoundError, UnacceptableError
from evidence.registry.expectations import ANYTHING, PROGRAM, Expected
from evidence.registry.naming import name_claim
from evidence.registry.records import Claim, Decision
from evidence.service.inspections import recommend_after_inspection
from evidence.service.parts import Service
from evidence.service.reckoning import reckon_claim
from evidence.service.recommendations import recommend_claim
from evidence.service.uploads import TakenPhoto, Upload, kept_photo, read_upload, taken_before


def open_claim(
    service: Service, claim: Claim, *, actor: str = PROGRAM, expected: Expected = ANYTHING
) -> tuple[Claim, bool]:
    """Keep a claim or replace its facts; return it with its item, and whether it is new.

    Its deadline is known from then on, so that it is listed by it before anybody has asked for a
    recommendation.

    Args:
        service: the parts.
        claim: its facts.
        actor: who does it.
        expected: what the caller takes it to be.

    Raises:
        UnacceptableError: it names no registered item, an order of several, or no country, or
            its window cannot be reckoned.
        StaleError: it is not as expected.
    """
    if claim.residence is None and claim.ship_to is None:
        raise UnacceptableError(
            "give the declared residence, or the country in ship_to",
            "お客様の居住国、または ship_to にお届け先の国を入力してください。",
        )
    claim = replace(claim, item_id=_disputed_item(service, claim))
    deadline = reckon_claim(service, claim).window.deadline
    claim = replace(claim, deadline=deadline and deadline.astimezone(UTC))
    new = service.registry.put_claim(claim, actor=actor, at=service.now(), expected=expected)
    return service.registry.claim(claim.claim_id), new


def add_claim_photo(
    service: Service,
    claim_id: str,
    upload: Upload,
    *,
    actor: str = PROGRAM,
    expected: Expected = ANYTHING,
) -> TakenPhoto:
    """Read a customer's photo and hang it on the claim; the same bytes again change nothing.

    Raises:
        NotFoundError: no such claim.
        StaleError: it is not as expected.
        PhotoError: the bytes are no usable photo.
        BusyError: too many photos wait already.
    """
    claim = service.registry.claim(claim_id)
    expected.check(name_claim(claim_id), claim.version)  # again when it is written
    item = service.registry.item(str(claim.item_id))
    known = upload.role == "product"  # a parcel or a delivery note has not the item's size
    size_mm, kind = (item.size_mm, item.kind) if known else (None, "other")
    photos = service.registry.claim_photos(claim_id)
    before = taken_before(service, photos, upload, size_mm=size_mm, kind=kind)
    if before is not None:
        return before
    reading = read_upload(service, upload.data, size_mm=size_mm, kind=kind)
    photo = kept_photo(upload, reading, service.now())
    with service.telemetry.stage("store"):
        new = service.registry.add_claim_photo(
            claim_id, photo, upload.data, reading.to_bytes(), actor=actor, expected=expected
        )
    return TakenPhoto(photo, reading.quality, reading.shortfalls, new)


def decide_claim(
    service: Service,
    claim_id: str,
    *,
    decision: str,
    decided_by: str,
    reason: str,
    actor: str = PROGRAM,
    expected: Expected = ANYTHING,
) -> Decision:
    """Keep what a named person decided, with the recommendation as it is at that moment.

    Args:
        service: the parts.
        claim_id: which claim.
        decision: an outcome.
        decided_by: the named person.
        reason: in that person's words.
        actor: who asks for the recommendation of that moment.
        expected: what the person took the claim to be.

    Raises:
        NotFoundError: no such claim.
        StaleError: it is not as expected.
        BusyError: its photos could not be compared in time.
    """
    expected.check(name_claim(claim_id), service.registry.claim(claim_id).version)  # again below
    # Deciding moves the claim itself; a move in between would make the expectation stale.
    if service.registry.inspections_of(claim_id):
        recommendation = recommend_after_inspection(service, claim_id, moves=False)
    else:
        recommendation = recommend_claim(service, claim_id, actor=actor, moves=False)
    return service.registry.add_decision(
        Decision(
            decision_id=0,  # the registry gives the number
            claim_id=claim_id,
            decision=decision,
            decided_by=decided_by,
            reason=reason,
            recommendation=json.dumps(recommendation, ensure_ascii=False),
            decided_at=service.now(),
        ),
        expected=expected,
    )


def _disputed_item(service: Service, claim: Claim) -> str:
    """Return the id of the item that the claim is about."""
    if claim.item_id is not None:
        return _item_of_order(service, claim.item_id, claim.order_id)
    if claim.order_id is None:
        raise UnacceptableError(
            "name the item_id, or the order_id of an order with one item",
            "item_id、または商品が1点だけの注文の order_id を入力してください。",
        )
    items = service.registry.items_of_order(claim.order_id)
    if not items:
        raise UnacceptableError(
            f"no item of order {claim.order_id} is registered: register it first",
            f"注文 {claim.order_id} の商品が登録されていません。先に登録してください。",
        )
    if len(items) > 1:
        names = ", ".join(item.item_id for item in items)
        raise UnacceptableError(
            f"order {claim.order_id} has {names}: name one as item_id",
            f"注文 {claim.order_id} の商品は {names} です。item_id でいずれかを指定してください。",
        )
    return items[0].item_id


def _item_of_order(service: Service, item_id: str, order_id: str | None) -> str:
    try:
        item = service.registry.item(item_id)
    except NotFoundError:
        raise UnacceptableError(
            f"item {item_id} is not registered: register it first",
            f"商品 {item_id} は登録されていません。先に登録してください。",
        ) from None
    if order_id not in (None, item.order_id):
        raise UnacceptableError(
            f"item {item_id} is of another order than {order_id}",
            f"商品 {item_id} は注文 {order_id} の商品ではありません。番号を確認してください。",
        )
    return item_id
