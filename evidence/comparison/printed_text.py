"""Read the print of both items where it looks different: does another product's name stand there?

Products that share an artwork (a reprint, another language, a promotion) differ in their print.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evidence.comparison.alignment import Alignment
from evidence.comparison.laying import LaidItems, lay_items
from evidence.comparison.reference_print import (
    ReferencePrint,
    find_lines,
    is_turned,
    reading_frame,
)
from evidence.comparison.text_difference import (
    Answer,
    compare_said,
    find_difference,
    is_elsewhere,
    may_differ,
)
from evidence.comparison.text_doubts import (
    NO_LINES,
    count_hidden,
    look_unlike,
    other_rows,
    pair_seen,
    rows_around,
)
from evidence.comparison.text_finding import Boxes, find_text, join_boxes
from evidence.comparison.text_models import side_by_side
from evidence.comparison.text_places import Place, cut_line
from evidence.comparison.text_reading import Line, read_line, read_text
from evidence.comparison.verdict import Region
from evidence.photo.frame import Frame
from evidence.photo.reading import Reading
from evidence.settings import TextSettings

READ_AT_ONCE = 4  # doubtful lines; once one says another word, no more are read in place


@dataclass(frozen=True, slots=True)
class TextDifference:
    """A place where both items carry print that reads differently.

    Attributes:
        kind: ``number`` where only digits are others.
        reference, query: as read there.
        region: on the rectified reference.
    """

    kind: Literal["text", "number"]
    reference: str
    query: str
    region: Region


@dataclass(frozen=True, slots=True)
class PrintedText:
    """What the print says about two items.

    Attributes:
        compared: places where both items show print.
        differences: those that read differently, top to bottom. Two or more were never seen on
            photos of the same product; one asks for a closer look.
    """

    compared: int
    differences: tuple[TextDifference, ...]


def compare_text(
    reference: Reading,
    query: Reading,
    alignment: Alignment,
    *,
    settings: TextSettings,
    known: ReferencePrint | None = None,
) -> PrintedText:
    """Compare the print of two items, place by place.

    Lines of the reference that do not look alike on the query are read right there first. Unless
    that settles it, the query's print is looked for around them, and only lines are read whose
    pictures differ in some letter. The reference's is read once more, as far as both reach, where
    it may differ from what it says by itself. All print is looked for and read where words differ:
    the other item may carry them elsewhere.

    Args:
        reference: the pre-shipment photo.
        query: the photo in question.
        alignment: how the query lies on the reference.
        settings: thresholds of this stage.
        known: the reference's print, where it was found before; nothing else comes of it.

    Returns:
        The places that differ; the same readings, map and settings give the same ones.
    """
    frame = reading_frame(reference.frame, settings)
    laid = lay_items(replace(reference, frame=frame), query, alignment)
    lines = find_lines(reference, settings) if known is None else np.reshape(known.lines, (-1, 4))
    alone = pair_seen(lines, NO_LINES, laid, settings=settings)
    doubtful = look_unlike(alone, laid, settings=settings)
    if not doubtful or len(lines) > settings.most_places:
        return PrintedText(len(alone), ())
    turned = is_turned(reference, settings) if known is None else known.turned
    reader = _Reader(laid, lines, turned, None if known is None else known.texts)
    if _says_the_same(doubtful, len(alone), reader, settings):
        return PrintedText(len(alone), ())
    rows = rows_around(doubtful, settings)
    theirs = find_text(laid.query, rows=rows, settings=settings)
    places = pair_seen(lines, theirs, laid, settings=settings)
    compared = len(alone) - count_hidden(places, doubtful)
    read = _read_unlike(_with_lines(places, doubtful), reader, settings)
    found = _find_differences(read, frame, reference.frame, settings)
    if any(one.kind == "text" for one in found):
        others = other_rows(rows, frame.height, settings)
        rest = find_text(laid.query, rows=others, settings=settings)
        theirs = join_boxes(np.concatenate([theirs, rest]), settings=settings)
        places = pair_seen(lines, theirs, laid, settings=settings)
        if len(places) > settings.most_places:
            return PrintedText(compared, ())
        found = _without_moved(found, _read_all(places, read, reader), settings)
    return PrintedText(compared, tuple(found))


def _find_differences(
    read: Mapping[Place, tuple[Line, Line]], frame: Frame, unread: Frame, settings: TextSettings
) -> list[TextDifference]:
    """Return the lines that read differently.

    Args:
        read: what stands at each place on both items.
        frame: that the places lie in.
        unread: the reference's own.
        settings: thresholds of this stage.
    """
    found = []
    for place, (ours, theirs) in read.items():
        kind = find_difference(ours, theirs, settings=settings)
        if kind is not None:
            region = _region(place.box, frame, unread)
            found.append(TextDifference(kind, ours.text, theirs.text, region))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Reader:
    """Reads what two items say at a place.

    Attributes:
        laid: both items.
        lines: (N, 4) boxes of the reference's lines.
        turned: the items lie upside down.
        texts: what each line says by itself, where that was read before.
    """

    laid: LaidItems
    lines: Boxes
    turned: bool
    texts: tuple[str, ...] | None

    def alone(self, place: Place) -> str:
        """Return what the reference's lines say, each by itself, in reading order."""
        order = place.lines[::-1] if self.turned else place.lines
        if self.texts is not None:
            return "".join(self.texts[line] for line in order)
        boxes = (self.lines[line] for line in order)
        cuts = (cut_line(self.laid.reference, box, turned=self.turned) for box in boxes)
        return "".join(map(read_text, cuts))

    def ours(self, place: Place) -> Line:
        """Return what the reference says where both boxes reach."""
        return self._read(self.laid.reference, place.reference)

    def theirs(self, place: Place) -> Line:
        """Return what the query says there."""
        return self._read(self.laid.query, place.query)

    def _read(self, picture: NDArray[np.uint8], box: Boxes) -> Line:
        return read_line(cut_line(picture, box, turned=self.turned))


def _says_the_same(
    doubtful: list[Place], lines: int, reader: _Reader, settings: TextSettings
) -> bool:
    """Read the query right where the reference has lines: no other word, and most lines alike.

    Most photos of one design end here: what blur made doubtful is read, or nothing is sure there.
    """

    def read(place: Place) -> Answer:
        return compare_said(reader.alone(place), reader.theirs(place), settings=settings)

    same = lines - len(doubtful)
    for first in range(0, len(doubtful), READ_AT_ONCE):
        answers = side_by_side(read, doubtful[first : first + READ_AT_ONCE])
        if "other" in answers:
            return False
        same += answers.count("same")
    return same >= settings.least_same * lines


def _with_lines(places: list[Place], doubtful: list[Place]) -> list[Place]:
    """Return the places with print on both items where a doubtful line of the reference lies."""
    doubted = {line for place in doubtful for line in place.lines}
    return [place for place in places if place.on_query and doubted.intersection(place.lines)]


def _read_unlike(
    places: list[Place], reader: _Reader, settings: TextSettings
) -> dict[Place, tuple[Line, Line]]:
    """Read the lines on both that look unlike and may say something else."""
    unlike = look_unlike(places, reader.laid, settings=settings)
    read = side_by_side(partial(_read_both, reader=reader, settings=settings), unlike)
    return {place: both for place, both in zip(unlike, read, strict=True) if both is not None}


def _read_both(place: Place, reader: _Reader, settings: TextSettings) -> tuple[Line, Line] | None:
    """Read a line on both items; None where they cannot differ, or the reference is not sure."""
    theirs = reader.theirs(place)
    if not may_differ(reader.alone(place), theirs, settings=settings):
        return None
    ours = reader.ours(place)
    return None if ours.confidence < settings.least_confidence else (ours, theirs)


def _read_all(
    places: list[Place], told: Mapping[Place, tuple[Line, Line]], reader: _Reader
) -> tuple[str, str]:
    """Return all that is printed on either item, in reading order."""
    known = {place.cuts: lines for place, lines in told.items()}

    def read(place: Place) -> tuple[str, str]:
        ours, theirs = known.get(place.cuts) or (reader.ours(place), reader.theirs(place))
        return ours.text, theirs.text

    texts = side_by_side(read, [*reversed(places)] if reader.turned else places)
    return "".join(ours for ours, _ in texts), "".join(theirs for _, theirs in texts)


def _without_moved(
    found: list[TextDifference], everything: tuple[str, str], settings: TextSettings
) -> list[TextDifference]:
    """Leave out lines that the other item carries elsewhere: they were paired with a neighbour."""
    ours, theirs = everything
    return [
        one
        for one in found
        if one.kind == "number"
        or not (
            is_elsewhere(one.reference, theirs, settings=settings)
            or is_elsewhere(one.query, ours, settings=settings)
        )
    ]


def _region(box: Boxes, frame: Frame, reference: Frame) -> Region:
    """Return a box of the reading frame in millimetres, or in pixels of the reference's frame."""
    scale = frame.px_per_mm or frame.height / reference.height
    left, top, right, bottom = (round(float(side) / scale, 2) for side in box)
    unit = "mm" if frame.px_per_mm else "px"
    return Region(
        "print_difference", left, top, round(right - left, 2), round(bottom - top, 2), unit
    )
