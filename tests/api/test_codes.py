"""Codes on a picture, read for whoever has no scanner."""

import io

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from stores import originals_of

from api.roles import row_of
from evidence.registry.staff_records import ROLES


def picture(*codes):
    """Return a JPEG of a table with codes of (text, kind, modules' size) from left to right."""
    table = np.full((700, 1280), 190, np.uint8)
    left = 20
    for text, kind, scale in codes:
        made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
        drawn = np.asarray(made.to_image(scale=scale))
        table[40 : 40 + drawn.shape[0], left : left + drawn.shape[1]] = drawn
        left += drawn.shape[1] + 30
    file = io.BytesIO()
    Image.fromarray(table).convert("RGB").save(file, "JPEG", quality=80)
    return file.getvalue()


@pytest.fixture
def read(client):
    return lambda data: client.post("/v1/codes", files={"file": ("x", data)})


def test_codes_of_several_kinds_are_read_the_largest_first(read):
    answer = read(picture(("item-1", "QRCode", 4), ("order-2001", "QRCode", 12)))
    assert answer.json() == {
        "codes": [
            {"text": "order-2001", "format": "QRCode"},
            {"text": "item-1", "format": "QRCode"},
        ]
    }
    assert read(picture(("ITEM-77", "Code128", 3))).json() == {
        "codes": [{"text": "ITEM-77", "format": "Code128"}]
    }


def test_a_picture_without_a_code_has_none(read):
    answer = read(picture())
    assert (answer.status_code, answer.json()) == (200, {"codes": []})


def test_what_cannot_be_printed_or_is_longer_than_an_id_is_left_out(read):
    codes = (("bell\x07", "QRCode", 5), ("x" * 400, "QRCode", 4))
    assert len(zxingcpp.read_barcodes(Image.open(io.BytesIO(picture(*codes))))) == 2
    assert read(picture(*codes)).json() == {"codes": []}


def test_a_code_is_told_as_the_text_that_it_is(read):
    text = '<script>alert("1")</script>'
    assert read(picture((text, "QRCode", 6))).json()["codes"][0]["text"] == text


def test_the_picture_is_kept_nowhere(read, service, tmp_path):
    assert read(picture(("item-1", "QRCode", 6))).status_code == 200
    assert service.registry.events(after=0, limit=10) == []
    assert originals_of(tmp_path / "home") == {}


@pytest.mark.parametrize(
    ("data", "status"), [(b"", 415), (b"no picture", 415), (b"\xff\xd8\xff\xe0 cut short", 422)]
)
def test_bytes_that_are_no_picture_are_refused(read, data, status):
    assert read(data).status_code == status


def test_who_packs_and_who_sits_in_the_office_may_read_codes():
    assert row_of("POST", "/v1/codes").roles == frozenset(ROLES)
