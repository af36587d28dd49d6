"""What the composing lessons share: kinds of value, words for them, templates, and code put together from templates."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from typing import Any

from gemstead.train.curriculum import draft as d
from gemstead.train.curriculum import lessons


def cap(text: str) -> str:
    """With a capital at the start."""
    return text[:1].upper() + text[1:]


def sub(text: str, table: dict[str, str]) -> str:
    """Fill in `$x` and the like; what is not in the table stays."""
    if "$" not in text:
        return text
    head, *parts = text.split("$")
    return head + "".join([table[p[0]] + p[1:] if p[:1] in table else f"${p}" for p in parts])


def spin(g: Random, text: str) -> str:
    """Choose in every `[one|two]`."""
    return lessons.spin(g, text) if "|" in text else text


def say(g: Random, text: str) -> str:
    """Choose among the alternatives of a text, also at its top level."""
    if "|" not in text:
        return text
    return spin(g, f"[{text}]") if "[" in text else g.choice(text.split("|"))


# ---------------------------------------------------------------------------------------------------------------- kinds
def _sentence(r: Random) -> object:
    return " ".join(d.draw_word(r) for _ in range(r.randint(2, 5)))


def _word(r: Random) -> object:
    return d.draw_word(r) if r.random() < 0.7 else "".join(r.choice("aabbcdeorsZ19-") for _ in range(r.randint(2, 8)))


def _mixed(r: Random) -> object:
    return "".join(r.choice("aabbceinortABE01234579 ,-") for _ in range(r.randint(3, 12)))


def _grid(r: Random) -> object:
    width = r.randint(1, 4)
    return [[r.randint(-9, 20) for _ in range(width)] for _ in range(r.randint(1, 4))]


def _ragged(r: Random) -> object:
    return [[r.randint(-9, 20) for _ in range(r.randint(1, 4))] for _ in range(r.randint(1, 4))]


def _counts(r: Random) -> object:
    return {d.draw_word(r): r.randint(-4, 30) for _ in range(r.randint(1, 5))}


def _pair(r: Random) -> object:
    return (r.randint(-9, 30), r.randint(-9, 30))


def _quarter(r: Random) -> object:
    return r.randint(-80, 160) / 4


@dataclass(frozen=True)
class Source:
    """One way for an argument to be: kind of value, annotation, words, names, how to draw it."""

    kind: str
    annotation: str
    what: str
    names: str
    draw: Callable[[Random], object]
    samples: list[Any] = field(default_factory=list, compare=False)
    more: list[Any] = field(default_factory=list, compare=False)

    def sample(self) -> list[Any]:
        """Some values, always the same ones."""
        if not self.samples:
            r = Random(self.what)
            self.samples.extend(self.draw(r) for _ in range(8))
        return self.samples


_L = "numbers nums values lst arr xs data items integers"
_W = "words strings names tokens lst items word_list"
_S = "text string message line st phrase"
_I = "n number num value x"
SOURCES: dict[str, list[Source]] = {
    "L": [
        Source("L", "list[int]", "a list of integers", _L, d.integers(longest=7)),
        Source("L", "list[int]", "a non-empty list of integers", _L, d.integers(shortest=1)),
        Source("L", "list[int]", "a non-empty list of integers", _L, d.integers(-9, 30, 8, 2)),
        Source("L", "list[int]", "a non-empty list of positive integers", _L, d.integers(1, 60, 8, 1)),
    ],
    "W": [
        Source("W", "list[str]", "a list of strings", _W, d.words()),
        Source("W", "list[str]", "a non-empty list of words", _W, d.words(shortest=1)),
        Source("W", "list[str]", "a non-empty list of words", _W, d.words(shortest=2)),
    ],
    "s": [
        Source("s", "str", "a string", _S, d.text),
        Source(
            "s", "str", "a string of words separated by single spaces", "sentence text line phrase message", _sentence
        ),
        Source("s", "str", "a word", "word w name text string", _word),
        Source("s", "str", "a non-empty string", _S, _mixed),
    ],
    "i": [
        Source("i", "int", "an integer", _I, d.integer(-60, 300)),
        Source("i", "int", "a positive integer", _I, d.integer(1, 500)),
        Source("i", "int", "a non-negative integer", _I, d.integer(0, 20000)),
        Source("i", "int", "a positive integer", _I, d.integer(1, 40)),
    ],
    "D": [
        Source(
            "D",
            "dict[str, int]",
            "a non-empty dictionary that maps names to integers",
            "scores data counts prices mapping stock",
            _counts,
        )
    ],
    "M": [
        Source(
            "M",
            "list[list[int]]",
            "a matrix, given as a non-empty list of rows of the same length",
            "grid matrix rows table",
            _grid,
        ),
        Source(
            "M", "list[list[int]]", "a non-empty list of non-empty lists of integers", "groups lists rows data", _ragged
        ),
    ],
    "p": [Source("p", "tuple[int, int]", "a pair of integers", "pair point p couple", _pair)],
    "f": [Source("f", "float", "a number", "value number amount price x", _quarter)],
}
TYPES = {"L": "list[int]", "W": "list[str]", "C": "list[str]", "s": "str", "i": "int", "f": "float", "b": "bool",
         "D": "dict[str, int]", "E": "dict[int, int]", "M": "list[list[int]]", "p": "tuple[int, int]"}  # fmt: skip
PLURAL = set("LWCM")
NOUNS = {"L": "list", "W": "list", "C": "list", "s": "string", "i": "number", "f": "number", "b": "answer",
         "D": "dictionary", "E": "dictionary", "M": "list", "p": "pair"}  # fmt: skip
# One element, elements, and the thing itself when it was made by an earlier step.
ONE = {"L": "number", "W": "string", "C": "character", "M": "inner list", "s": "character"}
MANY = {
    "L": "numbers|numbers|elements",
    "W": "strings|words|strings",
    "C": "characters",
    "M": "inner lists",
    "s": "characters",
}
LATER = {
    "L": "the list|the resulting list|the result", "W": "the list|the resulting list|the result", "C": "the characters|the list of characters",
    "s": "the string|the resulting string|the result|it", "i": "the number|the result|that number|it", "f": "the number|the result|that number",
    "D": "the dictionary|the resulting dictionary", "E": "the dictionary|the resulting dictionary",
    "M": "the list of lists|the nested list", "p": "the pair|that pair",
}  # fmt: skip
VARIABLES = {
    "L": "x n num v value",
    "W": "w word item",
    "C": "c ch char",
    "s": "c ch char",
    "M": "row group part",
    "D": "key name k_",
    "E": "key",
}
RESULTS = {
    "L": "result res values kept numbers_out out temp found", "W": "result res parts kept out found", "C": "chars letters result kept",
    "s": "result res out text_out new temp", "i": "total count res value ans result number_out", "f": "res value amount result",
    "b": "ok answer found", "D": "counts table result mapping", "E": "counts table result mapping", "M": "groups rows_out parts result",
    "p": "pair_out both result",
}  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------- verbs
_DOUBLED = {"drop", "swap", "cut", "get", "put", "strip", "split", "flip", "map", "chop", "pad", "trim", "set"}


def gerund(do: str) -> str:
    """ "reverse the list" becomes "reversing the list"."""
    verb, _, rest = do.partition(" ")
    if verb in _DOUBLED:
        verb += verb[-1]
    elif verb.endswith("e") and not verb.endswith("ee"):
        verb = verb[:-1]
    return f"{verb}ing {rest}"


def third(do: str) -> str:
    """ "reverse the list" becomes "reverses the list"."""
    verb, _, rest = do.partition(" ")
    if verb.endswith(("s", "x", "ch", "sh")):
        verb += "es"
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        verb = verb[:-1] + "ies"
    else:
        verb += "s"
    return f"{verb} {rest}"


_PLAIN = {"is": "are", "has": "have", "contains": "contain", "starts": "start", "ends": "end", "reads": "read", "consists": "consist",
          "lies": "lie", "comes": "come", "leaves": "leave", "adds": "add", "differs": "differ"}  # fmt: skip


_SINGULAR = re.compile(r"\ban? (\w+ )?(vowel|consonant|digit|letter|whole number)\b")


def plural(predicate: str) -> str:
    """ "is even" becomes "are even"."""
    verb, _, rest = predicate.partition(" ")
    rest = (
        f" {rest}".replace(" its ", " their ")
        .replace(" it ", " they ")
        .replace(" and is ", " and are ")
        .replace(" or is ", " or are ")
    )
    if verb == "is":
        rest = _SINGULAR.sub(lambda m: f"{m[1] or ''}{m[2]}s", rest)
    return _PLAIN[verb] + rest.replace(" a multiple ", " multiples ").replace(" a power ", " powers ")


def negated(predicate: str) -> str:
    """ "is even" becomes "is not even"."""
    verb, _, rest = predicate.partition(" ")
    return f"is not {rest}" if verb == "is" else f"does not {_PLAIN[verb]} {rest}"


# ----------------------------------------------------------------------------------------------------------------- code
def is_atomic(code: str) -> bool:
    """Whether an expression can stand before a dot, an index or an operator without parentheses."""
    depth, quote = 0, ""
    for ch in code:
        if quote:
            quote = "" if ch == quote else quote
        elif ch in "'\"":
            quote = ch
        elif ch in "([{":
            depth += 1
        elif ch in ")]}":
            depth -= 1
        elif depth == 0 and ch in " +-*/%<>=&|^~":
            return False
    return True


_ARGUMENT = re.compile(r"(?:(?<=\()\$x(?=[),]))|(?:(?<= in )\$x(?=[\]):}]| if ))")


def put(template: str, code: str) -> str:
    """The template with `$x` replaced by code, in parentheses where needed."""
    if is_atomic(code):
        return template.replace("$x", code)
    template = _ARGUMENT.sub(lambda _: code if " for " not in code and " if " not in code else f"({code})", template)
    return template.replace("$x", f"({code})")


_COMP = re.compile(r"^(\[|sum\(|''\.join\(|\{)(.+?) for (\$v(?:, \$w)?) in (.+?)(?: if (.+?))?([\])}]+)$")


def auto_loop(code: str) -> str:
    """The loop form of a comprehension, or nothing."""
    found = _COMP.match(code)
    if not found or code.count(" for ") != 1 or " else " in code:
        return ""
    opening, value, names, over, test, closing = found.groups()
    keep = len(closing) - 1
    tail = closing[:keep]  # brackets that belong to the last part
    if test:
        test += tail
    else:
        over += tail
    start, update = {"[": ("[]", f"$y.append({value})"), "sum(": ("0", f"$y += {value}"), "''.join(": ("''", f"$y += {value}"),
                     "{": ("{}", "")}[opening]  # fmt: skip
    if opening == "{":
        key, colon, rest = value.partition(": ")
        if not colon:
            return ""
        update = f"$y[{key}] = {rest}"
    inner = f"    if {test}:\n        {update}" if test else f"    {update}"
    return f"$y = {start}\nfor {names} in {over}:\n{inner}"


@lru_cache(maxsize=20000)
def compiled(code: str, imports: str = "") -> Callable[..., Any]:
    """A template as a function of its `x` and its parameter `k`."""
    space: dict[str, Any] = {}
    if imports:
        exec(imports, space)  # our own code
    source = sub(code, {"x": "x", "k": "k", "v": "v", "w": "w", "y": "y"})
    return eval(f"lambda x, k=None: {source}", space)  # type: ignore[no-any-return]


def fresh(g: Random, pool: str, used: set[str]) -> str:
    """A name that is not used yet; it is from now on."""
    names = [n for n in pool.split() if n not in used]
    name = (
        g.choice(names)
        if names
        else next(f"{pool.split()[0]}{i}" for i in range(2, 99) if f"{pool.split()[0]}{i}" not in used)
    )
    used.add(name)
    return name


def is_name(text: str) -> bool:
    """Whether a text can be a variable."""
    return text.isidentifier() and not keyword.iskeyword(text)


def indent(text: str, by: int = 1) -> str:
    """Deeper."""
    return "\n".join("    " * by + line for line in text.split("\n"))


_INVERSE = {">=": "<", "<=": ">", "==": "!=", "!=": "==", ">": "<=", "<": ">=", "in": "not in", "not in": "in"}
_COMPARISON = re.compile(r" (>=|<=|==|!=|>|<|not in|in) ")


@lru_cache(maxsize=20000)
def inverse(code: str) -> str:
    """The negation of a condition, as one would write it."""
    flat = _flat(code)
    found = list(_COMPARISON.finditer(flat))
    if not re.search(r"\b(and|or|if|lambda|for)\b", flat):
        if code.startswith("not ") and not found:
            inner = code[4:]
            return inner[1:-1] if inner.startswith("(") and inner.endswith(")") and is_atomic(inner) else inner
        if len(found) == 1 and not code.startswith("not "):
            return f"{code[: found[0].start()]} {_INVERSE[found[0][1]]} {code[found[0].end() :]}"
    return f"not {code}" if is_atomic(code) else f"not ({code})"


def _flat(code: str) -> str:
    """The code with everything inside brackets and quotes blanked out."""
    depth, quote, out = 0, "", []
    for ch in code:
        if quote:
            quote = "" if ch == quote else quote
            out.append("~")
            continue
        if ch in ")]}":
            depth -= 1
        out.append("~" if depth or ch in "'\"" else ch)
        if ch in "'\"":
            quote = ch
        elif ch in "([{":
            depth += 1
    return "".join(out)
