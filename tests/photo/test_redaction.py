"""What is covered is gone, and so is all that a file tells beside its pixels."""

import io

import numpy as np
import pytest
from PIL import Image

from evidence.errors import UnacceptableError
from evidence.photo.redaction import Box, redact_photo
from evidence.settings import LimitSettings

LIMITS = LimitSettings()


def photo(orientation=1):
    """Return a bright photo of 300 x 200 pixels, as a camera held sideways would save it."""
    image = Image.fromarray(np.full((200, 300, 3), 230, np.uint8))
    exif = image.getexif()
    exif[0x0112] = orientation
    exif[0x010F] = "SECRET-CAMERA"
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif, quality=95, comment=b"SECRET-COMMENT")
    return file.getvalue()


def pixels(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert("L"))


@pytest.mark.parametrize(("orientation", "shape"), [(1, (200, 300)), (6, (300, 200))])
def test_boxes_are_black_in_the_upright_picture_and_nothing_else_is(orientation, shape):
    made = redact_photo(photo(orientation), [Box(20, 30, 100, 40)], width=100, limits=LIMITS)
    seen = pixels(made.copy)
    assert seen.shape == shape
    covered = np.zeros(shape, bool)
    covered[30:70, 20:120] = True
    assert seen[covered].max() < 8
    rim = np.zeros(shape, bool)
    rim[20:80, 10:130] = True  # JPEG's blocks may ring beside the edge
    assert seen[~rim].min() > 220
    small = pixels(made.small)
    assert small.shape[1] == 100
    scale = 100 / shape[1]
    assert small[int(50 * scale), int(70 * scale)] < 8


def test_no_metadata_is_left():
    made = redact_photo(photo(), [], width=5000, limits=LIMITS)
    for data in (made.copy, made.small):
        assert b"SECRET" not in data
        assert not Image.open(io.BytesIO(data)).getexif()
        assert pixels(data).shape == (200, 300)  # never enlarged


@pytest.mark.parametrize(
    "box", [Box(0, 0, 301, 10), Box(-1, 0, 5, 5), Box(290, 190, 11, 5), Box(5, 5, 0, 5)]
)
def test_a_box_that_is_not_inside_is_refused_and_never_clipped(box):
    with pytest.raises(UnacceptableError, match="300 x 200"):
        redact_photo(photo(), [box], width=100, limits=LIMITS)
