import pytest
import running


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def registry(home):
    registry = running.open_registry(home)
    yield registry
    registry.close()
