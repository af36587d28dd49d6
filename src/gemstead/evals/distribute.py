"""One model on every GPU and node of a Ray cluster: a Generator, and readers of stored answers.

Nodes answer; the driver asks, judges and stores. So a run on a cluster is the run it would be on one machine.
"""

from __future__ import annotations

import asyncio
import hashlib
import platform
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

from gemstead.core.errors import BadRequest, GemsteadError, NotFound
from gemstead.core.events import Event, TextDelta, ThoughtDelta, ToolCallDone
from gemstead.core.generator import Answer, Description, collect
from gemstead.core.requests import GenerationRequest
from gemstead.evals.agreement import AnswerAgreement, agree_on
from gemstead.evals.fleet import PATIENCE_S, Cluster, Fleet, Say, Share, plan_shares
from gemstead.evals.store import StoredAnswer


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What a worker is, once its model is loaded.

    Args:
        gemstead: Version of the package there.
        code: Digest of its source.
        torch: Version of torch, without its build.
        processor: What the model runs on, by name.
        models: Descriptions of what was loaded.
    """

    gemstead: str
    code: str
    torch: str
    processor: str
    models: tuple[Description, ...]


class Worker:
    """Runs on a node: one model, or two that read the same answers. Errors are returned, so that they travel whole."""

    def __init__(self) -> None:
        self._models: list[Any] = []
        self._open = ExitStack()
        self._name = ""

    async def hello(self) -> str:
        """See `fleet.Actor`."""
        import ray

        node_id = ray.get_runtime_context().get_node_id()
        self._name = f"node {ray.util.get_node_ip_address()} ({platform.node()}, {node_id[:8]})"
        return self._name

    async def prepare(
        self, version: str, code: str, name: str, each: Sequence[Mapping[str, Any]]
    ) -> Prepared | GemsteadError:
        """Load a model as often as there are options, unless another gemstead is here, or it was loaded before."""
        from gemstead import __version__
        from gemstead.hardware.peak import forget_peak
        from gemstead.hardware.probe import probe
        from gemstead.runtime import load

        if (__version__, code_digest()) != (version, code):
            return BadRequest(
                f"gemstead is {__version__} ({code_digest()[:12]}) there and {version} ({code[:12]}) here",
                hint="install the same gemstead on every node",
            )
        try:
            # A worker that was only out of reach for a moment still has it.
            if not self._models:
                forget_peak()
                self._models = [self._open.enter_context(load(name, **options)) for options in each]
        except GemsteadError as error:
            self._open.close()
            return error
        machine = probe()
        device = self._models[0].describe().device
        return Prepared(
            gemstead=__version__,
            code=code_digest(),
            torch=machine.torch_version.partition("+")[0],
            processor=machine.processor if device == "cpu" else str(machine.accelerator),
            models=tuple(model.describe() for model in self._models),
        )

    async def answer(self, request: GenerationRequest) -> list[Answer] | GemsteadError:
        """Ask the model. Each answer's end tells the node."""
        try:
            answers = await collect(self._models[0].generate(request))
        except GemsteadError as error:
            return error
        where = {"node": self._name}
        return [replace(a, end=replace(a.end, details={**a.end.details, **where})) for a in answers]

    async def read(self, answer: StoredAnswer) -> AnswerAgreement | GemsteadError:
        """Let both models read a stored answer."""
        try:
            return agree_on(self._models[0], self._models[1], answer)
        except GemsteadError as error:
            return error

    async def peak_bytes(self) -> int | None:
        """See `hardware.peak`."""
        from gemstead.hardware.peak import peak_bytes

        return peak_bytes(self._models[0].describe().device)


def code_digest() -> str:
    """SHA-256 (hex) over the package's source, which a version number alone does not tell."""
    total = hashlib.sha256()
    package = Path(str(resources.files("gemstead")))
    for file in sorted([*package.rglob("*.py"), *package.rglob("*.jinja")]):
        total.update(f"{file.relative_to(package).as_posix()}\0".encode() + file.read_bytes() + b"\0")
    return total.hexdigest()


class Measure:
    """Accepts workers that give the same answers as the first; refuses others, saying why.

    Args:
        fingerprint: Of the weights that are meant; `None` takes those of the first worker.
        say: Gets a line where answers might differ in their roundings.
    """

    def __init__(self, fingerprint: str | None, say: Say) -> None:
        self._fingerprint = fingerprint
        self._say = say
        self.first: Prepared | None = None
        self.processors: set[str] = set()

    def __call__(self, name: str, prepared: Prepared) -> int:
        """How many questions it gets at once. Arguments as `Fleet`'s `accept`.

        Raises:
            BadRequest: It would answer differently.
        """
        first = self.first or prepared
        facts, meant = _facts(prepared), _facts(first) | ({"weights": self._fingerprint} if self._fingerprint else {})
        different = [
            f"{key} {_short(facts[key])} there, {_short(meant[key])} here" for key in meant if facts[key] != meant[key]
        ]
        if different:
            raise BadRequest("; ".join(different), hint="install the same model and torch on every node")
        if self.first is not None and prepared.processor not in self.processors:
            self._say(f"{name} computes on {prepared.processor}, others on {', '.join(sorted(self.processors))}: "
                      "roundings may differ between them, and a greedy choice with them")  # fmt: skip
        self.first = first
        self.processors.add(prepared.processor)
        slots = int(prepared.models[0].details["max_sequences"])
        # A few more than fit wait inside, so that the batch stays full while an answer travels.
        return slots + max(1, slots // 8)


def _facts(prepared: Prepared) -> dict[str, Any]:
    model = prepared.models[0]
    drafter = model.details["drafter"] or {}
    return {
        "weights": model.fingerprint,
        "precision": model.precision,
        "device": model.device,
        "kernels": model.details["kernels"],
        "numbers": model.details["compute_dtype"],
        "context": model.context_tokens,
        "drafter": (drafter.get("name"), drafter.get("fingerprint")),
        "torch": prepared.torch,
    }


def _short(value: Any) -> str:
    return value[:12] if isinstance(value, str) else str(value)


class ClusterModel:
    """A model on every node: a Generator.

    Args:
        fleet: Workers that have it, at least one of them ready.
        measure: What accepted them.
        num_workers: How many were asked for; some may join later, or never.
    """

    def __init__(self, fleet: Fleet, measure: Measure, num_workers: int) -> None:
        self._fleet = fleet
        self._measure = measure
        self._num_workers = num_workers

    def describe(self) -> Description:
        """See `Generator.describe`: that of the workers, which are alike, and how many were asked for."""
        assert self._measure.first is not None
        own = self._measure.first.models[0]
        about = {"workers": self._num_workers, "processors": sorted(self._measure.processors)}
        drafter = own.details["drafter"]
        if drafter is not None:
            # What it achieved is a matter of each worker.
            drafter = {key: value for key, value in drafter.items() if key != "accepted_per_step"}
        return replace(own, details=own.details | {"drafter": drafter, "cluster": about})

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Event]:
        """See `Generator.generate`. Answers come whole: what a dying node had begun to say is not taken back."""
        answers = await asyncio.wrap_future(self._fleet.ask("answer", request))
        for answer in answers:
            index = answer.end.index
            if answer.thought:
                yield ThoughtDelta(text=answer.thought, index=index)
            if answer.text:
                yield TextDelta(text=answer.text, index=index)
            for call in answer.tool_calls:
                yield ToolCallDone(call=call, index=index)
            yield answer.end


class ClusterModels:
    """Models on a cluster's nodes, loaded when they are opened: what `sweep.LocalModels` is for this machine.

    Args:
        cluster: What one is connected to.
        name: "pebble", a folder or file, or a Hub id, as every node finds it.
        load: Fields of `LoadOptions`, without the precision.
        cores: Cores of a worker on a CPU; by default one for small models, all of a node for others.
        say: Gets a line when a worker joins, is refused or is lost.
        patience_s: See `fleet.PATIENCE_S`.
    """

    def __init__(
        self,
        cluster: Cluster,
        name: str,
        load: Mapping[str, Any],
        *,
        cores: int | None = None,
        say: Say = lambda line: None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        if cores is not None and cores < 1:
            raise BadRequest(f"--ray-cores is {cores}; allowed is a whole number of at least 1")
        self._name = str(Path(name).expanduser().resolve()) if Path(name).expanduser().exists() else name
        self._device = load.get("device") or ("cuda" if any(node.gpus for node in cluster.nodes) else "cpu")
        self._load = {**load, "device": self._device}
        self._say = say
        self._patience_s = patience_s
        self._fingerprint, is_small = _own_copy(self._name)
        self._shares = plan_shares(cluster.nodes, device=self._device, cores=cores or (1 if is_small else None))
        self._cores = cores
        self._head = cluster.head
        self._open: Fleet | None = None

    @property
    def shares(self) -> list[Share]:
        """What each worker takes."""
        return self._shares

    @contextmanager
    def opened(self, precision: str | None) -> Iterator[ClusterModel]:
        """The model in one precision on all nodes, as soon as one has it."""
        with self._fleet([{**self._load, "precision": precision}]) as (fleet, measure):
            self._open = fleet
            yield ClusterModel(fleet, measure, len(self._shares))

    def peak_bytes(self) -> int | None:
        """See `Models.peak_bytes`: of the worker that needed most."""
        assert self._open is not None
        return max((peak for peak in self._open.ask_all("peak_bytes") if peak is not None), default=None)

    @contextmanager
    def reading(
        self, first: str, other: str, *, context: int
    ) -> Iterator[Callable[[Sequence[StoredAnswer]], Iterator[AnswerAgreement]]]:
        """Both precisions side by side on every node, to read the same answers."""
        tight = {**self._load, "max_sequences": 1, "context": context}
        with self._fleet([{**tight, "precision": first}, {**tight, "precision": other}]) as (fleet, _):
            yield lambda answers: (future.result() for future in [fleet.ask("read", _plain(a)) for a in answers])

    @contextmanager
    def _fleet(self, each: list[dict[str, Any]]) -> Iterator[tuple[Fleet, Measure]]:
        from gemstead import __version__

        if self._cores is not None and self._device == "cpu":
            each = [{**options, "threads": self._cores} for options in each]
        measure = Measure(self._fingerprint, self._say)
        fleet = Fleet(
            Worker,
            self._shares,
            prepare=(__version__, code_digest(), self._name, each),
            accept=measure,
            say=self._say,
            patience_s=self._patience_s,
            head=self._head,
        )
        try:
            fleet.wait()
            yield fleet, measure
        finally:
            fleet.close()


def _plain(answer: StoredAnswer) -> StoredAnswer:
    return replace(answer, prompt_ids=list(answer.prompt_ids), token_ids=list(answer.token_ids))


def _own_copy(name: str) -> tuple[str | None, bool]:
    """Fingerprint of the driver's own copy of a model, if it has one; and whether the model is small."""
    from gemstead.checkpoints.fingerprint import fingerprint
    from gemstead.checkpoints.hub import find_model
    from gemstead.checkpoints.manifest import read_manifest
    from gemstead.runtime import runs_on_one_thread

    try:
        manifest = read_manifest(find_model(name))
    except NotFound:
        return None, False
    return fingerprint(manifest), runs_on_one_thread(manifest)
