import pytest
from fastapi.testclient import TestClient
from registry.log_samples import fill, tamper

from api.app import create_app
from evidence.errors import StorageError
from evidence.service.keys import Keys
from evidence.service.publishing import Publisher


def test_ready_means_that_the_registry_writes_and_reads(stranger, service, monkeypatch, caplog):
    assert stranger.get("/readyz").json() == {"status": "ok", "checkpoints": "off"}

    def fail(self):
        raise StorageError("the disk is gone")

    monkeypatch.setattr(type(service.registry), "check", fail)
    answer = stranger.get("/readyz")
    assert (answer.status_code, answer.json()["detail"]) == (503, "the disk is gone")
    assert stranger.get("/healthz").status_code == 200


@pytest.fixture
def publisher(service, tmp_path):
    fill(service.registry, 3)
    publisher = Publisher(service.registry, tmp_path / "second" / "place", seconds=3600.0)
    yield publisher
    publisher.close()


@pytest.fixture
def watched(service, publisher):
    with TestClient(create_app(service, Keys.of(service, None), publisher=publisher)) as client:
        yield client


def test_ready_tells_whether_checkpoints_reach_the_second_place(
    watched, service, publisher, tmp_path
):
    assert watched.get("/readyz").json() == {"status": "ok", "checkpoints": "written"}
    place, aside = tmp_path / "second", tmp_path / "aside"
    place.rename(aside)
    place.write_bytes(b"no directory")
    fill(service.registry, 1, start=service.registry.log_size() + 1)
    publisher._try()
    answer = watched.get("/readyz")  # the service goes on
    assert (answer.status_code, answer.json()["checkpoints"]) == (200, "failing")
    place.unlink()
    aside.rename(place)
    publisher._try()
    assert watched.get("/readyz").json()["checkpoints"] == "written"


def test_a_log_that_was_tampered_with_is_not_ready(watched, service, publisher):
    tamper(service.registry, "DELETE FROM log_checkpoints", "DELETE FROM events WHERE number = 3")
    publisher._try()
    answer = watched.get("/readyz")
    assert answer.status_code == 503
    assert "not the one that was signed for" in answer.json()["detail"]
    assert str(publisher._file.path) not in answer.text  # it asks for no key
