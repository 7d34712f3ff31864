import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import numpy as np
import pytest
import running
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo
from stores import path_of

from api.pictures import ENDINGS, Width
from evidence.photo.decode import MEDIA_TYPES
from evidence.settings import PICTURES

SECRETS = (b"Exif", b"http://ns.adobe.com", b"ICC_PROFILE", b"secret", b"Photoshop", b"MPF", b"GPS")


def talkative(form="JPEG"):
    """Return a turned photo with everything that cameras and programs write into files."""
    with Image.open(io.BytesIO(running.photo(3))) as picture:
        turned = picture.rotate(90, expand=True)  # orientation 6 turns it back
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "secret description"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0secret comment"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options = {"exif": exif, "icc_profile": profile}
    if form == "JPEG":
        options |= {"comment": b"secret", "xmp": b"<x:xmpmeta>secret</x:xmpmeta>", "quality": 95}
    if form == "PNG":
        text = PngInfo()
        text.add_text("Comment", "secret")
        options["pnginfo"] = text
    file = io.BytesIO()
    turned.save(file, form, **options)
    return file.getvalue()


@pytest.fixture
def keep(put_item, post_photo):
    def keep(data):
        put_item()
        answer = post_photo("items/item-1", data)
        assert answer.status_code == 201, answer.text
        return answer.json()["photo_id"]

    return keep


@pytest.fixture
def photo_id(keep):
    return keep(talkative())


def opened(answer):
    assert answer.status_code == 200, answer.text
    return np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGB"), int)


def segments(data):
    """Return the markers of a JPEG up to its pixels."""
    markers, at = [], 2
    while data[at + 1] != 0xDA:
        markers.append(data[at + 1])
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return markers


def drawn_paths():
    return [f"picture?width={width}" for width in PICTURES.widths] + [
        f"tiles_files/{level}/0_0.jpg" for level in range(11)
    ]


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_no_picture_carries_metadata_and_the_original_carries_all(client, keep, form):
    data = talkative(form)
    assert b"secret" in data
    photo_id = keep(data)
    for path in drawn_paths():
        answer = client.get(f"/v1/photos/{photo_id}/{path}")
        assert answer.headers["content-type"] == "image/jpeg"
        assert [secret for secret in SECRETS if secret in answer.content] == []
        markers = segments(answer.content)
        assert {mark for mark in markers if mark >= 0xE0} <= {0xE0}  # JFIF alone: no APPn, no COM
        with Image.open(io.BytesIO(answer.content)) as picture:
            assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
            assert dict(picture.getexif()) == {}
    assert client.get(f"/v1/photos/{photo_id}/original").content == data


def test_pictures_and_tiles_are_upright(client, photo_id):
    upright = np.asarray(Image.open(io.BytesIO(running.photo(3))).convert("RGB"), int)
    picture = opened(client.get(f"/v1/photos/{photo_id}/picture?width=640"))
    assert picture.shape == upright.shape == (560, 440, 3)  # not enlarged either
    assert np.abs(picture - upright).mean() < 4
    tile = opened(client.get(f"/v1/photos/{photo_id}/tiles_files/10/0_0.jpg"))
    assert np.abs(tile - upright[:513]).mean() < 3


def test_a_viewer_finds_every_tile_that_the_descriptor_tells_of(client, photo_id):
    answer = client.get(f"/v1/photos/{photo_id}/tiles.dzi")
    assert answer.headers["content-type"].partition(";")[0] == "application/xml"
    size = ElementTree.fromstring(answer.text)[0].attrib  # noqa: S314
    assert size == {"Width": "440", "Height": "560"}
    for name, status in {"10/0_0": 200, "10/0_1": 200, "10/1_0": 404, "9/0_0": 200, "11/0_0": 404,
                         "31/0_0": 422, "10/-1_0": 422, "10/a_0": 422}.items():  # fmt: skip
        path = f"/v1/photos/{photo_id}/tiles_files/{name}.jpg"
        assert client.get(path).status_code == status, name


@pytest.mark.parametrize("width", ["", "0", "161", "4096", "-160", "wide"])
def test_only_a_few_widths_are_drawn(client, photo_id, width):
    answer = client.get(f"/v1/photos/{photo_id}/picture?width={width}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "query.width"


def test_the_widths_are_those_of_the_settings():
    assert tuple(Width) == PICTURES.widths
    assert set(ENDINGS) == set(MEDIA_TYPES.values())


def test_the_original_is_saved_and_never_shown(client, photo_id):
    answer = client.get(f"/v1/photos/{photo_id}/original")
    assert hashlib.sha256(answer.content).hexdigest() == photo_id
    told = {name: answer.headers[name] for name in ("content-type", "content-disposition")}
    assert told == {
        "content-type": "application/octet-stream",
        "content-disposition": f'attachment; filename="{photo_id}.jpg"',
    }
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox;")


def test_a_damaged_original_is_never_sent(client, service, photo_id, tmp_path):
    path = path_of(tmp_path / "home", photo_id)
    path.chmod(0o600)
    path.write_bytes(talkative()[:-9] + b"forged..\xd9")
    for name in ("original", "tiles_files/10/0_0.jpg"):
        answer = client.get(f"/v1/photos/{photo_id}/{name}")
        assert (answer.status_code, answer.json()["type"][-16:]) == (500, "damaged-original")


@pytest.mark.parametrize(
    "name", ["picture?width=320", "tiles.dzi", "tiles_files/0/0_0.jpg", "original"]
)
class TestEveryPicture:
    def test_of_an_unknown_photo_there_is_none(self, client, name):
        assert client.get(f"/v1/photos/{'0' * 64}/{name}").status_code == 404
        assert client.get(f"/v1/photos/short/{name}").status_code == 422

    def test_of_a_file_that_was_refused_there_is_none(self, client, put_item, post_photo, name):
        put_item()
        hostile = running.photo()[:2000]
        assert post_photo("items/item-1", hostile).status_code == 422
        photo_id = hashlib.sha256(hostile).hexdigest()
        assert client.get(f"/v1/photos/{photo_id}/{name}").status_code == 404

    def test_needs_the_key(self, stranger, photo_id, name):
        assert stranger.get(f"/v1/photos/{photo_id}/{name}").status_code == 401

    def test_is_there_for_a_head_request(self, client, photo_id, name):
        path = f"/v1/photos/{photo_id}/{name}"
        named = {"X-Request-ID": "one"}
        got, head = client.get(path, headers=named), client.head(path, headers=named)
        assert head.status_code == 200
        assert head.headers == got.headers


@pytest.mark.parametrize("name", ["picture?width=320", "tiles.dzi", "tiles_files/9/0_0.jpg"])
def test_a_picture_that_the_client_has_is_not_sent_again(client, photo_id, name):
    path = f"/v1/photos/{photo_id}/{name}"
    first = client.get(path)
    assert first.headers["cache-control"] == "private, max-age=31536000, immutable"
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.headers["cache-control"] == first.headers["cache-control"]
    other = client.get(path, headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.content) == (200, first.content)


def test_each_picture_has_a_tag_of_its_own(client, keep):
    one, other = keep(talkative()), keep(running.photo())
    tags = [
        client.get(f"/v1/photos/{photo_id}/{path}").headers["etag"]
        for photo_id in (one, other)
        for path in [*drawn_paths(), "tiles.dzi"]
    ]
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize("name", ["picture?width=320", "tiles_files/9/0_0.jpg"])
def test_a_damaged_cache_is_drawn_anew(client, photo_id, tmp_path, name):
    path = f"/v1/photos/{photo_id}/{name}"
    first = client.get(path).content
    (box,) = (tmp_path / "home" / "pictures").iterdir()
    whole = box.read_bytes()
    for damaged in (whole[:100], b"", bytes(len(whole))):
        box.write_bytes(damaged)
        assert client.get(path).content == first
        assert box.read_bytes() == whole
    box.unlink()
    box.parent.rmdir()
    assert client.get(path).content == first


def test_requests_at_once_do_the_work_once(client, service, photo_id, monkeypatch):
    drawn = []
    run = type(service.workers).run

    def counted(self, function, *args, seconds):
        drawn.append(function.__name__)
        return run(self, function, *args, seconds=seconds)

    monkeypatch.setattr(type(service.workers), "run", counted)
    paths = [f"tiles_files/{level}/0_0.jpg" for level in range(11)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda p: client.get(f"/v1/photos/{photo_id}/{p}"), paths * 2))
    assert {answer.status_code for answer in answers} == {200}
    assert drawn == ["_tiles"]


def test_a_cache_that_cannot_be_written_only_costs_time(client, photo_id, tmp_path):
    (tmp_path / "home" / "pictures").write_bytes(b"in the way")
    for name in ("picture?width=320", "tiles_files/9/0_0.jpg"):
        assert client.get(f"/v1/photos/{photo_id}/{name}").status_code == 200
