"""Disks of our own for a test: files with a file system in them, mounted while a block runs."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MB = 1_000_000
SECONDS = 60  # that no mount and no copy here comes near to


def require(*tools: str) -> None:
    """Skip the test, with the reason, where disks cannot be made or these tools are missing."""
    if os.geteuid() != 0:
        pytest.skip("making and mounting disks needs root")
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


def run(*command: str | Path) -> None:
    """Run a command that has to succeed."""
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)


def make(image: Path, kind: str, size: int) -> Path:
    """Write a file system of ``size`` bytes into a sparse file."""
    with image.open("wb") as file:
        file.truncate(size)
    quiet = {"ext4": ["-q", "-F"], "xfs": ["-q", "-f"]}[kind]
    run(f"mkfs.{kind}", *quiet, image)
    return image


@contextmanager
def mounted(image: Path, point: Path, options: str = "") -> Iterator[Path]:
    """Mount the file system in an image; skip the test where the machine has no loop devices."""
    point.mkdir()
    mount = ["mount", "-o", ",".join(filter(None, ("loop", options))), image, point]
    try:
        run(*mount)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"loop devices cannot be mounted here: {error.stderr.decode().strip()}")
    try:
        yield point
    finally:
        run("umount", point)
        point.rmdir()
