import json

from bench.log import main


def test_the_log_is_filled_proved_and_checked(tmp_path, capsys):
    assert main(["--entries", "300", "--batch", "100", "--directory", str(tmp_path)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["entries"], told["checkpoints"]) == (300, 6)
    assert min(told.values()) > 0
