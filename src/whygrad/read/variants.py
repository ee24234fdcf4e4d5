"""Names that are nearly one of the assignment's: ``lstm_cell_backwards``, ``my_rnn_backward``, ``RNN_forward``."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

CLOSE = 0.8
"""Likeness of two names from which one may be meant by the other."""


def variants(names: Collection[str]) -> Iterator[tuple[str, str]]:
    """The names that are nearly that of a function which is not among them, each with that."""
    for name in sorted(names):
        meant = variant_of(name)
        if meant and meant not in names:
            yield name, meant


def variant_of(name: str) -> str | None:
    """The function of which a name is a misspelling or a variant; none of another layer's own (``gru_backward``) or of a test."""
    own = name.lower().removeprefix("my_")
    for meant in difflib.get_close_matches(own, SEQUENCE_MODELS.vocabulary.roles, 1, CLOSE):
        layer = meant.partition("_")[0]
        if sorted(own[: len(layer)]) == sorted(layer) and not re.search("test|check", own):
            return meant
    return None
