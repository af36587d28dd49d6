"""Prices: found only where they are known, with their source; cost is what the tokens say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gemstead.core.errors import BadRequest, NotFound
from gemstead.evals.prices import Price, find_price, price_of

DAY = date(2026, 11, 25)
COLUMNS = "vendor,model,input_usd_per_mtok,cached_input_usd_per_mtok,output_usd_per_mtok,source_and_date\n"


def test_a_price_needs_the_right_host_and_the_right_model() -> None:
    found = find_price("api.openai.com", "gpt-6-luna", day=DAY)
    assert found is not None and (found.input_usd, found.output_usd, found.cached_input_usd) == (0.1, 0.5, 0.01)
    assert "2026-11-23" in found.source
    assert find_price("localhost", "gpt-6-luna", day=DAY) is None
    assert find_price("api.openai.com", "gpt-6", day=DAY) is None
    hosted = find_price("api.deepinfra.com", "google/gemma-4-31B-it", day=DAY)
    assert hosted is not None and hosted.output_usd == 0.38


def test_history_counts_only_where_nothing_newer_is_known_and_on_its_days(tmp_path: Path) -> None:
    table = tmp_path / "prices.csv"
    table.write_text(
        COLUMNS
        + 'openai,m,2,,12,"x, valid start..2026-07-30"\n'
        + 'openai,m,1,,6,"x, valid 2026-07-30..open"\n'
        + ",anywhere,3,,4,me\n"
    )
    before, after = (
        find_price("api.openai.com", "m", day=d, table=table) for d in (date(2026, 7, 29), date(2026, 7, 30))
    )
    assert before is not None and after is not None and (before.input_usd, after.input_usd) == (2, 1)
    mine = find_price("localhost", "anywhere", day=DAY, table=table)
    assert mine is not None and mine.output_usd == 4 and "any vendor" in mine.source


@pytest.mark.parametrize("text", ["a,b\n1,2\n", None, "bad"])
def test_a_wrong_table_is_named(tmp_path: Path, text: str | None) -> None:
    table = tmp_path / "prices.csv"
    if text == "bad":
        text = f"{COLUMNS},m,x,,1,me\n"
    if text is not None:
        table.write_text(text)
    with pytest.raises(NotFound, match=r"prices\.csv"):
        find_price("localhost", "m", day=DAY, table=table)


def test_prices_are_checked_and_read_back_from_a_record() -> None:
    with pytest.raises(BadRequest, match="input_usd is -1"):
        Price(input_usd=-1, output_usd=0)
    price = Price(input_usd=1, output_usd=2)
    assert price_of({"details": {"price": price.as_json()}}) == price
    assert price_of({"details": {"price": None}}) is None and price_of({}) is None
