"""Copies of one exposure against other exposures of the same card, both made here."""

import io

import pytest
from PIL import Image, ImageEnhance

from evidence.comparison.same_exposure import find_same_exposure
from evidence.photo.reading import read_photo
from evidence.settings import Settings
from fixtures.scene import Scene
from fixtures.subject import CardSubject, take_photo

SETTINGS = Settings()
CARD = CardSubject(1, 11, 101)


def taken(seed=1, **changes):
    scene = {"size": (900, 1200), "tilt": 5.0, **changes}
    return Image.open(io.BytesIO(take_photo(CARD, Scene(seed, **scene)).jpeg))


def read(picture, quality=90):
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return read_photo(file.getvalue(), settings=SETTINGS)


@pytest.fixture(scope="module")
def original():
    return taken()


@pytest.mark.parametrize(
    "change",
    [
        lambda one: read(one, quality=35),
        lambda one: read(one.resize((600, 800)), quality=70),
        lambda one: read(one.crop((60, 50, 850, 1150))),
        lambda one: read(ImageEnhance.Brightness(one).enhance(1.2)),
        lambda one: read(one.rotate(90, expand=True)),
    ],
    ids=["saved again", "shrunk", "cropped", "brightened", "turned"],
)
def test_a_copy_of_one_exposure_is_told(original, change):
    reference = read(original)
    for pair in ((reference, change(original)), (change(original), reference)):
        assert find_same_exposure(*pair, settings=SETTINGS).same


@pytest.mark.parametrize(
    "changes",
    [{"seed": 2, "tilt": 6.5}, {"seed": 1, "tilt": 8.0}, {"seed": 3, "surface": "cloth"}],
    ids=str,
)
def test_another_exposure_of_the_same_card_is_none(original, changes):
    found = find_same_exposure(read(original), read(taken(**changes)), settings=SETTINGS)
    assert not found.same


def test_a_picture_of_nothing_is_no_copy(original):
    empty = read(Image.new("RGB", (900, 1200), (128, 128, 128)))
    assert not find_same_exposure(read(original), empty, settings=SETTINGS).same
    assert not find_same_exposure(empty, empty, settings=SETTINGS).same
