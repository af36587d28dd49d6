"""`gemstead quantize`: write a checkpoint in few bits, and say how far it is from its source."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from gemstead.cli import options
from gemstead.cli.screen import out, talk

if TYPE_CHECKING:
    from gemstead.evals.agreement import Agreement

PROBLEMS_READ = 24
# A model that ends up here writes something else than its source: no figure of the source is true of it any more.
LEAST_SAME_TOP, MOST_KL_NATS = 0.7, 1.0


def quantize(
    model: Annotated[str, typer.Argument(help="pebble, a folder of safetensors, or a Hub id.")],
    out_folder: Annotated[Path, typer.Argument(metavar="OUT", help="Where it goes; must not be there yet.")],
    to: Annotated[Literal["int8", "int4"], typer.Option(help="Bits of projections and experts.")] = "int4",
    device: options.Device = None,
) -> None:
    """Write a compressed-tensors checkpoint; then both read the same programs: KL, top-1 and perplexity are told."""
    from gemstead.checkpoints.hub import find_model, obtain_model
    from gemstead.checkpoints.manifest import read_manifest
    from gemstead.checkpoints.quantize import write_quantized
    from gemstead.core.errors import BadRequest, Infrastructure
    from gemstead.hardware.units import gib

    if out_folder.exists():
        raise BadRequest(f"{out_folder} exists already; name a folder that does not")
    obtain_model(model)
    source = read_manifest(find_model(model))
    draft = out_folder.with_name(out_folder.name + ".part")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        write_quantized(source, to, draft)
        talk.print(f"written; {PROBLEMS_READ} programs are read by both models")
        found = measure(model, str(draft), device)
        if not (found.same_top >= LEAST_SAME_TOP and found.mean_kl_nats <= MOST_KL_NATS):
            raise Infrastructure(
                f"{to} destroys this model: KL {found.mean_kl_nats:.3g} nats a token (at most {MOST_KL_NATS:g} is "
                f"allowed), top-1 agreement {found.same_top:.1%} (at least {LEAST_SAME_TOP:.0%}); nothing was kept",
                hint="`--to int8` loses less" if to == "int4" else "is the source itself sound?",
            )
        draft.rename(out_folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    made = read_manifest(out_folder)
    if any(".experts." in name for name in made.packed):
        talk.print("experts are packed one matrix each: gemstead reads that, transformers does not")
    sizes = [sum(f.stat().st_size for f in manifest.weight_files) for manifest in (source, made)]
    of_source, of_made = found.perplexity
    out.print(
        f"{out_folder}: {to}, {gib(sizes[1])} (source {gib(sizes[0])}), KL {found.mean_kl_nats:.2g} nats a token, "
        f"top-1 agreement {found.same_top:.2%}, perplexity {of_made:.4g} (source {of_source:.4g}) "
        f"over {found.tokens} tokens of {PROBLEMS_READ} published programs"
    )


def measure(source: str, made: str, device: str | None) -> Agreement:
    """Let both read HumanEval's published solutions, the prompts included, and say how far apart they are."""
    from gemstead.core.errors import Infrastructure
    from gemstead.evals.agreement import agree_on_ids, pooled
    from gemstead.evals.tasks import find_task
    from gemstead.runtime import load

    held = {"device": device, "max_sequences": 1, "context": 64}
    with load(source, **held) as first, load(made, **held) as other:
        rows = []
        for problem in find_task("humaneval").problems()[:PROBLEMS_READ]:
            ids = first.tokenizer.encode(problem.canonical)
            start = [first.tokenizer.bos_id] if first.tokenizer.bos_id is not None else ids[:1]
            rows.append(agree_on_ids(first, other, start, ids, problem=problem.id))
    found = pooled(rows)
    if found is None:
        raise Infrastructure("no token was read, so that nothing can be said of the result")
    return found
