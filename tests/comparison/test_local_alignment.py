import cv2
import numpy as np

from evidence.comparison.cells import Cells
from evidence.comparison.local_alignment import find_displacement
from evidence.settings import ChangeSettings

CELLS = Cells((315, 440), (88, 63), 1.0)  # 5 pixels a millimetre


def test_a_bowed_item_is_followed_to_a_fraction_of_a_pixel_in_other_light():
    rng = np.random.default_rng(0)
    one = cv2.GaussianBlur(rng.uniform(0, 255, (440, 315)).astype(np.float32), (0, 0), 1.5)
    y, x = np.mgrid[:440, :315].astype(np.float32)
    bow = 1.2 * np.sin(np.pi * y / 440)
    query = cv2.remap(one, x - bow, y + 0.5, cv2.INTER_CUBIC) * 0.7 + 20
    seen = np.ones_like(one)
    found = find_displacement(one, query, seen, CELLS, settings=ChangeSettings())
    inside = (slice(8, -8), slice(8, -8))
    wanted = 1.2 * np.sin(np.pi * (np.arange(88) + 0.5) / 88)[8:-8, None]
    assert np.abs(found[0][inside] - wanted).max() < 0.15
    assert np.abs(found[1][inside] + 0.5).max() < 0.15
