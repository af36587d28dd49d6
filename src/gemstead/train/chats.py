"""Exercises in, token ids out: conversations exactly as the model will meet them, and raw files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

from gemstead.chat.prompt import PromptBuilder
from gemstead.chat.template import ChatTemplate
from gemstead.chat.tokenizer import Tokenizer
from gemstead.core.messages import Message
from gemstead.core.requests import GenerationRequest
from gemstead.train.exercises import Exercise

# How the HumanEval task asks in chat style; the tests hold the two together.
TASK = (
    "Complete the Python function below. Reply with the whole function, including its signature and any imports and "
    "helper functions it needs, in one Python code block."
)
# How the MBPP tasks ask; the tests hold the two together.
MBPP = (
    "{sentence}\n\nWrite it as a Python function called `{name}`. {these} must hold:\n\n```python\n{tests}\n```\n\n"
    "Reply with the whole function, including any imports and helper functions it needs, in one Python code block."
)
REQUESTS = (
    "Complete this Python function.",
    "Write the body of this function. Answer with the whole function in a code block.",
    "Please complete the following function:",
    "Finish this Python function and give me the complete code.",
    "Implement the function below.",
    "Can you implement this?",
    "Here is a function without its body. Write it.",
    "Fill in the missing code. Reply with the full function only.",
    "Solve this exercise in Python.",
    "Complete the function so that the examples in its docstring hold.",
    "I need the implementation of this function:",
    "Read the docstring and write the function.",
)
IN_WORDS = (
    "Write a Python function `{name}`. {sentence}",
    "Write a function called {name}: {sentence}",
    "I need a Python function named {name}. {sentence}",
    "{sentence} Call the function `{name}`.",
    "{sentence} Write it in Python as {name}.",
)
WITH_TESTS = (
    "{sentence}\n\nYour code should pass these tests:\n\n{tests}",
    "{sentence} Your code should satisfy these tests:\n\n{tests}",
    "{sentence}\n\nThe function must pass:\n\n```python\n{tests}\n```",
    "Solve this task in Python.\n\n{sentence}\n\nTests:\n{tests}",
    "{sentence}\n\nIt is tested like this:\n\n```python\n{tests}\n```\n\nReply with the code only.",
    "Write a Python function for this task, named as the tests name it.\n\n{sentence}\n\n{tests}",
)
OPENERS = ("Here is the function:", "Here it is:", "Here is the complete function:", "Sure, here is the code:")
VERBS = {
    verb + ending: verb.lower()
    for verb in "Return Find Compute Get Calculate Check Determine Count Remove Build Give Convert Sum Make".split()
    for ending in ("", "s")
}
SMALL_TALK = (
    ("Hello!", "Hello! I am pebble, a very small model that writes short Python functions. Which one do you need?"),
    ("Hi", "Hi! I am pebble. Describe a short Python function and I will try to write it."),
    ("Who are you?", "I am pebble, the small model that comes with gemstead. I write short Python functions."),
    ("What can you do?", "I can write short Python functions about numbers, strings, lists and dictionaries."),
    ("Thanks!", "You are welcome."),
    ("Thank you", "You are welcome!"),
)


@dataclass(frozen=True, kw_only=True)
class Document:
    """Tokens that belong together.

    Args:
        ids: All of them, from the beginning-of-sequence token to the end.
        learned: For each, whether it is to be predicted.
    """

    ids: list[int]
    learned: list[bool]


class ChatWriter:
    """Renders documents with one tokenizer and its template, through the same `PromptBuilder` that inference uses.

    Args:
        folder: Where tokenizer.json and chat_template.jinja lie.
    """

    def __init__(self, folder: Path) -> None:
        self.tokenizer = Tokenizer(folder / "tokenizer.json")
        source = (folder / "chat_template.jinja").read_text(encoding="utf-8")
        self._prompts = PromptBuilder(self.tokenizer, ChatTemplate(source, self.tokenizer.special_tokens))
        self._bos = self.tokenizer.encode("<bos>")
        self._eos = self.tokenizer.encode("<eos>")
        self._turn_end = self.tokenizer.encode("<turn|>")

    def conversation(self, question: str, answer: str, *, thought: str | None = None) -> Document:
        """One question and one answer; only the answer and the end of its turn are learned."""
        request = GenerationRequest(messages=(Message(role="user", content=question),), thinking=thought is not None)
        prompt = self._prompts.ids(request)
        ids: list[int] = []
        if thought is not None:
            ids = self.tokenizer.encode(f"<|channel>thought\n{thought}\n<channel|>")
        ids = ids + self.tokenizer.encode(answer, controls=False) + self._turn_end
        return Document(ids=prompt + ids, learned=[False] * len(prompt) + [True] * len(ids))

    def raw(self, text: str, *, is_whole: bool = True) -> Document:
        """A text as a file holds it; everything is learned. A piece of a longer file has no end."""
        ids = self._bos + self.tokenizer.encode(text, controls=False) + (self._eos if is_whole else [])
        return Document(ids=ids, learned=[False] + [True] * (len(ids) - 1))

    def exercise(self, exercise: Exercise, rng: Random) -> Document:
        """An exercise as a conversation, in one of many wordings; most often in the task's own."""
        dice = rng.random()
        if dice < 0.2:
            return self._with_tests(exercise, rng)
        if dice < 0.26:
            return self._in_words(exercise, rng)
        if dice < 0.28:
            return self._about_code(exercise, rng)
        if dice < 0.282:
            return self.conversation(*rng.choice(SMALL_TALK))
        wording = TASK if rng.random() < 0.6 else rng.choice(REQUESTS)
        question = f"{wording}\n\n```python\n{exercise.prompt}\n```"
        answer = fenced(exercise.solution)
        if rng.random() < 0.05:
            return self.conversation(question, answer, thought=exercise.plan)
        if wording is not TASK and rng.random() < 0.2:
            answer = f"{rng.choice(OPENERS)}\n\n{answer}"
        return self.conversation(question, answer)

    def _with_tests(self, exercise: Exercise, rng: Random) -> Document:
        """Asked in words, with tests from which the function's name and its arguments can be read."""
        wording = MBPP if rng.random() < 0.6 else rng.choice(WITH_TESTS)
        tests = exercise.tests[: rng.choice([1, 2, 3, 3, 3])]
        question = wording.format(
            sentence=told(exercise.sentence, rng),
            name=exercise.name,
            these="This assertion" if len(tests) == 1 else "These assertions",
            tests="\n".join(tests),
        )
        return self.conversation(question, fenced(exercise.solution))

    def _in_words(self, exercise: Exercise, rng: Random) -> Document:
        """Asked without a signature, so the answer documents itself."""
        question = rng.choice(IN_WORDS).format(name=exercise.name, sentence=exercise.sentence)
        answer = fenced(exercise.documented if rng.random() < 0.3 else exercise.solution)
        return self.conversation(question, answer)

    def _about_code(self, exercise: Exercise, rng: Random) -> Document:
        """Asked what a function does, or gives back."""
        code = fenced(exercise.solution)
        if rng.random() < 0.5:
            return self.conversation(f"What does this function do?\n\n{code}", exercise.sentence)
        arguments, result = rng.choice(exercise.cases)
        return self.conversation(f"{code}\n\nWhat does `{exercise.name}({arguments})` return?", f"`{result}`")


def told(sentence: str, rng: Random) -> str:
    """A docstring's sentence as somebody asks for it: "Return the ..." becomes "Write a function to return the ..."."""
    first, _, rest = sentence.strip().partition(" ")
    if first in VERBS and rng.random() < 0.7:
        kind = rng.choice(["function", "function", "python function", "Python function"])
        return f"Write a {kind} to {VERBS[first]} {rest}"
    return sentence


def fenced(code: str) -> str:
    """Code in one fence."""
    return f"```python\n{code}\n```"


def as_file(exercises: list[Exercise], rng: Random) -> str:
    """A file that holds some exercises, documented, a few with their tests."""
    parts = []
    for exercise in exercises:
        part = exercise.documented
        if rng.random() < 0.25:
            part += "\n\n\n" + "\n".join(exercise.tests[:3])
        parts.append(part)
    return "\n\n\n".join(parts) + "\n"
