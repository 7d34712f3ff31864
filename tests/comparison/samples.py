"""Matches, appearances and verdicts whose truth is known."""

import cv2
import numpy as np

from evidence.comparison.alignment import Alignment, project
from evidence.comparison.appearance import Appearance
from evidence.comparison.matching import Matches
from evidence.comparison.verdict import Finding, Provenance, Verdict, Weight
from evidence.photo.features import Features
from evidence.photo.quality import Quality
from evidence.text import Text

WIDTH, HEIGHT = 640, 480
CORNERS = np.array([[0, 0], [639, 0], [639, 479], [0, 479]], float)
GOOD = Quality(12.0, 0.6, 0.4, 0.0, 0.0, 900, True)


def pose(*, degrees=0.0, scale=1.0, tilt=0.0):
    """Return a (3, 3) map: turn and scale about the centre, then tilt."""
    turn = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), degrees, scale)
    return np.array([[1, 0, 0], [0, 1, 0], [tilt, 0, 1]]) @ np.vstack([turn, [0, 0, 1]])


def scatter(reference_from_query, *, count=200, outliers=0.0, noise=0.5, seed=0) -> Matches:
    """Scatter matches along a map; ``outliers`` is a share in [0, 1], ``noise`` in pixels."""
    rng = np.random.default_rng(seed)
    query = rng.uniform((0, 0), (WIDTH, HEIGHT), (count, 2))
    reference = project(query, reference_from_query) + rng.normal(0, noise, (count, 2))
    wrong = rng.permutation(count)[: int(outliers * count)]
    reference[wrong] = rng.uniform((0, 0), (WIDTH, HEIGHT), (len(wrong), 2))
    return Matches(query.astype(np.float32), reference.astype(np.float32))


def features(count=50, *, seed=0) -> Features:
    """Return features at random places with random descriptors."""
    rng = np.random.default_rng(seed)
    points = rng.uniform((0, 0), (WIDTH, HEIGHT), (count, 2)).astype(np.float32)
    return Features(points, rng.integers(0, 256, (count, 128), np.uint8))


def alignment(inliers=200) -> Alignment:
    return Alignment(np.eye(3), scatter(np.eye(3), count=inliers, noise=0.0), 0.5)


def appearance(correlation=1.0, weight=1.0, *, shape=(62, 44)) -> Appearance:
    """Return the same agreement everywhere, or what the arrays say."""
    values = np.broadcast_to(np.float32(correlation), shape).copy()
    weights = np.broadcast_to(np.float32(weight), shape).copy()
    return Appearance(values, weights, weights == 0, 11, 15)


def verdict(name, llr=None) -> Verdict:
    """Return a verdict with one finding that is named after it."""
    finding = Finding(f"design.{name}", Text("seen", "所見"), llr)
    provenance = Provenance("0" * 64, "none", {"numpy": "2"})
    weight = Weight(llr, 2.56)
    return Verdict(name, weight, Weight(None, 0.0), (), (), (), (finding,), provenance)
