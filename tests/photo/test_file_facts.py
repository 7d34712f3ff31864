import io
import os
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from evidence.photo.file_facts import EDITORS, GENERATORS, FileFacts, read_file_facts

PICTURE = Image.new("RGB", (40, 30), (90, 120, 150))


def saved(form="JPEG", **how):
    file = io.BytesIO()
    PICTURE.save(file, form, **how)
    return file.getvalue()


def exif(taken=None, offset=None, software=None):
    told = Image.Exif()
    if software is not None:
        told[0x0131] = software
    inner = told.get_ifd(0x8769)
    if taken is not None:
        inner[0x9003] = taken
    if offset is not None:
        inner[0x9011] = offset
    return told.tobytes()


def segment(data, body):
    return data[:2] + b"\xff\xeb" + struct.pack(">H", len(body) + 2) + body + data[2:]


def chunk(data, name, body):
    crc = struct.pack(">I", zlib.crc32(name + body))
    return data[:33] + struct.pack(">I", len(body)) + name + body + crc + data[33:]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_file_that_says_nothing_tells_nothing(form):
    assert read_file_facts(saved(form)) == FileFacts()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize(
    ("offset", "captured_at"),
    [
        ("+09:00", "2025-03-01T12:34:56+09:00"),
        (None, "2025-03-01T12:34:56"),
        ("odd", "2025-03-01T12:34:56"),
        ("", "2025-03-01T12:34:56"),
    ],
)
def test_the_time_of_capture_has_a_zone_only_where_the_file_tells_one(form, offset, captured_at):
    told = exif("2025:03:01 12:34:56", offset)
    assert read_file_facts(saved(form, exif=told)).captured_at == captured_at


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "yesterday", "", "2025:13:01 00:00:00"])
def test_a_time_that_is_none_is_passed_over(taken):
    assert read_file_facts(saved(exif=exif(taken))).captured_at is None


@pytest.mark.parametrize("program", EDITORS)
def test_every_editor_is_known_by_its_name(program):
    told = read_file_facts(saved(exif=exif(software=f"Adobe {program.lower()} 26.1 (Windows)")))
    assert (told.edited_with, told.generated) == (program, False)


@pytest.mark.parametrize("program", [one for one in GENERATORS if one.isascii()])
def test_every_generator_is_known_by_its_name(program):
    assert read_file_facts(saved(exif=exif(software=program))).generated


def test_a_camera_is_no_editor():
    assert read_file_facts(saved(exif=exif(software="17.5.1"))) == FileFacts()


def test_descriptions_in_xmp_are_read_without_being_parsed():
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><r xmp:CreatorTool="Adobe Photoshop 26"'
    assert read_file_facts(saved(xmp=xmp)).edited_with == "Photoshop"
    source = b"<s>http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia</s>"
    assert read_file_facts(saved(xmp=source)).generated


def test_a_prompt_in_a_png_is_a_generators():
    info = PngInfo()
    info.add_text("parameters", "a mint card, Steps: 20")
    assert read_file_facts(saved("PNG", pnginfo=info)).generated


@pytest.mark.parametrize("generated", [False, True])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_content_credentials_are_seen_in_every_container(form, generated):
    body = b"JP\0\1\0\0\0\1jumbc2pa" + (b"trainedAlgorithmicMedia" if generated else b"camera")
    if form == "JPEG":
        data = segment(saved(), body)
    elif form == "PNG":
        data = chunk(saved("PNG"), b"caBX", body)
    elif form == "WEBP":
        data = saved("WEBP") + b"C2PA" + struct.pack("<I", len(body)) + body
    else:
        box = bytes.fromhex("d8fec3d61b0e483c92975828877ec481") + body
        data = saved("AVIF") + struct.pack(">I", len(box) + 8) + b"uuid" + box
    told = read_file_facts(data)
    assert (told.credentials, told.generated) == (True, generated)


def test_an_app11_segment_of_another_use_is_none():
    assert not read_file_facts(segment(saved(), b"HDR_RI ver=11")).credentials


def test_no_cut_and_no_noise_breaks_it():
    whole = segment(saved(exif=exif("2025:03:01 12:34:56", "+09:00", "GIMP")), b"JPjumbc2pa")
    for end in range(0, len(whole), 7):
        read_file_facts(whole[:end])
    for place in range(2, 300):
        read_file_facts(whole[:place] + os.urandom(4) + whole[place + 4 :])


HOSTILE = Path(__file__).parents[3] / "shared" / "photos" / "robustness_uploads"


@pytest.mark.skipif(not HOSTILE.is_dir(), reason="the hostile files are not here")
def test_hostile_files_tell_little_and_break_nothing():
    files = [path for path in sorted(HOSTILE.rglob("*")) if path.is_file()][::4]
    assert files
    for path in files:
        assert isinstance(read_file_facts(path.read_bytes()), FileFacts)
