import pytest

from evidence.errors import NoteError
from evidence.registry.checkpoints import (
    Checkpoint,
    open_checkpoint,
    open_proof,
    sign_checkpoint,
    write_proof,
)
from evidence.registry.merkle import GrowingTree, hash_leaf, prove_inclusion
from evidence.registry.signed_notes import make_signer, sign_note

LEAVES = [str(number).encode() for number in range(5)]
HASHES = [hash_leaf(leaf) for leaf in LEAVES]
KEY = make_signer("shop.example/log")


def node(height, index):
    grown = GrowingTree()
    for one in HASHES[index << height : (index + 1) << height]:
        grown.add(one)
    return grown.root()


def head():
    grown = GrowingTree()
    for one in HASHES:
        grown.add(one)
    return Checkpoint(KEY.name, grown.size, grown.root())


def proof(index):
    path = prove_inclusion(index, 5, node)
    return write_proof(index, path, sign_checkpoint(head(), KEY))


def test_a_checkpoint_is_four_lines_that_the_key_opens():
    note = sign_checkpoint(head(), KEY)
    lines = note.splitlines()
    assert lines[:2] == ["shop.example/log", "5"]
    assert lines[3:4] == [""]
    assert lines[4].startswith("— shop.example/log ")
    assert open_checkpoint(note, KEY.verifier) == head()


@pytest.mark.parametrize(
    "text",
    [
        "shop.example/log\n5\n",
        "shop.example/log\n05\nAAAA\n",
        "shop.example/log\n5\nAAAA\n",
        "shop.example/log\n-5\n" + head().text.splitlines()[2] + "\n",
        "shop.example/log\n٥\n" + head().text.splitlines()[2] + "\n",
        head().text.replace("shop", "other"),
    ],
)
def test_what_is_no_checkpoint_is_refused_even_if_it_is_signed(text):
    with pytest.raises(NoteError):
        open_checkpoint(sign_note(text, KEY), KEY.verifier)


def test_extension_lines_are_passed_over():
    assert open_checkpoint(sign_note(head().text + "more\n", KEY), KEY.verifier) == head()


def test_a_proof_holds_for_its_entry_alone():
    for index, leaf in enumerate(LEAVES):
        assert open_proof(proof(index), leaf, KEY.verifier) == (index, head())
        with pytest.raises(NoteError, match="does not lead"):
            open_proof(proof(index), LEAVES[index - 1], KEY.verifier)


def test_extra_data_are_passed_over():
    extra = proof(2).replace("index", "extra AAAA\nindex", 1)
    assert open_proof(extra, LEAVES[2], KEY.verifier)[0] == 2


def test_every_changed_letter_of_a_proof_is_noticed():
    text = proof(2)
    for at, letter in enumerate(text):
        changed = text[:at] + ("A" if letter != "A" else "B") + text[at + 1 :]
        with pytest.raises(NoteError):
            open_proof(changed, LEAVES[2], KEY.verifier)


def test_a_proof_of_another_log_is_refused():
    with pytest.raises(NoteError, match="has not signed"):
        open_proof(proof(0), LEAVES[0], make_signer("shop.example/log").verifier)
