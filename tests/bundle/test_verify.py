"""The stand-alone verifier: what it takes, what it refuses, and that it needs nothing else."""

import ast
import base64
import hashlib
import importlib.util
import json
import random
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evidence.bundle import verify
from evidence.bundle.manifest import seal_bundle, to_bytes
from evidence.bundle.verifier import verifier_source
from evidence.registry.merkle import hash_leaf
from evidence.registry.signed_notes import make_signer, sign_note

MUTATIONS = 400
LAYOUT, SIGNATURE, FILES, LOG, PHOTOS = (english for _, english, _ in verify.CHECKS)


def failed(data, key=None):
    """Return the checks that find something."""
    return [english for english, _, _ in verify.check(data, key).faults]


def resealed(exported, changes=(), facts=(), sign=None):
    """Return the bundle as somebody who holds the log's key could forge it."""
    files = {**exported.files, **dict(changes)}
    manifest = json.loads(files.pop(verify.MANIFEST))
    del files[verify.SIGNATURE], manifest["files"], manifest["format"]
    files = {name: data for name, data in files.items() if data is not None}
    sign = sign or exported.service.registry.sign_text
    return seal_bundle(files, manifest | dict(facts), sign)[0]


def test_a_bundle_holds(exported):
    assert failed(exported.data) == failed(exported.data, exported.key) == []
    assert resealed(exported) == exported.data


def mutated(data, rng):
    changed = bytearray(data)
    changed[rng.randrange(len(data))] ^= rng.randrange(1, 256)
    return bytes(changed)


def without_drawn(exported):
    """Return what leaves out reports and pictures, so that many changes are soon tried."""
    return dict.fromkeys(n for n in exported.files if n.startswith(("report.", "pictures/")))


@pytest.fixture(scope="session")
def small(exported):
    return resealed(exported, without_drawn(exported))


def test_every_single_byte_change_is_caught(exported, small):
    rng = random.Random(1)  # noqa: S311 - the same changes every time
    assert failed(small) == []
    for _ in range(MUTATIONS):
        assert failed(mutated(small, rng))
    for _ in range(20):
        assert failed(mutated(exported.data, rng))
    for place in [*range(120), *range(len(small) - 120, len(small))]:
        for value in (0, 10, 255):
            changed = bytearray(small)
            changed[place] = value
            assert changed == small or failed(bytes(changed)), place


def test_nor_does_a_right_layout_help_a_change(small):
    rng = random.Random(2)  # noqa: S311 - the same changes every time
    held = verify.unpack(small)[0]
    names = sorted(held)
    for number in range(MUTATIONS):
        name = names[number % len(names)]
        files = held | {name: mutated(held[name], rng)}
        found = failed(verify.pack(files))
        assert found, name
        assert LAYOUT not in found
        sealed = {verify.MANIFEST, verify.SIGNATURE, verify.KEY}
        assert (FILES if name not in sealed else SIGNATURE) in found


def test_files_added_taken_away_or_swapped_are_named(exported):
    files = exported.files
    name = next(name for name in files if name.startswith("originals/"))
    for changed in (
        files | {"more.txt": b""},
        {one: data for one, data in files.items() if one != name},
        files | {name: files["verify.py"]},
    ):
        ((_, _, why),) = [
            fault for fault in verify.check(verify.pack(changed)).faults if fault[0] == FILES
        ]
        assert ("more.txt" if "more.txt" in changed else name) in why


def rezipped(exported, *, name=b"HOW-TO-CHECK.txt", extra=b"", comment=b"", method=0, flags=0):
    """Return an archive that other programs read alike, but that is not as it was written."""
    data = exported.data
    local = data.index(name) - 30
    head = bytearray(data[local : local + 30])
    struct.pack_into("<H", head, 6, flags)
    struct.pack_into("<H", head, 8, method)
    struct.pack_into("<H", head, 28, len(extra))
    at = local + 30 + len(name)
    changed = data[:local] + bytes(head) + name + extra + data[at:]
    return changed[:-2] + struct.pack("<H", len(comment)) + comment


@pytest.mark.parametrize(
    "change",
    [
        lambda exported: exported.data + b"\0",
        lambda exported: b"\0" + exported.data,
        lambda exported: exported.data[:-1],
        lambda exported: exported.data + exported.data,
        lambda exported: rezipped(exported, comment=b"hello"),
        lambda exported: rezipped(exported, extra=b"\x01\0\0\0"),
        lambda exported: rezipped(exported, method=8),
        lambda exported: rezipped(exported, flags=8),
    ],
)
def test_any_other_layout_is_refused(exported, change):
    assert rezipped(exported) == exported.data
    assert LAYOUT in failed(change(exported))


@pytest.mark.parametrize("name", ["../up", "/root", "a/../../up", "a\\b", "C:x", ".hidden", "ä"])
def test_no_name_leads_anywhere(exported, name):
    files, whole = verify.unpack(verify.pack({"x" * len(name.encode()): b"1"}))
    assert whole
    assert len(files) == 1
    forged = verify.pack({"x" * len(name.encode()): b"1"})
    forged = forged.replace(b"x" * len(name.encode()), name.encode())
    files, whole = verify.unpack(forged)
    assert not whole
    assert files == {}


def test_another_key_signs_nothing_for_the_shop(exported):
    other = make_signer("shop.example/log")
    forged = resealed(exported, sign=lambda text: sign_note(text, other))
    assert SIGNATURE in failed(forged)
    text = other.verifier.text
    forged = resealed(
        exported, {verify.KEY: f"{text}\n".encode()}, sign=lambda text: sign_note(text, other)
    )
    assert failed(forged) == [LOG, PHOTOS]  # the log's own signatures still stand in its way
    assert SIGNATURE in failed(forged, exported.key)
    assert SIGNATURE in failed(exported.data, text)


def test_a_note_with_more_in_it_is_refused(exported):
    note = exported.files[verify.SIGNATURE]
    letter = chr(note[-3] + 1).encode()  # bits that stand for nothing: the same signature
    loose = note[:-3] + letter + note[-2:]
    assert base64.b64decode(loose.split()[-1]) == base64.b64decode(note.split()[-1])
    for more in (
        loose,
        note + note.splitlines(keepends=True)[-1],
        note + b"\n",
        note[:-1],
        b"\n" + note,
    ):
        assert failed(verify.pack(exported.files | {verify.SIGNATURE: more})) == [SIGNATURE]


def entry_of(exported, number):
    return json.loads(exported.files[f"log/{number}.json"])


def test_whoever_holds_the_key_cannot_make_an_entry_say_something_else(exported):
    numbers = json.loads(exported.files[verify.MANIFEST])["entries"]
    first, second = numbers[:2]
    told = entry_of(exported, first)
    later = told["leaf"].replace("2025-", "2024-")
    assert later != told["leaf"]
    forgeries = [
        {f"log/{first}.json": to_bytes(told | {"details": told["details"].replace("1", "2")})},
        {f"log/{first}.json": to_bytes(told | {"salt": "00" * 32})},
        {f"log/{first}.json": to_bytes(told | {"leaf": later})},
        {f"log/{first}.json": exported.files[f"log/{second}.json"]},
        {f"log/{first}.tlog-proof": exported.files[f"log/{second}.tlog-proof"]},
        {f"log/{first}.json": None},
    ]
    for forgery in forgeries:
        assert LOG in failed(resealed(exported, forgery))
    swapped = {
        f"log/{one}.{ending}": exported.files[f"log/{other}.{ending}"]
        for one, other in ((first, second), (second, first))
        for ending in ("json", "tlog-proof")
    }
    assert LOG in failed(resealed(exported, swapped))
    for entries in ([], numbers[::-1], [first, first]):
        assert LOG in failed(resealed(exported, facts={"entries": entries}))


def test_an_erased_entry_still_proves_that_there_was_one(exported):
    number = json.loads(exported.files[verify.MANIFEST])["entries"][0]
    erased = to_bytes(entry_of(exported, number) | {"salt": None, "details": None})
    assert failed(resealed(exported, {f"log/{number}.json": erased})) == []


def test_a_photo_is_what_its_entry_says(exported):
    photos = json.loads(exported.files[verify.MANIFEST])["photos"]
    one, two = photos[0], photos[1]
    for changed in (
        one | {"entry": two["entry"]},
        one | {"photo_id": two["photo_id"]},
        one | {"file": "originals/none.jpg"},
        one | {"entry": 10**9},
    ):
        forged = resealed(exported, facts={"photos": [changed, *photos[1:]]})
        assert failed(forged) == [PHOTOS]
    assert failed(resealed(exported, facts={"photos": photos[1:]})) == [PHOTOS]
    image = b"another photo"
    forged = resealed(exported, {one["file"]: image})
    assert failed(forged) == [PHOTOS]


def proof_of(index, size):
    """Return the root and the path of a leaf by the definition of the tree, with its leaf."""
    leaves = [bytes([number]) for number in range(size)]

    def root(some):
        if len(some) == 1:
            return hash_leaf(some[0])
        half = 1 << (len(some) - 1).bit_length() - 1
        return hashlib.sha256(b"\1" + root(some[:half]) + root(some[half:])).digest()

    def path(at, some):
        if len(some) == 1:
            return []
        half = 1 << (len(some) - 1).bit_length() - 1
        if at < half:
            return [*path(at, some[:half]), root(some[half:])]
        return [*path(at - half, some[half:]), root(some[:half])]

    return leaves[index], path(index, leaves), root(leaves)


def test_inclusion_is_proved_as_the_standard_says():
    for size in range(1, 34):
        for index in range(size):
            leaf, path, root = proof_of(index, size)
            assert verify.find_root(leaf, index, size, path) == root
            assert verify.find_root(b"other", index, size, path) != root
            for wrong in (path[:-1], [*path, root]):
                if wrong != path:
                    with pytest.raises(ValueError, match=r".*"):
                        verify.find_root(leaf, index, size, wrong)
    with pytest.raises(ValueError, match="3"):
        verify.find_root(b"", 3, 3, [])


def test_garbage_is_refused_and_never_ends_the_program(exported):
    rng = random.Random(3)  # noqa: S311 - the same changes every time
    sealed = {verify.MANIFEST, verify.SIGNATURE}
    names = sorted(
        name for name, data in exported.files.items() if len(data) < 20_000 and name not in sealed
    )
    for _ in range(200):
        name = rng.choice(names)
        data = bytearray(exported.files[name])
        start = rng.randrange(len(data) + 1)
        data[start : start + rng.randrange(9)] = rng.randbytes(rng.randrange(9))
        verify.check(resealed(exported, without_drawn(exported) | {name: bytes(data)}))
        junk = rng.randbytes(200) + verify.MANIFEST.encode() + rng.randbytes(200)
        assert failed(junk)
    wrong = {"photos": [[1], [{}], 5, "x"], "entries": ["x", [[]], [None], {}, 5, [-1], [1e99]]}
    for name, values in wrong.items():
        for value in values:
            assert failed(resealed(exported, facts={name: value})), (name, value)
    deep = b"[" * 100_000
    files = exported.files | {verify.MANIFEST: deep}
    assert FILES in failed(verify.pack(files))


@pytest.fixture
def alone(tmp_path, exported):
    """Run the bundle's own verify.py where nothing but cryptography can be imported."""
    library = tmp_path / "library"
    library.mkdir()
    for name in ("cryptography", "cffi", "_cffi_backend", "pycparser"):
        origin = importlib.util.find_spec(name).origin
        source = Path(origin).parent if origin.endswith("__init__.py") else Path(origin)
        (library / source.name).symlink_to(source)
    (tmp_path / "verify.py").write_bytes(exported.files["verify.py"])
    start = (
        f"import runpy, sys; sys.path.append({str(library)!r}); sys.argv[0] = 'verify.py'\n"
        "for name in ('evidence', 'numpy', 'PIL'):\n"
        "    try: __import__(name)\n"
        "    except ImportError: continue\n"
        "    sys.exit(9)\n"
        "runpy.run_path('verify.py', run_name='__main__')\n"
    )

    def run(data, *options):
        (tmp_path / "bundle.zip").write_bytes(data)
        return subprocess.run(
            [sys.executable, "-I", "-S", "-c", start, "bundle.zip", *options],
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            env={"PYTHONIOENCODING": "utf-8"},
            check=False,
        )

    return run


def test_it_needs_nothing_of_the_project(alone, exported):
    done = alone(exported.data)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("  ok  ") == len(verify.CHECKS)
    assert "self-asserted" in done.stdout
    assert "NO --key WAS GIVEN" in done.stdout
    assert exported.key in done.stdout
    with_key = alone(exported.data, "--key", exported.key)
    assert with_key.returncode == 0
    assert "NO --key" not in with_key.stdout


def test_it_says_what_does_not_hold(alone, exported):
    changed = bytearray(exported.data)
    changed[len(changed) // 2] ^= 1
    done = alone(bytes(changed))
    assert (done.returncode, done.stderr) == (1, "")
    assert "NOT OK" in done.stdout
    assert "EVERYTHING HOLDS" not in done.stdout
    foreign = make_signer("shop.example/log").verifier.text
    assert alone(exported.data, "--key", foreign).returncode == 1


@pytest.mark.parametrize("data", [b"", b"PK", b"%PDF-1.7", b"x" * 5000])
def test_what_is_no_bundle_ends_with_2_and_one_line(alone, data):
    done = alone(data)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


def test_a_key_that_is_none_ends_with_2(alone, exported):
    done = alone(exported.data, "--key", "whatever")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_a_name_cannot_steer_the_terminal(exported, capsys):
    forged = resealed(exported, facts={"claim_id": "\x1b[2J\x07 {0}"})
    assert verify.tell(verify.check(forged), None) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "?[2J? {0}" in said


def test_it_is_one_short_file_for_python_3_9():
    source = verifier_source().decode()
    tree = ast.parse(source, feature_version=(3, 9))
    found = {
        alias.name if isinstance(node, ast.Import) else node.module.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert found - set(sys.stdlib_module_names) == {"cryptography"}
    assert len(source.splitlines()) < 360


def test_keys_are_read_in_their_one_form():
    key = make_signer("a/b").verifier.text
    assert verify.read_key(key)[0] == "a/b"
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    assert len(public) == 32
    for wrong in (f"b{key}", key[:-1], key.replace("+", " ", 1), key + "\n", ""):
        with pytest.raises(ValueError, match=r".*"):
            verify.read_key(wrong)
