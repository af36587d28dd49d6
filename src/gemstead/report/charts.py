"""Numbers in, charts as inline SVG out. Text stays text, and colours are the page's own, light or dark.

Drawn by matplotlib with stand-in colours, which are then replaced by names of the page's style sheet.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Stand-in -> name in the style sheet. No chart has a colour of its own.
INK, FAINT = "#010203", "#010204"
SERIES = tuple(f"#0102{16 + n:02x}" for n in range(6))
COLOURS = {INK: "var(--ink)", FAINT: "var(--line)"} | {c: f"var(--series-{n})" for n, c in enumerate(SERIES)}
MARKERS = "osD^vP"
WIDTH_IN, HEIGHT_IN = 3.4, 2.4
# Room around the axes. Matplotlib would find it by drawing everything twice, which takes as long again.
LEFT_IN, BOTTOM_IN, EDGE_IN = 0.62, 0.5, 0.08
LETTER_IN = 0.078
STYLE: Any = {  # matplotlib names each key in a type of its own
    "svg.fonttype": "none",
    "svg.hashsalt": "gemstead",
    "font.family": "sans-serif",
    "font.size": 9,
    "text.parse_math": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.grid": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
}


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
    from matplotlib import rc_context

    with rc_context(STYLE):
        figure, axes = _figure(HEIGHT_IN, LEFT_IN)
        right = max(point.x for point in points) * 1.3 or 1.0
        for point in sorted(points, key=lambda p: p.series):
            colour = SERIES[point.series % len(SERIES)]
            axes.errorbar(
                point.x, point.y, yerr=[[point.y - point.low], [point.high - point.y]],
                fmt=MARKERS[point.series % len(MARKERS)], color=colour, markersize=7, elinewidth=1.4, capsize=3,
                zorder=3,
            )  # fmt: skip
        _label(axes, points, right)
        axes.set_xlim(0, right)
        bottom, top = min(p.low for p in points), max(p.high for p in points)
        room = max(0.01, (top - bottom) * 0.12)
        axes.set_ylim(max(0.0, bottom - room), min(1.0, top + room))
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        axes.yaxis.set_major_formatter(_percent)
        return _svg(figure, title)


def intervals(points: Sequence[Point], *, x_label: str, title: str) -> Markup:
    """Shares below each other, each with its interval; `x` of a point is not used.

    Args:
        points: From top to bottom, at least one.
        x_label: Name of the share; ticks are in percent.
        title: What the chart says, for those who do not see it.
    """
    from matplotlib import rc_context

    with rc_context(STYLE):
        names_in = max(len(point.label) for point in points) * LETTER_IN
        figure, axes = _figure(0.7 + 0.32 * len(points), min(0.12 + names_in, WIDTH_IN * 0.6))
        for row, point in enumerate(points):
            colour = SERIES[point.series % len(SERIES)]
            axes.errorbar(
                point.y, row, xerr=[[point.y - point.low], [point.high - point.y]],
                fmt=MARKERS[point.series % len(MARKERS)], color=colour, markersize=7, elinewidth=2, capsize=4, zorder=3,
            )  # fmt: skip
        axes.set_yticks(range(len(points)), [point.label for point in points])
        axes.set_ylim(len(points) - 0.4, -0.6)
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
        low, high = min(p.low for p in points), max(p.high for p in points)
        room = max(0.01, (high - low) * 0.08)
        axes.set_xlim(max(0.0, low - room), min(1.0, high + room))
        axes.set_xlabel(x_label)
        axes.xaxis.set_major_formatter(_percent)
        return _svg(figure, title)


def _percent(share: float, _: object = None) -> str:
    return f"{share * 100:.3g} %"


def _label(axes: Axes, points: Sequence[Point], right: float) -> None:
    """Names beside the marks, moved apart where two would lie on each other."""
    span = max(p.high for p in points) - min(p.low for p in points) or 1.0
    taken: list[tuple[float, float]] = []
    for point in sorted(points, key=lambda p: -p.y):
        y = point.y
        while any(abs(x - point.x) < right * 0.3 and abs(other - y) < span * 0.085 for x, other in taken):
            y -= span * 0.01
        taken.append((point.x, y))
        is_far = point.x > right * 0.62
        axes.annotate(
            point.label, (point.x, y), xytext=(-9 if is_far else 9, 0), textcoords="offset points", va="center",
            ha="right" if is_far else "left",
        )  # fmt: skip


def _figure(height_in: float, left_in: float) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH_IN, height_in))
    figure.patch.set_alpha(0)
    axes = figure.add_axes((
        left_in / WIDTH_IN, BOTTOM_IN / height_in, (WIDTH_IN - left_in - EDGE_IN) / WIDTH_IN,
        (height_in - BOTTOM_IN - EDGE_IN) / height_in,
    ))  # fmt: skip
    axes.patch.set_alpha(0)
    return figure, axes


def _svg(figure: Figure, title: str) -> Markup:
    """The drawing alone: no header, no metadata, no font, no style that would reach the page around it."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    stream = io.StringIO()
    # Not `savefig`, which draws once for nothing; it would also set the resolution, which is 72 units an inch in SVG.
    figure.dpi = 72
    FigureCanvasSVG(figure).print_svg(stream, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})  # type: ignore[no-untyped-call]
    text = stream.getvalue()
    for pattern in (
        r"<metadata>.*?</metadata>\s*",
        r"<style type=\"text/css\">.*?</style>\s*",
        r" font-family: [^;\"]*;",
        r" id=\"[A-Za-z]\w*(?:\.\w+)?_\d+\"",  # numbered per drawing, and so not unique in a page; others are digests
        r" (?:width|height)=\"[\d.]+pt\"",
    ):
        text = re.sub(pattern, "", text, flags=re.S)
    for stand_in, name in COLOURS.items():
        text = text.replace(stand_in, name)
    head = text.index("<svg ")
    body = text.index(">", head) + 1
    opening = text[head + 5 : body]
    return Markup(f'<svg role="img" class="chart" {opening}<title>{escape(title)}</title>{text[body:]}')
