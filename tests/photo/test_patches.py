import cv2
import numpy as np
import pytest
from photo.shots import SETTINGS, blocks

from evidence.photo.patches import find_blurred, find_patches

WANTED = SETTINGS.reading
LEAST = 8  # pixels; 2 mm at 4 px/mm


def find(level):
    return find_patches(level.astype(np.uint8), least=LEAST, settings=WANTED)


def item(height=352, width=252):
    """Print of levels 60 to 140."""
    return 60 + blocks(width, height, block=4)[..., 0] * (80 / 255)


def spotlight(x, y, radius, *, strength=400.0, size=(352, 252)):
    """Light that falls off from a point, added to the print."""
    down, across = np.mgrid[: size[0], : size[1]]
    return strength * np.exp(-((across - x) ** 2 + (down - y) ** 2) / radius**2)


def test_a_reflection_that_fades_out_is_found_where_it_is_blown():
    blown = np.clip(item() + spotlight(120, 200, 40), 0, 255)
    found = find(blown)
    np.testing.assert_array_equal(found[165:235, 85:155], (blown >= WANTED.blown)[165:235, 85:155])
    assert not (found & (blown < WANTED.blown)).any()
    assert found[200, 120]
    assert 0.02 < found.mean() < 0.08


def test_print_without_reflections_has_none():
    assert not find(item()).any()


@pytest.mark.parametrize("inner", [slice(12, -12), slice(150, 300)], ids=["border", "text box"])
def test_white_print_ends_abruptly_and_is_no_glare(inner):
    level = np.full((352, 252), 252.0)
    if inner.start == 12:
        level[inner, inner] = item()[inner, inner]
    else:
        level = item()
        level[inner, 20:-20] = 252
        level[inner.start : inner.stop : 12, 26:-26] = 40  # lines of text
    assert not find(cv2.blur(level, (2, 2))).any()


def test_a_white_item_is_not_all_glare():
    assert not find(np.full((352, 252), 255)).any()


def test_white_paper_that_stays_white_is_no_glare():
    level = np.full((352, 252), 244.0)
    level[100:200, 60:160] = 246  # the exposure's slow change over one sheet
    level[:60] = level[-60:] = 244
    assert not find(level).any()


def test_white_paper_with_text_on_it_is_no_glare_even_where_it_fades():
    level = np.clip(item() + spotlight(120, 200, 60), 0, 255)
    assert find(level).any()
    for row in range(0, 352, 8):  # pale letters, lines of them leaving strips of 5 pixels
        level[row : row + 3] = np.minimum(level[row : row + 3], 215)
    level[196:205, 70:170] = np.maximum(level[196:205, 70:170], 246)  # one wider strip
    level[165:235, 100:104] = np.maximum(level[165:235, 100:104], 246)  # between the words
    assert not find(level).any()


def test_a_patch_smaller_than_asked_is_passed_over():
    assert not find(np.clip(item() + spotlight(120, 200, 5), 0, 255)).any()


def test_a_reflection_over_the_edge_counts_as_far_as_it_is_on_the_item():
    blown = np.clip(item() + spotlight(250, 30, 40), 0, 255)
    assert find(blown)[30, 250]


def half(picture):
    return cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)


def blurred(picture):
    return find_blurred(picture, half(picture), (32, 44), WANTED.least_local_sharpness)


def printed():
    """Detail of every size, as printed pictures have."""
    layers = (blocks(1024, 1024, block=block, seed=block) for block in (4, 16, 64))
    return (sum(layer[:704, :504] / 3 for layer in layers)).astype(np.uint8)


@pytest.mark.parametrize("blur", [2.8, 6.4, 12.0])  # 0.35, 0.8 and 1.5 mm
def test_a_part_much_softer_than_the_rest_is_found(blur):
    sharp = printed()
    soft = cv2.GaussianBlur(sharp, (0, 0), blur)
    picture = sharp.copy()
    picture[:, 300:] = soft[:, 300:]
    found = blurred(picture)
    assert found[:, 24:].mean() > 0.7
    assert not found[:, :16].any()


def test_what_is_sharp_soft_or_empty_all_over_has_no_softer_part():
    sharp = printed()
    for picture in (sharp, cv2.GaussianBlur(sharp, (0, 0), 3.0), np.full_like(sharp, 128)):
        assert not blurred(picture).any()


def test_where_nothing_is_printed_nothing_can_be_blurred():
    picture = printed()
    picture[:, 300:] = 128
    assert not blurred(picture)[:, 24:].any()
