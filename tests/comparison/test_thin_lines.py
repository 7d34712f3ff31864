from dataclasses import replace

import cv2
import numpy as np
import pytest
from comparison.squares import PRINT, SIZE, laid

from evidence.comparison.residual import find_residual
from evidence.comparison.thin_lines import find_lines
from evidence.settings import ChangeSettings

WANTED = ChangeSettings()
ROWS, COLUMNS = np.indices(SIZE[::-1], dtype=np.float32) / 10
SHINE = 130 * np.exp(-((np.hypot(COLUMNS - 35, ROWS - 45) / 9) ** 2))[..., None]


def scratched(start, stop, *, width=4, share=0.7):
    """The print with a line of bare paper between two points in mm."""
    line = np.zeros(SIZE[::-1], np.uint8)
    ends = [tuple(round(16 * 10 * v) for v in end) for end in (start, stop)]
    cv2.line(line, *ends, 255, width, cv2.LINE_AA, 4)
    bare = (share * line / np.float32(255))[..., None]
    return PRINT + (235 - PRINT) * bare


def find(query, settings=WANTED):
    """Soften as a photo does, and look."""
    items = laid(cv2.GaussianBlur(query, (0, 0), 0.7))
    residual = find_residual(items, settings=settings)
    return find_lines(items, residual, settings.sure_line, settings=settings)


def test_a_scratch_under_a_reflection_is_found_from_end_to_end():
    (line,) = find(scratched((22, 38), (48, 52)) + SHINE)
    assert line.box == pytest.approx((220, 380, 480, 520), abs=12)
    assert line.is_line


def test_where_light_is_too_unsure_it_is_followed():
    items = laid(cv2.GaussianBlur(scratched((12, 38), (48, 52)), (0, 0), 0.7))
    residual = find_residual(items, settings=WANTED)
    thin = residual.thin.copy()
    thin[:, 260:] = 0
    residual = replace(residual, thin=thin)
    (line,) = find_lines(items, residual, WANTED.sure_line, settings=WANTED)
    assert line.box == pytest.approx((120, 380, 480, 520), abs=12)


def test_the_reflection_itself_is_none():
    assert find(PRINT + SHINE) == []


@pytest.mark.parametrize("start", [(23, 38), (26, 34), (41, 47)])
def test_a_short_line_is_none(start):
    query = scratched(start, (start[0] + 6.6, start[1] + 2.1)) + SHINE
    assert find(query) == []
    assert find(query, replace(WANTED, thin_long_mm=0.0))  # its length alone rules it out


def test_a_hairline_is_none():
    assert find(scratched((22, 38), (48, 52), width=1, share=0.25) + SHINE) == []


def test_what_must_be_surer_is_left_out():
    surer = replace(WANTED, sure_line=1000.0)
    assert find(scratched((22, 38), (48, 52)) + SHINE, surer) == []
