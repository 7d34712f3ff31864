import pytest
from fuzz_decode import fuzz


@pytest.mark.torture
def test_a_minute_of_mutants_gets_promised_answers():
    told, wrong = fuzz(60.0, seed=1)
    print(told)
    assert wrong == []
    assert sum(told.values()) > 100
