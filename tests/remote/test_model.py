"""An endpoint as a Generator: every way to misbehave is passed over or named, and no secret leaves."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gemstead.core.errors import BadRequest, EndpointFailed, GemsteadError, Infrastructure, NotFound
from gemstead.core.generator import Answer, Generator, collect
from gemstead.core.messages import Message
from gemstead.core.requests import GenerationRequest, Sampling
from gemstead.remote import EndpointSettings, RemoteModel, connect
from tests.endpoint_stand_in import FAULTS, MODEL, EndpointStandIn

KEY = "sk-very-secret-0123456789"


@pytest.fixture
def endpoint() -> Iterator[EndpointStandIn]:
    with EndpointStandIn() as stand_in:
        yield stand_in


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GEMSTEAD_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def settings(endpoint: EndpointStandIn, **others: Any) -> EndpointSettings:
    quick: dict[str, Any] = {"first_wait_s": 0.01, "silence_s": 0.5, "answer_s": 2.0}
    return EndpointSettings(url=endpoint.url, **{"model": MODEL, **quick, **others})


def asking(**others: Any) -> GenerationRequest:
    sampling = Sampling(
        **{"seed": 2**40 + 7, "top_k": 5, "top_p": 0.9, "temperature": 0.5} | others.pop("sampling", {})
    )
    return GenerationRequest(messages=(Message(role="user", content="hello"),), sampling=sampling, **others)


def answer(model: RemoteModel, request: GenerationRequest | None = None) -> Answer:
    return asyncio.run(collect(model.generate(request or asking())))[0]


def test_an_answer_comes_with_all_that_the_endpoint_tells(endpoint: EndpointStandIn) -> None:
    endpoint.with_reasoning = True
    model = connect(settings(endpoint), like=asking())
    assert isinstance(model, Generator)
    said = answer(model)
    assert (said.text, said.thought, said.end.reason) == ("yes", "hm", "stop")
    assert said.end.usage.prompt_tokens == 10 and said.end.usage.cached_tokens == 4
    assert said.end.token_ids == ()
    assert said.end.details["system_fingerprint"] == "fp_1" and said.end.details["attempts"] == 1
    about = model.describe()
    assert about.name == MODEL and about.context_tokens == 4096 and about.precision == "as served"
    assert about.details["served_model"] == "tiny-1-0905" and about.details["endpoint"] == endpoint.url
    assert about.details["parameters"]["top_k"] == 5 and about.details["adaptations"] == []


def test_seeds_fit_32_bits_and_are_recorded_as_sent(endpoint: EndpointStandIn) -> None:
    model = connect(settings(endpoint), like=asking())
    assert answer(model).end.seed == endpoint.requests[-1]["seed"] == (2**40 + 7) % 2**31


def test_several_answers_have_seeds_of_their_own(endpoint: EndpointStandIn) -> None:
    model = connect(settings(endpoint))
    answers = asyncio.run(collect(model.generate(asking(n=3))))
    assert [a.end.index for a in answers] == [0, 1, 2]
    assert len({a.end.seed for a in answers}) == 3


def test_neutral_parameters_are_not_sent(endpoint: EndpointStandIn) -> None:
    request = asking(sampling={"top_k": 0, "top_p": 1.0, "seed": None})
    answer(connect(settings(endpoint)), request)
    assert not {"top_k", "top_p", "min_p", "seed", "stop", "tools"} & set(endpoint.requests[-1])


@pytest.mark.parametrize(
    "fault",
    [
        "500", "502", "503", "529", "429", "429 for a moment", "429 in milliseconds", "silence", "stall", "drop",
        "hang up", "cut", "cut inside", "interrupted", "bad chunk", "bad json", "no choices", "no choices in a stream",
        "empty stream", "empty body", "null", "page", "page as stream", "plain text", "error in stream", "broken off",
        "endless",
    ],
)  # fmt: skip
def test_what_may_pass_is_asked_again(endpoint: EndpointStandIn, fault: str) -> None:
    model = connect(settings(endpoint))
    before = len(endpoint.requests)
    endpoint.faults = [fault, fault]
    said = answer(model)
    assert said.text == "yes" and said.end.details["attempts"] == 3
    assert len(endpoint.requests) - before == 3
    assert endpoint.requests[before] == endpoint.requests[-1], "the question must not change"


@pytest.mark.parametrize("fault", ["mislabelled", "no type", "whole", "no DONE", "drop at the end"])
def test_what_is_odd_but_whole_is_taken(endpoint: EndpointStandIn, fault: str) -> None:
    model = connect(settings(endpoint))
    endpoint.faults = [fault]
    said = answer(model)
    assert said.text == "yes" and said.end.reason == "stop" and said.end.details["attempts"] == 1
    assert (said.end.details["usage"] is None) == (fault == "drop at the end")


@pytest.mark.parametrize("fault", ["500", "drop", "bad json", "page", "no choices", "silence"])
def test_what_does_not_pass_ends_in_an_error_that_says_so(endpoint: EndpointStandIn, fault: str) -> None:
    model = connect(settings(endpoint, attempts=2))
    endpoint.always = fault
    before = len(endpoint.requests)
    with pytest.raises(EndpointFailed) as caught:
        answer(model)
    assert len(endpoint.requests) - before == 2
    assert endpoint.url in str(caught.value) and "hint" in str(caught.value)


@pytest.mark.parametrize("fault", ["400", "too long", "filtered", "402", "moved"])
def test_what_cannot_pass_is_asked_once(endpoint: EndpointStandIn, fault: str) -> None:
    model = connect(settings(endpoint))
    endpoint.always = fault
    before = len(endpoint.requests)
    with pytest.raises(GemsteadError):
        answer(model)
    assert len(endpoint.requests) - before == 1


def test_every_fault_of_the_stand_in_is_tested() -> None:
    source = Path(__file__).read_text()
    assert [fault for fault in FAULTS if f'"{fault}"' not in source] == []


@pytest.mark.parametrize("fault", ["429 for a moment", "429 in milliseconds", "429 until a date"])
def test_a_rate_limit_is_waited_out_by_everybody(endpoint: EndpointStandIn, fault: str) -> None:
    model = connect(settings(endpoint, concurrency=4))
    endpoint.faults = [fault]
    before = len(endpoint.times)

    async def ask_all() -> None:
        first = asyncio.create_task(collect(model.generate(asking())))
        while len(endpoint.times) == before:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        await asyncio.gather(first, *(collect(model.generate(asking())) for _ in range(3)))

    asyncio.run(ask_all())
    least_s = 0.2 if "date" in fault else 0.4  # dates have whole seconds
    assert min(endpoint.times[before + 1 :]) - endpoint.times[before] >= least_s


def test_rate_limits_are_no_failed_attempts_but_patience_ends(endpoint: EndpointStandIn) -> None:
    model = connect(settings(endpoint, attempts=1))
    endpoint.faults = ["429"] * 8
    assert answer(model).end.details["attempts"] == 9
    endpoint.faults = ["429 for an hour"]
    start = time.monotonic()
    with pytest.raises(EndpointFailed, match="429"):
        answer(model)
    assert time.monotonic() - start < 1


def test_no_more_than_so_many_are_in_flight(endpoint: EndpointStandIn) -> None:
    endpoint._delay_s = 0.05
    model = connect(settings(endpoint, concurrency=3))

    async def ask_all() -> None:
        await asyncio.gather(*(collect(model.generate(asking())) for _ in range(12)))

    asyncio.run(ask_all())
    assert endpoint.most_at_once == 3
    assert endpoint.num_connections <= 1 + 3, "connections are used again"


def test_an_endpoint_that_stays_dead_is_not_asked_for_ever(endpoint: EndpointStandIn) -> None:
    model = connect(settings(endpoint, attempts=1, concurrency=2))
    endpoint.always = "500"
    before = len(endpoint.requests)

    async def ask_all() -> list[Any]:
        return await asyncio.gather(*(collect(model.generate(asking())) for _ in range(50)), return_exceptions=True)

    results = asyncio.run(ask_all())
    assert all(isinstance(r, EndpointFailed) for r in results)
    assert 8 <= len(endpoint.requests) - before <= 10
    assert "asked no more" in str(results[-1])


REFUSABLE = {
    "seed": None, "top_k": None, "chat_template_kwargs": None, "temperature": None, "stream_options": None,
    "stream": None, "max_tokens": "max_completion_tokens",
}  # fmt: skip
WORDS = [(field, words) for field in REFUSABLE for words in ("openai", "fastapi", "gemini", "plain")]
# "seed is not supported" may be prose about anything; only a quoted or named field is believed.
BELIEVED = [pair for pair in WORDS if pair not in (("seed", "plain"), ("stream", "plain"))]


@pytest.mark.parametrize(("field", "words"), BELIEVED)
def test_a_refused_field_is_adapted_once_and_recorded(endpoint: EndpointStandIn, words: str, field: str) -> None:
    instead = REFUSABLE[field]
    endpoint.refuses, endpoint.refusal = {field}, words
    model = connect(settings(endpoint), like=asking())
    assert len(endpoint.requests) == 2
    assert field not in endpoint.requests[-1]
    if instead is not None:
        assert endpoint.requests[-1][instead] == endpoint.requests[0][field]
    expected = f"{field} sent as {instead}" if instead else f"{field} not sent"
    assert model.describe().details["adaptations"] == [expected]
    said = answer(model)
    assert len(endpoint.requests) == 3, "what is known is not tried again"
    assert said.text == "yes" and said.end.details["adaptations"] == [expected]
    assert (said.end.seed is None) == (field == "seed")


def test_a_refused_stop_string_is_applied_here(endpoint: EndpointStandIn) -> None:
    endpoint.refuses, endpoint.text = {"stop"}, "return 1\nprint(2)"
    model = connect(settings(endpoint), like=asking(stop=("\n",)))
    assert answer(model, asking(stop=("\nprint", "\ndef"))).text == "return 1"


def test_adapted_parameters_make_another_run(endpoint: EndpointStandIn) -> None:
    plain = connect(settings(endpoint), like=asking()).describe().fingerprint
    assert connect(settings(endpoint), like=asking()).describe().fingerprint == plain
    assert connect(settings(endpoint, extra={"reasoning_effort": "low"}), like=asking()).describe().fingerprint != plain
    endpoint.refuses = {"top_k"}
    assert connect(settings(endpoint), like=asking()).describe().fingerprint != plain


def test_a_model_that_is_not_there_ends_at_once_with_those_that_are(endpoint: EndpointStandIn) -> None:
    endpoint.models = [{"id": f"other-{n}"} for n in range(30)] + [{"id": MODEL}]
    with pytest.raises(NotFound, match=r"no model 'tiny-2'; it has tiny-1, other-0.* and 19 more"):
        connect(settings(endpoint, model="tiny-2"))
    assert endpoint.requests == []
    endpoint.models = []
    with pytest.raises(NotFound, match="nor any other"):
        connect(settings(endpoint))


def test_endpoints_without_a_listing_are_asked_at_once(endpoint: EndpointStandIn) -> None:
    endpoint.models = None
    assert connect(settings(endpoint)).describe().context_tokens == 0


def test_a_wrong_url_is_told_apart_from_a_dead_one(endpoint: EndpointStandIn) -> None:
    endpoint.models = None
    with pytest.raises(NotFound, match="404") as caught:
        connect(EndpointSettings(url=f"{endpoint.url}/nothing", model=MODEL))
    assert "/v1" in str(caught.value)
    start = time.monotonic()
    with pytest.raises(Infrastructure, match="cannot be reached"):
        connect(EndpointSettings(url="http://127.0.0.1:9/v1", model=MODEL, first_wait_s=0.01))
    assert time.monotonic() - start < 5


def test_raw_text_goes_to_the_completions_route(endpoint: EndpointStandIn) -> None:
    model = connect(settings(endpoint), like=GenerationRequest(text="x"))
    assert answer(model, GenerationRequest(text="def f():")).text == "yes"
    assert endpoint.paths[1:] == ["POST /v1/completions"] * 2
    with pytest.raises(BadRequest, match="token ids"):
        answer(model, GenerationRequest(prompt_ids=(1, 2)))


def test_an_answer_cut_inside_its_thought_says_so(endpoint: EndpointStandIn) -> None:
    endpoint.with_reasoning, endpoint.text, endpoint.finish = True, "", "length"
    end = answer(connect(settings(endpoint))).end
    assert end.reason == "length" and end.is_thought_open


def test_an_end_without_a_reason_is_inferred_from_the_count(endpoint: EndpointStandIn) -> None:
    endpoint.finish = None
    model = connect(settings(endpoint))
    endpoint.text = "x" * 400
    assert answer(model, asking(max_tokens=101)).end.reason == "length"
    assert answer(model, asking(max_tokens=102)).end.reason == "stop"


def test_an_endpoint_that_gives_an_answer_up_for_the_next_is_asked_one_at_a_time(endpoint: EndpointStandIn) -> None:
    """As llama-cpp-python's server does, which ends the stream of the first in good order."""
    endpoint.interrupts, endpoint.text = True, "x" * 400
    model = connect(settings(endpoint, concurrency=8))

    async def ask_all() -> list[str]:
        answers = await asyncio.gather(*(collect(model.generate(asking(max_tokens=500))) for _ in range(16)))
        assert max(a[0].end.details["attempts"] for a in answers) <= 3
        return [a[0].text for a in answers]

    assert asyncio.run(ask_all()) == [endpoint.text] * 16


def test_a_request_that_is_cancelled_frees_its_place(endpoint: EndpointStandIn) -> None:
    model = connect(settings(endpoint, concurrency=1, silence_s=5, answer_s=5))
    endpoint.faults = ["silence"]

    async def cancel_and_ask() -> str:
        task = asyncio.create_task(collect(model.generate(asking())))
        await asyncio.sleep(0.1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return (await collect(model.generate(asking())))[0].text

    assert asyncio.run(asyncio.wait_for(cancel_and_ask(), timeout=1.2)) == "yes"


def test_the_key_is_sent_and_is_found_nowhere_else(
    endpoint: EndpointStandIn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("MY_KEY", KEY)
    endpoint.key = KEY
    model = connect(settings(endpoint, api_key_env="MY_KEY"))
    said = answer(model)
    assert endpoint.headers[-1]["Authorization"] == f"Bearer {KEY}"
    about = model.describe()
    assert about.details["api_key_env"] == "MY_KEY"
    shown = [repr(about), repr(model), repr(said), repr(vars(model)), caplog.text]
    endpoint.key = "another"  # the endpoint answers with the key it was sent, as some do
    with pytest.raises(GemsteadError) as caught:
        answer(model)
    chain: BaseException | None = caught.value
    while chain is not None:
        shown += [str(chain), repr(chain)]
        chain = chain.__cause__
    assert "MY_KEY" in str(caught.value) and "[secret]" in str(caught.value)
    assert [text for text in shown if KEY in text] == []


def test_a_key_goes_only_to_the_host_it_is_for(endpoint: EndpointStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    connect(settings(endpoint))
    assert "Authorization" not in endpoint.headers[-1]
    monkeypatch.setenv("GEMSTEAD_API_KEY", "other-key")
    connect(settings(endpoint))
    assert endpoint.headers[-1]["Authorization"] == "Bearer other-key"


def test_a_missing_or_mangled_key_is_named_without_its_value(
    endpoint: EndpointStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadRequest, match="NO_SUCH_KEY is not set"):
        connect(settings(endpoint, api_key_env="NO_SUCH_KEY"))
    monkeypatch.setenv("MY_KEY", f"{KEY}\nX-Header: 1")
    with pytest.raises(BadRequest, match="MY_KEY holds characters") as caught:
        connect(settings(endpoint, api_key_env="MY_KEY"))
    assert KEY not in str(caught.value)
    endpoint.key = KEY
    with pytest.raises(BadRequest, match="401") as caught:
        connect(settings(endpoint))
    assert "GEMSTEAD_API_KEY" in str(caught.value)


def test_credentials_in_the_url_are_used_and_not_shown(endpoint: EndpointStandIn) -> None:
    url = endpoint.url.replace("http://", "http://me:pass-word@")
    model = connect(EndpointSettings(url=url, model=MODEL))
    assert endpoint.headers[-1]["Authorization"].startswith("Basic ")
    assert "pass-word" not in repr(model.describe()) and model.describe().details["endpoint"] == endpoint.url


def test_an_endpoint_that_echoes_the_key_does_not_get_it_stored(
    endpoint: EndpointStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMSTEAD_API_KEY", KEY)
    endpoint.text = f"your key is {KEY}"
    said = answer(connect(settings(endpoint)))
    assert said.text == "your key is [secret]"


def test_two_requests_may_learn_of_two_refusals_at_once(endpoint: EndpointStandIn) -> None:
    model = connect(settings(endpoint))
    endpoint.refuses, endpoint._delay_s = {"top_k", "seed"}, 0.02

    async def ask_all() -> None:
        await asyncio.gather(*(collect(model.generate(asking())) for _ in range(8)))

    asyncio.run(ask_all())
    endpoint.requests.clear()
    assert answer(model).end.details["adaptations"] == ["seed not sent", "top_k not sent"]
    assert len(endpoint.requests) == 1


def test_a_prompt_with_lone_surrogates_is_sent(endpoint: EndpointStandIn) -> None:
    request = GenerationRequest(messages=(Message(role="user", content="a\ud800b"),))
    assert answer(connect(settings(endpoint)), request).text == "yes"
    assert endpoint.requests[-1]["messages"][0]["content"] == "a\ud800b"
