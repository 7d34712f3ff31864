import json

import pytest

from bench.registering import main


@pytest.mark.torture
def test_importing_and_only_reading_are_measured_on_the_same_photos(capsys):
    assert main(["--photos", "2", "--rounds", "2", "--width", "600"]) == 0
    *rounds, told = capsys.readouterr().out.split("\n", 2)
    assert len(rounds) == 2
    assert json.loads(told)["photos"] == 2
    assert json.loads(told)["import rate / bare rate"] > 0
