"""An assignment: a reference program, its checks, what they print; and how an edited copy of it is run.

A function of the program is kept as its lines, one statement a line (`ast.unparse` writes it so). An edit replaces lines.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from functools import cached_property
from threading import local
from types import CodeType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from whygrad.assignments.flow import Flow
    from whygrad.assignments.vocabulary import Vocabulary

Namespace = dict[str, Any]
Lines = tuple[str, ...]


@dataclass(frozen=True)
class Assignment:
    """One course's exercise.

    ``program`` and ``checks`` are Python source texts; ``printed`` says which entries a check prints, ``keys`` which numbers the course
    expects per version, ``wrong_keys`` which of these a right program does not print and why. ``spellings`` gives other right ways to write
    an equation, ``misprints`` those that the course's own text printed wrongly, each with what is wrong, both by (function, quantity).
    ``stale`` tells which variables the cell of each check leaves behind in the notebook, drawn in which order and shape. ``vocabulary``
    knows what the names mean, ``habits`` how many of the ``programs`` that were read carry a mistake, by (mistake id, function or
    quantity). ``flows`` draw one time step of each function.
    """

    id: str
    title: str
    program: str
    checks: str
    printed: Mapping[str, tuple[tuple[str, tuple[int, ...]], ...]]
    keys: Mapping[str, Mapping[str, Mapping[str, str]]]
    wrong_keys: Mapping[tuple[str, str], str]
    spellings: Mapping[tuple[str, str], tuple[str, ...]]
    misprints: Mapping[tuple[str, str], tuple[tuple[str, str], ...]]
    stale: Mapping[str, str]
    vocabulary: Vocabulary
    habits: Mapping[tuple[str, str], float]
    programs: int
    flows: Mapping[str, Flow]

    @cached_property
    def functions(self) -> dict[str, Lines]:
        """The lines of every function of the program and of every check (named ``<function>_check``), in source order."""
        body = ast.parse(self.program).body + ast.parse(self.checks).body
        return {node.name: tuple(ast.unparse(node).splitlines()) for node in body if isinstance(node, ast.FunctionDef)}

    def arguments(self, function: str) -> tuple[str, ...]:
        """The names of a function's arguments, in order."""
        return tuple(self.functions[function][0].partition("(")[2].partition(")")[0].split(", "))

    @cached_property
    def _code(self) -> dict[str, CodeType]:
        return {name: compiled(lines) for name, lines in self.functions.items()}

    def with_check(self, check: str, lines: Lines, name: str) -> Assignment:
        """The assignment as it is for somebody who has changed one check; ``name`` goes into its id."""
        own = f"{check}_check"
        texts = ("\n".join(lines if function == own else body) for function, body in self.functions.items() if function.endswith("_check"))
        return replace(self, id=f"{self.id}-{name}", checks="\n".join(texts))

    def chain(self, check: str) -> tuple[str, ...]:
        """The learner's functions that a check runs, in the order in which they are written in the notebook."""
        return self._chains[check]

    @cached_property
    def _chains(self) -> dict[str, tuple[str, ...]]:
        texts = {name: "\n".join(lines[1:]) for name, lines in self.functions.items()}
        checks = {name.removesuffix("_check"): text for name, text in texts.items() if name.endswith("_check")}
        return {check: self._called_in(text, texts) for check, text in checks.items()}

    def _called_in(self, text: str, texts: Mapping[str, str]) -> tuple[str, ...]:
        names = list(self.vocabulary.roles)
        called = [name for name in names if f"{name}(" in text]
        for name in called:
            called += [inner for inner in names if inner not in called and f"{inner}(" in texts[name]]
        return tuple(name for name in names if name in called)

    def namespace(self, edited: Mapping[str, CodeType] | None = None, *, stream: np.random.RandomState | None = None) -> Namespace:
        """A fresh namespace with every function defined, those in ``edited`` by the given code instead.

        ``np`` in it is NumPy with a random stream of its own (or ``stream``), so a check's ``np.random.seed(1)`` never touches the user's.
        ``stale(check)`` gives the variables that the cell of an earlier check has left behind in the notebook.
        """
        space: Namespace = {"np": own_random_numpy(stream), "stale": self.left_behind}
        edited = edited or {}
        for name, code in self._code.items():
            exec(edited.get(name, code), space)  # noqa: S102 - our own program, or an edit of it
        return space

    def run_check(self, check: str, edited: Mapping[str, CodeType] | None = None) -> dict[str, Any]:
        """Run one check and return the gradients it prints from. An edited program may raise anything."""
        run: Callable[[], dict[str, Any]] = self.namespace(edited, stream=stream_of_thread())[f"{check}_check"]
        with np.errstate(all="ignore"):
            return run()

    def left_behind(self, check: str) -> dict[str, Any]:
        """The variables by name that the cell of ``check`` leaves in the notebook."""
        return {name: value.copy() for name, value in self._draws[check].items()}

    @cached_property
    def _draws(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for check, text in self.stale.items():
            draw = np.random.RandomState(1).randn
            shapes = (entry.split(":") for entry in text.split())
            found[check] = {name: draw(*map(int, shape.split(","))) for name, shape in shapes}
        return found


def compiled(lines: Lines) -> CodeType:
    """The code object that defines a function when executed."""
    return compile("\n".join(lines), f"<{lines[0]}>", "exec")


def own_random_numpy(stream: np.random.RandomState | None = None) -> SimpleNamespace:
    """NumPy's namespace with ``random`` replaced by ``stream``, or by an independent legacy generator (same stream for the same seed).

    With the thread's stream it is the same namespace each time, not to be written to: it has hundreds of names.
    """
    if stream is None or stream is not getattr(_THREAD, "stream", None):
        return SimpleNamespace(**_NUMPY, random=stream or np.random.RandomState(1))
    if not hasattr(_THREAD, "numpy"):
        _THREAD.numpy = SimpleNamespace(**_NUMPY, random=stream)
    return _THREAD.numpy


def stream_of_thread() -> np.random.RandomState:
    """A generator at its beginning, for a run that ends before the thread's next one: to make a new one takes as long as many a run."""
    if not hasattr(_THREAD, "stream"):
        _THREAD.stream = np.random.RandomState(1)
    _THREAD.stream.seed(1)
    return _THREAD.stream


_THREAD = local()
_NUMPY = {name: value for name, value in vars(np).items() if name != "random" and not name.startswith("_")}
"""What is loaded with NumPy. Asking for all of its public names would import numpy.testing and f2py, for longer than NumPy takes."""
