"""Lessons of one topic: each is a function that composes one kind of exercise; a topic draws among its lessons.

How to write one is told in `docs/guides/curriculum.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random

from gemstead.train.curriculum import recipes
from gemstead.train.curriculum.draft import Draft

Kind = tuple[str, str, Callable[[Random], object]]
_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")


def spin(rng: Random, text: str) -> str:
    """Choose in every `[one|two|three]`, inner ones first; brackets without a bar stay as they are."""
    while found := _CHOICE.search(text):
        text = text[: found.start()] + rng.choice(found[1].split("|")) + text[found.end() :]
    return text


class Lessons:
    """The lessons of one topic; used as a decorator it adds one.

    Args:
        topic: Name, as the report of the training data gives it.
        kinds: Kinds of argument beside the shared ones: annotation, words for it, how to draw a value.
    """

    def __init__(self, topic: str, kinds: Mapping[str, Kind] | None = None) -> None:
        self.topic = topic
        self._kinds = {**recipes.KINDS, **(kinds or {})}
        self._makers: list[Callable[[Random], Draft]] = []

    def __call__(self, maker: Callable[[Random], Draft]) -> Callable[[Random], Draft]:
        """Add a lesson."""
        self._makers.append(maker)
        return maker

    def __len__(self) -> int:
        return len(self._makers)

    def compose(self, rng: Random) -> Draft:
        """One exercise of one of the lessons."""
        return rng.choice(self._makers)(rng)

    def makers(self) -> tuple[Callable[[Random], Draft], ...]:
        """All lessons, in order."""
        return tuple(self._makers)

    def draft(
        self,
        rng: Random,
        name: str,
        signature: str,
        returns: str,
        result: str,
        *bodies: str,
        tellings: tuple[str, ...] = (),
        notes: tuple[str, ...] = (),
        imports: tuple[str, ...] = (),
        plan: str = "",
    ) -> Draft:
        """One exercise; see `recipes.recipe`. In all texts, `[one|two]` is a choice."""

        def said(text: str) -> str:
            return spin(rng, text)

        return recipes.recipe(
            rng, self.topic, said(name), signature, returns, said(result), *bodies, imports=imports,
            notes=tuple(map(said, notes)), tellings=tuple(map(said, tellings)), plan=said(plan), kinds=self._kinds,
        )  # fmt: skip
