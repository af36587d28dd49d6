"""A raw answer in; the program it holds, out. Nothing is run or imported, and no answer raises or stalls.

Readings are tried in a fixed order; the first that holds a complete definition of the entry point is taken:

1. the whole answer, where it is Python from its first line to its last;
2. code below the last fenced block, then the blocks, the last one first; what a block needs and does not define is
   looked up in the other blocks;
3. everything between the first and the last fence, as if there were no fence inside;
4. code in prose without fences, and between three quotation marks that somebody took for a fence;
5. the body alone, fenced or not, completed by the prompt's own signature;
6. code in single backticks, code inside a JSON string, and code whose line ends were written as `\\n`.

An answer in base style is read as a continuation of the prompt first, then as above. When no reading is complete, the
best of them is handed on, to be judged wrong: a definition cut short, then an import of that name, then a stub, then
whatever code there is. No code at all gives no program.

A definition is complete when it parses to its end and says more than a docstring, `pass`, `...` or
`raise NotImplementedError`. Of several the last counts (in base style the first: a model that runs on writes about
something else). The program keeps to what the model wrote: the prompt's imports and helpers are added, nobody else's.
A program that uses `math` where neither answer nor prompt imports it stays wrong, as it is anywhere else.
"""

from __future__ import annotations

import ast
import json
import re
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum
from functools import partial

from gemstead.evals.characters import HTML_NAMES, holds_entities, normalised, variants
from gemstead.evals.fences import Block, Fenced, cut_at_closing_fence, starts_with_fence, take_apart
from gemstead.evals.program import MOST_STATEMENTS, bound_names, compose, missing_names, needed_names
from gemstead.evals.source import Binding, Reader, Statement, binding, module_level, returns_a_value
from gemstead.evals.task import AnswerStyle, Extraction, Problem
from gemstead.evals.thoughts import spoken

EXTRACTOR_VERSION = "2"

# Limits that keep the work linear in the answer; no function of an evaluation comes near them.
_LONGEST_BODY = 100_000
_MOST_BLOCKS = 200

_Statements = Sequence[Statement]
_LOOKS_LIKE_CODE = re.compile(
    r"^[ \t>]*(?:(?:async )?def +\w+ *\(|class +\w+ *[:(]|import +\w+ *$|from +[\w.]+ +import |@\w+ *$)"
    r"|\blambda\b[^\n:]{0,200}:|^[ \t]*return +[^\n]*[()\[\]=+*/%<>-]|^[ \t]*\w+ *=[^=\n]",
    re.MULTILINE,
)
_QUOTED_BLOCK = re.compile(
    r"^[ \t]*(\'{3}|\"{3})[ \t]*(?:python|py)[\d.]*[ \t]*\n((?:(?!\1)[^\n]*\n)*)", re.MULTILINE | re.IGNORECASE
)
_TAGGED = re.compile(r"<[\w|]{1,40}>(.*)</?[\w|]{1,40}>", re.DOTALL)
# Compiling warns about `"\d"` and `x is 1`; filters are shared by all threads.
_quiet = threading.Lock()


_COULD_BEGIN_A_BODY = re.compile(
    r"[ \t]+\S|(?:return|def|for|if|while|with|try|import|from|[a-z_]\w* *[+-]?=)(?:\b|[ ])"
)


class _Rank(IntEnum):
    NOTHING = 0
    STUB = 1
    IMPORT = 2
    CUT_SHORT = 3
    COMPLETE = 4


def extract(problem: Problem, answer: str, *, style: AnswerStyle) -> Extraction:
    """Take the program out of a raw answer.

    Args:
        problem: Its prompt and entry point say what to look for.
        answer: Whatever the model wrote.
        style: How to read it; see the module's text.

    Returns:
        A program that defines the entry point when it is executed under a `__name__` other than `"__main__"`, wherever
        the answer holds one.
    """
    return search(answer, style, partial(_best, problem))


def search(answer: str, style: AnswerStyle, best: Callable[[str, AnswerStyle, Reader], Extraction]) -> Extraction:
    """Look for a program in what an answer says beside its thoughts; parsing it warns nobody.

    Args:
        answer: Whatever the model wrote.
        style: How to read it.
        best: What was said, the style and a reader in, the best program there is out.
    """
    said = spoken(normalised(answer), style)
    if said is None:
        return Extraction(program=None, how="the thought was never closed")
    if not said.strip():
        return Extraction(program=None, how="the answer is empty")
    reader = Reader(budget_chars=500_000 + len(said))
    with _quiet, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return best(said, style, reader)


def _best(problem: Problem, said: str, style: AnswerStyle, reader: Reader) -> Extraction:
    fenced = take_apart(said)
    readings = _read_continuation(problem, said, reader) if style == "base" else iter(())
    best: tuple[Statement, ...] = ()
    best_how, best_rank = "", _Rank.NOTHING
    for how, statements in _chain(readings, _read_reply(problem, said, fenced, reader)):
        rank = _rank(statements, problem.entry_point)
        if rank > best_rank:
            best, best_how, best_rank = _settled(statements, problem.entry_point), how, rank
        if rank is _Rank.COMPLETE:
            break
    if best_rank is _Rank.NOTHING:
        return _leftover(problem, said, style, fenced, reader)
    support = _support(problem, best, fenced, reader)
    how = {_Rank.CUT_SHORT: ", cut short", _Rank.IMPORT: ", imported", _Rank.STUB: ", a stub"}.get(best_rank, "")
    return Extraction(program=compose(best, support, problem.prompt, problem.entry_point), how=best_how + how)


def _chain(*parts: Iterator[tuple[str, _Statements]]) -> Iterator[tuple[str, _Statements]]:
    for part in parts:
        yield from part


def _read_reply(problem: Problem, said: str, fenced: Fenced, reader: Reader) -> Iterator[tuple[str, _Statements]]:
    entry = problem.entry_point
    if entry in said and (whole := reader.clean(said)):
        yield "the whole answer", whole
    if fenced.blocks:
        for statements in _sources(fenced.after, entry, reader):
            if _rank(statements, entry) is _Rank.COMPLETE:
                yield "code after the last block", statements
    blocks = [(n, block) for n, block in enumerate(fenced.blocks, start=1) if block.text.strip()][::-1]
    for n, block in blocks[:_MOST_BLOCKS]:
        for statements in _sources(block.text, entry, reader):
            yield f"fenced block {n} of {len(fenced.blocks)}", statements
    if len(blocks) > 1 or said.count("```") > 2:
        for statements in _sources(fenced.span, entry, reader):
            yield "all between the first and the last fence", statements
    in_line = re.compile(rf"^[^\n]{{0,80}}?[:>][ \t]{{1,4}}(?=def {re.escape(entry)}\()", re.MULTILINE)
    for text in (fenced.outside, *_indented_definitions(fenced.outside, entry), in_line.sub("", fenced.outside)):
        for statements in _sources(text, entry, reader):
            yield "code in prose", statements
    for text in _QUOTED_BLOCK.findall(fenced.outside)[::-1][:8]:
        for statements in _sources(text[-1], entry, reader):
            yield "code in quotation marks", statements
    for n, block in blocks[:16]:
        if block.may_be_python:
            for statements in _bodies(problem, block.text, reader):
                yield f"body in fenced block {n} of {len(fenced.blocks)}", statements
    for text in _paragraph_tails(fenced.outside):
        for statements in _bodies(problem, text, reader):
            yield "body in prose", statements
    for code in _inline_code(fenced.outside, entry):
        for statements in (*_sources(code, entry, reader), *_bodies(problem, code, reader)):
            yield "code in backticks", statements
    for text in (said, *(block.text for _, block in blocks[:4])):
        for code in _json_strings(text, entry):
            for statements in _sources(code, entry, reader):
                yield "code in a JSON string", statements
    if "\n" not in said.strip() and "\\n" in said:
        unescaped = said.replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"')
        for how, statements in _read_reply(problem, unescaped, take_apart(unescaped), reader):
            yield f"{how}, its line ends unescaped", statements


def _read_continuation(problem: Problem, said: str, reader: Reader) -> Iterator[tuple[str, _Statements]]:
    if starts_with_fence(said):
        return
    texts = list(dict.fromkeys((said, cut_at_closing_fence(said))))
    forms = [problem.prompt + form for text in texts for form in (text, *_indented_forms(problem.prompt, text))]
    for read in (reader.clean, reader.dirty):
        for full in forms:
            statements = _first_definition(read(full) or (), problem)
            if _completes(statements, problem.entry_point):
                yield "continuation of the prompt", statements


def _sources(code: str, entry: str, reader: Reader) -> Iterator[_Statements]:
    """Statements of a piece of code that may bind the entry point: read whole where possible, then piece by piece."""
    if entry not in code.replace("\\_", "_"):
        return
    unread = []
    for text in variants(code):
        statements = reader.clean(text)
        if statements is None:
            unread.append(text)
        elif not (holds_entities(text) and missing_names(statements, entry) & HTML_NAMES):
            yield statements
    for text in unread:
        yield reader.dirty(text)


def _bodies(problem: Problem, code: str, reader: Reader) -> Iterator[_Statements]:
    """The prompt completed by code that is only the function's body."""
    if len(code) > _LONGEST_BODY or ("return" not in code and "yield" not in code):
        return
    texts = [full for text in variants(code) for full in _indented_forms(problem.prompt, text)]
    for read in (reader.clean, reader.dirty):
        for text in texts:
            statements = read(problem.prompt + text) or ()
            if _completes(statements, problem.entry_point):
                yield statements


def _indented_forms(prompt: str, code: str) -> list[str]:
    """The code as a function body: as written, with its first line set right, and all of it set in."""
    lines = code.strip("\n").split("\n")
    last = prompt.rstrip().rsplit("\n", 1)[-1]
    lead = last[: len(last) - len(last.lstrip(" \t"))] or "    "
    first_width = len(lines[0]) - len(lines[0].lstrip(" \t"))
    forms = ["\n".join(lines)] if first_width else []
    rest = [line for line in lines[1:] if line.strip()]
    if rest and first_width < len(lead) and rest[0][:1] in " \t":
        forms.append("\n".join([lead + lines[0].lstrip(), *lines[1:]]))
    margin = lines[0][:first_width]
    forms.append("\n".join(lead + line.removeprefix(margin) if line.strip() else "" for line in lines))
    return forms


def _rank(statements: _Statements, entry: str) -> _Rank:
    if binding([s for s in statements if not s.is_trimmed], entry) >= Binding.METHOD:
        return _Rank.COMPLETE
    bound = binding(statements, entry)
    ranks = {Binding.NONE: _Rank.NOTHING, Binding.STUB: _Rank.STUB, Binding.IMPORT: _Rank.IMPORT}
    return ranks.get(bound, _Rank.CUT_SHORT)


def _settled(statements: _Statements, entry: str) -> tuple[Statement, ...]:
    """Without definitions of the entry point that are weaker than the best one: stubs, imports, broken ends."""
    best = max(_rank([s], entry) for s in statements)
    return tuple(s for s in statements if _rank([s], entry) in (_Rank.NOTHING, best))


def _completes(statements: _Statements, entry: str) -> bool:
    """Whether the entry point is a function that returns something: what a body must do to be one."""
    nodes = [node for s in statements for node in module_level(s.nodes)]
    functions = [n for n in nodes if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)) and n.name == entry]
    return any(map(returns_a_value, functions))


def _first_definition(statements: _Statements, problem: Problem) -> _Statements:
    """A continuation up to its first complete definition, and of what follows only what that one needs."""
    entry = problem.entry_point
    ends = [i for i, s in enumerate(statements) if binding([s], entry) >= Binding.METHOD]
    if not ends:
        return ()
    head, tail = list(statements[: ends[0] + 1]), statements[ends[0] + 1 :][:MOST_STATEMENTS]
    known = bound_names(head)
    tail = [s for s in tail if not s.names.bound & known]
    needed = needed_names([*head, *tail], {entry})
    return [*head, *(s for s in tail if (s.names.bound | s.names.changed) & needed)]


def _support(problem: Problem, statements: _Statements, fenced: Fenced, reader: Reader) -> list[Statement]:
    """Statements from other blocks that bind names the answer needs and does not bind; nearer blocks first."""
    support: list[Statement] = []
    if len(fenced.blocks) < 2:
        return support
    missing = missing_names(statements, problem.entry_point)
    for block in fenced.blocks[: -_MOST_BLOCKS - 1 : -1]:
        if missing.isdisjoint(re.findall(r"\w+", block.text)):
            continue
        pool = _first_readable(block, reader)
        wanted = needed_names(pool, missing)
        found = [s for s in pool if (s.names.bound | s.names.changed) & wanted]
        found = [s for s in found if not binding([s], problem.entry_point)]
        support = [*found, *support]
        missing = (missing | wanted) - bound_names(found)
    return support


def _first_readable(block: Block, reader: Reader) -> _Statements:
    for text in variants(block.text):
        if statements := reader.clean(text):
            return statements
    return reader.dirty(block.text)


def _indented_definitions(text: str, entry: str) -> Iterator[str]:
    """Runs of indented lines around a definition of the entry point: code set in, without a fence."""
    lines = text.split("\n")
    pattern = re.compile(rf"(?P<lead>[ \t]+)(?:async )?def {re.escape(entry)}\b")
    starts = [(i, match["lead"]) for i, line in enumerate(lines) if (match := pattern.match(line))]
    for i, lead in starts[:-5:-1]:
        first, last = i, i
        while first > 0 and (lines[first - 1].startswith(lead) or not lines[first - 1].strip()):
            first -= 1
        while last + 1 < len(lines) and (lines[last + 1].startswith(lead) or not lines[last + 1].strip()):
            last += 1
        yield "\n".join(line.removeprefix(lead) for line in lines[first : last + 1])


def _paragraph_tails(text: str) -> Iterator[str]:
    """The text from its start or a paragraph that could begin a body, to the end of the last one that returns."""
    lines = text.split("\n")
    returns = [i for i, line in enumerate(lines) if line.lstrip().startswith(("return", "yield"))]
    if not returns:
        return
    end = next((i for i in range(returns[-1], len(lines)) if not lines[i].strip()), len(lines))
    before = ["", *lines]
    starts = [i for i in range(end) if not before[i].strip() and _COULD_BEGIN_A_BODY.match(lines[i])]
    for start in dict.fromkeys([0, *starts[:6]]):
        yield "\n".join(lines[start:end])


def _inline_code(text: str, entry: str) -> list[str]:
    spans = re.findall(r"`([^`\n]+)`", text)
    return [span for span in spans if entry in span or span.lstrip().startswith("return ")][::-1][:8]


def _json_strings(text: str, entry: str) -> list[str]:
    """Strings that mention the entry point, where the text is JSON: in JSON in a string too, or as a list of lines."""
    text = text.strip()
    if tagged := _TAGGED.fullmatch(text):
        text = tagged[1].strip()
    found: list[str] = []
    pending: list[object] = [text] if text[:1] in {"{", "[", '"'} else []
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            if entry in value:
                parsed = _parsed(value)
                found += [value] if parsed is None and value is not text else []
                pending += [] if parsed is None else [parsed]
        elif isinstance(value, dict):
            pending += value.values()
        elif isinstance(value, list):
            is_text = len(value) > 1 and all(isinstance(line, str) and line.endswith("\n") for line in value[:-1])
            pending += ["".join(map(str, value))] if is_text else value
    return found


def _parsed(text: str) -> object:
    """What a text says, read as JSON; `None` if it is none."""
    if text.lstrip()[:1] not in {"{", "[", '"'}:
        return None
    try:
        parsed: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return parsed


def _leftover(problem: Problem, said: str, style: AnswerStyle, fenced: Fenced, reader: Reader) -> Extraction:
    """What to judge when nothing defines the entry point: the last block, or the text if it looks like code at all."""
    blocks = [block.text for block in fenced.blocks if block.text.strip()]
    if style == "base" and reader.clean(problem.prompt + said):
        return Extraction(program=problem.prompt + said, how="continuation of the prompt, which returns nothing")
    if blocks:
        return Extraction(program=blocks[-1], how=f"the last block, which does not define {problem.entry_point}")
    if _LOOKS_LIKE_CODE.search(said):
        return Extraction(program=said, how=f"the whole answer, which does not define {problem.entry_point}")
    return Extraction(program=None, how="no code found")
