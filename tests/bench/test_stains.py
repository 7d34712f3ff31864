import numpy as np
import running
from rich.console import Console

from bench.stains import Outline, fit, main, measure, tabulate, weigh_unseen
from evidence.comparison.stains import StainMeasures
from evidence.evaluate import load_pairs


def outline(stain, *, step=None, seed=0):
    """An outline whose step tells a stain, and whose other measures are chance."""
    chance = np.random.default_rng(seed).uniform(0, 1, 6)
    return Outline(StainMeasures((0.4 if stain else 0.1) if step is None else step, *chance), stain)


PAIRS = [[outline(k % 3 == 0, seed=k), outline(False, seed=99 + k)] for k in range(48)]


def test_what_tells_stains_has_the_weight():
    _, weights = fit([one for pair in PAIRS for one in pair])
    assert weights[0] > 3 * np.abs(weights[1:]).max()


def test_a_pair_is_weighed_by_what_the_others_teach():
    odd = [[outline(True, step=0.0)], *PAIRS]  # by itself it would teach that no step is a stain
    weighed = weigh_unseen(odd)
    assert len(weighed) == 1 + 2 * len(PAIRS)
    assert min(weight for weight, stain in weighed if stain) < -1


def test_the_table_tells_how_many_stains_weigh_more_than_so_many_others():
    console = Console(width=100)
    with console.capture() as captured:
        console.print(tabulate(PAIRS))
    assert "48 pairs, 16 stains" in captured.get()
    assert "16 = 100%" in captured.get()


def test_a_photo_beside_itself_teaches_of_no_stain(tmp_path):
    (tmp_path / "1.jpg").write_bytes(running.photo(0))
    (pair,) = load_pairs("reference,query,label\n1.jpg,1.jpg,same_item\n")
    assert not any(one.stain for one in measure(pair, tmp_path))


def test_what_cannot_be_fitted_is_said(tmp_path, capsys):
    assert main([str(tmp_path / "absent")]) == 2
    assert "absent" in capsys.readouterr().err
    (tmp_path / "1.jpg").write_bytes(running.photo(0))
    (tmp_path / "pairs.csv").write_text("reference,query,label\n1.jpg,1.jpg,same_item\n")
    assert main([str(tmp_path)]) == 2
    assert capsys.readouterr().err
