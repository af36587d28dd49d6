"""`gemstead eval TASK --endpoint URL`: what concerns endpoints alone. The run itself is like any other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from gemstead.core.errors import BadRequest

if TYPE_CHECKING:
    from gemstead.evals.prices import Charge, Price
    from gemstead.evals.run import EvaluationRun, RunSettings
    from gemstead.evals.store import StoredRun
    from gemstead.evals.sweep import Sweep
    from gemstead.remote import RemoteModel

CONCURRENCY = 8

Url = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Ask a model behind an OpenAI-style API instead of one on this machine, e.g. http://localhost:8000/v1.",
        show_default=False,
    ),
]
KeyVariable = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Environment variable that holds the endpoint's key, which is neither stored nor shown.",
        show_default="the host's own, as OPENAI_API_KEY for api.openai.com; else GEMSTEAD_API_KEY",
    ),
]
Extra = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=JSON",
        help="Send a further field with every request to the endpoint, e.g. reasoning_effort=low.",
        show_default=False,
    ),
]
Silence = Annotated[float, typer.Option(help="Seconds of silence after which the endpoint's line counts as dead.")]
PriceIn = Annotated[
    float | None,
    typer.Option(help="US dollars per million tokens read.", show_default="the price table's, where it has one"),
]
PriceOut = Annotated[
    float | None,
    typer.Option(help="US dollars per million tokens written.", show_default="the price table's, where it has one"),
]
Prices = Annotated[
    Path | None,
    typer.Option(
        help="Price table to read instead of the one that comes along: CSV with the same columns.", show_default=False
    ),
]


@dataclass(frozen=True, kw_only=True)
class EndpointOptions:
    """What was typed.

    Args:
        url: Of the endpoint; `None` without.
        api_key_env: Variable of the key.
        extra: Further fields, as NAME=JSON.
        silence_s: See `EndpointSettings`.
        concurrency: See `EndpointSettings`.
        price_in: US dollars per million tokens read.
        price_out: US dollars per million tokens written.
        prices: A price table.
    """

    url: str | None
    api_key_env: str | None
    extra: list[str]
    silence_s: float
    concurrency: int
    price_in: float | None
    price_out: float | None
    prices: Path | None

    def is_meant(self, run: StoredRun | None) -> bool:
        """Whether an endpoint is to be asked.

        Raises:
            BadRequest: Something is said of an endpoint, and there is none; or the run to resume ran here.
        """
        was_endpoint = run is not None and "endpoint" in run.model["details"]
        if run is not None and not was_endpoint and self.url is not None:
            raise BadRequest(f"{run.id} ran on this machine; it cannot be finished by an endpoint")
        named = [
            name
            for name, value in (
                ("--api-key-env", self.api_key_env),
                ("--extra", self.extra),
                ("--price-in", self.price_in),
                ("--price-out", self.price_out),
                ("--prices", self.prices),
            )
            if value not in (None, [])
        ]
        if self.url is None and not was_endpoint and named:
            raise BadRequest(f"{named[0]} is about an endpoint, and none is named", hint="add `--endpoint URL`")
        return self.url is not None or was_endpoint


def open_endpoint(options: EndpointOptions, model: str, settings: RunSettings, run: StoredRun | None) -> RemoteModel:
    """Connect for a new run, or for one to be resumed, which knows where and how it was asked.

    Raises:
        GemsteadError: See `remote.connect`; or a price or further field is wrong.
    """
    from gemstead.evals.run import RunSettings
    from gemstead.remote import EndpointSettings, connect

    if run is None:
        asked, price = new_endpoint(options, model)
    else:
        _refuse_prices(options, run.id)
        kept = run.model["details"]
        model, price = str(run.model["name"]), kept.get("price")
        was = {"url": kept["endpoint"], "api_key_env": kept["api_key_env"], "extra": kept["extra"]}
        asked, settings = resumed_endpoint(options, was), RunSettings(**run.settings)
    return connect(EndpointSettings(model=model, **asked), like=settings.example(), about={"price": price})


def new_endpoint(options: EndpointOptions, model: str) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Fields of `EndpointSettings` without the model, and its price as JSON, where it is known.

    Raises:
        BadRequest: The URL, a price or a further field is wrong.
    """
    from gemstead.remote.address import read_address

    assert options.url is not None
    price = _price(options, read_address(options.url).host, model)
    asked = {"url": options.url, "api_key_env": options.api_key_env, "extra": _extra(options.extra)}
    return resumed_endpoint(options, asked), None if price is None else price.as_json()


def resumed_endpoint(options: EndpointOptions, was: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked before, and what is said of it now."""
    return {
        "url": options.url or was["url"],
        "api_key_env": options.api_key_env or was["api_key_env"],
        "extra": _extra(options.extra) or dict(was["extra"]),
        "concurrency": options.concurrency,
        "silence_s": options.silence_s,
    }


def resumed_sweep(sweep: Sweep, options: EndpointOptions) -> Sweep:
    """A comparison to be gone on with, as what is said of its endpoint now wants it.

    Raises:
        BadRequest: Something is said of an endpoint, and it has none; or its price is named again.
    """
    if sweep.endpoint is None:
        options.is_meant(None)
        if options.url is not None:
            raise BadRequest(f"{sweep.id} runs on this machine; it cannot be finished by an endpoint")
        return sweep
    _refuse_prices(options, sweep.id)
    return replace(sweep, endpoint=resumed_endpoint(options, sweep.endpoint))


def _refuse_prices(options: EndpointOptions, name: str) -> None:
    if options.price_in is not None or options.price_out is not None or options.prices is not None:
        raise BadRequest(f"the price of {name} was written down when it began", hint="leave the price out")


def about_endpoint(model: Mapping[str, Any]) -> list[str]:
    """What should be known of an endpoint, from a run's record, as markup."""
    from gemstead.remote.address import read_address

    details = model["details"]
    key = details["api_key_env"]
    lines = [
        f"[bold]{escape(model['name'])}[/]  at {escape(details['endpoint'])}, "
        f"{f'key from {escape(key)}' if key else 'no key'}"
    ]
    if details["served_model"] not in (None, model["name"]):
        lines.append(f"it answers as {escape(str(details['served_model']))}")
    lines += [f"[yellow]the endpoint refuses a field:[/] {escape(change)}" for change in details["adaptations"]]
    address = read_address(details["endpoint"])
    if key and address.url.startswith("http://") and not address.is_near:
        lines.append("[yellow]the key travels unencrypted:[/] the URL begins with http://")
    return lines


def charge_rows(charge: Charge | None) -> list[tuple[str, str]]:
    """Rows of the table at the end."""
    if charge is None:
        return []
    each = (
        "no problem was solved"
        if charge.per_solved_usd is None
        else f"{dollars(charge.per_solved_usd)} a problem solved"
    )
    price = charge.price
    rows = [
        ("cost", f"{dollars(charge.total_usd)}, {each}"),
        ("", f"{price.input_usd:g} and {price.output_usd:g} USD a million tokens read and written"),
        ("", escape(price.source)),
    ]
    if charge.num_uncounted:
        rows.append(("", f"without {charge.num_uncounted} answers whose tokens the endpoint did not tell"))
    if charge.num_repeated:
        rows.append(("", f"{charge.num_repeated} requests were repeated; what broke off may be charged, too"))
    return rows


def endpoint_rows(run: EvaluationRun) -> list[tuple[str, str]]:
    """What endpoints reveal from answer to answer, where that is more than one thing."""
    details = [answer.details for answer in run.answers.values()]
    rows = []
    systems = {str(d["system_fingerprint"]) for d in details if d.get("system_fingerprint")}
    if len(systems) > 1:
        rows.append(("", f"{len(systems)} system fingerprints: what served the model changed during the run"))
    ways = {tuple(d["adaptations"]) for d in details if "adaptations" in d}
    if len(ways) > 1:
        rows.append(("", "some answers were asked for with other fields than the rest; see the stored answers"))
    return rows


def _price(options: EndpointOptions, host: str, model: str) -> Price | None:
    from gemstead.evals.prices import Price, find_price

    given = (options.price_in, options.price_out)
    if given[0] is not None and given[1] is not None:
        return Price(input_usd=given[0], output_usd=given[1])
    if given != (None, None):
        raise BadRequest("only one of --price-in and --price-out is given; a price needs both")
    return find_price(host, model, day=datetime.now().date(), table=options.prices)


def _extra(given: list[str]) -> dict[str, Any]:
    extra = {}
    for entry in given:
        name, is_pair, text = entry.partition("=")
        if not name or not is_pair:
            raise BadRequest(f"extra field {entry!r} has no value", hint="write `--extra NAME=JSON`")
        try:
            extra[name] = json.loads(text)
        except ValueError:
            extra[name] = text
    return extra


def dollars(amount: float) -> str:
    """`$12.34`, `$0.0123`: two digits after the point, or two that are not zero."""
    return f"${amount:,.2f}" if amount >= 1 or amount == 0 else f"${amount:.2g}" if amount >= 1e-4 else f"${amount:.2e}"
