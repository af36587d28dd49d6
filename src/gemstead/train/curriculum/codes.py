"""Text: ciphers, run-length and other encodings, checksums, validation rules, bits, code tables, distance and matching."""

from __future__ import annotations

from random import Random

from gemstead.train.curriculum.draft import WORDS, Draft
from gemstead.train.curriculum.lessons import Lessons

_LOWER = tuple(w for w in WORDS if w.islower() and w.isalpha())


def _phrase(rng: Random) -> object:
    return " ".join(rng.choice([w, w, w.capitalize()]) for w in rng.sample(_LOWER, rng.randint(1, 3))) + rng.choice(
        ["", "", "!", " 42"]
    )


def _runs(rng: Random) -> object:
    return "".join(rng.choice("abcx") * rng.choice([1, 1, 2, 3, 5, 11]) for _ in range(rng.randint(0, 5)))


def _coded_runs(rng: Random) -> object:
    return "".join(rng.choice("abcx") + rng.choice(["1", "2", "3", "12"]) for _ in range(rng.randint(0, 5)))


def _password(rng: Random) -> object:
    return "".join(
        rng.choice(["a", "b", "k", "X", "Q", "7", "1", "!", "_", " ", "pass", "12", "Ab"])
        for _ in range(rng.randint(1, 7))
    )


def _identifier(rng: Random) -> object:
    return (
        rng.choice(["", "", "_", "1", "x"])
        + rng.choice(["total", "Sum", "if", "my-name", "a b", "max_2", "is", "__x", "A1", "é"])
        + rng.choice(["", "", "_", "9", "$"])
    )


def _plate(rng: Random) -> object:
    if rng.random() < 0.4:
        return (
            rng.choice("ABKX")
            + rng.choice(["B", "Z", "I"])
            + rng.choice("--  ")
            + rng.choice(["007", "123", "950", "1234"])
        )
    letters, digits = (
        "".join(rng.choice("ABKXZabI") for _ in range(rng.choice([2, 2, 2, 1, 3]))),
        "".join(rng.choice("0123456789") for _ in range(rng.choice([3, 3, 3, 4, 2]))),
    )
    return rng.choice(
        [f"{letters}-{digits}", f"{letters}-{digits}", f"{letters} {digits}", letters + digits, f"{digits}-{letters}"]
    )


def _mail(rng: Random) -> object:
    return (
        rng.choice(["ann", "bob.lee", "Kim", "", "a.b.c", "x y", ".leo", "mia+shop"])
        + rng.choice(["@", "@", "@", "@", "", "@@"])
        + rng.choice(["mail.com", "Site.org", "home", "a.b.net", ".com", "web.de"])
    )


def _near(rng: Random) -> object:
    base = rng.choice(["stone", "house", "train", "cat", "bread"])
    made = list(base)
    for _ in range(rng.choice([0, 1, 1, 2])):
        i = rng.randrange(len(made))
        made[i : i + 1] = (
            rng.choice([[rng.choice("aeioust")], [], [made[i], rng.choice("aest")], made[i : i + 1]])
            if len(made) > 1
            else made
        )
    return "".join(made)


def _address(rng: Random) -> object:
    parts = [
        str(rng.choice([0, 1, 10, 127, 192, 168, 172, 16, 20, 255, rng.randint(0, 299)]))
        for _ in range(rng.choice([4, 4, 4, 4, 3]))
    ]
    return ".".join(parts)


def _number(rng: Random, low: int, high: int) -> str:
    return "".join(str(rng.randint(0, 9)) for _ in range(rng.randint(low, high)))


def _nested_groups(rng: Random, depth: int = 0) -> str:
    """Letters and groups such as (ab)2."""
    return "".join(
        f"({_nested_groups(rng, depth + 1)}){rng.randint(0, 3)}"
        if depth < 2 and rng.random() < 0.35
        else rng.choice("abc")
        for _ in range(rng.randint(1, 3))
    )


def _swapped(rng: Random) -> object:
    one = rng.choice(["cat", "ten", "form"])
    i = rng.randrange(len(one) - 1)
    return rng.choice([one, one[:i] + one[i + 1] + one[i] + one[i + 2 :]])


lesson = Lessons(
    "codes",
    kinds={
        "phrase": ("str", "a text", _phrase),
        "low": ("str", "a lowercase word", lambda rng: rng.choice(_LOWER)),
        "nested": ("str", "a string of letters and groups such as '(ab)2'", _nested_groups),
        "swap": ("str", "a word", _swapped),
        "text4": (
            "str",
            "a text of lowercase words separated by single spaces,",
            lambda rng: " ".join(rng.choice(_LOWER) for _ in range(rng.randint(2, 5))),
        ),
        "mixed": (
            "str",
            "a text with small and capital letters",
            lambda rng: "".join(rng.choice([c, c, c.upper()]) for c in " ".join(rng.sample(_LOWER, rng.randint(1, 3)))),
        ),
        "key": (
            "str",
            "a keyword in lowercase letters",
            lambda rng: rng.choice(["key", "abc", "lemon", "b", "cab", "zoo"]),
        ),
        "digkey": ("str", "a key of digits", lambda rng: _number(rng, 1, 4)),
        "runs": ("str", "a string of letters", _runs),
        "coded": ("str", "a string in which each letter is followed by a number", _coded_runs),
        "password": ("str", "a password", _password),
        "ident": ("str", "a proposed name", _identifier),
        "plate": ("str", "a number plate", _plate),
        "mail": ("str", "a string that may be an e-mail address", _mail),
        "near": ("str", "a lowercase word", _near),
        "nears": ("list[str]", "a list of lowercase words", lambda rng: [_near(rng) for _ in range(rng.randint(1, 4))]),
        "address": ("str", "a string such as '192.168.0.1'", _address),
        "ipv4": (
            "str",
            "an address such as '192.168.0.1'",
            lambda rng: ".".join(
                str(rng.choice([0, 1, 10, 127, 192, 168, 172, 16, 255, rng.randint(0, 255)])) for _ in range(4)
            ),
        ),
        "digits": ("str", "a non-empty string of digits", lambda rng: _number(rng, 1, 9)),
        "digits2": ("str", "a string of at least two digits", lambda rng: _number(rng, 2, 9)),
        "card": (
            "str",
            "a card number, possibly with spaces or hyphens,",
            lambda rng: rng.choice(["", " ", "-"]).join(_number(rng, 4, 4) for _ in range(rng.choice([2, 3, 4, 4]))),
        ),
        "phone": (
            "str",
            "a telephone number in free form",
            lambda rng: (
                rng.choice(["+49 ", "(030) ", "030/", "", "+1-"])
                + _number(rng, 3, 3)
                + rng.choice(["-", " ", ""])
                + _number(rng, 2, 4)
            ),
        ),
        "bin": (
            "str",
            "a non-empty string of zeros and ones",
            lambda rng: "".join(rng.choice("01") for _ in range(rng.randint(1, 10))),
        ),
        "bytes8": (
            "str",
            "a string of zeros and ones whose length is a multiple of 8",
            lambda rng: "".join(f"{ord(rng.choice('abcXYZ 019')):08b}" for _ in range(rng.randint(0, 4))),
        ),
        "hex": (
            "str",
            "a hexadecimal string of even length in lowercase",
            lambda rng: "".join(
                f"{rng.choice([0, 65, 97, 255, 16, rng.randint(0, 255)]):02x}" for _ in range(rng.randint(0, 4))
            ),
        ),
        "dna": (
            "str",
            "a string of the letters A, C, G and T",
            lambda rng: "".join(rng.choice("ACGT") for _ in range(rng.randint(1, 12))),
        ),
        "serial": (
            "str",
            "a serial number of uppercase letters and digits",
            lambda rng: rng.choice(["A9", "AZ9", "Z9", "B12", "99", "ZZ", "K0Z9", "AB3"]),
        ),
        "wild": (
            "str",
            "a pattern of lowercase letters and '?'",
            lambda rng: rng.choice(["st?ne", "?ouse", "c?t", "?????", "tra?n", "???", "b?e?d", "stone"]),
        ),
        "star": (
            "str",
            "a pattern of lowercase letters with one '*'",
            lambda rng: rng.choice(["st*", "*e", "s*e", "c*t", "*", "tr*in", "h*se", "*read"]),
        ),
        "prefix": (
            "str",
            "a string of zeros and ones",
            lambda rng: (
                "".join(rng.choice(["0", "10", "110", "111"]) for _ in range(rng.randint(0, 6)))
                + rng.choice(["", "", "1", "11"])
            ),
        ),
        "indexes": (
            "list[tuple[int, int]]",
            "a list of tuples (word number, letter number)",
            lambda rng: [(rng.randint(0, 3), rng.randint(0, 4)) for _ in range(rng.randint(1, 4))],
        ),
        "shift": ("int", "an integer, possibly negative,", lambda rng: rng.randint(-9, 30)),
        "few": ("int", "an integer of at least 2", lambda rng: rng.randint(2, 4)),
        "byte": ("int", "an integer from 0 to 255", lambda rng: rng.choice([0, 1, 255, 128, rng.randint(0, 255)])),
        "form": (
            "str",
            "a form in which 'A' stands for an uppercase letter and '9' for a digit",
            lambda rng: rng.choice(["AA-999", "AA-999", "AA-999", "AA 999", "AA 999", "999-AA"]),
        ),
    },
)


@lesson
def letter_shifts(g: Random) -> Draft:
    d = g.randint(1, 5)
    kind, amount, say = g.choice(
        [
            (
                "position",
                "i",
                "by its index in the string, so that the first character is not shifted, the second is shifted by 1, the third by 2 and so on",
            ),
            (
                "alternate",
                f"{d} if i % 2 == 0 else -{d}",
                f"by {d} places, forwards at even indices and backwards at odd indices",
            ),
            (
                "vowels",
                f"{d} if c in 'aeiou' else 0",
                f"by {d} places if it is one of the vowels a, e, i, o, u, and not at all otherwise",
            ),
            ("length", "len($s)", "by as many places as @s is long"),
            (
                "growing",
                f"{d} * (i + 1)",
                f"by {d} places for the first character of the string, {2 * d} for the second, {3 * d} for the third, and so on, counting all characters",
            ),
            ("backwards", f"-{d}", f"backwards by {d} places"),
            (
                "third",
                f"{d} if i % 3 == 2 else 0",
                f"by {d} places if its index leaves the remainder 2 when divided by 3, and not at all otherwise",
            ),
        ]
    )
    both = g.random() < 0.4
    if both:
        body = f"result = ''\nfor i, c in enumerate($s):\n    if c.isalpha():\n        base = ord('A') if c.isupper() else ord('a')\n        c = chr((ord(c) - base + ({amount.replace('c in', 'c.lower() in')})) % 26 + base)\n    result += c\nreturn result"
        other = f"abc = 'abcdefghijklmnopqrstuvwxyz'\nresult = []\nfor i, c in enumerate($s):\n    moved = c\n    if c.lower() in abc:\n        moved = abc[(abc.index(c.lower()) + ({amount.replace('c in', 'c.lower() in')})) % 26]\n    result.append(moved.upper() if c.isupper() else moved)\nreturn ''.join(result)"
        what, rest = "letter", "Capital letters stay capital letters, and all other characters are not changed"
    else:
        body = f"result = ''\nfor i, c in enumerate($s):\n    if 'a' <= c <= 'z':\n        c = chr((ord(c) - 97 + ({amount})) % 26 + 97)\n    result += c\nreturn result"
        other = f"abc = 'abcdefghijklmnopqrstuvwxyz'\nout = []\nfor i, c in enumerate($s):\n    out.append(abc[(abc.index(c) + ({amount})) % 26] if c in abc else c)\nreturn ''.join(out)"
        what, rest = "lowercase letter", "All other characters are not changed"
    return lesson.draft(g, f"[shift|encode|cipher]_{kind}", "s:phrase", "str", f"@s with each {what} shifted in the alphabet {say}; the alphabet is a circle in which 'a' follows 'z'; "
        f"{rest[0].lower() + rest[1:]}", body, other,
                        tellings=(f"Encrypt @s: every {what} moves along the alphabet {say}. After 'z' the alphabet begins again with 'a' (and the other way round). {rest}.",), plan=
                            "I shift each letter modulo 26.")  # fmt: skip


@lesson
def shift_tasks(g: Random) -> Draft:
    kind, arg, typ, result, body, other, say = g.choice([
        ("decode_marked", "s:low n:shift", "str", "the text that becomes @s when each of its letters is shifted forwards by @n places in the alphabet, with wrapping after 'z'",
            "return ''.join(chr((ord(c) - 97 - $n) % 26 + 97) for c in $s)", "abc = 'abcdefghijklmnopqrstuvwxyz'\nresult = ''\nfor c in $s:\n    result += abc[(abc.index(c) - $n) % 26]\nreturn "
            "result", "Somebody has shifted each letter of a word by @n places to the right in the alphabet (to the left if @n is negative) and obtained @s. Find the original word."),
        ("distance", "a:low b:low", "list[int]", "a list of the forward distances in the alphabet, from 0 to 25, from each letter of @a to the letter of @b at the same index, as far as both "
            "reach", "return [(ord(e) - ord(c)) % 26 for c, e in zip($a, $b)]", "result = []\nfor i in range(min(len($a), len($b))):\n    n = ord($b[i]) - ord($a[i])\n    result.append(n if n "
            ">= 0 else n + 26)\nreturn result", "How far must each letter of @a be moved forwards in the alphabet, going on with 'a' after 'z', to become the letter of @b at the same place? "
            "Stop at the end of the shorter word."),
        ("same_shift", "a:low n:few", "bool", "True if @a contains a letter and, somewhere later, the letter that comes @n places after it in the alphabet, without wrapping",
            "return any(ord($a[j]) - ord($a[i]) == $n for i in range(len($a)) for j in range(i + 1, len($a)))", "for i, c in enumerate($a):\n    if chr(ord(c) + $n) in $a[i + 1:]:\n        "
            "return True\nreturn False", "Is there a letter in @a that is followed, at any later place, by the letter exactly @n places further in the alphabet? Do not go on with 'a' after 'z'."),
        ("pattern", "s:low", "list[int]", "a list of the differences between the alphabet positions of neighbouring letters of @s, right minus left",
            "return [ord(e) - ord(c) for c, e in zip($s, $s[1:])]", "return [ord($s[i]) - ord($s[i - 1]) for i in range(1, len($s))]", "Describe the ups and downs of @s: for every letter but "
            "the first, by how many places in the alphabet does it come after the letter before it? Negative numbers mean that it comes earlier."),
        ("normal", "s:low", "str", "the word that results from shifting all letters of @s by the same number of places, with wrapping, so that the first letter becomes 'a'",
            "d = ord($s[0]) - 97\nreturn ''.join(chr((ord(c) - 97 - d) % 26 + 97) for c in $s)", "abc = 'abcdefghijklmnopqrstuvwxyz'\nstart = abc.index($s[0])\nturned = abc[start:] + "
            "abc[:start]\nreturn ''.join(abc[turned.index(c)] for c in $s)", "Two words have the same shape if one is a shifted version of the other. Bring @s to a standard form by shifting "
            "the whole word along the circular alphabet until its first letter is 'a'."),
        ("all_shifts", "s:low n:few", "list[str]", "a list of the words that result from shifting all letters of @s forwards by 1, 2, and so on up to @n places, with wrapping after 'z'",
            "return [''.join(chr((ord(c) - 97 + i) % 26 + 97) for c in $s) for i in range(1, $n + 1)]", "abc = 'abcdefghijklmnopqrstuvwxyz'\nresult = []\nfor _ in range($n):\n    $s = "
            "''.join(abc[(abc.index(c) + 1) % 26] for c in $s)\n    result.append($s)\nreturn result", "To break a cipher one tries shifts. Return the words that @s becomes when it is moved "
            "forwards by one place, two places, ..., @n places in the circular alphabet."),
    ])  # fmt: skip
    return lesson.draft(g, f"shift_{kind}", arg, typ, result, body, other, tellings=(say,))


@lesson
def key_ciphers(g: Random) -> Draft:
    sign, word = g.choice([("+", "forwards"), ("-", "backwards")])
    kind = g.choice(["repeat", "digits", "skip", "auto", "reverse"])
    if kind == "digits":
        return lesson.draft(g, f"digit_key_{word}", "s:low key:digkey", "str", f"@s with each letter shifted {word} in the alphabet by the digit of @key at the same position, where the key is "
            f"repeated as often as needed", f"return ''.join(chr((ord(c) - 97 {sign} int($key[i % len($key)])) % 26 + 97) for i, c in enumerate($s))",
                            f"abc = 'abcdefghijklmnopqrstuvwxyz'\nout = ''\nfor c, digit in zip($s, itertools.cycle($key)):\n    out += abc[(abc.index(c) {sign} int(digit)) % 26]\nreturn out",
                                imports=("import itertools",), tellings=(f"Write the digits of @key again and again under the letters of @s. Each letter is shifted {word} by the digit under "
                                f"it; the alphabet is circular. Return the result.",))  # fmt: skip
    if kind == "auto":
        return lesson.draft(g, f"auto_key_{word}", "s:low key:key", "str", f"@s with each letter shifted {word} in the circular alphabet by the place (a = 0, b = 1, and so on) of the letter at "
            f"the same position in the string made of @key followed by @s", f"stream = $key + $s\nreturn ''.join(chr((ord(c) {sign} ord(e) {'- 2 * 97' if sign == '+' else ''}) % 26 + 97) for "
            f"c, e in zip($s, stream))".replace(" )", ")"),
                            f"abc = 'abcdefghijklmnopqrstuvwxyz'\nout = ''\nfor i, c in enumerate($s):\n    e = $key[i] if i < len($key) else $s[i - len($key)]\n    out += abc[(abc.index(c) "
                                f"{sign} abc.index(e)) % 26]\nreturn out", tellings=(f"In this cipher the key is @key with the message @s itself written behind it. Each letter of the message "
                                f"is moved {word} in the circular alphabet by the place of the key letter under it, where a counts 0, b counts 1, and z counts 25.",))  # fmt: skip
    if kind == "skip":
        return lesson.draft(g, f"key_letters_only_{word}", "s:phrase key:key", "str", f"@s in lowercase with its n-th letter shifted {word} in the circular alphabet by the place (a = 0) of the "
            f"n-th letter of @key, which is repeated; characters other than letters stay and use up no letter of the key", f"result, used = '', 0\nfor c in $s.lower():\n    if c.isalpha():\n   "
            f"     d = ord($key[used % len($key)]) - 97\n        c = chr((ord(c) - 97 {sign} d) % 26 + 97)\n        used += 1\n    result += c\nreturn result",
                            f"abc = 'abcdefghijklmnopqrstuvwxyz'\nstream = itertools.cycle($key)\nout = []\nfor c in $s.lower():\n    out.append(abc[(abc.index(c) {sign} "
                                f"abc.index(next(stream))) % 26] if c in abc else c)\nreturn ''.join(out)", imports=("import itertools",), tellings=(
                                f"First write @s in lowercase. Then shift its letters {word} with the repeated letters of @key: a means no shift, b one place, and so on, around the circle of "
                                f"the alphabet. Spaces, digits and signs are copied, and the key does not move on at them.",))  # fmt: skip
    if kind == "reverse":
        return lesson.draft(
            g,
            "mirror_key",
            "s:low key:key",
            "str",
            "@s with each letter replaced by the letter at the place (key letter minus letter) modulo 26 of the alphabet, counted from "
            "a = 0, where @key is repeated along @s",
            "return ''.join(chr((ord($key[i % len($key)]) - ord(c)) % 26 + 97) for i, c in enumerate($s))",
            "abc = 'abcdefghijklmnopqrstuvwxyz'\nout = ''\nfor i in range(len($s)):\n    k = abc.index($key[i % len($key)])\n    out += abc[(k - abc.index($s[i])) % 26]\nreturn out",
            tellings=(
                "Number the alphabet from a = 0 to z = 25. Under the letters of @s write @key again and again. Replace each letter by the one whose number is that of the key letter minus that of "
                "the letter, modulo 26.",
            ),
        )
    return lesson.draft(g, f"repeat_key_{word}", "s:low key:key", "str", f"@s with each letter shifted {word} by the place of the key letter at the same position (a = 1, b = 2, and so on), "
        f"where @key is repeated and the alphabet is circular", f"return ''.join(chr((ord(c) - 97 {sign} (ord($key[i % len($key)]) - 96)) % 26 + 97) for i, c in enumerate($s))",
        f"abc = 'abcdefghijklmnopqrstuvwxyz'\nlong_key = $key * len($s)\nresult = ''\nfor c, e in zip($s, long_key):\n    result += abc[(abc.index(c) {sign} (abc.index(e) + 1)) % 26]\nreturn "
        f"result",
                        tellings=(f"Encrypt the word @s with the keyword @key. The keyword is written repeatedly under the word; a key letter a shifts {word} by 1, b by 2, and so on up to z by "
                            f"26, with wrapping at the end of the alphabet.",))  # fmt: skip


@lesson
def substitution(g: Random) -> Draft:
    kind, arg, result, body, other, say = g.choice([
        ("keyword", "s:low key:key", "@s with each letter of the alphabet replaced by the one at its place in a new alphabet, which has the different letters of @key first and then all other "
            "letters in order", "abc = 'abcdefghijklmnopqrstuvwxyz'\nnew = ''.join(dict.fromkeys($key + abc))\nreturn $s.translate(str.maketrans(abc, new))",
            "abc = 'abcdefghijklmnopqrstuvwxyz'\nnew = []\nfor c in $key + abc:\n    if c not in new:\n        new.append(c)\nreturn ''.join(new[abc.index(c)] for c in $s)",
            "Build a secret alphabet from a keyword: write the letters of @key, each only once, and after them the rest of the alphabet in its usual order. Then replace every letter of @s by "
            "the letter at the same place of the secret alphabet."),
        ("keyword_back", "s:low key:key", "the word that gives @s when each letter is replaced by the one at its place in a new alphabet, which has the different letters of @key first and then "
            "all other letters in order", "abc = 'abcdefghijklmnopqrstuvwxyz'\nnew = ''.join(dict.fromkeys($key + abc))\nreturn $s.translate(str.maketrans(new, abc))",
            "abc = 'abcdefghijklmnopqrstuvwxyz'\nnew = ''\nfor c in $key + abc:\n    if c not in new:\n        new += c\nreturn ''.join(abc[new.index(c)] for c in $s)",
            "A secret alphabet consists of the letters of @key, each once, followed by the remaining letters in order. The word @s has been written with it. Translate it back to the ordinary "
            "alphabet."),
        ("halves", "s:phrase", "@s with every lowercase letter from 'a' to 'm' exchanged with the one that mirrors it within 'a' to 'm' (a with m, b with l, ...), and likewise within 'n' to "
            "'z'; other characters stay", "out = ''\nfor c in $s:\n    if 'a' <= c <= 'm':\n        c = chr(ord('a') + ord('m') - ord(c))\n    elif 'n' <= c <= 'z':\n        c = chr(ord('n') + "
            "ord('z') - ord(c))\n    out += c\nreturn out", "one, two = 'abcdefghijklm', 'nopqrstuvwxyz'\nreturn $s.translate(str.maketrans(one + two, one[::-1] + two[::-1]))",
            "Divide the alphabet into the halves a to m and n to z and turn each half around. Replace every small letter of @s by the one now at its place, and leave everything else."),
        ("pairs", "s:phrase", "@s with lowercase letters exchanged in pairs of neighbours of the alphabet: a with b, c with d, and so on; other characters stay",
            "return ''.join(chr((ord(c) - 97 ^ 1) + 97) if 'a' <= c <= 'z' else c for c in $s)", "abc = 'abcdefghijklmnopqrstuvwxyz'\nout = ''\nfor c in $s:\n    if c in abc:\n        i = "
            "abc.index(c)\n        c = abc[i + 1] if i % 2 == 0 else abc[i - 1]\n    out += c\nreturn out", "Letters swap with their neighbours: a and b replace each other, c and d, e and f, "
            "up to y and z. Apply this to the small letters of @s."),
        ("vowel_digits", "s:phrase", "@s with the vowels a, e, i, o, u, in either case, replaced by the digits 1 to 5", "return ''.join(str('aeiou'.index(c.lower()) + 1) if c.lower() in "
            "'aeiou' else c for c in $s)", "for i, c in enumerate('aeiou', 1):\n    $s = $s.replace(c, str(i)).replace(c.upper(), str(i))\nreturn $s",
            "Children hide words by writing 1 for a, 2 for e, 3 for i, 4 for o and 5 for u; capital vowels are treated alike. Encode @s."),
        ("look_alike", "s:phrase", "@s with 'o' replaced by '0', 'i' by '1', 'e' by '3', 'a' by '4' and 's' by '5', only in lowercase", "return $s.translate(str.maketrans('oieas', '01345'))",
            "table = {'o': '0', 'i': '1', 'e': '3', 'a': '4', 's': '5'}\nout = ''\nfor c in $s:\n    out += table.get(c, c)\nreturn out", "Write @s with digits that look like letters: 0 for o, "
            "1 for i, 3 for e, 4 for a, 5 for s. Capital letters are not replaced."),
        ("grid", "s:low", "@s written as pairs of digits separated by spaces: row and column of each letter, both counted from 1, in a table of five columns that is filled with the alphabet "
            "without 'j', where 'j' counts as 'i'", "table = 'abcdefghiklmnopqrstuvwxyz'\nplaces = [table.index('i' if c == 'j' else c) for c in $s]\nreturn ' '.join(f'{i // 5 + 1}{i % 5 + 1}' "
            "for i in places)", "rows = ['abcde', 'fghik', 'lmnop', 'qrstu', 'vwxyz']\nout = []\nfor c in $s.replace('j', 'i'):\n    for i, row in enumerate(rows, 1):\n        if c in row:\n   "
            "         out.append(str(i) + str(row.index(c) + 1))\nreturn ' '.join(out)", "An old code uses a table with the rows abcde, fghik, lmnop, qrstu and vwxyz, where i and j share a "
            "place. A letter is sent as the number of its row and the number of its column, both from 1 to 5. Encode @s and separate the pairs by spaces."),
    ])  # fmt: skip
    return lesson.draft(g, f"substitute_{kind}", arg, "str", result, body, other, tellings=(say,))


@lesson
def transposition(g: Random) -> Draft:
    fill = g.choice("x_.")
    kind, result, body, other, say = g.choice([
        ("columns", "@s read in columns after it has been written in rows of @n characters, the last row possibly being shorter", "return ''.join($s[i::$n] for i in range($n))",
            "rows = [$s[i:i + $n] for i in range(0, len($s), $n)]\nout = ''\nfor j in range($n):\n    for row in rows:\n        if j < len(row):\n            out += row[j]\nreturn out",
            "Write @s into rows of @n characters. Then read the columns from left to right, each from top to bottom. The last row may be incomplete."),
        ("padded", f"@s, filled up with '{fill}' at the end to a multiple of @n characters, written in rows of @n and read in columns", f"padded = $s + '{fill}' * (-len($s) % $n)\nreturn "
            f"''.join(padded[i::$n] for i in range($n))", f"while len($s) % $n:\n    $s += '{fill}'\nrows = [$s[i:i + $n] for i in range(0, len($s), $n)]\nreturn ''.join(''.join(column) for "
            f"column in zip(*rows))", f"Fill a rectangle that is @n characters wide with @s, row by row, and put '{fill}' into the empty places of the last row. Return what one reads going "
            f"down the columns one after another."),
        ("back", "the text from which @s results by writing it in rows of @n characters, the last possibly shorter, and reading the columns one after another",
            "result = [''] * len($s)\nplaces = [j for i in range($n) for j in range(i, len($s), $n)]\nfor c, j in zip($s, places):\n    result[j] = c\nreturn ''.join(result)",
            "order = sorted(range(len($s)), key=lambda j: (j % $n, j))\npairs = sorted(zip(order, $s))\nreturn ''.join(c for _, c in pairs)", "A text was written in rows of @n characters and "
            "then read column by column, which gave @s. Restore the text."),
        ("blocks", "@s in which each block of @n characters is reversed, while an incomplete block at the end stays as it is", "full = len($s) - len($s) % $n\nreturn ''.join($s[i:i + $n][::-1] "
            "for i in range(0, full, $n)) + $s[full:]", "out = ''\nfor i in range(0, len($s), $n):\n    block = $s[i:i + $n]\n    out += block[::-1] if len(block) == $n else block\nreturn out",
            "Cut @s into blocks of @n characters. Every complete block is written backwards; if something shorter is left over at the end, it is not changed."),
        ("last_first", "@s in which the last character of each block of @n characters is moved to the front of the block; the last block may be shorter",
            "out = ''\nfor i in range(0, len($s), $n):\n    block = $s[i:i + $n]\n    out += block[-1] + block[:-1]\nreturn out", "blocks = [$s[i:i + $n] for i in range(0, len($s), $n)]\n"
            "return ''.join(b[-1:] + b[:-1] for b in blocks)", "Divide @s into blocks of @n characters, where the last block may be shorter. In each block bring the last character to the front."),
        ("snake", "the rows of @n characters that @s is divided into, put together again with every second row, beginning with the second, reversed",
            "rows = [$s[i:i + $n] for i in range(0, len($s), $n)]\nreturn ''.join(row[::-1] if i % 2 else row for i, row in enumerate(rows))", "out, back = '', False\nfor i in range(0, "
            "len($s), $n):\n    row = $s[i:i + $n]\n    out += ''.join(reversed(row)) if back else row\n    back = not back\nreturn out", "Read @s like the track of a plough: the first @n "
            "characters forwards, the next @n backwards, the next forwards again, and so on; the last row may be shorter. Return what is read."),
        ("rails", "@s written in a zigzag over @n rails, going down to the lowest rail and up again, and read rail by rail from the top", "rails = [''] * $n\ni, d = 0, 1\nfor c in $s:\n    "
            "rails[i] += c\n    if not 0 <= i + d < $n:\n        d = -d\n    i += d\nreturn ''.join(rails)", "period = 2 * $n - 2\ndef rail(i):\n    return min(i % period, period - i % "
            "period)\n\nreturn ''.join($s[i] for i in sorted(range(len($s)), key=lambda i: (rail(i), i)))", "A fence has @n rails. Write the characters of @s one by one on the rails 1, 2, and "
            "so on down to the last, then upwards to rail 1, down again, and so on. Then read each rail from left to right, the top one first."),
        ("thinned", "a list of @n strings, where the one at index i holds the characters of @s whose index leaves the remainder i when divided by @n", "return [$s[i::$n] for i in range($n)]",
            "parts = [''] * $n\nfor i, c in enumerate($s):\n    parts[i % $n] += c\nreturn parts", "Deal out the characters of @s like cards to @n players, one at a time and in a circle. "
            "Return what each player gets as a list of strings."),
    ])  # fmt: skip
    typ = "list[str]" if kind == "thinned" else "str"
    return lesson.draft(
        g,
        f"transpose_{kind}" if kind != "thinned" else "deal_out",
        "s:phrase n:few",
        typ,
        result,
        body,
        other,
        tellings=(say,),
    )


@lesson
def run_codes(g: Random) -> Draft:
    k = g.randint(2, 4)
    form, say = g.choice(
        [
            ("c + str(n)", "the letter followed by the length of the run"),
            ("str(n) + c", "the length of the run followed by the letter"),
            (
                "c + str(n) if n > 1 else c",
                "the letter followed by the length of the run, where a length of 1 is not written",
            ),
            (
                f"c + str(n) if n >= {k} else c * n",
                f"the letter followed by the length if the run has at least "
                f"{k} letters, and the unchanged run otherwise",
            ),
            (
                "c + '(' + str(n) + ')' if n > 1 else c",
                "the letter followed by the length in parentheses, or just the letter if the length is 1",
            ),
            (
                "(str(n) if n > 1 else '') + c.upper()",
                "the length of the run followed by the letter in uppercase, where a length of 1 is not written",
            ),
            ("c + '*' * (n - 1)", "the letter followed by one star for each further letter of the run"),
            (
                "(c + '9') * (n // 9) + (c + str(n % 9) if n % 9 else '')",
                "the letter followed by the length as one digit, "
                "where runs of more than 9 letters are first divided into runs of 9 and a rest",
            ),
        ]
    )
    sep = g.choice(["", "", "-", " ", "."])
    spoken = f", with {'a space' if sep == ' ' else repr(sep)} between the codes of different runs" if sep else ""
    back, typ, res = g.choice(
        [
            (
                f"'{sep}'.join(parts)",
                "str",
                f"the code of @s in which each run of equal letters is written as {say}{spoken}",
            ),
            (f"'{sep}'.join(parts)", "str", f"@s with each run of equal letters encoded as {say}{spoken}"),
            (
                "len($s) - len(''.join(parts))",
                "int",
                f"how many characters shorter @s becomes (a negative number if longer) when "
                f"each run of equal letters is encoded as {say}",
            ),
            (
                "min($s, ''.join(parts), key=len)",
                "str",
                f"the code of @s in which each run of equal letters is written as {say}, or @s itself if "
                f"the code is not shorter",
            ),
        ]
    )
    return lesson.draft(g, "[pack|squeeze|encode]_runs", "s:runs", typ, res, f"parts = []\nfor c, group in itertools.groupby($s):\n    n = len(list(group))\n    parts.append({form})\nreturn "
        f"{back}", f"parts = []\ni = 0\nwhile i < len($s):\n    j = i\n    while j < len($s) and $s[j] == $s[i]:\n        j += 1\n    c, n = $s[i], j - i\n    parts.append({form})\n    i = j\n"
        f"return {back}",
                        imports=("import itertools",), tellings=(f"A run is a longest stretch of equal neighbouring letters. Go through the runs of @s from left to right and encode each of "
                            f"them as {say}. Return {res}.", f"Compute {res}. A run ends where the letter changes."))  # fmt: skip


@lesson
def run_decodes(g: Random) -> Draft:
    kind, typ, result, ret, other, say = g.choice([
        ("text", "str", "the text whose code is @s, where each letter is followed by the number of its repetitions", "''.join(c * n for c, n in pairs)",
            "out, digits, letter = '', '', ''\nfor c in $s + '.':\n    if c.isdigit():\n        digits += c\n    else:\n        out += letter * int(digits or 0)\n        letter, digits = c, "
            "''\nreturn out", "Unpack the code @s: a letter and a number mean that many of this letter, so 'a3b12' stands for three a and twelve b. Return the text."),
        ("length", "int", "the length of the text whose code is @s, where each letter is followed by the number of its repetitions", "sum(n for _, n in pairs)",
            "total, digits = 0, ''\nfor c in $s + '.':\n    if c.isdigit():\n        digits += c\n    elif digits:\n        total += int(digits)\n        digits = ''\nreturn total",
            "In the code @s every letter is followed by how often it is repeated. How long is the text it stands for? There is no need to build the text."),
        ("counts", "dict[str, int]", "a dictionary with the number of times each letter occurs in the text whose code is @s, where each letter is followed by the number of its repetitions",
            "{c: sum(n for e, n in pairs if e == c) for c, _ in pairs}", "result = {}\nfor c, digits in re.findall('([a-z])([0-9]+)', $s):\n    result[c] = result.get(c, 0) + int(digits)\n"
            "return result", "The code @s consists of letters with the number of repetitions behind each. Add up the numbers for every letter and return them in a dictionary in the order of "
            "first appearance."),
        ("pairs", "list[tuple[str, int]]", "a list of tuples (letter, number) for the letters and the numbers behind them in @s, without those that have the number 1",
            "[(c, n) for c, n in pairs if n != 1]", "result = []\ni = 0\nwhile i < len($s):\n    j = i + 1\n    while j < len($s) and $s[j].isdigit():\n        j += 1\n    if $s[i + 1:j] != "
            "'1':\n        result.append(($s[i], int($s[i + 1:j])))\n    i = j\nreturn result", "Read the code @s, in which a number follows every letter, into a list of tuples. Leave out "
            "letters with the number 1."),
        ("merged", "str", "the code @s, in which each letter is followed by the number of its repetitions, with neighbouring entries of the same letter merged into one",
            "''.join(c + str(sum(n for _, n in group)) for c, group in itertools.groupby(pairs, key=lambda pair: pair[0]))", "merged = []\nfor c, digits in re.findall('([a-z])([0-9]+)', $s):\n "
            "   if merged and merged[-1][0] == c:\n        merged[-1][1] += int(digits)\n    else:\n        merged.append([c, int(digits)])\nreturn ''.join(c + str(n) for c, n in merged)",
            "Tidy up the code @s, where each letter has its number of repetitions behind it: if the same letter comes in two or more entries in a row, write it once with the sum of the "
            "numbers, so 'a2a1b1' becomes 'a3b1'."),
        ("letter_at", "str", "the letter in the middle of the text whose code is @s, where each letter is followed by the number of its repetitions; the later one of two middle letters, and '' "
            "for an empty text", "(lambda made: made[len(made) // 2:len(made) // 2 + 1])(''.join(c * n for c, n in pairs))", "pairs = [(c, int(digits)) for c, digits in "
            "re.findall('([a-z])([0-9]+)', $s)]\ni = sum(n for _, n in pairs) // 2\nfor c, n in pairs:\n    if i < n:\n        return c\n    i -= n\nreturn ''",
            "The code @s stands for a text: each letter is repeated as often as the number behind it says. Which letter stands at index (length // 2) of that text? Return '' if the text is "
            "empty."),
    ])  # fmt: skip
    return lesson.draft(
        g,
        f"unpack_{kind}",
        "s:coded",
        typ,
        result,
        f"pairs = [(c, int(digits)) for c, digits in re.findall('([a-z])([0-9]+)', $s)]\nreturn {ret}",
        other,
        imports=("import re", "import itertools"),
        tellings=(say,),
    )


@lesson
def other_encodings(g: Random) -> Draft:
    kind, arg, typ, result, body, other, say = g.choice([
        ("move_front", "s:low", "list[int]", "a list of the positions of the letters of @s in the alphabet, where after each letter that letter is moved to the front of the alphabet",
            "table = list('abcdefghijklmnopqrstuvwxyz')\nresult = []\nfor c in $s:\n    i = table.index(c)\n    result.append(i)\n    table.insert(0, table.pop(i))\nreturn result",
            "table = 'abcdefghijklmnopqrstuvwxyz'\nresult = []\nfor c in $s:\n    i = table.find(c)\n    result.append(i)\n    table = c + table[:i] + table[i + 1:]\nreturn result",
            "Start with the alphabet as a list. For each letter of @s note its index in the list (from 0) and then move it to the front of the list, so that repeated letters get small numbers. "
            "Return the notes."),
        ("first_index", "s:low", "list[int]", "a list of numbers for the letters of @s, where equal letters get the same number and new letters get 0, 1, 2 and so on in the order of their "
            "first appearance", "seen = {}\nreturn [seen.setdefault(c, len(seen)) for c in $s]", "letters = []\nresult = []\nfor c in $s:\n    if c not in letters:\n        letters.append(c)\n "
            "   result.append(letters.index(c))\nreturn result", "Describe the pattern of @s by numbers: the first letter gets 0, and each new letter the next number; a letter that was there "
            "before gets its old number again. So 'level' gives [0, 1, 2, 1, 0]."),
        ("back_reference", "s:low", "str", "@s with each letter that occurs earlier in the word replaced by the distance to its last occurrence, as a number",
            "out = ''\nfor i, c in enumerate($s):\n    j = $s.rfind(c, 0, i)\n    out += c if j == -1 else str(i - j)\nreturn out", "last, out = {}, []\nfor i, c in enumerate($s):\n    "
            "out.append(str(i - last[c]) if c in last else c)\n    last[c] = i\nreturn ''.join(out)", "A letter of @s that was there before need not be written again. Replace it by how many "
            "places back its nearest earlier occurrence is; letters that are new are copied."),
        ("zero_based", "s:low", "str", "the numbers of the letters of @s in the alphabet (a = 1), each written with two digits, as one string", "return ''.join(f'{ord(c) - 96:02d}' for c in $s)",
            "out = ''\nfor c in $s:\n    out += str(ord(c) - 96).zfill(2)\nreturn out", "Encode @s in digits: every letter is replaced by its number in the alphabet, from 01 for a to 26 for z, "
            "always with two digits."),
        ("from_digits", "s:digits", "str", "the letters that the digits in @s stand for: '0' is 'a', '1' is 'b', and so on up to '9' for 'j', with the whole string reversed",
            "return ''.join(chr(97 + int(c)) for c in reversed($s))", "out = ''\nfor c in $s:\n    out = 'abcdefghij'[int(c)] + out\nreturn out",
            "A number is hidden as a word: write it backwards and replace its digits 0 to 9 by the letters a to j. Encode the digits @s."),
        ("keypad", "s:low", "str", "the digits that one presses on a telephone to type @s, where 2 stands for abc, 3 for def, 4 for ghi, 5 for jkl, 6 for mno, 7 for pqrs, 8 for tuv and 9 for "
            "wxyz", "table = str.maketrans('abcdefghijklmnopqrstuvwxyz', '22233344455566677778889999')\nreturn $s.translate(table)", "keys = {'abc': '2', 'def': '3', 'ghi': '4', 'jkl': '5', "
            "'mno': '6', 'pqrs': '7', 'tuv': '8', 'wxyz': '9'}\nreturn ''.join(digit for c in $s for letters, digit in keys.items() if c in letters)",
            "Each key of a telephone carries letters: 2 abc, 3 def, 4 ghi, 5 jkl, 6 mno, 7 pqrs, 8 tuv, 9 wxyz. Which digits belong to the letters of @s? One digit for each letter."),
        ("multi_tap", "s:low", "str", "the key presses needed to type @s on a telephone, where each letter is written as its digit repeated as often as its place on the key says, and letters "
            "are separated by spaces; the keys are 2 abc, 3 def, 4 ghi, 5 jkl, 6 mno, 7 pqrs, 8 tuv, 9 wxyz", "keys = ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz']\npresses = {c: "
            "str(i) * n for i, letters in enumerate(keys, 2) for n, c in enumerate(letters, 1)}\nreturn ' '.join(presses[c] for c in $s)", "keys = ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', "
            "'tuv', 'wxyz']\nout = []\nfor c in $s:\n    for i in range(8):\n        if c in keys[i]:\n            out.append(str(i + 2) * (keys[i].index(c) + 1))\nreturn ' '.join(out)",
            "On old telephones one presses a key once for its first letter, twice for the second, and so on. The keys are 2 (abc), 3 (def), 4 (ghi), 5 (jkl), 6 (mno), 7 (pqrs), 8 (tuv) and 9 "
            "(wxyz). Write the presses for @s, with a space between letters."),
        ("sounds", "s:low", "str", "the sound code of @s: its first letter in uppercase, followed by the class numbers of the later letters, where letters without a class are skipped and a "
            "number is not repeated directly; the classes are 1 for bfpv, 2 for cgjkqsxz, 3 for dt, 4 for l, 5 for mn and 6 for r", "groups = {'bfpv': '1', 'cgjkqsxz': '2', 'dt': '3', 'l': "
            "'4', 'mn': '5', 'r': '6'}\nout = $s[0].upper()\nfor c in $s[1:]:\n    digit = next((d for letters, d in groups.items() if c in letters), '')\n    if digit and digit != out[-1]:\n  "
            "      out += digit\nreturn out", "digits = {}\nfor i, letters in enumerate(['bfpv', 'cgjkqsxz', 'dt', 'l', 'mn', 'r'], 1):\n    for c in letters:\n        digits[c] = str(i)\n"
            "result = [$s[0].upper()]\nfor c in $s[1:]:\n    if c in digits and result[-1] != digits[c]:\n        result.append(digits[c])\nreturn ''.join(result)",
            "Words that sound alike should get the same code. Keep the first letter of @s as a capital. For the other letters append a digit: 1 for b, f, p, v; 2 for c, g, j, k, q, s, x, z; 3 "
            "for d, t; 4 for l; 5 for m, n; 6 for r; nothing for the rest. A digit equal to the last one in the code so far is not appended."),
    ])  # fmt: skip
    return lesson.draft(g, f"{kind}_code", arg, typ, result, body, other, tellings=(say,))


@lesson
def check_digits(g: Random) -> Draft:
    m = g.choice([7, 9, 10, 11, 13])
    w1, w2 = g.choice([(1, 3), (3, 1), (2, 1), (1, 2), (7, 3)])
    kind, total, loop, say = g.choice([
        ("alternating", f"sum(int(c) * ({w1} if i % 2 == 0 else {w2}) for i, c in enumerate({{d}}))", f"total = 0\nweight = {w1}\nfor c in {{d}}:\n    total += weight * int(c)\n    weight = "
            f"{w1 + w2} - weight\n", f"the digits are multiplied alternately by {w1} and {w2}, beginning with {w1} on the left, and the products are added"),
        ("rising", "sum(i * int(c) for i, c in enumerate({d}, 1))", "total = 0\nfor i in range(len({d})):\n    total += (i + 1) * int({d}[i])\n",
            "the first digit is multiplied by 1, the second by 2, the third by 3 and so on, and the products are added"),
        ("falling", "sum((len({d}) + 1 - i) * int(c) for i, c in enumerate({d}))", "total, weight = 0, len({d}) + 1\nfor c in {d}:\n    total += weight * int(c)\n    weight -= 1\n",
            "the last digit is multiplied by 2, the one before it by 3 and so on towards the left, and the products are added"),
        ("plain", "sum(int(c) for c in {d})", "total = 0\nfor c in {d}:\n    total += int(c)\n", "the digits are added"),
        ("crossed", f"sum(sum(divmod(int(c) * ({w1} if i % 2 == 0 else {w2}), 10)) for i, c in enumerate({{d}}))", f"total = 0\nfor i, c in enumerate({{d}}):\n    n = int(c) * ({w1} if i % 2 "
            f"== 0 else {w2})\n    total += n // 10 + n % 10\n", f"the digits are multiplied alternately by {w1} and {w2}, beginning with {w1} on the left, and the digits of all the products "
            f"are added"),
    ])  # fmt: skip
    back = g.choice(["sum", "digit", "append", "valid", "letter"])
    t, lp = total.format(d="$s"), loop.format(d="$s")
    if back == "sum":
        return lesson.draft(
            g,
            f"{kind}_rest",
            "s:digits",
            "int",
            f"the remainder modulo {m} of the check sum of @s, for which {say}",
            f"return {t} % {m}",
            f"{lp}return total % {m}",
            tellings=(
                f"A check sum is computed from the digits @s in this way: {say}. Divide the sum by {m} and return the remainder.",
            ),
        )
    if back == "digit":
        return lesson.draft(
            g,
            f"{kind}_missing",
            "s:digits",
            "int",
            f"the smallest non-negative number that has to be added to the check sum of @s to make it divisible by {m}; for the check "
            f"sum {say}",
            f"return -({t}) % {m}",
            f"{lp}n = 0\nwhile (total + n) % {m}:\n    n += 1\nreturn n",
            tellings=(
                f"For a number with the digits @s a sum is built: {say}. How much is "
                f"missing to the next multiple of {m}? Return 0 if the sum is a multiple already.",
            ),
        )
    if back == "append":
        mm = min(m, 10)
        return lesson.draft(
            g,
            f"{kind}_appended",
            "s:digits",
            "str",
            f"@s with a check digit added at the end, which is the remainder modulo {mm} of the sum for which {say}",
            f"return $s + str({t} % {mm})",
            f"{lp}return $s + str(total % {mm})",
            tellings=(
                f"Numbers get one more digit, so that typing errors are noticed. It is found like this: {say}; the "
                f"remainder of the sum modulo {mm} is the new last digit. Return @s with its check digit.",
            ),
        )
    if back == "letter":
        letters = g.choice(["ABCDEFGHJKLMNPQRSTUVWXYZ", "TRWAGMYFPDXBNJZSQVHLCKE", "KLMNPRSTXYZ"])
        return lesson.draft(
            g,
            f"{kind}_letter",
            "s:digits",
            "str",
            f"@s followed by '-' and the check letter, which is the letter of '{letters}' whose index is the remainder modulo "
            f"{len(letters)} of the sum for which {say}",
            f"return $s + '-' + '{letters}'[{t} % {len(letters)}]",
            f"{lp}letters = '{letters}'\nreturn f'{{$s}}-{{letters[total % len(letters)]}}'",
            tellings=(
                f"A member number @s is completed by a check letter. For it {say}; the sum modulo {len(letters)} is the index, from 0, of the check letter in '{letters}'. Write the "
                f"letter behind the number with a hyphen between.",
            ),
        )
    t2, l2 = total.format(d="digits"), loop.format(d="digits")
    mm = g.choice([2, 3, 5, 7])
    return lesson.draft(
        g,
        f"{kind}_check",
        "s:digits2",
        "bool",
        f"True if the last digit of @s is the remainder modulo {mm} of the sum of the others, for which {say}",
        f"digits = $s[:-1]\nreturn {t2} % {mm} == int($s[-1])",
        f"digits, last = $s[:-1], int($s[-1])\n{l2}return total % {mm} == last",
        tellings=(
            f"The last digit of @s is a check digit for the digits before it: {say}, and the remainder of this sum modulo {mm} has to be equal to the check digit. Tell whether @s is valid.",
        ),
    )


@lesson
def text_checksums(g: Random) -> Draft:
    m = g.choice([16, 26, 97, 100, 256])
    b = g.choice([3, 7, 31])
    kind, typ, result, body, other, say = g.choice([
        ("codes", "int", f"the sum of the character codes of @s modulo {m}", f"return sum(map(ord, $s)) % {m}", f"total = 0\nfor c in $s:\n    total = (total + ord(c)) % {m}\nreturn total",
            f"Add the codes (as given by ord) of all characters of @s and return the remainder of the sum when divided by {m}."),
        ("xor", "int", "the bitwise exclusive or of the character codes of @s, which is 0 for an empty string", "result = 0\nfor c in $s:\n    result ^= ord(c)\nreturn result",
            "return functools.reduce(operator.xor, map(ord, $s), 0)", "Start with 0 and combine it with the code of each character of @s by the operation 'exclusive or' (the operator ^). "
            "Return the final number."),
        ("rolling", "int", f"the number that results if one starts with 0 and for each character of @s multiplies by {b}, adds the character's code and takes the remainder modulo {m}",
            f"value_so_far = 0\nfor c in $s:\n    value_so_far = (value_so_far * {b} + ord(c)) % {m}\nreturn value_so_far", f"return sum(ord(c) * {b} ** i for i, c in enumerate(reversed($s))) "
            f"% {m}", f"Compute a simple hash of @s. Begin with 0; for every character multiply the number by {b}, add the code of the character (ord) and keep only the remainder modulo {m}."),
        ("pair", "tuple[int, int]", f"a tuple (a, b) of two sums for @s, both modulo {m} and starting at 0: for each character a grows by its code and then b grows by a",
            f"p = q = 0\nfor c in $s:\n    p = (p + ord(c)) % {m}\n    q = (q + p) % {m}\nreturn (p, q)", f"p = sum(map(ord, $s)) % {m}\nq = sum((len($s) - i) * ord(c) for i, c in "
            f"enumerate($s)) % {m}\nreturn p, q", f"Keep two numbers a and b, which are 0 at first. For each character of @s add its code (ord) to a, then add a to b, always modulo {m}. Return "
            f"a and b as a tuple."),
        ("letter", "str", "the uppercase letter whose place in the alphabet, counted from A = 0, is the sum of the places of the letters of @s (case ignored, a = 0) modulo 26; other characters "
            "are skipped", "total = sum(ord(c) - 97 for c in $s.lower() if c.isalpha())\nreturn chr(total % 26 + 65)", "abc = 'abcdefghijklmnopqrstuvwxyz'\nn = 0\nfor c in $s.lower():\n    if "
            "c in abc:\n        n += abc.index(c)\nreturn abc[n % 26].upper()", "Find a check letter for @s. Every letter counts by its place in the alphabet (a or A is 0, z or Z is 25), "
            "everything else counts nothing. Add up, take the remainder modulo 26, and return the capital letter at that place."),
        ("marked", "str", "@s followed by '#' and its check sum, the sum of its character codes modulo 100, written with two digits", "return f'{$s}#{sum(map(ord, $s)) % 100:02d}'",
            "total = 0\nfor c in $s:\n    total += ord(c)\nreturn $s + '#' + str(total % 100).zfill(2)", "Messages are sent with a check sum: after the text comes '#', then the last two digits "
            "of the sum of all character codes (ord), with a zero in front if there is only one. Prepare @s."),
    ])  # fmt: skip
    return lesson.draft(
        g,
        f"checksum_{kind}",
        "s:phrase",
        typ,
        result,
        body,
        other,
        imports=("import functools", "import operator"),
        tellings=(say,),
    )


@lesson
def password_rules(g: Random) -> Draft:
    n = g.randint(4, 8)
    rules = g.sample(
        [
            (f"len($s) >= {n}", f"at least {n} characters", "length"),
            ("any(c.isdigit() for c in $s)", "at least one digit", "digit"),
            ("any(c.isupper() for c in $s)", "at least one uppercase letter", "upper"),
            ("any(c.islower() for c in $s)", "at least one lowercase letter", "lower"),
            ("any(not c.isalnum() for c in $s)", "at least one character that is neither a letter nor a digit", "sign"),
            ("' ' not in $s", "no space", "space"),
            ("all(a != b for a, b in zip($s, $s[1:]))", "no two equal characters next to each other", "repeat"),
            ("not $s[0].isdigit()", "a first character that is not a digit", "start"),
            ("sum(c.isdigit() for c in $s) >= 2", "two or more digits", "digits"),
            ("len(set($s)) >= 4", "at least four different characters", "variety"),
            ("'pass' not in $s.lower()", "nowhere the word 'pass', in any case", "word"),
            ("$s[0] != $s[-1]", "different first and last characters", "ends"),
        ],
        g.randint(2, 4),
    )
    said = [say for _, say, _ in rules]
    listed = ", ".join(said[:-1]) + " and " + said[-1]
    kind = g.choice(["valid", "valid", "missing", "score", "label"])
    tests = [code for code, _, _ in rules]
    if kind == "valid":
        return lesson.draft(g, "[password_ok|accepts|is_safe|allowed]", "s:password", "bool", f"True if the password @s has {listed}", "return " + " and ".join(f"{t}" for t in tests), "\n".join(
            f"if not ({t}):\n    return False" for t in tests) + "\nreturn True",
                            tellings=(f"A site accepts a password only if it has {listed}. Is @s accepted?", "A password must obey some rules. It needs: " + "; ".join(said) +
                                ". Return True if @s obeys all of them, otherwise False."))  # fmt: skip
    if kind == "missing":
        pairs = "\n".join(f"if not ({t}):\n    missing.append('{name}')" for t, _, name in rules)
        entries = "; ".join(f"'{name}' stands for {say}" for _, say, name in rules)
        return lesson.draft(g, "[broken|missing]_rules", "s:password", "list[str]", f"a list of the names of the rules that the password @s breaks, in this order: {entries}",
            f"missing = []\n{pairs}\nreturn missing", "rules = {" + ", ".join(f"'{name}': {t}" for t, _, name in rules) + "}\nreturn [key for key, good in rules.items() if not good]",
                            tellings=(f"Explain what is wrong with the password @s. Each rule has a name, and the list of the names of all broken rules is returned in the order given here: "
                                f"{entries}.",))  # fmt: skip
    if kind == "score":
        return lesson.draft(
            g,
            "password_[score|points]",
            "s:password",
            "int",
            f"the number of points of the password @s, which gets one point for each of the following that it has: {listed}",
            "return sum([" + ", ".join(tests) + "])",
            "points = 0\n" + "\n".join(f"if {t}:\n    points += 1" for t in tests) + "\nreturn points",
            tellings=(
                f"Rate the password @s. It earns a point for each of these properties: {'; '.join(said)}. Return the number of points.",
            ),
        )
    low, high = 1, len(rules)
    return lesson.draft(
        g,
        "password_[label|strength]",
        "s:password",
        "str",
        f"'strong' if the password @s has {listed}, 'weak' if it has at most one of these {high} properties, and 'medium' "
        f"otherwise",
        "points = sum(["
        + ", ".join(tests)
        + f"])\nif points == {high}:\n    return 'strong'\nreturn 'weak' if points <= {low} else 'medium'",
        "points = 0\n"
        + "\n".join(f"if {t}:\n    points += 1" for t in tests)
        + f"\nif points >= {high}:\n    return 'strong'\nif points > {low}:\n    return 'medium'\nreturn 'weak'",
        tellings=(
            f"Judge the strength of the password @s by {high} properties: {'; '.join(said)}. With all of them it is 'strong', with one or none 'weak', in all other cases 'medium'.",
        ),
    )


@lesson
def name_rules(g: Random) -> Draft:
    n = g.randint(4, 6)
    word = g.choice(["if", "is"])
    kind, typ, result, body, other, say = g.choice([
        ("simple", "bool", "True if @ident consists only of the letters a to z and A to Z, digits and '_', and does not begin with a digit", "return re.fullmatch('[A-Za-z_][A-Za-z0-9_]*', "
            "$ident) is not None", "allowed = string.ascii_letters + string.digits + '_'\nif not $ident or $ident[0].isdigit():\n    return False\nreturn all(c in allowed for c in $ident)",
            "Names in a small programming language are made of English letters, digits and underscores, and the first character is not a digit. Is @ident such a name?"),
        ("reserved", "bool", f"True if @ident is made of lowercase letters from a to z only and is not the reserved word '{word}'", f"return re.fullmatch('[a-z]+', $ident) is not None and "
            f"$ident != '{word}'", f"if $ident == '{word}' or $ident == '':\n    return False\nfor c in $ident:\n    if not 'a' <= c <= 'z':\n        return False\nreturn True",
            f"Variables may only have small English letters, at least one, and the word '{word}' is reserved. May @ident be used?"),
        ("problem", "str", f"'ok' if @ident is a good name, otherwise the first problem in this order: 'empty', 'start' if the first character is a digit, 'character' if there is anything but "
            f"ASCII letters, digits and '_', 'long' if there are more than {n} characters", f"if not $ident:\n    return 'empty'\nif $ident[0] in '0123456789':\n    return 'start'\nif not "
            f"all(c == '_' or c.isascii() and c.isalnum() for c in $ident):\n    return 'character'\nreturn 'long' if len($ident) > {n} else 'ok'",
            f"checks = [('empty', $ident == ''), ('start', $ident[:1].isdigit()), ('character', re.search('[^A-Za-z0-9_]', $ident) is not None), ('long', len($ident) > {n})]\nfor label, bad in "
            f"checks:\n    if bad:\n        return label\nreturn 'ok'", f"Check a proposed name @ident and say what is wrong. Test in this order: it is empty ('empty'); its first character is "
            f"a digit ('start'); it has characters other than English letters, digits and underscores ('character'); it is longer than {n} characters ('long'). If nothing is wrong, return 'ok'."),
        ("repaired", "str", "@ident with every character that is not an ASCII letter, a digit or '_' replaced by '_', and with '_' put in front if it would begin with a digit otherwise",
            "made = re.sub('[^A-Za-z0-9_]', '_', $ident)\nreturn '_' + made if made[:1].isdigit() else made", "out = ''\nfor c in $ident:\n    out += c if c in string.ascii_letters + "
            "string.digits else '_'\nif out and out[0] in string.digits:\n    out = '_' + out\nreturn out", "Turn @ident into a legal name. Forbidden characters, which are all but English "
            "letters, digits and underscores, become underscores. A name that begins with a digit gets an underscore in front."),
        ("private", "str", "'special' if @ident begins and ends with '__' and is longer than four characters, 'private' if it only begins with '_', and 'public' otherwise",
            "if len($ident) > 4 and $ident.startswith('__') and $ident.endswith('__'):\n    return 'special'\nreturn 'private' if $ident.startswith('_') else 'public'",
            "if $ident[:1] != '_':\n    return 'public'\nif $ident[:2] == $ident[-2:] == '__' and len($ident) >= 5:\n    return 'special'\nreturn 'private'",
            "Python programmers give underscores a meaning. A name with two underscores on both sides and something between is 'special'; any other name that begins with an underscore is "
            "'private'; all others are 'public'. Classify @ident."),
        ("bad_chars", "list[str]", "a sorted list of the different characters of @ident that are not ASCII letters, digits or '_'", "return sorted(set(re.findall('[^A-Za-z0-9_]', $ident)))",
            "good = string.ascii_letters + string.digits + '_'\nfound = []\nfor c in $ident:\n    if c not in good and c not in found:\n        found.append(c)\nreturn sorted(found)",
            "Which characters must be removed from @ident so that only English letters, digits and underscores are left? Return each once in sorted order."),
    ])  # fmt: skip
    return lesson.draft(
        g,
        f"name_{kind}",
        "ident:ident",
        typ,
        result,
        body,
        other,
        imports=("import re", "import string"),
        tellings=(say,),
    )


@lesson
def plate_formats(g: Random) -> Draft:
    n, d = g.choice([(2, 3), (2, 3), (1, 3), (2, 4)])
    words = {1: "one", 2: "two", 3: "three", 4: "four"}
    sep, named = g.choice([("-", "a hyphen"), (" ", "a space"), ("-", "a hyphen")])
    extra, code, slow = g.choice(
        [
            ("", "", ""),
            (", and the letter I must not be used", " and 'I' not in $s", "if 'I' in $s:\n    return False\n"),
            (
                ", and the number must not begin with 0",
                f" and $s[{n + 1}] != '0'",
                f"if $s[{n + 1}] == '0':\n    return False\n",
            ),
        ]
    )
    form = f"{words[n]} uppercase letter{'s' if n > 1 else ''}, {named} and {words[d]} digits"
    if g.random() < 0.6:
        return lesson.draft(g, "[plate_ok|valid_plate|is_plate]", "s:plate", "bool", f"True if @s consists of exactly {form}{extra}", f"return re.fullmatch('[A-Z]{{{n}}}{sep}[0-9]{{{d}}}', $s) "
            f"is not None{code}", f"if len($s) != {n + d + 1} or $s[{n}] != '{sep}':\n    return False\nletters, digits = $s[:{n}], $s[{n + 1}:]\nif not (letters.isalpha() and "
            f"letters.isupper() and digits.isdigit()):\n    return False\n{slow}return True", imports=("import re",),
                            tellings=(f"In a small country number plates are made of {form}, in this order and without anything else{extra}. Is @s such a plate?",))  # fmt: skip
    kind, typ, result, body, other, say = g.choice([
        ("normal", "str", "the letters of @s in uppercase, a hyphen, and its digits, in whatever order and with whatever signs they are given", "letters = ''.join(c for c in $s if "
            "c.isalpha()).upper()\ndigits = ''.join(c for c in $s if c.isdigit())\nreturn f'{letters}-{digits}'", "return re.sub('[^A-Za-z]', '', $s).upper() + '-' + re.sub('[^0-9]', '', $s)",
            "People write number plates in many ways. Bring @s to the standard form: first all letters as capitals, then a hyphen, then all digits, each in their order."),
        ("pattern", "str", "the pattern of @s: 'L' for every letter, 'D' for every digit, and other characters unchanged", "return ''.join('L' if c.isalpha() else 'D' if c.isdigit() else c for "
            "c in $s)", "out = re.sub('[0-9]', '9', re.sub('[A-Za-z]', 'L', $s))\nreturn out.replace('9', 'D')", "Describe how the plate @s is built: write L for a letter, D for a digit, and "
            "copy everything else."),
        ("parts", "tuple[str, int]", "a tuple with the letters of @s as a string and its digits as one integer", "letters = ''.join(c for c in $s if c.isalpha())\nreturn (letters, "
            "int(''.join(c for c in $s if c.isdigit())))", "letters, number = '', 0\nfor c in $s:\n    if c.isdigit():\n        number = number * 10 + int(c)\n    elif c.isalpha():\n        "
            "letters += c\nreturn letters, number", "Take the plate @s apart: return its letters in order as a string and its digits in order as a number, so that '007' becomes 7."),
    ])  # fmt: skip
    return lesson.draft(
        g, f"plate_{kind}", "s:plate", typ, result, body, other, imports=("import re",), tellings=(say,)
    )


@lesson
def pattern_forms(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("fits", "bool", "True if @s has the form @form, in which 'A' stands for any uppercase letter, '9' for any digit and every other character for itself",
            "if len($s) != len($form):\n    return False\nfor c, f in zip($s, $form):\n    if f == 'A' and not c.isupper() or f == '9' and not c.isdigit() or f not in 'A9' and c != f:\n        "
            "return False\nreturn True", "pattern = ''.join('[A-Z]' if f == 'A' else '[0-9]' if f == '9' else re.escape(f) for f in $form)\nreturn re.fullmatch(pattern, $s) is not None",
            "A form such as 'AA-999' describes what a code may look like: 'A' is a place for a capital letter, '9' a place for a digit, and other characters must appear exactly so. Does the "
            "code @s have the form @form?"),
        ("first_bad", "int", "the first index at which @s does not fit the form @form, in which 'A' stands for any uppercase letter, '9' for any digit and every other character for itself; a "
            "missing or additional character does not fit either; -1 if everything fits", "for i, (c, f) in enumerate(itertools.zip_longest($s, $form, fillvalue='')):\n    good = c.isupper() "
            "if f == 'A' else c.isdigit() if f == '9' else c == f\n    if not good:\n        return i\nreturn -1", "i = 0\nwhile i < len($s) and i < len($form):\n    shape = 'A' if "
            "$s[i].isupper() else '9' if $s[i].isdigit() else $s[i]\n    if shape != $form[i]:\n        return i\n    i += 1\nreturn -1 if len($s) == len($form) else i",
            "Compare the code @s with the form @form character by character. In the form 'A' means any capital letter and '9' any digit; other characters mean themselves. Return the index of "
            "the first place where the code is wrong, or where one of the two has already ended; return -1 if the code is right."),
        ("filled", "str", "the form @form with its places '9' filled from left to right with the digits that occur in @s, as long as there are any; places without a digit become '_'",
            "digits = iter(c for c in $s if c.isdigit())\nreturn ''.join(next(digits, '_') if f == '9' else f for f in $form)", "found = [c for c in $s if c.isdigit()]\nout = ''\nfor f in "
            "$form:\n    if f == '9':\n        out += found.pop(0) if found else '_'\n    else:\n        out += f\nreturn out", "Put the digits of @s into the form @form: every '9' of the form "
            "is replaced by the next digit of the text. When the digits are used up, write '_' in the remaining places. The rest of the form is copied, also its letters."),
    ])  # fmt: skip
    return lesson.draft(
        g,
        f"form_{kind}",
        "s:plate form:form",
        typ,
        result,
        body,
        other,
        imports=("import re", "import itertools"),
        tellings=(say,),
    )


@lesson
def mail_addresses(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("valid", "bool", "True if @s has exactly one at sign, something before it, and after it a part that has a dot but neither begins nor ends with one",
            "if $s.count('@') != 1:\n    return False\nuser, domain = $s.split('@')\nreturn user != '' and '.' in domain and domain[0] != '.' and domain[-1] != '.'",
            "user, sign, domain = $s.partition('@')\nif not user or not sign or '@' in domain or '.' not in domain:\n    return False\nreturn not domain.startswith('.') and not "
            "domain.endswith('.')", "A rough check for e-mail addresses: there is one at sign and no more, the part before it is not empty, and the part after it contains a dot, but not as its "
            "first or last character. Does @s pass?"),
        ("strict", "bool", "True if @s has exactly one at sign, contains no space, and neither of the two parts around the sign is empty or begins with a dot",
            "parts = $s.split('@')\nreturn len(parts) == 2 and ' ' not in $s and all(part and part[0] != '.' for part in parts)", "if ' ' in $s or $s.count('@') != 1:\n    return False\nfor "
            "part in $s.split('@'):\n    if part == '' or part.startswith('.'):\n        return False\nreturn True", "Accept @s as an address if it has no spaces, exactly one at sign, and on "
            "both sides of it a part that is not empty and does not start with a dot."),
        ("hidden", "str", "@s with all characters before the first at sign except the very first one replaced by '*'; without an at sign @s is returned unchanged",
            "user, sign, domain = $s.partition('@')\nif not sign:\n    return $s\nreturn user[:1] + '*' * (len(user) - 1) + sign + domain", "i = $s.find('@')\nif i < 0:\n    return $s\nreturn "
            "''.join('*' if 0 < j < i else c for j, c in enumerate($s))", "To protect people, show only the first character of the part of their address before the at sign and put a star in "
            "the place of each other character of this part. Apply this to @s; if it has no at sign, change nothing."),
        ("domain", "str", "the part of @s after its last at sign in lowercase, or '' if it has none", "return $s.rpartition('@')[2].lower() if '@' in $s else ''",
            "if '@' not in $s:\n    return ''\nreturn $s[$s.rindex('@') + 1:].lower()", "Return the domain of the address @s in small letters: everything behind the last at sign. A text "
            "without at sign has no domain and gives an empty string."),
        ("same_box", "str", "@s in lowercase, where in the part before the first at sign dots are removed, as well as a '+' and all that follows it in that part",
            "user, sign, domain = $s.lower().partition('@')\nreturn user.split('+')[0].replace('.', '') + sign + domain", "out, skip, before = '', False, True\nfor c in $s.lower():\n    if c "
            "== '@' and before:\n        before = False\n        skip = False\n    if before and c == '+':\n        skip = True\n    if not skip and not (before and c == '.'):\n        out += "
            "c\nreturn out", "Some providers ignore dots and everything from a '+' on in the part before the at sign, and also the case of letters. Bring @s to the form in which all addresses "
            "of the same mailbox look alike. Without an at sign the whole string is treated as that part."),
        ("login", "str", "the part of @s before its first at sign with dots replaced by spaces and each word capitalised", "user = $s.split('@')[0]\nreturn ' '.join(part.capitalize() for part "
            "in user.replace('.', ' ').split())", "user = $s.partition('@')[0]\nout = []\nfor part in re.split('[. ]+', user):\n    if part:\n        out.append(part[0].upper() + "
            "part[1:].lower())\nreturn ' '.join(out)", "Guess a name from an address: take what comes before the first at sign of @s, use dots as gaps between words, and write every word with "
            "a capital first letter and the rest small. Words are separated by single spaces."),
    ])  # fmt: skip
    return lesson.draft(g, f"mail_{kind}", "s:mail", typ, result, body, other, imports=("import re",), tellings=(say,))


@lesson
def number_cards(g: Random) -> Draft:
    k, c = g.randint(2, 4), g.choice("*X#")
    kind, arg, typ, result, body, other, say = g.choice([
        ("masked", "s:card", "str", f"@s with all digits except the last {k} replaced by '{c}'; spaces and hyphens stay", f"left_over = sum(ch.isdigit() for ch in $s) - {k}\nout = ''\nfor ch "
            f"in $s:\n    if ch.isdigit() and left_over > 0:\n        ch = '{c}'\n        left_over -= 1\n    out += ch\nreturn out", f"out, seen = '', 0\nfor ch in reversed($s):\n    if "
            f"ch.isdigit():\n        seen += 1\n        if seen > {k}:\n            ch = '{c}'\n    out = ch + out\nreturn out", f"On a receipt only the last {k} digits of a card number are "
            f"shown. Replace the other digits of @s by '{c}' and keep spaces and hyphens where they are."),
        ("grouped", "s:card", "str", f"the digits of @s in groups of {k}, counted from the left and separated by single spaces", f"digits = ''.join(ch for ch in $s if ch.isdigit())\nreturn ' "
            f"'.join(digits[i:i + {k}] for i in range(0, len(digits), {k}))", f"out, n = '', 0\nfor ch in $s:\n    if ch in ' -':\n        continue\n    if n and n % {k} == 0:\n        out += "
            f"' '\n    out += ch\n    n += 1\nreturn out", f"Print the card number @s in a uniform way: remove its spaces and hyphens, and then put a space after every {k} digits, but not at "
            f"the end."),
        ("ends", "s:card", "str", f"the first {k} and the last {k} digits of @s with '...' between them", f"digits = $s.replace(' ', '').replace('-', '')\nreturn digits[:{k}] + '...' + "
            f"digits[-{k}:]", f"digits = ''\nfor ch in $s:\n    if ch.isdigit():\n        digits += ch\nreturn f'{{digits[:{k}]}}...{{digits[-{k}:]}}'",
            f"Abbreviate the card number @s: show its first {k} digits, three dots and its last {k} digits, without spaces and hyphens."),
        ("phone_plain", "s:phone", "str", "the digits of the telephone number @s, with a '+' in front if @s begins with one", "digits = ''.join(ch for ch in $s if ch.isdigit())\nreturn '+' + "
            "digits if $s.startswith('+') else digits", "out = ''\nfor i, ch in enumerate($s):\n    if ch.isdigit() or (ch == '+' and i == 0):\n        out += ch\nreturn out",
            "Telephone numbers are typed with spaces, slashes, hyphens and parentheses. Remove all of these from @s; a leading '+' is kept."),
        ("phone_country", "s:phone", "str", "the telephone number @s in international form: the digits after '+' if it begins with one, otherwise '49' and the digits without a leading zero, "
            "both with '+' in front", "digits = ''.join(ch for ch in $s if ch.isdigit())\nif $s[0] != '+':\n    digits = '49' + (digits[1:] if digits[0] == '0' else digits)\nreturn '+' + digits",
            "digits = re.sub('[^0-9]', '', $s)\nif $s.startswith('+'):\n    return f'+{digits}'\nreturn '+49' + re.sub('^0', '', digits)", "Store telephone numbers uniformly as '+' and digits. "
            "If @s begins with '+', only remove other signs. If not, it is a national number: drop one zero at its beginning, if there is one, and put the country code 49 in front."),
        ("longest_group", "s:phone", "int", "the length of the longest group of digits in the telephone number @s that stand directly next to each other",
            "return max(len(part) for part in re.findall('[0-9]+', $s))", "best = run = 0\nfor ch in $s:\n    run = run + 1 if ch.isdigit() else 0\n    best = max(best, run)\nreturn best",
            "Split the telephone number @s at everything that is not a digit. How many digits does the longest piece have?"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        f"{kind}_number" if not kind.startswith("phone") else kind,
        arg,
        typ,
        result,
        body,
        other,
        imports=("import re",),
        tellings=(say,),
    )


@lesson
def bit_strings(g: Random) -> Draft:
    k = g.randint(2, 4)
    bit, word = g.choice([("1", "ones"), ("0", "zeros")])
    kind, typ, result, body, other, say = g.choice([
        ("flipped_after", "str", "@s with all its bits after the first '1' flipped ('0' becomes '1' and the other way round)", "i = $s.find('1')\nif i == -1:\n    return $s\nreturn $s[:i + 1] "
            "+ ''.join('1' if c == '0' else '0' for c in $s[i + 1:])", "out, flip = '', False\nfor c in $s:\n    out += ('0' if c == '1' else '1') if flip else c\n    if c == '1':\n        "
            "flip = True\nreturn out", "Copy the bits of @s up to and including the first '1'. Every bit after it is reversed: a zero becomes a one and a one becomes a zero."),
        ("runs", "list[int]", f"a list of the lengths of the groups of neighbouring {word} in @s, from left to right", f"return [len(part) for part in $s.split('{'0' if bit == '1' else '1'}') "
            f"if part]", f"result, n = [], 0\nfor c in $s + '{'0' if bit == '1' else '1'}':\n    if c == '{bit}':\n        n += 1\n    elif n:\n        result.append(n)\n        n = 0\nreturn "
            f"result", f"Where several {word} stand next to each other in @s they form a group; a single one is a group too. Return the sizes of the groups in order."),
        ("value", "int", f"the value of @s as a binary number, modulo {k * 5 + 2}", f"return int($s, 2) % {k * 5 + 2}", f"total = 0\nfor c in $s:\n    total = 2 * total + int(c)\nreturn total "
            f"% {k * 5 + 2}", f"Read @s as a number in base two and return the remainder of this number when divided by {k * 5 + 2}."),
        ("signed", "int", "the value of @s in two's complement, where the first bit counts negatively", "n = int($s, 2)\nreturn n - 2 ** len($s) if $s[0] == '1' else n",
            "total = -int($s[0])\nfor c in $s[1:]:\n    total = 2 * total + int(c)\nreturn total", "Computers write negative numbers in two's complement: the leftmost of n bits has the value "
            "minus 2 to the power n - 1, all the others have their usual positive values. Which number is @s?"),
        ("parity", "str", f"@s with one more bit at the end, chosen so that the number of {word} is {'even' if k % 2 else 'odd'}", f"return $s + ('{bit}' if $s.count('{bit}') % 2 == "
            f"{1 if k % 2 else 0} else '{'0' if bit == '1' else '1'}')", f"for c in '01':\n    if ($s + c).count('{bit}') % 2 == {0 if k % 2 else 1}:\n        return $s + c",
            f"Append a parity bit to @s: with it, the whole string has an {'even' if k % 2 else 'odd'} number of {word}."),
        ("gray", "str", "the Gray code of @s: its first bit, followed by '1' for each later bit that differs from the bit before it and '0' for each that does not",
            "return $s[0] + ''.join('1' if a != b else '0' for a, b in zip($s, $s[1:]))", "n = int($s, 2)\nreturn format(n ^ (n >> 1), 'b').zfill(len($s))",
            "Convert @s to Gray code. The first bit is copied. Every further bit of the result tells whether two neighbouring bits of the original differ: 1 if they do, 0 if not."),
        ("gray_back", "str", "the bit string whose Gray code is @s: its first bit is the same, and each later bit is the exclusive or of the bit before it in the result and the bit of @s at "
            "its place", "out = $s[0]\nfor c in $s[1:]:\n    out += '1' if c != out[-1] else '0'\nreturn out", "return ''.join(str($s[:i + 1].count('1') % 2) for i in range(len($s)))",
            "Decode Gray code: copy the first bit of @s. For each further bit compare it with the last bit of the result so far, and append 1 if they differ and 0 if they are equal."),
        ("next", "str", "the binary number after @s with the same number of digits, where after all ones all zeros follow", "n = (int($s, 2) + 1) % 2 ** len($s)\nreturn format(n, "
            "'b').zfill(len($s))", "i = $s.rfind('0')\nif i == -1:\n    return '0' * len($s)\nreturn $s[:i] + '1' + '0' * (len($s) - i - 1)", "Count one further in binary: add 1 to the number "
            "@s and keep the number of digits. A string of ones becomes a string of zeros."),
        ("positions", "list[int]", "a list of the exponents of the powers of two that @s is the sum of as a binary number, largest first", "return [len($s) - 1 - i for i, c in enumerate($s) if "
            "c == '1']", "n = int($s, 2)\nreturn [e for e in range(len($s) - 1, -1, -1) if n >> e & 1]", "A binary number is a sum of powers of two. For @s return the exponents of these powers "
            "in descending order; '101' gives [2, 0]."),
        ("groups", "list[int]", f"a list of the values of the groups of {k} bits that @s is divided into from the right, the leftmost group first and possibly shorter",
            f"head = len($s) % {k}\nparts = ([$s[:head]] if head else []) + [$s[i:i + {k}] for i in range(head, len($s), {k})]\nreturn [int(part, 2) for part in parts]",
            f"result = []\nwhile $s:\n    result.insert(0, int($s[-{k}:], 2))\n    $s = $s[:-{k}]\nreturn result", f"Divide @s into groups of {k} bits, counting from the right end, so that "
            f"only the first group may have fewer. Read every group as a binary number and return the numbers from left to right."),
    ])  # fmt: skip
    return lesson.draft(g, f"bits_{kind}", "s:bin", typ, result, body, other, tellings=(say,))


@lesson
def two_bit_strings(g: Random) -> Draft:
    op, test, said = g.choice(
        [
            ("and", "c == '1' and e == '1'", "both have '1'"),
            ("or", "c == '1' or e == '1'", "at least one has '1'"),
            ("xor", "c != e", "they differ"),
            ("equal", "c == e", "they agree"),
            ("nand", "not (c == '1' and e == '1')", "they do not both have '1'"),
        ]
    )
    side = g.choice(["left", "right"])
    pad = (
        "size = max(len($a), len($b))\np, q = $a.rjust(size, '0'), $b.rjust(size, '0')\n"
        if side == "left"
        else "size = max(len($a), len($b))\np, q = $a.ljust(size, '0'), $b.ljust(size, '0')\n"
    )
    kind, ret, loop, typ, res = g.choice(
        [
            (
                "text",
                f"''.join('1' if {test} else '0' for c, e in zip(p, q))",
                "out",
                "str",
                f"a string with '1' at each position of @a and @b where {said}, and '0' elsewhere",
            ),
            (
                "count",
                f"sum(1 for c, e in zip(p, q) if {test})",
                "out.count('1')",
                "int",
                f"the number of positions of @a and @b at which {said}",
            ),
            (
                "first",
                f"next((i for i, (c, e) in enumerate(zip(p, q)) if {test}), -1)",
                "out.find('1')",
                "int",
                f"the index of the first position of @a and @b at which {said}, or -1 if there is none, "
                f"counted in the filled-up strings",
            ),
        ]
    )
    return lesson.draft(g, f"bits_{op}_{kind}", "a:bin b:bin", typ, f"{res}; the shorter string is first filled up with zeros on the {side}", f"{pad}return {ret}",
        f"size = max(len($a), len($b))\np = {'$a.zfill(size)' if side == 'left' else '($a + size * chr(48))[:size]'}\nq = "
        f"{'$b.zfill(size)' if side == 'left' else '($b + size * chr(48))[:size]'}\nout = ''\nfor i in range(size):\n    c, e = p[i], q[i]\n    out += '1' if {test} else '0'\nreturn {loop}",
                        tellings=(f"Two strings of bits, @a and @b, are to be compared. If one is shorter, add zeros on its {side} side until both have the same length. Return "
                            f"{res.replace(' of @a and @b', '')}.",))  # fmt: skip


@lesson
def bytes_and_hex(g: Random) -> Draft:
    kind, arg, typ, result, body, other, say = g.choice([
        ("decode_bits", "s:bytes8", "str", "the text whose characters have the codes that are written in @s as groups of eight bits", "return ''.join(chr(int($s[i:i + 8], 2)) for i in range(0, "
            "len($s), 8))", "out = ''\nwhile $s:\n    out += chr(int($s[:8], 2))\n    $s = $s[8:]\nreturn out", "A text was sent in binary: each character as its code with eight bits, without "
            "anything between. Decode @s."),
        ("codes", "s:hex", "list[int]", "a list of the values of the two-digit hexadecimal numbers that @s is made of", "return [int($s[i:i + 2], 16) for i in range(0, len($s), 2)]",
            "return list(bytes.fromhex($s))", "Two hexadecimal digits make a byte. Split @s into bytes and return their values as integers."),
        ("letters", "s:hex", "str", "the text in which each two-digit hexadecimal number of @s is replaced by the character with this code if it is a code from 32 to 126, and otherwise by '.'",
            "codes = [int($s[i:i + 2], 16) for i in range(0, len($s), 2)]\nreturn ''.join(chr(n) if 32 <= n <= 126 else '.' for n in codes)", "out = ''\nfor n in bytes.fromhex($s):\n    out += "
            "chr(n) if n > 31 and n < 127 else '.'\nreturn out", "Show the bytes of @s, each given by two hexadecimal digits, as a hex editor does: a byte from 32 to 126 as the character with "
            "this code, any other byte as a dot."),
        ("spaced", "s:hex", "str", "@s in uppercase with a space after every two digits, but not at the end", "return ' '.join($s[i:i + 2] for i in range(0, len($s), 2)).upper()",
            "out = ''\nfor i, c in enumerate($s.upper()):\n    if i and i % 2 == 0:\n        out += ' '\n    out += c\nreturn out", "Print the hexadecimal string @s in a readable form: capital "
            "letters, and a space between bytes, which have two digits each."),
        ("swapped", "s:hex", "str", "@s with the order of its bytes, which are two digits each, reversed", "return ''.join($s[i:i + 2] for i in range(len($s) - 2, -2, -2))",
            "return bytes.fromhex($s)[::-1].hex()", "Change the byte order of the hexadecimal string @s: the last two digits come first, and so on; the two digits of a byte keep their order."),
        ("byte_text", "n:byte", "str", "@n as eight bits in two groups of four with a space between, followed by ' = ' and its two hexadecimal digits in lowercase",
            "bits = f'{$n:08b}'\nreturn f'{bits[:4]} {bits[4:]} = {$n:02x}'", "high, low = divmod($n, 16)\nreturn f'{high:04b} {low:04b} = ' + '0123456789abcdef'[high] + '0123456789abcdef'[low]",
            "Write the byte @n first in binary with eight digits, with a space in the middle, then ' = ', and then as two hexadecimal digits (small letters)."),
        ("reversed_bits", "n:byte", "int", "the number whose eight binary digits are those of @n in reverse order", "return int(f'{$n:08b}'[::-1], 2)",
            "result = 0\nfor _ in range(8):\n    result = result * 2 + $n % 2\n    $n //= 2\nreturn result", "Write @n as eight bits, read them from right to left, and return the number that "
            "you get."),
        ("digit_count", "s:hex", "dict[str, int]", "a dictionary with the keys 'digits' and 'letters' that tells how many characters of @s are from 0 to 9 and how many from a to f",
            "digits = sum(c.isdigit() for c in $s)\nreturn {'digits': digits, 'letters': len($s) - digits}", "counts = {'digits': 0, 'letters': 0}\nfor c in $s:\n    counts['letters' if c in "
            "'abcdef' else 'digits'] += 1\nreturn counts", "Count separately how many of the hexadecimal digits of @s are ordinary digits and how many are letters."),
    ])  # fmt: skip
    return lesson.draft(g, f"hex_{kind}" if "hex" in arg else kind, arg, typ, result, body, other, tellings=(say,))


@lesson
def signal_tables(g: Random) -> Draft:
    table = dict(
        zip(
            "etaoinshr",
            g.choice(
                [
                    [".", "-", ".-", "---", "..", "-.", "...", "....", ".-."],
                    ["1", "2", "11", "12", "21", "22", "111", "112", "121"],
                    ["*", "**", "***", "o", "oo", "ooo", "*o", "o*", "*oo"],
                ]
            ),
            strict=True,
        )
    )
    letters = g.sample(sorted(table), 5)
    part = {c: table[c] for c in sorted(letters)}
    shown = ", ".join(f"'{c}' is '{code}'" for c, code in part.items())
    sep = g.choice([" ", "/", "|"])
    sep_word = "a space" if sep == " " else repr(sep)
    kind, typ, result, body, other, say = g.choice([
        ("encode", "str", f"the code of @s with {sep_word} between letters, where {shown}; other letters are left out", f"table = {part}\nreturn '{sep}'.join(table[c] for c in $s if c in table)",
            f"table = {part}\nout = []\nfor c in $s:\n    if c in table:\n        out.append(table[c])\nreturn '{sep}'.join(out)", f"Signals are agreed for a few letters: {shown}. Write the "
            f"signals for the letters of @s one after another with {sep_word} between them; skip letters without a signal."),
        ("unknown", "str", f"the code of @s with {sep_word} between letters, where {shown}, and every other letter is written as '?'", f"table = {part}\nreturn '{sep}'.join(table.get(c, '?') "
            f"for c in $s)", f"table = {part}\nout = ''\nfor i, c in enumerate($s):\n    if i > 0:\n        out += '{sep}'\n    out += table[c] if c in table else '?'\nreturn out",
            f"Translate @s into signals with this table: {shown}. Any other letter becomes a question mark, and {sep_word} separates the signals."),
        ("length", "int", f"the number of signs needed for the letters of @s, where {shown}, and every other letter needs 5 signs", f"table = {part}\nreturn sum(len(table[c]) if c in table "
            f"else 5 for c in $s)", f"table = {part}\ntotal = 0\nfor c in $s:\n    total += len(table.get(c, '?????'))\nreturn total", f"How long is the code of @s? The table says that "
            f"{shown}; letters that are not in it take 5 signs each. Gaps between letters do not count."),
        ("codable", "bool", f"True if @s has more letters with a code than without, where {shown} and other letters have no code", f"table = {part}\nreturn 2 * sum(c in table for c in $s) > "
            f"len($s)", f"known = '{''.join(part)}'\nbalance = 0\nfor c in $s:\n    balance += 1 if c in known else -1\nreturn balance > 0", f"Only some letters have a signal: {shown}. Are "
            f"more than half of the letters of @s among them?"),
    ])  # fmt: skip
    return lesson.draft(g, f"signals_{kind}", "s:low", typ, result, body, other, tellings=(say,))


@lesson
def prefix_codes(g: Random) -> Draft:
    letters = g.sample("abcdexyz", 4)
    table = dict(zip(["0", "10", "110", "111"], letters, strict=True))
    shown = ", ".join(f"'{code}' for '{c}'" for code, c in table.items())
    kind, typ, result, ret, alt = g.choice(
        [
            ("decode", "str", "the text that @s stands for", "text_out", "out"),
            (
                "rest",
                "str",
                "what is left over at the end of @s because it is no complete code word, '' if nothing is",
                "word_so_far",
                "$s",
            ),
            ("count", "int", "the number of complete code words in @s", "len(text_out)", "len(out)"),
            (
                "commonest",
                "str",
                "the letter that occurs most often in the text that @s stands for, the alphabetically first one in case of a tie, or '' if there is none",
                "min(text_out, key=lambda c: (-text_out.count(c), c), default='')",
                "max(sorted(set(out)), key=out.count, default='')",
            ),
        ]
    )
    return lesson.draft(g, f"prefix_code_{kind}", "s:prefix", typ, f"{result}, where the code words are {shown} and an incomplete code word at the end is ignored" if kind != "rest" else
        f"{result}; the code words are {shown}", f"table = {table}\ntext_out, word_so_far = '', ''\nfor c in $s:\n    word_so_far += c\n    if word_so_far in table:\n        text_out += "
        f"table[word_so_far]\n        word_so_far = ''\nreturn {ret}",
                        f"table = {table}\nout = ''\nfound = True\nwhile found:\n    found = False\n    for code, c in table.items():\n        if $s.startswith(code):\n            out += c\n   "
                            f"         $s = $s[len(code):]\n            found = True\n            break\nreturn {alt}", tellings=(f"Letters are encoded with bits of different number: {shown}. "
                            f"No code word is the beginning of another, so the bits @s can be read from left to right without gaps. An incomplete code word may remain at the end. Return "
                            f"{result}.",))  # fmt: skip


@lesson
def word_distance(g: Random) -> Draft:
    d = g.randint(1, 2)
    ins, sub = g.choice([(1, 1), (1, 2), (2, 1), (2, 3), (1, 3)])
    kind, arg, typ, result, body, other, say = g.choice([
        ("edit", "a:near b:near", "int", f"the lowest total cost of changing @a into @b, where inserting or deleting a letter costs {ins} and replacing a letter by another costs {sub}",
            f"row = [{ins} * j for j in range(len($b) + 1)]\nfor i, c in enumerate($a, 1):\n    new = [{ins} * i]\n    for j, e in enumerate($b, 1):\n        new.append(min(row[j] + {ins}, "
            f"new[-1] + {ins}, row[j - 1] + ({sub} if c != e else 0)))\n    row = new\nreturn row[-1]", f"@functools.lru_cache(maxsize=None)\ndef cost(i, j):\n    if i == 0 or j == 0:\n        "
            f"return {ins} * (i + j)\n    change = 0 if $a[i - 1] == $b[j - 1] else {sub}\n    return min(cost(i - 1, j) + {ins}, cost(i, j - 1) + {ins}, cost(i - 1, j - 1) + change)\n\nreturn "
            f"cost(len($a), len($b))", f"A typist corrects @a until it reads @b. Each step inserts one letter (cost {ins}), deletes one letter (cost {ins}) or overwrites one letter with "
            f"another (cost {sub}). What is the least total cost?"),
        ("one_off", "a:near b:near", "bool", "True if @a can be made equal to @b by inserting, deleting or replacing exactly one letter", "if $a == $b or abs(len($a) - len($b)) > 1:\n    "
            "return False\ni = 0\nwhile i < min(len($a), len($b)) and $a[i] == $b[i]:\n    i += 1\nreturn $a[i + 1:] == $b[i + 1:] or $a[i:] == $b[i + 1:] or $a[i + 1:] == $b[i:]",
            "if len($a) == len($b):\n    return sum(c != e for c, e in zip($a, $b)) == 1\nshort, long = sorted([$a, $b], key=len)\nreturn len(long) - len(short) == 1 and any(long[:i] + long[i "
            "+ 1:] == short for i in range(len(long)))", "Is @b exactly one typing mistake away from @a? A mistake is one letter too many, one too few, or one wrong letter. Equal words give "
            "False."),
        ("nearest", "w:near words:nears", "str", "the entry of @words that differs from @w at the fewest positions, where each letter that only one of the two words has counts as a difference "
            "too; the first one in case of a tie", "def distance(v):\n    return sum(c != e for c, e in zip($w, v)) + abs(len($w) - len(v))\n\nreturn min($words, key=distance)",
            "best, least = '', None\nfor v in $words:\n    n = sum(c != e for c, e in itertools.zip_longest($w, v))\n    if least is None or n < least:\n        best, least = v, n\nreturn best",
            "Somebody has typed @w. Compare it position by position with each entry of @words and count the differences; if one word is longer, each of its additional letters is a difference. "
            "Return the entry with the fewest differences, the earliest such entry if there are several."),
        ("within", "w:near words:nears", "list[str]", f"a list of those entries of @words that are as long as @w and differ from it at no more than {d} position{'s' if d > 1 else ''}",
            f"return [v for v in $words if len(v) == len($w) and sum(c != e for c, e in zip($w, v)) <= {d}]", f"result = []\nfor v in $words:\n    if len(v) != len($w):\n        continue\n    "
            f"n = 0\n    for i in range(len(v)):\n        if v[i] != $w[i]:\n            n += 1\n    if n <= {d}:\n        result.append(v)\nreturn result",
            f"Find entries of @words that resemble @w: they must have the same length, and at most {d} of their letters may be different from the letter of @w at the same place."),
        ("common", "a:near b:near", "str", "the longest string of neighbouring letters that occurs in both @a and @b, the one that begins first in @a in case of a tie",
            "for n in range(len($a), 0, -1):\n    for i in range(len($a) - n + 1):\n        if $a[i:i + n] in $b:\n            return $a[i:i + n]\nreturn ''",
            "best = ''\nfor i in range(len($a)):\n    j = i + 1\n    while j <= len($a) and $a[i:j] in $b:\n        if j - i > len(best):\n            best = $a[i:j]\n        j += 1\nreturn "
            "best", "Which piece do @a and @b have in common? Look for the longest sequence of neighbouring letters that is contained in both; if there are several, take the leftmost one in "
            "@a, and if there is none return ''."),
        ("bigrams", "a:near b:near", "float", "the number of different pairs of neighbouring letters that @a and @b have in common, divided by the number of different ones in both together, "
            "rounded to two decimals; 0.0 if there are no pairs at all", "p = {$a[i:i + 2] for i in range(len($a) - 1)}\nq = {$b[i:i + 2] for i in range(len($b) - 1)}\nreturn round(len(p & q) "
            "/ len(p | q), 2) if p | q else 0.0", "p = set(zip($a, $a[1:]))\nq = set(zip($b, $b[1:]))\nif not p and not q:\n    return 0.0\nshared = sum(pair in q for pair in p)\nreturn "
            "round(shared / (len(p) + len(q) - shared), 2)", "Measure how alike two words are by their pairs of neighbouring letters: how many different pairs do @a and @b share, as a fraction "
            "of all different pairs that occur in at least one of them? Round to two decimals; without any pair the answer is 0.0."),
        ("swap", "a:near b:near", "bool", "True if @b results from @a by exchanging exactly one pair of neighbouring, different letters", "return any($a[:i] + $a[i + 1] + $a[i] + $a[i + 2:] == "
            "$b and $a != $b for i in range(len($a) - 1))", "if len($a) != len($b):\n    return False\nbad = [i for i in range(len($a)) if $a[i] != $b[i]]\nreturn len(bad) == 2 and bad[1] == "
            "bad[0] + 1 and $a[bad[0]] == $b[bad[1]] and $a[bad[1]] == $b[bad[0]]", "A frequent slip is to type two neighbouring letters in the wrong order. Is @b what comes out if this "
            "happens once in @a? Equal words give False."),
    ])  # fmt: skip
    if kind == "swap":
        arg = "a:swap b:swap"
    return lesson.draft(
        g,
        f"distance_{kind}" if kind in ("edit", "nearest") else f"words_{kind}",
        arg,
        typ,
        result,
        body,
        other,
        imports=("import functools", "import itertools"),
        tellings=(say,),
    )


@lesson
def wildcards(g: Random) -> Draft:
    kind, arg, typ, result, body, other, say = g.choice([
        ("question", "pattern:wild w:near", "bool", "True if the word @w fits @pattern, where '?' stands for exactly one letter of any kind", "return len($w) == len($pattern) and all(p in "
            "('?', c) for p, c in zip($pattern, $w))", "if len($w) != len($pattern):\n    return False\nfor i in range(len($w)):\n    if $pattern[i] != '?' and $pattern[i] != $w[i]:\n        "
            "return False\nreturn True", "In a crossword some letters are known. Does @w fit the entry @pattern, in which every '?' is a free square and the other letters are fixed? The "
            "lengths have to agree too."),
        ("solutions", "pattern:wild words:nears", "list[str]", "a sorted list of the different entries of @words that fit @pattern, where '?' stands for exactly one letter of any kind",
            "return sorted({v for v in $words if len(v) == len($pattern) and all(p in ('?', c) for p, c in zip($pattern, v))})", "expression = $pattern.replace('?', '.')\nreturn sorted(set(v "
            "for v in $words if re.fullmatch(expression, v)))", "Solve a crossword: which entries of @words can be put into @pattern, where '?' marks squares that are still free? Return them "
            "sorted, each once."),
        ("free", "pattern:wild w:near", "str | None", "the letters of @w that stand at the places of '?' in @pattern, as one string, or None if @w does not fit because of its length or another "
            "letter", "if len($w) != len($pattern) or any(p not in ('?', c) for p, c in zip($pattern, $w)):\n    return None\nreturn ''.join(c for p, c in zip($pattern, $w) if p == '?')",
            "found = re.fullmatch($pattern.replace('?', '(.)'), $w)\nreturn ''.join(found.groups()) if found else None", "Put @w into @pattern, in which '?' is a free square. Which letters "
            "come into the free squares? If the word does not fit, return None."),
        ("star", "pattern:star w:near", "bool", "True if the word @w fits @pattern, where the one '*' stands for any number of letters, also for none",
            "head, tail = $pattern.split('*')\nreturn len($w) >= len(head) + len(tail) and $w.startswith(head) and $w.endswith(tail)", "return re.fullmatch($pattern.replace('*', '.*'), $w) is "
            "not None", "The pattern @pattern contains one star, which may be replaced by any letters or by nothing. Can @w be made from it in this way?"),
        ("star_part", "pattern:star w:near", "str | None", "the part of @w that the '*' in @pattern stands for, or None if @w does not fit the pattern; the star may stand for any number of "
            "letters, also for none", "head, tail = $pattern.split('*')\nif len($w) < len(head) + len(tail) or not $w.startswith(head) or not $w.endswith(tail):\n    return None\nreturn "
            "$w[len(head):len($w) - len(tail)]", "found = re.fullmatch($pattern.replace('*', '(.*)'), $w)\nreturn found[1] if found else None", "If @w begins with what comes before the '*' in "
            "@pattern and ends, without overlap, with what comes after it, return the letters in between (perhaps none, ''). Otherwise return None."),
        ("star_count", "pattern:star words:nears", "int", "the number of entries of @words that fit @pattern, where the one '*' stands for at least one letter",
            "head, tail = $pattern.split('*')\nreturn sum(len(v) > len(head) + len(tail) and v.startswith(head) and v.endswith(tail) for v in $words)",
            "expression = $pattern.replace('*', '.+')\nreturn len([v for v in $words if re.fullmatch(expression, v)])", "Search the list @words with a pattern in which the star has to be "
            "replaced by one or more letters. How many entries does @pattern find? Repeated entries count each time."),
    ])  # fmt: skip
    return lesson.draft(g, f"wildcard_{kind}", arg, typ, result, body, other, imports=("import re",), tellings=(say,))


@lesson
def gene_strings(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("partner", "str", "the partner strand of @s read backwards: A and T are exchanged, C and G are exchanged, and the result is reversed",
            "return $s.translate(str.maketrans('ACGT', 'TGCA'))[::-1]", "partner = {'A': 'T', 'T': 'A', 'C': 'G', 'G': 'C'}\nout = ''\nfor c in $s:\n    out = partner[c] + out\nreturn out",
            "In DNA the letter A faces T, and C faces G. Write the strand that faces @s, beginning at the end of @s."),
        ("codons", "list[str]", "a list of the complete groups of three letters that @s is divided into from the left; one or two letters at the end are dropped",
            "return [$s[i:i + 3] for i in range(0, len($s) - 2, 3)]", "groups = []\nwhile len($s) >= 3:\n    groups.append($s[:3])\n    $s = $s[3:]\nreturn groups",
            "Genes are read in groups of three letters. Divide @s from the left and leave out an incomplete group at the end."),
        ("until_stop", "str", "the letters of @s before the first of its groups of three, counted from the left, that is TAA, TAG or TGA; if there is no such group, all complete groups",
            "out = ''\nfor i in range(0, len($s) - 2, 3):\n    group = $s[i:i + 3]\n    if group in ('TAA', 'TAG', 'TGA'):\n        break\n    out += group\nreturn out",
            "i = 0\nwhile i + 3 <= len($s) and $s[i:i + 3] not in ('TAA', 'TAG', 'TGA'):\n    i += 3\nreturn $s[:i]", "Read @s in steps of three letters from its beginning. Stop at a group "
            "TAA, TAG or TGA, or when fewer than three letters remain. Return what has been read before the stop as one string."),
        ("share", "int", "the percentage of the letters G and C in @s, rounded down to a whole number", "return 100 * sum(c in 'GC' for c in $s) // len($s)",
            "n = $s.count('G') + $s.count('C')\nreturn n * 100 // len($s)", "How many percent of @s are G or C? Drop the digits after the decimal point."),
        ("counts", "str", "the numbers of A, C, G and T in @s as text of the form 'A2 C0 G1 T3'", "return ' '.join(f'{c}{$s.count(c)}' for c in 'ACGT')",
            "counts = {'A': 0, 'C': 0, 'G': 0, 'T': 0}\nfor c in $s:\n    counts[c] += 1\nreturn ' '.join(c + str(n) for c, n in counts.items())",
            "Count each of the four letters in @s. Write the counts behind the letters in the order A, C, G, T, separated by spaces; letters that do not occur get 0."),
        ("skew", "list[int]", "a list of the numbers of G minus the numbers of C in the beginnings of @s of length 1, 2, 3 and so on", "return [$s[:i].count('G') - $s[:i].count('C') for i in "
            "range(1, len($s) + 1)]", "value, result = 0, []\nfor c in $s:\n    value += (c == 'G') - (c == 'C')\n    result.append(value)\nreturn result",
            "Start at 0 and read @s. G adds one, C takes one away, A and T change nothing. Note the number after every letter."),
        ("mutations", "list[str]", "a list of the groups of three letters, counted from the left, that occur more than once in @s, in the order of their first appearance; an incomplete group "
            "at the end is ignored", "groups = [$s[i:i + 3] for i in range(0, len($s) - 2, 3)]\nreturn [c for c in dict.fromkeys(groups) if groups.count(c) > 1]",
            "seen, result = [], []\nfor i in range(0, len($s) // 3 * 3, 3):\n    seen.append($s[i:i + 3])\nfor c in seen:\n    if seen.count(c) > 1 and c not in result:\n        "
            "result.append(c)\nreturn result", "Cut @s into groups of three letters from the left. Which groups are repeated? List each of them once, in the order in which they first appear."),
        ("faces_itself", "bool", "True if the first and the last letter of @s can face each other, where A faces T and C faces G", "return $s[0] + $s[-1] in ('AT', 'TA', 'CG', 'GC')",
            "partner = {'A': 'T', 'T': 'A', 'C': 'G', 'G': 'C'}\nreturn partner[$s[0]] == $s[-1]", "Bend the strand @s so that its ends meet. Do they fit, that is, is one of them A and the "
            "other T, or one C and the other G?"),
    ])  # fmt: skip
    return lesson.draft(g, f"strand_{kind}", "s:dna", typ, result, body, other, tellings=(say,))


@lesson
def net_addresses(g: Random) -> Draft:
    kind, arg, typ, result, body, other, say = g.choice([
        ("problem", "s:address", "str", "'parts' if @s does not have exactly four parts separated by dots, 'range' if some part is greater than 255, and 'ok' otherwise",
            "parts = $s.split('.')\nif len(parts) != 4:\n    return 'parts'\nreturn 'range' if any(int(part) > 255 for part in parts) else 'ok'",
            "if $s.count('.') != 3:\n    return 'parts'\nfor part in $s.split('.'):\n    if int(part) > 255:\n        return 'range'\nreturn 'ok'",
            "Check an address @s of whole numbers with dots between them. There have to be four numbers ('parts' if not), and none of them may exceed 255 ('range' if one does). A good address "
            "gives 'ok'."),
        ("number", "s:ipv4", "int", "the number that results if the four numbers in @s are read as digits in base 256", "total = 0\nfor part in $s.split('.'):\n    total = total * 256 + "
            "int(part)\nreturn total", "return sum(int(part) * 256 ** i for i, part in enumerate(reversed($s.split('.'))))", "An address such as '1.2.3.4' can be stored as one integer: treat "
            "its four numbers as digits of the base 256. Convert @s."),
        ("bits", "s:ipv4", "int", "the number of ones in the binary forms of the four numbers in @s", "return sum(bin(int(part)).count('1') for part in $s.split('.'))",
            "count = 0\nfor part in $s.split('.'):\n    n = int(part)\n    while n:\n        count += n % 2\n        n //= 2\nreturn count", "Write each of the four numbers of the address @s "
            "in binary and count all the ones."),
        ("kind", "s:ipv4", "str", "'loop' if the first number of @s is 127, 'private' if the first number is 10 or the first two are 192 and 168, and 'public' otherwise",
            "p, q, *_ = map(int, $s.split('.'))\nif p == 127:\n    return 'loop'\nreturn 'private' if p == 10 or (p, q) == (192, 168) else 'public'",
            "if $s.startswith('127.'):\n    return 'loop'\nif $s.startswith('10.') or $s.startswith('192.168.'):\n    return 'private'\nreturn 'public'",
            "Classify the address @s. Addresses beginning with 127 are of the kind 'loop'; those beginning with 10, or with 192 followed by 168, are 'private'; all the rest are 'public'."),
        ("same_net", "a:ipv4 b:ipv4", "int", "how many numbers at the beginning the addresses @a and @b have in common, from 0 to 4", "n = 0\nfor p, q in zip($a.split('.'), $b.split('.')):\n   "
            " if p != q:\n        break\n    n += 1\nreturn n", "p, q = $a.split('.'), $b.split('.')\nreturn next((i for i in range(4) if p[i] != q[i]), 4)",
            "Compare the addresses @a and @b number by number from the left. How many numbers agree before the first difference?"),
        ("padded", "s:ipv4", "str", "@s with each number filled up with zeros on the left to three digits", "return '.'.join(part.zfill(3) for part in $s.split('.'))",
            "out = []\nfor part in $s.split('.'):\n    out.append('0' * (3 - len(part)) + part)\nreturn '.'.join(out)", "To be able to sort addresses as text, write every number of @s with "
            "three digits by adding zeros in front."),
        ("next", "s:ipv4", "str", "the address after @s: the last number is increased by 1, and a number that would become 256 becomes 0 and increases the one before it; after "
            "'255.255.255.255' comes '0.0.0.0'", "parts = [int(part) for part in $s.split('.')]\ni = 3\nwhile i >= 0:\n    parts[i] += 1\n    if parts[i] < 256:\n        break\n    parts[i] = "
            "0\n    i -= 1\nreturn '.'.join(map(str, parts))", "n = 0\nfor part in $s.split('.'):\n    n = n * 256 + int(part)\nn = (n + 1) % 256 ** 4\nreturn '.'.join(str(n // 256 ** e % 256) "
            "for e in (3, 2, 1, 0))", "Count one address further: add 1 to the last of the four numbers of @s. When a number passes 255 it goes back to 0 and the number on its left is "
            "increased. The very last address is followed by '0.0.0.0'."),
        ("hex", "s:ipv4", "str", "the four numbers in @s as two hexadecimal digits each, in uppercase and joined by '-'", "return '-'.join(f'{int(part):02X}' for part in $s.split('.'))",
            "digits = '0123456789ABCDEF'\nout = []\nfor part in $s.split('.'):\n    high, low = divmod(int(part), 16)\n    out.append(digits[high] + digits[low])\nreturn '-'.join(out)",
            "Rewrite the address @s in hexadecimal: two digits (with capital letters) for each number, and hyphens in place of the dots."),
    ])  # fmt: skip
    return lesson.draft(g, f"address_{kind}", arg, typ, result, body, other, tellings=(say,))


@lesson
def serial_numbers(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("next", "str", "the serial number after @s: counting begins at the last character, digits go from 0 to 9 and letters from A to Z, and after 9 or Z comes 0 or A together with a step of "
            "the character before it; after the last number all places start again", "chars = list($s)\nfor i in range(len(chars) - 1, -1, -1):\n    if chars[i] == '9':\n        chars[i] = "
            "'0'\n    elif chars[i] == 'Z':\n        chars[i] = 'A'\n    else:\n        chars[i] = chr(ord(chars[i]) + 1)\n        break\nreturn ''.join(chars)",
            "out, carry = '', True\nfor c in reversed($s):\n    if carry:\n        carry = c in '9Z'\n        c = {'9': '0', 'Z': 'A'}.get(c) or chr(ord(c) + 1)\n    out = c + out\nreturn out",
            "Serial numbers consist of digits and capital letters, and each place keeps its kind. Increase @s by one like a mileage counter: the last place steps first; a 9 turns into 0, a Z "
            "into A, and then the place on its left steps as well. If even the first place turns over, that is all: 'Z9' becomes 'A0'."),
        ("rank", "int", "the number of serial numbers of the same form that come before @s, where each place keeps its kind (digit or capital letter) and the last place counts fastest",
            "total = 0\nfor c in $s:\n    if c.isdigit():\n        total = total * 10 + int(c)\n    else:\n        total = total * 26 + ord(c) - ord('A')\nreturn total",
            "total, weight = 0, 1\nfor c in reversed($s):\n    if c in '0123456789':\n        total, weight = total + weight * int(c), weight * 10\n    else:\n        total, weight = total + "
            "weight * (ord(c) - 65), weight * 26\nreturn total", "A serial number has digits (0 to 9) and capital letters (A to Z) at fixed places. The first one of a form has A and 0 "
            "everywhere, and the last place changes fastest. How many numbers are there before @s?"),
        ("possible", "int", "the number of different serial numbers of the form of @s, where each letter could be any of 26 and each digit any of 10",
            "result = 1\nfor c in $s:\n    result *= 10 if c.isdigit() else 26\nreturn result", "digits = sum(c.isdigit() for c in $s)\nreturn 10 ** digits * 26 ** (len($s) - digits)",
            "How many serial numbers can be made that look like @s, that is, with a capital letter wherever it has one and a digit wherever it has one?"),
        ("last", "str", "the last serial number of the form of @s, with 'Z' for each letter and '9' for each digit", "return ''.join('9' if c.isdigit() else 'Z' for c in $s)",
            "out = ''\nfor c in $s:\n    if c.isalpha():\n        out += 'Z'\n    else:\n        out += '9'\nreturn out", "A counter looks like @s. What does it show when it has reached its "
            "end, with Z in all places for letters and 9 in all places for digits?"),
        ("split", "list[str]", "a list of the longest possible parts of @s that consist only of letters or only of digits, from left to right", "return [''.join(group) for _, group in "
            "itertools.groupby($s, key=str.isdigit)]", "parts = []\nfor c in $s:\n    if parts and parts[-1][-1].isdigit() == c.isdigit():\n        parts[-1] += c\n    else:\n        "
            "parts.append(c)\nreturn parts", "Take @s apart wherever a letter and a digit meet, and return the parts in order."),
    ])  # fmt: skip
    return lesson.draft(
        g, f"serial_{kind}", "s:serial", typ, result, body, other, imports=("import itertools",), tellings=(say,)
    )


@lesson
def hidden_messages(g: Random) -> Draft:
    k = g.randint(2, 3)
    kind, arg, typ, result, body, other, say = g.choice([
        ("book", "s:text4 places:indexes", "str", "the string of the letters that the tuples (word number, letter number) in @places point to in @s, both counted from 0; '?' for a place that "
            "does not exist", "parts = $s.split()\nout = ''\nfor i, j in $places:\n    out += parts[i][j] if i < len(parts) and j < len(parts[i]) else '?'\nreturn out",
            "parts = $s.split()\nreturn ''.join(parts[i][j:j + 1] or '?' if i < len(parts) else '?' for i, j in $places)", "A spy sends a message as places in a text: each tuple of @places "
            "holds the number of a word of @s and the number of a letter in this word, counted from 0. Read the message; where a word or letter does not exist, write '?'."),
        ("capitals", "s:mixed", "str", "the capital letters of @s in their order, turned into lowercase", "return ''.join(c.lower() for c in $s if c.isupper())",
            "out = ''\nfor c in $s:\n    if c != c.lower():\n        out += c.lower()\nreturn out", "The message is hidden in the capital letters of @s. Collect them and write them small."),
        ("after_marker", "s:phrase", "str", "the characters of @s that come directly after an 'e', in their order", "return ''.join(b for a, b in zip($s, $s[1:]) if a == 'e')",
            "out = ''\nfor i in range(1, len($s)):\n    if $s[i - 1] == 'e':\n        out += $s[i]\nreturn out", "In @s the letter e is a signal: the character behind each e belongs to the "
            "secret message. Return the message; an e at the very end has nothing behind it."),
        ("two_kinds", "s:mixed", "str", "a string with 'A' for each lowercase letter and 'B' for each uppercase letter of @s, in groups of five separated by spaces; an incomplete group at the "
            "end is dropped", "marks = ''.join('B' if c.isupper() else 'A' for c in $s if c.isalpha())\nreturn ' '.join(marks[i:i + 5] for i in range(0, len(marks) - 4, 5))",
            "groups, current = [], ''\nfor c in $s:\n    if c.isalpha():\n        current += 'A' if c.islower() else 'B'\n    if len(current) == 5:\n        groups.append(current)\n        "
            "current = ''\nreturn ' '.join(groups)", "An old method hides text in two kinds of letters. Replace the small letters of @s by A and the capitals by B, ignore everything else, and "
            "divide the result into groups of five; drop what does not fill a group."),
        ("nth_letters", "s:text4", "str", f"the letters number {k}, {2 * k}, {3 * k} and so on of @s, when its spaces are not counted", f"return $s.replace(' ', '')[{k - 1}::{k}]",
            f"out, n = '', 0\nfor c in $s:\n    if c == ' ':\n        continue\n    n += 1\n    if n % {k} == 0:\n        out += c\nreturn out",
            f"Remove the spaces from @s and read only every {'second' if k == 2 else 'third'} letter, beginning with letter number {k}."),
        ("growing", "s:text4", "str", "the first letter of the first word of @s, the second letter of the second word, and so on, where a word that is too short gives its last letter",
            "return ''.join(w[min(i, len(w) - 1)] for i, w in enumerate($s.split()))", "out = ''\ni = 0\nfor w in $s.split():\n    out += w[i] if i < len(w) else w[-1]\n    i += 1\nreturn out",
            "Take letter 1 of word 1, letter 2 of word 2, letter 3 of word 3, and so on from @s. If a word does not have so many letters, take its last one. Join the letters."),
        ("insert", "s:low key:key", "str", "the word @s with the letters of @key inserted one by one after its first, second, third letter and so on, as long as both have letters; the rest of "
            "@s follows, and left-over letters of @key are dropped", "n = min(len($s), len($key))\nreturn ''.join(c + e for c, e in zip($s, $key)) + $s[n:]",
            "out = ''\nfor i, c in enumerate($s):\n    out += c + $key[i:i + 1]\nreturn out", "Hide the word @key in @s: write a letter of @s, then a letter of the hidden word, and so on in "
            "turn. When the hidden word is finished, the rest of @s follows; if @s is finished first, stop."),
    ])  # fmt: skip
    return lesson.draft(g, f"hidden_{kind}", arg, typ, result, body, other, tellings=(say,))


@lesson
def expanded_groups(g: Random) -> Draft:
    kind, typ, result, ret, other, say = g.choice([
        ("expand", "str", "@s with each group in parentheses, which may be nested, replaced by as many copies of its content as the digit behind it says", "stack[0]",
            "while '(' in $s:\n    i = $s.rindex('(')\n    j = $s.index(')', i)\n    $s = $s[:i] + $s[i + 1:j] * int($s[j + 1]) + $s[j + 2:]\nreturn $s",
            "A short form for repetition: '(ab)3' stands for 'ababab', and groups may be nested, as in '(a(b)2)2', which stands for 'abbabb'. Every group is followed by one digit. Write out @s."),
        ("length", "int", "the length of the text that @s stands for, where each group in parentheses, which may be nested, is repeated as often as the digit behind it says", "len(stack[0])",
            "sizes = [0]\ni = 0\nwhile i < len($s):\n    if $s[i] == '(':\n        sizes.append(0)\n    elif $s[i] == ')':\n        i += 1\n        n = sizes.pop() * int($s[i])\n        "
            "sizes[-1] += n\n    else:\n        sizes[-1] += 1\n    i += 1\nreturn sizes[0]", "In @s a group in parentheses with a digit behind it means that its content is repeated so often; "
            "groups can contain groups. How many letters does the text have that is meant?"),
        ("count_a", "int", "the number of letters 'a' in the text that @s stands for, where each group in parentheses, which may be nested, is repeated as often as the digit behind it says",
            "stack[0].count('a')", "counts = [0]\ni = 0\nwhile i < len($s):\n    if $s[i] == '(':\n        counts.append(0)\n    elif $s[i] == ')':\n        i += 1\n        n = counts.pop() * "
            "int($s[i])\n        counts[-1] += n\n    elif $s[i] == 'a':\n        counts[-1] += 1\n    i += 1\nreturn counts[0]", "The text @s uses parentheses with a digit behind them for "
            "repeated parts; '(ab)3' means 'ababab', and parts may be nested. How often does the letter a occur when everything is written out?"),
    ])  # fmt: skip
    return lesson.draft(g, f"groups_{kind}", "s:nested", typ, result, f"stack = ['']\ni = 0\nwhile i < len($s):\n    c = $s[i]\n    if c == '(':\n        stack.append('')\n    elif c == ')':\n "
        f"       i += 1\n        part = stack.pop()\n        stack[-1] += part * int($s[i])\n    else:\n        stack[-1] += c\n    i += 1\nreturn {ret}", other, tellings=(say,), plan=
        "I keep the unfinished groups on a stack.")  # fmt: skip
