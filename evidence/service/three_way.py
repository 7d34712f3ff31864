"""Three ways (reading 14): the catalogue's picture, pre-shipment photos, customer's photos."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evidence.comparison.combine import AGREEING, combine
from evidence.comparison.verdict import Verdict, VerdictName
from evidence.errors import EvidenceError
from evidence.policy.three_way_wording import PACKED
from evidence.registry.records import Item, KeptPhoto, OwnedPhoto
from evidence.service.claim_verdict import JudgedPhoto, join
from evidence.service.comparing import compare_in_turn
from evidence.service.parts import Service
from evidence.service.search import Hit, search_kept
from evidence.service.wholeness import is_whole, whole_photos
from evidence.text import Text

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Packing:
    """What the pre-shipment photos show against the catalogue's picture, in words too."""

    verdict: VerdictName
    text: Text


@dataclass(frozen=True, slots=True)
class ThreeWay:
    """What a claim's photos say beyond those of its own item.

    Attributes:
        packed: the pre-shipment photos against the catalogue's picture; None where that was not
            asked, or cannot be told.
        received: the customer's photos against it; the same.
        elsewhere: items of other orders whose pre-shipment photos show what the customer's show;
            empty if they were searched without a hit, None if they were not searched.
    """

    packed: VerdictName | None = None
    received: VerdictName | None = None
    elsewhere: tuple[OwnedPhoto, ...] | None = None

    @property
    def item_ids(self) -> tuple[str, ...] | None:
        """The ids of the items found elsewhere."""
        if self.elsewhere is None:
            return None
        return tuple(photo.owner_id for photo in self.elsewhere)


def check_packing(service: Service, item_id: str) -> Packing | None:
    """Hold an item's photos against the catalogue's picture: a warning, never a refusal.

    Returns:
        What they show; None without a picture or a front photo, and where the comparison cannot
        be made just now.

    Raises:
        NotFoundError: no such item.
    """
    item = service.registry.item(item_id)
    if item.catalogue_photo is None:  # asked after every upload: nothing else is looked at
        return None
    photos = whole_photos(service, service.registry.item_photos(item_id))
    try:
        verdict = judge_as_ordered(service, item, photos)
    except (EvidenceError, RuntimeError):  # the photo is kept all the same
        _log.warning("the photos of an item were not held against its catalogue", exc_info=True)
        return None
    return None if verdict is None else Packing(verdict, PACKED[verdict])


def judge_as_ordered(
    service: Service, item: Item, photos: Sequence[KeptPhoto]
) -> VerdictName | None:
    """Say whether any photo of the product shows what the catalogue pictures.

    The picture shows one side and mostly another copy: so one photo that agrees is enough, only a
    photo of the front may disagree, and another copy of the design is the design.

    Raises:
        BusyError: no worker came free, or the work did not end in time.
    """
    fronts = [one for one in photos if one.role == "product" and one.view == "front"]
    picture = item.catalogue_photo
    if picture is None or not fronts or not is_whole(service, picture):
        return None
    others = [one for one in photos if one.role == "product" and one.view != "front"]
    tried = [*fronts, *others]
    verdicts = compare_in_turn(
        service,
        [[(picture, photo.photo_id) for photo in tried]],
        lambda verdict: verdict.verdict in AGREEING,
    )[0]
    last = verdicts[-1].verdict
    if last in AGREEING:
        return "same_design" if last == "different_copy" else last
    return combine([[verdict] for verdict in verdicts[: len(fronts)]]).verdict  # all were tried


def compare_three_ways(
    service: Service,
    item: Item,
    references: Sequence[KeptPhoto],
    queries: Sequence[KeptPhoto],
    judged: Sequence[JudgedPhoto],
    *,
    incorrect_item: bool,
    verdict: Verdict | None,
    searched: Mapping[str, Sequence[Hit]],
) -> ThreeWay:
    """Compare what a claim of another item, or photos that differ, asks to be compared.

    Args:
        service: the parts.
        item: the disputed item.
        references: its pre-shipment photos.
        queries: the customer's photos.
        judged: what each of those that show the product says against the references.
        incorrect_item: the customer claims to have got another item.
        verdict: what the two sets of photos show about each other, if anything.
        searched: what was found elsewhere already, by the photo that was searched for.

    Raises:
        BusyError: no worker came free, or the work did not end in time.
    """
    differ = verdict is not None and verdict.verdict not in ("same_item", "same_design")
    if not incorrect_item and not differ:
        return ThreeWay()
    return ThreeWay(
        packed=_told(judge_as_ordered(service, item, references)),
        received=_told(judge_as_ordered(service, item, queries)),
        elsewhere=_find_elsewhere(service, item, judged, searched) if differ else None,
    )


def three_way_to_json(three: ThreeWay) -> dict[str, Any]:
    """Return the ``three_way`` of a recommendation, ready for ``json.dumps``."""
    found = three.elsewhere
    return {
        "packed_as_ordered": three.packed,
        "received_as_ordered": three.received,
        "found_elsewhere": None
        if found is None
        else [{"item_id": one.owner_id, "order_id": one.order_id} for one in found],
    }


def _differs(verdict: Verdict) -> bool:
    """Say whether a photo shows another product, or another copy."""
    return verdict.verdict in ("different_product", "different_copy")


def _told(verdict: VerdictName | None) -> VerdictName | None:
    return None if verdict == "inconclusive" else verdict


def search_elsewhere(service: Service, item: Item, photo: KeptPhoto) -> list[Hit]:
    """Search the items of other orders for what a customer's photo shows.

    Raises:
        BusyError: no worker came free, or the work did not end in time.
    """
    return search_kept(
        service,
        photo.photo_id,
        lambda owned: owned.owner == "item" and owned.order_id != item.order_id,
        view=photo.view,
        examined=True,
    )


def _find_elsewhere(
    service: Service,
    item: Item,
    judged: Sequence[JudgedPhoto],
    searched: Mapping[str, Sequence[Hit]],
) -> tuple[OwnedPhoto, ...] | None:
    """Search other orders by each product photo that differs; None where none does.

    A photo of another copy is of one design with every item of that design: there only the very
    copy is a hit.
    """
    found: dict[str, OwnedPhoto] = {}
    differing = [(one.photo, own) for one in judged if (own := join([one])) and _differs(own)]
    for photo, own in differing:
        wanted = ("same_item",) if own.verdict == "different_copy" else ("same_item", "same_design")
        hits = searched.get(photo.photo_id)
        for hit in search_elsewhere(service, item, photo) if hits is None else hits:
            if hit.verdict in wanted:
                found.setdefault(hit.photo.owner_id, hit.photo)
    return tuple(found.values()) if differing else None
