"""Search all photos for what a probe shows: hashes first, then a comparison of the best."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from evidence.comparison.combine import AGREEING, discount_conclusion
from evidence.comparison.conclusion import Conclusion
from evidence.comparison.verdict import VerdictName
from evidence.errors import EvidenceError
from evidence.registry.records import OwnedPhoto, PhotoHashes
from evidence.service.conclusions import conclude_pairs
from evidence.service.kept_hashes import kept_hashes
from evidence.service.parts import Service
from evidence.service.uploads import Upload, kept_photo, read_upload
from evidence.service.wholeness import is_whole

_PAGE = 64  # photos whose owners are asked for at once

Identity = Literal["bytes", "pixels"]


@dataclass(frozen=True, slots=True)
class NearPhoto:
    """A kept photo and how far it is from the probe, in bits of 256."""

    photo_id: str
    distance: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A photo of an item or claim, held against the probe.

    Attributes:
        photo: where it hangs.
        distance: between the perceptual hashes, in bits of 256.
        verdict: what the two photos show.
        llr: log10 likelihood ratio that they show one design; None if it was not determined.
        identical: the very same file (``bytes``) or picture (``pixels``); None if neither is.
        found: a comparison verified that both show one design, or one picture of it.
    """

    photo: OwnedPhoto
    distance: int
    verdict: VerdictName
    llr: float | None
    identical: Identity | None
    found: bool


def search_upload(
    service: Service, data: bytes, *, exclude_order: str | None, examined: bool = False
) -> list[Hit]:
    """Keep a probe that belongs to nothing, and search all items' and claims' photos for it.

    Args:
        service: the parts.
        data: the file, from anyone.
        exclude_order: an order whose items and claims are not looked at.
        examined: as for ``search_kept``.

    Returns:
        Those that were verified first, each kind with the nearest first.

    Raises:
        PhotoError: the bytes are no usable photo.
        BusyError: no worker came free, or the work did not end in time.
    """
    reading = read_upload(service, data)
    photo = kept_photo(Upload(data, "other"), reading, service.now())
    service.registry.keep_loose_photo(photo, data, reading.to_bytes())

    def wanted(owned: OwnedPhoto) -> bool:
        return exclude_order is None or owned.order_id != exclude_order

    with service.telemetry.stage("search"):
        return search_kept(service, reading.sha256, wanted, examined=examined)


def search_kept(
    service: Service,
    photo_id: str,
    wanted: Callable[[OwnedPhoto], bool],
    *,
    view: str = "other",
    examined: bool,
) -> list[Hit]:
    """Search the photos that are wanted for what a kept photo shows.

    The same file and the same picture are always among the hits; of the others those nearest by
    their hashes are compared, each once for ever. The probe is the reference of them all, so that
    its lines, its print and its cut are found once.

    Args:
        service: the parts.
        photo_id: the probe.
        wanted: says of a photo on an item or claim whether it is looked at.
        view: what the probe shows, as its sender said.
        examined: the print of what looks alike is read and its copy examined, up to a second each;
            else the picture decides, which products of the same artwork share.

    Raises:
        NotFoundError: no such photo.
        BusyError: no worker came free, or the work did not end in time.
    """
    probe = kept_hashes(service, photo_id)
    alike = service.registry.photos_of_pixels(probe.pixels_sha256)
    identical: dict[str, Identity] = dict.fromkeys(alike, "pixels")
    identical[photo_id] = "bytes"
    near = rank_photos(service, probe)
    hanging = _with_owners(service, near, wanted, first=list(identical))
    owned = list(islice(hanging, service.settings.search.candidates))
    pairs = [(photo_id, one.photo_id) for one, _ in owned]
    found = conclude_pairs(service, pairs, examined=examined)
    hits = [
        _hit(photo, one, concluded, identical.get(one.photo_id), view)
        for (one, photos), concluded in zip(owned, found, strict=True)
        for photo in photos
    ]
    return sorted(hits, key=lambda hit: (not hit.found, hit.identical is None, hit.distance))


def rank_photos(service: Service, probe: PhotoHashes) -> Iterator[NearPhoto]:
    """Yield all kept photos, those nearest to the probe first; new ones are there at once."""
    fill_gallery(service)
    service.gallery.refresh(service.registry)
    ranked = service.gallery.rank(probe)
    while page := list(islice(ranked, _PAGE)):
        named = service.registry.photos_by_number([near.number for near in page])
        yield from (
            NearPhoto(named[near.number], near.distance) for near in page if near.number in named
        )


def fill_gallery(service: Service) -> None:
    """Hash the photos that an older version kept without; one that cannot be read stays out."""
    if service.gallery.filled:
        return
    with service.locks.holding("fill the gallery"):
        whole = True
        for photo_id in service.registry.photos_without_hashes():
            try:
                kept_hashes(service, photo_id)
            except EvidenceError:  # a full queue, a damaged original: the search goes on without
                whole = False
        service.gallery.filled = whole


def _with_owners(
    service: Service,
    near: Iterator[NearPhoto],
    wanted: Callable[[OwnedPhoto], bool],
    *,
    first: Sequence[str],
) -> Iterator[tuple[NearPhoto, list[OwnedPhoto]]]:
    """Yield the whole photos that hang where they are wanted, the identical ones first."""
    distances = {photo_id: NearPhoto(photo_id, 0) for photo_id in first}
    pages = [[*distances.values()]]
    while pages[0]:
        page = pages.pop()
        hanging: dict[str, list[OwnedPhoto]] = {}
        for owned in service.registry.owners([one.photo_id for one in page]):
            if wanted(owned):
                hanging.setdefault(owned.photo_id, []).append(owned)
        yield from (
            (one, hanging[one.photo_id])
            for one in page
            if one.photo_id in hanging and is_whole(service, one.photo_id)
        )
        pages = [[one for one in islice(near, _PAGE) if one.photo_id not in distances]]


def _hit(
    photo: OwnedPhoto, near: NearPhoto, concluded: Conclusion, identical: Identity | None, view: str
) -> Hit:
    seen = discount_conclusion(concluded, reference_view=photo.view, query_view=view)
    llr = seen.design.llr
    return Hit(
        photo=photo,
        distance=near.distance,
        verdict=seen.verdict,
        llr=llr,
        identical=identical,
        found=identical is not None or seen.verdict in AGREEING,
    )
