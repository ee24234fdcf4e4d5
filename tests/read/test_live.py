"""Functions of a running notebook: their text, their cell and line, and the objects themselves."""

from __future__ import annotations

import functools
import linecache
import os
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import whygrad
from whygrad.errors import UnreadableError, UsageError
from whygrad.read.live import read_live
from whygrad.records import Location

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = """import numpy as np

def helper(x):
    return Scale().times(x)

class Scale:
    factor = 2

    def times(self, x):
        return self.factor * x

lstm_cell_backward = lambda da, dc, cache: helper(da)

def wrap(f):
    return f

if True:
    @wrap
    def lstm_backward(da, caches):
        return helper(da)
"""


def ran(filename: str, text: str = TEXT, *, known: bool = True) -> dict[str, Any]:
    """The globals after a cell was executed; ``known`` says whether its text is kept, as IPython keeps it."""
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(text, filename, "exec"), space)  # noqa: S102 - our own cell
    if known:
        linecache.cache[filename] = len(text), None, text.splitlines(keepends=True), filename
    return space


def test_globals_give_the_functions_and_their_helpers() -> None:
    """The assignment's functions, what they call and what decorates them are pieces, a lambda too, each in its cell."""
    space = ran("<ipython-input-3-0a1b2c>")
    source = read_live(space)
    assert [piece.names[0] for piece in source.pieces] == ["helper", "Scale", "lstm_cell_backward", "wrap", "lstm_backward"]
    assert source.live == {name: space[name] for name in ("lstm_cell_backward", "lstm_backward")}
    assert not source.without_source
    assert source.location("this notebook, cell 3", 20, 5) == Location(
        "this notebook, cell 3", 20, 9, "return helper(da)", "this notebook", 3
    )
    assert source.location("<ipython-input-3-0a1b2c>", 20, 9) == source.location("this notebook, cell 3", 20, 5)
    assert source.definition("lstm_backward") == Location(
        "this notebook, cell 3", 19, 5, "def lstm_backward(da, caches):", "this notebook", 3
    )


def test_a_function_without_a_name_of_its_own_is_found_by_its_place() -> None:
    """A lambda, or what a decorator made, has the name under which it stands among the globals."""
    space = ran("<ipython-input-4-0a1b2c>")
    assert set(read_live([space["lstm_cell_backward"]]).live) == {"lstm_cell_backward"}


def test_a_new_kernels_file_names_are_asked_of_ipython(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where IPython says which cell a file name stands for, that is the cell; else the file is named."""
    filename = "/tmp/ipykernel_1/22.py"  # noqa: S108 - a name, no file
    space = ran(filename)
    assert read_live([space["lstm_backward"]]).pieces[0].source == filename
    shell = SimpleNamespace(compile=SimpleNamespace(format_code_name={filename: ("Cell", "In[7]")}.get))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert read_live([space["lstm_backward"]]).pieces[0].source == "this notebook, cell 7"


def test_functions_without_text_are_named() -> None:
    """What came from exec, or is no plain function, is at hand but has no piece."""
    space = ran("<string>", known=False)
    compiled = functools.partial(space["lstm_backward"])
    source = read_live({"lstm_backward": space["lstm_backward"], "lstm_forward": compiled, "rnn_forward": 3})
    assert source.pieces == ()
    assert source.without_source == ("lstm_forward", "lstm_backward")
    assert set(source.live) == {"lstm_forward", "lstm_backward"}


def test_a_wrapped_function_gives_its_own_text() -> None:
    """A wrapper that says what it wraps is looked through; a function within another is moved to the left margin."""

    def logged(function: Callable[..., Any]) -> Callable[..., Any]:
        return functools.wraps(function)(lambda *arguments: function(*arguments) + 1)

    @logged
    def lstm_backward(da: float, caches: float) -> float:
        return da + caches

    (piece,) = read_live([lstm_backward]).pieces
    assert piece.text.startswith("@logged\ndef lstm_backward(da: float, caches: float) -> float:\n    return da")
    assert piece.source in {__file__, os.path.relpath(__file__)}


def test_what_a_decorator_has_wrapped_without_saying_so() -> None:
    """Its own name stands for the wrapper; a function that another one only calls is no such thing."""
    wrapper = "def timed(f):\n    def g(*a):\n        return f(*a)\n    return g\n\n"
    cell = "@timed\ndef lstm_backward(da, caches):\n    return {}\n\n"
    maker = "def made(f):\n    def lstm_forward(x, a0, p):\n        return f\n    return lstm_forward\n\n"
    space = ran("/somewhere/timed.py", f"{wrapper}{cell}{maker}lstm_forward = made(lstm_backward)\n")
    found = {piece.names: piece.text.partition("(")[0] for piece in read_live(space).pieces}
    assert found["lstm_backward",] == "@timed\ndef lstm_backward"
    assert found["lstm_forward",] == "def lstm_forward"


def test_a_method_of_an_object_is_turned_into_a_function() -> None:
    """The object is at hand by the name that the method has for it; a decorated method has no text."""

    class Network:
        def lstm_backward(self, da: object, caches: object) -> dict[str, object]:
            return {"da": da, "caches": caches, "self": self}

        @functools.cache  # noqa: B019 - whatever it does
        def rnn_backward(self, da: object, caches: object) -> dict[str, object]:
            return {"da": da, "caches": caches}

    network = Network()
    method = network.lstm_backward
    source = read_live([method])
    assert [piece.text.split("\n")[0] for piece in source.pieces] == ["def lstm_backward(da: object, caches: object) -> dict[str, object]:"]
    assert (source.without_source, source.live, source.around) == ((), {"lstm_backward": method}, {"self": network})
    assert read_live([network.lstm_backward, method]).live == source.live
    assert whygrad.diagnose(method).result.functions[-1].says.startswith("returns a dictionary without the keys")
    assert read_live({"rnn_backward": functools.partial(network.rnn_backward)}).without_source == ("rnn_backward",)


MADE = """
def doubled(function):
    def of_twice(da, caches):
        return function(2 * da, caches)
    return of_twice

def make(scale):
    calls = 0
    @doubled
    def within(da, caches):
        nonlocal calls
        calls += scale
        return {}
    def own(da, caches):
        nonlocal calls
        return within(da, caches)
    return own

lstm_backward = make(3)
"""


def test_what_a_function_reads_of_the_one_around_it_is_at_hand() -> None:
    """Its own functions and decorators come along, what it changes there is global, and it has the name under which it stands."""
    space = ran("/somewhere/made.py", MADE)
    source = read_live(space)
    assert {name for piece in source.pieces for name in piece.names} == {"doubled", "of_twice", "within", "lstm_backward"}
    assert {name: value for name, value in source.around.items() if not callable(value)} == {"calls": 0, "scale": 3}
    assert all("nonlocal" not in piece.text for piece in source.pieces)
    assert not source.without_source


def test_a_module_that_was_loaded_anew_is_read_anew(tmp_path: Path) -> None:
    """Though somebody has looked at its lines before."""
    path = tmp_path / "mine.py"
    for first in ("", "\n\n# an edit\n"):
        text = f"{first}def lstm_backward(da, caches):\n    return {{}}\n"
        path.write_text(text, encoding="utf-8")
        (piece,) = read_live(ran(str(path), text, known=False)).pieces
        assert piece.line == text.count("\n") - 1


def test_a_function_of_another_file_is_told_with_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And where that file was edited since, that it is another one now."""
    monkeypatch.chdir(tmp_path)
    path, text = tmp_path / "mine.py", "def lstm_backward(da, caches):\n    return {}\n"
    path.write_text(text, encoding="utf-8")
    space = ran(str(path), text, known=False)
    source = read_live(space)
    assert source.location(str(path), 2) == source.location("mine.py", 2)
    assert (source.pieces[0].source, source.location("mine.py", 2).file) == ("mine.py", "this notebook")
    path.write_text(f"# an edit\n\n\n{text}", encoding="utf-8")
    assert read_live(space).said == ("mine.py is not what lstm_backward was loaded from any more: load it anew",)


def test_a_name_that_is_nearly_right_is_told() -> None:
    """As of a file; and a name that stands for something else by now."""
    space = ran(
        "/somewhere/near.py", "def lstm_cell_backwards(da, dc, cache):\n    return {}\n\ndef rnn_forward(x, a0, p):\n    return {}\n"
    )
    said = "lstm_cell_backwards is defined, but I look for lstm_cell_backward"
    assert read_live(space).said == (said,)
    assert read_live({**space, "rnn_backward": "x"}).said == (said, "rnn_backward is str and no function; run the cell that defines it")
    del space["rnn_forward"]
    for alone in (space, [space["lstm_cell_backwards"]]):
        with pytest.raises(UnreadableError, match=r"^lstm_cell_backwards is defined here, but I look for lstm_cell_backward; give the "):
            read_live(alone)


def test_what_is_no_function_is_said_so() -> None:
    """Other things than functions, two of one name, and globals without one of the functions, are answered with one sentence."""
    with pytest.raises(UsageError, match=r"^One of the things given is no function but int; give functions, or globals\(\)\.$"):
        read_live([3])
    cells = [ran(f"/somewhere/{name}.py")["lstm_cell_backward"] for name in ("before", "after")]
    with pytest.raises(UsageError, match=r"^Two of the functions given are called lstm_cell_backward; give one of them\.$"):
        read_live(cells)
    assert set(read_live([cells[0], cells[0]]).live) == {"lstm_cell_backward"}
    for nothing in ({}, [], [len]):
        with pytest.raises(UnreadableError, match=r"^None of the functions that I know is defined here; I look for rnn_cell_forward, "):
            read_live(nothing)
    with pytest.raises(UsageError, match=r"^a dictionary of gradients was given: give globals\(\), the functions, or what the check "):
        read_live({"dWf": 1.0, "dbf": 2.0})


def test_a_partial_function_is_found_by_its_place() -> None:
    """It has no name of its own."""
    space = ran("/somewhere/partial.py", "import functools\ndef own(da, caches, power):\n    return {}\n")
    space["lstm_backward"] = functools.partial(space["own"], power=2)
    assert set(read_live([space["lstm_backward"]]).live) == {"lstm_backward"}


def test_an_object_that_can_be_called_has_no_name() -> None:
    """In a dictionary it has one; a partial function has that of the function within."""
    space = ran("/somewhere/within.py", "class Layer:\n    def __call__(self, da, caches):\n        return {}\n")
    with pytest.raises(UsageError, match=r"^An object of type Layer has no name .*; give it in a dictionary .*diagnose\(\{'lstm_backward'"):
        read_live([space["Layer"]()])
    assert set(read_live({"lstm_backward": space["Layer"]()}).live) == {"lstm_backward"}
    cell = ran("/somewhere/inner.py", "def lstm_cell_backward(da, dc, cache):\n    return {}\n")["lstm_cell_backward"]
    assert set(read_live([functools.partial(cell)]).live) == {"lstm_cell_backward"}


def test_a_function_of_the_assignment_that_is_called_is_judged_too() -> None:
    """Given is one; the other comes along with its text, and must not be answered for by the right one that would stand in its place."""
    cell = "def lstm_cell_backward(da, dc, cache):\n    return {}\n"
    loop = "def lstm_backward(da, caches):\n    return lstm_cell_backward(da, da, caches)\n"
    space = ran("/somewhere/called.py", cell + loop)
    assert read_live([space["lstm_backward"]]).live == {name: space[name] for name in ("lstm_cell_backward", "lstm_backward")}
    assert set(read_live({"lstm_backward": space["lstm_backward"]}).live) == {"lstm_cell_backward", "lstm_backward"}


def test_whygrads_own_functions_are_not_taken() -> None:
    """Who has imported one to compare with has not written it; one that is given by itself is asked for."""
    from whygrad import lstm_forward  # noqa: PLC0415 - what the notebook does

    source = read_live({**ran("/somewhere/compared.py"), "lstm_forward": lstm_forward})
    assert set(source.live) == {"lstm_backward", "lstm_cell_backward"}
    assert source.imports == {"whygrad": ("lstm_forward",)}
    with pytest.raises(
        UnreadableError, match=r"^lstm_forward: that is whygrad's own and not your code; give me functions that you wrote\.$"
    ):
        read_live({"lstm_forward": lstm_forward})
    assert set(read_live([lstm_forward]).live) == {"lstm_forward"}
