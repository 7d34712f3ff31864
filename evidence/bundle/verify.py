#!/usr/bin/env python3
"""Check an evidence bundle without the service that made it, and without a network.

Needs Python 3.9 or newer and the package "cryptography", nothing else:

    python verify.py BUNDLE.zip [--key KEY]

Ends with 0 if everything holds, with 1 if anything does not, with 2 if the file is no bundle.

Take this file from where you trust it, not from the bundle: whoever changes a bundle can change
the copy in it as well.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import struct
import sys
import zlib
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "photo-evidence bundle 1"
MANIFEST, SIGNATURE, KEY = "manifest.json", "manifest.sig", "log/key.txt"
NOTE = "photo-evidence bundle manifest\n{}\n"  # what is signed: the SHA-256 of the manifest
MOST_BYTES, MOST_FILES = 2**31 - 1, 10_000
PART = r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}"  # begins with a letter or digit: no "..", no "/" first
NAME = re.compile(rf"{PART}(/{PART}){{0,3}}")
BROKEN = (AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error)


HOLDS = """
EVERYTHING HOLDS / すべて確認できました
  claim {}, order {}, made {} (self-asserted time / 自己申告の時刻)
  {} files; {} photos: {} originals, {} with no log entry of their own
  entries {} to {} of a log of {}; key {}

It proves that the holder of that key signed this file, that not one byte was changed since, and
that these entries and photos are in the log, in this order.
鍵の保有者がこのファイルに署名し、以後1バイトも変わっていないこと、記録と写真がこの順序で記録簿に
あることを証明します。
It does not prove when anything happened: the times are self-asserted. Nor what stood before the
camera, nor why anything looks as it does.
時刻は店舗自身の申告であり、証明されません。何が、なぜ撮影されたかも証明されません。"""
GIVEN = "The key is the one that you gave. / 鍵は指定されたものです。"
NOT_GIVEN = """Nor whose key it is: NO --key WAS GIVEN. Compare that line with the key that the shop
publishes elsewhere than in this file, or run this again with --key.
鍵が店舗のものであることは未確認です。店舗が別の場所で公開している鍵と照合してください。"""
FAILS = """
THIS DOES NOT HOLD. Do not rely on it; ask for the file again.
確認できない点があります。このファイルに依拠せず、再度取り寄せてください。"""


class Fault(Exception):
    """What does not hold, in English and in Japanese."""


# --- the file: a ZIP archive that can be laid out in one way only ---------------------------------


def pack(files: dict[str, bytes]) -> bytes:
    """Return the one archive of these files (name: bytes): stored, by name, no dates, no more."""
    archive: list[bytes] = []
    directory: list[bytes] = []
    at = 0
    for name in sorted(files):
        data, raw = files[name], name.encode("ascii")
        facts = (20, 0, 0, 0, 33, zlib.crc32(data), len(data), len(data), len(raw), 0)
        archive += [struct.pack("<4s5H3L2H", b"PK\3\4", *facts), raw, data]
        directory += [struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, *facts, 0, 0, 0, 0, at), raw]
        at += 30 + len(raw) + len(data)
    size, count = sum(map(len, directory)), len(files)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, at, 0)
    return b"".join([*archive, *directory, end])


def unpack(data: bytes) -> tuple[dict[str, bytes], bool]:
    """Return the files of an archive, and whether it is byte for byte what pack makes of them."""
    files: dict[str, bytes] = {}
    at = 0
    while data[at : at + 4] == b"PK\3\4" and len(files) < MOST_FILES:
        if len(data) < at + 30:
            break
        size, length = struct.unpack_from("<LH", data, at + 22)
        start = at + 30 + length
        name = data[at + 30 : start].decode("ascii", "replace")
        if not NAME.fullmatch(name) or name in files or start + size > len(data):
            break
        files[name] = data[start : start + size]
        at = start + size
    return files, pack(files) == data


# --- signatures: c2sp.org/signed-note with Ed25519 ------------------------------------------------


def read_base64(text: str) -> bytes:
    """Decode base64 that is written in the one right way."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError(text)
    return data


def read_key(line: str) -> tuple[str, bytes, Ed25519PublicKey]:
    """Return the name, the id and the public key of a line NAME+ID+BASE64."""
    name, number, encoded = line.split("+", 2)
    public = read_base64(encoded)
    known = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
    if len(public) != 33 or public[0] != 1 or known.hex() != number:
        raise ValueError(line)
    return name, known, Ed25519PublicKey.from_public_bytes(public[1:])


def open_note(note: str, key: str) -> str:
    """Return the text of a signed note, after checking that the key signed it."""
    name, number, public = read_key(key)
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        signer, _, encoded = line[2:].rpartition(" ")
        if line.startswith("— ") and signer == name:
            signature = read_base64(encoded)
            if signature[:4] == number:
                public.verify(signature[4:], text.encode())
                return text
    raise InvalidSignature


# --- the log: RFC 9162, c2sp.org/tlog-checkpoint and c2sp.org/tlog-proof --------------------------


def find_root(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Return the root that an inclusion proof leads to (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        raise ValueError(index)
    place, last, root = index, size - 1, hashlib.sha256(b"\0" + leaf).digest()
    for sibling in path:
        if last == 0:
            raise ValueError(path)
        if place & 1 or place == last:
            root = hashlib.sha256(b"\1" + sibling + root).digest()
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            root = hashlib.sha256(b"\1" + root + sibling).digest()
        place, last = place >> 1, last >> 1
    if last:
        raise ValueError(path)
    return root


def check_entry(leaf: bytes, proof: str, key: str) -> tuple[int, int]:
    """Check that a signed tree holds the leaf; return its index and the tree's size."""
    head, _, checkpoint = proof.partition("\n\n")
    lines = head.split("\n")
    lines = lines[:1] + [line for line in lines[1:] if not line.startswith("extra ")]
    if lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("index "):
        raise ValueError(head)
    origin, size, root = open_note(checkpoint, key).split("\n")[:3]
    path = [read_base64(line) for line in lines[2:]]
    index = int(lines[1][6:])
    if origin != read_key(key)[0] or find_root(leaf, index, int(size), path) != read_base64(root):
        raise ValueError(proof)
    return index, int(size)


# --- the checks, in their order -------------------------------------------------------------------


class Bundle:
    """A file that claims to be a bundle, and what the checks have found so far."""

    def __init__(self, data: bytes, key: str | None):
        """Take the file apart; nothing in it is believed yet."""
        self.files, self.whole = unpack(data)
        self.key = key or self.files.get(KEY, b"").decode("utf-8", "replace").strip()
        self.manifest: dict[str, Any] = {}
        self.entries: list[dict[str, Any]] = []
        self.passed: list[tuple[str, str]] = []
        self.faults: list[tuple[str, str, str]] = []


def check_layout(bundle: Bundle) -> None:
    """Whatever stands between, before or after the files was written by nobody else."""
    if not bundle.whole:
        raise Fault("other bytes than this layout has / 構造が異なります")


def check_signature(bundle: Bundle) -> None:
    """The manifest is the one that the key signed."""
    note, digest = bundle.files[SIGNATURE].decode(), hashlib.sha256(bundle.files[MANIFEST])
    text = open_note(note, bundle.key)
    if text != NOTE.format(digest.hexdigest()) or note.count("\n") != 4 or note[-1] != "\n":
        raise Fault("another list of files was signed / 別の一覧への署名です")
    if bundle.files[KEY].decode().strip() != bundle.key:
        raise Fault("made with another key than the given one / 指定の鍵と異なります")


def check_files(bundle: Bundle) -> None:
    """The files are those of the manifest, byte for byte."""
    bundle.manifest = json.loads(bundle.files[MANIFEST])
    listed, held = bundle.manifest["files"], dict(bundle.files)
    if bundle.manifest["format"] != FORMAT:
        raise Fault("a format that this program does not know / 未知の形式です")
    del held[MANIFEST], held[SIGNATURE]
    found = {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for name, data in held.items()
    }
    wrong = [name for name in {**listed, **found} if listed.get(name) != found.get(name)]
    if wrong:
        raise Fault("changed, added or gone / 変更・追加・欠落: " + ", ".join(sorted(wrong)[:5]))


def check_log(bundle: Bundle) -> None:
    """Each entry is in the signed log at its number, and says what the log's leaf is bound to."""
    numbers = bundle.manifest["entries"]
    if numbers != sorted(set(numbers)) or not numbers:
        raise Fault("entries are out of order / 順序が異なります")
    for number in numbers:
        told = json.loads(bundle.files[f"log/{number}.json"])
        proof = bundle.files[f"log/{number}.tlog-proof"].decode()
        index, size = check_entry(told["leaf"].encode(), proof, bundle.key)
        leaf, details, said = json.loads(told["leaf"]), told["details"], {}
        if not index + 1 == leaf["number"] == number:
            raise Fault(f"entry {number} is another one / 記録 {number} が異なります")
        if details is not None:  # erased ones still prove that there was an entry
            digest = hashlib.sha256(bytes.fromhex(told["salt"]) + details.encode()).hexdigest()
            if leaf["details"] != "sha256:" + digest:
                raise Fault(
                    f"entry {number} says something else / 記録 {number} の内容が異なります"
                )
            said = json.loads(details)
        bundle.entries.append({**said, **leaf, "size": size})


def check_photos(bundle: Bundle) -> None:
    """Each photo's receipt is the entry that it names; each original is that photo's bytes."""
    logged = {entry["number"]: entry for entry in bundle.entries}
    originals = {name for name in bundle.files if name.startswith("originals/")}
    for photo in bundle.manifest["photos"]:
        name, photo_id, number = photo["file"], photo["photo_id"], photo["entry"]
        if name is not None and name not in bundle.files:
            raise Fault(f"{name} is not there / {name} がありません")
        if number is not None:
            entry = logged[number]  # one that was erased since says nothing any more
            if entry.get("body", {"photo_id": photo_id}).get("photo_id") != photo_id:
                raise Fault(f"entry {number} is of another photo / 記録 {number} は別の写真です")
        if name in originals and hashlib.sha256(bundle.files[name]).hexdigest() != photo_id:
            raise Fault(f"{name} is another photo / {name} は別の写真です")
    if originals - {photo["file"] for photo in bundle.manifest["photos"]}:
        raise Fault("an original of no photo / 対応する写真のない原本があります")


CHECKS = (
    (check_layout, "The file has its one layout: nothing before, between or after its parts",
     "ファイルは定められた構造で、余分なものがない"),
    (check_signature, "The key signed the list of its parts", "内容の一覧に鍵の署名がある"),
    (check_files, "Every part is as listed, byte for byte", "内容が一覧と1バイトも違わない"),
    (check_log, "Every entry is in the signed log at its number", "各記録が署名済みの記録簿にある"),
    (check_photos, "Every photo was received by the entry that it names, every original unchanged",
     "各写真の受領は記載の記録のとおりで、原本は変わっていない"),
)  # fmt: skip


def check(data: bytes, key: str | None = None) -> Bundle:
    """Check a bundle's bytes; by the key line that it names itself where none is given."""
    bundle = Bundle(data, key)
    for step, english, japanese in CHECKS:
        try:
            step(bundle)
        except Fault as fault:
            bundle.faults.append((english, japanese, str(fault)))
        except InvalidSignature:
            bundle.faults.append((english, japanese, "no signature fits / 署名が一致しません"))
        except BROKEN as error:  # whatever the bytes are, they may not end this program
            why = f"cannot be read / 読み取れません ({type(error).__name__})"
            bundle.faults.append((english, japanese, why))
        else:
            bundle.passed.append((english, japanese))
    return bundle


def say(text: str, *values: object) -> None:
    """Print a text with values in its places; no value can steer a terminal."""
    plain = ("".join(c if c.isprintable() else "?" for c in str(value)) for value in values)
    print(text.format(*plain))


def tell(bundle: Bundle, key: str | None) -> int:
    """Print what was checked, what it proves, and what it does not; return the exit code."""
    for english, japanese in bundle.passed:
        say("  ok      {}.\n          {}。", english, japanese)
    for english, japanese, why in bundle.faults:
        say("  NOT OK  {}: no.\n          {}：いいえ。\n          {}", english, japanese, why)
    if bundle.faults:
        say(FAILS)
        return 1
    told, photos, entries = bundle.manifest, bundle.manifest["photos"], bundle.entries
    originals = sum((photo["file"] or "").startswith("originals/") for photo in photos)
    unlogged = sum(photo["entry"] is None for photo in photos)
    about = [told.get(name) for name in ("claim_id", "order_id", "made_at")]
    counts = [len(bundle.files), len(photos), originals, unlogged]
    log = [entries[0]["number"], entries[-1]["number"], entries[-1]["size"]]
    say(HOLDS, *about, *counts, *log, bundle.key)
    say(GIVEN if key else NOT_GIVEN)
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Check one file, say what was found, and return the exit code."""
    parser = argparse.ArgumentParser(description="Check an evidence bundle, offline.")
    parser.add_argument("bundle", metavar="BUNDLE.zip")
    parser.add_argument("--key", help="the shop's public key, as it is published elsewhere")
    given = parser.parse_args(arguments)
    key = given.key and given.key.strip()
    for stream in (sys.stdout, sys.stderr):  # a terminal may lack the letters
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        with open(given.bundle, "rb") as file:
            data = file.read(MOST_BYTES + 1)
        if key:
            read_key(key)
    except OSError as error:
        return refuse(f"{given.bundle}: {error.strerror}")
    except BROKEN:
        return refuse("--key: this is no key line, such as NAME+1a2b3c4d+BASE64")
    if len(data) > MOST_BYTES or MANIFEST.encode() not in data:
        return refuse(f"{given.bundle}: this is no evidence bundle")
    return tell(check(data, key), key)


def refuse(why: str) -> int:
    """Say in one line why the input is of no use, and return the exit code."""
    print(why, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
