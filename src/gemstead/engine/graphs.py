"""Steps as captured graphs: one per size, recorded once, replayed with new numbers in the same places.

A launch costs a GPU's host tens of microseconds, and a step has hundreds; a replay costs one. There are two kinds of
recordings. Of *even* ones every sequence has as many rows, and the results of all rows are wanted: steps that decode.
Of *ragged* ones sequences have as many rows as they like, filled up to the next of `ROWS`, and each one's last row is
wanted: steps that read prompts, whoever else decodes beside them. What a graph reads lies in buffers of its own: the
step's numbers are copied there before each replay. Steps of any other kind run operation by operation.

    numbers   | ids T | sources T | positions T | slots of the growing pool T | of the bounded one T |
              | firsts B | starts B + 1 | last rows B | their positions B |
    even      row is sequence * rows each + place; a sequence with fewer rows, and a sequence that is not there, write
              to the page nobody reads
    ragged    rows stand one after another; those that are not there follow the last sequence's, whose keys they see
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple, Protocol, TypeVar

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
FIRSTS, STARTS, LAST_ROWS, LAST_POSITIONS, NUM_RUNS = 5, 6, 7, 8, 9  # runs of numbers after those of T
TURNS = 3  # of buffers: steps that may be on their way at once, and one more
MOST_ROWS = 17  # of a sequence that decodes: the newest token and its drafts
ROWS = (64, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192)  # of steps that read prompts
SEQUENCES = (1, 4, 16, 64, 256)  # of the same

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


class Size(NamedTuple):
    """Of a recording.

    Args:
        num_sequences: B.
        num_rows: T.
        is_ragged: Whether sequences have unlike numbers of rows.
    """

    num_sequences: int
    num_rows: int
    is_ragged: bool = False

    @property
    def most_each(self) -> int:
        """Rows that one sequence may have."""
        return self.num_rows if self.is_ragged else self.num_rows // self.num_sequences


@dataclass(frozen=True, kw_only=True)
class Place:
    """What one graph reads and writes.

    Args:
        size: Of the recording.
        numbers: The step's integers, int64, as drawn above.
        tables: Pages of each sequence, int64 (B, P), by pool.
        written: What `tables` were last filled with.
    """

    size: Size
    numbers: Tensor
    tables: dict[LayerKind, Tensor]
    written: dict[LayerKind, IntArray] = field(default_factory=dict)

    @cached_property
    def outbox(self) -> Outbox:
        """How `numbers` are sent."""
        return Outbox(self.numbers)

    def part(self, number: int) -> Tensor:
        """One of the nine runs of numbers."""
        return self.numbers[run_of(self.size, number)]


def run_of(size: Size, number: int) -> slice:
    """Where a run of numbers stands, as drawn above."""
    # Kernels are compiled for addresses that are multiples of 16 bytes.
    stride, short = size.num_rows + size.num_rows % 2, size.num_sequences + 2 - size.num_sequences % 2
    begin = min(number, 5) * stride + max(number - 5, 0) * short
    return slice(begin, begin + (size.num_rows if number < 5 else size.num_sequences + (number == STARTS)))


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
        self._most_sequences = config.max_sequences
        self._most_pages = -(-config.max_length // config.page_tokens) + 1
        slots = (cache.unread_page(kind) * config.page_tokens for kind in KINDS)
        self._nobody: IntArray = np.array([0, -1, 0, *slots], dtype=np.int64)  # of a row that is not there

    def batch_of(self, num_sequences: int, sizes: tuple[int, ...] = SIZES) -> int | None:
        """Sequences of the smallest recording for so many; `None` if they are more than there may be."""
        if num_sequences > self._most_sequences:
            return None
        return min(self._most_sequences, *(size for size in sizes if size >= num_sequences))

    def has_room(self, layout: Layout, size: Size) -> bool:
        """Whether a place has room for a step's page tables."""
        widths = self._widths(size)
        return all(layout.tables[kind].shape[1] <= widths[kind] for kind in KINDS)

    def place(self, size: Size) -> Place:
        """A place in which nobody stands."""
        count = run_of(size, NUM_RUNS).start
        place = Place(
            size=size,
            numbers=torch.zeros(count, dtype=torch.int64, device=self._device),
            tables={
                kind: torch.full((size.num_sequences, width), self._cache.unread_page(kind), device=self._device)
                for kind, width in self._widths(size).items()
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
        size = place.size
        batch = size.num_sequences
        _, _, position_T, full_T, sliding_T, first_B, start_B, _, last_position_B = map(place.part, range(NUM_RUNS))
        nobody = (0,) * batch
        each = 0 if size.is_ragged else size.most_each
        rows = QueryRows(
            position_T=position_T,
            starts=tuple(b * each for b in range(batch + 1)),
            ends=nobody,
            placed_starts=start_B,
            is_ragged=size.is_ragged,
        )
        zeros_B = torch.zeros(batch, dtype=torch.int64, device=self._device)
        slots = dict(zip(KINDS, (full_T, sliding_T), strict=True))
        firsts = dict(zip(KINDS, (zeros_B, first_B), strict=True))
        pools = {
            kind: PoolView(
                page_table_BP=place.tables[kind], firsts=nobody, slot_T=slots[kind], placed_firsts=firsts[kind]
            )
            for kind in KINDS
        }
        memory = PagedMemory(cache=self._cache, layers=layers, rows=rows, pools=pools, attention=attention)
        if not size.is_ragged:
            return memory
        last = QueryRows(
            position_T=last_position_B,
            starts=tuple(range(batch + 1)),
            ends=nobody,
            placed_starts=torch.arange(batch + 1, device=self._device),
        )
        return replace(memory, kept=replace(memory, rows=last))

    def fill(self, place: Place, layout: Layout | None) -> list[int]:
        """Bring a step's numbers to where its graph reads them.

        Returns:
            Those of the graph's results that are the step's.
        """
        size = place.size
        numbers = place.outbox.open()
        runs = numbers[: run_of(size, FIRSTS).start].reshape(FIRSTS, -1)
        firsts, starts, last_rows, last_positions = (numbers[run_of(size, n)] for n in range(FIRSTS, NUM_RUNS))
        runs[:] = self._nobody[:, None]
        firsts[:] = last_rows[:] = last_positions[:] = 0
        starts[:] = [min(b * size.most_each, size.num_rows) for b in range(size.num_sequences + 1)]
        rows: list[int] = []
        if layout is not None:
            lists = (layout.ids, layout.sources, layout.positions, layout.slots["full"], layout.slots["sliding"])
            used, count = len(layout.ends), len(layout.ids)
            firsts[:used] = layout.firsts["sliding"]
            if size.is_ragged:
                runs[:, :count] = lists
                # Rows that are not there stand behind those that are, so that nobody sees them.
                runs[2, count:] = layout.positions[-1] + 1
                starts[: used + 1] = layout.starts
                starts[used:] = size.num_rows
                last_rows[:used] = np.array(layout.starts[1:]) - 1
                last_positions[:used] = runs[2, last_rows[:used]]
                wanted = set(layout.wanted)
                rows = [b for b, stop in enumerate(layout.starts[1:]) if stop - 1 in wanted]
            else:
                rows = _fill_evenly(runs, lists, layout, size.most_each)
            self._fill_tables(place, layout)
        place.outbox.send()
        return rows

    def _widths(self, size: Size) -> dict[LayerKind, int]:
        """Columns of the page tables."""
        most, window = self._most_pages, self._cache.window
        near = most if window is None else -(-(window + size.most_each) // self._page_tokens) + 2
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


def _fill_evenly(runs: IntArray, lists: tuple[list[int], ...], layout: Layout, each: int) -> list[int]:
    """Write `lists` into `runs`, `each` columns for every sequence; gives the columns that are a sequence's rows."""
    used = len(layout.ends)
    if min(layout.counts) == each:
        runs[:, : used * each] = lists
        return list(range(used * each))
    rows: list[int] = []
    for b, (start, own) in enumerate(zip(layout.starts, layout.counts, strict=False)):
        first, stop = b * each, b * each + own
        runs[:, first:stop] = [one[start : start + own] for one in lists]
        runs[2, stop : first + each] = layout.positions[start + own - 1] + 1  # behind, so that nobody sees them
        rows += range(first, stop)
    return rows


class GraphRunner(Runner):
    """Replays steps.

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
        # Ragged graphs take as much memory as the largest step, apart from the others', so that it can be given back.
        self._record, self._record_ragged = (record, record) if record else (CudaRecorder(), CudaRecorder())
        self._records_ragged = kernels.can_capture_ragged
        self._even: dict[Size, tuple[Place, Recorded[Computed]] | None] = {}
        self._ragged: dict[Size, tuple[Place, Recorded[Tensor]] | None] = {}
        self._seen: set[Size] = set()

    def run(self, layout: Layout) -> Computed:
        """See `Runner.run`."""
        size = self._even_size(layout)
        even = None if size is None else self._recorded(self._even, size, self._record, self._step)
        if even is not None:
            place, (replay, computed) = even
            chosen = self._replayed(place, layout, replay)
            return Computed(
                hidden_RC=computed.hidden_RC[chosen],
                logits_RV=computed.logits_RV[chosen],
                best_R=computed.best_R[chosen],
            )
        size = None if size is not None else self._ragged_size(layout)
        ragged = None if size is None else self._recorded(self._ragged, size, self._record_ragged, self._hidden)
        if ragged is not None:
            place, (replay, hidden_BC) = ragged
            return self._conclude(hidden_BC[self._replayed(place, layout, replay)])
        try:
            return super().run(layout)
        except torch.OutOfMemoryError:
            if not self._forget_ragged():
                raise
            return super().run(layout)

    def _replayed(self, place: Place, layout: Layout, replay: Callable[[], None]) -> slice | Tensor:
        """Replay a step; gives those of the graph's results that are the step's."""
        rows = self._desk.fill(place, layout)
        replay()
        is_whole = len(rows) == rows[-1] + 1
        return slice(len(rows)) if is_whole else torch.tensor(rows, device=self._device)

    def _forget_ragged(self) -> bool:
        """Give back the memory of ragged steps' graphs, for good; whether there was any."""
        if not any(self._ragged.values()):
            return False
        log.warning("memory is short: prompts run operation by operation from now on, which takes longer to start them")
        self._ragged.clear()
        self._records_ragged = False
        if self._device.type == "cuda":
            torch.cuda.empty_cache()
        return True

    def _even_size(self, layout: Layout) -> Size | None:
        if len(layout.wanted) != len(layout.ids):
            return None
        each = max(layout.counts)
        batch = self._desk.batch_of(len(layout.ends))
        size = None if each > MOST_ROWS or batch is None else Size(batch, batch * each)
        return None if size is None or not self._desk.has_room(layout, size) else size

    def _ragged_size(self, layout: Layout) -> Size | None:
        """Nothing for a prompt's middle, of which nothing is wanted: most layers are left out there."""
        lasts = {stop - 1 for stop in layout.starts[1:]}
        takes = layout.wanted and lasts.issuperset(layout.wanted) and max(layout.sources) < 0
        if not (self._records_ragged and takes):
            return None
        count = len(layout.ids)
        batch = self._desk.batch_of(len(layout.ends), SEQUENCES)
        num_rows = min((rows for rows in (*ROWS, self._step_tokens) if rows >= count), default=None)
        size = None if batch is None or num_rows is None else Size(batch, num_rows, is_ragged=True)
        if size is None or not self._desk.has_room(layout, size):
            return None
        is_new = size not in self._seen
        self._seen.add(size)
        return None if is_new else size  # recording takes a moment, which a size that comes once is not worth

    def _recorded(
        self,
        graphs: dict[Size, tuple[Place, Recorded[T]] | None],
        size: Size,
        record: Record,
        work: Callable[[Place], T],
    ) -> tuple[Place, Recorded[T]] | None:
        """A recording, made now if there is none; `None` if it cannot be made."""
        if size not in graphs:
            graphs[size] = self._capture(size, record, work)
        return graphs[size]

    def _capture(self, size: Size, record: Record, work: Callable[[Place], T]) -> tuple[Place, Recorded[T]] | None:
        place = self._desk.place(size)
        self.num_recorded += 1
        newest_T = self._newest_T.clone()  # recording runs the work, and the step to come reads these
        try:
            return place, record(lambda: work(place))
        except RuntimeError as error:  # no memory left, or an operation that cannot be recorded
            if isinstance(error, torch.OutOfMemoryError) and not size.is_ragged and self._forget_ragged():
                return self._capture(size, record, work)
            log.warning(
                "steps of %d sequences with %d rows %s could not be recorded and run operation by operation: %s",
                size.num_sequences, size.most_each, "in all" if size.is_ragged else "each",
                str(error).partition("\n")[0],
            )  # fmt: skip
            return None
        finally:
            self._newest_T.copy_(newest_T)

    def _hidden(self, place: Place) -> Tensor:
        """The model's work on a step, all of whose numbers are on the device."""
        ids_T, source_T, position_T = (place.part(number) for number in range(3))
        ids_T = torch.where(source_T >= 0, self._newest_T[source_T.clamp(min=0)], ids_T)
        memory = self._desk.memory(place, self._cache.layers, self._kernels.attention)
        return self._model(ids_T, position_T, memory, place.part(LAST_ROWS) if place.size.is_ragged else None)

    def _step(self, place: Place) -> Computed:
        return self._conclude(self._hidden(place))


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
        if batch is None or not self._desk.has_room(layout, Size(batch, batch)):
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
        place = self._desk.place(Size(batch, batch))
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
