"""Drafts in, exercises out: phrased, executed, with examples. Same seed, same exercises.

The curriculum's solutions are our own code, so they run here with a plain `exec`; nothing a model wrote ever does.
"""

from __future__ import annotations

import builtins
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from textwrap import indent
from typing import Any

from gemstead.train.behaviour import Behaviour, behaviour, fresh, kind_of, limited
from gemstead.train.curriculum import TOPICS
from gemstead.train.curriculum.draft import Draft, Param

NUM_CASES = 7
SECONDS = 0.5  # of processor time that one exercise may take to make; most take a thousandth of a second
LONGEST_VALUE = 90  # characters of one argument list or result in an example
TELLING_SHARE = 0.6  # of exercises that have them are asked for in their own telling
HELD_OUT_SHARE = 64  # one problem in so many is never trained on
ANONYMOUS = "solve solution f func task compute process answer my_function do_it calculate transform".split()
ORDINALS = "first second third"


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """One function to write.

    Args:
        topic: Where in the curriculum it comes from.
        name: Of the function.
        header: Imports that the signature needs, or nothing.
        signature: The `def` line.
        docstring: Its inside, without indentation.
        imports: Lines that the solution needs besides.
        body: The solution, without indentation.
        cases: (arguments, result), as source text.
        sentence: The task in one sentence, without examples.
        plan: How to do it, in a sentence.
        kinds: Types of the arguments, as `behaviour.py` names them.
        behaviour: What the solution does.
        key: Digest of the problem itself, whatever it is called and however it is phrased.
    """

    topic: str
    name: str
    header: str
    signature: str
    docstring: str
    imports: tuple[str, ...]
    body: str
    cases: tuple[tuple[str, str], ...]
    sentence: str
    plan: str
    kinds: tuple[str, ...]
    behaviour: Behaviour
    key: str

    @property
    def prompt(self) -> str:
        """Imports, signature and docstring: what is to be completed."""
        top = f"{self.header}\n\n\n" if self.header else ""
        end = "\n" if "\n" in self.docstring else ""
        doc = f'"""{self.docstring}{end}"""'
        return f"{top}{self.signature}\n{indent(doc, '    ')}"

    @property
    def solution(self) -> str:
        """The whole function, without its docstring, as an answer gives it."""
        return self.with_head(f"{self.signature}\n")

    @property
    def documented(self) -> str:
        """The whole function with its docstring, as a file holds it."""
        head = self.prompt.removeprefix(f"{self.header}\n\n\n") if self.header else self.prompt
        return self.with_head(head + "\n")

    def with_head(self, head: str) -> str:
        """Imports, then `head`, then the body."""
        top = "\n".join(line for line in (self.header, *self.imports) if line)
        return (f"{top}\n\n\n" if top else "") + head + indent(self.body, "    ")

    @property
    def tests(self) -> tuple[str, ...]:
        """Assertions that the solution passes."""
        return tuple(f"assert {self.name}({arguments}) == {result}" for arguments, result in self.cases)

    @property
    def is_held_out(self) -> bool:
        """Whether this problem is kept for measuring."""
        return int(self.key[:8], 16) % HELD_OUT_SHARE == 0


def exercises(seed: int, stream: str = "train", *, held_out: bool = False) -> Iterator[Exercise]:
    """Exercises without end.

    Args:
        seed: Same seed and stream, same exercises.
        stream: Name of this sequence.
        held_out: Whether to give the held-out problems only, or all but those.
    """
    rng = Random(f"{seed}/{stream}")
    makers = [maker for maker, weight in TOPICS.values() for _ in range(weight)]
    while True:
        exercise = None
        with limited(SECONDS):
            exercise = finish(rng.choice(makers)(rng), rng)
        if exercise is not None and exercise.is_held_out == held_out:
            yield exercise


def finish(draft: Draft, rng: Random) -> Exercise | None:
    """Run a draft's solutions against each other, phrase it, and choose examples.

    Returns:
        `None` if a solution fails, two disagree, or the results tell nothing.
    """
    name = rng.choice(ANONYMOUS) if rng.random() < 0.07 else draft.name.strip("_")
    if rng.random() < 0.15:
        name = rng.choice(["get_", "find_", "compute_"]) + name
    if hasattr(builtins, name) or name in draft.bodies[0].split("(")[0]:
        name += rng.choice(["_of", "_values", "_it"])  # a solution may call the built-in of that name
    bodies = [body.replace("SELF", name) for body in draft.bodies]
    ran = _run(draft, name, bodies, rng)
    if ran is None:
        return None
    cases, kinds, does = ran
    body = rng.choice(bodies)
    parameters, returns, header = _signature(draft, rng)
    mark = rng.choice(["", "", "", "`", "`", "'"])

    def spoken(words: str) -> str:
        return re.sub(r"@(\w+)", lambda found: f"{mark}{found[1]}{mark}", words)

    if draft.tellings and rng.random() < TELLING_SHARE:
        sentence = spoken(rng.choice(draft.tellings))
    else:
        sentence = _sentence(spoken(draft.result), draft.params, mark, rng)
    notes = [spoken(n) for n in draft.notes if rng.random() < 0.9]
    text = " ".join([sentence, *notes])
    imports = tuple(line for line in draft.imports if _is_used(line, body))
    return Exercise(
        topic=draft.topic,
        name=name,
        header=header,
        signature=f"def {name}({parameters}){returns}:",
        docstring=_docstring(text, name, cases, draft, rng),
        imports=imports,
        body=body,
        cases=tuple(cases),
        sentence=text,
        plan=draft.plan.replace("@", ""),
        kinds=kinds,
        behaviour=does,
        key=_key(draft, kinds, does),
    )


def _key(draft: Draft, kinds: tuple[str, ...], does: Behaviour) -> str:
    """By behaviour, or by the code where that tells nothing; arguments' names do not count."""
    text = repr((kinds, does))
    if not any(does):
        text = draft.bodies[0]
        for place, param in enumerate(draft.params):
            text = re.sub(rf"\b{param.name}\b", f"p{place}", text)
    return hashlib.sha256(text.encode()).hexdigest()


def _run(
    draft: Draft, name: str, bodies: list[str], rng: Random
) -> tuple[list[tuple[str, str]], tuple[str, ...], Behaviour] | None:
    """Arguments and results as source text, types, behaviour; `None` if the solutions fail or disagree."""
    parameters = ", ".join(p.name for p in draft.params)
    source = "\n".join(draft.imports)
    functions = []
    for body in bodies:
        space: dict[str, Any] = {}
        try:
            exec(f"{source}\ndef {name}({parameters}):\n{indent(body, '    ')}\n", space)  # our own code
        except SyntaxError:
            return None
        functions.append(space[name])
    cases: dict[str, str] = {}
    drawn = []
    for _ in range(NUM_CASES):
        arguments = tuple(p.draw(rng) for p in draft.params)
        drawn.append(arguments)
        spelled = ", ".join(map(repr, arguments))
        try:
            results = [repr(function(*fresh(arguments))) for function in functions]
        except (
            ArithmeticError,
            AttributeError,
            LookupError,
            MemoryError,
            NameError,
            RecursionError,
            TypeError,
            ValueError,
        ):
            return None
        if any(result != results[0] for result in results):
            return None
        if len(spelled) <= LONGEST_VALUE and len(results[0]) <= LONGEST_VALUE:
            cases[spelled] = results[0]
    if len(cases) < 3 or len(set(cases.values())) < 2:
        return None
    kinds = tuple(kind_of(p.annotation) for p in draft.params)
    return list(cases.items()), kinds, behaviour(functions[0], kinds, drawn)


def _signature(draft: Draft, rng: Random) -> tuple[str, str, str]:
    """Parameters, arrow, and the import they need, in one of three styles."""
    dice = rng.random()
    if dice < 0.3:
        return ", ".join(p.name for p in draft.params), "", ""
    typing = dice < 0.65
    spelled = [_annotation(a, typing) for a in [*(p.annotation for p in draft.params), draft.returns]]
    used = [w for w in ("Dict", "List", "Optional", "Tuple") if any(f"{w}[" in s for s in spelled)]
    header = f"from typing import {', '.join(used)}" if used else ""
    parameters = ", ".join(f"{p.name}: {s}" for p, s in zip(draft.params, spelled, strict=False))
    return parameters, f" -> {spelled[-1]}", header


def _annotation(annotation: str, typing: bool) -> str:
    if not typing:
        return annotation
    if annotation.endswith(" | None"):
        return f"Optional[{_annotation(annotation.removesuffix(' | None'), typing)}]"
    for plain in ("list", "dict", "tuple"):
        annotation = annotation.replace(f"{plain}[", f"{plain.capitalize()}[")
    return annotation


def _sentence(task: str, params: tuple[Param, ...], mark: str, rng: Random) -> str:
    """The task in one sentence."""
    given = [f"{p.what} {mark}{p.name}{mark}" for p in params]
    spoken = given[0] if len(given) == 1 else ", ".join(given[:-1]) + " and " + given[-1]
    is_question = task.startswith("True if ")
    question = task.removeprefix("True if ").split(", and False")[0].split(", otherwise")[0].split(", else")[0]
    verb = (
        "Return" if is_question else rng.choice(["Return", "Return", "Return", "Find", "Compute", "Get", "Calculate"])
    )
    if is_question and rng.random() < 0.3:
        return rng.choice([f"Check whether {question}.", f"Check if {question}.", f"Determine whether {question}.",
                           f"Return whether {question}."])  # fmt: skip
    return rng.choice(
        [
            f"{verb} {task}.",
            f"{verb} {task}.",
            f"Given {spoken}, {verb.lower()} {task}.",
            f"Given {spoken}, return {task}.",
            f"{'Returns' if is_question else rng.choice(['Returns', 'Computes', 'Finds', 'Returns'])} {task}.",
            f"You are given {spoken}. {rng.choice(['Your task is to return', 'Return', 'You should return'])} {task}.",
            f"Write a function that takes {spoken} and returns {task}.",
            f"The function takes {spoken} and should return {task}.",
            f"This function returns {task}.",
            f"For {spoken}, return {task}.",
            f"{given[0][0].upper()}{given[0][1:]} is given. Return {task}." if len(given) == 1 else f"Return {task}.",
        ]
    )


def _docstring(text: str, name: str, cases: list[tuple[str, str]], draft: Draft, rng: Random) -> str:
    """The sentence and, mostly, some examples, in one of many layouts."""
    shown = cases[: rng.randint(1, 3)]
    lead = rng.choice(["", "", " "])
    style = rng.randrange(9)
    first = lead + _wrapped(text, rng)
    if style == 0:
        return first
    if style in (1, 2, 3):
        return "\n".join([first, *(line for a, r in shown for line in (f">>> {name}({a})", r))])
    arrow = rng.choice(["->", "=>", "==", "➞", "returns", "should return"])
    lines = [f"{name}({a}) {arrow} {r}" for a, r in shown]
    if style in (4, 5):
        title = rng.choice(["Example:", "Examples:", "For example:", "Example", "Examples"])
        return "\n".join([first, *([""] if rng.random() < 0.4 else []), title, *lines])
    if style == 6:
        numbered = [line for i, (a, r) in enumerate(shown, 1) for line in (f"Example {i}:", f"    Input: {a}",
                                                                          f"    Output: {r}")]  # fmt: skip
        return "\n".join([first, *numbered])
    if style == 7:
        arguments = [f"    {p.name}: {p.what.capitalize()}." for p in draft.params]
        return "\n".join([first, "", "Args:", *arguments, "", "Returns:", f"    {draft.returns}", "", *lines[:1]])
    return "\n".join([first, *lines])


def _wrapped(text: str, rng: Random) -> str:
    """Long lines of a text on several lines, at one of some widths."""
    width = rng.choice([70, 80, 90, 200])
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            if line and len(line) + len(word) > width:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}" if line else word
        lines.append(line)
    return "\n".join(lines)


def _is_used(line: str, body: str) -> bool:
    return line.rpartition(" ")[2] in body
