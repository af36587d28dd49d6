"""Text: words and sentences: splitting, sorting, capitals, short forms, frequency, statistics, lines, names."""

from __future__ import annotations

from random import Random

from gemstead.train.curriculum.draft import Draft
from gemstead.train.curriculum.lessons import Lessons

_VOCABULARY = "the a an on in of and to we it cat dog bird tree sea boat rain snow light green small river stone apple music winter garden silver morning elephant umbrella open early echo orange".split()
_FIRST = "Ann Bob Carla David Ella Frank Gina Hugo Ida Jon Kim Leo Mia Noah".split()
_LAST = "Adams Berg Costa Diaz Evans Fox Gray Hill Ito Jones King Lopez Moore Novak".split()


def _plain(rng: Random) -> object:
    """Lowercase words with single spaces; small vocabulary at times, so that words come back."""
    pool = rng.sample(_VOCABULARY, 3) if rng.random() < 0.35 else _VOCABULARY
    return " ".join(rng.choice(pool) for _ in range(rng.randint(1, 7)))


def _few(rng: Random) -> object:
    """A sentence of few different words, at times with one of them several times in a row."""
    return " ".join(rng.choice("the sea the cat is the green sea tree".split()) for _ in range(rng.randint(1, 6)))


def _cased(rng: Random) -> object:
    words = [rng.choice([w, w, w.capitalize(), w.upper()]) for w in rng.choices(_VOCABULARY, k=rng.randint(1, 6))]
    return " ".join(words)


def _prose(rng: Random) -> object:
    parts = []
    for _ in range(rng.randint(1, 3)):
        words = rng.choices(_VOCABULARY[:20], k=rng.randint(1, 5))
        words[0] = words[0].capitalize() if rng.random() < 0.8 else words[0]
        if len(words) > 2 and rng.random() < 0.3:
            words[1] += ","
        parts.append(" ".join(words) + rng.choice(".!?."))
    return " ".join(parts)


def _spaced(rng: Random) -> object:
    made = " " * rng.choice([0, 0, 1, 2])
    for _ in range(rng.randint(0, 5)):
        made += rng.choice(_VOCABULARY) + " " * rng.choice([1, 1, 2, 3])
    return made if rng.random() < 0.5 else made.rstrip()


def _list(rng: Random) -> object:
    pool = rng.sample(_VOCABULARY, 4) if rng.random() < 0.4 else _VOCABULARY
    return [rng.choice(pool) for _ in range(rng.randint(0, 6))]


def _list1(rng: Random) -> object:
    return _list(rng) or [rng.choice(_VOCABULARY)]


def _chain(rng: Random) -> object:
    pool = "tea apple east tiger red dog gold dust two owl lamp pen nest top pear rose egg".split()
    made = [rng.choice(pool)]
    for _ in range(rng.randint(0, 5)):
        fitting = [w for w in pool if w[0] == made[-1][-1]]
        made.append(rng.choice(fitting if fitting and rng.random() < 0.75 else pool))
    return ["tea", "apple", "east"][: rng.randint(2, 3)] if rng.random() < 0.1 else made


def _full_name(rng: Random) -> str:
    middle = [rng.choice(_FIRST)] if rng.random() < 0.35 else []
    return " ".join([rng.choice(_FIRST), *middle, rng.choice(_LAST)])


def _snake(rng: Random) -> object:
    return "_".join(
        rng.choice("user name total max item count file path is new list 2 x".split()) for _ in range(rng.randint(1, 4))
    )


def _camel(rng: Random) -> object:
    words = [rng.choice("user name total max item count file path new list".split()) for _ in range(rng.randint(1, 4))]
    return (words[0] if rng.random() < 0.7 else words[0].capitalize()) + "".join(w.capitalize() for w in words[1:])


def _starred(rng: Random) -> object:
    return " ".join(f"*{w}*" if rng.random() < 0.3 else w for w in rng.choices(_VOCABULARY, k=rng.randint(1, 5)))


def _ladder(rng: Random) -> object:
    pool = "cat cot cart coat dog dot act atc tac god tea eat ate cast".split()
    made = [rng.choice(pool)]
    for _ in range(rng.randint(0, 4)):
        one = made[-1]
        i = rng.randrange(len(one))
        made.append(
            rng.choice(
                [
                    one[:i] + rng.choice("aotc") + one[i + 1 :],
                    one[i:] + one[:i],
                    one[:i] + "s" + one[i:],
                    rng.choice(pool),
                ]
            )
        )
    return made


def _stems(rng: Random) -> object:
    stem = rng.choice(["car", "in", "st", "pre"])
    ends = {
        "car": ["", "d", "t", "pet", "pets", "e", "ry"],
        "in": ["", "n", "to", "side", "put", "sides"],
        "st": "one op ar ick ove".split(),
        "pre": "ss tty sent vent".split(),
    }[stem]
    return [stem + rng.choice(ends) for _ in range(rng.randint(1, 4))] + (
        [rng.choice(_VOCABULARY)] if rng.random() < 0.3 else []
    )


lesson = Lessons(
    "wording",
    kinds={
        "plain": ("str", "a sentence of lowercase words separated by single spaces,", _plain),
        "few": ("str", "a sentence of lowercase words separated by single spaces,", _few),
        "cased": ("str", "a text of words separated by single spaces,", _cased),
        "prose": ("str", "a text of one or more sentences,", _prose),
        "spaced": ("str", "a text with words and spaces,", _spaced),
        "wl": ("list[str]", "a list of lowercase words", _list),
        "wl1": ("list[str]", "a non-empty list of lowercase words", _list1),
        "chain": ("list[str]", "a non-empty list of words", _chain),
        "full": ("str", "a full name such as 'Ann Lee' or 'Ann Mia Lee',", _full_name),
        "people": (
            "list[str]",
            "a list of full names",
            lambda rng: [_full_name(rng) for _ in range(rng.randint(1, 3))],
        ),
        "snake": ("str", "a name in snake_case", _snake),
        "camel": ("str", "a name in camelCase", _camel),
        "starred": ("str", "a text in which some words are put between asterisks,", _starred),
        "stems": ("list[str]", "a non-empty list of lowercase words", _stems),
        "tdict": (
            "dict[str, str]",
            "a dictionary of replacements",
            lambda rng: {
                rng.choice(["the", "sea", "cat", "is", "green", "tree"]): rng.choice(
                    ["a", "sea", "lake", "is", "blue", "cat", "was"]
                )
                for _ in range(rng.randint(1, 3))
            },
        ),
        "key": ("str", "a lowercase word", lambda rng: rng.choice(["the", "the", "sea", "cat", "is", "sun"])),
        "bit": ("str", "a short piece of a word", lambda rng: rng.choice(["a", "in", "on", "an", "or", "ee", "we"])),
        "ladder": ("list[str]", "a list of lowercase words", _ladder),
        "rung": ("str", "a lowercase word", lambda rng: rng.choice("cat cot dog act tea".split())),
        "width": ("int", "a line width of at least 9", lambda rng: rng.randint(9, 16)),
        "vocab": ("str", "a lowercase word", lambda rng: rng.choice(_VOCABULARY)),
        "start": ("str", "the beginning of a word", lambda rng: rng.choice(["s", "st", "ca", "in", "pre", "car", "o"])),
        "dict": (
            "dict[str, str]",
            "a dictionary of replacements",
            lambda rng: {rng.choice(_VOCABULARY[:16]): rng.choice(_VOCABULARY) for _ in range(rng.randint(1, 4))},
        ),
        "amount": (
            "int",
            "a non-negative number",
            lambda rng: rng.choice([0, 1, 1, 2, 3, 5, 11, 12, 13, 21, 22, 101, 112]),
        ),
        "banned": (
            "list[str]",
            "a list of forbidden words",
            lambda rng: rng.sample(_VOCABULARY[:18], rng.randint(0, 4)),
        ),
    },
)


def _test(g: Random) -> tuple[str, str, str]:
    """(clause for a plural, code with {w}, tag)."""
    k = g.randint(2, 5)
    c, e = g.sample("aegmorst", 2)
    return g.choice([
        (f"longer than {k} letters", f"len({{w}}) > {k}", "long"), (f"of at most {k} letters", f"len({{w}}) <= {k}", "short"), ("of odd length", "len({w}) % 2 == 1", "odd"), (
            f"of exactly {k} letters", f"len({{w}}) == {k}", f"size_{k}"),
        (f"that contain '{c}'", f"'{c}' in {{w}}", f"with_{c}"), (f"that contain neither '{c}' nor '{e}'", f"'{c}' not in {{w}} and '{e}' not in {{w}}", f"without_{c}{e}"), (
            f"that begin with '{c}' or '{e}'", f"{{w}}[0] in '{c}{e}'", f"from_{c}{e}"),
        ("that begin with a vowel (a, e, i, o, u)", "{w}[0] in 'aeiou'", "vowel_start"), ("that end with a consonant", "{w}[-1] not in 'aeiou'", "consonant_end"), (
            "with at least two vowels (a, e, i, o, u)", "sum(c in 'aeiou' for c in {w}) >= 2", "vowels"),
        ("in which some letter occurs more than once", "len(set({w})) < len({w})", "repeating"), ("whose first letter comes before their last letter in the alphabet", "{w}[0] < {w}[-1]", "rising"),
        ("that have more consonants than vowels (a, e, i, o, u)", "2 * sum(c in 'aeiou' for c in {w}) < len({w})", "consonantal"),
        ("with two equal letters next to each other", "any(a == b for a, b in zip({w}, {w}[1:]))", "double"),
    ])  # fmt: skip


def _key(g: Random) -> tuple[str, str, str]:
    """(said after "sorted", sort key with {w}, tag)."""
    c = g.choice("aeors")
    return g.choice([
        ("by length, shortest first, words of equal length alphabetically", "(len({w}), {w})", "length"), ("by length, longest first, words of equal length alphabetically", "(-len({w}), {w})",
            "longest_first"), ("by their last letter, ties alphabetically by the whole word", "({w}[-1], {w})", "last_letter"),
        ("alphabetically by the reversed word", "{w}[::-1]", "reversed"), ("by the number of vowels (a, e, i, o, u), fewest first, ties alphabetically", "(sum(c in 'aeiou' for c in {w}), {w})",
            "vowels"), ("by their second letter, one-letter words first, ties alphabetically by the whole word", "({w}[1:2], {w})", "second_letter"),
        (f"by how often they contain '{c}', most often first, ties alphabetically", f"(-{{w}}.count('{c}'), {{w}})", f"count_{c}"), ("so that words beginning with a vowel (a, e, i, o, u) come "
            "first, alphabetically within both groups", "({w}[0] not in 'aeiou', {w})", "vowel_first"),
        ("by their number of different letters, fewest first, ties alphabetically", "(len(set({w})), {w})", "variety"), ("so that words of even length come before those of odd length, "
            "alphabetically within both groups", "(len({w}) % 2, {w})", "parity"),
    ])  # fmt: skip


@lesson
def words_that(g: Random) -> Draft:
    clause, code, tag = _test(g)
    t = code.format(w="w")
    sep = g.choice(["-", ", ", "+", " "])
    named = {"-": "hyphens", ", ": "a comma and a space", "+": "plus signs", " ": "single spaces"}[sep]
    kind, typ, result, ret, loop = g.choice([
        ("count", "int", f"the number of words in @s {clause}", f"sum(1 for w in $s.split() if {t})", "len(found)"), ("list", "list[str]", f"a list of the words in @s {clause}",
            f"[w for w in $s.split() if {t}]", "found"),
        ("joined", "str", f"a string of the words in @s {clause}, joined by {named}", f"'{sep}'.join(w for w in $s.split() if {t})", f"'{sep}'.join(found)"), ("places", "list[int]",
            f"a list of the positions (counted from 0) of the words in @s {clause}", f"[i for i, w in enumerate($s.split()) if {t}]", ""),
        ("first", "str", f"the first of the words in @s {clause}, or '' if there are none", f"next((w for w in $s.split() if {t}), '')", "found[0] if found else ''"), ("last", "str",
            f"the last of the words in @s {clause}, or '-' if there are none", f"next((w for w in reversed($s.split()) if {t}), '-')", "found[-1] if found else '-'"),
        ("distinct", "int", f"the number of different words in @s {clause}", f"len({{w for w in $s.split() if {t}}})", "len(set(found))"), ("letters", "int",
            f"the total number of letters of the words in @s {clause}", f"sum(len(w) for w in $s.split() if {t})", "sum(map(len, found))"),
        ("percent", "int", f"the percentage of the words in @s {clause}, rounded down to a whole number", f"100 * sum(1 for w in $s.split() if {t}) // len($s.split())",
            "100 * len(found) // len($s.split())"), ("sorted", "list[str]", f"an alphabetically sorted list of the different words in @s {clause}", f"sorted({{w for w in $s.split() if {t}}})",
            "sorted(set(found))"),
    ])  # fmt: skip
    slow = (
        f"found = []\nfor w in $s.split():\n    if {t}:\n        found.append(w)\nreturn {loop}"
        if loop
        else f"places = []\ni = 0\nfor w in $s.split(' '):\n    if {t}:\n        places.append(i)\n    i += 1\nreturn places"
    )
    return lesson.draft(g, f"{kind}_{tag}_words", "s:plain", typ, result, f"return {ret}", slow,
                        tellings=(f"Split @s into words and pick out those {clause}. Return {result}.", f"A sentence @s is given as lowercase words with single spaces between them. [What is "
                            f"wanted|What we need] is {result}."), plan="I split the sentence and test each word.")  # fmt: skip


@lesson
def words_changed(g: Random) -> Draft:
    clause, code, tag = _test(g)
    name, make, say = g.choice(
        [
            ("upper", "{w}.upper()", "in uppercase"),
            ("starred", "'*' * len({w})", "replaced by as many asterisks as they have letters"),
            ("reversed", "{w}[::-1]", "written backwards"),
            ("bracketed", "'(' + {w} + ')'", "put into parentheses"),
            ("doubled", "{w} + '-' + {w}", "written twice with a hyphen between"),
            ("cut", "{w}[:2]", "cut down to their first two letters"),
            ("capital", "{w}.capitalize()", "capitalised"),
            ("size", "str(len({w}))", "replaced by their lengths"),
            ("gone", "", "left out"),
            ("tail", "{w}[1:] + {w}[0]", "changed by moving their first letter to their end"),
        ]
    )
    t = code.format(w="w")
    if name == "gone":
        fast, slow = (
            f"return ' '.join(w for w in $s.split() if not ({t}))",
            f"kept = []\nfor w in $s.split():\n    if {t}:\n        continue\n    kept.append(w)\nreturn ' '.join(kept)",
        )
    else:
        m = make.format(w="w")
        fast, slow = (
            f"return ' '.join({m} if {t} else w for w in $s.split())",
            f"result = $s.split()\nfor i, w in enumerate(result):\n    if {t}:\n        result[i] = {m}\nreturn ' '.join(result)",
        )
    return lesson.draft(g, f"{tag}_words_{name}", "s:plain", "str", f"@s with those words {clause} {say}", fast, slow,
                        tellings=(f"Rewrite the sentence @s: words {clause} are to be {say}, all other words stay. Separate the words by single spaces [again|in the result].",
                            f"Go through the words of @s one by one. The words {clause} appear in the result {say}; the others appear unchanged." if name != "gone" else
                            f"Drop all words {clause} from the sentence @s, so that single spaces separate what is left."))  # fmt: skip


@lesson
def length_facts(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("differences", "list[int]", "a list of the differences between the length of each word of @s and that of the word before it", "sizes = [len(w) for w in $s.split()]\nreturn [b - a for "
            "a, b in zip(sizes, sizes[1:])]", "parts = $s.split()\nreturn [len(parts[i]) - len(parts[i - 1]) for i in range(1, len(parts))]", "For every word of @s but the first, tell by how "
            "many letters it is longer than the word before it (negative if it is shorter). Return the numbers in a list."),
        ("range", "int", "the difference between the lengths of the longest and the shortest word of @s", "sizes = [len(w) for w in $s.split()]\nreturn max(sizes) - min(sizes)",
            "sizes = sorted(map(len, $s.split()))\nreturn sizes[-1] - sizes[0]", "How many letters more than the shortest word of @s has the longest one?"),
        ("average", "float", "the average word length in @s, rounded to one decimal", "sizes = [len(w) for w in $s.split()]\nreturn round(sum(sizes) / len(sizes), 1)",
            "parts = $s.split()\nreturn round(len(''.join(parts)) / len(parts), 1)", "Compute the mean number of letters of the words of @s. Round it to one decimal place."),
        ("above", "list[str]", "a list of the words of @s that are longer than the average word of @s", "parts = $s.split()\naverage = sum(map(len, parts)) / len(parts)\nreturn [w for w in "
            "parts if len(w) > average]", "parts = $s.split()\ntotal = len(''.join(parts))\nreturn [w for w in parts if len(w) * len(parts) > total]",
            "First compute the average length of the words in the sentence @s. Then list the words that are longer than this average, in their order."),
        ("table", "dict[int, int]", "a dictionary that tells for each word length in @s how many words have it", "result = {}\nfor w in $s.split():\n    result[len(w)] = result.get(len(w), 0) "
            "+ 1\nreturn result", "sizes = [len(w) for w in $s.split()]\nreturn {n: sizes.count(n) for n in sizes}", "Count the words of @s by length. The keys of the returned dictionary are "
            "the lengths that occur, the values are the numbers of words."),
        ("digits", "str", "a string of the lengths of the words of @s, without anything between the numbers", "return ''.join(str(len(w)) for w in $s.split())",
            "res = ''\nfor w in $s.split():\n    res += str(len(w))\nreturn res", "Replace each word of @s by its number of letters and write these numbers directly one after another."),
        ("median", "int", "the middle one of the word lengths of @s when they are sorted; the larger of the two middle ones if there is an even number of words",
            "sizes = sorted(len(w) for w in $s.split())\nreturn sizes[len(sizes) // 2]", "parts = sorted($s.split(), key=len)\nreturn len(parts[len(parts) // 2])",
            "Sort the words of @s by length and return the length of the one in the middle. If two words are in the middle, take the later one."),
        ("cumulative", "list[int]", "a list with the number of letters in the first word of @s, in the first two words, in the first three, and so on",
            "total = 0\nresult = []\nfor w in $s.split():\n    total += len(w)\n    result.append(total)\nreturn result", "sizes = [len(w) for w in $s.split()]\nreturn [sum(sizes[:i + 1]) for "
            "i in range(len(sizes))]", "Keep a running total of letters while reading @s word by word, and note it after every word; spaces do not count."),
        ("growing", "int", "the largest number of consecutive words of @s in which each word is longer than the one before", "best = current = previous = 0\nfor w in $s.split():\n    current = "
            "current + 1 if len(w) > previous else 1\n    best = max(best, current)\n    previous = len(w)\nreturn best", "sizes = [len(w) for w in $s.split()]\nbest = current = 1\nfor a, b in "
            "zip(sizes, sizes[1:]):\n    if b > a:\n        current += 1\n    else:\n        current = 1\n    best = max(best, current)\nreturn best",
            "Find the longest stretch of neighbouring words in @s that get longer from word to word, and return how many words it has."),
        ("same_as_next", "int", "the number of words of @s that have the same length as the next word", "sizes = [len(w) for w in $s.split()]\nreturn sum(a == b for a, b in zip(sizes, "
            "sizes[1:]))", "parts = $s.split()\ncount = 0\nfor i in range(len(parts) - 1):\n    if len(parts[i]) == len(parts[i + 1]):\n        count += 1\nreturn count",
            "Compare neighbouring words of @s. How many pairs have equal lengths?"),
        ("odd_even", "tuple[int, int]", "a tuple with the number of words of even length and the number of words of odd length in @s", "odd = sum(len(w) % 2 for w in $s.split())\nreturn "
            "(len($s.split()) - odd, odd)", "counts = [0, 0]\nfor w in $s.split():\n    counts[len(w) % 2] += 1\nreturn tuple(counts)", "Some words of @s have an even and some an odd number of "
            "letters. Return both numbers, the even ones first."),
    ])  # fmt: skip
    return lesson.draft(
        g,
        f"length_{kind}" if kind not in ("average", "median") else f"{kind}_length",
        "s:plain",
        typ,
        result,
        body,
        other,
        tellings=(say,),
    )


@lesson
def extreme_word(g: Random) -> Draft:
    which, tie = g.choice(
        [
            ("longest", "first"),
            ("longest", "last"),
            ("longest", "alpha"),
            ("shortest", "first"),
            ("shortest", "last"),
            ("shortest", "alpha"),
            ("longest", "omega"),
            ("shortest", "omega"),
        ]
    )
    long = which == "longest"
    f = "max" if long else "min"
    op = ">" if long else "<"
    say = {
        "first": "the first one if several have this length",
        "last": "the last one if several have this length",
        "alpha": "the alphabetically first one if several have this length",
        "omega": "the alphabetically last one if several have this length",
    }[tie]
    best = (
        f"size = {f}(len(w) for w in parts)\nbest = "
        + {
            "first": "next(w for w in parts if len(w) == size)",
            "last": "[w for w in parts if len(w) == size][-1]",
            "alpha": "min(w for w in parts if len(w) == size)",
            "omega": "max(w for w in parts if len(w) == size)",
        }[tie]
    )
    extra = {
        "first": "",
        "last": " or len(w) == len(best)",
        "alpha": " or (len(w) == len(best) and w < best)",
        "omega": " or (len(w) == len(best) and w > best)",
    }[tie]
    loop = f"best = parts[0]\nfor w in parts[1:]:\n    if len(w) {op} len(best){extra}:\n        best = w"
    kind, typ, result, ret = g.choice([("word", "str", "the {x} word of @s", "best"), ("word", "str", "the {x} word of @s", "best"), ("rest", "list[str]",
        "a list of the words of @s without any occurrence of its {x} word", "[w for w in parts if w != best]"), ("mark", "str", "@s with its {x} word in uppercase wherever it occurs",
        "' '.join(w.upper() if w == best else w for w in parts)"),
                                       ("count", "int", "how often the {x} word of @s occurs in it", "parts.count(best)"), ("pair", "tuple[str, int]",
                                           "a tuple with the {x} word of @s and its length", "(best, len(best))"), ("index", "int", "the position, counted from 0, at which the {x} word of @s "
                                           "first occurs among its words", "parts.index(best)")])  # fmt: skip
    return lesson.draft(g, f"{which}_{kind}_{tie}", "s:plain", typ, f"{result.format(x=which)}; {say}", f"parts = $s.split()\n{best}\nreturn {ret}", f"parts = $s.split()\n{loop}\nreturn {ret}",
                        tellings=(f"Find the {which} word of the sentence @s, namely {say}. Then return {result.format(x=which)}.",))  # fmt: skip


@lesson
def sentence_sorted(g: Random) -> Draft:
    say, key, tag = _key(g)
    k = key.format(w="w")
    lst = g.random() < 0.5
    kind = g.choice(["all", "all", "first_k", "unique", "top"])
    arg, src = ("words:wl1", "$words") if lst else ("s:plain", "$s.split()")
    m = "@words" if lst else "@s"
    of = f"the words in {m}"
    n = g.randint(2, 3)
    if kind == "all":
        ret, typ, result = (
            (f"sorted({src}, key=lambda w: {k})", "list[str]", f"a list of {of}, sorted {say}")
            if lst or g.random() < 0.5
            else (f"' '.join(sorted({src}, key=lambda w: {k}))", "str", f"a sentence of {of}, sorted {say}")
        )
    elif kind == "first_k":
        ret, typ, result = (
            f"sorted({src}, key=lambda w: {k})[:{n}]",
            "list[str]",
            f"the first {n} of {of} when they are sorted {say}; all of them if there are not so many",
        )
    elif kind == "unique":
        ret, typ, result = (
            f"sorted(set({src}), key=lambda w: {k})",
            "list[str]",
            f"a list of the different words in {m}, sorted {say}",
        )
    else:
        ret, typ, result = (
            f"min({src}, key=lambda w: {k})",
            "str",
            f"the word that comes first when {of} are sorted {say}",
        )
    second = f"def rank(w):\n    return {k}\n\nreturn {ret.replace(f'lambda w: {k}', 'rank')}"
    return lesson.draft(g, f"{'sort' if kind != 'top' else 'first'}_by_{tag}", arg, typ, result, f"return {ret}", second,
                        tellings=(f"Put {of} in order: they are to be sorted {say}. Return {result.split(',')[0].split(' when')[0] if kind in ('all', 'unique') else result}.",
                                  f"You are given words in {m}. Your task is to return {result}."))  # fmt: skip


@lesson
def capital_rules(g: Random) -> Draft:
    k = g.randint(2, 4)
    small = g.choice([["a", "an", "the"], ["of", "in", "on", "and"], ["and", "to", "of", "the"]])
    said = ", ".join(f"'{w}'" for w in small)
    nth = {2: "second", 3: "third", 4: "fourth"}[k]
    kind, test, cap, say = g.choice([
        ("every_nth", f"i % {k} == {k - 1}", "w.capitalize()", f"every {nth} word of @s capitalised (the words number {k}, {2 * k}, {3 * k} and so on)"), ("every_nth_loud", f"i % {k} == 0",
            "w.upper()", f"the first word of @s and every {nth} word after it in uppercase"),
        ("title", f"i == 0 or w not in {small}", "w.capitalize()", f"the first letter of each word of @s in uppercase, except for the words {said}, which are capitalised only at the very "
            f"beginning"), ("long", f"len(w) > {k}", "w.capitalize()", f"those words of @s capitalised that have more than {k} letters"),
        ("last_letter", "True", "w[:-1] + w[-1].upper()", "the last letter of each word of @s in uppercase"), ("both_ends", "len(w) > 1", "w[0].upper() + w[1:-1] + w[-1].upper()",
            "the first and the last letter of each word of @s in uppercase, except that words of a single letter are left alone"),
        ("ends", "i == 0 or i == len(parts) - 1", "w.upper()", "the first and the last word of @s in uppercase"), ("repeated", "w in parts[:i]", "w.upper()",
            "each word of @s in uppercase that has already occurred earlier in the sentence"), ("after_small", f"i > 0 and parts[i - 1] in {small}", "w.capitalize()",
            f"each word of @s capitalised that comes directly after one of the words {said}"),
        ("middle", "len(w) % 2 == 1", "w[:len(w) // 2] + w[len(w) // 2].upper() + w[len(w) // 2 + 1:]", "the middle letter of each word of odd length in @s in uppercase"), ("longer_than_previous",
            "i > 0 and len(w) > len(parts[i - 1])", "w.upper()", "each word of @s in uppercase that is longer than the word before it"),
        ("vowels", "True", "''.join(c.upper() if c in 'aeiou' else c for c in w)", "all vowels (a, e, i, o, u) of @s in uppercase"),
    ])  # fmt: skip
    one = f"{cap} if {test} else w" if test != "True" else cap
    mid = f"    if {test}:\n        w = {cap}\n" if test != "True" else f"    w = {cap}\n"
    return lesson.draft(g, f"capitals_{kind}", "s:plain", "str", f"a sentence with {say}; everything else stays in lowercase", f"parts = $s.split()\nreturn ' '.join({one} for i, w in "
        f"enumerate(parts))",
                        f"parts = $s.split()\nresult = []\nfor i, w in enumerate(parts):\n{mid}    result.append(w)\nreturn ' '.join(result)",
                        tellings=(f"Typeset the lowercase sentence @s with {say}. The rest is not changed.", f"A newspaper has a strange rule for its headlines: they show {say}. Return the "
                            f"headline for @s."))  # fmt: skip


@lesson
def acronyms(g: Random) -> Draft:
    k = g.randint(1, 3)
    dot = g.choice(["", ".", "", "-"])
    skip, sk_say = g.choice(
        [
            ("", ""),
            (f"len(w) > {k}", f"words of at most {k} letter{'s' if k > 1 else ''} are skipped"),
            (
                "w not in ('a', 'an', 'the', 'of', 'and', 'in', 'on', 'to')",
                "the words a, an, the, of, and, in, on and to are skipped",
            ),
            ("i == 0 or len(w) > 2", "words of one or two letters are skipped unless they come first"),
        ]
    )
    part, p_say = g.choice(
        [
            ("w[0].upper()", "the first letters of the words of @s in uppercase"),
            ("w[-1].upper()", "the last letters of the words of @s in uppercase"),
            (
                "w[:2].capitalize()",
                "the first two letters of each word of @s, the first one in uppercase and the second one in lowercase",
            ),
            (
                "w[0].upper() + w[-1]",
                "the first letter of each word of @s in uppercase and its last letter in lowercase",
            ),
            ("w[len(w) // 2].upper()", "the letter at index len(word) // 2 of each word of @s in uppercase"),
        ]
    )
    joined = {"": "''.join({x})", ".": "''.join({x})", "-": "'-'.join({x})"}[dot]
    item = part + (" + '.'" if dot == "." else "")
    cond = f" if {skip}" if skip else ""
    say = (
        f"a short form made of {p_say}"
        + {
            "": "",
            ".": ", with a dot after the part of each word",
            "-": ", with hyphens between the parts of different words",
        }[dot]
        + (f"; {sk_say}" if skip else "")
    )
    loop = (
        "out = []\nfor i, w in enumerate($s.split()):\n"
        + (f"    if {skip}:\n        out.append({item})\n" if skip else f"    out.append({item})\n")
        + f"return {joined.format(x='out')}"
    )
    gen = f"{item} for i, w in enumerate($s.split()){cond}" if "i ==" in cond else f"{item} for w in $s.split(){cond}"
    return lesson.draft(g, "[acronym|short_form|initialism|abbreviate]_of", "s:plain", "str", say, f"return {joined.format(x=gen)}", loop,
                        tellings=(f"Abbreviate the phrase @s. [The result is|Return] {say}.", f"An office gives every project a code that is built from its title @s: {say}. Compute the code."))  # fmt: skip


@lesson
def shortened_words(g: Random) -> Draft:
    k = g.randint(3, 5)
    kind, expr, say = g.choice([
        ("numbered", f"w[0] + str(len(w) - 2) + w[-1] if len(w) > {k} else w", f"each word of more than {k} letters shortened to its first letter, the number of letters between, and its last "
            f"letter"), ("cut", f"w[:{k - 1}] + '.' if len(w) > {k} else w", f"each word of more than {k} letters cut after {k - 1} letters and given a dot"),
        ("inner_vowels", "w[0] + ''.join(c for c in w[1:] if c not in 'aeiou')", "all vowels (a, e, i, o, u) removed from each word except at its beginning"), ("no_vowels_long",
            f"''.join(c for c in w if c not in 'aeiou') if len(w) > {k} else w", f"all vowels (a, e, i, o, u) removed from the words of more than {k} letters"),
        ("ends", f"w[:2] + '~' + w[-2:] if len(w) > {k} else w", f"the inner part of each word of more than {k} letters, all but the first two and last two letters, replaced by '~'"), ("last",
            f"w[-{k}:]", f"each word reduced to its last {k} letters"),
        ("ordinal", "w[0] + str(i) if len(w) > 1 else w", "each word of more than one letter replaced by its first letter and its position in the sentence, counted from 1"), ("middle_dots",
            f"w[0] + '.' * (len(w) - 2) + w[-1] if len(w) > {k} else w", f"each inner letter of the words with more than {k} letters replaced by a dot"),
    ])  # fmt: skip
    head = "for i, w in enumerate($s.split(), 1)" if kind == "ordinal" else "for w in $s.split()"
    return lesson.draft(g, f"shorten_words_{kind}", "s:plain", "str", f"@s with {say}", f"return ' '.join({expr} {head})", f"result = []\n{head}:\n    result.append({expr})\nreturn ' '.join(result)",
                        tellings=(f"Shorten the sentence @s in this way: {say}. Keep single spaces between the words.", f"To save paper a clerk writes @s with {say}. What does he write?"))  # fmt: skip


@lesson
def person_names(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("listing", "str", "the name @full in the form 'Last, First' where all first names follow the comma", "*given, last = $full.split()\nreturn last + ', ' + ' '.join(given)",
            "given, _, last = $full.rpartition(' ')\nreturn f'{last}, {given}'", "Telephone books put the family name first. Turn @full, whose last word is the family name, into the form "
            "'Last, First' or 'Last, First Middle'."),
        ("initials", "str", "the initials of @full, each followed by a dot, without spaces", "return ''.join(part[0] + '.' for part in $full.split())",
            "result = ''\nfor part in $full.split():\n    result += part[0] + '.'\nreturn result", "Take the first letter of every part of @full and put a dot behind each; 'Ann Lee' becomes "
            "'A.L.'."),
        ("short_first", "str", "@full with every first name shortened to its initial and a dot, and the last name in full", "*given, last = $full.split()\nreturn ' '.join([part[0] + '.' for "
            "part in given] + [last])", "parts = $full.split()\nfor i in range(len(parts) - 1):\n    parts[i] = parts[i][0] + '.'\nreturn ' '.join(parts)",
            "On the door plate only the last part of @full is written out; all other parts are reduced to their first letter with a dot behind it."),
        ("middle", "str", "the middle name in @full, or '' if it has only two parts", "parts = $full.split()\nreturn parts[1] if len(parts) == 3 else ''", "return ' '.join($full.split()[1:-1])",
            "A name consists of a first name, perhaps a middle name, and a last name. Return the middle name of @full, or an empty string if there is none."),
        ("middle_initial", "str", "@full with the middle name, if it has one, shortened to its first letter and a dot", "parts = $full.split()\nif len(parts) == 3:\n    parts[1] = parts[1][0] "
            "+ '.'\nreturn ' '.join(parts)", "first_name, *between, last = $full.split()\nreturn ' '.join([first_name, *(part[0] + '.' for part in between), last])",
            "Write @full with a shortened middle name, as in 'Ann M. Lee'. Names with just two parts stay as they are."),
        ("login", "str", "a login name made of the first letter of the first name and the last name of @full, all in lowercase", "parts = $full.lower().split()\nreturn parts[0][0] + parts[-1]",
            "return ($full[0] + $full.split()[-1]).lower()", "New users get a login name: the first letter of their name followed by their last name, in lowercase. Middle names are ignored. "
            "Return the login name for @full."),
        ("login_parts", "str", "a user name made of the parts of @full in lowercase with dots between them and the last name first", "parts = $full.lower().split()\nreturn '.'.join([parts[-1]] "
            "+ parts[:-1])", "given, _, last = $full.lower().rpartition(' ')\nreturn last + '.' + given.replace(' ', '.')", "Build a user name from @full: the last name first, then the other "
            "parts in order, everything in lowercase and joined with dots."),
        ("swapped", "str", "@full with its first and its last part exchanged", "parts = $full.split()\nparts[0], parts[-1] = parts[-1], parts[0]\nreturn ' '.join(parts)",
            "head, *between, tail = $full.split()\nreturn ' '.join([tail, *between, head])", "Somebody has mixed up first and last names. Exchange the first and the last word of @full; a word "
            "in the middle stays there."),
        ("longest_part", "str", "the longest part of the name @full, the last one of equally long ones", "parts = $full.split()\nreturn max(reversed(parts), key=len)",
            "best = ''\nfor part in $full.split():\n    if len(part) >= len(best):\n        best = part\nreturn best", "Which part of @full has the most letters? If parts are equally long, "
            "prefer the later one."),
        ("badge", "str", "the text for a name badge: the last name of @full in uppercase, a space, and the first letter of the first name in parentheses",
            "parts = $full.split()\nreturn f'{parts[-1].upper()} ({parts[0][0]})'", "return $full.split()[-1].upper() + ' (' + $full[0] + ')'", "Print a badge for @full. It shows the last name "
            "in capital letters and, after a space, the initial of the first name in parentheses, as in 'LEE (A)'."),
    ])  # fmt: skip
    return lesson.draft(g, f"name_{kind}", "full:full", typ, result, body, other, tellings=(say,))


@lesson
def people_lists(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("by_last", "list[str]", "@people sorted by last name, people with the same last name by the whole name", "return sorted($people, key=lambda person: (person.split()[-1], person))",
            "def rank(person):\n    parts = person.split()\n    return parts[-1], person\n\nreturn sorted($people, key=rank)", "Sort the full names in @people as a phone book does: by the last "
            "word, and where this is the same, by the complete name."),
        ("last_names", "list[str]", "a sorted list of the different last names in @people", "return sorted({person.split()[-1] for person in $people})",
            "found = []\nfor person in $people:\n    last = person.split()[-1]\n    if last not in found:\n        found.append(last)\nreturn sorted(found)",
            "Collect the family names (the last words) of @people, remove duplicates and sort them."),
        ("grouped", "dict[str, list[str]]", "a dictionary that maps the first letter of each last name in @people to the list of the full names",
            "result = {}\nfor person in $people:\n    letter = person.split()[-1][0]\n    result.setdefault(letter, []).append(person)\nreturn result",
            "result = {}\nfor person in $people:\n    letter = person.rpartition(' ')[2][0]\n    if letter not in result:\n        result[letter] = []\n    result[letter].append(person)\n"
            "return result", "Make an index of @people by the initial of the last name: the keys are initials, the values are lists of the full names in their original order."),
        ("with_middle", "int", "the number of names in @people that have a middle name, that is, more than two parts", "return sum(len(person.split()) > 2 for person in $people)",
            "count = 0\nfor person in $people:\n    if person.count(' ') >= 2:\n        count += 1\nreturn count", "How many of the full names in @people consist of more than two words?"),
        ("initials", "list[str]", "a list of the initials of the names in @people, in uppercase and without dots", "return [''.join(part[0] for part in person.split()) for person in $people]",
            "result = []\nfor person in $people:\n    letters = ''\n    for part in person.split():\n        letters += part[0]\n    result.append(letters)\nreturn result",
            "Reduce each full name in @people to its initials, so that 'Ann Mia Lee' becomes 'AML'."),
        ("greeting", "str", "a greeting 'Hello ...!' with the first names of @people separated by ' and '", "return 'Hello ' + ' and '.join(person.split()[0] for person in $people) + '!'",
            "first_names = []\nfor person in $people:\n    first_names.append(person[:person.index(' ')])\nreturn f\"Hello {' and '.join(first_names)}!\"",
            "Greet all @people by their first names, as in 'Hello Ann and Bob!'. A single person is greeted with 'Hello Ann!'."),
        ("logins", "list[str]", "a list of login names for @people: the last name in lowercase, and from the second person with the same last name on, the number of the person with that name "
            "added", "seen = {}\nresult = []\nfor person in $people:\n    last = person.split()[-1].lower()\n    seen[last] = seen.get(last, 0) + 1\n    result.append(last if seen[last] == 1 "
            "else f'{last}{seen[last]}')\nreturn result", "lasts = [person.split()[-1].lower() for person in $people]\nreturn [last + (str(lasts[:i + 1].count(last)) if last in lasts[:i] else "
            "'') for i, last in enumerate(lasts)]", "Everybody in @people gets a login name, which is the last name in lowercase. If it is taken already, the second person gets a 2 behind it, "
            "the third a 3, and so on. Return the login names in order."),
    ])  # fmt: skip
    return lesson.draft(g, f"people_{kind}", "people:people", typ, result, body, other, tellings=(say,))


@lesson
def word_frequency(g: Random) -> Draft:
    k = g.randint(2, 3)
    kind, typ, result, body, other, say = g.choice([
        ("most_first", "str", "the most frequent word of @s; if several are equally frequent, the one that appears first", "parts = $s.split()\nreturn max(parts, key=parts.count)",
            "counts = Counter($s.split())\nreturn counts.most_common(1)[0][0]", "Which word of @s is used most often? In the case of a tie choose the word that appears earliest in the sentence."),
        ("most_alpha", "str", "the most frequent word of @s; if several are equally frequent, the alphabetically first of them", "parts = $s.split()\nreturn min(parts, key=lambda w: "
            "(-parts.count(w), w))", "counts = Counter($s.split())\nbest = max(counts.values())\nreturn min(w for w in counts if counts[w] == best)",
            "Find the word that occurs most often in @s. If more than one word reaches the highest number, return the one that comes first in the dictionary."),
        ("once", "list[str]", "a list of the words that occur exactly once in @s, in their order", "parts = $s.split()\nreturn [w for w in parts if parts.count(w) == 1]",
            "counts = Counter($s.split())\nreturn [w for w, n in counts.items() if n == 1]", "List the words of @s that are not repeated anywhere in it."),
        ("repeated", "list[str]", "an alphabetical list of the words that occur more than once in @s, each listed once", "parts = $s.split()\nreturn sorted({w for w in parts if parts.count(w) "
            "> 1})", "counts = Counter($s.split())\nreturn sorted(w for w, n in counts.items() if n > 1)", "Which words does @s use at least twice? Return them in alphabetical order without "
            "repetitions."),
        ("ranking", "list[tuple[str, int]]", f"a list of the {k} most frequent words of @s as tuples (word, count), the most frequent first, ties in alphabetical order",
            f"counts = Counter($s.split())\nreturn sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:{k}]", f"parts = $s.split()\npairs = [(w, parts.count(w)) for w in set(parts)]\n"
            f"pairs.sort(key=lambda item: (-item[1], item[0]))\nreturn pairs[:{k}]", f"Count the words of @s and rank them by frequency; words with equal counts are ranked alphabetically. "
            f"Return the first {k} of the ranking as tuples (word, count), or fewer if there are not so many words."),
        ("table", "dict[str, int]", f"a dictionary with the words of @s of at least {k} letters and how often each occurs", f"return dict(Counter(w for w in $s.split() if len(w) >= {k}))",
            f"result = {{}}\nfor w in $s.split():\n    if len(w) >= {k}:\n        result[w] = result.get(w, 0) + 1\nreturn result", f"Count how often each word occurs in @s, but ignore words "
            f"with fewer than {k} letters. Return a dictionary in which the words appear in the order of their first occurrence."),
        ("bars", "list[str]", "a list of strings of the form 'word ***', one for each different word of @s in alphabetical order, with one star for each occurrence",
            "parts = $s.split()\nreturn [w + ' ' + '*' * parts.count(w) for w in sorted(set(parts))]", "counts = Counter($s.split())\nreturn [f\"{w} {'*' * counts[w]}\" for w in sorted(counts)]",
            "Draw a simple chart of the words of @s: for each different word, alphabetically, a line with the word, a space, and as many stars as the word has occurrences. Return the lines as "
            "a list."),
        ("numbered", "str", "@s with '#' and the number of the occurrence, counted from 1, added to each word that occurs more than once", "parts = $s.split()\nreturn ' '.join(w + '#' + "
            "str(parts[:i + 1].count(w)) if parts.count(w) > 1 else w for i, w in enumerate(parts))", "parts = $s.split()\ntotal, seen, out = Counter(parts), Counter(), []\nfor w in parts:\n   "
            " seen[w] += 1\n    out.append(f'{w}#{seen[w]}' if total[w] > 1 else w)\nreturn ' '.join(out)", "Some words of @s occur several times. Make them distinguishable by adding '#1' to "
            "the first occurrence, '#2' to the second, and so on. Words that occur once stay as they are."),
        ("rank_groups", "dict[int, list[str]]", "a dictionary that maps each frequency to the alphabetical list of the words of @s that occur so often",
            "parts = $s.split()\nresult = {}\nfor w in sorted(set(parts)):\n    result.setdefault(parts.count(w), []).append(w)\nreturn result",
            "result = {}\nfor w, n in sorted(Counter($s.split()).items()):\n    if n not in result:\n        result[n] = []\n    result[n].append(w)\nreturn result",
            "Group the different words of @s by how often they occur: the keys are the frequencies, the values are alphabetical lists of words. The keys appear in the order in which one meets "
            "them when going through the words alphabetically."),
        ("share", "float", "the share of different words among all words of @s, rounded to two decimals", "parts = $s.split()\nreturn round(len(set(parts)) / len(parts), 2)",
            "seen = []\nparts = $s.split()\nfor w in parts:\n    if w not in seen:\n        seen.append(w)\nreturn round(len(seen) / len(parts), 2)",
            "The richness of a text is the number of different words divided by the number of all words. Compute it for @s and round it to two decimals."),
    ])  # fmt: skip
    return lesson.draft(
        g,
        f"words_{kind}",
        "s:plain",
        typ,
        result,
        body,
        other,
        imports=("from collections import Counter",),
        tellings=(say,),
        plan="I count the words and choose by the counts.",
    )


@lesson
def repeated_words(g: Random) -> Draft:
    mark = g.choice(["again", "etc", "ditto"])
    kind, typ, result, body, other, say = g.choice([
        ("neighbours", "str", "@s with words removed that are equal to the word directly before them", "result = []\nfor w in $s.split():\n    if not result or w != result[-1]:\n        "
            "result.append(w)\nreturn ' '.join(result)", "return ' '.join(w for w, _ in itertools.groupby($s.split()))", "A tired writer has typed some words of @s twice or more in a row. Keep "
            "only one of each such group."),
        ("later", "str", "@s with only the first occurrence of each word kept", "return ' '.join(dict.fromkeys($s.split()))", "seen = []\nfor w in $s.split():\n    if w not in seen:\n        "
            "seen.append(w)\nreturn ' '.join(seen)", "Remove from @s every word that has been used before. The remaining words keep their order."),
        ("marked", "str", f"@s with every word that has occurred before replaced by '{mark}'", f"parts = $s.split()\nreturn ' '.join('{mark}' if w in parts[:i] else w for i, w in "
            f"enumerate(parts))", f"seen = set()\nout = []\nfor w in $s.split():\n    out.append('{mark}' if w in seen else w)\n    seen.add(w)\nreturn ' '.join(out)",
            f"Write out each word of @s only the first time; for later occurrences write '{mark}' instead."),
        ("first_repeat", "str | None", "the first word of @s that repeats an earlier word, or None if all words are different", "seen = set()\nfor w in $s.split():\n    if w in seen:\n        "
            "return w\n    seen.add(w)\nreturn None", "parts = $s.split()\nfor i, w in enumerate(parts):\n    if w in parts[:i]:\n        return w\nreturn None",
            "Read @s word by word. As soon as a word comes that was there before, return it. Return None if there is no repetition."),
        ("gap", "int", "the smallest number of words between two occurrences of the same word in @s, or -1 if no word is repeated", "parts = $s.split()\ngaps = [j - i - 1 for i in "
            "range(len(parts)) for j in range(i + 1, len(parts)) if parts[i] == parts[j]]\nreturn min(gaps, default=-1)", "last_seen = {}\nbest = -1\nfor i, w in enumerate($s.split()):\n    if "
            "w in last_seen:\n        gap = i - last_seen[w] - 1\n        if best == -1 or gap < best:\n            best = gap\n    last_seen[w] = i\nreturn best",
            "Repetitions that stand close together sound bad. Find the closest two equal words in @s and return how many other words are between them (0 for neighbours). If no word is "
            "repeated, return -1."),
        ("streak", "int", "the largest number of equal words in a row in @s", "best = current = 0\nprevious = None\nfor w in $s.split():\n    current = current + 1 if w == previous else 1\n    "
            "best = max(best, current)\n    previous = w\nreturn best", "return max(len(list(group)) for _, group in itertools.groupby($s.split()))",
            "How many times is the same word repeated without interruption in @s at most? A single word counts as 1."),
        ("extra", "int", "how many words would have to be removed from @s so that no word occurs twice", "parts = $s.split()\nreturn len(parts) - len(set(parts))",
            "seen, count_extra = set(), 0\nfor w in $s.split():\n    if w in seen:\n        count_extra += 1\n    seen.add(w)\nreturn count_extra",
            "Each word of @s may be used once. Count the superfluous words."),
        ("compressed", "str", "@s with each group of two or more equal words in a row replaced by the word, 'x' and the size of the group, as in 'hax3'",
            "out = []\nfor w, group in itertools.groupby($s.split()):\n    n = len(list(group))\n    out.append(w if n == 1 else f'{w}x{n}')\nreturn ' '.join(out)",
            "parts = $s.split()\nout, i = [], 0\nwhile i < len(parts):\n    j = i\n    while j < len(parts) and parts[j] == parts[i]:\n        j += 1\n    out.append(parts[i] + (f'x{j - i}' if "
            "j - i > 1 else ''))\n    i = j\nreturn ' '.join(out)", "Shorten repetitions in @s: where a word is repeated directly after itself, write it once, followed by 'x' and the number of "
            "repetitions. Single words stay."),
    ])  # fmt: skip
    return lesson.draft(
        g, f"repeats_{kind}", "s:few", typ, result, body, other, imports=("import itertools",), tellings=(say,)
    )


@lesson
def wrapped_lines(g: Random) -> Draft:
    wrap = "lines = ['']\nfor w in $s.split():\n    if not lines[-1]:\n        lines[-1] = w\n    elif len(lines[-1]) + 1 + len(w) <= $k:\n        lines[-1] += ' ' + w\n    else:\n        lines.append(w)\n"
    wrap2 = "lines, current = [], ''\nfor w in $s.split():\n    if current and len(current) + 1 + len(w) > $k:\n        lines.append(current)\n        current = w\n    else:\n        current = (current + ' ' + w).strip()\nlines.append(current)\n"
    kind, typ, ret, say = g.choice([
        ("lines", "list[str]", "lines", "a list of the lines"), ("count", "int", "len(lines)", "the number of lines"), ("joined", "str", "' / '.join(lines)",
            "a string of the lines with ' / ' between them"), ("right", "list[str]", "[line.rjust($k) for line in lines]", "a list of the lines, each filled up with spaces on the left to the "
            "full width"),
        ("dotted", "list[str]", "[line.ljust($k, '.') for line in lines]", "a list of the lines, each filled up with dots on the right to the full width"), ("free", "int",
            "sum($k - len(line) for line in lines)", "the total number of unused places at the ends of the lines"), ("longest", "int", "max(len(line) for line in lines)",
            "the length of the longest line"),
        ("last", "str", "lines[-1]", "the last line"), ("numbered", "list[str]", "[f'{i}: {line}' for i, line in enumerate(lines, 1)]", "a list of the lines, each with its number, counted from "
            "1, a colon and a space in front of it (these do not count for the width)"), ("words", "list[int]", "[len(line.split()) for line in lines]",
            "a list of the numbers of words in the lines"),
    ])  # fmt: skip
    return lesson.draft(g, f"wrap_{kind}", "s:plain k:width", typ, f"{say} that result when the words of @s are set in lines of at most @k characters, with as many words as possible in each line"
        if kind in ("lines", "joined") else f"{say} when the words of @s are set in lines of at most @k characters, as many words as possible in each",
                        f"{wrap}return {ret}", f"{wrap2}return {ret}", notes=("[Words are never split.|No word is longer than a line.]",),
                        tellings=(f"Set the text @s in lines that hold at most @k characters. Words are separated by single spaces and kept whole; a word goes to a new line only if it does not "
                            f"fit any more. Return {say}.", f"A narrow display shows @k characters per line. Fill line after line with the words of @s, one space between two words, and never "
                            f"break a word. The result is {say}."),
                        plan="I add words to the current line while they fit and begin a new line otherwise.")  # fmt: skip


@lesson
def cut_text(g: Random) -> Draft:
    dots = g.choice(["...", "..", "~"])
    d = len(dots)
    kind, result, body, other, say = g.choice([
        ("hard", f"@s unchanged if it has at most @k characters, otherwise its beginning followed by '{dots}', together exactly @k characters long",
            f"return $s if len($s) <= $k else $s[:$k - {d}] + '{dots}'", f"if len($s) > $k:\n    $s = $s[:$k - {d}] + '{dots}'\nreturn $s", f"Fit @s into a field of @k characters. If it is too "
            f"long, cut it so that there is room for '{dots}' at the end, which is added in this case."),
        ("words", f"@s unchanged if it has at most @k characters, otherwise as many whole words from its beginning as fit into @k characters, followed by '{dots}', which does not count",
            f"if len($s) <= $k:\n    return $s\nresult = ''\nfor w in $s.split():\n    if len((result + ' ' + w).strip()) > $k:\n        break\n    result = (result + ' ' + w).strip()\nreturn "
            f"result + '{dots}'", f"if len($s) <= $k:\n    return $s\nparts = $s.split()\nwhile len(' '.join(parts)) > $k:\n    parts.pop()\nreturn ' '.join(parts) + '{dots}'",
            f"Make a teaser of @s. If the text is longer than @k characters, drop words from the end until at most @k characters are left, and add '{dots}' directly to the last remaining word."),
        ("middle", f"@s unchanged if it has at most @k characters, otherwise its first 3 and last 3 characters with '{dots}' between them", f"if len($s) <= $k:\n    return $s\nreturn $s[:3] + "
            f"'{dots}' + $s[-3:]", f"return $s[:3] + '{dots}' + $s[-3:] if len($s) > $k else $s", f"Long titles are abbreviated in the middle: if @s has more than @k characters, show only its "
            f"first three and its last three characters and '{dots}' in between."),
        ("centred", "@s centred in a line of @k characters by adding spaces on both sides, with one more on the right if the number is odd; longer texts stay as they are",
            "missing = max(0, $k - len($s))\nleft_pad = missing // 2\nreturn ' ' * left_pad + $s + ' ' * (missing - left_pad)", "if len($s) >= $k:\n    return $s\nside = ($k - len($s)) // 2\n"
            "return (' ' * side + $s).ljust($k)", "Place @s in the middle of a line that is @k characters wide. Fill with spaces on the left and on the right; if they cannot be equal, the "
            "right side gets one more. A text that is too long is not changed."),
        ("end", f"@s unchanged if it has at most @k characters, otherwise '{dots}' followed by its end, together exactly @k characters long", f"return $s if len($s) <= $k else '{dots}' + "
            f"$s[len($s) - $k + {d}:]", f"keep = $k - {d}\nif len($s) <= $k:\n    return $s\nreturn '{dots}' + $s[-keep:]", f"Only the end of @s matters. If it is longer than @k characters, "
            f"replace its beginning by '{dots}' so that exactly @k characters remain in all."),
        ("spread", "the words of @s in a line of exactly @k characters, where the gaps between words are made as equal as possible and gaps on the left are larger by one space where needed; @s "
            "itself if it is longer than @k or has just one word", "parts = $s.split()\ngaps = len(parts) - 1\nif gaps == 0 or len($s) > $k:\n    return $s\nspace = $k - sum(map(len, parts))\n"
            "result = parts[0]\nfor i in range(gaps):\n    result += ' ' * (space // gaps + (i < space % gaps)) + parts[i + 1]\nreturn result", "parts = $s.split()\nif len(parts) == 1 or "
            "len($s) > $k:\n    return $s\ni = 0\nwhile sum(map(len, parts)) < $k:\n    parts[i] += ' '\n    i = (i + 1) % (len(parts) - 1)\nreturn ''.join(parts)",
            "Justify the line @s to a width of @k characters: insert spaces between the words, as evenly as possible, and give the first gaps one more if it does not come out even. A single "
            "word, or a line that is already wider, is returned unchanged."),
    ])  # fmt: skip
    return lesson.draft(g, f"fit_{kind}", "s:plain k:width", "str", result, body, other, tellings=(say,))


@lesson
def reordered_words(g: Random) -> Draft:
    k = g.randint(2, 3)
    c = g.choice("aeort")
    kind, result, body, other, say = g.choice([
        ("pairs", "@s with its words exchanged in pairs: the first with the second, the third with the fourth, and so on; an unpaired last word stays",
            "parts = $s.split()\nfor i in range(0, len(parts) - 1, 2):\n    parts[i], parts[i + 1] = parts[i + 1], parts[i]\nreturn ' '.join(parts)",
            "parts = $s.split()\nout = []\nfor i in range(0, len(parts), 2):\n    out += parts[i:i + 2][::-1]\nreturn ' '.join(out)", "The words of @s dance in couples: words 1 and 2 change "
            "places, words 3 and 4 as well, and so on. A word without a partner does not move."),
        ("ends", "@s with its first and its last word exchanged", "parts = $s.split()\nparts[0], parts[-1] = parts[-1], parts[0]\nreturn ' '.join(parts)",
            "parts = $s.split()\nif len(parts) < 2:\n    return $s\nreturn ' '.join([parts[-1]] + parts[1:-1] + [parts[0]])", "Let the first and the last word of @s change places. A sentence "
            "of one word stays the same."),
        ("odd_reversed", "@s with the letters of every second word reversed, beginning with the second word", "return ' '.join(w[::-1] if i % 2 else w for i, w in enumerate($s.split()))",
            "parts = $s.split()\nfor i in range(1, len(parts), 2):\n    parts[i] = parts[i][::-1]\nreturn ' '.join(parts)", "Write words number 2, 4, 6 and so on of @s backwards and leave the "
            "others as they are."),
        ("rotated", f"@s with its words rotated to the left by {k} places", f"parts = $s.split()\ni = {k} % len(parts)\nreturn ' '.join(parts[i:] + parts[:i])",
            f"parts = $s.split()\nfor _ in range({k}):\n    parts.append(parts.pop(0))\nreturn ' '.join(parts)", f"Move the first word of @s to the end, {k} times in all."),
        ("with_letter_first", f"@s with all words that contain '{c}' moved to the front, both groups keeping their order", f"parts = $s.split()\nreturn ' '.join([w for w in parts if '{c}' in "
            f"w] + [w for w in parts if '{c}' not in w])", f"return ' '.join(sorted($s.split(), key=lambda w: '{c}' not in w))", f"Rearrange @s: first all words with the letter '{c}', then all "
            f"the others, each in the order they had."),
        ("blocks", f"@s with its words taken in blocks of {k} and each block written in reverse order of words", f"parts = $s.split()\nout = []\nfor i in range(0, len(parts), {k}):\n    "
            f"out.extend(reversed(parts[i:i + {k}]))\nreturn ' '.join(out)", f"parts = $s.split()\nblocks = [parts[i:i + {k}][::-1] for i in range(0, len(parts), {k})]\nreturn ' '.join(w for "
            f"block in blocks for w in block)", f"Cut the words of @s into blocks of {k} (the last block may be smaller) and reverse the order of the words within each block."),
        ("even_odd", "a sentence of the words of @s at even positions, counted from 0, followed by those at odd positions", "parts = $s.split()\nreturn ' '.join(parts[::2] + parts[1::2])",
            "even, odd = [], []\nfor i, w in enumerate($s.split()):\n    (odd if i % 2 else even).append(w)\nreturn ' '.join(even + odd)", "Take the first, third, fifth ... word of @s, then "
            "the second, fourth, sixth ... word, and make one sentence of them in this order."),
        ("outside_in", "a sentence that takes the words of @s alternately from the front and the back: first, last, second, last but one, and so on",
            "parts = $s.split()\nout = []\nwhile parts:\n    out.append(parts.pop(0))\n    if parts:\n        out.append(parts.pop())\nreturn ' '.join(out)",
            "parts = $s.split()\ni, j = 0, len(parts) - 1\nout = []\nwhile i < j:\n    out += [parts[i], parts[j]]\n    i, j = i + 1, j - 1\nif i == j:\n    out.append(parts[i])\nreturn ' "
            "'.join(out)", "Take words off the sentence @s, in turn from its front and its back and beginning with the front, until none are left. Return them in the order taken."),
        ("long_reversed", f"@s in which the words of more than {k + 1} letters are in reverse order among their places, while the others stay", f"parts = $s.split()\nlong = [w for w in parts "
            f"if len(w) > {k + 1}]\nreturn ' '.join(long.pop() if len(w) > {k + 1} else w for w in parts)", f"parts = $s.split()\nplaces = [i for i, w in enumerate(parts) if len(w) > {k + 1}]\n"
            f"out = parts[:]\nfor i, j in zip(places, reversed(places)):\n    out[i] = parts[j]\nreturn ' '.join(out)", f"Only words with more than {k + 1} letters move: they take each other's "
            f"places in reverse order. Shorter words of @s stay where they are."),
        ("first_letters_swapped", "@s with the first letters of its first and its last word exchanged", "parts = $s.split()\nif len(parts) > 1:\n    head, tail = parts[0], parts[-1]\n    "
            "parts[0] = tail[0] + head[1:]\n    parts[-1] = head[0] + tail[1:]\nreturn ' '.join(parts)", "if ' ' not in $s:\n    return $s\ni = $s.rindex(' ') + 1\nreturn $s[i] + $s[1:i] + "
            "$s[0] + $s[i + 1:]", "Make a slip of the tongue of @s: the first word gets the initial letter of the last word, and the other way round. One word alone is not changed."),
    ])  # fmt: skip
    return lesson.draft(g, f"reorder_{kind}", "s:plain", "str", result, body, other, tellings=(say,))


@lesson
def secret_language(g: Random) -> Draft:
    end = g.choice(["ay", "ma", "zo", "ep"])
    v_end = g.choice(["way", "yo", "na"])
    syl = g.choice(["p", "b", "l", "g"])
    kind, expr, say = g.choice([
        ("move", f"w[1:] + w[0] + '{end}' if w[0] not in 'aeiou' else w + '{v_end}'", f"a word that begins with a consonant has its first letter moved to the end and '{end}' added, and a word "
            f"that begins with a vowel (a, e, i, o, u) just gets '{v_end}' at the end"),
        ("syllable", f"''.join(c + '{syl}' + c if c in 'aeiou' else c for c in w)", f"after each vowel (a, e, i, o, u) one says '{syl}' and the same vowel again"), ("last_first",
            f"w[-1] + w[:-1] + '{end}'", f"the last letter of each word is moved to its front and '{end}' is added at the end"),
        ("prefix", f"'{end}' + w if w[0] in 'aeiou' else w", f"words that begin with a vowel (a, e, i, o, u) get '{end}' in front and the others stay"), ("one_vowel",
            f"''.join('{end[-1] if end[-1] in 'aeiou' else 'u'}' if c in 'aeiou' else c for c in w)", f"all vowels (a, e, i, o, u) become '{end[-1] if end[-1] in 'aeiou' else 'u'}'"),
        ("mirror", "w + w[::-1] if len(w) < 4 else w", "words of fewer than 4 letters are followed directly by their own reversal and longer words stay"), ("middle",
            f"w[:len(w) // 2] + '{end}' + w[len(w) // 2:]", f"'{end}' is put in the middle of each word, before the middle letter if the length is odd"),
        ("stutter", "w[0] + '-' + w if w[0] not in 'aeiou' else w", "words that begin with a consonant have this letter and a hyphen put in front and words that begin with a vowel (a, e, i, "
            "o, u) stay"), ("swap", "w[-1] + w[1:-1] + w[0] if len(w) > 1 else w", "the first and the last letter of each word change places"),
    ])  # fmt: skip
    return lesson.draft(g, f"[speak|secret|say_it]_{kind}", "s:plain", "str", f"@s in a secret language in which {say}", f"return ' '.join({expr} for w in $s.split())",
        f"def translate(w):\n    return {expr}\n\nreturn ' '.join(map(translate, $s.split()))", f"out = []\nfor w in $s.split():\n    out.append({expr})\nreturn ' '.join(out)",
                        tellings=(f"Children have invented a language. Its rule: {say}. Translate the sentence @s word by word.", f"Translate @s as follows: {say}. The words of the result are "
                            f"separated by single spaces."))  # fmt: skip


@lesson
def sentences_in_text(g: Random) -> Draft:
    split = "parts = $s.replace('!', '.').replace('?', '.').split('.')\nsentences = [part.strip() for part in parts if part.strip()]\n"
    split2 = "sentences, current = [], ''\nfor c in $s:\n    if c in '.!?':\n        sentences.append(current.strip())\n        current = ''\n    else:\n        current += c\n"
    kind, typ, ret, say = g.choice([
        ("sizes", "list[int]", "[len(one.split()) for one in sentences]", "a list of the numbers of words in the sentences of @s"), ("longest", "str",
            "max(sentences, key=lambda one: len(one.split()))", "the sentence of @s with the most words, without its end mark; the first one in case of a tie"), ("list", "list[str]", "sentences",
            "a list of the sentences of @s without their end marks"),
        ("average", "float", "round(sum(len(one.split()) for one in sentences) / len(sentences), 1)", "the average number of words per sentence in @s, rounded to one decimal"), ("starts",
            "list[str]", "[one.split()[0] for one in sentences]", "a list of the first words of the sentences of @s"), ("lower_start", "int", "sum(one[0].islower() for one in sentences)",
            "the number of sentences of @s that begin with a lowercase letter"),
        ("single", "int", "sum(' ' not in one for one in sentences)", "the number of sentences of @s that consist of a single word"), ("ends", "str",
            "'-'.join(one.split()[-1] for one in sentences)", "a string of the last words of the sentences of @s, joined by hyphens"), ("shortest", "int",
            "min(len(one.split()) for one in sentences)", "the number of words in the shortest sentence of @s"),
        ("fixed", "str", "' '.join(one[0].upper() + one[1:] + '.' for one in sentences)", "the sentences of @s, separated by spaces, each beginning with an uppercase letter and ending with a "
            "full stop instead of its own end mark"), ("reversed", "str", "'. '.join(reversed(sentences)) + '.'", "a text of the sentences of @s in reverse order, each ended by a full stop and "
            "separated by single spaces"),
    ])  # fmt: skip
    return lesson.draft(g, f"sentence_{kind}", "s:prose", typ, say, f"{split}return {ret}", f"{split2}return {ret}", notes=("[A sentence ends with '.', '!' or '?'.|Each sentence is ended by "
        "one of the marks '.', '!' and '?'.]",),
                        tellings=(f"The text @s consists of sentences, each of which ends with a full stop, an exclamation mark or a question mark. Return {say}.",
                            f"Split @s into sentences at the marks '.', '!' and '?' and remove surrounding spaces. From these sentences determine {say}."))  # fmt: skip


@lesson
def end_marks(g: Random) -> Draft:
    mark, named, other_mark = g.choice([("?", "question", "."), ("!", "exclamation", "."), (".", "statement", "!")])
    what = {
        "?": "questions (sentences that end with '?')",
        "!": "exclamations (sentences that end with '!')",
        ".": "statements (sentences that end with a full stop)",
    }[mark]
    kind, typ, result, body, other = g.choice([
        ("only", "str", f"a text of only the {what} in @s, separated by single spaces", f"found, current = [], ''\nfor c in $s:\n    current += c\n    if c in '.!?':\n        if c == "
            f"'{mark}':\n            found.append(current.strip())\n        current = ''\nreturn ' '.join(found)", f"sentences = re.findall(r'[^.!?]+[.!?]', $s)\nreturn ' '.join(one.strip() "
            f"for one in sentences if one.endswith('{mark}'))"),
        ("sequence", "str", "a string of the end marks ('.', '!' or '?') of the sentences of @s in their order", "return ''.join(c for c in $s if c in '.!?')",
            "marks = ''\nfor c in $s:\n    if c in '.!?':\n        marks += c\nreturn marks"),
        ("changed", "str", f"@s with every '{mark}' replaced by '{other_mark}'", f"return $s.replace('{mark}', '{other_mark}')", f"return '{other_mark}'.join($s.split('{mark}'))"),
        ("words", "int", f"the number of words in the {what} of @s", f"total, current = 0, 0\nfor token in $s.split():\n    current += 1\n    if token[-1] in '.!?':\n        if token[-1] == "
            f"'{mark}':\n            total += current\n        current = 0\nreturn total", f"sentences = re.findall(r'[^.!?]+[.!?]', $s)\nreturn sum(len(one.split()) for one in sentences if "
            f"one.endswith('{mark}'))"),
        ("mood", "str", "a word for the mood of the text @s: 'curious' if it has more question marks than exclamation marks, 'excited' if it has fewer, and 'calm' if the numbers are equal",
            "asked, called = $s.count('?'), $s.count('!')\nif asked > called:\n    return 'curious'\nif asked < called:\n    return 'excited'\nreturn 'calm'",
            "balance = sum((c == '?') - (c == '!') for c in $s)\nreturn 'curious' if balance > 0 else 'excited' if balance < 0 else 'calm'"),
        ("clean", "str", "@s in lowercase and without the marks '.', ',', '!' and '?'", "return ''.join(c for c in $s.lower() if c not in '.,!?')",
            "for mark in '.,!?':\n    $s = $s.replace(mark, '')\nreturn $s.lower()"),
        ("loud", "str", "@s with each sentence that ends with '!' in uppercase", "result, current = '', ''\nfor c in $s:\n    current += c\n    if c in '.!?':\n        result += "
            "current.upper() if c == '!' else current\n        current = ''\nreturn result + current", "return re.sub(r'[^.!?]+!', lambda found: found.group().upper(), $s)"),
    ])  # fmt: skip
    return lesson.draft(g, f"{named}_{kind}" if kind in ("only", "words") else f"marks_{kind}", "s:prose", typ, result, body, other, imports=("import re",),
                        tellings=(f"In the text @s each sentence ends with '.', '!' or '?'. Return {result}.",))  # fmt: skip


@lesson
def two_sentences(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("common", "list[str]", "an alphabetical list of the words that occur in both @a and @b", "return sorted(set($a.split()) & set($b.split()))",
            "found = []\nfor w in $a.split():\n    if w in $b.split() and w not in found:\n        found.append(w)\nreturn sorted(found)", "Which words do the sentences @a and @b share? Return "
            "them alphabetically, each once."),
        ("new", "list[str]", "a list of the different words of @b that do not occur in @a, in the order in which they appear", "known = set($a.split())\nreturn list(dict.fromkeys(w for w in "
            "$b.split() if w not in known))", "result = []\nfor w in $b.split():\n    if w not in $a.split() and w not in result:\n        result.append(w)\nreturn result",
            "Somebody knows the words of @a. Which words of @b are new to them? List them in order of appearance without repetitions."),
        ("similarity", "float", "the number of different words that @a and @b share, divided by the number of different words in both together, rounded to two decimals",
            "p, q = set($a.split()), set($b.split())\nreturn round(len(p & q) / len(p | q), 2)", "union = set(($a + ' ' + $b).split())\nshared = [w for w in union if w in $a.split() and w in "
            "$b.split()]\nreturn round(len(shared) / len(union), 2)", "Measure how similar two sentences are: divide the number of different words that occur in both by the number of different "
            "words that occur in at least one of them. Do this for @a and @b and round to two decimals."),
        ("same_place", "int", "the number of positions at which @a and @b have the same word", "return sum(v == w for v, w in zip($a.split(), $b.split()))",
            "p, q = $a.split(), $b.split()\nreturn len([i for i in range(min(len(p), len(q))) if p[i] == q[i]])", "Compare @a and @b word by word: the first word with the first, the second "
            "with the second, up to the end of the shorter one. How often are the words equal?"),
        ("longer_words", "str", "a sentence that has at each position the longer one of the words of @a and @b, the word of @a if they are equally long; it ends with the shorter sentence",
            "return ' '.join(v if len(v) >= len(w) else w for v, w in zip($a.split(), $b.split()))", "out = []\nfor pair in zip($a.split(), $b.split()):\n    out.append(max(pair, key=len))\n"
            "return ' '.join(out)", "Build a new sentence from @a and @b: its first word is the longer of the two first words, its second the longer of the two second words, and so on, as long "
            "as both have words. If the lengths are equal, use the word of @a."),
        ("woven", "str", "a sentence that takes words alternately from @a and @b, beginning with @a; when one has no more words, the rest of the other follows",
            "p, q = $a.split(), $b.split()\nout = []\nfor i in range(max(len(p), len(q))):\n    out += p[i:i + 1] + q[i:i + 1]\nreturn ' '.join(out)",
            "p, q = $a.split(), $b.split()\nout = []\nwhile p and q:\n    out += [p.pop(0), q.pop(0)]\nreturn ' '.join(out + p + q)", "Two people speak in turn, one word each: one says the "
            "words of @a and begins, the other the words of @b. When one has finished, the other goes on alone. What is heard?"),
        ("changes", "list[tuple[str, str]]", "a list of tuples (word of @a, word of @b) for the positions at which the two have different words, as far as both reach",
            "return [(v, w) for v, w in zip($a.split(), $b.split()) if v != w]", "p, q = $a.split(), $b.split()\nresult = []\nfor i in range(min(len(p), len(q))):\n    if p[i] != q[i]:\n       "
            " result.append((p[i], q[i]))\nreturn result", "@a is the old version of a sentence and @b the new one. List all replaced words as tuples (old, new), position by position; ignore "
            "words that have no counterpart."),
        ("extra_words", "int", "how many words longer @a is than @b, or 0 if it is not longer", "return max(0, len($a.split()) - len($b.split()))",
            "diff = $a.count(' ') - $b.count(' ')\nreturn diff if diff > 0 else 0", "By how many words is @a longer than @b? If it is shorter or equally long, the answer is 0."),
        ("same_start", "list[str]", "a list of the words with which both @a and @b begin, up to the first difference", "result = []\nfor v, w in zip($a.split(), $b.split()):\n    if v != w:\n  "
            "      break\n    result.append(v)\nreturn result", "p, q = $a.split(), $b.split()\ni = 0\nwhile i < min(len(p), len(q)) and p[i] == q[i]:\n    i += 1\nreturn p[:i]",
            "Read @a and @b at the same time, word by word. Collect the words as long as they agree and stop at the first difference or at the end of one of them."),
    ])  # fmt: skip
    return lesson.draft(g, f"sentences_{kind}", "a:few b:few", typ, result, body, other, tellings=(say,))


@lesson
def word_chains(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("links", "int", "the number of words in @words that begin with the last letter of the word before them", "return sum(a[-1] == b[0] for a, b in zip($words, $words[1:]))",
            "count = 0\nfor i in range(1, len($words)):\n    if $words[i][0] == $words[i - 1][-1]:\n        count += 1\nreturn count", "In the chain game every word has to begin with the last "
            "letter of the previous one. How many words of @words, not counting the first, obey this rule?"),
        ("good_start", "list[str]", "the longest beginning of @words in which each word begins with the last letter of the word before it", "result = $words[:1]\nfor w in $words[1:]:\n    if "
            "w[0] != result[-1][-1]:\n        break\n    result.append(w)\nreturn result", "i = 1\nwhile i < len($words) and $words[i][0] == $words[i - 1][-1]:\n    i += 1\nreturn $words[:i]",
            "Players say the words in @words one after another; each word must start with the letter on which the previous one ended. Return the words said before the first mistake."),
        ("mistake", "str | None", "the first word in @words that does not begin with the last letter of the word before it, or None if there is no such word",
            "for a, b in zip($words, $words[1:]):\n    if a[-1] != b[0]:\n        return b\nreturn None", "return next((b for a, b in zip($words, $words[1:]) if b[0] != a[-1]), None)",
            "Find the word in @words that breaks the chain: its first letter differs from the last letter of its predecessor. If there are several, take the first; if the chain is unbroken, "
            "return None."),
        ("longest", "int", "the length, in words, of the longest unbroken stretch of @words in which each word begins with the last letter of the word before it",
            "best = current = 1\nfor a, b in zip($words, $words[1:]):\n    current = current + 1 if a[-1] == b[0] else 1\n    best = max(best, current)\nreturn best",
            "best = 0\nfor i in range(len($words)):\n    j = i + 1\n    while j < len($words) and $words[j][0] == $words[j - 1][-1]:\n        j += 1\n    best = max(best, j - i)\nreturn best",
            "Words form a chain if each begins with the final letter of the one before. What is the largest number of neighbouring words in @words that form a chain? One word alone is a chain "
            "of length 1."),
        ("circle", "bool", "True if each word in @words begins with the last letter of the word before it, where the first word counts as coming after the last",
            "return all($words[i][0] == $words[i - 1][-1] for i in range(len($words)))", "for a, b in zip($words, $words[1:] + $words[:1]):\n    if a[-1] != b[0]:\n        return False\nreturn "
            "True", "The words in @words stand in a circle. Is every word's last letter equal to the first letter of the next word, also from the last word to the first?"),
        ("new", "str", "the rule for the first mistake in the chain game with @words: 'repeat' if a word has been said before, 'letter' if a word does not begin with the last letter of the "
            "word before it, and 'fine' if nothing is wrong; if a word is wrong in both ways, the answer is 'repeat'", "for i, w in enumerate($words):\n    if w in $words[:i]:\n        return "
            "'repeat'\n    if i > 0 and w[0] != $words[i - 1][-1]:\n        return 'letter'\nreturn 'fine'", "said, last = set(), ''\nfor w in $words:\n    if w in said:\n        return "
            "'repeat'\n    if last and not w.startswith(last):\n        return 'letter'\n    said.add(w)\n    last = w[-1]\nreturn 'fine'", "Judge a round of the chain game given by @words. Go "
            "through the words in order. A word that was used before ends the game with the verdict 'repeat'; otherwise, a word that does not start with the last letter of its predecessor ends "
            "it with 'letter'. If all words pass, the verdict is 'fine'."),
        ("skip", "list[str]", "the words that are accepted when @words are read in order: the first one, and every later one that begins with the last letter of the word accepted before it",
            "result = []\nfor w in $words:\n    if not result or w[0] == result[-1][-1]:\n        result.append(w)\nreturn result", "result = [$words[0]]\nfor i in range(1, len($words)):\n    "
            "if $words[i].startswith(result[-1][-1]):\n        result.append($words[i])\nreturn result", "Build a chain from @words greedily. Start with the first word; go on reading and "
            "append a word whenever it begins with the letter with which the chain ends at present. Ignore the others and return the chain."),
    ])  # fmt: skip
    return lesson.draft(g, f"chain_{kind}", "words:chain", typ, result, body, other, tellings=(say,))


@lesson
def neighbour_words(g: Random) -> Draft:
    test, tag, rule = g.choice(
        [
            ("a[0] == b[0]", "alliteration", "begin with the same letter"),
            ("a[-1] == b[-1]", "same_end", "end with the same letter"),
            ("a < b", "ordered", "are in strictly alphabetical order"),
            ("len(a) == len(b)", "equal_size", "have the same length"),
            (
                "a[-1] == b[0]",
                "linked",
                "meet in the same letter, that is, the first one ends with the letter with which the second one begins",
            ),
            ("set(a) & set(b)", "sharing", "have at least one letter in common"),
            ("not set(a) & set(b)", "disjoint", "have no letter in common"),
            ("a in b or b in a", "containing", "are such that one is contained in the other or both are equal"),
        ]
    )
    kind, typ, result, ret = g.choice([("count", "int", f"the number of pairs of neighbouring words in @s that {rule}", "sum(1 for a, b in pairs if {t})"), ("list", "list[tuple[str, str]]",
        f"a list of the pairs (tuples) of neighbouring words in @s that {rule}", "[(a, b) for a, b in pairs if {t}]"), ("joined", "list[str]", f"a list of the pairs of neighbouring words in @s "
        f"that {rule}, each pair written with a hyphen between the two words", "[a + '-' + b for a, b in pairs if {t}]"),
                                       ("any", "bool", f"True if at least one pair of neighbouring words in @s is found whose words {rule}", "any(bool({t}) for a, b in pairs)"), ("all", "bool",
                                           f"True if in every pair of neighbouring words in @s the two words {rule}; a single word gives True too", "all(bool({t}) for a, b in pairs)"), ("first",
                                           "int", f"the position, counted from 0, of the first word in @s for which it and its right neighbour {rule}, or -1 if there is none",
                                           "next((i for i, (a, b) in enumerate(pairs) if {t}), -1)")])  # fmt: skip
    loop = {"count": f"count = 0\nfor i in range(len(parts) - 1):\n    a, b = parts[i], parts[i + 1]\n    if {test}:\n        count += 1\nreturn count", "list":
        f"result = []\nfor i in range(1, len(parts)):\n    a, b = parts[i - 1], parts[i]\n    if {test}:\n        result.append((a, b))\nreturn result", "joined":
        f"result = []\nfor i in range(1, len(parts)):\n    a, b = parts[i - 1], parts[i]\n    if {test}:\n        result.append(f'{{a}}-{{b}}')\nreturn result",
            "any": f"for a, b in zip(parts, parts[1:]):\n    if {test}:\n        return True\nreturn False", "all": f"for a, b in zip(parts, parts[1:]):\n    if not ({test}):\n        return "
                f"False\nreturn True", "first": f"for i in range(len(parts) - 1):\n    a, b = parts[i], parts[i + 1]\n    if {test}:\n        return i\nreturn -1"}[kind]  # fmt: skip
    return lesson.draft(g, f"{tag}_pairs_{kind}", "s:plain", typ, result, f"parts = $s.split()\npairs = list(zip(parts, parts[1:]))\nreturn {ret.format(t=test)}", f"parts = $s.split()\n{loop}",
                        tellings=(f"Consider each word of the sentence @s together with the word after it, and check whether the two {rule}. Return {result}." if kind not in ("any", "all") else
                            f"Consider each word of the sentence @s together with the word after it. Do {'any' if kind == 'any' else 'all'} of these pairs fulfil the condition that the two "
                            f"words {rule}? Return True or False; {'without pairs the answer is False' if kind == 'any' else 'without pairs the answer is True'}.",))  # fmt: skip


@lesson
def grouped_words(g: Random) -> Draft:
    key, tag, said = g.choice(
        [
            ("w[0]", "first_letter", "first letter"),
            ("w[-1]", "last_letter", "last letter"),
            ("len(w)", "length", "length"),
            ("w[:2]", "start", "first two letters"),
            ("sum(c in 'aeiou' for c in w)", "vowels", "number of vowels (a, e, i, o, u)"),
            (
                "''.join(sorted(set(w)))",
                "letters",
                "set of letters (written as a sorted string of the different letters)",
            ),
            ("(w[0], len(w))", "pair", "first letter and length as a tuple"),
            ("max(w)", "top_letter", "alphabetically last letter"),
        ]
    )
    kt = "int" if tag in ("length", "vowels") else "tuple[str, int]" if tag == "pair" else "str"
    kind, typ, result, make = g.choice([
        ("lists", f"dict[{kt}, list[str]]", f"a dictionary that maps each {said} to the list of the words in @words that have it, in their order", "groups"), ("counts", f"dict[{kt}, int]",
            f"a dictionary that maps each {said} to the number of words in @words that have it", "{key: len(group) for key, group in groups.items()}"), ("longest", f"dict[{kt}, str]",
            f"a dictionary that maps each {said} to the longest word in @words that has it, the first one in case of a tie", "{key: max(group, key=len) for key, group in groups.items()}"),
        ("biggest", "list[str]", f"the largest group of words in @words that have the same {said}, the first such group in case of a tie, and [] if @words is empty",
            "max(groups.values(), key=len, default=[])"), ("number", "int", f"the number of groups that the words in @words form when words with the same {said} belong together", "len(groups)"),
            ("singles", "list[str]", f"a list of the words in @words whose {said} no other entry of the list shares", "[group[0] for group in groups.values() if len(group) == 1]"),
        ("together", "list[str]", f"the words in @words rearranged so that words with the same {said} stand together; the groups come in the order of their first words, and the words of a "
            f"group keep their order", "[w for group in groups.values() for w in group]"),
    ])  # fmt: skip
    return lesson.draft(g, f"group_by_{tag}_{kind}", "words:wl", typ, result, f"groups = {{}}\nfor w in $words:\n    groups.setdefault({key}, []).append(w)\nreturn {make}",
        f"groups = defaultdict(list)\nfor w in $words:\n    groups[{key}].append(w)\nreturn {'dict(groups)' if make == 'groups' else make}", f"groups = {{}}\nfor w in $words:\n    mark = "
        f"{key}\n    if mark not in groups:\n        groups[mark] = []\n    groups[mark].append(w)\nreturn {make}",
                        imports=("from collections import defaultdict",), tellings=(f"Sort the words in @words into groups by their {said}. Return {result}.",), plan=
                            f"I group the words by {said} in a dictionary.")  # fmt: skip


@lesson
def spoken_list(g: Random) -> Draft:
    conj = g.choice(["and", "or", "&", "then", "plus"])
    comma = g.choice([", ", "; ", ", "])
    oxford = g.random() < 0.3
    empty = g.choice(["''", "'nobody'", "'nothing'", "'-'"])
    k = g.randint(2, 3)
    kind = g.choice(["join", "join", "more", "quoted"])
    shown = comma.strip()
    last = f"'{comma.rstrip()} {conj} '" if oxford else f"' {conj} '"
    if kind == "more":
        return lesson.draft(g, "list_with_rest", "words:wl", "str", f"the first {k} of @words separated by '{comma}', followed by '{comma}+N', where N is the number of the remaining ones, if "
            f"there are more than {k}",
                            f"result = '{comma}'.join($words[:{k}])\nif len($words) > {k}:\n    result += f'{comma}+{{len($words) - {k}}}'\nreturn result",
                                f"shown = $words[:{k}]\nrest = len($words) - {k}\nif rest > 0:\n    shown.append('+' + str(rest))\nreturn '{comma}'.join(shown)",
                            tellings=(f"Show the list @words in little space: at most {k} words are written out with '{comma}' between them; if there are more, '{comma}+' and the number of "
                                f"those not shown come at the end. An empty list gives an empty string.",))  # fmt: skip
    item = "f'\"{w}\"'" if kind == "quoted" else "w"
    q = " in double quotes" if kind == "quoted" else ""
    return lesson.draft(g, f"spoken_list{'_quoted' if kind == 'quoted' else ''}", "words:wl", "str", f"the words in @words{q} as one enumeration: separated by '{comma}', but with "
        f"{'the mark ' + repr(shown) + ' and then ' if oxford else ''}' {conj} ' before the last "
        f"one{' if there are more than two, and only ' + repr(' ' + conj + ' ') + ' between exactly two' if oxford else ''}; an empty list gives {empty}",
                        f"parts = [{item} for w in $words]\nif not parts:\n    return {empty}\nif len(parts) == 1:\n    return parts[0]\n" + (
                            f"if len(parts) == 2:\n    return ' {conj} '.join(parts)\n" if oxford else "") + f"return '{comma}'.join(parts[:-1]) + {last} + parts[-1]",
                        "result = ''\nfor i, w in enumerate($words):\n    if i > 0:\n        " + (f"if i < len($words) - 1:\n            result += '{comma}'\n        else:\n            result "
                            f"+= ' {conj} ' if len($words) == 2 else {last}\n" if oxford else f"result += ' {conj} ' if i == len($words) - 1 else '{comma}'\n") +
                            f"    result += {item}\nreturn result or {empty}",
                        tellings=(f"Write the list @words as people do in a sentence{', each word' + q if q else ''}. One word stands alone, two words are connected by ' {conj} ', and with "
                            f"three or more words '{comma}' separates them except that {'the last gap is ' + last if oxford else 'the last two are connected by ' + repr(' ' + conj + ' ')}. For "
                            f"an empty list return {empty}.",))  # fmt: skip


@lesson
def number_words(g: Random) -> Draft:
    noun, plural = g.choice(
        [
            ("apple", "apples"),
            ("box", "boxes"),
            ("city", "cities"),
            ("mouse", "mice"),
            ("leaf", "leaves"),
            ("day", "days"),
            ("child", "children"),
        ]
    )
    kind, result, body, other, say = g.choice([
        ("plural", f"the number @n followed by a space and '{noun}' if it is 1, otherwise '{plural}'", f"return f'{{$n}} {noun}' if $n == 1 else f'{{$n}} {plural}'",
            f"unit = '{plural}'\nif $n == 1:\n    unit = '{noun}'\nreturn str($n) + ' ' + unit", f"Write a quantity in words: '1 {noun}', but '0 {plural}' and '5 {plural}'. The number is @n."),
        ("no_plural", f"'no {plural}' if @n is 0, 'one {noun}' if it is 1, and otherwise the number followed by '{plural}'", f"if $n == 0:\n    return 'no {plural}'\nif $n == 1:\n    return "
            f"'one {noun}'\nreturn f'{{$n}} {plural}'", f"special = {{0: 'no {plural}', 1: 'one {noun}'}}\nreturn special.get($n, str($n) + ' {plural}')",
            f"Report how many {plural} there are. Zero is written as 'no {plural}', one as 'one {noun}', any other number @n with digits and a space before '{plural}'."),
        ("ordinal", "@n with its English ordinal ending ('st', 'nd', 'rd' or 'th'), where numbers that end in 11, 12 or 13 get 'th'", "if $n % 100 in (11, 12, 13):\n    return f'{$n}th'\n"
            "return f\"{$n}{ {1: 'st', 2: 'nd', 3: 'rd'}.get($n % 10, 'th')}\"".replace("{ {", "{{").replace("{{1", "{ {1"), "ending = 'th'\nif not 11 <= $n % 100 <= 13:\n    if $n % 10 == 1:\n"
            "        ending = 'st'\n    elif $n % 10 == 2:\n        ending = 'nd'\n    elif $n % 10 == 3:\n        ending = 'rd'\nreturn str($n) + ending",
            "Make an ordinal number of @n: 1st, 2nd, 3rd, 4th, ..., 11th, 12th, 13th, ..., 21st, 22nd, 23rd, and so on."),
        ("place", "the text '... in the @n. row' without the dots, but with 'first' for 1, 'second' for 2 and 'third' for 3", "", "", ""),
        ("stars", f"a rating text: '{noun} ' followed by @n stars, or by 'x' and the number if there are more than five", f"if $n > 5:\n    return '{noun} x' + str($n)\nreturn '{noun} ' + '*' "
            f"* $n", f"return '{noun} ' + ('*' * $n if $n <= 5 else f'x{{$n}}')", f"Show how many {plural} somebody has: the word '{noun}', a space, and one star for each. More than five would "
            f"be too many stars; then write 'x' and the number @n instead."),
    ])  # fmt: skip
    if kind == "place":
        result, body, other = (
            "'first', 'second' or 'third' if @n is 1, 2 or 3, and otherwise 'number ' followed by @n",
            "special = {1: 'first', 2: 'second', 3: 'third'}\nreturn special.get($n, f'number {$n}')",
            "if 1 <= $n <= 3:\n    return ['first', 'second', 'third'][$n - 1]\nreturn 'number ' + str($n)",
        )
        say = "The first three places have names: 'first', 'second' and 'third'. All other places are called 'number' with a space and the number @n. Return the name of place @n."
    return lesson.draft(
        g,
        f"number_{kind}_{noun}" if kind in ("plural", "no_plural", "stars") else f"{kind}_text",
        "n:amount",
        "str",
        result,
        body,
        other,
        tellings=(say,),
    )


@lesson
def censored(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("stars", "str", "@s with each word that is in @banned replaced by as many asterisks as it has letters", "return ' '.join('*' * len(w) if w in $banned else w for w in $s.split())",
            "parts = $s.split()\nfor i in range(len(parts)):\n    if parts[i] in $banned:\n        parts[i] = '*' * len(parts[i])\nreturn ' '.join(parts)",
            "Hide forbidden words: every word of @s that is listed in @banned is overwritten with asterisks of the same length."),
        ("first_letter", "str", "@s with each word that is in @banned reduced to its first letter followed by dots for its other letters", "return ' '.join(w[0] + '.' * (len(w) - 1) if w in "
            "$banned else w for w in $s.split())", "out = []\nfor w in $s.split():\n    if w in $banned:\n        w = w[0] + '.' * len(w[1:])\n    out.append(w)\nreturn ' '.join(out)",
            "The words in @banned must not be printed in full. In @s keep only their first letter and write a dot for each other letter."),
        ("removed", "str", "@s without the words that are in @banned", "return ' '.join(w for w in $s.split() if w not in $banned)", "kept = []\nfor w in $s.split():\n    if w not in $banned:\n"
            "        kept.append(w)\nreturn ' '.join(kept)", "Delete all words of @s that appear in the list @banned. Single spaces separate the remaining words; the result may be empty."),
        ("count", "int", "the number of words in @s that are in @banned, repetitions counted", "return sum(w in $banned for w in $s.split())",
            "return len([w for w in $s.split() if w in $banned])", "How often does the writer of @s use a word from the list @banned?"),
        ("limit", "str", "@s up to, but not including, the first word that is in @banned", "result = []\nfor w in $s.split():\n    if w in $banned:\n        break\n    result.append(w)\nreturn "
            "' '.join(result)", "return ' '.join(itertools.takewhile(lambda w: w not in $banned, $s.split()))", "A speaker says @s, but the microphone is switched off at the first word from "
            "the list @banned. Which words are heard?"),
        ("unused", "list[str]", "a list of the words in @banned that do not occur as words in @s", "used = $s.split()\nreturn [w for w in $banned if w not in used]",
            "result = []\nfor w in $banned:\n    if w not in $s.split():\n        result.append(w)\nreturn result", "Which of the forbidden words @banned has the text @s avoided? Return them "
            "in the order of the list."),
        ("after", "list[str]", "a list of the words in @s that come directly after a word that is in @banned", "parts = $s.split()\nreturn [b for a, b in zip(parts, parts[1:]) if a in $banned]",
            "parts = $s.split()\nresult = []\nfor i in range(1, len(parts)):\n    if parts[i - 1] in $banned:\n        result.append(parts[i])\nreturn result",
            "Some signal words are listed in @banned. Collect from @s every word that stands immediately behind a signal word."),
    ])  # fmt: skip
    own = (
        g.choice(["banned", "forbidden", "marked", "stop_words"])
        if kind != "after"
        else g.choice(["signals", "marked"])
    )
    result, body, other, say = (
        x.replace("@banned", f"@{own}").replace("$banned", f"${own}") for x in (result, body, other, say)
    )
    return lesson.draft(
        g,
        f"[censor|filter|check]_{kind}",
        f"s:plain {own}:banned",
        typ,
        result,
        body,
        other,
        imports=("import itertools",),
        tellings=(say,),
    )


@lesson
def replaced_by_table(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("all", "str", "@s with each word that is a key of @table replaced by its value", "return ' '.join($table.get(w, w) for w in $s.split())",
            "out = []\nfor w in $s.split():\n    if w in $table:\n        out.append($table[w])\n    else:\n        out.append(w)\nreturn ' '.join(out)",
            "Translate the words of @s with the dictionary @table. Words that are not in it stay as they are."),
        ("first_only", "str", "@s in which only the first occurrence of each key of @table is replaced by its value", "done = set()\nout = []\nfor w in $s.split():\n    if w in $table and w "
            "not in done:\n        out.append($table[w])\n        done.add(w)\n    else:\n        out.append(w)\nreturn ' '.join(out)", "parts = $s.split()\nreturn ' '.join($table[w] if w in "
            "$table and w not in parts[:i] else w for i, w in enumerate(parts))", "Replace words of @s by means of @table, but each word only where it occurs for the first time; later "
            "occurrences are left unchanged."),
        ("unknown", "str", "@s with each word that is a key of @table replaced by its value, and all other words put between '<' and '>'", "return ' '.join($table.get(w, f'<{w}>') for w in "
            "$s.split())", "out = []\nfor w in $s.split():\n    out.append($table[w] if w in $table else '<' + w + '>')\nreturn ' '.join(out)", "Translate @s word by word with the dictionary "
            "@table. Mark a word that has no translation by writing it as '<word>'."),
        ("chain", "str", "@s with each word replaced by its value in @table if it has one, and the result looked up once more in the same way", "once = [$table.get(w, w) for w in $s.split()]\n"
            "return ' '.join($table.get(w, w) for w in once)", "for _ in range(2):\n    $s = ' '.join($table.get(w, w) for w in $s.split())\nreturn $s",
            "Apply the replacements in @table to all words of @s, and then apply them a second time to what has come out."),
        ("missing", "list[str]", "a sorted list of the different words in @s that are not keys of @table", "return sorted(set($s.split()) - set($table))",
            "result = []\nfor w in $s.split():\n    if w not in $table and w not in result:\n        result.append(w)\nreturn sorted(result)", "For which words of @s does the dictionary @table "
            "have no entry? Return them sorted and without repetition."),
        ("backwards", "str", "@s with each word that is a value of @table replaced by the first key that has this value", "back = {}\nfor key, value in $table.items():\n    "
            "back.setdefault(value, key)\nreturn ' '.join(back.get(w, w) for w in $s.split())", "out = []\nfor w in $s.split():\n    out.append(next((key for key, value in $table.items() if "
            "value == w), w))\nreturn ' '.join(out)", "The dictionary @table translates words into a language; @s is a text in that language. Translate it back: replace each word that is a "
            "value by its key. If several keys have the value, use the first of them; words that are no values stay."),
        ("change_count", "int", "the number of words in @s that would really change if each key of @table were replaced by its value", "return sum(w in $table and $table[w] != w for w in "
            "$s.split())", "return len([w for w in $s.split() if $table.get(w, w) != w])", "If the words of @s were replaced according to @table, how many would look different afterwards? A "
            "word that is mapped to itself does not change."),
    ])  # fmt: skip
    return lesson.draft(g, f"table_{kind}", "s:few table:tdict", typ, result, body, other, tellings=(say,))


@lesson
def spaces_fixed(g: Random) -> Draft:
    c = g.choice("_-.")
    kind, typ, result, body, other, say = g.choice([
        ("single", "str", f"@s without spaces at both ends and with each gap between two words replaced by a single '{c}', however wide it is", f"return '{c}'.join($s.split())",
            f"out = ''\nfor ch in $s.strip():\n    if ch != ' ':\n        out += ch\n    elif not out.endswith('{c}'):\n        out += '{c}'\nreturn out",
            f"Clean up @s: remove spaces at the beginning and the end, and write one '{c}' in place of one or more spaces between words."),
        ("gaps", "list[int]", "a list of the numbers of spaces between neighbouring words in @s; spaces at the beginning and the end do not count",
            "gaps, run = [], 0\nfor c in $s.strip():\n    if c == ' ':\n        run += 1\n    elif run:\n        gaps.append(run)\n        run = 0\nreturn gaps",
            "return [len(gap) for gap in re.findall(' +', $s.strip())]", "How wide are the gaps between the words of @s? Return the number of spaces in each gap from left to right, ignoring "
            "spaces before the first and after the last word."),
        ("widest", "int", "the largest number of spaces in a row in @s", "best = run = 0\nfor c in $s:\n    run = run + 1 if c == ' ' else 0\n    best = max(best, run)\nreturn best",
            "n = 0\nwhile ' ' * (n + 1) in $s:\n    n += 1\nreturn n", "Find the longest unbroken sequence of spaces in @s, also at its beginning or end, and return its length, which is 0 if "
            "there are no spaces."),
        ("double_only", "str", "@s with all sequences of three or more spaces shortened to two spaces", "while '   ' in $s:\n    $s = $s.replace('   ', '  ')\nreturn $s",
            "out = ''\nfor c in $s:\n    if c != ' ' or not out.endswith('  '):\n        out += c\nreturn out", "Nowhere in @s should there be more than two spaces in a row. Remove the "
            "superfluous ones and nothing else."),
        ("extra", "int", "how many spaces must be removed from @s so that there are none at the ends and exactly one between any two words", "return len($s) - len(' '.join($s.split()))",
            "spaces = $s.count(' ')\nneeded = max(0, len($s.split()) - 1)\nreturn spaces - needed", "A tidy text has single spaces between words and none at its ends. Count the spaces of @s "
            "that are too many."),
        ("margins", "tuple[int, int]", "a tuple with the number of spaces at the beginning and the number of spaces at the end of @s; if it consists of spaces only, all count as being at the "
            "beginning", "left_part = len($s) - len($s.lstrip(' '))\nreturn (left_part, len($s.lstrip(' ')) - len($s.strip(' ')))", "i = 0\nwhile i < len($s) and $s[i] == ' ':\n    i += 1\nj = "
            "0\nwhile len($s) - j > i and $s[-1 - j] == ' ':\n    j += 1\nreturn i, j", "Measure the margins of @s: how many spaces come before the first word, and how many after the last? "
            "Return both numbers as a tuple. Without any word, the first number is the length of the string and the second is 0."),
        ("starts", "list[int]", "a list of the indices in @s at which a word begins", "return [i for i, c in enumerate($s) if c != ' ' and (i == 0 or $s[i - 1] == ' ')]",
            "starts = []\nbefore = ' '\nfor i, c in enumerate($s):\n    if before == ' ' and c != ' ':\n        starts.append(i)\n    before = c\nreturn starts",
            "Words in @s are separated by one or more spaces. At which indices of the string do words start?"),
        ("swapped", "str", "@s with the order of its words reversed while the gaps between them keep their places and widths; spaces at both ends stay too",
            "pieces = re.split('( +)', $s)\nparts = [p for p in pieces if p.strip()]\nreturn ''.join(parts.pop() if p.strip() else p for p in pieces)",
            "parts = $s.split()\nout = ''\nfor i, c in enumerate($s):\n    if c == ' ':\n        out += c\n    elif i == 0 or $s[i - 1] == ' ':\n        out += parts.pop()\nreturn out",
            "Reverse the order of the words in @s, but do not touch the spaces: the first gap stays as wide as it was, the second too, and so on."),
    ])  # fmt: skip
    return lesson.draft(
        g, f"spaces_{kind}", "s:spaced", typ, result, body, other, imports=("import re",), tellings=(say,)
    )


@lesson
def naming_styles(g: Random) -> Draft:
    kind, arg, typ, result, body, other, say = g.choice([
        ("dashed_capital", "snake", "str", "@label in the style 'First-Second-Third', that is, with capitalised parts and hyphens in place of underscores",
            "return '-'.join(part.capitalize() for part in $label.split('_'))", "result = []\nfor part in $label.split('_'):\n    result.append(part[0].upper() + part[1:])\nreturn "
            "'-'.join(result)", "Convert a name with underscores, @label, into a header name: parts are capitalised and joined by hyphens, so that 'user_name' becomes 'User-Name'."),
        ("constant", "camel", "str", "@label in the style of constants: all letters in uppercase and an underscore before each letter that was a capital, except at the beginning",
            "result = ''\nfor i, c in enumerate($label):\n    if c.isupper() and i > 0:\n        result += '_'\n    result += c.upper()\nreturn result",
            "return $label[0].upper() + ''.join('_' + c if c.isupper() else c.upper() for c in $label[1:])", "Write the camelCase name @label as a constant: 'maxItem' becomes 'MAX_ITEM'. A "
            "capital at the very beginning gets no underscore."),
        ("sentence", "camel", "str", "a phrase made of @label: words in lowercase separated by spaces, with only the first letter of the phrase in uppercase",
            "out = ''\nfor c in $label:\n    out += ' ' + c.lower() if c.isupper() else c\nreturn out.strip().capitalize()", "parts = re.findall('[A-Z]?[a-z]+', $label)\nreturn ' "
            "'.join(parts).lower().capitalize()", "Labels on forms are made from names in the program: 'userName' becomes 'User name'. Make such a label from @label."),
        ("parts", "camel", "list[str]", "a list of the words that the camelCase name @label is made of, in lowercase", "parts = []\nfor c in $label:\n    if c.isupper() or not parts:\n        "
            "parts.append('')\n    parts[-1] += c.lower()\nreturn parts", "return [part.lower() for part in re.findall('[A-Z]?[a-z]+', $label)]",
            "In @label every new word begins with a capital letter (the first word may begin with a small one). List the words in lowercase."),
        ("short", "snake", "str", "the first letters of the parts of @label, followed by an underscore and its last part in full", "parts = $label.split('_')\nreturn ''.join(part[0] for part "
            "in parts) + '_' + parts[-1]", "heads = ''\nfor part in $label.split('_'):\n    heads += part[0]\nreturn f\"{heads}_{$label.split('_')[-1]}\"",
            "Make a short name of @label, whose parts are separated by underscores: write the first letter of every part, then '_' and the whole last part."),
        ("humps", "camel", "int", "the number of words in the camelCase name @label", "return 1 + sum(c.isupper() for c in $label[1:])", "count = 1\nfor i in range(1, len($label)):\n    if "
            "$label[i].isupper():\n        count += 1\nreturn count", "How many words does the name @label consist of? Every capital letter after the first character begins a new word."),
        ("camel_limited", "snake", "str", "@label in camelCase, with at most its first three parts used", "head, *rest = $label.split('_')[:3]\nreturn head + ''.join(part.capitalize() for part "
            "in rest)", "out = ''\nfor i, part in enumerate($label.split('_')):\n    if i < 3:\n        out += part if i == 0 else part.capitalize()\nreturn out",
            "Turn the snake_case name @label into camelCase (the first part in lowercase, the others capitalised and attached directly). Parts after the third are dropped."),
        ("reversed_parts", "snake", "str", "@label with the order of its parts, which are separated by underscores, reversed", "return '_'.join($label.split('_')[::-1])",
            "result = ''\nfor part in $label.split('_'):\n    result = part + '_' + result if result else part\nreturn result", "The parts of @label are separated by underscores. Put them in "
            "reverse order: 'file_path_new' becomes 'new_path_file'."),
        ("swap_style", "camel", "str", "@label with the case of its first letter switched", "return $label[0].swapcase() + $label[1:]", "head = $label[0]\nhead = head.lower() if head.isupper() "
            "else head.upper()\nreturn head + $label[1:]", "Names of classes begin with a capital letter, names of variables with a small one. Turn @label from one kind into the other."),
    ])  # fmt: skip
    return lesson.draft(
        g, f"{kind}_name", f"label:{arg}", typ, result, body, other, imports=("import re",), tellings=(say,)
    )


@lesson
def letters_across(g: Random) -> Draft:
    k = g.randint(1, 3)
    blank = g.choice(["", "-", "."])
    nth = {1: "second", 2: "third", 3: "fourth"}[k]
    kind, typ, result, body, other, say = g.choice([
        ("nth", "str", f"a string of the {nth} letters of the words in @words; words that are too short {'contribute nothing' if not blank else 'contribute ' + repr(blank)}",
            f"return ''.join(w[{k}] if len(w) > {k} else '{blank}' for w in $words)", f"out = ''\nfor w in $words:\n    if len(w) > {k}:\n        out += w[{k}]\n" + (
            f"    else:\n        out += '{blank}'\n" if blank else "") + "return out", f"Write the words in @words under each other and read column number {k + 1} from top to bottom. Where a "
            f"word has no letter in this column, {'skip it' if not blank else 'read ' + repr(blank)}."),
        ("diagonal", "str", "a string of the first letter of the first word in @words, the second letter of the second word, and so on, where words that are too short are skipped",
            "return ''.join(w[i] for i, w in enumerate($words) if i < len(w))", "out = ''\nfor i in range(len($words)):\n    if len($words[i]) > i:\n        out += $words[i][i]\nreturn out",
            "A message is hidden on the diagonal of @words: letter 1 of word 1, letter 2 of word 2, letter 3 of word 3 ... Words without such a letter contribute nothing. Return the message."),
        ("columns", "list[str]", "a list of the columns that one reads from top to bottom when the words in @words are written under each other; words that are too short leave no gap",
            "size = max((len(w) for w in $words), default=0)\nreturn [''.join(w[i] for w in $words if i < len(w)) for i in range(size)]", "columns = []\nfor w in $words:\n    for i, c in "
            "enumerate(w):\n        if i == len(columns):\n            columns.append('')\n        columns[i] += c\nreturn columns", "Write the words in @words in lines, all beginning at the "
            "left. Return what stands in each column, read downwards, as a list of strings. Missing letters are simply left out."),
        ("tops_tails", "tuple[str, str]", "a tuple of two strings: the first letters of the words in @words, and their last letters", "return (''.join(w[0] for w in $words), ''.join(w[-1] for "
            "w in $words))", "tops = tails = ''\nfor w in $words:\n    tops += w[0]\n    tails += w[-1]\nreturn tops, tails", "Read only the beginnings of the words in @words, then only their "
            "ends. Return the two strings as a tuple."),
        ("snake", "str", "one string of the words in @words in which every second word, beginning with the second one, is written backwards", "return ''.join(w[::-1] if i % 2 else w for i, w "
            "in enumerate($words))", "out, back = '', False\nfor w in $words:\n    out += w[::-1] if back else w\n    back = not back\nreturn out",
            "Read the list @words like a field that is ploughed: the first word forwards, the second backwards, the third forwards, and so on, all in one string."),
        ("common_column", "list[int]", "a list of the indices at which all the words in @words have the same letter, as far as the shortest word reaches; [] if there are no words",
            "if not $words:\n    return []\nreturn [i for i in range(min(map(len, $words))) if len({w[i] for w in $words}) == 1]", "return [i for i, column in enumerate(zip(*$words)) if "
            "len(set(column)) == 1]", "Compare all the words in @words letter by letter. At which indices do they agree completely? Only indices that exist in every word count, and an empty "
            "list gives an empty result."),
        ("triangle", "str", "a string made of one letter of the first word in @words, two letters of the second, three of the third, and so on, always from the beginning of the word and fewer "
            "if it is too short", "return ''.join(w[:i] for i, w in enumerate($words, 1))", "out = ''\nfor i in range(len($words)):\n    out += $words[i][:i + 1]\nreturn out",
            "Take a growing part of every word in @words: the first letter of word 1, the first two letters of word 2, the first three of word 3. Short words give what they have. Join the "
            "parts."),
    ])  # fmt: skip
    return lesson.draft(
        g,
        f"[read|letters]_{kind}",
        "words:stems" if kind == "common_column" else "words:wl",
        typ,
        result,
        body,
        other,
        tellings=(say,),
    )


@lesson
def around_a_word(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("after", "list[str]", "a list of the words that come directly after an occurrence of @w in @s", "parts = $s.split()\nreturn [b for a, b in zip(parts, parts[1:]) if a == $w]",
            "parts = $s.split()\nfound = []\nfor i in range(len(parts) - 1):\n    if parts[i] == $w:\n        found.append(parts[i + 1])\nreturn found",
            "Which words follow @w in the sentence @s? List them in order, with repetitions. An occurrence at the end has no follower."),
        ("before", "str | None", "the word before the first occurrence of @w in @s, or None if @w does not occur or comes first", "parts = $s.split()\nif $w not in parts or parts[0] == $w:\n   "
            " return None\nreturn parts[parts.index($w) - 1]", "previous = None\nfor part in $s.split():\n    if part == $w:\n        return previous\n    previous = part\nreturn None",
            "Look for the word @w in @s. Return the word that stands before its first occurrence. There may be none, because @w is missing or is the first word; return None in these cases."),
        ("cut", "tuple[str, str]", "a tuple with the part of @s before the first occurrence of the word @w and the part after it, without spaces at the ends; if @w does not occur, the first "
            "part is all of @s and the second is ''", "parts = $s.split()\nif $w not in parts:\n    return ($s, '')\ni = parts.index($w)\nreturn (' '.join(parts[:i]), ' '.join(parts[i + 1:]))",
            "before, after, found = [], [], False\nfor part in $s.split():\n    if not found and part == $w:\n        found = True\n    elif found:\n        after.append(part)\n    else:\n     "
            "   before.append(part)\nreturn ' '.join(before), ' '.join(after)", "Divide the sentence @s at the word @w, at its first occurrence. Return what comes before and what comes after "
            "as a tuple of two strings; the word itself is in neither. If @w is not a word of @s, return the whole sentence and an empty string."),
        ("framed", "str", "@s with each occurrence of the word @w written in uppercase between two hyphens, as in '-SEA-'", "return ' '.join(f'-{part.upper()}-' if part == $w else part for "
            "part in $s.split())", "parts = $s.split()\nfor i, part in enumerate(parts):\n    if part == $w:\n        parts[i] = '-' + part.upper() + '-'\nreturn ' '.join(parts)",
            "Make the word @w stand out in @s: wherever it is a whole word, it is written in capitals with a hyphen on either side."),
        ("distance", "int", "the number of words between the first and the last occurrence of @w in @s, or -1 if it occurs fewer than two times",
            "places = [i for i, part in enumerate($s.split()) if part == $w]\nreturn places[-1] - places[0] - 1 if len(places) > 1 else -1", "parts = $s.split()\nif parts.count($w) < 2:\n    "
            "return -1\ni = parts.index($w)\nj = len(parts) - 1 - parts[::-1].index($w)\nreturn j - i - 1", "Count the words that stand between the first and the last @w in @s. If @w occurs "
            "once or never, return -1."),
        ("inserted", "str", "@s with the word 'not' inserted after each occurrence of the word @w", "out = []\nfor part in $s.split():\n    out.append(part)\n    if part == $w:\n        "
            "out.append('not')\nreturn ' '.join(out)", "return ' '.join(part + ' not' if part == $w else part for part in $s.split())", "Turn the statement @s into its opposite: put the word "
            "'not' behind every @w."),
        ("surrounding", "list[str]", "a list of the words in @s that have @w as their left or right neighbour and are not @w themselves", "parts = $s.split()\nresult = []\nfor i, part in "
            "enumerate(parts):\n    near = parts[max(0, i - 1):i] + parts[i + 1:i + 2]\n    if part != $w and $w in near:\n        result.append(part)\nreturn result",
            "padded = [''] + $s.split() + ['']\nreturn [padded[i] for i in range(1, len(padded) - 1) if padded[i] != $w and $w in (padded[i - 1], padded[i + 1])]",
            "Which words of @s stand next to the word @w, on either side? List each such position once, in order, and leave out the word @w itself."),
        ("inside", "list[str]", "a list of the words in @s that contain @w as a part but are longer than it", "return [part for part in $s.split() if $w in part and part != $w]",
            "result = []\nfor part in $s.split():\n    if len(part) > len($w) and part.find($w) >= 0:\n        result.append(part)\nreturn result",
            "Find the words of @s in which @w is hidden, that is, which contain it and have further letters."),
    ])  # fmt: skip
    kinds = "s:few w:key" if kind != "inside" else "s:plain w:bit"
    return lesson.draft(g, f"word_{kind}", kinds, typ, result, body, other, tellings=(say,))


@lesson
def completions(g: Random) -> Draft:
    k = g.randint(2, 3)
    kind, typ, result, body, other, say = g.choice([
        ("few", "list[str]", f"the first {k} words, in alphabetical order and without duplicates, among the words in @words that begin with @start",
            f"return sorted({{w for w in $words if w.startswith($start)}})[:{k}]", f"found = []\nfor w in sorted($words):\n    if w[:len($start)] == $start and w not in found:\n        "
            f"found.append(w)\nreturn found[:{k}]", f"A search box proposes at most {k} words for what has been typed, @start. The proposals are the alphabetically first of the different words "
            f"in @words that begin with it."),
        ("rest", "list[str]", "a list of what has to be added to @start to get each word in @words that begins with it, in the order of the list",
            "return [w[len($start):] for w in $words if w.startswith($start)]", "result = []\nfor w in $words:\n    if w.find($start) == 0:\n        result.append(w[len($start):])\nreturn result",
            "The user has typed @start. For each word in @words that begins like that, tell which letters are still missing (an empty string if none are)."),
        ("shortest", "str", "the shortest word in @words that begins with @start, the first one in case of a tie, or @start itself if there is none",
            "fitting = [w for w in $words if w.startswith($start)]\nreturn min(fitting, key=len, default=$start)", "best = None\nfor w in $words:\n    if w.startswith($start) and (best is None "
            "or len(w) < len(best)):\n        best = w\nreturn $start if best is None else best", "Complete @start to the shortest word in @words that begins with it. If several are equally "
            "short, the first one wins; if no word fits, what was typed stays."),
        ("next_letters", "str", "a sorted string of the different letters that can come next after @start according to the words in @words that begin with it and are longer",
            "n = len($start)\nreturn ''.join(sorted({w[n] for w in $words if w.startswith($start) and len(w) > n}))", "letters = ''\nfor w in $words:\n    if w.startswith($start) and w != "
            "$start:\n        c = w[len($start)]\n        if c not in letters:\n            letters += c\nreturn ''.join(sorted(letters))", "A keyboard highlights the keys that may be pressed "
            "next. So far @start has been typed. Return the letters with which one can continue towards a word in @words, in alphabetical order and each once."),
        ("marked", "list[str]", "a list of the words in @words in which the beginning @start, where a word has it, is put in parentheses", "return ['(' + $start + ')' + w[len($start):] if "
            "w.startswith($start) else w for w in $words]", "result = []\nfor w in $words:\n    if w.startswith($start):\n        w = f'({$start}){w[len($start):]}'\n    result.append(w)\n"
            "return result", "Show in every word of @words that begins with @start what has been matched: put the beginning in parentheses. Other words are unchanged."),
        ("unique", "str", "the only word in @words that begins with @start, 'none' if there is no such word, and 'several' if there is more than one entry",
            "fitting = [w for w in $words if w.startswith($start)]\nif not fitting:\n    return 'none'\nreturn fitting[0] if len(fitting) == 1 else 'several'",
            "answer = 'none'\nfor w in $words:\n    if w.startswith($start):\n        if answer != 'none':\n            return 'several'\n        answer = w\nreturn answer",
            "Commands may be shortened if that is not ambiguous. Given the known commands @words and the typed beginning @start, return the command that is meant. Return 'none' if nothing fits "
            "and 'several' if two or more entries fit."),
        ("split", "tuple[list[str], list[str]]", "a tuple of two lists: the words in @words that begin with @start, and those that contain it only further inside",
            "front = [w for w in $words if w.startswith($start)]\ninside = [w for w in $words if $start in w and not w.startswith($start)]\nreturn (front, inside)",
            "front, inside = [], []\nfor w in $words:\n    i = w.find($start)\n    if i == 0:\n        front.append(w)\n    elif i > 0:\n        inside.append(w)\nreturn front, inside",
            "Search the list @words for @start. Words that begin with it are better hits than words that merely contain it somewhere later. Return both kinds as two lists in a tuple, each in "
            "the original order."),
    ])  # fmt: skip
    return lesson.draft(g, f"complete_{kind}", "words:stems start:start", typ, result, body, other, tellings=(say,))


@lesson
def word_family(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("stem_rests", "list[str]", "a list of what is left of the words in @words after their longest common beginning has been cut off", "n = 0\nwhile all(len(w) > n for w in $words) and "
            "len({w[n] for w in $words}) == 1:\n    n += 1\nreturn [w[n:] for w in $words]", "n = min(len(w) for w in $words)\nwhile len({w[:n] for w in $words}) > 1:\n    n -= 1\nreturn "
            "[w[n:] for w in $words]", "All the words in @words may begin with the same letters. Cut off this common beginning, as long as possible, from each of them and return the remainders."),
        ("stem_form", "str", "the words in @words written in short: their longest common beginning, followed by the remainders in parentheses and separated by '/'",
            "n = 0\nfor column in zip(*$words):\n    if len(set(column)) > 1:\n        break\n    n += 1\nreturn $words[0][:n] + '(' + '/'.join(w[n:] for w in $words) + ')'",
            "stem = $words[0]\nwhile not all(w.startswith(stem) for w in $words):\n    stem = stem[:-1]\nrests = [w[len(stem):] for w in $words]\nreturn f\"{stem}({'/'.join(rests)})\"",
            "Write a family of words economically. The longest beginning that all the words in @words share comes first, then in parentheses what each word adds to it, with '/' between these "
            "parts. A word that adds nothing gives an empty part."),
        ("abbreviations", "list[str]", "a list that gives for each word in @words its shortest beginning that is not also a beginning of another word in the list that differs from it, or the "
            "whole word if there is no such beginning", "result = []\nfor w in $words:\n    others = [v for v in $words if v != w]\n    n = 1\n    while n < len(w) and any(v.startswith(w[:n]) "
            "for v in others):\n        n += 1\n    result.append(w[:n])\nreturn result", "def shortest(w):\n    for n in range(1, len(w)):\n        if not any(v != w and v.startswith(w[:n]) "
            "for v in $words):\n            return w[:n]\n    return w\n\nreturn [shortest(w) for w in $words]", "Abbreviate each word in @words as far as it stays clear which word is meant: "
            "use the shortest beginning with which no different word in the list begins. If there is none, use the whole word."),
        ("shared_letters", "str", "the letters that occur in every word in @words, in alphabetical order, as a string", "return ''.join(sorted(set.intersection(*map(set, $words))))",
            "result = ''\nfor c in sorted(set($words[0])):\n    if all(c in w for w in $words):\n        result += c\nreturn result", "Which letters do all the words in @words have in common, "
            "wherever they stand? Return them sorted and each once as one string."),
        ("odd_one", "list[str]", "a list of the words in @words whose first letter is not the most frequent first letter in the list; if several first letters are equally frequent, the one "
            "that appears earliest counts as the most frequent", "heads = [w[0] for w in $words]\ncommon = max(heads, key=heads.count)\nreturn [w for w in $words if w[0] != common]",
            "counts = {}\nfor w in $words:\n    counts[w[0]] = counts.get(w[0], 0) + 1\ncommon = max(counts, key=counts.get)\nresult = []\nfor w in $words:\n    if w[0] != common:\n        "
            "result.append(w)\nreturn result", "Most words of a list begin with the same letter; find those that do not. Determine the most frequent first letter of @words (in a tie the one "
            "met first) and return the words that begin with another one."),
        ("contained", "list[str]", "a list of the words in @words that are contained in another, longer word of the list", "return [w for w in $words if any(w in v and len(v) > len(w) for v in "
            "$words)]", "result = []\nfor w in $words:\n    for v in $words:\n        if w != v and w in v:\n            result.append(w)\n            break\nreturn result",
            "Go through the words in @words and keep those that are hidden in a longer word of the same list."),
    ])  # fmt: skip
    return lesson.draft(g, f"family_{kind}", "words:stems", typ, result, body, other, tellings=(say,))


@lesson
def telegram_costs(g: Random) -> Draft:
    a, b, k, m = g.randint(2, 9), g.randint(1, 3), g.randint(3, 5), g.randint(2, 4)
    kind, cost, say = g.choice([
        ("per_word", f"{a} * len(parts)", f"every word costs {a} cents"), ("long_words", f"sum({a} if len(w) <= {k} else {a + m} for w in parts)",
            f"a word of at most {k} letters costs {a} cents and a longer one {a + m} cents"), ("letters", f"max({a * 4}, {b} * sum(len(w) for w in parts))",
            f"each letter costs {b} cent{'s' if b > 1 else ''}, spaces are free, and the least one has to pay is {a * 4} cents"),
        ("free_words", f"{a} * max(0, len(parts) - {m})", f"the first {m} words are free and each further word costs {a} cents"), ("repeat", f"{a} * len(set(parts)) + {b} * (len(parts) - "
            f"len(set(parts)))", f"a word costs {a} cents when it is used for the first time and {b} cent{'s' if b > 1 else ''} each time it is repeated"), ("blocks",
            f"sum(-(-len(w) // {k}) for w in parts) * {a}", f"each word costs {a} cents for every {k} letters or part of them, so that a word of {k + 1} letters costs {2 * a} cents"),
    ])  # fmt: skip
    loops = {"per_word": f"total = 0\nfor w in $s.split():\n    total += {a}\nreturn total", "long_words": f"total = 0\nfor w in $s.split():\n    total += {a}\n    if len(w) > {k}:\n        "
        f"total += {m}\nreturn total", "letters": f"total = 0\nfor c in $s:\n    if c != ' ':\n        total += {b}\nif total < {a * 4}:\n    return {a * 4}\nreturn total", "free_words":
        f"total = 0\nfor i, w in enumerate($s.split()):\n    if i >= {m}:\n        total += {a}\nreturn total",
             "repeat": f"seen = set()\ntotal = 0\nfor w in $s.split():\n    total += {b} if w in seen else {a}\n    seen.add(w)\nreturn total", "blocks":
                 f"total = 0\nfor w in $s.split():\n    total += {a} * ((len(w) + {k - 1}) // {k})\nreturn total"}[kind]  # fmt: skip
    back = g.choice(["cost", "cost", "afford"])
    if back == "afford":
        loop = (
            loops.replace("return total", "return total <= $n")
            if kind != "letters"
            else f"total = {b} * len($s.replace(' ', ''))\nreturn max(total, {a * 4}) <= $n"
        )
        return lesson.draft(
            g,
            f"can_send_{kind}",
            "s:plain n:pos",
            "bool",
            f"True if @n cents are enough to send the message @s, where {say}",
            f"parts = $s.split()\nreturn {cost} <= $n",
            loop,
            tellings=(
                f"Sending a telegram has its price: {say}. Somebody wants to send @s and has @n cents. Is that enough?",
            ),
        )
    return lesson.draft(g, f"[price|cost]_{kind}", "s:plain", "int", f"the price in cents of a telegram with the text @s, where {say}", f"parts = $s.split()\nreturn {cost}", loops,
                        tellings=(f"A post office charges telegrams in this way: {say}. What does the text @s cost in cents?", f"Compute the price of the message @s. The rule is that {say}."))  # fmt: skip


@lesson
def word_steps(g: Random) -> Draft:
    kind, test, rule = g.choice(
        [
            (
                "one_letter",
                "len(a) == len(b) and sum(c != e for c, e in zip(a, b)) == 1",
                "have the same length and differ in exactly one position",
            ),
            (
                "inserted",
                "len(b) == len(a) + 1 and any(b[:i] + b[i + 1:] == a for i in range(len(b)))",
                "are such that the second arises from the first by inserting one letter",
            ),
            ("same_letters", "sorted(a) == sorted(b)", "consist of the same letters, possibly in another order"),
            ("rotated", "len(a) == len(b) and a in b + b", "are rotations of each other"),
        ]
    )
    back = g.choice(["count", "bool", "list"])
    if back == "count":
        return lesson.draft(g, f"steps_{kind}", "words:ladder", "int", f"the number of pairs of neighbouring words in @words that {rule}",
            f"return sum({test} for a, b in zip($words, $words[1:]))", f"count = 0\nfor i in range(len($words) - 1):\n    a, b = $words[i], $words[i + 1]\n    if {test}:\n        count += 1\n"
            f"return count",
                            tellings=(f"Compare each word in @words with the next one and count how often the two {rule}.",))  # fmt: skip
    if back == "bool":
        return lesson.draft(g, f"ladder_{kind}", "words:ladder", "bool", f"True if any two neighbouring words in @words {rule}; with fewer than two words there is nothing to check and the "
            f"result is True", f"return all({test} for a, b in zip($words, $words[1:]))", f"for i in range(1, len($words)):\n    a, b = $words[i - 1], $words[i]\n    if not ({test}):\n        "
            f"return False\nreturn True",
                            tellings=(f"A list of words is a ladder if each word and the one after it {rule}. Tell whether @words is a ladder; lists with fewer than two words are.",))  # fmt: skip
    return lesson.draft(g, f"relatives_{kind}", "w:rung words:ladder", "list[str]", f"a list of those entries v of @words for which @w and v {rule}",
        f"a = $w\nreturn [b for b in $words if {test}]", f"result = []\na = $w\nfor b in $words:\n    if {test}:\n        result.append(b)\nreturn result",
                        tellings=(f"Go through @words and keep each entry v for which the words @w and v, in this order, {rule}.",))  # fmt: skip


@lesson
def star_markup(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("loud", "str", "@s without the asterisks and with the marked words in uppercase", "return ' '.join(w.strip('*').upper() if w.startswith('*') else w for w in $s.split())",
            "out, inside = '', False\nfor c in $s:\n    if c == '*':\n        inside = not inside\n    else:\n        out += c.upper() if inside else c\nreturn out",
            "In @s important words are marked with an asterisk on either side, like *this*. Remove the asterisks and write the marked words in capitals instead."),
        ("list", "list[str]", "a list of the marked words in @s, without the asterisks", "return $s.split('*')[1::2]", "found = []\nfor w in $s.split():\n    if w[0] == '*':\n        "
            "found.append(w[1:-1])\nreturn found", "Collect the emphasised words of @s, which are those written between asterisks. Return the bare words as a list."),
        ("tags", "str", "@s with each marked word written between '<b>' and '</b>' instead of the asterisks", "parts = $s.split('*')\nout = parts[0]\nfor i, part in enumerate(parts[1:], 1):\n  "
            "  out += ('<b>' if i % 2 else '</b>') + part\nreturn out", "return re.sub(r'\\*(\\w+)\\*', r'<b>\\1</b>', $s)", "Translate a simple markup: a word between asterisks in @s is to be "
            "enclosed in the tags '<b>' and '</b>'; the asterisks disappear."),
        ("plain", "str", "@s without the marked words", "return ' '.join(w for w in $s.split() if not w.startswith('*'))", "kept = []\nfor w in $s.split():\n    if '*' not in w:\n        "
            "kept.append(w)\nreturn ' '.join(kept)", "Words between asterisks in @s are comments. Remove them together with their asterisks; single spaces separate the remaining words."),
        ("inverse", "str", "@s with the marking reversed: words that were between asterisks lose them, and all other words get them", "return ' '.join(w[1:-1] if w[0] == '*' else '*' + w + '*' "
            "for w in $s.split())", "out = []\nfor w in $s.split():\n    bare = w.strip('*')\n    out.append(bare if bare != w else f'*{w}*')\nreturn ' '.join(out)",
            "Swap emphasis in @s: take the asterisks from the words that have them and put asterisks around every other word."),
        ("places", "list[int]", "a list of the positions, counted from 1, of the marked words among the words of @s", "return [i for i, w in enumerate($s.split(), 1) if w[0] == '*']",
            "result, i = [], 0\nfor w in $s.split():\n    i += 1\n    if w.startswith('*'):\n        result.append(i)\nreturn result", "Number the words of @s from 1. Which numbers do the "
            "words between asterisks have?"),
        ("numbered", "str", "@s with the marked words replaced by '(1)', '(2)' and so on, and, if there are any, a list of them at the end after ' | ', separated by spaces",
            "notes, out = [], []\nfor w in $s.split():\n    if w[0] == '*':\n        notes.append(w[1:-1])\n        w = f'({len(notes)})'\n    out.append(w)\nbody = ' '.join(out)\nreturn body "
            "+ ' | ' + ' '.join(notes) if notes else body", "parts = $s.split('*')\nout = ''\nfor i, part in enumerate(parts):\n    out += f'({i // 2 + 1})' if i % 2 else part\nreturn ' | "
            "'.join([out] + ([' '.join(parts[1::2])] if len(parts) > 1 else []))", "Make footnotes: each word between asterisks in @s is replaced by its number in parentheses, and after the "
            "sentence come ' | ' and the replaced words, separated by spaces. Without marked words nothing is added."),
    ])  # fmt: skip
    return lesson.draft(
        g, f"marked_words_{kind}", "s:starred", typ, result, body, other, imports=("import re",), tellings=(say,)
    )


@lesson
def case_styles(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("count", "dict[str, int]", "a dictionary with the keys 'lower', 'upper', 'title' and the numbers of words in @s that are all lowercase, all uppercase (with at least two letters), or "
            "anything else", "result = {'lower': 0, 'upper': 0, 'title': 0}\nfor w in $s.split():\n    if w.islower():\n        result['lower'] += 1\n    elif w.isupper() and len(w) > 1:\n     "
            "   result['upper'] += 1\n    else:\n        result['title'] += 1\nreturn result", "parts = $s.split()\nlower = sum(w.islower() for w in parts)\nupper = sum(w.isupper() and len(w) "
            "> 1 for w in parts)\nreturn {'lower': lower, 'upper': upper, 'title': len(parts) - lower - upper}", "Classify the words of @s: 'lower' if all letters are small, 'upper' if there "
            "are at least two letters and all are capitals, and 'title' in all other cases. Return how many words belong to each class."),
        ("calm", "str", "@s with each word that is completely in uppercase turned into lowercase; other words stay", "return ' '.join(w.lower() if w.isupper() else w for w in $s.split())",
            "out = []\nfor w in $s.split():\n    out.append(w.lower() if w == w.upper() else w)\nreturn ' '.join(out)", "Somebody SHOUTS some words. Make @s calmer: words in which every letter "
            "is a capital are written in small letters; all others keep their form."),
        ("cycle", "str", "@s with lowercase words turned into uppercase, words completely in uppercase turned into lowercase, and all other words left as they are",
            "return ' '.join(w.swapcase() if w.islower() or w.isupper() else w for w in $s.split())", "out = []\nfor w in $s.split():\n    if w.islower():\n        w = w.upper()\n    elif "
            "w.isupper():\n        w = w.lower()\n    out.append(w)\nreturn ' '.join(out)", "Exchange small and capital letters in those words of @s that are written in one case only. A word "
            "with both kinds of letters is not touched."),
        ("names", "list[str]", "a list of the words in @s that begin with an uppercase letter but are not completely in uppercase", "return [w for w in $s.split() if w[0].isupper() and not "
            "w.isupper()]", "found = []\nfor w in $s.split():\n    if w[0].isupper() and w != w.upper():\n        found.append(w)\nreturn found",
            "Find what may be names in @s: words that start with a capital letter and contain at least one small letter."),
        ("groups", "list[str]", "a list of the longest possible groups of neighbouring words in @s that all begin with an uppercase letter, each group as one string",
            "groups, current = [], []\nfor w in $s.split():\n    if w[0].isupper():\n        current.append(w)\n    elif current:\n        groups.append(' '.join(current))\n        current = "
            "[]\nif current:\n    groups.append(' '.join(current))\nreturn groups", "return [' '.join(group) for upper, group in itertools.groupby($s.split(), key=lambda w: w[0].isupper()) if "
            "upper]", "Names may consist of several words. Collect from @s all unbroken sequences of words that begin with a capital letter, as long as possible, and return each sequence as a "
            "string with single spaces."),
        ("ignore_case_unique", "list[str]", "a list of the words in @s without those that have occurred before in any mixture of cases; the first form of a word is kept",
            "seen, result = set(), []\nfor w in $s.split():\n    if w.lower() not in seen:\n        seen.add(w.lower())\n        result.append(w)\nreturn result",
            "first_forms = {}\nfor w in $s.split():\n    first_forms.setdefault(w.lower(), w)\nreturn list(first_forms.values())", "Remove repeated words from @s, where 'Sea', 'SEA' and 'sea' "
            "count as the same word. Of each word the form that comes first is kept. Return a list."),
        ("follow_first", "str", "@s with every word written in the style of its first word: all uppercase if that is (and has more than one letter), capitalised if only its first letter is a "
            "capital or it is a single capital letter, otherwise lowercase", "parts = $s.split()\nhead = parts[0]\nif head.isupper() and len(head) > 1:\n    return $s.upper()\nif "
            "head[0].isupper():\n    return ' '.join(w.capitalize() for w in parts)\nreturn $s.lower()", "head = $s.split()[0]\nif head.isupper() and len(head) > 1:\n    style = str.upper\n"
            "elif head[0].isupper():\n    style = str.capitalize\nelse:\n    style = str.lower\nreturn ' '.join(style(w) for w in $s.split())", "The first word of @s decides about the rest. If "
            "it is all capitals and longer than one letter, write everything in capitals; otherwise, if it begins with a capital, capitalise every word; otherwise write everything in small "
            "letters."),
    ])  # fmt: skip
    return lesson.draft(
        g, f"case_{kind}", "s:cased", typ, result, body, other, imports=("import itertools",), tellings=(say,)
    )


@lesson
def split_long_words(g: Random) -> Draft:
    k = g.randint(3, 5)
    kind, typ, result, body, other, say = g.choice([
        ("chunks", "list[str]", f"a list of the words in @s, where words of more than {k} letters are cut into pieces of {k} letters, all pieces but the last of a word having a hyphen at the end",
            f"out = []\nfor w in $s.split():\n    while len(w) > {k}:\n        out.append(w[:{k}] + '-')\n        w = w[{k}:]\n    out.append(w)\nreturn out",
            f"out = []\nfor w in $s.split():\n    pieces = [w[i:i + {k}] for i in range(0, len(w), {k})]\n    out += [piece + '-' for piece in pieces[:-1]] + pieces[-1:]\nreturn out",
            f"A display has room for {k} letters and a hyphen. Divide the text @s into words, and break long words: the first {k} letters with a hyphen behind them, then the next {k}, and so "
            f"on; the last piece has no hyphen. Return all pieces."),
        ("halves", "str", f"@s with a hyphen in the middle of each word of more than {k} letters, after the shorter half if the length is odd", f"return ' '.join(w[:len(w) // 2] + '-' + "
            f"w[len(w) // 2:] if len(w) > {k} else w for w in $s.split())", f"out = []\nfor w in $s.split():\n    if len(w) > {k}:\n        i = len(w) // 2\n        w = f'{{w[:i]}}-{{w[i:]}}'\n"
            f"    out.append(w)\nreturn ' '.join(out)", f"Show where the longer words of @s could be divided: put a hyphen in the middle of every word with more than {k} letters. If the number "
            f"of letters is odd, the second half gets the extra letter."),
        ("syllables", "str", "@s with a dot after every vowel (a, e, i, o, u) that is followed by a consonant and another letter", "out = ''\nfor i, c in enumerate($s):\n    out += c\n    rest "
            "= $s[i + 1:i + 3]\n    if c in 'aeiou' and len(rest) == 2 and rest.isalpha() and rest[0] not in 'aeiou':\n        out += '.'\nreturn out",
            "return re.sub(r'([aeiou])(?=[^aeiou ][a-z])', r'\\1.', $s)", "Divide the words of @s roughly into syllables: write a dot behind each vowel (a, e, i, o, u) if the next two "
            "characters are letters of the same word and the first of them is a consonant."),
        ("columns", "list[str]", f"a list of strings, each of which holds {k - 1} words of @s joined by spaces; the last one may hold fewer", f"parts = $s.split()\nreturn [' '.join(parts[i:i + "
            f"{k - 1}]) for i in range(0, len(parts), {k - 1})]", f"rows = []\nfor i, w in enumerate($s.split()):\n    if i % {k - 1} == 0:\n        rows.append(w)\n    else:\n        rows[-1] "
            f"+= ' ' + w\nreturn rows", f"Print the text @s with {k - 1} words in each line. Return the lines as a list; what does not fill a whole line forms the last one."),
        ("equal", "list[str]", f"a list of the words in @s brought to exactly {k} characters: longer ones are cut and shorter ones filled with '_' on the right",
            f"return [w[:{k}].ljust({k}, '_') for w in $s.split()]", f"out = []\nfor w in $s.split():\n    out.append((w + '_' * {k})[:{k}])\nreturn out",
            f"Make all words of @s {k} characters long. Cut off what is too much at the end, and append underscores where letters are missing."),
    ])  # fmt: skip
    return lesson.draft(
        g, f"divide_{kind}", "s:plain", typ, result, body, other, imports=("import re",), tellings=(say,)
    )
