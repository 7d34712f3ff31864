import threading
from dataclasses import replace

import pytest
import running

from evidence.errors import BusyError
from evidence.service.passwords import Passwords
from evidence.settings import SignInSettings

GOOD = "nine cards in a wooden box"


@pytest.fixture
def passwords():
    return Passwords(running.CHEAP)


def test_a_password_is_right_for_its_own_hash_only(passwords):
    kept = passwords.hash(GOOD)
    assert passwords.check(GOOD, kept) is True
    assert passwords.check(GOOD + " ", kept) is False
    assert passwords.check(GOOD, passwords.hash("another sentence")) is False
    assert passwords.check(GOOD, None) is False


def test_what_is_kept_is_salted_argon2id_at_the_costs_of_the_settings(passwords):
    first, second = passwords.hash(GOOD), passwords.hash(GOOD)
    assert first != second
    assert GOOD not in first
    assert first.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    ours = SignInSettings()
    assert (ours.hash_memory, ours.hash_passes, ours.hash_lanes) == (65_536, 3, 4)  # RFC 9106


def test_a_name_that_nobody_has_takes_as_long_as_one_that_somebody_has(passwords):
    """The costs are all that the time depends on, and the lengths."""
    kept, nobodys = passwords.hash(GOOD), Passwords(running.CHEAP)._nobodys
    assert [len(part) for part in kept.split("$")] == [len(part) for part in nobodys.split("$")]
    assert kept.split("$")[:4] == nobodys.split("$")[:4]
    assert Passwords(running.CHEAP)._nobodys != nobodys
    assert passwords.check(GOOD, nobodys) is False  # it is read as a hash, and is no password's


def test_a_password_is_the_same_however_a_keyboard_composes_it(passwords):
    composed, apart = "caf\u00e9 caf\u00e9 caf\u00e9", "cafe\u0301 cafe\u0301 cafe\u0301"
    assert passwords.check(apart, passwords.hash(composed)) is True
    assert passwords.check("ｐａｓｓｗｏｒｄ１２", passwords.hash("password12")) is True


@pytest.mark.parametrize(
    "password", [GOOD, "tvyqjx480127", "こわれた時計と九枚の古い札", "tvyqjx48" * 4 + "heron " * 16]
)
def test_length_is_what_counts(passwords, password):
    assert passwords.refuse(password, names=("Ada", "ada")) is None


@pytest.mark.parametrize(
    ("password", "why", "ja"),
    [
        ("0123456789a", "12 to 128 characters", "12文字以上128文字以内"),
        ("a1b2" * 32 + "c", "12 to 128 characters", "12文字以上128文字以内"),
        ("abcabcabcabc", "more different characters", "多くの種類の文字"),
        ("0123456789ab", "harder to guess", "推測されにくい"),
        ("password12345", "harder to guess", "推測されにくい"),
        ("P@ssw0rd2025!", "harder to guess", "推測されにくい"),
        ("photo-evidence1", "harder to guess", "推測されにくい"),
        ("my name is ADA", "without your name", "名前"),
        ("Vb3kX0p9sLq2TzRw!", "without your name or your password until now", "これまで"),
    ],
)
def test_says_in_both_languages_why_one_may_not_be_chosen(passwords, password, why, ja):
    told = passwords.refuse(password, names=("Ada", "ada.l", "Vb3kX0p9sLq2TzRw"))
    assert why in told.en
    assert ja in told.ja


def test_a_name_of_two_letters_may_be_in_a_password(passwords):
    assert passwords.refuse("Yu collects old cards", names=("Yu", "yu")) is None


def test_one_time_passwords_differ_and_are_long_enough(passwords):
    made = {passwords.make_one_time() for _ in range(50)}
    assert len(made) == 50
    assert {len(one) for one in made} == {16}


def test_no_more_hash_at_once_than_the_memory_is_meant_for():
    passwords = Passwords(replace(running.CHEAP, hashes_at_once=1, hash_patience=0.0))
    kept = passwords.hash(GOOD)
    inside, leave = threading.Event(), threading.Event()

    def hold():
        with passwords._turn():
            inside.set()
            leave.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    inside.wait()
    try:
        with pytest.raises(BusyError, match="try again"):
            passwords.check(GOOD, kept)
    finally:
        leave.set()
        holder.join()
    assert passwords.check(GOOD, kept) is True
