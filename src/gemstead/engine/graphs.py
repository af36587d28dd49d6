"""Steps as captured graphs: one per size, recorded once, replayed with new numbers in the same places.

A launch costs a GPU's host tens of microseconds, and a step has hundreds; a replay costs one. Recorded are decoding
steps, and those that read the end of one prompt, filled up to the next of `PROMPTS` or as large as a step may be. What
a graph reads lies in buffers of its own: the step's numbers are copied there before each replay. Steps of any other
kind run operation by operation.

    numbers   | ids T | sources T | positions T | slots of the growing pool T | of the bounded one T | firsts B | row |
    row       sequence * rows each + place; a sequence with fewer rows, and a sequence that is not there, write to the
              page nobody reads
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor

from gemstead.engine.batch import IntArray, Layout, PagedCache, PagedMemory
from gemstead.engine.config import EngineConfig
from gemstead.engine.runner import Computed, Runner
from gemstead.kernels.batch import PoolView, QueryRows
from gemstead.kernels.ops import Kernels
from gemstead.models.cache import LayerCache, LayerKind
from gemstead.models.families import TextModel

log = logging.getLogger(__name__)
KINDS: tuple[LayerKind, LayerKind] = ("full", "sliding")
SIZES = (1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 164, 192, 256, 384, 512)  # of batches; 164 is all of HumanEval
TURNS = 3  # of buffers: steps that may be on their way at once, and one more
MOST_ROWS = 17  # of a sequence that decodes: the newest token and its drafts
PROMPTS = (64, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048)  # rows; beyond, launches hide behind the work

T = TypeVar("T")
Work = Callable[[], T]
Recorded = tuple[Callable[[], None], T]


class Record(Protocol):
    """Turns a piece of work into one that can be replayed, and what every replay computes."""

    def __call__(self, work: Work[T]) -> Recorded[T]:
        """Run it once or more, and record it."""
        ...


class Outbox:
    """Numbers on their way to one place on the device, in buffers that take turns: nobody waits for a copy.

    Args:
        target: The place, int64, one-dimensional.
    """

    def __init__(self, target: Tensor) -> None:
        self._target = target
        buffers = [torch.zeros(target.shape, dtype=target.dtype) for _ in range(TURNS if target.is_cuda else 1)]
        self._buffers = [buffer.pin_memory() if target.is_cuda else buffer for buffer in buffers]
        self._events = [torch.cuda.Event() if target.is_cuda else None for _ in self._buffers]
        self._turn = 0

    def open(self) -> IntArray:
        """The next buffer, as it was left some turns ago."""
        self._turn = (self._turn + 1) % len(self._buffers)
        event = self._events[self._turn]
        if event is not None:
            event.synchronize()  # of a copy some steps ago; an event that was never recorded is over
        return self._buffers[self._turn].numpy()

    def send(self) -> None:
        """Copy what was written since `open`."""
        self._target.copy_(self._buffers[self._turn], non_blocking=True)
        event = self._events[self._turn]
        if event is not None:
            event.record()


@dataclass(frozen=True, kw_only=True)
class Place:
    """What one graph reads and writes.

    Args:
        num_sequences: B.
        rows_each: Rows of every sequence.
        is_prompt: Whether one row's result is wanted, instead of all rows'.
        numbers: The step's integers, int64, as drawn above.
        tables: Pages of each sequence, int64 (B, P), by pool.
        written: What `tables` were last filled with.
    """

    num_sequences: int
    rows_each: int
    is_prompt: bool
    numbers: Tensor
    tables: dict[LayerKind, Tensor]
    written: dict[LayerKind, IntArray] = field(default_factory=dict)

    @cached_property
    def outbox(self) -> Outbox:
        """How `numbers` are sent."""
        return Outbox(self.numbers)

    @property
    def num_rows(self) -> int:
        """T."""
        return self.num_sequences * self.rows_each

    @property
    def stride(self) -> int:
        """Numbers from one run to the next: kernels are compiled for addresses that are multiples of 16 bytes."""
        return self.num_rows + self.num_rows % 2

    def part(self, number: int) -> Tensor:
        """One of the five runs of T numbers."""
        return self.numbers[number * self.stride :][: self.num_rows]

    @property
    def firsts(self) -> Tensor:
        """Position of each sequence's first page in the bounded pool."""
        return self.numbers[5 * self.stride :][: self.num_sequences]

    @property
    def row_R(self) -> Tensor:
        """The one row of a prompt that is wanted."""
        return self.numbers[5 * self.stride + self.num_sequences :]


class Desk:
    """Where recorded steps read their numbers: a place for each size, filled before each replay.

    Args:
        cache: The model's keys and values, with a page that nobody reads.
        config: Sizes.
        device: Of the cache.
    """

    def __init__(self, cache: PagedCache, config: EngineConfig, device: torch.device) -> None:
        self._cache = cache
        self._device = device
        self._page_tokens = config.page_tokens
        self._sizes = (*(size for size in SIZES if size < config.max_sequences), config.max_sequences)
        self._most_pages = -(-config.max_length // config.page_tokens) + 1
        slots = (cache.unread_page(kind) * config.page_tokens for kind in KINDS)
        self._nobody: IntArray = np.array([0, -1, 0, *slots], dtype=np.int64)  # of a row that is not there

    def batch_of(self, num_sequences: int) -> int | None:
        """Sequences of the smallest recording for so many; `None` if they are more than there may be."""
        return next((size for size in self._sizes if size >= num_sequences), None)

    def has_room(self, layout: Layout, rows_each: int) -> bool:
        """Whether a place for sequences with so many rows has room for a step's page tables."""
        widths = self._widths(rows_each)
        return all(layout.tables[kind].shape[1] <= widths[kind] for kind in KINDS)

    def place(self, num_sequences: int, rows_each: int, *, is_prompt: bool = False) -> Place:
        """A place in which nobody stands."""
        num_rows = num_sequences * rows_each
        place = Place(
            num_sequences=num_sequences,
            rows_each=rows_each,
            is_prompt=is_prompt,
            numbers=torch.zeros(
                5 * (num_rows + num_rows % 2) + num_sequences + is_prompt, dtype=torch.int64, device=self._device
            ),
            tables={
                kind: torch.full((num_sequences, width), self._cache.unread_page(kind), device=self._device)
                for kind, width in self._widths(rows_each).items()
            },
        )
        self.fill(place, None)
        return place

    def memory(
        self,
        place: Place,
        layers: tuple[LayerCache, ...],
        attention: Callable[[Tensor, Tensor, Tensor, QueryRows, PoolView, int | None], Tensor],
    ) -> PagedMemory:
        """What the layers of a model, or of its drafter, read at a place; its lengths are known on the device alone."""
        batch, each = place.num_sequences, place.rows_each
        _, _, position_T, full_T, sliding_T = (place.part(number) for number in range(5))
        nobody = (0,) * batch
        rows = QueryRows(
            position_T=position_T,
            starts=tuple(range(0, place.num_rows + 1, each)),
            ends=nobody,
            placed_starts=torch.arange(0, place.num_rows + 1, each, device=self._device),
        )
        zeros_B = torch.zeros(batch, dtype=torch.int64, device=self._device)
        slots = dict(zip(KINDS, (full_T, sliding_T), strict=True))
        firsts = dict(zip(KINDS, (zeros_B, place.firsts), strict=True))
        pools = {
            kind: PoolView(
                page_table_BP=place.tables[kind], firsts=nobody, slot_T=slots[kind], placed_firsts=firsts[kind]
            )
            for kind in KINDS
        }
        return PagedMemory(cache=self._cache, layers=layers, rows=rows, pools=pools, attention=attention)

    def fill(self, place: Place, layout: Layout | None) -> list[int]:
        """Bring a step's numbers to where its graph reads them.

        Returns:
            Those of the graph's results that are the step's.
        """
        batch, each = place.num_sequences, place.rows_each
        numbers = place.outbox.open()
        runs, firsts = numbers[: 5 * place.stride].reshape(5, -1), numbers[5 * place.stride :][:batch]
        runs[:] = self._nobody[:, None]
        firsts[:] = 0
        rows: list[int] = []
        if layout is not None:
            lists = (layout.ids, layout.sources, layout.positions, layout.slots["full"], layout.slots["sliding"])
            used = len(layout.ends)
            if min(layout.counts) == each:
                runs[:, : used * each] = lists
                rows = list(range(used * each))
            else:
                for b, (start, own) in enumerate(zip(layout.starts, layout.counts, strict=False)):
                    first, stop = b * each, b * each + own
                    runs[:, first:stop] = [one[start : start + own] for one in lists]
                    # Rows that are not there stand behind those that are, so that nobody sees them.
                    runs[2, stop : first + each] = layout.positions[start + own - 1] + 1
                    rows += range(first, stop)
            firsts[:used] = layout.firsts["sliding"]
            self._fill_tables(place, layout)
        if place.is_prompt:
            numbers[-1] = max(rows, default=0)
        place.outbox.send()
        return [0] if place.is_prompt else rows

    def _widths(self, rows_each: int) -> dict[LayerKind, int]:
        """Columns of the page tables of sequences that ask with so many rows."""
        most, window = self._most_pages, self._cache.window
        near = most if window is None else -(-(window + rows_each) // self._page_tokens) + 2
        return {"full": most, "sliding": min(most, near)}

    def _fill_tables(self, place: Place, layout: Layout) -> None:
        """Copy the page tables that changed since the last time."""
        for kind in KINDS:
            table = layout.tables[kind]
            if kind in place.written and np.array_equal(place.written[kind], table):
                continue
            place.written[kind] = table
            self._send(table, place.tables[kind][: table.shape[0], : table.shape[1]])

    def _send(self, numbers: IntArray, target: Tensor) -> None:
        host = torch.from_numpy(numbers)
        target.copy_(host.pin_memory() if target.is_cuda else host, non_blocking=True)


class GraphRunner(Runner):
    """Replays decoding steps.

    Args:
        model: On its device.
        cache: Its keys and values, with a page that nobody reads.
        kernels: Twins that read a step's lengths from the device.
        config: Sizes.
        device: Of all.
        record: Turns a piece of work into one that can be replayed.
    """

    def __init__(
        self,
        model: TextModel,
        cache: PagedCache,
        kernels: Kernels,
        config: EngineConfig,
        device: torch.device,
        record: Record | None = None,
    ) -> None:
        super().__init__(model, cache, kernels, max(config.step_tokens, config.max_sequences * MOST_ROWS), device)
        self._device = device
        self._desk = Desk(cache, config, device)
        self._step_tokens = config.step_tokens
        # Prompts' graphs take as much memory as the largest step, apart from the others', so that it can be given back.
        self._record, self._record_prompt = (record, record) if record else (CudaRecorder(), CudaRecorder())
        self._records_prompts = kernels.can_capture_prompts
        self._graphs: dict[tuple[int, int, bool], tuple[Place, Recorded[Computed]] | None] = {}
        self._prompts_seen: set[int] = set()

    def run(self, layout: Layout) -> Computed:
        """See `Runner.run`."""
        graph = self._graph_for(layout)
        if graph is None:
            try:
                return super().run(layout)
            except torch.OutOfMemoryError:
                if not self._forget_prompts():
                    raise
                return super().run(layout)
        place, (replay, computed) = graph
        rows = self._desk.fill(place, layout)
        replay()
        is_whole = len(rows) == rows[-1] + 1
        chosen = slice(len(rows)) if is_whole else torch.tensor(rows, device=self._device)
        return Computed(
            hidden_RC=computed.hidden_RC[chosen],
            logits_RV=computed.logits_RV[chosen],
            best_R=computed.best_R[chosen],
        )

    def _forget_prompts(self) -> bool:
        """Give back the memory of prompts' graphs, for good; whether there was any."""
        keys = [key for key, graph in self._graphs.items() if key[2] and graph is not None]
        if not keys:
            return False
        log.warning("memory is short: prompts run operation by operation from now on, which takes longer to start them")
        for key in keys:
            del self._graphs[key]
        self._records_prompts = False
        if self._device.type == "cuda":
            torch.cuda.empty_cache()
        return True

    def _graph_for(self, layout: Layout) -> tuple[Place, Recorded[Computed]] | None:
        """The graph for a step, recorded now if it is time; `None` if none could run it."""
        key = self._size_of_prompt(layout) or self._size_of_decoding(layout)
        if key is None:
            return None
        if not self._desk.has_room(layout, key[1]):
            return None
        if key not in self._graphs:
            self._graphs[key] = self._capture(*key)
        return self._graphs[key]

    def _size_of_decoding(self, layout: Layout) -> tuple[int, int, bool] | None:
        if len(layout.wanted) != len(layout.ids):
            return None
        rows_each = max(layout.counts)
        num_sequences = self._desk.batch_of(len(layout.ends))
        return None if rows_each > MOST_ROWS or num_sequences is None else (num_sequences, rows_each, False)

    def _size_of_prompt(self, layout: Layout) -> tuple[int, int, bool] | None:
        """A prompt's end alone in its step; recorded when a size comes for the second time, for that takes a moment."""
        count = len(layout.ids)
        is_end = layout.wanted == [count - 1] and len(layout.ends) == 1 and layout.sources[0] < 0
        if not (self._records_prompts and is_end and count > MOST_ROWS):
            return None
        size = count if count == self._step_tokens else next((rows for rows in PROMPTS if rows >= count), None)
        if size is None:
            return None
        is_first = size not in self._prompts_seen
        self._prompts_seen.add(size)
        return None if is_first else (1, size, True)

    def _capture(self, num_sequences: int, rows_each: int, is_prompt: bool) -> tuple[Place, Recorded[Computed]] | None:
        place = self._desk.place(num_sequences, rows_each, is_prompt=is_prompt)
        self.num_recorded += 1
        newest_T = self._newest_T.clone()  # recording runs the work, and the step to come reads these
        try:
            recorded = (self._record_prompt if is_prompt else self._record)(lambda: self._step(place))
        except RuntimeError as error:  # no memory left, or an operation that cannot be recorded
            if isinstance(error, torch.OutOfMemoryError) and not is_prompt and self._forget_prompts():
                return self._capture(num_sequences, rows_each, is_prompt)
            log.warning(
                "steps of %d sequences with %d rows each could not be recorded and run operation by operation: %s",
                num_sequences, rows_each, str(error).partition("\n")[0],
            )  # fmt: skip
            return None
        finally:
            self._newest_T.copy_(newest_T)
        return place, recorded

    def _step(self, place: Place) -> Computed:
        """The work of one step, all of whose numbers are on the device."""
        ids_T, source_T, position_T = (place.part(number) for number in range(3))
        ids_T = torch.where(source_T >= 0, self._newest_T[source_T.clamp(min=0)], ids_T)
        memory = self._desk.memory(place, self._cache.layers, self._kernels.attention)
        row_R = None
        if place.is_prompt:
            row_R = place.row_R
            last = QueryRows(
                position_T=position_T[row_R],
                starts=(0, 1),
                ends=(0,) * place.num_sequences,
                placed_starts=torch.arange(2, device=self._device),
            )
            memory = replace(memory, kept=replace(memory, rows=last))
        hidden_RC = self._model(ids_T, position_T, memory, row_R)
        logits_RV = self._model.logits(hidden_RC)
        best_R = logits_RV.argmax(-1)
        self._newest_T[: best_R.shape[0]] = best_R
        return Computed(hidden_RC=hidden_RC, logits_RV=logits_RV, best_R=best_R)


class Draft(Protocol):
    """Some draft steps."""

    def __call__(self, token_T: Tensor, hidden_TW: Tensor, memory: PagedMemory, depth: int) -> Tensor:
        """Guess `depth` tokens for each row, (`depth`, T); see `AssistantDrafter`."""
        ...


class DraftGraphs:
    """Replays rounds of draft steps: one graph for each number of sequences and of steps.

    Args:
        draft: The steps.
        cache: The model's keys and values.
        layers: The drafter's, as `borrowing_batch` gives them to its memory.
        kernels: The drafter's.
        config: Sizes.
        device: Of all.
        record: As for `GraphRunner`.
    """

    def __init__(
        self,
        draft: Draft,
        cache: PagedCache,
        layers: tuple[LayerCache, ...],
        kernels: Kernels,
        config: EngineConfig,
        device: torch.device,
        record: Record | None = None,
    ) -> None:
        self.num_recorded = 0
        self._draft = draft
        self._layers = layers
        self._kernels = kernels
        self._desk = Desk(cache, config, device)
        self._record = record or CudaRecorder()
        self._graphs: dict[tuple[int, int], tuple[Place, Tensor, Recorded[Tensor]] | None] = {}

    def guess(self, layout: Layout, hidden_TW: Tensor, depth: int) -> Tensor | None:
        """Tokens, (`depth`, T); `None` if no graph could do it."""
        count = len(layout.ends)
        batch = self._desk.batch_of(count)
        if batch is None or not self._desk.has_room(layout, 1):
            return None
        if (batch, depth) not in self._graphs:
            self._graphs[batch, depth] = self._capture(batch, depth, hidden_TW)
        graph = self._graphs[batch, depth]
        if graph is None:
            return None
        place, hidden_BW, (replay, token_DB) = graph
        self._desk.fill(place, layout)
        hidden_BW[:count] = hidden_TW
        replay()
        return token_DB[:, :count]

    def _capture(self, batch: int, depth: int, like_TW: Tensor) -> tuple[Place, Tensor, Recorded[Tensor]] | None:
        place = self._desk.place(batch, 1)
        hidden_BW = like_TW.new_zeros(batch, like_TW.shape[1])
        self.num_recorded += 1

        def work() -> Tensor:
            memory = self._desk.memory(place, self._layers, self._kernels.attention)
            return self._draft(place.part(0), hidden_BW, memory, depth)

        try:
            return place, hidden_BW, self._record(work)
        except RuntimeError as error:
            log.warning(
                "%d draft steps of %d sequences could not be recorded and run operation by operation: %s",
                depth, batch, str(error).partition("\n")[0],
            )  # fmt: skip
            return None


class CudaRecorder:
    """Records CUDA graphs that share one pool of memory: only one of them runs at a time."""

    def __init__(self) -> None:
        self._pool: Any = None

    def __call__(self, work: Work[T]) -> Recorded[T]:
        """See `Record`."""
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(2):  # kernels are compiled and libraries make their plans outside of the recording
                work()
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=self._pool, stream=stream):
            computed = work()
        self._pool = graph.pool()
        return graph.replay, computed
