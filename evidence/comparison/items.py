"""The items of one photo: where it shows several, each can be the one that is meant."""

from dataclasses import replace

from evidence.photo.frame import frame_item
from evidence.photo.outline import Outline
from evidence.photo.placing import lie_apart
from evidence.photo.reading import Reading


def items_of(reading: Reading) -> tuple[Reading, ...]:
    """Return the reading once for each item, as if that were the only one; the best first.

    Outlines inside one another are one item seen differently, such as a card and its sleeve;
    outlines that lie apart are several items.
    """
    kept = list(reading.outlines[:1])
    for outline in reading.outlines[1:]:
        if all(lie_apart(outline, other) for other in kept):
            kept.append(outline)
    return reading, *(shown_by(reading, outline) for outline in kept[1:])


def shown_by(reading: Reading, outline: Outline) -> Reading:
    """Return the reading as if this were the only outline."""
    frame, view = reading.frame, reading.view()
    scale = frame.px_per_mm
    sizes = ((frame.width / scale, frame.height / scale),) if scale else ()
    moved = frame_item(outline, (view.shape[1], view.shape[0]), sizes_mm=sizes, height=frame.height)
    return replace(reading, outlines=(outline,), frame=moved)
