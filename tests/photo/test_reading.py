import hashlib
import io
import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from photo.shots import ORACLE, ROOT, SETTINGS, STATION, blocks, encode, read, read_card
from PIL import Image

from evidence.errors import DamagedPhotoError, StorageError, UnsupportedPhotoError
from evidence.photo.reading import Reading, read_photo, stored_hashes
from evidence.photo.shortfalls import name_shortfall
from fixtures.subject import take_photo

ANEW = """
import sys
import cv2
cv2.setNumThreads(int(sys.argv[1]))
from evidence.photo.reading import read_photo
from evidence.settings import Settings
sys.stdout.buffer.write(read_photo(sys.stdin.buffer.read(), settings=Settings()).to_bytes())
"""


def card_photo():
    return take_photo(ORACLE, STATION).jpeg


def stored_with(reading, **facts):
    """The stored form with other facts in it."""
    with np.load(io.BytesIO(reading.to_bytes())) as stored:
        arrays = dict(stored)
    told = json.loads(arrays["facts"].tobytes()) | facts
    arrays["facts"] = np.frombuffer(json.dumps(told).encode(), np.uint8)
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def boxed():
    """A box of no expected shape."""
    view = np.full((400, 600, 3), 200, np.uint8)
    view[150:250, 100:500] = (40, 60, 90)
    return view


def noise():
    return np.random.default_rng(0).integers(0, 255, (480, 360, 3), np.uint8)


READINGS = {
    "card": read_card,
    "glare": lambda: read_card(glare=10.0),
    "box": lambda: read(encode(boxed())),
    "several outlines": lambda: read(encode(blocks(400, 560, block=40))),
    "no outline": lambda: read(encode(noise())),
    "no texture": lambda: read(encode(np.full((300, 200, 3), 90, np.uint8))),
    "strip": lambda: read(encode(blocks(1600, 8))),
}


def test_the_readings_that_are_stored_have_no_one_and_several_outlines():
    counts = {name: len(reading().outlines) for name, reading in READINGS.items()}
    assert counts["no outline"] == counts["no texture"] == counts["strip"] == 0
    assert counts["box"] == 1
    assert counts["several outlines"] > 1
    assert len(READINGS["no outline"]().features) > 0


@pytest.mark.parametrize("name", READINGS)
def test_the_stored_form_comes_back_byte_for_byte(name):
    reading = READINGS[name]()
    data = reading.to_bytes()
    again = Reading.from_bytes(data)
    assert again.to_bytes() == data
    for field in ("sha256", "media_type", "picture", "hashes", "hidden", "quality", "shortfalls"):
        assert getattr(again, field) == getattr(reading, field)
    assert (again.width, again.height) == (reading.width, reading.height)
    assert len(again.outlines) == len(reading.outlines)
    for one, other in zip(again.outlines, reading.outlines, strict=True):
        np.testing.assert_array_equal(one.corners, other.corners)
        assert (one.score, one.expected) == (other.score, other.expected)
    np.testing.assert_array_equal(again.features.keypoints, reading.features.keypoints)
    np.testing.assert_array_equal(again.features.descriptors, reading.features.descriptors)
    np.testing.assert_array_equal(again.frame.frame_from_view, reading.frame.frame_from_view)
    np.testing.assert_array_equal(again.view(), reading.view())


def test_the_stored_form_of_another_version_is_refused():
    reading = read_card()
    with pytest.raises(StorageError, match="read the photo again"):
        Reading.from_bytes(stored_with(reading, format=1))
    assert Reading.from_bytes(stored_with(reading, format=2)).sha256 == reading.sha256
    with pytest.raises(StorageError, match="read the photo again"):
        stored_hashes(stored_with(reading, format=1))


def test_the_hashes_are_taken_out_alone():
    reading = read_card()
    assert stored_hashes(reading.to_bytes()) == reading.hashes


def test_the_stored_form_executes_nothing():
    file = io.BytesIO()
    np.savez(file, facts=np.array([{"format": 1}], object))
    with pytest.raises(ValueError, match="allow_pickle=False"):
        Reading.from_bytes(file.getvalue())


def test_the_same_bytes_give_the_same_reading():
    data = card_photo()
    one, two = (read_photo(data, settings=SETTINGS).to_bytes() for _ in range(2))
    assert one == two


@pytest.mark.parametrize("threads", ["1", "2", "8"])
def test_another_process_with_other_threads_gives_the_same_bytes(threads):
    run = subprocess.run(
        [sys.executable, "-c", ANEW, threads],
        input=card_photo(),
        cwd=ROOT,
        env=os.environ | {"OPENBLAS_NUM_THREADS": threads},
        capture_output=True,
        check=True,
    )
    assert run.stdout == read_card().to_bytes()


def test_a_reading_says_what_the_photo_is():
    data = card_photo()
    reading = read_card()
    assert reading.sha256 == hashlib.sha256(data).hexdigest()
    assert (reading.media_type, reading.width, reading.height) == ("image/jpeg", 1200, 1600)
    assert reading.outline is not None
    assert reading.frame.px_per_mm == 8.0
    assert reading.quality.keypoints <= len(reading.features)
    assert reading.view().shape == (1600, 1200, 3)


def test_what_is_no_card_but_a_box_has_an_edge_and_no_millimetres():
    reading = read(encode(boxed()))
    assert not reading.outline.expected
    assert reading.frame.px_per_mm is None
    assert (reading.frame.width, reading.frame.height) == (176, 704)
    assert reading.quality.px_per_mm is None
    assert "no_outline" in [shortfall.code for shortfall in reading.shortfalls]
    assert read(encode(boxed()), "sealed").outline.expected


def test_the_best_outline_is_the_first():
    reading = read_card()
    assert reading.outline is reading.outlines[0]
    assert 1 < len(reading.outlines) <= SETTINGS.outline.most_outlines


def test_the_shot_that_is_asked_for_again_says_where_even_when_it_is_restored():
    reading = Reading.from_bytes(read_card(glare=10.0).to_bytes())
    (glare,) = (shortfall for shortfall in reading.shortfalls if shortfall.code == "glare")
    assert glare.place == reading.hidden.place("glare")
    assert glare == name_shortfall("glare", glare.place)


def test_the_kept_view_is_the_photo_shrunk():
    pixels = blocks(1200, 2000, block=100)
    reading = read(encode(pixels))
    small = Image.fromarray(pixels).resize((960, 1600), Image.Resampling.BOX)
    assert (reading.width, reading.height) == (1200, 2000)
    assert reading.view().shape == (1600, 960, 3)
    assert np.abs(reading.view().astype(float) - np.asarray(small)).mean() < 2


def test_a_photo_turned_by_exif_reads_as_the_upright_one():
    pixels = blocks(360, 480, block=40)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = read(encode(np.ascontiguousarray(np.rot90(pixels, 1)), exif=exif))
    upright = read(encode(pixels))
    assert turned.picture == upright.picture
    np.testing.assert_array_equal(turned.features.descriptors, upright.features.descriptors)


def test_nothing_of_the_files_metadata_is_kept_in_the_view():
    exif = Image.Exif()
    exif[0x010F] = "SecretMaker"
    data = encode(blocks(), "JPEG", exif=exif, comment=b"SecretComment")
    assert b"Secret" in data
    assert b"Secret" not in read(data).to_bytes()


def test_a_known_size_is_the_one_that_counts():
    data = card_photo()
    reading = read_photo(data, settings=SETTINGS, size_mm=(59.0, 86.0))
    assert reading.frame.px_per_mm == 704 / 86


@pytest.mark.parametrize("size", [(1, 1), (1600, 1), (1, 1600), (20_000, 10), (3, 2)])
def test_the_smallest_and_thinnest_photos_are_read_and_asked_for_again(size):
    noise = np.random.default_rng(0).integers(0, 255, (size[1], size[0], 3), np.uint8)
    codes = [shortfall.code for shortfall in read(encode(noise)).shortfalls]
    assert "no_outline" in codes
    assert "few_details" in codes


def test_what_is_no_photo_is_refused_by_its_own_error():
    with pytest.raises(UnsupportedPhotoError):
        read(b"hello")
    with pytest.raises(DamagedPhotoError):
        read(card_photo()[:5000])


def test_settings_decide_what_is_kept():
    few = replace(SETTINGS, reading=replace(SETTINGS.reading, max_keypoints=100, view_side=800))
    reading = read_photo(card_photo(), settings=few)
    assert max(reading.view().shape) == 800
    assert len(reading.features) <= 110
