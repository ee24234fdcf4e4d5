"""What an exception out of somebody's code tells: its kind, its text, where it came from, and which name is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.sandbox.requests import Raised

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_TEXT = 500
"""Characters of an exception's text that are kept."""


def raised(error: BaseException, sources: AbstractSet[str]) -> Raised:
    """What was raised, with the last place in ``sources``, the learner's own code, that it came through."""
    source, line = None, None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in sources:
            source, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    try:  # what a foreign exception says of itself is foreign code
        text = str(error)[:_TEXT]
        name: object = error.name if isinstance(error, NameError | AttributeError) else None
        within = error.obj if isinstance(error, AttributeError) else None
    except Exception:  # noqa: BLE001 - as above
        text, name, within = "", None, None
    of = None if within is None else type(within).__name__
    return Raised(type(error).__name__, text, source, line, name[:_TEXT] if type(name) is str else None, of)
