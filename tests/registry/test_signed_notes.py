import pytest

from evidence.errors import NoteError
from evidence.registry.signed_notes import (
    decode,
    make_signer,
    open_note,
    read_signer,
    read_verifier,
    sign_note,
)

# The example of golang.org/x/mod/sumdb/note, which the standard describes.
SIGNER = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
NOTE = (
    f"{TEXT}\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_the_published_example_comes_out():
    signer = read_signer(SIGNER)
    assert signer.text == SIGNER
    assert signer.verifier.text == VERIFIER
    assert sign_note(TEXT, signer) == NOTE
    assert open_note(NOTE, read_verifier(VERIFIER)) == TEXT


def test_every_changed_letter_is_noticed():
    key = read_verifier(VERIFIER)
    for at, letter in enumerate(NOTE):
        changed = NOTE[:at] + ("A" if letter != "A" else "B") + NOTE[at + 1 :]
        with pytest.raises(NoteError):
            open_note(changed, key)


def test_a_second_signature_is_passed_over_and_ours_must_be_there():
    ours, other = make_signer("a.example/log"), make_signer("b.example/log")
    twice = sign_note("text\n", ours) + sign_note("text\n", other).rpartition("\n\n")[2]
    for key in (ours, other):
        assert open_note(twice, key.verifier) == "text\n"
    with pytest.raises(NoteError, match="has not signed this"):
        open_note(twice, make_signer("a.example/log").verifier)


def test_a_text_may_hold_empty_lines():
    key = make_signer("x")
    assert open_note(sign_note("a\n\nb\n", key), key.verifier) == "a\n\nb\n"


@pytest.mark.parametrize(
    "note", ["", "\n\n", "text\n", "text\n\n", "text\n\n- x AAAAAAAA\n", NOTE[:-1], f"{NOTE}\n"]
)
def test_what_is_no_note_is_refused(note):
    with pytest.raises(NoteError):
        open_note(note, read_verifier(VERIFIER))


@pytest.mark.parametrize(
    "text",
    ["", "x", "x+y+z", VERIFIER[:-4], VERIFIER.replace("c74f20a3", "c74f20a4"), SIGNER],
)
def test_what_is_no_key_is_refused(text):
    with pytest.raises(NoteError):
        read_verifier(text)


def test_what_is_no_signing_key_is_refused_and_never_shown():
    for text in ("", VERIFIER, SIGNER[:-4], SIGNER.replace("c74f", "0000")):
        with pytest.raises(NoteError) as caught:
            read_signer(text)
        assert SIGNER[-20:-4] not in str(caught.value)
    assert SIGNER[-20:] not in repr(read_signer(SIGNER))


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u3000b"])
def test_a_key_has_a_name_that_a_note_can_carry(name):
    with pytest.raises(NoteError, match="name"):
        make_signer(name)


def test_a_text_that_does_not_end_is_misuse():
    with pytest.raises(ValueError, match="newline"):
        sign_note("text", make_signer("x"))


def test_one_text_alone_stands_for_the_bytes():
    assert decode("AAA=") == bytes(2)
    for text in ("AAB=", "AAC=", "AAA", "AAA =", "AA-_"):
        with pytest.raises(NoteError):
            decode(text)
