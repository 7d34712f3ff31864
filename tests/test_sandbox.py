import ctypes
import errno
import os
import platform
import resource
import socket
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import running

from evidence.sandbox import missing_locks
from evidence.workers import Workers

LIBC = ctypes.CDLL(None, use_errno=True)
PTRACE_TRACEME = 0
OPENAT_OF_X32 = 0x40000000 + 257  # the same kernel call under another number, on x86-64
locked = pytest.mark.skipif(bool(missing_locks()), reason="; ".join(missing_locks()) or "locked")


def call(*args):
    """Make a system call; a refusal becomes an OSError."""
    done = LIBC.syscall(*args)
    if done < 0:
        raise OSError(ctypes.get_errno(), "refused")


def connect(path):
    with socket.socket() as caller:
        caller.connect(("127.0.0.1", 9))


def trace(path):
    if LIBC.ptrace(PTRACE_TRACEME, 0, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "refused")


ATTACKS = {
    "socket": connect,
    "local socket": lambda path: socket.socketpair(),
    "datagram": lambda path: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM),
    "open for writing": lambda path: os.open(path, os.O_WRONLY),
    "append": lambda path: path.open("a"),
    "new file": lambda path: path.with_name("loot").touch(),
    "new directory": lambda path: path.with_name("loot").mkdir(),
    "truncate": lambda path: os.truncate(path, 0),
    "delete": lambda path: path.unlink(),
    "rename": lambda path: path.rename(path.with_name("loot")),
    "link": lambda path: path.with_name("loot").symlink_to(path),
    "rights": lambda path: path.chmod(0o777),
    "read": lambda path: path.read_bytes(),
    "list": lambda path: os.listdir(path.parent),
    "environment of the parent": lambda path: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
    "fork": lambda path: os.fork(),
    "program": lambda path: os.execv("/bin/true", ["true"]),  # noqa: S606
    "spawn": lambda path: os.posix_spawn("/bin/true", ["true"], {}),
    "trace": trace,
    # Signal 0 asks only: a lock that does not hold kills nobody who runs the tests.
    "kill": lambda path: os.kill(os.getppid(), 0),
    "kill all": lambda path: os.kill(-1, 0),
    "io_uring": lambda path: call(425, 8, 0),
    "memory file": lambda path: os.memfd_create("loot"),
    "longer files": lambda path: lift(resource.RLIMIT_FSIZE),
    "more memory": lambda path: lift(resource.RLIMIT_AS),
    "open under another number": lambda path: call(OPENAT_OF_X32, -100, b"/etc/passwd", 1),
}
OF_LANDLOCK = {"read", "list", "environment of the parent"}


def lift(limit):
    unlimited = (ctypes.c_uint64 * 2)(2**64 - 1, 2**64 - 1)
    if LIBC.prlimit(0, limit, unlimited, None) < 0:
        raise OSError(ctypes.get_errno(), "refused")


def attack(name, path):
    """Return how the kernel refused it; in a worker."""
    try:
        ATTACKS[name](path)
    except OSError as error:
        return errno.errorcode[error.errno]
    return "done"


def compute():
    """Do what decoders and models do: threads, numbers, reading the program's own files."""
    found = []
    threads = [threading.Thread(target=lambda: found.append(os.urandom(4))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    matrix = np.ones((300, 300)) @ np.ones((300, 300))
    return len(found), matrix[0, 0], Path(np.__file__).read_bytes() != b""


@pytest.fixture(scope="module")
def workers():
    workers = Workers(count=1, waiting=0, memory=2_000_000_000)
    yield workers
    workers.close()


@pytest.fixture
def kept(tmp_path):
    path = tmp_path / "kept"
    path.write_bytes(b"evidence")
    return path


@locked
@pytest.mark.parametrize("name", ATTACKS)
def test_a_worker_reaches_nothing(workers, kept, name):
    if name == "open under another number" and platform.machine() != "x86_64":
        pytest.skip("only x86-64 has other numbers")
    assert workers.run(attack, name, kept, seconds=60) in ("EPERM", "EACCES")
    assert [path.name for path in kept.parent.iterdir()] == ["kept"]
    assert kept.read_bytes() == b"evidence"


def test_a_worker_computes_all_the_same(workers):
    assert workers.run(compute, seconds=60) == (3, 300.0, True)


def test_a_worker_may_read_what_it_is_given(kept):
    workers = Workers(count=1, waiting=0, memory=2_000_000_000, readable=[kept.parent])
    try:
        assert workers.run(attack, "read", kept, seconds=60) == "done"
        assert workers.run(attack, "open for writing", kept, seconds=60) in ("EPERM", "EACCES")
    finally:
        workers.close()


# Runs what follows on a kernel that lacks a lock: a filter around it says that there is none.
AROUND = """
import errno, os, sys
from seccompy import Filter
without = Filter()
for call in sys.argv[1].split():
    without.errno(int(call) if call.isdigit() else call, errno.ENOSYS)
without.load()
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""
WITHOUT = {"seccomp": "seccomp", "Landlock": "444"}
ALONE = """
import sys
from pathlib import Path
sys.path[:0] = ["tests", "."]
from evidence.sandbox import shut_in
import test_sandbox as attacks
shut_in()
for name in attacks.ATTACKS:
    if name not in ("fork", "kill", "kill all", "program"):
        print(name, attacks.attack(name, Path(sys.argv[1])), sep="=")
"""


def run_without(lock, *args, **options):
    command = [sys.executable, "-c", AROUND, WITHOUT[lock], *map(str, args)]
    return subprocess.run(
        command, cwd=running.ROOT, capture_output=True, text=True, check=False, **options
    )


@locked
def test_without_landlock_a_worker_still_writes_nothing_and_reaches_nobody(kept):
    done = run_without("Landlock", "-c", ALONE, kept)
    answers = dict(line.split("=") for line in done.stdout.splitlines())
    assert {name for name, answer in answers.items() if answer == "done"} == OF_LANDLOCK
    assert kept.read_bytes() == b"evidence"


@locked
def test_without_seccomp_a_worker_still_reads_and_writes_no_file(kept):
    done = run_without("seccomp", "-c", ALONE, kept)
    answers = dict(line.split("=") for line in done.stdout.splitlines())
    refused = {name for name, answer in answers.items() if answer != "done"}
    assert refused >= {"open for writing", "append", "new file", "delete", *OF_LANDLOCK}
    assert kept.read_bytes() == b"evidence"


@pytest.mark.parametrize("lock", WITHOUT)
def test_the_service_starts_with_a_warning_where_the_kernel_lacks_a_lock(tmp_path, lock):
    nowhere = {"EVIDENCE_PORT": "1", "EVIDENCE_HOST": "192.0.2.1"}  # so that it ends
    environment = running.environment(tmp_path / "home") | nowhere
    warning, refusal = run_without(
        lock, "-m", "evidence", "serve", env=environment
    ).stderr.splitlines()
    assert warning.startswith("Warning: ")
    assert f"no {lock}" in warning
    assert "cannot listen" in refusal
