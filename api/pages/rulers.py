"""The cut beside the print, side by side: where it lay before shipping and where it lies now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Side = Literal["left", "top", "right", "bottom"]
REACH = 0.6  # mm to either side that a ruler shows; chosen


@dataclass(frozen=True, slots=True)
class Ruler:
    """One side of the card.

    Attributes:
        side: which.
        shift_mm: how far the cut lies from where it lay before shipping, measured from the print;
            positive to the right, or down.
    """

    side: Side
    shift_mm: float

    @property
    def shown_mm(self) -> float:
        """The shift as far as the ruler reaches."""
        return max(-REACH, min(REACH, self.shift_mm))


def rulers_of(values: Mapping[str, float]) -> list[Ruler]:
    """Return the four sides of a measured cut; none where it was not measured.

    Args:
        values: of the mark ``cut``: the middle's shift and by how much the card is wider and
            taller, in millimetres.
    """
    if "right_mm" not in values:
        return []
    across, down = values["right_mm"], values["down_mm"]
    wider, taller = values.get("wider_mm", 0.0) / 2, values.get("taller_mm", 0.0) / 2
    return [
        Ruler("left", across - wider),
        Ruler("right", across + wider),
        Ruler("top", down - taller),
        Ruler("bottom", down + taller),
    ]
