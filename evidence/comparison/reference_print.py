"""Find and read the print of one item alone: where its lines are, which way is up, what they say.

It is the same against every query, so it may be found before there is one.
"""

from dataclasses import dataclass
from functools import lru_cache

from evidence.comparison.text_finding import Boxes, find_text
from evidence.comparison.text_models import side_by_side
from evidence.comparison.text_places import cut_line, is_upside_down
from evidence.comparison.text_reading import read_line
from evidence.photo.frame import Frame, rectify, resize_frame
from evidence.photo.reading import Reading
from evidence.settings import TextSettings


@dataclass(frozen=True, slots=True)
class ReferencePrint:
    """The lines of a reference's best outline, in its reading frame.

    Attributes:
        lines: boxes x0, y0, x1, y1 in pixels, top to bottom.
        turned: the item lies upside down.
        texts: what each line says, read by itself; none where there are too many to be compared.
    """

    lines: tuple[tuple[float, float, float, float], ...]
    turned: bool
    texts: tuple[str, ...]


def find_print(reference: Reading, *, settings: TextSettings) -> ReferencePrint:
    """Find and read what ``compare_text`` would on this reference.

    Args:
        reference: the pre-shipment photo.
        settings: thresholds of print.
    """
    lines, turned = find_lines(reference, settings), is_turned(reference, settings)
    picture = rectify(reference.view(), reading_frame(reference.frame, settings))

    def read(line: Boxes) -> str:
        return read_line(cut_line(picture, line, turned=turned)).text

    texts = side_by_side(read, [*lines]) if len(lines) <= settings.most_places else []
    boxes = tuple((x0, y0, x1, y1) for x0, y0, x1, y1 in lines.tolist())
    return ReferencePrint(boxes, turned, tuple(texts))


@lru_cache(maxsize=2)  # a photo is held against several
def find_lines(reference: Reading, settings: TextSettings) -> Boxes:
    """Return (N, 4) boxes of the reference's lines in its reading frame, top to bottom."""
    picture = rectify(reference.view(), reading_frame(reference.frame, settings))
    lines = find_text(picture, settings=settings)
    lines.setflags(write=False)
    return lines


@lru_cache(maxsize=2)
def is_turned(reference: Reading, settings: TextSettings) -> bool:
    """Say whether the reference shows its item upside down, by its print."""
    picture = rectify(reference.view(), reading_frame(reference.frame, settings))
    return is_upside_down(picture, find_lines(reference, settings))


def reading_frame(frame: Frame, settings: TextSettings) -> Frame:
    """Return the same plane at the size that print is read at."""
    longer = max(frame.width, frame.height)
    side = settings.unknown_side
    if frame.px_per_mm is not None:
        side = min(settings.most_side, round(longer / frame.px_per_mm * settings.px_per_mm))
    return resize_frame(frame, side / longer)
