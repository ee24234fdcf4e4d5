"""A loop over the letters of one text, where a key is asked for; or over one text whose letters are the keys."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, cast

from whygrad.from_code.line_to_blame import Cause
from whygrad.sandbox.trees import names_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.stopped import Stopped

_HINT = "Print what this loop gives at each turn, and how many turns it makes. Round brackets alone make no tuple, a comma does."


def over_letters(stopped: Stopped) -> Cause | None:
    """The loop to blame for a key that is not there: the whole text that it goes over is one, or each of its letters makes one."""
    missing = stopped.raised.text.strip("'\"")
    if stopped.raised.type != "KeyError" or stopped.function is None or not isinstance(stopped.node, ast.Subscript):
        return None
    asked = names_in(stopped.node.slice)
    keys = _keys(stopped, stopped.node.value)
    so = f"line {stopped.raised.line} raises KeyError because there is none {stopped.raised.text}"
    for target, over in stopped.loops():
        if not isinstance(target, ast.Name) or target.id not in asked:
            continue
        where = stopped.at(over)
        match over:
            case ast.Constant(str(text)) if len(text) > 1 and missing == text[0] and text in keys:
                return Cause(where, f"goes over the letters of the text {text!r} here, which is itself a key, and so {so}", _HINT)
            case ast.Tuple([ast.Constant(str(text))]) | ast.List([ast.Constant(str(text))]) if len(text) > 1 and text in missing:
                if all(missing.replace(text, letter) in keys for letter in text):
                    return Cause(where, f"goes over one text here, {text!r}, of which each letter belongs to a key, and so {so}", _HINT)
            case _:
                pass
    return None


def _keys(stopped: Stopped, base: ast.expr) -> set[str]:
    """The keys of a dictionary; where it was not seen, those of all that the function is called with."""
    value: Any = stopped.worth(base)
    given: list[Any] = [value] if isinstance(value, dict) else list(stopped.subject.arguments)
    return {str(key) for one in given for held in _dictionaries(one) for key in held}


def _dictionaries(value: Any) -> Iterator[dict[Any, Any]]:  # noqa: ANN401 - whatever a function is called with
    if isinstance(value, dict):
        yield cast("dict[Any, Any]", value)
    elif isinstance(value, tuple | list):
        for one in cast("list[Any]", value):
            yield from _dictionaries(one)
