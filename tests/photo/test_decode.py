import hashlib
import io
import json
import struct
import subprocess
import sys
import zlib
from dataclasses import replace

import numpy as np
import pytest
from photo.shots import ROOT, SETTINGS, SHARED, blocks, encode
from PIL import Image, ImageCms, ImageOps

from evidence.errors import (
    DamagedPhotoError,
    PhotoError,
    PhotoTooLargeError,
    UnsupportedPhotoError,
)
from evidence.photo.decode import MEDIA_TYPES, decode_photo

LIMITS = SETTINGS.limits
STATUS = {UnsupportedPhotoError: 415, PhotoTooLargeError: 413, DamagedPhotoError: 422}
HOSTILE = SHARED / "hostile"
UPLOADS = SHARED / "photos" / "robustness_uploads"
HEIF = UPLOADS / "pillow_heif"
PIXELS = blocks()
FORMS = {  # our type -> a file of it
    "image/jpeg": encode(PIXELS, "JPEG", quality=95, subsampling=0),
    "image/png": encode(PIXELS),
    "image/webp": encode(PIXELS, "WEBP", lossless=True),
    "image/avif": encode(PIXELS, "AVIF", quality=95, subsampling="4:4:4"),
}
PROGRESSIVE = encode(PIXELS, "JPEG", progressive=True)
PIL_NAMES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/avif": "AVIF"}


def decode(data, *, side=4000, limits=LIMITS):
    return decode_photo(data, side=side, limits=limits)


def distance(pixels, truth=PIXELS):
    """Mean difference in levels of 255."""
    assert pixels.shape == truth.shape
    return np.abs(pixels.astype(float) - truth).mean()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def with_chunk(png, name, data):
    """Put a chunk behind the header of a PNG."""
    return png[:33] + chunk(name, data) + png[33:]


def hostile_files():
    if not HOSTILE.is_dir():
        return [pytest.param("", [], marks=pytest.mark.skip(f"no {HOSTILE}"))]
    manifest = json.loads((HOSTILE / "manifest.json").read_text())
    return [pytest.param(name, told["expect"], id=name) for name, told in manifest.items()]


@pytest.mark.parametrize("media_type", FORMS)
def test_each_type_gives_its_pixels_and_its_type_from_the_bytes(media_type):
    data = FORMS[media_type]
    photo = decode(data)
    assert photo.media_type == media_type
    assert (photo.width, photo.height, photo.scale) == (120, 160, 1.0)
    assert photo.sha256 == hashlib.sha256(data).hexdigest()
    assert distance(photo.pixels) < 4
    assert photo.pixels.dtype == np.uint8
    with pytest.raises(ValueError, match="read-only"):
        photo.pixels[0, 0] = 0


@pytest.mark.parametrize("name", ["RGB_8__128x128", "RGB_8__29x100", "RGB_10__128x128"])
def test_heic_gives_the_pixels_of_its_png(name):
    file = HEIF / f"tests__images__heif__{name}.heif"
    if not file.exists():
        pytest.skip(f"no {file}: the HEIC decoder comes without an encoder")
    twin = HEIF / f"tests__images__non_heif__{name.replace('RGB_10', 'RGB_16')}.png"
    photo = decode(file.read_bytes())
    assert photo.media_type == "image/heic"
    assert distance(photo.pixels, decode(twin.read_bytes()).pixels) < 6


def test_every_accepted_type_is_tested():
    assert {*FORMS, "image/heic"} == set(MEDIA_TYPES.values())


@pytest.mark.parametrize("side", [160, 80, 33, 1])
@pytest.mark.parametrize("media_type", FORMS)
def test_a_smaller_view_keeps_the_size_of_the_original(media_type, side):
    photo = decode(FORMS[media_type], side=side)
    assert (photo.width, photo.height) == (120, 160)
    assert photo.pixels.shape == (side, max(1, round(side * 0.75)), 3)
    assert photo.scale == side / 160


def test_a_small_photo_is_never_enlarged():
    assert decode(FORMS["image/png"], side=161).pixels.shape == (160, 120, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("media_type", FORMS)
def test_all_eight_orientations_give_the_same_upright_pixels(media_type, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    undo = {  # what EXIF 2.32 calls the orientation -> how it is stored then
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.swapaxes(0, 1),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
        8: lambda a: np.rot90(a, -1),
    }[orientation]
    options = {"lossless": True} if media_type == "image/webp" else {}
    stored = np.ascontiguousarray(undo(PIXELS))
    data = encode(stored, PIL_NAMES[media_type], exif=exif, **options)
    photo = decode(data)
    assert (photo.width, photo.height) == (120, 160)
    assert distance(photo.pixels) < 15  # a wrong one: about 85
    small = decode(data, side=40)
    assert small.pixels.shape == (40, 30, 3)
    assert (small.width, small.height) == (120, 160)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_is_none_is_passed_over(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encode(PIXELS, "JPEG", exif=exif)
    np.testing.assert_array_equal(decode(data).pixels, decode(encode(PIXELS, "JPEG")).pixels)


def test_broken_exif_fields_refuse_no_photo_and_its_orientation_still_counts():
    entries = [(0x010F, 2, 1, b"\0\0\0\0"), (0x0112, 3, 1, b"\6\0\0\0"), (0xC614, 99, 1, b"abcd")]
    entries += [(0x829A, 5, 1, b"\xff\xff\xff\x7f"), (0x9003, 1, 4, b"\1\2\3\4")]
    ifd = struct.pack("<H", len(entries))
    ifd += b"".join(struct.pack("<HHI", *entry[:3]) + entry[3] for entry in entries)
    tiff = b"II*\0\x08\0\0\0" + ifd + b"\0\0\0\0"
    data = encode(np.ascontiguousarray(np.rot90(PIXELS, 1)), "JPEG", exif=b"Exif\0\0" + tiff)
    assert decode(data).pixels.shape == PIXELS.shape


def swapped_profile():
    """The sRGB profile with red and blue exchanged in its table of tags."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for one, other in ((b"rXYZ", b"bXYZ"), (b"rTRC", b"bTRC")):
        profile = profile.replace(one, b"swap").replace(other, one).replace(b"swap", other)
    return profile


@pytest.mark.parametrize("media_type", FORMS)
def test_an_embedded_profile_is_converted_to_srgb(media_type):
    options = {"lossless": True} if media_type == "image/webp" else {"quality": 95}
    stored = np.ascontiguousarray(PIXELS[..., ::-1])  # means PIXELS under that profile
    data = encode(stored, PIL_NAMES[media_type], icc_profile=swapped_profile(), **options)
    assert distance(decode(data).pixels) < 10 < distance(stored)


def test_a_broken_profile_is_passed_over():
    data = encode(PIXELS, icc_profile=swapped_profile()[:200])
    assert distance(decode(data).pixels) == 0


def test_cmyk_looks_as_it_would_on_a_screen():
    data = encode(Image.fromarray(PIXELS).convert("CMYK"), "JPEG", quality=95)
    assert distance(decode(data).pixels) < 6


def test_of_sixteen_bit_grey_the_upper_byte_counts():
    level = np.arange(160 * 120, dtype=np.uint16).reshape(160, 120) * 3
    pixels = decode(encode(level)).pixels
    np.testing.assert_array_equal(pixels, np.repeat((level >> 8)[..., None], 3, axis=2))


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA"])
def test_every_opaque_mode_becomes_rgb(mode):
    picture = Image.fromarray(PIXELS).convert("L" if mode in ("LA", "1") else "RGB").convert(mode)
    truth = np.asarray(picture.convert("RGB"))
    np.testing.assert_array_equal(decode(encode(picture)).pixels, truth)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("hidden", ["all", "half", "one pixel slightly"])
def test_transparency_is_refused(form, hidden):
    alpha = np.full(PIXELS.shape[:2], 255, np.uint8)
    if hidden == "all":
        alpha[:] = 0
    elif hidden == "half":
        alpha[:80] = 128
    else:
        alpha[5, 5] = 250
    options = {"lossless": True} if form == "WEBP" else {"quality": 100} if form == "AVIF" else {}
    data = encode(np.dstack([PIXELS, alpha]), form, **options)
    with pytest.raises(DamagedPhotoError, match="transparent"):
        decode(data)


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_a_transparent_grey_is_refused_at_either_depth(depth):
    level = np.arange(160 * 120).reshape(160, 120).astype(depth)
    key = struct.pack(">H", 7)
    with pytest.raises(DamagedPhotoError, match="transparent"):
        decode(with_chunk(encode(level), b"tRNS", key))
    without = np.where(level == 7, 8, level).astype(depth)
    assert decode(with_chunk(encode(without), b"tRNS", key)).pixels.shape == PIXELS.shape


def test_a_transparent_colour_of_a_palette_is_refused():
    picture = Image.fromarray(PIXELS).convert("P", palette=Image.Palette.ADAPTIVE, colors=16)
    with pytest.raises(DamagedPhotoError, match="transparent"):
        decode(encode(picture, transparency=3))


@pytest.mark.parametrize("form", ["PNG", "WEBP", "AVIF"])
def test_an_animation_is_refused(form):
    other = Image.fromarray(np.ascontiguousarray(PIXELS[::-1]))
    data = encode(PIXELS, form, save_all=True, append_images=[other], duration=100)
    with pytest.raises(DamagedPhotoError, match="several pictures"):
        decode(data)


def multi_picture(kind):
    """Two pictures in one JPEG, the second of this MP type (CIPA DC-007)."""
    other = Image.fromarray(np.ascontiguousarray(PIXELS[:80, :60]))
    data = bytearray(encode(PIXELS, "MPO", save_all=True, append_images=[other]))
    start = data.index(b"MPF\0") + 4
    size = len(data) - data.index(b"\xff\xd8\xff", start)  # of the second picture
    order = "little" if data[start : start + 2] == b"II" else "big"
    at = data.index(size.to_bytes(4, order), start) - 4
    assert data[at : at + 4] == bytes(4)
    data[at : at + 4] = kind.to_bytes(4, order)
    return bytes(data)


@pytest.mark.parametrize("kind", [0x000000, 0x010001], ids=["gain map", "large thumbnail"])
def test_a_phones_auxiliary_picture_is_passed_over(kind):
    photo = decode(multi_picture(kind))
    assert photo.media_type == "image/jpeg"
    assert distance(photo.pixels) < 15


@pytest.mark.parametrize("kind", [0x020001, 0x020002], ids=["panorama", "stereo"])
def test_a_jpeg_of_several_equal_pictures_is_refused(kind):
    with pytest.raises(DamagedPhotoError, match="several pictures"):
        decode(multi_picture(kind))


@pytest.mark.parametrize("name", [b"IHDR", b"IDAT", b"tEXt", b"IEND"])
def test_a_png_with_a_wrong_checksum_is_refused(name):
    data = bytearray(with_chunk(FORMS["image/png"], b"tEXt", b"Comment\0hello"))
    at = data.index(name) - 4
    end = at + 12 + int.from_bytes(data[at : at + 4], "big")
    data[end - 1] ^= 1
    with pytest.raises(DamagedPhotoError, match="checksum"):
        decode(bytes(data))


def test_a_png_without_its_end_is_refused():
    data = FORMS["image/png"]
    with pytest.raises(DamagedPhotoError, match="end is missing"):
        decode(data[: data.index(b"IEND") - 4])


@pytest.mark.parametrize("name", [*FORMS, "progressive"])
def test_a_file_is_refused_wherever_it_is_cut(name):
    data = FORMS.get(name, PROGRESSIVE)
    places = {*range(0, len(data), 23), *range(12), *range(len(data) - 12, len(data))}
    for place in sorted(places):
        with pytest.raises((DamagedPhotoError, UnsupportedPhotoError)):
            decode(data[:place])


@pytest.mark.parametrize("name", [*FORMS, "progressive"])
def test_any_flipped_byte_gives_a_photo_or_our_own_error(name):
    data = FORMS.get(name, PROGRESSIVE)
    rng = np.random.default_rng(3)
    for _ in range(150):
        mutant = bytearray(data)
        for place in rng.integers(0, len(data), 3):
            mutant[place] = rng.integers(256)
        try:
            photo = decode(bytes(mutant), side=200)
        except PhotoError:
            continue
        assert photo.pixels.ndim == 3


def repeat_scan(data, times, before=b""):
    """Refine the last bit of a progressive JPEG again and again."""
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + (before + last) * times + b"\xff\xd9"


@pytest.mark.parametrize("before", [b"", b"\xff\xff\xff", b"\xff\x01", b"\xff\xfe\x00\x03!"])
def test_a_jpeg_with_a_thousand_scans_is_refused_however_they_are_set_apart(before):
    with pytest.raises(DamagedPhotoError, match="scans"):
        decode(repeat_scan(PROGRESSIVE, 1000, before))


def test_scans_are_counted_inclusively_and_not_in_what_follows_the_picture():
    scans = PROGRESSIVE.count(b"\xff\xda")
    assert scans > 5
    at_most = replace(LIMITS, max_scans=scans)
    assert decode(PROGRESSIVE, limits=at_most).pixels.shape == PIXELS.shape
    assert decode(PROGRESSIVE + b"\xff\xda\0\2" * 99, limits=at_most).pixels.shape == PIXELS.shape
    with pytest.raises(DamagedPhotoError, match="scans"):
        decode(PROGRESSIVE, limits=replace(LIMITS, max_scans=scans - 1))


@pytest.mark.parametrize("media_type", FORMS)
def test_the_limits_are_inclusive(media_type):
    data = FORMS[media_type]
    exact = replace(LIMITS, max_bytes=len(data), max_pixels=120 * 160, max_side=160)
    assert decode(data, limits=exact).width == 120
    with pytest.raises(PhotoTooLargeError, match="bytes"):
        decode(data, limits=replace(exact, max_bytes=len(data) - 1))
    with pytest.raises(PhotoTooLargeError, match="pixels"):
        decode(data, limits=replace(exact, max_pixels=120 * 160 - 1))
    with pytest.raises(DamagedPhotoError, match="sides"):
        decode(data, limits=replace(exact, max_side=159))


MEASURE = """
import resource, sys
from evidence.errors import PhotoTooLargeError
from evidence.photo.decode import decode_photo
from evidence.settings import LimitSettings

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

data = sys.stdin.buffer.read()
before = peak()
try:
    decode_photo(data, side=1600, limits=LimitSettings())
except PhotoTooLargeError:
    print(peak() - before)
"""


def test_a_bomb_is_refused_before_its_pixels_are_decoded():
    rows = zlib.compress(bytes(1251 * 10_000), 1)
    head = struct.pack(">IIBBBBB", 10_000, 10_000, 1, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    bomb = b"\x89PNG\r\n\x1a\n" + body  # 0.1 MB, 100 million pixels
    run = subprocess.run(
        [sys.executable, "-c", MEASURE], input=bomb, cwd=ROOT, capture_output=True, check=True
    )
    assert int(run.stdout) < 20_000  # KiB; the pixels alone are 100,000


@pytest.mark.parametrize("side", [10_000, 20_000, 65_000])
def test_a_jpeg_that_claims_too_many_pixels_is_refused(side):
    data = bytearray(FORMS["image/jpeg"])
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", side, side)
    with pytest.raises(PhotoTooLargeError, match="64 megapixels"):
        decode(bytes(data))


@pytest.mark.parametrize("form", ["GIF", "BMP", "TIFF", "JPEG2000", "PPM", "ICO", "PDF", "TGA"])
def test_what_pillow_could_open_is_refused_all_the_same(form):
    with pytest.raises(UnsupportedPhotoError, match="JPEG, PNG, WebP, HEIC or AVIF"):
        decode(encode(PIXELS, form))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"<html>" + FORMS["image/jpeg"],
        b"\0\0\0\x18ftypmp42\0\0\0\0mp41isom",
        b"RIFF\x24\0\0\0WAVEfmt ",
        b"\0\0\0\x08ftyp",
    ],
    ids=["nothing", "one byte", "page before a photo", "video", "sound", "no brand"],
)
def test_what_is_no_photo_is_refused_by_its_first_bytes(data):
    with pytest.raises(UnsupportedPhotoError):
        decode(data)


@pytest.mark.parametrize("media_type", FORMS)
def test_a_head_alone_is_damaged_not_unsupported(media_type):
    with pytest.raises(DamagedPhotoError):
        decode(FORMS[media_type][:40])


def test_a_clients_message_holds_nothing_of_the_decoders():
    with pytest.raises(DamagedPhotoError) as raised:
        decode(FORMS["image/webp"][:60])
    assert raised.value.__cause__ is not None
    assert str(raised.value.__cause__) not in str(raised.value)


def test_the_same_bytes_give_the_same_pixels():
    for data in FORMS.values():
        np.testing.assert_array_equal(decode(data).pixels, decode(data).pixels)


def test_pillows_own_turning_agrees():
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encode(PIXELS, exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    np.testing.assert_array_equal(decode(data).pixels, np.asarray(upright))


@pytest.mark.parametrize(("name", "allowed"), hostile_files())
def test_a_hostile_file_gets_a_status_that_the_manifest_allows(name, allowed):
    try:
        decode((HOSTILE / name).read_bytes(), side=1600)
        status = 201
    except PhotoError as error:
        status = STATUS[type(error)]
    assert status in allowed


def test_eight_real_photos_in_all_orientations_show_one_scene():
    files = sorted((UPLOADS / "exif_orientation").glob("Landscape_[1-8].jpg"))
    if not files:
        pytest.skip(f"no {UPLOADS}")
    first, *others = (decode(file.read_bytes(), side=400).pixels for file in files)
    assert first.shape[1] > first.shape[0]
    for other in others:
        assert distance(other, first) < 15 < distance(other[:, ::-1], first)


def test_every_odd_upload_is_decoded_or_refused_by_our_own_error():
    files = sorted(path for path in UPLOADS.rglob("*") if path.is_file())
    if not files:
        pytest.skip(f"no {UPLOADS}")
    decoded = 0
    for file in files:
        try:
            photo = decode(file.read_bytes(), side=400)
        except PhotoError:
            continue
        assert photo.pixels.ndim == 3, file
        decoded += 1
    assert 0 < decoded < len(files)
