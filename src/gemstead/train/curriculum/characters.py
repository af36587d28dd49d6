"""Text: single strings, character by character: counting, filtering, places, neighbours, runs, substrings, two strings."""

from __future__ import annotations

from random import Random

from gemstead.train.curriculum.draft import WORDS, Draft
from gemstead.train.curriculum.lessons import Lessons


def _mixed(rng: Random) -> object:
    """Letters of both cases, digits, spaces, marks; often real words."""
    if rng.random() < 0.45:
        parts = [
            rng.choice([w, w.upper(), w.capitalize(), w + str(rng.randint(0, 99))])
            for w in rng.sample(WORDS, rng.randint(1, 3))
        ]
        return rng.choice([" ", "-", "", ", "]).join(parts) + rng.choice(["", "!", "7", "."])
    return "".join(rng.choice("aabeeioxyzBAEKTx 0129 -.!") for _ in range(rng.randint(0, 14)))


def _runny(rng: Random) -> object:
    """A string with many equal neighbours."""
    return "".join(rng.choice("aabbcxz") * rng.choice([1, 1, 1, 2, 2, 3, 4]) for _ in range(rng.randint(0, 7)))


def _lower(rng: Random) -> object:
    """Lowercase letters, some repeated."""
    if rng.random() < 0.5:
        return rng.choice(WORDS).lower()
    return "".join(rng.choice("abcdeaeiorst") for _ in range(rng.randint(1, 10)))


def _lower0(rng: Random) -> object:
    return "" if rng.random() < 0.08 else _lower(rng)


def _near_mirror(rng: Random) -> object:
    """A string that is symmetric or nearly so."""
    half = "".join(rng.choice("abcdxy") for _ in range(rng.randint(1, 4)))
    made = list(half + rng.choice(["", "m", "o"]) + half[::-1])
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        made[rng.randrange(len(made))] = rng.choice("abcdxy")
    return "".join(made)


def _stem(rng: Random) -> object:
    """Words that share beginnings and ends."""
    return (
        rng.choice(["", "un", "re", "in", "over", "inter"])
        + rng.choice(["read", "real", "rest", "view", "vine", "act", "action"])
        + rng.choice(["", "s", "ing", "er", "ers"])
    )


def _keys(rng: Random) -> object:
    return "".join(rng.choice("abcdekop<<^") for _ in range(rng.randint(0, 12)))


def _short(rng: Random) -> object:
    return "".join(rng.choice("aabbcde") for _ in range(rng.randint(1, 5)))


lesson = Lessons(
    "characters",
    kinds={
        "mix": ("str", "a string", _mixed),
        "runs": ("str", "a string", _runny),
        "low": ("str", "a string of lowercase letters", _lower),
        "low0": ("str", "a string of lowercase letters, possibly empty,", _lower0),
        "mirror": ("str", "a non-empty string", _near_mirror),
        "stem": ("str", "a word", _stem),
        "keys": ("str", "a string of key presses", _keys),
        "short": ("str", "a short lowercase string", _short),
        "shift": ("int", "a non-negative integer", lambda rng: rng.randint(0, 9)),
        "turn": ("int", "an integer, possibly negative,", lambda rng: rng.randint(-7, 9)),
        "spots": ("list[int]", "a list of indices", lambda rng: [rng.randint(0, 9) for _ in range(rng.randint(0, 5))]),
        "pad": (
            "str",
            "a string",
            lambda rng: (
                rng.choice("axb. ") * rng.randint(0, 4)
                + rng.choice(["core", "b", "", "tea", "x.y"])
                + rng.choice("axb. ") * rng.randint(0, 4)
            ),
        ),
        "letter": ("str", "a single character", lambda rng: rng.choice("aabeox ")),
    },
)

_CLASSES = (
    ("a digit", "digits", "{c}.isdigit()", "digit"),
    ("an uppercase letter", "uppercase letters", "{c}.isupper()", "upper"),
    ("a lowercase letter", "lowercase letters", "{c}.islower()", "lower"),
    (
        "a vowel (a, e, i, o or u in either case)",
        "vowels (a, e, i, o, u in either case)",
        "{c}.lower() in 'aeiou'",
        "vowel",
    ),
    ("a letter", "letters", "{c}.isalpha()", "letter"),
    ("a space", "spaces", "{c} == ' '", "space"),
    ("a letter or a digit", "letters and digits", "{c}.isalnum()", "alnum"),
    ("an 'a' or an 'e'", "letters 'a' and 'e'", "{c} in 'ae'", "ae"),
    (
        "one of the letters from 'n' to 'z' in lowercase",
        "lowercase letters from 'n' to 'z'",
        "'n' <= {c} <= 'z'",
        "late",
    ),
    (
        "a character that is neither a letter nor a digit",
        "characters other than letters and digits",
        "not {c}.isalnum()",
        "symbol",
    ),
)


def _two(g: Random) -> tuple[tuple[str, str, str, str], tuple[str, str, str, str]]:
    one, two = g.sample(_CLASSES, 2)
    return one, two


@lesson
def follows(g: Random) -> Draft:
    (one, _, p, t1), (two, _, q, t2) = _two(g)
    what = g.choice(["count", "first", "any"])
    by_index = f"{p.format(c='$s[i]')} and {q.format(c='$s[i + 1]')}"
    if what == "count":
        return lesson.draft(
            g, f"[count_|num_]{t1}_then_{t2}", "s:mix", "int", f"[the number of places|how many places there are] in @s where {one} is [directly|immediately] followed by {two}",
            f"return sum(1 for i in range(len($s) - 1) if {by_index})",
            f"total = 0\nfor i in range(1, len($s)):\n    ch, nxt = $s[i - 1], $s[i]\n    if {p.format(c='ch')} and {q.format(c='nxt')}:\n        total += 1\nreturn total",
            tellings=(f"Look at every pair of neighbouring characters of @s. Count the pairs whose [left|first] character is {one} and whose [right|second] character is {two}.",
                      f"Walk through @s from left to right and count how often {one} comes right before {two}. Return [0|zero] if that never happens."),
            plan="I compare each character of @s with the next one and count the matching pairs.")  # fmt: skip
    if what == "first":
        return lesson.draft(
            g, f"find_{t1}_before_{t2}", "s:mix", "int", f"the [smallest|first] index of @s at which there is {one} with {two} [right after it|as the next character], or -1 if there is no such index",
            f"for i in range(len($s) - 1):\n    if {by_index}:\n        return i\nreturn -1",
            f"return next((i for i in range(len($s) - 1) if {by_index}), -1)",
            tellings=(f"Find the first place in @s where {one} is directly followed by {two}. Return the index of the [former|first of the two characters]; if there is no such place, return -1.",))  # fmt: skip
    return lesson.draft(
        g, f"has_{t1}_before_{t2}", "s:mix", "bool", f"True if {one} is [directly|immediately] followed by {two} somewhere in @s",
        f"return any({by_index} for i in range(len($s) - 1))",
        f"for i in range(1, len($s)):\n    if {p.format(c='$s[i - 1]')} and {q.format(c='$s[i]')}:\n        return True\nreturn False",
        tellings=(f"Check the neighbours in @s: the answer is True as soon as {one} stands directly before {two}, and False if this never happens.",))  # fmt: skip


@lesson
def index_of_kind(g: Random) -> Draft:
    one, _, p, t = g.choice(_CLASSES)
    last = g.random() < 0.5
    none, shown = g.choice([("-1", "-1"), ("None", "None"), ("len($s)", "the length of @s")])
    word = "last" if last else "first"
    order = "range(len($s) - 1, -1, -1)" if last else "range(len($s))"
    return lesson.draft(
        g, f"{word}_{t}_[index|position]", "s:mix", "int | None" if none == "None" else "int", f"the index of the {word} character of @s that is {one}, or {shown} if there is none",
        f"for i in {order}:\n    if {p.format(c='$s[i]')}:\n        return i\nreturn {none}",
        f"places = [i for i, c in enumerate($s) if {p.format(c='c')}]\nreturn places[{-1 if last else 0}] if places else {none}",
        tellings=(f"Search @s from the {'right' if last else 'left'} for {one} and return its index, counted from 0 at the beginning. If @s has no such character, return {shown}.",
                  f"Where in @s is {one} for the {word} time? Return the zero-based position. [In case|When] nothing is found the result is {shown}."),
        plan=f"I check the characters of @s from the {'end' if last else 'start'} and return the first index that fits.")  # fmt: skip


@lesson
def keep_or_drop(g: Random) -> Draft:
    one, many, p, t = g.choice(_CLASSES)
    test = p.format(c="c")
    sep = g.choice(["-", "_", "*", "."])
    kind = g.choice(["keep", "drop", "mask", "squash", "empty"])
    if kind == "keep":
        return lesson.draft(g, f"only_{t}s", "s:mix", "str", f"a string with [only the|just the] {many} of @s, in [the same|their original] order",
                            f"return ''.join(c for c in $s if {test})", f"res = ''\nfor c in $s:\n    if {test}:\n        res += c\nreturn res", f"return ''.join(filter(lambda c: {test}, $s))",
                            tellings=(f"[Delete|Remove] everything from @s except the {many}.", f"Filter @s: keep a character if it is {one}, otherwise leave it out. Return what remains as one "
                                f"string.",))  # fmt: skip
    if kind == "drop":
        return lesson.draft(g, f"without_{t}s", "s:mix", "str", f"@s without [its|the] {many}",
                            f"return ''.join(c for c in $s if not ({test}))", f"kept = []\nfor c in $s:\n    if {test}:\n        continue\n    kept.append(c)\nreturn ''.join(kept)",
                            tellings=(f"[Remove|Delete|Strip out] all {many} [in|from] @s and return the rest, in the original order.", f"A typewriter skips {many}. What does it print for @s?"))  # fmt: skip
    if kind == "mask":
        return lesson.draft(g, f"mask_{t}s", "s:mix", "str", f"@s with every character that is {one} replaced by '{sep}'",
                            f"return ''.join('{sep}' if {test} else c for c in $s)", f"out = ''\nfor c in $s:\n    if {test}:\n        out += '{sep}'\n    else:\n        out += c\nreturn out",
                            tellings=(f"Hide the {many} of @s: put '{sep}' in the place of each. The length of the string does not change.",))  # fmt: skip
    if kind == "squash":
        return lesson.draft(g, f"squash_{t}s", "s:mix", "str", f"@s with every unbroken run of {many} replaced by a single '{sep}'",
                            f"result = ''\ninside = False\nfor c in $s:\n    if {test}:\n        if not inside:\n            result += '{sep}'\n        inside = True\n    else:\n        result "
                                f"+= c\n        inside = False\nreturn result",
                            f"result = []\nfor i, c in enumerate($s):\n    if not ({test}):\n        result.append(c)\n    elif i == 0 or not ({p.format(c='$s[i - 1]')}):\n        "
                                f"result.append('{sep}')\nreturn ''.join(result)",
                            tellings=(f"Replace each group of neighbouring {many} in @s by one '{sep}', however long the group is. All other characters stay as they are.",))  # fmt: skip
    return lesson.draft(g, f"{t}s_or_mark", "s:mix", "str", f"the {many} of @s as one string, or '{sep}' if there are none",
                        f"return ''.join(c for c in $s if {test}) or '{sep}'", f"found = [c for c in $s if {test}]\nif not found:\n    return '{sep}'\nreturn ''.join(found)",
                        tellings=(f"Collect the {many} of @s in order. If @s has none of them (it may also be empty), return '{sep}' instead of an empty string.",))  # fmt: skip


@lesson
def drop_after_first(g: Random) -> Draft:
    c, sign = g.choice("aeiox. -"), g.choice(["keep_first", "keep_last", "drop_first", "drop_last"])
    spelled = {" ": "space", "-": "hyphen", ".": "dot"}.get(c, f"'{c}'")
    tag = {" ": "space", "-": "hyphen", ".": "dot"}.get(c, c)
    side = "first" if "first" in sign else "last"
    find = "find" if side == "first" else "rfind"
    if sign.startswith("keep"):
        return lesson.draft(g, f"{sign}_{tag}", "s:mix", "str", f"@s with every {spelled} removed except the {side} one",
                            f"i = $s.{find}('{c}')\nif i == -1:\n    return $s\nreturn $s[:i].replace('{c}', '') + '{c}' + $s[i + 1:].replace('{c}', '')",
                            f"spot = $s.{find}('{c}')\nreturn ''.join(ch for i, ch in enumerate($s) if ch != '{c}' or i == spot)",
                            tellings=(f"Only the {side} {spelled} in @s may stay; remove all the others. A string without any {spelled} is returned unchanged.",))  # fmt: skip
    return lesson.draft(g, f"{sign}_{tag}", "s:mix", "str", f"@s without its {side} {spelled}; all the other characters stay",
                        f"i = $s.{find}('{c}')\nreturn $s if i < 0 else $s[:i] + $s[i + 1:]",
                        *([f"return $s.replace('{c}', '', 1)"] if side == "first" else [f"before, found, after = $s.rpartition('{c}')\nreturn before + after"]),
                        tellings=(f"Delete one {spelled} from @s: the {side} one. If there is no {spelled} in it, return @s as it is.", f"[Take out|Remove] the {side} occurrence of the "
                            f"character '{c}' in @s, [leaving|and leave] later and earlier ones alone."))  # fmt: skip


@lesson
def replace_every(g: Random) -> Draft:
    k, mark, first = g.randint(2, 4), g.choice("*#-_?"), g.random() < 0.5
    nth = {2: "second", 3: "third", 4: "fourth"}[k]
    if g.random() < 0.5:
        start = 0 if first else k - 1
        note = (
            "starting with the first character" if first else f"so that the first character replaced is the {nth} one"
        )
        return lesson.draft(g, f"mark_every_{nth}", "s:mix", "str", f"@s with every {nth} character replaced by '{mark}', {note}",
                            f"return ''.join('{mark}' if i % {k} == {start} else c for i, c in enumerate($s))",
                            f"chars = list($s)\nfor i in range({start}, len(chars), {k}):\n    chars[i] = '{mark}'\nreturn ''.join(chars)",
                            tellings=(f"Write '{mark}' over the characters of @s at the indices {start}, {start + k}, {start + 2 * k} and so on, in steps of {k}. Return the new string.",))  # fmt: skip
    c = g.choice("aeox")
    start = 1 if first else 0
    return lesson.draft(g, f"mark_every_{nth}_{c}", "s:low0", "str", f"@s in which every {nth} occurrence of '{c}' is replaced by '{mark}', "
        f"{'beginning with the first occurrence' if first else f'that is, occurrence number {k}, {2 * k} and so on'}",
                        f"seen = 0\nresult = ''\nfor ch in $s:\n    if ch == '{c}':\n        seen += 1\n        result += '{mark}' if seen % {k} == {start} else ch\n    else:\n        result "
                            f"+= ch\nreturn result",
                        f"parts = $s.split('{c}')\nresult = parts[0]\nfor i, part in enumerate(parts[1:], 1):\n    result += ('{mark}' if i % {k} == {start} else '{c}') + part\nreturn result",
                        tellings=(f"Count the occurrences of '{c}' in @s as you read it from left to right: the first has number 1. Replace those whose number "
                            f"{'leaves the remainder 1 when divided by' if first else 'is divisible by'} {k} with '{mark}' and keep everything else.",))  # fmt: skip


@lesson
def case_at(g: Random) -> Draft:
    how, spoken = g.choice(
        [
            ("upper", "turned into uppercase"),
            ("lower", "turned into lowercase"),
            ("swapcase", "switched to the other case"),
        ]
    )
    if g.random() < 0.4:
        return lesson.draft(g, f"{how}_at", "s:mix spots:spots", "str", f"@s with the characters at the indices in @spots {spoken}; indices that are too large [are ignored|have no effect]",
                            f"return ''.join(c.{how}() if i in $spots else c for i, c in enumerate($s))",
                            f"chars = list($s)\nfor i in set($spots):\n    if i < len(chars):\n        chars[i] = chars[i].{how}()\nreturn ''.join(chars)",
                            tellings=("You get a string @s and a list of indices @spots. Return a copy of the string in which every character at one of these indices is " + spoken +
                                ". An index may be listed twice, which changes nothing, and may lie beyond the end of the string; skip it then.",))  # fmt: skip
    one, _, p, t = g.choice(_CLASSES[:1] + _CLASSES[3:4] + _CLASSES[5:6] + _CLASSES[7:])
    side = g.choice(["after", "before"])
    index = "i - 1" if side == "after" else "i + 1"
    guard = "i > 0" if side == "after" else "i + 1 < len($s)"
    return lesson.draft(g, f"{how}_{side}_{t}", "s:mix", "str", f"@s with each character that stands directly {side} {one} {spoken}",
                        f"result = ''\nfor i, c in enumerate($s):\n    if {guard} and ({p.format(c=f'$s[{index}]')}):\n        result += c.{how}()\n    else:\n        result += c\nreturn result",
                        f"return ''.join($s[i].{how}() if {guard} and ({p.format(c=f'$s[{index}]')}) else $s[i] for i in range(len($s)))",
                        tellings=(f"Go through @s. Whenever the {'previous' if side == 'after' else 'next'} character of the original string is {one}, the current character is to be {spoken}. "
                            f"Everything else stays.",))  # fmt: skip


@lesson
def doubled_kind(g: Random) -> Draft:
    one, many, p, t = g.choice(_CLASSES)
    k = g.randint(2, 3)
    word = {2: "twice", 3: "three times"}[k]
    other = g.choice(["stay", "vanish", "once_upper"])
    test = p.format(c="c")
    rest = {"stay": "c", "vanish": "''", "once_upper": "c.upper()"}[other]
    said = {
        "stay": "all the others once",
        "vanish": "and all the others left out",
        "once_upper": "and all the others once and in uppercase",
    }[other]
    return lesson.draft(g, f"stretch_{t}s", "s:mix", "str", f"a string in which each character of @s that is {one} is written {word}, {said}",
                        f"return ''.join(c * {k} if {test} else {rest} for c in $s)",
                        f"res = []\nfor c in $s:\n    if {test}:\n        res.append(c * {k})\n    else:\n        res.append({rest})\nreturn ''.join(res)",
                        tellings=(f"Build a new string from @s: write {many} {word}, {said}.",))  # fmt: skip


@lesson
def alphabet_steps(g: Random) -> Draft:
    d = g.randint(1, 4)
    kind, test, said = g.choice([
        ("near", f"abs(ord(a) - ord(b)) <= {d}", f"at most {d} place{'s' if d > 1 else ''} apart in the alphabet"), ("exact", f"abs(ord(a) - ord(b)) == {d}",
            f"exactly {d} place{'s' if d > 1 else ''} apart in the alphabet"),
        ("up", "a < b", "in ascending alphabetical order (the left letter comes before the right one)"), ("down", "a > b", "in the wrong order, that is, the left letter comes later in the "
            "alphabet than the right one"),
        ("same", "a == b", "equal"), ("far", f"abs(ord(a) - ord(b)) > {d + 4}", f"more than {d + 4} places apart in the alphabet")])  # fmt: skip
    every = g.random() < 0.3
    if every:
        return lesson.draft(g, f"all_steps_{kind}", "s:short", "bool", f"True if any two neighbouring letters of @s are {said}; a string of one letter gives True too",
                            f"return all({test} for a, b in zip($s, $s[1:]))", f"for i in range(1, len($s)):\n    a, b = $s[i - 1], $s[i]\n    if not ({test}):\n        return False\nreturn True",
                            tellings=(f"Decide whether every pair of neighbouring letters in @s is {said}. If there is no pair at all, the answer is True.",))  # fmt: skip
    return lesson.draft(g, f"[count|number_of]_{kind}_[neighbours|pairs]", "s:low0", "int", f"the number of pairs of neighbouring letters in @s that are {said}",
                        f"return sum({test} for a, b in zip($s, $s[1:]))", f"count = 0\nfor i in range(len($s) - 1):\n    a, b = $s[i], $s[i + 1]\n    if {test}:\n        count += 1\nreturn count",
                        tellings=(f"Compare each letter of @s with the one after it. How many of these pairs are {said}? Return the number, [which is 0|0] for strings with fewer than two "
                            f"letters.",))  # fmt: skip


@lesson
def longest_run_kind(g: Random) -> Draft:
    one, many, p, t = g.choice(_CLASSES)
    back = g.choice(["length", "text", "start"])
    last = g.random() < 0.4
    sign, tie = (">=", "last") if last else (">", "first")
    test = p.format(c="c")
    if back == "length":
        return lesson.draft(g, f"longest_{t}_run", "s:mix", "int", f"the length of the longest [unbroken|uninterrupted] sequence of {many} in @s",
                            f"best = current = 0\nfor c in $s:\n    current = current + 1 if {test} else 0\n    best = max(best, current)\nreturn best",
                            f"marks = ''.join('x' if {test} else ' ' for c in $s)\nreturn max((len(part) for part in marks.split()), default=0)",
                            tellings=(f"How many {many} follow each other directly in @s at most? Return 0 if @s contains none.", f"Find the longest stretch of @s in which every character is "
                                f"{one}, and return how many characters it has."))  # fmt: skip
    if back == "text":
        return lesson.draft(g, f"longest_{t}_stretch", "s:mix", "str", f"the longest part of @s that consists of {many} only; the {tie} one if several are equally long, and '' if there is none",
                            f"best = current = ''\nfor c in $s:\n    if {test}:\n        current += c\n        if current and len(current) {sign} len(best):\n            best = current\n    "
                                f"else:\n        current = ''\nreturn best",
                            tellings=(f"Cut @s at every character that is not {one}. Among the pieces return the longest. If several pieces have that length, the {tie} of them counts. If "
                                f"nothing is left, return an empty string.",))  # fmt: skip
    return lesson.draft(g, f"{t}_runs", "s:mix", "list[str]", f"a list of all maximal runs of {many} in @s, from left to right",
                        f"runs = []\ncurrent = ''\nfor c in $s:\n    if {test}:\n        current += c\n    elif current:\n        runs.append(current)\n        current = ''\nif current:\n    "
                            f"runs.append(current)\nreturn runs",
                        f"return [''.join(group) for good, group in itertools.groupby($s, key=lambda c: {test}) if good]", imports=("import itertools",),
                        tellings=(f"Collect the pieces of @s that consist of {many}. A piece ends where another kind of character or the end of the string is reached; return the pieces as a "
                            f"list of strings.",))  # fmt: skip


@lesson
def equal_runs(g: Random) -> Draft:
    k = g.randint(2, 3)
    back, result, code, kind, say = g.choice([
        ("lengths", "a list of the lengths of the runs of equal characters in @s, from left to right", "[len(r) for r in runs]", "list[int]", "the list of their lengths"),
        ("count", "the number of runs of equal characters in @s", "len(runs)", "int", "how many runs there are"),
        ("long", f"the number of runs of equal characters in @s that are at least {k} characters long", f"sum(len(r) >= {k} for r in runs)", "int", f"how many of them have {k} or more characters"),
        ("longest", "the longest run of equal characters in @s, the first one if there are several, or '' if @s is empty", "max(runs, key=len, default='')", "str",
            "the longest one, which is the first of them in case of a tie and '' if @s is empty"),
        ("single", "a string of those characters of @s that differ from both of their neighbours", "''.join(r for r in runs if len(r) == 1)", "str", "the concatenation of the runs of length 1"),
        ("shorten", f"@s in which each run of equal characters is cut down to at most {k} characters", f"''.join(r[:{k}] for r in runs)", "str",
            f"the string that remains when only the first {k} characters of each run are kept"),
        ("flip", "@s with its runs of equal characters in reverse order", "''.join(reversed(runs))", "str", "the string in which the runs are put together in reverse order"),
        ("dashed", "@s with a '-' between any two different neighbouring characters", "'-'.join(runs)", "str", "one string in which neighbouring runs are separated by '-'"),
        ("pairs", "a list of tuples (character, length), one for each run of equal characters in @s", "[(r[0], len(r)) for r in runs]", "list[tuple[str, int]]",
            "a list with one tuple (character, length) for each"),
        ("odd", "the characters of those runs in @s that have an odd length, one character for each run, as a string", "''.join(r[0] for r in runs if len(r) % 2 == 1)", "str",
            "a string with one character for every run of odd length"),
    ])  # fmt: skip
    return lesson.draft(g, f"runs_{back}", "s:runs", kind, result,
                        f"runs = [''.join(group) for _, group in itertools.groupby($s)]\nreturn {code}",
                        f"runs = []\nfor ch in $s:\n    if runs and runs[-1][0] == ch:\n        runs[-1] += ch\n    else:\n        runs.append(ch)\nreturn {code}",
                        f"runs = []\ni = 0\nwhile i < len($s):\n    j = i\n    while j < len($s) and $s[j] == $s[i]:\n        j += 1\n    runs.append($s[i:j])\n    i = j\nreturn {code}",
                        imports=("import itertools",), tellings=(f"A run is a longest possible stretch of equal neighbouring characters; 'aabccc' has the runs 'aa', 'b' and 'ccc'. Divide @s "
                            f"into its runs and return {say}.",
                                                                 f"Split @s wherever the character changes, which gives pieces of equal characters. Return {say}."),
                        plan="I split @s into runs of equal characters and work with those.")  # fmt: skip


@lesson
def between_ends(g: Random) -> Draft:
    c = g.choice("aeors")
    kind, result, body, other, say = g.choice([
        ("inner", f"the part of @s between the first and the last '{c}', both left out, or '' if '{c}' occurs fewer than two times",
         f"i, j = $s.find('{c}'), $s.rfind('{c}')\nreturn $s[i + 1:j] if i < j else ''", f"if $s.count('{c}') < 2:\n    return ''\nreturn $s[$s.index('{c}') + 1:$s.rindex('{c}')]",
         f"Cut away everything up to and including the first '{c}' of @s and everything from the last '{c}' on. With fewer than two of them the result is the empty string."),
        ("outer", f"the part of @s from the first '{c}' to the last one, both included, or '' if there is no '{c}'",
         f"i = $s.find('{c}')\nif i == -1:\n    return ''\nreturn $s[i:$s.rfind('{c}') + 1]", f"spots = [i for i, ch in enumerate($s) if ch == '{c}']\nreturn $s[spots[0]:spots[-1] + 1] if "
             f"spots else ''",
         f"Trim @s on both sides until it begins and ends with '{c}'. If it has no '{c}', nothing remains and you return ''."),
        ("head", f"the part of @s before the first '{c}', or all of @s if it has none", f"return $s.split('{c}')[0]", f"head = ''\nfor ch in $s:\n    if ch == '{c}':\n        break\n    head "
            f"+= ch\nreturn head",
         f"Read @s until the first '{c}' comes and return what you have read, without that '{c}'. If it never comes, that is the whole string."),
        ("tail", f"the part of @s after the last '{c}', or all of @s if it has none", f"return $s.split('{c}')[-1]", f"return $s[$s.rfind('{c}') + 1:]",
         f"Return what follows the last '{c}' in @s. If there is no '{c}' at all, return the whole string."),
        ("swap", f"@s with the parts before and after its first '{c}' exchanged, the '{c}' staying between them; @s itself if it has none", f"before, found, after = $s.partition('{c}')\nreturn "
            f"after + found + before if found else $s",
         f"if '{c}' not in $s:\n    return $s\ni = $s.index('{c}')\nreturn $s[i + 1:] + '{c}' + $s[:i]", f"Find the first '{c}' in @s. What comes before it goes to the end, and what comes "
             f"after it goes to the front; the '{c}' stays in between. Without a '{c}' nothing changes."),
        ("distance", f"the distance between the first and the last '{c}' in @s, that is, the difference of their indices, or -1 if there is no '{c}'",
            f"if '{c}' not in $s:\n    return -1\nreturn $s.rindex('{c}') - $s.index('{c}')",
         f"i = $s.find('{c}')\nreturn $s.rfind('{c}') - i if i >= 0 else -1", f"Determine the indices of the first and the last '{c}' of @s and return how far they are apart: 0 if there is "
             f"exactly one, -1 if there is none."),
    ])  # fmt: skip
    return lesson.draft(
        g, f"{kind}_part_{c}", "s:low0", "int" if kind == "distance" else "str", result, body, other, tellings=(say,)
    )


@lesson
def windows_with(g: Random) -> Draft:
    k = g.randint(2, 4)
    c = g.choice("aeort")
    name, test, say = g.choice([
        ("containing", f"'{c}' in part", f"contain the letter '{c}'"), ("distinct", "len(set(part)) == len(part)", "have no letter twice"), ("framed", "part[0] == part[-1]",
            "begin and end with the same letter"),
        ("rising", "list(part) == sorted(part)", "have their letters in alphabetical order (equal letters allowed)"), ("no_vowel", "not set(part) & set('aeiou')",
            "contain none of the vowels a, e, i, o, u"),
        ("mixed", "len(set(part)) > 1", "contain at least two different letters"), ("starts", f"part[0] < '{g.choice('cdm')}'", "")])  # fmt: skip
    if name == "starts":
        say = f"begin with a letter before {test[-3:]} in the alphabet"
    back = g.choice(["list", "count", "first", "set"])
    if back == "list":
        return lesson.draft(g, f"windows_{name}", "s:low", "list[str]", f"a list of the substrings of @s of length {k} that {say}, from left to right",
                            f"parts = [$s[i:i + {k}] for i in range(len($s) - {k - 1})]\nreturn [part for part in parts if {test}]",
                            f"result = []\nfor i in range(len($s) - {k} + 1):\n    part = $s[i:i + {k}]\n    if {test}:\n        result.append(part)\nreturn result",
                            tellings=(f"Slide a window of {k} letters over @s and collect the contents of the window each time they {say}.",))  # fmt: skip
    if back == "count":
        return lesson.draft(g, f"count_windows_{name}", "s:low", "int", f"how many of the substrings of @s of length {k} {say}, equal ones at different positions counted separately",
                            f"count = 0\nfor i in range(len($s) - {k} + 1):\n    part = $s[i:i + {k}]\n    if {test}:\n        count += 1\nreturn count",
                            f"parts = ($s[i:i + {k}] for i in range(len($s) - {k - 1}))\nreturn sum(1 for part in parts if {test})",
                            tellings=(f"Look at all stretches of {k} consecutive letters of @s, which may overlap, and count those that {say}.",))  # fmt: skip
    if back == "first":
        return lesson.draft(g, f"first_window_{name}", "s:low", "str | None", f"the leftmost of those substrings of @s of length {k} that {say}, or None if there is no such substring",
                            f"for i in range(len($s) - {k} + 1):\n    part = $s[i:i + {k}]\n    if {test}:\n        return part\nreturn None",
                            tellings=(f"Search @s from left to right for {k} consecutive letters that {say}, and return them as a string. Return None if you find nothing.",))  # fmt: skip
    return lesson.draft(g, f"different_windows_{name}", "s:low", "list[str]", f"a sorted list, without duplicates, of the substrings of @s of length {k} that {say}",
                        f"parts = {{$s[i:i + {k}] for i in range(len($s) - {k - 1})}}\nreturn sorted(part for part in parts if {test})",
                        tellings=(f"Which different substrings of length {k} in @s {say}? Return them in alphabetical order, each one once.",))  # fmt: skip


@lesson
def best_window(g: Random) -> Draft:
    k = g.randint(2, 5)
    what, test = g.choice(
        [
            ("vowels", "c in 'aeiou'"),
            ("letters from the first half of the alphabet (a to m)", "c <= 'm'"),
            ("different letters", ""),
            ("letters 'a'", "c == 'a'"),
            ("consonants", "c not in 'aeiou'"),
        ]
    )
    score = f"sum({test} for c in part)" if test else "len(set(part))"
    last = g.random() < 0.4
    most = g.choice(["most", "fewest"])
    sign = {"most": ">", "fewest": "<"}[most] + ("=" if last else "")
    tie = "last" if last else "first"
    return lesson.draft(g, f"window_with_{most}", "s:low", "str", f"the substring of @s of length {k} with the {most} {what}, the {tie} one in case of a tie, or @s itself if it has at most {k} "
        f"letters",
                        f"if len($s) <= {k}:\n    return $s\nbest, best_score = '', None\nfor i in range(len($s) - {k} + 1):\n    part = $s[i:i + {k}]\n    score = {score}\n    if best_score "
                            f"is None or score {sign} best_score:\n        best, best_score = part, score\nreturn best",
                        f"if len($s) <= {k}:\n    return $s\nparts = [$s[i:i + {k}] for i in range(len($s) - {k - 1})]\n" + ("parts.reverse()\n" if last else "") +
                            f"return {'max' if most == 'most' else 'min'}(parts, key=lambda part: {score})",
                        tellings=(f"Among all substrings of @s that are {k} letters long, choose the one with the {most} {what}. If several are equally good, take the {tie}. A string of {k} "
                            f"letters or fewer is returned as it is.",))  # fmt: skip


@lesson
def common_ends(g: Random) -> Draft:
    side = g.choice(["prefix", "suffix"])
    pre = side == "prefix"
    loop = (
        "i = 0\nwhile i < len($a) and i < len($b) and "
        + ("$a[i] == $b[i]" if pre else "$a[-1 - i] == $b[-1 - i]")
        + ":\n    i += 1\n"
    )
    kind, result, ret, typ, say = g.choice([
        ("itself", f"the longest common {side} of @a and @b", "$a[:i]" if pre else "$a[len($a) - i:]", "str", "return that common part, which may be empty"),
        ("length", f"the length of the longest common {side} of @a and @b", "i", "int", "return how many letters they share there"),
        ("rests", f"a tuple with what remains of @a and of @b when their longest common {side} is removed", "($a[i:], $b[i:])" if pre else "($a[:len($a) - i], $b[:len($b) - i])",
            "tuple[str, str]", "remove that common part from both and return the two remainders as a tuple"),
        ("merged", f"@a and @b written as one string: their longest common {side} once, and {'after' if pre else 'before'} it in parentheses the two remainders, separated by '/'",
         "f'{$a[:i]}({$a[i:]}/{$b[i:]})'" if pre else "f'({$a[:len($a) - i]}/{$b[:len($b) - i]}){$a[len($a) - i:]}'", "str", "write that common part once and " + ("after" if pre else "before") +
             " it the two remainders in parentheses with a '/' between them, that of @a first"),
        ("marked", f"@a with its longest {side} that it shares with @b in uppercase, the rest unchanged", "$a[:i].upper() + $a[i:]" if pre else "$a[:len($a) - i] + $a[len($a) - i:].upper()",
            "str", "return @a with exactly these letters in uppercase"),
    ])  # fmt: skip
    for_loop = f"i = 0\nfor c, e in zip({'$a, $b' if pre else '$a[::-1], $b[::-1]'}):\n    if c != e:\n        break\n    i += 1\n"
    return lesson.draft(g, f"shared_{side}_{kind}", "a:stem b:stem", typ, result, f"{loop}return {ret}", f"{for_loop}return {ret}",
                        tellings=(f"Two words @a and @b may {'begin' if pre else 'end'} with the same letters. Find the longest such {side}, then {say}.",
                                  f"Compare @a and @b letter by letter from the {'front' if pre else 'back'} and stop at the first difference or where one of them is used up. From what you "
                                      f"found, {say}."),
                        plan=f"I count how many letters agree from the {'front' if pre else 'back'}.")  # fmt: skip


@lesson
def ends_overlap(g: Random) -> Draft:
    kind = g.choice(["border", "overlap", "glue", "peel"])
    if kind == "border":
        ret, typ, say = g.choice([("$s[:k]", "str", "the string itself"), ("k", "int", "its length")])
        empty = "''" if typ == "str" else "0"
        return lesson.draft(g, "frame_[of|part]", "s:short", typ, ("the length of " if typ == "int" else "") + f"the longest string that is both a beginning and an end of @s without being all "
            f"of @s, or {empty} if there is none",
                            f"for k in range(len($s) - 1, 0, -1):\n    if $s[:k] == $s[-k:]:\n        return {ret}\nreturn {empty}",
                            tellings=(f"A border of a string is a shorter string with which it both begins and ends; the two places may overlap. Find the longest border of @s and return {say}, "
                                f"or {empty} if @s has no border.",))  # fmt: skip
    if kind == "peel":
        return lesson.draft(g, "peel_equal_ends", "s:mirror", "str", "what is left of @s after removing its first and last character again and again as long as they are equal; a single "
            "character stays",
                            "while len($s) >= 2 and $s[0] == $s[-1]:\n    $s = $s[1:-1]\nreturn $s", "i, j = 0, len($s) - 1\nwhile i < j and $s[i] == $s[j]:\n    i += 1\n    j -= 1\nreturn "
                                "$s[i:j + 1]",
                            tellings=("If the first and the last of at least two characters of @s are equal, take both away, and repeat this with the rest. Return the string at which you have "
                                "to stop; it may be empty.",))  # fmt: skip
    ret, typ, say = (
        ("k", "int", "the length of the longest end of @a that is also a beginning of @b, or 0 if there is none")
        if kind == "overlap"
        else (
            "$a + $b[k:]",
            "str",
            "the shortest string that begins with @a and ends with @b, made by letting the end of @a and the beginning of @b overlap as far as possible",
        )
    )
    return lesson.draft(g, f"{kind}_[words|strings]", "a:short b:short", typ, say,
                        f"for k in range(min(len($a), len($b)), 0, -1):\n    if $a[-k:] == $b[:k]:\n        return {ret}\nreturn {'0' if kind == 'overlap' else '$a + $b'}",
                        f"k = min(len($a), len($b))\nwhile not $a.endswith($b[:k]):\n    k -= 1\nreturn {ret}",
                        tellings=(f"Put @b behind @a and push them together: the last letters of @a may lie on the first letters of @b if they are the same. "
                            f"{'How many letters can overlap at most?' if kind == 'overlap' else 'Return the shortest combined string possible.'}",))  # fmt: skip


@lesson
def mirrored_places(g: Random) -> Draft:
    kind, result, body, other, typ, say = g.choice([
        ("pairs_broken", "the number of pairs of characters of @s, one from the front and one equally far from the back, that differ", "return sum($s[i] != $s[-1 - i] for i in range(len($s) // 2))",
         "i, j, count = 0, len($s) - 1, 0\nwhile i < j:\n    if $s[i] != $s[j]:\n        count += 1\n    i += 1\n    j -= 1\nreturn count", "int",
             "Compare the first character of @s with the last, the second with the last but one and so on up to the middle. Return how many of these pairs differ."),
        ("one_change", "True if exactly one character of @s would have to be changed to make it read the same in both directions", "return sum($s[i] != $s[-1 - i] for i in range(len($s) // 2)) == 1",
         "bad = 0\nfor i in range(len($s) // 2):\n    if $s[i] != $s[len($s) - 1 - i]:\n        bad += 1\nreturn bad == 1", "bool", "Is the string @s just one replaced character away from "
             "reading the same forwards and backwards? A string that already does so gives False."),
        ("fix_left", "@s with its second half overwritten by the mirror image of the first half, so that it reads the same in both directions; a middle character stays",
            "half = (len($s) + 1) // 2\nreturn $s[:half] + $s[:len($s) // 2][::-1]",
         "chars = list($s)\nfor i in range(len(chars) // 2):\n    chars[-1 - i] = chars[i]\nreturn ''.join(chars)", "str", "Make @s symmetric without changing its length: keep the first half, "
             "keep the middle character if the length is odd, and replace the second half by the first half written backwards."),
        ("smaller_of_pairs", "the symmetric string in which each pair of mirrored positions of @s holds the alphabetically smaller one of its two characters",
            "return ''.join(min(c, e) for c, e in zip($s, $s[::-1]))",
         "chars = list($s)\nfor i in range(len(chars)):\n    chars[i] = min($s[i], $s[-1 - i])\nreturn ''.join(chars)", "str", "For each position of @s compare the character with the one at "
             "the mirrored position (first with last, second with last but one, ...) and write the alphabetically smaller one. Return the resulting string."),
        ("mirrored_letters", "a string of the characters of @s that are equal to the character at the mirrored position, in their order", "return ''.join(c for c, e in zip($s, $s[::-1]) if c == e)",
         "res = ''\nfor i in range(len($s)):\n    if $s[i] == $s[len($s) - 1 - i]:\n        res += $s[i]\nreturn res", "str", "Position i of @s is mirrored to position i counted from the end. "
             "Keep the characters that have an equal one at the mirrored position; a character exactly in the middle is its own mirror and stays."),
        ("first_break", "the first index of @s whose character differs from the one at the mirrored position, or -1 if @s reads the same backwards",
            "for i in range(len($s)):\n    if $s[i] != $s[-1 - i]:\n        return i\nreturn -1",
         "return next((i for i, (c, e) in enumerate(zip($s, $s[::-1])) if c != e), -1)", "int", "At which index does @s first differ from its own reversal? Return -1 if the two are equal."),
        ("symmetric_start", "the longest beginning of @s that reads the same in both directions", "for k in range(len($s), 0, -1):\n    part = $s[:k]\n    if part == part[::-1]:\n        "
            "return part\nreturn ''",
         "best = ''\nfor k in range(len($s) + 1):\n    if $s[:k] == $s[:k][::-1]:\n        best = $s[:k]\nreturn best", "str", "Every beginning of @s is a candidate: its first letter, its "
             "first two letters, and so on up to the whole string. Return the longest candidate that does not change when it is reversed."),
        ("symmetric_end", "the length of the longest end of @s that reads the same in both directions", "for i in range(len($s)):\n    if $s[i:] == $s[i:][::-1]:\n        return len($s) - i\n"
            "return 0",
         "best = 0\nfor k in range(1, len($s) + 1):\n    tail = $s[-k:]\n    if tail == tail[::-1]:\n        best = k\nreturn best", "int", "Consider the last character of @s, its last two "
             "characters, and so on. Return the length of the longest of these endings that equals its own reversal."),
    ])  # fmt: skip
    return lesson.draft(g, kind, "s:mirror", typ, result, body, other, tellings=(say,))


@lesson
def mirror_made(g: Random) -> Draft:
    sep = g.choice(["", "|", "-", "+"])
    drop = g.random() < 0.5
    order = g.random() < 0.5
    back = "$s[:-1][::-1]" if drop else "$s[::-1]"
    if order:
        _front, say = (
            "$s",
            f"@s followed by its "
            f"reversal{' without the repeated middle character' if drop and not sep else ', in which its last character is left out,' if drop else ''}{f', with {sep!r} between them' if sep else ''}",
        )
        code = f"$s + '{sep}' + {back}" if sep else f"$s + {back}"
    else:
        back = "$s[:0:-1]" if drop else "$s[::-1]"
        code = f"{back} + '{sep}' + $s" if sep else f"{back} + $s"
        say = f"the reversal of @s{', in which the first character of @s is left out,' if drop else ''} followed by @s itself{f', with {sep!r} between them' if sep else ''}"
    slow = (
        "back = ''\nfor ch in "
        + ("$s[:-1]" if drop and order else "$s[1:]" if drop else "$s")
        + ":\n    back = ch + back\nreturn "
        + (f"$s + '{sep}' + back" if order else f"back + '{sep}' + $s")
    )
    return lesson.draft(
        g,
        "[mirror|reflect]_[text|string|line]",
        "s:mix",
        "str",
        say,
        f"return {code}",
        slow,
        tellings=(
            "A mirror stands at the " + ("right" if order else "left") + f" end of @s. Return what one sees: {say}.",
        ),
    )


@lesson
def halves(g: Random) -> Draft:
    extra = g.choice(["first", "second"])
    half = "(len($s) + 1) // 2" if extra == "first" else "len($s) // 2"
    kind, ret, typ, say = g.choice([
        ("swapped", "right + left", "str", "a string with the two halves of @s exchanged"), ("separate", "[left, right]", "list[str]", "a list of the two halves of @s"),
        ("loud_half", "left + right.upper()", "str", "@s with its second half in uppercase"), ("reversed_halves", "left[::-1] + right[::-1]", "str",
            "@s with each of its two halves reversed separately"),
        ("vowel_half", "sum(c in 'aeiouAEIOU' for c in left) - sum(c in 'aeiouAEIOU' for c in right)", "int", "the number of vowels in the first half of @s minus the number of vowels in the "
            "second half"),
        ("shared_half", "''.join(sorted(set(left) & set(right)))", "str", "the characters that occur in both halves of @s, each once and sorted, as a string"),
        ("greater_half", "max(left, right)", "str", "that half of @s that comes later in Python's order of strings"), ("half_gap", "left + '...' + right", "str",
            "@s with '...' inserted between its two halves"),
        ("zip_halves", "''.join(b + a for a, b in zip(left, right)) + (left[len(right):] or right[len(left):])", "str", "a string that takes characters in turn from the second and the first "
            "half of @s, beginning with the second, and ends with the one that is left over, if any"),
    ])  # fmt: skip
    rule = f"if the length is odd, the {extra} half is [longer by one character|one character longer]"
    return lesson.draft(g, kind, "s:mix", typ, f"{say}; {rule}", f"half = {half}\nleft, right = $s[:half], $s[half:]\nreturn {ret}", f"mid = {half}\nleft = $s[:mid]\nright = $s[mid:]\nreturn {ret}",
                        tellings=(f"Cut @s in the middle ({rule}) and return {say}.", f"Split the string @s into two halves; {rule}. What is wanted is {say}."))  # fmt: skip


@lesson
def differing_places(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("list", "list[int]", "a list of the indices at which @a and @b have different letters, as far as both reach", "return [i for i, (c, e) in enumerate(zip($a, $b)) if c != e]",
         "res = []\nfor i in range(min(len($a), len($b))):\n    if $a[i] != $b[i]:\n        res.append(i)\nreturn res", "Lay @a over @b, beginning at the left. List the indices where the "
             "letters do not agree; what sticks out on the longer side is ignored."),
        ("first", "int", "the first index at which @a and @b differ; the length of the shorter one if it is a beginning of the other; -1 if they are equal",
            "if $a == $b:\n    return -1\nfor i, (c, e) in enumerate(zip($a, $b)):\n    if c != e:\n        return i\nreturn min(len($a), len($b))",
         "i = 0\nwhile i < len($a) and i < len($b) and $a[i] == $b[i]:\n    i += 1\nreturn -1 if i == len($a) == len($b) else i", "Two versions of a word, @a and @b, are compared letter by "
             "letter. Return the index of the first difference. A letter that has no counterpart because one word has ended counts as a difference. Equal words give -1."),
        ("merge", "str", "a string that shows the letter where @a and @b agree and '?' where they differ, as long as the shorter of them", "return ''.join(c if c == e else '?' for c, e in "
            "zip($a, $b))",
         "out = ''\nfor i in range(min(len($a), len($b))):\n    out += $a[i] if $a[i] == $b[i] else '?'\nreturn out", "Compare @a and @b position by position: write down the letter if both "
             "have the same, otherwise a question mark. Stop at the end of the shorter word."),
        ("count_all", "int", "the number of positions at which @a and @b differ, where positions that only the longer one has count too", "return sum(c != e for c, e in zip($a, $b)) + "
            "abs(len($a) - len($b))",
         "count = 0\nfor i in range(max(len($a), len($b))):\n    if $a[i:i + 1] != $b[i:i + 1]:\n        count += 1\nreturn count", "How many positions of @a and @b do not hold the same "
             "letter? If one of them is longer, all its additional letters count as differences."),
        ("larger", "str", "a string with the alphabetically later one of the two letters at each position of @a and @b, followed by the rest of the longer one",
            "n = min(len($a), len($b))\nreturn ''.join(max(c, e) for c, e in zip($a, $b)) + $a[n:] + $b[n:]",
         "res = []\nfor i in range(max(len($a), len($b))):\n    res.append(max($a[i:i + 1], $b[i:i + 1]))\nreturn ''.join(res)", "At each position take the letter of @a or of @b that comes "
             "later in the alphabet. When one of the two is used up, the remaining letters of the other are appended."),
        ("score", "int", "the score of the guess @b for the secret @a: 2 for each position with the same letter, plus 1 for each other position of the guess whose letter occurs somewhere in @a",
            "return sum(2 if $a[i:i + 1] == c else 1 if c in $a else 0 for i, c in enumerate($b))",
         "points = 0\nfor i, c in enumerate($b):\n    if i < len($a) and $a[i] == c:\n        points += 2\n    elif c in $a:\n        points += 1\nreturn points",
             "In a guessing game @a is the secret word and @b the guess. A letter of the guess earns 2 points if the secret has the same letter at this position, and otherwise 1 point if it "
             "occurs anywhere in the secret. Return the total."),
        ("paint", "str", "a hint for the guess @b and the secret @a: a string as long as the guess with '+' where the letter is at the right position, 'o' where it only occurs elsewhere in @a, "
            "and '.' where it does not occur", "return ''.join('+' if $a[i:i + 1] == c else 'o' if c in $a else '.' for i, c in enumerate($b))",
         "hint = ''\nfor i, c in enumerate($b):\n    if i < len($a) and $a[i] == c:\n        hint += '+'\n    elif c in $a:\n        hint += 'o'\n    else:\n        hint += '.'\nreturn hint",
             "A secret @a and a guess @b are given. Build the answer of the game master, one sign for each letter of the guess: '+' for the right letter at the right place, 'o' for a letter "
             "that the secret has at some other place, '.' for a letter that it does not have."),
    ])  # fmt: skip
    return lesson.draft(
        g,
        f"compare_{kind}",
        "a:stem b:stem" if kind not in ("score", "paint") else "a:short b:short",
        typ,
        result,
        body,
        other,
        tellings=(say,),
    )


@lesson
def letters_of_one(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("missing", "str", "the letters of @a that do not occur in @b, in their order, repetitions included", "return ''.join(c for c in $a if c not in $b)",
            "for c in $b:\n    $a = $a.replace(c, '')\nreturn $a", "Strike out of @a every letter that also occurs somewhere in @b. Return what is left."),
        ("taken", "str", "what remains of @a if for each letter of @b its first remaining occurrence is removed from @a, where there is one",
            "for c in $b:\n    $a = $a.replace(c, '', 1)\nreturn $a", "rest = list($a)\nfor c in $b:\n    if c in rest:\n        rest.remove(c)\nreturn ''.join(rest)",
            "For every letter of @b, take one such letter (the leftmost) out of @a. Letters that @a no longer has are skipped. Return the remaining string."),
        ("can_spell", "bool", "True if @b can be laid with the letters of @a, each of them used at most once", "return all($a.count(c) >= $b.count(c) for c in $b)",
            "pool = list($a)\nfor c in $b:\n    if c not in pool:\n        return False\n    pool.remove(c)\nreturn True", "Imagine the letters of @a on single tiles. Can you put the word @b "
            "together from these tiles?"),
        ("need", "int", "how many more letters one needs to be able to write @b with the letters of @a, each used at most once", "return sum(max(0, $b.count(c) - $a.count(c)) for c in set($b))",
            "pool = list($a)\nneeded = 0\nfor c in $b:\n    if c in pool:\n        pool.remove(c)\n    else:\n        needed += 1\nreturn needed",
            "You own the letter tiles of @a and want to lay the word @b. Each tile can be used once. Return the number of tiles you have to buy."),
        ("common_count", "int", "the number of letters that @a and @b share, where a letter that occurs several times in both counts as often as it occurs in both",
            "return sum(min($a.count(c), $b.count(c)) for c in set($a))", "rest = list($b)\nshared = 0\nfor c in $a:\n    if c in rest:\n        rest.remove(c)\n        shared += 1\nreturn "
            "shared", "Pair off equal letters of @a and @b, each letter used in one pair at most. How many pairs can be made?"),
        ("ordered_common", "str", "the different letters of @a that @b has too, in the order of their first appearance in @a", "return ''.join(dict.fromkeys(c for c in $a if c in $b))",
            "result = ''\nfor c in $a:\n    if c in $b and c not in result:\n        result += c\nreturn result", "Read @a from left to right and write down each letter that also occurs in @b, "
            "unless you have written it already."),
        ("marked", "str", "@a with those letters in uppercase that also occur in @b", "return ''.join(c.upper() if c in $b else c for c in $a)",
            "res = ''\nfor c in $a:\n    res += c.upper() if c in $b else c\nreturn res", "Highlight the letters of @a that occur in @b by writing them as capitals; leave the rest of @a as it "
            "is."),
        ("only_one", "str", "the letters that occur in exactly one of the two strings @a and @b, sorted and each once, as a string", "return ''.join(sorted(set($a) ^ set($b)))",
            "letters = sorted(set($a + $b))\nreturn ''.join(c for c in letters if (c in $a) != (c in $b))", "Which letters does one of the strings @a and @b have but not the other? Return them "
            "in alphabetical order as one string without repetitions."),
    ])  # fmt: skip
    return lesson.draft(g, f"letters_{kind}", "a:low b:short", typ, result, body, other, tellings=(say,))


@lesson
def hidden_in_order(g: Random) -> Draft:
    kind, typ, result, body, say = g.choice([
        ("places", "list[int] | None", "the list of indices at which the letters of @b are found one after another in @a, each as early as possible after the one before, or None if they are "
            "not all found",
         "places = []\nstart = 0\nfor c in $b:\n    i = $a.find(c, start)\n    if i == -1:\n        return None\n    places.append(i)\n    start = i + 1\nreturn places",
             "Look for the letters of @b in @a from left to right: the first letter at its earliest place, each further letter at its earliest place after the previous one. Return the list of "
             "their indices, or None if some letter cannot be found any more."),
        ("matched", "int", "how many letters at the beginning of @b can be found in @a in the given order, not necessarily next to each other", "i = 0\nfor c in $a:\n    if i < len($b) and c "
            "== $b[i]:\n        i += 1\nreturn i", "Read @a once from left to right and tick off the letters of @b in order: whenever the current letter is the next one wanted, it is ticked "
            "off. Return how many were ticked off."),
        ("rest", "str", "the part of @b that is still missing after its letters have been searched in order, not necessarily adjacent, in @a", "for c in $a:\n    if $b and c == $b[0]:\n        "
            "$b = $b[1:]\nreturn $b", "The letters of @b are wanted in this order. Go through @a; each time its letter equals the first wanted letter, remove that one from the front of @b. "
            "Return what is still wanted at the end."),
        ("removed", "str", "@a without the letters that are used up when @b is searched in it in order, each letter as early as possible; @a has letters left over for the part of @b that is "
            "not found", "i = 0\nkept = ''\nfor c in $a:\n    if i < len($b) and c == $b[i]:\n        i += 1\n    else:\n        kept += c\nreturn kept",
            "Go through @a and keep a pointer to the first letter of @b. A letter of @a that equals the letter under the pointer is removed and the pointer moves on; all other letters are "
            "kept. When the pointer has passed the end of @b, everything is kept. Return the kept letters."),
    ])  # fmt: skip
    if kind == "removed":
        result = "what is left of @a when the letters of @b are searched in it from left to right, in order and each as early as possible, and the letters found are taken out"
    return lesson.draft(
        g,
        f"in_order_{kind}",
        "a:low b:short",
        typ,
        result,
        body,
        tellings=(say,),
        plan="I walk through @a once with a pointer into @b.",
    )


@lesson
def rotations(g: Random) -> Draft:
    side = g.choice(["left", "right"])
    k = g.randint(1, 4)
    sign = "" if side == "left" else "-"
    kind = g.choice(["by", "const", "smallest", "vowel", "distance", "letters", "all", "sorted_start"])
    if kind == "by":
        return lesson.draft(g, f"rotate_{side}_by", "s:mix n:turn", "str", f"@s rotated to the {side} by @n characters; a negative @n rotates in the other direction",
                            f"if not $s:\n    return ''\ni = {sign}$n % len($s)\nreturn $s[i:] + $s[:i]",
                            f"result = ''\nfor i in range(len($s)):\n    result += $s[(i {'+' if side == 'left' else '-'} $n) % len($s)]\nreturn result",
                            tellings=(f"Turn the string @s in a circle: with each of @n steps the {'first' if side == 'left' else 'last'} character moves to the "
                                f"{'end' if side == 'left' else 'front'}. If @n is negative, the steps go the other way. An empty string stays empty.",))  # fmt: skip
    if kind == "const":
        what, move = g.choice([("str", "''.join(ring)"), ("list", "list(ring)")])
        return lesson.draft(g, f"turn_{side}_{k}", "s:low", "str" if what == "str" else "list[str]", ("the string" if what == "str" else "a list of the characters of the string") +
            f" that @s becomes when its {'first' if side == 'left' else 'last'} character is moved to the {'end' if side == 'left' else 'front'} {k} times",
                            f"i = {sign}{k} % len($s)\nring = $s[i:] + $s[:i]\nreturn {'ring' if what == 'str' else move}", f"ring = deque($s)\nring.rotate({-k if side == 'left' else k})\n"
                                f"return {move}", imports=("from collections import deque",),
                            tellings=(f"Take the {'first' if side == 'left' else 'last'} letter of @s and put it to the {'end' if side == 'left' else 'front'}; do this {k} "
                                f"time{'s' if k > 1 else ''} in all. Return the result as a {'string' if what == 'str' else 'list of letters'}.",))  # fmt: skip
    if kind == "smallest":
        f, word = g.choice([("min", "first"), ("max", "last")])
        return lesson.draft(g, f"{word}_rotation", "s:low", "str", f"the rotation of @s that comes {word} in alphabetical order",
                            f"return {f}($s[i:] + $s[:i] for i in range(len($s)))", f"best = $s\nfor i in range(1, len($s)):\n    turned = $s[i:] + $s[:i]\n    if turned "
                                f"{'<' if f == 'min' else '>'} best:\n        best = turned\nreturn best",
                            tellings=(f"The rotations of a string are obtained by moving some letters from its front to its end ('abc', 'bca', 'cab'). Return the alphabetically {word} one "
                                f"among the rotations of @s.",))  # fmt: skip
    if kind == "vowel":
        return lesson.draft(g, f"rotate_to_vowel_{side}", "s:low", "str", f"@s rotated to the {side} just as far as needed for it to begin with a vowel; @s itself if it has no vowel",
                            f"for turns in range(len($s)):\n    i = {sign}turns % len($s)\n    if $s[i] in 'aeiou':\n        return $s[i:] + $s[:i]\nreturn $s",
                            f"for _ in range(len($s)):\n    if $s[0] in 'aeiou':\n        break\n    $s = {'$s[1:] + $s[0]' if side == 'left' else '$s[-1] + $s[:-1]'}\nreturn $s",
                            tellings=(f"As long as @s does not begin with a, e, i, o or u, move its {'first letter to the end' if side == 'left' else 'last letter to the front'}. If there is "
                                f"no vowel in @s, return it unchanged.",))  # fmt: skip
    if kind == "distance":
        return lesson.draft(g, f"same_turns_{side}", "s:runs", "int", f"how often the {'first' if side == 'left' else 'last'} character of @s has to be moved to the "
            f"{'end' if side == 'left' else 'front'} until @s looks as before for the first time, or 0 if @s is empty",
                            "for i in range(1, len($s) + 1):\n    if $s[i:] + $s[:i] == $s:\n        return i\nreturn 0", "return ($s + $s).find($s, 1) if $s else 0",
                            tellings=(f"Rotate @s step by step: each step moves one character from the {'front to the end' if side == 'left' else 'end to the front'}. After how many steps, at "
                                f"least one, is the original string back? Return 0 for an empty string.",))  # fmt: skip
    if kind == "letters":
        return lesson.draft(g, f"rotate_letters_{side}", "s:mix", "str", f"@s in which the letters are rotated among their places by {k} to the {side}, while all other characters stay where they are",
                            f"letters = [c for c in $s if c.isalpha()]\nif not letters:\n    return $s\ni = {sign}{k} % len(letters)\nturned = iter(letters[i:] + letters[:i])\nreturn "
                                f"''.join(next(turned) if c.isalpha() else c for c in $s)",
                            f"places = [i for i, c in enumerate($s) if c.isalpha()]\nchars = list($s)\nfor j, i in enumerate(places):\n    chars[i] = $s[places[(j "
                                f"{'+' if side == 'left' else '-'} {k}) % len(places)]]\nreturn ''.join(chars)",
                            tellings=(f"Consider only the letters of @s and rotate their sequence by {k} to the {side}. Then put them back into the places where letters were; digits, spaces "
                                f"and other characters do not move.",))  # fmt: skip
    if kind == "all":
        step = g.choice([1, 2])
        return lesson.draft(g, f"rotations_{side}", "s:short", "list[str]", f"a list of the rotations of @s, beginning with @s itself and going on by {step} character{'s' if step > 1 else ''} "
            f"to the {side} each time, as many as @s has characters",
                            f"result = []\nfor _ in range(len($s)):\n    result.append($s)\n    i = {sign}{step} % len($s)\n    $s = $s[i:] + $s[:i]\nreturn result",
                            f"double = $s * 3\nreturn [double[i % len($s):i % len($s) + len($s)] for i in range(0, {sign}{step} * len($s), {sign}{step})]",
                            tellings=(f"Write @s down, rotate it by {step} to the {side}, write it down again, and so on, until there are as many strings in the list as @s has letters. "
                                f"Repeated strings are kept.",))  # fmt: skip
    return lesson.draft(g, "rotate_to_smallest", "s:low", "str", "@s rotated so that it begins with its alphabetically smallest letter, at the first place where that occurs",
                        "i = $s.index(min($s))\nreturn $s[i:] + $s[:i]", "best = 0\nfor i in range(len($s)):\n    if $s[i] < $s[best]:\n        best = i\nreturn $s[best:] + $s[:best]",
                        tellings=("Find the smallest letter of @s (the leftmost one if it occurs several times) and move everything in front of it to the end.",))  # fmt: skip


@lesson
def interleaved(g: Random) -> Draft:
    fill = g.choice("-_.*")
    kind, _tail, say = g.choice(
        [
            ("rest", "", "what is left of the longer one follows at the end"),
            ("stop", "", "it ends as soon as one of them is used up, after a complete pair"),
            ("fill", "", f"the shorter one is filled up with '{fill}'"),
        ]
    )
    n = g.choice([1, 1, 2])
    swap = g.random() < 0.4
    p, q = ("$b", "$a") if swap else ("$a", "$b")
    f, e = ("@b", "@a") if swap else ("@a", "@b")
    if n == 2:
        return lesson.draft(g, "weave_twos", "a:stem b:stem", "str", f"a string that takes two characters from {f} and one from {e} in turn until both are used up; one that is used up "
            f"contributes nothing any more",
                            f"result = ''\ni = j = 0\nwhile i < len({p}) or j < len({q}):\n    result += {p}[i:i + 2] + {q}[j:j + 1]\n    i += 2\n    j += 1\nreturn result",
                            f"parts = []\nfor i in range(max(len($a), len($b))):\n    parts.append({p}[2 * i:2 * i + 2] + {q}[i:i + 1])\nreturn ''.join(parts)",
                            tellings=(f"Mix {f} and {e}: two letters of the first, one of the second, two of the first, and so on. When a string has no letters left, go on with the other alone.",))  # fmt: skip
    code = {"rest": f"n = min(len($a), len($b))\nreturn ''.join(c + e for c, e in zip({p}, {q})) + $a[n:] + $b[n:]", "stop": f"return ''.join(c + e for c, e in zip({p}, {q}))",
            "fill": f"return ''.join(c + e for c, e in itertools.zip_longest({p}, {q}, fillvalue='{fill}'))"}[kind]  # fmt: skip
    slow = {"rest": f"out = ''\nfor i in range(max(len($a), len($b))):\n    out += {p}[i:i + 1] + {q}[i:i + 1]\nreturn out", "stop": f"out = ''\nfor i in range(min(len($a), len($b))):\n    out "
        f"+= {p}[i] + {q}[i]\nreturn out",
            "fill": f"size = max(len($a), len($b))\none, two = {p}.ljust(size, '{fill}'), {q}.ljust(size, '{fill}')\nout = ''\nfor i in range(size):\n    out += one[i] + two[i]\nreturn out"}[kind]  # fmt: skip
    return lesson.draft(g, f"weave_{kind}", "a:stem b:stem", "str", f"a string that takes characters from {f} and {e} in turn, beginning with {f}; {say}", code, slow, imports=("import itertools",),
                        tellings=(f"Shuffle two strings like two halves of a pack of cards: first a character of {f}, then one of {e}, then the next of {f}, and so on; {say}.",))  # fmt: skip


@lesson
def letter_values(g: Random) -> Draft:
    kind, val, say = g.choice([("place", "ord(c) - 96", "its place in the alphabet ('a' is 1, 'z' is 26)"), ("zero", "ord(c) - ord('a')", "its place in the alphabet counted from 0 ('a' is 0, "
        "'z' is 25)"),
                               ("backward", "ord('z') - ord(c) + 1", "its place in the alphabet read backwards ('z' is 1, 'a' is 26)"), ("points", "3 if c in 'aeiou' else 1",
                                   "3 if it is one of the vowels a, e, i, o, u, and 1 otherwise"),
                               ("rare", "5 if c in 'jqxz' else 2 if c in 'aeiou' else 1", "5 if it is j, q, x or z, 2 if it is a vowel (a, e, i, o, u), and 1 otherwise")])  # fmt: skip
    back, result, ret, typ = g.choice([
        ("sum", "the sum of the values of the letters of @s", "sum({v})", "int"), ("largest", "the largest value of a letter of @s, or 0 if @s is empty", "max([{v}], default=0)", "int"),
        ("weighted", "the sum of the values of the letters of @s, each multiplied by the letter's position in the string, counted from 1", "", "int"),
        ("list", "a list of the values of the letters of @s", "[{v}]", "list[int]"), ("alternating", "the value of the first letter of @s, minus that of the second, plus that of the third, and "
            "so on", "", "int"),
        ("last_digit", "the last digit of the sum of the values of the letters of @s", "sum({v}) % 10", "int"), ("joined", "a string of the values of the letters of @s with '-' between them",
            "'-'.join(str({w}) for c in $s)", "str"),
    ])  # fmt: skip
    val_in = f"({val})"
    if back == "weighted":
        body = f"return sum(i * {val_in} for i, c in enumerate($s, 1))"
        loop = f"total = 0\nfor i, c in enumerate($s):\n    total += (i + 1) * {val_in}\nreturn total"
    elif back == "alternating":
        body = f"return sum({val_in} * (1 if i % 2 == 0 else -1) for i, c in enumerate($s))"
        loop = f"total, sign = 0, 1\nfor c in $s:\n    total += sign * {val_in}\n    sign = -sign\nreturn total"
    else:
        body = "return " + ret.format(v=f"{val} for c in $s", w=val)
        loop = (
            f"points = []\nfor c in $s:\n    points.append({val})\nreturn "
            + {
                "sum": "sum(points)",
                "largest": "max(points) if points else 0",
                "list": "points",
                "last_digit": "sum(points) % 10",
                "joined": "'-'.join(map(str, points))",
            }[back]
        )
    return lesson.draft(g, f"{kind}_{back}", "s:low0", typ, f"{result}; the value of a letter is {say}", body, loop,
                        tellings=(f"Give every letter of @s a value: {say}. Return {result}.", f"In a word game the value of a letter is {say}. [The task|What you have to work out] is {result}."))  # fmt: skip


@lesson
def insert_marks(g: Random) -> Draft:
    mark = g.choice(["-", "_", ".", "*", "/"])
    k = g.randint(2, 4)
    kind = g.choice(["left", "right", "equal", "border", "around", "capital"])
    if kind == "left":
        return lesson.draft(g, "mark_groups", "s:mix", "str", f"@s with '{mark}' inserted after every {k} characters, counted from the left, but never at the very end",
                            f"return '{mark}'.join($s[i:i + {k}] for i in range(0, len($s), {k}))", f"out = ''\nfor i, c in enumerate($s):\n    if i > 0 and i % {k} == 0:\n        out += "
                                f"'{mark}'\n    out += c\nreturn out",
                            tellings=(f"Divide @s into groups of {k} characters from left to right (the last group may be shorter) and write the groups in one line with '{mark}' between them.",))  # fmt: skip
    if kind == "right":
        return lesson.draft(g, "mark_groups_from_right", "s:mix", "str", f"@s with '{mark}' inserted between groups of {k} characters, where the groups are counted from the right end",
                            f"head = len($s) % {k}\nparts = [$s[:head]] if head else []\nparts += [$s[i:i + {k}] for i in range(head, len($s), {k})]\nreturn '{mark}'.join(parts)",
                            f"out = ''\nfor i, c in enumerate(reversed($s)):\n    if i and i % {k} == 0:\n        out = '{mark}' + out\n    out = c + out\nreturn out",
                            tellings=(f"Group the characters of @s in blocks of {k} like the digits of a long number, beginning at the right end, so that only the leftmost block may be "
                                f"shorter. Separate the blocks by '{mark}'.",))  # fmt: skip
    if kind == "equal":
        test, say = g.choice([("==", "equal"), ("!=", "different")])
        return lesson.draft(g, f"mark_{say}_neighbours", "s:runs", "str", f"@s with '{mark}' inserted between any two neighbouring characters that are {say}",
                            f"out = $s[:1]\nfor i in range(1, len($s)):\n    if $s[i] {test} $s[i - 1]:\n        out += '{mark}'\n    out += $s[i]\nreturn out",
                            f"return ''.join(c + '{mark}' if c {test} e else c for c, e in zip($s, $s[1:])) + $s[-1:]",
                            tellings=(f"Put a '{mark}' into every gap of @s where the character on the left and the one on the right are {say}.",))  # fmt: skip
    if kind == "border":
        (one, _, p, t1), (two, _, q, t2) = _two(g)
        return lesson.draft(g, f"mark_{t1}_{t2}", "s:mix", "str", f"@s with '{mark}' inserted wherever {one} is directly followed by {two}",
                            f"result = ''\nfor i, c in enumerate($s):\n    if i > 0 and ({p.format(c='$s[i - 1]')}) and ({q.format(c='c')}):\n        result += '{mark}'\n    result += c\n"
                                f"return result",
                            f"pieces = []\nfor i in range(len($s)):\n    pieces.append($s[i])\n    if i + 1 < len($s) and ({p.format(c='$s[i]')}) and ({q.format(c='$s[i + 1]')}):\n        "
                                f"pieces.append('{mark}')\nreturn ''.join(pieces)",
                            tellings=(f"Copy @s, but write '{mark}' between two neighbours if the left one is {one} and the right one is {two}.",))  # fmt: skip
    one, many, p, t = g.choice(_CLASSES)
    left, right = g.choice([("(", ")"), ("<", ">"), ("*", "*"), ("'", "'")]) if kind == "around" else (mark, "")
    if right == "'":
        left = right = "_"
    test = p.format(c="c")
    if kind == "around":
        return lesson.draft(g, f"wrap_{t}s", "s:mix", "str", f"@s with every character that is {one} put between {left} and {right}",
                            f"return ''.join('{left}' + c + '{right}' if {test} else c for c in $s)", f"res = ''\nfor c in $s:\n    if {test}:\n        res += '{left}' + c + '{right}'\n    "
                                f"else:\n        res += c\nreturn res",
                            tellings=(f"Mark the {many} of @s: each of them gets a {left} in front and a {right} behind. Other characters are copied.",))  # fmt: skip
    return lesson.draft(g, f"mark_before_{t}", "s:mix", "str", f"@s with '{mark}' written in front of every character that is {one}, except at the beginning of the string",
                        f"return $s[:1] + ''.join('{mark}' + c if {test} else c for c in $s[1:])", f"out = ''\nfor c in $s:\n    if out and ({test}):\n        out += '{mark}'\n    out += c\n"
                            f"return out",
                        tellings=(f"Write '{mark}' before each of the {many} of @s; only the very first character of the string never gets one.",))  # fmt: skip


@lesson
def sort_to_side(g: Random) -> Draft:
    _one, many, p, t = g.choice(_CLASSES)
    side = g.choice(["front", "end"])
    flip = g.random() < 0.35
    test = p.format(c="c")
    turn = "[::-1]" if flip else ""
    good, rest = f"good{turn}", "rest"
    order = f"{good} + {rest}" if side == "front" else f"{rest} + {good}"
    say = f"@s with all {many} moved to the {side}{', in reverse order' if flip else ''}; the other characters keep their order"
    return lesson.draft(g, f"{t}s_to_{side}", "s:mix", "str", say, f"good = ''.join(c for c in $s if {test})\nrest = ''.join(c for c in $s if not ({test}))\nreturn {order}",
                        f"good = rest = ''\nfor c in $s:\n    if {test}:\n        good += c\n    else:\n        rest += c\nreturn {order}", *([] if flip else [
                            f"return ''.join(sorted($s, key=lambda c: {'not (' + test + ')' if side == 'front' else 'bool(' + test + ')'}))"]),
                        tellings=(f"Rearrange @s so that the {many} stand at the {side}{', in reverse order' if flip else ' in their old order'}, and everything else at the other side in its "
                            f"old order.",))  # fmt: skip


@lesson
def sorted_in_place(g: Random) -> Draft:
    _one, many, p, t = g.choice([c for c in _CLASSES if c[3] not in ("space",)])
    kind, make, say = g.choice(
        [
            ("sorted", "sorted({x})", "sorted in ascending order"),
            ("descending", "sorted({x}, reverse=True)", "sorted in descending order"),
            ("reversed", "{x}[::-1]", "written in reverse order"),
        ]
    )
    test = p.format(c="c")
    return lesson.draft(g, f"{kind}_{t}s_only", "s:mix", "str", f"@s in which the {many} are {say} among their own places, while all other characters stay where they are",
                        f"chosen = iter({make.format(x=f'[c for c in $s if {test}]')})\nreturn ''.join(next(chosen) if {test} else c for c in $s)",
                        f"places = [i for i, c in enumerate($s) if {test}]\nchosen = [$s[i] for i in places]\nchosen = {make.format(x='chosen')}\nres = list($s)\nfor i, c in zip(places, "
                            f"chosen):\n    res[i] = c\nreturn ''.join(res)",
                        notes=("Characters are ordered as Python compares them.",) if kind != "reversed" else (),
                        tellings=(f"Take the {many} out of @s, have them {say}, and put them back into the places that have become free, from left to right. The rest of the string does not move.",))  # fmt: skip


@lesson
def cancel_pairs(g: Random) -> Draft:
    kind, test, say = g.choice([("equal", "stack[-1] == c", "are equal"), ("next", "abs(ord(stack[-1]) - ord(c)) == 1", "are next to each other in the alphabet, such as 'ab' or 'ba'"), ("vowels",
        "stack[-1] in 'aeiou' and c in 'aeiou'", "are both vowels (a, e, i, o, u)"),
                               ("descending", "stack[-1] > c", "are in the wrong alphabetical order (the left one comes later in the alphabet)")])  # fmt: skip
    back = g.choice(["text", "count", "emptied"])
    ret, typ, res = {
        "text": ("''.join(stack)", "str", "what remains of @s"),
        "count": ("(len($s) - len(stack)) // 2", "int", "how many pairs are removed from @s"),
        "emptied": ("not stack", "bool", "True if nothing remains of @s"),
    }[back]
    asked = {
        "text": "the letters on the stack at the end, from bottom to top, as a string",
        "count": "how many times a pair has disappeared",
        "emptied": "whether the stack is empty at the end",
    }[back]
    return lesson.draft(g, f"cancel_{kind}_{back}", "s:runs" if kind == "equal" else "s:low0", typ, f"{res} when it is read from left to right and each new letter that forms a pair with the "
        f"last remaining letter is removed together with it; two letters form a pair if they {say}",
                        f"stack = []\nfor c in $s:\n    if stack and {test}:\n        stack.pop()\n    else:\n        stack.append(c)\nreturn {ret}",
                        plan="I keep the remaining letters on a stack and compare each new letter with the top.",
                        tellings=(f"Push the letters of @s on a stack, one after another. If the top of the stack and the new letter {say}, both disappear instead. Return "
                            f"{asked}"
                            f".",))  # fmt: skip


@lesson
def split_at_change(g: Random) -> Draft:
    kind, test, say = g.choice([("capital", "c.isupper()", "before every uppercase letter"), ("digit_change", "c.isdigit() != $s[i - 1].isdigit()",
        "wherever a digit and another character are neighbours"),
                                ("case", "c.isupper() != $s[i - 1].isupper()", "wherever exactly one of two neighbours is an uppercase letter"), ("vowel", "$s[i - 1].lower() in 'aeiou'",
                                    "after every vowel (a, e, i, o, u, in either case)"),
                                ("fall", "c < $s[i - 1]", "wherever a character is smaller, in Python's order, than the one before it"), ("equal", "c == $s[i - 1]",
                                    "between any two equal neighbours"), ("symbol", "not c.isalnum()", "before every character that is neither a letter nor a digit")])  # fmt: skip
    back, ret, typ, res = g.choice(
        [
            ("pieces", "pieces", "list[str]", "the list of the pieces"),
            ("pieces", "pieces", "list[str]", "the pieces from left to right as a list"),
            ("number", "len(pieces)", "int", "the number of pieces"),
            (
                "longest",
                "max(pieces, key=len, default='')",
                "str",
                "the longest piece, the first one if several are equally long",
            ),
            ("joined", "'|'.join(pieces)", "str", "a string of the pieces with a vertical bar between them"),
            ("backwards", "''.join(reversed(pieces))", "str", "a string of the pieces put together in reverse order"),
        ]
    )
    return lesson.draft(g, f"cut_{kind}_{back}", "s:mix", typ, f"{res} that @s is cut into {say}" if back in ("pieces", "number") else f"{res}, when @s is cut {say}",
                        f"pieces = []\nfor i, c in enumerate($s):\n    if i == 0 or {test}:\n        pieces.append(c)\n    else:\n        pieces[-1] += c\nreturn {ret}",
                        f"cuts = [i for i, c in enumerate($s) if i > 0 and {test}]\npieces = [$s[i:j] for i, j in zip([0] + cuts, cuts + [len($s)])] if $s else []\nreturn {ret}",
                        notes=("An empty string has no pieces.",), tellings=(f"Take scissors and cut the string @s {say}; no character gets lost. Return {res}.",))  # fmt: skip


@lesson
def gaps_between(g: Random) -> Draft:
    c = g.choice("aeort")
    places = f"places = [i for i, ch in enumerate($s) if ch == '{c}']\n"
    kind, ret, typ, res = g.choice([
        ("list", "[j - i for i, j in zip(places, places[1:])]", "list[int]", f"a list of the distances between each '{c}' in @s and the next one"), ("largest",
            "max((j - i for i, j in zip(places, places[1:])), default=0)", "int", f"the largest distance between two successive occurrences of '{c}' in @s, or 0 if there are fewer than two"),
        ("smallest", "min((j - i for i, j in zip(places, places[1:])), default=-1)", "int", f"the smallest distance between two occurrences of '{c}' in @s, or -1 if there are fewer than two"), (
            "parity", "sum(i % 2 == 0 for i in places)", "int", f"how many occurrences of '{c}' in @s are at even indices"),
        ("total", "sum(places)", "int", f"the sum of the indices at which '{c}' occurs in @s"), ("middle", "places[len(places) // 2] if places else -1", "int",
            f"the index of the middle occurrence of '{c}' in @s, the later one of the two middle ones if their number is even, or -1 if there is none"),
        ("nearest", "[min((abs(i - j) for j in places), default=-1) for i in range(len($s))]", "list[int]", f"a list that gives for each index of @s the distance to the nearest '{c}', which is "
            f"0 at the '{c}' itself, and -1 everywhere if there is none"),
        ("second", "places[1] if len(places) > 1 else -1", "int", f"the index of the second '{c}' in @s, or -1 if there are fewer than two"), ("from_end", "[len($s) - 1 - i for i in places]",
            "list[int]", f"a list that tells for each '{c}' in @s, from left to right, how many characters come after it"),
    ])  # fmt: skip
    return lesson.draft(g, f"{c}_places_{kind}", "s:low", typ, res, f"{places}return {ret}", f"places = []\nfor i in range(len($s)):\n    if $s[i] == '{c}':\n        places.append(i)\nreturn {ret}",
                        tellings=(f"Note the indices at which the letter '{c}' occurs in @s. From these, work out {res}.",), plan=f"I collect the indices of '{c}' first.")  # fmt: skip


@lesson
def middle_part(g: Random) -> Draft:
    kind, result, body, other, say = g.choice([
        ("pick", "the middle character of @s if its length is odd, and the two middle characters if it is even", "return $s[(len($s) - 1) // 2:len($s) // 2 + 1]",
            "i, odd = divmod(len($s), 2)\nreturn $s[i] if odd else $s[i - 1:i + 1]", "Look at the centre of @s. There stands one character if the length is odd and a pair of them otherwise; "
            "return what stands there as a string."),
        ("remove", "@s without its middle character, or without the two middle characters if the length is even", "return $s[:(len($s) - 1) // 2] + $s[len($s) // 2 + 1:]",
            "i = len($s) // 2\nif len($s) % 2 == 1:\n    return $s[:i] + $s[i + 1:]\nreturn $s[:i - 1] + $s[i + 1:]", "Punch out the centre of @s: one character if the length is odd, two if it "
            "is even. Return the rest."),
        ("capital", "@s with its middle character in uppercase, or with both middle characters in uppercase if the length is even", "i, j = (len($s) - 1) // 2, len($s) // 2 + 1\nreturn $s[:i] "
            "+ $s[i:j].upper() + $s[j:]", "n = len($s)\nreturn ''.join(c.upper() if i in ((n - 1) // 2, n // 2) else c for i, c in enumerate($s))",
            "Write @s so that only its middle letter (or its two middle letters, if the length is even) is changed to uppercase."),
        ("ends", "a string of the first, the middle and the last character of @s, where the middle one is the one at index len(@s) // 2", "return $s[0] + $s[len($s) // 2] + $s[-1]",
            "return ''.join([$s[0], $s[len($s) // 2], $s[len($s) - 1]])", "Pick three characters of @s, the first one, the one at half of the length (rounded down), and the last one, and "
            "return them as a string. For short strings the same character may be picked more than once."),
        ("outward", "a string of the characters of @s from the middle outwards: first the character at index len(@s) // 2, then the one to its left, then the one to its right, then the next on "
            "the left, and so on", "i = len($s) // 2\nresult = $s[i]\nfor d in range(1, len($s)):\n    if i - d >= 0:\n        result += $s[i - d]\n    if i + d < len($s):\n        result += "
            "$s[i + d]\nreturn result", "i = len($s) // 2\norder = sorted(range(len($s)), key=lambda j: (abs(j - i), j))\nreturn ''.join($s[j] for j in order)",
            "Begin with the character at index len(@s) // 2 and go outwards, at each distance taking first the character on the left and then the one on the right, if there is one."),
        ("inward", "a string that takes characters of @s alternately from its front and its back until all are used: first, last, second, last but one, and so on",
            "i, j = 0, len($s) - 1\nresult = ''\nwhile i < j:\n    result += $s[i] + $s[j]\n    i += 1\n    j -= 1\nif i == j:\n    result += $s[i]\nreturn result",
            "chars = list($s)\nresult = ''\nwhile chars:\n    result += chars.pop(0)\n    if chars:\n        result += chars.pop()\nreturn result",
            "Eat the string @s from both ends: the first character, the last, the next from the front, the next from the back, and so on. Return the characters in the order in which they were "
            "eaten."),
        ("shrink", "a list of the strings that one gets from @s by removing the first and the last character again and again, beginning with @s itself and ending with the last one that is not "
            "empty", "result = []\nwhile $s:\n    result.append($s)\n    $s = $s[1:-1]\nreturn result", "return [$s[i:len($s) - i] for i in range((len($s) + 1) // 2)]",
            "Peel @s like an onion: note the string, remove its first and last character, note what is left, and so on while there is anything left. Return the list of the notes."),
    ])  # fmt: skip
    return lesson.draft(
        g,
        f"middle_{kind}" if kind not in ("outward", "inward", "shrink") else f"{kind}_order",
        "s:low",
        "list[str]" if kind == "shrink" else "str",
        result,
        body,
        other,
        tellings=(say,),
    )


@lesson
def repeated_once(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("first_again", "int", "the index of the first character of @s that has already occurred earlier in the string, or -1 if all are different",
            "seen = set()\nfor i, c in enumerate($s):\n    if c in seen:\n        return i\n    seen.add(c)\nreturn -1", "for i in range(len($s)):\n    if $s[i] in $s[:i]:\n        return i\n"
            "return -1", "Read @s from left to right and stop at the first character that you have seen before. Return its index, or -1 if that does not happen."),
        ("until_again", "str", "the beginning of @s up to, but not including, the first character that repeats an earlier one", "seen = ''\nfor c in $s:\n    if c in seen:\n        break\n    "
            "seen += c\nreturn seen", "i = 0\nwhile i < len($s) and $s[i] not in $s[:i]:\n    i += 1\nreturn $s[:i]", "Copy characters from @s until one comes that is already in the copy; then "
            "stop and return the copy."),
        ("last_single", "str", "the last character of @s that occurs only once in it, or '' if there is none", "for c in reversed($s):\n    if $s.count(c) == 1:\n        return c\nreturn ''",
            "singles = [c for c in $s if $s.count(c) == 1]\nreturn singles[-1] if singles else ''", "Which character that occurs exactly once in @s stands furthest to the right? Return '' if "
            "every character is repeated."),
        ("later_dropped", "str", "@s with only the last occurrence of each character kept", "return ''.join(c for i, c in enumerate($s) if c not in $s[i + 1:])",
            "res = ''\nfor c in reversed($s):\n    if c not in res:\n        res = c + res\nreturn res", "If a character occurs several times in @s, keep just its last occurrence. The kept "
            "characters stay in order."),
        ("numbered", "str", "@s with each character followed by how many times it has occurred so far, itself included", "counts = {}\nresult = ''\nfor c in $s:\n    counts[c] = counts.get(c, "
            "0) + 1\n    result += c + str(counts[c])\nreturn result", "return ''.join(c + str($s[:i + 1].count(c)) for i, c in enumerate($s))",
            "Number equal letters in @s: write each letter and behind it the number of its occurrence, 1 for the first, 2 for the second, and so on. So 'abac' becomes 'a1b1a2c1'."),
        ("marked", "str", "@s with every character that occurs earlier in the string replaced by '.'", "return ''.join('.' if c in $s[:i] else c for i, c in enumerate($s))",
            "seen, out = set(), ''\nfor c in $s:\n    out += '.' if c in seen else c\n    seen.add(c)\nreturn out", "Show only first appearances: replace each character of @s that has been "
            "there before by a dot."),
        ("most_places", "int", "the number of letters that occur in @s more often than its first letter does", "return sum($s.count(c) > $s.count($s[0]) for c in set($s))",
            "limit_count = $s.count($s[0])\ntotal = 0\nfor c in set($s):\n    if $s.count(c) > limit_count:\n        total += 1\nreturn total", "Count how often the first letter of @s occurs. "
            "How many different letters occur more often than that?"),
        ("most_repeated", "str", "a string of all letters that have the highest number of occurrences in @s, in alphabetical order and each once",
            "best = max($s.count(c) for c in $s)\nreturn ''.join(c for c in sorted(set($s)) if $s.count(c) == best)", "counts = Counter($s)\nbest = max(counts.values())\nreturn "
            "''.join(sorted(c for c, n in counts.items() if n == best))", "Which letters are the most frequent ones in @s? There may be several with the same highest number; return all of "
            "them, sorted, as one string."),
        ("by_frequency", "str", "the different letters of @s, ordered from the most frequent to the rarest, those of equal frequency alphabetically, as a string",
            "return ''.join(sorted(set($s), key=lambda c: (-$s.count(c), c)))", "counts = Counter($s)\nreturn ''.join(c for c, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])))",
            "Rank the letters of @s by how often they occur, the most frequent first; letters with the same number of occurrences come in alphabetical order. Return the ranking as a string in "
            "which each letter appears once."),
    ])  # fmt: skip
    return lesson.draft(
        g, kind, "s:low", typ, result, body, other, imports=("from collections import Counter",), tellings=(say,)
    )


@lesson
def places_dictionary(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("first", "dict[str, int]", "a dictionary that maps each letter of @s to the index of its first occurrence", "return {c: $s.index(c) for c in $s}",
            "result = {}\nfor i, c in enumerate($s):\n    if c not in result:\n        result[c] = i\nreturn result", "For every different letter of @s note where it occurs first. Return the "
            "notes as a dictionary from letters to indices."),
        ("span", "dict[str, int]", "a dictionary that maps each letter of @s to the distance between its first and its last occurrence", "return {c: $s.rindex(c) - $s.index(c) for c in $s}",
            "first_at, result = {}, {}\nfor i, c in enumerate($s):\n    first_at.setdefault(c, i)\n    result[c] = i - first_at[c]\nreturn result",
            "How far are the first and the last place of a letter apart? Answer this for each letter of @s in a dictionary; letters that occur once have the value 0."),
        ("after", "dict[str, str]", "a dictionary that maps each letter of @s that has a successor to a string of the letters that directly follow it, in order of appearance and with repetitions",
            "result = {}\nfor c, e in zip($s, $s[1:]):\n    result[c] = result.get(c, '') + e\nreturn result", "result = {}\nfor i in range(len($s) - 1):\n    if $s[i] not in result:\n        "
            "result[$s[i]] = ''\n    result[$s[i]] += $s[i + 1]\nreturn result", "For each letter of @s, collect the letters that come right after it, from left to right. Return a dictionary "
            "of these strings; the last letter of @s has no entry of its own if it does not occur earlier."),
        ("pairs", "dict[str, int]", "a dictionary that counts the pairs of neighbouring letters in @s, the pairs written as strings of length 2",
            "result = {}\nfor i in range(len($s) - 1):\n    pair = $s[i:i + 2]\n    result[pair] = result.get(pair, 0) + 1\nreturn result", "counts = Counter(c + e for c, e in zip($s, "
            "$s[1:]))\nreturn dict(counts)", "Cut out every piece of two neighbouring letters of @s; the pieces overlap. Return a dictionary with the number of times each piece occurs."),
        ("by_count", "dict[int, str]", "a dictionary that maps each number of occurrences to the letters of @s that occur so often, sorted alphabetically, as a string",
            "result = {}\nfor c in sorted(set($s)):\n    n = $s.count(c)\n    result[n] = result.get(n, '') + c\nreturn result", "result = {}\nfor c in sorted(set($s)):\n    "
            "result.setdefault($s.count(c), []).append(c)\nreturn {n: ''.join(letters) for n, letters in result.items()}", "Group the different letters of @s by how often they occur. The keys "
            "are the numbers, the values are strings of the letters in alphabetical order. The order of the keys follows the alphabetically first letter of each group."),
        ("parity", "dict[str, list[int]]", "a dictionary with the keys 'even' and 'odd', whose values are the lists of the even and odd indices at which @s has one of the vowels a, e, i, o, u",
            "places = [i for i, c in enumerate($s) if c in 'aeiou']\nreturn {'even': [i for i in places if i % 2 == 0], 'odd': [i for i in places if i % 2 == 1]}",
            "result = {'even': [], 'odd': []}\nfor i, c in enumerate($s):\n    if c in 'aeiou':\n        result['odd' if i % 2 else 'even'].append(i)\nreturn result",
            "Find the indices of the vowels (a, e, i, o, u) in @s and sort them into two lists by whether the index is even or odd. Return them in a dictionary with the keys 'even' and 'odd'."),
    ])  # fmt: skip
    return lesson.draft(
        g,
        f"letter_{kind}[_map|_table|]",
        "s:low",
        typ,
        result,
        body,
        other,
        imports=("from collections import Counter",),
        tellings=(say,),
    )


@lesson
def class_profile(g: Random) -> Draft:
    rows = g.sample(_CLASSES[:5], 2)
    (one, many1, p, t1), (two, many2, q, t2) = rows
    kind = g.choice(["tuple", "dict", "more", "difference", "pattern"])
    pc, qc = p.format(c="c"), q.format(c="c")
    if kind == "tuple":
        return lesson.draft(g, f"{t1}s_and_{t2}s", "s:mix", "tuple[int, int]", f"a tuple with the number of {many1} and the number of {many2} in @s",
            f"return (sum({pc} for c in $s), sum({qc} for c in $s))",
                            f"one = two = 0\nfor c in $s:\n    if {pc}:\n        one += 1\n    if {qc}:\n        two += 1\nreturn one, two", tellings=(
                                f"Count two things in @s: the {many1} and the {many2}. A character may count for both. Return the two numbers as a tuple in this order.",))  # fmt: skip
    if kind == "dict":
        return lesson.draft(g, f"{t1}_{t2}_other", "s:mix", "dict[str, int]", f"a dictionary with the keys '{t1}', '{t2}' and 'other' that tells how many {many1}, how many remaining {many2}, "
            f"and how many remaining other characters @s has",
                            f"counts = {{'{t1}': 0, '{t2}': 0, 'other': 0}}\nfor c in $s:\n    if {pc}:\n        counts['{t1}'] += 1\n    elif {qc}:\n        counts['{t2}'] += 1\n    else:\n   "
                                f"     counts['other'] += 1\nreturn counts",
                            tellings=(f"Sort the characters of @s into three boxes. If a character is {one}, it goes into the box '{t1}'; otherwise, if it is {two}, into the box '{t2}'; "
                                f"otherwise into 'other'. Return a dictionary with the number of characters in each box.",))  # fmt: skip
    if kind == "more":
        return lesson.draft(g, f"more_{t1}s_than_{t2}s", "s:mix", "bool", f"True if @s has more {many1} than {many2}", f"return sum({pc} for c in $s) > sum({qc} for c in $s)",
                            f"balance = 0\nfor c in $s:\n    if {pc}:\n        balance += 1\n    if {qc}:\n        balance -= 1\nreturn balance > 0", tellings=(
                                f"Compare how many {many1} and how many {many2} there are in @s. Answer True only if the former are more numerous; equal numbers give False.",))  # fmt: skip
    if kind == "difference":
        return lesson.draft(g, f"{t1}s_minus_{t2}s", "s:mix", "int", f"the number of {many1} minus the number of {many2} in @s", f"return sum({pc} for c in $s) - sum({qc} for c in $s)",
            f"diff = 0\nfor c in $s:\n    diff += bool({pc})\n    diff -= bool({qc})\nreturn diff",
                            tellings=(f"Start at 0. Every character of @s that is {one} adds 1, and every character that is {two} takes 1 away. Return the final value, which may be negative.",))  # fmt: skip
    return lesson.draft(g, "[shape|pattern]_of_text", "s:mix", "str", "the pattern of @s: 'A' for each uppercase letter, 'a' for each lowercase letter, '9' for each digit, and every other "
        "character unchanged",
                        "result = ''\nfor c in $s:\n    if c.isupper():\n        result += 'A'\n    elif c.islower():\n        result += 'a'\n    elif c.isdigit():\n        result += '9'\n    "
                            "else:\n        result += c\nreturn result",
                        "return ''.join('A' if c.isupper() else 'a' if c.islower() else '9' if c.isdigit() else c for c in $s)", tellings=("Describe the shape of @s. Capital letters become "
                            "'A', small letters become 'a', digits become '9'; spaces and signs stay. For instance 'Oslo 12' has the shape 'Aaaa 99'.",))  # fmt: skip


@lesson
def growing_pieces(g: Random) -> Draft:
    sep = g.choice([" ", "-", "/", ">"])
    kind, gen, loop, say = g.choice([
        ("prefixes", "$s[:i] for i in range(1, len($s) + 1)", "part = ''\nfor c in $s:\n    part += c\n    pieces.append(part)\n", "all the non-empty beginnings of @s, the shortest first"),
        ("shrinking", "$s[:i] for i in range(len($s), 0, -1)", "part = $s\nwhile part:\n    pieces.append(part)\n    part = part[:-1]\n", "all the non-empty beginnings of @s, the longest first"),
        ("suffixes", "$s[i:] for i in range(len($s))", "part = $s\nwhile part:\n    pieces.append(part)\n    part = part[1:]\n", "all the non-empty endings of @s, the longest first"),
        ("endings", "$s[i:] for i in range(len($s) - 1, -1, -1)", "part = ''\nfor c in reversed($s):\n    part = c + part\n    pieces.append(part)\n",
            "all the non-empty endings of @s, the shortest first"),
        ("staircase", "c * i for i, c in enumerate($s, 1)", "for i in range(len($s)):\n    pieces.append($s[i] * (i + 1))\n", "strings made of the characters of @s, the first character once, "
            "the second twice, the third three times, and so on"),
        ("countdown", "c * (len($s) - i) for i, c in enumerate($s)", "n = len($s)\nfor c in $s:\n    pieces.append(c * n)\n    n -= 1\n", "strings made of the characters of @s, where the first "
            "is repeated as often as @s is long, each following one once less, and the last stands alone"),
        ("omissions", "$s[:i] + $s[i + 1:] for i in range(len($s))", "for i in range(len($s)):\n    chars = list($s)\n    del chars[i]\n    pieces.append(''.join(chars))\n",
            "the strings that result from @s by leaving out one character, beginning with the first character"),
        ("doublings", "$s[:i + 1] + $s[i:] for i in range(len($s))", "for i in range(len($s)):\n    pieces.append($s[:i] + $s[i] * 2 + $s[i + 1:])\n",
            "the strings that result from @s by doubling one character, beginning with the first character"),
        ("spotlights", "$s[:i] + $s[i].upper() + $s[i + 1:] for i in range(len($s))", "for i in range(len($s)):\n    chars = list($s)\n    chars[i] = chars[i].upper()\n    "
            "pieces.append(''.join(chars))\n", "copies of @s in which one letter is in uppercase, the first letter in the first copy, the second in the second copy, and so on"),
        ("swaps", "$s[:i] + $s[i + 1] + $s[i] + $s[i + 2:] for i in range(len($s) - 1)", "for i in range(len($s) - 1):\n    chars = list($s)\n    chars[i], chars[i + 1] = chars[i + 1], "
            "chars[i]\n    pieces.append(''.join(chars))\n", "the strings that result from @s by exchanging two neighbouring characters, beginning with the first two"),
    ])  # fmt: skip
    if g.random() < 0.4:
        return lesson.draft(g, f"{kind}_joined", "s:short", "str", f"one string with '{sep}' between its parts, which are {say}", f"return '{sep}'.join({gen})",
            f"pieces = []\n{loop}return '{sep}'.join(pieces)",
                            tellings=(f"Make {say}, and join them with '{sep}'.",))  # fmt: skip
    if g.random() < 0.25:
        return lesson.draft(g, f"distinct_{kind}", "s:short", "int", f"the number of different strings among the following: {say}", f"return len({{{gen}}})",
            f"pieces = []\n{loop}return len(set(pieces))",
                            tellings=(f"Make {say}. How many different strings do you get?",))  # fmt: skip
    return lesson.draft(g, f"{kind}_list", "s:short", "list[str]", f"a list of {say}", f"return [{gen}]", f"pieces = []\n{loop}return pieces",
                        tellings=(f"Collect {say}. Return them as a list.",))  # fmt: skip


@lesson
def typed_keys(g: Random) -> Draft:
    caps = g.choice(["once", "lock"])
    empty_rule = "on an empty text it does nothing"
    caps_say = (
        "'^' makes the next letter a capital" if caps == "once" else "'^' switches between small and capital letters"
    )
    body = (
        "result = []\nloud = False\nfor key in $s:\n    if key == '<':\n        if result:\n            result.pop()\n    elif key == '^':\n        loud = "
        + ("True" if caps == "once" else "not loud")
        + "\n    else:\n        result.append(key.upper() if loud else key)\n"
        + ("        loud = False\n" if caps == "once" else "")
    )
    ret, typ, say = g.choice(
        [
            ("''.join(result)", "str", "the text that is on the screen after the keys in @s have been pressed"),
            (
                "len(result)",
                "int",
                "the length of the text that is on the screen after the keys in @s have been pressed",
            ),
            (
                "''.join(result)[::-1]",
                "str",
                "the reversed text that is on the screen after the keys in @s have been pressed",
            ),
        ]
    )
    rule = f"the key '<' deletes the last character ({empty_rule}), {caps_say}, and letters are appended"
    return lesson.draft(g, f"[type|press]_keys_{caps}", "s:keys", typ, f"{say}; {rule}", f"{body}return {ret}",
                        tellings=(f"A simple keyboard has letter keys and two special keys: {rule}. Start with an empty text and process the characters of @s in order. Return {say}.",), plan=
                            "I simulate the keys with a list of characters and a flag for capitals.")  # fmt: skip


@lesson
def cycle_letters(g: Random) -> Draft:
    ring, what = g.choice(
        [
            ("aeiou", "vowel"),
            ("abc", "of the letters a, b, c"),
            ("xyz", "of the letters x, y, z"),
            ("0123456789", "digit"),
            ("aeiou", "vowel"),
        ]
    )
    d = g.choice([1, 1, 2, -1])
    named = {1: "the next one", -1: "the previous one", 2: "the one after the next"}[d]
    order = "" if ring == "0123456789" else f" in the circle {', '.join(ring)}"
    wrap = f"after '{ring[-1]}' comes '{ring[0]}' again"
    shifted = ring[d:] + ring[:d]
    noun = f"every {what}" if not what.startswith("of") else f"each {what}"
    return lesson.draft(g, f"cycle_{'digits' if ring[0] == '0' else 'letters_' + ring[0]}", "s:mix", "str", f"@s with {noun} replaced by {named}{order}; {wrap}, and all other characters stay",
                        f"ring = '{ring}'\nreturn ''.join(ring[(ring.index(c) + {d}) % {len(ring)}] if c in ring else c for c in $s)",
                        f"return $s.translate(str.maketrans('{ring}', '{shifted}'))", f"result = ''\nfor c in $s:\n    i = '{ring}'.find(c)\n    if i >= 0:\n        c = '{shifted}'[i]\n    "
                            f"result += c\nreturn result",
                        tellings=(f"Think of {', '.join(ring)} as written around a circle. In @s, exchange each of these characters for {named} on the circle and leave everything else alone. "
                            f"Only these exact characters are meant, so capital letters do not change.",))  # fmt: skip


@lesson
def ordered_letters(g: Random) -> Draft:
    up = g.random() < 0.5
    strict = g.random() < 0.5
    op = (">" if up else "<") + ("" if strict else "=")
    word = "ascending" if up else "descending"
    rule = "equal neighbours break the order" if strict else "equal neighbours are allowed"
    kind, typ, ret, say = g.choice([("longest", "str", "best", "the longest part of @s whose letters are in {w} alphabetical order, the first one if there are several"), ("length", "int",
        "len(best)", "the length of the longest part of @s whose letters are in {w} alphabetical order"),
                                    ("pieces", "list[str]", "pieces", "a list of the parts that @s falls into if it is cut wherever the {w} alphabetical order of its letters is broken"), (
                                        "breaks", "int", "max(0, len(pieces) - 1)", "the number of places in @s at which the {w} alphabetical order of neighbouring letters is broken")])  # fmt: skip
    cut = f"pieces = []\nfor c in $s:\n    if pieces and c {op} pieces[-1][-1]:\n        pieces[-1] += c\n    else:\n        pieces.append(c)\n"
    if "best" in ret:
        cut += "best = max(pieces, key=len, default='')\n"
    return lesson.draft(g, f"{word}_{kind}", "s:low0", typ, f"{say.format(w=word)}; {rule}", f"{cut}return {ret}",
                        tellings=(f"Read @s from left to right and watch whether the letters keep coming in {word} alphabetical order, where {rule}. Return {say.format(w=word)}.",))  # fmt: skip


@lesson
def trim_some(g: Random) -> Draft:
    c = g.choice("axb. ")
    k = g.randint(1, 3)
    named = {" ": "spaces", ".": "dots"}.get(c, f"letters '{c}'")
    side, kind = g.choice(["left", "right"]), g.choice(["max", "all_one", "count", "balance"])
    end = "beginning" if side == "left" else "end"
    take = ("$s[0]", "$s[1:]") if side == "left" else ("$s[-1]", "$s[:-1]")
    pad = f"n = len($s) - len($s.{'l' if side == 'left' else 'r'}strip('{c}'))\n"
    if kind == "max":
        return lesson.draft(g, f"trim_{side}_{k}", "s:pad", "str", f"@s with at most {k} {named} removed from its {end}",
                            f"for _ in range({k}):\n    if $s and {take[0]} == '{c}':\n        $s = {take[1]}\nreturn $s", f"removed = 0\nwhile removed < {k} and "
                                f"$s.{'startswith' if side == 'left' else 'endswith'}('{c}'):\n    $s = {take[1]}\n    removed += 1\nreturn $s",
                            tellings=(f"Remove {named} from the {end} of @s, but not more than {k} of them, and nothing else.",))  # fmt: skip
    if kind == "count":
        return lesson.draft(g, f"count_{side}_padding", "s:pad", "int", f"how many {named} @s has at its {end} before another character comes", f"{pad}return n",
                            f"n = 0\nwhile n < len($s) and $s[{'n' if side == 'left' else '-1 - n'}] == '{c}':\n    n += 1\nreturn n", tellings=(
                                f"Count the {named} at the {end} of @s; stop at the first different character. If the whole string consists of them, all of them count.",))  # fmt: skip
    if kind == "all_one":
        return lesson.draft(g, f"shorten_{side}_padding", "s:pad", "str", f"@s with the {named} at its {end} reduced to a single one, if there are several",
                            f"{pad}return " + ("$s[n - 1:] if n > 1 else $s" if side == "left" else "$s[:len($s) - n + 1] if n > 1 else $s"), f"while "
                                f"$s.{'startswith' if side == 'left' else 'endswith'}('{c * 2}'):\n    $s = {take[1]}\nreturn $s",
                            tellings=(f"If @s has two or more {named} at its {end}, remove all but one of them there. The rest of the string is not changed.",))  # fmt: skip
    other = "end" if side == "left" else "beginning"
    move = f"return $s[n:] + '{c}' * n" if side == "left" else f"return '{c}' * n + $s[:len($s) - n]"
    return lesson.draft(g, f"padding_from_{side}", "s:pad", "str", f"@s with all {named} that stand at its {end} moved to its {other}", f"{pad}{move}",
                        f"core = $s.{'l' if side == 'left' else 'r'}strip('{c}')\nreturn " + (f"core + '{c}' * (len($s) - len(core))" if side == "left" else f"'{c}' * (len($s) - len(core)) + core"),
                        tellings=(f"The {named} at the {end} of @s are in the way. Move them to the {other}, so that the length stays the same.",))  # fmt: skip


@lesson
def bounce_text(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("letter_at", "str", "the character one reads at step @n when going along @s forwards and backwards like a ball between two walls: after the last character comes the last but one, "
            "after the first the second; step 0 is the first character", "if len($s) == 1:\n    return $s\ni = $n % (2 * len($s) - 2)\nreturn $s[i] if i < len($s) else $s[2 * len($s) - 2 - i]",
            "i, d = 0, 1\nfor _ in range($n):\n    if len($s) > 1:\n        if not 0 <= i + d < len($s):\n            d = -d\n        i += d\nreturn $s[i]",
            "A ball starts at the first character of @s and moves one character per step. At either end it turns round. Return the character under it after @n steps."),
        ("wrap_at", "str", "the character of @s at index @n, where indices beyond the end start again at the beginning", "return $s[$n % len($s)]",
            "i = $n\nwhile i >= len($s):\n    i -= len($s)\nreturn $s[i]", "Imagine @s repeated without end. Which character is at index @n?"),
        ("fill_to", "str", "a string of exactly @n characters made by repeating @s and cutting off what is too much", "return ($s * ($n // len($s) + 1))[:$n]",
            "return ''.join($s[i % len($s)] for i in range($n))", "Write @s again and again until the line is @n characters long; the last repetition may be incomplete."),
        ("clip_at", "str", "the character of @s at index @n, or its last character if the index is too large", "return $s[min($n, len($s) - 1)]",
            "if $n < len($s):\n    return $s[$n]\nreturn $s[-1]", "Return the character at index @n of @s. If there is no such index, use the last one."),
        ("skip_to", "str", "a string of the characters of @s at the indices 0, 1, 3, 6, 10, ..., where the steps grow by one each time, using at most @n characters",
            "result = ''\ni, step_size = 0, 1\nwhile i < len($s) and len(result) < $n:\n    result += $s[i]\n    i += step_size\n    step_size += 1\nreturn result",
            "result = ''\nfor j in range($n):\n    i = j * (j + 1) // 2\n    if i >= len($s):\n        break\n    result += $s[i]\nreturn result",
            "Hop through @s: start at index 0, then go 1 further, then 2 further, then 3, and so on, noting the character wherever you land. Stop at the end of the string or when you have @n "
            "characters."),
        ("drop_nth", "str", "what is left of @s after every character at an index divisible by @n has been removed; nothing is removed if @n is 0",
            "if $n == 0:\n    return $s\nreturn ''.join(c for i, c in enumerate($s) if i % $n != 0)", "result = ''\nfor i in range(len($s)):\n    if $n == 0 or i % $n:\n        result += "
            "$s[i]\nreturn result", "Delete the characters of @s at the indices 0, @n, twice @n, and so on. If @n is 0, return the string as it is."),
        ("flip_start", "str", "@s with its first @n characters reversed; if there are fewer, all of it is reversed", "return $s[:$n][::-1] + $s[$n:]",
            "head = ''\nfor c in $s[:$n]:\n    head = c + head\nreturn head + $s[$n:]", "Turn the beginning of @s round: the first @n characters in reverse order, then the rest as it was."),
        ("flip_blocks", "str", "@s in which each block of @n characters is reversed, the last block possibly being shorter; with @n equal to 0 nothing changes",
            "if $n == 0:\n    return $s\nreturn ''.join($s[i:i + $n][::-1] for i in range(0, len($s), $n))", "result, block = '', ''\nfor c in $s:\n    block = c + block\n    if len(block) == "
            "$n:\n        result += block\n        block = ''\nreturn result + block if $n else $s", "Divide @s into blocks of @n characters and write every block backwards; an incomplete "
            "block at the end is written backwards too. If @n is 0, return @s unchanged."),
    ])  # fmt: skip
    return lesson.draft(g, kind, "s:low n:shift", typ, result, body, other, tellings=(say,))


@lesson
def replace_sequence(g: Random) -> Draft:
    c, e, f = g.sample("aeorst", 3)
    k = g.randint(1, 2)
    kind, typ, result, body, other, say = g.choice([
        ("letter_then", "str", f"@s with every '{c}' replaced by '{e}' as long as no '{f}' has come before it", f"i = $s.find('{f}')\nif i == -1:\n    return $s.replace('{c}', '{e}')\nreturn "
            f"$s[:i].replace('{c}', '{e}') + $s[i:]", f"active = True\nout = ''\nfor ch in $s:\n    if ch == '{f}':\n        active = False\n    out += '{e}' if active and ch == '{c}' else ch\n"
            f"return out", f"Replace '{c}' by '{e}' in the part of @s before its first '{f}' only; without any '{f}' this is the whole string."),
        ("first_few", "str", f"@s with its first {k} letter{'s' if k > 1 else ''} '{c}' replaced by '{e}'", f"return $s.replace('{c}', '{e}', {k})",
            f"left_over = {k}\nout = ''\nfor ch in $s:\n    if ch == '{c}' and left_over > 0:\n        out += '{e}'\n        left_over -= 1\n    else:\n        out += ch\nreturn out",
            f"Going from left to right, change '{c}' into '{e}' at most {k} time{'s' if k > 1 else ''} in @s. Later ones stay."),
        ("last_few", "str", f"@s with its last {k} letter{'s' if k > 1 else ''} '{c}' replaced by '{e}'", f"return '{e}'.join($s.rsplit('{c}', {k}))",
            f"return $s[::-1].replace('{c}', '{e}', {k})[::-1]", f"Going from right to left, change '{c}' into '{e}' at most {k} time{'s' if k > 1 else ''} in @s."),
        ("three_way", "str", f"@s with '{c}' replaced by '{e}', '{e}' by '{f}' and '{f}' by '{c}', all at the same time", f"return $s.translate(str.maketrans('{c}{e}{f}', '{e}{f}{c}'))",
            f"table = {{'{c}': '{e}', '{e}': '{f}', '{f}': '{c}'}}\nreturn ''.join(table.get(ch, ch) for ch in $s)", f"Exchange three letters in a circle: where @s has '{c}' write '{e}', where "
            f"it has '{e}' write '{f}', and where it has '{f}' write '{c}'. A letter that has just been written is not changed again."),
        ("in_sequence", "str", f"@s after first replacing every '{c}' by '{e}' and then every '{e}', also the new ones, by '{f}'", f"return $s.replace('{c}', '{e}').replace('{e}', '{f}')",
            f"return ''.join('{f}' if ch in '{c}{e}' else ch for ch in $s)", f"Two replacements are made one after the other in @s: '{c}' becomes '{e}', and after that '{e}' becomes '{f}'."),
        ("next_to", "str", f"@s with every '{c}' that has an '{e}' next to it, on the left or on the right, replaced by '*'", f"result = ''\nfor i, ch in enumerate($s):\n    near = $s[max(0, i "
            f"- 1):i] + $s[i + 1:i + 2]\n    result += '*' if ch == '{c}' and '{e}' in near else ch\nreturn result", f"padded = ' ' + $s + ' '\nreturn ''.join('*' if padded[i] == '{c}' and "
            f"'{e}' in (padded[i - 1], padded[i + 1]) else padded[i] for i in range(1, len(padded) - 1))", f"A letter '{c}' in @s turns into '*' if one of its direct neighbours is '{e}'. All "
            f"the decisions are made on the original string."),
        ("previous", "str", f"@s with every '{c}' replaced by the original letter before it; at the very beginning it is replaced by '{e}'", f"return ''.join(($s[i - 1] if i else '{e}') if ch "
            f"== '{c}' else ch for i, ch in enumerate($s))", f"before = '{e}'\nout = ''\nfor ch in $s:\n    out += before if ch == '{c}' else ch\n    before = ch\nreturn out",
            f"Each '{c}' in @s copies its left neighbour as it was in the original string; if it has no left neighbour, it becomes '{e}'."),
        ("toggle", "str", f"@s in which the letters are in uppercase from each odd-numbered '{c}' up to the following '{c}', both included", f"out = ''\nloud = False\nfor ch in $s:\n    if ch "
            f"== '{c}':\n        out += ch.upper()\n        loud = not loud\n    else:\n        out += ch.upper() if loud else ch\nreturn out", f"parts = $s.split('{c}')\nreturn "
            f"'{c.upper()}'.join(part.upper() if i % 2 else part for i, part in enumerate(parts))", f"The letter '{c}' works like a switch in @s: the first one turns capital letters on, the "
            f"second turns them off, the third on again, and so on. The switch letters themselves are always written as capitals. If capitals are on at the end, they stay on up to the last "
            f"letter."),
    ])  # fmt: skip
    return lesson.draft(g, f"replace_{kind}", "s:low0", typ, result, body, other, tellings=(say,))
