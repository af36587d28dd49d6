"""`gemstead eval TASK --ray ADDRESS`: what concerns clusters alone. The run itself is like any other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gemstead.core.errors import BadRequest

if TYPE_CHECKING:
    from gemstead.evals.progress import Watch
    from gemstead.evals.sweep import Models

Address = Annotated[
    str | None,
    typer.Option(
        "--ray",
        metavar="ADDRESS",
        help="Let every GPU and node of a Ray cluster answer: auto on one of its machines, else HOST:PORT. "
        "Every node needs gemstead and the model.",
        show_default=False,
    ),
]
Cores = Annotated[
    int | None,
    typer.Option(
        "--ray-cores",
        help="Cores of one model on nodes without a GPU.",
        show_default="all of a node, or 1 for small models",
    ),
]
Patience = Annotated[
    float, typer.Option("--ray-patience", help="Seconds in which lost nodes may come back before a run stops.")
]


@dataclass(frozen=True, kw_only=True)
class ClusterOptions:
    """What was typed.

    Args:
        address: Of the cluster; `None` without.
        cores: Cores of one worker on a CPU.
        patience_s: See `fleet.PATIENCE_S`.
    """

    address: str | None
    cores: int | None
    patience_s: float

    def check(self, *, endpoint: str | None, rescore: str | None) -> None:
        """Refuse what makes no sense together.

        Raises:
            BadRequest: A cluster and an endpoint, a cluster without a model, or cores without a cluster.
        """
        if self.address is None:
            if self.cores is not None:
                raise BadRequest("--ray-cores is about a cluster, and none is named", hint="add `--ray ADDRESS`")
            return
        if endpoint is not None:
            raise BadRequest("--ray and --endpoint: an endpoint has machines of its own", hint="leave one of them out")
        if rescore is not None:
            raise BadRequest("--ray with --rescore: answers are judged here, no model is asked", hint="leave --ray out")

    @contextmanager
    def models(self, name: str, load: Mapping[str, Any], watch: Watch) -> Iterator[Models]:
        """Where models are loaded while this lasts: on the cluster, else here, fetched first if need be.

        Args:
            name: "pebble", a folder, or a Hub id.
            load: Fields of `LoadOptions`, without the precision.
            watch: Hears of what the cluster is made of, and who is refused or lost.

        Raises:
            GemsteadError: The cluster or the model is not there.
        """
        if self.address is None:
            from gemstead.checkpoints.hub import obtain_model
            from gemstead.evals.sweep import LocalModels

            obtain_model(name)
            yield LocalModels(name, load)
            return
        from gemstead.evals.distribute import ClusterModels
        from gemstead.evals.fleet import connected
        from gemstead.evals.progress import Remarked

        def say(line: str) -> None:
            watch(Remarked(text=f"cluster: {line}"))

        with connected(self.address) as cluster:
            models = ClusterModels(cluster, name, load, cores=self.cores, say=say, patience_s=self.patience_s)
            each = Counter("one GPU" if s.gpus else f"{s.cpus} core{'s' * (s.cpus > 1)}" for s in models.shares)
            workers = ", ".join(f"{count} with {share}" for share, count in sorted(each.items()))
            say(f"{len(cluster.nodes)} nodes at {self.address}, workers: {workers}")
            yield models
