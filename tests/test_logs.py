"""What the running service writes to its log."""

import json
import logging
import sys
import time

import pytest
import running

from evidence.logs import write_logs


@pytest.fixture
def fresh():
    """Put the root logger back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)


def fail(password):
    raise ValueError("no")


def test_an_entry_is_one_line_of_json_and_a_traceback_shows_no_values(fresh, capsys):
    write_logs("info")
    try:
        fail("-".join(("hunter", "two")))
    except ValueError:
        logging.getLogger("evidence.x").exception("it %s", "failed", extra={"seconds": 2})
    logging.getLogger("evidence.x").debug("too little")
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    told = json.loads(lines[0])
    assert told.items() >= {"text": "it failed", "level": "error", "seconds": 2}.items()
    assert "ValueError: no" in told["exception"]
    assert "hunter-two" not in lines[0]


def test_a_terminal_gets_lines_for_people_and_no_values_either(fresh, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    write_logs("info")
    try:
        fail("-".join(("hunter", "two")))
    except ValueError:
        logging.getLogger("evidence.x").exception("it failed")
    told = capsys.readouterr().err
    assert "it failed" in told
    assert "ValueError: no" in told
    assert "hunter-two" not in told
    assert not told.startswith("{")


def wait_for(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_a_served_shop_logs_each_request_with_its_id(tmp_path):
    errors = tmp_path / "errors"
    with running.served(tmp_path / "home", errors=errors) as service:
        service.call("GET", "/v1/items/none", headers={"X-Request-ID": "one"})
        service.call("GET", "/v1/items", key="a-key-that-is-wrong")
        wait_for(lambda: errors.read_text().count("answered") == 2)  # written after the answer
    entries = [json.loads(line) for line in errors.read_text().splitlines()]
    told = [one for one in entries if one["text"] == "answered"]
    assert [(one["route"], one["status"]) for one in told] == [
        ("/v1/items/{item_id}", 404),
        ("/v1/items", 401),
    ]
    assert told[0]["request_id"] == "one"
    assert "a-key-that-is-wrong" not in errors.read_text()
