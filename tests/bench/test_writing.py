import json

from bench.writing import main


def test_writers_are_measured_alone_and_together(capsys):
    assert main(["--seconds", "0.1"]) == 0
    assert min(json.loads(capsys.readouterr().out).values()) > 0
