import hashlib
import json
from datetime import datetime, timedelta, timezone

import pytest
from registry.samples import NOW

from evidence.registry.log_leaves import (
    digest_details,
    make_salt,
    write_canonical,
    write_details,
    write_instant,
    write_leaf,
)


def test_a_leaf_is_canonical_json_without_anything_personal():
    salt = bytes(range(32))
    details = write_details("claim", "c-1", "Zoë", write_canonical({"b": "é", "a": [1, None]}))
    assert details == (
        '{"actor":"Zoë","body":{"a":[1,null],"b":"é"},"subject":"claim","subject_id":"c-1"}'
    )
    assert details == write_canonical(json.loads(details))
    digest = hashlib.sha256(salt + details.encode()).digest()
    assert digest_details(salt, details) == digest
    leaf = write_leaf(7, write_instant(NOW), "claim.decided", digest)
    assert json.loads(leaf) == {
        "at": "2026-11-22T09:30:15.123456Z",
        "details": f"sha256:{digest.hex()}",
        "kind": "claim.decided",
        "number": 7,
        "v": 1,
    }
    assert leaf == write_canonical(json.loads(leaf)).encode()


def test_the_time_is_utc_to_the_microsecond():
    tokyo = timezone(timedelta(hours=9))
    leaf = write_leaf(1, write_instant(datetime(2026, 1, 1, 8, tzinfo=tokyo)), "k", bytes(32))
    assert json.loads(leaf)["at"] == "2025-12-31T23:00:00.000000Z"


def test_the_same_details_have_another_digest_each_time():
    assert len(make_salt()) == 32
    assert digest_details(make_salt(), "{}") != digest_details(make_salt(), "{}")


def test_what_json_does_not_have_is_misuse():
    with pytest.raises(ValueError, match="JSON"):
        write_canonical({"n": float("nan")})
