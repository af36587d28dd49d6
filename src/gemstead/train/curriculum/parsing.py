"""Text: parsing and formatting: fields, numbers, expressions, commands, versions, numerals, brackets, escapes, tables, times."""

from __future__ import annotations

from random import Random

from gemstead.train.curriculum.draft import Draft
from gemstead.train.curriculum.lessons import Kind, Lessons

_NAMES = "Ann Bob Eve Kim Leo Mia Tom Zoe".split()
_GOODS = "apple bread egg milk pen rice soap tea".split()
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _pairs(sep: str, eq: str) -> Kind:
    """A text of pairs; keys may come back."""
    return (
        "str",
        f"a string of the form 'a{eq}1{sep}b{eq}2', possibly empty,",
        lambda rng: sep.join(f"{rng.choice('aabcdxy')}{eq}{rng.randint(0, 30)}" for _ in range(rng.randint(0, 5))),
    )


def _numbers_text(rng: Random) -> object:
    parts = [
        rng.choice(
            [
                str(rng.randint(0, 99)),
                str(rng.randint(0, 999)),
                rng.choice(_GOODS),
                "x" + str(rng.randint(1, 9)),
                rng.choice(["and", "of", "-", "no", "007"]),
            ]
        )
        for _ in range(rng.randint(0, 6))
    ]
    return " ".join(parts)


def _sum_text(rng: Random) -> object:
    return str(rng.randint(0, 20)) + "".join(
        rng.choice("+-") + str(rng.randint(0, 20)) for _ in range(rng.randint(0, 4))
    )


def _mul_text(rng: Random) -> object:
    return str(rng.randint(0, 9)) + "".join(
        rng.choice("+-**") + str(rng.randint(0, 9)) for _ in range(rng.randint(0, 4))
    )


def _brackets(rng: Random) -> object:
    depth, made = 0, ""
    for _ in range(rng.randint(0, 9)):
        dice = rng.random()
        if dice < 0.35:
            made, depth = made + "(", depth + 1
        elif dice < 0.65 and (depth or rng.random() < 0.15):
            made, depth = made + ")", max(0, depth - 1)
        else:
            made += rng.choice("abcx")
    return made + ")" * (depth if rng.random() < 0.7 else 0)


def _balanced(rng: Random, depth: int = 0) -> str:
    made = ""
    for _ in range(rng.randint(1, 3)):
        made += f"({_balanced(rng, depth + 1)})" if depth < 3 and rng.random() < 0.4 else rng.choice("abcxyz")
    return made


def _table_rows(rng: Random) -> object:
    return [(rng.choice(_GOODS), rng.randint(1, 120)) for _ in range(rng.randint(1, 3))]


def _ranges(rng: Random) -> object:
    parts, at = [], rng.randint(0, 4)
    for _ in range(rng.randint(1, 4)):
        end = at + rng.choice([0, 0, 1, 2, 4])
        parts.append(f"{at}-{end}" if end > at else str(at))
        at = end + rng.randint(2, 4)
    return ",".join(parts)


def _duration(rng: Random) -> object:
    parts = [
        f"{rng.randint(1, 9)}h" if rng.random() < 0.6 else "",
        f"{rng.randint(1, 75)}m" if rng.random() < 0.7 else "",
        f"{rng.randint(1, 90)}s" if rng.random() < 0.5 else "",
    ]
    return "".join(parts) or "5m"


def _path(rng: Random) -> object:
    parts = [rng.choice(["home", "ann", "docs", "src", "img", "..", ".", "a", "tmp"]) for _ in range(rng.randint(0, 4))]
    return "/" + "/".join([*parts, rng.choice(["notes.txt", "main.py", "photo.jpg", "readme", "data.tar.gz", "a.b"])])


def _log(rng: Random) -> object:
    return [
        f"{rng.choice(['INFO', 'INFO', 'WARN', 'ERROR'])} {rng.choice(['start', 'disk full', 'user Ann', 'retry', 'done'])}"
        for _ in range(rng.randint(0, 5))
    ]


def _interval(rng: Random) -> object:
    low = rng.randint(-5, 8)
    return rng.choice("[(") + f"{low},{low + rng.randint(1, 9)}" + rng.choice("])")


def _version(rng: Random) -> object:
    return ".".join(str(rng.choice([0, 1, 1, 2, 3, 9, 10, 12])) for _ in range(rng.choice([3, 3, 3, 2, 1])))


def _outline(rng: Random) -> object:
    level, made = 0, []
    for _ in range(rng.randint(1, 5)):
        made.append(">" * level + rng.choice(["egg", "tea", "pen", "sun", "car"]))
        level = rng.randint(0, level + 1)
    return made


lesson = Lessons(
    "parsing",
    kinds={
        "kv;": _pairs(";", "="),
        "kv,": _pairs(",", ":"),
        "kv&": _pairs("&", "="),
        "kv|": _pairs(" | ", " -> "),
        "nums": ("str", "a text in which words and numbers are separated by spaces,", _numbers_text),
        "digits": (
            "str",
            "a string of letters, digits and signs",
            lambda rng: "".join(
                rng.choice(["a", "b", "-", " ", str(rng.randint(0, 9)), str(rng.randint(10, 99))])
                for _ in range(rng.randint(0, 9))
            ),
        ),
        "plus": ("str", "an expression such as '12+3-5'", _sum_text),
        "times": ("str", "an expression such as '2*3+4'", _mul_text),
        "paren": ("str", "a string with parentheses", _brackets),
        "balanced": ("str", "a string with properly nested parentheses", _balanced),
        "csv": (
            "str",
            "a line of comma-separated fields",
            lambda rng: ",".join(
                rng.choice([rng.choice(_NAMES), str(rng.randint(0, 60)), "", " tea ", "x"])
                for _ in range(rng.randint(1, 5))
            ),
        ),
        "sheet": (
            "str",
            "a table in which rows are separated by ';' and fields by ',',",
            lambda rng: ";".join(
                f"{rng.choice(_NAMES)},{rng.randint(1, 40)},{rng.choice(['red', 'blue', 'green'])}"
                for _ in range(rng.randint(1, 3))
            ),
        ),
        "rows": ("list[tuple[str, int]]", "a non-empty list of tuples (name, number)", _table_rows),
        "ranges": ("str", "a list of page numbers and ranges such as '1-3,7'", _ranges),
        "sorted": (
            "list[int]",
            "a list of different integers in ascending order",
            lambda rng: sorted(rng.sample(range(15), rng.randint(0, 8))),
        ),
        "listing": (
            "str",
            "a list of integers printed as text, such as '[1, -2, 3]',",
            lambda rng: str([rng.randint(-9, 30) for _ in range(rng.randint(0, 6))]),
        ),
        "span": ("str", "a duration such as '1h30m' or '45s'", _duration),
        "slot": (
            "str",
            "a time span in the form 'HH:MM-HH:MM'",
            lambda rng: (
                f"{rng.randint(6, 12):02d}:{rng.choice([0, 15, 30, 45, 5]):02d}-{rng.randint(13, 22):02d}:{rng.choice([0, 15, 30, 45, 59]):02d}"
            ),
        ),
        "date": (
            "str",
            "a date in the form 'YYYY-MM-DD'",
            lambda rng: (
                f"{rng.choice([1999, 2000, 2023, 2024, 1900])}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
            ),
        ),
        "path": ("str", "an absolute file path", _path),
        "log": ("list[str]", "a list of log lines, each of which begins with a level,", _log),
        "version": ("str", "a version number such as '1.10.2'", _version),
        "versions": (
            "list[str]",
            "a non-empty list of version numbers",
            lambda rng: [_version(rng) for _ in range(rng.randint(1, 4))],
        ),
        "interval": ("str", "an interval such as '[1,5)'", _interval),
        "colour": (
            "str",
            "a colour in the form '#rrggbb'",
            lambda rng: (
                "#"
                + "".join(rng.choice(["00", "ff", "80", "1a", "c3", f"{rng.randint(0, 255):02x}"]) for _ in range(3))
            ),
        ),
        "square": (
            "str",
            "a square of a chess board such as 'e4'",
            lambda rng: rng.choice("abcdefgh") + rng.choice("12345678"),
        ),
        "dice": (
            "str",
            "a dice notation such as '2d6+3'",
            lambda rng: (
                f"{rng.randint(1, 4)}d{rng.choice([4, 6, 8, 10, 20])}"
                + rng.choice(["", f"+{rng.randint(1, 5)}", f"-{rng.randint(1, 3)}"])
            ),
        ),
        "match": (
            "list[str]",
            "a list of results such as 'Ann 3:1 Bob'",
            lambda rng: [
                f"{p} {rng.randint(0, 3)}:{rng.randint(0, 3)} {q}"
                for p, q in (rng.sample(_NAMES[:4], 2) for _ in range(rng.randint(0, 4)))
            ],
        ),
        "fields": (
            "dict[str, str]",
            "a dictionary of values",
            lambda rng: {
                k: rng.choice([*_NAMES, "12", "tea"])
                for k in rng.sample(["name", "age", "item", "city"], rng.randint(1, 4))
            },
        ),
        "template": (
            "str",
            "a template with names in braces",
            lambda rng: " ".join(
                rng.choice(["{name}", "{age}", "{item}", "{city}", "hello", "buys", "is", "-"])
                for _ in range(rng.randint(1, 5))
            ),
        ),
        "escaped": (
            "str",
            "a string in which '^' is the escape character",
            lambda rng: "".join(
                rng.choice(["a", "b", "c", ",", ",", "^,", "^^", "x"]) for _ in range(rng.randint(0, 9))
            ),
        ),
        "fraction": ("str", "a fraction such as '3/4'", lambda rng: f"{rng.randint(0, 12)}/{rng.randint(1, 12)}"),
        "truth": (
            "str",
            "a string of 'T' and 'F' with '&' and '|' between them",
            lambda rng: (
                rng.choice("TF") + "".join(rng.choice("&|") + rng.choice("TF") for _ in range(rng.randint(0, 4)))
            ),
        ),
        "outline": (
            "list[str]",
            "a list of outline items, each preceded by one '>' for every level below the top,",
            _outline,
        ),
        "script": (
            "str",
            "a list of commands separated by ';'",
            lambda rng: ";".join(
                rng.choice(
                    [
                        f"add {rng.randint(1, 9)}",
                        f"sub {rng.randint(1, 9)}",
                        f"mul {rng.randint(2, 4)}",
                        "neg",
                        "clear",
                        "undo",
                    ]
                )
                for _ in range(rng.randint(0, 6))
            ),
        ),
        "robot": (
            "str",
            "a list of moves such as 'F3 R F2', separated by spaces,",
            lambda rng: " ".join(
                rng.choice([f"F{rng.randint(1, 9)}", f"F{rng.randint(1, 9)}", "L", "R", f"B{rng.randint(1, 4)}"])
                for _ in range(rng.randint(1, 6))
            ),
        ),
        "postfix": (
            "str",
            "an expression in postfix notation with tokens separated by spaces",
            lambda rng: rng.choice(
                [
                    "{0} {1} +",
                    "{0} {1} {2} * +",
                    "{0} {1} - {2} +",
                    "{0} {1} + {2} *",
                    "{0}",
                    "{0} {1} {2} + -",
                    "{0} {1} * {2} {0} + -",
                ]
            ).format(rng.randint(0, 9), rng.randint(0, 9), rng.randint(1, 9)),
        ),
        "money": (
            "int",
            "a non-negative amount in cents",
            lambda rng: rng.choice(
                [0, 5, 7, 50, 99, 100, 105, 1200, rng.randint(100, 99999), rng.randint(1000000, 9999999)]
            ),
        ),
        "amounts": (
            "list[str]",
            "a list of prices such as '$3.50'",
            lambda rng: [
                f"${rng.randint(0, 30)}.{rng.choice([0, 5, 50, 99, 25]):02d}" for _ in range(rng.randint(0, 5))
            ],
        ),
        "tally": (
            "str",
            "a number in the additive numerals I, V, X, L",
            lambda rng: (
                "L" * rng.randint(0, 1) + "X" * rng.randint(0, 4) + "V" * rng.randint(0, 1) + "I" * rng.randint(1, 4)
            ),
        ),
        "column": (
            "str",
            "a column name of a spreadsheet such as 'C' or 'AB'",
            lambda rng: "".join(rng.choice("ABCXYZ") for _ in range(rng.randint(1, 2))),
        ),
        "weight": (
            "str",
            "a weight such as '2kg' or '300g'",
            lambda rng: rng.choice(
                [f"{rng.randint(1, 9)}kg", f"{rng.randint(1, 999)}g", f"{rng.randint(1, 9)}kg{rng.randint(1, 999)}g"]
            ),
        ),
        "recipe": (
            "str",
            "a list of ingredients such as '2 egg, 3 tea'",
            lambda rng: ", ".join(f"{rng.randint(1, 9)} {rng.choice(_GOODS)}" for _ in range(rng.randint(1, 4))),
        ),
        "seat": ("str", "a seat such as '12C'", lambda rng: f"{rng.randint(1, 30)}{rng.choice('ABCDEF')}"),
        "query": (
            "str",
            "a web address with parameters",
            lambda rng: (
                "http"
                + rng.choice(["", "s"])
                + "://"
                + rng.choice(["shop.com", "www.news.org", "a.b.net"])
                + rng.choice(["/", "/find", "/x/y"])
                + rng.choice(["", "?q=tea", "?id=7&lang=en", "?a=1&b=&a=2"])
            ),
        ),
        "coeffs": (
            "list[int]",
            "a non-empty list of coefficients",
            lambda rng: [rng.choice([0, 1, -1, 2, 3, -4]) for _ in range(rng.randint(1, 4))],
        ),
        "flags": (
            "list[str]",
            "a list of command line words",
            lambda rng: [
                rng.choice(["-v", "-q", "--size=3", "--name=Ann", "in.txt", "out.txt", "-abc", "--all"])
                for _ in range(rng.randint(0, 4))
            ],
        ),
        "share": ("int", "a percentage from 0 to 100", lambda rng: rng.choice([0, 100, 50, rng.randint(0, 100)])),
        "score": (
            "int",
            "an integer",
            lambda rng: rng.choice([0, -5, rng.randint(-9999, 9999), rng.randint(-99, 99), rng.randint(1000, 9999999)]),
        ),
    },
)


@lesson
def key_value_texts(g: Random) -> Draft:
    kind_of, sep, eq = g.choice([("kv;", ";", "="), ("kv,", ",", ":"), ("kv&", "&", "="), ("kv|", " | ", " -> ")])
    k = g.randint(3, 20)
    how, code, dup = g.choice(
        [
            ("last", "pairs[key] = int(value)", "the last value of a repeated key counts"),
            ("sum", "pairs[key] = pairs.get(key, 0) + int(value)", "the values of a repeated key are added"),
            ("first", "pairs.setdefault(key, int(value))", "the first value of a repeated key counts"),
            ("max", "pairs[key] = max(pairs.get(key, 0), int(value))", "the largest value of a repeated key counts"),
        ]
    )
    name, typ, result, ret = g.choice(
        [
            ("dict", "dict[str, int]", "a dictionary of the keys and values in @s", "pairs"),
            ("dict", "dict[str, int]", "a dictionary of the keys and values in @s", "pairs"),
            ("total", "int", "the sum of the values in @s", "sum(pairs.values())"),
            (
                "best",
                "str",
                "the key with the largest value in @s, the first one in case of a tie, or '' if there are no pairs",
                "max(pairs, key=pairs.get, default='')",
            ),
            (
                "above",
                "list[str]",
                f"a sorted list of the keys in @s with values of at least {k}",
                f"sorted(key for key, value in pairs.items() if value >= {k})",
            ),
            ("look", "int", "the value of the key 'a' in @s, or -1 if there is no such key", "pairs.get('a', -1)"),
            (
                "sorted",
                "str",
                "a text in the same form as @s with the pairs sorted by key and each key once",
                f"'{sep}'.join(f'{{key}}{eq}{{pairs[key]}}' for key in sorted(pairs))",
            ),
        ]
    )
    return lesson.draft(g, f"[parse|read]_{name}_{how}", f"s:{kind_of}", typ, f"{result}; {dup}", f"pairs = {{}}\nif $s:\n    for part in $s.split('{sep}'):\n        key, value = "
        f"part.split('{eq}')\n        {code}\nreturn {ret}",
                        f"pairs = {{}}\nfor part in filter(None, $s.split('{sep}')):\n    key, _, value = part.partition('{eq}')\n    {code}\nreturn {ret}",
                        tellings=(f"The text @s consists of pairs 'key{eq}value', separated by '{sep}'; the values are non-negative integers, and an empty text has no pairs. Keys may come more "
                            f"than once: {dup}. Return {result}.", f"Settings are stored as one line of text, for example 'a{eq}1{sep}b{eq}2'. Read such a line @s and return {result}. Note "
                            f"that {dup}."), plan="I split the text into pairs and fill a dictionary.")  # fmt: skip


@lesson
def csv_fields(g: Random) -> Draft:
    k = g.randint(1, 3)
    kind, typ, result, body, other, say = g.choice([
        ("nth", "str | None", f"field number {k}, counted from 1, of the line @line without surrounding spaces, or None if the line has fewer fields",
            f"fields = $line.split(',')\nreturn fields[{k - 1}].strip() if len(fields) >= {k} else None", f"for i, field in enumerate($line.split(','), 1):\n    if i == {k}:\n        return "
            f"field.strip()\nreturn None", f"The fields of @line are separated by commas. Return the {['first', 'second', 'third'][k - 1]} one, with spaces removed from both its ends, or None "
            f"if the line is too short."),
        ("clean", "list[str]", "a list of the fields of the line @line that are not empty, with surrounding spaces removed", "return [field.strip() for field in $line.split(',') if "
            "field.strip()]", "result = []\nfor field in $line.split(','):\n    field = field.strip()\n    if field:\n        result.append(field)\nreturn result",
            "Split @line at its commas and tidy up the fields: remove spaces around them and drop those that are empty then."),
        ("typed", "list", "a list of the fields of the line @line in which fields that consist of digits are integers and all others are strings",
            "return [int(field) if field.isdigit() else field for field in $line.split(',')]", "result = []\nfor field in $line.split(','):\n    if field.isdigit():\n        field = "
            "int(field)\n    result.append(field)\nreturn result", "Read the comma-separated line @line into a list. A field made of digits only becomes an integer; everything else, also an "
            "empty field, stays a string exactly as it is."),
        ("missing", "list[int]", "a list of the positions, counted from 1, of the empty fields of the line @line", "return [i for i, field in enumerate($line.split(','), 1) if field == '']",
            "result = []\nfields = $line.split(',')\nfor i in range(len(fields)):\n    if not fields[i]:\n        result.append(i + 1)\nreturn result",
            "A form was saved as the comma-separated line @line. Which fields have been left empty? Return their numbers, beginning with 1 for the first field."),
        ("sum", "int", "the sum of those fields of the line @line that are whole numbers written with digits only", "return sum(int(field) for field in $line.split(',') if field.isdigit())",
            "total = 0\nfor field in $line.split(','):\n    if field.isdigit():\n        total += int(field)\nreturn total", "Add up the numbers in the comma-separated line @line. Fields that "
            "contain anything but digits are ignored."),
        ("filled", "str", "the line @line with every empty field replaced by the field before it, as it stands after replacement; empty fields at the beginning become '?'",
            "fields = $line.split(',')\nlast = '?'\nfor i, field in enumerate(fields):\n    if field == '':\n        fields[i] = last\n    last = fields[i]\nreturn ','.join(fields)",
            "result = []\nfor field in $line.split(','):\n    if field:\n        result.append(field)\n    else:\n        result.append(result[-1] if result else '?')\nreturn ','.join(result)",
            "In the comma-separated line @line an empty field means 'same as before'. Fill each empty field with the content of the field on its left (which may have been filled itself); if "
            "there is nothing on its left, write '?'."),
        ("swapped", "str", "the line @line with its first and its last field exchanged", "fields = $line.split(',')\nfields[0], fields[-1] = fields[-1], fields[0]\nreturn ','.join(fields)",
            "head, comma, rest = $line.partition(',')\nif not comma:\n    return $line\nmiddle, found, tail = rest.rpartition(',')\nreturn tail + ',' + middle + found + head",
            "Exchange the first and the last of the comma-separated fields of @line. A line with one field is unchanged."),
        ("quoted", "str", "the line @line with double quotes around every field that is not a whole number written with digits", "return ','.join(field if field.isdigit() else f'\"{field}\"' "
            "for field in $line.split(','))", "out = []\nfor field in $line.split(','):\n    if not field.isdigit():\n        field = '\"' + field + '\"'\n    out.append(field)\nreturn "
            "','.join(out)", "Export the line @line so that texts are in double quotes and numbers are not. A field is a number if it consists of digits; an empty field is a text."),
    ])  # fmt: skip
    return lesson.draft(g, f"csv_{kind}", "line:csv", typ, result, body, other, tellings=(say,))


@lesson
def small_tables(g: Random) -> Draft:
    col = g.choice(["red", "blue", "green"])
    load = "rows = [row.split(',') for row in $s.split(';')]\n"
    load2 = "rows = []\nfor row in $s.split(';'):\n    person, number, colour = row.split(',')\n    rows.append((person, number, colour))\n"
    kind, typ, result, ret = g.choice([
        ("total", "int", "the sum of the numbers in the second column of @s", "sum(int(row[1]) for row in rows)"), ("names", "list[str]", f"a list of the names in the first column of @s in "
            f"those rows whose colour is '{col}'", f"[row[0] for row in rows if row[2] == '{col}']"), ("oldest", "str", "the name in the row of @s with the largest number, the first such row "
            "in case of a tie", "max(rows, key=lambda row: int(row[1]))[0]"), ("sorted", "list[str]", "a list of the names of @s, sorted by the number in their row, smallest first, rows with "
            "equal numbers in their given order", "[row[0] for row in sorted(rows, key=lambda row: int(row[1]))]"),
        ("by_colour", "dict[str, int]", "a dictionary that maps each colour in @s to the sum of the numbers of its rows", "{colour: sum(int(row[1]) for row in rows if row[2] == colour) for "
            "colour in dict.fromkeys(row[2] for row in rows)}"), ("dicts", "list[dict[str, str]]", "a list of dictionaries, one for each row of @s, with the keys 'name' and 'colour'",
            "[{'name': row[0], 'colour': row[2]} for row in rows]"), ("column", "list[int]", "a list of the numbers in the second column of @s, from the last row to the first",
            "[int(row[1]) for row in rows][::-1]"), ("turned", "str", "the table @s with rows and columns exchanged, in the same form", "';'.join(','.join(column) for column in zip(*rows))"), (
            "average", "float", "the average of the numbers in the second column of @s, rounded to one decimal", "round(sum(int(row[1]) for row in rows) / len(rows), 1)"),
    ])  # fmt: skip
    return lesson.draft(g, f"table_{kind}", "s:sheet", typ, result, f"{load}return {ret}", f"{load2}return {ret}", tellings=(f"A small table is given as the text @s. Its rows are separated by "
        f"semicolons; each row has three fields separated by commas, namely a name, a whole number and a colour. Return {result}.", f"@s holds rows such as 'Ann,12,red', joined by ';'. The "
        f"columns are name, number and colour. Compute {result}."))  # fmt: skip


@lesson
def numbers_in_text(g: Random) -> Draft:
    k = g.randint(2, 9)
    kind, typ, result, ret = g.choice(
        [
            ("sum", "int", "the sum of the numbers in @s", "sum(found)"),
            (
                "list",
                "list[int]",
                f"a list of the numbers in @s that are greater than {k}",
                f"[n for n in found if n > {k}]",
            ),
            ("largest", "int | None", "the largest number in @s, or None if there is none", "max(found, default=None)"),
            (
                "ends",
                "int",
                "the difference between the last and the first number in @s, or 0 if there are none",
                "found[-1] - found[0] if found else 0",
            ),
            ("count", "int", f"how many numbers in @s are divisible by {k}", f"sum(n % {k} == 0 for n in found)"),
            (
                "sorted",
                "str",
                "the numbers in @s in ascending order as one text, separated by '<' where they differ and by '=' where they are equal",
                "",
            ),
            (
                "rising",
                "bool",
                "True if the numbers in @s get larger from each one to the next; fewer than two numbers give True",
                "all(a < b for a, b in zip(found, found[1:]))",
            ),
            ("product", "int", "the product of the numbers in @s, which is 1 if there are none", "math.prod(found)"),
        ]
    )
    if kind == "sorted":
        ret, result = (
            "'<'.join(str(n) for n in sorted(set(found)))",
            "the different numbers in @s in ascending order as one text with '<' between them",
        )
    words = g.random() < 0.5
    how = (
        "A number is a word that consists of digits only"
        if words
        else "A number is a longest possible sequence of digits (signs and letters around it are ignored)"
    )
    one = (
        "found = [int(part) for part in $s.split() if part.isdigit()]\n"
        if words
        else "found = [int(digits) for digits in re.findall(r'[0-9]+', $s)]\n"
    )
    two = (
        "found = []\nfor part in $s.split():\n    if part.isdigit():\n        found.append(int(part))\n"
        if words
        else "found, digits = [], ''\nfor c in $s + ' ':\n    if c.isdigit():\n        digits += c\n    elif digits:\n        found.append(int(digits))\n        digits = ''\n"
    )
    return lesson.draft(g, f"{kind}_of_numbers", "s:nums" if words else "s:digits", typ, f"{result}, where {how[0].lower() + how[1:]}", f"{one}return {ret}", f"{two}return {ret}", imports=(
        "import re", "import math"),
                        tellings=(f"Find the numbers in the text @s. {how}. Return {result}.", f"{how}. Read all numbers from @s and compute {result}." if typ == "int" else
                            f"Text and numbers are mixed in @s. {how}. Your task: return {result}."), plan="I collect the numbers first.")  # fmt: skip


@lesson
def numbers_changed(g: Random) -> Draft:
    k = g.randint(2, 9)
    name, expr, say = g.choice(
        [
            ("doubled", "int({x}) * 2", "doubled"),
            ("plus", f"int({{x}}) + {k}", f"increased by {k}"),
            ("squared", "int({x}) ** 2", "squared"),
            ("padded", "{x}.zfill(3)", "filled up with zeros on the left to three digits, if it has fewer"),
            ("reversed", "{x}[::-1]", "written with its digits in reverse order"),
            ("length", "len({x})", "replaced by its number of digits"),
            ("masked", "'#' * len({x})", "replaced by as many '#' as it has digits"),
            ("bracket", "'<' + {x} + '>'", "put between '<' and '>'"),
            ("parity", "('even' if int({x}) % 2 == 0 else 'odd')", "replaced by the word 'even' or 'odd'"),
            ("stripped", "int({x})", "written without leading zeros"),
            ("less", "max(0, int({x}) - 1)", "decreased by 1, but not below 0"),
        ]
    )
    every = g.choice(["every", "every", "first", "last"])
    e = expr.format(x="part")
    if every == "every":
        body = f"return ' '.join(str({e}) if part.isdigit() else part for part in $s.split())"
        loop = f"out = []\nfor part in $s.split():\n    if part.isdigit():\n        part = str({e})\n    out.append(part)\nreturn ' '.join(out)"
        which = "each word that consists of digits only"
    else:
        rng_ = "range(len(parts))" if every == "first" else "range(len(parts) - 1, -1, -1)"
        body = f"parts = $s.split()\nfor i in {rng_}:\n    part = parts[i]\n    if part.isdigit():\n        parts[i] = str({e})\n        break\nreturn ' '.join(parts)"
        loop = f"parts = $s.split()\nplaces = [i for i, part in enumerate(parts) if part.isdigit()]\nif places:\n    part = parts[places[{0 if every == 'first' else -1}]]\n    parts[places[{0 if every == 'first' else -1}]] = str({e})\nreturn ' '.join(parts)"
        which = f"the {every} word that consists of digits only, if there is one,"
    return lesson.draft(g, f"{every}_number_{name}", "s:nums", "str", f"the text @s with {which} {say}", body, loop, tellings=(f"Words in @s are separated by single spaces. Return the text "
        f"with {which} {say}; the other words stay the same.",))  # fmt: skip


@lesson
def sums_left_to_right(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("value", "int", "the value of the expression @s, which has only the operators + and -", "total, sign, digits = 0, 1, ''\nfor c in $s + '+':\n    if c.isdigit():\n        digits += c\n "
            "   else:\n        total += sign * int(digits)\n        sign = 1 if c == '+' else -1\n        digits = ''\nreturn total", "return sum(int(part) for part in $s.replace('-', "
            "'+-').split('+'))", "Compute a chain of additions and subtractions, such as '12+3-5', which gives 10. The chain @s consists of non-negative whole numbers with '+' or '-' between "
            "them."),
        ("terms", "list[int]", "a list of the terms of the expression @s, where a number after '-' is negative", "return [int(part) for part in $s.replace('-', '+-').split('+')]",
            "return [int(part) for part in re.findall(r'-?[0-9]+', $s)]", "Split @s, a chain of numbers with '+' and '-', into its terms. The minus sign belongs to the number after it: '7-2+5' "
            "gives [7, -2, 5]."),
        ("subtracted", "int", "the sum of all numbers that are subtracted in the expression @s", "return sum(int(digits) for digits in re.findall(r'-([0-9]+)', $s))",
            "total = 0\nfor part in $s.split('-')[1:]:\n    total += int(part.split('+')[0])\nreturn total", "Only the numbers after a minus sign matter here. Add up all of them in the "
            "expression @s; without any the result is 0."),
        ("lowest", "int", "the smallest intermediate result when the expression @s is computed from left to right, the first number included", "total = 0\nresults = []\nfor part in "
            "$s.replace('-', '+-').split('+'):\n    total += int(part)\n    results.append(total)\nreturn min(results)", "terms = [int(part) for part in re.findall(r'-?[0-9]+', $s)]\nbest = "
            "total = terms[0]\nfor n in terms[1:]:\n    total += n\n    best = min(best, total)\nreturn best", "Somebody has some money and then receives (+) and spends (-) amounts, as written "
            "in @s, for example '10-4+3'. What is the lowest amount they own at any time, counted from the first number?"),
        ("steps", "list[int]", "a list of the intermediate results when the expression @s is computed from left to right, beginning with the first number",
            "terms = [int(part) for part in $s.replace('-', '+-').split('+')]\nreturn [sum(terms[:i]) for i in range(1, len(terms) + 1)]", "terms = map(int, re.findall(r'-?[0-9]+', $s))\n"
            "return list(itertools.accumulate(terms))", "Compute @s step by step and note what a pocket calculator would show: the first number, then the result after each further number. "
            "'7-2+5' shows [7, 5, 10]."),
        ("flipped", "str", "the expression @s with every '+' replaced by '-' and every '-' by '+'", "return $s.translate(str.maketrans('+-', '-+'))",
            "return ''.join({'+': '-', '-': '+'}.get(c, c) for c in $s)", "Exchange plus and minus signs in @s and return the new expression without computing it."),
        ("spaced", "str", "the expression @s with a space on both sides of each operator and ' = ' and its value at the end", "value = sum(int(part) for part in $s.replace('-', "
            "'+-').split('+'))\nreturn $s.replace('+', ' + ').replace('-', ' - ') + f' = {value}'", "out, value = '', 0\nfor sign, digits in re.findall(r'([+-]?)([0-9]+)', $s):\n    out += (f' "
            "{sign} ' if sign else '') + digits\n    value += -int(digits) if sign == '-' else int(digits)\nreturn out + ' = ' + str(value)", "Write a complete equation: copy @s with spaces "
            "around plus and minus signs, then add ' = ' and the result, as in '7 - 2 + 5 = 10'."),
    ])  # fmt: skip
    return lesson.draft(
        g,
        f"chain_{kind}",
        "s:plus",
        typ,
        result,
        body,
        other,
        imports=("import re", "import itertools"),
        tellings=(say,),
    )


@lesson
def products_and_sums(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("left", "int", "the value of the expression @s if its operators +, - and * are carried out strictly from left to right, without precedence",
            "parts = re.split(r'([-+*])', $s)\ntotal = int(parts[0])\nfor op, digits in zip(parts[1::2], parts[2::2]):\n    n = int(digits)\n    total = total + n if op == '+' else total - n "
            "if op == '-' else total * n\nreturn total", "total, op = 0, '+'\nfor c in $s:\n    if c in '+-*':\n        op = c\n    elif op == '+':\n        total += int(c)\n    elif op == "
            "'-':\n        total -= int(c)\n    else:\n        total *= int(c)\nreturn total", "An old calculator knows no precedence: it carries out each operation as soon as it is typed, so "
            "that '2+3*4' gives 20. What does it show for @s, which consists of one-digit numbers with +, - or * between them?"),
        ("precedence", "int", "the value of the expression @s, where * is carried out before + and -", "total = 0\nfor term in $s.replace('-', '+-').split('+'):\n    sign = -1 if "
            "term.startswith('-') else 1\n    value = 1\n    for digits in term.lstrip('-').split('*'):\n        value *= int(digits)\n    total += sign * value\nreturn total",
            "return sum(math.prod(int(digits) for digits in term.split('*')) for term in $s.replace('-', '+-').split('+'))", "Evaluate @s without using eval. It consists of one-digit numbers "
            "and the operators +, - and *; as usual, products are computed first, and the rest goes from left to right."),
        ("difference", "bool", "True if the expression @s has the same value with the usual precedence of * over + and - as when it is carried out from left to right",
            "flat, op = 0, '+'\nfor c in $s:\n    if c in '+-*':\n        op = c\n    else:\n        flat = flat + int(c) if op == '+' else flat - int(c) if op == '-' else flat * int(c)\ntrue "
            "= sum(math.prod(map(int, term.split('*'))) for term in $s.replace('-', '+-').split('+'))\nreturn flat == true", "", "The expression @s has one-digit numbers and the operators +, - "
            "and *. Compute it once with products first and once strictly from left to right. Are the two results equal?"),
        ("products", "list[int]", "a list of the values of the products (or single numbers) that are added or subtracted in the expression @s, without their signs",
            "return [math.prod(int(c) for c in term.split('*')) for term in $s.replace('-', '+').split('+')]", "result = []\nfor term in re.split(r'[-+]', $s):\n    value = 1\n    for c in "
            "term.split('*'):\n        value *= int(c)\n    result.append(value)\nreturn result", "Cut the expression @s at its plus and minus signs. Each piece is a number or a product such "
            "as '2*3'; return the values of the pieces as a list."),
        ("operators", "dict[str, int]", "a dictionary that tells how often each of the operators '+', '-' and '*' occurs in @s", "return {op: $s.count(op) for op in '+-*'}",
            "counts = {'+': 0, '-': 0, '*': 0}\nfor c in $s:\n    if c in counts:\n        counts[c] += 1\nreturn counts", "Count the operators of the expression @s. The dictionary always has "
            "the keys '+', '-' and '*' in this order, with 0 for operators that do not occur."),
        ("tokens", "list", "a list of the tokens of the expression @s, numbers as integers and operators as strings", "return [int(c) if c.isdigit() else c for c in $s]",
            "tokens = []\nfor c in $s:\n    if c in '+-*':\n        tokens.append(c)\n    else:\n        tokens.append(int(c))\nreturn tokens", "Prepare the expression @s for a calculator: "
            "return a list with its one-digit numbers as integers and its operators as strings, in order."),
        ("grouped", "str", "the expression @s with parentheses around each of its products, that is, around each longest part that has only numbers and '*' and at least one '*'",
            "return re.sub(r'[0-9](\\*[0-9])+', lambda found: f'({found.group()})', $s)", "out = ''\nfor piece in re.split(r'([-+])', $s):\n    out += '(' + piece + ')' if '*' in piece else "
            "piece\nreturn out", "Make the precedence of '*' visible: put parentheses around every product in the expression @s, as in '1+(2*3)-4'. Numbers that are not multiplied get none."),
    ])  # fmt: skip
    return lesson.draft(
        g,
        f"expression_{kind}",
        "s:times",
        typ,
        result,
        *([body, other] if other else [body]),
        imports=("import re", "import math"),
        tellings=(say,),
    )


@lesson
def postfix_notation(g: Random) -> Draft:
    kind, typ, result, _ret, say = g.choice(
        [
            (
                "value",
                "int",
                "the value of the postfix expression @s",
                "stack.pop()",
                "At the end one number is left; return it",
            ),
            (
                "infix",
                "str",
                "the postfix expression @s in ordinary notation, with parentheses around each operation",
                "",
                "Return the one remaining string",
            ),
            (
                "depth",
                "int",
                "the largest number of values that are on the stack at the same time while the postfix expression @s is evaluated",
                "best",
                "Return the largest height that the stack ever has",
            ),
        ]
    )
    if kind == "infix":
        body = "stack = []\nfor token in $s.split():\n    if token in ('+', '-', '*'):\n        b, a = stack.pop(), stack.pop()\n        stack.append(f'({a}{token}{b})')\n    else:\n        stack.append(token)\nreturn stack.pop()"
        other = "stack = []\nfor token in $s.split():\n    if token.isdigit():\n        stack.append(token)\n    else:\n        b = stack.pop()\n        stack[-1] = '(' + stack[-1] + token + b + ')'\nreturn stack[0]"
    elif kind == "depth":
        body = "size = best = 0\nfor token in $s.split():\n    size += 1 if token.isdigit() else -1\n    best = max(best, size)\nreturn best"
        other = "heights = [0]\nfor token in $s.split():\n    if token in '+-*':\n        heights.append(heights[-1] - 1)\n    else:\n        heights.append(heights[-1] + 1)\nreturn max(heights)"
    else:
        body = "stack = []\nfor token in $s.split():\n    if token.isdigit():\n        stack.append(int(token))\n        continue\n    b, a = stack.pop(), stack.pop()\n    if token == '+':\n        stack.append(a + b)\n    elif token == '-':\n        stack.append(a - b)\n    else:\n        stack.append(a * b)\nreturn stack.pop()"
        other = "actions = {'+': operator.add, '-': operator.sub, '*': operator.mul}\nstack = []\nfor token in $s.split():\n    if token in actions:\n        b = stack.pop()\n        stack.append(actions[token](stack.pop(), b))\n    else:\n        stack.append(int(token))\nreturn stack[0]"
    return lesson.draft(
        g,
        f"postfix_{kind}",
        "s:postfix",
        typ,
        f"{result}, in which an operator +, - or * stands after its two operands",
        body,
        other,
        imports=("import operator",),
        tellings=(
            f"In postfix notation an operator follows its operands: '3 4 +' means 3 + 4, and '2 3 4 * +' means 2 + 3 * 4. Read the tokens of @s from left to right; put "
            f"{'numbers' if kind != 'infix' else 'numbers (as text)'} on a stack, and for +, - or * take two values off, the second operand first, and push the "
            f"{'result' if kind != 'infix' else 'operation as a string in parentheses, such as (3+4)'}. {say}.",
        ),
    )


@lesson
def command_scripts(g: Random) -> Draft:
    start = g.choice([0, 1, 10])
    ret, typ, result = g.choice(
        [
            ("value", "int", "the value of the counter after the commands in @s"),
            (
                "history",
                "list[int]",
                "a list of all values that the counter had before the end, as they can still be undone after the commands in @s",
            ),
            (
                "best",
                "int",
                "the largest value the counter ever has while the commands in @s are carried out, its start value included",
            ),
        ]
    )
    body = (
        f"value = {start}\n"
        + ("best = value\n" if ret == "best" else "")
        + "history = []\nfor command in $s.split(';'):\n    if command == 'undo':\n        if history:\n            value = history.pop()\n    elif command:\n        history.append(value)\n    "
        "    op, _, number = command.partition(' ')\n        if op == 'add':\n            value += int(number)\n        elif op == 'sub':\n            value -= int(number)\n        elif op "
        "== 'mul':\n            value *= int(number)\n        elif op == 'neg':\n            value = -value\n        else:\n            value = 0\n"
        + ("    best = max(best, value)\n" if ret == "best" else "")
        + f"return {ret}"
    )
    alt = (
        f"values = [{start}]\n"
        + (f"best = {start}\n" if ret == "best" else "")
        + "for command in filter(None, $s.split(';')):\n    if command == 'undo':\n        if len(values) > 1:\n            values.pop()\n        continue\n    op, *rest = command.split()\n    "
        "n = int(rest[0]) if rest else 0\n    now = values[-1]\n    values.append({'add': now + n, 'sub': now - n, 'mul': now * n, 'neg': -now, 'clear': 0}[op])\n"
        + ("    best = max(best, values[-1])\n" if ret == "best" else "")
        + {"value": "return values[-1]", "history": "return values[:-1]", "best": "return best"}[ret]
    )
    rule = f"the counter starts at {start}; 'add n', 'sub n' and 'mul n' add, subtract and multiply, 'neg' changes the sign, 'clear' sets the counter to 0, and 'undo' takes back the last command that has not been taken back yet, if there is one"
    return lesson.draft(
        g,
        f"run_script_{ret}",
        "s:script",
        typ,
        f"{result}; {rule}",
        body,
        alt,
        tellings=(
            f"A counter is controlled by commands separated by semicolons: {rule}. An empty script does nothing. Return {result}.",
        ),
        plan="I keep the earlier values in a list so that 'undo' can go back.",
    )


@lesson
def robot_moves(g: Random) -> Draft:
    ret, typ, result = g.choice(
        [
            ("(x, y)", "tuple[int, int]", "the position (x, y) of a robot after the moves in @s"),
            ("abs(x) + abs(y)", "int", "the distance |x| + |y| of a robot from its start after the moves in @s"),
            ("'NESW'[d]", "str", "the direction ('N', 'E', 'S' or 'W') in which a robot looks after the moves in @s"),
            ("top", "int", "the largest y that a robot reaches at the end of any move in @s, at least 0"),
        ]
    )
    head = "x = y = d = 0\n" + ("top = 0\n" if ret == "top" else "") + "steps = [(0, 1), (1, 0), (0, -1), (-1, 0)]\n"
    tail = "    top = max(top, y)\n" if ret == "top" else ""
    body = (
        head
        + "for move in $s.split():\n    if move == 'L':\n        d = (d - 1) % 4\n    elif move == 'R':\n        d = (d + 1) % 4\n    else:\n        n = int(move[1:]) if move[0] == 'F' else "
        "-int(move[1:])\n        x += n * steps[d][0]\n        y += n * steps[d][1]\n" + tail + f"return {ret}"
    )
    alt = (
        "x = y = d = 0\n"
        + ("top = 0\n" if ret == "top" else "")
        + "for move in $s.split():\n    if move in 'LR':\n        d = (d + (1 if move == 'R' else 3)) % 4\n        continue\n    n = int(move[1:])\n    if move[0] == 'B':\n        n = -n\n    "
        "if d == 0:\n        y += n\n    elif d == 1:\n        x += n\n    elif d == 2:\n        y -= n\n    else:\n        x -= n\n"
        + tail
        + f"return {ret}"
    )
    rule = "it starts at (0, 0) and looks north, towards larger y; 'F' and a number moves it forwards, 'B' and a number backwards without turning, 'L' and 'R' turn it by 90 degrees to the left and to the right"
    return lesson.draft(
        g,
        "[robot|drive|steer]_" + {"(": "position", "a": "distance", "'": "direction", "t": "highest"}[ret[0]],
        "s:robot",
        typ,
        f"{result}; {rule}",
        body,
        alt,
        tellings=(
            f"A robot follows the moves in @s, which are separated by spaces. At first {rule}. Return {result}.",
        ),
    )


@lesson
def version_numbers(g: Random) -> Draft:
    which = g.choice(["bump", "compare", "pad", "newest", "sorted", "same_major", "part", "older"])
    pos, part = g.choice([(0, "first"), (1, "second"), (2, "third")])
    fill = "parts = [int(p) for p in $version.split('.')]\nparts += [0] * (3 - len(parts))\n"
    if which == "bump":
        return lesson.draft(g, f"bump_{part}", "version:version", "str", f"the version after @version in which the {part} of three numbers is increased by 1 and all numbers after it are set to "
            f"0; missing numbers of @version count as 0", f"{fill}parts[{pos}] += 1\nfor i in range({pos + 1}, 3):\n    parts[i] = 0\nreturn '.'.join(map(str, parts))",
            f"parts = ($version + '.0.0').split('.')[:3]\nparts[{pos}] = str(int(parts[{pos}]) + 1)\nreturn '.'.join(parts[:{pos + 1}] + ['0'] * {2 - pos})",
                            tellings=(f"A release has three numbers, as in '1.10.2'; in @version those at the end may be missing and are 0 then. Return the next version, with the {part} number "
                                f"one higher and zeros behind it.",))  # fmt: skip
    if which in ("compare", "older"):
        ret, typ, say = (
            (
                "(p > q) - (p < q)",
                "int",
                "1 if the version @a is newer than @b, -1 if it is older, and 0 if they are equal",
            )
            if which == "compare"
            else ("p < q", "bool", "True if the version @a is older than @b")
        )
        return lesson.draft(g, f"version_{which}", "a:version b:version", typ, f"{say}, where numbers missing at the end count as 0", f"def parse(version):\n    parts = [int(p) for p in "
            f"version.split('.')]\n    return parts + [0] * (3 - len(parts))\n\np, q = parse($a), parse($b)\nreturn {ret}",
                            f"p, q = (tuple(int(n) for n in (v + '.0.0').split('.')[:3]) for v in ($a, $b))\nreturn {ret}", tellings=(f"Versions such as '1.9' and '1.10.2' have up to three "
                                f"numbers, which are compared from left to right as numbers, so that 1.10 is newer than 1.9; missing numbers count as 0. Return {say}.",))  # fmt: skip
    if which == "pad":
        return lesson.draft(
            g,
            "full_version",
            "version:version",
            "str",
            "@version with '.0' added until it has three numbers",
            "return '.'.join(($version.split('.') + ['0', '0'])[:3])",
            "while $version.count('.') < 2:\n    $version += '.0'\nreturn $version",
            tellings=(
                "Write the version @version with exactly three numbers: '2' becomes '2.0.0' and '2.5' becomes '2.5.0'. Complete versions are unchanged.",
            ),
        )
    if which == "part":
        return lesson.draft(
            g,
            f"version_{part}_part",
            "version:version",
            "int",
            f"the {part} number of the version @version, or 0 if it has none there",
            f"parts = $version.split('.')\nreturn int(parts[{pos}]) if len(parts) > {pos} else 0",
            f"return int(($version + '.0.0').split('.')[{pos}])",
            tellings=(
                f"Numbers in @version are separated by dots. Return the {part} of them as an integer; a missing one counts as 0.",
            ),
        )
    key = "[int(p) for p in (v + '.0.0').split('.')[:3]]"
    if which == "newest":
        f, word = g.choice([("max", "newest"), ("min", "oldest")])
        return lesson.draft(
            g,
            f"{word}_version",
            "versions:versions",
            "str",
            f"the {word} of the versions in @versions, the first of them if several are equally {'new' if f == 'max' else 'old'}; missing numbers count as 0",
            f"return {f}($versions, key=lambda v: {key})",
            f"def parse(v):\n    return {key}\n\nbest = $versions[0]\nfor v in $versions:\n    if parse(v) {'>' if f == 'max' else '<'} parse(best):\n        best = v\nreturn best",
            tellings=(
                f"Which entry of @versions is the {word} release? Compare the numbers between the dots as numbers, from left to right, with 0 for missing ones, and let the earlier entry win in "
                f"a tie.",
            ),
        )
    if which == "sorted":
        down = g.random() < 0.5
        return lesson.draft(
            g,
            "sort_versions",
            "versions:versions",
            "list[str]",
            f"@versions sorted from the {'newest to the oldest' if down else 'oldest to the newest'}, where missing numbers count as 0 and equal versions keep their order",
            f"return sorted($versions, key=lambda v: {key}{', reverse=True' if down else ''})",
            f"def parse(v):\n    return {key}\n\nresult = list($versions)\nresult.sort(key=parse{', reverse=True' if down else ''})\nreturn result",
            tellings=(
                f"Sort version numbers properly, so that 1.10 is newer than 1.9. Return the entries of @versions from the {'newest to the oldest' if down else 'oldest to the newest'}. '2' and "
                f"'2.0' are equal; equal versions stay in their order.",
            ),
        )
    return lesson.draft(
        g,
        "newest_by_major",
        "versions:versions",
        "dict[int, str]",
        "a dictionary that maps the first number of the versions in @versions to the newest version with this first number, where missing numbers count as 0 and the earlier of equal versions "
        "is taken",
        f"result = {{}}\nfor v in $versions:\n    major = int(v.split('.')[0])\n    old = result.get(major)\n    if old is None or {key} > {key.replace('(v', '(old')}:\n        result[major] = "
        f"v\nreturn result",
        tellings=(
            "Group the releases in @versions by their first number and keep only the newest release of each group. Return a dictionary from first numbers to versions. Versions are compared "
            "number by number with missing numbers as 0; of equal ones the first stays.",
        ),
    )


@lesson
def odd_numerals(g: Random) -> Draft:
    which = g.choice(
        ["tally_value", "tally_write", "tally_add", "column_number", "column_name", "letters", "symbols", "mixed"]
    )
    if which == "tally_value":
        extra = g.choice(["value", "swap", "count"])
        if extra == "value":
            return lesson.draft(
                g,
                "additive_value",
                "s:tally",
                "int",
                "the value of the numeral @s, in which the values of all signs are added: I is 1, V is 5, X is 10, L is 50",
                "values = {'I': 1, 'V': 5, 'X': 10, 'L': 50}\nreturn sum(values[c] for c in $s)",
                "return $s.count('I') + 5 * $s.count('V') + 10 * $s.count('X') + 50 * $s.count('L')",
                tellings=(
                    "In a simplified system of numerals, I stands for 1, V for 5, X for 10 and L for 50, and the signs are just added, so that IIII is 4. What is the value of @s?",
                ),
            )
        if extra == "swap":
            return lesson.draft(
                g,
                "shorter_numeral",
                "s:tally",
                "str",
                "the additive numeral @s with 'VIIII' replaced by 'IX' and then 'IIII' by 'IV', 'XXXX' by 'XL'",
                "for long, short in (('VIIII', 'IX'), ('IIII', 'IV'), ('XXXX', 'XL')):\n    $s = $s.replace(long, short)\nreturn $s",
                "return $s.replace('VIIII', 'IX').replace('IIII', 'IV').replace('XXXX', 'XL')",
                tellings=(
                    "Modernise the additive numeral @s: make three replacements one after the other, 'VIIII' by 'IX', then 'IIII' by 'IV', then 'XXXX' by 'XL'.",
                ),
            )
        return lesson.draft(
            g,
            "numeral_signs",
            "s:tally",
            "str",
            "the sign that occurs most often in the numeral @s, in case of a tie the one with the higher value (L, X, V, I)",
            "return max('LXVI', key=$s.count)",
            "best = 'L'\nfor c in 'XVI':\n    if $s.count(c) > $s.count(best):\n        best = c\nreturn best",
            tellings=(
                "The numeral @s is made of the signs I, V, X and L. Which sign does it use most often? If signs are equally frequent, choose the more valuable one, in the order L, X, V, I.",
            ),
        )
    if which == "tally_write":
        return lesson.draft(
            g,
            "additive_numeral",
            "n:pos",
            "str",
            "@n as an additive numeral with as few signs as possible, written from L (50) over X (10) and V (5) to I (1)",
            "result = ''\nfor sign, worth in (('L', 50), ('X', 10), ('V', 5), ('I', 1)):\n    result += sign * ($n // worth)\n    $n %= worth\nreturn result",
            "result, rest = '', $n\nfor sign, worth in zip('LXVI', (50, 10, 5, 1)):\n    while rest >= worth:\n        result += sign\n        rest -= worth\nreturn result",
            tellings=(
                "Write @n with the signs L (50), X (10), V (5) and I (1), largest first. Values are only added, never subtracted, so that 4 is IIII and 9 is VIIII. Use as few signs as possible.",
            ),
        )
    if which == "tally_add":
        return lesson.draft(
            g,
            "add_numerals",
            "a:tally b:tally",
            "str",
            "the sum of the additive numerals @a and @b as such a numeral with as few signs as possible, where I is 1, V is 5, X is 10 and L is 50",
            "values = {'L': 50, 'X': 10, 'V': 5, 'I': 1}\ntotal = sum(values[c] for c in $a + $b)\nresult = ''\nfor sign, value in values.items():\n    result += sign * (total // value)\n    "
            "total %= value\nreturn result",
            "pool = ''.join(sorted($a + $b, key='LXVI'.index))\nfor many, one in (('IIIII', 'V'), ('VV', 'X'), ('XXXXX', 'L')):\n    while many in pool:\n        pool = "
            "''.join(sorted(pool.replace(many, one, 1), key='LXVI'.index))\nreturn pool",
            tellings=(
                "Add two numerals @a and @b that are made of L (50), X (10), V (5) and I (1), where values are simply added. Write the sum in the same system, with the larger signs first and "
                "as few signs as possible.",
            ),
        )
    if which == "column_number":
        zero = g.random() < 0.5
        return lesson.draft(
            g,
            "column_[number|index]",
            "col:column",
            "int",
            f"the number of the spreadsheet column @col, where 'A' is {0 if zero else 1}, 'Z' is {25 if zero else 26} and 'AA' is {26 if zero else 27}",
            "n = 0\nfor c in $col:\n    n = n * 26 + ord(c) - ord('A') + 1\nreturn " + ("n - 1" if zero else "n"),
            "n = sum((ord(c) - 64) * 26 ** i for i, c in enumerate(reversed($col)))\nreturn "
            + ("n - 1" if zero else "n"),
            tellings=(
                f"Spreadsheet columns are called A, B, ..., Z, AA, AB, and so on. They are numbered from {0 if zero else 1}. Return the number of the column @col.",
            ),
        )
    if which == "column_name":
        return lesson.draft(
            g,
            "next_column",
            "col:column",
            "str",
            "the name of the spreadsheet column after @col: after 'A' comes 'B', after 'Z' comes 'AA', after 'AZ' comes 'BA'",
            "result = ''\nfor i in range(len($col) - 1, -1, -1):\n    if $col[i] != 'Z':\n        return $col[:i] + chr(ord($col[i]) + 1) + result\n    result += 'A'\nreturn 'A' + result",
            "head = $col.rstrip('Z')\ntail = 'A' * (len($col) - len(head))\nif not head:\n    return 'A' + tail\nreturn head[:-1] + chr(ord(head[-1]) + 1) + tail",
            tellings=(
                "Columns of a spreadsheet are named A to Z, then AA, AB and so on. Return the name that follows @col.",
            ),
        )
    if which == "letters":
        base = g.choice(["abc", "abcd", "xy", "ox"])
        return lesson.draft(
            g,
            f"digits_as_{base}",
            "n:nat",
            "str",
            f"@n written in base {len(base)} with the digits {', '.join(repr(c) for c in base)} for 0 to {len(base) - 1}; the number 0 is written as '{base[0]}'",
            f"digits = '{base}'\nif $n == 0:\n    return digits[0]\nresult = ''\nwhile $n > 0:\n    $n, rest = divmod($n, {len(base)})\n    result = digits[rest] + result\nreturn result",
            f"result = ['{base}'[$n % {len(base)}]]\n$n //= {len(base)}\nwhile $n:\n    result.append('{base}'[$n % {len(base)}])\n    $n //= {len(base)}\nreturn ''.join(reversed(result))",
            tellings=(
                f"A tribe counts with {len(base)} digits, written {', '.join(base)}, which have the values 0 to {len(base) - 1}. Write the number @n in their system, without leading zeros "
                f"('{base[0]}' alone is zero).",
            ),
        )
    if which == "symbols":
        return lesson.draft(
            g,
            "tally_marks",
            "n:nat",
            "str",
            "@n as tally marks: groups of five written as '####/' and the rest as single '#', groups separated by spaces; 0 gives ''",
            "groups = ['####/'] * ($n // 5)\nif $n % 5:\n    groups.append('#' * ($n % 5))\nreturn ' '.join(groups)",
            "parts = []\nwhile $n >= 5:\n    parts.append('####/')\n    $n -= 5\nif $n:\n    parts.append('#' * $n)\nreturn ' '.join(parts)",
            tellings=(
                "A prisoner counts days with strokes '#'. Every fifth day is a '/' across the four strokes before it, which we write '####/'. Write @n days, with a space between the groups.",
            ),
        )
    return lesson.draft(
        g,
        "egyptian_[numeral|signs]",
        "n:big",
        "str",
        "@n written with one sign for each power of ten, as often as the digit says, largest first: 'm' for 10000, 't' for 1000, 'h' for 100, 'd' for 10 and 'i' for 1",
        "result = ''\nfor sign, worth in zip('mthdi', (10000, 1000, 100, 10, 1)):\n    result += sign * ($n // worth)\n    $n %= worth\nreturn result",
        "digits = str($n).zfill(5)\nreturn ''.join(sign * int(digit) for sign, digit in zip('mthdi', digits))",
        tellings=(
            "Old Egyptians repeated a sign for each power of ten. With 'm' for 10000, 't' for 1000, 'h' for 100, 'd' for 10 and 'i' for 1, the number 213 is 'hhdiii'. Write @n, which is less "
            "than 100000, like this.",
        ),
    )


@lesson
def bracket_depths(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("inside", "str", "the characters of @s that are inside at least one pair of parentheses, without the parentheses themselves", "depth, out = 0, ''\nfor c in $s:\n    if c == '(':\n     "
            "   depth += 1\n    elif c == ')':\n        depth -= 1\n    elif depth > 0:\n        out += c\nreturn out", "out = ''\nfor i, c in enumerate($s):\n    if c not in '()' and "
            "$s[:i].count('(') > $s[:i].count(')'):\n        out += c\nreturn out", "Keep only what is enclosed by parentheses in @s, at any depth, and drop the parentheses as well as "
            "everything outside."),
        ("outside", "str", "@s without its parentheses and everything in them", "depth, out = 0, ''\nfor c in $s:\n    if c == '(':\n        depth += 1\n    elif c == ')':\n        depth -= 1\n"
            "    elif depth == 0:\n        out += c\nreturn out", "while '(' in $s:\n    i = $s.rindex('(')\n    j = $s.index(')', i)\n    $s = $s[:i] + $s[j + 1:]\nreturn $s",
            "Remarks in parentheses, which may contain further remarks, are to be removed from @s together with the parentheses."),
        ("deepest", "str", "the characters of @s at the greatest nesting depth, without parentheses; if there are no parentheses, all of @s", "depth = best = 0\nout = ''\nfor c in $s:\n    if "
            "c == '(':\n        depth += 1\n    elif c == ')':\n        depth -= 1\n    elif depth > best:\n        best, out = depth, c\n    elif depth == best:\n        out += c\nreturn out",
            "levels, depth = [], 0\nfor c in $s:\n    if c in '()':\n        depth += 1 if c == '(' else -1\n    else:\n        levels.append((depth, c))\nbest = max((level for level, _ in "
            "levels), default=0)\nreturn ''.join(c for level, c in levels if level == best)", "The depth of a letter is the number of pairs of parentheses around it. Find the greatest depth of "
            "any letter in @s and return all letters of this depth in order."),
        ("levels", "list[int]", "a list of the nesting depths of the letters of @s, that is, for each one the number of pairs of parentheses around it",
            "depth, result = 0, []\nfor c in $s:\n    if c == '(':\n        depth += 1\n    elif c == ')':\n        depth -= 1\n    else:\n        result.append(depth)\nreturn result",
            "return [$s[:i].count('(') - $s[:i].count(')') for i, c in enumerate($s) if c not in '()']", "For every character of @s that is not a parenthesis, tell by how many pairs of "
            "parentheses it is enclosed. 'a(b(c))' gives [0, 1, 2]."),
        ("upper", "str", "@s without parentheses and with the letters at odd nesting depth in uppercase", "depth, out = 0, ''\nfor c in $s:\n    if c in '()':\n        depth += 1 if c == '(' "
            "else -1\n    else:\n        out += c.upper() if depth % 2 else c\nreturn out", "loud, out = False, ''\nfor c in $s:\n    if c in '()':\n        loud = not loud\n    else:\n        "
            "out += c.upper() if loud else c\nreturn out", "Every parenthesis in @s, opening or closing, switches between small and capital letters; one starts with small letters. Return the "
            "text without the parentheses."),
        ("reversed", "str", "@s with the content of every pair of parentheses reversed, the inner ones first, and the parentheses removed", "stack = ['']\nfor c in $s:\n    if c == '(':\n      "
            "  stack.append('')\n    elif c == ')':\n        part = stack.pop()\n        stack[-1] += part[::-1]\n    else:\n        stack[-1] += c\nreturn stack[0]",
            "while '(' in $s:\n    i = $s.rindex('(')\n    j = $s.index(')', i)\n    $s = $s[:i] + $s[i + 1:j][::-1] + $s[j + 1:]\nreturn $s", "Parentheses in @s mean: read this part "
            "backwards. Work from the inside outwards and return the string without parentheses."),
        ("groups", "list[str]", "a list of the contents of the outermost pairs of parentheses in @s, inner parentheses included", "result, depth, start = [], 0, 0\nfor i, c in enumerate($s):\n "
            "   if c == '(':\n        if depth == 0:\n            start = i + 1\n        depth += 1\n    elif c == ')':\n        depth -= 1\n        if depth == 0:\n            "
            "result.append($s[start:i])\nreturn result", "result, depth = [], 0\nfor c in $s:\n    depth -= c == ')'\n    if depth > 0:\n        result[-1] += c\n    elif c == '(':\n        "
            "result.append('')\n    depth += c == '('\nreturn result", "Look only at parentheses of @s that are not inside others. What stands between each opening one and its closing partner? "
            "Return these strings from left to right."),
        ("partners", "dict[int, int]", "a dictionary that maps the index of each ')' in @s to the index of the '(' that it closes", "stack, result = [], {}\nfor i, c in enumerate($s):\n    if "
            "c == '(':\n        stack.append(i)\n    elif c == ')':\n        result[i] = stack.pop()\nreturn result", "result = {}\nfor j, c in enumerate($s):\n    if c == ')':\n        i = j "
            "- 1\n        while $s[i:j + 1].count('(') < $s[i:j + 1].count(')'):\n            i -= 1\n        result[j] = i\nreturn result", "Match the parentheses in @s: for each closing one, "
            "find the opening one that belongs to it, and store both indices in a dictionary (closing index: opening index), from left to right."),
        ("sum_levels", "int", "the sum over all letters of @s of 10 to the power of their nesting depth, so that a letter outside all parentheses counts 1, one inside a single pair 10, and so on",
            "total, weight = 0, 1\nfor c in $s:\n    if c == '(':\n        weight *= 10\n    elif c == ')':\n        weight //= 10\n    else:\n        total += weight\nreturn total",
            "total = depth = 0\nfor c in $s:\n    if c in '()':\n        depth += 1 if c == '(' else -1\n    else:\n        total += 10 ** depth\nreturn total",
            "Letters in @s are the more valuable the deeper they are nested: 1 point outside of parentheses, 10 points inside one pair, 100 inside two, and so on. Add up the points."),
    ])  # fmt: skip
    return lesson.draft(g, f"bracket_{kind}", "s:balanced", typ, result, body, other, tellings=(say,))


@lesson
def bracket_faults(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("count", "tuple[int, int]", "a tuple with the number of ')' in @s that have no '(' before them to close, and the number of '(' that are never closed",
            "opened = lonely = 0\nfor c in $s:\n    if c == '(':\n        opened += 1\n    elif c == ')':\n        if opened:\n            opened -= 1\n        else:\n            lonely += 1\n"
            "return (lonely, opened)", "rest = ''.join(c for c in $s if c in '()')\nwhile '()' in rest:\n    rest = rest.replace('()', '')\nreturn rest.count(')'), rest.count('(')",
            "Parentheses in @s may be unmatched. Count the closing ones that close nothing and the opening ones that stay open, and return both numbers in this order."),
        ("first", "int", "the index of the first ')' in @s that closes nothing, or the length of @s if there is none", "depth = 0\nfor i, c in enumerate($s):\n    depth += (c == '(') - (c == "
            "')')\n    if depth < 0:\n        return i\nreturn len($s)", "stack = []\nfor i, c in enumerate($s):\n    if c == '(':\n        stack.append(i)\n    elif c == ')':\n        if not "
            "stack:\n            return i\n        stack.pop()\nreturn len($s)", "Read @s from left to right. At which index does a closing parenthesis come although none is open? If this "
            "never happens, return the length of the string."),
        ("verdict", "str", "'ok' if the parentheses in @s are properly nested, 'early' if some ')' comes before its '(', and 'open' if the only fault is that at least one '(' is never closed",
            "depth = 0\nfor c in $s:\n    depth += (c == '(') - (c == ')')\n    if depth < 0:\n        return 'early'\nreturn 'open' if depth else 'ok'",
            "opened = []\nfor c in $s:\n    if c == '(':\n        opened.append(c)\n    elif c == ')':\n        if not opened:\n            return 'early'\n        opened.pop()\nreturn 'ok' if "
            "not opened else 'open'", "Judge the parentheses in @s. As soon as one is closed that has not been opened, the verdict is 'early'. If some are still open at the end, it is 'open', "
            "and otherwise 'ok'."),
        ("fixed", "str", "@s with every ')' that closes nothing removed and a ')' added at the end for each '(' that is never closed", "out, depth = '', 0\nfor c in $s:\n    if c == ')':\n     "
            "   if depth == 0:\n            continue\n        depth -= 1\n    elif c == '(':\n        depth += 1\n    out += c\nreturn out + ')' * depth",
            "chars, opened = [], 0\nfor c in $s:\n    if c == ')' and not opened:\n        continue\n    opened += {'(': 1, ')': -1}.get(c, 0)\n    chars.append(c)\nreturn ''.join(chars) + "
            "opened * ')'", "Repair the parentheses in @s: drop closing ones that have no partner, and close what is still open at the very end of the string."),
        ("added", "int", "how many parentheses have to be added to @s, anywhere, so that they are properly nested", "opened = missing = 0\nfor c in $s:\n    if c == '(':\n        opened += 1\n "
            "   elif c == ')':\n        if opened:\n            opened -= 1\n        else:\n            missing += 1\nreturn opened + missing", "rest = re.sub('[^()]', '', $s)\nwhile '()' in "
            "rest:\n    rest = rest.replace('()', '')\nreturn len(rest)", "Each parenthesis in @s needs a partner in the right order. Return the smallest number of parentheses that must be "
            "inserted to achieve that."),
        ("lowest", "int", "the lowest value that the number of '(' minus the number of ')' takes while @s is read from left to right, at most 0",
            "depth = low = 0\nfor c in $s:\n    if c == '(':\n        depth += 1\n    elif c == ')':\n        depth -= 1\n    low = min(low, depth)\nreturn low",
            "return min($s[:i].count('(') - $s[:i].count(')') for i in range(len($s) + 1))", "Start at 0 and read @s: each '(' adds 1, each ')' takes 1 away. Return the lowest value reached, "
            "the start included."),
        ("lonely_marked", "str", "@s with every ')' that closes nothing replaced by '!'", "out, depth = '', 0\nfor c in $s:\n    if c == '(':\n        depth += 1\n    elif c == ')':\n        "
            "if depth == 0:\n            c = '!'\n        else:\n            depth -= 1\n    out += c\nreturn out", "stack, chars = [], list($s)\nfor i, c in enumerate($s):\n    if c == '(':\n "
            "       stack.append(i)\n    elif c == ')':\n        if stack:\n            stack.pop()\n        else:\n            chars[i] = '!'\nreturn ''.join(chars)",
            "Mark mistakes in @s: a closing parenthesis for which no opening one is left becomes '!'. All other characters stay."),
    ])  # fmt: skip
    return lesson.draft(
        g, f"brackets_{kind}", "s:paren", typ, result, body, other, imports=("import re",), tellings=(say,)
    )


@lesson
def escape_marks(g: Random) -> Draft:
    kind, arg, typ, result, body, other, say = g.choice([
        ("split", "escaped", "list[str]", "a list of the fields of @s, which are separated by commas; after '^' any character is taken literally, and the '^' itself is dropped",
            "fields, i = [''], 0\nwhile i < len($s):\n    if $s[i] == '^':\n        i += 1\n        fields[-1] += $s[i:i + 1]\n    elif $s[i] == ',':\n        fields.append('')\n    else:\n    "
            "    fields[-1] += $s[i]\n    i += 1\nreturn fields", "fields, literal = [''], False\nfor c in $s:\n    if literal:\n        fields[-1] += c\n        literal = False\n    elif c == "
            "'^':\n        literal = True\n    elif c == ',':\n        fields.append('')\n    else:\n        fields[-1] += c\nreturn fields", "Commas separate the fields of @s, but a comma "
            "after '^' belongs to the field, and '^^' means one '^'. Return the list of the fields as they are meant."),
        ("unescape", "escaped", "str", "@s with each '^' removed that is not itself preceded by an escaping '^'", "out, literal = '', False\nfor c in $s:\n    if c == '^' and not literal:\n    "
            "    literal = True\n    else:\n        out += c\n        literal = False\nreturn out", "return re.sub(r'\\^(.)', r'\\1', $s)", "The sign '^' says that the next character is meant "
            "literally. Resolve this in @s from left to right: drop each such sign and keep the character after it, whatever it is."),
        ("count", "escaped", "int", "the number of commas in @s that are not escaped by '^'", "count, literal = 0, False\nfor c in $s:\n    if literal:\n        literal = False\n    elif c == "
            "'^':\n        literal = True\n    elif c == ',':\n        count += 1\nreturn count", "return re.sub(r'\\^.', '', $s).count(',')", "In @s a '^' protects the character after it, "
            "which may be a comma or another '^'. How many unprotected commas are there?"),
        ("protect", "csv", "str", "@s with '^' written before every comma and every space", "return ''.join('^' + c if c in ', ' else c for c in $s)",
            "return $s.replace(',', '^,').replace(' ', '^ ')", "Protect commas and spaces in @s by putting a '^' directly in front of each of them."),
        ("percent", "csv", "str", "@s with each space replaced by '%20' and each comma by '%2C'", "return $s.replace(' ', '%20').replace(',', '%2C')",
            "codes = {' ': '%20', ',': '%2C'}\nreturn ''.join(codes.get(c, c) for c in $s)", "In web addresses spaces are written '%20' and commas '%2C'. Encode @s like this; nothing else "
            "changes."),
        ("quotes", "csv", "str", "@s put between single quotes if it contains a space or is empty, otherwise @s itself", "return f\"'{$s}'\" if $s == '' or ' ' in $s else $s",
            "if not $s or $s.find(' ') >= 0:\n    return \"'\" + $s + \"'\"\nreturn $s", "A shell needs quotes around words with spaces and around empty words. Return @s with single quotes "
            "around it if it is such a word."),
        ("doubled", "digits", "str", "@s with every digit and every '-' written twice", "return ''.join(c * 2 if c.isdigit() or c == '-' else c for c in $s)",
            "out = ''\nfor c in $s:\n    out += c\n    if c in '0123456789-':\n        out += c\nreturn out", "Escape special characters by doubling them: in @s these are the digits and the "
            "minus sign."),
    ])  # fmt: skip
    return lesson.draft(
        g, f"escape_{kind}", f"s:{arg}", typ, result, body, other, imports=("import re",), tellings=(say,)
    )


@lesson
def printed_rows(g: Random) -> Draft:
    c = g.choice([".", " ", "_", "-"])
    w, v = g.randint(7, 9), g.randint(4, 5)
    named = {" ": "spaces", ".": "dots", "_": "underscores", "-": "hyphens"}[c]
    kind, typ, result, body, other, say = g.choice([
        ("fixed", "list[str]", f"a list of lines, one for each of @rows, with the name filled up with {named} on the right to {w} characters and the number with {named} on the left to {v}",
            f"return [label.ljust({w}, '{c}') + str(n).rjust({v}, '{c}') for label, n in $rows]", f"lines = []\nfor label, n in $rows:\n    while len(label) < {w}:\n        label += '{c}'\n    "
            f"digits = str(n)\n    lines.append(label + '{c}' * ({v} - len(digits)) + digits)\nreturn lines", f"Print a price list. Each of the tuples in @rows gives one line: the name in a "
            f"column of {w} characters, aligned to the left, directly followed by the number in a column of {v} characters, aligned to the right. Free places are filled with {named}."),
        ("aligned", "list[str]", f"a list of lines, one for each of @rows, with the name filled up on the right with {named} to the length of the longest name, then ': ' and the number",
            f"width = max(len(label) for label, _ in $rows)\nreturn [f\"{{label.ljust(width, '{c}')}}: {{n}}\" for label, n in $rows]", f"width = len(max((row[0] for row in $rows), key=len))\n"
            f"lines = []\nfor label, n in $rows:\n    lines.append(label + '{c}' * (width - len(label)) + ': ' + str(n))\nreturn lines", f"Make the colons of a listing stand under each other. "
            f"For every tuple in @rows write the name, {named} up to the length of the longest name, a colon, a space and the number."),
        ("numbered", "list[str]", "a list of lines 'i. name (number)' for @rows, where i counts from 1", "return [f'{i}. {label} ({n})' for i, (label, n) in enumerate($rows, 1)]",
            "lines = []\ni = 1\nfor label, n in $rows:\n    lines.append(str(i) + '. ' + label + ' (' + str(n) + ')')\n    i += 1\nreturn lines",
            "Turn the tuples in @rows into a numbered list. The line for the first one looks like '1. tea (12)'."),
        ("bars", "list[str]", "a list of lines, one for each of @rows: the first three letters of the name, a space, and one '#' for every full 10 of the number",
            "return [f\"{label[:3]} {'#' * (n // 10)}\" for label, n in $rows]", "lines = []\nfor label, n in $rows:\n    bar = ''\n    while n >= 10:\n        bar += '#'\n        n -= 10\n    "
            "lines.append(label[:3] + ' ' + bar)\nreturn lines", "Draw a bar chart of @rows. Every tuple gives a line with the first three letters of its name, a space and a bar of '#', one "
            "for each complete ten of its number."),
        ("sum_line", "str", "one line of the form 'a=1, b=2; total=3' for @rows, with their names, their numbers and the sum of all the numbers",
            "pairs = ', '.join(f'{label}={n}' for label, n in $rows)\nreturn f'{pairs}; total={sum(n for _, n in $rows)}'", "out, total = '', 0\nfor label, n in $rows:\n    if out:\n        "
            "out += ', '\n    out += label + '=' + str(n)\n    total += n\nreturn out + '; total=' + str(total)", "Summarise @rows in one line: first 'name=number' for every tuple, separated "
            "by a comma and a space, then '; total=' and the sum."),
        ("piped", "list[str]", "a list of lines such as '| tea | 12 |', one for each of @rows, preceded by the line '| name | count |' and the line '|---|---|'",
            "return ['| name | count |', '|---|---|'] + [f'| {label} | {n} |' for label, n in $rows]", "lines = ['| name | count |', '|---|---|']\nfor row in $rows:\n    lines.append('| ' + ' "
            "| '.join(map(str, row)) + ' |')\nreturn lines", "Write @rows as a table of the kind used in plain text documents. The first line is '| name | count |', the second '|---|---|', and "
            "then comes a line such as '| tea | 12 |' for every tuple."),
    ])  # fmt: skip
    return lesson.draft(g, f"[print|format|show]_rows_{kind}", "rows:rows", typ, result, body, other, tellings=(say,))


@lesson
def number_formats(g: Random) -> Draft:
    k = g.randint(4, 7)
    sep = g.choice(["'", " ", "_", "."])
    kind, arg, typ, result, body, other, say = g.choice([
        ("thousands", "score", "str", f"@n as text with {sep!r} between groups of three digits, counted from the right, and with a minus sign in front if it is negative",
            f"return f'{{$n:,}}'.replace(',', {sep!r})", f"digits, out = str(abs($n)), ''\nwhile len(digits) > 3:\n    out = {sep!r} + digits[-3:] + out\n    digits = digits[:-3]\nreturn ('-' "
            f"if $n < 0 else '') + digits + out", f"Long numbers are easier to read in groups. Write @n with {sep!r} after every three digits, counted from the right; a negative number keeps "
            f"its minus sign at the very front."),
        ("signed", "score", "str", "@n as text with a sign in front: '+' for positive numbers, '-' for negative ones, and a plain '0' for zero", "return f'{$n:+d}' if $n else '0'",
            "if $n > 0:\n    return '+' + str($n)\nreturn str($n)", "Write the change @n so that its direction is visible: +5, -3, but just 0."),
        ("accounting", "score", "str", "@n as text, with negative numbers written without a sign but in parentheses", "return f'({-$n})' if $n < 0 else str($n)",
            "digits = str(abs($n))\nif $n < 0:\n    digits = '(' + digits + ')'\nreturn digits", "Bookkeepers write negative amounts in parentheses: -12 becomes '(12)'. Write @n in this way; "
            "zero and positive numbers look as usual."),
        ("padded", "score", "str", f"@n as text filled up with zeros to {k} characters, where a minus sign counts and comes before the zeros; longer numbers stay", f"return str($n).zfill({k})",
            f"sign = '-' if $n < 0 else ''\nreturn sign + str(abs($n)).rjust({k} - len(sign), '0')", f"Write @n with at least {k} characters by inserting zeros in front of its digits. If there "
            f"is a minus sign, it is one of these characters and stays at the beginning."),
        ("euros", "money", "str", "the amount of @n cents in the form '12.05', with two digits after the point", "return f'{$n // 100}.{$n % 100:02d}'",
            "whole, cents = divmod($n, 100)\nreturn str(whole) + '.' + str(cents).zfill(2)", "Prices are stored as whole cents. Write @n cents as units and cents with a point between and "
            "always two digits for the cents."),
        ("euros_comma", "money", "str", "the amount of @n cents in the form '1.234,05 EUR', with points between groups of three digits and a comma before the two digits for cents",
            "whole = f'{$n // 100:,}'.replace(',', '.')\nreturn f'{whole},{$n % 100:02d} EUR'", "whole, cents = divmod($n, 100)\ndigits = str(whole)\nfor i in range(len(digits) - 3, 0, -3):\n  "
            "  digits = digits[:i] + '.' + digits[i:]\nreturn digits + ',' + str(cents).zfill(2) + ' EUR'", "Print @n cents as it is done in some countries: groups of three digits separated by "
            "points, a comma, two digits for the cents, and ' EUR'."),
        ("short", "money", "str", "@n in short form: with 'M' for whole millions, 'K' for whole thousands, each rounded down, and as it is below 1000",
            "if $n >= 1000000:\n    return f'{$n // 1000000}M'\nif $n >= 1000:\n    return f'{$n // 1000}K'\nreturn str($n)", "for size, letter in ((1000000, 'M'), (1000, 'K')):\n    if $n >= "
            "size:\n        return str($n // size) + letter\nreturn str($n)", "Counters on web pages are shortened: 1234567 is shown as '1M', 45999 as '45K' and 999 as '999'. Digits that are "
            "cut off are not rounded. Shorten @n."),
        ("bar", "share", "str", "a progress bar for @n percent: '[', one '=' for each full 10 percent, '.' up to ten characters, and ']'", "done = $n // 10\nreturn '[' + '=' * done + '.' * (10 "
            "- done) + ']'", "return '[' + ''.join('=' if $n >= 10 * i else '.' for i in range(1, 11)) + ']'", "Show a progress of @n percent as ten characters in square brackets: '=' for "
            "every complete tenth, '.' for the others."),
        ("bar_text", "share", "str", "@n with a percent sign, filled with spaces on the left to four characters, followed by a space and one '#' for every full 20",
            "return f\"{$n:3d}% {'#' * ($n // 20)}\"", "return (str($n) + '%').rjust(4) + ' ' + '#' * ($n // 20)", "Write a percentage so that several of them stand in a neat column: the "
            "number and '%' right-aligned in four characters, then a space, then a '#' for each complete fifth of 100. The percentage is @n."),
    ])  # fmt: skip
    return lesson.draft(g, f"number_{kind}", f"n:{arg}", typ, result, body, other, tellings=(say,))


@lesson
def filled_templates(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("fill", "str", "@s with each name in braces replaced by its value in @fields, where names without a value stay as they are, braces included",
            "for key, value in $fields.items():\n    $s = $s.replace('{' + key + '}', value)\nreturn $s", "return re.sub(r'\\{(\\w+)\\}', lambda found: $fields.get(found[1], found[0]), $s)",
            "A template @s has places such as '{name}'. Put in the values from the dictionary @fields. A place whose name is not in the dictionary is left unchanged."),
        ("blank", "str", "@s with each name in braces replaced by its value in @fields, or by '?' if it has none", "return re.sub(r'\\{(\\w+)\\}', lambda found: $fields.get(found[1], '?'), $s)",
            "out = []\nfor part in $s.split():\n    if part.startswith('{'):\n        part = $fields.get(part[1:-1], '?')\n    out.append(part)\nreturn ' '.join(out)",
            "Fill in the form letter @s: each '{...}' is replaced by the entry of @fields with this name. Where there is no such entry, write a question mark."),
        ("missing", "list[str]", "a sorted list of the different names in braces in @s that are not keys of @fields", "return sorted(set(re.findall(r'\\{(\\w+)\\}', $s)) - set($fields))",
            "result = []\nfor part in $s.split():\n    if part[0] == '{' and part[1:-1] not in $fields and part[1:-1] not in result:\n        result.append(part[1:-1])\nreturn sorted(result)",
            "Before the template @s can be filled in, all names in braces need a value in @fields. Which ones lack it? Return them sorted, without duplicates."),
        ("unused", "list[str]", "a list of the keys of @fields whose names do not appear in braces in @s", "return [key for key in $fields if '{' + key + '}' not in $s]",
            "result = []\nfor key in $fields:\n    if $s.find(f'{{{key}}}') == -1:\n        result.append(key)\nreturn result", "Which entries of @fields does the template @s not use? An entry "
            "is used if its name occurs in braces. Keep the order of the dictionary."),
        ("ready", "bool", "True if every name in braces in @s is a key of @fields", "return all(part[1:-1] in $fields for part in $s.split() if part.startswith('{'))",
            "for found in re.findall(r'\\{(\\w+)\\}', $s):\n    if found not in $fields:\n        return False\nreturn True", "Can the template @s be filled in completely with the values in "
            "@fields? A template without names in braces always can."),
        ("loud", "str", "@s with each name in braces replaced by its value in @fields in uppercase, and removed together with the braces if it has none; single spaces separate the remaining "
            "words", "out = []\nfor part in $s.split():\n    if part.startswith('{'):\n        part = $fields.get(part[1:-1], '').upper()\n    if part:\n        out.append(part)\nreturn ' "
            "'.join(out)", "filled = re.sub(r'\\{(\\w+)\\}', lambda found: $fields.get(found[1], '').upper(), $s)\nreturn ' '.join(filled.split())",
            "Put the values of @fields into the places of the template @s, written in capitals. Places without a value disappear, and no double spaces may remain."),
    ])  # fmt: skip
    return lesson.draft(
        g,
        f"template_{kind}",
        "s:template fields:fields",
        typ,
        result,
        body,
        other,
        imports=("import re",),
        tellings=(say,),
    )


@lesson
def page_ranges(g: Random) -> Draft:
    sep, dash = g.choice([(",", "-"), (";", ".."), (" ", "-"), (",", "~")])
    least = g.choice([2, 3])
    kind = g.choice(["expand", "count", "compress", "compress", "contains", "longest", "gaps"])
    grow = "pages = []\nfor part in $s.split(','):\n    low, _, high = part.partition('-')\n    pages.extend(range(int(low), int(high or low) + 1))\n"
    grow2 = "pages = []\nfor part in $s.split(','):\n    if '-' in part:\n        low, high = map(int, part.split('-'))\n        pages += list(range(low, high + 1))\n    else:\n        pages.append(int(part))\n"
    if kind in ("expand", "count", "longest", "gaps"):
        ret, typ, say = {
            "expand": ("pages", "list[int]", "a list of all the numbers that @s stands for"),
            "count": ("len(pages)", "int", "how many numbers @s stands for"),
            "longest": (
                "max($s.split(','), key=lambda part: int(part.split('-')[-1]) - int(part.split('-')[0]))",
                "str",
                "the part of @s, a number or a range, that stands for the most numbers, the first one in case of a tie",
            ),
            "gaps": (
                "[n for n in range(pages[0], pages[-1]) if n not in pages]",
                "list[int]",
                "a list of the numbers between the first and the last number of @s that it leaves out",
            ),
        }[kind]
        return lesson.draft(g, f"pages_{kind}", "s:ranges", typ, f"{say}, where '3-5' stands for 3, 4 and 5", f"{grow}return {ret}" if kind != "longest" else f"return {ret}",
            f"{grow2}return {ret}" if kind != "longest" else "best, size = '', 0\nfor part in $s.split(','):\n    low, _, high = part.partition('-')\n    n = int(high or low) - int(low) + 1\n  "
            "  if n > size:\n        best, size = part, n\nreturn best",
                            tellings=(f"Pages to be printed are given as text @s: single numbers and ranges, separated by commas and in ascending order. A range such as '3-5' includes both "
                                f"ends. Return {say}.",))  # fmt: skip
    if kind == "contains":
        return lesson.draft(
            g,
            "page_[selected|included]",
            "s:ranges n:nat",
            "bool",
            "True if the number @n is among the numbers and ranges in @s, both ends of a range included",
            "for part in $s.split(','):\n    low, _, high = part.partition('-')\n    if int(low) <= $n <= int(high or low):\n        return True\nreturn False",
            f"{grow2}return $n in pages",
            tellings=(
                "Will page @n be printed if the user has asked for the pages @s? The text has single pages and ranges such as '3-5', separated by commas; the ends belong to a range.",
            ),
        )
    cut = f"return '{sep}'.join(f'{{p[0]}}{dash}{{p[-1]}}' if len(p) >= {least} else '{sep}'.join(map(str, p)) for p in groups)"
    return lesson.draft(g, "ranges_as_text", "xs:sorted", "str", f"the numbers in @xs as text, in which each longest sequence of {'two' if least == 2 else 'three'} or more consecutive numbers "
        f"is written as its first and last number with '{dash}' between, and all parts are separated by '{sep}'", f"groups = []\nfor n in $xs:\n    if groups and n == groups[-1][-1] + 1:\n     "
        f"   groups[-1].append(n)\n    else:\n        groups.append([n])\n{cut}",
                        f"parts, i = [], 0\nwhile i < len($xs):\n    j = i\n    while j + 1 < len($xs) and $xs[j + 1] == $xs[j] + 1:\n        j += 1\n    if j - i + 1 >= {least}:\n        "
                            f"parts.append(f'{{$xs[i]}}{dash}{{$xs[j]}}')\n    else:\n        parts += [str(n) for n in $xs[i:j + 1]]\n    i = j + 1\nreturn '{sep}'.join(parts)",
                        tellings=(f"Write the ascending list @xs of different numbers as short as possible: {'two' if least == 2 else 'three'} or more numbers that follow each other directly "
                            f"are joined to a range such as 4{dash}7. Separate numbers and ranges by '{sep}'. An empty list gives an empty text.",))  # fmt: skip


@lesson
def printed_lists(g: Random) -> Draft:
    k = g.randint(2, 4)
    kind, arg, typ, result, body, other, say = g.choice([
        ("sum", "s:listing", "int", "the sum of the numbers in the printed list @s", "inner = $s[1:-1]\nreturn sum(int(part) for part in inner.split(',')) if inner else 0",
            "total = 0\nfor part in $s.strip('[]').split(', '):\n    if part:\n        total += int(part)\nreturn total", "The text @s looks like a Python list of integers. Without using eval, "
            "read the numbers and add them up; the empty list '[]' gives 0."),
        ("parse", "s:listing", "list[int]", "the list of integers whose printed form is @s, with negative numbers left out", "return [int(part) for part in $s[1:-1].split(',') if part and "
            "int(part) >= 0]", "result = []\nfor part in $s.strip('[]').split(', '):\n    if part and not part.startswith('-'):\n        result.append(int(part))\nreturn result",
            "Read a list of integers from its printed form @s, but skip all negative ones."),
        ("length", "s:listing", "int", "the number of elements of the printed list @s", "return $s.count(',') + 1 if $s != '[]' else 0",
            "return len([part for part in $s[1:-1].split(',') if part])", "How many numbers does the list have that was printed as @s? Do not forget that '[]' has none."),
        ("print", "xs:L", "str", "the numbers in @xs as text in braces, separated by ' | ', as in '{1 | 2 | 3}', and '{}' for an empty list", "return '{' + ' | '.join(map(str, $xs)) + '}'",
            "out = '{'\nfor i, n in enumerate($xs):\n    if i > 0:\n        out += ' | '\n    out += str(n)\nreturn out + '}'", "Print the list @xs in the notation of another language: braces "
            "around it and ' | ' between the numbers."),
        ("short", "xs:L", "str", f"the list @xs as Python prints it, but with all elements after the first {k} replaced by '...', if there are any",
            f"shown = [str(n) for n in $xs[:{k}]]\nif len($xs) > {k}:\n    shown.append('...')\nreturn '[' + ', '.join(shown) + ']'", f"if len($xs) <= {k}:\n    return str($xs)\nreturn "
            f"str($xs[:{k}])[:-1] + ', ...]'", f"Long lists are printed in short form. Show at most {k} elements of @xs in square brackets; if there are more, write '...' after the last one "
            f"shown, as in '[1, 2, ...]'."),
        ("arrows", "xs:L", "str", "the numbers in @xs as text, with '<', '>' or '=' between neighbours according to how they compare", "out = ''\nfor i, n in enumerate($xs):\n    if i:\n       "
            " before = $xs[i - 1]\n        out += '<' if before < n else '>' if before > n else '='\n    out += str(n)\nreturn out", "signs = ['<' if p < q else '>' if p > q else '=' for p, q "
            "in zip($xs, $xs[1:])]\nreturn ''.join(str(n) + sign for n, sign in zip($xs, signs + ['']))", "Write the numbers in @xs in one line and put the right sign, '<', '>' or '=', between "
            "every two neighbours. For example, [1, 3, 3, 2] becomes '1<3=3>2'."),
        ("grid", "grid:M", "str", "the matrix @grid as text, with spaces between the numbers of a row and ' / ' between rows", "return ' / '.join(' '.join(map(str, row)) for row in $grid)",
            "lines = []\nfor row in $grid:\n    lines.append(' '.join(str(n) for n in row))\nreturn ' / '.join(lines)", "Write @grid in one line: the numbers of each row separated by single "
            "spaces, the rows separated by a slash with a space on either side."),
        ("widths", "xs:L1", "list[str]", "a list of the numbers in @xs as strings that are all as long as the longest of them, with spaces added on the left",
            "width = max(len(str(n)) for n in $xs)\nreturn [str(n).rjust(width) for n in $xs]", "texts = [str(n) for n in $xs]\nwidth = len(max(texts, key=len))\nreturn [' ' * (width - len(t)) "
            "+ t for t in texts]", "Prepare a column of numbers: turn each number in @xs into a string and align them to the right, using no more spaces than necessary."),
    ])  # fmt: skip
    return lesson.draft(g, f"list_text_{kind}", arg, typ, result, body, other, tellings=(say,))


@lesson
def durations(g: Random) -> Draft:
    kind, arg, typ, result, body, other, say = g.choice([
        ("seconds", "s:span", "int", "the number of seconds of the duration @s", "total, digits = 0, ''\nfor c in $s:\n    if c.isdigit():\n        digits += c\n    else:\n        total += "
            "int(digits) * {'h': 3600, 'm': 60, 's': 1}[c]\n        digits = ''\nreturn total", "units = {'h': 3600, 'm': 60, 's': 1}\nreturn sum(int(n) * units[u] for n, u in "
            "re.findall(r'([0-9]+)([hms])', $s))", "Durations are written like '1h30m', '45s' or '2h5s', with h for hours, m for minutes and s for seconds; parts may be missing. How many "
            "seconds is @s?"),
        ("clock", "s:span", "str", "the duration @s in the form 'H:MM:SS', with minutes and seconds below 60", "units = {'h': 3600, 'm': 60, 's': 1}\ntotal = sum(int(n) * units[u] for n, u in "
            "re.findall(r'([0-9]+)([hms])', $s))\nreturn f'{total // 3600}:{total // 60 % 60:02d}:{total % 60:02d}'", "parts = {'h': 0, 'm': 0, 's': 0}\ndigits = ''\nfor c in $s:\n    if c in "
            "parts:\n        parts[c] = int(digits)\n        digits = ''\n    else:\n        digits += c\nminutes, seconds = divmod(parts['s'] + 60 * parts['m'], 60)\nreturn f\"{parts['h'] + "
            "minutes // 60}:{minutes % 60:02d}:{seconds:02d}\"", "Rewrite the duration @s, such as '75m' or '1h2s', as hours, two digits for minutes and two for seconds, separated by colons. "
            "More than 59 minutes or seconds are carried over."),
        ("part", "s:span", "int", "the number of minutes written in the duration @s, that is, the number before 'm', or 0 if there is none", "found = re.search(r'([0-9]+)m', $s)\nreturn "
            "int(found[1]) if found else 0", "digits = ''\nfor c in $s:\n    if c.isdigit():\n        digits += c\n    elif c == 'm':\n        return int(digits)\n    else:\n        digits = "
            "''\nreturn 0", "In durations like '1h30m10s' look for the minutes: return the number directly before the letter 'm' in @s. If there is no 'm', return 0. Hours and seconds are "
            "ignored."),
        ("words", "n:big", "str", "@n seconds written with h, m and s, as in '1h5s', leaving out parts that are 0", "hours, rest = divmod($n, 3600)\nminutes, seconds = divmod(rest, 60)\nparts "
            "= [(hours, 'h'), (minutes, 'm'), (seconds, 's')]\nreturn ''.join(f'{amount}{unit}' for amount, unit in parts if amount)", "out = ''\nfor size, unit in ((3600, 'h'), (60, 'm'), (1, "
            "'s')):\n    if $n >= size:\n        out += str($n // size) + unit\n        $n %= size\nreturn out", "Write a duration of @n seconds, which is at least 1, in the short form with "
            "hours, minutes and seconds ('h', 'm', 's'). Minutes and seconds are less than 60, and parts with the value 0 do not appear."),
        ("slot_length", "s:slot", "int", "the number of minutes from the beginning to the end of the time span @s", "def minutes(clock):\n    hours, rest = clock.split(':')\n    return "
            "int(hours) * 60 + int(rest)\n\nbegin, end = $s.split('-')\nreturn minutes(end) - minutes(begin)", "a, b, c, e = map(int, $s.replace(':', '-').split('-'))\nreturn (c - a) * 60 + e "
            "- b", "A meeting is entered as 'HH:MM-HH:MM' and does not go beyond midnight. How many minutes does the meeting @s last?"),
        ("slot_contains", "s:slot clock:clock", "bool", "True if the time @clock lies in the time span @s, its beginning included and its end not",
            "begin, end = $s.split('-')\nreturn begin <= $clock < end", "def minutes(t):\n    return int(t[:2]) * 60 + int(t[3:])\n\nbegin, end = map(minutes, $s.split('-'))\nreturn begin <= "
            "minutes($clock) < end", "A shop is open during the span @s, written 'HH:MM-HH:MM'. Is it open at @clock? It is from the first minute of the span on, but no longer at its end."),
        ("twelve", "clock:clock", "str", "the time @clock in the twelve-hour form, such as '7:05 am' or '12:30 pm'", "hours, minutes = $clock.split(':')\nhours = int(hours)\nhalf = 'am' if "
            "hours < 12 else 'pm'\nreturn f'{hours % 12 or 12}:{minutes} {half}'", "h = int($clock[:2])\nshown = h % 12\nif shown == 0:\n    shown = 12\nreturn str(shown) + $clock[2:] + (' pm' "
            "if h >= 12 else ' am')", "Write @clock, a time from '00:00' to '23:59', with 'am' for the first half of the day and 'pm' for the second. The hour runs from 1 to 12, without a "
            "leading zero; midnight is 12 am and noon is 12 pm."),
        ("spoken", "clock:clock", "str", "the time @clock in words of the form 'N past H' or 'N to H', where minutes up to 30 are counted from the past hour and later ones to the next hour (0 "
            "follows 23), and 'H sharp' if there are no minutes", "h, m = map(int, $clock.split(':'))\nif m == 0:\n    return f'{h} sharp'\nif m <= 30:\n    return f'{m} past {h}'\nreturn "
            "f'{60 - m} to {(h + 1) % 24}'", "h, m = int($clock[:2]), int($clock[3:])\nif m > 30:\n    return str(60 - m) + ' to ' + str((h + 1) % 24)\nreturn f'{m} past {h}' if m else f'{h} "
            "sharp'", "Say the time @clock: '14:00' is '14 sharp', '14:10' is '10 past 14', '14:45' is '15 to 15'. Half an hour is still 'past'. After hour 23 comes 0."),
    ])  # fmt: skip
    return lesson.draft(g, f"time_{kind}", arg, typ, result, body, other, imports=("import re",), tellings=(say,))


@lesson
def date_texts(g: Random) -> Draft:
    months = str(_MONTHS)
    kind, typ, result, body, other, say = g.choice([
        ("short", "str", "@date in the form 'D.M.YYYY' without leading zeros in day and month", "year, month, day = $date.split('-')\nreturn f'{int(day)}.{int(month)}.{year}'",
            "parts = [str(int(part)) for part in $date.split('-')]\nreturn '.'.join(reversed(parts))", "Change @date from the form 'YYYY-MM-DD' to day, month and year with dots between them; "
            "day and month lose a leading zero."),
        ("named", "str", "@date in the form 'Mon D, YYYY' with the first three letters of the English month name, as in 'Mar 5, 2024'", "months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov "
            "Dec'.split()\nyear, month, day = $date.split('-')\nreturn f'{months[int(month) - 1]} {int(day)}, {year}'", f"months = {months}\nreturn months[int($date[5:7]) - 1] + ' ' + "
            f"$date[8:].lstrip('0') + ', ' + $date[:4]", "Write @date, given as 'YYYY-MM-DD', with a short English month name (Jan, Feb, ..., Dec): '2024-03-05' becomes 'Mar 5, 2024'."),
        ("quarter", "str", "the quarter of @date in the form 'YYYY-Qn', where n is 1 for January to March, 2 for April to June, and so on", "year, month, _ = $date.split('-')\nreturn "
            "f'{year}-Q{(int(month) + 2) // 3}'", "month = int($date[5:7])\nn = 1\nwhile month > 3 * n:\n    n += 1\nreturn $date[:4] + '-Q' + str(n)",
            "Reports are made for quarters of a year. In which quarter does @date lie? Return the year, '-Q' and the number of the quarter."),
        ("month_end", "int", "the number of days from @date to the last day of its month, with leap years taken into account", "year, month, day = map(int, $date.split('-'))\nreturn "
            "calendar.monthrange(year, month)[1] - day", "year, month, day = map(int, $date.split('-'))\nif month == 2:\n    days = 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) "
            "else 28\nelse:\n    days = 30 if month in (4, 6, 9, 11) else 31\nreturn days - day", "How many days remain in the month after @date? Remember that February has 29 days in leap "
            "years."),
        ("day_number", "int", "the number of @date within its year, where January 1 is 1", "year, month, day = map(int, $date.split('-'))\nreturn sum(calendar.monthrange(year, m)[1] for m in "
            "range(1, month)) + day", "year, month, day = map(int, $date.split('-'))\ndays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]\nif year % 4 == 0 and (year % 100 != 0 or year % "
            "400 == 0):\n    days[1] = 29\nreturn sum(days[:month - 1]) + day", "Number the days of a year from 1 to 365, or 366 in a leap year. Which number has @date?"),
        ("next_month", "str", "the first day of the month after that of @date, in the same form", "year, month, _ = map(int, $date.split('-'))\nyear, month = (year + 1, 1) if month == 12 else "
            "(year, month + 1)\nreturn f'{year}-{month:02d}-01'", "total = int($date[:4]) * 12 + int($date[5:7])\nreturn f'{total // 12}-{total % 12 + 1:02d}-01'",
            "A contract begun on @date is charged for the first time on the first day of the following month. Return that day in the form 'YYYY-MM-DD'."),
        ("season", "str", "the season of @date by its month: 'winter' for December to February, 'spring' for March to May, 'summer' for June to August, and 'autumn' for the rest",
            "month = int($date.split('-')[1])\nreturn ['winter', 'spring', 'summer', 'autumn'][month % 12 // 3]", "month = int($date[5:7])\nif month in (12, 1, 2):\n    return 'winter'\nif "
            "month <= 5:\n    return 'spring'\nif month <= 8:\n    return 'summer'\nreturn 'autumn'", "Tell the season to which the month of @date belongs. Winter is December, January and "
            "February; each further season has three months as well."),
        ("digit_sum", "int", "the sum of all digits of @date", "return sum(int(c) for c in $date if c.isdigit())", "total = 0\nfor part in $date.split('-'):\n    for c in part:\n        total "
            "+= int(c)\nreturn total", "Some people find the digit sum of a date lucky or unlucky. Add up the digits of year, month and day of @date."),
    ])  # fmt: skip
    return lesson.draft(
        g, f"date_{kind}", "date:date", typ, result, body, other, imports=("import calendar",), tellings=(say,)
    )


@lesson
def file_paths(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("extension", "str", "the extension of the file in @path, that is, what follows the last dot of its last part, or '' if that has no dot",
            "last = $path.split('/')[-1]\nreturn last.rpartition('.')[2] if '.' in last else ''", "last = $path[$path.rindex('/') + 1:]\nparts = last.split('.')\nreturn parts[-1] if len(parts) "
            "> 1 else ''", "Look at the file name, the part of @path after the last slash. What stands after its last dot? Return an empty string if the name contains no dot; dots in folder "
            "names do not matter."),
        ("stem", "str", "the last part of @path up to its first dot", "return $path.split('/')[-1].split('.')[0]", "start = $path.rfind('/') + 1\nend = $path.find('.', start)\nreturn "
            "$path[start:] if end == -1 else $path[start:end]", "Take the file name at the end of @path and cut it at its first dot: '/docs/data.tar.gz' gives 'data'. Names without a dot are "
            "returned in full."),
        ("clean", "str", "@path with the parts '.' removed and each part '..' removed together with the part before it; '..' at the top is just removed",
            "stack = []\nfor part in $path.split('/'):\n    if part == '..':\n        if stack:\n            stack.pop()\n    elif part not in ('', '.'):\n        stack.append(part)\nreturn "
            "'/' + '/'.join(stack)", "result = ''\nfor part in $path.split('/')[1:]:\n    if part == '..':\n        result = result[:result.rfind('/')] if result else ''\n    elif part != "
            "'.':\n        result += '/' + part\nreturn result", "Simplify @path. A part '.' means the same folder and disappears; a part '..' means one folder up and removes the part before "
            "it, if there is one. The result begins with a slash."),
        ("depth", "int", "the number of folders in @path, that is, the number of its parts before the file name, '.' and '..' included", "return $path.count('/') - 1",
            "return len($path.split('/')) - 2", "How many folder names are written in @path before the file name? Count every part between slashes, whatever it is."),
        ("renamed", "str", "@path with the part of the file name after the last dot replaced by 'bak', or with '.bak' added if the file name has no dot",
            "folder, _, last = $path.rpartition('/')\nstem = last.rpartition('.')[0] or last\nreturn f'{folder}/{stem}.bak'", "i, j = $path.rfind('/'), $path.rfind('.')\nreturn ($path[:j] if j "
            "> i else $path) + '.bak'", "A program saves a copy of a file under the same name with the extension 'bak' in place of the old one. Return the path of the copy for @path; a file "
            "without extension gets one."),
        ("parents", "list[str]", "a list of all the folders on the way to the file in @path, beginning with the topmost, each as an absolute path, without resolving '.' and '..'",
            "parts = $path.split('/')[1:-1]\nreturn ['/' + '/'.join(parts[:i]) for i in range(1, len(parts) + 1)]", "result, current = [], ''\nfor part in $path.split('/')[1:-1]:\n    current "
            "+= '/' + part\n    result.append(current)\nreturn result", "Which folders must exist for the file @path? List them from the outermost to the innermost as absolute paths; the root "
            "'/' itself is not listed. Parts like '..' are taken literally."),
        ("short", "str", "@path with every folder name shortened to its first letter, the file name in full, as in '/h/a/notes.txt'", "*folders, last = $path.split('/')\nreturn "
            "'/'.join([folder[:1] for folder in folders] + [last])", "parts = $path.split('/')\nout = ''\nfor part in parts[1:-1]:\n    out += '/' + part[0]\nreturn out + '/' + parts[-1]",
            "Some prompts abbreviate paths: of every folder only the first character is shown, and the last part is shown completely. Abbreviate @path."),
    ])  # fmt: skip
    return lesson.draft(g, f"path_{kind}", "path:path", typ, result, body, other, tellings=(say,))


@lesson
def log_lines(g: Random) -> Draft:
    lev = g.choice(["ERROR", "WARN", "INFO"])
    kind, typ, result, body, other, say = g.choice([
        ("counts", "dict[str, int]", "a dictionary that maps each level in @lines to the number of its lines", "counts = {}\nfor line in $lines:\n    level = line.split()[0]\n    counts[level] "
            "= counts.get(level, 0) + 1\nreturn counts", "return dict(Counter(line.partition(' ')[0] for line in $lines))", "Every line in @lines begins with its level, which is followed by a "
            "space and a message. Count the lines of each level."),
        ("messages", "list[str]", f"a list of the messages of the lines in @lines with the level {lev}, without the level", f"return [line.split(' ', 1)[1] for line in $lines if "
            f"line.startswith('{lev} ')]", f"result = []\nfor line in $lines:\n    level, _, rest = line.partition(' ')\n    if level == '{lev}':\n        result.append(rest)\nreturn result",
            f"Filter a log: from @lines, return only the messages (everything after the first space) of lines whose level, the first word, is {lev}."),
        ("after", "str | None", f"the line that comes directly after the first line of level {lev} in @lines, or None if there is none", f"for one, two in zip($lines, $lines[1:]):\n    if "
            f"one.startswith('{lev}'):\n        return two\nreturn None", f"levels = [line.split()[0] for line in $lines]\nif '{lev}' not in levels:\n    return None\ni = levels.index('{lev}') "
            f"+ 1\nreturn $lines[i] if i < len($lines) else None", f"What happened right after the first {lev} line in @lines? Return the next line, or None if there is no {lev} line or "
            f"nothing comes after it."),
        ("worst", "str", "the highest level that occurs in @lines, where ERROR is higher than WARN and WARN higher than INFO, or 'NONE' if there are no lines",
            "levels = [line.split()[0] for line in $lines]\nfor level in ('ERROR', 'WARN', 'INFO'):\n    if level in levels:\n        return level\nreturn 'NONE'",
            "order = ['NONE', 'INFO', 'WARN', 'ERROR']\nreturn max((line.split()[0] for line in $lines), key=order.index, default='NONE')", "Summarise @lines by the most serious level in them. "
            "From serious to harmless the levels are ERROR, WARN, INFO; an empty log gives 'NONE'."),
        ("streak", "int", f"the largest number of lines of level {lev} in a row in @lines", f"best = run = 0\nfor line in $lines:\n    run = run + 1 if line.startswith('{lev}') else 0\n    "
            f"best = max(best, run)\nreturn best", f"return max((len(list(group)) for level, group in itertools.groupby($lines, key=lambda line: line.split()[0]) if level == '{lev}'), default=0)",
            f"How many lines of level {lev} follow each other without interruption in @lines at most?"),
        ("short", "list[str]", "a list of the lines in @lines with the level shortened to its first letter in square brackets, as in '[E] disk full'",
            "return [f\"[{line[0]}] {line.split(' ', 1)[1]}\" for line in $lines]", "out = []\nfor line in $lines:\n    level, message = line.split(' ', 1)\n    out.append('[' + level[0] + '] "
            "' + message)\nreturn out", "Reformat a log: 'ERROR disk full' is to become '[E] disk full', and likewise for the other levels. Do this for all of @lines."),
        ("merged", "list[str]", "a list of the lines in @lines in which equal neighbouring lines are merged into one, with ' x' and their number added if there is more than one",
            "result = []\nfor line, group in itertools.groupby($lines):\n    n = len(list(group))\n    result.append(line if n == 1 else f'{line} x{n}')\nreturn result",
            "result, i = [], 0\nwhile i < len($lines):\n    j = i\n    while j < len($lines) and $lines[j] == $lines[i]:\n        j += 1\n    result.append($lines[i] + (f' x{j - i}' if j - i > "
            "1 else ''))\n    i = j\nreturn result", "Identical lines that follow each other directly in @lines are written just once, followed by ' x' and how many there were. Lines that "
            "stand alone are not changed."),
    ])  # fmt: skip
    return lesson.draft(
        g,
        f"log_{kind}",
        "lines:log",
        typ,
        result,
        body,
        other,
        imports=("import itertools", "from collections import Counter"),
        tellings=(say,),
    )


def _notation(g: Random, starts: tuple[str, ...]) -> Draft:
    kind, arg, typ, result, body, other, say = g.choice([row for row in [
        ("interval_contains", "s:interval n:int", "bool", "True if the integer @n lies in the interval @s, where a square bracket means that the bound belongs to it and a parenthesis that it "
            "does not", "low, high = map(int, $s[1:-1].split(','))\nreturn (low <= $n if $s[0] == '[' else low < $n) and ($n <= high if $s[-1] == ']' else $n < high)",
            "low, high = (int(part) for part in $s.strip('[]()').split(','))\nif $s[0] == '(':\n    low += 1\nif $s[-1] == ')':\n    high -= 1\nreturn low <= $n <= high",
            "Intervals of integers are written like '[1,5)': a square bracket includes the bound, a parenthesis excludes it. Does @n belong to @s?"),
        ("interval_size", "s:interval", "int", "the number of integers in the interval @s, where a square bracket means that the bound belongs to it and a parenthesis that it does not",
            "low, high = map(int, $s[1:-1].split(','))\nreturn high - low + 1 - ($s[0] == '(') - ($s[-1] == ')')", "low, high = (int(part) for part in $s.strip('[]()').split(','))\nvalues = [n "
            "for n in range(low, high + 1) if not (n == low and $s[0] == '(' or n == high and $s[-1] == ')')]\nreturn len(values)", "How many integers are in the interval @s? At a square "
            "bracket the bound counts, at a parenthesis it does not; '[1,5)' has four."),
        ("colour_tuple", "colour:colour", "tuple[int, int, int]", "the red, green and blue part of @colour as a tuple of numbers from 0 to 255",
            "return tuple(int($colour[i:i + 2], 16) for i in (1, 3, 5))", "digits = $colour.lstrip('#')\nred, green, blue = digits[:2], digits[2:4], digits[4:]\nreturn int(red, 16), int(green, "
            "16), int(blue, 16)", "Web colours such as '#ff8000' consist of three two-digit hexadecimal numbers for red, green and blue. Return the three numbers of @colour."),
        ("colour_inverse", "colour:colour", "str", "the opposite of @colour, in which each of the three two-digit hexadecimal parts is replaced by 255 minus its value, in the same form with "
            "lowercase digits", "parts = [255 - int($colour[i:i + 2], 16) for i in (1, 3, 5)]\nreturn '#' + ''.join(f'{part:02x}' for part in parts)",
            "return f'#{0xffffff - int($colour[1:], 16):06x}'", "Invert @colour: subtract its red, green and blue part, each written with two hexadecimal digits, from 255 and write the result "
            "in the form '#rrggbb' again."),
        ("colour_main", "colour:colour", "str", "the name of the largest part of @colour: 'red', 'green' or 'blue', the first of them in this order if parts are equal",
            "parts = [$colour[1:3], $colour[3:5], $colour[5:7]]\nreturn ['red', 'green', 'blue'][parts.index(max(parts))]", "values = {'red': int($colour[1:3], 16), 'green': int($colour[3:5], "
            "16), 'blue': int($colour[5:], 16)}\nreturn max(values, key=values.get)", "A colour '#rrggbb' has hexadecimal parts for red, green and blue. Which part of @colour is the strongest? "
            "In case of a tie red goes before green, and green before blue."),
        ("square_colour", "square:square", "str", "'dark' or 'light', the colour of @square on a chess board, where a1 is dark and neighbouring squares differ",
            "column, row = ord($square[0]) - ord('a'), int($square[1]) - 1\nreturn 'dark' if (column + row) % 2 == 0 else 'light'", "return 'light' if ($square[0] in 'aceg') != ($square[1] in "
            "'1357') else 'dark'", "On a chess board the square a1 is dark, and colours alternate in rows and columns. What is the colour of @square?"),
        ("square_knight", "square:square", "int", "the number of squares that a knight on @square of an empty chess board can reach with one move",
            "column, row = 'abcdefgh'.index($square[0]), int($square[1]) - 1\nreturn sum(0 <= column + p < 8 and 0 <= row + q < 8 for p in (-2, -1, 1, 2) for q in (-2, -1, 1, 2) if abs(p) != "
            "abs(q))", "column, row = ord($square[0]) - 96, int($square[1])\njumps = [(1, 2), (2, 1), (-1, 2), (-2, 1), (1, -2), (2, -1), (-1, -2), (-2, -1)]\ncount = 0\nfor p, q in jumps:\n   "
            " if 1 <= column + p <= 8 and 1 <= row + q <= 8:\n        count += 1\nreturn count", "A knight moves two squares in one direction and one at a right angle to it. To how many "
            "squares of the board, which has the columns a to h and the rows 1 to 8, can it move from @square?"),
        ("square_near", "square:square", "list[str]", "a sorted list of the squares of a chess board that touch @square on a side", "column, row = $square\nnear = [column + chr(ord(row) - 1), "
            "column + chr(ord(row) + 1), chr(ord(column) - 1) + row, chr(ord(column) + 1) + row]\nreturn sorted(q for q in near if 'a' <= q[0] <= 'h' and '1' <= q[1] <= '8')",
            "c, r = 'abcdefgh'.index($square[0]), int($square[1])\nresult = []\nfor p, q in ((-1, 0), (0, -1), (0, 1), (1, 0)):\n    if 0 <= c + p < 8 and 1 <= r + q <= 8:\n        "
            "result.append('abcdefgh'[c + p] + str(r + q))\nreturn result", "List the neighbours of @square on a chess board (columns a to h, rows 1 to 8) to the left, to the right, above and "
            "below, as far as they exist, in alphabetical order."),
        ("dice_range", "dice:dice", "tuple[int, int]", "a tuple with the smallest and the largest total of the dice notation @dice", "count, _, rest = $dice.partition('d')\nfaces = "
            "int(rest.split('+')[0].split('-')[0])\nbonus = int(rest[len(str(faces)):] or 0)\nreturn (int(count) + bonus, int(count) * faces + bonus)",
            "count, faces, bonus = re.match(r'([0-9]+)d([0-9]+)([-+][0-9]+)?', $dice).groups()\nn, plus = int(count), int(bonus or 0)\nreturn n + plus, n * int(faces) + plus",
            "In games '2d6+3' means: throw two dice with six faces and add 3; a part such as '-1' or nothing may stand there too. Which total can @dice give at least, and which at most?"),
        ("weight_grams", "weight:weight", "int", "the weight @weight in grams", "total, digits = 0, ''\nfor c in $weight:\n    if c.isdigit():\n        digits += c\n    elif digits:\n        "
            "total += int(digits) * (1000 if c == 'k' else 1)\n        digits = ''\nreturn total", "kilos, found, grams = $weight.rpartition('kg')\nreturn int(kilos or 0) * 1000 + "
            "int(grams.rstrip('g') or 0)", "Weights are written with kilograms, grams or both: '2kg', '300g', '1kg50g'. Convert @weight to grams."),
        ("seat_kind", "seat:seat", "str", "'window' if the letter of @seat is A or F, 'middle' if it is B or E, and 'aisle' if it is C or D, followed by a space and the row number",
            "place = {'A': 'window', 'F': 'window', 'B': 'middle', 'E': 'middle', 'C': 'aisle', 'D': 'aisle'}[$seat[-1]]\nreturn f'{place} {$seat[:-1]}'",
            "if $seat[-1] in 'AF':\n    place = 'window'\nelif $seat[-1] in 'BE':\n    place = 'middle'\nelse:\n    place = 'aisle'\nreturn place + ' ' + $seat[:-1]",
            "In an aeroplane the seats A and F are at the window, B and E in the middle, C and D at the aisle. Describe @seat, a row number and a letter, by its kind and its row: '12C' is "
            "'aisle 12'."),
        ("fraction_reduced", "s:fraction", "str", "the fraction @s in lowest terms, written as a whole number if the denominator becomes 1", "p, q = map(int, $s.split('/'))\nd = math.gcd(p, "
            "q)\nreturn f'{p // d}/{q // d}' if q != d else str(p // d)", "p, q = (int(part) for part in $s.split('/'))\nfor d in range(q, 1, -1):\n    if p % d == 0 and q % d == 0:\n        "
            "p, q = p // d, q // d\nreturn str(p) if q == 1 else f'{p}/{q}'", "Reduce the fraction @s, such as '6/8', as far as possible. If it is a whole number, write it without a slash."),
        ("fraction_mixed", "s:fraction", "str", "the fraction @s as a mixed number such as '2 1/3', without reducing it, where a whole part of 0 or a rest of 0 is left out, and '0' for zero",
            "p, q = map(int, $s.split('/'))\nwhole, rest = divmod(p, q)\nparts = ([str(whole)] if whole else []) + ([f'{rest}/{q}'] if rest else [])\nreturn ' '.join(parts) or '0'",
            "p, q = map(int, $s.split('/'))\nwhole = p // q\nif p % q == 0:\n    return str(whole)\nreturn (f'{whole} ' if whole else '') + f'{p % q}/{q}'",
            "Write the fraction @s as a whole part and a proper fraction: '7/3' becomes '2 1/3', '6/3' becomes '2', '2/4' stays '2/4' because nothing is reduced, and '0/5' becomes '0'."),
        ("logic_left", "s:truth", "bool", "True if @s is true when it is evaluated from left to right, with '&' for and, '|' for or, and no precedence",
            "value = $s[0] == 'T'\nfor i in range(1, len($s), 2):\n    other = $s[i + 1] == 'T'\n    value = value and other if $s[i] == '&' else value or other\nreturn value",
            "while len($s) > 1:\n    a, op, b = $s[:3]\n    now = 'T' if (a + b == 'TT' if op == '&' else 'T' in a + b) else 'F'\n    $s = now + $s[3:]\nreturn $s == 'T'",
            "Evaluate a chain of truth values like 'T&F|T' step by step from the left: '&' gives T if both sides are T, '|' if at least one is. The operators have the same rank. The chain is "
            "@s."),
        ("logic_rank", "s:truth", "bool", "True if @s is true with '&' for and, '|' for or, where '&' is evaluated before '|'", "return any('F' not in part for part in $s.split('|'))",
            "for part in $s.split('|'):\n    if part.count('T') == len(part.split('&')):\n        return True\nreturn False", "The text @s consists of T (true) and F (false) with '&' (and) or "
            "'|' (or) between them. As usual, '&' binds more strongly than '|'. What is the value of the whole?"),
        ("poly", "xs:coeffs", "str", "the polynomial with the coefficients @xs, constant term first, written with the highest power first, such as '2x^2-x+3', where terms with coefficient 0 "
            "are left out; '0' if all are 0", "out = ''\nfor power in range(len($xs) - 1, -1, -1):\n    c = $xs[power]\n    if c == 0:\n        continue\n    sign = '-' if c < 0 else '+' if "
            "out else ''\n    digits = str(abs(c)) if abs(c) != 1 or power == 0 else ''\n    out += sign + digits + ('' if power == 0 else 'x' if power == 1 else f'x^{power}')\nreturn out or "
            "'0'", "", "The list @xs holds the coefficients of a polynomial: first the constant, then that of x, of x^2, and so on. Write the polynomial as people do, the highest power first. "
            "Coefficients 1 and -1 are not written before x, x^1 is written x, and zero terms are omitted; the zero polynomial is '0'."),
    ] if row[0].startswith(starts)])  # fmt: skip
    return lesson.draft(
        g,
        kind,
        arg,
        typ,
        result,
        *([body, other] if other else [body]),
        imports=("import re", "import math"),
        tellings=(say,),
    )


@lesson
def mathematical_notations(g: Random) -> Draft:
    return _notation(g, ("fraction", "poly", "interval"))


@lesson
def colours_and_squares(g: Random) -> Draft:
    return _notation(g, ("colour", "square"))


@lesson
def everyday_notations(g: Random) -> Draft:
    return _notation(g, ("dice", "weight", "seat", "logic"))


@lesson
def results_and_amounts(g: Random) -> Draft:
    win, draw = g.choice([(3, 1), (2, 1), (5, 2)])
    load = "points = {}\nfor line in $lines:\n    home, score, guest = line.split()\n    p, q = map(int, score.split(':'))\n    points.setdefault(home, 0)\n    points.setdefault(guest, 0)\n"
    kind, arg, typ, result, body, other, say = g.choice([
        ("points", "lines:match", "dict[str, int]", f"a dictionary of the points of all players in @lines, with {win} points for a win and {draw} for a draw, in the order in which they appear",
            f"{load}    if p > q:\n        points[home] += {win}\n    elif p < q:\n        points[guest] += {win}\n    else:\n        points[home] += {draw}\n        points[guest] += {draw}\n"
            f"return points", f"points = {{}}\nfor line in $lines:\n    home, score, guest = line.split()\n    p, q = (int(part) for part in score.split(':'))\n    for player, gain in ((home, "
            f"p - q), (guest, q - p)):\n        points[player] = points.get(player, 0) + ({win} if gain > 0 else {draw} if gain == 0 else 0)\nreturn points",
            f"Each of @lines is a result like 'Ann 3:1 Bob'. The winner of a match gets {win} points, a draw gives {draw} to both, and the loser gets nothing. Compute the points of everybody "
            f"who has played."),
        ("draws", "lines:match", "int", "the number of matches in @lines that ended in a draw", "count = 0\nfor line in $lines:\n    p, q = line.split()[1].split(':')\n    if p == q:\n        "
            "count += 1\nreturn count", "return len([line for line in $lines if re.search(r'([0-9]+):\\1 ', line)])", "Results look like 'Ann 3:1 Bob'. How many of @lines have the same number "
            "on both sides of the colon?"),
        ("winners", "lines:match", "list[str]", "a list of the winners of the matches in @lines, with '-' for a draw", "result = []\nfor line in $lines:\n    home, score, guest = line.split()\n"
            "    p, q = map(int, score.split(':'))\n    result.append(home if p > q else guest if q > p else '-')\nreturn result", "def winner(line):\n    home, score, guest = line.split()\n   "
            " p, q = (int(part) for part in score.split(':'))\n    if p == q:\n        return '-'\n    return home if p > q else guest\n\nreturn [winner(line) for line in $lines]",
            "Who has won? For each result in @lines, such as 'Ann 3:1 Bob', give the name of the winner, or '-' if nobody has won."),
        ("goals", "lines:match", "int", "the sum of all goals in @lines", "return sum(int(part) for line in $lines for part in line.split()[1].split(':'))",
            "total = 0\nfor line in $lines:\n    for part in re.findall('[0-9]+', line):\n        total += int(part)\nreturn total", "Add up all goals in the results @lines, each of which has "
            "the form 'Ann 3:1 Bob'."),
        ("cents", "amounts:amounts", "int", "the sum of the prices in @amounts in cents", "total = 0\nfor price in $amounts:\n    whole, cents = price[1:].split('.')\n    total += int(whole) * "
            "100 + int(cents)\nreturn total", "return sum(int(price.replace('$', '').replace('.', '')) for price in $amounts)", "A bill is a list of prices like '$3.50', with exactly two "
            "digits after the point. Add the prices in @amounts and return the sum in cents, so that no rounding errors occur."),
        ("dearest", "amounts:amounts", "str", "the highest price in @amounts, or '$0.00' if the list is empty", "return max($amounts, key=lambda price: float(price[1:]), default='$0.00')",
            "best = '$0.00'\nfor price in $amounts:\n    if float(price[1:]) > float(best[1:]):\n        best = price\nreturn best", "Find the most expensive item: return the largest of the "
            "prices in @amounts as it is written there. For an empty list return '$0.00'."),
        ("recipe_scaled", "s:recipe n:small", "str", "the ingredients in @s with every amount multiplied by @n, in the same form", "parts = []\nfor part in $s.split(', '):\n    amount, thing = "
            "part.split()\n    parts.append(f'{int(amount) * $n} {thing}')\nreturn ', '.join(parts)", "return re.sub(r'[0-9]+', lambda found: str(int(found[0]) * $n), $s)",
            "A recipe lists amounts and ingredients, such as '2 egg, 3 tea'. Rewrite @s for @n times as many people."),
        ("recipe_total", "s:recipe", "dict[str, int]", "a dictionary of the ingredients in @s with their amounts, where the amounts of an ingredient that is listed several times are added",
            "result = {}\nfor part in $s.split(', '):\n    amount, thing = part.split()\n    result[thing] = result.get(thing, 0) + int(amount)\nreturn result",
            "result = defaultdict(int)\nfor amount, thing in re.findall(r'([0-9]+) (\\w+)', $s):\n    result[thing] += int(amount)\nreturn dict(result)",
            "Make a shopping list from @s, which has entries like '2 egg' separated by a comma and a space. The same thing may be listed more than once; add its amounts."),
    ])  # fmt: skip
    return lesson.draft(
        g,
        f"{'match_' if arg.startswith('lines') else ''}{kind}",
        arg,
        typ,
        result,
        body,
        other,
        imports=("import re", "from collections import defaultdict"),
        tellings=(say,),
    )


@lesson
def web_addresses(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("host", "str", "the host name in @url, that is, the part between '://' and the next slash", "return $url.split('://')[1].split('/')[0]",
            "rest = $url[$url.index('://') + 3:]\nreturn rest[:rest.index('/')]", "Which computer does the address @url name? Return the part after '://' up to the next slash."),
        ("params", "dict[str, str]", "a dictionary of the parameters in @url, that is, of the 'key=value' pairs after '?', which are separated by '&'; the last value of a repeated key counts",
            "_, _, query = $url.partition('?')\nresult = {}\nfor part in query.split('&'):\n    if part:\n        key, value = part.split('=')\n        result[key] = value\nreturn result",
            "if '?' not in $url:\n    return {}\nreturn dict(part.split('=') for part in $url.split('?')[1].split('&'))", "Read the parameters of a web address. They follow a '?' as pairs "
            "'key=value' joined by '&'. If a key occurs twice in @url, the later value wins; without '?' the dictionary is empty."),
        ("secure", "bool", "True if @url begins with 'https://' and has no parameters, that is, no '?'", "return $url.startswith('https://') and '?' not in $url",
            "if not $url.startswith('https:'):\n    return False\nreturn $url.find('?') == -1", "A link is safe to print if it uses https and carries no parameters after a '?'. Check @url."),
        ("path", "str", "the path in @url, that is, the part from the first slash after the host name up to '?' or the end", "rest = $url.split('://')[1].split('?')[0]\nreturn "
            "rest[rest.index('/'):]", "rest = $url.partition('://')[2]\nstart = rest.find('/')\nend = rest.find('?')\nreturn rest[start:] if end == -1 else rest[start:end]",
            "Cut the path out of the address @url: it begins with the slash after the host name and ends before the '?' with the parameters, if there is one."),
        ("plain", "str", "@url without 'http://' or 'https://' in front, without a following 'www.', and without '?' and what follows it", "rest = $url.split('://')[1].split('?')[0]\nreturn "
            "rest[4:] if rest.startswith('www.') else rest", "for start in ('https://', 'http://', 'www.'):\n    if $url.startswith(start):\n        $url = $url[len(start):]\nreturn "
            "$url.split('?')[0]", "Show an address in a short form: leave out the protocol ('http://' or 'https://'), then a 'www.' if it comes next, and everything from '?' on. Shorten @url."),
        ("top", "str", "the last part of the host name in @url after its last dot", "return $url.split('/')[2].split('.')[-1]", "host = $url.split('://')[1].split('/')[0]\nreturn "
            "host[host.rfind('.') + 1:]", "Addresses end their host name with a top level such as 'com' or 'org'. Return that of @url."),
        ("with_param", "str", "@url with the parameter 'page=2' added, after '&' if it has parameters already and otherwise after '?'", "return $url + ('&' if '?' in $url else '?') + 'page=2'",
            "if $url.count('?'):\n    return $url + '&page=2'\nreturn $url + '?page=2'", "Make the link to the second page: append 'page=2' to @url. A '?' has to come before it, or a '&' if "
            "the address contains a '?' already."),
    ])  # fmt: skip
    return lesson.draft(g, f"url_{kind}", "url:query", typ, result, body, other, tellings=(say,))


@lesson
def outlines(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("numbers", "list[str]", "a list of the items in @lines with the '>' replaced by numbers such as '2.1 ', which count the items of each level",
            "counts, result = [], []\nfor line in $lines:\n    title = line.lstrip('>')\n    level = len(line) - len(title)\n    counts = counts[:level + 1]\n    while len(counts) <= level:\n  "
            "      counts.append(0)\n    counts[level] += 1\n    result.append('.'.join(map(str, counts)) + ' ' + title)\nreturn result", "", "Number an outline. Each of @lines has as many '>' "
            "in front as its level says; the top level has none, and a level is never skipped downwards. Replace the marks by a number like '1', '1.2' or '2.1.1', which counts the items under "
            "the same parent, followed by a space."),
        ("depth", "int", "the largest number of '>' in front of an item in @lines", "return max(len(line) - len(line.lstrip('>')) for line in $lines)",
            "best = 0\nfor line in $lines:\n    best = max(best, line.count('>'))\nreturn best", "How deep is the outline @lines? The level of an item is the number of '>' before its text."),
        ("parents", "list[str]", "a list that gives for each item in @lines the text of the item it belongs to, that is, of the last item before it with one '>' less, or '' on the top level",
            "stack, result = [], []\nfor line in $lines:\n    title = line.lstrip('>')\n    stack = stack[:len(line) - len(title)]\n    result.append(stack[-1] if stack else '')\n    "
            "stack.append(title)\nreturn result", "result = []\nfor i, line in enumerate($lines):\n    level = line.count('>')\n    above = [other for other in $lines[:i] if other.count('>') "
            "== level - 1]\n    result.append(above[-1].strip('>') if above else '')\nreturn result", "An item with n marks '>' belongs to the nearest item above it with n - 1 marks. For every "
            "one of @lines return the text of that item without marks; items without marks belong to nothing, which is written ''."),
        ("paths", "list[str]", "a list of the full paths of the items in @lines, made of the texts from the top level down to the item, joined by '/'",
            "stack, result = [], []\nfor line in $lines:\n    title = line.lstrip('>')\n    stack = stack[:len(line) - len(title)] + [title]\n    result.append('/'.join(stack))\nreturn result",
            "", "Treat the outline @lines as folders: the number of '>' is the depth, and each item lies in the last item before it that is one level higher. Write the path of each item with "
            "'/' between the names."),
        ("top", "list[str]", "a list of the items in @lines that have no '>'", "return [line for line in $lines if not line.startswith('>')]", "result = []\nfor line in $lines:\n    if line[0] "
            "!= '>':\n        result.append(line)\nreturn result", "Show only the top level of the outline @lines, that is, the items without '>'."),
        ("levels", "dict[int, int]", "a dictionary that maps each number of '>' in @lines to the number of items with it", "result = {}\nfor line in $lines:\n    level = len(line) - "
            "len(line.lstrip('>'))\n    result[level] = result.get(level, 0) + 1\nreturn result", "levels = [line.count('>') for line in $lines]\nreturn {level: levels.count(level) for level "
            "in levels}", "Count the items of each level in the outline @lines, where the level is the number of '>' before the text. Levels appear in the dictionary in the order in which they "
            "first occur."),
        ("indented", "list[str]", "a list of the items in @lines with two spaces for each '>' and a '*' before the text of top-level items", "result = []\nfor line in $lines:\n    title = "
            "line.lstrip('>')\n    level = len(line) - len(title)\n    result.append('  ' * level + title if level else '*' + title)\nreturn result",
            "return [line.replace('>', '  ') if line.startswith('>') else f'*{line}' for line in $lines]", "Print the outline @lines: each mark '>' becomes two spaces, and items without a mark "
            "get a '*' directly in front of them."),
    ])  # fmt: skip
    return lesson.draft(
        g, f"outline_{kind}", "lines:outline", typ, result, *([body, other] if other else [body]), tellings=(say,)
    )


@lesson
def command_line(g: Random) -> Draft:
    kind, typ, result, body, other, say = g.choice([
        ("files", "list[str]", "a list of the entries of @args that do not begin with '-'", "return [arg for arg in $args if not arg.startswith('-')]",
            "files = []\nfor arg in $args:\n    if arg[0] != '-':\n        files.append(arg)\nreturn files", "Options of a program begin with a hyphen; everything else is a file name. Return "
            "the file names in @args."),
        ("options", "dict[str, str]", "a dictionary of the entries of the form '--name=value' in @args, without the hyphens; the last value of a name counts",
            "result = {}\nfor arg in $args:\n    if arg.startswith('--') and '=' in arg:\n        key, value = arg[2:].split('=')\n        result[key] = value\nreturn result",
            "pairs = (arg[2:].split('=') for arg in $args if arg[:2] == '--' and arg.count('=') == 1)\nreturn dict(pairs)", "Collect the long options with a value: an entry '--size=3' of @args "
            "gives the key 'size' with the value '3'. Later entries replace earlier ones; entries of other kinds are ignored."),
        ("letters", "str", "a sorted string of the different letters of the short options in @args, where '-abc' is the same as '-a -b -c'", "letters = set()\nfor arg in $args:\n    if "
            "arg.startswith('-') and not arg.startswith('--'):\n        letters |= set(arg[1:])\nreturn ''.join(sorted(letters))", "return ''.join(sorted({c for arg in $args if arg[0] == '-' "
            "and arg[1] != '-' for c in arg[1:]}))", "Short options have one hyphen and one or more letters, each of which is an option of its own. Return all letters in use in @args in "
            "alphabetical order, each once. Long options with two hyphens do not count."),
        ("switches", "dict[str, bool]", "a dictionary with the keys 'verbose', 'quiet' and 'all' that tells whether '-v', '-q' and '--all' are in @args",
            "return {'verbose': '-v' in $args, 'quiet': '-q' in $args, 'all': '--all' in $args}", "result = {'verbose': False, 'quiet': False, 'all': False}\ntable = {'-v': 'verbose', '-q': "
            "'quiet', '--all': 'all'}\nfor arg in $args:\n    if arg in table:\n        result[table[arg]] = True\nreturn result", "A program knows three switches: '-v' for verbose, '-q' for "
            "quiet and '--all'. Report for each of them whether it is given in @args, exactly in this form."),
        ("conflict", "str", "'quiet' if '-q' comes later in @args than any '-v', 'verbose' if '-v' comes later than any '-q', and 'normal' if there is neither",
            "for arg in reversed($args):\n    if arg == '-q':\n        return 'quiet'\n    if arg == '-v':\n        return 'verbose'\nreturn 'normal'",
            "mode = 'normal'\nfor arg in $args:\n    mode = {'-q': 'quiet', '-v': 'verbose'}.get(arg, mode)\nreturn mode", "The switches '-v' (verbose) and '-q' (quiet) contradict each other, "
            "so the one given last in @args counts. Return 'verbose', 'quiet', or 'normal' if none of the two is given."),
        ("sorted", "list[str]", "@args with all options, which begin with '-', before the other entries, both in their given order", "return sorted($args, key=lambda arg: not "
            "arg.startswith('-'))", "options = [arg for arg in $args if arg[0] == '-']\nfiles = [arg for arg in $args if arg[0] != '-']\nreturn options + files",
            "Some programs want options before file names. Rearrange @args accordingly without changing the order within the two groups; options are the entries that begin with a hyphen."),
    ])  # fmt: skip
    return lesson.draft(g, f"args_{kind}", "args:flags", typ, result, body, other, tellings=(say,))
