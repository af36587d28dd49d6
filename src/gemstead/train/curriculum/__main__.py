"""`python -m gemstead.train.curriculum TOPIC [COUNT]`: look at a topic's exercises, and at the lessons that fail."""

from __future__ import annotations

import importlib
import sys
from random import Random

from gemstead.train.curriculum import TOPICS
from gemstead.train.curriculum.lessons import Lessons
from gemstead.train.exercises import finish

DRAWS = 60


def main(topic: str, count: int) -> int:
    """Print exercises, then the lessons that give few."""
    rng = Random()
    lessons = _lessons(topic)
    makers = (TOPICS[topic][0],) if lessons is None else lessons.makers()
    for maker in [rng.choice(makers) for _ in range(count)]:
        exercise = finish(maker(rng), rng)
        if exercise is not None:
            sys.stdout.write(f"{exercise.documented}\n{exercise.tests[0]}\n\n\n")
    for maker in makers:
        made = [e for e in (finish(maker(rng), rng) for _ in range(DRAWS)) if e is not None]
        share, distinct = len(made) / DRAWS, len({exercise.key for exercise in made})
        mark = "  <- few" if share < 0.6 or distinct < 3 else ""
        sys.stdout.write(f"{maker.__name__:32} {share:4.0%} usable, {distinct:3} different of {DRAWS}{mark}\n")
    return 0


def _lessons(topic: str) -> Lessons | None:
    """A file's lessons, also before the file has its row in the table of topics."""
    try:
        found = importlib.import_module(f"gemstead.train.curriculum.{topic}").lesson
    except ModuleNotFoundError:
        return None
    return found if isinstance(found, Lessons) else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5))
