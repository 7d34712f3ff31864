"""Find and read the print of one item alone: where its lines are, which way is up, what they say.

It is the same against every query, so it may be found before there is one.
"""

from dataclasses import dataclass

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
    picture = rectify(reference.view(), reading_frame(reference.frame, settings))
    lines = find_text(picture, settings=settings)
    boxes = tuple((x0, y0, x1, y1) for x0, y0, x1, y1 in lines.tolist())
    turned = is_upside_down(picture, lines)

    def read(line: Boxes) -> str:
        return read_line(cut_line(picture, line, turned=turned)).text

    texts = side_by_side(read, [*lines]) if len(lines) <= settings.most_places else []
    return ReferencePrint(boxes, turned, tuple(texts))


def reading_frame(frame: Frame, settings: TextSettings) -> Frame:
    """Return the same plane at the size that print is read at."""
    longer = max(frame.width, frame.height)
    side = settings.unknown_side
    if frame.px_per_mm is not None:
        side = min(settings.most_side, round(longer / frame.px_per_mm * settings.px_per_mm))
    return resize_frame(frame, side / longer)
