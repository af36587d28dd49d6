"""Many machines: the same run as on one, whatever dies meanwhile, and no node that would answer differently."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gemstead import __version__
from gemstead.core.errors import BadRequest, GemsteadError, Infrastructure, OutOfCapacity
from gemstead.core.generator import Description
from gemstead.evals.distribute import Measure, Prepared, Worker, code_digest
from gemstead.evals.fleet import Node, Share, connected, plan_shares
from gemstead.evals.store import Store
from tests.tiny_checkpoint import write_tiny_checkpoint

ROOT = Path(__file__).parents[2]


class TwoNodes:
    """A cluster on this machine, in a process of its own."""

    def __init__(self, hubs: list[Path], home: Path) -> None:
        pytest.importorskip("ray", reason="Ray is not installed")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.evals.ray_cluster", *map(str, hubs)],
            cwd=ROOT, env={**os.environ, "GEMSTEAD_HOME": str(home), "RAY_USAGE_STATS_ENABLED": "0"}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()
        assert ":" in self.address

    def do(self, command: str) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        print(command, file=self._process.stdin, flush=True)
        assert self._process.stdout.readline() == "done\n"

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)
        self._process.stdout.close()


@pytest.fixture(scope="module")
def hubs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Hub caches of two nodes, with different weights under one name."""
    caches = []
    for seed in (0, 1):
        cache = tmp_path_factory.mktemp("hub")
        repository = cache / "models--tiny--gemma"
        (repository / "refs").mkdir(parents=True)
        (repository / "refs" / "main").write_text("c" * 40)
        write_tiny_checkpoint(repository / "snapshots" / ("c" * 40), seed=seed)
        caches.append(cache)
    return caches


@pytest.fixture
def cluster(hubs: list[Path], tmp_path: Path) -> Iterator[TwoNodes]:
    nodes = TwoNodes(hubs, tmp_path / "nodes")
    yield nodes
    nodes.close()


def evaluate(store: Path, *arguments: object, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "gemstead", "eval", "humaneval", "--store", str(store), *map(str, arguments)],
        cwd=ROOT, env={**os.environ, "COLUMNS": "200", "HF_HUB_OFFLINE": "1", **environment}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


def comparable(file: Path) -> dict[str, Any]:
    """All that may not depend on where a run ran: everything but clocks."""
    store = Store(file)
    (run,) = store.runs()
    answers, verdicts = store.answers(run.id), store.verdicts(run.id, run.scoring)
    return {
        "key": run.key,
        "answers": {
            k: (a.key, list(a.prompt_ids), a.text, list(a.token_ids), a.finish, a.seed) for k, a in answers.items()
        },
        "verdicts": {k: (v.program, v.how, v.status, v.passed, v.detail) for k, v in verdicts.items()},
    }


def by_node(file: Path) -> Counter[str]:
    """How many stored answers each node gave."""
    if not file.exists():
        return Counter()
    store = Store(file)
    found = Counter(str(a.details["node"]) for run in store.runs() for a in store.answers(run.id).values())
    store.close()
    return found


def wait_until(is_so: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    while not is_so():
        assert process.poll() is None, process.communicate()
        time.sleep(0.3)


def test_a_node_killed_under_load_changes_nothing(cluster: TwoNodes, tmp_path: Path) -> None:
    asked = ("--limit", 30, "--max-tokens", 64, "--json")
    running = evaluate(tmp_path / "many.sqlite", *asked, "--batch", 2, "--ray", cluster.address)
    wait_until(lambda: len(by_node(tmp_path / "many.sqlite")) == 2, running)
    cluster.do("kill 1")
    before = by_node(tmp_path / "many.sqlite").total()
    code, out, err = finish(running)
    assert code == 0, err
    assert before < 30, "the node died too late to matter"
    assert "2 with 1 core" in err and "is lost; what it had in work is asked of others" in err
    assert json.loads(out)["summary"]["num_samples"] == 30, "nothing but data goes to standard output"
    assert len(by_node(tmp_path / "many.sqlite")) == 2
    code, _, err = finish(evaluate(tmp_path / "one.sqlite", *asked))
    assert code == 0, err
    assert comparable(tmp_path / "many.sqlite") == comparable(tmp_path / "one.sqlite")


@pytest.mark.slow
def test_a_run_whose_nodes_all_died_is_kept_and_finished_when_one_comes_back(cluster: TwoNodes, tmp_path: Path) -> None:
    asked = ("--limit", 24, "--max-tokens", 120, "--batch", 2)
    file = tmp_path / "runs.sqlite"
    running = evaluate(file, *asked, "--ray", cluster.address, "--ray-patience", 3)
    wait_until(lambda: by_node(file).total() > 1, running)
    cluster.do("kill 0")
    cluster.do("kill 1")
    code, _, err = finish(running)
    (run,) = Store(file).runs()
    assert code == 1 and f"--resume {run.id}" in err, err
    stored = by_node(file).total()
    assert 1 < stored < 24
    cluster.do("mourn")
    code, _, err = finish(evaluate(file, *asked, "--ray", cluster.address, "--resume", run.id, "--ray-patience", 3))
    assert code != 0 and "needs one core, and the cluster lends" in err
    cluster.do("add")
    code, _, err = finish(evaluate(file, *asked, "--ray", cluster.address, "--resume", run.id))
    assert code == 0, err
    code, _, err = finish(evaluate(tmp_path / "one.sqlite", *asked))
    assert comparable(file) == comparable(tmp_path / "one.sqlite")


@pytest.mark.slow
def test_a_node_with_other_weights_is_refused_by_name(cluster: TwoNodes, hubs: list[Path], tmp_path: Path) -> None:
    file, asked = tmp_path / "runs.sqlite", ("--limit", 2, "--max-tokens", 8)
    command = (*asked, "--model", "tiny/gemma", "--ray", cluster.address)
    code, _, err = finish(evaluate(file, *command, HF_HUB_CACHE=str(hubs[0])))
    assert code == 0 and len(by_node(file)) == 1, err
    code, _, err = finish(evaluate(file, *asked, "--model", "tiny/nonesuch", "--ray", cluster.address))
    assert code == 2 and "no worker of the cluster can be used: node " in err and "gemstead pull tiny/nonesuch" in err


@pytest.mark.slow
def test_precisions_and_tasks_are_compared_on_a_cluster_as_on_one_machine(cluster: TwoNodes, tmp_path: Path) -> None:
    folder = write_tiny_checkpoint(tmp_path / "m")
    asked = (
        "--limit",
        4,
        "--model",
        folder,
        "--precision",
        "bf16,int4",
        "--max-tokens",
        12,
        "--json",
    )
    code, many, err = finish(evaluate(tmp_path / "many" / "runs.sqlite", *asked, "--ray", cluster.address))
    assert code == 0, err
    code, one, err = finish(evaluate(tmp_path / "one" / "runs.sqlite", *asked))
    assert code == 0, err
    assert json.loads(many)["differences"] == json.loads(one)["differences"]
    assert json.loads(one)["differences"][0]["agreement"]["tokens"] > 0


@pytest.mark.slow
def test_a_cluster_of_another_ray_is_refused_with_both_versions(cluster: TwoNodes) -> None:
    program = f"""
import ray
ray.__version__ = "1.2.3"
from gemstead.core.errors import BadRequest
from gemstead.evals.fleet import connected
try:
    with connected("{cluster.address}"):
        pass
except BadRequest as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=100, cwd=ROOT)
    assert "the cluster runs other versions" in done.stdout and "Ray: 1.2.3" in done.stdout, done
    assert "hint: install the cluster's versions of Python and Ray here" in done.stdout


def nodes(*lent: tuple[int, int]) -> list[Node]:
    return [Node(name=f"10.0.0.{n}", cpus=cpus, gpus=gpus) for n, (cpus, gpus) in enumerate(lent)]


@pytest.mark.parametrize(
    ("lent", "device", "cores", "shares"),
    [
        ([(8, 2), (4, 0)], "cuda", None, [Share(cpus=1, gpus=1)] * 2),
        ([(0, 1)], "cuda", None, [Share(cpus=0, gpus=1)]),
        ([(8, 2), (4, 0)], "cpu", None, [Share(cpus=8, gpus=0), Share(cpus=4, gpus=0)]),
        ([(8, 0), (5, 0), (1, 0)], "cpu", 2, [Share(cpus=2, gpus=0)] * 6),
        ([(0, 0), (2, 0)], "cpu", 1, [Share(cpus=1, gpus=0)] * 2),
    ],
)
def test_a_gpu_or_a_share_of_the_cores_is_one_worker(
    lent: list[tuple[int, int]], device: str, cores: int | None, shares: list[Share]
) -> None:
    assert plan_shares(nodes(*lent), device=device, cores=cores) == shares


@pytest.mark.parametrize(("device", "cores", "says"), [("cuda", None, "one GPU"), ("cpu", 4, "4 cores")])
def test_a_cluster_without_resources_is_told_with_what_it_has(device: str, cores: int | None, says: str) -> None:
    with pytest.raises(OutOfCapacity, match=rf"{says}, and the cluster lends 10.0.0.0: 2 cores, 0 GPUs") as caught:
        plan_shares(nodes((2, 0)), device=device, cores=cores)
    assert "--ray-cores" in str(caught.value.hint)


@pytest.mark.parametrize("address", ["nonsense", "host:port", ":6379", "local", "10.0.0.1:"])
def test_what_is_no_address_is_said_at_once(address: str) -> None:
    with pytest.raises(BadRequest, match="is no address of a cluster"), connected(address):
        pass


def test_an_address_where_nobody_listens_is_said_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    start = time.monotonic()
    with (
        pytest.raises(Infrastructure, match="no cluster can be reached there") as caught,
        connected(f"127.0.0.1:{port}"),
    ):
        pass
    assert "ray start --head" in str(caught.value.hint) and time.monotonic() - start < 5


def test_without_the_extra_the_flag_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(BadRequest, match="Ray, which is not installed") as caught, connected("auto"):
        pass
    assert caught.value.hint == "pip install 'gemstead[ray]'"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--ray", "auto", "--endpoint", "http://localhost:1/v1"), "an endpoint has machines of its own"),
        (("--ray", "auto", "--rescore", "x"), "no model is asked"),
        (("--ray-cores", "2"), "add `--ray ADDRESS`"),
    ],
)
def test_a_cluster_where_it_makes_no_sense_is_refused(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    code, _, err = finish(evaluate(tmp_path / "runs.sqlite", *arguments))
    assert code == 2 and says in err


def prepared(**changes: Any) -> Prepared:
    details = {"kernels": "reproducible", "compute_dtype": "float32", "max_sequences": 8, "drafter": None}
    model = Description(
        name="m", family="gemma4", precision="bf16", device="cpu", context_tokens=512, fingerprint="f" * 64,
        details=details | changes.pop("details", {}),
    )  # fmt: skip
    own = {name: changes.pop(name) for name in list(changes) if name in ("torch", "processor")}
    facts = {"gemstead": __version__, "code": "c", "torch": "2.13.0", "processor": "a CPU", **own}
    return Prepared(models=(replace(model, **changes),), **facts)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"fingerprint": "a" * 64}, "weights aaaaaaaaaaaa there, ffffffffffff here"),
        ({"precision": "int8"}, "precision int8 there, bf16 here"),
        ({"device": "cuda"}, "device cuda there, cpu here"),
        ({"details": {"compute_dtype": "bfloat16"}}, "numbers bfloat16 there, float32 here"),
        ({"details": {"drafter": {"name": "lookup"}}}, "drafter"),
        ({"context_tokens": 256}, "context 256 there, 512 here"),
        ({"torch": "2.11.0"}, "torch 2.11.0 there, 2.13.0 here"),
    ],
)
def test_a_worker_that_would_answer_differently_is_refused(changes: dict[str, Any], says: str) -> None:
    measure = Measure(None, lambda line: None)
    assert measure("first", prepared()) == 9
    with pytest.raises(BadRequest, match=says):
        measure("other", prepared(**changes))
    assert measure("third", prepared()) == 9


def test_the_drivers_own_weights_are_the_measure_also_of_the_first_worker() -> None:
    with pytest.raises(BadRequest, match="weights ffffffffffff there, bbbbbbbbbbbb here"):
        Measure("b" * 64, lambda line: None)("first", prepared())


def test_machines_that_may_round_differently_are_told() -> None:
    said: list[str] = []
    measure = Measure(None, said.append)
    for name, processor in (("one", "a CPU"), ("two", "a CPU"), ("three", "another CPU")):
        measure(name, prepared(processor=processor))
    assert len(said) == 1 and "three computes on another CPU, others on a CPU" in said[0]


@pytest.mark.parametrize(("version", "code"), [("0.0.0", code_digest()), (__version__, "0" * 64)])
def test_a_worker_with_another_gemstead_loads_nothing_and_says_so(version: str, code: str) -> None:
    refusal = asyncio.run(Worker().prepare(version, code, "nonesuch", [{}]))
    assert isinstance(refusal, BadRequest) and f"gemstead is {__version__} ({code_digest()[:12]}) there" in str(refusal)


def test_what_a_worker_cannot_load_comes_back_as_the_error_it_is() -> None:
    refusal = asyncio.run(Worker().prepare(__version__, code_digest(), "no/such-model", [{}]))
    assert isinstance(refusal, GemsteadError) and refusal.hint == "gemstead pull no/such-model"
