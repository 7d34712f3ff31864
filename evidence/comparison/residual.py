"""What one photo shows and the other does not, once place, light and sharpness are the same."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.allowances import (
    forgive_misplacement,
    root_of,
    slopes_of,
    steepness_of,
    take_out_slow,
)
from evidence.comparison.cells import Cells
from evidence.comparison.fine_laying import FineItems
from evidence.comparison.photometry import explain, in_noise
from evidence.comparison.rim import hold_against_side
from evidence.comparison.sharpness import make_equally_sharp
from evidence.settings import ChangeSettings

FloatMap = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Residual:
    """What is left over of the query, place by place; all (H, W).

    Attributes:
        reference, query: lightness, levels of 255, equally sharp, in the same place.
        levels: query less what the reference explains, in levels of 255.
        noise: the same in units of noise, the stronger of a fine and a coarser look.
        colour: (2, H, W), the same of the colour axes Cr and Cb, in levels.
        colour_noise: the stronger of the two in units of noise.
        seen: where both photos show the item.
        paper: levels of white in the query.
    """

    reference: FloatMap
    query: FloatMap
    levels: FloatMap
    noise: FloatMap
    colour: FloatMap
    colour_noise: FloatMap
    seen: NDArray[np.bool_]
    paper: float


def find_residual(items: FineItems, *, settings: ChangeSettings) -> Residual:
    """Take out all that place, light and sharpness explain."""
    cells = items.cells
    shown = items.on_reference & items.on_query
    seen = (shown & (items.depth >= settings.sure_depth_mm)).astype(np.float32)
    one, other = make_equally_sharp(items.reference[0], items.query[0], seen)
    levels, noise, gain, shining = _light(one, other, seen, cells, settings)
    half = replace(cells, size=(cells.size[0] // 2, cells.size[1] // 2))
    ours, theirs = (
        [_shrink(part, half.size) for part in channels]
        for channels in (items.reference, items.query)
    )
    small = _shrink(seen * items.coloured, half.size)
    unsure = half.spread(shining) * np.float32(settings.colour_unsure)
    small = (small > 0.99).astype(np.float32)
    colour, colour_noise = _colour(ours, theirs, small, unsure, half, settings)
    grown = np.stack([cells.spread(part) for part in colour])
    veiled = cells.spread(gain)
    usual = float(np.median(gain))
    clear = (veiled > settings.least_gain * usual) & (veiled < usual / settings.least_gain)
    enough = cells.spread(cells.mean(seen, settings.light_mm)) >= settings.least_share
    unclear = cv2.dilate(
        (~(clear & enough)).astype(np.uint8), _disc(settings.veil_mm * settings.px_per_mm)
    )
    clear = unclear == 0
    shown &= clear
    noise, colour_noise = (
        hold_against_side(part * shown, shown, items.depth, settings=settings)
        for part in (noise, cells.spread(colour_noise))
    )
    paper = float(np.quantile(other[::4, ::4], 0.98))
    return Residual(one, other, levels, noise, grown, colour_noise, shown, paper)


def _disc(radius: float) -> NDArray[np.uint8]:
    size = 2 * round(radius) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)


def _shrink(picture: FloatMap, size: tuple[int, int]) -> FloatMap:
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)


def _light(
    one: FloatMap, other: FloatMap, seen: FloatMap, cells: Cells, settings: ChangeSettings
) -> tuple[FloatMap, FloatMap, FloatMap, FloatMap]:
    """Return what is left, the same in noise, and of each cell its gain and a reflection's rise."""
    across, down = slopes_of(one)
    bend = np.asarray(cv2.Laplacian(one, cv2.CV_32F), np.float32)
    parts = [one, np.full_like(one, 30.0), across, down, bend]
    firm = (4.0, 1.0, 1.0, 1.0, 1.0)
    left, found = explain(
        parts, other, seen, cells, sigma_mm=settings.light_mm, firm=firm, miss=settings.miss
    )
    unsure = steepness_of(found, cells) * np.float32(settings.light_unsure_mm)
    left = forgive_misplacement(left, other - left)
    left = take_out_slow(left, seen, cells, settings)
    lively = root_of(across * across + down * down + bend * bend / np.float32(4))
    fine = in_noise(left, lively, cells.spread(unsure), seen, cells, settings=settings)
    coarse = in_noise(
        np.asarray(cv2.GaussianBlur(left, (0, 0), 2.0), np.float32),
        lively,
        cells.spread(unsure),
        seen,
        cells,
        settings=settings,
    )
    gain = (1 + found[..., 0]).astype(np.float32)
    shining = steepness_of(found, cells, prints=(0.0,))
    return left, np.where(np.abs(fine) > np.abs(coarse), fine, coarse), gain, shining


def _colour(
    ours: list[FloatMap],
    theirs: list[FloatMap],
    seen: FloatMap,
    unsure: FloatMap,
    cells: Cells,
    settings: ChangeSettings,
) -> tuple[FloatMap, FloatMap]:
    soft = [np.asarray(cv2.GaussianBlur(part, (0, 0), 1.0), np.float32) for part in ours]
    across, down = slopes_of(soft[0])
    lively = root_of(across * across + down * down)
    found, noise = [], np.zeros_like(seen)
    for axis, another in ((1, 2), (2, 1)):
        query = np.asarray(cv2.GaussianBlur(theirs[axis], (0, 0), 1.0), np.float32)
        parts = [soft[axis] - 128, soft[0], soft[another] - 128, np.full_like(seen, 30.0)]
        left, _ = explain(
            parts,
            query - 128,
            seen,
            cells,
            sigma_mm=settings.light_mm,
            firm=(4.0, 4.0, 4.0, 1.0),
            miss=settings.miss,
        )
        found.append(left)
        noise = np.maximum(
            noise,
            np.abs(in_noise(left, lively, unsure, seen, cells, settings=settings)),
        )
    return np.stack(found), noise
