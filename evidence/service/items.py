"""The warehouse: register an item, photograph it, seal its reference set."""

from dataclasses import replace

from evidence.errors import MissingViewsError, SealedError
from evidence.registry.expectations import ANYTHING, PROGRAM, Expected
from evidence.registry.naming import name_item
from evidence.registry.records import Item
from evidence.service.parts import Service
from evidence.service.uploads import TakenPhoto, Upload, kept_photo, read_upload, taken_before

NEEDED_VIEWS = {  # kind -> views without which a reference set is not complete
    "card": ("front", "back"),
    "slab": ("front", "back"),
    "sealed": ("front", "back"),
    "other": ("front",),
}
_VIEWS = {"front": "表面", "back": "裏面"}  # needed views in Japanese


def register_item(
    service: Service, item: Item, *, actor: str = PROGRAM, expected: Expected = ANYTHING
) -> tuple[Item, bool]:
    """Keep an item or replace its facts; return it and whether it is new.

    Args:
        service: the parts.
        item: its facts.
        actor: who does it.
        expected: what the caller takes it to be.

    Raises:
        SealedError: its reference set is sealed, and the facts differ.
        StaleError: it is not as expected.
    """
    new = service.registry.put_item(item, actor=actor, at=service.now(), expected=expected)
    return service.registry.item(item.item_id), new


def add_item_photo(
    service: Service,
    item_id: str,
    upload: Upload,
    *,
    actor: str = PROGRAM,
    expected: Expected = ANYTHING,
) -> TakenPhoto:
    """Read a pre-shipment photo and hang it on its item; the same bytes again change nothing.

    Raises:
        NotFoundError: no such item.
        SealedError: its reference set is complete.
        StaleError: it is not as expected.
        PhotoError: the bytes are no usable photo.
        BusyError: too many photos wait already.
    """
    item = service.registry.item(item_id)
    expected.check(name_item(item_id), item.version)  # again when it is written
    before = taken_before(
        service,
        service.registry.item_photos(item_id),
        upload,
        size_mm=item.size_mm,
        kind=item.kind,
    )
    if before is not None:
        return before
    if item.sealed_at is not None:
        raise SealedError(
            f"the photos of {item_id} are sealed: no photo can be added",
            f"商品 {item_id} は確定済みのため、写真を追加できません。",
        )
    reading = read_upload(service, upload.data, size_mm=item.size_mm, kind=item.kind)
    photo = kept_photo(upload, reading, service.now())
    stored = reading.to_bytes()
    with service.telemetry.stage("store"):
        new = service.registry.add_item_photo(
            item_id, photo, upload.data, stored, actor=actor, expected=expected
        )
    if service.registry.reading(photo.photo_id) != stored:
        # The bytes came before, for a claim or on their own: the item's size is surer.
        service.registry.put_reading(photo.photo_id, stored, photo.hashes)
    return TakenPhoto(photo, reading.quality, reading.shortfalls, new)


def add_catalogue_photo(
    service: Service,
    item_id: str,
    data: bytes,
    *,
    actor: str = PROGRAM,
    expected: Expected = ANYTHING,
) -> Item:
    """Keep the catalogue's picture and name it as the item's.

    Raises:
        NotFoundError: no such item.
        SealedError: its reference set is sealed.
        PhotoError: the bytes are no usable photo.
        BusyError: too many photos wait already.
    """
    item = service.registry.item(item_id)
    upload = Upload(data, "other")
    if item.catalogue_photo == upload.photo_id and service.registry.has_photo(upload.photo_id):
        service.registry.heal(upload.photo_id, data)
        return item
    if item.sealed_at is not None:
        raise SealedError(
            f"item {item_id} is sealed and no longer changes",
            f"商品 {item_id} は確定済みのため、変更できません。",
        )
    reading = read_upload(service, data, size_mm=item.size_mm, kind=item.kind)
    photo = kept_photo(upload, reading, service.now())
    service.registry.keep_loose_photo(photo, data, reading.to_bytes())
    changed = replace(item, catalogue_photo=photo.photo_id)
    service.registry.put_item(changed, actor=actor, at=service.now(), expected=expected)
    return service.registry.item(item_id)


def seal_item(
    service: Service, item_id: str, *, actor: str = PROGRAM, expected: Expected = ANYTHING
) -> Item:
    """Declare the reference set complete; sealing twice changes nothing.

    Raises:
        NotFoundError: no such item.
        StaleError: it is not as expected.
        MissingViewsError: views that its kind needs are not there yet.
    """
    item = service.registry.item(item_id)
    expected.check(name_item(item_id), item.version)  # again when it is written
    if item.sealed_at is not None:
        return item
    views = {photo.view for photo in service.registry.item_photos(item_id)}
    missing = [view for view in NEEDED_VIEWS[item.kind] if view not in views]
    if missing:
        raise MissingViewsError(
            f"before sealing {item_id}, photograph its {' and its '.join(missing)}",
            f"商品 {item_id} を確定する前に、"
            f"{'と'.join(_VIEWS[view] for view in missing)}を撮影してください。",
        )
    return service.registry.seal_item(item_id, service.now(), actor=actor, expected=expected)
