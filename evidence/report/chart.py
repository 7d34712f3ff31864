"""A small chart as inline SVG: axes, lines, bars, dots; no script, nothing from outside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

WIDTH, HEIGHT = 640, 380
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 22, 52  # margins, for the axes' words

SAME_ITEM, SAME, OTHER, PALE, INK = "#08519c", "#6baed6", "#d95f0e", "#d0d0d0", "#333333"


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis.

    Attributes:
        title: what it shows, with the unit.
        low, high: its ends; what lies beyond is drawn at the end.
        ticks: (place, words).
    """

    title: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]

    def share(self, value: float) -> float:
        """Return where a value lies between the ends, in [0, 1]."""
        return (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)


@dataclass(slots=True)
class Chart:
    """A chart that grows by what is drawn into it.

    Attributes:
        title: read aloud where pictures are not seen.
        across: the horizontal axis.
        up: the vertical axis.
    """

    title: str
    across: Axis
    up: Axis
    _shapes: list[str] = field(default_factory=list)

    def line(self, points: Iterable[Sequence[float]], colour: str, *, dashed: bool = False) -> None:
        """Draw a line through points."""
        path = " ".join(f"{self._x(x):.1f},{self._y(y):.1f}" for x, y in points)
        dash = ' stroke-dasharray="5 4"' if dashed else ""
        self._shapes.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'
        )

    def bar(self, left: float, right: float, low: float, high: float, colour: str) -> None:
        """Fill the rectangle between two places on each axis."""
        x, y = self._x(left), self._y(high)
        width, height = self._x(right) - x, self._y(low) - y
        self._shapes.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'fill="{colour}"/>'
        )

    def dot(self, x: float, y: float, colour: str) -> None:
        """Draw a dot."""
        self._shapes.append(
            f'<circle cx="{self._x(x):.1f}" cy="{self._y(y):.1f}" r="5" fill="{colour}"/>'
        )

    def words(
        self, x: float, y: float, text: str, *, shift: tuple[float, float] = (0, -5), at: str = ""
    ) -> None:
        """Write at a place, moved by some pixels; ``at`` is the text's anchor."""
        self._shapes.append(_text(self._x(x) + shift[0], self._y(y) + shift[1], text, at))

    def svg(self) -> str:
        """Return the chart; it is also well-formed XML."""
        bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
        parts = []
        for place, words in self.across.ticks:
            x = self._x(place)
            parts.append(_rule(x, TOP, x, bottom))
            parts.append(_text(x, bottom + 18, words))
        for place, words in self.up.ticks:
            y = self._y(place)
            parts.append(_rule(LEFT, y, right, y))
            parts.append(_text(LEFT - 7, y + 4, words, "end"))
        middle = (TOP + bottom) / 2
        return (
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-size="12" fill="{INK}">'
            f"<title>{escape(self.title)}</title>{''.join(parts)}"
            f'<rect x="{LEFT}" y="{TOP}" width="{right - LEFT}" height="{bottom - TOP}" '
            f'fill="none" stroke="{INK}"/>{"".join(self._shapes)}'
            f"{_text((LEFT + right) / 2, HEIGHT - 10, self.across.title)}"
            f'<g transform="rotate(-90 14 {middle:.0f})">{_text(14, middle, self.up.title)}</g>'
            "</svg>"
        )

    def _x(self, value: float) -> float:
        return LEFT + self.across.share(value) * (WIDTH - LEFT - RIGHT)

    def _y(self, value: float) -> float:
        return HEIGHT - BOTTOM - self.up.share(value) * (HEIGHT - TOP - BOTTOM)


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#e6e6e6"/>'


def _text(x: float, y: float, words: str, anchor: str = "") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor or "middle"}">{escape(words)}</text>'
    )
