from dataclasses import replace

import pytest
from comparison.changed import HOME, SHOP, lay, read, shoot
from photo.shots import ORACLE, SETTINGS

from evidence.comparison.item_alignment import align_items
from evidence.comparison.missing_marks import find_missing
from fixtures.camera import photograph
from fixtures.canvas import fill
from fixtures.subject import draw_subject

WANTED = SETTINGS.missing
SPECKS = ((20.0, 30.0), (41.0, 52.0), (33.0, 70.5))  # millimetres of the card
WHITE, BLACK = (236, 233, 226), (30, 28, 26)


def speckled(scene, specks=SPECKS, tone=WHITE):
    """A photo of the card with spots of 0.5 mm."""
    face = draw_subject(ORACLE)
    canvas = face.canvas()
    for x, y in specks:
        fill(canvas, (x - 0.25, y - 0.25, x + 0.25, y + 0.25), tone, radius=0.2, opacity=0.9)
    return read(photograph(replace(face, pixels=canvas.pixels), scene).jpeg)


def found(reference, query, settings=WANTED):
    alignment = align_items(reference, query, settings=SETTINGS.matching).found
    return find_missing(reference, query, *lay(reference, query, alignment), settings=settings)


def test_specks_of_the_reference_alone_are_missing_where_they_were():
    marks = found(speckled(SHOP), shoot(HOME))
    assert (len(marks.places), marks.added) == (3, 0)
    middles = [(box.x + box.width / 2, box.y + box.height / 2) for box in marks.places]
    for truly, told in zip(sorted(SPECKS), sorted(middles), strict=True):
        assert told == pytest.approx(truly, abs=0.4)
    assert {(box.kind, box.unit, box.answer) for box in marks.places} == {("mark", "mm", None)}


@pytest.mark.torture
def test_specks_of_the_query_alone_are_added_and_nothing_is_missing():
    marks = found(shoot(SHOP), speckled(HOME))
    assert (marks.places, marks.added) == ((), 3)


@pytest.mark.parametrize("tone", [WHITE, pytest.param(BLACK, marks=pytest.mark.torture)])
def test_specks_of_both_are_neither(tone):
    marks = found(speckled(SHOP, tone=tone), speckled(HOME, tone=tone))
    assert (marks.places, marks.added) == ((), 0)


def test_where_a_photo_resolves_too_little_nothing_is_said():
    coarse = replace(SHOP, size=(1000, 1333))
    assert found(speckled(coarse), shoot(HOME)) is None
    assert found(shoot(HOME), speckled(coarse)) is None


@pytest.mark.torture
def test_where_much_differs_it_is_the_light_and_nothing_is_said():
    marks = found(speckled(SHOP), shoot(HOME))
    differ = len(marks.places) + marks.added + marks.unlike
    assert found(speckled(SHOP), shoot(HOME), replace(WANTED, most=differ)) == marks
    assert found(speckled(SHOP), shoot(HOME), replace(WANTED, most=differ - 1)) is None
