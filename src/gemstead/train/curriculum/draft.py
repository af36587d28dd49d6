"""What a topic hands over: one exercise before it is phrased, run and checked."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from textwrap import indent

VOWELS = "aeiou"
WORDS = (
    "apple river stone cloud green house table light music paper garden window orange yellow summer winter button "
    "basket candle dragon engine forest guitar hammer island jacket kettle lemon mirror needle ocean pencil rabbit "
    "silver ticket violin wagon zebra level radar noon kayak civic stats eve ant bee cat dog egg fox owl sun sky tea "
    "box map net pot red run sea top van wax yes zoo code data list loop node path tree word year idea echo area "
    "banana coffee cookie letter little puzzle bottle Alice Bob Carol Dave Paris Rome Oslo Python Monday May Eve"
).split()


@dataclass(frozen=True, kw_only=True)
class Param:
    """One argument of an exercise.

    Args:
        name: As the signature spells it.
        annotation: Its type, in the style of Python 3.9.
        what: For the docstring: "a list of integers".
        draw: Makes one value.
    """

    name: str
    annotation: str
    what: str
    draw: Callable[[Random], object]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One exercise before it is phrased.

    Args:
        topic: Name of the topic.
        name: Of the function.
        params: Its arguments.
        returns: Type of the result.
        result: What comes back, as a noun phrase; `@name` marks an argument.
        bodies: Solutions that mean the same; they are run against each other.
        notes: Sentences about edges.
        imports: Lines the bodies need above the function.
        plan: How to do it, as the start of a short thought.
        tellings: The whole task in other words, a few sentences each: an instruction, a story, a specification. One of
            them is often taken instead of a sentence made from `result`; `@name` marks an argument here too.
    """

    topic: str
    name: str
    params: tuple[Param, ...]
    returns: str
    result: str
    bodies: tuple[str, ...]
    notes: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    plan: str = field(default="")
    tellings: tuple[str, ...] = ()


def pick(rng: Random, text: str) -> str:
    """One of several words; `_` stands for a space."""
    return rng.choice(text.split()).replace("_", " ")


def nest(*lines: str) -> str:
    """Lines of code, each but the first one level deeper than the one before it."""
    return "\n".join("    " * depth + line for depth, line in enumerate(lines))


def block(head: str, body: str) -> str:
    """A compound statement."""
    return f"{head}\n{indent(body, '    ')}"


def integers(low: int = -20, high: int = 50, longest: int = 8, shortest: int = 0) -> Callable[[Random], object]:
    """Draws a list of whole numbers, with some repeated."""

    def draw(rng: Random) -> object:
        span = rng.choice([(low, high), (low, high), (max(low, -3), min(high, 9))])
        return [rng.randint(*span) for _ in range(rng.randint(shortest, longest))]

    return draw


def integer(low: int, high: int) -> Callable[[Random], object]:
    """Draws a whole number."""
    return lambda rng: rng.randint(low, high)


def words(longest: int = 6, shortest: int = 0) -> Callable[[Random], object]:
    """Draws a list of words."""
    return lambda rng: [draw_word(rng) for _ in range(rng.randint(shortest, longest))]


def draw_word(rng: Random) -> str:
    """A word, now and then in another case or with a digit."""
    word = rng.choice(WORDS)
    dice = rng.random()
    if dice < 0.1:
        return word.upper()
    if dice < 0.2:
        return word.capitalize()
    return word + rng.choice(string.digits) if dice < 0.25 else word


def text(rng: Random) -> object:
    """A sentence, a word, or a few mixed characters."""
    dice = rng.random()
    if dice < 0.55:
        joined = " ".join(draw_word(rng) for _ in range(rng.randint(1, 5)))
        return joined + rng.choice(["", "", "!", ".", "?"])
    if dice < 0.8:
        return draw_word(rng)
    return "".join(rng.choice("abcdeAEZxyz0129 ,.-_") for _ in range(rng.randint(0, 12)))
