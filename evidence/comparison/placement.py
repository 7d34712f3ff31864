"""Where the item lies in both originals, so that whoever looks can lay one photo on the other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.photo.reading import Reading

Rows = tuple[tuple[float, float, float], ...]  # of a (3, 3) homography


@dataclass(frozen=True, slots=True)
class Placement:
    """How both photos show one plane: the reference's item seen straight on.

    Attributes:
        width, height: of that plane, in its own pixels.
        px_per_mm: of them; None where the item's size is not known.
        reference_size, query_size: (width, height) of the upright originals, in pixels.
        reference_from_frame, query_from_frame: homographies from pixels of the plane to pixels of
            each upright original, whose last entry is 1; (0, 0) is the centre of the top-left
            pixel.
    """

    width: int
    height: int
    px_per_mm: float | None
    reference_size: tuple[int, int]
    query_size: tuple[int, int]
    reference_from_frame: Rows
    query_from_frame: Rows


def place_items(
    reference: Reading, query: Reading, reference_from_query: NDArray[np.float64]
) -> Placement | None:
    """Say where the plane of the reference's item lies in both originals.

    Args:
        reference: with the item in question as the one that its frame shows.
        query: the photo laid on it.
        reference_from_query: (3, 3) homography between the views.

    Returns:
        None where the map cannot be turned round.
    """
    frame = reference.frame
    query_from_reference = _inverse(reference_from_query)
    view_from_frame = _inverse(frame.frame_from_view)
    if query_from_reference is None or view_from_frame is None:
        return None
    on_query = _original_from_view(query) @ query_from_reference @ view_from_frame
    return Placement(
        width=frame.width,
        height=frame.height,
        px_per_mm=frame.px_per_mm,
        reference_size=(reference.width, reference.height),
        query_size=(query.width, query.height),
        reference_from_frame=_rows(_original_from_view(reference) @ view_from_frame),
        query_from_frame=_rows(on_query),
    )


def _original_from_view(reading: Reading) -> NDArray[np.float64]:
    """Scale by pixel centres: (p + 0.5) * s - 0.5."""
    height, width = reading.lightness().shape
    across, down = reading.width / width, reading.height / height
    return np.array(
        [[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2], [0, 0, 1]], np.float64
    )


def _inverse(homography: NDArray[np.float64]) -> NDArray[np.float64] | None:
    try:
        return np.asarray(np.linalg.inv(homography), np.float64)
    except np.linalg.LinAlgError:
        return None


def _rows(homography: NDArray[np.float64]) -> Rows:
    scaled = homography / homography[2, 2]
    return tuple((float(a), float(b), float(c)) for a, b, c in scaled)
