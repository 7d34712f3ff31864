"""Let the N-th system call of a kind fail in a running service, as a broken disk would."""

import re
import shutil
import subprocess
from contextlib import contextmanager

import pytest

# Every call by which the store and SQLite change a file or a name.
CALLS = (
    "fsync", "fdatasync", "openat", "write", "pwrite64", "pread64", "ftruncate", "link", "rename",
    "unlink",
)  # fmt: skip


@contextmanager
def failing(process, call, number, error="EIO"):
    """Let each thread's ``number``-th such call fail; the block gets a list that names them."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: it is what makes system calls fail")
    inject = f"inject={call}:error={error}:when={number}"
    command = ["strace", "-f", "-p", str(process), "-e", f"trace={call}", "-e", inject]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    attached = tracer.stderr.readline()
    if "attached" not in attached:
        tracer.kill()
        pytest.skip(f"strace may not attach to a process here: {attached.strip()}")
    fired: list[str] = []
    try:
        yield fired
    finally:
        tracer.terminate()  # strace lets go of the process and ends
        _, told = tracer.communicate(timeout=60)
        fired += re.findall(r".*\(INJECTED\)", told)
