"""An assignment: a reference program, its checks, and what they print; and how an edited copy of it is run."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cached_property
from types import CodeType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Namespace = dict[str, Any]


@dataclass(frozen=True)
class Assignment:
    """One course's exercise.

    ``program`` and ``checks`` are Python source texts; ``printed`` says which entries a check prints, ``keys`` which numbers the
    course expects per version, ``wrong_keys`` which of these a right program does not print and why.
    """

    id: str
    title: str
    program: str
    checks: str
    printed: Mapping[str, tuple[tuple[str, tuple[int, ...]], ...]]
    keys: Mapping[str, Mapping[str, Mapping[str, str]]]
    wrong_keys: Mapping[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """Syntax trees of the program's functions and of the checks (named ``<function>_check``), in source order. Not to be changed."""
        body = ast.parse(self.program).body + ast.parse(self.checks).body
        return {node.name: node for node in body if isinstance(node, ast.FunctionDef)}

    @cached_property
    def _code(self) -> dict[str, CodeType]:
        return {name: compiled(node) for name, node in self.functions.items()}

    def namespace(self, edited: Mapping[str, ast.FunctionDef] | None = None) -> Namespace:
        """A fresh namespace with every function defined, those in ``edited`` from the given trees instead.

        ``np`` in it is NumPy with a random stream of its own, so a check's ``np.random.seed(1)`` never touches the user's.
        """
        edited = edited or {}
        space: Namespace = {"np": own_random_numpy()}
        for name, code in self._code.items():
            exec(compiled(edited[name]) if name in edited else code, space)  # noqa: S102 - our own program, or an edit of it
        return space

    def run_check(self, check: str, edited: Mapping[str, ast.FunctionDef] | None = None) -> dict[str, Any]:
        """Run one check and return the gradients it prints from. An edited program may raise anything."""
        space = self.namespace(edited)
        run: Callable[[], dict[str, Any]] = space[f"{check}_check"]
        with np.errstate(all="ignore"):
            return run()


def compiled(function: ast.FunctionDef) -> CodeType:
    """The code object that defines ``function`` when executed."""
    return compile(ast.Module([function], []), f"<{function.name}>", "exec")


def own_random_numpy() -> SimpleNamespace:
    """NumPy's namespace with ``random`` replaced by an independent legacy generator (same stream for the same seed)."""
    return SimpleNamespace(**{**_NUMPY, "random": np.random.RandomState(1)})


_NUMPY = {name: getattr(np, name) for name in np.__all__}
