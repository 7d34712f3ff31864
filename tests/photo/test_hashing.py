import numpy as np
import pytest
from photo.shots import blocks, read_card

from evidence.photo.hashing import Hashes, hash_distance, hash_item

PICTURE = blocks(252, 352, block=12)


def test_a_picture_is_no_distance_from_itself_either_way_up():
    one, turned = hash_item(PICTURE, size=16), hash_item(PICTURE[::-1, ::-1], size=16)
    assert hash_distance(one, one) == 0
    assert hash_distance(one, turned) == 0
    assert one.upright == turned.turned
    assert one.upright != one.turned


@pytest.mark.parametrize("size", [8, 16])
def test_a_hash_has_size_times_size_bits_in_hexadecimal(size):
    hashes = hash_item(PICTURE, size=size)
    for text in (hashes.upright, hashes.turned):
        assert len(text) == size * size // 4
        int(text, 16)


def test_noise_moves_few_bits_and_another_picture_about_half():
    rng = np.random.default_rng(1)
    noisy = np.clip(PICTURE + rng.normal(0, 8, PICTURE.shape), 0, 255).astype(np.uint8)
    one = hash_item(PICTURE, size=16)
    assert hash_distance(one, hash_item(noisy, size=16)) <= 12
    other = hash_item(blocks(252, 352, block=12, seed=5), size=16)
    assert 80 < hash_distance(one, other) <= 128 + 32
    assert hash_distance(one, other) == hash_distance(other, one)


def test_the_distance_counts_single_bits():
    zero = Hashes("0" * 64, "f" * 64)
    assert hash_distance(zero, Hashes("0" * 63 + "1", "f" * 64)) == 1
    assert hash_distance(zero, Hashes("f" * 64, "0" * 62 + "03")) == 2


def test_a_card_upside_down_is_nearer_to_itself_than_to_its_neighbour():
    one, turned = read_card(), read_card(turn=180.0)
    assert hash_distance(one.hashes, turned.hashes) < 40
