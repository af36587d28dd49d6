"""Other engines found on this machine, on the same shapes in the same run: their tokens per second.

transformers runs here, on the same configuration with random weights; vLLM in a process of its own, on a folder with
that configuration and weights it makes up; llama.cpp by its own `llama-bench`, or in a process with llama-cpp-python,
on a GGUF file. None is installed by gemstead; one that is not there is an error that says how it would be found.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from gemstead.bench.limits import settle
from gemstead.bench.measure import random_prompts
from gemstead.core.errors import BadRequest, Infrastructure, NotFound

PEERS = ("transformers", "vllm", "llama.cpp")
TIMEOUT_S = 1800


@dataclass(frozen=True, kw_only=True)
class Rival:
    """How fast a peer ran one shape; medians.

    Args:
        peer: Which, with its version.
        context: Tokens of each prompt.
        batch: Sequences at once.
        prefill_tok_s: Prompt tokens read per second.
        decode_tok_s: Tokens written per second, all sequences together.
    """

    peer: str
    context: int
    batch: int
    prefill_tok_s: float
    decode_tok_s: float


def find_peer(name: str, gguf: Path | None) -> None:
    """Make sure that a peer can run here.

    Raises:
        BadRequest: No peer has this name, or it needs a file that was not named.
        NotFound: It is not on this machine.
    """
    if name not in PEERS:
        raise BadRequest(f"no peer is called {name!r}; there are {', '.join(PEERS)}")
    if name == "llama.cpp":
        if shutil.which("llama-bench") is None and importlib.util.find_spec("llama_cpp") is None:
            raise NotFound(
                "llama.cpp is not on this machine",
                hint="put its `llama-bench` on the PATH, or install llama-cpp-python",
            )
        if gguf is None:
            raise BadRequest("llama.cpp measures a file", hint="name one with `--gguf FILE`")
    elif importlib.util.find_spec(name) is None:
        raise NotFound(f"{name} is not on this machine", hint=f"install {name} into this environment")


def measure_peer(
    name: str,
    config: dict[str, Any],
    shapes: list[tuple[int, int]],
    *,
    tokens: int,
    rounds: int,
    device: torch.device,
    dtype: torch.dtype,
    gguf: Path | None = None,
) -> Iterator[Rival]:
    """Run a peer over (context, batch) shapes.

    Raises:
        Infrastructure: It failed; its last words are in the message.
    """
    if name == "transformers":
        yield from _transformers(config, shapes, tokens, rounds, device, dtype)
    elif name == "vllm":
        yield from _vllm(config, shapes, tokens, rounds, dtype)
    else:
        assert gguf is not None
        yield from _llama(gguf, shapes, tokens, rounds, device)


def _transformers(
    config: dict[str, Any],
    shapes: list[tuple[int, int]],
    tokens: int,
    rounds: int,
    device: torch.device,
    dtype: torch.dtype,
) -> Iterator[Rival]:
    import transformers

    settings = transformers.AutoConfig.for_model(**config["text_config"])
    with torch.device(device):
        torch.set_default_dtype(dtype)
        try:
            model: Any = transformers.AutoModelForCausalLM.from_config(settings)  # type: ignore[no-untyped-call]
        finally:
            torch.set_default_dtype(torch.float32)
    model.eval()
    # On a GPU its static cache, which it compiles for, is the faster one.
    cache = {"cache_implementation": "static"} if device.type == "cuda" else {}

    @torch.inference_mode()
    def seconds(context: int, batch: int, count: int, seed: int) -> float:
        prompts = random_prompts(settings.vocab_size, batch, context, seed)
        ids = torch.tensor(prompts, device=device)
        settle(device)
        begin = time.perf_counter()
        model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            min_new_tokens=count,
            max_new_tokens=count,
            do_sample=False,
            **cache,
        )
        settle(device)
        return time.perf_counter() - begin

    for context, batch in shapes:
        for count in (1, tokens):
            seconds(context, batch, count, seed=0)
        one = [seconds(context, batch, 1, seed=n) for n in range(1, rounds + 1)]
        all_of_them = [seconds(context, batch, tokens, seed=n) for n in range(1, rounds + 1)]
        prefill_s = statistics.median(one)
        decode_s = statistics.median(all_of_them) - prefill_s
        yield Rival(
            peer=f"transformers {transformers.__version__}",
            context=context,
            batch=batch,
            prefill_tok_s=context * batch / prefill_s,
            decode_tok_s=(tokens - 1) * batch / decode_s,
        )


VLLM_SCRIPT = """
import json, statistics, sys, time
import vllm
task = json.load(sys.stdin)
longest = max(context for context, _ in task["shapes"]) + task["tokens"] + 1
model = vllm.LLM(model=task["folder"], load_format="dummy", skip_tokenizer_init=True, dtype=task["dtype"],
                 max_model_len=longest, max_num_seqs=max(batch for _, batch in task["shapes"]),
                 enable_prefix_caching=False)
import random
def seconds(context, batch, count, seed):
    rng = random.Random(seed)
    prompts = [{"prompt_token_ids": [rng.randrange(3, task["vocab_size"]) for _ in range(context)]}
               for _ in range(batch)]
    params = vllm.SamplingParams(temperature=0, max_tokens=count, ignore_eos=True, detokenize=False)
    begin = time.perf_counter()
    model.generate(prompts, params, use_tqdm=False)
    return time.perf_counter() - begin
rows = []
for context, batch in task["shapes"]:
    for count in (1, task["tokens"]):
        seconds(context, batch, count, 0)
    one = statistics.median(seconds(context, batch, 1, n) for n in range(1, task["rounds"] + 1))
    whole = statistics.median(seconds(context, batch, task["tokens"], n) for n in range(1, task["rounds"] + 1))
    rows.append([context, batch, context * batch / one, (task["tokens"] - 1) * batch / (whole - one)])
print("RESULT" + json.dumps({"version": vllm.__version__, "rows": rows}))
"""


def _vllm(
    config: dict[str, Any], shapes: list[tuple[int, int]], tokens: int, rounds: int, dtype: torch.dtype
) -> Iterator[Rival]:
    with tempfile.TemporaryDirectory() as folder:
        text = {"architectures": ["Gemma4ForCausalLM"], **config["text_config"]}
        (Path(folder) / "config.json").write_text(json.dumps(text))
        task = {
            "folder": folder,
            "shapes": shapes,
            "tokens": tokens,
            "rounds": rounds,
            "dtype": str(dtype).removeprefix("torch."),
            "vocab_size": config["text_config"]["vocab_size"],
        }
        found = _result(_run([sys.executable, "-c", VLLM_SCRIPT], json.dumps(task), "vllm"), "vllm")
    for context, batch, prefill, decode in found["rows"]:
        yield Rival(
            peer=f"vllm {found['version']}", context=context, batch=batch, prefill_tok_s=prefill, decode_tok_s=decode
        )


def _llama(
    gguf: Path, shapes: list[tuple[int, int]], tokens: int, rounds: int, device: torch.device
) -> Iterator[Rival]:
    layers = 0 if device.type == "cpu" else 999
    single = [context for context, batch in shapes if batch == 1]  # both ways decode one sequence
    if shutil.which("llama-bench") is None:
        yield from _llama_in_python(gguf, single, tokens, rounds, layers)
        return
    for context in single:
        command = ["llama-bench", "-m", str(gguf), "-p", str(context), "-n", str(tokens), "-d", "0"]
        command += ["-r", str(rounds), "-ngl", str(layers), "-o", "json"]
        rows = json.loads(_run(command, "", "llama.cpp"))
        speed = {bool(row["n_gen"]): float(row["avg_ts"]) for row in rows}
        yield Rival(
            peer=f"llama.cpp {rows[0].get('build_commit', '')}".strip(),
            context=context,
            batch=1,
            prefill_tok_s=speed[False],
            decode_tok_s=speed[True],
        )


LLAMA_SCRIPT = """
import json, os, random, statistics, sys, time
import llama_cpp
task = json.load(sys.stdin)
cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
rows = []
for context in task["contexts"]:
    model = llama_cpp.Llama(model_path=task["file"], n_ctx=context + task["tokens"] + 1, n_batch=512, n_ubatch=512,
                            n_threads=cores, n_threads_batch=cores, n_gpu_layers=task["layers"], verbose=False)
    reading, writing = [], []
    for seed in range(task["rounds"] + 1):
        rng = random.Random(seed)
        ids = [rng.randrange(300, model.n_vocab()) for _ in range(context)]
        model.reset()
        begin = time.perf_counter()
        model.eval(ids)
        reading.append(time.perf_counter() - begin)
        steps = []
        for _ in range(task["tokens"]):
            begin = time.perf_counter()
            model.eval([rng.randrange(300, model.n_vocab())])
            steps.append(time.perf_counter() - begin)
        writing.append(statistics.median(steps))
    rows.append([context, context / statistics.median(reading[1:]), 1 / statistics.median(writing[1:])])
print("RESULT" + json.dumps({"version": llama_cpp.__version__, "rows": rows}))
"""


def _llama_in_python(gguf: Path, contexts: list[int], tokens: int, rounds: int, layers: int) -> Iterator[Rival]:
    task = {"file": str(gguf), "contexts": contexts, "tokens": tokens, "rounds": rounds, "layers": layers}
    found = _result(_run([sys.executable, "-c", LLAMA_SCRIPT], json.dumps(task), "llama.cpp"), "llama.cpp")
    for context, prefill, decode in found["rows"]:
        yield Rival(
            peer=f"llama.cpp (llama-cpp-python {found['version']})",
            context=context,
            batch=1,
            prefill_tok_s=prefill,
            decode_tok_s=decode,
        )


def _result(printed: str, name: str) -> dict[str, Any]:
    """The one line a script of ours prints for us."""
    line = next((line for line in printed.splitlines() if line.startswith("RESULT")), None)
    if line is None:
        raise Infrastructure(f"{name} ended without a result", hint=f"its last words: {printed[-300:]}")
    return dict(json.loads(line.removeprefix("RESULT")))


def _run(command: list[str], stdin: str, name: str) -> str:
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=TIMEOUT_S, check=True)
    except subprocess.CalledProcessError as error:
        raise Infrastructure(f"{name} failed: {(error.stderr or error.stdout or '').strip()[-500:]}") from error
    except subprocess.TimeoutExpired as error:
        raise Infrastructure(f"{name} did not end within {TIMEOUT_S} s") from error
    return done.stdout
