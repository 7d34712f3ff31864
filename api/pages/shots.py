"""What is to be photographed, and what was: a tile for each view, alike for items and returns."""

from collections.abc import Sequence
from dataclasses import dataclass

from evidence.photo.reading import Reading
from evidence.photo.shortfalls import Shortfall
from evidence.registry.records import Item, KeptPhoto
from evidence.service.items import NEEDED_VIEWS
from evidence.service.parts import Service
from evidence.service.uploads import kept_reading
from evidence.settings import ReadingSettings

# Beside what sealing needs: what tells copies of one design apart (where it is cut, how its edges
# are worn, what shows in raking light), and a slab's certificate.
ADVISED_VIEWS = {
    "card": ("corner", "edge", "raking"),
    "slab": ("label", "corner", "edge"),
    "sealed": ("corner", "edge"),
    "other": ("back",),
}


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo that was taken, with what it lacks; good if that is nothing."""

    photo: KeptPhoto
    shortfalls: tuple[Shortfall, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One view: whether it is ``needed``, ``advised`` or ``more``, and its shots so far."""

    view: str
    rank: str
    shots: tuple[Shot, ...]


def lay_tiles(
    service: Service, kind: str, photos: Sequence[KeptPhoto], *, returned: bool = False
) -> list[Tile]:
    """Return a tile for each view of the list, then for what else was photographed.

    Args:
        service: the parts.
        kind: the item's.
        photos: those that hang there.
        returned: it came back; then nothing is needed, and all of it is advised.
    """
    needed, advised = NEEDED_VIEWS[kind], ADVISED_VIEWS[kind]
    ranks = dict.fromkeys(needed, "advised" if returned else "needed")
    ranks |= dict.fromkeys(advised, "advised") | {"other": "more"}
    for photo in photos:
        ranks.setdefault(photo.view, "more")
    shots = [Shot(photo, _shortfalls(service, photo)) for photo in photos]
    return [
        Tile(view, rank, tuple(shot for shot in shots if shot.photo.view == view))
        for view, rank in ranks.items()
    ]


def missing_views(tiles: Sequence[Tile]) -> list[str]:
    """List the views that are needed and were not taken."""
    return [tile.view for tile in tiles if tile.rank == "needed" and not tile.shots]


def missing_of(service: Service, item: Item) -> list[str]:
    """List the same of an item, without reading its photos."""
    views = {photo.view for photo in service.registry.item_photos(item.item_id)}
    return [view for view in NEEDED_VIEWS[item.kind] if view not in views]


def outline_mm(item: Item, settings: ReadingSettings) -> tuple[float, float] | None:
    """Return an item's width and height, else its kind's standard; None where there is none."""
    standards = {"card": settings.card_mm, "slab": settings.slab_mm}
    return item.size_mm or standards.get(item.kind)


def _shortfalls(service: Service, photo: KeptPhoto) -> tuple[Shortfall, ...]:
    return Reading.from_bytes(kept_reading(service, photo.photo_id)).shortfalls
