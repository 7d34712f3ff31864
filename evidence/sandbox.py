"""Shut a process in: it computes on what it is given, and reaches nothing else.

Two locks of the Linux kernel, neither of which needs a privilege or can be opened again:

* Landlock (https://docs.kernel.org/userspace-api/landlock.html) lets files be read below given
  places only, and none be written, made or removed.
* A seccomp filter (https://docs.kernel.org/userspace-api/seccomp_filter.html) lets through the
  system calls that computing needs; the others fail with EPERM. So there are no sockets, no new
  processes or programs, no looking into other processes, and no opening for writing, which thus
  does not hang on Landlock alone.

A list of what is allowed is safe against what a kernel adds, and against calls under other numbers.
"""

import ctypes
import errno
import os
import resource
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import seccompy
from seccompy import Action, ArgCmp, CmpOp, Filter, FilterFlag

_CALLS = (
    # memory
    "brk", "mmap", "mprotect", "munmap", "mremap", "madvise", "membarrier",
    # what is open already: pipes to the parent, the log
    "read", "write", "readv", "writev", "pread64", "pwrite64", "lseek", "close", "dup", "dup2",
    "fcntl", "poll", "ppoll", "select", "pselect6", "fadvise64",
    # looking at files; which ones, Landlock says
    "stat", "fstat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2",
    "readlink", "readlinkat", "getdents64", "getcwd",
    # threads
    "futex", "set_robust_list", "get_robust_list", "rseq", "set_tid_address", "sched_yield",
    "sched_getaffinity", "sched_setaffinity", "sched_getparam", "sched_getscheduler", "getcpu",
    # time and signals
    "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall",
    # who this is, on what machine, and the end
    "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getrusage", "times",
    "sysinfo", "uname", "getrandom", "getrlimit", "exit", "exit_group",
)  # fmt: skip
_CLONE_THREAD = 0x00010000  # linux/sched.h: a thread of this process, not a process of its own
_PR_SET_NAME = 15  # linux/prctl.h: what a thread is called
_PR_SET_NO_NEW_PRIVS = 38  # both locks ask for it

# The same numbers on every kind of processor; linux/landlock.h has the bits.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PATH_BENEATH, _VERSION = 1, 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # version -> rights on files that it knows; 16 from 5 on
_LIBC = ctypes.CDLL(None, use_errno=True)

PROGRAM = (  # where this program's own code, models and libraries lie
    Path(sys.prefix),
    Path(sys.base_prefix),
    Path(__file__).parents[1],
    Path("/usr"),
    Path("/lib"),
    Path("/lib64"),
    Path("/proc/cpuinfo"),
    Path("/proc/meminfo"),
    Path("/sys/devices/system"),
    Path("/dev/null"),
    Path("/dev/urandom"),
)


def _offers_seccomp() -> bool:
    try:
        return seccompy.supported() and bool(seccompy.arch())
    except OSError:  # a filter around us forbids to ask
        return False


def _landlock_version() -> int:
    """Return the kernel's version of Landlock, 0 if it has none or has it off."""
    return max(0, int(_LIBC.syscall(_CREATE_RULESET, None, 0, _VERSION)))


# Asked once, at the import: looking for the C library starts a program, which workers may not.
_SECCOMP, _LANDLOCK = _offers_seccomp(), _landlock_version()


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def missing_locks() -> tuple[str, ...]:
    """Return what this kernel does not offer, in words; empty where workers are shut in."""
    missing = []
    if not _SECCOMP:
        missing.append("no seccomp filters: a worker could reach the network and start programs")
    if not _LANDLOCK:
        missing.append("no Landlock: a worker could read files of this user")
    return tuple(missing)


def shut_in(readable: Sequence[Path] = ()) -> None:
    """Shut this process in for good, as far as the kernel offers it; see ``missing_locks``.

    Imports and what else has to write come before; threads that are started later are in too.

    Args:
        readable: places below which files may be read, beside the program's own.

    Raises:
        OSError: the kernel offers a lock and then refuses it.
    """
    if _LANDLOCK:
        _read_only(tuple(path for path in (*PROGRAM, *readable) if path.exists()))
    if _SECCOMP:
        _filter().load()


def _filter() -> Filter:
    """Return the filter of this very process: signals go to its own number alone."""
    calls = Filter(Action.ERRNO | errno.EPERM, flags=FilterFlag.TSYNC)
    for name in _CALLS:
        with suppress(ValueError):  # some exist on one kind of processor only
            calls.allow(name)
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    for name, index in (("open", 1), ("openat", 2)):
        with suppress(ValueError):
            calls.allow(name, args=[ArgCmp(index, CmpOp.MASKED_EQ, 0, mask=writing)])
    calls.allow("clone", args=[ArgCmp(0, CmpOp.MASKED_EQ, _CLONE_THREAD, mask=_CLONE_THREAD)])
    calls.errno("clone3", errno.ENOSYS)  # its flags cannot be seen; C libraries then call clone
    calls.allow("prctl", args={0: _PR_SET_NAME})
    calls.allow("prlimit64", args={0: 0, 1: resource.RLIMIT_CPU})
    calls.allow("prlimit64", args={0: 0, 2: 0})  # asking
    for name in ("kill", "tgkill"):
        calls.allow(name, args={0: os.getpid()})
    return calls


def _read_only(places: tuple[Path, ...]) -> None:
    rights = ctypes.c_uint64((1 << _RIGHTS.get(_LANDLOCK, 16)) - 1)
    rules = _call(_CREATE_RULESET, ctypes.byref(rights), ctypes.sizeof(rights), 0)
    try:
        for place in places:
            allowed = _READ_FILE | (_READ_DIR if place.is_dir() else 0)
            below = os.open(place, os.O_PATH | os.O_CLOEXEC)
            try:
                rule = _PathBeneath(allowed, below)
                _call(_ADD_RULE, rules, _PATH_BENEATH, ctypes.byref(rule), 0)
            finally:
                os.close(below)
        if _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "no_new_privs")
        _call(_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def _call(*args: object) -> int:
    done = int(_LIBC.syscall(*args))
    if done < 0:
        raise OSError(ctypes.get_errno(), "Landlock")
    return done
