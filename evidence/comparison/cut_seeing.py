"""See the cut in two photos of one design: in each by itself, else in one by the other's."""

from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from evidence.comparison.alignment import Alignment, project
from evidence.comparison.cut import Cut, Uncut, find_cut
from evidence.comparison.cut_completing import complete_cut
from evidence.comparison.cut_geometry import CutMove, compare_cuts, distance_mm
from evidence.comparison.edge_lines import Floats
from evidence.comparison.print_map import PrintMap, Unmapped, plane_of, projected
from evidence.photo.reading import Reading
from evidence.settings import CutSettings, Settings


@dataclass(frozen=True, slots=True)
class NoCut:
    """The cut cannot be compared: weak evidence, not a failure.

    Attributes:
        reason: ``size`` where the item's size is not known, ``print`` where its print gives no fine
            map, ``cut`` where the cut is not seen, ``unlike`` where other lines were found.
        photo: which photo is at fault, None where both are.
    """

    reason: str
    photo: str | None = None


def see_cuts(
    reference: Reading,
    query: Reading,
    alignment: Alignment,
    mapped: PrintMap | Unmapped,
    *,
    settings: Settings,
) -> tuple[PrintMap, tuple[Cut, Cut]] | NoCut:
    """Find the cut of the reference and of the query in millimetres of the print.

    Args:
        reference: the pre-shipment photo.
        query: the photo in question.
        alignment: how the query lies on the reference, by details that both have.
        mapped: how the query's print lies on the reference's.
        settings: every threshold.
    """
    if reference.frame.px_per_mm is None:
        return NoCut("size")
    if isinstance(mapped, Unmapped):
        return NoCut("print")
    size_mm, (ours_mm, theirs_mm) = mapped.size_mm, _details_mm(alignment, mapped)
    ours = _unless_frame(_cut_of(reference, settings.cut), ours_mm, size_mm, settings.cut)
    if not _may_be_completed(ours):
        return NoCut("cut", "reference")
    theirs = find_cut(query.view(), size_mm, mapped.on_query, settings=settings.cut)
    theirs = _unless_frame(theirs, theirs_mm, size_mm, settings.cut)
    cuts = _completed(ours, theirs, size_mm, settings.cut)
    if cuts is not None:
        seen = zip(cuts, (ours_mm, theirs_mm), strict=True)
        frames = (_is_frame(cut, details, size_mm, settings.cut) for cut, details in seen)
        return NoCut("unlike") if any(frames) else (mapped, cuts)
    if isinstance(ours, Uncut):
        return NoCut("cut", "reference")
    return NoCut("cut", "query") if isinstance(theirs, Uncut) else NoCut("unlike")


@lru_cache(maxsize=2)  # a photo is held against several
def _cut_of(reference: Reading, settings: CutSettings) -> Cut | Uncut:
    """Find the cut of the reference, which is the same against every query."""
    size_mm, view_from_mm = plane_of(reference)
    placed = partial(projected, b_from_a=view_from_mm)
    return find_cut(reference.view(), size_mm, placed, settings=settings)


def _unless_frame(
    cut: Cut | Uncut, details: Floats, size_mm: tuple[float, float], settings: CutSettings
) -> Cut | Uncut:
    """Take a frame of the print for no cut, by where details of the print lie at (N, 2) mm."""
    frame = isinstance(cut, Cut) and _is_frame(cut, details, size_mm, settings)
    return Uncut("frame", lines=cut.lines) if frame else cut


def _may_be_completed(cut: Cut | Uncut) -> bool:
    """Say whether the other photo's cut can tell it: one side may lack lines, not two."""
    return isinstance(cut, Cut) or sum(not lines for lines in cut.lines) <= 1


def _completed(
    ours: Cut | Uncut, theirs: Cut | Uncut, size_mm: tuple[float, float], settings: CutSettings
) -> tuple[Cut, Cut] | None:
    """Return both cuts, that of a photo which shows none by the other's.

    Where both show one and they are not the same thing, either may be a frame of the print or a
    sleeve: of what each makes of the other photo, the one that moves least is taken.
    """
    if isinstance(ours, Cut) and isinstance(theirs, Cut):
        move = compare_cuts(ours, theirs, size_mm, settings=settings)
        if isinstance(move, CutMove):
            return ours, theirs
    pairs = []
    for known, other in ((ours, theirs), (theirs, ours)):
        if isinstance(known, Cut):
            done = complete_cut(known, other.lines, size_mm, settings=settings)
            pairs += [done if known is ours else done[::-1]] if done else []

    def far(pair: tuple[Cut, Cut]) -> float:
        move = compare_cuts(*pair, size_mm, settings=settings)
        return distance_mm(move, size_mm) if isinstance(move, CutMove) else np.inf

    return min(pairs, key=far, default=None)


def _details_mm(alignment: Alignment, mapped: PrintMap) -> tuple[Floats, Floats]:
    """Return where either photo shows the details that both have, (N, 2) mm of the print each."""
    ours, theirs = (
        project(points, np.asarray(np.linalg.inv(view_from_mm), np.float64))
        for points, view_from_mm in (
            (alignment.inliers.reference, mapped.reference_from_mm),
            (alignment.inliers.query, mapped.query_from_mm),
        )
    )
    return ours, theirs - mapped.drift_at(theirs)


def _is_frame(
    cut: Cut, details: Floats, size_mm: tuple[float, float], settings: CutSettings
) -> bool:
    """Say whether print goes on beyond what was found, which then is no cut but a frame of it.

    Details are (N, 2) mm in the same photo; the other one shows them too.
    """
    x, y = details.T
    width, height = size_mm
    top, right, bottom, left = (
        side[0].offset + settings.beyond if side else np.inf for side in cut.sides
    )
    outside = (x < -left) | (x > width + right) | (y < -top) | (y > height + bottom)
    return int(outside.sum()) > settings.most_beyond
