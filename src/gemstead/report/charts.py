"""Numbers in, charts as inline SVG out. Text stays text, and colours are the page's own, light or dark.

Written out by hand: two kinds of charts are fewer lines than the settings of a drawing library, which would also take
longer to load than everything else of a report together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

NUM_SERIES = 6
WIDTH, HEIGHT = 245.0, 173.0
"""Of a drawing, in its own units; the page scales it."""
LEFT, BOTTOM, EDGE = 45.0, 36.0, 6.0
LETTER, LINE = 5.4, 9.0
"""About the width of a letter, and the size of letters."""
MARK = 3.6


@dataclass(frozen=True, kw_only=True)
class Point:
    """One thing that was measured.

    Args:
        label: For people.
        x: Where it lies, in the axis' unit.
        y: A share.
        low: Lower end of the share's interval.
        high: Upper end.
        series: Number of its colour and mark; points of one series look alike.
    """

    label: str
    x: float
    y: float
    low: float
    high: float
    series: int = 0


def scatter(points: Sequence[Point], *, x_label: str, y_label: str, title: str) -> Markup:
    """Shares against something else, each with its interval.

    Args:
        points: At least one.
        x_label: Name and unit of the horizontal axis, which begins at 0.
        y_label: Name of the share; ticks are in percent.
        title: What the chart says, for those who do not see it.
    """
    right = max(point.x for point in points) * 1.3 or 1.0
    low, high = _room(points, 0.12)
    x, y = _scale(0.0, right, LEFT, WIDTH - EDGE), _scale(low, high, HEIGHT - BOTTOM, EDGE)
    parts = _frame(HEIGHT, LEFT)
    for value in ticks(0.0, right, 5):
        parts += [
            _line(x(value), EDGE, x(value), HEIGHT - BOTTOM, "--line"),
            _text(x(value), HEIGHT - BOTTOM + 12, f"{value:,g}"),
        ]
    for value in ticks(low, high, 6):
        parts += [
            _line(LEFT, y(value), WIDTH - EDGE, y(value), "--line"),
            _text(LEFT - 4, y(value) + 3, _percent(value), "end"),
        ]
    parts.append(_text((LEFT + WIDTH - EDGE) / 2, HEIGHT - 6, x_label))
    middle = (EDGE + HEIGHT - BOTTOM) / 2
    parts.append(_text(9, middle, y_label, turn=f' transform="rotate(-90 9 {middle:g})"'))
    for point in points:
        parts.append(_line(x(point.x), y(point.low), x(point.x), y(point.high), _colour(point), 1.4))
        parts += [
            _line(x(point.x) - 3, y(end), x(point.x) + 3, y(end), _colour(point), 1.4)
            for end in (point.low, point.high)
        ]
        parts.append(_mark(x(point.x), y(point.y), point))
    taken: list[tuple[float, float]] = []
    for point in sorted(points, key=lambda p: -p.y):
        at, level = x(point.x), y(point.y)
        # Names beside the marks, moved down where two would lie on each other.
        while any(abs(other - at) < 70 and abs(height - level) < LINE + 1 for other, height in taken):
            level += 1
        taken.append((at, level))
        is_far = point.x > right * 0.62
        parts.append(
            _text(
                at - 8 if is_far else at + 8,
                level + 3,
                point.label,
                "end" if is_far else "start",
                colour=_colour(point),
            )
        )
    return _drawing(parts, HEIGHT, title)


def intervals(points: Sequence[Point], *, x_label: str, title: str) -> Markup:
    """Shares below each other, each with its interval; `x` of a point is not used.

    Args:
        points: From top to bottom, at least one.
        x_label: Name of the share; ticks are in percent.
        title: What the chart says, for those who do not see it.
    """
    height = BOTTOM + EDGE + 23.0 * len(points)
    left = min(10 + max(len(point.label) for point in points) * LETTER, WIDTH * 0.6)
    low, high = _room(points, 0.08)
    x = _scale(low, high, left, WIDTH - EDGE)
    parts = _frame(height, left)
    for value in ticks(low, high, 4):
        parts += [
            _line(x(value), EDGE, x(value), height - BOTTOM, "--line"),
            _text(x(value), height - BOTTOM + 12, _percent(value)),
        ]
    parts.append(_text((left + WIDTH - EDGE) / 2, height - 6, x_label))
    for row, point in enumerate(points):
        level = EDGE + 23.0 * (row + 0.5)
        parts.append(_line(x(point.low), level, x(point.high), level, _colour(point), 2))
        parts += [_line(x(end), level - 4, x(end), level + 4, _colour(point), 2) for end in (point.low, point.high)]
        parts += [_mark(x(point.y), level, point), _text(left - 5, level + 3, point.label, "end")]
    return _drawing(parts, height, title)


def ticks(low: float, high: float, most: int) -> list[float]:
    """At most so many round numbers from low to high: multiples of 1, 2, 2.5 or 5 times a power of ten."""
    if not high > low:
        return [low]
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    steps = (power * factor for factor in (1, 2, 2.5, 5, 10, 20))
    step = next(s for s in steps if math.floor(high / s) - math.ceil(low / s) + 1 <= most)
    return [n * step for n in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def _room(points: Sequence[Point], share: float) -> tuple[float, float]:
    low, high = min(p.low for p in points), max(p.high for p in points)
    room = max(0.01, (high - low) * share)
    return max(0.0, low - room), min(1.0, high + room)


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    return lambda value: start + (value - low) / (high - low) * (end - start)


def _percent(share: float) -> str:
    return f"{share * 100:.3g} %"


def _colour(point: Point) -> str:
    return f"--series-{point.series % NUM_SERIES}"


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 0.6) -> str:
    return f'<path d="M{x1:.2f} {y1:.2f}L{x2:.2f} {y2:.2f}" style="stroke: var({colour}); stroke-width: {width:g}"/>'


def _text(x: float, y: float, words: str, anchor: str = "middle", *, colour: str = "--ink", turn: str = "") -> str:
    return (
        f'<text x="{x:.2f}" y="{y:.2f}"{turn} style="fill: var({colour}); font-size: {LINE:g}px; '
        f'text-anchor: {anchor}">{escape(words)}</text>'
    )


def _mark(x: float, y: float, point: Point) -> str:
    """Each series has a shape of its own, for those who see no colours."""
    r, third = MARK, MARK / 3
    shapes = (
        f"m{-r} 0a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z",
        f"m{-r} {-r}h{2 * r}v{2 * r}h{-2 * r}z",
        f"m0 {-r * 1.3}l{r * 1.3} {r * 1.3}l{-r * 1.3} {r * 1.3}l{-r * 1.3} {-r * 1.3}z",
        f"m0 {-r}l{r} {2 * r}h{-2 * r}z",
        f"m0 {r}l{r} {-2 * r}h{-2 * r}z",
        f"m{-third} {-r}h{2 * third}v{2 * third}h{2 * third}v{2 * third}h{-2 * third}v{2 * third}"
        f"h{-2 * third}v{-2 * third}h{-2 * third}v{-2 * third}h{2 * third}z",
    )
    return f'<path d="M{x:.2f} {y:.2f}{shapes[point.series % NUM_SERIES]}" style="fill: var({_colour(point)})"/>'


def _frame(height: float, left: float) -> list[str]:
    return [
        _line(left, EDGE, left, height - BOTTOM, "--line", 0.8),
        _line(left, height - BOTTOM, WIDTH - EDGE, height - BOTTOM, "--line", 0.8),
    ]


def _drawing(parts: Sequence[str], height: float, title: str) -> Markup:
    body = "\n".join(parts)
    return Markup(
        f'<svg role="img" class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}">'
        f"<title>{escape(title)}</title>\n{body}\n</svg>"
    )
