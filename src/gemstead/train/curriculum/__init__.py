"""What programming courses teach, as programs that compose exercises: random numbers walk in, drafts walk out.

`docs/guides/curriculum.md` tells how to write a lesson.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from gemstead.train.curriculum import (
    chains,
    characters,
    choices,
    codes,
    dates,
    grids,
    listing,
    machines,
    measures,
    nesting,
    numbers,
    ordering,
    pairs,
    parsing,
    pipelines,
    planning,
    procedures,
    series,
    steps,
    structures,
    tables,
    tuples,
    wording,
)
from gemstead.train.curriculum.draft import Draft

# Topic -> its maker and how often it is drawn.
TOPICS: Mapping[str, tuple[Callable[[Random], Draft], int]] = {
    # Select, change, summarise.
    "lists": (pipelines.lists, 16),
    "words": (pipelines.word_lists, 10),
    "sentences": (pipelines.sentences, 5),
    "ranges": (pipelines.ranges, 6),
    "bounds": (pipelines.two_bounds, 4),
    "digits": (pipelines.digits, 5),
    "questions": (pipelines.questions, 8),
    # One recipe a line.
    "single characters": (pipelines.characters, 9),
    "arithmetic": (procedures.arithmetic, 8),
    "recursion": (procedures.recursive, 4),
    "simulation": (procedures.simulations, 6),
    "strings": (procedures.alphabet, 10),
    "sequences": (structures.sequences, 10),
    "mappings": (structures.mappings, 8),
    "matrices": (structures.matrices, 5),
    # Small operations, combined.
    "steps": (steps.lesson.compose, 8),
    "chains": (chains.lesson.compose, 22),
    "choices": (choices.lesson.compose, 20),
    "pairs": (pairs.lesson.compose, 18),
    # Lessons.
    "numbers": (numbers.lesson.compose, 14),
    "series": (series.lesson.compose, 8),
    "measures": (measures.lesson.compose, 8),
    "dates": (dates.lesson.compose, 5),
    "characters": (characters.lesson.compose, 14),
    "wording": (wording.lesson.compose, 11),
    "parsing": (parsing.lesson.compose, 8),
    "codes": (codes.lesson.compose, 8),
    "listing": (listing.lesson.compose, 14),
    "ordering": (ordering.lesson.compose, 9),
    "tables": (tables.lesson.compose, 10),
    "tuples": (tuples.lesson.compose, 7),
    "grids": (grids.lesson.compose, 8),
    "machines": (machines.lesson.compose, 8),
    "nesting": (nesting.lesson.compose, 8),
    "planning": (planning.lesson.compose, 8),
}
