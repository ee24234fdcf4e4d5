"""whygrad says why a hand-written gradient is wrong.

``diagnose`` reads printed numbers and says which mistake prints them. The eight functions are the assignment's, written right.
``differentiate`` gives the derivatives of any function, and ``recurrent`` is the engine.
The names are loaded at first use, so that ``import whygrad`` costs next to nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whygrad import notebook, recurrent
    from whygrad.assignments.sequence_models.functions import (
        lstm_backward,
        lstm_cell_backward,
        lstm_cell_forward,
        lstm_forward,
        rnn_backward,
        rnn_cell_backward,
        rnn_cell_forward,
        rnn_forward,
    )
    from whygrad.diagnose import diagnose
    from whygrad.diagnosis import Diagnosis
    from whygrad.differentiate import Derivative, differentiate
    from whygrad.errors import (
        ArgumentError,
        ContentError,
        ImaginaryPartLostError,
        SandboxError,
        ShapeError,
        StructureError,
        UnreadableError,
        UsageError,
        WhygradError,
    )

__version__ = "0.1.0"

__all__ = [
    "ArgumentError",
    "ContentError",
    "Derivative",
    "Diagnosis",
    "ImaginaryPartLostError",
    "SandboxError",
    "ShapeError",
    "StructureError",
    "UnreadableError",
    "UsageError",
    "WhygradError",
    "__version__",
    "diagnose",
    "differentiate",
    "lstm_backward",
    "lstm_cell_backward",
    "lstm_cell_forward",
    "lstm_forward",
    "recurrent",
    "rnn_backward",
    "rnn_cell_backward",
    "rnn_cell_forward",
    "rnn_forward",
]


_NEEDED_LATER = ("platformdirs", "whygrad.from_numbers")
"""What ``diagnose`` loads only when a text is given to it: a file in its place is told of before."""


_CALLED_LIKE_MODULES = ("diagnose", "differentiate")


def _home(name: str) -> str:
    if name.endswith("Error"):
        return "whygrad.errors"
    if name in _CALLED_LIKE_MODULES:
        return f"whygrad.{name}"
    ours = {"Diagnosis": "whygrad.diagnosis", "Derivative": "whygrad.differentiate"}
    return ours.get(name, "whygrad.assignments.sequence_models.functions")


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "recurrent":
        return _imported("whygrad.recurrent")
    home = _home(name)
    before = _NEEDED_LATER if home == "whygrad.diagnose" else ()
    value = globals()[name] = getattr(_imported(*before, home), name)
    return value


def _imported(*names: str) -> ModuleType:
    """The last of these modules; where a file has taken the place of one that is needed, the error says so."""
    try:
        return [import_module(name) for name in names][-1]
    except (ImportError, AttributeError) as error:
        from whygrad.shadowing import taken_for_libraries  # noqa: PLC0415 - seldom needed

        says = taken_for_libraries(sys.path[0]) if sys.path else None
        if says is None:
            raise
        raise ImportError(says) from error


def load_ipython_extension(shell: notebook.Shell) -> None:
    """Called by ``%load_ext whygrad``: gives the notebook ``%whygrad`` and ``%%whygrad``."""
    _imported(*_NEEDED_LATER, "whygrad.notebook").load(shell)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """Keeps ``whygrad.diagnose`` a function: Python would put the module of the same name there when that is imported."""

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, vars(value)[name] if name in _CALLED_LIKE_MODULES and isinstance(value, ModuleType) else value)


sys.modules[__name__].__class__ = _Package
