"""An answer in words in; the number that it ends in, out: where it stands, and what it is worth.

Readings of an answer are tried in a fixed order; the first that finds a number is taken:

1. the number after the mark `####`, as a task asks for it: nothing but its unit may follow on the line;
   then one that more follows, unless it numbers a heading;
2. the content of LaTeX's `\\boxed{}`;
3. the number after "answer is" or "answer:";
4. in the last line that holds a number: the one in bold, or the result of the last calculation, unless a conclusion
   follows it; "that makes $4 + $2 = $6 for 4 packets" says 6;
5. the last number.

Of several the last counts; in base style the first mark counts, since a model that runs on answers something else.

A number may carry thousands separators (commas, `{,}`, spaces narrower than a space, apostrophes, underscores; spaces
after a currency), a currency, a unit, a percent sign, a sign of any width, a fraction (`3/4`, `1 1/2`,
`\\frac{3}{4}`, `½`), an exponent, a trailing point. Values are compared exactly.

Not covered: numbers in words ("eighteen"), times ("3:30"), a comma as the decimal point, rounding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

MARK = "####"
_LONGEST = 50_000
"""Characters that are looked at, from the end: no answer that ends in a number needs more."""
_MOST_BOXES = 50
_LONGEST_NUMBER = 60
"""Characters; a longer one answers nothing that is asked here, and Python is slow with it."""

_VULGAR = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5",
    "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
}  # fmt: skip
_LATEX = re.compile(r"\\(?:text|mathrm|mathbf|mathit|textbf|operatorname)\s*\{([^{}]*)\}")
_LATEX_FRACTION = re.compile(r"\\[dtc]?frac\s*\{\s*(-?[\d.,]+)\s*\}\s*\{\s*([\d.,]+)\s*\}")
_LATEX_POWER = re.compile(r"\s*(?:\\times|\\cdot|×|·|\*)\s*10\s*\^\s*\{?\s*([+-]?\d{1,2})\s*\}?")
_SEPARATORS = re.compile(r"(?<=\d)(?:\{,\}|\\,|\\!|\\;|[\u00a0\u2009\u202f'_])(?=\d{3}(?!\d))")

_PRICED = re.compile(r"(?<=[$€£¥₹])\d{1,3}(?: \d{3})+(?!\d)")

_WHOLE = r"(?:\d{1,3}(?:,\d{2,3})*,\d{3}(?!\d)|\d+)"
_PLAIN = rf"(?:{_WHOLE}(?:\.\d+)?|\.\d+)"
_NUMBER = re.compile(
    rf"(?<![\w.])(?P<sign>(?<![\d)])-)?(?P<currency>[$€£¥₹]\s?)?(?P<inner>-)?"
    rf"(?:(?P<mixed>\d+)[ ]+(?=\d+/\d))?(?P<number>{_PLAIN})(?:e(?P<exponent>[+-]?\d{{1,2}})\b)?"
    rf"(?:\s?/\s?(?P<below>{_PLAIN})(?![/\d]))?"
    r"(?P<scale>\s(?:hundred|thousand|million|billion)\b)?"
)
_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}

_MARKED = re.compile(rf"^[ \t>*]*{MARK}(?!#)[ \t]*(.*)$", re.MULTILINE)
_UNIT = re.compile(r"[ \t]*[%°$€£¥₹]?(?:[ \t]*[(-]?[^\W\d_]+\.?(?:/[^\W\d_]+)?\)?){0,4}[ \t]*\.?[ \t]*")
_NUMBERS_A_HEADING = re.compile(r"\s?[.):-](?:\s|$)")
_CONCLUDES = re.compile(r"\b(?:so|thus|hence|therefore|means|which|leaving|leaves)\b", re.IGNORECASE)
_BOXED = re.compile(r"\\(?:boxed|fbox)\s*\{")
_SAID = re.compile(
    r"\banswer(?:\s+is\b|\s*[:=]|\s+to\s+the\s+(?:question|problem)\s+is\b)[ \t:]*\n?(.*)", re.IGNORECASE
)
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_DRESS = str.maketrans("", "", "*`")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """The number an answer ends in.

    Args:
        text: As it stands there; after the mark with the mark.
        how: Which reading found it, for people.
    """

    text: str
    how: str


def find_statement(said: str, *, takes_first_mark: bool = False) -> Statement | None:
    """Find the number that an answer ends in.

    Args:
        said: The answer without its thoughts.
        takes_first_mark: Of several marked numbers take the first, not the last.

    Returns:
        Where it stands; `None` if the answer holds no number.
    """
    said = said[-_LONGEST:] if not takes_first_mark else said[:_LONGEST]
    marked = [text for line in _MARKED.findall(said) if (text := _marked(line)) is not None]
    if marked:
        return Statement(text=f"{MARK} {marked[0 if takes_first_mark else -1]}", how=f"after {MARK}")
    for how, text in _unmarked(said):
        return Statement(text=text, how=how)
    return None


def is_marked(statement: str) -> bool:
    """Whether the number stood after the mark."""
    return statement.startswith(MARK)


def values(statement: str) -> frozenset[Fraction]:
    """What a statement may be worth: one value, or two with a scale: "2 million" may answer "how many millions".

    Nothing where it holds no number.
    """
    match = _NUMBER.search(_plain(statement.removeprefix(MARK)))
    if match is None or len(match.group()) > _LONGEST_NUMBER:
        return frozenset()
    return frozenset(_values(match))


def value_of(text: str) -> Fraction | None:
    """The one value of a text that is a number and nothing else, as a benchmark publishes it: `-10`, ` 1,450,000`."""
    found = _NUMBER.fullmatch(text.strip())
    return None if found is None else next(iter(_values(found)), None)


def shown(value: Fraction) -> str:
    """A value for people: `18`, `-0.5`, `1/3`."""
    if value.denominator == 1:
        return str(value.numerator)
    decimal = f"{float(value):.12g}"
    return decimal if Fraction(decimal) == value else str(value)


def _marked(line: str) -> str | None:
    """The number that a line after the mark begins with, if nothing but a unit follows it; a heading is no answer."""
    plain = _plain(line.translate(_DRESS)).strip().removeprefix("=").strip()
    match = _NUMBER.match(plain)
    if match is None or not _UNIT.fullmatch(plain, match.end()):
        return None
    return match.group().strip()


def _unmarked(said: str) -> Iterator[tuple[str, str]]:
    for line in reversed(_MARKED.findall(said)):
        plain = _plain(line.translate(_DRESS)).strip()
        match = _NUMBER.match(plain)
        if match is not None and not _NUMBERS_A_HEADING.match(plain, match.end()):
            yield f"after {MARK}, with more behind it", match.group().strip()
    boxes = [
        content
        for start in list(_BOXED.finditer(said))[-_MOST_BOXES:]
        if (content := _braced(said, start.end())) is not None
    ]
    for content in reversed(boxes):
        yield from _last_of(content, "in a box")
    for line in reversed(_SAID.findall(said)):
        yield from _in_sentence(line)
    for line in reversed(said.split("\n")):
        if _NUMBER.search(_plain(line)):
            for bold in reversed(_BOLD.findall(line)):
                yield from _last_of(bold, "in bold")
            yield from _result_of(_plain(line.translate(_DRESS)))
            yield from _last_of(line.translate(_DRESS), "the last number")


def _in_sentence(line: str) -> Iterator[tuple[str, str]]:
    """After "the answer is": the result of a calculation, else what comes first, if it comes at once, else last."""
    plain = _plain(line.translate(_DRESS)).strip()
    if "=" in plain:
        yield from _first_of(plain.rpartition("=")[2], "after the words")
    if _NUMBER.match(plain.lstrip("($ ")):
        yield from _first_of(plain, "after the words")
    yield from _last_of(line.translate(_DRESS), "after the words")


def _result_of(line: str) -> Iterator[tuple[str, str]]:
    """The number right after the last sign of equality."""
    result = line.rpartition("=")[2].lstrip() if "=" in line else ""
    match = _NUMBER.match(result)
    if match is not None and not _CONCLUDES.search(result, match.end()):
        yield "the result of a calculation", match.group().strip()


def _first_of(text: str, how: str) -> Iterator[tuple[str, str]]:
    match = _NUMBER.search(_plain(text))
    if match is not None:
        yield how, match.group().strip()


def _last_of(text: str, how: str) -> Iterator[tuple[str, str]]:
    found = [match.group().strip() for match in _NUMBER.finditer(_plain(text))]
    if found:
        yield how, found[-1]


def _braced(text: str, start: int) -> str | None:
    """What stands in the braces that were opened just before `start`."""
    depth = 1
    for place in range(start, min(len(text), start + 500)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if not depth:
            return text[start:place]
    return None


def _plain(text: str) -> str:
    """The same in characters that `_NUMBER` reads: LaTeX and typography taken off."""
    if not text.isascii():
        for vulgar, fraction in _VULGAR.items():
            text = re.sub(rf"(?<=\d){vulgar}", f" {fraction}", text).replace(vulgar, fraction)
        text = re.sub("[\u2010-\u2015\u2212\uff0d](?=[ \t]?[$€£¥₹]?[ ]?[\\d.])", "-", text).replace("\u2044", "/")
    text = _PRICED.sub(lambda m: m[0].replace(" ", ","), _SEPARATORS.sub(",", text))
    if "\\" in text:
        text = _LATEX.sub(r" \1 ", text)
        text = _LATEX_FRACTION.sub(r"\1/\2", re.sub(r"(?<=\d)(?=\\[dtc]?frac)", " ", text))
        text = text.replace("\\$", "$").replace("\\%", "%")
        text = re.sub(r"\\[()\[\],;! ]", " ", text)
    return _LATEX_POWER.sub(r"e\1", text) if "10" in text else text


def _values(match: re.Match[str]) -> Iterator[Fraction]:
    value = _fraction(match["number"])
    if match["exponent"]:
        value *= Fraction(10) ** int(match["exponent"])
    if match["below"]:
        below = _fraction(match["below"])
        if not below:
            return
        value /= below
    if match["mixed"]:
        value += int(match["mixed"])
    if bool(match["sign"]) != bool(match["inner"]):
        value = -value
    yield value
    if match["scale"]:
        yield value * _SCALES[match["scale"].strip()]


def _fraction(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))
