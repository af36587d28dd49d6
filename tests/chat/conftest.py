from __future__ import annotations

import pytest

from gemstead.chat.tokenizer import Tokenizer
from tests.tiny_tokenizer import write_tiny_tokenizer


@pytest.fixture(scope="session")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    return Tokenizer(write_tiny_tokenizer(tmp_path_factory.mktemp("tokenizer")))
