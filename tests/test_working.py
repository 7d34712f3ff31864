"""Runs of one request: side by side, and never so many that it refuses itself."""

from contextlib import closing
from dataclasses import replace

import pytest
import running
from test_service import CLAIM
from test_service import ITEM as FACTS

from evidence.service.claims import add_claim_photo, open_claim
from evidence.service.items import add_item_photo, register_item
from evidence.service.parts import MODULES
from evidence.service.recommendations import recommend_claim
from evidence.service.uploads import Upload
from fixtures.scene import Scene
from fixtures.subject import CardSubject, take_photo

ITEM, ELSEWHERE, SENT = (0, 1), (2, 3, 4), (5, 6)  # designs, which no two have in common


@pytest.fixture
def service(tmp_path):
    """Two workers, and nobody may wait for one."""
    memory = running.PATIENT.limits.worker_memory
    with closing(
        running.open_workers(count=2, waiting=0, memory=memory, modules=MODULES)
    ) as workers:
        service = running.open_service(tmp_path / "home", workers)
        yield service
        service.registry.close()


def front(design):
    """Return a small photo of a card of that design."""
    scene = Scene(10 * design, (720, 960), "grey", 1, tilt=2.0)
    return Upload(take_photo(CardSubject(1, 11 + design, 101 + design), scene).jpeg, "front")


def test_a_claim_that_is_searched_for_elsewhere_has_room_where_nobody_may_wait(service):
    register_item(service, FACTS)
    for design in ITEM:
        add_item_photo(service, FACTS.item_id, front(design))
    for design in ELSEWHERE:
        name = f"item-of-{design}"
        register_item(service, replace(FACTS, item_id=name, order_id=f"order of {name}"))
        add_item_photo(service, name, front(design))
    open_claim(service, CLAIM)
    for design in SENT:
        add_claim_photo(service, CLAIM.claim_id, front(design))
    told = recommend_claim(service, CLAIM.claim_id)
    assert told["three_way"]["found_elsewhere"] == []
