"""Judge whether a photo can serve as evidence."""

from dataclasses import dataclass

from evidence.text import Text


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What a photo lacks, and the shot that would mend it.

    Attributes:
        code: stable name, such as ``too_small``.
        text: what is wrong and what to do, for the person with the camera.
    """

    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class Quality:
    """Measures of one photo.

    Attributes:
        px_per_mm: resolution on the item, None if its outline or size is unknown.
        sharpness: in [0, 1].
        exposure: mean luma of the item, in [0, 1].
        clipped: share of the item that is black or white, in [0, 1].
        glare: share of the item under glare, in [0, 1].
    """

    px_per_mm: float | None
    sharpness: float
    exposure: float
    clipped: float
    glare: float
