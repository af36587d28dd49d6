from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from gemstead.core.errors import SandboxUnavailable
from gemstead.sandbox import kernel, ladder, landlock, layout, selftest, server
from gemstead.sandbox.base import Limits
from tests.sandbox.rungs import ROOT, RUNGS, linux_only, require, root_only

pytestmark = linux_only
HOLDER = """
import sys, time
from gemstead.evals.score import Job, Judge
from tests.sandbox.corpus import ADDITION
with Judge(workers=2, rung=sys.argv[1]) as judge:
    looping = Job(key="x", problem=ADDITION, program="def f(a, b):\\n    while True: pass")
    futures = [judge.submit(looping) for _ in range(2)]
    while len(judge._running_workers) < 2:
        time.sleep(0.05)
    time.sleep(0.5)
    print(*(worker.process.pid for worker in judge._running_workers.values()), flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("rung", RUNGS)
def test_a_rung_says_what_it_enforces(rung: str) -> None:
    require(rung)
    found = ladder.probe(rung=rung)
    assert found.name == rung
    assert found.stamp == rung
    assert {"seccomp", "resource limits"} <= set(found.enforced)
    assert f"user {os.getuid()}" not in found.enforced or os.getuid() != 0
    assert bool(found.missing) == (rung == "landlock") or not landlock.abi()


def test_higher_rungs_that_fail_are_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    require("landlock")
    monkeypatch.setattr(shutil, "which", lambda *args, **named: "/bin/false")
    found = ladder.probe()
    assert found.name in ("namespaces", "landlock")
    assert found.refused[0].rung == "bubblewrap"
    assert "did not start" in found.refused[0].reason


def test_a_canary_that_comes_back_refuses_the_rung(monkeypatch: pytest.MonkeyPatch) -> None:
    require("landlock")
    leaky = "def canary(secret, home):\n    return {'read a file of the user': 'was not refused'}\n"
    monkeypatch.setattr(ladder.canary, "PROGRAM", leaky)
    with pytest.raises(SandboxUnavailable, match="read a file of the user was not refused") as caught:
        ladder.probe()
    assert caught.value.hint is not None


def test_nothing_runs_unconfined_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    require("landlock")
    monkeypatch.setattr(ladder, "RUNGS", ())
    with pytest.raises(SandboxUnavailable):
        ladder.probe()
    assert ladder.probe(allow_unconfined=True).stamp == "unsandboxed"


@pytest.mark.parametrize("platform, cure", [("darwin", "virtual machine"), ("win32", "WSL2")])
def test_other_systems_get_a_clear_refusal(platform: str, cure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(SandboxUnavailable) as caught:
        ladder.probe(allow_unconfined=True)
    assert cure in str(caught.value)


def test_an_unknown_processor_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "machine", lambda: "riscv64")
    with pytest.raises(SandboxUnavailable, match="riscv64"):
        ladder.probe()


def test_an_unknown_rung_is_refused() -> None:
    with pytest.raises(SandboxUnavailable, match="docker"):
        ladder.probe(rung="docker")


@root_only
def test_root_becomes_a_user_that_its_namespace_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_text", lambda *_: "0 1000 1\n1 100000 65536\n")
    assert ladder._guest_id() == ladder.NOBODY
    monkeypatch.setattr(Path, "read_text", lambda *_: "0 1000 1\n")
    with pytest.raises(ladder.WorkerFailed, match="no other user"):
        ladder._guest_id()


@root_only
@pytest.mark.parametrize("rung", RUNGS)
def test_packages_below_a_closed_directory_are_still_importable(
    rung: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require(rung)
    closed = tmp_path / "closed"
    package = closed / "site-packages" / "numpy"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("import os\nanswer = 42\n")
    (closed / "site-packages" / "solutions.py").write_text("stolen = 1\n")
    closed.chmod(0o700)
    monkeypatch.setattr(layout, "_packages", lambda: [("numpy", str(package))])
    ground = ladder.climb(rung=rung)
    try:
        worker = ground.start_worker(0)
        program = (
            "import numpy, csv, sqlite3\ndef f(a):\n    try:\n        import solutions\n        return 0\n"
            "    except ImportError:\n        return numpy.answer"
        )
        job = {"program": program, "entry_point": "f", "helpers": "", "check": None, "args": [1], "seed": 0}
        outcome = worker.run({**job, "limits": asdict(Limits())}, 20)
        worker.close()
    finally:
        ground.close()
    assert outcome["value"] == 42, outcome


def test_no_installed_package_is_within_reach() -> None:
    found = layout.find_layout()
    for path in found.readable:
        assert not {"site-packages", "dist-packages"} & set(Path(path).parts), path
    assert {name for name, _ in found.packages} <= set(layout.GUEST_PACKAGES)


@pytest.mark.parametrize("rung", RUNGS)
def test_everything_dies_with_its_owner(rung: str) -> None:
    require(rung)
    before = {path.name for path in Path("/tmp").glob("gemstead-sandbox-*")}
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, rung],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": f"{ROOT}/src:{ROOT}"},
    )
    assert holder.stdout is not None
    workers = {int(word) for word in holder.stdout.readline().split()}
    started = workers | descendants(workers)
    assert len(started) >= 6  # two workers, two fork-servers, two guests
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    deadline = time.monotonic() + 5
    while (alive := {pid for pid in started if is_alive(pid)}) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive
    assert {path.name for path in Path("/tmp").glob("gemstead-sandbox-*")} <= before


def stat_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def is_alive(pid: int) -> bool:
    try:
        return stat_of(pid)[0] not in "ZX"
    except OSError:
        return False


def descendants(roots: set[int]) -> set[int]:
    found, fresh = set[int](), set(roots)
    while fresh:
        below = set()
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if int(stat_of(int(entry.name))[1]) in fresh:
                        below.add(int(entry.name))
                except OSError:
                    continue
        fresh = below - found
        found |= below
    return found


def test_the_self_test_holds_here() -> None:
    require("landlock")
    results = selftest.run()
    assert [result for result in results if not result.ok] == []
    assert len(results) > 10


def test_emptying_a_directory_survives_depth_links_and_modes(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("x")
    job = tmp_path / "job"
    job.mkdir()
    os.chdir(job)
    try:
        (job / "link").symlink_to(outside)
        (job / "dangling").symlink_to("nowhere")
        (job / ".0").write_text("x")
        for _ in range(1500):
            Path("d").mkdir()
            Path("d", "file").write_text("x")
            os.chdir("d")
    finally:
        os.chdir(ROOT)
    (job / "closed").mkdir(mode=0)
    server.empty(str(job))
    assert list(job.iterdir()) == []
    assert (outside / "kept").read_text() == "x"


def test_deep_and_wide_directories_count_as_too_much(tmp_path: Path) -> None:
    assert not server._holds_too_much(str(tmp_path), 100)
    (tmp_path / "file").write_text("x" * 101)
    assert server._holds_too_much(str(tmp_path), 100)


def test_landlock_rights_grow_with_the_abi() -> None:
    assert landlock.handled(1) == (0x1FFF, 0, 0)
    assert landlock.handled(2)[0] == 0x3FFF
    assert landlock.handled(3)[0] == 0x7FFF
    assert landlock.handled(4) == (0x7FFF, 3, 0)
    assert landlock.handled(5)[0] == 0xFFFF
    assert landlock.handled(6) == landlock.handled(7) == (0xFFFF, 3, 3)


def test_machines_are_named_as_the_filters_name_them() -> None:
    assert kernel.machine() in kernel.PIVOT_ROOT
