from dataclasses import replace

import numpy as np
import pytest
from comparison.drawn import (
    CARD,
    GROUND,
    PAPER,
    SCALE,
    as_pixels,
    as_reading,
    grid,
    paint,
    placed,
    rectangle,
    sample,
    texture,
)

from evidence.comparison.items import shown_by
from evidence.comparison.wider_outline import widen_outline
from evidence.photo.outline import Outline
from evidence.settings import BorderSettings

WANTED = BorderSettings()
WHOLE = (0.0, 0.0, *CARD)
PRINT = 4.0, 4.0, CARD[0] - 4, CARD[1] - 4
SAME_TABLE = tuple(level - 7 for level in PAPER)  # nearly as light as the border


def shot(outline, *, ground=GROUND, border=PAPER, whole=WHOLE, light=lambda view: view, seed=0):
    """Return a reading of a card with a border, of which a box in mm passes for the outline."""
    points = grid()
    view = np.full((*points.shape[:2], 3), ground, float)
    view = paint(view, rectangle(points, whole), border)
    view = paint(view, rectangle(points, PRINT, radii=(0.0,) * 4), sample(texture(), points))
    noise = np.random.default_rng(seed).normal(0, 2, view.shape)
    return shown_by(as_reading(as_pixels(light(view) + noise)), outlined(outline))


def outlined(box):
    left, top, right, bottom = box
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return Outline(placed(corners).astype(np.float32), 0.9)


def widened(reference, query, reference_from_query=None):
    found = np.eye(3) if reference_from_query is None else reference_from_query
    return widen_outline(reference, query, found, settings=WANTED)


def on_same_table(outline=PRINT, **how):
    return shot(outline, ground=SAME_TABLE, **how)


def off(reading, box):
    """How far the outline's corners lie from those of a box, mm."""
    return float(np.abs(reading.outline.corners - outlined(box).corners).max()) / SCALE


def test_a_border_as_light_as_the_table_is_found_by_the_query():
    reference = on_same_table()
    wider = widened(reference, shot(WHOLE))
    assert off(wider, WHOLE) < 0.01
    assert wider.outlines == (wider.outline,)
    assert (wider.frame.width, wider.frame.height) == (504, 704)
    assert wider.picture == reference.picture
    assert off(reference, PRINT) < 0.01


def test_two_sides_of_the_print_are_enough_to_be_wrong():
    wider = widened(on_same_table((4.0, 0.0, CARD[0], CARD[1] - 4)), shot(WHOLE))
    assert off(wider, WHOLE) < 0.01


def test_the_querys_outline_may_be_upside_down():
    query = shot(WHOLE)
    turned = replace(query.outline, corners=np.roll(query.outline.corners, 2, axis=0))
    wider = widened(on_same_table(), replace(query, outlines=(turned,)))
    assert off(wider, WHOLE) < 0.01


def test_the_map_between_the_photos_is_followed():
    query = shot(WHOLE)
    height, width = query.view().shape[:2]
    half_turn = np.array([[-1.0, 0.0, width - 1], [0.0, -1.0, height - 1], [0.0, 0.0, 1.0]])
    turned = as_reading(query.view()[::-1, ::-1])
    corners = [width - 1, height - 1] - query.outline.corners
    turned = shown_by(turned, replace(query.outline, corners=corners.astype(np.float32)))
    assert off(widened(on_same_table(), turned, half_turn), WHOLE) < 0.01


def test_other_light_is_no_other_border():
    across = np.linspace(0.5, 0.8, grid().shape[1])[:, None]
    query = shot(WHOLE, light=lambda view: 20 + view * across * [1.0, 0.9, 0.8])
    assert off(widened(on_same_table(), query), WHOLE) < 0.01


def test_two_tables_are_no_border():
    reference = shot(PRINT, border=(150, 120, 90))  # the reference's card ends where its print does
    assert widened(reference, shot(WHOLE, border=(60, 90, 120))) is None


def test_a_sleeve_on_the_query_alone_is_no_border():
    on_table = shot(PRINT, ground=SAME_TABLE, border=SAME_TABLE)
    assert widened(on_table, shot(WHOLE, border=SAME_TABLE)) is None


def test_an_edge_beside_the_outline_is_none_of_it():
    beside = tuple(v + out for v, out in zip(WHOLE, (-0.9, -0.9, 0.9, 0.9), strict=True))
    assert widened(on_same_table(whole=beside), shot(WHOLE)) is None


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        pytest.param(WHOLE, WHOLE, id="the same"),
        pytest.param(WHOLE, PRINT, id="narrower"),
        pytest.param((0.8, 0.8, CARD[0] - 0.8, CARD[1] - 0.8), WHOLE, id="hardly wider"),
        pytest.param((6.5, 6.5, CARD[0] - 6.5, CARD[1] - 6.5), WHOLE, id="far wider"),
        pytest.param((4.0, -0.8, CARD[0], CARD[1]), WHOLE, id="wider and narrower"),
    ],
)
def test_the_reference_keeps_its_outline_unless_the_other_is_wider_by_a_border(ours, theirs):
    assert widened(on_same_table(ours), shot(theirs)) is None


@pytest.mark.parametrize("w", [1.0, 0.0, -1.0])
def test_an_outline_of_something_else_is_none_of_the_items(w):
    beside = shot((CARD[0] + 10, 0.0, 2 * CARD[0] + 10, CARD[1]))
    tilted = np.eye(3)
    tilted[2, 0] = (w - 1) / beside.outline.corners[0, 0]  # of what the first corner is divided by
    with np.errstate(divide="ignore", invalid="ignore"):
        assert widened(on_same_table(), beside, tilted) is None


def test_a_border_that_a_photo_does_not_show_is_not_judged():
    dazzled = shot(WHOLE, border=(300, 300, 300))
    assert widened(on_same_table(), dazzled) is None


def test_without_known_outlines_nothing_is_widened():
    reference, query = on_same_table(), shot(WHOLE)
    other_shape = replace(query, outlines=(replace(query.outline, expected=False),))
    for pair in (
        (replace(reference, outlines=()), query),
        (reference, replace(query, outlines=())),
        (reference, other_shape),
        (replace(reference, frame=replace(reference.frame, px_per_mm=None)), query),
    ):
        assert widened(*pair) is None
