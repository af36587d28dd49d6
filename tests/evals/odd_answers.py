# ruff: noqa: E501 (one answer a line reads best)
"""Hand-written odd answers, each with what a person would call it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gemstead.evals.task import AnswerStyle


@dataclass(frozen=True)
class OddAnswer:
    """One answer to HumanEval/`number`."""

    name: str
    number: int
    outcome: Literal["right", "wrong", "no code"]
    text: str
    style: AnswerStyle = "chat"


ADD = "def add(x, y):\n    return x + y\n"

ODD_ANSWERS = (
    OddAnswer("one_line_function", 53, "right", "```python\ndef add(x, y): return x + y\n```"),
    OddAnswer("one_line_function_in_backticks", 53, "right", "Just use `def add(x, y): return x + y` and be happy."),
    OddAnswer("lambda_in_backticks", 53, "right", "Use `add = lambda x, y: x + y`."),
    OddAnswer("body_in_backticks", 53, "right", "The body is `return x + y`."),
    OddAnswer("lambda_without_a_name", 53, "wrong", "```python\nlambda x, y: x + y\n```"),
    OddAnswer("operator_import", 53, "right", "```python\nfrom operator import add\n```"),
    OddAnswer("operator_attribute", 53, "right", "```python\nimport operator\n\nadd = operator.add\n```"),
    OddAnswer("gcd_import", 13, "right", "```python\nfrom math import gcd as greatest_common_divisor\n```"),
    OddAnswer("import_after_definition", 53, "right", f"```python\n{ADD}\nfrom your_module import add\n```"),
    OddAnswer("star_import_of_nothing_after", 53, "wrong", f"```python\nfrom nothing_like_it import *\n{ADD}```"),
    OddAnswer("math_without_import", 53, "wrong", "```python\ndef add(x, y):\n    return int(math.fsum([x, y]))\n```"),
    OddAnswer("math_from_the_prompt", 115, "right",
              "```python\ndef max_fill(grid, capacity):\n    return sum(math.ceil(sum(row) / capacity) for row in grid)\n```"),
    OddAnswer("helper_from_the_prompt", 10, "right",
              "```python\ndef make_palindrome(string):\n    for i in range(len(string) + 1):\n"
              "        if is_palindrome(string[i:]):\n            return string + string[:i][::-1]\n```"),
    OddAnswer("helper_from_the_prompt_in_another_block", 10, "right",
              "```python\ndef is_palindrome(s):\n    return s == s[::-1]\n```\nand\n```python\ndef make_palindrome(string):\n"
              "    for i in range(len(string) + 1):\n        if is_palindrome(string[i:]):\n"
              "            return string + string[:i][::-1]\n```"),
    OddAnswer("helper_of_the_prompt_spoilt", 10, "wrong",
              "```python\ndef is_palindrome(s):\n    return True\n\ndef make_palindrome(string):\n"
              "    for i in range(len(string) + 1):\n        if is_palindrome(string[i:]):\n"
              "            return string + string[:i][::-1]\n```"),
    OddAnswer("constant_in_another_block", 53, "right",
              "First:\n```python\nZERO = 0\n```\nthen\n```python\ndef add(x, y):\n    return x + y + ZERO\n```"),
    OddAnswer("import_in_another_block", 53, "right",
              "First:\n```python\nimport math\n```\nthen\n```python\ndef add(x, y):\n    return int(math.fsum([x, y]))\n```"),
    OddAnswer("import_in_a_later_block", 53, "right",
              "```python\ndef add(x, y):\n    return int(fsum([x, y]))\n```\nYou also need\n```python\nfrom math import fsum\n```"),
    OddAnswer("chain_over_three_blocks", 53, "right",
              "```python\nONE = 1\n```\n```python\ndef zero():\n    return ONE - 1\n```\n"
              "```python\ndef add(x, y):\n    return x + y + zero()\n```"),
    OddAnswer("helper_from_the_draft", 53, "right",
              "```python\ndef plus(a, b):\n    return a + b\n\ndef add(x, y):\n    return plus(x, x)\n```\nOops:\n"
              "```python\ndef add(x, y):\n    return plus(x, y)\n```"),
    OddAnswer("later_block_is_a_fragment", 53, "right", f"```python\n{ADD}```\nThe line that matters:\n```python\n    return x + y\n```"),
    OddAnswer("later_block_is_a_wrong_fragment", 53, "right", f"```python\n{ADD}```\nnot\n```python\nreturn x - y\n```"),
    OddAnswer("later_block_calls_it", 53, "right", f"```python\n{ADD}```\n```python\nadd(2, 3)  # 5\nadd = add\n```"),
    OddAnswer("two_alternatives", 53, "right", f"```python\n{ADD}```\nAlternatively:\n```python\nadd = lambda x, y: sum((x, y))\n```"),
    OddAnswer("method_then_function", 53, "right",
              f"```python\nclass Calculator:\n    def add(self, x, y):\n        return 0\n\n{ADD}```"),
    OddAnswer("static_method", 53, "right", "```python\nclass Solution:\n    @staticmethod\n    def add(x, y):\n        return x + y\n```"),
    OddAnswer("class_needs_arguments", 53, "wrong",
              "```python\nclass Solution:\n    def __init__(self, z):\n        self.z = z\n    def add(self, x, y):\n        return x + y\n```"),
    OddAnswer("method_calls_another", 53, "right",
              "```python\nclass Solution:\n    def add(self, x, y):\n        return self.plus(x, y)\n\n    def plus(self, x, y):\n"
              "        return x + y\n\nif __name__ == '__main__':\n    print(Solution().add(1, 2))\n```"),
    OddAnswer("property_name_only", 53, "wrong", "```python\nadd = 5\n```"),
    OddAnswer("nested_in_another_function", 53, "wrong", "```python\ndef outer():\n    def add(x, y):\n        return x + y\n    return add\n```"),
    OddAnswer("closure_assigned", 53, "right",
              "```python\ndef outer():\n    def inner(x, y):\n        return x + y\n    return inner\n\nadd = outer()\n```"),
    OddAnswer("global_state", 53, "right", "```python\ntotal = 0\n\ndef add(x, y):\n    global total\n    total = x + y\n    return total\n```"),
    OddAnswer("generator_of_no_use", 53, "wrong", "```python\ndef add(x, y):\n    yield x + y\n```"),
    OddAnswer("returns_nothing", 53, "wrong", "```python\ndef add(x, y):\n    print(x + y)\n```"),
    OddAnswer("print_in_function", 53, "right", "```python\ndef add(x, y):\n    print('adding')\n    return x + y\n```"),
    OddAnswer("notebook_magic", 53, "right", f"```python\n!pip install numpy\n%matplotlib inline\n\n{ADD}\n%timeit add(1, 2)\n```"),
    OddAnswer("python_two_example_after", 53, "right", f"```python\n{ADD}\nprint add(1, 2)\n```"),
    OddAnswer("ellipsis_lines", 53, "right", f"```python\n...\n{ADD}...\n```"),
    OddAnswer("arrow_examples_after", 53, "right", f"```python\n{ADD}\nadd(2, 3) -> 5\nadd(2, 3) => 5\n```"),
    OddAnswer("broken_middle", 53, "wrong", "```python\ndef add(x, y):\n    total = x +\n    return x + y\n```"),
    OddAnswer("missing_colon", 53, "wrong", "```python\ndef add(x, y)\n    return x + y\n```"),
    OddAnswer("bad_indent", 53, "wrong", "```python\ndef add(x, y):\nreturn x + y\n```"),
    OddAnswer("bad_indent_then_right", 53, "right", f"```python\ndef add(x, y):\nreturn x + y\n```\nSorry:\n```python\n{ADD}```"),
    OddAnswer("cut_in_last_line", 53, "wrong", "```python\ndef add(x, y):\n    if x > y:\n        return (x + y"),
    OddAnswer("cut_after_the_return", 53, "right", "```python\ndef add(x, y):\n    return x + y\n    # This is corr"),
    OddAnswer("prose_set_in_after", 53, "right", "def add(x, y):\n    return x + y\n    This returns the sum.\n"),
    OddAnswer("tilde_inside_backticks", 53, "right", f"```python\n# ~~~\n{ADD}```\n~~~\nother\n~~~\n"),
    OddAnswer("backticks_inside_tilde", 53, "right", f"~~~python\n# ```\n{ADD}~~~\n"),
    OddAnswer("string_of_backticks", 53, "right", f'```python\nFENCE = "```"\n{ADD}```\n'),
    OddAnswer("fence_tag_on_next_line", 53, "right", f"```\npython\n{ADD}```"),
    OddAnswer("two_backticks", 53, "right", f"``python\n{ADD}``\n"),
    OddAnswer("single_backtick_lines", 53, "right", f"`\n{ADD}`\n"),
    OddAnswer("details_tag", 53, "right", f"<details>\n<summary>Solution</summary>\n\n```python\n{ADD}```\n</details>\n"),
    OddAnswer("latex_listing", 53, "right", f"\\begin{{verbatim}}\n{ADD}\\end{{verbatim}}\n"),
    OddAnswer("function_tag", 53, "right", f"<function>\n{ADD}</function>\n"),
    OddAnswer("table_of_values", 53, "right", f"| x | y |\n|---|---|\n| 1 | 2 |\n\n{ADD}\n| 3 |\n"),
    OddAnswer("windows_path_prose", 53, "right", f"Save as C:\\new\\table.py:\n\n{ADD}"),
    OddAnswer("unicode_identifier", 53, "right", "```python\ndef add(x, y):\n    größe = x + y\n    return größe\n```"),
    OddAnswer("emoji_everywhere", 53, "right", f"\U0001f680 **Solution** \U0001f680\n```python\n# \u2728\n{ADD}```\n\U0001f389"),
    OddAnswer("right_to_left_mark", 53, "right", f"```python\n\u200f{ADD}```"),
    OddAnswer("tab_and_spaces_mixed", 53, "wrong", "```python\ndef add(x, y):\n\tif x:\n        return x + y\n\treturn y\n```"),
    OddAnswer("chinese_punctuation", 53, "right", "```python\ndef add（x， y）：\n    return x + y\n```"),
    OddAnswer("long_dash_minus", 53, "right", "```python\ndef add(x, y):\n    return x \u2212 (0 \u2212 y)\n```"),
    OddAnswer("entity_that_parses", 53, "right", "```python\ndef add(x, y):\n    return x + y if 0 &lt; 1 else 0\n```"),
    OddAnswer("entity_in_a_string", 53, "right", "```python\ndef add(x, y):\n    mark = '&lt;'\n    return x + y + (len(mark) - 4)\n```"),
    OddAnswer("json_with_prose_key", 53, "right", '{"thought": "add them", "code": "def add(x, y):\\n    return x + y"}'),
    OddAnswer("json_list", 53, "right", '["def add(x, y):\\n    return x + y"]'),
    OddAnswer("only_shell", 53, "wrong", "```bash\npip install add\n```"),
    OddAnswer("only_output", 53, "wrong", "```\n5\n```"),
    OddAnswer("question_back", 53, "no code", "Could you clarify what add should do for negative numbers?"),
    OddAnswer("name_only", 53, "no code", "add"),
    OddAnswer("number_only", 53, "no code", "5"),
    OddAnswer("markdown_only", 53, "no code", "# Solution\n\n- add x\n- and y\n"),
    OddAnswer("return_in_prose", 53, "no code", "return the sum of the two numbers"),
    OddAnswer("return_flush", 53, "right", "return x + y"),
    OddAnswer("return_after_prose", 53, "right", "You only need this line:\n\nreturn x + y\n\nGood luck!"),
    OddAnswer("indented_return_after_prose", 53, "right", "Add this:\n\n    return x + y\n"),
    OddAnswer("body_with_helper_inside", 53, "right", "```python\ndef plus(a, b):\n    return a + b\nreturn plus(x, y)\n```"),
    OddAnswer("body_then_helper_outside", 53, "right", "```python\n    return plus(x, y)\n\ndef plus(a, b):\n    return a + b\n```"),
    OddAnswer("body_with_try", 53, "right", "```python\ntry:\n    return x + y\nexcept TypeError:\n    return None\n```"),
    OddAnswer("body_with_text_block", 53, "right", '```python\ntext = """\nflush\n"""\nreturn x + y\n```'),
    OddAnswer("recursive_body", 55, "right", "```python\nif n < 2:\n    return n\nreturn fib(n - 1) + fib(n - 2)\n```"),
    OddAnswer("memo_after", 55, "right",
              "```python\ndef fib(n):\n    if n not in memo:\n        memo[n] = fib(n - 1) + fib(n - 2)\n    return memo[n]\n\n"
              "memo = {0: 0, 1: 1}\nprint([fib(i) for i in range(5)])\n```"),
    OddAnswer("table_filled_by_the_function", 55, "right",
              "```python\nTABLE = {}\n\ndef fib(n):\n    if n in TABLE:\n        return TABLE[n]\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n\n"
              "for i in range(20):\n    TABLE[i] = fib(i)\n```"),
    OddAnswer("cached_recursion", 55, "right",
              "```python\nfrom functools import lru_cache\n\n@lru_cache(maxsize=None)\ndef fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n```"),
    OddAnswer("rewrapped", 55, "right",
              "```python\nimport functools\n\ndef fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n\nfib = functools.cache(fib)\n```"),
    OddAnswer("walrus_at_module_level", 53, "right", f"```python\nprint(z := 3)\n{ADD}```"),
    OddAnswer("match_statement", 53, "right", "```python\ndef add(x, y):\n    match x:\n        case _:\n            return x + y\n```"),
    OddAnswer("semicolons", 53, "right", "```python\nimport os; import sys\ndef add(x, y): z = x + y; return z\n```"),
    OddAnswer("backslash_lines", 53, "right", "```python\ndef add(x, \\\n        y):\n    return x \\\n        + y\n```"),
    OddAnswer("signature_over_lines", 53, "right", "```python\ndef add(\n    x: int,\n    y: int,\n) -> int:\n    return (\n        x\n        + y\n    )\n```"),
    OddAnswer("signature_over_lines_in_prose", 53, "right", "So:\n\ndef add(\n    x: int,\n    y: int,\n) -> int:\n    return (\n        x + y\n)\n\nDone (really).\n"),
    OddAnswer("text_block_flush_in_prose", 53, "right", 'So:\n\ndef add(x, y):\n    """Sum.\n\nFlush text (here.\n    """\n    return x + y\n\nIt\'s done.\n'),
    OddAnswer("fix_string_left_alone", 64, "right",
              "```python\ndef vowels_count(s):\n    n = sum(c in 'aeiouAEIOU' for c in s)\n    return n + (s[-1:] in ('y', 'Y'))\n```"),
    OddAnswer("base_return", 53, "right", "    return x + y", "base"),
    OddAnswer("base_flush_return", 53, "right", "return x + y", "base"),
    OddAnswer("base_run_on_cell", 53, "right", "    return x + y\n\n# %%\nadd(2, 3)\n\n# %% [markdown]\n# Done\n", "base"),
    OddAnswer("base_run_on_file", 53, "right", "    return x + y\n<|file_sep|>other.py\nimport x y z\n", "base"),
    OddAnswer("base_run_on_question", 53, "right", "    return x + y\n\n\nQ: Why?\nA: Because (it is\n", "base"),
    OddAnswer("base_returns_nothing", 53, "wrong", "    print(x + y)\n", "base"),
    OddAnswer("base_prose", 53, "no code", "The sum of two numbers, of course.", "base"),
    OddAnswer("base_broken_then_same_again", 53, "right", "    return (x +\n\n\ndef add(x, y):\n    return x + y\n", "base"),
    OddAnswer("base_wrong_then_right_again", 53, "wrong", f"    return x - y\n\n\n{ADD}", "base"),
    OddAnswer("base_docstring_goes_on", 53, "right", '    """More."""\n    return x + y\n', "base"),
    OddAnswer("thinking_gemma", 53, "right", f"<|channel>thought\nAdd.<channel|>```python\n{ADD}```<turn|>", "thinking"),
    OddAnswer("thinking_cut_marker", 53, "no code", f"<|channel>tho{ADD}", "thinking"),
    OddAnswer("thinking_string_of_marker", 53, "right", f"<think>x</think>```python\nM = '<channel|>'\n{ADD}```", "thinking"),
    OddAnswer("thinking_prose_about_tags", 53, "right", f"I used `<think>` for this.\n```python\n{ADD}```", "thinking"),
    OddAnswer("thinking_wrong_after_right", 53, "wrong", f"<think>\n{ADD}</think>\n```python\nadd = lambda x, y: x\n```", "thinking"),
)  # fmt: skip
