"""Every number that the library decides by, with its unit and its source.

"Measured" refers to the labelled real pairs described in docs/measurements.md; the
error rates of all thresholds together stand there. "Chosen" means set by reasoning or by
looking at pictures, and not yet measured one by one.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import cache

from evidence.calibration import Calibration, packaged_calibration


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """What an upload may cost; refused before pixels are decoded."""

    max_bytes: int = 64_000_000  # of one photo; the promise to customers
    max_pixels: int = 64_000_000  # width x height; 48-megapixel phones fit
    max_side: int = 30_000  # pixels; a wider strip is no photo of an item
    max_scans: int = 64  # of a progressive JPEG; encoders write about 10
    seconds: float = 8.0  # a reading that takes longer is refused and its worker killed
    compare_seconds: float = 30.0  # the same for a comparison: 5 s where much print is read
    worker_memory: int = 3_000_000_000  # bytes of address space beyond the start, a worker


@dataclass(frozen=True, slots=True)
class PictureSettings:
    """How kept photos are shown on screens; weighs nothing, so no verdict's fingerprint has it."""

    widths: tuple[int, ...] = (160, 320, 640, 1280, 2048)  # pixels; from a list to a screen
    quality: int = 85  # of reduced JPEGs, 4:2:0; chosen: no artefact seen at 100 %
    tile: int = 512  # pixels a side; chosen: 48 tiles at 12 MP, a screen loads about 10
    overlap: int = 1  # pixels shared by neighbours, so that no seam shows when tiles are scaled
    full_quality: int = 92  # of the single pixels' tiles, 4:4:4: no colour is blurred further
    seconds: float = 30.0  # for a photo's tiles; all pixels are decoded, which reading never does
    most_bytes: int = 2_000_000_000  # kept on disk: tiles of about 600 photos of 12 MP, measured


@dataclass(frozen=True, slots=True)
class OutlineSettings:
    """How the outer edge of a card or slab is found."""

    side: int = 560  # longer side that lines are searched at, pixels; chosen
    min_segment: float = 0.02  # share of that side; chosen: shorter ones are mostly texture
    line_tolerance: float = 2.5  # pixels that segments of one line may lie apart; chosen
    most_lines: int = 40  # with the most edge; measured: 48 changed 1 outline of 131
    most_convergence: float = 0.7  # radians between opposite sides: what a tilt of 50 degrees shows
    # Radians between neighbours. Measured on 80 simulated photos, tilts of 5 to 52 degrees: with
    # 0.35 and 1.05, 19 first outlines were within 1.5 mm, with 0.5 and 0.85, 26, with these 30.
    least_crossing: float = 0.75
    outside: float = 0.06  # share of the side that a corner may lie outside; chosen
    aspect_misfit: float = 0.1  # standard deviation of log aspect, after the tilt; chosen
    corner_misfit: float = 0.2  # standard deviation of a right angle's cosine; measured: at
    # 0.12 a cropped card was lost
    # Focal lengths in longer sides of the picture. The first are those of whole photos: fields
    # of view of 58 to 80 degrees along the diagonal, as phones and web cameras have, give 0.75 to
    # 1.1. The others are those of photos that were cut out of larger ones, and of scans.
    near_focals: tuple[float, ...] = (0.8, 1.2)
    far_focals: tuple[float, ...] = (2.5, 100.0)
    min_score: float = 0.7  # chosen by looking: wrong outlines of several cards scored 0.54 to 0.66
    min_area: float = 0.03  # share of the view; chosen
    most_segments: int = 1500  # longest ones; chosen: bounds the cost, photos have about 600
    most_outlines: int = 4  # kept; chosen: a pocket, a sleeve, the card and its frame
    same_outline: float = 0.02  # mean distance of corners, share of the mean side; sleeves: 0.03
    shared_side: float = 0.15  # rank lost with each side that a better outline has too; chosen
    # Two parts of a shape, from which on it is a group of items that lie side by side. Chosen.
    group_gain: float = 0.1  # by which each part's score is higher
    group_part: float = 0.35  # least area of each, share of the shape's
    group_alike: float = 0.7  # least area of the smaller, share of the larger one's
    group_shared: float = 0.1  # most they may overlap by, share of the smaller one
    min_other_score: float = 0.9  # of a shape that was not expected, by its edge alone; chosen
    min_other_area: float = 0.15  # of such a shape, share of the view; chosen


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """How one photo is read."""

    view_side: int = 1600  # longer side of the kept view, pixels; 12 MP decode at half size
    view_quality: int = 95  # of the kept view's JPEG; 4:4:4
    feature_side: int = 800  # longer side that keypoints are found at, pixels; 1,100 was no better
    max_keypoints: int = 1500  # strongest; 2,000 were no better
    frame_height: int = 704  # of the rectified item, pixels; 8 px/mm on a card of 88 mm
    card_mm: tuple[float, float] = (63.0, 88.0)  # standard trading card
    slab_mm: tuple[float, float] = (82.0, 136.0)  # common graded slab, outer edge
    hash_size: int = 16  # 16 x 16 = 256 bits, the size whose error rates are published
    # Shortfalls: below or above these a photo is asked for again.
    least_px_per_mm: float = 3.0  # chosen: 190 px across a card
    least_sharpness: float = (
        0.4  # 1 - blur effect; measured: sharp photos 0.59 to 0.85, 0.5 mm of blur 0.23 to 0.34
    )
    least_exposure: float = 0.08  # mean luma of the item; chosen
    most_clipped: float = 0.5  # share of the item that is pure black or white; chosen
    most_glare: float = 0.2  # share of the item; chosen: a sample of real photos had at most 0.03
    least_keypoints: int = 150  # on the item; chosen: half of what counts in full
    # What of the item is hidden. Measured on 105 real photos, on simulated glare and exposure.
    blown: int = 245  # level of 255 from which nothing more is told; measured: print stays below
    least_glare: float = 2.0  # smallest side of a blown patch, mm; chosen
    least_dark: float = 5.0  # of a crushed one, mm; chosen: black borders are thinner
    abrupt: int = 45  # levels by which print falls off beside it; chosen
    most_abrupt: float = 0.35  # of a patch's surroundings; measured: glare 0 to 0.39, print 0.42 on
    least_solid: float = 0.45  # of a patch; measured: white with text on it 0.1 to 0.6
    # Of the sharpest tenth. Measured on 105 real photos: one has a part below; with half of it
    # blurred by 0.35, 0.8 and 1.5 mm, 98, 100 and 99 % have.
    least_local_sharpness: float = 0.15
    most_hidden: float = 0.05  # share of the item in shadow or blurred; chosen: real photos had 0
    most_cut_off: float = 0.01  # share of the item beyond the photo's edge; chosen: as above
    least_hidden: float = 2.0  # smallest side of a hidden part, mm; chosen


@dataclass(frozen=True, slots=True)
class MatchingSettings:
    """How the query is laid on the reference."""

    max_ratio: float = 0.85  # best / second distance, mutual; chosen: Lowe 2004 has 0.8 one way
    max_error: float = 4.0  # of an inlier, pixels of a 1,600-px view; chosen
    min_inliers: int = 8  # twice the four that fix a homography
    max_stretch: float = 3.5  # chosen: the foreshortening of a tilt of 73 degrees
    item_stretch: float = 5.0  # the same over the whole item, whose corners lie further out; chosen
    item_margin: float = 1.08  # outline grown by this; chosen: a missed border stays inside
    near_radius: float = 14.0  # guided matching, pixels; about four times max_error
    far_radius: float = 50.0  # the same from an outline; chosen
    min_similarity: float = 0.8  # cosine of RootSIFT, squared distance 0.4; chosen
    sure_inliers: int = 60  # with so many the outlines need not be tried; chosen
    enough_inliers: int = 300  # no further way is tried; measured: other designs reach 229
    rounds: int = 3  # of guided matching
    # A card and its label that slid in their case, or lie elsewhere in another one. Measured: such
    # a simulated pair of one design weighed -1.1, with its label on a map of its own 3.8.
    most_slid: float = 0.035  # share of the longer side; 4.8 mm on a slab: well and centering
    coarse_height: int = 176  # pixels at which outlines are laid on each other; 2 px/mm
    # Correlation at half of that size, moved by up to 6 mm, from which an outline is refined.
    # Measured: of the 87 rescues below the least reached 0.28, of 50 simulated ones, far out of
    # focus, 0.24; of pairs that are no rescue nearly half stay below, and of their outlines 85 %.
    least_near: float = 0.2
    # Correlations that the likeliest outline must reach before and after it is laid in full. Chosen
    # with room: of 87 rescues of real photos, dark, hazy, blurred or small, the least reached 0.61
    # and 0.62; of pairs that are no rescue, half stay below 0.37.
    least_start: float = 0.4
    least_coarse: float = 0.45


@dataclass(frozen=True, slots=True)
class AppearanceSettings:
    """How local agreement is measured, on the items laid on each other."""

    height: int = 440  # of the compared pictures, pixels; 5 px/mm on a card; 704 was no better
    window: int = 13  # pixels, odd; 2.6 mm on a card
    reach: int = 2  # pixels of misplacement that are forgiven; 0.4 mm
    noise: float = 0.014  # standard deviation that says nothing, share of full lightness; chosen
    full_contrast: float = 0.18  # standard deviation that counts in full; best Cllr of 0.15 to 0.22
    dark: float = 0.03  # mean lightness below which nothing shows; chosen
    bright: float = 0.96  # above which glare hides the print; chosen
    half: float = 0.5  # side of a large part, share of the item's width
    third: float = 0.3  # side of a smaller part
    fifth: float = 0.2  # side of the smallest part; 12.6 mm on a card
    least_weight: float = (
        0.2  # mean weight of a part that counts; measured: 0.1 and 0.15 gave a worse Cllr
    )
    least_region: float = 2.0  # smaller side of a hidden region that is shown, mm; chosen


@dataclass(frozen=True, slots=True)
class BorderSettings:
    """When what lies between two outlines is the item's border, so that the wider one is right.

    Measured on 500 simulated pairs of one design, each both ways round, 68 of them sleeved, and on
    188 real ones: 21 simulated frames of the print meet all, and no edge of anything else.
    """

    least_mm: float = 1.0  # width of the border on some side; cuts of two copies differ by less
    slack_mm: float = 0.6  # that the wider outline may lie within the other one; chosen
    most_mm: float = 6.0  # width; chosen: the widest borders of cards are 5 mm
    # The reference's trace of the cut.
    edge_px_per_mm: float = 8.0
    edge_mm: float = 0.5  # from the wider outline, within which it lies; measured: 0.44
    step_mm: float = 0.5  # over which it rises; chosen
    corner_mm: float = 6.0  # of each side, left out: it is round there
    edge_levels: float = 3.0  # by which it rises; measured: 3 and more, tables 1
    # The look of the border.
    px_per_mm: float = 4.0
    off_mm: float = 0.5  # that outlines are off
    light_mm: float = 5.0  # sigma of the window in which light is one gain and one offset; chosen
    miss: float = 12.0  # levels from which a pixel loses its say; as of changes
    most_levels: float = 15.0  # that its median is off; borders 1 to 14, other tables 20 to 120
    least_mm2: float = 5.0  # of it that both photos must show; chosen


@dataclass(frozen=True, slots=True)
class ClosedOutlineSettings:
    """Which closed outlines are looked at.

    Chosen for what they cost, except where it says measured, see docs/measurements.md.
    """

    rays: int = 40  # around a middle
    first: int = 4  # of so many rays one is looked along for circles
    ring_mm: float = 0.4  # between two circles: a pixel of the veil's picture
    radii_mm: tuple[float, float] = (2.8, 10.4)  # of the first circle, and beyond the last
    side: int = 3  # rings within, and beyond, whose means are held against each other
    most_step: float = 0.5  # that a ray counts, so that no part of an outline has all the say
    turn: float = 0.02  # of a step, which a ring further in or out from ray to ray costs
    apart_mm: float = 3.0  # from middle to middle; with 2 mm as many stains have an outline
    least_circle: float = 0.08  # mean step of a circle, below which no outline is looked for
    overlap: float = 0.6  # of the smaller box, from which on two outlines hold one place; chosen
    most: int = 6  # outlines that are weighed


@dataclass(frozen=True, slots=True)
class StainWeights:
    """Of what speaks for a stain and against it, in log10 likelihood ratio for each unit.

    Fitted as `python -m bench.weights` does it, on measures kept of 810 simulated damaged pairs of
    22 seeds with 264 stains, and of 55 real pairs of one item; see docs/measurements.md.
    """

    intercept: float = -13.03
    step: float = 7.98
    nearly_all: float = 6.37
    stands_out: float = 1.87
    likeness: float = 5.27
    amount: float = -7.37
    across_mm: float = 0.200
    roundness: float = 5.76


@dataclass(frozen=True, slots=True)
class StainSettings:
    """When a brown veil over a part of an item counts as a stain.

    Sizes and bars were measured on the pairs that the weights are from.
    """

    px_per_mm: float = 2.5  # of the picture it is looked for in; an outline is half a mm wide
    depth_mm: float = 0.6  # from the cut, from which on is looked: no ground shines in; chosen
    least_seen: float = 0.9  # of a pixel that both photos must show; chosen
    light_mm: float = 4.0  # sigma of the window that light is fitted in; with 5, four stains fewer
    miss: tuple[float, float] = (10.0, 4.0)  # levels of light, of colour, that lose their say
    # Shares of red, green and blue that a whole veil absorbs; chosen: of dried tea, coffee, rust
    # and glue, blue most.
    absorbed: tuple[float, float, float] = (0.21, 0.27, 0.34)
    noise: tuple[float, float, float] = (3.0, 1.2, 1.2)  # levels of light, Cr, Cb, at least; chosen
    misplaced_px: float = 0.17  # of print, where light is 1 level of noise; chosen
    noise_mm: float = 9.0  # sigma in which noise grows with what is off there; as `unit_mm`
    near_mm: float = 0.8  # sigma in which evidence is gathered; chosen
    least_evidence: float = 0.3  # squared noise units, below which a veil counts as none; chosen
    outlines: ClosedOutlineSettings = field(default_factory=ClosedOutlineSettings)
    soft_mm: float = 0.4  # that a drop reaches beyond the outline of its smoothed veil; measured
    rim_mm: tuple[float, float] = (0.6, 2.2)  # of a stain, from its outline in; chosen
    weights: StainWeights = field(default_factory=StainWeights)
    least_weight: float = 0.25  # log10; see docs/measurements.md


@dataclass(frozen=True, slots=True)
class HollowWeights:
    """Of what speaks for a hollow, in log10 likelihood ratio for each unit.

    Found as those of stains, with 274 dents.
    """

    intercept: float = -5.37
    alone: float = 5.88
    weaker: float = 2.14


@dataclass(frozen=True, slots=True)
class HollowSettings:
    """When a round place counts as a pressed hollow.

    Measured on the pairs that the weights of stains are from.
    """

    px_per_mm: float = 2.5  # of the picture it is looked for in; a hollow is 3 to 9 mm wide
    depth_mm: float = 0.6  # from the cut, from which on is looked; as stains
    least_seen: float = 0.9  # of a pixel that both photos must show; as stains
    least_shown: float = 0.85  # of a hollow, that both photos must show; chosen
    light_mm: float = 3.0  # sigma of the window that light is fitted in; with 5, glare is left over
    miss: float = 10.0  # levels that lose their say; as stains
    noise: float = 3.0  # levels, at least; as stains
    noise_mm: float = 9.0  # sigma in which noise grows with what is off there; as `unit_mm`
    misplaced_px: float = 0.5  # of print that goes unnoticed; chosen
    spots_mm: tuple[float, ...] = (0.7, 1.1, 1.6)  # sigma of halves; chosen
    least_spot: float = 0.3  # noise units, smoothed, that a spot is off what lies around it; chosen
    most_spots: int = 24  # that are looked at, the strongest; chosen
    # Of hollows that are laid about a spot. Of the last nothing is said: it takes what is larger.
    widths_mm: tuple[float, ...] = (1.6, 2.0, 2.5, 3.0, 3.5, 4.0)  # eight of them tell alike
    directions: int = 16  # 24 tell alike
    weights: HollowWeights = field(default_factory=HollowWeights)
    least_weight: float = 0.7  # log10; see docs/measurements.md
    least_balance: float = 0.1  # of both halves; dark and light squares on a photo reach 0.083
    # Of which one half hides: the share of the change that a hollow explains whose light is bounded
    # by white, and how much more that is than without a bound. Chosen on 530 simulated pairs.
    half_told: float = 0.7
    half_more: float = 0.05
    least_half_mm: float = 1.3  # radius of what shows of one; chosen


@dataclass(frozen=True, slots=True)
class CornerWeights:
    """Of how strange a corner is and its sides are, in log10 likelihood ratio for each decade.

    Found as those of stains, with 275 worn corners and 2,750 without damage near.
    """

    intercept: float = -1.97
    within: float = 3.13
    at_cut: float = 0.82
    usual: float = -1.73


@dataclass(frozen=True, slots=True)
class WearSettings:
    """When the rim counts as worn, at a corner or along a side.

    Chosen on 650 simulated damaged pairs of eighteen seeds and 55 real ones, see
    docs/measurements.md. Strangeness counts in spreads along the rim.
    """

    rim_mm: float = 1.0  # from the cut, up to which is looked; chosen: wear lies within 0.5 mm
    within_mm: float = 2.0  # from the cut, up to which light is held to be the rim's; chosen
    depth_mm: float = 0.1  # from the cut, from which on it counts: ground shines in before
    # Each way along the cut, that the rim is held against. 2.5 alone finds two more of 1320, and
    # neither a corner nor a side that is white all along; 5, 10 and 20 for 30 find as many.
    usual_mm: tuple[float, float] = (2.5, 30.0)
    smooth: float = 0.5  # of what is strange in the wider one only; 0.66 finds one less
    # Levels left over all along a side, 0.3 mm and more from the cut. Sides of four simulated sets
    # have up to 8, real ones of cards in binders, whose outline is another, 18 and more.
    most_off: float = 12.0
    noise: float = 2.0  # levels of 255, that a spread is at least; chosen
    sure: float = 8.0  # strangeness that counts; 7 finds three corners more and four that are none
    usual: float = 0.9  # of the windows along the sides, in which less is off; 0.8 tells alike
    corners: CornerWeights = field(default_factory=CornerWeights)
    least_corner: float = 0.6  # log10; see docs/measurements.md
    # Strangeness that wear goes on to; of a corner the first counts by which it ends.
    fair: tuple[float, ...] = (4.0, 6.0, 8.0)
    gap_mm: float = 2.5  # that torn paper leaves, as light as the border; 2 and 3 tell alike
    square_mm: float = 2.4  # that is told of a corner at least: of less, the ends do not show
    most_mm: float = 9.0  # that wear of a corner goes along a side; 8 finds six less, 10 no more
    # Strangeness that wear of a side reaches somewhere; 14 finds two less, 10 no more and seven
    # that are none.
    sure_side: float = 12.0
    least_pixels: int = 4  # of it that are sure
    most_side: float = 0.5  # of a side that it takes up, as of any change


@dataclass(frozen=True, slots=True)
class CourseSettings:
    """When neighbouring places are a line, and which of them are none of it.

    Measured on 210 simulated damaged pairs of seven seeds and 42 real ones.
    """

    reach_mm: float = 0.9  # beside its course, that a line takes up
    step_mm: float = 0.5  # along it, in which a place must show it
    beside_mm: tuple[float, float] = (1.6, 2.6)  # in which none lies, or it is no line there
    long_mm: float = 7.0  # of such steps together
    most_arch: float = 0.12  # that it bows out, share of its length
    shadow_mm: float = 2.0  # beside it, within which all else belongs to it
    # By which parts of one line are off their common course, beside half of their width: 0.4 to 0.6
    # mm; chance pairs 1.7 and more. 0.55 and 0.75 find as much.
    course_mm: float = 0.65


@dataclass(frozen=True, slots=True)
class FollowSettings:
    """How far a line goes on along its course.

    Measured on 370 simulated damaged pairs of eleven seeds and 42 real ones.
    """

    long_mm: float = 3.0  # of a line whose course is known
    reach_mm: float = 10.0  # of one fit; 5 finds two damages less, 14 as many
    beside_mm: float = 2.5  # on either side, that a line is held against
    least_levels: float = 3.0  # of 255, that what lies beside is taken to scatter by
    most: float = 4.0  # of this scatter, that a step counts for
    chance: float = 1.5  # of it, that the best of three places reaches by chance; 1 finds one less
    least_gain: float = 8.0  # of all steps, beyond chance


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """When a place of the item counts as changed between two photos.

    Chosen on simulated 8 to 12-megapixel pairs, see docs/measurements.md.
    """

    px_per_mm: float = 10.0  # of the compared pictures; a view shows a card at 12 to 15
    # Fine alignment.
    displacement_mm: float = 4.0  # sigma of the window; chosen: bow and lens change over more
    displacement_rounds: int = 3
    displacement_miss: float = (
        0.5  # of a picture's local contrast, from which a pixel loses its say
    )
    displacement_firm: float = 0.02  # of the usual texture; holds empty places to their neighbours
    # Light.
    light_mm: float = 2.5  # sigma of the window in which light is one gain and one offset; chosen
    light_unsure_mm: float = 1.0  # of its change over that length its estimate may be off; chosen
    # Of how fast a reflection rises, levels a millimetre, by which the colour beside it is unsure.
    # Measured on 77 simulated pairs: 0.05 finds 1 of 128 damages more, and 4 false regions more.
    colour_unsure: float = 0.1
    miss: float = 12.0  # levels of 255 from which a pixel loses its say; chosen
    noise_bins: int = 16  # of liveliness of print, each with a spread of its own
    least_noise: float = 0.6  # levels of 255; JPEG and rounding
    misplaced_px: float = 0.1  # of print that goes unnoticed, at least; chosen
    least_gain: float = 0.45  # contrast against the other photo's, below which glare veils; chosen
    veil_mm: float = 1.0  # around such a veil nothing is told either; chosen
    least_share: float = 0.5  # of a window that both photos show, for its light to be known; chosen
    unit_mm: float = 9.0  # sigma in which the unit of noise grows with what is off there; chosen
    surroundings_mm: float = 8.0  # on each side, that a mark must stand out from; chosen
    surroundings_share: float = 0.8  # of them that reach less than what is usual there; chosen
    usual_most: float = 3.5  # noise units that a square millimetre of plain noise reaches; measured
    # Regions.
    # Noise units that a region must reach. Measured on 77 simulated pairs of four seeds: 7, 8 and 9
    # find the same 105 of 128 damages, and 13, 6 and 3 false regions.
    sure: float = 9.0
    # Pixels of the original a millimetre, from which `sure` is enough; below it the bar rises as
    # they get fewer. Chosen: a 3-megapixel photo of a card, beyond which the view keeps no more.
    full_px_per_mm: float = 16.0
    # Where so many regions are sure, light or foil is what differs: only one that is so many times
    # as strong as the last of them stands out; chosen by looking at real foils and sleeves.
    most_sure: int = 4  # measured on 55 real pairs: 0.27 regions a pair, 0.42 with 5
    stands_out: float = 2.5
    fairly: float = 5.0  # noise units of a piece that belongs to a sure line
    faint: float = 2.0  # noise units that a sure one grows on to; chosen
    faint_share: float = 0.12  # of its strength, that it grows on to at least; chosen
    grow_mm: float = 2.5  # that it grows by at most; chosen
    tail_share: float = 0.1  # of its strength, below which a place is a tail of the mark; measured
    likely: float = 3.5  # noise units that it grows to
    least_levels: float = 6.0  # of 255, that it must differ by
    # Longer side of a region; below it a speck and dust are alike. Wear of 1 mm looks 0.7 mm long:
    # its ends are too thin.
    least_mm: float = 0.7
    least_pixels: int = 6  # of a piece of a mark; chosen: 0.06 square millimetres
    most_pieces: int = 80  # strongest ones; bounds the cost
    link_mm: float = 0.8  # gap that places of one piece may leave; chosen
    near_line_mm: float = 1.5  # the same between a line and its shadow; chosen
    near_mm: float = 3.0  # gap between two sure pieces of one mark; chosen
    facing: float = 0.6  # of the longer, that both halves of a rim have in common; chosen
    facing_gap: float = 0.35  # between them, share of the longer; chosen
    # Gap between two thin pieces of one line, as wide as a reflection. Measured on 370 simulated
    # pairs: 14 joins another line, 7 loses two that are one.
    line_gap_mm: float = 10.0
    most_side: float = 0.5  # of a side that wear takes up; more is the cut itself, or a holder
    # Lines under a reflection. It hardly rises over half a millimetre, so less is unsure there.
    thin_mm: float = 0.5  # sigma beyond which a change is taken for light; lines are thinner
    thin_unsure: float = 0.1  # of `light_unsure_mm`; chosen
    # Noise units. Measured on 130 simulated pairs of six seeds: 12 finds no line more than 20 and
    # 6 false ones more, of which 4 on undamaged pairs.
    sure_line: float = 20.0
    line_edge_mm: float = 0.25  # beside it, that no other mark grows on to; chosen
    thin_long_mm: float = 9.0  # length; shorter ones are edges of print; chosen
    thin_tail: float = 0.3  # of its contrast, that belongs to a line however unsure light is there
    # Kinds.
    wear_mm: float = 2.0  # from the cut, within which a change is wear; chosen
    line_ratio: float = 5.0  # length / width of a line; chosen
    cut_mm: float = 1.5  # from the cut, which a fold reaches; chosen
    # Contrast and width of a fold's shadow. Measured on 133 lines: that of nine folds of ten is
    # 0.16 mm wide and more, of scratches 0.17 and less.
    shade: float = 0.25
    shade_mm: float = 0.3
    stain_mm: float = 2.0  # breadth from which a veil can be told from a line; chosen
    least_colour: float = 4.0  # levels of Cr and Cb by which a stain is another colour; chosen
    # Answers.
    same_mark: float = 0.8  # correlation of both photos at a mark that both show; chosen
    same_growth: float = 0.6  # correlation of what was there with what was added, of such a mark
    least_growth: float = 0.5  # of a mark, share of what was there; less is print in other light
    gone: float = 0.35  # departure of the query, share of the reference's, of a mark that is gone
    corner_mm: float = 3.0  # radius of a standard card's corners
    # The rim. Measured on 29 simulated pairs: outlines lie within 0.13 mm of the cut.
    edge_mm: float = 0.1  # that is not compared: the cut itself
    sure_depth_mm: float = 0.4  # from which on light is learnt: no ground shines in; chosen
    rim_mm: float = 1.0  # that is held against the rest of its side; chosen
    # Share of a piece that must lie there for it to be one of the rim. Measured on 110 simulated
    # and 42 real pairs: 0.95 finds one damage less, and as many false.
    rim_share: float = 0.7
    # Noise units of a region thinner than `least_loss_mm` at the rim: fibres of the cut reach 14,
    # wear 20 and more, on 77 simulated pairs.
    sure_rim: float = 16.0
    reach_cut_mm: float = 0.5  # a region so near the cut reaches it; chosen
    # Hairlines are at most 0.06 mm wide and seldom white all through; scratches and folds that
    # went through the print have 0.15 mm and more.
    least_loss_mm: float = 0.08  # of print, that a mark takes away over its length
    least_contrast: float = 30.0  # levels, of print and paper; less is not told apart; chosen
    stains: StainSettings = field(default_factory=StainSettings)
    hollows: HollowSettings = field(default_factory=HollowSettings)
    wear: WearSettings = field(default_factory=WearSettings)
    courses: CourseSettings = field(default_factory=CourseSettings)
    following: FollowSettings = field(default_factory=FollowSettings)


@dataclass(frozen=True, slots=True)
class TextSettings:
    """When print reads so differently that another product must be thought of.

    Measured together on 138 honest real pairs, of which none raised anything, on 348 spoilt
    copies of such pairs (blur, glare, low resolution, darkness), of which none did either, and
    on 4 pairs of products that share an artwork or nearly, all of which differ at two places.
    """

    px_per_mm: float = 12.5  # of the pictures that are read; a card is 1,100 pixels high
    most_side: int = 1500  # pixels; a slab is read at 11 px/mm
    unknown_side: int = 1100  # of an item whose size is unknown, pixels; as a card
    # Of the pictures that lines are found on, share of their size: 9 px/mm. Measured on the 70
    # real pairs whose print is read, 95 % quantile of processor time: 1.59 s instead of 2.55 at
    # full size. No verdict changed, nor on 57 simulated pairs; 0.64 left a different pair open.
    search_scale: float = 0.72
    strip: int = 704  # rows of these that are searched at once; chosen: bounds the memory
    strip_overlap: int = 48  # rows; chosen: 5 mm, a line of text lies wholly in one strip
    rows_around: float = 48.0  # searched around a line that does not look alike, pixels; chosen
    least_ink: float = 0.3  # probability of a pixel of text; the model's own default
    least_score: float = 0.5  # its mean over a line; the model's own default
    unclip: float = 1.6  # by which boxes grow, area / perimeter; the model's own default
    least_height: float = 6.0  # of a line, pixels; 0.5 mm
    most_boxes: int = 200  # largest ones of a strip; chosen: bounds the cost
    most_places: int = 60  # beyond which nothing is read; chosen: real items have at most 36
    same_row: float = 0.5  # common rows, share of the lower box; chosen
    same_height: float = 0.35  # common rows, share of the higher box; chosen
    least_seen: float = 0.98  # of a place, share of its pixels; chosen
    reach: int = 14  # misplacement of a line that is forgiven, pixels; 1.1 mm; chosen
    window_reach: int = 3  # of a letter within its line, pixels; chosen
    alike: float = 0.88  # correlation of every letter from which no line is read; measured
    least_confidence: float = 0.9  # mean over the letters of both lines; measured
    least_replaced: int = 3  # letters of one that are others on the other; measured
    least_nats: float = 10.0  # ln likelihood ratio of each of those, by both photos; measured
    most_kept: float = 0.5  # letters that stay, share of the shorter line; measured
    least_kept: float = 0.8  # the same of the longer one, where a line says the same; chosen
    least_same: float = 0.5  # of the lines look or say the same, where none says another; chosen
    moved: float = 0.75  # likeness from which a line lies elsewhere on the other item; measured
    certificate_digits: int = 7  # from which a number says copy, not product; chosen


@dataclass(frozen=True, slots=True)
class PrintMapSettings:
    """How the query is laid on the reference by its print alone, for what tells copies apart."""

    px_per_mm: float = 10.0  # of the pictures that details are followed in; 14 was no better
    shade: float = 2.0  # wider changes of light are taken out, mm; chosen
    rim: float = 2.0  # of the item where nothing is followed, mm: windows must not see the cut
    spacing: float = 0.8  # least distance of two details, mm; chosen
    most_details: int = 800  # chosen: the fit has 10 terms
    window: int = 21  # pixels that are followed together; 2.1 mm
    most_return: float = 0.25  # pixels by which the way back may miss; chosen
    most_drift: float = 1.2  # mm; keypoints leave a few tenths
    least_details: int = 60  # chosen: six a term
    least_scatter: float = 0.003  # mm; measured on simulated photos: nothing is better
    most_scatter: float = 0.035  # mm; measured: real cards 0.009 to 0.021


@dataclass(frozen=True, slots=True)
class CutSettings:
    """How the cut is found beside the print, and when two cuts can be compared. Lengths in mm."""

    half: float = 3.5  # looked at inside the outline, which may be a sleeve's
    out: float = 5.5  # looked at outside of it: it may be the frame of the print, 3 mm inside
    step: float = 0.06  # between samples across a side; a pixel of a 1,600-px view or less
    places: int = 240  # along a side; chosen: 0.22 to 0.33 mm apart
    skip: float = 5.0  # of a side at its ends, where corners are round
    least_change: float = 0.25  # CIELAB units a sample; chosen: paper's noise stays below
    most_slope: float = 0.6  # from the outline's side, at the ends of half a side; chosen
    slope_step: float = 0.06  # the same as a sample
    # Of a side: four of a sleeve and six of a holder, whose rims are two lines each, cut, wall and
    # four of the frame. With 10 the cut was crowded out where it is worn: lines are taken by votes.
    most_lines: int = 16
    most_looked_at: int = 10  # of them, the strongest, whose corners are looked for; saves time
    apart: float = 0.2  # of two lines; chosen: less cannot be told apart
    least_support: float = 0.5  # share of places that show a line; chosen
    reach: float = 0.3  # of a place from its line; chosen: the card's thickness
    least_scatter: float = 0.01  # measured: simulated cuts have no less
    most_scatter: float = 0.06  # measured: real cuts 0.010 to 0.045, shadows 0.07 and more
    least_strength: float = 1.2  # CIELAB units a sample; measured: cuts 1.3 to 23, cloth 0.3 to 0.9
    firm_strength: float = 2.0  # of sides that are looked at first: contours of shadows have less
    beside: float = 0.45  # within it a second line may be the cut too: walls, wear; chosen
    outshines: float = 1.6  # so much stronger a line makes the one just outside its shadow; chosen
    outshines_beside: float = 2.5  # the same of what is kept as an alternative: a sleeve's rim, 2.7
    # Of round corners: a standard card's are 3.0, real ones measured 2.5 to 3.4.
    radii: tuple[float, float] = (2.2, 3.6)
    least_corners: int = 3  # that are round; one may be worn or hidden
    most_unlike: float = 0.6  # between their radii, and between those of two photos; chosen: wear
    # Of the sides about the outline, which may lie on the cut here and on the print's frame there:
    # frames lie 3.0 to 3.4 inside, and old cards are cut up to 1 beside that, both of them and on
    # either side.
    most_askew: float = 6.4
    most_uneven: float = 5.0  # strongest side in weakest ones; chosen: one ground, one border
    least_arc: float = 3.0  # CIELAB units across an arc; chosen
    arc_strength: float = 1.2  # the same in those of the sides' strength; chosen
    arc_alone: float = 1.8  # the same in what other radii show; chosen: borderless cards are busy
    least_common: float = 0.3  # share of places where both photos show a side; chosen
    most_apart: float = 0.06  # scatter between two photos, beyond which a side tells nothing
    beyond: float = 0.5  # details of the print further out than this show that it is no cut
    most_beyond: int = 3  # of such details; chosen: single matches are chance
    most_growth: float = 0.8  # of width and height: copies differ by up to 0.5, sleeves by 3
    sure_growth: float = 0.45  # of the same; only lines that keep within are tried, where some do
    most_turned: float = 0.25  # by which ends of sides may disagree on the turn; chosen
    # Of a cut that is told by the other photo's alone, the same two; closer, since chance lines are
    # refused by them instead of by corners. Growth as in `CopySettings.most_grown`: 0.35 made
    # another copy of 2 of 60 same ones in sleeves, whose rims are lines too.
    most_growth_completed: float = 0.15
    most_turned_completed: float = 0.15
    # The card's own thickness: what a photo shows of it depends on where it was taken from.
    thickness: float = 0.31  # of a trading card; 12 mil stock, the common one
    focal: float = 1.0  # of the photo's longer side; phones' main lenses 0.7, twice that zoomed in
    most_oblique: float = 0.56  # tan of 29 degrees: of a photo that was cut, whose axis is unknown


@dataclass(frozen=True, slots=True)
class MissingSettings:
    """When a small mark counts as missing; measured on 96 and 144 simulated pairs, docs/copies.md.

    Their photos have 8 to 12 megapixels. On real binder pages and foils tens of places differ by
    the light alone; there nothing is said.
    """

    full_px_per_mm: float = 16.0  # of both originals; as for changes
    likely: float = 3.5  # noise units of every pixel of a mark; as for changes
    sure: float = 6.0  # of its strongest; 5 finds some on 6 of 96 same copies, 6 on none
    least_levels: float = 8.0  # of 255, that a mark departs by; 5 finds some on 8 of 96
    gone: float = 0.35  # share of the departure that is left where a mark is gone; as for changes
    least_pixels: int = 3  # of a mark, and of the ring around it; chosen
    ring_mm: float = 0.5  # beyond a mark, that it is held against
    most_mm: float = 1.2  # longer side; what is longer is a change of its own; chosen
    least_depth_mm: float = 0.6  # from the cut, where the ground does not shine in; chosen
    most: int = 30  # places that differ: other copies have 29 and fewer, real foils 27 to 300


@dataclass(frozen=True, slots=True)
class CopySettings:
    """What marks of the copy weigh; the measurement stands in docs/copies.md."""

    shift_error: float = 0.02  # mm, of the cut's shift; measured on simulated photos: 0.005
    turn_error: float = 0.03  # degrees, of its turn; measured: 0.005, on real photos up to 0.08
    crowded: float = 2.0  # times those errors where another line runs beside the cut
    most_grown: float = 0.15  # mm by which the same card may span more; measured: up to 0.07
    cut_same: float = 2.0  # llr of a cut that has not moved
    cut_fall: float = 4.1  # llr lost with each power of ten of 1 + far^2 / cut_tail
    cut_tail: float = 3.0  # standard errors squared that are nothing unusual; three parts
    cut_bound: float = 2.2  # log10(2 (n + 1)) of 84 simulated pairs of copies
    # Fakes copy real numbers, so an equal one says little; another one is another copy unless the
    # card was put into a new holder.
    equal_number: float = 0.3  # llr; chosen
    # -log10(0.45 * 2 * 48): it is found on 18 and more of 40 real other copies, and on 0 of 47 same
    # ones (7 real, 40 simulated), whose rate is put at 1 in 2 (n + 1) as for the cut. Of 40 more
    # simulated ones none has it either; kept.
    other_number: float = -1.6
    # Small marks that are missing. Sheen and sleeves take some away on 1 of 20 same copies and on
    # most others; dust, which nobody counted, may do so more often. So they never decide alone.
    few_missing: int = 2
    few_weigh: float = -0.6  # llr
    many_missing: int = 4
    many_weigh: float = -1.0  # llr, short of `other`
    bound: float = 2.2  # the same
    same: float = 1.3  # llr from which it is called the same copy: 20 to 1
    other: float = -1.3  # llr down to which it is called another copy
    other_rate: float = 0.022  # of that by the cut, upper 95 % bound: 0 of 168 simulated copies
    number_rate: float = 0.042  # the same by a number: 0 of 87 same ones


@dataclass(frozen=True, slots=True)
class NumberSettings:
    """When the number of a copy is read, and when two of them are other numbers.

    Measured together on 40 real pairs of other copies with legible numbers, of which 39 and more
    differ, and on 27 honest pairs and 172 spoilt copies of such, of which none does.
    """

    px_per_mm: float = 11.0  # of the pictures that are read; a slab is 1,500 pixels high
    side: int = 1200  # of an item whose size is unknown, longer side, pixels
    shrink: float = 0.6  # of the picture that print is found on; a certificate is 15 pixels high
    like_card: float = 0.1  # ln ratio of sides to a card's, up to which a case may be around it
    case_mm: tuple[float, float] = (9.5, 38.0)  # that a case reaches beyond its card; common slabs
    edge: float = 0.04  # that the plane reaches beyond the outline, share of the sides; chosen
    least_inside: float = 0.9  # share of inliers within an outline that is the item's; chosen
    reach_out: float = 0.12  # from what both items share, share of the longer side; chosen
    reach: float = 1.0  # misplacement on the query, in heights of the line; chosen
    window_height: float = 28.0  # of a line that print is found by on the query, pixels
    least_confidence: float = 0.9  # of every character, in [0, 1]; as for print
    sure: float = 0.99  # of every character that is another one; measured
    nats: float = 9.0  # ln likelihood ratio of each of those, by both photos; measured
    softer: float = 0.06  # blur under which another number has to stay, heights of the line
    smaller: float = 16.0  # height at which it has to stay, pixels
    most_kept: float = 0.5  # characters that numbers of unlike length share, of the shorter; chosen
    code_softer: float = 0.7  # pixels of blur under which a bar or QR code has to say the same
    most_code: int = 100  # characters of a code; chosen: an address with a number


@dataclass(frozen=True, slots=True)
class FusionSettings:
    """When the findings may speak; what they weigh is in the calibration."""

    # Keypoints on both items from which it counts in full that print disagrees (chosen), and that
    # print is not found at all; half as many count for nothing. Measured: an honest pair whose
    # outline was the artwork had 272 and no map, other products without a map 480 and more.
    rich: int = 300
    plenty: int = 480
    # Effective share of the item that carries print; below it an item is too plain to be told
    # from others. Measured: real designs 0.49 and more, simulated plain cards at most 0.45 but
    # for one of 49.
    least_printed: float = 0.47
    # The print is read where a part of the item agrees less than this: another printing differs
    # there, and three of four honest pairs of cards agree more. Correlation.
    read_below: float = 0.72
    sure_places: int = 2  # that read differently; measured: none on 138 honest pairs
    # llr of such print: 4 of 4 pairs of one artwork (at least 40 %) against 0 of 138 honest pairs
    # (at most 2.64 %), both bounds of 95 % Clopper-Pearson intervals.
    other_print: float = -1.18
    other_print_rate: float = 0.0264
    crowd: int = 200  # matches; measured: different products reach 180, of one template 720
    # Inliers of a map that may be one by chance: what disagrees on it weighs no more than no map
    # does. Measured: honest real pairs have 46 and more, other products often 9 to 15.
    by_chance: int = 30
    explained: float = 0.5  # share of matches that the map must explain then; chosen
    stray: int = 100  # matches; measured: other products whose map explains few reach 72
    little: float = 0.25  # share of matches that the map must explain then; chosen
    least_visible: float = 0.4  # share of the item that must be comparable; chosen
    least_px_per_mm: float = 3.0  # of a query that may speak against; chosen


@dataclass(frozen=True, slots=True)
class ExposureSettings:
    """When two files are copies of one exposure; the measurement stands in docs/measurements.md."""

    most_distance: int = 60  # bits of 256 between hashes, beyond which nothing is laid on it
    candidates: int = 5  # nearest photos that it is tried with; chosen
    least_matches: int = 30  # details that both photos have; chosen
    fits_px: float = 2.0  # of a match, pixels of the reference's view; chosen
    # Of 245 copies (saved again, halved, cropped, brightened) 244 reach 0.88, 0.66 and 0.96; of 181
    # pairs of other exposures three reach 0.85, and those agree by 0.87 at most.
    least_share: float = 0.85  # of the matches that fit
    most_error_px: float = 0.75  # root mean square of those
    least_agreement: float = 0.95  # correlation of the blocks' lowest tenth
    false_rate: float = 0.0202  # 0 of 181 pairs of other exposures, upper 95 % bound


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How a photo is searched for among all that are kept."""

    candidates: int = 10  # best by hash that are compared; measured: docs/measurements.md


@dataclass(frozen=True, slots=True)
class PublishingSettings:
    """How the log's checkpoints leave the home; no comparison depends on it."""

    # What was logged since the last one can be cut off unnoticed by whoever writes the home;
    # chosen: 3,000 checkpoints or 1 MB in a working day of changes without a pause.
    seconds: float = 10.0
    # Between two timestamps; each covers all entries before. Chosen: what free authorities bear.
    timestamp_seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """How staff sign in; apart from ``Settings``, because no comparison depends on it."""

    # Argon2id. RFC 9106, section 4, second choice; also the default of argon2-cffi.
    hash_passes: int = 3
    hash_memory: int = 65_536  # KiB
    hash_lanes: int = 4
    hashes_at_once: int = 2  # of that memory each; chosen
    hash_patience: float = 5.0  # seconds to wait for one of those; chosen
    least_password: int = 12  # characters; OWASP ASVS 4.0.3, 2.1.1
    most_password: int = 128  # characters; the same, 2.1.2
    one_time_days: int = 7  # that a password made by an owner may wait for its first use; chosen
    session_hours: float = 12.0  # from signing in; NIST SP 800-63B-3, 4.2.3
    idle_minutes: float = 60.0  # without a request; NIST SP 800-63B-4, level 2
    seen_seconds: float = 60.0  # a session's last request is kept no finer; chosen
    # Failures until a quarter of an hour has passed since the first of them; chosen. All further
    # attempts wait then, right ones too.
    throttle_minutes: float = 15.0
    name_here_failures: int = 5  # of a sign-in name from one address
    address_failures: int = 30  # of an address, whatever the name
    name_failures: int = 100  # of a sign-in name, from wherever
    throttle_memory: int = 10_000  # names and addresses kept; the longest untouched goes first


@dataclass(frozen=True, slots=True)
class BundleSettings:
    """What an exported case may take; weighs nothing."""

    most_bytes: int = 500_000_000  # of photos in one bundle, held in memory; chosen


@dataclass(frozen=True, slots=True)
class QuotaSettings:
    """How much one caller may ask for; apart from ``Settings``, as no comparison depends on it.

    Chosen: ten times what a shop of a thousand parcels a day needs, so that a program run wild
    is stopped and nobody at work is.
    """

    requests: int = 6_000  # a minute, of a key or a person
    upload_bytes: int = 200_000_000_000  # a day, of a key or a person
    photos: int = 60_000  # a day, of a key or a person
    strangers: int = 600  # requests a minute of an address, of whoever is not known
    memory: int = 10_000  # callers remembered for each; the longest untouched goes first
    # Between telling other processes what known callers used. Chosen: a write of 3 ms a second,
    # and in that second each further process lets through what it has left for the caller.
    share_seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """What is written down of refusals and views; apart from ``Settings`` for the same reason."""

    refusals_seconds: float = 60.0  # like refusals within are one entry with their count; chosen
    refusals_at_once: int = 30  # of a kind that are told apart within that; further ones are one
    view_seconds: float = 600.0  # the same caller's views of the same thing within are one; chosen
    views_memory: int = 10_000  # views remembered; the longest ago goes first


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """Recommendations that a process remembers; apart from ``Settings`` for the same reason."""

    most: int = 2_000  # claims; 13 kB each (bench.reads), 26 MB; chosen
    entries: int = 200  # of the log that are looked through; more cost as much as the work; chosen
    seconds: float = 60.0  # after which it is worked out anew, whatever seems to be so; chosen


@dataclass(frozen=True, slots=True)
class Settings:
    """Thresholds of all stages; each stage takes only those it needs."""

    limits: LimitSettings = field(default_factory=LimitSettings)
    outline: OutlineSettings = field(default_factory=OutlineSettings)
    reading: ReadingSettings = field(default_factory=ReadingSettings)
    matching: MatchingSettings = field(default_factory=MatchingSettings)
    borders: BorderSettings = field(default_factory=BorderSettings)
    appearance: AppearanceSettings = field(default_factory=AppearanceSettings)
    changes: ChangeSettings = field(default_factory=ChangeSettings)
    text: TextSettings = field(default_factory=TextSettings)
    print_map: PrintMapSettings = field(default_factory=PrintMapSettings)
    cut: CutSettings = field(default_factory=CutSettings)
    missing: MissingSettings = field(default_factory=MissingSettings)
    copies: CopySettings = field(default_factory=CopySettings)
    numbers: NumberSettings = field(default_factory=NumberSettings)
    fusion: FusionSettings = field(default_factory=FusionSettings)
    exposure: ExposureSettings = field(default_factory=ExposureSettings)
    search: SearchSettings = field(default_factory=SearchSettings)
    calibration: Calibration = field(default_factory=packaged_calibration)


PICTURES = PictureSettings()
PUBLISHING = PublishingSettings()
BUNDLES = BundleSettings()
ANSWERS = AnswerSettings()


@cache  # every comparison is remembered under it
def fingerprint(settings: Settings) -> str:
    """Return the sha256 of the settings' values, 64 hexadecimal digits."""
    text = json.dumps(asdict(settings), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
