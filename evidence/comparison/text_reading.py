"""Read one line of print, and say how likely another reading is."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.text_models import READER, as_input, characters, run_model

LINE_HEIGHT = 48  # pixels of a line as the model takes it
LEAST_WIDTH = 320  # to which short lines are padded, as in its training
STEP = 32  # sides that the models take are multiples of it, pixels
BLANK = 0  # class between two letters
LEAST_PROBABILITY = 1e-8  # below it rounding is all there is


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One line as read.

    Attributes:
        text: as read, empty where nothing was.
        classes: of its K characters.
        confidences: (K,) of each character, in [0, 1].
        probabilities: (T, C) float32 of each class at T steps along the line.
    """

    text: str
    classes: tuple[int, ...]
    confidences: NDArray[np.float32]
    probabilities: NDArray[np.float32]

    @property
    def confidence(self) -> float:
        """Mean over the characters, in [0, 1]; 0 where nothing was read."""
        return float(self.confidences.mean()) if self.classes else 0.0

    def log_likelihood(self, classes: tuple[int, ...]) -> float:
        """Return ln P(these characters | the picture), in nats, at most 0.

        Source:
            Forward recursion of CTC; Graves et al., ICML 2006.
        """
        path = np.full(2 * len(classes) + 1, BLANK)
        path[1::2] = classes
        steps = np.log(np.maximum(self.probabilities[:, path].astype(float), LEAST_PROBABILITY))
        skips = np.zeros(len(path), bool)
        skips[2:] = (path[2:] != BLANK) & (path[2:] != path[:-2])
        reached = np.full(len(path), -np.inf)
        reached[:2] = steps[0, :2]
        for step in steps[1:]:
            one, two = np.full((2, len(path)), -np.inf)
            one[1:], two[2:] = reached[:-1], np.where(skips[2:], reached[:-2], -np.inf)
            reached = np.logaddexp(np.logaddexp(reached, one), two) + step
        return float(np.logaddexp.reduce(reached[-2:]))


def read_text(crop: NDArray[np.uint8]) -> str:
    """Return what a line says; of the last ones it is remembered, since a photo meets several.

    Args:
        crop: as for ``read_line``.
    """
    return _read_text(crop.tobytes(), crop.shape)


@lru_cache(maxsize=64)  # more lines than are read of most items
def _read_text(pixels: bytes, shape: tuple[int, ...]) -> str:
    return read_line(np.frombuffer(pixels, np.uint8).reshape(shape)).text


def read_line(crop: NDArray[np.uint8]) -> Line:
    """Read a line.

    Args:
        crop: (H, W, 3) uint8 RGB, one line that runs from left to right, not empty.
    """
    height, width = crop.shape[:2]
    width = max(LINE_HEIGHT, int(np.ceil(width * LINE_HEIGHT / height)))
    how = cv2.INTER_CUBIC if height < LINE_HEIGHT else cv2.INTER_AREA
    padded = np.zeros((1, 3, LINE_HEIGHT, max(LEAST_WIDTH, -(-width // STEP) * STEP)), np.float32)
    scaled = np.asarray(cv2.resize(crop, (width, LINE_HEIGHT), interpolation=how), np.uint8)
    padded[..., :width] = as_input(scaled)
    probabilities = run_model(READER, padded)[0]
    probabilities = probabilities[: int(np.ceil(len(probabilities) * width / padded.shape[3]))]
    best = probabilities.argmax(axis=1)
    spoken = (best != BLANK) & (best != np.concatenate([[BLANK], best[:-1]]))
    classes = tuple(int(one) for one in best[spoken])
    text = "".join(characters()[one] for one in classes)
    return Line(text, classes, probabilities.max(axis=1)[spoken], probabilities)
