"""What a photo's file tells beside its pixels is in the sealed original, and nowhere else."""

import io
import re
import struct
from functools import cache

import pytest
import running
from PIL import Image, ImageCms
from stores import ON_SERVERS

from evidence.settings import PICTURES

LOOT = b"L00T"  # in every place that a file has for words
TEXTS = (0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x8298, 0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F)
VALUES = {"level": "9", "column": "0", "row": "0", "ending": "jpg", "format": "jpg"}


def segment(marker, data):
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


@cache
def talkative(seed):
    """Return a photo with words, a place and a small picture in its metadata."""
    exif = Image.Exif()
    for tag in TEXTS:
        exif[tag] = LOOT.decode() + f" {tag}"
    inner = exif.get_ifd(0x8769)
    for tag in (0x9286, 0x927C, 0xA430, 0xA431, 0xA433, 0xA434, 0xA435):  # comment, maker, lens
        inner[tag] = b"ASCII\0\0\0" + LOOT
    place = exif.get_ifd(0x8825)
    place.update({1: "N", 2: (35.0, 40.0, 12.34), 3: "E", 4: (139.0, 46.0, 5.67)})
    place[27] = b"ASCII\0\0\0" + LOOT
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = profile.replace("sRGB built-in".encode("utf-16-be"), LOOT.ljust(26), 1)
    assert LOOT in profile
    picture, file = Image.open(io.BytesIO(running.photo(seed))), io.BytesIO()
    picture.resize((1768, 2250)).save(  # more than a reading keeps: pictures of it are drawn anew
        file,
        "JPEG",
        exif=exif,
        icc_profile=profile,
        comment=LOOT,
        xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + LOOT + b"</x:xmpmeta>",
    )
    data = file.getvalue()
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0a\x1c\x02\x78\0\x04" + LOOT
    others = segment(0xED, iptc) + segment(0xEC, LOOT) + segment(0xEF, LOOT)
    return data[:2] + others + data[2:] + LOOT


@pytest.fixture
def known(client, put_item, put_claim):
    """Fill the store with talkative photos; return the ids that paths take."""
    put_item()
    put_claim()
    for owner, seed in (("items/item-1", 1), ("claims/claim-1", 2)):
        answer = client.post(
            f"/v1/{owner}/photos",
            data={"view": "front"},
            files={"file": (f"{LOOT.decode()}.jpg", talkative(seed), f"image/{LOOT.decode()}")},
        )
        assert answer.status_code == 201
    photo_id = answer.json()["photo_id"]
    pair = {"reference": talkative(1), "query": talkative(2)}
    compared = client.post("/v1/comparisons", files=pair)
    answers = [answer, compared, client.post("/v1/search", files={"file": talkative(1)})]
    answers.append(client.post("/v1/codes", files={"file": talkative(1)}))
    assert [answer.status_code for answer in answers] == [201, 201, 200, 200]
    assert not any(LOOT in answer.content for answer in answers)
    ids = {"item_id": "item-1", "claim_id": "claim-1", "photo_id": photo_id}
    return VALUES | ids | {"comparison_id": compared.json()["id"]}


def readable(app, known):
    """Return the path of every call that reads, with the ids that are known; and how many not."""
    paths = [path for path, calls in app.openapi()["paths"].items() if "get" in calls]
    full = [p for p in paths if set(re.findall(r"\{(\w+)\}", p)) <= set(known)]
    widths = [f"{path}?width={w}" for path in full if "/picture" in path for w in PICTURES.widths]
    return [path.format(**known) for path in (*full, *widths)], len(paths) - len(full)


SEALED = ("/original", "/bundle")  # a bundle without redactions has the originals as they are


def test_no_answer_and_no_file_but_the_original_holds_a_word_of_it(
    app, client, person, known, tmp_path
):
    paths, unknown = readable(app, known)
    assert len(paths) > unknown
    pages = ["/items/item-1", "/claims/claim-1", "/claims/claim-1/recommended"]
    pages += ["/claims/claim-1/comparison", "/log", "/search", "/packing", "/claims"]
    owner, told = person("owner"), 0
    for path in [*paths, *pages]:
        answer = (owner if path in pages else client).get(path)
        assert (LOOT in answer.content) == path.endswith(SEALED), path
        assert LOOT not in repr(answer.headers).encode(), path
        told += answer.status_code == 200
    assert told > 15
    kept = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    holding = {
        path.relative_to(tmp_path / "home").parts[0] for path in kept if LOOT in path.read_bytes()
    }
    assert holding == (set() if ON_SERVERS else {"originals"})


def test_the_original_comes_as_a_file_that_no_browser_opens(client, known):
    answer = client.get(f"/v1/photos/{known['photo_id']}/original")
    assert answer.content == talkative(2)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert LOOT.decode() not in answer.headers["content-disposition"]
