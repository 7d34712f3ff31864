"""``evidence verify``: the exit codes of the command."""

import subprocess
import sys

import running

from evidence.bundle.manifest import seal_bundle
from evidence.registry.signed_notes import make_signer, sign_note


def run(tmp_path, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "evidence", "verify", *arguments],
        cwd=running.ROOT,
        env=running.environment(tmp_path / "home"),
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_holds_not_is_1_and_what_is_none_is_2(tmp_path):
    signer = make_signer("shop.example/log")
    key = signer.verifier.text
    facts = {"photos": [], "entries": [1]}  # an entry that is not there
    files = {"log/key.txt": f"{key}\n".encode()}
    (tmp_path / "some.zip").write_bytes(
        seal_bundle(files, facts, lambda text: sign_note(text, signer))[0]
    )
    done = run(tmp_path, tmp_path / "some.zip", "--key", key)
    assert done.returncode == 1
    assert done.stdout.count("  ok  ") == 4
    assert done.stdout.count("NOT OK") == 1
    done = run(tmp_path, tmp_path / "none.zip")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    done = run(tmp_path, "--key", key)  # a key says nothing about what is kept
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
