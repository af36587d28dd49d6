"""Two to four operations, one after the other, on one argument: drawn at random, tried out, told in many ways."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from gemstead.train.curriculum import glue
from gemstead.train.curriculum.draft import Draft, Param
from gemstead.train.curriculum.glue import SOURCES, TYPES, Source, cap, gerund, say, spin, third
from gemstead.train.curriculum.lessons import Lessons
from gemstead.train.curriculum.steps import Extra, Op, concrete, draw_row

lesson = Lessons("chains")

START = "LLLLLLWWWWWsssssssiiiiDMMpf"
NEXT = "LLWCsiiDEMpfb"
COSTLY = {"divisors", "up_to", "two_counts", "multiples", "halvings"}  # not with large numbers
LARGEST = 20_000  # an operation may run through all numbers up to its argument
FAILURES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
ROMAN = ("first", "second", "third", "fourth")


@dataclass
class Chain:
    """Operations that fit together, the argument they start from, and what stands for their parameter."""

    source: Source
    name: str
    ops: list[Op]
    extra: Extra
    used: set[str]

    @property
    def params(self) -> tuple[Param, ...]:
        own = Param(name=self.name, annotation=self.source.annotation, what=self.source.what, draw=self.source.draw)
        return (own, *(extra_param(n, par, what) for n, par, what in self.extra.names))


def extra_param(name: str, par: str, what: str) -> Param:
    """The second argument that a parameter became."""
    if par == "letter":
        return Param(name=name, annotation="str", what=what, draw=lambda r: r.choice("aaeeiornst"))
    if par == "word":
        return Param(name=name, annotation="str", what=what, draw=lambda r: r.choice(["h", "m", "good", "s", "e"]))
    low, high = map(int, par.rsplit("-", 1))
    return Param(name=name, annotation="int", what=what, draw=lambda r: r.randint(low, high))


def apply(op: Op, values: list[Any]) -> list[Any]:
    """An operation on some values."""
    function, k = glue.compiled(op.code, op.imports), op.k_value
    return [function(v, k) for v in values]


def tells(values: list[Any]) -> bool:
    """Whether results differ enough to make an exercise."""
    first = values[0]
    if isinstance(first, bool):
        hits: int = sum(values)
        return 2 <= hits <= len(values) - 2
    if isinstance(first, (int, float)):
        return len(set(values)) >= 4
    if isinstance(first, (list, dict)) and sum(len(v) > 1 for v in values) < 3:
        return False
    shown = {repr(v) for v in values}
    return len(shown) >= 4 and max(map(len, shown)) <= 110


def find(g: Random, length: int, source: Source | None = None, last: str = "", share: float = 0.15) -> Chain:
    """A chain in which every step matters."""
    while True:
        start = source or g.choice(SOURCES[g.choice(START)])
        used: set[str] = set()
        name = glue.fresh(g, start.names, used)
        extra = Extra(g, used, share)
        values, ops = [start.sample()], list[Op]()
        for _ in range(length * 3):
            src = ops[-1].dst if ops else start.kind
            is_last = len(ops) == length - 1
            wanted = (last or NEXT) if is_last else "LWCs" if g.random() < 0.25 else "LWCsiiDEMpf"
            row = draw_row(g, src, wanted) or draw_row(g, src, NEXT if is_last else "LWCsiiDEMpf")
            if row is None:
                break
            if is_last and ((row.dst == "C" and g.random() < 0.7) or (row.dst == "E" and g.random() < 0.4)):
                continue
            if row.tag in COSTLY and any(
                abs(n) > 2000 for v in values[-1] for n in (v if isinstance(v, tuple) else (v,))
            ):
                continue
            names = len(extra.names)
            op = concrete(g, row, extra)
            try:
                after = apply(op, values[-1])
            except FAILURES:
                after = []
            if (
                not after
                or not tells(after)
                or any(op.code == o.code for o in ops)
                or any(_same(after, v) for v in values)
            ):
                for gone, _, _ in extra.names[names:]:
                    used.discard(gone)
                del extra.names[names:]
                continue
            ops.append(op)
            values.append(after)
            if len(ops) == length:
                if _is_needed(ops, values):
                    return Chain(start, name, ops, extra, used)
                break


def _same(some: list[Any], others: list[Any]) -> bool:
    """Whether nearly all are equal."""
    equal: int = sum([a == b for a, b in zip(some, others, strict=True)])
    return equal > len(some) - 3


def _is_needed(ops: list[Op], values: list[list[Any]]) -> bool:
    """Whether leaving out any one step changes results."""
    for i in range(len(ops) - 1):
        if ops[i].src != ops[i].dst and not (ops[i].src in "WC" and ops[i].dst in "WC"):
            continue
        current = values[i]
        try:
            for op in ops[i + 1 :]:
                if any(
                    abs(n) > LARGEST
                    for v in current
                    for n in (v if isinstance(v, tuple) else (v,))
                    if isinstance(n, int)
                ):
                    raise OverflowError
                current = apply(op, current)
        except FAILURES:
            continue
        if _same(current, values[-1]):
            return False
    return True


# ----------------------------------------------------------------------------------------------------------------- words
def references(g: Random, kind: str, name: str | None) -> tuple[str, str]:
    """The thing and its elements, either the argument or what came out of the step before."""
    if name is not None:
        thing = f"@{name}"
        noun = say(g, glue.MANY.get(kind, "elements"))
        return thing, spin(g, f"the {noun} [in|in|of] {thing}")
    noun = say(g, glue.MANY.get(kind, "elements"))
    return say(g, glue.LATER[kind]), f"the {noun}" if g.random() < 0.6 else f"the resulting {noun}"


def orders(g: Random, chain: Chain) -> list[str]:
    """Each step as a command."""
    said = []
    for i, op in enumerate(chain.ops):
        thing, many = references(g, op.src, chain.name if i == 0 else None)
        form = say(g, op.do)
        said.append(
            op.text(form, "the result" if thing == "it" and (form.count("$x") != 1 or "of $x" in form) else thing, many)
        )
    return said


def final_noun(g: Random, op: Op, thing: str, many: str) -> str:
    """The result of the last step as a noun phrase after "return"."""
    text = op.text(op.np, thing, many)
    if text.startswith("?"):
        return f"True if {text[1:]}"
    if text.startswith("="):
        return text[1:]
    if op.dst in "LWC" and "$" not in op.np[:1] and not text.startswith("a list"):
        return spin(g, f"[a list of|the list of] {text}")
    return text if op.dst not in "M" else f"the list of {text}"


def nested(g: Random, chain: Chain) -> str | None:
    """All steps as one noun phrase, if that stays readable."""
    thing, many = references(g, chain.source.kind, chain.name)
    is_bare = True
    for i, op in enumerate(chain.ops):
        is_prefix = op.np.endswith(("$x", "$e"))
        if not is_prefix and not is_bare:
            return None
        if i == len(chain.ops) - 1:
            done = final_noun(g, op, thing, many)
            return done if len(done) < 150 else None
        text = op.text(op.np, thing, many)
        if text.startswith("="):
            thing, many = text[1:], f"the elements of {text[1:]}"
        elif op.dst in "LWCM":
            thing, many = f"the list of {text}", text
        else:
            thing, many = text, f"the characters of {text}"
        is_bare = False
    return None


def obtained(g: Random, chain: Chain) -> str | None:
    """The last step as a noun phrase, the others as what it is taken from."""
    *firsts, last = chain.ops
    if not firsts or not last.np.endswith(("$x", "$e")):
        return None
    said = orders(g, chain)[:-1]
    if any(" and " in s or "," in s for s in said):
        return None
    by = (
        gerund(said[0])
        + "".join(f", then {gerund(s)}" for s in said[1:-1])
        + (f" and then {gerund(said[-1])}" if len(said) > 1 else "")
    )
    noun = glue.NOUNS[last.src]
    made = spin(g, f"the {noun} [obtained by|that you get by|that results from] {by}")
    many = spin(g, f"the {say(g, glue.MANY.get(last.src, 'elements'))} [obtained by|that you get by] {by}")
    return final_noun(g, last, made, many)


def stepped(g: Random, chain: Chain) -> str:
    """All steps as what the result is the result of."""
    said = [gerund(s) for s in orders(g, chain)]
    if len(said) == 1:
        return f"the result of {said[0]}"
    middle = "".join(f", then {s}" for s in said[1:-1])
    return (
        f"the result of first {said[0]}{middle}, and [finally|then] {said[-1]}"
        if len(said) > 2
        else f"the result of first {said[0]} and then {said[1]}"
    )


def ending(g: Random, chain: Chain) -> str:
    """The last sentence, where the last step is what is returned."""
    last = chain.ops[-1]
    thing, many = references(g, last.src, chain.name if len(chain.ops) == 1 else None)
    if thing == "it":
        thing = "the result"
    if g.random() < 0.55 or last.dst == "b":
        return f"return {final_noun(g, last, thing, many)}"
    return f"{last.text(say(g, last.do), thing, many)}; {spin(g, '[this is the result|return that|that is what the function returns|the outcome is returned]')}"


def tellings(g: Random, chain: Chain) -> tuple[str, ...]:
    """The whole task, a few times over."""
    name, what = f"@{chain.name}", chain.source.what
    said: list[Callable[[], str]] = []

    def plain() -> str:
        *do, _ = orders(g, chain)
        if not do:
            return f"{cap(ending(g, chain))}."
        if len(do) == 1:
            return spin(g, "[First, |First |]") + f"{do[0]}. [Then|After that,|Next,|Then] {ending(g, chain)}."
        return (
            f"First, {do[0]}. "
            + "".join(f"[Then|After that,|Next,] {s}. " for s in do[1:])
            + f"[Finally,|At the end,|Last,] {ending(g, chain)}."
        )

    def numbered() -> str:
        steps = orders(g, chain)
        head = spin(
            g,
            f"[Apply these steps to {name} and return [what comes out|the result]|Process {name} [in these steps|as follows] and return the [final ||]result|Carry out the following steps on {name}, in this order, and return the result of the last one|The function transforms {name} step by step and returns what the last step gives]:",
        )
        style = g.choice(["1.", "1)", "-", "(1)", "Step 1:"])
        lines = [f"{style.replace('1', str(i))} {cap(s)}." for i, s in enumerate(steps, 1)]
        return head + ("\n" + "\n".join(lines) if g.random() < 0.6 or style == "-" else " " + " ".join(lines))

    def story() -> str:
        steps = [third(s) for s in orders(g, chain)]
        who = g.choice(
            [
                "A small program",
                "A machine",
                "The pipeline",
                "A clerk",
                "Mia",
                "A robot",
                "An import script",
                "Tom",
                "Our tool",
            ]
        )
        he = {"Mia": "she", "Tom": "he", "A clerk": "the clerk"}.get(who, "it")
        if len(steps) == 1:
            return f"{who} {spin(g, '[is handed|receives|gets]')} {what} {name}. {cap(he)} {steps[0]}. [Return what {he} ends up with|Write the function that gives {he if he == 'the clerk' else 'the'} result|Return the outcome]."
        text = f"{who} {spin(g, '[is handed|receives|gets|works on]')} {what}, {name}. First {he} {steps[0]}."
        for s in steps[1:-1]:
            text += f" [Then|After that,|Next,] {he} {s}."
        return (
            text
            + f" [In the end,|Finally,|As the last step,] {he} {steps[-1]}. [Return what {he} ends up with|Return this result|Compute this final result|The function should return that outcome]."
        )

    def given() -> str:
        steps = orders(g, chain)
        body = steps[0] if len(steps) == 1 else ", then ".join(steps[:-1]) + f", and [finally|then] {steps[-1]}"
        return (
            f"[You are given|The input is|You get|The argument {name} is] {what}[. Your task: | and have to do this: |. Do the following: |. What to do: ]".replace(
                f"[You are given|The input is|You get|The argument {name} is] {what}",
                g.choice(
                    [f"You are given {what}, {name}", f"The input {name} is {what}", f"The argument {name} is {what}"]
                ),
            ).replace(" and have to do this: ", ". Do this: ")
            + f"{body}. [Return the result|Give back what you get|Return what you have then]."
        )

    def upside() -> str:
        noun = obtained(g, chain) or nested(g, chain)
        return (
            f"[Return|Return|Determine|Find|Work out] {noun}." if noun and not noun.startswith("True if") else plain()
        )

    said = [plain, plain, numbered, story, given, upside] if len(chain.ops) > 1 else [plain, story, given]
    made = [spin(g, make()) for make in g.sample(said, 2)]
    return tuple(cap(tidy(m)) for m in made)


def tidy(text: str) -> str:
    for wrong, right in (
        (",,", ","),
        (", , ", ", "),
        (" ,", ","),
        (",.", "."),
        ("the the ", "the "),
        (",)", ")"),
        ("e.g.,", "e.g."),
    ):
        text = text.replace(wrong, right)
    text = _DOTS.sub(".", text)
    return _ONE.sub(lambda m: f"1 {_SINGLE[m[1]]}", text)


_SINGLE = {
    "elements": "element",
    "entries": "entry",
    "inner lists": "inner list",
    "vowels": "vowel",
    "characters": "character",
}
_DOTS = re.compile(r"(?<!\.)\.\.(?!\.)")
_ONE = re.compile(r"\b(?<!-)1 (elements|entries|inner lists|vowels|characters)\b")


# ------------------------------------------------------------------------------------------------------------------ code
def _used_by(source: str) -> set[str]:
    return set(source.replace("(", " ").replace(")", " ").replace(",", " ").replace("[", " ").split())


def element(g: Random, op: Op, used: set[str]) -> dict[str, str]:
    """Names for an element and for its partner."""
    if "$v" not in op.code and "$v" not in op.loop:
        return {}
    pool = [n for n in glue.VARIABLES.get(op.src, "x v").split() if n not in used and n != "k_"]
    name = g.choice(pool) if pool else "elem"
    return {"v": name, "w": "value" if "value" not in used and name != "value" else "amount"}


def code_for(g: Random, chain: Chain, style: str, given: str = "") -> str:
    """A body: nested expressions, step by step, or loops where there are any."""
    used = set(chain.used)
    used |= {"n", "c", "d", "i", "j", "a", "b", "row"} if style == "avoid" else set()
    lines: list[str] = []
    current = given or chain.name
    for i, op in enumerate(chain.ops):
        is_last = i == len(chain.ops) - 1
        names = element(g, op, used)
        fill = {**names, "k": op.k_code}
        if style == "loops" and op.loop:
            if not current.isidentifier() and op.loop.count("$x") > 1:
                held = _result_name(g, chain.ops[i - 1], used)
                lines.append(f"{held} = {current}")
                current = held
            target = _result_name(g, op, used)
            lines.append(glue.put(glue.sub(op.loop, {**fill, "y": target}), current))
            current = target
            continue
        template = glue.sub(op.code, fill)
        if not current.isidentifier() and (template.count("$x") != 1 or len(template) + len(current) > 95 or ("lambda" in template and " for " in current)
                                           or (" for " in current and " for " in template and not template.rstrip(")]}").endswith("$x"))):  # fmt: skip
            held = _result_name(g, chain.ops[i - 1], used)
            lines.append(f"{held} = {current}")
            current = held
        current = glue.put(template, current)
        if style != "nested" and not is_last:
            held = _result_name(g, op, used)
            lines.append(f"{held} = {current}")
            current = held
    lines.append(f"return {current}")
    return _FOLDED.sub(lambda m: f"range(1, {int(m[1]) + 1})", "\n".join(lines))


_FOLDED = re.compile(r"range\(1, (\d+) \+ 1\)")


def _result_name(g: Random, op: Op, used: set[str]) -> str:
    tag = op.tag
    banned = {"sorted", "reversed", "first", "max", "min", "sum", "len", "list", "map", "row", "inner"}
    if (
        g.random() < 0.45
        and glue.is_name(tag)
        and tag not in used
        and tag not in banned
        and len(tag) < 18
        and len(tag) > 2
    ):
        used.add(tag)
        return tag
    return glue.fresh(g, glue.RESULTS[op.dst], used)


def name_of(g: Random, chain: Chain) -> str:
    """A function name from the operations."""
    tags = [o.tag for o in chain.ops if o.tag]
    dice = g.random()
    noun = {
        "L": "numbers",
        "W": "words",
        "s": "text",
        "i": "number",
        "D": "dict",
        "M": "rows",
        "p": "pair",
        "f": "value",
    }[chain.source.kind]
    if dice < 0.08:
        return g.choice(
            [
                f"process_{noun}",
                f"transform_{noun}",
                f"convert_{noun}",
                f"{noun}_pipeline",
                f"reduce_{noun}",
                f"handle_{noun}",
                "steps",
                "pipeline",
                f"summarize_{noun}",
            ]
        )
    if dice < 0.3:
        chosen = [tags[-1], noun]
    elif dice < 0.6:
        chosen = tags[-2:][::-1]
    elif dice < 0.8:
        chosen = tags[-2:] if len(tags) < 3 else [tags[0], tags[-1]]
    else:
        chosen = [*tags[-2:][::-1], noun]
    name = "_".join(chosen).replace("__", "_")[:40].strip("_")
    if dice > 0.93:
        name = g.choice(["get_", "compute_", "make_", "find_"]) + name
    return name if glue.is_name(name) else f"f_{name}"


def chain(
    g: Random, topic: str, length: int, source: Source | None = None, last: str = "", share: float = 0.15
) -> Draft:
    """One exercise."""
    made = find(g, length, source, last, share)
    while share == 1.0 and not made.extra.names:
        made = find(g, length, source, last, share)
    styles = g.sample(["nested", "steps", "loops"], 3) if length > 1 else ["nested", "loops"]
    first = [s for s in styles if s != "loops"]
    others = [s for s in styles if s != first[0]]
    bodies = list(
        dict.fromkeys(code_for(g, made, s) for s in [first[0], *(others if g.random() < 0.4 else others[:1])])
    )
    result = nested(g, made) if g.random() < 0.75 else None
    result = tidy(spin(g, result or obtained(g, made) or stepped(g, made)))
    imports = tuple(dict.fromkeys(o.imports for o in made.ops if o.imports))
    plan = tidy(spin(g, "I " + ", then I ".join(orders(g, made)) + "."))
    return Draft(topic=topic, name=name_of(g, made), params=made.params, returns=TYPES[made.ops[-1].dst], result=result, bodies=tuple(bodies), imports=imports,
                 plan=plan, tellings=tellings(g, made))  # fmt: skip


def _lesson(kinds: str, length: int, last: str = "") -> None:
    def maker(g: Random) -> Draft:
        return chain(g, lesson.topic, length, g.choice(SOURCES[g.choice(kinds)]), last)

    maker.__name__ = f"{kinds}_{length}_{last or 'any'}"
    lesson(maker)


for _kinds in ("L", "W", "s", "i", "DM", "pf"):
    for _length in (2, 3):
        _lesson(_kinds, _length)
for _kinds in ("L", "W", "s", "M"):
    _lesson(_kinds, 2, "isfp")
    _lesson(_kinds, 3, "isLW")
for _kinds in ("L", "s", "W", "i"):
    _lesson(_kinds, 4)
_lesson("LWs", 2, "b")
_lesson("LWs", 3, "b")
