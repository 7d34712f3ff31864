from contextlib import closing
from dataclasses import replace
from threading import Event

import pytest
import running
from test_service import CLAIM, ITEM, Watched

from evidence.bulk.rescoring import rescore_claims
from evidence.service.claims import add_claim_photo, open_claim
from evidence.service.items import add_item_photo, register_item
from evidence.service.recommendations import recommend_claim
from evidence.service.uploads import Upload


@pytest.fixture(scope="module")
def workers():
    memory = running.PATIENT.limits.worker_memory
    with closing(running.open_workers(count=1, waiting=8, memory=memory)) as workers:
        yield running.Remembering(workers)


@pytest.fixture
def service(tmp_path, workers):
    service = running.open_service(tmp_path / "home", Watched(workers))
    register_item(service, ITEM)
    add_item_photo(service, "item-1", Upload(running.photo(0), "front"))
    open_claim(service, CLAIM)
    add_claim_photo(service, "claim-1", Upload(running.photo(0, "PNG"), "front"))
    yield service
    service.registry.close()


def score(service):
    return {one.claim_id: one for one in rescore_claims(service, stop=Event())}


def compared(service):
    return service.workers.asked.count("_on_readings")


def test_what_is_remembered_is_not_compared_again_and_nothing_is_issued(service):
    open_claim(service, replace(CLAIM, claim_id="claim-2", reason="customer_reason"))
    found = score(service)
    assert {name: one.outcome for name, one in found.items()} == {
        "claim-1": "never asked",
        "claim-2": "never asked",
    }
    assert compared(service) == 1
    told = recommend_claim(service, "claim-1")
    events = service.registry.events(after=0, limit=100)
    again = score(service)["claim-1"]
    assert (again.outcome, again.after) == ("the same", told["verdict"]["verdict"])
    assert compared(service) == 1  # also of the recommendation: nobody waited
    assert service.registry.events(after=0, limit=100) == events
    assert len(service.registry.issued_recommendations("claim-1")) == 1


def test_other_thresholds_compare_anew_and_tell_whose_verdict_changed(service):
    before = recommend_claim(service, "claim-1")["verdict"]["verdict"]
    fusion = replace(service.settings.fusion, least_visible=1.1)
    newer = replace(service, settings=replace(service.settings, fusion=fusion))
    found = score(newer)["claim-1"]
    assert (found.outcome, found.before, found.after) == ("changed", before, "inconclusive")
    assert before != "inconclusive"
    assert len(service.registry.issued_recommendations("claim-1")) == 1
    assert service.registry.claim("claim-1").state == "recommended"


def test_a_claim_that_is_closed_is_left_alone(service):
    registry = service.registry
    with registry.database.writing() as connection:
        connection.exec_driver_sql("UPDATE claims SET state = 'closed'")
    assert score(service) == {}
    assert compared(service) == 0
