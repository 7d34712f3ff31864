"""What a photo's file tells of itself, beside its pixels; only ever read in a worker.

Anybody can write or remove these fields, so what is absent says nothing at all, and what is there
is a hint for a person.
"""

import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pi_heif
from PIL import Image

from evidence.errors import UnsupportedPhotoError
from evidence.photo.container import find_decoder

pi_heif.register_heif_opener()

EDITORS = (
    "Photoshop", "Lightroom", "GIMP", "Snapseed", "PicsArt", "Pixelmator", "Affinity Photo",
    "Paint.NET", "Canva", "Photopea", "Facetune", "Meitu", "CorelDRAW", "PaintShop",
)  # fmt: skip
GENERATORS = (
    "Midjourney", "DALL-E", "DALL·E", "Stable Diffusion", "Adobe Firefly", "ComfyUI",
    "InvokeAI", "NovelAI", "AUTOMATIC1111",
)  # fmt: skip
_PROMPTS = {"parameters", "prompt", "workflow"}  # texts that generators write into a PNG
_SOURCE = re.compile(rb"(?i)trainedAlgorithmicMedia")  # IPTC's digital source type
_TOOL = re.compile(rb"CreatorTool\s*(?:=\s*[\"']|>)([^\"'<]{1,200})")
_C2PA_BOX = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_MOST_TEXT = 200  # characters of a name that are looked at
_SOFTWARE, _EXIF, _TAKEN, _OFFSETS = 0x0131, 0x8769, 0x9003, (0x9011, 0x9010)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the file says; None and False where it says nothing.

    Attributes:
        captured_at: when it was taken: ISO 8601, with an offset only where the file tells one.
        edited_with: name of the photo editor that it names.
        generated: it names a generator of pictures as its source.
        credentials: it carries content credentials (C2PA); they are not verified here.
    """

    captured_at: str | None = None
    edited_with: str | None = None
    generated: bool = False
    credentials: bool = False


def read_file_facts(data: bytes) -> FileFacts:
    """Read what a file tells, from untrusted bytes; broken fields are passed over."""
    try:
        decoder = find_decoder(data)
    except UnsupportedPhotoError:
        return FileFacts()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=[decoder])
            exif = image.getexif()
            taken, names = dict(exif.get_ifd(_EXIF)), [str(exif.get(_SOFTWARE, ""))]
            texts = {key: value for key, value in image.info.items() if isinstance(key, str)}
    except MemoryError:
        raise
    except Exception:  # decoders raise anything on hostile bytes
        taken, names, texts = {}, [], {}
    described = texts.get("xmp", b"")
    described = described if isinstance(described, bytes) else str(described).encode()
    names += [str(texts.get("Software", ""))]
    names += [found.decode(errors="replace") for found in _TOOL.findall(described)]
    manifests = b"".join(_manifests(data, decoder))
    prompted = decoder == "PNG" and bool(_PROMPTS & set(texts))
    return FileFacts(
        captured_at=_captured_at(taken),
        edited_with=_named(EDITORS, names),
        generated=prompted
        or _named(GENERATORS, names) is not None
        or any(_SOURCE.search(one) for one in (described, manifests)),
        credentials=bool(manifests),
    )


def _captured_at(taken: dict[int, object]) -> str | None:
    told = str(taken.get(_TAKEN, ""))[:19]
    try:
        captured = datetime.strptime(told, "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    for tag in _OFFSETS:
        try:
            return datetime.fromisoformat(
                captured.isoformat() + str(taken.get(tag, "?"))[:6]
            ).isoformat()
        except ValueError:
            continue
    return captured.isoformat()


def _named(known: tuple[str, ...], names: list[str]) -> str | None:
    said = " ".join(name[:_MOST_TEXT] for name in names).lower()
    return next((one for one in known if one.lower() in said), None)


def _manifests(data: bytes, decoder: str) -> Iterator[bytes]:
    """Yield the parts of a file that hold content credentials."""
    if decoder == "JPEG":
        yield from (part for part in _app11(data) if b"c2pa" in part)
    elif decoder == "PNG":
        yield from (part for name, part in _chunks(data, 8, "big", 4) if name == b"caBX")
    elif decoder == "WEBP":
        yield from (part for name, part in _chunks(data, 12, "little", 0) if name == b"C2PA")
    else:
        yield from (part for part in _boxes(data) if part.startswith(_C2PA_BOX))


def _app11(data: bytes) -> Iterator[bytes]:
    """Yield a JPEG's APP11 segments, up to the first scan."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] not in (0xDA, 0xD9):
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] == 0xEB:
            yield data[at + 4 : at + 2 + length]
        at += 2 + max(length, 2)


def _chunks(data: bytes, at: int, order: str, tail: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield (name, body) of a PNG's or WebP's chunks."""
    while at + 8 <= len(data):
        first, second = data[at : at + 4], data[at + 4 : at + 8]
        name, size = (second, first) if order == "big" else (first, second)
        length = int.from_bytes(size, "big" if order == "big" else "little")
        yield name, data[at + 8 : at + 8 + length]
        at += 8 + length + tail + (length % 2 if order == "little" else 0)


def _boxes(data: bytes) -> Iterator[bytes]:
    """Yield the bodies of the uuid boxes of a HEIC or AVIF file."""
    at = 0
    while at + 8 <= len(data):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if name == b"uuid":
            yield data[at + 8 : at + max(length, 8)]
        if length < 8:  # up to the end, or a size of 64 bits: only pixels are so large
            return
        at += length
