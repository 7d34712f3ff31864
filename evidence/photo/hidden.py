"""What of the item this photo alone does not show: boxes on the item, each with its cause."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.photo.frame import Frame
from evidence.photo.patches import find_blurred, find_patches
from evidence.settings import ReadingSettings

CAUSES = ("out_of_frame", "glare", "dark", "blur")
ROWS, COLUMNS = ("upper", "", "lower"), ("left", "", "right")
PLACES = (*(f"{row}_{column}".strip("_") or "middle" for row in ROWS for column in COLUMNS), "most")
MOST = 12  # boxes that are kept, the largest ones
CELL = 2.0  # mm; side of the cells that blur and the photo's edge are told by
USUAL_HEIGHT = 88.0  # mm; taken where the item's size is unknown


@dataclass(frozen=True, slots=True)
class HiddenBox:
    """A part of the item that cannot be seen.

    Attributes:
        cause: one of ``CAUSES``.
        x, y: upper left corner in the item's frame.
        width, height: of the box, in the same unit.
        share: of the item that is hidden in it, in [0, 1].
        place: one of ``PLACES``: where the photo, as it is held, shows it on the item.
    """

    cause: str
    x: float
    y: float
    width: float
    height: float
    share: float
    place: str


@dataclass(frozen=True, slots=True)
class HiddenMap:
    """All that the photo does not show of its item.

    Attributes:
        unit: of the boxes, ``mm`` or, where the item's size is unknown, ``px`` of the frame.
        width, height: of the item in that unit.
        boxes: the largest share first.
    """

    unit: str
    width: float
    height: float
    boxes: tuple[HiddenBox, ...]

    def share(self, cause: str) -> float:
        """Return the share of the item that is hidden for this cause, in [0, 1]."""
        return min(1.0, sum(box.share for box in self.boxes if box.cause == cause))

    def place(self, cause: str) -> str | None:
        """Return where most of what is hidden for this cause lies, None if nothing is."""
        return next((box.place for box in self.boxes if box.cause == cause), None)


def find_hidden(
    rectified: NDArray[np.uint8],
    frame: Frame,
    view_size: tuple[int, int],
    *,
    settings: ReadingSettings,
) -> HiddenMap:
    """Box what glare, darkness, local blur or the photo's edge hides of the item.

    Args:
        rectified: (H, W, 3) uint8 RGB, the item seen straight on.
        frame: its plane.
        view_size: (width, height) of the view in pixels.
        settings: thresholds of this stage.
    """
    mm = frame.px_per_mm or frame.height / USUAL_HEIGHT
    unit, scale = ("mm", mm) if frame.px_per_mm else ("px", 1.0)
    half = _resize(rectified, (frame.width // 2, frame.height // 2))
    red, green, blue = cv2.split(half)
    channels = np.asarray(red), np.asarray(green), np.asarray(blue)
    lowest = np.minimum(np.minimum(*channels[:2]), channels[2])
    highest = np.maximum(np.maximum(*channels[:2]), channels[2])
    cells = max(1, round(frame.width / mm / CELL)), max(1, round(frame.height / mm / CELL))
    masks = {
        "out_of_frame": _outside(frame, view_size, cells),
        "glare": find_patches(
            lowest, least=_pixels(settings.least_glare, mm / 2), settings=settings
        ),
        "dark": find_patches(
            255 - highest, least=_pixels(settings.least_dark, mm / 2), settings=settings
        ),
        "blur": find_blurred(rectified, half, cells, settings.least_local_sharpness),
    }
    least = settings.least_hidden * mm
    boxes = (box for cause in CAUSES for box in _boxes(masks[cause], cause, frame, scale, least))
    kept = sorted(boxes, key=lambda box: -box.share)[:MOST]
    width, height = round(frame.width / scale, 1), round(frame.height / scale, 1)
    return HiddenMap(unit, width, height, tuple(kept))


def _pixels(length_mm: float, px_per_mm: float) -> int:
    return max(3, round(length_mm * px_per_mm))


def _outside(frame: Frame, view_size: tuple[int, int], cells: tuple[int, int]) -> NDArray[np.bool_]:
    """Say which cells of the item lie beyond the photo's edge."""
    x, y = np.meshgrid(*((np.arange(count) + 0.5) / count for count in cells))
    u, v = _to_view(frame, x * frame.width, y * frame.height)
    return np.asarray((u < -0.5) | (v < -0.5) | (u > view_size[0] - 0.5) | (v > view_size[1] - 0.5))


def _to_view(
    frame: Frame, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Map distances from the frame's upper left edge, in pixels, to points of the view."""
    inverse = np.linalg.inv(frame.frame_from_view)
    u, v, w = (row[0] * (x - 0.5) + row[1] * (y - 0.5) + row[2] for row in inverse)
    return u / w, v / w


def _boxes(
    hidden: NDArray[np.bool_], cause: str, frame: Frame, scale: float, least: float
) -> Iterator[HiddenBox]:
    """Yield a box around each connected part whose smaller side has that many pixels."""
    if not hidden.any():  # OpenCV crashes on an empty picture
        return
    _, _, stats, _ = cv2.connectedComponentsWithStats(hidden.astype(np.uint8), connectivity=8)
    across, down = frame.width / hidden.shape[1], frame.height / hidden.shape[0]
    for x, y, width, height, area in stats[1:].tolist():  # the first is the background
        left, top, wide, tall = x * across, y * down, width * across, height * down
        if min(wide, tall) >= least - 1e-6:
            yield HiddenBox(
                cause=cause,
                x=round(left / scale, 1),
                y=round(top / scale, 1),
                width=round(wide / scale, 1),
                height=round(tall / scale, 1),
                share=round(area / hidden.size, 4),
                place=_place(frame, left, top, wide, tall),
            )


def _place(frame: Frame, left: float, top: float, wide: float, tall: float) -> str:
    """Name where the middle of a box lies between the item's extremes in the view."""
    if wide * tall > 0.5 * frame.width * frame.height:
        return "most"
    names = []
    corners = np.array([0.0, 1.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0, 1.0])
    item = _to_view(frame, corners[0] * frame.width, corners[1] * frame.height)
    box = _to_view(frame, left + corners[0] * wide, top + corners[1] * tall)
    for thirds, whole, part in zip((COLUMNS, ROWS), item, box, strict=True):
        middle = (part.min() + part.max()) / 2
        along = (middle - whole.min()) / max(whole.max() - whole.min(), 1e-9)
        names.append(thirds[min(2, max(0, int(3 * along)))])
    return "_".join(name for name in names[::-1] if name) or "middle"


def _resize(picture: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    wanted = max(1, size[0]), max(1, size[1])
    return np.asarray(cv2.resize(picture, wanted, interpolation=cv2.INTER_AREA), np.uint8)
