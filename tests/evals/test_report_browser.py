"""The page in a real browser: nothing asked for, nothing complained about, readable light, dark and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gemstead.evals.report import build_report, select
from gemstead.evals.report_page import render_report
from gemstead.evals.store import Store
from tests.browser import Browser, browser, needs_browser
from tests.evals.stored_runs import HOSTILE, keep_run

pytestmark = needs_browser

CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3, for text of usual size
CONTRASTS = """
(() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (c) => {
    const [r, g, b] = c.slice(0, 3).map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const found = {};
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    if (["SCRIPT", "NOSCRIPT", "STYLE", "title"].includes(e.tagName)) continue;
    const style = getComputedStyle(e);
    const ink = light(parse(e instanceof SVGElement ? style.fill : style.color)), ground = light(paper(e));
    const ratio = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
    const name = e.tagName + "." + (e.getAttribute("class") || "");
    found[name] = Math.min(found[name] || 99, ratio);
  }
  return found;
})()
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    store = Store(folder / "runs.sqlite")
    keep_run(store, "a", [True, False, None, True] * 10, texts=HOSTILE)
    keep_run(store, "b", [True, True, False, False] * 10, texts=HOSTILE, precision="int8")
    file = folder / "page.html"
    file.write_text(render_report(build_report(select(store, ["a", "b"]))), encoding="utf-8")
    store.close()
    return file


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_asks_for_nothing_and_complains_of_nothing(tab: Browser, page: Path, scheme: str, width: int) -> None:
    tab.open(page, scheme=scheme, width=width)
    tab.value("document.querySelector('[data-n=\"1\"]').click()")
    for _ in range(8):
        tab.value("document.querySelector('[data-step=\"1\"]').click()")
    tab.value("document.querySelectorAll('details').forEach((d) => d.open = true)")
    assert tab.requests == [page.as_uri()] and tab.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(tab: Browser, page: Path, scheme: str) -> None:
    tab.open(page, scheme=scheme)
    tab.value("document.querySelector('[data-n=\"0\"]').click()")
    weak = {name: ratio for name, ratio in tab.value(CONTRASTS).items() if ratio < CONTRAST}
    assert not weak
    ground = [int(n) for n in re.findall(r"\d+", tab.value("getComputedStyle(document.body).backgroundColor"))]
    assert (sum(ground[:3]) < 150) is (scheme == "dark")


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_only_tables_scroll_sideways(tab: Browser, page: Path, width: int) -> None:
    tab.open(page, width=width)
    assert tab.value("document.documentElement.scrollWidth") <= width


def test_a_tile_opens_prompt_ids_answer_program_and_verdict(tab: Browser, page: Path) -> None:
    tab.open(page)
    assert not tab.value("document.getElementById('problem').open")
    tab.value("document.querySelector('[data-n=\"1\"]').click()")
    text = tab.value("document.getElementById('problem').textContent")
    for said in ("HumanEval/1", "Prompt as sent", "<bos><|turn>user", "token ids", "separate_paren_groups", HOSTILE[1],
                 "What was judged", "fenced block 1 of 1", "wrong", "solved", "50 tokens in 2 s", "got"):  # fmt: skip
        assert said in text, said
    assert "Word for word the answer of pebble bf16." in text
    assert tab.value("document.querySelectorAll('img, dialog script, svg[onload]').length") == 0
    assert tab.value("location.hash") == "#HumanEval%2F1"


def test_a_problem_can_be_linked_to_and_walked_from(tab: Browser, page: Path) -> None:
    tab.open(page, at="#HumanEval%2F3")
    title = "document.getElementById('problem-title').textContent"
    assert tab.value(title) == "HumanEval/3"
    key = "document.getElementById('problem').dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowLeft'}))"
    tab.value(key)
    assert tab.value(title) == "HumanEval/2"
    tab.value("document.querySelector('[data-close]').click()")
    tab.wait("location.hash === ''")


def test_filters_leave_the_tiles_they_name(tab: Browser, page: Path) -> None:
    tab.open(page)
    shown = "[...document.querySelectorAll('.tile')].filter((t) => t.offsetParent !== null).length"
    assert tab.value(shown) == 40
    tab.value("document.querySelector('[data-filter=differs]').click()")
    assert tab.value(shown) == 20
    tab.value("document.querySelector('[data-filter=\"\"]').click()")
    assert tab.value(shown) == 40


def test_on_paper_it_is_light_and_without_buttons_that_do_nothing(tab: Browser, page: Path) -> None:
    tab.open(page, scheme="dark")
    tab.call("Emulation.setEmulatedMedia", media="print")
    assert tab.value("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert tab.value("getComputedStyle(document.querySelector('.filters')).display") == "none"
    assert tab.value("document.querySelector('.tile').offsetParent !== null")
    tab.call("Emulation.setDeviceMetricsOverride", width=718, height=1047, deviceScaleFactor=1, mobile=False)
    assert tab.value("document.documentElement.scrollWidth") <= 718, "A4 with 1 cm around it, at 96 px an inch"
    tab.call("Emulation.setEmulatedMedia", media="")
