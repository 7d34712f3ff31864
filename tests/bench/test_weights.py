import numpy as np
import pytest
import running
from rich.console import Console

from bench.weights import WAYS, Case, fit, main, measure, tabulate, weigh_unseen
from evidence.comparison.stains import StainMeasures
from evidence.evaluate import load_pairs
from evidence.settings import StainWeights


def place(stain, *, step=None, seed=0):
    """A place whose step tells a stain, and whose other measures are chance."""
    chance = np.random.default_rng(seed).uniform(0, 1, 6)
    return Case(StainMeasures((0.4 if stain else 0.1) if step is None else step, *chance), stain)


PAIRS = [[place(k % 3 == 0, seed=k), place(False, seed=99 + k)] for k in range(48)]


def test_what_tells_stains_has_the_weight():
    _, weights = fit([one for pair in PAIRS for one in pair], StainWeights)
    assert weights[0] > 3 * np.abs(weights[1:]).max()


def test_a_pair_is_weighed_by_what_the_others_teach():
    odd = [[place(True, step=0.0)], *PAIRS]  # by itself it would teach that no step is a stain
    weighed = weigh_unseen(odd, StainWeights)
    assert len(weighed) == 1 + 2 * len(PAIRS)
    assert min(weight for weight, stain in weighed if stain) < -1


def test_the_table_tells_how_many_stains_weigh_more_than_so_many_others():
    console = Console(width=100)
    with console.capture() as captured:
        console.print(tabulate(PAIRS, StainWeights))
    assert "48 pairs, 16 damaged" in captured.get()
    assert "16 = 100%" in captured.get()


@pytest.mark.parametrize("kind", WAYS)
def test_a_photo_beside_itself_teaches_of_no_damage(tmp_path, kind):
    (tmp_path / "1.jpg").write_bytes(running.photo(0))
    (pair,) = load_pairs("reference,query,label\n1.jpg,1.jpg,same_item\n")
    assert not any(one.damaged for one in measure(pair, tmp_path, kind))


def test_what_cannot_be_fitted_is_said(tmp_path, capsys):
    assert main(["stain", str(tmp_path / "absent")]) == 2
    assert "absent" in capsys.readouterr().err
    (tmp_path / "1.jpg").write_bytes(running.photo(0))
    (tmp_path / "pairs.csv").write_text("reference,query,label\n1.jpg,1.jpg,same_item\n")
    assert main(["stain", str(tmp_path)]) == 2
    assert capsys.readouterr().err
