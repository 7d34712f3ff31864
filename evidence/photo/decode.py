"""Decode a photo from untrusted bytes: one decoder, one truth of pixels."""

import hashlib
import io
import warnings
from dataclasses import dataclass

import cv2
import numpy as np
import pi_heif
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from evidence.errors import DamagedPhotoError, PhotoTooLargeError
from evidence.photo.container import check_structure, find_decoder
from evidence.settings import LimitSettings
from evidence.text import Text

pi_heif.register_heif_opener()

MEDIA_TYPES = {  # Pillow's name of the one decoder that is tried -> what the bytes are
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "HEIF": "image/heic",
    "AVIF": "image/avif",
}
TRANSPARENT = Text(
    "Parts of the picture are transparent, so readers would show different things. "
    "Send a photo without transparency.",
    "画像に透明な部分があり、見る環境によって異なって見えます。透明な部分のない写真を送ってください。",
)


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A decoded photo, upright, in sRGB.

    Attributes:
        sha256: hex digest of the original bytes; the photo's id.
        media_type: decided from the bytes.
        width, height: of the upright original, in pixels.
        pixels: (H, W, 3) uint8 RGB, read-only; the original, shrunk so that its longer
            side is at most the side that was asked for.
    """

    sha256: str
    media_type: str
    width: int
    height: int
    pixels: NDArray[np.uint8]

    @property
    def scale(self) -> float:
        """Size of ``pixels`` relative to the original, in (0, 1]."""
        return float(max(self.pixels.shape[:2]) / max(self.width, self.height))


def decode_photo(data: bytes, *, side: int, limits: LimitSettings) -> Photo:
    """Decode JPEG, PNG, WebP, HEIC or AVIF bytes, upright and in sRGB.

    Args:
        data: the file as uploaded, from anyone.
        side: longer side of the pixels to give, at most; never enlarged.
        limits: what the file may cost; checked before any pixel is decoded.

    Raises:
        UnsupportedPhotoError: the bytes are of none of these types.
        PhotoTooLargeError: more bytes or pixels than the limits allow.
        DamagedPhotoError: damaged, cut short, lying, animated or transparent.
    """
    if len(data) > limits.max_bytes:
        raise PhotoTooLargeError(
            f"The file has {len(data):,} bytes; at most {limits.max_bytes:,} are taken.",
            f"ファイルは {len(data):,} バイトです。{limits.max_bytes:,} バイトまで受け付けます。",
        )
    decoder = find_decoder(data)
    check_structure(data, decoder, max_scans=limits.max_scans)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # limits are ours, and oddities are judged below
            image = Image.open(io.BytesIO(data), formats=[decoder])
            _check_size(image, limits)
            _check_single(image)
            width, height = _upright_size(image)
            if decoder == "JPEG":
                image.draft(image.mode, _draft_size(image, side))
            pixels = _pixels(image, side)
    except (PhotoTooLargeError, DamagedPhotoError):
        raise
    except Image.DecompressionBombError as error:  # a bare Exception, no OSError
        raise _too_many_pixels(limits) from error
    except MemoryError:
        raise
    except Exception as error:  # decoders raise anything on hostile bytes
        raise DamagedPhotoError(
            "The file is damaged or cut short. Send the original file once more.",
            "ファイルが破損しているか、途中で切れています。元のファイルをもう一度送ってください。",
        ) from error
    pixels.setflags(write=False)
    digest = hashlib.sha256(data).hexdigest()
    return Photo(digest, MEDIA_TYPES[decoder], width, height, pixels)


def _too_many_pixels(limits: LimitSettings) -> PhotoTooLargeError:
    most = limits.max_pixels // 1_000_000
    return PhotoTooLargeError(
        f"The photo has too many pixels; at most {most} megapixels are taken.",
        f"写真の画素数が多すぎます。{most} メガピクセルまで受け付けます。",
    )


def _check_size(image: Image.Image, limits: LimitSettings) -> None:
    if image.width * image.height > limits.max_pixels:
        raise _too_many_pixels(limits)
    if min(image.size) < 1 or max(image.size) > limits.max_side:
        raise DamagedPhotoError(
            "The picture's sides are of no photo. Send the camera's own file.",
            "画像の縦横の大きさが写真のものではありません。カメラの元のファイルを送ってください。",
        )


def _check_single(image: Image.Image) -> None:
    """Refuse files that show more than one picture.

    Phones store an HDR gain map or a preview behind the picture; every reader shows the
    first one alone, so these are taken.
    """
    extras = [
        entry["Attribute"]["MPType"] for entry in getattr(image, "mpinfo", {}).get(0xB002, [])[1:]
    ]
    auxiliary = all(kind == "Undefined" or "Thumbnail" in kind for kind in extras)
    if getattr(image, "n_frames", 1) > 1 and not (extras and auxiliary):
        raise DamagedPhotoError(
            "The file holds several pictures. Send one photo a file.",
            "ファイルに複数の画像が含まれています。1ファイルに1枚で送ってください。",
        )


def _upright_size(image: Image.Image) -> tuple[int, int]:
    turned = _orientation(image) in (5, 6, 7, 8)
    return (image.height, image.width) if turned else image.size


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8; one that is none of these is passed over."""
    told = image.getexif().get(0x0112)
    return told if isinstance(told, int) and 1 <= told <= 8 else 1


def _draft_size(image: Image.Image, side: int) -> tuple[int, int]:
    scale = min(1.0, side / max(image.size))
    return round(image.width * scale), round(image.height * scale)


def _pixels(image: Image.Image, side: int) -> NDArray[np.uint8]:
    """Decode, drop an opaque alpha, shrink, turn upright, convert to sRGB; in this order."""
    image.load()
    profile = image.info.get("icc_profile")
    picture = _without_alpha(image)
    array = np.asarray(picture)
    if array.dtype != np.uint8:  # 16-bit grey: its upper byte is what a screen shows
        array = np.clip(array.astype(np.int64) >> 8, 0, 255).astype(np.uint8)
    scale = min(1.0, side / max(array.shape[:2]))
    if scale < 1.0:
        size = (max(1, round(array.shape[1] * scale)), max(1, round(array.shape[0] * scale)))
        array = np.asarray(cv2.resize(array, size, interpolation=cv2.INTER_AREA), np.uint8)
    if picture.mode == "RGB" and not profile and _orientation(image) == 1:
        return np.array(array)  # nothing is left to do; Pillow would copy it three times
    small = Image.fromarray(array, picture.mode if array.ndim == 3 else "L")
    small.getexif()[0x0112] = _orientation(image)  # alone: other fields may be broken
    ImageOps.exif_transpose(small, in_place=True)
    return np.array(_to_srgb(small, profile), np.uint8)


def _without_alpha(image: Image.Image) -> Image.Image:
    if image.mode in ("RGB", "L", "CMYK") and "transparency" not in image.info:
        return image
    if image.mode.startswith("I") or image.mode == "F":
        if np.any(np.asarray(image) == image.info.get("transparency", -1)):
            raise DamagedPhotoError(TRANSPARENT.en, TRANSPARENT.ja)
        return image
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        if rgba.getchannel("A").getextrema() != (255, 255):
            raise DamagedPhotoError(TRANSPARENT.en, TRANSPARENT.ja)
        return rgba.convert("RGB")
    return image.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert by the embedded profile; one that is broken is passed over, as browsers do."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = None
        if converted is not None:
            return converted
    return image if image.mode == "RGB" else image.convert("RGB")
