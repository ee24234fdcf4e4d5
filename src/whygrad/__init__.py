"""whygrad says why a hand-written gradient is wrong."""

__version__ = "0.1.0"
