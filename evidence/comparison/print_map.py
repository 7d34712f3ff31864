"""Lay the query on the reference by their print alone, to a hundredth of a millimetre.

Keypoints give the map to some tenths of a millimetre. What tells two copies apart is smaller, and
both lenses bend the picture by more than that. So details of the print are followed from one
picture to the other, and a smooth drift is fitted to where they went.
"""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.alignment import Alignment, project
from evidence.comparison.matching import Homography
from evidence.photo.reading import Reading
from evidence.settings import PrintMapSettings

FOLLOWED = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 0.01)
LEVELS = 2  # of the pyramid beyond the first: what keypoints leave is a few pixels
DETAIL = 7  # side of the neighbourhood that makes a detail, pixels
QUALITY = 0.01  # least corner strength, share of the best one's
COARSER = 4  # times fewer pixels a side where light is blurred over 20 of them
ROUNDS = 12  # of reweighting; weights settle after 6 to 10


@dataclass(frozen=True, slots=True, eq=False)
class PrintMap:
    """Where each point of the item's print appears in both views.

    Points are (x, y) in millimetres from the top-left corner of the reference's outline.

    Attributes:
        size_mm: (width, height) of the reference's outline.
        reference_from_mm: (3, 3) to pixels of the reference's view.
        query_from_mm: (3, 3) to pixels of the query's view, before the drift.
        drift: (10, 2) coefficients of a cubic in millimetres, added before ``query_from_mm``.
        scatter: of the followed details about the cubic, mm.
        uncertainty: (10, 10) covariance of the coefficients of one axis, mm^2.
        details: how many were followed.
    """

    size_mm: tuple[float, float]
    reference_from_mm: Homography
    query_from_mm: Homography
    drift: NDArray[np.float64]
    scatter: float
    uncertainty: NDArray[np.float64]
    details: int

    def on_reference(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return where (..., 2) points in mm appear in the reference's view, in pixels."""
        return projected(points, self.reference_from_mm)

    def on_query(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return where (..., 2) points in mm appear in the query's view, in pixels."""
        return projected(points + self.drift_at(points), self.query_from_mm)

    def drift_at(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return by how much (..., 2) points in mm drift, in mm."""
        drift = _cubic(points.reshape(-1, 2), self.size_mm) @ self.drift
        return np.asarray(drift.reshape(points.shape), np.float64)

    def error_at(self, points: NDArray[np.floating]) -> float:
        """Return the root mean square standard error of the drift at (N, 2) points, mm."""
        terms = _cubic(points, self.size_mm)
        return float(np.sqrt(np.einsum("ni,ij,nj->n", terms, self.uncertainty, terms).mean()))


@dataclass(frozen=True, slots=True)
class Unmapped:
    """The print does not give a map that fine: weak evidence, not a failure."""

    reason: str


def map_print(
    reference: Reading, query: Reading, alignment: Alignment, *, settings: PrintMapSettings
) -> PrintMap | Unmapped:
    """Follow details of the print from the reference to the query.

    Args:
        reference: with an outline of known size.
        query: the photo in question.
        alignment: how the query lies on the reference, to within a millimetre.
        settings: thresholds of this stage.

    Source:
        Pyramidal Lucas-Kanade: Bouguet, Intel 2001; a detail counts if following it back ends
        where it began (Kalal et al., ICPR 2010). Robust fit: Tukey's biweight, Huber 1981.
    """
    if reference.frame.px_per_mm is None:
        return Unmapped("the item's size is not known")
    size_mm, reference_from_mm = plane_of(reference)
    query_from_mm = np.linalg.inv(alignment.reference_from_query) @ reference_from_mm
    laid = _evened(_laid(query.lightness(), query_from_mm, size_mm, settings), settings)
    start, end = _follow(*_details_of(reference, settings), laid, settings)
    if len(start) < settings.least_details:
        return Unmapped("too few details of the print are seen in both photos")
    start, end = ((points + 0.5) / settings.px_per_mm for points in (start, end))
    terms = _cubic(start, size_mm)
    drift, weights, scatter = _fit(terms, end - start, settings.least_scatter)
    if scatter > settings.most_scatter:
        return Unmapped("the print does not lie flat in one of the photos")
    inverse = np.asarray(np.linalg.pinv(terms.T @ (terms * weights[:, None])), np.float64)
    return PrintMap(
        size_mm, reference_from_mm, query_from_mm, drift, scatter, scatter**2 * inverse, len(start)
    )


def plane_of(reference: Reading) -> tuple[tuple[float, float], Homography]:
    """Return (width, height) of the item's outline in mm, and the map from mm to the view.

    Args:
        reference: with an outline of known size.
    """
    frame, px_per_mm = reference.frame, reference.frame.px_per_mm
    assert px_per_mm is not None  # noqa: S101 - its size is known
    size_mm = frame.width / px_per_mm, frame.height / px_per_mm
    return size_mm, np.linalg.inv(frame.frame_from_view) @ _scaling(px_per_mm)


@lru_cache(maxsize=2)  # a photo is held against several
def _details_of(
    reference: Reading, settings: PrintMapSettings
) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
    """Return the reference's print laid flat, and (N, 1, 2) places of its details in pixels.

    Only details well inside are followed: nearer, the cut would be followed and not the print.
    """
    size_mm, reference_from_mm = plane_of(reference)
    laid = _evened(_laid(reference.lightness(), reference_from_mm, size_mm, settings), settings)
    inside = np.zeros(laid.shape, np.uint8)
    rim = round(settings.rim * settings.px_per_mm)
    inside[rim:-rim, rim:-rim] = 255
    apart = settings.spacing * settings.px_per_mm
    details = cv2.goodFeaturesToTrack(
        laid, settings.most_details, QUALITY, apart, mask=inside, blockSize=DETAIL
    )
    return laid, None if details is None else np.asarray(details, np.float32)


def _scaling(px_per_mm: float) -> Homography:
    """Return the map from mm to pixels, whose centres are at (p + 0.5) / px_per_mm."""
    return np.array([[px_per_mm, 0, -0.5], [0, px_per_mm, -0.5], [0, 0, 1]])


def _laid(
    lightness: NDArray[np.uint8],
    view_from_mm: Homography,
    size_mm: tuple[float, float],
    settings: PrintMapSettings,
) -> NDArray[np.uint8]:
    size = round(size_mm[0] * settings.px_per_mm), round(size_mm[1] * settings.px_per_mm)
    picture_from_view = _scaling(settings.px_per_mm) @ np.linalg.inv(view_from_mm)
    return np.asarray(cv2.warpPerspective(lightness, picture_from_view, size), np.uint8)


def _evened(picture: NDArray[np.uint8], settings: PrintMapSettings) -> NDArray[np.uint8]:
    """Make local mean and spread alike everywhere, so that light does not lead."""
    shade = settings.shade * settings.px_per_mm
    levels = picture.astype(np.float32)
    away = levels - _blurred(levels, shade)
    spread = np.sqrt(_blurred(away * away, shade))
    even = 128 + 48 * away / (spread + 6)  # 6 of 255: noise stays small
    return np.asarray(np.clip(even, 0, 255), np.uint8)


def _blurred(picture: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """Return a wide Gaussian blur, made at a size at which it is cheap and looks the same."""
    size = tuple(max(1, side // COARSER) for side in picture.shape[::-1])
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), sigma / COARSER)
    return np.asarray(
        cv2.resize(blurred, picture.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32
    )


def _follow(
    reference: NDArray[np.uint8],
    start: NDArray[np.float32] | None,
    query: NDArray[np.uint8],
    settings: PrintMapSettings,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (N, 2) places of details that were followed and (N, 2) where they went, in pixels."""
    if start is None:
        return np.empty((0, 2)), np.empty((0, 2))
    window = (settings.window, settings.window)
    how = {"winSize": window, "maxLevel": LEVELS, "criteria": FOLLOWED}
    end, seen, _ = cv2.calcOpticalFlowPyrLK(reference, query, start, None, **how)  # type: ignore[call-overload]
    back, returned, _ = cv2.calcOpticalFlowPyrLK(query, reference, end, None, **how)  # type: ignore[call-overload]
    begun, ended, back = (np.asarray(points, np.float64)[:, 0] for points in (start, end, back))
    kept = (seen.ravel() > 0) & (returned.ravel() > 0)
    kept &= np.hypot(*(back - begun).T) < settings.most_return
    kept &= np.hypot(*(ended - begun).T) < settings.most_drift * settings.px_per_mm
    return begun[kept], ended[kept]


def _cubic(points: NDArray[np.floating], size_mm: tuple[float, float]) -> NDArray[np.float64]:
    """Return (N, 10) terms of a cubic at (N, 2) points: a lens bends by the third power."""
    x, y = (np.asarray(points, np.float64) / size_mm * 2 - 1).T
    xx, xy, yy = x * x, x * y, y * y  # products: powers take ten times as long
    return np.stack([np.ones_like(x), x, y, xx, xy, yy, xx * x, xx * y, yy * x, yy * y], axis=1)


def _fit(
    terms: NDArray[np.float64], moved: NDArray[np.float64], least: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Return coefficients, (N,) weights in [0, 1] and the scatter of one axis, mm."""
    weights, scatter = np.ones(len(terms)), least
    for _ in range(ROUNDS):
        root = np.sqrt(weights)[:, None]
        drift = np.linalg.lstsq(terms * root, moved * root, rcond=None)[0]
        away = np.hypot(*(moved - terms @ drift).T)
        scatter = max(float(np.median(away)) / 1.1774, least)  # the median of a Rayleigh law
        weights = np.clip(1 - (away / (4 * scatter)) ** 2, 0, 1) ** 2
    return np.asarray(drift, np.float64), np.asarray(weights), scatter


def projected(points: NDArray[np.floating], b_from_a: Homography) -> NDArray[np.float64]:
    """Map (..., 2) points of plane a to points of plane b."""
    return project(points.reshape(-1, 2), b_from_a).reshape(points.shape)
