from evidence.errors import StorageError


def test_ready_means_that_the_registry_writes_and_reads(stranger, service, monkeypatch, caplog):
    assert stranger.get("/readyz").json() == {"status": "ok"}

    def fail(self):
        raise StorageError("the disk is gone")

    monkeypatch.setattr(type(service.registry), "check", fail)
    answer = stranger.get("/readyz")
    assert (answer.status_code, answer.json()["detail"]) == (503, "the disk is gone")
    assert stranger.get("/healthz").status_code == 200
