"""Passwords: which may be chosen, and the only place where they are hashed and checked."""

import secrets
import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import DEFAULT_HASH_LENGTH, DEFAULT_RANDOM_SALT_LENGTH
from argon2.low_level import ARGON2_VERSION
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from zxcvbn import zxcvbn

from evidence.errors import BusyError
from evidence.settings import SignInSettings
from evidence.text import Text

_LEAST_DIFFERENT = 4  # characters; chosen: "aaaaaaaaaaaa" and the like
_LEAST_NAME = 3  # characters of a name that may not be in a password; chosen
# zxcvbn's third step of four: more than 10^8 guesses by somebody who knows the 30,000 commonest
# passwords, names, words, dates and rows of keys; OWASP ASVS 5.0, 6.2.4 asks for the first 3,000.
_LEAST_SCORE = 3
_LOOKED_AT = 72  # characters from the front; it takes longer for more, and refuses them
_OUR_WORDS = ("photo-evidence", "photo", "evidence", "card", "shop")  # 6.2.11: easy to guess here
_ONE_TIME_BYTES = 12  # 96 random bits, 16 characters to read out


class Passwords:
    """Argon2id hashes; safe to share among threads, few of which hash at once."""

    def __init__(self, settings: SignInSettings) -> None:
        hasher = Argon2Hasher(
            time_cost=settings.hash_passes,
            memory_cost=settings.hash_memory,
            parallelism=settings.hash_lanes,
        )
        self._settings = settings
        self._hashers = PasswordHash((hasher,))
        self._turns = BoundedSemaphore(settings.hashes_at_once)
        self._nobodys = _hash_of_nothing(settings)

    def make_one_time(self) -> str:
        """Return a random password that a person is given and replaces."""
        return secrets.token_urlsafe(_ONE_TIME_BYTES)

    def refuse(self, password: str, *, names: tuple[str, ...]) -> Text | None:
        """Return why a password may not be chosen, None if it may.

        Length is what counts; kinds of characters are not asked for (NIST SP 800-63B, 5.1.1.2).

        Args:
            password: as typed.
            names: of the person, and the password until now: none of them may be in it.
        """
        least, most = self._settings.least_password, self._settings.most_password
        plain = _normal(password)
        if not least <= len(plain) <= most:
            return Text(
                f"Choose a password of {least} to {most} characters; a sentence is easy to keep.",
                f"パスワードは{least}文字以上{most}文字以内にしてください。文章にすると覚えやすくなります。",
            )
        if len(set(plain)) < _LEAST_DIFFERENT:
            return Text(
                "Choose a password of more different characters.",
                "もっと多くの種類の文字を使ったパスワードにしてください。",
            )
        told = [_normal(name).casefold() for name in names if len(name) >= _LEAST_NAME]
        if any(name in plain.casefold() for name in told):
            return Text(
                "Choose a password without your name or your password until now in it.",
                "名前やこれまでのパスワードを含まないパスワードにしてください。",
            )
        guessed = zxcvbn(plain[:_LOOKED_AT], user_inputs=[*told, *_OUR_WORDS])
        if guessed["score"] < _LEAST_SCORE:
            return Text(
                "Choose a password that is harder to guess: words that do not belong together.",
                "推測されにくいパスワードにしてください。関連のない言葉をいくつか組み合わせると覚えやすくなります。",
            )
        return None

    def hash(self, password: str) -> str:
        """Return the form that a password is kept in.

        Raises:
            BusyError: too many are being hashed.
        """
        with self._turn():
            return self._hashers.hash(_normal(password))

    def check(self, password: str, kept: str | None) -> bool:
        """Tell whether a password is the one that was kept; as slow where none is.

        Raises:
            BusyError: too many are being hashed.
        """
        with self._turn():
            right = self._hashers.verify(_normal(password), kept or self._nobodys)
        return right and kept is not None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=self._settings.hash_patience):
            raise BusyError(
                "too many people are signing in; try again in a moment",
                "サインインが混み合っています。しばらくしてからもう一度お試しください。",
            )
        try:
            yield
        finally:
            self._turns.release()


def _hash_of_nothing(settings: SignInSettings) -> str:
    """Return random bytes in the form of a hash: as slow to check as any, and no password's."""
    cost = f"m={settings.hash_memory},t={settings.hash_passes},p={settings.hash_lanes}"
    salt, digest = (
        b64encode(secrets.token_bytes(size)).decode().rstrip("=")
        for size in (DEFAULT_RANDOM_SALT_LENGTH, DEFAULT_HASH_LENGTH)
    )
    return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${digest}"


def _normal(password: str) -> str:
    """Return the same characters however a keyboard composes them."""
    return unicodedata.normalize("NFKC", password)
