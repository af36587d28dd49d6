"""The step loop: admit, draft, build a batch, run it, sample, deliver, free. Token ids in, token ids out."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from gemstead.core.errors import BadRequest, GemsteadError, Infrastructure
from gemstead.core.requests import FinishReason, Sampling
from gemstead.engine.batch import PagedCache, lay_out
from gemstead.engine.config import EngineConfig
from gemstead.engine.graphs import CudaRecorder, GraphRunner
from gemstead.engine.pages import PagePool
from gemstead.engine.runner import Runner, Tokens
from gemstead.engine.sampler import Choice, Draw, choose, sample
from gemstead.engine.scheduler import Scheduler, Share
from gemstead.engine.sequence import DraftCounts, Progress, Sequence
from gemstead.engine.speculative import Speculation, Watch, agreed, new_speculator
from gemstead.kernels.ops import Kernels
from gemstead.models.families import TextModel


@dataclass(frozen=True, kw_only=True)
class Flight:
    """A decoding step whose tokens were not read back yet.

    Args:
        shares: One row each.
        tokens: What the rows chose.
        hidden_RC: The model's states of the rows, until another step runs.
    """

    shares: list[Share]
    tokens: Tokens
    hidden_RC: Tensor

    def land(self, running: Collection[Sequence]) -> list[tuple[Share, list[Choice]]]:
        """Each share of a sequence that still runs, with its token."""
        chosen = zip(self.shares, self.tokens.read(), strict=True)
        return [(share, [Choice(token_id=token)]) for share, token in chosen if share.sequence in running]


class Engine:
    """Continuous batching over one model. `submit` and `cancel` may be called from any thread, `step` from one.

    Args:
        model: The model, on its device.
        config: Sizes.
        kernels: The twins the model was built with.
        vocab_size: Token ids are 0 <= id < this.
        dtype: Of the cache.
        device: Of the model.
        speculation: Whether and how tokens are guessed ahead; the text is the same.
    """

    def __init__(
        self,
        model: TextModel,
        config: EngineConfig,
        kernels: Kernels,
        *,
        vocab_size: int,
        dtype: torch.dtype = torch.float32,
        device: torch.device | None = None,
        speculation: Speculation | None = None,
    ) -> None:
        self.config = config
        self._vocab_size = vocab_size
        self._device = device or torch.device("cpu")
        readers = () if speculation is None else speculation.layers
        self.cache = PagedCache(
            model.cache_layers(), config, dtype, self._device, readers=readers, key_weights=model.key_weights()
        )
        self.full_pool = PagePool(self.cache.num_pages["full"])
        self.sliding_pool = PagePool(self.cache.num_pages["sliding"])
        self._scheduler = Scheduler(config, self.full_pool, self.sliding_pool, self.cache.window)
        self._inbox: deque[Sequence] = deque()
        record = CudaRecorder() if self._device.type == "cuda" else None
        self._speculator = new_speculator(speculation, model, self.cache, config, self._device, record)
        self._runner = Runner(model, self.cache, kernels, config.step_tokens, self._device)
        if kernels.can_capture and self._device.type == "cuda":
            self._runner = GraphRunner(model, self.cache, kernels, config, self._device)
        self._flight: Flight | None = None

    @property
    def draft_counts(self) -> DraftCounts | None:
        """What speculation did so far; `None` where there is none."""
        return self._speculator.counts

    def submit(
        self,
        prompt_ids: tuple[int, ...],
        *,
        max_tokens: int,
        sampling: Sampling,
        deliver: Callable[[Progress], None],
        seed: int | None = None,
    ) -> Sequence:
        """Queue a sequence.

        Args:
            prompt_ids: Tokens to read.
            max_tokens: Tokens to write at most; a full context ends the answer too.
            sampling: How tokens are chosen.
            deliver: Gets every token and the end, from the thread that steps.
            seed: Instead of the one in `sampling`.

        Returns:
            The handle to cancel it by.

        Raises:
            BadRequest: The prompt is empty, does not fit, or holds an unknown id.
        """
        self._check_prompt(prompt_ids)
        chosen = next((s for s in (seed, sampling.seed) if s is not None), None)
        sequence = Sequence(
            prompt_ids=prompt_ids,
            max_tokens=max_tokens,
            sampling=sampling,
            seed=secrets.randbits(48) if chosen is None else chosen,
            deliver=deliver,
        )
        self._inbox.append(sequence)
        return sequence

    def cancel(self, sequence: Sequence) -> None:
        """Drop a sequence before the next step; its pages are free then, and it hears of it."""
        sequence.is_cancelled = True

    def cancel_all(self) -> None:
        """Drop every sequence and tell each; only when nobody steps any more."""
        for sequence in [*self._inbox, *self._scheduler.waiting, *self._scheduler.running]:
            sequence.is_cancelled = True
        self._flight = None
        self._admit()

    @property
    def has_work(self) -> bool:
        """Whether a step would do anything."""
        return bool(self._inbox or self._scheduler.waiting or self._scheduler.running or self._flight)

    @torch.inference_mode()
    def step(self) -> int:
        """Do one step, or finish the one in flight after starting the next.

        Returns:
            Rows that were started.
        """
        self._admit()
        if self._flight is not None:
            return self._fly_on(self._flight)
        shares: list[Share] = []
        try:
            drafts = self._draft()
            watch = Watch(self._runner)
            shares = self._scheduler.plan(drafts)
            if self._can_fly(shares):
                self._flight = self._launch(shares)
                watch.tell(self._speculator.costs.launches, len(shares))
            elif shares:
                is_decoding = all(share.num_choices == share.count for share in shares)
                self._conclude(self._run(shares))
                if is_decoding:
                    watch.tell(self._speculator.costs.steps, sum(share.count for share in shares))
        except (RuntimeError, MemoryError) as error:
            self._fail([share.sequence for share in shares] or list(self._scheduler.running), error)
            return 0
        return sum(share.count for share in shares)

    def _fly_on(self, flight: Flight) -> int:
        """Start the step after the one in flight, if that can be done before its tokens are read; then read them."""
        self._flight = None
        watch = Watch(self._runner)
        try:
            may_follow = self._speculator.rest_on(self._scheduler.running) and not self._scheduler.reads_prompts
            following = self._scheduler.plan_ahead(flight.shares) if may_follow else None
            next_flight = None if following is None else self._launch(following)
            outcomes = flight.land(set(self._scheduler.running))
        except (RuntimeError, MemoryError) as error:
            self._fail([share.sequence for share in flight.shares if share.sequence in self._scheduler.running], error)
            return 0
        self._flight = next_flight
        rows = {share.sequence: row for row, share in enumerate(flight.shares)}
        for share, _ in outcomes:
            hidden_C = flight.hidden_RC[rows[share.sequence]] if next_flight is None else None
            self._speculator.settle(share.sequence, 0, 0, hidden_C)
        self._conclude(outcomes)
        costs = self._speculator.costs
        watch.tell(costs.landings if next_flight is None else costs.ahead, len(flight.shares))
        return len(following or ())

    def _conclude(self, outcomes: list[tuple[Share, list[Choice]]]) -> None:
        for share, choices in outcomes:
            self._scheduler.computed(share, max(0, len(choices) - 1))
            self._deliver(share.sequence, choices)

    def _can_fly(self, shares: list[Share]) -> bool:
        """Whether a token is all that is wanted of every share, and is chosen where the logits are."""
        may = self.config.runs_ahead and self._speculator.rests and bool(shares)
        return may and all(
            share.count == share.num_choices == 1 and share.sequence.sampling.needs_logits_alone for share in shares
        )

    def _launch(self, shares: list[Share]) -> Flight:
        computed = self._runner.run(lay_out(shares, self.config.page_tokens))
        draws = [draw for share in shares for draw in _draws(share)]
        token_R = choose(computed.logits_RV, computed.best_R, draws)
        if token_R is not computed.best_R:
            self._runner.follow(token_R)
        return Flight(shares=shares, tokens=Tokens(token_R), hidden_RC=computed.hidden_RC)

    def _admit(self) -> None:
        while self._inbox:
            self._scheduler.waiting.append(self._inbox.popleft())
        for sequence in [*self._scheduler.waiting, *self._scheduler.running]:
            if sequence.is_cancelled:
                self._finish(sequence, "cancelled")

    def _draft(self) -> dict[Sequence, list[int]]:
        """Guesses for the sequences that decode; none beside prompts, which fill a step without them."""
        return {} if self._scheduler.reads_prompts else self._speculator.draft(self._scheduler.running)

    def _run(self, shares: list[Share]) -> list[tuple[Share, list[Choice]]]:
        """Run the model over the shares.

        Returns:
            Each share with the tokens chosen after its last known one: none while a prompt is only partly read, one
            as a rule, and one more for every draft that was right.
        """
        computed = self._runner.run(lay_out(shares, self.config.page_tokens))
        draws = [draw for share in shares for draw in _draws(share)]
        choices = sample(computed.logits_RV, computed.best_R, draws) if draws else []
        outcomes: list[tuple[Share, list[Choice]]] = []
        row = 0
        for share in shares:
            own = choices[row : row + share.num_choices]
            kept = agreed(share.drafts, own)
            if kept:
                hidden_C = computed.hidden_RC[row + len(kept) - 1]
                self._speculator.settle(share.sequence, len(share.drafts), len(kept) - 1, hidden_C)
            outcomes.append((share, kept))
            row += len(own)
        return outcomes

    def _deliver(self, sequence: Sequence, choices: list[Choice]) -> None:
        """Append what was chosen, tell it token by token, and stop where the sequence ends."""
        for choice in choices:
            if sequence.is_cancelled:
                return
            sequence.ids.append(choice.token_id)
            finish = self._reason_to_finish(sequence)
            if finish is not None:
                self._scheduler.remove(sequence)
            sequence.deliver(
                Progress(
                    token_id=choice.token_id,
                    logprob=choice.logprob,
                    finish=finish,
                    cached_tokens=min(sequence.cached_tokens, len(sequence.prompt_ids)),
                    draft_counts=None if finish is None else sequence.draft_counts,
                )
            )
            if finish is not None:
                return

    def _reason_to_finish(self, sequence: Sequence) -> FinishReason | None:
        if sequence.ids[-1] in self.config.eos_ids:
            return "stop"
        is_full = sequence.num_written >= sequence.max_tokens or len(sequence.ids) >= self.config.max_length
        return "length" if is_full else None

    def _finish(self, sequence: Sequence, reason: FinishReason) -> None:
        self._scheduler.remove(sequence)
        sequence.deliver(
            Progress(finish=reason, cached_tokens=sequence.cached_tokens, draft_counts=sequence.draft_counts)
        )

    def _fail(self, sequences: list[Sequence], cause: Exception) -> None:
        """Tell everybody who took part in a broken step; the others go on."""
        for sequence in sequences:
            self._scheduler.remove(sequence)
            error: GemsteadError = Infrastructure(f"the engine's step failed: {type(cause).__name__}: {cause}")
            error.__cause__ = cause
            sequence.deliver(Progress(error=error))

    def _check_prompt(self, prompt_ids: tuple[int, ...]) -> None:
        if not prompt_ids:
            raise BadRequest("the prompt is empty; it needs at least one token")
        room = self.config.max_length
        if len(prompt_ids) >= room:
            raise BadRequest(
                f"the prompt has {len(prompt_ids)} tokens, this engine holds {room} with at least one to answer",
                hint="start with a larger `--context`, or shorten the prompt",
            )
        for place, token_id in enumerate(prompt_ids):
            if not 0 <= token_id < self._vocab_size:
                raise BadRequest(
                    f"token {place} of the prompt is {token_id}; this model knows 0 to {self._vocab_size - 1}"
                )


def _draws(share: Share) -> Iterator[Draw]:
    """What the rows of a share that choose tokens are turned into: the same as if its drafts were known tokens."""
    sequence = share.sequence
    for place in range(share.num_choices):
        yield Draw(
            sampling=sequence.sampling,
            seed=sequence.seed,
            step=sequence.num_written + place + (share.source is not None),
            seen_ids=[*sequence.ids, *share.drafts[:place]] if place else sequence.ids,
        )
