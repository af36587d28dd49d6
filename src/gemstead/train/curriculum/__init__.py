"""What programming courses teach, as programs that compose exercises: random numbers walk in, drafts walk out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from gemstead.train.curriculum import pipelines, procedures, structures
from gemstead.train.curriculum.draft import Draft

# Topic -> its maker and how often it is drawn.
TOPICS: Mapping[str, tuple[Callable[[Random], Draft], int]] = {
    "lists": (pipelines.lists, 16),
    "words": (pipelines.word_lists, 10),
    "sentences": (pipelines.sentences, 5),
    "ranges": (pipelines.ranges, 6),
    "bounds": (pipelines.two_bounds, 4),
    "digits": (pipelines.digits, 4),
    "characters": (pipelines.characters, 9),
    "questions": (pipelines.questions, 7),
    "arithmetic": (procedures.arithmetic, 10),
    "recursion": (procedures.recursive, 4),
    "simulation": (procedures.simulations, 8),
    "strings": (procedures.alphabet, 10),
    "sequences": (structures.sequences, 13),
    "mappings": (structures.mappings, 8),
    "matrices": (structures.matrices, 6),
}
