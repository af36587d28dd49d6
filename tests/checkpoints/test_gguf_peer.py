"""The same GGUFs in llama.cpp: it reads what is written here, and its own files are read here, number for number."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import pytest
import torch
from torch import nn

from gemstead.checkpoints.load import load_model
from gemstead.checkpoints.manifest import read_manifest
from gemstead.checkpoints.save import save_model
from gemstead.kernels.ops import REFERENCE
from gemstead.models.cache import DenseMemory
from gemstead.models.gemma4.config import read_config
from gemstead.models.gemma4.text import Gemma4Text
from tests.checkpoints.test_gguf_model import WIDE
from tests.gguf_files import all_in, write_gguf
from tests.shared_data import TINY, needs_shared
from tests.tiny_models import randomised

pytestmark = pytest.mark.slow
llama = pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")
KINDS = {"Q4_0": 2, "Q4_1": 3, "Q8_0": 7, "Q5_0": 8, "Q5_1": 9, "Q4_K_M": 15, "Q5_K_M": 17, "Q6_K": 18, "BF16": 32}
IN_F32 = 0


def load(file: Path) -> nn.Module:
    manifest = read_manifest(file)
    return load_model(manifest, REFERENCE, dtype=torch.float32, device=torch.device("cpu"), precision="fp32").model


def nameless_vocabulary(writer: gguf.GGUFWriter) -> None:
    """384 tokens, so that llama.cpp is content."""
    controls = ["<pad>", "<eos>", "<bos>", "<unk>", "<|turn>", "<turn|>"]
    tokens = controls + [f"<0x{byte:02X}>" for byte in range(256)] + [f"t{n}" for n in range(122)]
    writer.add_tokenizer_model("gemma4")
    writer.add_token_list(tokens)
    writer.add_token_scores([-1000.0] * len(tokens))
    writer.add_token_types([3] * 6 + [6] * 256 + [1] * 122)
    writer.add_token_merges(["t 1"])
    writer.add_bos_token_id(2)
    writer.add_eos_token_id(1)


@needs_shared
@pytest.mark.parametrize("case", ["gemma4_e_ple_kvshare", "gemma4_dense_keqv", "gemma4_moe", "gemma4_unified"])
def test_logits_of_reference_checkpoints_are_those_of_llama_cpp(case: str, tmp_path: Path) -> None:
    file = write_gguf(TINY / case, tmp_path / "m.gguf", all_in("F32"), with_tokenizer=False, extra=nameless_vocabulary)
    ids = np.load(TINY / case / "reference.npz")["input_ids"].reshape(-1)
    peer = llama.Llama(
        model_path=str(file), n_ctx=512, logits_all=True, verbose=False, n_threads=1, type_k=IN_F32, type_v=IN_F32
    )
    peer.eval(ids.tolist())
    theirs = torch.from_numpy(np.array(peer.scores[: len(ids)]))
    model = load(file)
    with torch.inference_mode():
        hidden = model(torch.from_numpy(ids), torch.arange(len(ids)), DenseMemory(model.cache_layers(), 1), None)  # type: ignore[operator]
        ours = model.logits(hidden)  # type: ignore[operator]
    assert (ours - theirs).abs().max() < 0.06  # of 11 to 14; its GELU goes through a table in float16
    assert torch.equal(ours.argmax(-1), theirs.argmax(-1))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wide")
    model = randomised(Gemma4Text(read_config(WIDE)), seed=0, spread=0.05, final_scale=5)
    save_model(folder, WIDE, model, dtype=torch.float32)
    return write_gguf(folder, folder / "m.gguf", all_in("F32"), with_tokenizer=False, extra=nameless_vocabulary)


def quantised(source: Path, file: Path, kind: int) -> Path:
    """By llama.cpp's own quantiser; to F32 it turns few bits into numbers."""
    settings = llama.llama_model_quantize_default_params()
    settings.ftype, settings.nthread, settings.allow_requantize = kind, 1, True
    assert llama.llama_model_quantize(str(source).encode(), str(file).encode(), settings) == 0
    return file


@pytest.mark.parametrize("kind", KINDS)
def test_files_of_its_quantiser_are_the_numbers_it_reads_in_them(kind: str, source: Path, tmp_path: Path) -> None:
    file = quantised(source, tmp_path / "few.gguf", KINDS[kind])
    formats = {entry.dtype for entry in read_manifest(file).tensors.values()}
    assert kind.removesuffix("_M") in formats
    expected = load(quantised(file, tmp_path / "many.gguf", IN_F32)).state_dict()
    found = load(file).state_dict()
    assert found.keys() == expected.keys() and all(torch.equal(found[n], expected[n]) for n in expected)
