"""The hall: joins planner, checkpoints, chat and engine into a local Generator."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterable, Iterator
from collections.abc import Sequence as Several
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, cast

import torch

from gemstead.chat.prompt import PromptBuilder
from gemstead.chat.stream import AnswerStream
from gemstead.chat.template import ChatTemplate
from gemstead.chat.tokenizer import Tokenizer
from gemstead.checkpoints.compressed_tensors import read_packed
from gemstead.checkpoints.fingerprint import fingerprint
from gemstead.checkpoints.hub import find_model
from gemstead.checkpoints.load import LoadedModel, load_model, plan_storage, read_tensors
from gemstead.checkpoints.manifest import Manifest, read_manifest
from gemstead.core.errors import BadRequest, OutOfCapacity, UnsupportedModel
from gemstead.core.events import Event, Finished, TokenLogprob, Usage
from gemstead.core.generator import Answer, Description, collect
from gemstead.core.messages import Message
from gemstead.core.requests import FinishReason, GenerationRequest, Sampling
from gemstead.engine.config import EngineConfig
from gemstead.engine.engine import Engine
from gemstead.engine.sequence import Progress, Sequence
from gemstead.engine.speculative import MAX_DEPTH, Speculation
from gemstead.hardware.allocator import keep_freed_memory
from gemstead.hardware.probe import Machine, probe
from gemstead.hardware.units import gib
from gemstead.kernels import cpu, invariant, ops, packed
from gemstead.models.cache import DenseMemory
from gemstead.models.families import ASSISTANTS, AssistantModel, TextModel
from gemstead.planner.footprint import plan_cache
from gemstead.quant import PRECISIONS
from gemstead.quant.convert import is_only_looked_up
from gemstead.quant.gguf_blocks import Blocks

DTYPES = {"bf16": torch.bfloat16, "fp32": torch.float32, "fp16": torch.float16}
STOP_TOKENS = ("<eos>", "<turn|>", "<|tool_response>")
DEFAULT_CONTEXT = 8192
DRAFTER_FOLDER = "assistant"  # inside a model's folder
DRAFT_DEPTH = 4  # where a drafter's generation_config.json recommends nothing
LOOKUP_DEPTH = 8
# A GPU is kept busy by long chunks, and its attention wants a block of keys in one page.
STEP_TOKENS = {"cpu": 512, "cuda": 8192}
PAGE_TOKENS = {"cpu": 16, "cuda": 64}
CACHE_DTYPES = ("auto", "fp8")
FP8_CAPABILITY = (8, 9)  # of the first GPUs that convert fp8
SMALL_PARAMETERS = 50_000_000  # below, splitting a matrix product between threads costs more than it brings
READ_ELEMENTS = 1 << 23  # logits handed out at once by `forced_logits`: 32 MiB
MEMORY_SHARE = 0.8  # of what is free; the rest is left to activations and to other programs


@dataclass(frozen=True, kw_only=True)
class LoadOptions:
    """How a model is loaded.

    Args:
        device: "cpu" or "cuda"; `None` takes the GPU if there is one.
        precision: How weights are held, one of `quant.PRECISIONS`; `None` takes what the files hold. "int8", "int4"
            and "fp8" are made while loading. A CPU without bfloat16 instructions computes in float32 on the same
            weights, which loses nothing.
        context: Longest prompt plus answer, in tokens; `None` takes the model's own limit, 8192 at most.
        max_sequences: Answers in work at once.
        reproducible: Whether greedy text must not depend on what else is in the batch.
        drafter: Who foretells tokens, for speed: "auto" takes the `assistant` folder inside the model's own if there is
            one, "off" nobody, "lookup" the text's own repetitions; else a drafter's folder or Hub id. The text is that
            of plain decoding, up to roundings unless `reproducible`.
        cache_dtype: How keys and values are kept: "auto" as what is computed, "fp8" in half the memory of bfloat16
            (e4m3, scale 1), which costs accuracy: `docs/design/0010-gpu-attention.md`.
        threads: Threads of one CPU operation; `None` takes one for small models and all cores for others. Set for
            the whole process, as torch has it.
    """

    device: str | None = None
    precision: str | None = None
    context: int | None = None
    max_sequences: int = 64
    reproducible: bool = False
    drafter: str = "auto"
    cache_dtype: str = "auto"
    threads: int | None = None

    def __post_init__(self) -> None:
        if self.device not in (None, "cpu", "cuda"):
            raise BadRequest(f"device is {self.device!r}; allowed are cpu and cuda")
        if self.precision is not None and self.precision not in PRECISIONS:
            raise BadRequest(f"precision is {self.precision!r}; this version has {', '.join(PRECISIONS)}")
        if self.cache_dtype not in CACHE_DTYPES:
            raise BadRequest(
                f"cache_dtype is {self.cache_dtype!r}; allowed are {' and '.join(CACHE_DTYPES)}",
                hint="leave `--cache-dtype` out to keep keys and values as they are computed",
            )
        if self.context is not None and self.context < 2:
            raise BadRequest(f"context is {self.context}; allowed is a whole number of at least 2")
        for name in ("max_sequences", "threads"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise BadRequest(f"{name} is {value}; allowed is a whole number of at least 1")


class LocalModel:
    """A model on this machine: a Generator, with a few calls for people who want just an answer.

    Use `load` to get one; close it, or use it in a `with` statement, to stop its thread.
    """

    def __init__(
        self,
        engine: Engine,
        prompts: PromptBuilder,
        tokenizer: Tokenizer,
        description: Description,
        model: TextModel,
    ) -> None:
        self.tokenizer = tokenizer
        self._model = model
        self._engine = engine
        self._prompts = prompts
        self._description = description
        self._wake = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._work, name="gemstead-engine", daemon=True)
        self._thread.start()

    def describe(self) -> Description:
        """See `Generator.describe`. What the drafter achieved is as of now."""
        counts = self._engine.draft_counts
        if counts is None:
            return self._description
        details = dict(self._description.details)
        details["drafter"] = details["drafter"] | {"accepted_per_step": round(counts.accepted_per_step, 3)}
        return replace(self._description, details=details)

    def prompt_ids(self, request: GenerationRequest) -> list[int]:
        """The exact tokens a request becomes."""
        return self._prompts.ids(request)

    def forced_logits(self, prompt_ids: Several[int], answer_ids: Several[int]) -> Iterator[torch.Tensor]:
        """What the model expects at every place of a given answer, each token given everything before it.

        Prompt and answer go through the model in one pass, beside the engine and its cache.

        Args:
            prompt_ids: At least one token.
            answer_ids: Tokens as they were written, by this model or another with the same vocabulary.

        Returns:
            Logits (R, V), float32, for so many tokens of the answer after another, until all are told.
        """
        with torch.inference_mode():
            ids_T = torch.tensor([*prompt_ids, *answer_ids][:-1], device=self._description.device)
            memory = DenseMemory(self._model.cache_layers(), 1)
            hidden_TC = self._model(ids_T, torch.arange(len(ids_T), device=ids_T.device), memory, None)
            hidden_AC = hidden_TC[len(prompt_ids) - 1 :]
            at_once = max(1, READ_ELEMENTS // self._model.logits(hidden_AC[:1]).shape[1])
        for start in range(0, len(answer_ids), at_once):
            with torch.inference_mode():
                rows_RV = self._model.logits(hidden_AC[start : start + at_once])
            yield rows_RV

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Event]:
        """See `Generator.generate`."""
        prompt = self._prompts.ids(request)
        loop = asyncio.get_running_loop()
        news: asyncio.Queue[tuple[int, Progress]] = asyncio.Queue()
        answers = [
            _Answer(stream=AnswerStream(self.tokenizer, prompt, request.stop, index), prompt=tuple(prompt))
            for index in range(request.n)
        ]
        handles = [self._submit(prompt, request, index, loop, news) for index in range(request.n)]
        num_open = request.n
        try:
            while num_open:
                index, progress = await news.get()
                answer = answers[index]
                if answer.is_done:
                    continue
                for event in answer.take(progress):
                    yield event
                if answer.is_done:
                    num_open -= 1
                    yield answer.finished(handles[index].seed)
                    self._engine.cancel(handles[index])
        finally:
            for handle in handles:
                self._engine.cancel(handle)
            self._notify()

    def chat(self, prompt: str | Iterable[Message], **settings: Any) -> Answer:
        """Ask once and wait.

        Args:
            prompt: What the user says, or a whole conversation.
            settings: Fields of `GenerationRequest` (`max_tokens`, `thinking`, `tools`, `stop`) and of `Sampling`
                (`temperature`, `top_k`, `top_p`, `seed`, ...).

        Returns:
            The answer: `.text`, `.thought`, `.tool_calls`, `.end`.

        Raises:
            BadRequest: A setting is unknown or out of range, or the prompt does not fit.
        """
        messages = (Message(role="user", content=prompt),) if isinstance(prompt, str) else tuple(prompt)
        return self._ask(messages=messages, **settings)

    def complete(self, text: str, **settings: Any) -> Answer:
        """Continue raw text, as base models do. Settings as for `chat`."""
        return self._ask(text=text, **settings)

    def close(self) -> None:
        """Stop working; requests in flight end as cancelled."""
        with self._wake:
            self._is_closed = True
            self._wake.notify_all()
        self._thread.join(timeout=60)

    def __enter__(self) -> LocalModel:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, **settings: Any) -> Answer:
        names = set(Sampling.__dataclass_fields__)
        sampling = Sampling(**{k: settings.pop(k) for k in list(settings) if k in names})
        known = set(GenerationRequest.__dataclass_fields__) - {"sampling", "n"}
        for name in settings:
            if name not in known:
                raise BadRequest(f"no setting is called {name!r}; there are {', '.join(sorted(known | names))}")
        request = GenerationRequest(sampling=sampling, **settings)
        return asyncio.run(_gather(self, request))[0]

    def _submit(
        self,
        prompt: list[int],
        request: GenerationRequest,
        index: int,
        loop: asyncio.AbstractEventLoop,
        news: asyncio.Queue[tuple[int, Progress]],
    ) -> Sequence:
        def deliver(progress: Progress) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(news.put_nowait, (index, progress))

        seed = request.sampling.seed
        handle = self._engine.submit(
            tuple(prompt),
            max_tokens=request.max_tokens,
            sampling=request.sampling,
            deliver=deliver,
            # The first answer uses the seed itself, so that n answers begin with the one.
            seed=None if seed is None else (seed + index * 0x9E3779B97F4A7C15) % 2**63,
        )
        self._notify()
        return handle

    def _notify(self) -> None:
        with self._wake:
            self._wake.notify_all()

    def _work(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._is_closed or self._engine.has_work)
                if self._is_closed:
                    break
            self._engine.step()
        self._engine.cancel_all()


@dataclass(kw_only=True)
class _Answer:
    """One of the answers to a request, while it grows."""

    stream: AnswerStream
    prompt: tuple[int, ...]
    num_cached: int = 0
    reason: FinishReason | None = None

    def __post_init__(self) -> None:
        self.ids: list[int] = []
        self.logprobs: list[TokenLogprob] = []

    @property
    def is_done(self) -> bool:
        return self.reason is not None

    def take(self, progress: Progress) -> list[Event]:
        """Events that follow from one token."""
        if progress.error is not None:
            raise progress.error
        events: list[Event] = []
        self.num_cached = max(self.num_cached, progress.cached_tokens)
        if progress.token_id is not None:
            self.ids.append(progress.token_id)
            if progress.logprob is not None:
                self.logprobs.append(progress.logprob)
            events += self.stream.push([progress.token_id])
        if self.stream.is_stopped:
            self.reason = "stop"
        elif progress.finish is not None:
            events += self.stream.finish()
            self.reason = "tool_calls" if self.stream.num_calls and progress.finish == "stop" else progress.finish
        return events

    def finished(self, seed: int) -> Finished:
        """The last event."""
        assert self.reason is not None
        return Finished(
            reason=self.reason,
            usage=Usage(prompt_tokens=len(self.prompt), completion_tokens=len(self.ids), cached_tokens=self.num_cached),
            prompt_ids=self.prompt,
            token_ids=tuple(self.ids),
            is_thought_open=self.stream.is_thought_open,
            is_call_broken=self.stream.is_call_broken,
            logprobs=tuple(self.logprobs) if self.logprobs else None,
            seed=seed,
            index=self.stream.index,
        )


async def _gather(model: LocalModel, request: GenerationRequest) -> list[Answer]:
    return await collect(model.generate(request))


def load(name: str = "pebble", **options: Any) -> LocalModel:
    """Load a model that is on this machine.

    Args:
        name: "pebble", a folder with a checkpoint, a GGUF file, or the id of a model fetched with `gemstead pull`.
        options: Fields of `LoadOptions`.

    Raises:
        NotFound: The model is not here.
        BadCheckpoint: Its files are damaged.
        UnsupportedModel: This version cannot run it.
        OutOfCapacity: It does not fit into memory.
    """
    unknown = set(options) - set(LoadOptions.__dataclass_fields__)
    if unknown:
        raise BadRequest(
            f"no option is called {min(unknown)!r}; there are {', '.join(LoadOptions.__dataclass_fields__)}"
        )
    settings = LoadOptions(**options)
    manifest = read_manifest(find_model(name))
    machine = probe()
    device = pick_device(settings.device, machine)
    precision = stored_precision(settings.precision, manifest)
    settings = replace(settings, precision=precision)
    dtype = compute_dtype(precision, device, machine)
    _check_memory(manifest, precision, dtype, device, machine, is_laid_out=not settings.reproducible)
    if device.type == "cpu":
        settle_in(_num_parameters(manifest), settings.threads)
    kernels = _pick_kernels(manifest, settings, dtype, device)
    loaded = load_model(manifest, kernels, dtype=dtype, device=device, precision=precision)
    tokenizer = manifest.tokenizer()
    speculation, about_drafter = _pick_drafter(settings, manifest, loaded, dtype, device)
    cache_dtype = _cache_dtype(settings, dtype, device)
    config = _engine_config(settings, loaded, speculation, manifest, tokenizer, cache_dtype, machine)
    engine = Engine(
        cast(TextModel, loaded.model),
        config,
        kernels,
        vocab_size=loaded.config.vocab_size,
        dtype=cache_dtype,
        device=device,
        speculation=speculation,
    )
    description = Description(
        name=name,
        family=loaded.family.name,
        precision=precision,
        device=device.type,
        context_tokens=config.context_tokens,
        fingerprint=fingerprint(manifest),
        details={
            "kernels": kernels.name,
            "compute_dtype": str(dtype).removeprefix("torch."),
            "cache_dtype": str(cache_dtype).removeprefix("torch."),
            "cache_bytes": engine.cache.num_bytes,
            "max_sequences": config.max_sequences,
            "left_out": loaded.left_out,
            "parameters": loaded.num_parameters,
            "weight_bytes": loaded.num_bytes,
            "not_int4": loaded.not_int4,
            "drafter": about_drafter,
        },
    )
    return LocalModel(
        engine, _prompt_builder(manifest, tokenizer), tokenizer, description, cast(TextModel, loaded.model)
    )


def pick_device(asked: str | None, machine: Machine) -> torch.device:
    """The device asked for, or the best there is."""
    device = torch.device(asked or machine.device)
    if device.type == "cuda" and machine.accelerator is None:
        raise BadRequest("device is 'cuda', but torch finds no GPU here", hint="leave `--device` out to use the CPU")
    return device


def stored_precision(asked: str | None, manifest: Manifest) -> str:
    """The one asked for, or the files' own. What is packed can be unpacked, not packed again."""
    own = manifest.precision
    wanted = asked or own
    if PRECISIONS[wanted].is_float and PRECISIONS[own].bits is not None:
        raise BadRequest(
            f"precision is {wanted!r}; the files of {manifest.folder.name} hold {own}, which fp8 would round again",
            hint="leave `--precision` out, or name the checkpoint it was made from",
        )
    if manifest.packed and PRECISIONS[wanted].bits not in (None, PRECISIONS[own].bits):
        raise BadRequest(
            f"precision is {wanted!r}; the files of {manifest.folder.name} hold {own}",
            hint="leave `--precision` out, or name the checkpoint it was made from",
        )
    return wanted


def compute_dtype(precision: str, device: torch.device, machine: Machine) -> torch.dtype:
    """What a model of a precision is computed in: float32 on a CPU without bfloat16 instructions.

    Raises:
        BadRequest: The device cannot read weights so.
    """
    if PRECISIONS[precision].is_float:
        _check_fp8("precision", device, hint="int8 takes as much memory, `--precision int8`")
    wanted = DTYPES[PRECISIONS[precision].dtype]
    if device.type == "cpu" and wanted is not torch.float32 and not machine.has_fast_bf16:
        return torch.float32
    return wanted


def _cache_dtype(settings: LoadOptions, dtype: torch.dtype, device: torch.device) -> torch.dtype:
    if settings.cache_dtype == "auto":
        return dtype
    _check_fp8("cache_dtype", device, hint="leave `--cache-dtype` out")
    return torch.float8_e4m3fn


def _check_fp8(setting: str, device: torch.device, hint: str) -> None:
    """Refuse what a GPU cannot convert."""
    if device.type == "cuda" and torch.cuda.get_device_capability(device) < FP8_CAPABILITY:
        found, needed = (".".join(map(str, c)) for c in (torch.cuda.get_device_capability(device), FP8_CAPABILITY))
        raise BadRequest(f"{setting} is 'fp8'; this GPU has compute capability {found}, fp8 needs {needed}", hint=hint)


def _check_memory(
    manifest: Manifest,
    precision: str,
    dtype: torch.dtype,
    device: torch.device,
    machine: Machine,
    *,
    is_laid_out: bool,
) -> None:
    """Refuse before anything is half loaded. Weights that stay in the mapped file need no memory of their own.

    On a CPU, int4 matrices are larger in the layout of the fast kernels.
    """
    same = {"BF16": torch.bfloat16, "F32": torch.float32, "F16": torch.float16}
    needed = 0
    stored = plan_storage(manifest, precision)
    for entry in manifest.tensors.values():
        storage = stored[entry.name]
        if storage.bits is not None or device.type != "cpu" or same.get(entry.dtype) is not dtype or not entry.is_whole:
            needed += storage.num_bytes(entry.shape, dtype)
    is_unpacked = PRECISIONS[precision].bits is None
    needed += sum(e.num_parameters * dtype.itemsize if is_unpacked else e.num_bytes for e in manifest.packed.values())
    if is_laid_out and device.type == "cpu" and dtype is torch.bfloat16 and PRECISIONS[precision].bits == 4:
        needed += sum(cpu.offset_bytes(e.shape) for e in manifest.packed.values())
        for entry in manifest.tensors.values():
            if stored[entry.name].bits == 4 and not is_only_looked_up(entry.name):
                needed += cpu.offset_bytes(entry.shape, 4 if stored[entry.name].keeps_lattice else 2)
    free = machine.free_bytes if device.type == "cpu" else machine.accelerator_bytes
    if needed > free:
        raise OutOfCapacity(
            f"{manifest.folder.name}: its weights take {gib(needed)} in {_in_words(precision, dtype)}, "
            f"{gib(free)} are free on {device.type}",
            hint=(
                "choose a smaller model"
                if PRECISIONS[precision].bits
                else "add `--precision int4`, choose a smaller model"
            )
            + ", or close other programs",
        )


def _in_words(precision: str, dtype: torch.dtype) -> str:
    return precision if PRECISIONS[precision].bits else str(dtype).removeprefix("torch.")


def settle_in(num_parameters: int, threads: int | None) -> None:
    """Threads and memory of this process, for a model on the CPU; before the engine's thread begins."""
    keep_freed_memory()
    if threads is not None:
        torch.set_num_threads(threads)
    elif num_parameters < SMALL_PARAMETERS:
        torch.set_num_threads(1)


def runs_on_one_thread(manifest: Manifest) -> bool:
    """Whether a model is so small that more threads would slow it down."""
    return _num_parameters(manifest) < SMALL_PARAMETERS


def _num_parameters(manifest: Manifest) -> int:
    parameters = sum(e.num_parameters for e in manifest.tensors.values())
    return parameters + sum(e.num_parameters for e in manifest.packed.values())


def _pick_kernels(manifest: Manifest, settings: LoadOptions, dtype: torch.dtype, device: torch.device) -> ops.Kernels:
    """Choose the twins; what `--reproducible` rests on is tried here, on one matrix of every shape the model has."""
    if not settings.reproducible:
        return ops.pick(device.type)
    made_so = ops.reproducible_as_they_are(device.type)
    if made_so is not None:
        return made_so
    of_each_shape = {e.shape[-2:]: e for e in manifest.tensors.values() if len(e.shape) >= 2 and _is_multiplied(e.name)}
    matrices = [
        tensor.to(device).first().dense(dtype)
        if isinstance(tensor, Blocks)
        else tensor.reshape(-1, *tensor.shape[-2:])[0].to(device=device, dtype=dtype)
        for _, tensor in read_tensors(list(of_each_shape.values()))
    ]
    packed_of_each_shape = {e.shape[-2:]: e for e in manifest.packed.values()}
    for entry in packed_of_each_shape.values():
        dense = read_packed(entry, dtype, device).dense()
        matrices.append(dense.reshape(-1, *dense.shape[-2:])[0])
    if PRECISIONS[settings.precision or "bf16"].bits is not None:
        matrices = [slab for matrix in matrices for slab in packed.slabs(matrix)]
    tiled = invariant.find_tiles(matrices)
    if tiled is None:
        raise UnsupportedModel(
            "reproducible mode does not hold on this machine: rows of a matrix product depend on their neighbours",
            hint="use `--fast`, and compare runs of equal batch size only",
        )
    return ops.reproducible(tiled)


def _pick_drafter(
    settings: LoadOptions, manifest: Manifest, loaded: LoadedModel, dtype: torch.dtype, device: torch.device
) -> tuple[Speculation | None, dict[str, Any] | None]:
    """What the engine speculates with, and what is said about it."""
    beside = manifest.folder / DRAFTER_FOLDER
    if settings.drafter == "off" or (settings.drafter == "auto" and not (beside / "config.json").is_file()):
        return None, None
    if settings.drafter == "lookup":
        return Speculation(name="lookup", depth=LOOKUP_DEPTH), {"name": "lookup"}
    name = str(beside) if settings.drafter == "auto" else settings.drafter
    own = read_manifest(find_model(name))
    kernels = ops.pick(device.type)  # drafts change no text, so theirs need not be reproducible
    drafter = load_model(own, kernels, dtype=dtype, device=device, table=ASSISTANTS)
    depth = own.generation_config.get("num_assistant_tokens", DRAFT_DEPTH)
    speculation = Speculation(
        name=DRAFTER_FOLDER if settings.drafter == "auto" else name,
        assistant=cast(AssistantModel, drafter.model),
        layers=drafter.config.borrowed_layers(loaded.config),
        kernels=kernels,
        depth=min(depth, MAX_DEPTH) if isinstance(depth, int) and depth > 0 else DRAFT_DEPTH,
    )
    return speculation, {"name": speculation.name, "fingerprint": fingerprint(own)}


def _is_multiplied(name: str) -> bool:
    """Whether a published tensor is a matrix of the text model that is multiplied by, not only looked up."""
    return "language_model" in name and "embed_tokens_per_layer" not in name


def _engine_config(
    settings: LoadOptions,
    loaded: LoadedModel,
    speculation: Speculation | None,
    manifest: Manifest,
    tokenizer: Tokenizer,
    cache_dtype: torch.dtype,
    machine: Machine,
) -> EngineConfig:
    limit = loaded.config.max_position_embeddings
    context = settings.context or min(limit, DEFAULT_CONTEXT)
    if context > limit:
        raise BadRequest(f"context is {context}; this model was made for {limit} tokens at most")
    free = machine.free_bytes if machine.device == "cpu" or settings.device == "cpu" else machine.accelerator_bytes
    taken = loaded.num_bytes
    is_gpu = (settings.device or machine.device) == "cuda"
    plan = plan_cache(
        loaded.config.cache_layers() + (() if speculation is None else speculation.layers),
        budget_bytes=int((free - taken) * MEMORY_SHARE),
        context_tokens=context,
        max_sequences=settings.max_sequences,
        step_tokens=min(context, STEP_TOKENS["cuda"]) if is_gpu else STEP_TOKENS["cpu"],
        page_tokens=PAGE_TOKENS["cuda" if is_gpu else "cpu"],
        element_bytes=cache_dtype.itemsize,
    )
    return EngineConfig(
        context_tokens=context,
        max_sequences=plan.size.max_sequences,
        step_tokens=plan.size.step_tokens,
        page_tokens=plan.size.page_tokens,
        cache_tokens=plan.size.cache_tokens,
        eos_ids=_stop_ids(manifest, tokenizer),
        runs_ahead=is_gpu,
    )


def _stop_ids(manifest: Manifest, tokenizer: Tokenizer) -> frozenset[int]:
    """Every id the files name as an end, and the end-of-turn tokens some of them forget."""
    ids: set[int] = set()
    for value in (manifest.generation_config.get("eos_token_id"), manifest.config.get("eos_token_id")):
        ids.update(value if isinstance(value, list) else [] if value is None else [value])
    controls = {name: token_id for token_id, name in tokenizer.control_ids.items()}
    ids.update(controls[name] for name in STOP_TOKENS if name in controls)
    return frozenset(ids)


def _prompt_builder(manifest: Manifest, tokenizer: Tokenizer) -> PromptBuilder:
    source = manifest.chat_template
    template = None if source is None else ChatTemplate(source, tokenizer.special_tokens)
    return PromptBuilder(tokenizer, template)
