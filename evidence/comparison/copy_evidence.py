"""Is it the same copy? Weigh the marks that only one copy has, once the design is the same.

Where several numbers are read they are one number printed twice, so the strongest speaks. A cut and
small missing marks are two things, and their weights are added; missing marks alone never reach a
verdict. What is new on the copy weighs nothing: a new crease is no other copy.
"""

from dataclasses import dataclass, replace

from evidence.comparison import copy_wording as wording
from evidence.comparison.alignment import Alignment
from evidence.comparison.copy_numbers import NumberPlace, compare_numbers
from evidence.comparison.cut_seeing import NoCut
from evidence.comparison.cut_weight import CutEvidence, weigh_cut
from evidence.comparison.missing_marks import MissingMarks
from evidence.comparison.print_map import PrintMap, Unmapped
from evidence.comparison.verdict import Finding, Mark, VerdictName, Weight
from evidence.photo.reading import Reading
from evidence.photo.shortfalls import Shortfall
from evidence.settings import CopySettings, Settings
from evidence.text import Text

MISSING = "missing_marks"


@dataclass(frozen=True, slots=True)
class CopyEvidence:
    """What the marks say.

    Attributes:
        verdict: ``same_item``, ``different_copy``, or ``same_design`` where they leave it open.
        weight: on the same copy; its llr is None where no mark says anything.
        marks: what the weight is made of.
        finding: the same in a sentence.
        shortfalls: the shot that would settle it, where it is open.
    """

    verdict: VerdictName
    weight: Weight
    marks: tuple[Mark, ...]
    finding: Finding
    shortfalls: tuple[Shortfall, ...]

    @property
    def sees_cut(self) -> bool:
        """Whether both photos show where the item was cut."""
        return any(mark.kind == "cut" and mark.llr is not None for mark in self.marks)


def examine_copy(
    reference: Reading,
    query: Reading,
    alignment: Alignment,
    mapped: PrintMap | Unmapped,
    *,
    settings: Settings,
) -> CopyEvidence:
    """Compare every mark of the copy that both photos show.

    Args:
        reference: the pre-shipment photo.
        query: the photo in question, of the same design.
        alignment: how the query lies on the reference.
        mapped: the same to a hundredth of a millimetre, by the print.
        settings: every threshold.
    """
    numbered = bears_numbers(reference, settings)
    if numbered:
        places = compare_numbers(reference, query, alignment, settings=settings).places
        marks = tuple(_number_mark(place, settings.copies) for place in places)
    else:
        cut = weigh_cut(reference, query, alignment, mapped, settings=settings)
        marks = (_cut_mark(cut, settings.copies),)
    return conclude(marks, numbered=numbered, settings=settings.copies)


def bears_numbers(reference: Reading, settings: Settings) -> bool:
    """Say whether numbers are looked for: on slabs, and on items of unknown shape such as notes.

    A slab hides the card's own edge. Looking for a number takes longer than measuring a cut, and a
    card without a holder seldom bears one.
    """
    frame = reference.frame
    return frame.px_per_mm is None or frame.is_case_of(settings.reading.card_mm)


def conclude(marks: tuple[Mark, ...], *, numbered: bool, settings: CopySettings) -> CopyEvidence:
    """Add the weights of the marks, bound them and name what they say."""
    said = [mark for mark in marks if mark.llr is not None]
    if not said:
        why = marks[0].text if marks else wording.NO_NUMBER
        return _open(Weight(None, settings.bound), marks, why, numbered=numbered)
    missing = [mark for mark in said if mark.kind == MISSING]
    others = [mark for mark in said if mark.kind != MISSING] or [marks[0]]
    strongest = max(others, key=lambda mark: abs(mark.llr or 0.0))
    llr = sum(mark.llr or 0.0 for mark in (strongest, *missing))
    llr = max(-settings.bound, min(settings.bound, llr))
    weight = Weight(round(llr, 3) + 0.0, settings.bound)
    text = wording.joined(mark.text for mark in (strongest, *missing))
    if llr <= settings.other:
        found = wording.other_copy(text, numbers=numbered, missing=bool(missing))
        rate = settings.number_rate if numbered else settings.other_rate
        found = replace(found, llr=weight.llr, false_alarm_rate=rate)
        return CopyEvidence("different_copy", weight, marks, found, ())
    if llr >= settings.same:
        found = replace(wording.same_copy(text), llr=weight.llr)
        return CopyEvidence("same_item", weight, marks, found, ())
    return _open(weight, marks, text, numbered=numbered)


def add_missing(
    copy: CopyEvidence, missing: MissingMarks | None, *, settings: CopySettings
) -> CopyEvidence:
    """Add to what a cut says what small marks do; a slab's case hides them, so beside numbers not.

    Args:
        copy: what the other marks say.
        missing: the small marks; None where they say nothing.
        settings: their weights.
    """
    if missing is None or any(mark.kind != "cut" for mark in copy.marks):
        return copy
    count = len(missing.places)
    values: dict[str, float] = {
        "missing": count,
        "added": missing.added,
        "unlike": missing.unlike,
    }
    if count < settings.few_missing:
        mark = Mark(MISSING, "agrees", None, wording.NONE_MISSING, values)
    else:
        many = count >= settings.many_missing
        llr = settings.many_weigh if many else settings.few_weigh
        text = wording.some_missing(count)
        mark = Mark(MISSING, "differs", llr, text, values, missing.places)
    return conclude((*copy.marks, mark), numbered=False, settings=settings)


def _open(weight: Weight, marks: tuple[Mark, ...], why: Text, *, numbered: bool) -> CopyEvidence:
    shot = wording.LABEL if numbered else wording.BARE_FRONT
    return CopyEvidence("same_design", weight, marks, wording.undetermined(why), (shot,))


def _cut_mark(found: CutEvidence | NoCut, settings: CopySettings) -> Mark:
    if isinstance(found, NoCut):
        return Mark("cut", "not_seen", None, wording.NOT_SEEN[found.reason])
    move = found.move
    values = {
        "right_mm": move.right_mm,
        "down_mm": move.down_mm,
        "degrees": move.degrees,
        "standard_errors": found.far,
    }
    grown = zip(
        ("wider_mm", "taller_mm"), (move.wider_mm, move.taller_mm), move.spanned, strict=True
    )
    values |= {name: value for name, value, spanned in grown if spanned}
    values |= {name: 1.0 for name in ("crowded", "completed") if getattr(found, name)}
    llr = round(found.llr, 3) + 0.0
    if llr >= settings.same:
        return Mark("cut", "agrees", llr, wording.cut_agrees(move), values)
    if found.completed and not llr:
        return Mark("cut", "doubtful", llr, wording.MAY_AGREE, values)
    differs = llr <= settings.other
    text = wording.cut_differs(move) if differs else wording.cut_doubtful(move)
    text = wording.joined((text, wording.BY_SIZE)) if found.completed else text
    return Mark("cut", "differs" if differs else "doubtful", llr, text, values)


def _number_mark(place: NumberPlace, settings: CopySettings) -> Mark:
    if place.agreement == "equal":
        text = wording.number_agrees(place.reference, code=place.kind == "code")
        return Mark(place.kind, "agrees", settings.equal_number, text)
    if place.agreement == "different":
        text = wording.number_differs(place.reference, place.query, code=place.kind == "code")
        return Mark(place.kind, "differs", settings.other_number, text)
    text = wording.number_doubtful(place.reference, place.query, code=place.kind == "code")
    return Mark(place.kind, "doubtful", None, text)
