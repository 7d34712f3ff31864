"""Photos whose truth is known; each is rendered and read once a session."""

import io
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from evidence.photo.reading import Reading, read_photo
from evidence.settings import Settings
from fixtures.camera import Photograph, photograph
from fixtures.face import Face
from fixtures.game import CARD_MM
from fixtures.register import read_register, render_case
from fixtures.scene import Scene
from fixtures.subject import CardSubject, draw_subject, take_photo

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
SETTINGS = Settings()
ORACLE = CardSubject(1, 21, 1)
SENTINEL = CardSubject(1, 22, 4)  # another card of the same game
STATION = Scene(1, surface="grey", tilt=2.0, light=0.1, noise=0.006, quality=92)
CORNERS = np.array([[0, 0], [CARD_MM[0], 0], CARD_MM, [0, CARD_MM[1]]], float)


def encode(pixels, form="PNG", **options) -> bytes:
    """Return pixels, or a picture, as a file."""
    picture = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def blocks(width=120, height=160, *, block=8, seed=0):
    """Return random coloured blocks, (height, width, 3) uint8: no two corners look alike."""
    rng = np.random.default_rng(seed)
    tiles = rng.integers(0, 255, (height // block, width // block, 3), np.uint8)
    return np.kron(tiles, np.ones((block, block, 1), np.uint8))


def luma(pixels):
    """Return (H, W) uint8 lightness."""
    return np.asarray(Image.fromarray(pixels).convert("L"))


@cache
def read(data: bytes, kind: str = "card") -> Reading:
    """Read a photo; asked twice, it is read once."""
    return read_photo(data, settings=SETTINGS, kind=kind)


def read_card(subject=ORACLE, scene=STATION, **changes) -> Reading:
    """Photograph and read a card."""
    return read(take_photo(subject, replace(scene, **changes)).jpeg)


def read_case(name: str) -> tuple[Reading, Reading]:
    """Return reference and query of a case of the register."""
    pair = render_case(name)
    slab = read_register()[name].reference.subject.certificate is not None
    kind = "slab" if slab else "card"
    return read(pair.reference, kind), read(pair.query, kind)


@cache
def shoot_table(scene: Scene) -> bytes:
    """Photograph a surface on which nothing lies."""
    nothing = np.zeros((60, 40), np.uint8)
    bounds = (0.0, 0.0, *CARD_MM)
    face = Face(np.zeros((60, 40, 3), np.uint8), nothing, (0.0, 0.0), bounds)
    return photograph(face, scene).jpeg


@cache
def shoot_marked(subject: CardSubject, box_mm: tuple[float, ...], scene: Scene) -> Photograph:
    """Photograph a card on whose print a patch of blocks was pasted."""
    face = draw_subject(subject)
    canvas = face.canvas()
    rows, columns = canvas.window(box_mm)
    height, width = canvas.pixels[rows, columns].shape[:2]
    patch = blocks(width + 40, height + 40, block=40, seed=7)[:height, :width]
    canvas.pixels[rows, columns] = patch
    return photograph(replace(face, pixels=canvas.pixels), scene)
