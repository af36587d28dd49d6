"""Contest problems of our own in LiveCodeBench's format: both kinds, both ways to pack tests, and right programs."""

from __future__ import annotations

import base64
import json
import pickle
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Pair = tuple[str, str]


def packed(tests: Sequence[Pair], kind: str) -> str:
    """Tests as the large ones are published."""
    return base64.b64encode(zlib.compress(pickle.dumps(plain(tests, kind)))).decode("ascii")


def plain(tests: Sequence[Pair], kind: str) -> str:
    """Tests as the small ones are published."""
    return json.dumps([{"input": given, "output": out, "testtype": kind} for given, out in tests])


def row(
    name: str, day: str, public: Sequence[Pair], private: Sequence[Pair], *, content: str, method: str = "",
    starter: str = "", pickled: bool = False, title: str = "",
) -> dict[str, Any]:  # fmt: skip
    """One line of a file."""
    kind = "functional" if method else "stdin"
    return {
        "question_title": title or name,
        "question_content": content,
        "platform": "leetcode" if method else "atcoder",
        "question_id": name,
        "contest_id": "c",
        "contest_date": f"{day}T00:00:00",
        "starter_code": starter,
        "difficulty": "easy",
        "public_test_cases": plain(public, kind),
        "private_test_cases": packed(private, kind) if pickled else plain(private, kind),
        "metadata": json.dumps({"func_name": method} if method else {}),
    }


def _starter(signature: str) -> str:
    return f"class Solution:\n    def {signature}:\n        "


ROWS = [
    row("sum_a", "2024-01-10", [("2\n3 4\n", "7\n")], [("3\n1 2 3\n", "6"), ("1\n-5\n", "-5\n")],
        content="Add the $N$ numbers of the second line.\n\nSample:\n2\n3 4"),
    row("halves_b", "2024-03-01", [("5\n", "2.5\n")], [("4\n", "2\n"), ("1\n", "0.50\n")], pickled=True,
        content='Halve it. A text with """ and \\N{no} and `\\le`.'),
    row("words_c", "2024-05-20", [("one two\nthree\n", "two one\nthree\n")], [("a b c\n\nd\n", "c b a\n\nd\n")],
        content="Turn the words of each line round."),
    row("deep_d", "2024-06-30", [("3\n", "3\n")], [("20000\n", "20000\n")], pickled=True,
        content="Count down by recursion."),
    row("3001", "2024-07-07", [("[3, 1, 2]\n2", "2")], [("[5]\n1", "5"), ("[4, 4, 9]\n1", "9")], method="kthLargest",
        starter=_starter("kthLargest(self, nums: List[int], k: int) -> int"), content="The k-th largest number."),
    row("3002", "2024-09-15", [("[1, 2]", "[2, 1]")], [("[]", "[]"), ("[1, 2, 3]", "[3, 2, 1]")], pickled=True,
        method="turn", starter=_starter("turn(self, nums: List[int]) -> List[int]"), content="Turn a list round."),
    row("3003", "2025-01-01", [('"abc"\n"c"', "2")], [('"abc"\n"z"', "-1"), ('"\\u00e9x"\n"x"', "1")], method="place",
        starter=_starter("place(self, s: str, c: str) -> int"), content="Where c stands in s."),
    row("graph_e", "2025-02-02", [("3 2\n1 2\n2 3\n", "Yes\n")], [("3 1\n1 2\n", "No\n"), ("1 0\n", "Yes\n")],
        content="Is the graph connected?"),
    row("abc311_c", "2025-03-03", [("1\n", "1\n")], [("2\n", "2\n")], content="Any number will do."),
]  # fmt: skip

SOLUTIONS = {
    "sum_a": "n = int(input())\nprint(sum(map(int, input().split())))\n",
    "halves_b": "import sys\nsys.stdout.write(str(float(sys.stdin.readline()) / 2))\n",
    "words_c": "import sys\nfor line in sys.stdin:\n    print(*reversed(line.split()))\n",
    "deep_d": (
        "def count(n):\n    return 0 if n == 0 else 1 + count(n - 1)\n\n\n"
        "if __name__ == '__main__':\n    print(count(int(open(0).read())))\n"
    ),
    "3001": (
        "class Solution:\n    def kthLargest(self, nums: List[int], k: int) -> int:\n"
        "        return nlargest(k, nums)[-1]\n"
    ),
    "3002": "class Solution:\n    def turn(self, nums):\n        return tuple(nums[::-1])\n",
    "3003": "class Solution:\n    def place(self, s, c):\n        return s.find(c)\n",
    "graph_e": (
        "import os\ndata = list(map(int, os.read(0, 10_000).split()))\n"
        "n, m = data[:2]\nparent = list(range(n + 1))\n\n\n"
        "def find(x):\n    while parent[x] != x:\n        x = parent[x]\n    return x\n\n\n"
        "for a, b in zip(data[2::2], data[3::2]):\n    parent[find(a)] = find(b)\n"
        "print('Yes' if len({find(x) for x in range(1, n + 1)}) == 1 else 'No')\n"
    ),
    "abc311_c": "print(input())\n",
}


def write(path: Path, rows: Sequence[dict[str, Any]] = ROWS) -> Path:
    """A file of problems."""
    path.write_text("".join(json.dumps(r) + "\n" for r in rows))
    return path
