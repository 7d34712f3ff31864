import cv2
import numpy as np

from evidence.comparison.sharpness import make_equally_sharp

SHAPE = 200, 150
SEEN = np.ones(SHAPE, np.float32)


def grain(seed=0):
    return np.random.default_rng(seed).uniform(0, 255, SHAPE).astype(np.float32)


def blurred(picture, sigma):
    return cv2.GaussianBlur(picture, (0, 0), sigma)


def fineness(picture):
    return np.abs(cv2.Laplacian(picture, cv2.CV_32F)).mean()


def test_the_sharper_one_is_blurred_until_both_are_alike():
    sharp, soft = blurred(grain(), 0.6), blurred(grain(), 1.4)
    for pair in ((sharp, soft), (soft, sharp)):
        one, other = make_equally_sharp(*pair, SEEN)
        assert 0.7 < fineness(one) / fineness(other) < 1.4


def test_what_only_one_photo_shows_is_not_looked_at():
    one = blurred(grain(), 1.4)
    other = one.copy()
    other[:, :75] = grain(1)[:, :75]
    seen = SEEN.copy()
    seen[:, :80] = 0
    found = make_equally_sharp(one, other, seen)
    for picture, before in zip(found, (one, other), strict=True):
        np.testing.assert_array_equal(picture, blurred(before, 0.8))
