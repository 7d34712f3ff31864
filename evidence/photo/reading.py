"""Read a photo: everything about it alone, on one page, computed once and stored."""

import io
import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from evidence.errors import StorageError
from evidence.photo.decode import Photo, decode_photo
from evidence.photo.encoding import encode_jpeg
from evidence.photo.features import Features, extract_features
from evidence.photo.frame import Frame, frame_item, rectify
from evidence.photo.hashing import Hashes, hash_item
from evidence.photo.hidden import HiddenBox, HiddenMap, find_hidden
from evidence.photo.outline import Outline, find_outlines
from evidence.photo.placing import find_surroundings, inside_outline
from evidence.photo.quality import Quality, find_shortfalls, measure_quality
from evidence.photo.shortfalls import Shortfall, name_shortfall
from evidence.settings import ReadingSettings, Settings

FORMAT = 2  # of the stored form


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What one photo is.

    Attributes:
        sha256: hex digest of the original bytes; the photo's id.
        media_type: decided from the bytes.
        width, height: of the upright original, in pixels.
        picture: JPEG bytes of the view: upright, sRGB, shrunk; points are in its pixels.
        outlines: what may be the item's outer edge in the view, best first; empty if none was
            found.
        frame: the plane of the best outline; the whole view where there is none.
        hashes: of the rectified item.
        features: keypoints and descriptors of the view.
        hidden: what of the item the photo does not show.
        quality: measures of the item's part.
        shortfalls: what the photo lacks.
    """

    sha256: str
    media_type: str
    width: int
    height: int
    picture: bytes
    outlines: tuple[Outline, ...]
    frame: Frame
    hashes: Hashes
    features: Features
    hidden: HiddenMap
    quality: Quality
    shortfalls: tuple[Shortfall, ...]

    @property
    def outline(self) -> Outline | None:
        """The best outline, None if there is none."""
        return self.outlines[0] if self.outlines else None

    def view(self) -> NDArray[np.uint8]:
        """Decode the picture: (H, W, 3) uint8 RGB, read-only."""
        return _decode(self.picture, cv2.IMREAD_COLOR_RGB)

    def lightness(self) -> NDArray[np.uint8]:
        """Decode the picture's lightness: (H, W) uint8, read-only; cheaper than with colours."""
        return _decode(self.picture, cv2.IMREAD_GRAYSCALE)

    def to_bytes(self) -> bytes:
        """Return the stored form; nothing in it is ever executed when it is read."""
        facts = {
            "format": FORMAT,
            "sha256": self.sha256,
            "media_type": self.media_type,
            "width": self.width,
            "height": self.height,
            "outlines": [[outline.score, outline.expected] for outline in self.outlines],
            "frame": [self.frame.width, self.frame.height, self.frame.px_per_mm],
            "hashes": asdict(self.hashes),
            "hidden": asdict(self.hidden),
            "quality": asdict(self.quality),
            "shortfalls": [[shortfall.code, shortfall.place] for shortfall in self.shortfalls],
        }
        file = io.BytesIO()
        np.savez(
            file,
            facts=np.frombuffer(json.dumps(facts).encode(), np.uint8),
            picture=np.frombuffer(self.picture, np.uint8),
            corners=np.array([o.corners for o in self.outlines], np.float32).reshape(-1, 4, 2),
            frame_from_view=self.frame.frame_from_view,
            keypoints=self.features.keypoints,
            descriptors=self.features.descriptors,
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Reading":
        """Return the reading from its stored form.

        Raises:
            StorageError: it was written by another version; read the photo again.
        """
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            facts = _facts(stored)
            arrays = {name: stored[name] for name in stored.files}
        return cls(
            sha256=facts["sha256"],
            media_type=facts["media_type"],
            width=facts["width"],
            height=facts["height"],
            picture=arrays["picture"].tobytes(),
            outlines=tuple(
                Outline(corners, *told)
                for corners, told in zip(arrays["corners"], facts["outlines"], strict=True)
            ),
            frame=Frame(arrays["frame_from_view"], *facts["frame"]),
            hashes=Hashes(**facts["hashes"]),
            features=Features(arrays["keypoints"], arrays["descriptors"]),
            hidden=_hidden(**facts["hidden"]),
            quality=Quality(**facts["quality"]),
            shortfalls=tuple(name_shortfall(*told) for told in facts["shortfalls"]),
        )


def stored_hashes(data: bytes) -> Hashes:
    """Return the hashes of a stored reading, without taking the rest out of it.

    Raises:
        StorageError: it was written by another version; read the photo again.
    """
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        return Hashes(**_facts(stored)["hashes"])


def _facts(stored: NpzFile) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(stored["facts"].tobytes())
    if facts["format"] != FORMAT:
        raise StorageError(
            "the stored reading is of another version; read the photo again",
            "保存された読み取り結果は別のバージョンのものです。写真を読み直してください。",
        )
    return facts


@lru_cache(maxsize=4)  # a comparison looks at its two pictures several times, in both ways
def _decode(picture: bytes, how: int) -> NDArray[np.uint8]:
    decoded = cv2.imdecode(np.frombuffer(picture, np.uint8), how)
    view = np.asarray(decoded, np.uint8)
    view.setflags(write=False)
    return view


def read_photo(
    data: bytes,
    *,
    settings: Settings,
    size_mm: tuple[float, float] | None = None,
    kind: str = "card",
) -> Reading:
    """Read a photo from untrusted bytes.

    Args:
        data: the file as uploaded, from anyone.
        settings: every threshold.
        size_mm: (width, height) of the item if known, else its kind's standard.
        kind: ``card``, ``slab``, ``sealed`` or ``other``; the last two have no standard size.

    Raises:
        PhotoError: the bytes are no usable photo; the subclass says why.
    """
    photo = decode_photo(data, side=settings.reading.view_side, limits=settings.limits)
    return read_decoded(photo, settings=settings, size_mm=size_mm, kind=kind)


def read_decoded(
    photo: Photo,
    *,
    settings: Settings,
    size_mm: tuple[float, float] | None = None,
    kind: str = "card",
) -> Reading:
    """Read what ``read_photo`` reads, once its bytes are decoded to the view's size."""
    wanted = settings.reading
    sizes = _sizes(size_mm, kind, wanted)
    outlines = find_outlines(
        photo.pixels,
        aspects=tuple(min(size) / max(size) for size in sizes),
        settings=settings.outline,
    )
    outline = outlines[0] if outlines else None
    view_size = photo.pixels.shape[1], photo.pixels.shape[0]
    frame = frame_item(outline, view_size, sizes_mm=sizes, height=wanted.frame_height)
    rectified = rectify(photo.pixels, frame)
    features = extract_features(
        photo.pixels,
        find_surroundings(outlines, view_size),
        side=wanted.feature_side,
        max_keypoints=wanted.max_keypoints,
    )
    on_item = inside_outline(outline, features.keypoints)
    hidden = find_hidden(rectified, frame, view_size, settings=wanted)
    quality = measure_quality(
        rectified,
        px_per_mm=_resolution(photo, outline, frame),
        glare=hidden.share("glare"),
        keypoints=int(np.count_nonzero(on_item)),
        outlined=outline is not None and outline.expected,
    )
    return Reading(
        sha256=photo.sha256,
        media_type=photo.media_type,
        width=photo.width,
        height=photo.height,
        picture=encode_jpeg(photo.pixels, wanted.view_quality, full_colour=True),
        outlines=outlines,
        frame=frame,
        hashes=hash_item(rectified, size=wanted.hash_size),
        features=features,
        hidden=hidden,
        quality=quality,
        shortfalls=find_shortfalls(quality, hidden, edged=kind != "other", settings=wanted),
    )


def _hidden(boxes: list[dict[str, Any]], **facts: Any) -> HiddenMap:
    return HiddenMap(boxes=tuple(HiddenBox(**box) for box in boxes), **facts)


def _sizes(
    size_mm: tuple[float, float] | None, kind: str, settings: ReadingSettings
) -> tuple[tuple[float, float], ...]:
    """Return the sizes to expect; none where only a rectangle can be expected.

    A slab is also expected where a card is: customers photograph both ways.
    """
    if size_mm:
        return (size_mm,)
    return (settings.card_mm, settings.slab_mm) if kind in ("card", "slab") else ()


def _resolution(photo: Photo, outline: Outline | None, frame: Frame) -> float | None:
    """Return pixels of the original a millimetre of the item, None if unknown."""
    if outline is None or frame.px_per_mm is None:
        return None
    sides = np.hypot(*(np.roll(outline.corners, -1, axis=0) - outline.corners).T)
    millimetres = 2 * (frame.width + frame.height) / frame.px_per_mm
    return float(sides.sum() / millimetres / photo.scale)
