"""A program checks the log with what the calls give it and nothing of the service's own."""

import hashlib
import json
from base64 import b64decode

from api import log_examples
from evidence.registry.checkpoints import open_checkpoint, open_proof
from evidence.registry.log_leaves import digest_details
from evidence.registry.merkle import GrowingTree, extends, hash_leaf
from evidence.registry.signed_notes import read_verifier


def read(client, call):
    answer = client.get(f"/v1/log/{call}")
    assert answer.headers["content-type"].startswith("text/plain")
    return answer.text


def head(client):
    return open_checkpoint(read(client, "checkpoint"), read_verifier(read(client, "key")))


def test_entries_are_the_leaves_of_the_signed_tree(client, put_item, put_claim):
    put_item()
    put_claim()
    grown, after = GrowingTree(), 0
    while entries := client.get("/v1/log/entries", params={"after": after, "limit": 2}).json():
        if not entries["entries"]:
            assert entries["next"] == after
            break
        after = entries["next"]
        for entry in entries["entries"]:
            grown.add(hash_leaf(entry["leaf"].encode()))
            salted = bytes.fromhex(entry["salt"]) + entry["details"].encode()
            digest = hashlib.sha256(salted).hexdigest()
            assert json.loads(entry["leaf"])["details"] == f"sha256:{digest}"
    assert after == grown.size == client.get("/v1/events").json()["next"]
    checkpoint = head(client)
    assert (checkpoint.size, checkpoint.root) == (grown.size, grown.root())


def test_every_event_is_proved(client, put_item, put_claim):
    put_item()
    put_claim()
    key = read_verifier(read(client, "key"))
    for entry in client.get("/v1/log/entries").json()["entries"]:
        proof = read(client, f"proofs/{entry['number']}")
        index, _ = open_proof(proof, entry["leaf"].encode(), key)
        assert index == entry["number"] - 1


def test_a_later_checkpoint_extends_an_earlier_one(client, put_item):
    put_item()
    before = head(client)
    for number in range(3):
        put_item(f"item-{number + 2}")
    after = head(client)
    params = {"old": before.size, "new": after.size}
    answer = client.get("/v1/log/consistency", params=params).json()
    proof = [b64decode(one) for one in answer["proof"]]
    assert extends(before.size, before.root, after.size, after.root, proof)


def test_what_cannot_be_proved_is_refused(client, put_item):
    put_item()
    size = head(client).size
    assert client.get(f"/v1/log/proofs/{size + 1}").status_code == 404
    assert client.get("/v1/log/proofs/0").status_code == 422
    for old, new, status in ((1, size + 1, 404), (2, 1, 422), (0, 1, 422)):
        answer = client.get("/v1/log/consistency", params={"old": old, "new": new})
        assert answer.status_code == status


def test_who_is_not_to_judge_has_no_business_there(person):
    for role, status in (("owner", 200), ("reviewer", 200), ("support", 403), ("warehouse", 403)):
        assert person(role).get("/v1/log/key").status_code == status


def test_the_examples_prove_what_they_say():
    key, entry = read_verifier(log_examples.KEY), log_examples.ENTRY
    leaf = entry["leaf"].encode()
    index, checkpoint = open_proof(log_examples.PROOF, leaf, key)
    assert (index + 1, checkpoint) == (3, open_checkpoint(log_examples.CHECKPOINT, key))
    digest = digest_details(bytes.fromhex(entry["salt"]), entry["details"]).hex()
    assert json.loads(leaf)["details"] == f"sha256:{digest}"
