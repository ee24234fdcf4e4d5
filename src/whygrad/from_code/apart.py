"""A program that can do more than compute, each of its functions run where nothing of the others is.

A process is handed what a run depends on (``known``) and nothing else. So whatever it answers, it answers because of just that, and its
answer may serve any program that holds the same: what could forge it would be there, too.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.form import form_of
from whygrad.from_code.known import forms_of, is_others
from whygrad.from_code.mild import mild
from whygrad.from_code.parts import PARTS
from whygrad.sandbox.cells import CELLS
from whygrad.sandbox.standins import unused
from whygrad.sandbox.trees import parsed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager, ExitStack

    from whygrad.read.source import Source
    from whygrad.sandbox.requests import Piece, Reply, Request, Runner


class LostError(Exception):
    """A run did not come to an end, or not by itself: how much time and memory it may take depends on the runs before."""


class Apart:
    """Runs each set of the learner's functions in a process of its own, the last of which is ended with ``stack``."""

    def __init__(
        self, pieces: Sequence[Piece], start: Callable[[Sequence[Piece]], AbstractContextManager[Runner]], stack: ExitStack
    ) -> None:
        """``start`` starts a process that is handed these pieces."""
        self._pieces, self._start, self._stack = pieces, start, stack
        self._own: frozenset[str] | None = None
        self._runner: Runner | None = None

    def run(self, request: Request) -> Reply:
        """The answer to a request.

        Raises:
            LostError: It did not come to an end by itself.
        """
        own = None if request.call == CELLS else request.own
        if self._runner is None or own != self._own:
            self._stack.close()
            pieces = self._pieces if own is None else handed(self._pieces, own)
            self._own, self._runner = own, self._stack.enter_context(self._start(pieces))
        reply = self._runner.run(request)
        if reply.status in {"timeout", "died"} or (reply.raised is not None and reply.raised.type == "MemoryError"):
            raise LostError
        return reply


def can_be_apart(source: Source) -> bool:
    """Whether it makes no difference to a program's answers, as far as its text tells."""
    pieces = [*source.pieces, *(piece for cell in source.cells for piece in cell)]
    forms = [form for both in forms_of(source) for form in both]
    return not source.live and None not in forms and all(mild(parsed(piece.text)) for piece in pieces)


def handed(pieces: Sequence[Piece], own: frozenset[str]) -> tuple[Piece, ...]:
    """The pieces for runs in which these functions are the learner's: of the others there is only how they are called."""
    others = unused(PARTS, own)
    forms = [(piece, form_of(piece.text)) for piece in pieces]
    return tuple(_shell(piece) if form is not None and is_others(form, others) else piece for piece, form in forms)


def _shell(piece: Piece) -> Piece:
    functions = (node for node in parsed(piece.text).body if isinstance(node, ast.FunctionDef))
    return replace(piece, text="\n".join(f"def {node.name}({ast.unparse(node.args)}): pass" for node in functions))
