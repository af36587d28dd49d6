"""Tokens and seconds in, money out: electricity here against what APIs charge for the same tokens, and when it pays.

Every figure that was not measured says so: power is a published maximum or an assumption, and prices are dated.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gemstead.core.errors import BadRequest
from gemstead.evals.prices import Charge, carried_table

HARDWARE = Path(__file__).parent / "hardware_power_price.csv"
KWH_USD = 0.30
"""A round household price, an assumption: they run from about 0.1 to 0.4 USD. `--kwh-price` says another."""
REST_WATTS = 100.0
"""Of a computer around its accelerator, or of one that is not in the table: an assumption. `--watts` says another."""
LIFE_YEARS = 5.0
"""How long a machine is used: what takes longer to pay for itself does not."""
HOURS_A_YEAR = 8766.0
LOCAL_DEVICES = ("cpu", "cuda")


@dataclass(frozen=True, kw_only=True)
class Power:
    """What a machine draws while it answers.

    Args:
        watts: At most.
        basis: Where the figure comes from.
        hardware: What was found in the table; `None` if nothing was.
        hardware_usd: Its launch price; `None` where unknown.
    """

    watts: float
    basis: str
    hardware: str | None = None
    hardware_usd: float | None = None


@dataclass(frozen=True, kw_only=True)
class Use:
    """What answering took.

    Args:
        label: Which side of the report.
        prompt_tokens: Tokens read.
        completion_tokens: Tokens written.
        seconds: While at least one answer was being written.
        solved: Problems solved; a share of its samples counts as that share of a problem.
        is_local: Whether it ran on this machine, and not behind an endpoint.
        charges: What an endpoint charges, a part per task; empty where no price was written down.
    """

    label: str
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    solved: float
    is_local: bool = True
    charges: tuple[Charge, ...] = ()

    @property
    def tokens(self) -> int:
        """Tokens read and written."""
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True, kw_only=True)
class LocalCost:
    """Electricity of one side.

    Args:
        label: Which.
        watts: Power in force.
        kwh: Energy.
        usd: What it costs.
        usd_per_solved: For each problem solved; `None` if none was.
        usd_per_mtok: For a million tokens in this mix of read and written; `None` without tokens.
    """

    label: str
    watts: float
    kwh: float
    usd: float
    usd_per_solved: float | None
    usd_per_mtok: float | None


@dataclass(frozen=True, kw_only=True)
class EndpointCost:
    """What an endpoint charges for the answers of one side, at the price written down when it was asked.

    Args:
        label: Which side.
        usd: For all its answers, wrong ones too.
        usd_per_solved: For each problem solved; `None` if none was.
        usd_per_mtok: For a million tokens in this mix of read and written; `None` without tokens.
        input_usd_per_mtok: Price of a million tokens read.
        output_usd_per_mtok: Price of a million tokens written.
        source: Who says so, and when.
        num_uncounted: Answers whose tokens the endpoint did not tell; they are not in the sum.
        num_repeated: Requests that brought no answer and were repeated; whether they are charged, nobody tells.
    """

    label: str
    usd: float
    usd_per_solved: float | None
    usd_per_mtok: float | None
    input_usd_per_mtok: float
    output_usd_per_mtok: float
    source: str
    num_uncounted: int
    num_repeated: int


@dataclass(frozen=True, kw_only=True)
class ApiCost:
    """What an API charges for the tokens of the first side, counted as ours count them.

    Args:
        vendor: Who sells.
        model: What they call it.
        is_hosted_gemma: Whether it is a Gemma 4 that others host.
        is_same_model: Whether it is the model of the report.
        input_usd_per_mtok: Price of a million tokens read.
        output_usd_per_mtok: Price of a million tokens written.
        usd: For the same tokens.
        usd_per_solved: For each problem solved, did it solve as many; `None` if none was.
        usd_per_mtok: For a million tokens in this mix; `None` without tokens.
        source: Where the price was read, and when.
    """

    vendor: str
    model: str
    is_hosted_gemma: bool
    is_same_model: bool
    input_usd_per_mtok: float
    output_usd_per_mtok: float
    usd: float
    usd_per_solved: float | None
    usd_per_mtok: float | None
    source: str


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Money.

    Args:
        kwh_usd: Price of electricity in force.
        power: What the machine draws; `None` when nothing ran here.
        local: One per side that ran here.
        charged: One per side that ran behind an endpoint with a price.
        api: Cheapest first.
        sentences: What it means, also when local does not pay.
    """

    kwh_usd: float
    power: Power | None
    local: tuple[LocalCost, ...]
    charged: tuple[EndpointCost, ...]
    api: tuple[ApiCost, ...]
    sentences: tuple[str, ...]


def power_of(machine: Mapping[str, Any], device: str, watts: float | None = None) -> Power:
    """What a machine draws.

    Args:
        machine: As stored with a run: `accelerator`, `processor`.
        device: Where the model ran, "cpu" or "cuda".
        watts: The user's own figure, which goes before any other.

    Raises:
        BadRequest: It is not a positive number.
    """
    named = machine.get("accelerator") if device == "cuda" else machine.get("processor")
    found = _look_up(str(named or ""))
    price = None if found is None else float(found["launch_msrp_usd"] or 0) or None
    name = None if found is None else found["name"]
    if watts is not None:
        if not 0 < watts < 1e6:
            raise BadRequest(f"watts is {watts!r}; allowed is a positive number")
        return Power(watts=watts, basis="as you said", hardware=name, hardware_usd=price)
    if found is None:
        return Power(watts=REST_WATTS, basis=f"assumed, since the power of {named or 'this machine'} is not known")
    if "wall" in found["name"] or device == "cpu":
        return Power(
            watts=float(found["max_power_w"]), basis=f"published maximum of {name}", hardware=name, hardware_usd=price
        )
    return Power(
        watts=float(found["max_power_w"]) + REST_WATTS,
        basis=f"published maximum of {name}, and {REST_WATTS:.0f} W assumed for the rest of the machine",
        hardware=name,
        hardware_usd=price,
    )


def cost(
    uses: Sequence[Use],
    *,
    model: str,
    power: Power | None,
    kwh_usd: float = KWH_USD,
) -> Cost:
    """Electricity against APIs.

    Args:
        uses: What each side took; API prices are for the first one's tokens.
        model: As the user named it.
        power: What the machine draws; `None` when nothing ran here.
        kwh_usd: Price of electricity.

    Raises:
        BadRequest: The price of electricity is negative.
    """
    if not 0 <= kwh_usd < 1e3:
        raise BadRequest(f"price of a kWh is {kwh_usd!r} USD; allowed is a number of at least 0")
    here = [use for use in uses if use.is_local]
    local = () if power is None else tuple(_electricity(use, power.watts, kwh_usd) for use in here)
    charged = tuple(_charged(use) for use in uses if use.charges)
    api = tuple(sorted((_charge(row, uses[0], model) for row in _prices()), key=lambda a: (a.usd, a.vendor, a.model)))
    sentences = _endpoint_sentences(uses, charged)
    sentences += _sentences(here[0] if here else uses[0], local[0] if local else None, api, power, model)
    if local and charged:
        sentences += _against_each_other(local[0], charged[0])
    return Cost(kwh_usd=kwh_usd, power=power, local=local, charged=charged, api=api, sentences=tuple(sentences))


def size_of(name: str) -> str | None:
    """Which Gemma 4 a name means: "e2b", "e4b", "12b", "26b" or "31b"; `None` for another model."""
    found = re.search(r"gemma[-_ ]?4[-_ ]?(e2b|e4b|12b|26b|31b)", name.lower())
    return found[1] if found else None


def usd(amount: float) -> str:
    """Money in words people read: `$3,410`, `$1.20`, `$0.0041`, `$0.000029`."""
    if amount >= 100:
        return f"${amount:,.0f}"
    if amount >= 1 or amount == 0:
        return f"${amount:.2f}"
    if amount < 1e-9:
        return "under $0.000000001"
    return f"${amount:.{1 - math.floor(math.log10(amount))}f}"


def _electricity(use: Use, watts: float, kwh_usd: float) -> LocalCost:
    kwh = watts * use.seconds / 3.6e6
    return LocalCost(
        label=use.label,
        watts=watts,
        kwh=kwh,
        usd=kwh * kwh_usd,
        usd_per_solved=kwh * kwh_usd / use.solved if use.solved else None,
        usd_per_mtok=kwh * kwh_usd / use.tokens * 1e6 if use.tokens else None,
    )


def _charged(use: Use) -> EndpointCost:
    amount, price = sum(charge.total_usd for charge in use.charges), use.charges[0].price
    return EndpointCost(
        label=use.label,
        usd=amount,
        usd_per_solved=amount / use.solved if use.solved else None,
        usd_per_mtok=amount / use.tokens * 1e6 if use.tokens else None,
        input_usd_per_mtok=price.input_usd,
        output_usd_per_mtok=price.output_usd,
        source=price.source,
        num_uncounted=sum(charge.num_uncounted for charge in use.charges),
        num_repeated=sum(charge.num_repeated for charge in use.charges),
    )


def _endpoint_sentences(uses: Sequence[Use], charged: Sequence[EndpointCost]) -> list[str]:
    said = []
    for use in uses:
        if use.is_local:
            continue
        paid = next((row for row in charged if row.label == use.label), None)
        if paid is None:
            said.append(
                f"What the endpoint of {use.label} charges is not known: no price was written down with the run."
            )
            continue
        each = (
            "no problem was solved" if paid.usd_per_solved is None else f"{usd(paid.usd_per_solved)} a problem solved"
        )
        more = f", without {paid.num_uncounted} answers whose tokens it did not tell" if paid.num_uncounted else ""
        said.append(f"The endpoint of {paid.label} charges {usd(paid.usd)} for these answers: {each}{more}.")
    return said


def _against_each_other(local: LocalCost, paid: EndpointCost) -> list[str]:
    if not local.usd_per_solved or not paid.usd_per_solved:
        return []
    ratio = paid.usd_per_solved / local.usd_per_solved
    here, there = f"electricity for {local.label} here", f"the endpoint of {paid.label}"
    if ratio >= 1:
        return [
            f"By the problem solved, {there} costs {ratio:,.1f} times as much as {here}: local pays, on a machine that "
            "is there anyway."
        ]
    return [f"By the problem solved, {here} costs {1 / ratio:,.1f} times as much as {there}: local does not pay."]


def _charge(row: Mapping[str, str], use: Use, model: str) -> ApiCost:
    read, written = float(row["input_usd_per_mtok"]), float(row["output_usd_per_mtok"])
    amount = (use.prompt_tokens * read + use.completion_tokens * written) / 1e6
    is_hosted = row["kind"] == "hosted_gemma_4"
    size = size_of(model)
    return ApiCost(
        vendor=row["vendor"],
        model=row["model"],
        is_hosted_gemma=is_hosted,
        is_same_model=is_hosted and size is not None and size_of(row["model"]) == size,
        input_usd_per_mtok=read,
        output_usd_per_mtok=written,
        usd=amount,
        usd_per_solved=amount / use.solved if use.solved else None,
        usd_per_mtok=amount / use.tokens * 1e6 if use.tokens else None,
        source=row["source_and_date"],
    )


def _sentences(use: Use, local: LocalCost | None, api: Sequence[ApiCost], power: Power | None, model: str) -> list[str]:
    if local is None or power is None or local.usd_per_mtok is None:
        return ["Nothing ran on this machine, so there is no electricity to compare with."]
    each = "no problem was solved" if local.usd_per_solved is None else f"{usd(local.usd_per_solved)} a problem solved"
    said = [
        f"Answering took {local.kwh:.3g} kWh here: {usd(local.usd)} of electricity, {each}, "
        f"{usd(local.usd_per_mtok)} a million tokens."
    ]
    name = Path(model).name
    twins = [a for a in api if a.is_same_model]
    rival = min(twins or [a for a in api if a.is_hosted_gemma], key=lambda a: a.usd)
    assert rival.usd_per_mtok is not None  # there are tokens
    if twins:
        said.append(
            f"The cheapest API that sells the same model, {rival.vendor}, would charge {usd(rival.usd)} for these "
            f"tokens: {usd(rival.usd_per_mtok)} a million."
        )
    else:
        said.append(
            f"No API in the price list sells {name}, so that this compares different models: the cheapest Gemma 4 on "
            f"sale, {rival.model}, would charge {usd(rival.usd_per_mtok)} a million tokens in the same mix, and "
            "solve more of these problems, or fewer."
        )
    saved = rival.usd_per_mtok - local.usd_per_mtok
    if saved <= 0:
        said.append(
            f"Counting money alone, local does not pay: each million tokens costs {usd(-saved)} more here, before the "
            "machine itself is paid for. What it buys is that nothing leaves the machine, and that the figures on this "
            "page can be repeated."
        )
        return said
    said.append(
        f"Electricity alone is {usd(saved)} a million tokens cheaper than that: on a machine that is there anyway, "
        "local pays."
    )
    lifetime = saved * use.tokens / use.seconds * 3600 * HOURS_A_YEAR * LIFE_YEARS / 1e6
    if power.hardware_usd is None:
        said.append(
            f"Local does not pay for a machine bought for this that costs more than {usd(lifetime)}: that is all it "
            f"would save in {LIFE_YEARS:.0f} years without a pause at this run's rate."
        )
        return said
    needed_mtok = power.hardware_usd / saved
    years = needed_mtok * 1e6 / (use.tokens / use.seconds) / 3600 / HOURS_A_YEAR
    said.append(
        f"To earn back the {usd(power.hardware_usd)} of {power.hardware} takes {needed_mtok:,.0f} million tokens, "
        f"{_years(years)} without a pause at this run's rate: local "
        + (
            f"does not pay for a machine bought for this, which lasts {LIFE_YEARS:.0f} years or so."
            if years > LIFE_YEARS
            else "pays if it is kept that busy, and does not if it mostly waits."
        )
    )
    return said


def _years(years: float) -> str:
    if years >= 1000:
        return f"{years:,.0f} years"
    return f"{years:.1f} years" if years >= 1 else f"{years * 365.25:.0f} days"


@cache
def _prices() -> tuple[Mapping[str, str], ...]:
    """Prices in force; those of the past are kept in the table for their history."""
    return tuple(row for row in carried_table() if row["kind"] != "dated_history")


@cache
def _hardware() -> tuple[Mapping[str, str], ...]:
    with HARDWARE.open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


def _look_up(name: str) -> Mapping[str, str] | None:
    """The row whose words all occur in the machine's name; of several the one with most words.

    "NVIDIA GeForce RTX 4090 Laptop GPU" is an RTX 4090 Laptop, not an RTX 4090; an L40S is no L4.
    """
    words = _words(name)
    hits = [row for row in _hardware() if row["max_power_w"] and _words(row["name"]) <= words]
    return max(hits, key=lambda row: len(_words(row["name"])), default=None)


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", re.sub(r"\([^)]*\)", " ", name).lower()))
