from dataclasses import replace

import cv2
import numpy as np
from photo.shots import SETTINGS, luma, read_card, read_case

from evidence.comparison.alignment import Alignment
from evidence.comparison.item_alignment import align_items
from evidence.comparison.laying import lay_items
from evidence.comparison.matching import Matches
from evidence.photo.frame import frame_item, rectify


def lay(reference, query):
    found = align_items(reference, query, settings=SETTINGS.matching).found
    return lay_items(reference, query, found)


def correlation(one, two):
    return np.corrcoef(luma(one).ravel(), luma(two).ravel())[0, 1]


def test_a_card_lies_on_itself_whichever_way_up_it_was_photographed():
    reference, query = read_case("same-upside-down")
    laid = lay(reference, query)
    assert laid.reference.shape == laid.query.shape == (704, 504, 3)
    np.testing.assert_array_equal(laid.reference, rectify(reference.view(), reference.frame))
    assert correlation(laid.reference, laid.query) > 0.9
    assert correlation(laid.reference, laid.query[::-1, ::-1]) < 0.6
    assert laid.seen.all()


def test_what_the_query_does_not_reach_is_not_seen():
    card = read_card()
    right = np.array([[1, 0, 600], [0, 1, 0], [0, 0, 1.0]])  # pixels of a 1,200-px wide view
    laid = lay_items(card, card, Alignment(right, Matches(np.zeros((0, 2)), np.zeros((0, 2))), 0))
    assert not laid.seen[:, :200].any()
    assert laid.seen[:, 300:].all()
    assert not laid.query[:, :200].any()


def test_where_only_the_query_has_an_outline_its_background_is_not_seen():
    card = read_card()
    size = card.view().shape[1], card.view().shape[0]
    whole = frame_item(None, size, sizes_mm=((63, 88),), height=704)
    bare = replace(card, outlines=(), frame=whole)
    same = Alignment(np.eye(3), Matches(np.zeros((0, 2)), np.zeros((0, 2))), 0.0)
    laid = lay_items(bare, card, same)
    area = cv2.contourArea(card.outline.corners) / (size[0] * size[1])
    assert abs(laid.seen.mean() - area) < 0.01
    assert lay_items(bare, bare, same).seen.all()
