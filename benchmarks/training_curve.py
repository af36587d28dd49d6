"""`python -m benchmarks.training_curve TRAINING.json STEP=PASSED/TOTAL... OUT.svg`: loss and pass@1 against time."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import matplotlib
from matplotlib import pyplot

from gemstead.evals.stats import wilson


def draw(training: Path, scores: dict[int, tuple[int, int]], out: Path) -> None:
    """Draw both curves over the minutes of the run.

    Args:
        training: `training.json` of a run.
        scores: Step -> solved and asked, of snapshots and of the end.
        out: The picture.
    """
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "gemstead"  # the same picture from the same figures
    progress = json.loads(training.read_text(encoding="utf-8"))["progress"]
    history = progress["history"]
    minutes = [row["seconds"] / 60 for row in history]
    at = {row["step"]: row["seconds"] / 60 for row in history}
    figure, (above, below) = pyplot.subplots(2, 1, figsize=(7.2, 5.4), sharex=True, height_ratios=[3, 2])
    above.plot(minutes, [row["loss"] for row in history], color="#2b6cb0", label="training mixture")
    above.plot(minutes, [row["held_out_loss"] for row in history], color="#c05621", label="held-out problems, answers")
    above.set_yscale("log")
    above.set_ylabel("loss, nats a token")
    above.axvline(at[min(at, key=lambda step: abs(step - progress["decay_start"]))], color="#718096", linestyle=":")
    above.annotate(
        "the rate falls, weights move\nonto the int4 lattice", (0.52, 0.72), xycoords="axes fraction", size=8
    )
    above.legend(frameon=False)
    for step, (solved, asked) in sorted(scores.items()):
        x = at[min(at, key=lambda known: abs(known - step))]
        interval = wilson(solved, asked)
        share = solved / asked
        below.errorbar(
            x,
            100 * share,
            yerr=[[100 * (share - interval.low)], [100 * (interval.high - share)]],
            fmt="o",
            color="#2f855a",
            capsize=3,
        )
        below.annotate(f"{solved}/{asked}", (x, 100 * share), textcoords="offset points", xytext=(7, 3), size=8)
    below.set_ylabel("HumanEval pass@1, %")
    below.set_xlabel("minutes since the start (data, vocabulary and compilation included)")
    below.set_ylim(bottom=0)
    for axes in (above, below):
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(out, metadata={"Date": None})


def main() -> None:
    """Read the options and draw."""
    training, *pairs, out = sys.argv[1:]
    scores = {}
    for pair in pairs:
        step, _, score = pair.partition("=")
        solved, _, asked = score.partition("/")
        scores[int(step)] = (int(solved), int(asked))
    draw(Path(training), scores, Path(out))


if __name__ == "__main__":
    main()
