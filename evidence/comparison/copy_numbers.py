"""Read the numbers that tell one copy from another: certificates, serial numbers.

Equal numbers say little, since a fake carries a real one's; another number is another copy.
"""

from dataclasses import dataclass, replace
from typing import Literal

from evidence.comparison.alignment import Alignment
from evidence.comparison.copy_codes import agree_codes, code_there, find_codes
from evidence.comparison.laying import LaidItems, lay_items
from evidence.comparison.number_plane import NumberPlane, find_plane, region_of
from evidence.comparison.number_reading import find_numbers, is_steady, look_there
from evidence.comparison.number_text import Agreement, agree, find_others
from evidence.comparison.text_finding import Boxes
from evidence.comparison.verdict import Region
from evidence.photo.reading import Reading
from evidence.settings import Settings


@dataclass(frozen=True, slots=True)
class NumberPlace:
    """One place where both items show a number of the copy.

    Attributes:
        kind: ``certificate`` of digits, ``serial`` with letters or out of a total, ``code`` of
            bars or squares.
        reference, query: as read there.
        agreement: ``doubtful`` unless both are sure and no other place speaks against it.
        region: on the rectified reference; above it where the outline is the card in a slab.
    """

    kind: Literal["certificate", "serial", "code"]
    reference: str
    query: str
    agreement: Agreement
    region: Region


@dataclass(frozen=True, slots=True)
class CopyNumbers:
    """What the numbers of two items say.

    Attributes:
        places: top to bottom; empty where the reference shows no number, or the query nothing
            at its place.
    """

    places: tuple[NumberPlace, ...]


def compare_numbers(
    reference: Reading, query: Reading, alignment: Alignment, *, settings: Settings
) -> CopyNumbers:
    """Read the numbers of the reference's copy, and what the query shows at their places.

    Args:
        reference: the pre-shipment photo.
        query: the photo in question.
        alignment: how the query lies on the reference.
        settings: every threshold.

    Returns:
        The places; the same readings, map and settings give the same ones.
    """
    card_mm = settings.reading.card_mm
    plane = find_plane(reference, alignment, card_mm=card_mm, settings=settings.numbers)
    laid = lay_items(replace(reference, frame=plane.frame), query, alignment)
    places = []
    for box, number, turned in find_numbers(laid.reference, plane, settings):
        if not _is_seen(box, laid, settings):
            continue
        said = look_there(laid.query, box, turned=turned, settings=settings)
        if said is None:
            continue
        theirs, text, there = said
        found: Agreement = "doubtful"
        if theirs is not None:
            found = agree(number, theirs, settings=settings.numbers)
        if found == "different" and not (
            is_steady(laid.reference, box, number.text, turned=turned, settings=settings)
            and is_steady(laid.query, there, text, turned=turned, settings=settings)
        ):
            found = "doubtful"
        if number.is_stamp and found == "equal":
            continue  # every copy carries its number within the set
        region = region_of(box, plane, reference.frame)
        places.append(NumberPlace(number.kind, number.text, text, found, region))
    places += _compare_codes(laid, plane, reference, settings)
    return CopyNumbers(without_contradictions(tuple(places)))


def _compare_codes(
    laid: LaidItems, plane: NumberPlane, reference: Reading, settings: Settings
) -> list[NumberPlace]:
    """Read what bars and squares say at one place of both items."""
    ours = find_codes(laid.reference, settings=settings.numbers)
    theirs = find_codes(laid.query, settings=settings.numbers) if ours else []
    places = []
    for code in ours:
        reach = settings.numbers.reach_out * max(laid.reference.shape)
        there = code_there(theirs, code.box)
        if there is not None and plane.distance(code.box) <= reach:
            region = region_of(code.box, plane, reference.frame)
            found = agree_codes(code, there)
            places.append(NumberPlace("code", code.text, there.text, found, region))
    return places


def without_contradictions(places: tuple[NumberPlace, ...]) -> tuple[NumberPlace, ...]:
    """Leave all open where one place says equal and another different, or one was misread.

    Slabs and notes carry their number twice: two that are alike but for a digit or two are one,
    and what they differ by was misread. That matters where the other item has another character.
    """
    said = {place.agreement for place in places if not _is_part(place, places)}
    told = [place for place in places if place.agreement == "different"]
    misread = any(
        _are_nearly_one(one, other) and any(_rests_on(place, one, other) for place in told)
        for side in ("reference", "query")
        for one in (getattr(place, side) for place in places)
        for other in (getattr(place, side) for place in places)
    )
    mixed = {"equal", "different"} <= said
    return tuple(
        replace(place, agreement="doubtful")
        if misread or mixed or _is_part(place, places)
        else place
        for place in places
    )


def _is_part(place: NumberPlace, places: tuple[NumberPlace, ...]) -> bool:
    """Say whether a place shows less of a number than another does: it was cut off."""
    return any(
        (place.reference != one.reference and place.reference in one.reference)
        or (place.query != one.query and place.query in one.query)
        for one in places
    )


def _are_nearly_one(one: str, other: str) -> bool:
    same = len(one) == len(other) and "/" not in one + other
    return same and 0 < len(find_others(one, other)) <= 2


def _rests_on(place: NumberPlace, one: str, other: str) -> bool:
    """Say whether a difference lies where two readings of one number disagree."""
    if not len(place.reference) == len(place.query) == len(one):
        return True
    return bool({*find_others(place.reference, place.query)} & {*find_others(one, other)})


def _is_seen(box: Boxes, laid: LaidItems, settings: Settings) -> bool:
    left, top, right, bottom = box.astype(int)
    return bool(laid.seen[top : bottom + 1, left : right + 1].mean() >= settings.text.least_seen)
