"""Token counts and a price in, money out; and the price of a model at an endpoint, from a table with sources and dates.

A price is looked up by host and model together: the same weights cost different sums with different vendors, and what a
stranger's server charges is not known. It is written into the run's record when the run begins.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from gemstead.core.errors import BadRequest, NotFound
from gemstead.evals.store import StoredAnswer

PRICES = Path(__file__).parent / "api_prices.csv"
_COLUMNS = "vendor model input_usd_per_mtok cached_input_usd_per_mtok output_usd_per_mtok source_and_date".split()
_VENDOR_HOSTS = {
    "api.openai.com": "openai",
    "api.anthropic.com": "anthropic",
    "generativelanguage.googleapis.com": "google",
    "api.deepseek.com": "deepseek",
    "api.moonshot.ai": "moonshot",
    "api.mistral.ai": "mistral",
    "api.x.ai": "xai",
    "api.aiand.com": "aiand",
    "aihubmix.com": "aihubmix",
    "api.cerebras.ai": "cerebras",
    "api.cloudflare.com": "cloudflare",
    "api.deepinfra.com": "deepinfra",
    "api.friendli.ai": "friendliai",
    "api.libertai.io": "libertai",
    "api.novita.ai": "novita",
    "api.sambanova.ai": "sambanova",
    "api.scaleway.ai": "scaleway",
    "api.together.xyz": "together_ai",
    "api.inference.wandb.ai": "wandb",
}
"""Vendor of the table whose API a host is. Another host has no price here, whatever its models are called."""
BY_HAND = "given by hand"
"""Source of a price that no table told."""
_VALID = re.compile(r"valid (start|\d{4}-\d{2}-\d{2})\.\.(open|\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, kw_only=True)
class Price:
    """What tokens cost, in US dollars per million.

    Args:
        input_usd: Read.
        output_usd: Written, thoughts included.
        cached_input_usd: Read and found in the vendor's cache; `None` where it costs what any other does.
        source: Who says so, and when.
    """

    input_usd: float
    output_usd: float
    cached_input_usd: float | None = None
    source: str = BY_HAND

    def __post_init__(self) -> None:
        for name in ("input_usd", "output_usd", "cached_input_usd"):
            value = getattr(self, name)
            if value is not None and not 0 <= value < float("inf"):
                raise BadRequest(f"{name} is {value!r}; allowed are dollars per million tokens of at least 0")

    def as_json(self) -> dict[str, Any]:
        """Plain values, as kept in a run's record under `details.price`."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Charge:
    """What a run's answers cost.

    Args:
        price: Per million tokens.
        total_usd: All answers whose tokens were told, wrong ones too.
        per_solved_usd: The same by problem solved at least once; `None` without any.
        num_solved: How many those are.
        cached_tokens: Tokens read that were charged as cached.
        num_uncounted: Answers whose tokens the endpoint did not tell; they are not in the sum.
        num_repeated: Requests that brought no answer and were repeated; whether they are charged, nobody tells.
    """

    price: Price
    total_usd: float
    per_solved_usd: float | None
    num_solved: int
    cached_tokens: int
    num_uncounted: int
    num_repeated: int


def charge_of(answers: Iterable[StoredAnswer], price: Price, *, solved: Iterable[str]) -> Charge:
    """Count.

    Args:
        answers: Every answer of a run.
        price: Per million tokens.
        solved: Problems solved at least once.
    """
    read = written = cached = num_uncounted = num_repeated = 0
    for answer in answers:
        read, written = read + answer.prompt_tokens, written + answer.completion_tokens
        cached += int(answer.details.get("cached_tokens") or 0)
        num_uncounted += not answer.prompt_tokens and not answer.completion_tokens
        num_repeated += max(0, int(answer.details.get("attempts") or 1) - 1)
    cached_usd = price.input_usd if price.cached_input_usd is None else price.cached_input_usd
    total = ((read - cached) * price.input_usd + cached * cached_usd + written * price.output_usd) / 1e6
    num_solved = len(set(solved))
    return Charge(
        price=price,
        total_usd=total,
        per_solved_usd=total / num_solved if num_solved else None,
        num_solved=num_solved,
        cached_tokens=cached,
        num_uncounted=num_uncounted,
        num_repeated=num_repeated,
    )


def price_of(model: Mapping[str, Any]) -> Price | None:
    """The price in a run's record (`StoredRun.model`), if it has one."""
    kept = model.get("details", {}).get("price")
    return None if kept is None else Price(**kept)


def find_price(host: str, model: str, *, day: date, table: Path | None = None) -> Price | None:
    """Look a price up.

    Args:
        host: Host of the endpoint.
        model: As it is called there.
        day: When it is asked; of rows with a period, the one that covers it counts.
        table: A file with the columns of the one that comes with the package; there a row without a vendor holds for
            every host.

    Returns:
        The price, or `None` when the table has none for this model at this host: nothing is guessed.

    Raises:
        NotFound: The file cannot be read, or lacks a column.
    """
    vendor, wanted = _VENDOR_HOSTS.get(host.lower()), model.casefold()
    found = []
    for row in carried_table() if table is None else read_table(table):
        of, name = row["vendor"].casefold(), row["model"].casefold()
        is_host = not of or of in (vendor, host.lower())
        if is_host and wanted in (name, name.partition("/")[2], f"models/{name.partition('/')[2]}"):
            found.append(row)
    dated = [row for row in found if _VALID.search(row["source_and_date"])]
    # The newest reading first; history only where there is none.
    for row in [r for r in found if r not in dated] + [r for r in dated if _covers(r["source_and_date"], day)]:
        cached = row["cached_input_usd_per_mtok"]
        return Price(
            input_usd=float(row["input_usd_per_mtok"]),
            output_usd=float(row["output_usd_per_mtok"]),
            cached_input_usd=float(cached) if cached else None,
            source=f"{row['vendor'] or 'any vendor'}, {row['model']}: {row['source_and_date']}",
        )
    return None


def read_table(file: Path) -> list[dict[str, str]]:
    """Rows of a price table.

    Raises:
        NotFound: It cannot be read, lacks a column, or holds a price that is no number.
    """
    hint = f"a price table is CSV with the columns {', '.join(_COLUMNS)}"
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            rows = [{k: v or "" for k, v in row.items() if k is not None} for row in csv.DictReader(lines)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise NotFound(f"{file}: cannot be read as a price table: {error}", hint=hint) from error
    for number, row in enumerate(rows, start=2):
        missing = [name for name in _COLUMNS if name not in row]
        if missing:
            raise NotFound(f"{file}: has no column {missing[0]}", hint=hint)
        for name in ("input_usd_per_mtok", "output_usd_per_mtok", "cached_input_usd_per_mtok"):
            try:
                float(row[name] or ("0" if name.startswith("cached") else ""))
            except ValueError as error:
                raise NotFound(f"{file}, line {number}: {name} is {row[name]!r}, not a number", hint=hint) from error
    return rows


@cache
def carried_table() -> tuple[dict[str, str], ...]:
    """Rows of the price table that comes with the package, its history included."""
    return tuple(read_table(PRICES))


def _covers(source: str, day: date) -> bool:
    match = _VALID.search(source)
    assert match is not None
    start, end = match.groups()
    return (start == "start" or date.fromisoformat(start) <= day) and (end == "open" or day < date.fromisoformat(end))
