# ruff: noqa: E501 (one answer a line reads best)
"""Shapes an answer can have. Each takes the parts of a right solution and returns a raw answer.

`RIGHT` shapes must give a program that passes the problem's test, `WRONG` ones a program that fails it, `NO_CODE` none.
"""

from __future__ import annotations

import ast
import html
import json
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from gemstead.evals.task import AnswerStyle, Problem


@dataclass(frozen=True)
class Parts:
    """A right solution of a problem, in pieces."""

    problem: Problem

    @property
    def entry(self) -> str:
        return self.problem.entry_point

    @property
    def prompt(self) -> str:
        return self.problem.prompt

    @property
    def whole(self) -> str:
        return self.problem.canonical

    @property
    def body(self) -> str:
        """The canonical body, indented as published."""
        return self.whole[len(self.prompt) :].rstrip("\n") + "\n"

    @cached_property
    def node(self) -> ast.FunctionDef:
        nodes = ast.parse(self.whole).body
        return next(n for n in nodes if isinstance(n, ast.FunctionDef) and n.name == self.entry)

    @cached_property
    def signature(self) -> str:
        lines = self.prompt.split("\n")
        return "\n".join(lines[self.node.lineno - 1 : self.node.body[0].lineno - 1])

    @cached_property
    def function(self) -> str:
        """The entry point alone: no docstring, nothing that the prompt imports or defines."""
        return self.signature + "\n" + self.body

    @cached_property
    def flush_body(self) -> str:
        return textwrap.dedent(self.body)

    @cached_property
    def wrong(self) -> str:
        return f"def {self.entry}(*args):\n    return 'a draft'\n"

    @cached_property
    def arguments(self) -> str:
        return ", ".join(a.arg for a in self.node.args.args)

    @cached_property
    def method(self) -> str:
        args = self.node.args.args
        header = f"def {self.entry}(self, {', '.join(a.arg for a in args)}):\n"
        return "class Solution:\n" + textwrap.indent(header + self.body, "    ")

    @cached_property
    def renamed(self) -> str:
        """The same function under another name."""
        return re.sub(rf"\b{self.entry}\b", "_inner", self.function)


def fence(code: str, info: str = "python", mark: str = "```") -> str:
    return f"{mark}{info}\n{code.rstrip(chr(10))}\n{mark}\n"


def reindented(code: str, unit: str) -> str:
    """The code with another unit of indentation, where it keeps to four spaces."""
    lines = [(len(line) - len(line.lstrip()), line.lstrip()) for line in code.split("\n")]
    if any(width % 4 for width, line in lines if line):
        return code
    return "\n".join(unit * (width // 4) + line for width, line in lines)


Shape = Callable[[Parts], str]

RIGHT: dict[str, tuple[AnswerStyle, Shape]] = {}
WRONG: dict[str, tuple[AnswerStyle, Shape]] = {}
NO_CODE: dict[str, tuple[AnswerStyle, Shape]] = {}


def _add(table: dict[str, tuple[AnswerStyle, Shape]], style: AnswerStyle, **shapes: Shape) -> None:
    for name, shape in shapes.items():
        assert name not in table, name
        table[name] = (style, shape)


_add(
    RIGHT,
    "chat",
    # fences
    fence_python=lambda p: fence(p.function),
    fence_py=lambda p: fence(p.function, "py"),
    fence_python3=lambda p: fence(p.function, "Python3"),
    fence_capitals=lambda p: fence(p.function, "PYTHON"),
    fence_no_tag=lambda p: fence(p.function, ""),
    fence_space_before_tag=lambda p: fence(p.function, " python"),
    fence_space_after_tag=lambda p: fence(p.function, "python  "),
    fence_attributes=lambda p: fence(p.function, '{.python .numberLines startFrom="1"}'),
    fence_braces=lambda p: fence(p.function, "{python}"),
    fence_title=lambda p: fence(p.function, 'python title="solution.py" linenums="1"'),
    fence_file_name=lambda p: fence(p.function, "python:solution.py"),
    fence_version=lambda p: fence(p.function, "python3.11"),
    fence_tilde=lambda p: fence(p.function, "python", "~~~"),
    fence_tilde_no_tag=lambda p: fence(p.function, "", "~~~"),
    fence_long=lambda p: fence(p.function, "python", "``````"),
    fence_longer_close=lambda p: f"```python\n{p.function}`````\n",
    fence_other_tag=lambda p: fence(p.function, "text"),
    fence_unknown_tag=lambda p: fence(p.function, "snippet"),
    fence_indented=lambda p: "  " + fence(p.function).replace("\n", "\n  "),
    fence_indented_three=lambda p: textwrap.indent(fence(p.function), "   "),
    fence_indented_eight=lambda p: textwrap.indent(fence(p.function), "        "),
    fence_in_list=lambda p: "1. The function:\n\n" + textwrap.indent(fence(p.function), "   ") + "\n2. Done.\n",
    fence_on_bullet=lambda p: "- " + textwrap.indent(fence(p.function), "  ")[2:],
    fence_on_number=lambda p: "1. " + textwrap.indent(fence(p.function), "   ")[3:],
    fence_in_list_code_flush=lambda p: f"1. The function:\n   ```python\n{p.function}   ```\n",
    fence_in_quote=lambda p: textwrap.indent(fence(p.function), "> ", lambda _: True),
    fence_in_quote_tight=lambda p: textwrap.indent(fence(p.function), ">", lambda _: True),
    fence_in_quote_twice=lambda p: textwrap.indent(fence(p.function), "> > ", lambda _: True),
    fence_unclosed=lambda p: f"Sure:\n\n```python\n{p.function}",
    fence_unclosed_prose=lambda p: f"Sure:\n\n```python\n{p.function}\nThis function works as asked.\n",
    fence_only_closed=lambda p: f"{p.function}```\n\nThat is it.\n",
    fence_close_on_code_line=lambda p: f"```python\n{p.function.rstrip()}```\nDone.\n",
    fence_close_with_stop=lambda p: f"```python\n{p.function}```.\nDone.\n",
    fence_after_prose=lambda p: f"Here it is: ```python\n{p.function}```\nDone.\n",
    fence_code_on_opening_line=lambda p: f"```{p.function}```\n",
    fence_code_after_tag=lambda p: f"```python {p.function}```\n",
    fence_inside_fence=lambda p: f"````markdown\nHere:\n\n{fence(p.function)}\nDone.\n````\n",
    fence_inside_plain_fence=lambda p: f"`````\n{fence(p.function)}`````\n",
    fence_reopened=lambda p: f"```python\n{p.wrong}\n```python\n{p.function}```\n",
    fence_twice_opened=lambda p: f"```python\n```python\n{p.function}```\n```\n",
    fence_doubled_tag_line=lambda p: f"```\npython\n{p.function}```\n",
    fence_pre_tags=lambda p: f"<pre><code>\n{html.escape(p.function)}</code></pre>\n",
    fence_pre_tags_tight=lambda p: f'<pre><code class="language-python">{html.escape(p.function)}</code></pre>\n',
    fence_python_tags=lambda p: f"[PYTHON]\n{p.function}[/PYTHON]\n",
    fence_docstring_with_fence=lambda p: fence(
        f'{p.signature}\n    """\n    Example:\n    ```\n    {p.entry}(1)\n    ```\n    """\n{p.body}'
    ),
    fence_docstring_with_flush_fence=lambda p: fence(
        f'{p.signature}\n    """\nExample:\n```\n{p.entry}(1)\n```\n"""\n{p.body}'
    ),
    # line ends and odd characters
    crlf=lambda p: f"Sure!\n\n{fence(p.function)}\nBye.\n".replace("\n", "\r\n"),
    carriage_returns=lambda p: fence(p.function).replace("\n", "\r"),
    crlf_body=lambda p: fence(p.body).replace("\n", "\r\n"),
    bom=lambda p: "\ufeff" + p.function,
    bom_fenced=lambda p: "\ufeff" + fence(p.function),
    bom_in_fence=lambda p: fence("\ufeff" + p.function),
    no_break_spaces=lambda p: fence(p.function.replace("    ", "\u00a0\u00a0\u00a0\u00a0")),
    no_break_spaces_mixed=lambda p: fence(p.function.replace("    ", " \u00a0 \u00a0")),
    zero_width=lambda p: fence(p.function.replace("return", "\u200breturn")),
    zero_width_fence=lambda p: "\u200b" + fence(p.function),
    ideographic_spaces=lambda p: fence(p.function.replace("    ", "\u3000\u3000\u3000\u3000")),
    null_bytes=lambda p: fence(p.function + "\x00"),
    null_in_prose=lambda p: "Sure\x00!\n" + fence(p.function),
    lone_surrogate_in_prose=lambda p: "Sure \ud83d!\n" + fence(p.function),
    lone_surrogate_in_comment=lambda p: fence("# \udcff\n" + p.function),
    emoji_in_comment=lambda p: fence("# \U0001f600 ok\n" + p.function),
    form_feed=lambda p: fence("\x0c\n" + p.function),
    tabs=lambda p: fence(reindented(p.function, "\t")),
    two_spaces=lambda p: fence(reindented(p.function, "  ")),
    trailing_spaces=lambda p: fence(p.function.replace("\n", "   \n")),
    many_blank_lines=lambda p: "\n" * 30 + fence(p.function) + "\n" * 30,
    line_separator_in_prose=lambda p: "Sure.\u2028Here:\n" + fence(p.function),
    backslash_escapes_warn=lambda p: fence(f"PATTERN = '\\d'\n{p.function}"),
    is_literal_warns=lambda p: fence(f"def odd(x):\n    return x is 1\n\n{p.function}"),
    # prose, no fence
    bare_function=lambda p: p.function,
    bare_whole=lambda p: p.whole,
    bare_no_final_newline=lambda p: p.whole.rstrip(),
    prose_before=lambda p: f"Here is the function you asked for (it's short):\n\n{p.function}",
    prose_after=lambda p: f"{p.function}\nThis works because it's simple. Hope this helps!\n",
    prose_directly_after=lambda p: f"{p.function}This works because it's simple.\n",
    prose_around=lambda p: f"Sure! Here's the code:\n\n{p.function}\n\nNote: it is fast.\n- a point\n* another\n",
    prose_of_one_word=lambda p: f"Solution\n\n{p.whole}\nDone\n",
    prose_with_colon_word=lambda p: f"Note: simple\n\n{p.whole}\n",
    prose_with_brackets=lambda p: f"We need (a, b] and {{c:\n\n{p.function}\n\nIt (really works :)\n",
    prose_with_open_triple_quote=lambda p: f'They write """ so\n\n{p.function}\n',
    prose_markdown_indent=lambda p: f"The function:\n\n{textwrap.indent(p.function, '    ')}\nThat is it.\n",
    prose_markdown_indent_whole=lambda p: f"The function:\n\n{textwrap.indent(p.whole, '    ')}\nThat is it.\n",
    prose_heading=lambda p: f"# Solution\n\n{p.whole}\n\n## Why\n\nBecause.\n",
    prose_bold=lambda p: f"**Solution:**\n\n{p.function}\n\n**Explanation:** none.\n",
    prose_rule=lambda p: f"---\n\n{p.function}\n\n---\n\nComplexity: O(n)\n",
    prose_then_test_fence=lambda p: f"{p.function}\nTry it:\n\n{fence(f'print({p.entry})')}",
    # several blocks
    draft_then_final=lambda p: f"First try:\n{fence(p.wrong)}\nNo. Better:\n{fence(p.function)}",
    stub_then_final=lambda p: f"You gave:\n{fence(p.prompt)}\nHere:\n{fence(p.function)}",
    final_then_stub=lambda p: f"{fence(p.function)}\nIts signature is\n{fence(p.prompt)}",
    final_then_ellipsis=lambda p: f"{fence(p.function)}\nShape:\n{fence(f'def {p.entry}(*a):{chr(10)}    ...')}",
    final_then_tests=lambda p: f"{fence(p.function)}\nTests:\n{fence(f'assert {p.entry}({p.arguments})')}",
    final_then_pytest=lambda p: f"{fence(p.function)}\nTests:\n"
    + fence(f"import pytest\nfrom solution import {p.entry}\n\ndef test_it():\n    assert {p.entry}(1)\n"),
    final_then_unittest=lambda p: f"{fence(p.function)}\n"
    + fence(
        f"import unittest\nfrom my_module import {p.entry}\n\nclass T(unittest.TestCase):\n    def test_it(self):\n"
        f"        self.assertEqual({p.entry}(1), 1)\n\nunittest.main()\n"
    ),
    final_then_output=lambda p: f"{fence(p.function)}\nOutput:\n{fence('True' + chr(10) + 'False', '')}",
    final_then_shell=lambda p: f"{fence(p.function)}\nRun:\n{fence('python solution.py', 'bash')}",
    final_then_usage=lambda p: f"{fence(p.function)}\nUsage:\n{fence(f'result = {p.entry}(None){chr(10)}print(result)')}",
    final_then_doctest=lambda p: f"{fence(p.function)}\n{fence(f'>>> {p.entry}(1){chr(10)}2')}",
    final_then_broken_block=lambda p: f"{fence(p.function)}\n{fence('def nothing(' + chr(10) + '  oops')}",
    final_then_cut_repeat=lambda p: f"{fence(p.function)}\nAlso:\n```python\ndef {p.entry}(",
    final_then_json=lambda p: f"{fence(p.function)}\n{fence('{' + chr(34) + 'a' + chr(34) + ': 1}', 'json')}",
    shell_then_final=lambda p: f"{fence('pip install nothing', 'bash')}\n{fence(p.function)}",
    helper_block_then_function=lambda p: f"{fence(p.renamed)}\nThen:\n"
    + fence(f"def {p.entry}(*args):\n    return _inner(*args)\n"),
    function_then_helper_block=lambda p: fence(f"def {p.entry}(*args):\n    return _inner(*args)\n")
    + f"\nwith\n{fence(p.renamed)}",
    helper_constant_block=lambda p: f"{fence('ARGS = ()')}\n{fence(p.renamed)}\n"
    + fence(f"def {p.entry}(*args):\n    return _inner(*args, *ARGS)\n"),
    imports_block_then_function=lambda p: f"{fence('import functools')}\n"
    + fence(f"@functools.wraps(print)\ndef _w():\n    pass\n\n{p.function}"),
    signature_block_then_body_block=lambda p: f"{fence(p.prompt)}\nIts body:\n{fence(p.body)}",
    same_block_twice=lambda p: fence(p.function) * 2,
    wrong_name_block_first=lambda p: f"{fence(p.renamed)}\nRenamed:\n{fence(p.function)}",
    # several definitions in one text
    defined_twice=lambda p: fence(f"{p.wrong}\n\n{p.function}"),
    defined_twice_bare=lambda p: f"{p.wrong}\nWait, that's wrong.\n\n{p.function}",
    stub_before=lambda p: fence(f"{p.prompt}\n\n{p.function}"),
    stub_after=lambda p: fence(f"{p.whole}\n\n\ndef {p.entry}(*args):\n    pass\n"),
    not_implemented_before=lambda p: fence(f"def {p.entry}(*a):\n    raise NotImplementedError('todo')\n\n{p.function}"),
    cut_repeat_after=lambda p: fence(f"{p.function}\n\ndef {p.entry}(x):\n    return (1 +"),
    # whole files, bodies
    whole_file=lambda p: fence(p.whole),
    whole_file_shebang=lambda p: fence(f"#!/usr/bin/env python3\n# -*- coding: latin-1 -*-\n{p.whole}"),
    whole_file_future=lambda p: fence(f'"""Module."""\nfrom __future__ import annotations\n{p.function}'),
    future_without_docstring=lambda p: fence(f"from __future__ import annotations\nimport os, sys\n\n{p.function}"),
    body_indented=lambda p: fence(p.body),
    body_flush=lambda p: fence(p.flush_body),
    body_two_spaces=lambda p: fence(textwrap.indent(p.flush_body, "  ")),
    body_eight_spaces=lambda p: fence(textwrap.indent(p.flush_body, "        ")),
    body_tab=lambda p: fence(textwrap.indent(p.flush_body, "\t")),
    body_first_line_flush=lambda p: fence(p.body.lstrip()),
    body_bare=lambda p: p.body,
    body_bare_stripped=lambda p: p.body.strip(),
    body_bare_flush=lambda p: p.flush_body,
    body_bare_prose_after=lambda p: f"{p.body}\nThis returns the answer.\n",
    body_bare_prose_around=lambda p: f"The body is:\n\n{p.body}\nThat's all.\n",
    body_then_tests=lambda p: f"{fence(p.body)}\nTests:\n{fence(f'assert {p.entry}(1) == 2')}",
    body_with_import=lambda p: fence(f"import math\n{p.flush_body}"),
    body_no_tag=lambda p: fence(p.body, ""),
    continuation_fenced=lambda p: fence(p.body + "\n\ndef unused():\n    return 1\n"),
    docstring_and_body=lambda p: fence(f'    """Repeat."""\n{p.body}'),
    prompt_and_body=lambda p: fence(p.prompt + p.body),
    prompt_and_body_bare=lambda p: p.prompt + p.body,
    # around the function
    import_before=lambda p: fence(f"import os\nfrom collections import Counter, defaultdict\n\n{p.function}"),
    try_import=lambda p: fence(f"try:\n    import nothing_like_it\nexcept ImportError:\n    nothing = None\n\n{p.function}"),
    helper_before=lambda p: fence(f"{p.renamed}\n\ndef {p.entry}(*args):\n    return _inner(*args)\n"),
    helper_after=lambda p: fence(f"def {p.entry}(*args):\n    return _inner(*args)\n\n\n{p.renamed}"),
    helper_after_bare=lambda p: f"Here:\n\ndef {p.entry}(*args):\n    return _inner(*args)\n\n\n{p.renamed}\nDone.\n",
    helper_decorated=lambda p: fence(
        f"def _same(f):\n    return f\n\n@_same\n{p.renamed}\n\ndef {p.entry}(*args):\n    return _inner(*args)\n"
    ),
    helper_without_return=lambda p: fence(
        f"_kept = []\n\ndef _keep(value):\n    _kept.append(value)\n\n{p.renamed}\n\n"
        f"def {p.entry}(*args):\n    _keep(_inner(*args))\n    return _kept.pop()\n"
    ),
    helper_class=lambda p: fence(
        f"class Helper:\n    @staticmethod\n{textwrap.indent(p.renamed.replace('def _inner', 'def run'), '    ')}\n"
        f"def {p.entry}(*args):\n    return Helper.run(*args)\n".replace("_inner(", "Helper.run(")
    ),
    entry_decorated=lambda p: fence(f"import functools\n\ndef plain(f):\n    return f\n\n@plain\n{p.function}"),
    entry_decorated_wraps=lambda p: fence(
        "import functools\n\ndef logged(f):\n    @functools.wraps(f)\n    def run(*args):\n        return f(*args)\n"
        f"    return run\n\n\n@logged\n{p.function}"
    ),
    entry_redecorated=lambda p: fence(f"{p.function}\n\n{p.entry} = (lambda f: lambda *a: f(*a))({p.entry})\n"),
    entry_alias=lambda p: fence(f"{p.renamed}\n\n{p.entry} = _inner\n"),
    entry_alias_tuple=lambda p: fence(f"{p.renamed}\n\n{p.entry}, other = _inner, None\n"),
    entry_alias_annotated=lambda p: fence(f"{p.renamed}\n\n{p.entry}: object = _inner\n"),
    entry_lambda=lambda p: fence(f"{p.renamed}\n\n{p.entry} = lambda *args: _inner(*args)\n"),
    entry_lambda_bare=lambda p: f"In short:\n\n{p.renamed}\n\n{p.entry} = lambda *args: _inner(*args)\n\nThat's all!\n",
    entry_partial=lambda p: fence(f"from functools import partial\n\n{p.renamed}\n\n{p.entry} = partial(_inner)\n"),
    entry_imported=lambda p: fence(f"from math import gcd as {p.entry}\n") if p.entry == "greatest_common_divisor" else p.whole,
    entry_in_if=lambda p: fence(f"if True:\n{textwrap.indent(p.function, '    ')}\nelse:\n    {p.entry} = None\n"),
    entry_in_try=lambda p: fence(f"try:\n{textwrap.indent(p.function, '    ')}\nexcept Exception:\n    pass\n"),
    entry_callable_object=lambda p: fence(
        f"{p.renamed}\n\nclass Call:\n    def __call__(self, *args):\n        return _inner(*args)\n\n{p.entry} = Call()\n"
    ),
    tuple_assignment=lambda p: fence(f"ZERO, ONE = 0, 1\n\n{p.function.rstrip()}\n"),
    module_loop=lambda p: fence(
        f"TABLE = []\nfor i in range(3):\n    TABLE.append(i)\n\n{p.renamed}\n\n"
        f"def {p.entry}(*args):\n    return _inner(*args) if len(TABLE) == 3 else 'not set up'\n"
    ),
    module_setup_call=lambda p: fence(
        f"TABLE = []\n\ndef fill():\n    print('filling')\n    TABLE.append(1)\n\n{p.renamed}\n\n"
        f"def {p.entry}(*args):\n    return _inner(*args) if TABLE else 'not set up'\n\nfill()\n"
    ),
    module_setup_global=lambda p: fence(
        f"READY = False\n\ndef prepare():\n    global READY\n    READY = True\n\n{p.renamed}\n\n"
        f"def {p.entry}(*args):\n    return _inner(*args) if READY else 'not set up'\n\nprepare()\n"
    ),
    function_attribute=lambda p: fence(
        f"{p.renamed}\n\ndef {p.entry}(*args):\n    return _inner(*args) if {p.entry}.ready else 'not set up'\n\n"
        f"{p.entry}.ready = True\n"
    ),
    recursion_limit=lambda p: fence(f"import sys\nsys.setrecursionlimit(5000)\n\n{p.function}"),
    class_wrapper=lambda p: fence(p.method),
    class_wrapper_with_tests=lambda p: fence(f"{p.method}\n\nsolver = Solution()\nprint(solver.{p.entry}(1))\n"),
    class_wrapper_bound=lambda p: fence(f"{p.method}\n\n{p.entry} = Solution().{p.entry}\n"),
    # what comes after the function
    main_guard=lambda p: fence(f"{p.function}\n\nif __name__ == '__main__':\n    print({p.entry}(input()))\n"),
    main_guard_doctest=lambda p: fence(f"{p.function}\n\nif __name__ == '__main__':\n    import doctest\n    doctest.testmod()\n"),
    main_function=lambda p: fence(f"{p.function}\n\ndef main():\n    print({p.entry}(int(input())))\n\nmain()\n"),
    reads_input=lambda p: fence(f"{p.function}\n\nn = int(input())\nprint({p.entry}(n))\n"),
    reads_input_first=lambda p: fence(f"n = input()\n\n{p.function}\n\nprint({p.entry}(n))\n"),
    reads_input_forever=lambda p: fence(f"{p.function}\n\nwhile True:\n    print({p.entry}(input('n? ')))\n"),
    print_after=lambda p: fence(f"{p.function}\n\nprint({p.entry}('no', 'such', 'arguments', 'at', 'all'))\n"),
    bare_call_after=lambda p: fence(f"{p.function}\n\n{p.entry}()\n"),
    wrong_assert_after=lambda p: fence(f"{p.function}\n\nassert {p.entry} is None\nassert 1 == 2\n"),
    wrong_assert_loop=lambda p: fence(
        f"{p.function}\n\ncases = [(1, 2), (3, 4)]\nfor given, wanted in cases:\n    assert {p.entry}(given) == wanted\n"
    ),
    wrong_test_function=lambda p: fence(
        f"{p.function}\n\ndef test_{p.entry}():\n    assert {p.entry}() == 1\n    print('ok')\n\ntest_{p.entry}()\n"
    ),
    official_style_check=lambda p: fence(f"{p.function}\n\ndef check(candidate):\n    assert candidate() == 0\n\ncheck({p.entry})\n"),
    candidate_alias=lambda p: fence(f"{p.function}\n\ncandidate = {p.entry}\nassert candidate() == 0\nvalue = candidate()\n"),
    unittest_after=lambda p: fence(
        f"import unittest\n\n{p.function}\n\nclass Test(unittest.TestCase):\n    def test(self):\n"
        f"        self.assertTrue({p.entry}())\n\nunittest.main()\n"
    ),
    pytest_after=lambda p: fence(
        f"import pytest_that_is_not_there as pytest\n\n{p.function}\n\n@pytest.mark.parametrize('a', [1])\n"
        f"def test_it(a):\n    assert {p.entry}(a)\n"
    ),
    numpy_only_in_example=lambda p: fence(
        f"import numpy_that_is_not_there as np\n\n{p.function}\n\nprint({p.entry}(np.zeros(3)))\n"
    ),
    imports_itself=lambda p: fence(f"{p.function}\n\nfrom solution import {p.entry}\nprint({p.entry}(1))\n"),
    timing_after=lambda p: fence(f"{p.function}\n\nimport timeit\nprint(timeit.timeit('{p.entry}()', globals=globals()))\n"),
    result_after=lambda p: fence(f"{p.function}\n\nresult = {p.entry}(object())\nresult\n"),
    sys_exit_main=lambda p: fence(
        f"import sys\n\n{p.function}\n\ndef main():\n    print({p.entry}(1))\n    return 0\n\nsys.exit(main())\n"
    ),
    unfinished_after=lambda p: fence(f"{p.function}\n\ndef another(\n"),
    unfinished_test_after=lambda p: f"```python\n{p.function}\n\ndef test_it():\n    assert {p.entry}([1, 2",
    unfinished_string_after=lambda p: f'```python\n{p.function}\n\ntext = """never closed',
    unfinished_comment_after=lambda p: f"```python\n{p.function}\n# The abo",
    junk_after_in_fence=lambda p: fence(f"{p.function}\n...and so on!\n"),
    junk_before_in_fence=lambda p: fence(f"Here you are!\n\n{p.function}"),
    docstring_after=lambda p: fence(f'{p.function}\n\n"""\nExample usage:\n{p.entry}(1)\n"""\n'),
    comments_in_column_zero=lambda p: fence(p.function.replace("\n    return", "\n# now return\n    return")),
    transcript=lambda p: fence(_transcript(p.function) + f">>> {p.entry}\n<function>\n", "pycon"),
    transcript_bare=lambda p: "At the prompt:\n\n" + _transcript(p.function) + f">>> {p.entry}(1)\n2\n",
    transcript_notebook=lambda p: fence(_notebook(p.function), ""),
    line_numbers=lambda p: fence("\n".join(f"{n:2} {line}" for n, line in enumerate(p.function.split("\n"), 1))),
    line_numbers_bar=lambda p: fence("\n".join(f"{n} | {line}" for n, line in enumerate(p.function.split("\n"), 1))),
    line_numbers_colon=lambda p: fence("\n".join(f"{n}: {line}" for n, line in enumerate(p.function.split("\n"), 1))),
    html_escaped=lambda p: fence(html.escape(p.function.replace("\n    return", "\n    if 1 < 2 and 2 > 1: pass\n    return"))),
    smart_quotes=lambda p: fence(f"NAME = \u201cname\u201d\n{p.function}"),
    escaped_underscores=lambda p: fence(p.function.replace("_", "\\_") + "\n_a = 1\n") if "_" in p.entry else fence(p.function),
    json_object=lambda p: json.dumps({"explanation": "none", "code": p.function}),
    json_object_fenced=lambda p: fence(json.dumps({"code": p.function}), "json"),
    json_string=lambda p: json.dumps(p.whole),
    # thoughts that are none, and a leading one
    think_in_string=lambda p: fence(f"OPEN = '<think>'\nCLOSE = '</think>'\n\n{p.function}"),
    think_in_bare_string=lambda p: f"MARKS = ('<think>', '<|channel>thought')\n\n{p.function}",
    think_in_comment=lambda p: fence(f"# <think> is a tag\n{p.function}"),
    think_in_prose=lambda p: f"I did not use <think> here.\n\n{fence(p.function)}",
    think_leading=lambda p: f"<think>\nA draft:\n{fence(p.wrong)}</think>\n{fence(p.function)}",
    end_of_turn=lambda p: f"{fence(p.function)}<turn|>\n",
    end_of_turn_then_more=lambda p: f"{fence(p.function)}<end_of_turn>\n<start_of_turn>user\n{fence(p.wrong)}",
    end_of_text_bare=lambda p: f"{p.function.rstrip()}<|endoftext|>{p.wrong}",
)  # fmt: skip


def _transcript(code: str) -> str:
    lines = [line for line in code.rstrip("\n").split("\n") if line.strip()]
    return "".join(f"{'>>>' if not i else '...'} {line}\n" for i, line in enumerate(lines)) + "...\n"


def _notebook(code: str) -> str:
    lines = [line for line in code.rstrip("\n").split("\n") if line.strip()]
    return "".join(f"{'In [1]:' if not i else '   ...:'} {line}\n" for i, line in enumerate(lines))


_add(
    RIGHT,
    "base",
    base_body=lambda p: p.body,
    base_no_final_newline=lambda p: p.body.rstrip(),
    base_newline_first=lambda p: "\n" + p.body,
    base_lost_indent=lambda p: p.body.lstrip(),
    base_lost_one_space=lambda p: p.body.removeprefix(" "),
    base_flush=lambda p: p.flush_body,
    base_two_spaces=lambda p: textwrap.indent(p.flush_body, "  "),
    base_crlf=lambda p: p.body.replace("\n", "\r\n"),
    base_runs_on_unfinished=lambda p: f"{p.body}\n\ndef unrelated(\n",
    base_runs_on_function=lambda p: f"{p.body}\n\ndef unrelated(x):\n    return x\n",
    base_runs_on_class=lambda p: f"{p.body}\n\nclass Unrelated:\n    import nothing_like_it\n",
    base_runs_on_import=lambda p: f"{p.body}\n\nimport nothing_like_it\n",
    base_runs_on_tests=lambda p: f"{p.body}\n\nassert {p.entry}() == 0\nprint({p.entry}())\n",
    base_runs_on_guard=lambda p: f"{p.body}\n\nif __name__ == '__main__':\n    import doctest\n    doctest.testmod()\n",
    base_runs_on_same=lambda p: f"{p.body}\n\n{p.wrong}",
    base_runs_on_loop=lambda p: f"{p.body}\n\nwhile True:\n    pass\n",
    base_runs_on_exit=lambda p: f"{p.body}\n\nexit()\n",
    base_runs_on_prose=lambda p: f"{p.body}\n\nThe function above works (isn't it nice?\n",
    base_runs_on_docstring=lambda p: f'{p.body}\n\n"""\nAnother exercise\n',
    base_closing_fence=lambda p: f"{p.body}```\n\nThis works.\n",
    base_closing_fence_indented=lambda p: f"{p.body}    ```\n\nThis works.\n",
    base_closing_fence_then_block=lambda p: f"{p.body}```\n\nOr:\n\n{fence(p.wrong)}",
    base_comment_in_column_zero=lambda p: p.body.replace("\n    return", "\n# now return\n    return"),
    base_comment_in_column_zero_first=lambda p: f"# the body\n{p.body}",
    base_comment_first=lambda p: f"    # Your code here\n{p.body}",
    base_comment_after=lambda p: f"{p.body}\n# Test the function\n# {p.entry}(1)\n",
    base_helper_after=lambda p: f"    return _inner({p.arguments})\n\n\n{p.renamed}",
    base_helper_after_and_more=lambda p: (
        f"    return _inner({p.arguments})\n\n\n{p.renamed}\n\ndef cut(x):\n    return ("
    ),
    base_nested_helper=lambda p: textwrap.indent(p.renamed, "    ") + f"    return _inner({p.arguments})\n",
    base_import_first=lambda p: f"    import math\n{p.body}",
    base_repeats_prompt=lambda p: p.prompt + p.body,
    base_repeats_function=lambda p: p.function,
    base_whole_fenced=lambda p: fence(p.whole),
    base_whole_fenced_prose=lambda p: f"Here is the function:\n\n{fence(p.whole)}",
    base_body_fenced=lambda p: fence(p.body),
    base_end_of_text=lambda p: f"{p.body.rstrip()}<|endoftext|>\n\ndef more",
    base_cut_after_return=lambda p: f"{p.body}\n    # and th",
    base_think_string=lambda p: f"    mark = '<think>'\n{p.body}",
)

_GEMMA = "<|channel>thought\n{0}<channel|>{1}"
_add(
    RIGHT,
    "thinking",
    thought_channel=lambda p: _GEMMA.format(f"Maybe\n{fence(p.wrong)}? No.", fence(p.function)),
    thought_channel_empty=lambda p: _GEMMA.format("", fence(p.function)),
    thought_channel_newline=lambda p: _GEMMA.format("", f"\n\n{fence(p.function)}"),
    thought_channel_then_turn=lambda p: _GEMMA.format("Hm.", fence(p.function)) + "<turn|>",
    thought_tags=lambda p: f"<think>\nMaybe\n{fence(p.wrong)}? No.\n</think>\n\n{fence(p.function)}",
    thought_tags_long=lambda p: f"<thinking>Maybe\n{fence(p.wrong)}? No.\n</thinking>{fence(p.function)}",
    thought_tags_other=lambda p: f"<thought>{p.wrong}</thought>\n{p.function}",
    thought_tags_capitals=lambda p: f"<THINK>{p.wrong}</THINK>\n{p.function}",
    thought_square=lambda p: f"[THINK]{p.wrong}[/THINK]\n{p.function}",
    thought_began_in_prompt=lambda p: f"Let me see.\n{fence(p.wrong)}\n</think>\n{fence(p.function)}",
    thought_channel_began_in_prompt=lambda p: f"Let me see.\n{fence(p.wrong)}\n<channel|>{fence(p.function)}",
    thought_none=lambda p: fence(p.function),
    thought_none_bare=lambda p: p.whole,
    thought_closed_twice=lambda p: f"<think>Hm.</think>\n{fence(p.wrong)}</think>\n{fence(p.function)}",
    thought_closed_twice_at_once=lambda p: f"<think>Hm.</think></think>\n{fence(p.function)}",
    thought_closed_at_end_too=lambda p: f"<think>Hm.</think>\n{fence(p.function)}</think>",
    thought_twice=lambda p: f"<think>a</think>\n<think>\n{fence(p.wrong)}</think>\n{fence(p.function)}",
    thought_open_fence=lambda p: f"<think>\n```python\n{p.wrong}</think>\n{fence(p.function)}",
    thought_mentions_closer=lambda p: (
        f"<think>I will write `</think>` later.\n{fence(p.wrong)}</think>{fence(p.function)}"
    ),
    thought_string_closer=lambda p: f"<think>\n```python\ns = '</think>'\n{p.wrong}```\n</think>\n{fence(p.function)}",
    thought_other_closer=lambda p: _GEMMA.format(f"Do I need </think>? No.\n{fence(p.wrong)}", fence(p.function)),
    thought_answer_has_closer=lambda p: (
        f"<think>Hm.</think>\n{fence(f'S = {chr(34)}a</think>b{chr(34)}{chr(10)}{p.function}')}"
    ),
    thought_answer_has_opener=lambda p: f"<think>Hm.</think>\n{fence(f'# <think>{chr(10)}{p.function}')}",
    thought_after_prose=lambda p: f"Sure.\n<think>\n{fence(p.wrong)}</think>\n{fence(p.function)}",
    thought_after_answer=lambda p: f"{fence(p.function)}\n<think>Was that right?",
    thought_with_body=lambda p: _GEMMA.format("Short.", p.body),
    thought_with_draft_and_prose=lambda p: _GEMMA.format(p.wrong, f"Here:\n\n{p.function}\nDone."),
    thought_start_of_turn=lambda p: "<bos><|turn>model\n" + _GEMMA.format("x", fence(p.function)),
    thought_harmony=lambda p: "<|channel|>analysis<|message|>Hm." + f"<|channel|>final<|message|>{fence(p.function)}",
)

_add(
    WRONG,
    "chat",
    wrong_fenced=lambda p: fence(p.wrong),
    wrong_last=lambda p: f"{fence(p.function)}\nBetter:\n{fence(p.wrong)}",
    wrong_last_same_block=lambda p: fence(f"{p.function}\n\n{p.wrong}"),
    wrong_name=lambda p: fence(p.renamed),
    wrong_name_of_class_method=lambda p: fence(p.method.replace(f"def {p.entry}", "def something_else")),
    stub_only=lambda p: fence(p.prompt),
    stub_pass=lambda p: fence(f"def {p.entry}(*args):\n    pass\n"),
    syntax_error=lambda p: fence(f"def {p.entry}(*args:\n    return 1\n"),
    syntax_error_in_body=lambda p: fence(f"def {p.entry}(*args):\n    if args\n        return 1\n"),
    exits_while_loading=lambda p: fence(f"import sys\nsys.exit(0)\n{p.function}"),
    raises_while_loading=lambda p: fence(f"{p.function}\nraise ValueError('no')\n"),
    missing_module=lambda p: fence(f"import nothing_like_it\n\n{p.function}"),
    missing_module_used=lambda p: fence(
        f"import nothing_like_it as n\n\n{p.renamed}\n\ndef {p.entry}(*a):\n    return n.f(_inner(*a))\n"
    ),
    missing_helper=lambda p: fence(f"def {p.entry}(*args):\n    return not_defined_anywhere(*args)\n"),
    missing_typing_name=lambda p: fence(f"def {p.entry}(*args: Sequence) -> Deque:\n{p.body}"),
    other_language=lambda p: fence(f"function {p.entry}(x) {{\n  return x;\n}}", "javascript"),
    cut_in_definition=lambda p: f"```python\ndef {p.entry}(",
    python_two=lambda p: fence(f"def {p.entry}(*args):\n    print 'no'\n    return 1\n"),
    only_tests=lambda p: fence(f"assert {p.entry}(1) == 1\n"),
    nested_only=lambda p: fence(f"def outer():\n{textwrap.indent(p.function, '    ')}\n"),
    async_entry=lambda p: fence(f"async {p.function}"),
)
_add(WRONG, "base", base_wrong=lambda p: "    return 'no'\n", base_pass=lambda p: "    pass\n")
_add(
    WRONG,
    "thinking",
    thought_right_answer_wrong=lambda p: _GEMMA.format(fence(p.function), fence(p.wrong)),
    thought_tags_right_answer_wrong=lambda p: f"<think>\n{fence(p.function)}</think>\n{fence(p.wrong)}",
)
_add(
    NO_CODE,
    "chat",
    empty=lambda p: "",
    blank=lambda p: " \n\t\n",
    refusal=lambda p: "I'm sorry, but I can't help with that.",
    prose_only=lambda p: f"You should define {p.entry} so that it loops over the values and returns the right one.",
    prose_list=lambda p: "1. Read the list.\n2. For each item:\n   - compare\n3. Return the result.\n",
    empty_fence=lambda p: "```python\n```\n",
    open_fence_only=lambda p: "```python",
    unclosed_leading_thought=lambda p: f"<think>\n{fence(p.function)}",
    only_odd_characters=lambda p: "\ufeff\u200b\x00",
)
_add(NO_CODE, "base", base_empty=lambda p: "", base_blank=lambda p: "\n\n\n")
_add(
    NO_CODE,
    "thinking",
    thought_unclosed=lambda p: f"<think>\nfirst\n{fence(p.function)}",
    thought_channel_unclosed=lambda p: f"<|channel>thought\n{fence(p.function)}\nso",
    thought_mention_only=lambda p: f"<think>\nI would close with `</think>` but\n{fence(p.function)}",
    thought_then_nothing=lambda p: _GEMMA.format(fence(p.function), ""),
    thought_then_blank=lambda p: f"<think>{fence(p.function)}</think>\n\n",
    thought_then_prose=lambda p: f"<think>{fence(p.function)}</think>\nI could not find it.\n",
    thought_channel_open_only=lambda p: "<|channel>thought\n",
)


_JS = "function f(a) {\n  return a;\n}"
_add(
    RIGHT,
    "chat",
    # other markup than Markdown
    markup_restructured=lambda p: f"Solution\n========\n\n.. code-block:: python\n\n{textwrap.indent(p.function, '    ')}\nDone.\n",
    markup_org=lambda p: f"* Solution\n#+BEGIN_SRC python\n{p.function}#+END_SRC\n",
    markup_asciidoc=lambda p: f"== Solution\n\n[source,python]\n----\n{p.function}----\n",
    markup_bbcode=lambda p: f"[b]Solution[/b]\n[code=python]\n{p.function}[/code]\n",
    markup_wiki=lambda p: f"h2. Solution\n\n{{code:python}}\n{p.function}{{code}}\n",
    markup_latex=lambda p: f"\\begin{{lstlisting}}[language=Python]\n{p.function}\\end{{lstlisting}}\n",
    markup_minted=lambda p: f"\\begin{{minted}}{{python}}\n{p.function}\\end{{minted}}\nThat is $O(n)$.\n",
    markup_cdata=lambda p: f"<code><![CDATA[\n{p.function}]]></code>\n",
    markup_xml=lambda p: f'<solution language="python">\n{p.function}</solution>\n',
    markup_xml_nested=lambda p: f"<response>\n<plan>\nLoop (once.\n</plan>\n<code>\n{p.function}</code>\n</response>\n",
    markup_boxed=lambda p: f"\\boxed{{\n{fence(p.function)}}}\n",
    markup_callout=lambda p: f"> [!NOTE]\n> Read this.\n\n{fence(p.function)}",
    markup_table_after=lambda p: f"{fence(p.function)}\n| step | cost |\n| --- | --- |\n| loop | O(n) |\n",
    markup_yaml=lambda p: "language: python\ncode: |\n" + textwrap.indent(p.function, "  "),
    markup_single_quote_fence=lambda p: f"'''python\n{p.function}'''\n",
    markup_double_quote_fence=lambda p: f'"""python\n{p.function}"""\n',
    markup_equals_tag=lambda p: fence(p.function, "python="),
    markup_highlight_tag=lambda p: fence(p.function, "python {highlight: [1, 3]}"),
    markup_directive_tag=lambda p: fence(p.function, "{code-block} python"),
    markup_run_tag=lambda p: fence(p.function, "python run"),
    markup_main_tag=lambda p: fence(p.function, "main.py"),
    markup_cell_tag=lambda p: fence(p.function, "jupyter"),
    markup_spaced_version=lambda p: fence(p.function, "Python 3"),
    markup_tool_code=lambda p: fence(p.function, "tool_code"),
    markup_four_tildes=lambda p: fence(p.function, "python", "~~~~"),
    markup_closing_spaces=lambda p: f"```python\n{p.function}```   \n\nDone.\n",
    markup_bold_label=lambda p: f"**`solution.py`**\n```python\n{p.function}```\n",
    markup_stray_closer=lambda p: f"{fence(p.function)}```\n",
    # turns and marks of other chat templates
    turn_llama=lambda p: f"<|start_header_id|>assistant<|end_header_id|>\n\n{fence(p.function)}<|eot_id|>",
    turn_llama_code=lambda p: f"<|python_tag|>{p.function}<|eom_id|>",
    turn_chatml=lambda p: f"<|im_start|>assistant\n{fence(p.function)}<|im_end|>\n<|im_start|>user\nThanks (a lot",
    turn_inst=lambda p: f"[/INST] {fence(p.function)}</s>",
    turn_deepseek=lambda p: f"{fence(p.function)}<｜end▁of▁sentence｜>",
    turn_phi=lambda p: f"<|assistant|>\n{fence(p.function)}<|end|>",
    turn_alpaca=lambda p: f"### Response:\n{p.function}\n### Instruction:\nNow write (another\n",
    turn_named=lambda p: f"Assistant: {fence(p.function)}\nUser: thanks!\n",
    turn_named_bare=lambda p: f"Assistant:\n\n{p.function}\nUser: thanks, it's (good\n",
    turn_answer_heading=lambda p: f"### Answer\n\n{p.function}\n### Explanation\n\nIt's short.\n",
    turn_final_answer=lambda p: f"Reasoning: add (them.\n\nFinal Answer:\n{fence(p.function)}",
    turn_begin_end=lambda p: f"BEGIN SOLUTION\n{p.function}END SOLUTION\n",
    turn_begin_comment=lambda p: fence(f"# BEGIN SOLUTION\n{p.function}# END SOLUTION\n"),
    turn_tool_call=lambda p: "<tool_call>\n" + json.dumps({"name": "submit", "arguments": {"code": p.function}}) + "\n</tool_call>",
    turn_function_call=lambda p: json.dumps({"name": "python", "arguments": json.dumps({"code": p.function})}),
    turn_notebook_file=lambda p: json.dumps(
        {"cells": [{"cell_type": "code", "source": p.function.splitlines(keepends=True)}], "nbformat": 4}
    ),
    turn_openai_parts=lambda p: json.dumps([{"type": "text", "text": fence(p.function)}]),
    # how chats talk
    talk_steps=lambda p: (
        "**Step 1:** Read (carefully.\n\n**Step 2:** Write:\n\n"
        + textwrap.indent(fence(p.function), "   ")
        + "\n**Step 3:** Test it.\n"
    ),
    talk_complexity=lambda p: f"{fence(p.function)}\n**Time complexity:** $O(n)$\n**Space complexity:** $O(1)$\n",
    talk_offer=lambda p: f"Certainly! 😊 Here's the code:\n\n{fence(p.function)}\nWould you like me to add tests? [y/n]\n",
    talk_french=lambda p: f"Voici la fonction complétée :\n\n{p.function}\nN'hésitez pas à demander d'autres détails (ou des tests) !\n",
    talk_chinese=lambda p: f"以下是完整的函数：\n\n{fence(p.function)}\n解释：该函数返回正确的结果。\n",
    talk_japanese_bare=lambda p: f"以下が関数です：\n\n{p.function}\n説明（簡単）：正しい値を返します。\n",
    talk_apology=lambda p: f"{fence(p.wrong)}\nI apologize for the mistake. Corrected:\n\n{fence(p.function)}",
    talk_self_check=lambda p: f"{fence(p.function)}\nLet me verify: `{p.entry}(1)` gives the expected value. ✓\n",
    talk_quoted_call=lambda p: f"Call it as `{p.entry}({p.arguments})`.\n\n{fence(p.function)}\nSee `{p.entry}`.\n",
    talk_signature_first=lambda p: f"The signature is `{p.signature.strip().splitlines()[-1]}`.\n\n{fence(p.function)}",
    talk_diagram=lambda p: f"{fence(p.function)}\n{fence('graph TD; A-->B', 'mermaid')}",
    talk_other_language_after=lambda p: f"{fence(p.function)}\nIn JavaScript:\n{fence(_JS, 'javascript')}",
    talk_same_name_in_other_language=lambda p: (
        f"{fence(p.function)}\nIn JavaScript:\n{fence(f'function {p.entry}(a) {{{chr(10)}  return a;{chr(10)}}}', 'js')}"
    ),
    talk_other_language_before=lambda p: f"In JavaScript:\n{fence(_JS, 'js')}\nIn Python:\n{fence(p.function)}",
    talk_excerpt_after=lambda p: f"{fence(p.function)}\nNote the signature:\n{fence(f'def {p.entry}(...)', '')}",
    talk_ellipsis_excerpt=lambda p: (
        f"{fence(p.function)}\nIn outline:\n{fence(f'def {p.entry}({p.arguments}):{chr(10)}    # as above{chr(10)}    ...')}"
    ),
    talk_install=lambda p: f"```bash\npip install --upgrade typing\n```\n\n{fence(p.function)}\n```bash\npython main.py\n```\n",
    talk_run_output=lambda p: f"{fence(p.function)}\n**Output**\n{fence('>> 1' + chr(10) + '>> (2', 'text')}",
    talk_error_shown=lambda p: (
        f"I got\n{fence('Traceback (most recent call last):' + chr(10) + '  File x' + chr(10) + 'NameError: no', '')}\n"
        f"so I fixed it:\n{fence(p.function)}"
    ),
    talk_thought_in_prose=lambda p: f"Thought: I need a loop (or not.\nAction: write\n\n{fence(p.function)}\nObservation: done\n",
    talk_reflection=lambda p: f"<reflection>\nMaybe\n{fence(p.wrong)}is wrong.\n</reflection>\n\n<output>\n{fence(p.function)}</output>\n",
    talk_plan_comments=lambda p: fence("# Plan:\n# 1. loop (once\n# 2. return\n\n" + p.function + "\n# Complexity: O(n"),
    # files and notebooks
    file_magic=lambda p: fence(f"%%writefile solution.py\n{p.function}"),
    file_timing_magic=lambda p: fence(f"%%time\n{p.function}"),
    file_cells=lambda p: fence(f"# %%\n{p.function}\n# %%\n{p.entry}\n"),
    file_exported_cells=lambda p: fence(f"# coding: utf-8\n\n# In[1]:\n\n\n{p.function}\n\n# In[2]:\n\n\nprint({p.entry})\n"),
    file_here_document=lambda p: fence(f"cat > solution.py <<'EOF'\n{p.function}EOF\npython solution.py\n", "bash"),
    file_diff_new=lambda p: fence(
        "--- /dev/null\n+++ b/solution.py\n@@ -0,0 +1 @@\n" + textwrap.indent(p.function, "+", lambda _: True), "diff"
    ),
    file_licence=lambda p: fence(f"# Copyright 2024 (c) Nobody\n# SPDX-License-Identifier: MIT\n{p.function}"),
    file_exports=lambda p: fence(f"{p.function}\n\n__all__ = ['{p.entry}']\n__version__ = '1.0'\n"),
    file_logging=lambda p: fence(
        f"import logging\n\nlogging.basicConfig(level=logging.INFO)\nlog = logging.getLogger(__name__)\n\n{p.function}\nlog.info('loaded')\n"
    ),
    file_arguments=lambda p: fence(
        f"import argparse\n\n{p.function}\n\ndef main():\n    parser = argparse.ArgumentParser()\n"
        f"    parser.add_argument('n', type=int)\n    print({p.entry}(parser.parse_args().n))\n\n"
        "if __name__ == '__main__':\n    main()\n"
    ),
    file_typed_dict=lambda p: fence(
        "from typing import Any, Callable, NamedTuple, TypeVar\n\nT = TypeVar('T')\n\nclass Pair(NamedTuple):\n    a: int\n"
        f"    b: int\n\n{p.function}"
    ),
    file_dataclass=lambda p: fence(
        f"from dataclasses import dataclass\n\n@dataclass\nclass Box:\n    value: int = 0\n\n{p.function}\n\nprint(Box({p.entry}))\n"
    ),
    file_doctest_docstring=lambda p: fence(
        f'{p.signature}\n    r"""Return it.\n\n    >>> {p.entry}(1)\n    2\n    ```\n    """\n{p.body}'
    ),
    file_nested_quotes=lambda p: fence(f"NOTE = '''He said \"\"\"hi\"\"\".'''\n{p.function}"),
    file_walrus_guard=lambda p: fence(f"if (ready := True):\n    pass\n\n{p.function}"),
)  # fmt: skip

_add(
    RIGHT,
    "base",
    base_runs_on_instruction=lambda p: f"{p.body}\n\n### Explanation\nThe function (above) is right.\n",
    base_runs_on_test_class=lambda p: f"{p.body}\n\nimport unittest\nclass T(unittest.TestCase):\n    def test(self):\n        self.fail()\n",
    base_runs_on_next_problem=lambda p: f'{p.body}\n\n\ndef next_problem(n: int) -> int:\n    """ Return (n\n    >>> next_problem(1)\n',
    base_runs_on_metadata=lambda p: f"{p.body}\n\nMETADATA = {{}}\n\n\ndef check(candidate):\n    assert candidate() == 1\n\ncheck({p.entry})\n",
    base_doc_end_marker=lambda p: f"{p.body.rstrip()}\n# END\n<|fim_suffix|>",
    base_trailing_spaces=lambda p: p.body.replace("\n", "  \n"),
    base_tabs_where_spaces=lambda p: reindented(p.body, "\t"),
    base_blank_lines_first=lambda p: "\n\n\n" + p.body,
    base_asserts_inside=lambda p: f"    assert True\n{p.body}",
)  # fmt: skip
_add(
    RIGHT,
    "thinking",
    thought_deepseek=lambda p: f"<think>\nOkay, so I need `{p.entry}`.\n\n{fence(p.wrong)}\nWait, no.\n</think>\n\nHere:\n\n{fence(p.function)}",
    thought_qwen_empty=lambda p: f"<think>\n\n</think>\n\n{fence(p.function)}",
    thought_reasoning_tags=lambda p: f"<reasoning>\n{p.wrong}</reasoning>\n{fence(p.function)}",
    thought_begin_end=lambda p: f"<|begin_of_thought|>\n{fence(p.wrong)}<|end_of_thought|>\n\n{fence(p.function)}",
    thought_answer_tags=lambda p: f"<think>\n{fence(p.wrong)}</think>\n<answer>\n{fence(p.function)}</answer>",
    thought_then_bare=lambda p: f"<think>Short.</think>{p.function}",
    thought_then_body=lambda p: f"<think>Only the body.</think>\n{fence(p.body)}",
    thought_unbalanced_fence=lambda p: f"<think>\nLike\n```python\n{p.wrong}\n</think>\nSo:\n\n{p.function}",
)  # fmt: skip
_add(
    WRONG,
    "chat",
    last_block_is_a_warning=lambda p: f"{fence(p.function)}\nDo not write this instead:\n{fence(p.wrong)}",
    wrong_then_right_in_comment=lambda p: fence(p.wrong + "\n" + textwrap.indent(p.function, "# ", lambda _: True)),
    right_only_in_string=lambda p: fence(f"{p.wrong}\nBETTER = '''\n{p.function}'''\n"),
    raises_not_implemented=lambda p: fence(f"def {p.entry}(*args):\n    raise NotImplementedError\n"),
    prints_instead=lambda p: fence(f"{p.renamed}\n\ndef {p.entry}(*args):\n    print(_inner(*args))\n"),
    async_helper=lambda p: fence(f"async {p.renamed}\n\ndef {p.entry}(*args):\n    return _inner(*args)\n"),
)  # fmt: skip
_add(
    NO_CODE,
    "chat",
    apology_only=lambda p: "I apologize, but as a language model I cannot run code.",
    question_only=lambda p: f"What should `{p.entry}` do with an empty list?",
    inline_name_only=lambda p: f"Use `{p.entry}`.",
    emoji_only=lambda p: "👍",
    prose_of_steps=lambda p: "First, sort the numbers. Then, for each of them, compare. Finally, return the result.",
    chinese_prose=lambda p: "对不起，我不能帮助你。",
)  # fmt: skip

NOTES: dict[str, str] = {
    "last_block_is_a_warning": "A person may read the words; by rule the last complete definition counts, everywhere.",
    "wrong_last": "As above: the model's last word counts, even where an earlier one was right.",
    "stub_after": "A stub is no answer, so that the definition before it counts.",
    "base_runs_on_same": "A base model that goes on writes about something else: here the first definition counts.",
    "base_wrong_then_right_again": "As above, where it costs the answer.",
    "class_wrapper": "A method is not the function asked for; chats do it out of habit, and any caller would bind it.",
    "helper_from_the_draft": "Names the last block needs are looked up in earlier ones, as somebody who pastes both would.",
    "import_in_a_later_block": "As above.",
    "fix_string_left_alone": "The prompt's own stray text is not the answer's fault.",
    "chinese_punctuation": "Not Python to the letter; any editor's input method does it, and nothing else can be meant.",
    "smart_quotes": "As above: a chat window's doing.",
    "html_escaped": "As above: a web page's doing.",
    "line_numbers": "As above: a viewer's doing.",
    "raises_while_loading": "What runs after the function is the answer's own: it stays in.",
    "missing_module": "The same: an import that the function does not need still has to work.",
    "prose_set_in_after": "A sentence at the function's own depth: cut off where it stops being Python.",
    "cut_after_the_return": "Cut by the token limit after the last return: nothing that is needed is missing.",
    "unclosed_leading_thought": "The thought may hold a right draft; it was not said.",
    "thought_unclosed": "As above.",
    "json_object": "Asked for a code block, answered with JSON: the code in it is unmistakable.",
    "turn_notebook_file": "As above: a notebook's source lines are joined.",
    "turn_tool_call": "As above: the code that would have been run.",
    "file_here_document": "A shell script that writes the file: the file is meant.",
}
"""Shapes and odd answers, by name, about which reasonable readers may differ, and why we read them as we do."""
