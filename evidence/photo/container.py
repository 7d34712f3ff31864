"""What a photo's bytes are, and whether the file is built soundly, before it is decoded."""

import re
import zlib
from collections.abc import Iterator

from evidence.errors import DamagedPhotoError, UnsupportedPhotoError

HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx"}
AVIF_BRANDS = {b"avif", b"avis"}


def find_decoder(data: bytes) -> str:
    """Return Pillow's name of the decoder for these bytes; the file's name never counts.

    Raises:
        UnsupportedPhotoError: the bytes are no JPEG, PNG, WebP, HEIC or AVIF file.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        end = min(int.from_bytes(data[:4], "big"), 256)
        brands = {data[8:12], *(data[i : i + 4] for i in range(16, end, 4))}
        if brands & AVIF_BRANDS:
            return "AVIF"
        if brands & HEIF_BRANDS:
            return "HEIF"
    raise UnsupportedPhotoError(
        "This is no JPEG, PNG, WebP, HEIC or AVIF file. Send the photo in one of these formats.",
        "JPEG・PNG・WebP・HEIC・AVIF のファイルではありません。いずれかの形式で送ってください。",
    )


def check_structure(data: bytes, decoder: str, *, max_scans: int) -> None:
    """Refuse what decoders pass over: scans without end, chunks whose checksum is wrong.

    Args:
        data: the file.
        decoder: as ``find_decoder`` returns it.
        max_scans: most scans of a progressive JPEG.

    Raises:
        DamagedPhotoError: the file is built as no camera builds it.
    """
    many = data.count(b"\xff\xda") > max_scans  # at most as many scans; counted in no time
    if decoder == "JPEG" and many and _count_scans(data, max_scans + 1) > max_scans:
        raise DamagedPhotoError(
            "The JPEG has far more scans than a camera writes. Send the camera's own file.",
            "JPEG の走査数が、カメラのファイルとしては多すぎます。"
            "カメラの元のファイルを送ってください。",
        )
    if decoder == "PNG" and not all(sound for sound in _png_chunks(data)):
        raise DamagedPhotoError(
            "The PNG is damaged: a checksum is wrong or its end is missing. Send it once more.",
            "PNG が破損しています（チェックサムの不一致、または末尾の欠落）。"
            "もう一度送ってください。",
        )


def _count_scans(data: bytes, enough: int) -> int:
    """Count a JPEG's start-of-scan markers, walking its segments, up to ``enough``."""
    scans, at = 0, 2
    marker = re.compile(rb"\xff+[\x02-\xcf\xd8-\xfe]")  # has a length: no stuffing, TEM, restart
    while scans < enough and (found := marker.search(data, at)):
        code = data[found.end() - 1]
        if code == 0xD9:  # end of the picture; what follows is not decoded
            break
        scans += code == 0xDA
        length = int.from_bytes(data[found.end() : found.end() + 2], "big")
        at = found.end() + max(length, 2)
    return scans


def _png_chunks(data: bytes) -> Iterator[bool]:
    """Yield for each chunk whether its checksum holds, False at the end if IEND is missing."""
    at = 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        name, end = data[at + 4 : at + 8], at + 8 + length
        if end + 4 > len(data):
            break
        yield zlib.crc32(data[at + 4 : end]) == int.from_bytes(data[end : end + 4], "big")
        if name == b"IEND":
            return
        at = end + 4
    yield False
