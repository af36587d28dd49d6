"""Finished runs of HumanEval in a store, as if pebble had answered: with real prompts, and answers that mean harm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gemstead.chat.tokenizer import Tokenizer
from gemstead.checkpoints.hub import embedded_folder
from gemstead.evals.store import Store, StoredAnswer, StoredRun, StoredVerdict
from gemstead.evals.tasks import find_task
from gemstead.evals.tasks.humaneval import INSTRUCTION

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "<!--<script>",
    "{{ 7 * 7 }} {% raw %}",
    "https://example.invalid/pixel.png",
    "line\u2028separator \u202e backwards \x00 é 🦀",
)
SETTINGS = {
    "task": "humaneval", "data": None, "style": "chat", "thinking": False, "limit": None, "samples": 1,
    "temperature": 0.0, "top_k": 0, "top_p": 1.0, "seed": 0, "max_tokens": 1024,
}  # fmt: skip
DETAILS = {"kernels": "reproducible", "compute_dtype": "bfloat16", "max_sequences": 64, "weight_bytes": 37 * 2**20}


def keep_run(
    store: Store, name: str, outcomes: Sequence[bool | None], *, precision: str = "bf16", texts: Sequence[str] = (),
    model: str = "pebble", machine: dict[str, Any] | None = None, details: dict[str, Any] | None = None, **asked: Any,
) -> str:  # fmt: skip
    """Keep a run.

    Args:
        store: Where.
        name: Of the run.
        outcomes: One per answer, problem after problem; `None` for one that could not be judged.
        precision: How weights were held.
        texts: What was answered; repeated as needed.
        model: Who was asked.
        machine: Facts of the machine that differ.
        details: Facts of the model that differ.
        asked: Settings that differ.
    """
    task = find_task("humaneval")
    tokenizer = Tokenizer(embedded_folder() / "tokenizer.json")
    settings = {**SETTINGS, **asked}
    store.add_run(
        StoredRun(
            id=name, key="c" * 64, created=1.7e9, task="humaneval", settings=settings,
            model={"name": model, "family": "gemma4", "precision": precision, "device": "cpu", "context_tokens": 2048,
                   "fingerprint": "f" * 64, "details": {**DETAILS, **(details or {})}},
            machine={"task_version": task.version, "processor": "AMD EPYC", "cores": 2, "gemstead": "0.1.0",
                     "sandbox": "namespaces", **(machine or {})},
        )
    )  # fmt: skip
    problems, samples = task.problems(), settings["samples"]
    for number, outcome in enumerate(outcomes):
        problem, sample = problems[number // samples], number % samples
        text = texts[number % len(texts)] if texts else f"```python\n{problem.canonical}\n```"
        question = INSTRUCTION.format(prompt=problem.prompt.strip())
        prompt_ids = tokenizer.encode(f"<bos><|turn>user\n{question}<turn|>\n<|turn>model\n")
        store.add_answer(
            name,
            StoredAnswer(
                problem=problem.id, sample=sample, key="k", prompt_ids=prompt_ids, text=text, thought="", finish="stop",
                token_ids=tokenizer.encode(text, controls=False), is_thought_open=False, seed=2**56 + number,
                prompt_tokens=len(prompt_ids), completion_tokens=50, started=float(number), finished=number + 2.0,
            ),
        )  # fmt: skip
        status = "error" if outcome is None else "passed" if outcome else "wrong"
        program = problem.canonical if not texts else text
        store.add_verdict(
            name, 1,
            StoredVerdict(
                problem=problem.id, sample=sample, extractor="1", program=program, how="fenced block 1 of 1",
                status=status, passed=bool(outcome), detail="" if outcome else f"got {text[:40]}", cpu_s=0.01,
                wall_s=0.02, is_near_limit=False,
            ),
        )  # fmt: skip
    return name
