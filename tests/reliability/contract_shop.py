"""A shop to try requests on, and how generated requests are led to what is in it."""

import random
from dataclasses import dataclass

import running
from fastapi.testclient import TestClient
from registry.samples import person
from reliability.calls import APPROVE, CLAIM, ITEM

from api.cookies import COOKIE, CSRF_HEADER
from api.examples import INSPECTION_REQUEST
from evidence.registry.staff_records import Staff
from evidence.service.people import People
from evidence.service.sessions import begin, csrf_token_of

PROGRAM = {"Authorization": "Bearer k"}
OWNERS = ("/v1/staff", "/v1/keys", "/v1/session")  # calls that a program may not make
LED = 0.8  # share of the requests that are led to what is there; the others go where they like
PHOTOS = [running.photo(seed) for seed in range(3)]
FILES = ("file", "reference", "query")


@dataclass(frozen=True)
class Shop:
    """Who may ask for what, and the ids of what is there."""

    people: People
    owner: Staff
    known: dict[str, list]

    def lead(self, case):
        """Lead a generated request to something that is there; the same one always alike."""
        told = (case.operation.label, case.path_parameters, case.query, case.headers, case.body)
        chance = random.Random(repr(told))  # noqa: S311
        for name in case.path_parameters or {}:
            if name in self.known and chance.random() < LED:
                case.path_parameters[name] = chance.choice(self.known[name])
        if case.cookies and chance.random() < LED:
            case.cookies.clear()
        for name in ("If-Match", "If-None-Match", "Idempotency-Key"):
            if name in (case.headers or {}) and chance.random() < LED:
                del case.headers[name]
        if isinstance(case.body, dict):
            for name in set(FILES) & set(case.body):
                if chance.random() < LED:
                    case.body[name] = chance.choice(PHOTOS)
            if "item_id" in case.body and chance.random() < LED:
                case.body |= {"item_id": "item-1", "order_id": None}
        return case

    def credentials(self, case):
        """Return the headers of whoever may make the call."""
        if not case.path.startswith(OWNERS):
            return PROGRAM
        token = begin(self.people, self.owner).token  # the last one may have signed out
        return {"Cookie": f"{COOKIE}={token}", CSRF_HEADER: csrf_token_of(token)}


def open_shop(app, people):
    """Put an item, a sealed one, claims where they may stand, and what hangs on them in a shop."""
    client = TestClient(app, headers=PROGRAM)

    def ask(method, path, status=201, **facts):
        answer = client.request(method, path, **facts)
        assert answer.status_code == status, (path, answer.text)
        return answer.json()

    def photo(path, number, **form):
        file = {"file": PHOTOS[number]}
        return ask("POST", path, data={"view": "front"} | form, files=file)["photo_id"]

    photos, claims, readings = [], [], []
    for number in range(2):
        ask("PUT", f"/v1/items/item-{number}", json=ITEM | {"order_id": f"order-{number}"})
        photos.append(photo(f"/v1/items/item-{number}/photos", number))
    for state in ("opened", "decided", "read"):
        claims.append(state)
        path = f"/v1/claims/{state}"
        ask("PUT", path, json=CLAIM | {"item_id": "item-0"})
        photos.append(photo(f"{path}/photos", 2))
        if state == "decided":
            ask("POST", f"{path}/decisions", json=APPROVE)
        if state == "read":
            asked = {"asked_by": "support-1", "reader": "reviewer-1"}
            readings.append(ask("POST", f"{path}/second-readings", json=asked)["reading_id"])
    ask("POST", "/v1/items/item-0/seal", status=200)
    found = INSPECTION_REQUEST | {"claim_id": None, "inspected_by": "warehouse-1"}
    inspection = ask("POST", "/v1/items/item-1/inspections", json=found)
    pair = {"reference": PHOTOS[0], "query": PHOTOS[2]}
    comparison = ask("POST", "/v1/comparisons", status=200, files=pair)
    ada = person("Ada", "owner", password_hash=people.passwords.hash("nine cards in a box"))
    owner = people.service.registry.add_staff(ada, actor="test")
    known = {
        "item_id": ["item-0", "item-1"],
        "claim_id": claims,
        "photo_id": photos,
        "reading_id": readings,
        "inspection_id": [inspection["inspection_id"]],
        "comparison_id": [comparison["id"]],
        "staff_id": [owner.staff_id],
        "level": [0, 5, 9],
        "column": [0, 1],
        "row": [0, 1],
    }
    return Shop(people, owner, known)
