"""The public names: all there, loaded at first use only."""

from __future__ import annotations

import subprocess
import sys

import pytest

import whygrad


def _run(code: str) -> str:
    """What a fresh interpreter prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout.strip()  # noqa: S603


def test_every_public_name_is_there() -> None:
    """Each name in ``__all__`` can be had, and ``dir`` shows it."""
    for name in whygrad.__all__:
        assert getattr(whygrad, name) is not None
        assert name in dir(whygrad)


def test_importing_the_package_imports_nothing_heavy() -> None:
    """``import whygrad`` alone loads neither NumPy nor any other room."""
    loaded = _run("import sys, whygrad; print(*(name for name in sys.modules if name.startswith(('numpy', 'rich', 'click', 'whygrad.'))))")
    assert not loaded


def test_the_functions_do_not_load_the_command_lines_needs() -> None:
    """A function from the assignment needs NumPy and nothing else from outside."""
    code = (
        "import sys; from whygrad import lstm_backward; print(*({'numpy', 'rich', 'click', 'msgspec', 'platformdirs'} & set(sys.modules)))"
    )
    assert _run(code) == "numpy"


@pytest.mark.parametrize("first", ["import whygrad.diagnose", "from whygrad.diagnose import diagnose_file", "from whygrad import diagnose"])
def test_diagnose_is_the_function_whatever_was_imported_first(first: str) -> None:
    """The module of the same name never takes the function's place."""
    assert (
        _run(f"{first}\nimport whygrad; from whygrad import diagnose; print(whygrad.diagnose is diagnose, diagnose.__name__)")
        == "True diagnose"
    )


@pytest.mark.parametrize("first", ["import whygrad.differentiate", "from whygrad.differentiate import complex_step", "import whygrad"])
def test_differentiate_is_the_function_and_recurrent_the_engine(first: str) -> None:
    """As the page of the Python names says, whatever was imported first."""
    code = f"{first}\nimport whygrad; print(whygrad.differentiate(lambda x: x**2, {{'x': 3.0}}).gradients['x'], whygrad.recurrent.__name__)"
    assert _run(code) == "6.0 whygrad.recurrent"


def test_an_unknown_name() -> None:
    """A name that is not there raises what Python raises."""
    with pytest.raises(AttributeError) as caught:
        _ = whygrad.nothing
    assert str(caught.value) == "module 'whygrad' has no attribute 'nothing'"


def test_running_a_check_loads_no_more_of_numpy_than_needed() -> None:
    """NumPy's dear corners, such as numpy.testing and f2py, stay unloaded when a check is run."""
    code = "import sys; from whygrad.assignments import SEQUENCE_MODELS; SEQUENCE_MODELS.run_check('lstm_backward')"
    corners = "{'numpy.testing', 'numpy.f2py'}"
    assert not _run(f"{code}; print(*{corners}.intersection(sys.modules))")
