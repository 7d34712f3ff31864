import io

import numpy as np
import pytest
from PIL import Image

from evidence.errors import DamagedPhotoError, UnsupportedPhotoError
from evidence.photo.container import check_structure, find_decoder


def encoded(form, **options):
    picture = Image.fromarray(np.random.default_rng(1).integers(0, 255, (64, 48, 3), np.uint8))
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_the_bytes_alone_name_the_decoder(form):
    assert find_decoder(encoded(form)) == form


@pytest.mark.parametrize("brand", [b"heic", b"mif1"])
def test_a_heif_brand_may_stand_among_the_compatible_ones(brand):
    assert find_decoder(b"\x00\x00\x00\x18ftypabcd\x00\x00\x00\x00" + brand + b"wxyz") == "HEIF"


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"GIF89a", b"%PDF-1.7", b"RIFF0000WAVE"])
def test_anything_else_is_refused_with_what_to_send(data):
    with pytest.raises(UnsupportedPhotoError, match="Send the photo"):
        find_decoder(data)


def test_an_ordinary_file_is_built_soundly():
    for form, options in (("JPEG", {"progressive": True}), ("PNG", {}), ("WEBP", {})):
        check_structure(encoded(form, **options), form, max_scans=64)


def test_more_scans_than_allowed_are_refused():
    data = encoded("JPEG", progressive=True)
    with pytest.raises(DamagedPhotoError, match="scans"):
        check_structure(data, "JPEG", max_scans=2)


def test_one_flipped_bit_of_a_png_is_noticed_wherever_it_is():
    data = encoded("PNG")
    for at in range(8, len(data), 97):
        damaged = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises(DamagedPhotoError, match="PNG"):
            check_structure(damaged, "PNG", max_scans=64)


def test_a_png_without_its_end_is_refused():
    with pytest.raises(DamagedPhotoError, match="end is missing"):
        check_structure(encoded("PNG")[:-12], "PNG", max_scans=64)
