"""Whatever is asked, in whatever order and again: the service answers as a small model does.

The real service runs on a real home, photos and all; the model is a few sets. Each request goes
out under a key of its own, some are sent again, and now and then the service is opened anew.
"""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import running
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from reliability.calls import APPROVE, CLAIM, ITEM

from api.app import create_app
from evidence.service.keys import Keys
from evidence.workers import Workers

ITEMS = st.sampled_from(["item-1", "item-2"])
CLAIMS = st.sampled_from(["claim-1", "claim-2"])
PHOTOS = st.sampled_from(range(2))
TITLES = st.sampled_from(["Liliana", "リリアナ"])
SHORT = {"max_examples": 5, "stateful_step_count": 14}
LONG = {"max_examples": 100, "stateful_step_count": 30}


class Shop(RuleBasedStateMachine):
    """Two items and two claims, and what the model knows of them."""

    workers: Workers
    requests = 0

    def __init__(self):
        super().__init__()
        self.home = TemporaryDirectory()
        self.titles, self.sealed, self.claims = {}, set(), {}
        self.photos, self.decisions, self.told = {}, Counter(), Counter()
        self.sent = []
        self.open()

    def open(self):
        self.service = running.open_service(Path(self.home.name) / "home", self.workers)
        app = create_app(self.service, Keys.of(self.service, "k"))
        self.client = TestClient(app, headers={"Authorization": "Bearer k"})

    def teardown(self):
        self.service.registry.close()
        self.home.cleanup()

    def ask(self, method, path, *, wanted, **facts):
        """Send a request; it has to answer as the model says."""
        key = {"Idempotency-Key": f"key-{len(self.sent)}"} if method == "POST" else {}
        answer = self.client.request(method, path, headers=key, **facts)
        assert answer.status_code == wanted, (method, path, answer.text)
        if key and answer.is_success:
            self.sent.append((path, key, facts, answer.text))
        Shop.requests += 1
        return answer

    @initialize()
    def begin(self):
        """Begin with one of each: requests for what is not there are soon tried out."""
        self.register("item-1", "Liliana")
        self.claim("claim-1", "item-1", "JP")

    @rule(item=ITEMS, title=TITLES)
    def register(self, item, title):
        before = self.titles.get(item)
        refused = item in self.sealed and title != before
        wanted = 409 if refused else 201 if before is None else 200
        self.ask("PUT", f"/v1/items/{item}", json=ITEM | {"title": title}, wanted=wanted)
        if not refused:
            self.told["item.registered"] += before is None
            self.told["item.changed"] += before is not None and before != title
            self.titles[item] = title

    @rule(item=ITEMS, photo=PHOTOS)
    def upload(self, item, photo):
        hanging = self.photos.setdefault(item, [])
        wanted = 404 if item not in self.titles else 200 if photo in hanging else 201
        if wanted == 201 and item in self.sealed:
            wanted = 409
        self.send_photo(f"/v1/items/{item}/photos", photo, wanted)
        if wanted == 201:
            hanging.append(photo)
            self.told["item.photo_added"] += 1

    @rule(claim=CLAIMS, photo=PHOTOS)
    def upload_to_claim(self, claim, photo):
        hanging = self.photos.setdefault(claim, [])
        wanted = 404 if claim not in self.claims else 200 if photo in hanging else 201
        self.send_photo(f"/v1/claims/{claim}/photos", photo, wanted, role="parcel")
        if wanted == 201:
            hanging.append(photo)
            self.told["claim.photo_added"] += 1

    def send_photo(self, path, photo, wanted, **form):
        file = {"file": running.photo(photo)}
        self.ask("POST", path, data={"view": "front"} | form, files=file, wanted=wanted)

    @rule(item=ITEMS)
    def seal(self, item):
        complete = item in self.sealed or bool(self.photos.get(item))
        wanted = 404 if item not in self.titles else 200 if complete else 409
        self.ask("POST", f"/v1/items/{item}/seal", wanted=wanted)
        if wanted == 200:
            self.told["item.sealed"] += item not in self.sealed
            self.sealed.add(item)

    @rule(claim=CLAIMS, item=ITEMS, residence=st.sampled_from(["JP", "FR"]))
    def claim(self, claim, item, residence):
        before, facts = self.claims.get(claim), (item, residence)
        wanted = 422 if item not in self.titles else 201 if before is None else 200
        body = CLAIM | {"item_id": item, "residence": residence}
        self.ask("PUT", f"/v1/claims/{claim}", json=body, wanted=wanted)
        if wanted != 422:
            self.told["claim.opened"] += before is None
            self.told["claim.changed"] += before is not None and before != facts
            self.claims[claim] = facts

    @rule(claim=CLAIMS)
    def decide(self, claim):
        wanted = 404 if claim not in self.claims else 201
        self.ask("POST", f"/v1/claims/{claim}/decisions", json=APPROVE, wanted=wanted)
        if wanted == 201:
            self.decisions[claim] += 1
            self.told["claim.decided"] += 1

    @precondition(lambda self: self.sent)
    @rule(chance=st.randoms())
    def retry(self, chance):
        path, key, facts, text = chance.choice(self.sent)
        again = self.client.post(path, headers=key, **facts)
        assert (again.is_success, again.text) == (True, text)

    @precondition(lambda self: self.told)
    @rule()
    def restart(self):
        self.service.registry.close()
        self.open()

    @invariant()
    def shows_what_the_model_knows(self):
        for item, title in self.titles.items():
            shown = self.client.get(f"/v1/items/{item}").json()
            assert (shown["title"], shown["sealed_at"] is not None) == (title, item in self.sealed)
            self.require_photos(item, shown)
        for claim, (item, residence) in self.claims.items():
            shown = self.client.get(f"/v1/claims/{claim}").json()
            assert (shown["item_id"], shown["residence"]) == (item, residence)
            assert len(shown["decisions"]) == self.decisions[claim]
            self.require_photos(claim, shown)

    def require_photos(self, owner, shown):
        originals = [self.service.registry.original(one["photo_id"]) for one in shown["photos"]]
        assert originals == [running.photo(seed) for seed in self.photos.get(owner, [])]

    @invariant()
    def tells_each_change_once(self):
        events = self.service.registry.events(after=0, limit=1000)
        assert [one.number for one in events] == list(range(1, len(events) + 1))
        kinds = Counter(one.kind for one in events)
        assert {kind: kinds[kind] for kind in self.told} == dict(self.told)


@pytest.fixture(scope="module")
def shop(workers):
    Shop.workers = workers
    return Shop


def walk(shop, **length):
    alike = settings(
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        **length,
    )
    run_state_machine_as_test(shop, settings=alike)


def test_a_few_walks_agree_with_the_model(shop):
    walk(shop, **SHORT)


@pytest.mark.torture
def test_many_walks_agree_with_the_model(shop, record_property):
    before = Shop.requests
    walk(shop, **LONG)
    told = f"{LONG['max_examples']} walks, {Shop.requests - before} requests: as the model says"
    record_property("measured", told)
