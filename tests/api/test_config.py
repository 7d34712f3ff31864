import json
from dataclasses import replace
from importlib.resources import files

import pytest
from pydantic import ValidationError

from api.config import Config
from evidence.calibration import packaged_calibration, write_calibration
from evidence.errors import CalibrationError, PolicyDocumentError, UnacceptableError
from evidence.registry.log_key import LogIdentity
from evidence.service.timestamping import TimestampAuthority
from evidence.settings import Settings, fingerprint

THREADS = 40  # of anyio, that the plain routes run in


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch):
    for name in Config.model_fields:
        monkeypatch.delenv(f"EVIDENCE_{name.upper()}", raising=False)


def test_every_setting_is_explained():
    assert all(field.description for field in Config.model_fields.values())


def test_without_any_setting_the_thresholds_are_the_library_s_own():
    assert Config().settings() == Settings()
    assert Config().host == "127.0.0.1"


def test_the_environment_sets_everything(monkeypatch, tmp_path):
    values = {"HOME": str(tmp_path), "API_KEY": "k", "MAX_BYTES": "5", "SECONDS": "1.5"}
    for name, value in values.items():
        monkeypatch.setenv(f"EVIDENCE_{name}", value)
    config = Config()
    assert (config.home, config.settings().limits.max_bytes) == (tmp_path, 5)
    assert config.settings().limits.seconds == 1.5
    assert config.api_key.get_secret_value() == "k"


def test_the_calibration_that_is_named_is_used(monkeypatch, tmp_path):
    file = tmp_path / "ours.toml"
    ours = replace(packaged_calibration(), id="ours", bound=1.5)
    file.write_text(write_calibration(ours), encoding="utf-8")
    monkeypatch.setenv("EVIDENCE_CALIBRATION", str(file))
    settings = Config().settings()
    assert settings.calibration == ours
    assert fingerprint(settings) != fingerprint(Settings())


def test_a_calibration_that_cannot_be_used_says_which_file_and_why(monkeypatch, tmp_path):
    file = tmp_path / "ours.toml"
    monkeypatch.setenv("EVIDENCE_CALIBRATION", str(file))
    for make, why in (
        (lambda: None, "No such file or directory"),
        (lambda: file.write_text("id = 'x'"), "calibration: data: Field required"),
        (lambda: (file.unlink(), file.mkdir()), "Is a directory"),
    ):
        make()
        with pytest.raises(CalibrationError) as raised:
            Config().settings()
        assert str(raised.value) == f"EVIDENCE_CALIBRATION: {file}: {why}"


def test_the_shops_own_evaluation_is_read_or_said_to_be_none(monkeypatch, tmp_path):
    assert Config().report_summary() is None
    file = tmp_path / "report.json"
    monkeypatch.setenv("EVIDENCE_REPORT", str(file))
    for make, why in (
        (lambda: None, "No such file or directory"),
        (lambda: file.write_text("[]"), "is no report of `evidence evaluate --report`"),
        (lambda: file.write_text("{"), "is no report of `evidence evaluate --report`"),
    ):
        make()
        with pytest.raises(UnacceptableError) as raised:
            Config().report_summary()
        assert str(raised.value) == f"EVIDENCE_REPORT: {file}: {why}"
    file.write_text(json.dumps({"summary": {"pairs": 3}}))
    assert Config().report_summary() == {"pairs": 3}


def test_an_empty_variable_is_none(monkeypatch):
    monkeypatch.setenv("EVIDENCE_API_KEY", "")
    assert Config().api_key is None


def test_the_key_is_not_shown_by_accident(monkeypatch):
    monkeypatch.setenv("EVIDENCE_API_KEY", "sesame")
    assert "sesame" not in repr(Config())


def test_what_may_wait_leaves_threads_for_the_rest(monkeypatch):
    bounds = {
        name: max(one.le for one in Config.model_fields[name].metadata if hasattr(one, "le"))
        for name in ("workers", "waiting")
    }
    assert sum(bounds.values()) < THREADS
    for name, bound in bounds.items():
        monkeypatch.setenv(f"EVIDENCE_{name.upper()}", str(bound + 1))
        with pytest.raises(ValidationError):
            Config()
        monkeypatch.delenv(f"EVIDENCE_{name.upper()}")


def test_a_shops_own_policies_and_mails_are_taken(monkeypatch, tmp_path):
    assert (Config().documents(), Config().mail_texts()) == ((), {})
    (tmp_path / "ours.toml").write_bytes(packaged_policy())
    (tmp_path / "approve.en.txt").write_text("Subject\nBody\n", encoding="utf-8")
    monkeypatch.setenv("EVIDENCE_POLICIES", str(tmp_path))
    monkeypatch.setenv("EVIDENCE_MAILS", str(tmp_path))
    assert [one.id for one in Config().documents()] == ["cardsecret"]
    assert Config().mail_texts() == {"approve.en.txt": "Subject\nBody\n"}


def test_the_second_place_is_outside_the_home_and_of_this_home_alone(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    places = set()
    for home in ("a", "b", "c/a"):
        monkeypatch.setenv("EVIDENCE_HOME", str(tmp_path / home))
        places.add(Config().second_place())
    assert len(places) == 3
    assert all(place.is_relative_to(tmp_path / "state" / "photo-evidence") for place in places)
    monkeypatch.setenv("EVIDENCE_CHECKPOINTS", str(tmp_path / "elsewhere"))
    assert Config().second_place() == tmp_path / "elsewhere"
    monkeypatch.setenv("EVIDENCE_CHECKPOINTS", str(tmp_path / "c" / "a" / "log"))
    with pytest.raises(UnacceptableError, match="inside the home"):
        Config().second_place()


def test_a_timestamp_authority_comes_with_its_root(monkeypatch, tmp_path):
    assert Config().authority() is None
    monkeypatch.setenv("EVIDENCE_TIMESTAMPS", "https://stamps.example/tsr")
    with pytest.raises(UnacceptableError, match="EVIDENCE_TIMESTAMPS_ROOT: the authority's root"):
        Config().authority()
    monkeypatch.setenv("EVIDENCE_TIMESTAMPS_ROOT", str(tmp_path / "root.pem"))
    with pytest.raises(UnacceptableError, match=r"root\.pem: No such file"):
        Config().authority()
    (tmp_path / "root.pem").write_bytes(b"root")
    assert Config().authority() == TimestampAuthority("https://stamps.example/tsr", b"root")
    monkeypatch.setenv("EVIDENCE_TIMESTAMPS", "file:///etc/passwd")
    with pytest.raises(ValidationError):
        Config()


def test_the_logs_name_and_key_are_taken_and_the_key_is_not_shown(monkeypatch):
    assert Config().log_identity() == LogIdentity()
    monkeypatch.setenv("EVIDENCE_LOG_KEY", "PRIVATE+KEY+x")
    monkeypatch.setenv("EVIDENCE_LOG_ORIGIN", "shop.example/log")
    assert Config().log_identity() == LogIdentity("PRIVATE+KEY+x", "shop.example/log")
    assert "PRIVATE" not in repr(Config())
    assert "PRIVATE" not in repr(Config().log_identity())


def test_policies_and_mails_that_cannot_be_used_say_which_and_why(monkeypatch, tmp_path):
    monkeypatch.setenv("EVIDENCE_POLICIES", str(tmp_path))
    monkeypatch.setenv("EVIDENCE_MAILS", str(tmp_path / "none"))
    with pytest.raises(PolicyDocumentError, match=r"POLICIES: .* has no file that ends in \.toml"):
        Config().documents()
    with pytest.raises(PolicyDocumentError, match=r"MAILS: .*: No such file or directory"):
        Config().mail_texts()
    (tmp_path / "ours.toml").write_text("id = ")
    with pytest.raises(PolicyDocumentError, match=r"POLICIES: ours\.toml: .*Invalid value"):
        Config().documents()


def packaged_policy():
    folder = files("evidence.policy") / "documents"
    return next(p for p in folder.iterdir() if p.name.endswith(".toml")).read_bytes()
