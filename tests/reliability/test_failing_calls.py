"""No false success when a single system call fails, whichever it is; and then it goes on."""

from contextlib import closing
from dataclasses import dataclass, field
from itertools import count

import pytest
import running
from reliability.calls import APPROVE, CLAIM, ITEM, upload_to
from reliability.failing import CALLS, failing
from stores import of_the_disk

pytestmark = of_the_disk

MOST = 1000  # calls of one kind that a request makes; it makes far fewer
CLEAR = {503, 507}
PROBLEMS = {"storage", "storage-full", "busy"}  # the last: the workers had to be started again


@dataclass
class Shop:
    """A running service, with an item and a claim of its own for each attempt."""

    service: running.Served
    numbers: count = field(default_factory=count)
    kept: list[tuple[str, str]] = field(default_factory=list)  # (kind, id) of all successes

    def prepare(self, kind):
        """Make what the request needs; return its id."""
        name = f"{kind}-{next(self.numbers)}"
        order = ITEM | {"order_id": name}
        assert self.service.call("PUT", f"/v1/items/{name}", order)[0] == 201
        if kind == "seal":
            assert upload_to(self.service, name, running.photo())[0] == 201
        if kind == "decision":
            claim = CLAIM | {"item_id": name}
            assert self.service.call("PUT", f"/v1/claims/{name}", claim)[0] == 201
        return name

    def send(self, kind, name):
        """Send the request that a call fails in; it may be sent again."""
        once = {"Idempotency-Key": name}
        if kind == "upload":
            answer = upload_to(self.service, name, self.photo_of(name), **once)
        elif kind == "seal":
            answer = self.service.call("POST", f"/v1/items/{name}/seal", headers=once)
        else:
            path = f"/v1/claims/{name}/decisions"
            answer = self.service.call("POST", path, APPROVE, headers=once)
        return answer[:2]

    def photo_of(self, name):
        """Return bytes that nobody kept before: a comment at the end makes them other bytes."""
        return running.photo() + name.encode()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("failing") / "home"


@pytest.fixture(scope="module")
def shop(home):
    with running.served(home, EVIDENCE_API_KEY="k") as service:
        yield Shop(service)


def attempt(shop, kind, call, number):
    """Fail one call of one request; return what fired, after asking for the same once more."""
    name = shop.prepare(kind)
    with failing(shop.service.process.pid, call, number) as fired:
        status, answer = shop.send(kind, name)
    place = f"{kind}, {call} {number}: {status} {answer.get('detail')} {fired}"
    assert status in {200, 201} | CLEAR, place
    if status not in CLEAR:
        shop.kept.append((kind, name))
    else:
        assert answer["type"].rpartition(":")[2] in PROBLEMS, place
    again, answer = shop.send(kind, name)
    assert again in {200, 201}, f"{place}, and then {again} {answer}"
    shop.kept.append((kind, name))
    return fired, status


def require_kept(home, kept):
    """Open the home anew: what was acknowledged is there, once."""
    with closing(running.open_registry(home)) as registry:
        for kind, name in kept:
            if kind == "upload":
                [photo] = registry.item_photos(name)
                assert registry.original(photo.photo_id).endswith(name.encode())
                registry.reading(photo.photo_id)
            elif kind == "seal":
                assert registry.item(name).sealed_at is not None, name
            else:
                assert len(registry.decisions(name)) == 1, name


@pytest.mark.parametrize(
    ("kind", "call", "number"),
    [
        ("upload", "fsync", 1),
        ("upload", "link", 1),
        ("upload", "fsync", 3),
        ("seal", "pwrite64", 1),
        ("decision", "fsync", 1),
    ],
)
def test_some_call_fails(shop, home, kind, call, number):
    fired, status = attempt(shop, kind, call, number)
    assert fired, "the request makes no such call any more: choose another"
    assert status in CLEAR
    require_kept(home, shop.kept)


@pytest.mark.torture
@pytest.mark.parametrize("kind", ["upload", "seal", "decision"])
def test_each_call_fails_in_its_turn(tmp_path, kind, record_property):
    points, refused = 0, 0
    with running.served(tmp_path / "home", EVIDENCE_API_KEY="k") as service:
        shop = Shop(service)
        shop.send(kind, shop.prepare(kind))  # the workers have started
        for call in CALLS:
            number = 1
            while (tried := attempt(shop, kind, call, number))[0]:
                points, refused = points + 1, refused + (tried[1] in CLEAR)
                number += max(1, number // 8)  # SQLite's pages are like each other
                assert number < MOST, f"{kind}: {call} is made without end"
        service.kill()
    require_kept(tmp_path / "home", shop.kept)
    told = f"{kind}: {points} single failures, {refused} refused, 0 false successes"
    record_property("measured", told)
