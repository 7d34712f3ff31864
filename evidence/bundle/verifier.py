"""The stand-alone verifier as a file to give away."""

from functools import cache
from importlib.resources import files


@cache
def verifier_source() -> bytes:
    """Return the verifier's text, as it is copied into every bundle."""
    return files("evidence.bundle").joinpath("verify.py").read_bytes()
