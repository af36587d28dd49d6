"""Which sequences take part in the next step, with how many rows; pages are handed out here."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gemstead.engine.config import EngineConfig
from gemstead.engine.pages import PagePool, page_digests
from gemstead.engine.prefix import reuse_prefix
from gemstead.engine.sequence import Sequence


@dataclass(frozen=True, kw_only=True)
class Share:
    """A sequence's part of a step: rows num_computed <= position < num_computed + count.

    Args:
        sequence: Whose.
        count: Rows, drafts included.
        drafts: Guessed tokens, which stand after all known ones.
        source: For a row whose token is not known yet: the row of the step before that chooses it. That step is not
            counted in `num_computed` yet.
    """

    sequence: Sequence
    count: int
    drafts: tuple[int, ...] = ()
    source: int | None = None

    @property
    def start(self) -> int:
        """Position of the first row."""
        return self.sequence.num_computed + (self.source is not None)

    @property
    def num_choices(self) -> int:
        """Last rows whose logits choose tokens: one and one per draft, or none while a prompt is only partly read."""
        if self.source is not None:
            return 1
        is_whole = self.sequence.num_computed + self.count == len(self.sequence.ids) + len(self.drafts)
        return 1 + len(self.drafts) if is_whole else 0


class Scheduler:
    """Holds the waiting and the running sequences.

    Running ones decode first, one row each and one per draft; what is left of the step goes to prompts, first come,
    first served. Drafts take neither a row nor a page that someone else needs. When pages run out the youngest
    sequence gives its own back and waits to be read again from its start.

    Args:
        config: Sizes.
        full: Pages of full-attention layers.
        sliding: Pages of sliding layers.
        window: Keys a sliding layer sees; `None` if the model has no sliding layers.
    """

    def __init__(self, config: EngineConfig, full: PagePool, sliding: PagePool, window: int | None) -> None:
        self._config = config
        self._full = full
        self._sliding = sliding
        self._window = window
        self.waiting: deque[Sequence] = deque()
        self.running: list[Sequence] = []

    @property
    def reads_prompts(self) -> bool:
        """Whether the next step will read more of a prompt."""
        may_admit = bool(self.waiting) and len(self.running) < self._config.max_sequences
        return may_admit or any(sequence.num_waiting > 1 for sequence in self.running)

    def plan(self, drafts: Mapping[Sequence, list[int]] = MappingProxyType({})) -> list[Share]:
        """Choose the next step: decoding rows first, then prompts' chunks; empty when there is nothing to do.

        Args:
            drafts: What was guessed for sequences that decode.
        """
        budget = self._config.step_tokens
        spare = budget - len(self.running)  # rows for drafts: everyone in work gets his own first
        shares: list[Share] = []
        num_running = len(self.running)
        for sequence in sorted(self.running, key=lambda s: s.num_waiting > 1):
            if sequence not in self.running or budget == 0:
                continue
            count = min(sequence.num_waiting, budget)
            guessed = tuple(drafts.get(sequence, ())[:spare])
            if guessed and not self._grow(sequence, count + len(guessed), spared=len(self.running)):
                guessed = ()
            if self._make_room(sequence, count + len(guessed)):
                shares.append(Share(sequence=sequence, count=count + len(guessed), drafts=guessed))
                budget -= count + len(guessed)
                spare -= len(guessed)
        # A sequence later in the list may have given its pages to an earlier one.
        shares = [share for share in shares if share.sequence in self.running]
        gave_way = len(self.running) < num_running
        while self.waiting and not gave_way and budget and len(self.running) < self._config.max_sequences:
            sequence = self.waiting[0]
            reuse_prefix(sequence, self._full, self._sliding, self._config.page_tokens, self._window)
            count = min(sequence.num_waiting, budget)
            if not self._grow(sequence, count):
                self.free(sequence)
                break
            self.running.append(self.waiting.popleft())
            shares.append(Share(sequence=sequence, count=count))
            budget -= count
        return sorted(shares, key=lambda share: share.count)  # kernels take neighbours with equally many rows together

    def plan_ahead(self, shares: list[Share]) -> list[Share] | None:
        """The step after one that is still in flight, before its tokens are known.

        Args:
            shares: Of the step in flight: one row each. Sequences it ends whatever the token is are left out.

        Returns:
            One share per sequence that may go on; `None` if that would take pages from others.
        """
        ahead: list[Share] = []
        running = set(self.running)
        for row, share in enumerate(shares):
            sequence = share.sequence
            if sequence not in running or sequence.is_last(self._config.max_length):
                continue
            if not self._grow(sequence, 2):  # the row in flight, which is not counted yet, and the next one
                return None
            ahead.append(Share(sequence=sequence, count=1, source=row))
        return ahead or None

    def computed(self, share: Share, num_accepted: int = 0) -> None:
        """Note that a share's rows have run: name the pages they filled, release those behind the window.

        Args:
            share: Which.
            num_accepted: Drafts that proved right. What the others wrote is written over by the next step.
        """
        sequence, page_tokens = share.sequence, self._config.page_tokens
        first_new = sequence.num_computed // page_tokens
        sequence.num_computed += share.count - len(share.drafts) + num_accepted
        whole = sequence.num_computed // page_tokens
        if whole > len(sequence.digests):
            known = [*sequence.ids, *share.drafts[:num_accepted]][: whole * page_tokens]
            sequence.digests = page_digests(known, page_tokens, sequence.digests)
        for number in range(first_new, whole):
            self._full.name(sequence.full_pages[number], sequence.digests[number])
            self._sliding.name(sequence.sliding_pages[number - sequence.sliding_first], sequence.digests[number])
        self._release_behind_window(sequence)

    def free(self, sequence: Sequence) -> None:
        """Give back everything a sequence holds."""
        self._full.release(sequence.full_pages)
        self._sliding.release(sequence.sliding_pages)
        sequence.full_pages, sequence.sliding_pages = [], []
        sequence.sliding_first = sequence.num_computed = 0
        sequence.digests = []

    def remove(self, sequence: Sequence) -> None:
        """Forget a sequence, wherever it stands."""
        self.free(sequence)
        if sequence in self.running:
            self.running.remove(sequence)
        elif sequence in self.waiting:
            self.waiting.remove(sequence)

    def _make_room(self, sequence: Sequence, count: int) -> bool:
        """Get pages for a running sequence, from younger ones if need be; False if it had to give way itself."""
        while not self._grow(sequence, count):
            youngest = self.running[-1]
            self.free(youngest)
            self.running.remove(youngest)
            self.waiting.appendleft(youngest)
            if youngest is sequence:
                return False
        return True

    def _grow(self, sequence: Sequence, count: int, *, spared: int = 0) -> bool:
        """Hold pages for the next `count` rows in both pools and leave `spared` to others, or change nothing."""
        page_tokens = self._config.page_tokens
        pages = -(-(sequence.num_computed + count) // page_tokens)
        more_full = max(0, pages - len(sequence.full_pages))
        more_sliding = max(0, pages - sequence.sliding_first - len(sequence.sliding_pages))
        free = min(self._full.num_available - more_full, self._sliding.num_available - more_sliding)
        if free < spared:
            return False
        sequence.full_pages += self._full.take(more_full) or []
        sequence.sliding_pages += self._sliding.take(more_sliding) or []
        return True

    def _release_behind_window(self, sequence: Sequence) -> None:
        if self._window is None:
            return
        first = max(0, sequence.num_computed - self._window + 1) // self._config.page_tokens
        gone = first - sequence.sliding_first
        if gone > 0:
            self._sliding.release(sequence.sliding_pages[:gone])
            del sequence.sliding_pages[:gone]
            sequence.sliding_first = first
