"""Money: electricity against APIs, with every assumption named, and a sentence that also says when it does not pay."""

from __future__ import annotations

import pytest

from gemstead.core.errors import BadRequest
from gemstead.evals.cost import Power, Use, cost, power_of, size_of, usd
from gemstead.evals.prices import PRICES
from tests.shared_data import REFERENCE, needs_shared

USE = Use(label="bf16", prompt_tokens=1_000_000, completion_tokens=1_000_000, seconds=3600, solved=100)


def said(model: str, watts: float, hardware_usd: float | None = None, use: Use = USE) -> str:
    power = Power(watts=watts, basis="", hardware="X" if hardware_usd else None, hardware_usd=hardware_usd)
    return " ".join(cost([use], model=model, power=power).sentences)


@needs_shared
@pytest.mark.parametrize("name", ["api_prices.csv", "hardware_power_price.csv"])
def test_tables_are_the_reference_tables(name: str) -> None:
    from gemstead.evals import cost as module

    carried = PRICES if name == PRICES.name else module.HARDWARE
    assert carried.read_bytes() == (REFERENCE / name).read_bytes()


def test_electricity_is_power_times_time_times_price() -> None:
    found = cost([USE], model="pebble", power=Power(watts=500, basis="measured"), kwh_usd=0.4).local[0]
    assert (found.kwh, found.usd) == (pytest.approx(0.5), pytest.approx(0.2))
    assert found.usd_per_solved == pytest.approx(0.002) and found.usd_per_mtok == pytest.approx(0.1)


def test_an_api_charges_for_the_same_tokens() -> None:
    rows = cost([USE], model="google/gemma-4-31B-it", power=None).api
    twins = [row for row in rows if row.is_same_model]
    assert {row.vendor for row in twins} >= {"deepinfra", "novita"} and all(size_of(r.model) == "31b" for r in twins)
    novita = next(row for row in twins if row.vendor == "novita")
    assert novita.usd == pytest.approx(0.14 + 0.40) and novita.usd_per_mtok == pytest.approx(0.27)
    assert novita.usd_per_solved == pytest.approx(0.0054)
    assert [row.usd for row in rows] == sorted(row.usd for row in rows)
    assert all("read 2026" in row.source for row in rows), "prices of the past are left out"


def test_where_electricity_costs_more_than_an_api_local_does_not_pay() -> None:
    text = said("google/gemma-4-31B-it", watts=3000)
    assert "Counting money alone, local does not pay" in text and "the same model" in text


def test_where_the_machine_would_outlive_its_savings_local_does_not_pay_for_it() -> None:
    assert "does not pay for a machine bought for this, which lasts 5 years" in said(
        "google/gemma-4-31B-it", 300, 30000
    )
    fast = Use(label="", prompt_tokens=10**9, completion_tokens=10**9, seconds=3600, solved=1)
    assert "pays if it is kept that busy" in said("google/gemma-4-31B-it", 300, 1000, fast)
    assert "Local does not pay for a machine bought for this that costs more than $" in said(
        "google/gemma-4-31B-it", 300
    )


def test_a_model_nobody_sells_is_not_compared_as_if_it_were_sold() -> None:
    assert "No API in the price list sells pebble, so that this compares different models" in said("pebble", 100)


def test_without_anything_solved_or_run_here_nothing_is_made_up() -> None:
    none = Use(label="x", prompt_tokens=1000, completion_tokens=1000, seconds=10, solved=0)
    found = cost([none], model="pebble", power=Power(watts=1, basis=""))
    assert found.local[0].usd_per_solved is None and found.api[0].usd_per_solved is None
    assert "no problem was solved" in found.sentences[0]
    away = cost([USE], model="x", power=None)
    assert away.local == () and "Nothing ran on this machine" in away.sentences[0]


@pytest.mark.parametrize(
    ("machine", "device", "watts", "hardware"),
    [
        ({"accelerator": "NVIDIA H100 80GB HBM3"}, "cuda", 800, "H100"),
        ({"accelerator": "NVIDIA GeForce RTX 4090 Laptop GPU"}, "cuda", 250, "RTX 4090 Laptop"),
        ({"accelerator": "NVIDIA L40S"}, "cuda", 450, "L40s"),
        ({"accelerator": "NVIDIA H100", "processor": "Apple M4 Max"}, "cpu", 100, "Apple M4 Max"),
        ({"processor": "AMD EPYC"}, "cpu", 100, None),
    ],
)
def test_power_comes_from_the_table_or_is_called_assumed(
    machine: dict[str, str], device: str, watts: float, hardware: str | None
) -> None:
    found = power_of(machine, device)
    assert (found.watts, found.hardware) == (watts, hardware)
    assert ("published maximum" if hardware else "assumed") in found.basis
    assert power_of(machine, device, 55).basis == "as you said"


def test_impossible_figures_are_refused() -> None:
    with pytest.raises(BadRequest, match="watts is -1"):
        power_of({}, "cpu", -1)
    with pytest.raises(BadRequest, match="price of a kWh is -1"):
        cost([USE], model="x", power=None, kwh_usd=-1)


@pytest.mark.parametrize(
    ("amount", "text"),
    [(3410.2, "$3,410"), (1.2, "$1.20"), (0.41, "$0.41"), (0.0041, "$0.0041"), (0.000029, "$0.000029"), (0, "$0.00")],
)
def test_money_is_read_easily(amount: float, text: str) -> None:
    assert usd(amount) == text
