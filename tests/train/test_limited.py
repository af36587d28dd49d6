"""Blocks that do not come back are left."""

import sys
import time

import pytest

from gemstead.train.behaviour import limited


class Stubborn:
    """Its finalizer takes longer than the block may, and swallows what stops it there."""

    def __del__(self) -> None:
        end = time.process_time() + 0.1
        while time.process_time() < end:
            pass


def test_a_stop_swallowed_by_a_finalizer_is_tried_again() -> None:
    reached = False
    with limited(0.02):
        thing = Stubborn()
        reached = True
        del thing
        while True:
            pass
    assert reached


def test_what_else_could_not_be_raised_is_still_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: seen.append(unraisable.exc_value))

    class Broken:
        def __del__(self) -> None:
            raise ValueError("from a finalizer")

    with limited(1.0):
        thing = Broken()
        del thing
    assert [str(error) for error in seen] == ["from a finalizer"]


def test_the_hook_is_put_back() -> None:
    before = sys.unraisablehook
    with limited(1.0):
        pass
    assert sys.unraisablehook is before
