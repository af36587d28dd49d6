"""gemstead: run Gemma on the machine you own, and prove what it scores there.

>>> import gemstead
>>> model = gemstead.load("pebble")
>>> model.chat("Write a function that adds two numbers.").text

>>> run = gemstead.evaluate("humaneval", model="pebble", limit=10)
>>> print(run.summary)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["evaluate", "load"]

if TYPE_CHECKING:
    from gemstead.evals.run import evaluate
    from gemstead.runtime import load


def __getattr__(name: str) -> Any:
    """Import the rooms behind the public names when they are first used: `import gemstead` stays fast."""
    if name == "load":
        from gemstead.runtime import load

        return load
    if name == "evaluate":
        from gemstead.evals.run import evaluate

        return evaluate
    raise AttributeError(f"module 'gemstead' has no attribute {name!r}")
