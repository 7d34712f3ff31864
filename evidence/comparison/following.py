"""Follow a line on along its course, where it is too faint or light too unsure to tell a piece."""

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.courses import fit_course
from evidence.comparison.pieces import Piece, make_piece, points_of
from evidence.settings import ChangeSettings, FollowSettings

FloatMap = NDArray[np.float32]

MOST = 400  # places of a piece that its course is fitted to
NEAR = 2  # pixels beside the course, within which what goes on begins
HALF = 1  # pixels of a line on either side of its middle
ROUNDS = 3  # after each of which its course is fitted anew


def follow(line: Piece, levels: FloatMap, score: FloatMap, *, settings: ChangeSettings) -> Piece:
    """Return the line with what goes on at both of its ends, as it is where nothing does.

    A scratch under a reflection stands out from what lies beside it all along, though light is
    too unsure there for any of its places to stand out from noise. Where it must lie is known.

    Args:
        line: a piece that hardly bends.
        levels: (H, W) float32, what light leaves over.
        score: (H, W) float32 in units of noise, at least 0.
        settings: thresholds of this stage.
    """
    for _ in range(ROUNDS):
        rows, columns = _go_on(line, levels, settings)
        if not len(rows):
            break
        rows, columns = np.append(line.rows, rows), np.append(line.columns, columns)
        rows, columns = np.unique(np.stack([rows, columns]), axis=1)
        line = make_piece(rows, columns, score)
    return line


def _go_on(line: Piece, levels: FloatMap, settings: ChangeSettings) -> NDArray[np.intp]:
    """Return (2, N) rows and columns of what goes on at both ends."""
    px, wanted = settings.px_per_mm, settings.following
    course = fit_course(points_of(line, MOST))
    along, _ = course.place(points_of(line))
    lighter = np.sign(np.median(levels[line.rows, line.columns]))
    beside = np.arange(-wanted.beside_mm * px, wanted.beside_mm * px + 1)
    reach = np.arange(1, wanted.reach_mm * px + 1)
    found = []
    for t in (along.max() + reach, along.min() - reach):
        x, y = (part.astype(np.float32) for part in course.at(t, beside))
        size = round(settings.courses.step_mm * px)
        gain = _gain(lighter * levels, x, y, size, wanted)
        for step, at in _best_path(gain, wanted.least_gain):
            part = slice(step * size, (step + 1) * size), slice(max(at - HALF, 0), at + HALF + 1)
            if gain[step, at] > 0:
                found.append(np.stack([y[part].ravel(), x[part].ravel()]))
    places = np.concatenate(found, axis=1) if found else np.zeros((2, 0))
    last = np.array(levels.shape)[:, None] - 1
    return np.clip(np.rint(places), 0, last).astype(np.intp)


def _gain(
    levels: FloatMap, x: FloatMap, y: FloatMap, size: int, wanted: FollowSettings
) -> NDArray[np.float64]:
    """Return how much each step of a strip speaks for a line at each place across, (N, across).

    In units of what scatters across the strip, less what chance reaches.
    """
    strip = cv2.remap(levels, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    steps = strip[: len(x) // size * size].reshape(-1, size, x.shape[1]).mean(axis=1)
    above = steps - np.median(steps, axis=1, keepdims=True)
    scatter = 1.4826 * np.median(np.abs(above), axis=1, keepdims=True)
    told = cv2.blur(above, (2 * HALF + 1, 1)) / np.maximum(scatter, wanted.least_levels)
    certain = wanted.most * np.tanh(told.astype(np.float64) / wanted.most)
    return np.asarray(certain - wanted.chance, np.float64)


def _best_path(gain: NDArray[np.float64], least: float) -> list[tuple[int, int]]:
    """Return step and place across of the path that gains most, none where that is too little.

    It begins near the middle, leaves no step out, and moves by at most a pixel a step.

    Source:
        The end: cumulative sums, Page, Biometrika 1954. The path: dynamic programming, Amini,
        Weymouth and Jain, PAMI 1990.
    """
    count, across = gain.shape
    total = np.full((count + 1, across), -np.inf)
    total[0, across // 2 - NEAR : across // 2 + NEAR + 1] = 0
    moves = np.zeros((count, across), np.intp)
    for step in range(count):
        padded = np.pad(total[step], 1, constant_values=-np.inf)
        before = np.stack([padded[:-2], padded[1:-1], padded[2:]])
        moves[step] = before.argmax(axis=0) - 1
        total[step + 1] = before.max(axis=0) + gain[step]
    end, at = (int(k) for k in np.unravel_index(total.argmax(), total.shape))
    if total[end, at] < least:
        return []
    path = []
    for step in reversed(range(end)):
        path.append((step, at))
        at += int(moves[step, at])
    return path
