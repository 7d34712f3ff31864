"""The use cases, without the web; what the doors see of them is tested in tests/api."""

import io
import threading
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import get_args

import pytest
import running

from evidence.errors import (
    BusyError,
    DamagedPhotoError,
    MissingViewsError,
    NotFoundError,
    PhotoTooLargeError,
    SealedError,
    UnacceptableError,
)
from evidence.photo.reading import Reading
from evidence.registry.records import Claim, Item
from evidence.service import comparisons, uploads
from evidence.service.claims import add_claim_photo, decide_claim, open_claim
from evidence.service.comparisons import compare_kept, compare_loose, draw_overlay
from evidence.service.items import NEEDED_VIEWS, add_item_photo, register_item, seal_item
from evidence.service.locks import Locks
from evidence.service.recommendations import recommend_claim
from evidence.service.retries import Answer, answer_once
from evidence.service.uploads import Upload, kept_reading
from evidence.workers import Unfinished

ITEM = Item(
    item_id="item-1",
    order_id="order-1",
    sku="LIL-1",
    title="Liliana",
    kind="card",
    declared_value=Decimal("120000"),
    currency="JPY",
    high_value=False,
    size_mm=None,
    catalogue_photo=None,
    sealed_at=None,
)
CLAIM = Claim(
    claim_id="claim-1",
    item_id="item-1",
    order_id=None,
    reason="damage",
    residence="JP",
    ship_to=None,
    ordered_at=datetime(2025, 3, 1, 3, tzinfo=UTC),
    delivered_at=datetime(2025, 3, 5, 1, tzinfo=UTC),
    notified_at=datetime(2025, 3, 7, tzinfo=UTC),
)


class Watched:
    """Workers that count what they are asked to do."""

    def __init__(self, workers):
        self._workers, self.asked, self.count = workers, [], workers.count

    def run(self, function, *args, seconds):
        self.asked.append(function.__name__)
        return self._workers.run(function, *args, seconds=seconds)


class Failing:
    """Workers whose work always ends in the same way."""

    def __init__(self, reason):
        self._reason = reason

    def run(self, function, *args, seconds):
        return Unfinished(self._reason)


@pytest.fixture
def service(tmp_path, workers):
    service = running.open_service(tmp_path / "home", Watched(workers))
    register_item(service, ITEM)
    yield service
    service.registry.close()


def upload(seed=0, view="front", **more):
    return Upload(running.photo(seed), view, **more)


@pytest.mark.parametrize("kind", sorted(NEEDED_VIEWS))
def test_sealing_names_every_missing_view_of_its_kind(service, kind):
    register_item(service, replace(ITEM, item_id=kind, kind=kind))
    with pytest.raises(MissingViewsError) as raised:
        seal_item(service, kind)
    assert all(view in str(raised.value) for view in NEEDED_VIEWS[kind])
    for seed, view in enumerate(NEEDED_VIEWS[kind]):
        add_item_photo(service, kind, upload(seed, view))
    assert seal_item(service, kind).sealed_at == running.NOW


def test_a_sealed_set_takes_no_photo_and_does_not_even_read_it(service):
    add_item_photo(service, "item-1", upload())
    add_item_photo(service, "item-1", upload(1, "back"))
    seal_item(service, "item-1")
    read = len(service.workers.asked)
    with pytest.raises(SealedError):
        add_item_photo(service, "item-1", upload(2))
    assert len(service.workers.asked) == read


def test_the_same_bytes_are_read_once(service):
    first = add_item_photo(service, "item-1", upload())
    again = add_item_photo(service, "item-1", upload(view="back"))
    assert (first.new, again.new) == (True, False)
    assert (again.photo, again.quality) == (first.photo, first.quality)
    assert len(service.workers.asked) == 1


@pytest.mark.parametrize("reason", uploads._REFUSALS)
def test_a_photo_that_harms_its_worker_is_refused_and_not_kept(service, reason):
    with pytest.raises(DamagedPhotoError):
        add_item_photo(replace(service, workers=Failing(reason)), "item-1", upload())
    assert service.registry.item_photos("item-1") == []


def test_a_photo_of_too_many_bytes_reaches_no_worker(service):
    limits = replace(service.settings.limits, max_bytes=10)
    tight = replace(service, settings=replace(service.settings, limits=limits))
    with pytest.raises(PhotoTooLargeError):
        add_item_photo(tight, "item-1", upload())
    assert service.workers.asked == []


def test_a_reading_of_another_version_is_read_anew(service):
    photo_id = add_item_photo(service, "item-1", upload()).photo.photo_id
    stored = service.registry.reading(photo_id)
    with zipfile.ZipFile(io.BytesIO(stored)) as source:  # the archive checks its members
        parts = {name: source.read(name) for name in source.namelist()}
    parts["facts.npy"] = parts["facts.npy"].replace(b'"format": 2', b'"format": 1')
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as target:
        for name, part in parts.items():
            target.writestr(name, part)
    service.registry.put_reading(photo_id, file.getvalue())
    assert kept_reading(service, photo_id) == stored
    assert service.registry.reading(photo_id) == stored


def test_a_photo_is_read_for_the_item_that_it_hangs_on(service):
    register_item(service, replace(ITEM, item_id="odd", size_mm=(126.0, 176.0)))
    compare_loose(service, running.photo(), running.photo(1))
    photo_id = add_item_photo(service, "odd", upload()).photo.photo_id
    frame = Reading.from_bytes(service.registry.reading(photo_id)).frame
    assert frame.height / frame.px_per_mm == pytest.approx(176.0, rel=0.02)


def test_an_order_of_one_item_names_it(service):
    claim, new = open_claim(service, replace(CLAIM, item_id=None, order_id="order-1"))
    assert (claim.item_id, new) == ("item-1", True)


@pytest.mark.parametrize(
    "facts",
    [
        {"item_id": None},
        {"item_id": None, "order_id": "order-9"},
        {"item_id": "item-9"},
        {"order_id": "order-9"},
        {"residence": None},
    ],
    ids=str,
)
def test_a_claim_must_say_which_item_and_which_country(service, facts):
    with pytest.raises(UnacceptableError):
        open_claim(service, replace(CLAIM, **facts))
    with pytest.raises(NotFoundError):
        service.registry.claim("claim-1")


def test_a_photo_is_compared_with_every_view_until_one_agrees(service):
    for seed, view in ((1, "back"), (2, "corner"), (0, "front")):
        add_item_photo(service, "item-1", upload(seed, view))
    open_claim(service, CLAIM)
    service.workers.asked.clear()
    alike = Upload(running.photo(0, "PNG"), "front")  # the last one added has the same view
    add_claim_photo(service, "claim-1", alike)
    recommend_claim(service, "claim-1")
    assert service.workers.asked.count("_on_readings") == 1
    add_claim_photo(service, "claim-1", upload(3, "front"))
    recommend_claim(service, "claim-1")
    assert service.workers.asked.count("_on_readings") == 1 + 3


def test_among_photos_of_one_view_the_one_that_looks_most_alike_comes_first(service):
    for seed in (1, 2, 0):
        add_item_photo(service, "item-1", upload(seed, "front"))
    open_claim(service, CLAIM)
    service.workers.asked.clear()
    add_claim_photo(service, "claim-1", Upload(running.photo(0, "PNG"), "front"))
    recommend_claim(service, "claim-1")
    assert service.workers.asked.count("_on_readings") == 1


def test_only_photos_of_the_product_are_compared_and_each_pair_once(service):
    add_item_photo(service, "item-1", upload())
    open_claim(service, CLAIM)
    add_claim_photo(service, "claim-1", upload(5, role="parcel"))
    assert recommend_claim(service, "claim-1")["verdict"] is None
    add_claim_photo(service, "claim-1", upload(3))
    first = recommend_claim(service, "claim-1")
    assert first["verdict"] is not None
    assert recommend_claim(service, "claim-1") == first
    assert service.workers.asked.count("_on_readings") == 1


def test_a_decision_keeps_the_recommendation_of_its_moment(service):
    open_claim(service, CLAIM)
    decision = decide_claim(
        service, "claim-1", decision="approve", decided_by="ada", reason="known customer"
    )
    assert service.registry.decisions("claim-1") == [decision]
    assert '"outcome"' in decision.recommendation


def test_a_remembered_verdict_is_the_same_to_the_last_bit(service):
    first = compare_loose(service, running.photo(), running.photo(1))
    again = compare_loose(service, running.photo(), running.photo(1))
    assert (first.new, again.new) == (True, False)
    assert again.verdict == first.verdict


def test_the_same_pair_asked_at_once_is_compared_once(service):
    ids = [add_item_photo(service, "item-1", upload(n)).photo.photo_id for n in range(2)]
    threads = [threading.Thread(target=compare_kept, args=(service, *ids)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert service.workers.asked.count("_on_readings") == 1


def test_other_settings_are_another_comparison(service):
    first = compare_loose(service, running.photo(), running.photo(1))
    limits = replace(service.settings.limits, max_side=20_000)
    other = replace(service, settings=replace(service.settings, limits=limits))
    second = compare_loose(other, running.photo(), running.photo(1))
    assert second.new
    assert second.key != first.key


@pytest.mark.parametrize(
    ("reason", "error"), [("too slow", BusyError), ("died", BusyError), ("failed", RuntimeError)]
)
def test_a_comparison_that_does_not_end_is_no_verdict(service, reason, error):
    key = compare_loose(service, running.photo(), running.photo(1)).key
    with pytest.raises(error):
        draw_overlay(replace(service, workers=Failing(reason)), key, "aligned")


def test_every_overlay_has_its_drawer():
    assert sorted(comparisons._DRAWERS) == sorted(get_args(comparisons.Overlay))


def test_what_raised_is_not_remembered(service):
    def fail():
        raise BusyError("later")

    with pytest.raises(BusyError):
        answer_once(service, "key", "print", fail)
    done = answer_once(service, "key", "print", lambda: Answer(201, "{}"))
    assert answer_once(service, "key", "print", fail) == done


def test_locks_leave_nothing_behind_and_keep_names_apart():
    locks = Locks()
    with locks.holding("a"), locks.holding("b"):
        assert set(locks._locks) == {"a", "b"}
    assert not locks._locks
    with pytest.raises(KeyError), locks.holding("a"):
        raise KeyError
    assert not locks._locks


def test_a_lock_lets_one_in_at_a_time():
    locks, inside, most = Locks(), [], []

    def enter():
        for _ in range(200):
            with locks.holding("a"):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
    assert not locks._locks
