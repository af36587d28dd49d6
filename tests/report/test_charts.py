"""Charts are inline SVG that takes its colours and letters from the page, and names nothing outside it."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from gemstead.report.charts import Point, intervals, scatter, ticks

POINTS = [
    Point(label="bf16 $x$ <b>", x=100, y=0.5, low=0.4, high=0.6),
    Point(label="int8", x=180, y=0.48, low=0.38, high=0.58, series=1),
    Point(label="none", x=0, y=0.0, low=0.0, high=0.0, series=7),
]


def drawings() -> list[str]:
    return [
        scatter(POINTS, x_label="tok/s", y_label="pass@1", title="speed \\1 & <more>"),
        scatter(POINTS[2:], x_label="tok/s", y_label="pass@1", title="one point at nothing"),
        intervals(POINTS, x_label="pass@1", title="scores"),
    ]


@pytest.mark.parametrize("number", range(3))
def test_a_drawing_is_well_formed_titled_and_complete(number: int) -> None:
    drawn = drawings()[number]
    root = ElementTree.fromstring(drawn)
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert title is not None and title.text in ("speed \\1 & <more>", "one point at nothing", "scores")
    assert not re.findall(r'(?:href|src)="(?!#)', drawn) and "<style" not in drawn and "font-family" not in drawn
    assert set(re.findall(r"url\(([^)]{2})", drawn)) <= {"#p"}


@pytest.mark.parametrize(
    ("low", "high", "most", "marks"),
    [
        (0, 234, 5, [0, 50, 100, 150, 200]),
        (0.036, 0.094, 4, [0.04, 0.06, 0.08]),
        (0, 1, 6, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0, 1.3e-4, 5, [0, 5e-5, 1e-4]),
        (2, 2, 5, [2]),
    ],
)
def test_ticks_are_few_and_round(low: float, high: float, most: int, marks: list[float]) -> None:
    found = ticks(low, high, most)
    assert 1 <= len(found) <= most and all(low <= value <= high * (1 + 1e-9) for value in found)
    assert found == pytest.approx(marks)


def test_intervals_stand_where_their_numbers_are() -> None:
    drawn = scatter(POINTS[:2], x_label="tok/s", y_label="pass@1", title="")
    low, high = (re.search(rf'L([\d.]+) ([\d.]+)" style="stroke: var\(--series-{n}\)', drawn) for n in (0, 1))
    assert low is not None and high is not None
    assert float(low[1]) < float(high[1]), "faster is further right"
    assert float(low[2]) < float(high[2]), "better is higher"


def test_labels_are_text_and_never_formulas_or_markup() -> None:
    texts = [element.text for element in ElementTree.fromstring(drawings()[0]).iter() if element.tag.endswith("text")]
    assert "bf16 $x$ <b>" in texts and "int8" in texts


def test_colours_are_the_page_s_own() -> None:
    colours = set(re.findall(r"(?:fill|stroke): ?([^;\"]+)", "".join(drawings())))
    assert colours <= {"none", "var(--ink)", "var(--line)", *(f"var(--series-{n})" for n in range(6))}


def test_the_same_numbers_give_the_same_drawing() -> None:
    assert drawings() == drawings()
