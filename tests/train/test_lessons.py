"""Every lesson of the curriculum gives exercises, and what texts spin is spun."""

from __future__ import annotations

from random import Random

import pytest

from gemstead.train.curriculum import TOPICS
from gemstead.train.curriculum.lessons import Lessons, spin
from gemstead.train.exercises import finish

LESSONS = {topic: maker.__self__ for topic, (maker, _) in TOPICS.items() if hasattr(maker, "__self__")}


def test_a_choice_is_made_in_every_bracket_with_a_bar_and_no_other() -> None:
    assert {spin(Random(n), "a [b|c [d|e]] f[0]") for n in range(40)} == {"a b f[0]", "a c d f[0]", "a c e f[0]"}
    assert spin(Random(0), "[1, 2] stays") == "[1, 2] stays"


def test_the_curriculum_is_wide() -> None:
    assert sum(len(lessons) for lessons in LESSONS.values() if isinstance(lessons, Lessons)) > 700


@pytest.mark.parametrize("topic", LESSONS)
def test_most_lessons_give_exercises_at_once(topic: str) -> None:
    lessons = LESSONS[topic]
    assert isinstance(lessons, Lessons)
    rng = Random(5)
    barren = [m.__name__ for m in lessons.makers() if all(finish(m(rng), rng) is None for _ in range(4))]
    assert len(barren) <= len(lessons) // 10, barren


@pytest.mark.parametrize("topic", LESSONS)
def test_texts_name_their_arguments_and_leave_no_marks(topic: str) -> None:
    rng = Random(6)
    for _ in range(25):
        exercise = finish(TOPICS[topic][0](rng), rng)
        if exercise is not None:
            assert "@" not in exercise.sentence.replace("'@'", "").replace("@example", ""), exercise.sentence
            assert "$" not in exercise.body.replace("'$'", ""), exercise.body
