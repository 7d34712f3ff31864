"""Files made to harm, by families, from code and seeds; whoever adds one says what may answer it.

``hostile_files`` yields (name, bytes, statuses that may answer an upload of it). REFUSED are those
of a refusal; where a reader may well make a photo of the file, 201 stands with them.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from functools import cache

import numpy as np
from PIL import Image, ImageCms

REFUSED = frozenset({413, 415, 422})
EITHER = REFUSED | {201}
TAKEN = frozenset({201})
File = tuple[str, bytes, frozenset[int]]

_SIDE = 10_000  # 100 megapixels


def encode(picture, form: str, **options) -> bytes:
    file = io.BytesIO()
    if isinstance(picture, np.ndarray):
        picture = Image.fromarray(picture)
    picture.save(file, form, **options)
    return file.getvalue()


def noise(height: int = 96, width: int = 64, channels: int = 3) -> np.ndarray:
    shape = (height // 8, width // 8, channels)
    blocks = np.random.default_rng(7).integers(0, 255, shape, np.uint8)
    return np.ascontiguousarray(blocks.repeat(8, axis=0).repeat(8, axis=1))


SOUND = {
    "jpg": encode(noise(), "JPEG", quality=90),
    "progressive.jpg": encode(noise(), "JPEG", progressive=True),
    "png": encode(noise(), "PNG"),
    "webp": encode(noise(), "WEBP", lossless=True),
    "lossy.webp": encode(noise(), "WEBP"),
    "avif": encode(noise(), "AVIF"),
}


def hostile_files(*, bombs_too: bool = True) -> Iterator[File]:
    """Yield all; bombs take longest to make."""
    families = (sizes, truncations, pngs, jpegs, exifs, profiles, boxes, riffs, polyglots, several)
    for family in (*families, *((bombs,) if bombs_too else ())):
        for name, data, statuses in family():
            yield f"{family.__name__}: {name}", data, statuses


# The parts that files are made of


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, depth, colour, rows: bytes, *, interlaced=0, before=b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    body = chunk(b"IHDR", head) + before + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@cache
def zeros(count: int) -> bytes:
    """Return a deflate stream of so many zeros, made in pieces."""
    packer, piece = zlib.compressobj(1), bytes(1_000_000)
    packed = b"".join(packer.compress(piece) for _ in range(count // len(piece)))
    return packed + packer.compress(bytes(count % len(piece))) + packer.flush()


def segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def in_jpeg(parts: bytes, data: bytes = SOUND["jpg"]) -> bytes:
    """Put segments behind the start of a JPEG."""
    return data[:2] + parts + data[2:]


def in_png(parts: bytes, data: bytes = SOUND["png"]) -> bytes:
    return data[:33] + parts + data[33:]


def resized_jpeg(width: int, height: int, data: bytes = SOUND["jpg"]) -> bytes:
    at = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2")) + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


def borders(data: bytes, kind: str) -> list[int]:
    """Return where the parts of a file begin: segments, chunks or boxes."""
    places, at = [], {"jpg": 2, "png": 8, "webp": 12}.get(kind, 0)
    while at + 8 < len(data):
        places.append(at)
        if kind == "jpg":
            if data[at + 1] == 0xDA:  # pixels from here on
                return places
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        elif kind == "png":
            at += 12 + int.from_bytes(data[at : at + 4], "big")
        elif kind == "webp":
            size = int.from_bytes(data[at + 4 : at + 8], "little")
            at += 8 + size + size % 2
        else:
            inside = data[at + 4 : at + 8] in (b"iprp", b"ipco", b"iinf")
            skip = {b"meta": 12, b"iinf": 14}.get(data[at + 4 : at + 8], 8)
            whole = int.from_bytes(data[at : at + 4], "big")
            at += skip if inside or data[at + 4 : at + 8] == b"meta" else max(whole, 8)
    return places


def box(name: bytes, data: bytes = b"", size: int | None = None) -> bytes:
    return struct.pack(">I", len(data) + 8 if size is None else size) + name + data


# The families


def bombs() -> Iterator[File]:
    """Small files of more pixels than anybody wants to hold."""
    for depth, colour, bits in ((1, 0, 1), (8, 2, 24), (16, 6, 64), (8, 3, 8), (16, 0, 16)):
        rows = zeros(min(_SIDE * (_SIDE * bits // 8 + 1), 200_000_000))
        palette = chunk(b"PLTE", bytes(768)) if colour == 3 else b""
        for interlaced in (0, 1):
            data = png(_SIDE, _SIDE, depth, colour, rows, interlaced=interlaced, before=palette)
            yield f"png {depth} bits of type {colour}, interlaced {interlaced}", data, REFUSED
    for mode in ("L", "RGB", "CMYK"):
        for progressive in (False, True):
            small = encode(Image.new(mode, (16, 16)), "JPEG", progressive=progressive)
            yield f"jpg {mode} {progressive}", resized_jpeg(_SIDE, _SIDE, small), REFUSED
            yield f"jpg {mode} {progressive}, largest", resized_jpeg(65_500, 65_500, small), REFUSED
    for side in (0x3FFF, 12_000):
        bits = (side - 1) | (side - 1) << 14
        lossless = bytearray(SOUND["webp"])
        at = lossless.index(b"VP8L") + 9
        lossless[at : at + 4] = (bits & 0x0FFFFFFF).to_bytes(4, "little")
        yield f"webp lossless {side}", bytes(lossless), REFUSED
        lossy = bytearray(SOUND["lossy.webp"])
        at = lossy.index(b"\x9d\x01\x2a") + 3
        lossy[at : at + 4] = struct.pack("<HH", side, side)
        yield f"webp lossy {side}", bytes(lossy), REFUSED
    for side in (_SIDE, 65_535, 2**31 - 1, 2**32 - 1):
        data = bytearray(SOUND["avif"])
        at = data.index(b"ispe") + 8
        data[at : at + 8] = struct.pack(">II", side, side)
        yield f"avif {side}", bytes(data), REFUSED
    yield "png, pixels without end", png(64, 64, 8, 2, zeros(500_000_000)), EITHER


def sizes() -> Iterator[File]:
    """Sizes that are none, and strips."""
    row = zlib.compress(bytes(1000))
    for width, height in ((0, 0), (0, 9), (9, 0), (2**31 - 1, 1), (2**32 - 1, 1), (1, 1_000_000)):
        yield f"png {width} x {height}", png(width, height, 8, 0, row), REFUSED
    for width, height in ((0, 0), (0, 64), (64, 0), (65_535, 1), (1, 65_535)):
        yield f"jpg {width} x {height}", resized_jpeg(width, height), REFUSED
    yield "png of no depth", png(9, 9, 3, 2, row), REFUSED
    yield "png of no colour", png(9, 9, 8, 5, row), REFUSED


def truncations() -> Iterator[File]:
    """Every sound file cut at the border of each of its parts, and beside it."""
    for name, data in SOUND.items():
        kind = name.rpartition(".")[2]
        for place in borders(data, kind):
            for cut in {place - 1, place, place + 1, place + 4, place + 8} - {len(data)}:
                yield f"{name} at {cut}", data[: max(cut, 0)], REFUSED


def pngs() -> Iterator[File]:
    """Chunks: too many, too large when unpacked, in the wrong place, of a wrong checksum."""
    text = b"Comment\0\0" + zeros(200_000_000)
    yield "ztxt of 200 MB", in_png(chunk(b"zTXt", text)), EITHER
    yield "70 texts of 0.9 MB", in_png(chunk(b"zTXt", b"k\0\0" + zeros(900_000)) * 70), EITHER
    yield "itxt of 200 MB", in_png(chunk(b"iTXt", b"k\0\1\0\0\0" + zeros(200_000_000))), EITHER
    yield "profile of 200 MB", in_png(chunk(b"iCCP", b"p\0\0" + zeros(200_000_000))), EITHER
    yield "100,000 chunks", in_png(chunk(b"tEXt", b"k\0v") * 100_000), EITHER
    rows = zlib.compress(b"".join(b"\0" + bytes(192) for _ in range(64)))
    split = b"".join(chunk(b"IDAT", rows[i : i + 1]) for i in range(len(rows)))
    head = png(64, 64, 8, 2, b"")[:33]
    yield (
        "pixels byte by byte",
        head + chunk(b"IDAT", b"") * 50_000 + split + chunk(b"IEND", b""),
        (EITHER),
    )
    yield "no pixels", head + chunk(b"IEND", b""), REFUSED
    yield "no palette", png(9, 9, 8, 3, zlib.compress(bytes(90))), EITHER
    yield (
        "palette of 300",
        png(9, 9, 8, 3, zlib.compress(bytes(90)), before=chunk(b"PLTE", bytes(900))),
        EITHER,
    )
    yield "two heads", in_png(SOUND["png"][8:33]), EITHER
    yield "unknown, needed", in_png(chunk(b"ABCD", b"x")), EITHER
    yield "length of 4 GB", in_png(struct.pack(">I", 2**32 - 1) + b"tEXt"), REFUSED
    for name in (b"IHDR", b"IDAT", b"IEND"):
        data = bytearray(SOUND["png"])
        at = data.index(name) - 4
        data[at + 11 + int.from_bytes(data[at : at + 4], "big")] ^= 1
        yield f"checksum of {name.decode()}", bytes(data), REFUSED


def jpegs() -> Iterator[File]:
    """Scans, restarts, segments and tables without end."""
    data = SOUND["progressive.jpg"]
    last = data[data.rindex(b"\xff\xda") : -2]
    for times in (100, 10_000):
        yield f"{times} scans", data[:-2] + last * times + b"\xff\xd9", REFUSED
    large = encode(np.zeros((4000, 4000), np.uint8), "JPEG", progressive=True)
    last = large[large.rindex(b"\xff\xda") : -2]
    yield "scans of 16 megapixels", large[:-2] + last * 2000 + b"\xff\xd9", REFUSED
    sound = SOUND["jpg"]
    at = sound.index(b"\xff\xda")
    every = sound[:at] + segment(0xDD, b"\0\1") + sound[at:]
    yield "restarts that never come", every, EITHER
    restarts = b"".join(b"\xff" + bytes([0xD0 + i % 8]) for i in range(200_000))
    yield "200,000 restarts", sound[:-2] + restarts + b"\xff\xd9", EITHER
    yield "restarts instead of pixels", every[:-200] + restarts + b"\xff\xd9", EITHER
    yield "50,000 comments", in_jpeg(segment(0xFE, b"x") * 50_000), EITHER
    yield "a megabyte of fill", in_jpeg(b"\xff" * 1_000_000), EITHER
    yield "60 MB of comments", in_jpeg(segment(0xFE, bytes(65_000)) * 900), EITHER
    yield "1,000 tables", in_jpeg(segment(0xDB, b"\0" + bytes(range(1, 65))) * 1000), EITHER
    yield "a table of no numbers", in_jpeg(segment(0xC4, b"\0" + b"\xff" * 16)), EITHER
    yield "two frames", in_jpeg(sound[sound.index(b"\xff\xc0") :][:19]), EITHER
    yield "arithmetic coding", sound.replace(b"\xff\xc0", b"\xff\xc9", 1), EITHER
    yield "lossless", sound.replace(b"\xff\xc0", b"\xff\xc3", 1), REFUSED
    yield "12 bits", sound.replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c", 1), REFUSED
    frame = sound.index(b"\xff\xc0")
    yield "sampled 4 x 4", sound[: frame + 11] + b"\x44" + sound[frame + 12 :], EITHER
    yield "sampled 0 x 0", sound[: frame + 11] + b"\0" + sound[frame + 12 :], REFUSED
    yield "255 colours", sound[: frame + 9] + b"\xff" + sound[frame + 10 :], REFUSED


def _tiff(entries: list[tuple[int, int, int, bytes]], following: int = 0) -> bytes:
    ifd = struct.pack("<H", len(entries))
    ifd += b"".join(struct.pack("<HHI", *entry[:3]) + entry[3] for entry in entries)
    return b"II*\0\x08\0\0\0" + ifd + struct.pack("<I", following)


def exifs() -> Iterator[File]:
    """EXIF that points at itself, beyond its end, or has no end."""
    pointers = (0x8769, 0x8825, 0xA005, 0x014A)
    here = struct.pack("<I", 8)
    made = {
        "directory that follows itself": _tiff([(0x0112, 3, 1, b"\1\0\0\0")], following=8),
        "directories inside themselves": _tiff([(tag, 4, 1, here) for tag in pointers]),
        "beyond its end": _tiff([(tag, 4, 1, b"\xff\xff\xff\x7f") for tag in pointers]),
        "a value of 4 GB": _tiff([(0x010E, 2, 2**32 - 1, here)]),
        "65,535 fields": b"II*\0\x08\0\0\0\xff\xff" + b"\x0e\1\2\0\xff\xff\0\0\x08\0\0\0" * 5000,
        "division by zero": _tiff([(0x829A, 5, 1, here), (0x011A, 5, 1, here)]),
        "unknown kind": _tiff([(0x0112, 99, 1, b"\6\0\0\0")]),
        "no directory": b"II*\0\xff\xff\xff\xff",
        "nothing": b"",
    }
    for name, tiff in made.items():
        data = in_jpeg(segment(0xE1, b"Exif\0\0" + tiff[:65_000]))
        yield f"{name}, jpg", data, TAKEN
        yield f"{name}, png", in_png(chunk(b"eXIf", tiff)), EITHER
    xmp = b"http://ns.adobe.com/xap/1.0/\0"
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (i, b"&l%d;" % (i - 1) * 10) for i in range(1, 10))
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">' + laughs + b"]><x>&l9;</x>"
    yield "xmp of entities", in_jpeg(segment(0xE1, xmp + entity)), TAKEN
    yield "xmp nested", in_jpeg(segment(0xE1, xmp + b"<a>" * 15_000)), TAKEN
    outside = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    yield "xmp from outside", in_jpeg(segment(0xE1, xmp + outside)), TAKEN


def profiles() -> Iterator[File]:
    """ICC profiles: of another kind, cut, lying, huge."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    random = np.random.default_rng(5).integers(0, 256, 3000, np.uint8).tobytes()
    made = {
        "lab": lab,
        "cut": srgb[: len(srgb) // 2],
        "lying length": b"\xff\xff\xff\xff" + srgb[4:],
        "tags without end": srgb[:128] + b"\xff\xff\xff\xff" + srgb[132:],
        "noise": random,
        "noise behind a head": srgb[:132] + random,
        "grey": srgb.replace(b"RGB ", b"GRAY", 1),
        "cmyk": srgb.replace(b"RGB ", b"CMYK", 1),
        "four megabytes": srgb + bytes(4_000_000),
    }
    for name, profile in made.items():
        yield f"{name}, jpg", encode(noise(), "JPEG", icc_profile=profile), TAKEN
        yield f"{name}, png", encode(noise(), "PNG", icc_profile=profile), EITHER
        yield f"{name}, webp", encode(noise(), "WEBP", icc_profile=profile), EITHER
        yield f"{name}, avif", encode(noise(), "AVIF", icc_profile=profile), EITHER
    parts = segment(0xE2, b"ICC_PROFILE\0\x01\xff" + srgb) * 300
    yield "300 first parts of 255", in_jpeg(parts), TAKEN
    for mode, level in (("L", 255), ("CMYK", 4), ("RGB", 3)):
        data = encode(Image.new(mode, (64, 64)), "JPEG", icc_profile=srgb)
        yield f"rgb in {mode} {level}", data, TAKEN


def boxes() -> Iterator[File]:
    """HEIC and AVIF: boxes that lie, nest, loop and never end."""
    for brand in (b"heic", b"avif", b"mif1", b"avis", b"msf1"):
        head = box(b"ftyp", brand + bytes(4) + brand)
        for name, rest in (
            ("alone", b""),
            ("empty meta", box(b"meta", bytes(4))),
            ("meta up to the end", box(b"meta", bytes(40), size=0)),
            ("meta of 4 GB", box(b"meta", bytes(40), size=2**32 - 1)),
            ("meta of 2^63", struct.pack(">I", 1) + b"meta" + struct.pack(">Q", 2**63)),
            ("a box smaller than its head", box(b"meta", bytes(40), size=4)),
            ("100,000 empty boxes", box(b"free") * 100_000),
            ("no boxes", bytes(100_000)),
        ):
            yield f"{brand.decode()} {name}", head + rest, REFUSED
        nested = b""
        for _ in range(3000):
            nested = box(b"ipco", nested)
        yield f"{brand.decode()} nested", head + box(b"meta", bytes(4) + nested), REFUSED
    data = SOUND["avif"]
    for name in (b"meta", b"iloc", b"iinf", b"iprp", b"ipco", b"ispe", b"ipma", b"mdat", b"pitm"):
        at = data.index(name) - 4
        for size in (0, 1, 7, 2**31, 2**32 - 1):
            yield (
                f"avif {name.decode()} of {size}",
                data[:at] + struct.pack(">I", size) + data[at + 4 :],
                EITHER,
            )
        yield f"avif without {name.decode()}", data.replace(name, b"free", 1), EITHER
    at = data.index(b"iloc")
    for place in range(at + 8, at + 24):
        yield f"avif iloc {place - at}", data[:place] + b"\xff" + data[place + 1 :], EITHER
    yield "avif as heic", data.replace(b"ftypavif", b"ftypheic", 1), EITHER


def riffs() -> Iterator[File]:
    """WebP whose sizes lie."""
    for name in ("webp", "lossy.webp"):
        data = SOUND[name]
        for at in (4, 16):
            for size in (0, 1, 2**31, 2**32 - 1, len(data) * 2):
                lying = data[:at] + struct.pack("<I", size) + data[at + 4 :]
                yield f"{name} at {at} {size}", lying, EITHER
        canvas = struct.pack("<I", 0)[:4] + b"\xff\xff\xff" * 2
        wide = b"VP8X" + struct.pack("<I", 10) + canvas + data[12:]
        yield f"{name} on the largest canvas", _riff(wide), REFUSED
        yield f"{name} 100,000 chunks", _riff(data[12:] + b"ABCD\0\0\0\0" * 100_000), EITHER


def _riff(body: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def polyglots() -> Iterator[File]:
    """Photos that are something else too; they are taken, and never given out as that."""
    page = b"<html><script>alert(1)</script></html>"
    for name, data in SOUND.items():
        yield f"{name} and a page", data + page, TAKEN
        yield f"{name} and a megabyte", data + bytes(1_000_000), TAKEN
        yield f"{name} and another", data + data, EITHER
        yield f"a page before {name}", page + data, frozenset({415})
        yield f"{name} after a line", b"\n" + data, frozenset({415})
    yield "jpg with a page in it", in_jpeg(segment(0xFE, page)), TAKEN
    yield "png with php in it", in_png(chunk(b"tEXt", b"k\0<?php system(1); ?>")), TAKEN
    yield "gif that calls itself jpg", b"\xff\xd8\xffGIF89a" + bytes(100), REFUSED
    picture = Image.fromarray(noise())
    for form in ("GIF", "TIFF", "BMP", "PPM", "ICO", "PDF", "JPEG2000", "EPS", "TGA"):
        yield f"{form} under any name", encode(picture, form), frozenset({415})
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    yield "svg", svg, frozenset({415})
    yield "program", b"\x7fELF" + bytes(100), frozenset({415})
    yield "nothing", b"", frozenset({415})


def several() -> Iterator[File]:
    """Files of several pictures, of which readers show one."""
    pictures = [Image.new("RGB", (64, 64), (i % 255, i // 255, 9)) for i in range(60)]
    for form in ("PNG", "WEBP", "AVIF"):
        count = 8 if form == "AVIF" else 60
        options = {"save_all": True, "append_images": pictures[1:count], "duration": 10}
        yield f"{form} of {count}", encode(pictures[0], form, **options), REFUSED
    many = encode(pictures[0], "MPO", save_all=True, append_images=pictures[1:50])
    yield "MPO of 50", many, EITHER  # it calls those that follow no pictures of their own
    at = many.index(b"MPF\0") + 4
    for place in range(at, at + 90, 3):
        yield f"MPO, lying at {place - at}", many[:place] + b"\xff" + many[place + 1 :], EITHER
