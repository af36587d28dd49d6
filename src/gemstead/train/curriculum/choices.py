"""Decisions: rules that pick a value, compare two things, check conditions, or sort into named categories."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from random import Random
from typing import Any

from gemstead.train.curriculum import glue, steps
from gemstead.train.curriculum.chains import _FOLDED, FAILURES, final_noun, tidy
from gemstead.train.curriculum.draft import Draft, Param
from gemstead.train.curriculum.glue import SOURCES, TYPES, Source, cap, put, say, spin, sub
from gemstead.train.curriculum.lessons import Lessons
from gemstead.train.curriculum.steps import KEYS, TESTS, Extra, Key, concrete, draw_row

lesson = Lessons("choices")

LABELS = (
    ("small", "medium", "large", "huge"), ("low", "middle", "high", "extreme"), ("A", "B", "C", "D"), ("red", "yellow", "green", "blue"), ("first", "second", "third", "fourth"),
    ("bronze", "silver", "gold", "platinum"), ("cold", "mild", "warm", "hot"), ("left", "right", "middle", "none"), ("skip", "keep", "check", "stop"), ("no", "maybe", "yes", "sure"),
    ("poor", "fair", "good", "great"), ("slow", "normal", "fast", "rapid"), ("x", "y", "z", "w"), ("odd one", "plain", "special", "rare"), ("short", "regular", "long", "endless"),
    ("light", "normal", "heavy", "massive"), ("junior", "regular", "senior", "chief"), ("cheap", "standard", "expensive", "luxury"),
)  # fmt: skip
NONE = {"i": [("None", "None"), ("-1", "-1"), ("0", "0")], "s": [("None", "None"), ("an empty string", "''"), ("'none'", "'none'"), ("'?'", "'?'")],
        "L": [("None", "None"), ("an empty list", "[]"), ("[0]", "[0]")], "W": [("None", "None"), ("an empty list", "[]")], "f": [("0.0", "0.0"), ("None", "None")], "p": [("None", "None"), ("(0, 0)", "(0, 0)")],
        "D": [("None", "None"), ("an empty dictionary", "{}")], "M": [("an empty list", "[]")]}  # fmt: skip


@dataclass
class Rule:
    """A condition in words and code, and the name it gives."""

    text: str
    code: str
    tag: str


@dataclass
class Value:
    """A result in words and code."""

    text: str
    code: str
    tag: str = ""
    imports: str = ""


def argument(source: Source, name: str) -> Param:
    return Param(name=name, annotation=source.annotation, what=source.what, draw=source.draw)


def many_samples(source: Source) -> list[Any]:
    """More of them than a chain needs."""
    if not source.more:
        r = Random(source.what + source.kind)
        source.more.extend(source.draw(r) for _ in range(24))
    return source.more


def constant(g: Random, par: str) -> tuple[str, str]:
    said, code, _ = Extra(g, set(), 0.0).ask(par)
    return said, code


def rule(g: Random, kind: str, name: str, depth: int = 0) -> Rule:
    """A condition on one argument: one test, its negation, or two joined."""
    dice = g.random()
    if depth == 0 and dice < 0.2:
        one, two = rule(g, kind, name, 1), rule(g, kind, name, 1)
        while one.tag.strip("0123456789not_") == two.tag.strip("0123456789not_"):
            two = rule(g, kind, name, 1)
        word = g.choice(["and", "or"])
        codes = [
            f"({r.code})" if " or " in r.code or (" and " in r.code and word == "or") else r.code for r in (one, two)
        ]
        return Rule(
            f"{one.text} {word} {two.text.replace(f'@{name}', 'it', 1)}",
            f"{codes[0]} {word} {codes[1]}",
            f"{one.tag}_{word}_{two.tag}",
        )
    test = g.choice(TESTS[kind])
    said, code = constant(g, test.par) if test.par else ("", "")
    predicate, text = sub(test.predicate, {"k": said}), sub(test.code, {"k": code, "v": name})
    tag = sub(test.tag, {"k": code if steps.is_word(code) else ""}).strip("_").replace("-", "minus_")
    if dice > 0.85 and " or " not in predicate and " and " not in predicate and " no " not in predicate:
        return Rule(f"@{name} {glue.negated(predicate)}", glue.inverse(text), f"not_{tag}")
    return Rule(f"@{name} {predicate}", text, tag)


def threshold(g: Random, name: str, kind: str) -> tuple[Key, str, str]:
    """A number derived from the argument: key, words, code."""
    if kind == "i" and g.random() < 0.4:
        return Key("i", "i", "", "its value", "", "$v"), f"@{name}", name
    key = g.choice([k for k in KEYS[kind] if k.out == "i" and not k.par and ("(" not in k.its)])
    return key, key.of(f"@{name}"), key.code.replace("$v", name)


def value(g: Random, kind: str, dst: str, name: str) -> Value | None:
    """Something made from the argument."""
    if dst == kind and g.random() < 0.15:
        return Value(f"@{name} itself" if g.random() < 0.5 else f"@{name} unchanged", name, "same")
    row = draw_row(g, kind, dst)
    if row is None:
        return None
    op = concrete(g, row, Extra(g, set(), 0.0))
    many = f"the {say(g, glue.MANY.get(kind, 'elements'))} {'of' if kind == 's' else 'in'} @{name}"
    pool = [v for v in glue.VARIABLES.get(kind, "x v").split() if v not in (name, "k_")]
    code = put(sub(op.code, {"k": op.k_code, "v": g.choice(pool), "w": "amount"}), name)
    code = _FOLDED.sub(lambda m: f"range(1, {int(m[1]) + 1})", code)
    return Value(tidy(spin(g, final_noun(g, op, f"@{name}", many))), code, op.tag, op.imports)


def runs(code: str, names: str, samples: list[tuple[Any, ...]], imports: tuple[str, ...] = ()) -> list[str] | None:
    """Results as text, or nothing if it fails."""
    space: dict[str, Any] = {}
    try:
        for line in imports:
            exec(line, space)
        function = eval(f"lambda {names}: {code}", space)
        return [repr(function(*s)) for s in samples]
    except FAILURES:
        return None


def all_reached(rules: list[Rule], name: str, source: Source, least: int = 3) -> bool:
    """Whether each rule decides some samples, and some are left over."""
    expression = " else ".join(f"{i} if {r.code}" for i, r in enumerate(rules)) + f" else {len(rules)}"
    found = runs(expression, name, [(s,) for s in many_samples(source)])
    return found is not None and all(found.count(str(i)) >= least for i in range(len(rules) + 1))


def rules_for(g: Random, kind: str, count: int) -> tuple[Source, str, list[Rule]]:
    """An argument and rules that all matter."""
    while True:
        source = g.choice(SOURCES[kind])
        name = g.choice(source.names.split())
        for _ in range(6):
            rules = [rule(g, kind, name) for _ in range(count)]
            if len({r.tag for r in rules}) == count and all_reached(rules, name, source):
                return source, name, rules


def decision(
    g: Random, rules: list[Rule], values: list[Value], name: str, before: str = ""
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Result phrase, bodies and tellings of "first rule that fits gives the value"."""
    texts, last = [v.text for v in values[:-1]], values[-1].text
    pairs = list(zip(rules, texts, strict=True))
    other = [_pronoun(g, r.text, name) for r in rules]
    if len(rules) == 1:
        result = f"{texts[0]} if {rules[0].text}, and {last} [otherwise|if not]"
    else:
        middle = "".join(f", otherwise {t} if {o}" for t, o in zip(texts[1:], other[1:], strict=True))
        result = (
            f"{texts[0]} if {rules[0].text}{middle}, and {last} [in all other cases|if none of this holds|otherwise]"
        )
    prose = (
        f"If {rules[0].text}, return {texts[0]}. "
        + "".join(f"Otherwise, if {o}, return {t}. " for o, t in zip(other[1:], texts[1:], strict=True))
        + f"[Otherwise|In all other cases|If none of this applies|Failing that], return {last}."
    )
    if len(rules) == 1:
        prose = (
            f"If {rules[0].text}, [return|the result is|the function returns] {texts[0]}; [otherwise|if not|else], [return|return|the result is] {last}.".replace(
                "the result is", "return"
            )
            if g.random() < 0.5
            else f"Return {texts[0]} if {rules[0].text}. Otherwise return {last}."
        )
    bullets = (
        spin(
            g,
            f"[The result depends on @{name}|Decide by these rules; the first one that applies counts|Go through these rules in order and use the first that fits|Return the following, taking the first case that applies]:",
        )
        + "".join(f"\n- {r.text}: [return ]{t}" if g.random() < 0 else f"\n- if {r.text}: {t}" for r, t in pairs)
        + f"\n- [otherwise|in every other case|else]: {last}"
    )
    inline = (
        spin(g, "[Rules, in order of priority|The rules, the first match wins|Cases, checked from first to last]: ")
        + "; ".join(f"({i}) {r.text}: return {t}" for i, (r, t) in enumerate(pairs, 1))
        + f"; ({len(pairs) + 1}) [anything else|otherwise]: return {last}."
    )
    whens = (
        f"Return {texts[0]} [when|if|whenever] {rules[0].text}. "
        + "".join(f"[When|If] that is not so but {o}, return {t}. " for o, t in zip(other[1:], texts[1:], strict=True))
        + f"[Return {last} in all other cases.|The remaining case gives {last}.|For everything else the answer is {last}.]"
    )
    backwards = f"[Normally|By default|As a rule], the [function returns|result is] {last}. [But there is an exception|There is one special case|One case is different]: if {rules[0].text}, it is {texts[0]}."
    tellings = [prose, whens, inline, bullets] if len(rules) > 1 else [prose, whens, backwards, backwards]
    tellings = g.sample(tellings, 2)
    codes = [v.code for v in values]
    chain = (
        "".join(
            f"{'el' if i else ''}if {r.code}:\n    return {c}\n"
            for i, (r, c) in enumerate(zip(rules, codes, strict=False))
        )
        + f"else:\n    return {codes[-1]}"
    )
    early = (
        "".join(f"if {r.code}:\n    return {c}\n" for r, c in zip(rules, codes, strict=False)) + f"return {codes[-1]}"
    )
    held = g.choice(["result", "answer", "res", "out"])
    if held == name:
        held = "answer_"
    held_chain = (
        "".join(
            f"{'el' if i else ''}if {r.code}:\n    {held} = {c}\n"
            for i, (r, c) in enumerate(zip(rules, codes, strict=False))
        )
        + f"else:\n    {held} = {codes[-1]}\nreturn {held}"
    )
    bodies = [early, g.choice([chain, held_chain])]
    line = " else ".join(f"{c} if {r.code}" for r, c in zip(rules, codes, strict=False)) + f" else {codes[-1]}"
    if len(rules) == 1 and len(line) < 90 and " for " not in line and " if " not in codes[0] + codes[1]:
        bodies.append(f"return {line}")
    if len(rules) == 1 and g.random() < 0.4:
        bodies.insert(0, f"if {glue.inverse(rules[0].code)}:\n    return {codes[1]}\nreturn {codes[0]}")
    return spin(g, result), tuple(f"{before}{b}" for b in bodies), tuple(cap(tidy(spin(g, t))) for t in tellings)


def _pronoun(g: Random, text: str, name: str) -> str:
    return text.replace(f"@{name}", "it", 1) if g.random() < 0.5 else text


def names(g: Random, *tags: str) -> str:
    """A function name from tags."""
    text = "_".join(t for t in tags if t).replace("$k", "k").replace("__", "_")[:42].strip("_")
    return text if glue.is_name(text) else f"f_{text}" if glue.is_name(f"f_{text}") else "decide"


def labels(g: Random, count: int) -> list[Value]:
    """Category names."""
    chosen = list(g.choice(LABELS)[:count])
    if g.random() < 0.3:
        g.shuffle(chosen)
    return [Value(repr(c), repr(c)) for c in chosen]


def draft(name: str, params: tuple[Param, ...], returns: str, result: str, bodies: tuple[str, ...], tellings: tuple[str, ...] = (), notes: tuple[str, ...] = (), imports: tuple[str, ...] = (),
          plan: str = "") -> Draft:  # fmt: skip
    """One exercise."""
    result = tidy(result)
    return Draft(topic=lesson.topic, name=name, params=params, returns=returns, result=result, bodies=tuple(dict.fromkeys(bodies)), notes=notes, imports=tuple(dict.fromkeys(i for i in imports if i)),
                 plan=plan or f"I check the conditions in order and return {result}.", tellings=tellings)  # fmt: skip


def _is_optional(values: list[Value]) -> bool:
    return any(v.code == "None" for v in values)


# ---------------------------------------------------------------------------------------------------------------- lessons
def _piecewise(kind: str, dsts: str) -> None:
    def maker(g: Random) -> Draft:
        while True:
            source, name, rules = rules_for(g, kind, g.choice([1, 1, 2, 2, 3]))
            dst = g.choice(dsts)
            found: list[Value] = []
            for _ in range(len(rules) * 4):
                made = value(g, kind, dst, name)
                if made and made.code not in [f.code for f in found] and len(made.text) < 110 and "[:" not in made.text:
                    found.append(made)
                if len(found) > len(rules):
                    break
            if len(found) <= len(rules):
                continue
            imports = tuple(v.imports for v in found if v.imports)
            expression = (
                " else ".join(f"({v.code}) if {r.code}" for r, v in zip(rules, found, strict=False))
                + f" else ({found[-1].code})"
            )
            results = runs(expression, name, [(s,) for s in many_samples(source)], imports)
            if results is None or len(set(results)) < 5:
                continue
            result, bodies, tellings = decision(g, rules, found, name)
            tag = g.choice(
                [
                    names(g, rules[0].tag, "or", found[-1].tag),
                    names(g, found[0].tag, "if", rules[0].tag),
                    names(g, found[0].tag, "or", found[-1].tag),
                    f"choose_{found[0].tag}",
                ]
            )
            return draft(
                tag if glue.is_name(tag) else "choose_value",
                (argument(source, name),),
                TYPES[dst],
                result,
                bodies,
                tellings,
                imports=imports,
            )

    maker.__name__ = f"piecewise_{kind}_{dsts}"
    lesson(maker)


for _kind, _dsts in (
    ("i", "i"),
    ("i", "s"),
    ("i", "L"),
    ("s", "s"),
    ("s", "i"),
    ("s", "W"),
    ("L", "i"),
    ("L", "L"),
    ("W", "s"),
    ("W", "W"),
    ("W", "i"),
    ("p", "ip"),
    ("D", "is"),
    ("M", "Li"),
):
    _piecewise(_kind, _dsts)


def _categories(kind: str) -> None:
    def maker(g: Random) -> Draft:
        count = g.choice([1, 2, 2, 3])
        source, name, rules = rules_for(g, kind, count)
        found = labels(g, count + 1)
        result, bodies, tellings = decision(g, rules, found, name)
        return draft(
            g.choice(["classify", "category", "label", "kind_of", "describe", "rate"])
            + g.choice(["", "_it", f"_{name}", f"_by_{rules[0].tag}"])[:30],
            (argument(source, name),),
            "str",
            result,
            bodies,
            tellings,
        )

    maker.__name__ = f"categories_{kind}"
    lesson(maker)


for _kind in "isLWp":
    _categories(_kind)


@lesson
def graded(g: Random) -> Draft:
    """A label by the size of a derived number."""
    while True:
        kind = g.choice("iisssLLWpD")
        source = g.choice(SOURCES[kind])
        name = g.choice(source.names.split())
        key, said, code = threshold(g, name, kind)
        found = runs(code, name, [(s,) for s in many_samples(source)], (key.imports,) if key.imports else ())
        if found is None:
            continue
        ordered = sorted(set(map(int, found)))
        count = g.choice([2, 2, 3])
        if len(ordered) < count + 2:
            continue
        cuts = sorted(g.sample(ordered[1:], count))
        marks = labels(g, count + 1)
        break
    short = g.choice(["value", "amount", "score", "size", "level"])
    if short == name:
        short = "measure"
    is_plain = code == name
    held = name if is_plain else short
    it = said if is_plain else "it"
    before = "" if is_plain else f"{short} = {code}\n"
    parts = [f"{marks[0].text} if {said} is [below|less than] {cuts[0]}"]
    parts += [
        f"{marks[i].text} if {it} is {cuts[i - 1]} or more but below {cuts[i]}"
        if g.random() < 0.5
        else f"{marks[i].text} if {it} is at least {cuts[i - 1]} and less than {cuts[i]}"
        for i in range(1, count)
    ]
    result = ", ".join(parts) + f", and {marks[-1].text} if {it} is {cuts[-1]} or [more|greater]"
    ranges = [f"below {cuts[0]}"]
    ranges += [str(lo) if lo + 1 == hi else f"from {lo} to {hi - 1}" for lo, hi in itertools.pairwise(cuts)]
    ranges.append(f"from {cuts[-1]} upwards")
    table = ", ".join(f"{where}: {m.text}" for where, m in zip(ranges, marks, strict=True))
    up = (
        before
        + "".join(f"if {held} < {c}:\n    return {m.code}\n" for c, m in zip(cuts, marks, strict=False))
        + f"return {marks[-1].code}"
    )
    down = (
        before
        + "".join(
            f"{'el' if i else ''}if {held} >= {cuts[-1 - i]}:\n    return {marks[-1 - i].code}\n" for i in range(count)
        )
        + f"else:\n    return {marks[0].code}"
    )
    loop = (
        before
        + f"for limit_, mark in [{', '.join(f'({c}, {m.code})' for c, m in zip(cuts, marks, strict=False))}]:\n    if {held} < limit_:\n        return mark\nreturn {marks[-1].code}"
    )
    tellings = (
        f"[Look at|Take|Compute|Determine] {said}. [The answer depends on that number|Return a label for it|It decides the label that is returned]: {table}.",
        f"[Classify|Label|Rate] @{name} by {said}, [with these classes|as in this table|like this]: {table}. Return the [name of the class|label|label as a string].",
        f"A [shop|school|club|lab|team] [sorts|groups|rates] [its records|all entries|its items] by {said}. "
        + "".join(
            f"Below {c} the label is {m.text}. "
            if i == 0
            else f"From {cuts[i - 1]} on, but below {c}, it is {m.text}. "
            for i, (c, m) in enumerate(zip(cuts, marks, strict=False))
        )
        + f"From {cuts[-1]} on it is {marks[-1].text}. Return the label [for|of] @{name}.",
    )
    return draft(names(g, g.choice(["grade", "level", "label", "rank", "class", "band"]), g.choice(["by", "of", "for"]), key.tag or name), (argument(source, name),), "str", spin(g, result), (up, down, loop),
                 tuple(tidy(spin(g, t)) for t in tellings), imports=(key.imports,))  # fmt: skip


def _special(kind: str, dsts: str) -> None:
    def maker(g: Random) -> Draft:
        while True:
            source, name, rules = rules_for(g, kind, 1)
            if kind in "LWs" and g.random() < 0.5:
                source = SOURCES[kind][0]
                rules = [Rule(f"@{name} is empty", f"not {name}", "nonempty")]
            dst = g.choice(dsts)
            made = value(g, kind, dst, name)
            if made is None or len(made.text) > 120:
                continue
            said, code = g.choice(NONE[dst])
            found = [Value(said, code), made]
            results = runs(
                f"{code} if {rules[0].code} else {made.code}",
                name,
                [(s,) for s in many_samples(source)],
                (made.imports,) if made.imports else (),
            )
            if results is None or len(set(results)) < 5:
                continue
            result, bodies, tellings = decision(g, rules, found, name)
            extra = (f"[Return|Find|Determine] {made.text}. [But if|However, if|Special case: if|If, however,] {rules[0].text}, return {said}[| instead].",
                     f"{cap(made.text)} [is wanted|is what the function returns|should be returned], [unless|except when|but not if] {rules[0].text}: [then|in this case] [return|the result is] {said}.")  # fmt: skip
            tellings = (tidy(spin(g, extra[0])), cap(tidy(spin(g, extra[1]))), tellings[0])
            result = g.choice([result, f"{made.text}, or {said} if {rules[0].text}"])
            returns = TYPES[dst] + (" | None" if code == "None" else "")
            return draft(
                names(
                    g,
                    g.choice(["safe", "checked", "", "guarded"]),
                    made.tag,
                    g.choice(["or_none", "or_default", ""]) if code == "None" else "",
                ),
                (argument(source, name),),
                returns,
                result,
                bodies,
                tellings,
                imports=(made.imports,),
            )

    maker.__name__ = f"special_{kind}"
    lesson(maker)


for _kind, _dsts in (("L", "iLfsp"), ("W", "isW"), ("s", "siLW"), ("i", "isL"), ("p", "ip"), ("D", "isW"), ("M", "iL")):
    _special(_kind, _dsts)


def _two(g: Random, kind: str, count: int = 2) -> tuple[Source, list[str]]:
    source = g.choice([s for s in SOURCES[kind] if "non-empty" in s.what or kind in "ip" or s.what == "a word"])
    pool = {"i": ["a b c", "x y z", "first second third", "left right middle", "m n p", "p q r"], "s": ["a b c", "first second third", "s t u", "left right middle", "word1 word2 word3", "x y z"],
            "L": ["a b c", "xs ys zs", "first second third", "left right middle", "list1 list2 list3"], "W": ["a b c", "first second third", "left right middle"], "D": ["a b c", "first second third", "left right middle"], "M": ["a b c", "first second third"],
            "p": ["p q r", "first second third", "a b c"]}[kind]  # fmt: skip
    return source, g.choice(pool).split()[:count]


def _compare(kind: str) -> None:
    noun = {"i": "number", "s": "string", "L": "list", "W": "list", "p": "pair", "D": "dictionary"}[kind]

    def maker(g: Random) -> Draft:
        source, (a, b) = _two(g, kind)
        fits = [
            k
            for k in KEYS[kind]
            if k.out == "i"
            and k.its.startswith("its ")
            and not set("^,(") & set(k.its)
            and not k.its.startswith(("its square", "its sum with", "its product with"))
        ]
        key = g.choice(fits)
        said, number = constant(g, key.par) if key.par else ("", "")
        phrase = sub(key.its, {"k": said}).removeprefix("its ")
        code = sub(key.code, {"k": number})
        ca, cb = code.replace("$v", a), code.replace("$v", b)
        ka, kb = f"{'first' if a != 'first' else 'own'}_value", "second_value"
        word, sign = g.choice([("larger", ">"), ("larger", ">"), ("smaller", "<")])
        flip = ">" if sign == "<" else "<"
        if phrase.startswith("number of ") and "when" not in phrase:
            rest = phrase.removeprefix("number of ")
            have = f"has {'more' if sign == '>' else 'fewer'} {rest}"
            which = f"with {'more' if sign == '>' else 'fewer'} {rest}"
        else:
            have, which = f"has the {word} {phrase}", f"with the {word} {phrase}"
        style = g.choice(["which", "which", "index", "tie", "difference", "bool", "text", "both"])
        params = (argument(source, a), argument(source, b))
        imports = (key.imports,)
        tag = f"{'more' if sign == '>' else 'less'}_{sub(key.tag, {'k': number})}"
        if style == "which":
            win = g.choice(["first", "second"])
            mine, other = (a, b) if win == "first" else (b, a)
            op = sign + "=" if win == "first" else sign
            result = f"the one of the {noun}s @{a} and @{b} {which}, or @{mine} if both are equal in this [|respect]".replace(
                "in this respect", "in this respect"
            ).replace("in this ", "in that ")
            bodies: tuple[str, ...] = (f"if {ca} {op} {cb}:\n    return {a}\nreturn {b}", f"{ka} = {ca}\n{kb} = {cb}\nif {ka} == {kb}:\n    return {mine}\nreturn {a} if {ka} {sign} {kb} else {b}",
                      f"return {'max' if sign == '>' else 'min'}({mine}, {other}, key=lambda item: {code.replace('$v', 'item')})")  # fmt: skip
            tie = f"[In a tie|If there is no difference|If both have the same {phrase}], return @{mine}."
            tellings: tuple[str, ...] = (f"[Compare|You have to compare] the {noun}s @{a} and @{b} by their {phrase}. Return the one {which}. {tie}",
                        f"Which of the two {noun}s {have}: @{a} or @{b}? Return that {noun}. {tie}",
                        f"Two {noun}s, @{a} and @{b}, compete: the one {which} wins. Return the winner; @{mine} wins [a tie|if they are level].")  # fmt: skip
            result = f"the one of the {noun}s @{a} and @{b} {which}; if they do not differ in this, @{mine}"
            return draft(
                names(g, tag, noun),
                params,
                source.annotation,
                result,
                bodies,
                tuple(spin(g, t) for t in tellings),
                imports=imports,
            )
        if style in ("index", "text"):
            outs = (
                g.choice([("1", "2", "0"), ("-1", "1", "0"), ("0", "1", "-1")])
                if style == "index"
                else g.choice(
                    [
                        ("'first'", "'second'", "'tie'"),
                        ("'left'", "'right'", "'equal'"),
                        (f"'{a}'", f"'{b}'", "'draw'"),
                        ("'>'", "'<'", "'='") if sign == ">" else ("'<'", "'>'", "'='"),
                    ]
                )
            )
            result = (
                f"{outs[0]} if @{a} {have} than @{b}, {outs[1]} if @{b} {have} than @{a}, and {outs[2]} if [they do not differ in this|there is no difference]"
                if " more " in have or " fewer " in have
                else f"{outs[0]} if @{a} {have}, {outs[1]} if @{b} {have}, and {outs[2]} if [they do not differ in this|both have the same]"
            )
            bodies = (f"if {ca} {sign} {cb}:\n    return {outs[0]}\nif {ca} {flip} {cb}:\n    return {outs[1]}\nreturn {outs[2]}",
                      f"{ka} = {ca}\n{kb} = {cb}\nif {ka} == {kb}:\n    return {outs[2]}\nelif {ka} {sign} {kb}:\n    return {outs[0]}\nelse:\n    return {outs[1]}")  # fmt: skip
            tellings = (
                f"Compare @{a} and @{b} by their {phrase}. [Return|The answer is] {outs[0]} if @{a} {have}, {outs[1]} if @{b} does, and {outs[2]} in a tie.",
            )
            return draft(
                names(g, "compare", sub(key.tag, {"k": number})),
                params,
                "int" if style == "index" else "str",
                spin(g, result),
                bodies,
                tuple(spin(g, t) for t in tellings),
                imports=imports,
            )
        if style == "difference":
            result = f"how much the {phrase} of @{a} and the {phrase} of @{b} differ (never a negative number)"
            bodies = (
                f"return abs({ca} - ({cb}))" if not glue.is_atomic(cb) else f"return abs({ca} - {cb})",
                f"{ka} = {ca}\n{kb} = {cb}\nif {ka} > {kb}:\n    return {ka} - {kb}\nreturn {kb} - {ka}",
            )
            tellings = (
                f"[Work out|Determine|Compute] the {phrase} of @{a} and of @{b}. Return the distance between these two numbers.",
                f"By how much do the {noun}s @{a} and @{b} differ in their {phrase}? The answer is never negative.",
            )
            return draft(
                names(g, "difference_in", sub(key.tag, {"k": number})),
                params,
                "int",
                result,
                bodies,
                tuple(spin(g, t) for t in tellings),
                imports=imports,
            )
        if style == "both":
            result = (
                f"the {noun}s @{a} and @{b} as a list, the one {which} first (@{a} first if they do not differ in this)"
            )
            bodies = (
                f"return sorted([{a}, {b}], key=lambda item: {code.replace('$v', 'item')}{', reverse=True' if sign == '>' else ''})",
                f"if {cb} {sign} {ca}:\n    return [{b}, {a}]\nreturn [{a}, {b}]",
            )
            tellings = (
                f"Put @{a} and @{b} into a list so that the {noun} {which} comes first. [Keep the given order in a tie|If they do not differ in this, @{a} comes first].",
            )
            return draft(
                names(g, "ordered_by", sub(key.tag, {"k": number})),
                params,
                f"list[{source.annotation}]",
                result,
                bodies,
                tuple(spin(g, t) for t in tellings),
                imports=imports,
            )
        strict, words = g.choice([(sign, "strictly "), (sign + "=", "")])
        relation = f"{'greater' if sign == '>' else 'less'} than" + ("" if words else " or equal to")
        result = f"True if the {phrase} of @{a} is {relation} that of @{b}"
        bodies = (
            f"return {ca} {strict} {cb}",
            f"if {ca} {strict} {cb}:\n    return True\nreturn False",
            f"{ka} = {ca}\n{kb} = {cb}\nreturn {ka} {strict} {kb}",
        )
        tellings = (
            f"[Check|Find out|Tell] whether the {phrase} of @{a} is {relation} the {phrase} of @{b}. [Return True or False|The result is a truth value].",
        )
        return draft(
            names(g, "has", tag), params, "bool", result, bodies, tuple(spin(g, t) for t in tellings), imports=imports
        )

    maker.__name__ = f"compare_{kind}"
    lesson(maker)


for _kind in "issLLWp":
    _compare(_kind)


@lesson
def best_of_three(g: Random) -> Draft:
    """The winner of three by a derived key."""
    kind = g.choice("isLs")
    noun = {"i": "number", "s": "string", "L": "list"}[kind]
    source, (a, b, c) = _two(g, kind, 3)
    key = g.choice(
        [
            k
            for k in KEYS[kind]
            if k.out == "i" and not k.par and k.its.startswith("its ") and not set("^,(") & set(k.its)
        ]
    )
    word, call, sign = g.choice([("largest", "max", ">"), ("smallest", "min", "<")])
    phrase = key.its.removeprefix("its ")
    code = key.code.replace("$v", "item")
    returned = g.choice(["it", "value", "place"])
    low = key.code
    tie = "[In a tie, the first of them counts|Among equals, the earlier argument counts|If several are equal, the first of those counts]"
    if returned == "it":
        result = f"the one of the {noun}s @{a}, @{b} and @{c} with the {word} {phrase}"
        bodies: tuple[str, ...] = (
            f"return {call}({a}, {b}, {c}, key=lambda item: {code})",
            f"best = {a}\nfor item in ({b}, {c}):\n    if {code} {sign} {low.replace('$v', 'best')}:\n        best = item\nreturn best",
        )
        returns = source.annotation
    elif returned == "value":
        result = f"the {word} {phrase} among those of the {noun}s @{a}, @{b} and @{c}"
        bodies = (
            f"return {call}({low.replace('$v', a)}, {low.replace('$v', b)}, {low.replace('$v', c)})",
            f"return {call}({code} for item in ({a}, {b}, {c}))",
        )
        returns, tie = "int", ""
    else:
        result = f"1, 2 or 3, depending on whether the first, second or third of the {noun}s @{a}, @{b} and @{c} has the {word} {phrase}"
        bodies = (
            f"found = [{', '.join(low.replace('$v', n) for n in (a, b, c))}]\nreturn found.index({call}(found)) + 1",
        )
        returns = "int"
    tie = spin(g, tie)
    ask = {
        "it": f"Return the {noun}",
        "value": f"Return the {phrase} of the {noun}",
        "place": f"Return the position (1, 2 or 3) of the {noun}",
    }[returned]
    tellings = (
        f"[You get|There are|You are given] three {noun}s @{a}, @{b} and @{c}. {ask} [whose {phrase} is the {word}|with the {word} {phrase}].",
    )
    return draft(names(g, {"it": "pick", "value": word, "place": "place_of"}[returned], word if returned != "value" else "", key.tag), tuple(argument(source, n) for n in (a, b, c)), returns, result, bodies,
                 tuple(spin(g, t) for t in tellings), (f"{tie}.",) if tie else (), imports=(key.imports,))  # fmt: skip


def _validation(kind: str) -> None:
    def maker(g: Random) -> Draft:
        while True:
            count = g.choice([2, 2, 3, 3, 4])
            source = g.choice(SOURCES[kind])
            name = g.choice(source.names.split())
            rules = []
            for _ in range(count):
                test = g.choice(TESTS[kind])
                said, code = constant(g, test.par) if test.par else ("", "")
                predicate, text = sub(test.predicate, {"k": said}), sub(test.code, {"k": code, "v": name})
                if (
                    g.random() < 0.2
                    and " or " not in predicate
                    and " and " not in predicate
                    and " no " not in predicate
                ):
                    predicate, text = glue.negated(predicate), glue.inverse(text)
                rules.append((predicate, text, sub(test.tag, {"k": ""}).strip("_"), test.code))
            if len({r[3] for r in rules}) < count:
                continue
            style = g.choice(["all", "all", "any", "count", "failed", "exactly", "numbers", "points", "not_all"])
            codes = [f"({r[1]})" if " or " in r[1] or " and " in r[1] else r[1] for r in rules]
            table = "[" + ", ".join(r[1] for r in rules) + "]"
            points = [g.randint(1, 9) for _ in rules]
            expression = {"all": " and ".join(codes), "any": " or ".join(codes), "not_all": f"not all({table})", "count": f"sum({table})", "exactly": f"sum({table}) == 1", "numbers": f"[i for i, ok in enumerate({table}, 1) if not ok]",
                          "failed": f"next((i for i, ok in enumerate({table}, 1) if not ok), 0)", "points": f"sum(p for p, ok in zip({points}, {table}) if ok)"}[style]  # fmt: skip
            results = runs(expression, name, [(s,) for s in many_samples(source)])
            if (
                results is None
                or max(results.count(r) for r in set(results)) > 18
                or any(
                    not 2 <= (runs(r[1], name, [(s,) for s in many_samples(source)]) or []).count("True") <= 22
                    for r in rules
                )
            ):
                continue
            break
        listed = [r[0] for r in rules]
        bullets = "".join(f"\n- {g.choice(['it ', ''])}{t}" if g.random() < 0 else f"\n- it {t}" for t in listed)
        joined = "; ".join(f"({i}) it {t}" for i, t in enumerate(listed, 1))
        anded = ", ".join(listed[:-1]) + f" and {listed[-1]}"
        ored = ", ".join(listed[:-1]) + f" or {listed[-1]}"
        check = g.choice(["valid", "accepted", "good", "allowed", "ok"])
        noun = glue.NOUNS[kind]
        params = (argument(source, name),)
        early = "".join(f"if {glue.inverse(r[1])}:\n    return False\n" for r in rules) + "return True"
        late = "".join(f"if {r[1]}:\n    return True\n" for r in rules) + "return False"
        if style == "all":
            clear = all(" and " not in t and " or " not in t for t in listed)
            result = (
                f"True if @{name} {anded}, and False otherwise"
                if clear
                else f"True if all of this holds for @{name}: {joined}"
            )
            bodies: tuple[str, ...] = (
                f"return {expression}",
                early,
                f"return all({table})" if g.random() < 0.3 else early,
            )
            tellings: tuple[str, ...] = (f"A {noun} is [called|considered] {check} if it satisfies all of these rules:{bullets}\nReturn True if @{name} is {check}, [otherwise False|and False if not].",
                        f"[Check|Find out] whether @{name} meets all {count} conditions: {joined}. Return True only if none is violated.",
                        f"An entry form accepts a {noun} only [under these conditions|if all of the following is true]: {joined}. Decide for @{name} and return a truth value.")  # fmt: skip
            returns = "bool"
        elif style == "any":
            clear = all(" and " not in t and " or " not in t for t in listed)
            result = (
                f"True if @{name} {ored}, and False otherwise"
                if clear
                else f"True if at least one of these holds for @{name}: {joined}"
            )
            bodies = (f"return {expression}", late)
            tellings = (f"A {noun} is {check} as soon as one of these is true:{bullets}\nReturn whether @{name} is {check}.", f"Return True if @{name} fulfils at least one of the following conditions, else False: {joined}.",
                        f"[Raise the alarm|Report it] (return True) if any of this is true of @{name}: {joined}. [Otherwise|If not], return False.")  # fmt: skip
            returns = "bool"
        elif style == "not_all":
            result = f"True if @{name} breaks at least one of these rules: {joined}"
            bodies = (
                f"return not ({' and '.join(codes)})",
                "".join(f"if {glue.inverse(r[1])}:\n    return True\n" for r in rules) + "return False",
            )
            tellings = (
                f"Rules for a {check} {noun}:{bullets}\nReturn True if @{name} breaks [any|at least one] of them.",
                f"Return False if @{name} keeps all of these rules, and True if it breaks one or more: {joined}.",
            )
            returns = "bool"
        elif style == "count":
            result = f"how many of these {count} conditions @{name} satisfies: {joined}"
            bodies = (
                f"return sum({table})",
                "count = 0\n" + "".join(f"if {r[1]}:\n    count += 1\n" for r in rules) + "return count",
            )
            tellings = (
                f"[Count|Determine] how many of the following are true of @{name}:{bullets}\nReturn that number.",
                f"Give @{name} one point for each of these conditions that it fulfils and return the points: {joined}.",
            )
            returns = "int"
        elif style == "exactly":
            result = f"True if exactly one of these conditions holds for @{name}: {joined}"
            bodies = (
                f"return sum({table}) == 1",
                "count = 0\n" + "".join(f"if {r[1]}:\n    count += 1\n" for r in rules) + "return count == 1",
            )
            tellings = (
                f"Of these {count} statements about @{name}, exactly one should be true:{bullets}\nReturn whether that is the case.",
            )
            returns = "bool"
        elif style == "numbers":
            result = f"a list of the numbers of the rules that @{name} breaks: {joined}"
            bodies = (
                f"return {expression}",
                "broken = []\n"
                + "".join(f"if {glue.inverse(r[1])}:\n    broken.append({i})\n" for i, r in enumerate(rules, 1))
                + "return broken",
            )
            tellings = (
                f"There are {count} rules for a {noun}: {joined}. Return the numbers of all rules that @{name} does not satisfy, in ascending order; an empty list if all are satisfied.",
            )
            returns = "list[int]"
        elif style == "failed":
            result = f"the number of the first of these rules that @{name} breaks, or 0 if it breaks none: {joined}"
            bodies = (
                "".join(f"if {glue.inverse(r[1])}:\n    return {i}\n" for i, r in enumerate(rules, 1)) + "return 0",
                f"for number_, ok in enumerate({table}, 1):\n    if not ok:\n        return number_\nreturn 0",
            )
            tellings = (
                f"Check @{name} against these rules, in this order: {joined}. [As soon as one is violated, return its number|Return the number of the first violated rule]; return 0 if all of them hold.",
            )
            returns = "int"
        else:
            priced = [f"{p} point{'s' if p > 1 else ''} if it {t}" for p, t in zip(points, listed, strict=True)]
            result = f"the points of @{name}, where it earns {', '.join(priced[:-1])}, and {priced[-1]}"
            bodies = (
                "total = 0\n"
                + "".join(f"if {r[1]}:\n    total += {p}\n" for p, r in zip(points, rules, strict=True))
                + "return total",
            )
            tellings = (
                f"A {noun} collects points: {'; '.join(priced)}. Return the total for @{name}.",
                "Start with 0 points. "
                + " ".join(f"If @{name} {t}, add {p}." for p, t in zip(points, listed, strict=True))
                + " Return the [sum|total|points].",
            )
            returns = "int"
        tag = {
            "all": f"is_{check}",
            "any": f"is_{check}",
            "not_all": "breaks_rules",
            "count": "rules_met",
            "exactly": "exactly_one",
            "numbers": "broken_rules",
            "failed": "first_broken_rule",
            "points": "points_for",
        }[style]
        tag = g.choice([tag, f"{tag}_{noun}", f"{tag}_{name}", names(g, "check", rules[0][2], rules[1][2])])
        return draft(
            tag if glue.is_name(tag) else "check",
            params,
            returns,
            spin(g, result),
            bodies,
            tuple(cap(tidy(spin(g, t))) for t in tellings),
        )

    maker.__name__ = f"validation_{kind}"
    lesson(maker)


for _kind in "issLWp":
    _validation(_kind)


def _tests(g: Random, kind: str, count: int) -> list[tuple[str, str, str]]:
    """Distinct tests as predicate, code on `$v` and tag."""
    found = []
    for test in g.sample(TESTS[kind], count):
        said, code = constant(g, test.par) if test.par else ("", "")
        found.append(
            (sub(test.predicate, {"k": said}), sub(test.code, {"k": code}), sub(test.tag, {"k": ""}).strip("_"))
        )
    return found


ELEMENTS = {
    "L": ("i", "number", "numbers"),
    "W": ("s", "string", "strings"),
    "s": ("c", "character", "characters"),
    "M": ("L", "inner list", "inner lists"),
}


def _compound(kind: str) -> None:
    inner, one, many = ELEMENTS[kind]

    def maker(g: Random) -> Draft:
        while True:
            source = g.choice(SOURCES[kind])
            name = g.choice(source.names.split())
            first, second = _tests(g, inner, 2)
            v = g.choice([x for x in glue.VARIABLES[kind].split() if x not in (name, "k_")])
            c1, c2 = (t[1].replace("$v", v) for t in (first, second))
            if any(" or " in t[0] or " and " in t[0] for t in (first, second)):
                continue
            p1, p2 = (f"({c})" if " or " in c or " and " in c else c for c in (c1, c2))
            word = g.choice(["and", "or", "but not", "either", "neither"])
            code = {
                "and": f"{p1} and {p2}",
                "or": f"{p1} or {p2}",
                "but not": f"{p1} and {glue.inverse(c2)}",
                "either": f"({c1}) != ({c2})",
                "neither": f"not ({p1} or {p2})",
            }[word]
            said = {"and": f"that {glue.plural(first[0])} and {glue.plural(second[0])}", "or": f"that {glue.plural(first[0])} or {glue.plural(second[0])} (or both)",
                    "but not": f"that {glue.plural(first[0])} but {_not_plural(second[0])}", "either": f"that satisfy exactly one of these two: the {one} {first[0]}; the {one} {second[0]}",
                    "neither": f"of which neither is true: the {one} {first[0]}; the {one} {second[0]}"}[word]  # fmt: skip
            check = runs(f"[bool({code}) for {v} in {name}]", name, [(s,) for s in many_samples(source)])
            alone = [
                runs(f"[bool({c}) for {v} in {name}]", name, [(s,) for s in many_samples(source)])
                for c in (p1, p2, glue.inverse(c2))
            ]
            if (
                check in alone
                or check is None
                or not "".join(check).count("True") > 6
                or "".join(check).count("False") < 6
            ):
                continue
            break
        where = f"{many} {'of' if kind == 's' else 'in'} @{name} {said}"
        style = g.choice(["list", "list", "list", "count", "first", "any", "split", "last", "remove"])
        neat = {"either": f"bool({c1}) != bool({c2})"}.get(word, code)
        skip = (
            f"for {v} in {name}:\n    if {glue.inverse(c1)}:\n        continue\n    if {glue.inverse(c2)}:\n        continue\n    "
            if word == "and"
            else f"for {v} in {name}:\n    if {neat}:\n        "
        )
        is_text = kind == "s"
        returns = "str" if is_text else TYPES[kind]
        if style in ("list", "remove"):
            keep = neat if style == "list" else f"not ({neat})"
            loop_body = skip if style == "list" else f"for {v} in {name}:\n    if not ({neat}):\n        "
            bodies = ((f"return ''.join({v} for {v} in {name} if {keep})", f"result = ''\n{loop_body}result += {v}\nreturn result") if is_text
                      else (f"return [{v} for {v} in {name} if {keep}]", f"result = []\n{loop_body}result.append({v})\nreturn result"))  # fmt: skip
            if style == "list":
                result = f"a {'string' if is_text else 'list'} of the {where}"
                order = "[Keep the order.|The order stays the same.|]"
                tellings: tuple[str, ...] = (
                    f"[Select|Collect|Pick out] from @{name} the {many} {said}, and return them as a {'string' if is_text else 'list'}. {order}",
                    f"[Go through|Look at each {one} of] @{name} and keep only those {many} {said}. {order}",
                )
            else:
                result = f"@{name} without those {many} {said}"
                tellings = (f"[Remove|Delete|Drop] from @{name} [all|those] {many} {said}. Return what is left.",)
        elif style == "count":
            result, returns = f"the number of {where}", "int"
            bodies = (f"return sum(1 for {v} in {name} if {neat})", f"count = 0\n{skip}count += 1\nreturn count")
            tellings = (f"[Count|Find out the number of] the {where}.",)
        elif style in ("first", "last"):
            over = f"reversed({name})" if style == "last" else name
            result, returns = (
                f"the {style} one of the {where}, or None if there is none",
                {"L": "int", "W": "str", "s": "str", "M": "list[int]"}[kind] + " | None",
            )
            bodies = (
                f"for {v} in {over}:\n    if {neat}:\n        return {v}\nreturn None",
                f"return next(({v} for {v} in {over} if {neat}), None)",
            )
            tellings = (
                f"[Search|Look through] @{name}{' from the end' if style == 'last' else ''} for [a|the {style}] {one} of this kind: [the result must be|it has to be] one of the {many} {said}. Return it, or None if you find none.",
            )
            tellings = (f"Find the {style} of the {where}. Return None if [there is none|no such {one} exists].",)
        elif style == "any":
            result, returns = f"True if there is at least one among the {where}", "bool"
            result = f"True if @{name} contains {many} {said}"
            bodies = (
                f"return any({neat} for {v} in {name})",
                f"for {v} in {name}:\n    if {neat}:\n        return True\nreturn False",
            )
            tellings = (f"[Check|Find out] whether @{name} contains any {many} {said}.",)
        else:
            result, returns = f"a tuple with how many {where} there are, and how many others", "tuple[int, int]"
            bodies = (
                f"count = sum(1 for {v} in {name} if {neat})\nreturn (count, len({name}) - count)",
                f"yes = no = 0\nfor {v} in {name}:\n    if {neat}:\n        yes += 1\n    else:\n        no += 1\nreturn (yes, no)",
            )
            tellings = (
                f"Count two kinds of {many} in @{name}: those {said}, and all others. Return both counts as a tuple.",
            )
        tag = names(
            g,
            {"count": "count", "first": "first", "last": "last", "any": "any", "remove": "without"}.get(
                style, g.choice(["", "select", "keep", "only"])
            ),
            first[2],
            {"but not": "not", "neither": "nor", "either": "xor"}.get(word, word),
            second[2],
        )
        return draft(tag, (argument(source, name),), returns, result, bodies, tuple(spin(g, t) for t in tellings))

    maker.__name__ = f"compound_{kind}"
    lesson(maker)


def _not_plural(predicate: str) -> str:
    verb = predicate.partition(" ")[0]
    text = glue.plural(predicate)
    return f"are not {text[4:]}" if verb == "is" else f"do not {text}"


for _kind in "LLWWsM":
    _compound(_kind)


def _each(kind: str) -> None:
    inner, one, many = ELEMENTS[kind]

    def maker(g: Random) -> Draft:
        while True:
            source = g.choice(SOURCES[kind])
            name = g.choice(source.names.split())
            v = g.choice([x for x in glue.VARIABLES[kind].split() if x not in (name, "k_")])
            tests = _tests(g, inner, g.choice([1, 1, 2]))
            out = "i" if inner in "iL" else "s"
            keys = g.sample([k for k in KEYS[inner] if k.out == out and not k.imports], len(tests) + 1)
            said, codes = [], []
            for k in keys:
                par = constant(g, k.par) if k.par else ("", "")
                said.append(sub(k.said, {"k": par[0]}))
                codes.append(sub(k.code, {"k": par[1], "v": v}))
            if g.random() < 0.35:
                if inner == "L":
                    said[-1], codes[-1] = "0", "0"
                else:
                    said[-1], codes[-1] = f"the unchanged {one}", v
            conds = [t[1].replace("$v", v) for t in tests]
            line = " else ".join(f"{c} if {t}" for c, t in zip(codes, conds, strict=False)) + f" else {codes[-1]}"
            found = runs(f"[{line} for {v} in {name}]", name, [(s,) for s in many_samples(source)])
            if found is None or len(set(found)) < 8:
                continue
            break
        style = g.choice(["list", "list", "sum", "filter"] if out == "i" else ["list", "list", "join", "filter"])
        chain = "".join(
            f"    {'el' if i else ''}if {t}:\n        @{c}\n"
            for i, (c, t) in enumerate(zip(codes, conds, strict=False))
        )
        end = f"    else:\n        @{codes[-1]}\n"
        rules = f"if the {one} {tests[0][0]}, [take|use] {said[0]}; " + "".join(
            f"[otherwise|if not], if it {t[0]}, {w}; " for t, w in zip(tests[1:], said[1:], strict=False)
        )
        tail = (
            f"[otherwise|in all other cases|else], {said[-1]}"
            if style != "filter"
            else "[otherwise, drop the number|leave out all others|all others are left out]".replace("number", one)
        )
        tag = g.choice(
            [
                names(g, "change", tests[0][2]),
                names(g, keys[0].tag, "if", tests[0][2]),
                names(g, "mixed", keys[0].tag.replace("$k", ""), keys[1].tag.replace("$k", "")),
                "convert_each",
                f"replace_{many}",
            ]
        ).replace("$k", "k")
        what = {"list": f"a list with one value for each {one} {'of' if kind == 's' else 'in'} @{name}", "sum": f"the sum of one value for each {one} in @{name}", "join": f"one string, joined from a piece for each {one} in @{name}",
                "filter": f"a list of values for the {many} in @{name}"}[style]  # fmt: skip
        if style == "filter":
            add = chain.replace("@", "result.append(")
            add = "\n".join(x + ")" if "result.append(" in x else x for x in add.split("\n"))
            bodies: tuple[str, ...] = (f"result = []\nfor {v} in {name}:\n{add}return result",)
            if len(tests) == 1:
                bodies = (f"return [{codes[0]} for {v} in {name} if {conds[0]}]", *bodies)
            returns = "list[int]" if out == "i" else "list[str]"
        elif style == "list":
            body = "\n".join(
                x + ")" if "result.append(" in x else x
                for x in (chain + end).replace("        @", "        result.append(").split("\n")
            )
            bodies = (f"result = []\nfor {v} in {name}:\n{body}return result", f"return [{line} for {v} in {name}]")
            bodies = bodies[::-1] if len(tests) == 1 and len(line) < 80 else bodies
            returns = "list[int]" if out == "i" else "list[str]"
        else:
            start, returns = ("0", "int") if style == "sum" else ("''", "str")
            bodies = (
                f"total = {start}\nfor {v} in {name}:\n{(chain + end).replace('        @', '        total += ')}return total",
            )
        result = f"{what}, chosen by [this rule|these rules]: {rules}{tail}"
        final = {
            "list": "Return the list of the new values.",
            "sum": "Return the sum of these values.",
            "join": "Return all pieces joined to one string.",
            "filter": "Return the list of these values.",
        }[style]
        tellings = (
            f"Go through @{name}. For each {one}: {rules}{tail}. {final}",
            f"[Every|Each] {one} {'of' if kind == 's' else 'in'} @{name} [is handled|is treated|is processed] by [this rule|the same rule]: {rules}{tail}. {final}",
        )
        return draft(
            tag, (argument(source, name),), returns, spin(g, result), bodies, tuple(tidy(spin(g, t)) for t in tellings)
        )

    maker.__name__ = f"each_{kind}"
    lesson(maker)


for _kind in "LLWM":
    _each(_kind)


def _two_arguments(kind: str) -> None:
    noun = {"i": "number", "s": "string", "L": "list"}[kind]

    def maker(g: Random) -> Draft:
        while True:
            source, (a, b) = _two(g, kind)
            ((predicate, code, tag),) = _tests(g, kind, 1)
            if " or " in predicate or " and " in predicate or predicate.startswith(("lies", "leaves")):
                continue
            found = runs(code.replace("$v", "x"), "x", [(s,) for s in many_samples(source)])
            if found is not None and 5 <= found.count("True") <= 19:
                break
        ca, cb = code.replace("$v", a), code.replace("$v", b)
        pa, pb = (f"({c})" if " or " in c or " and " in c else c for c in (ca, cb))
        plural = glue.plural(predicate)
        params = (argument(source, a), argument(source, b))
        style = g.choice(["both", "either", "one", "neither", "same", "count", "labels", "pick"])
        if style in ("both", "either", "one", "neither", "same"):
            text = {
                "both": f"both @{a} and @{b} {plural}",
                "either": f"@{a} or @{b} (or both) {plural}",
                "one": f"exactly one of @{a} and @{b} {predicate}",
                "neither": f"neither @{a} nor @{b} {predicate}",
                "same": f"both or none of @{a} and @{b} {plural}",
            }[style]
            bodies = {"both": (f"return {pa} and {pb}", f"if {glue.inverse(ca)}:\n    return False\nreturn {cb}"), "either": (f"return {pa} or {pb}", f"if {ca}:\n    return True\nreturn {cb}"),
                      "one": (f"return ({ca}) != ({cb})", f"if {ca}:\n    return {glue.inverse(cb)}\nreturn {cb}"), "neither": (f"return not ({pa} or {pb})", f"if {ca}:\n    return False\nreturn {glue.inverse(cb)}"),
                      "same": (f"return ({ca}) == ({cb})", f"if {ca}:\n    return {cb}\nreturn {glue.inverse(cb)}")}[style]  # fmt: skip
            tellings = (
                f"[Check|Find out|Decide] whether {text}. [Return True or False.|Return a truth value.]",
                f"Two {noun}s are given, @{a} and @{b}. Return True if {text}, [otherwise False|and False if not].",
            )
            return draft(
                names(
                    g,
                    {"both": "both", "either": "either", "one": "one_is", "neither": "neither", "same": "agree_on"}[
                        style
                    ],
                    tag,
                ),
                params,
                "bool",
                f"True if {text}",
                bodies,
                tuple(spin(g, t) for t in tellings),
            )
        if style == "count":
            return draft(names(g, "how_many", tag), params, "int", f"how many of the two {noun}s @{a} and @{b} {plural} (0, 1 or 2)", (f"return sum(1 for item in ({a}, {b}) if {code.replace('$v', 'item')})", f"count = 0\nif {ca}:\n    count += 1\nif {cb}:\n    count += 1\nreturn count"),
                         (f"Test @{a} and @{b}: how many of them {plural}? Return 0, 1 or 2.",))  # fmt: skip
        if style == "labels":
            marks = g.choice(
                [("both", "first", "second", "none"), ("AB", "A", "B", "-"), ("yes", "left", "right", "no")]
            )
            text = f"'{marks[0]}' if both @{a} and @{b} {plural}, '{marks[1]}' if only @{a} does, '{marks[2]}' if only @{b} does, and '{marks[3]}' if neither does".replace(
                " does", " is" if predicate.startswith("is ") else " does"
            )
            bodies = (f"if {pa} and {pb}:\n    return '{marks[0]}'\nif {ca}:\n    return '{marks[1]}'\nif {cb}:\n    return '{marks[2]}'\nreturn '{marks[3]}'",
                      f"if {ca}:\n    return '{marks[0]}' if {cb} else '{marks[1]}'\nreturn '{marks[2]}' if {cb} else '{marks[3]}'")  # fmt: skip
            return draft(
                names(g, "which", tag),
                params,
                "str",
                text,
                bodies,
                (
                    f"[Tell|Report] which of the two {noun}s @{a} and @{b} {plural}. Return {text}.".replace(
                        "[Tell|Report]", g.choice(["Tell", "Report"])
                    ),
                ),
            )
        if kind == "i":
            op, word = g.choice([("+", "sum"), ("*", "product")])
            low = g.choice([("max", "larger"), ("min", "smaller")])
            text = f"the {word} of @{a} and @{b} if both of them {plural}, and the {low[1]} one of them otherwise"
            bodies = (
                f"if {pa} and {pb}:\n    return {a} {op} {b}\nreturn {low[0]}({a}, {b})",
                f"return {a} {op} {b} if {pa} and {pb} else {low[0]}({a}, {b})",
            )
            return draft(
                names(g, word, "if", tag),
                params,
                "int",
                text,
                bodies,
                (f"If both @{a} and @{b} {plural}, return their {word}. Otherwise, return the {low[1]} one of them.",),
            )
        text = f"@{a} if it {predicate}, otherwise @{b} if that one {predicate}, and otherwise @{a} and @{b} put together ({'concatenated' if kind == 's' else 'as one list'})"
        bodies = (
            f"if {ca}:\n    return {a}\nif {cb}:\n    return {b}\nreturn {a} + {b}",
            f"for item in ({a}, {b}):\n    if {code.replace('$v', 'item')}:\n        return item\nreturn {a} + {b}",
        )
        return draft(
            names(g, "first", tag, "or_joined"),
            params,
            source.annotation,
            text,
            bodies,
            (
                f"Return the first of the two {noun}s @{a} and @{b} that {predicate}. If none of them does, return both put together, @{a} first.".replace(
                    "none of them does", f"neither {predicate}"
                ),
            ),
        )

    maker.__name__ = f"two_{kind}"
    lesson(maker)


for _kind in "isL":
    _two_arguments(_kind)


def _sorted_into(kind: str) -> None:
    inner, one, many = ELEMENTS[kind]

    def maker(g: Random) -> Draft:
        while True:
            source = g.choice(SOURCES[kind])
            name = g.choice(source.names.split())
            v = g.choice([x for x in glue.VARIABLES[kind].split() if x not in (name, "k_")])
            tests = _tests(g, inner, g.choice([1, 2, 2]))
            marks = list(g.choice(LABELS)[: len(tests) + 1])
            conds = [t[1].replace("$v", v) for t in tests]
            line = " else ".join(f"{i} if {t}" for i, t in enumerate(conds)) + f" else {len(conds)}"
            found = runs(f"[{line} for {v} in {name}]", name, [(s,) for s in many_samples(source)])
            if found is not None and all("".join(found).count(str(i)) >= 6 for i in range(len(marks))):
                break
        is_count = g.random() < 0.5
        start = "{" + ", ".join(f"'{m}': {'0' if is_count else '[]'}" for m in marks) + "}"
        hold = g.choice(["groups", "result", "boxes"]) if not is_count else g.choice(["counts", "result", "tally"])
        if hold == name:
            hold = "table_"

        def add(m: str) -> str:
            return f"{hold}['{m}'] += 1" if is_count else f"{hold}['{m}'].append({v})"

        body = (
            f"{hold} = {start}\nfor {v} in {name}:\n"
            + "".join(
                f"    {'el' if i else ''}if {t}:\n        {add(m)}\n"
                for i, (t, m) in enumerate(zip(conds, marks, strict=False))
            )
            + f"    else:\n        {add(marks[-1])}\nreturn {hold}"
        )
        other = (
            f"{hold} = {start}\nfor {v} in {name}:\n"
            + "".join(
                f"    {'el' if i else ''}if {t}:\n        key = '{m}'\n"
                for i, (t, m) in enumerate(zip(conds, marks, strict=False))
            )
            + f"    else:\n        key = '{marks[-1]}'\n    "
            + (f"{hold}[key] += 1" if is_count else f"{hold}[key].append({v})")
            + f"\nreturn {hold}"
        )
        rules = (
            "; ".join(
                f"'{m}' for a{'n' if one[0] == 'i' else ''} {one} that {t[0]}"
                if i == 0
                else f"'{m}' for one that does not, but {t[0]}"
                for i, (t, m) in enumerate(zip(tests, marks, strict=False))
            )
            + f"; '{marks[-1]}' for all others"
        )
        if len(tests) > 1:
            rules = (
                "; ".join(
                    f"'{m}' if it {t[0]}" if i == 0 else f"otherwise '{m}' if it {t[0]}"
                    for i, (t, m) in enumerate(zip(tests, marks, strict=False))
                )
                + f"; otherwise '{marks[-1]}'"
            )
        else:
            rules = f"'{marks[0]}' if it {tests[0][0]}, otherwise '{marks[1]}'"
        what = (
            "how many of them belong to it" if is_count else f"the list of the {many} that belong to it, in their order"
        )
        result = f"a dictionary that maps each category to {what}, where each {one} in @{name} has the category {rules}"
        everything = ", ".join(f"'{m}'" for m in marks)
        tellings = (
            f"[Sort|Divide|Put] the {many} in @{name} into categories. The category of a{'n' if one[0] == 'i' else ''} {one} is {rules}. Return a dictionary with [all|the] categories {everything} as keys and, for each, {'the number' if is_count else 'a list'} of its {many}.",
            f"[There are|We use] the categories {everything}. A{'n' if one[0] == 'i' else ''} {one} is {rules}. [Return|Build] a dictionary from every category to {'the count' if is_count else 'the list'} of the {many} in @{name} that fall into it{' (0 if there are none)' if is_count else ''}.",
        )
        returns = (
            "dict[str, int]"
            if is_count
            else {
                "L": "dict[str, list[int]]",
                "W": "dict[str, list[str]]",
                "s": "dict[str, list[str]]",
                "M": "dict[str, list[list[int]]]",
            }[kind]
        )
        return draft(g.choice([f"sort_into_{g.choice(['groups', 'categories', 'classes'])}", f"group_{many.replace(' ', '_')}", names(g, "by", tests[0][2]), f"count_kinds_of_{many.replace(' ', '_')}" if is_count else f"split_{many.replace(' ', '_')}"]), (argument(source, name),), returns, result,
                     (body, other), tuple(spin(g, t) for t in tellings), ("Every category is a key, even if nothing belongs to it.",))  # fmt: skip

    maker.__name__ = f"into_{kind}"
    lesson(maker)


for _kind in "LWs":
    _sorted_into(_kind)


def _switched(kind: str, dsts: str) -> None:
    def maker(g: Random) -> Draft:
        while True:
            source = g.choice([s for s in SOURCES[kind] if kind in "isp" or "non-empty" in s.what])
            name = g.choice(source.names.split())
            dst = g.choice(dsts)
            is_flag = g.random() < 0.4
            count = 2 if is_flag else g.choice([2, 3, 3])
            found: list[Value] = []
            for _ in range(12):
                made = value(g, kind, dst, name)
                if (
                    made
                    and made.tag != "same"
                    and glue.is_name(made.tag or "-")
                    and made.code not in [f.code for f in found]
                    and made.tag not in [f.tag for f in found]
                    and len(made.text) < 100
                ):
                    found.append(made)
                if len(found) == count:
                    break
            if len(found) < count:
                continue
            imports = tuple(v.imports for v in found if v.imports)
            all_results = [runs(v.code, name, [(s,) for s in many_samples(source)], imports) for v in found]
            if any(r is None or len(set(r)) < 4 for r in all_results):
                continue
            break
        if is_flag:
            flag = g.choice(["flag", "other_way", "switch", "strict", "alternative", "is_active"])
            extra = Param(name=flag, annotation="bool", what="a truth value", draw=lambda r: r.random() < 0.5)
            result = f"{found[0].text} if @{flag} is [True|set], and {found[1].text} [otherwise|if not]"
            bodies: tuple[str, ...] = (
                f"if {flag}:\n    return {found[0].code}\nreturn {found[1].code}",
                f"if not {flag}:\n    return {found[1].code}\nreturn {found[0].code}",
                f"if {flag}:\n    result = {found[0].code}\nelse:\n    result = {found[1].code}\nreturn result"
                if name != "result"
                else f"return {found[0].code} if {flag} else {found[1].code}",
            )
            tellings = (
                f"The argument @{flag} [decides|tells] what to return: if it is True, {found[0].text}; if it is False, {found[1].text}.",
                f"By default, meaning when @{flag} is False, return {found[1].text}. When @{flag} is True, return {found[0].text}[| instead].",
            )
            returns = TYPES[dst]
        else:
            mode = g.choice(["mode", "command", "how", "operation", "kind", "option"])
            tags = [f.tag for f in found]
            said, code = g.choice(NONE[dst])
            extra = Param(
                name=mode,
                annotation="str",
                what="the name of an operation",
                draw=lambda r: r.choice([*tags, *tags, *tags, "other", "x"]),
            )
            result = (
                "; ".join(f"{f.text} if @{mode} is '{t}'" for f, t in zip(found, tags, strict=True))
                + f"; and {said} for any other @{mode}"
            )
            bodies = ("".join(f"if {mode} == '{t}':\n    return {f.code}\n" for f, t in zip(found, tags, strict=True)) + f"return {code}",
                      "".join(f"{'el' if i else ''}if {mode} == '{t}':\n    return {f.code}\n" for i, (f, t) in enumerate(zip(found, tags, strict=True))) + f"else:\n    return {code}")  # fmt: skip
            lines = "".join(f"\n- '{t}': {f.text}" for f, t in zip(found, tags, strict=True))
            tellings = (f"What is returned for @{name} depends on the string @{mode}:{lines}\nFor any other value of @{mode}, return {said}.",
                        f"The string @{mode} names what to compute from @{name}. " + " ".join(f"For '{t}', return {f.text}." for f, t in zip(found, tags, strict=True)) + f" [Return {said} for an unknown name.|Any other name gives {said}.]")  # fmt: skip
            returns = TYPES[dst] + (" | None" if code == "None" else "")
        return draft(g.choice([f"apply_to_{name}", "apply_operation", "compute_by_name", "either_way", names(g, found[0].tag, "or", found[1].tag), f"handle_{name}", "dispatch"]), (argument(source, name), extra), returns, spin(g, result), bodies,
                     tuple(tidy(spin(g, t)) for t in tellings), imports=imports)  # fmt: skip

    maker.__name__ = f"switched_{kind}"
    lesson(maker)


for _kind, _dsts in (("i", "is"), ("s", "si"), ("L", "iL"), ("W", "sW"), ("p", "i")):
    _switched(_kind, _dsts)


@lesson
def adjusted(g: Random) -> Draft:
    """A number changed by several rules, one after the other."""
    while True:
        name = g.choice(["n", "x", "number", "value", "num"])
        count = g.choice([2, 2, 3])
        changes = []
        for predicate, code, tag in _tests(g, "i", count):
            k = g.randint(2, 9)
            say_it, does, line = g.choice([(f"add {k} to it", f"+= {k}", f"{name} + {k}"), (f"subtract {k} from it", f"-= {k}", f"{name} - {k}"), (f"multiply it by {k}", f"*= {k}", f"{name} * {k}"), ("double it", "*= 2", f"{name} * 2"), (f"divide it by {k}, rounding down", f"//= {k}", f"{name} // {k}"),
                                           (f"replace it by its remainder when divided by {k + 5}", f"%= {k + 5}", f"{name} % {k + 5}")])  # fmt: skip
            changes.append((predicate, code.replace("$v", name), tag, say_it, does, line))
        source = g.choice(SOURCES["i"][:2] + SOURCES["i"][3:])
        reached = [runs(c[1], name, [(s,) for s in many_samples(source)]) for c in changes]
        if all(r is not None and 3 <= r.count("True") <= 21 for r in reached):
            break
    body = "".join(f"if {c[1]}:\n    {name} {c[4]}\n" for c in changes) + f"return {name}"
    longer = "".join(f"if {c[1]}:\n    {name} = {c[5]}\n" for c in changes) + f"return {name}"
    parts = [f"if it {c[0]}, {c[3]}" for c in changes]
    result = f"what becomes of @{name} by these rules, applied one after the other to the current value: " + "; ".join(
        f"({i}) {p}" for i, p in enumerate(parts, 1)
    )
    tellings = (
        f"Start with @{name}. {cap(parts[0])}. "
        + " ".join(f"[Then|After that], {p.replace('if it', 'if the [result|current value]')}." for p in parts[1:])
        + " Return the final [value|number].",
        f"A number @{name} passes through {count} stations. "
        + " ".join(f"Station {i}: {p}." for i, p in enumerate(parts, 1))
        + " Each station works on what the one before it left. Return what comes out at the end.",
    )
    return draft(
        g.choice(["adjust", "adjusted", "apply_rules", "stations", "corrected", names(g, "adjust_if", changes[0][2])]),
        (argument(source, name),),
        "int",
        result,
        (body, longer),
        tuple(spin(g, t) for t in tellings),
    )


@lesson
def tree(g: Random) -> Draft:
    """A decision within a decision."""
    while True:
        kind = g.choice("isLWp")
        source, name, (top,) = rules_for(g, kind, 1)
        yes, no = rule(g, kind, name, 1), rule(g, kind, name, 1)
        marks = (
            g.sample([*g.choice(LABELS), "other", "plain"], 4)
            if g.random() < 0.6
            else list(map(str, g.sample(range(10), 4)))
        )
        is_text = not marks[0].isdigit()
        m = [repr(x) if is_text else x for x in marks]
        deep = g.random() < 0.6
        code = (
            f"(({m[0]} if {yes.code} else {m[1]}) if {top.code} else ({m[2]} if {no.code} else {m[3]}))"
            if deep
            else f"(({m[0]} if {yes.code} else {m[1]}) if {top.code} else {m[2]})"
        )
        found = runs(code, name, [(s,) for s in many_samples(source)])
        wanted = m if deep else m[:3]
        if (
            found is not None
            and len({top.tag, yes.tag, no.tag}) == 3
            and len(set(wanted)) == len(wanted)
            and all(sum(f == w for f in found) >= 2 for w in wanted)
        ):
            break
    it = _pronoun(g, yes.text, name)
    it_no = _pronoun(g, no.text, name)
    result = (
        f"one of {', '.join(wanted[:-1])} and {wanted[-1]}: if {top.text}, it is {m[0]} if {it} and else {m[1]}; otherwise, it is "
        + (f"{m[2]} if {it_no} and else {m[3]}" if deep else m[2])
    )
    tellings = (
        f"First check whether {top.text}. If so, return {m[0]} if {it}, and {m[1]} if not. "
        + (
            f"If it is not the case, return {m[2]} if {it_no}, and {m[3]} [otherwise|if not]."
            if deep
            else f"If it is not the case, return {m[2]}."
        ),
        f"There are two [situations|cases]. Case one: {top.text}. Then the answer is {m[0]} if {it}, else {m[1]}. Case two: that is not so. Then the answer is "
        + (f"{m[2]} if {it_no}, else {m[3]}." if deep else f"always {m[2]}."),
    )
    nested = f"if {top.code}:\n    if {yes.code}:\n        return {m[0]}\n    return {m[1]}\n" + (
        f"if {no.code}:\n    return {m[2]}\nreturn {m[3]}" if deep else f"return {m[2]}"
    )
    short = f"if {top.code}:\n    return {m[0]} if {yes.code} else {m[1]}\n" + (
        f"return {m[2]} if {no.code} else {m[3]}" if deep else f"return {m[2]}"
    )
    return draft(
        g.choice(["decide", "verdict", "outcome", "judge", names(g, "decide_by", top.tag), f"sort_{name}"]),
        (argument(source, name),),
        "str" if is_text else "int",
        result,
        (nested, short),
        tuple(tidy(spin(g, t)) for t in tellings),
    )


@lesson
def tariff(g: Random) -> Draft:
    """A price in steps."""
    name = g.choice(["n", "amount", "hours", "units", "kilos", "minutes", "tickets"])
    limit, first, later = g.randint(3, 15), g.randint(3, 12), g.randint(1, 9)
    if later == first:
        later += 3
    fee, free, top = g.randint(2, 20), g.randint(1, 3), g.randint(60, 150)
    extra = g.choice(["", "fee", "free", "top", "zero"])
    start = f"paid = max({name} - {free}, 0)\n" if extra == "free" else ""
    n = "paid" if extra == "free" else name
    price = f"{first} * min({n}, {limit}) + {later} * max({n} - {limit}, 0)"
    wrap = {"fee": f"{fee} + {price}", "top": f"min({price}, {top})", "zero": f"{price}"}.get(extra, price)
    zero = f"if {name} == 0:\n    return {fee}\n" if extra == "zero" else ""
    add = {
        "fee": f" A basic fee of {fee} is always added.",
        "free": f" The first {free} of them are free, and the others are counted from there.",
        "top": f" But never more than {top} in all is charged.",
        "zero": f" If it is 0, a fee of {fee} is charged instead.",
    }.get(extra, "")
    loop = (
        f"{zero}{start}total = {fee if extra == 'fee' else 0}\nfor i in range({n}):\n    total += {first} if i < {limit} else {later}\nreturn "
        + (f"min(total, {top})" if extra == "top" else "total")
    )
    cases = (
        f"{zero}{start}if {n} <= {limit}:\n    price = {n} * {first}\nelse:\n    price = {limit} * {first} + ({n} - {limit}) * {later}\nreturn "
        + {"fee": f"price + {fee}", "top": f"min(price, {top})"}.get(extra, "price")
    )
    param = Param(
        name=name,
        annotation="int",
        what="a non-negative integer",
        draw=lambda r: r.choice([0, r.randint(0, limit + 3), r.randint(0, 40)]),
    )
    result = f"the price of @{name} pieces, if each of the first {limit} costs {first} and every further one {later}"
    tellings = (
        f"A [service|shop|station|machine] charges {first} for each of the first {limit} units and {later} for every unit after that.{add} Return the price of @{name} units.",
        f"Compute a price: up to {limit}, each unit of @{name} costs {first}; what goes beyond that costs {later} a unit.{add}",
    )
    if add:
        result = f"the price of @{name} pieces by this tariff: each of the first {limit} costs {first}, every further one {later};{add.rstrip('.').lower()}".replace(
            "; but", ", but"
        )
    return draft(
        g.choice(["price", "cost", "charge", "tariff", "bill", "fare"])
        + g.choice(["", "_of", f"_for_{name}", "_in_steps"]),
        (param,),
        "int",
        result,
        (f"{zero}{start}return {wrap}", cases, loop),
        tuple(spin(g, t) for t in tellings),
    )
