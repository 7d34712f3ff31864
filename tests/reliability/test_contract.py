"""Whatever is sent: no 5xx, no status that the OpenAPI does not name, no answer unlike its schema.

Schemathesis makes the requests from the OpenAPI, valid ones and broken ones, and follows what
answers tell (an id, a cursor) into further requests. Most of them are led to a shop in which
there is something, since ids at random find nothing.
"""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
import running
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test
from reliability.contract_shop import open_shop
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app
from evidence.service.keys import Keys
from evidence.service.people import People

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SOME = 3  # requests of each call
CASES = 2000  # in all, of requests by themselves
ROUNDS, STEPS = 30, 12  # of requests that follow from each other
PATIENCE = 120  # seconds for an answer, on a machine that others use too
ALIKE = settings(  # the same requests each time; a slow machine is no fault of the contract
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


@pytest.fixture(scope="module")
def shop(workers, tmp_path_factory):
    """Return the OpenAPI of a shop that is open, with a way to ask and to check the answer."""
    service = running.open_service(tmp_path_factory.mktemp("contract") / "home", workers)
    people = People.of(service, running.CHEAP)
    app = create_app(service, Keys.of(service, "k"), people=people)
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    yield schema, open_shop(app, people)
    service.registry.close()


@dataclass
class Asked:
    """How often each call answered with which status, and what was wrong."""

    seen: Counter = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)

    def ask(self, shop, case):
        """Send a request and hold its answer against the OpenAPI."""
        case = shop.lead(case)
        answer = case.call(headers=shop.credentials(case), timeout=PATIENCE)
        self.seen[case.operation.label, answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as failures:  # kept for the end: the shop changes, a repeat may differ
            told = [
                f"{answer.status_code} to {case.as_curl_command()}",
                *map(str, failures.exceptions),
            ]
            self.wrong.setdefault(case.operation.label, "\n".join(told))
        return answer


def try_each(shop, many, asked):
    """Send as many requests of each call."""
    schema, opened = shop
    for found in schema.get_all_operations():

        @settings(ALIKE, max_examples=many)
        @given(case=found.ok().as_strategy())
        def send(case):
            asked.ask(opened, case)

        send()


def follow(shop, rounds, steps, asked):
    """Send requests that follow from each other."""
    schema, opened = shop

    class Machine(schema.as_state_machine()):
        def call(self, case, **_):
            return asked.ask(opened, case)

        def validate_response(self, response, case, **_):
            """It was, when it came."""

    for number in range(rounds):  # what the shop answers changes: no round repeats another
        length = settings(ALIKE, derandomize=False, max_examples=2, stateful_step_count=steps)
        with suppress(Flaky):
            run_state_machine_as_test(seed(number)(Machine), settings=length)


def test_some_requests_of_each_call_hold_the_contract(shop):
    asked = Asked()
    try_each(shop, SOME, asked)
    assert asked.wrong == {}
    assert asked.seen.total() > 100


@pytest.mark.torture
def test_two_thousand_requests_hold_the_contract(shop, record_property):
    calls, asked, following = len(list(shop[0].get_all_operations())), Asked(), Asked()
    try_each(shop, CASES // calls + 1, asked)
    assert asked.wrong == {}
    follow(shop, ROUNDS, STEPS, following)
    assert following.wrong == {}
    assert asked.seen.total() + following.seen.total() >= CASES
    succeeded = {label for label, status in asked.seen + following.seen if status < 300}
    record_property(
        "measured",
        f"{asked.seen.total()} requests and {following.seen.total()} that follow from others, "
        f"of {calls} calls, {len(succeeded)} of which succeeded: no 5xx, all as described",
    )
