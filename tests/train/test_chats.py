"""Conversations and packing: the ids are those of inference, and nothing is lost."""

from __future__ import annotations

import itertools
from pathlib import Path
from random import Random

import numpy as np
import pytest

from gemstead.chat.prompt import PromptBuilder
from gemstead.chat.template import ChatTemplate
from gemstead.chat.tokenizer import Tokenizer
from gemstead.core.messages import Message
from gemstead.core.requests import GenerationRequest
from gemstead.evals.tasks import humaneval, mbpp
from gemstead.train.chats import MBPP, TASK, ChatWriter, Document, fenced
from gemstead.train.exercises import exercises
from gemstead.train.packing import IGNORED, Packer, pack
from gemstead.train.vocabulary import CONTROLS, train_tokenizer, write_chat_files

SOME = list(itertools.islice(exercises(3), 60))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vocabulary")
    write_chat_files(folder, train_tokenizer((e.documented for e in SOME), 900))
    return folder


def test_text_survives_the_vocabulary(folder: Path) -> None:
    tokenizer = Tokenizer(folder / "tokenizer.json")
    for text in [SOME[0].documented, "a  b\n\n\tc\u00e9 \u4e2d \U0001f600", " leading", "<turn|> x_1 = 10"]:
        assert tokenizer.decode(tokenizer.encode(text, controls=False)) == text
    assert list(tokenizer.control_ids.values()) == CONTROLS
    assert tokenizer.encode("\n    return") == tokenizer.encode("\n    ") + tokenizer.encode("return")


def test_prompts_are_those_of_inference_and_only_answers_are_learned(folder: Path) -> None:
    tokenizer = Tokenizer(folder / "tokenizer.json")
    template = ChatTemplate((folder / "chat_template.jinja").read_text(), tokenizer.special_tokens)
    builder = PromptBuilder(tokenizer, template)
    writer = ChatWriter(folder)
    for thought in (None, "I go through it."):
        question = f"{TASK}\n\n```python\n{SOME[0].prompt}\n```"
        document = writer.conversation(question, fenced(SOME[0].solution), thought=thought)
        request = GenerationRequest(messages=(Message(role="user", content=question),), thinking=thought is not None)
        prompt = builder.ids(request)
        assert document.ids[: len(prompt)] == prompt
        assert document.learned == [False] * len(prompt) + [True] * (len(document.ids) - len(prompt))
        assert tokenizer.name_of(document.ids[-1]) == "<turn|>"
        answer = tokenizer.decode(document.ids[len(prompt) :], controls=True)
        opening = f"<|channel>thought\n{thought}\n<channel|>" if thought else ""
        assert answer == f"{opening}```python\n{SOME[0].solution}\n```<turn|>"


def test_the_wording_is_the_task_s_own() -> None:
    assert humaneval.INSTRUCTION.startswith(TASK + "\n\n```python\n")
    assert MBPP.replace("{sentence}", "{words}").replace("{tests}", "{asserts}") == mbpp.INSTRUCTION


def test_every_kind_of_conversation_ends_its_turn(folder: Path) -> None:
    writer, rng = ChatWriter(folder), Random(0)
    for exercise in SOME:
        document = writer.exercise(exercise, rng)
        assert writer.tokenizer.name_of(document.ids[-1]) == "<turn|>"
        assert len(document.ids) == len(document.learned)


def test_packing_loses_no_token_and_cuts_no_document() -> None:
    rng = np.random.default_rng(0)
    packer, placed = Packer(3, 40), []
    for number in range(40):
        ids = [100 + number] * int(rng.integers(2, 20))
        document = Document(ids=ids, learned=[False] + [True] * (len(ids) - 1))
        if packer.add(document):
            placed.append(document)
    batch = packer.batch()
    for document in placed:
        row, column = np.argwhere(batch.ids == document.ids[0])[0]
        stop = column + len(document.ids)
        assert batch.ids[row, column:stop].tolist() == document.ids
        assert batch.targets[row, column : stop - 1].tolist() == document.ids[1:]
        assert batch.targets[row, stop - 1] == IGNORED
        assert len(set(batch.documents[row, column:stop].tolist())) == 1
    assert (batch.ids != 0).sum() == sum(len(d.ids) for d in placed)
    assert packer.share_filled > 0.85
    for row_ids, row_documents in zip(batch.ids, batch.documents, strict=True):
        for border in np.flatnonzero(np.diff(row_ids)):
            assert row_documents[border] != row_documents[border + 1]


def test_a_document_without_room_changes_nothing() -> None:
    packer = Packer(1, 8)
    assert packer.add(Document(ids=[5] * 6, learned=[True] * 6))
    before = packer.batch().ids.copy()
    assert not packer.add(Document(ids=[6] * 3, learned=[True] * 3))
    assert (packer.batch().ids == before).all()


def test_tokens_that_are_not_learned_are_no_targets() -> None:
    batch = pack(itertools.repeat(Document(ids=[5, 6, 7, 8], learned=[False, False, True, True])), 1, 8, patience=1)
    assert batch.targets.tolist() == [[IGNORED, 7, 8, IGNORED] * 2]
