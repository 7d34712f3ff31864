import pytest

from evidence.registry.registry import Registry


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def registry(home):
    registry = Registry.open(home)
    yield registry
    registry.close()
