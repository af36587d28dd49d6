"""gemstead: run Gemma on the machine you own, and prove what it scores there."""

__version__ = "0.1.0"
