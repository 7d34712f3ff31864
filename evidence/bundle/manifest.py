"""The list of all that a bundle holds, which is what is signed."""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from evidence.bundle.verify import FORMAT, MANIFEST, NOTE, SIGNATURE, pack

JSON = dict[str, Any]


def seal_bundle(
    files: Mapping[str, bytes], facts: JSON, sign: Callable[[str], str]
) -> tuple[bytes, str]:
    """Return the bundle, and the sha256 of its manifest.

    Args:
        files: all that it is to hold, by their names in it.
        facts: what the manifest tells beside their digests.
        sign: returns a text as a note that the log's key signed.
    """
    listed = {
        name: {"sha256": sha256(data).hexdigest(), "size": len(data)}
        for name, data in sorted(files.items())
    }
    manifest = to_bytes({"format": FORMAT, **facts, "files": listed})
    digest = sha256(manifest).hexdigest()
    note = sign(NOTE.format(digest)).encode()
    return pack({**files, MANIFEST: manifest, SIGNATURE: note}), digest


def to_bytes(value: Any) -> bytes:
    """Return JSON that a person can read too: the same value gives the same bytes."""
    return f"{json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)}\n".encode()
