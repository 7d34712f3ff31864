"""What the tests measured is printed at the end; the same numbers stand in docs/reliability.md."""

import pytest
import running
import stores

from evidence.service.parts import MODULES


@pytest.fixture(scope="session")
def workers():
    """Workers that all tests of this process share: starting some takes seconds."""
    memory = running.PATIENT.limits.worker_memory
    workers = running.open_workers(count=2, waiting=16, memory=memory, modules=MODULES)
    yield running.Remembering(workers)
    workers.close()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item, nextitem):
    """Let go of the databases of a module that is through."""
    if nextitem is None or nextitem.path != item.path:
        stores.drop_unused()


def pytest_sessionfinish():
    """Stop the servers, where this process has started some."""
    stores.stop()


def pytest_terminal_summary(terminalreporter):
    """Print what tests recorded as ``measured``, on whichever process they ran."""
    lines = [
        f"{report.nodeid.rpartition('::')[2]}: {value}"
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "measured" and report.when == "call"
    ]
    if lines:
        terminalreporter.section("measured")
        terminalreporter.write_line("\n".join(lines))
