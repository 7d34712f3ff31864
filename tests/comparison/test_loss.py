import cv2
import numpy as np
import pytest

from evidence.comparison.loss import equivalent_width
from evidence.comparison.pieces import make_piece
from evidence.comparison.residual import Residual
from evidence.settings import ChangeSettings

WANTED = ChangeSettings()
SHAPE = 200, 200  # 20 mm
PRINT, PAPER = 90.0, 230.0


def line(width_mm, share, *, blur=1.2, dark=False):
    """A line of so wide a mark across print, and what stands out of it."""
    fine = np.zeros((2000, 200), np.float32)
    middle, half = 1000, round(width_mm * 50)
    fine[middle - half : middle - half + round(width_mm * 100), 40:160] = share
    cover = cv2.GaussianBlur(cv2.resize(fine, SHAPE, interpolation=cv2.INTER_AREA), (0, 0), blur)
    levels = cover * np.float32(-PRINT if dark else PAPER - PRINT)
    none = np.zeros(SHAPE, np.float32)
    seen = np.ones(SHAPE, bool)
    colours = np.zeros((2, *SHAPE), np.float32)
    residual = Residual(
        none + np.float32(PRINT),
        levels + np.float32(PRINT),
        levels,
        none,
        none,
        colours,
        none,
        seen,
        PAPER,
    )
    rows, columns = np.nonzero(cover > 0.3 * cover.max())
    return residual, make_piece(rows, columns, np.abs(levels))


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("blur", [0.8, 1.6])
def test_a_line_has_the_width_of_what_it_takes_away_however_soft_the_photo(blur, dark):
    residual, piece = line(0.3, 0.9, blur=blur, dark=dark)
    found = equivalent_width(residual, piece, settings=WANTED)
    assert found == pytest.approx(0.27, rel=0.15)


def test_a_hairline_takes_less_away_than_a_mark_must_and_a_scratch_more():
    hairline, scratch = line(0.06, 0.6), line(0.35, 0.9)
    assert equivalent_width(*hairline, settings=WANTED) < WANTED.least_loss_mm
    assert equivalent_width(*scratch, settings=WANTED) > 2 * WANTED.least_loss_mm
