"""Speculative decoding: a few tokens guessed for each sequence, all checked by the model in one ordinary step.

    ids        | x x x x x x n |            n is the newest token, not yet read by the model
    share      |             n d1 d2 d3 |   1 + depth rows
    choices    |             c1 c2 c3 c4    what the model itself chooses after each row
    delivered  |             c1 c2          while c1 = d1, c2 = d2, ...: here c2 is not d2, so d2 and d3 were wrong

A choice is made as without drafts: by the same logits, seed and step. So the text is the text of plain decoding, drawn
or greedy, whoever guessed. For a guess d without a distribution of its own this is the rejection rule of
arXiv:2211.17192, section 2.3: d stays with probability p(d), else the token follows p without d, rescaled; drawing from
one shared random number per step makes it independent of the drafter (arXiv:2408.07978).

Guesses come from a drafter that reads the model's keys and values, or from the sequence's own earlier tokens. How many
depends on how often they proved right and on what a row costs here, both measured as it goes; none at all where that
is quickest.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Collection
from collections.abc import Sequence as Ordered
from dataclasses import dataclass
from itertools import accumulate, takewhile
from typing import Protocol
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor

from gemstead.core.errors import BadRequest
from gemstead.engine.batch import (
    IntArray,
    PagedCache,
    PagedMemory,
    borrowing_batch,
    borrowing_layers,
    borrowing_layout,
)
from gemstead.engine.config import EngineConfig
from gemstead.engine.graphs import DraftGraphs, Record
from gemstead.engine.sampler import Choice
from gemstead.engine.sequence import DraftCounts, Sequence
from gemstead.kernels.ops import Kernels
from gemstead.models.cache import LayerCache
from gemstead.models.families import AssistantModel, TextModel

MAX_DEPTH = 16
HOPE = 0.6  # share of drafts expected to be right before any was tried
INERTIA = 2.0  # drafts that the expectation weighs as much as
MEMORY = 0.9  # of a sequence's acceptance, per step
LONG_MEMORY = 0.98  # of all sequences' acceptance, per step
LEAST_GAIN = 1.08  # speculation must promise so much more speed than plain decoding
LEAST_CHANCE = 0.1  # a draft that is right less often is not worth its row
SINK, RISE = 0.3, 0.03  # weights of a measurement that is quicker or slower than what is known
PROBE_EVERY = 32  # steps; then the other way is tried, so that both costs stay known
PROBE_AT_LEAST_EVERY = 512  # while one way pays, trying the other becomes this rare
PROBED = 4  # sequences that speculation is tried on
PLAIN_TRIAL = 4  # steps without it where they run ahead: the first one does not yet


@dataclass(frozen=True, kw_only=True)
class Speculation:
    """How an engine guesses.

    Args:
        name: Of the drafter, for people.
        assistant: The drafter, on the model's device; `None` looks in the sequence's own tokens.
        layers: What the drafter's layers read of the model's cache.
        kernels: Twins of the drafter. They need not be reproducible: drafts change no text.
        depth: Most drafts of one sequence in one step.
    """

    name: str
    assistant: AssistantModel | None = None
    layers: tuple[LayerCache, ...] = ()
    kernels: Kernels | None = None
    depth: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.depth <= MAX_DEPTH:
            raise BadRequest(f"drafts of {self.depth} tokens were asked for; allowed is 1 to {MAX_DEPTH}")


def agreed(drafts: Ordered[int], choices: list[Choice]) -> list[Choice]:
    """What may be delivered of a share's choices.

    Args:
        drafts: What was guessed.
        choices: The model's own choice before the first draft and after each; one more than drafts.

    Returns:
        The choices up to and with the first that no draft foretold.
    """
    right = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1].token_id, zip(drafts, choices, strict=False)))
    return choices[: right + 1]


class Drafter(Protocol):
    """Guesses tokens.

    Args:
        is_steady: Whether it is always ready where it was once: what it could guess hangs on no token to come.
    """

    is_steady: bool

    @property
    def num_recorded(self) -> int:
        """Recordings that were made; a guess during which one was took longer for it."""
        ...

    def is_ready(self, sequence: Sequence) -> bool:
        """Whether it could guess for a sequence now."""
        ...

    def propose(self, sequences: list[Sequence], depths: list[int]) -> list[list[int]]:
        """Guess what follows each sequence's newest token: at most so many tokens each."""
        ...

    def notice(self, sequence: Sequence, hidden_C: Tensor) -> None:
        """Learn the model's hidden state at the place whose logits gave the newest token."""
        ...


class AssistantDrafter:
    """A drafter model; see `models/gemma4/assistant.py`.

    Args:
        model: The target, whose embedding is used.
        speculation: With an assistant.
        cache: The target's keys and values.
        config: Sizes.
        device: Of both.
        record: How rounds of draft steps are recorded; `None` runs them operation by operation.
    """

    is_steady = True

    def __init__(
        self,
        model: TextModel,
        speculation: Speculation,
        cache: PagedCache,
        config: EngineConfig,
        device: torch.device,
        record: Record | None,
    ) -> None:
        assert speculation.assistant is not None and speculation.kernels is not None
        self._model = model
        self._assistant = speculation.assistant
        self._layers = borrowing_layers(speculation.layers)
        self._kernels = speculation.kernels
        self._cache = cache
        self._page_tokens = config.page_tokens
        self._device = device
        self._hidden: WeakKeyDictionary[Sequence, Tensor] = WeakKeyDictionary()
        self._graphs: DraftGraphs | None = None
        if record is not None:
            self._graphs = DraftGraphs(self._draft, cache, self._layers, self._kernels, config, device, record)

    @property
    def num_recorded(self) -> int:
        """See `Drafter.num_recorded`."""
        return 0 if self._graphs is None else self._graphs.num_recorded

    def is_ready(self, sequence: Sequence) -> bool:
        """See `Drafter.is_ready`."""
        return sequence in self._hidden

    def notice(self, sequence: Sequence, hidden_C: Tensor) -> None:
        """See `Drafter.notice`."""
        self._hidden[sequence] = hidden_C.clone()  # a copy: a view would keep the whole step's states alive

    def propose(self, sequences: list[Sequence], depths: list[int]) -> list[list[int]]:
        """See `Drafter.propose`. All sequences go through the drafter together, as long as their depth asks for it."""
        layout = borrowing_layout(sequences, self._page_tokens)
        hidden_TW = torch.stack([self._hidden[sequence] for sequence in sequences])
        token_DT = None if self._graphs is None else self._graphs.guess(layout, hidden_TW, max(depths))
        if token_DT is not None:  # recorded steps take all sequences as far as the deepest
            return [own[:depth] for own, depth in zip(token_DT.T.tolist(), depths, strict=True)]
        batch = borrowing_batch(layout, self._cache, self._layers, self._kernels, self._device)
        token_T, memory = batch.ids_T, batch.memory
        going = list(range(len(sequences)))
        drafts: list[list[int]] = [[] for _ in sequences]
        guessed: list[tuple[list[int], Tensor]] = []
        for depth in range(max(depths)):
            kept = [row for row, number in enumerate(going) if depths[number] > depth]
            if len(kept) < len(going):
                going = [going[row] for row in kept]
                row_R = torch.tensor(kept, device=self._device)
                memory = memory.keep_rows(row_R)
                token_T, hidden_TW = token_T[row_R], hidden_TW[row_R]
            token_T, hidden_TW = self._step(token_T, hidden_TW, memory)
            guessed.append((going, token_T))
        for numbers, tokens in guessed:  # read back only now: a GPU is not waited for between draft steps
            for number, token in zip(numbers, tokens.tolist(), strict=True):
                drafts[number].append(token)
        return drafts

    def _draft(self, token_T: Tensor, hidden_TW: Tensor, memory: PagedMemory, depth: int) -> Tensor:
        """So many steps of all rows: (`depth`, T) tokens."""
        guessed = []
        for _ in range(depth):
            token_T, hidden_TW = self._step(token_T, hidden_TW, memory)
            guessed.append(token_T)
        return torch.stack(guessed)

    def _step(self, token_T: Tensor, hidden_TW: Tensor, memory: PagedMemory) -> tuple[Tensor, Tensor]:
        """One step: the next tokens, and what the step after takes for hidden states."""
        position_T = memory.rows.position_T + 1  # rows stand at the last key, one before their token
        step = self._assistant(self._model.embed(token_T), hidden_TW, position_T, memory)
        return self._assistant.best_tokens(step.out_TC), step.hidden_TW


class LookupDrafter:
    """Guesses that what followed the last few tokens before follows them again; the longest match counts.

    Where that is fewer tokens than asked for, they repeat: a text that ends in a loop goes on with it. Right where an
    answer repeats its prompt: edits, summaries, names. Source: LLMA, arXiv:2304.04487, section 3.

    Args:
        longest: Tokens of the longest match looked for.
        shortest: Of the shortest.
    """

    is_steady = False
    num_recorded = 0

    def __init__(self, longest: int = 4, shortest: int = 2) -> None:
        self._longest, self._shortest = longest, shortest
        self._texts: WeakKeyDictionary[Sequence, _Text] = WeakKeyDictionary()

    def is_ready(self, sequence: Sequence) -> bool:
        """See `Drafter.is_ready`."""
        return self._find(sequence) is not None

    def notice(self, sequence: Sequence, hidden_C: Tensor) -> None:
        """See `Drafter.notice`. Nothing is needed."""

    def propose(self, sequences: list[Sequence], depths: list[int]) -> list[list[int]]:
        """See `Drafter.propose`."""
        drafts = []
        for sequence, depth in zip(sequences, depths, strict=True):
            stop = self._find(sequence)
            after = [] if stop is None else sequence.ids[stop : stop + depth]
            drafts.append([after[i % len(after)] for i in range(depth)] if after else [])
        return drafts

    def _find(self, sequence: Sequence) -> int | None:
        """The place after the latest earlier occurrence of the sequence's last tokens."""
        text = self._texts.setdefault(sequence, _Text())
        return text.find(sequence.ids, self._longest, self._shortest)


class _Text:
    """A list of tokens that grows, as an array; it is searched once for each length."""

    def __init__(self) -> None:
        self._ids: IntArray = np.empty(0, dtype=np.int64)
        self._count = 0
        self._found: int | None = None

    def find(self, ids: list[int], longest: int, shortest: int) -> int | None:
        """As `LookupDrafter` asks for it.

        All are looked at every time: that takes microseconds, where an index takes as long to make as many steps.
        """
        if len(ids) > self._count:
            self._found = self._search(self._read(ids), longest, shortest)
        return self._found

    def _read(self, ids: list[int]) -> IntArray:
        if len(ids) > len(self._ids):
            grown = np.empty(2 * len(ids), dtype=np.int64)
            grown[: self._count] = self._ids[: self._count]
            self._ids = grown
        self._ids[self._count : len(ids)] = ids[self._count :]
        self._count = len(ids)
        return self._ids[: self._count]

    @staticmethod
    def _search(ids: IntArray, longest: int, shortest: int) -> int | None:
        stops, found = np.flatnonzero(ids[:-1] == ids[-1]) + 1, None
        for size in range(2, min(longest, len(ids)) + 1):
            stops = stops[stops >= size]
            stops = stops[ids[stops - size] == ids[-size]]
            if not len(stops):
                break
            found = int(stops[-1]) if size >= shortest else None
        return found


class Timings:
    """Seconds by size, as last measured; between sizes that were, a straight line.

    A larger size never takes less time than a smaller one, and what else the machine does only ever makes a step
    slower. So quick measurements weigh more than slow ones, and a size is held to take no longer than any larger one.

    Args:
        growth: What one more is believed to cost as a share of what size 0 would, beyond what was measured.
    """

    def __init__(self, growth: float) -> None:
        self._growth = growth
        self._seconds: dict[int, float] = {}
        self._count: dict[int, int] = {}

    def note(self, size: int, seconds: float) -> None:
        """Take a measurement in. The first few of a size count by the quickest."""
        step = 1 << max(0, size.bit_length() - 4)  # sizes are told apart to three binary digits after the first
        size = -(-size // step) * step
        known, count = self._seconds.get(size, seconds), self._count.get(size, 0)
        weight = SINK if seconds < known else RISE
        moved = known + weight * (min(seconds, 2 * known) - known)
        self._seconds[size] = min(known, seconds) if count < 4 else moved
        self._count[size] = count + 1

    def expect(self, size: int) -> float | None:
        """Seconds of a size; `None` before anything was measured."""
        if not self._seconds:
            return None
        sizes = sorted(self._seconds)
        quickest = list(accumulate((self._seconds[s] for s in reversed(sizes)), min))[::-1]
        place = bisect_left(sizes, size)
        if place == len(sizes):
            return quickest[-1] * (1 + self._growth * size) / (1 + self._growth * sizes[-1])
        if sizes[place] == size or place == 0:
            return quickest[place]
        share = (size - sizes[place - 1]) / (sizes[place] - sizes[place - 1])
        return (1 - share) * quickest[place - 1] + share * quickest[place]


class Recording(Protocol):
    """What may record work on the way, which then takes longer than it will."""

    @property
    def num_recorded(self) -> int:
        """Recordings that were made."""
        ...


class Watch:
    """Measures some work.

    Args:
        recording: What does the work; where it recorded something meanwhile, the time tells nothing.
    """

    def __init__(self, recording: Recording) -> None:
        self._recording, self._recorded = recording, recording.num_recorded
        self._begin = time.perf_counter()

    def tell(self, timings: Timings, size: int, parts: int = 1) -> None:
        """Note the time since the watch was made, as that of one of so many equal parts."""
        if self._recording.num_recorded == self._recorded:
            timings.note(size, (time.perf_counter() - self._begin) / parts)


class Costs:
    """What a step costs: the model's by its rows, a draft step by its sequences. Starts from rough guesses.

    A step that runs ahead takes the time from one step's end to the next one's; one that has drafts to check waits for
    the step before it and is waited for.

    Args:
        draft_share: A draft step's cost as a share of a plain step's, before it was measured.

    Attributes:
        steps: Of steps that were waited for, from plan to delivery, by rows.
        ahead: Of steps that ran ahead of their own reading, while the next one did, by sequences, as the others are.
        launches: What it took to start the first of these.
        landings: What it took to wait for the last of them.
        drafts: Of draft steps.
    """

    def __init__(self, draft_share: float) -> None:
        self._draft_share = draft_share
        self.steps = Timings(growth=0.03)
        self.ahead = Timings(growth=0.03)
        self.launches = Timings(growth=0.03)
        self.landings = Timings(growth=0.03)
        self.drafts = Timings(growth=0.03)

    def step_s(self, rows: int) -> float:
        """Seconds of a step that is waited for."""
        measured = self.steps.expect(rows)
        return 1.0 if measured is None else measured

    def plain_s(self, sequences: int) -> float:
        """Seconds of a step without drafts, which runs ahead where steps may."""
        measured = self.ahead.expect(sequences)
        return self.step_s(sequences) if measured is None else measured

    def switch_s(self, sequences: int) -> float:
        """Seconds lost where steps that run ahead are broken off: the last one is waited for, the next one waits."""
        landing, launch = self.landings.expect(sequences), self.launches.expect(sequences)
        return 0.0 if landing is None or launch is None else max(0.0, landing + launch - self.plain_s(sequences))

    def draft_s(self, sequences: int) -> float:
        """Seconds of one draft step."""
        measured = self.drafts.expect(sequences)
        return self._draft_share * self.step_s(sequences) if measured is None else measured


def choose_depths(chances: list[float], limits: list[int], costs: Costs, *, breaks_off: bool = False) -> list[int]:
    """How many drafts each sequence is to have for the most tokens per second.

    With chance a of a draft being right, d drafts bring a + a^2 + ... + a^d tokens more (arXiv:2211.17192, equation 1).

    Args:
        chances: Of a draft being right, one per sequence.
        limits: Most drafts, one per sequence.
        costs: Of steps and drafts.
        breaks_off: Whether steps run ahead now.
    """
    num = len(chances)
    depths, best = [0] * num, [0] * num
    tokens, drafting_s = float(num), costs.switch_s(num) if breaks_off else 0.0
    plain_speed = best_speed = num / costs.plain_s(num)
    for depth in range(1, max(limits) + 1):
        going = [i for i in range(num) if limits[i] >= depth and chances[i] ** depth >= LEAST_CHANCE]
        if not going:
            break
        for i in going:
            depths[i] = depth
            tokens += chances[i] ** depth
        drafting_s += costs.draft_s(len(going))
        speed = tokens / (costs.step_s(num + sum(depths)) + drafting_s)
        if speed > max(best_speed, LEAST_GAIN * plain_speed):
            best, best_speed = depths.copy(), speed
    return best


class Speculator:
    """Decides before a step what is guessed, and learns after it what that was worth.

    Args:
        drafter: Who guesses; `None` if nobody does.
        depth: Most drafts of one sequence in one step.
        costs: Where measurements are kept.
        eos_ids: Tokens that end an answer; nothing is guessed from them on.
        max_length: Tokens one sequence may reach.
    """

    def __init__(
        self, drafter: Drafter | None, depth: int, costs: Costs, eos_ids: Collection[int], max_length: int
    ) -> None:
        self.counts = None if drafter is None else DraftCounts()
        self._drafter = drafter
        self._depth = depth
        self._costs = costs
        self._eos_ids = eos_ids
        self._max_length = max_length
        self._chances: WeakKeyDictionary[Sequence, _Chance] = WeakKeyDictionary()
        self._overall = _Chance()
        self._patience = PROBE_EVERY
        self._since_probe = 0
        self._plain_left = 0
        self._pays = False
        self._rests = drafter is None

    @property
    def costs(self) -> Costs:
        """Where what steps take is noted."""
        return self._costs

    @property
    def rests(self) -> bool:
        """Whether nobody would guess for the running sequences now that their newest tokens are known."""
        return self._rests

    def rest_on(self, running: list[Sequence]) -> bool:
        """Count a step that nobody guessed for; whether `rests` still holds, as far as tokens are known."""
        if self._drafter is None or not self._rests:
            return self._rests
        self._since_probe += 1
        if self._plain_left:
            self._plain_left -= 1
            self._rests = self._plain_left > 0
        else:
            self._rests = self._since_probe + 1 < self._patience and not self._would_draft(running)
        return self._rests

    def draft(self, running: list[Sequence]) -> dict[Sequence, list[int]]:
        """Guess for the running sequences that have one token to read: those that decode."""
        if self._drafter is None:
            return {}
        self._rests, self._plain_left = False, 0
        watch = Watch(self._drafter)
        able, depths = self._choose(running, breaks_off=False)
        pays = any(depths)
        if able and self._is_time_to_probe(pays=pays):
            depths = [0 if pays or number >= PROBED else 1 for number in range(len(depths))]
            self._plain_left = PLAIN_TRIAL if pays else 0
        chosen = [(s, depth) for s, depth in zip(able, depths, strict=True) if depth]
        if not chosen:
            # A sequence that no drafter is ready for may be one after its next token.
            self._rests = len(able) == len(running) or not self._drafter.is_steady
            return {}
        drafts = self._drafter.propose([s for s, _ in chosen], [depth for _, depth in chosen])
        watch.tell(self._costs.drafts, len(chosen), parts=max(depth for _, depth in chosen))
        cut = [list(takewhile(lambda token: token not in self._eos_ids, guessed)) for guessed in drafts]
        return {sequence: guessed for (sequence, _), guessed in zip(chosen, cut, strict=True) if guessed}

    def settle(self, sequence: Sequence, drafted: int, accepted: int, hidden_C: Tensor | None) -> None:
        """Learn what became of a sequence's drafts, and where the next ones start.

        Args:
            sequence: Whose.
            drafted: Drafts that were checked.
            accepted: Those of them that proved right.
            hidden_C: The model's state that gave the newest token; `None` if a step after it is on its way.
        """
        if self._drafter is None or self.counts is None:
            return
        if hidden_C is not None:
            self._drafter.notice(sequence, hidden_C)
        sequence.draft_counts = sequence.draft_counts or DraftCounts()
        for counts in (sequence.draft_counts, self.counts):
            counts.steps += 1
            counts.drafted += drafted
            counts.accepted += accepted
        if drafted:
            tried = min(drafted, accepted + 1)  # what follows a wrong draft was not tried
            self._chances.setdefault(sequence, _Chance()).note(tried, accepted, MEMORY)
            self._overall.note(tried, accepted, LONG_MEMORY)

    def _choose(self, running: list[Sequence], *, breaks_off: bool) -> tuple[list[Sequence], list[int]]:
        """The sequences that could have drafts now, and how many each should have."""
        assert self._drafter is not None
        able = [s for s in running if s.num_waiting == 1 and self._limit(s) > 0 and self._drafter.is_ready(s)]
        if not able:
            return [], []
        limits = [self._limit(sequence) for sequence in able]
        chances = [self._chance(sequence) for sequence in able]
        return able, choose_depths(chances, limits, self._costs, breaks_off=breaks_off)

    def _would_draft(self, running: list[Sequence]) -> bool:
        """Whether tokens that came since nobody guessed make somebody guess."""
        assert self._drafter is not None
        return not self._drafter.is_steady and any(self._choose(running, breaks_off=True)[1])

    def _is_time_to_probe(self, *, pays: bool) -> bool:
        """Whether the other way is to be tried: soon after a change, then ever more rarely."""
        if pays != self._pays:
            self._pays, self._patience = pays, PROBE_EVERY
        self._since_probe += 1
        if self._since_probe < self._patience:
            return False
        self._since_probe = 0
        self._patience = min(2 * self._patience, PROBE_AT_LEAST_EVERY)
        return True

    def _limit(self, sequence: Sequence) -> int:
        """Drafts that could all be delivered, with the token that the step brings anyway."""
        left = min(sequence.max_tokens - sequence.num_written, self._max_length - len(sequence.ids))
        return min(self._depth, left - 1)

    def _chance(self, sequence: Sequence) -> float:
        """Of a draft being right. A new sequence is hoped to do better than all others did."""
        prior = (HOPE + self._overall.share(HOPE)) / 2
        own = self._chances.get(sequence)
        return prior if own is None else own.share(prior)


@dataclass
class _Chance:
    """Drafts tried and right, older ones counting less."""

    tried: float = 0.0
    right: float = 0.0

    def note(self, tried: int, right: int, memory: float) -> None:
        self.tried, self.right = memory * self.tried + tried, memory * self.right + right

    def share(self, prior: float) -> float:
        return (self.right + INERTIA * prior) / (self.tried + INERTIA)


def new_speculator(
    speculation: Speculation | None,
    model: TextModel,
    cache: PagedCache,
    config: EngineConfig,
    device: torch.device,
    record: Record | None = None,
) -> Speculator:
    """Everything that one engine needs to speculate, or not to; draft steps are recorded where that is possible."""
    drafter: Drafter | None = None
    draft_share = 0.0
    if speculation is not None and speculation.assistant is None:
        drafter = LookupDrafter()
    elif speculation is not None:
        can_record = speculation.kernels is not None and speculation.kernels.can_capture
        drafter = AssistantDrafter(model, speculation, cache, config, device, record if can_record else None)
        draft_share = 0.1
    depth = 0 if speculation is None else speculation.depth
    return Speculator(drafter, depth, Costs(draft_share), config.eos_ids, config.max_length)
