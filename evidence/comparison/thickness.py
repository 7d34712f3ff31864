"""How far a card's own thickness can move what looks like its edge.

The print lies on top of a card that is 0.3 mm thick. Seen from the left, its left wall shows too,
and what meets the ground there is the lower edge, further out by thickness times the tangent of
the angle at which the photo looks.
"""

import numpy as np

from evidence.comparison.matching import Homography
from evidence.settings import CutSettings

FRAMES = (4 / 3, 3 / 2, 16 / 9)  # shapes of photos as cameras take them
LIKE = 0.01  # relative difference that is none


def wall_widths(
    view_from_mm: Homography,
    size_mm: tuple[float, float],
    view_size: tuple[int, int],
    *,
    settings: CutSettings,
) -> tuple[float, float]:
    """Return how much of a wall a photo can show across and down the card, mm.

    Args:
        view_from_mm: (3, 3) from mm on the card to pixels of the view.
        size_mm: (width, height) of the card.
        view_size: (width, height) of the view in pixels; where it has no camera's shape the photo
            was cut, so where the lens looked is not known and the widest wall is returned.
        settings: thresholds of this stage.

    Source:
        Pose of a plane from its homography: Zhang, PAMI 2000, section 3.1.
    """
    widest = settings.thickness * settings.most_oblique
    longer, shorter = max(view_size), min(view_size)
    if not any(abs(longer / shorter / frame - 1) < LIKE for frame in FRAMES):
        return widest, widest
    focal = settings.focal * longer
    middle = (np.array(view_size) - 1) / 2
    camera = np.array([[focal, 0, middle[0]], [0, focal, middle[1]], [0, 0, 1]])
    pose = np.linalg.solve(camera, view_from_mm)
    across, down = (pose[:, axis] / np.linalg.norm(pose[:, axis]) for axis in (0, 1))
    normal = np.cross(across, down)
    ray = pose @ [size_mm[0] / 2, size_mm[1] / 2, 1]
    depth = abs(float(ray @ normal)) / max(float(np.linalg.norm(normal)), 1e-9)
    seen = [
        settings.thickness * abs(float(ray @ axis)) / max(depth, 1e-9) for axis in (across, down)
    ]
    return min(seen[0], widest), min(seen[1], widest)
