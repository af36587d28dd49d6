"""Charts are inline SVG that takes its colours and letters from the page, and names nothing outside it."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from gemstead.report.charts import Point, intervals, scatter

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


def test_labels_are_text_and_never_formulas_or_markup() -> None:
    texts = [element.text for element in ElementTree.fromstring(drawings()[0]).iter() if element.tag.endswith("text")]
    assert "bf16 $x$ <b>" in texts and "int8" in texts


def test_colours_are_the_page_s_own() -> None:
    colours = set(re.findall(r"(?:fill|stroke): ?([^;\"]+)", "".join(drawings())))
    assert colours <= {"none", "var(--ink)", "var(--line)", *(f"var(--series-{n})" for n in range(6))}


def test_the_same_numbers_give_the_same_drawing() -> None:
    assert drawings() == drawings()
