import json

from bench.listing import PAGES, main


def test_every_page_is_timed_and_holds_what_it_should(capsys):
    assert main(["--claims", "80000", "--rounds", "1"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == set(PAGES)
    assert {name for name, page in told.items() if page["rows"] < 50} == {
        "of a rare state", "of a rare reason", "worth more than any",
    }  # fmt: skip
    assert told["of a rare state"]["rows"] == told["of a rare reason"]["rows"] == 1
    assert all(0 < page["p50_ms"] <= page["p95_ms"] for page in told.values())
