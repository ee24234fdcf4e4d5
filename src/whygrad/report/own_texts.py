"""A mentor's own words for a kind of mistake, from a TOML file, in place of ours and in every format.

One table for each mistake, named by its id::

    [view-of-output]
    says = "{quantity} in {function} is a window on another array"
    hints = ["Where ...", "What ...", "What the mathematics asks for: ..."]

``{function}`` and ``{quantity}`` are filled in. Another word in such brackets is refused, since it may be a slip of the pen, and so is
what Python's own format would take (``{quantity!r}``); with a space beside it, or in a formula (``W_{f}``), the brackets are the
mentor's own.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, cast

from whygrad.errors import UsageError
from whygrad.mistakes import OPERATORS
from whygrad.report.of_code import OF_CODE
from whygrad.report.part import HINTS
from whygrad.report.phrases import function_of
from whygrad.report.printable import printable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from whygrad.records import Mistake, Result

_PLACEHOLDER = re.compile(r"(?<![\w\\}^])\{(\w+(?:[.!:\[][^\s{}]*)?)\}")
_FILLED_IN = frozenset(("function", "quantity"))


@dataclass(frozen=True, slots=True)
class OwnText:
    """What stands in place of ours; None and empty leave ours."""

    says: str | None = None
    hints: tuple[str, ...] = ()


def read_texts(path: Path) -> dict[str, OwnText]:
    """The texts in a TOML file, by the id of the mistake.

    Raises:
        UsageError: the file cannot be read, is no TOML, names an id or a placeholder that is not known, or holds something else than texts.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"the texts in {path} could not be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is no TOML file: it is not text in UTF-8; save it as such and try again") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is no TOML file: {str(error)[:100]}") from error
    return {id_: _text(path, id_, table) for id_, table in tables.items()}


def with_texts(result: Result, texts: Mapping[str, OwnText]) -> Result:
    """The result in these words, its other explanations too."""

    def told(mistakes: tuple[Mistake, ...]) -> tuple[Mistake, ...]:
        return tuple(_told(mistake, texts[mistake.id]) if mistake.id in texts else mistake for mistake in mistakes)

    others = tuple(replace(other, mistakes=told(other.mistakes)) for other in result.alternatives)
    return replace(result, mistakes=told(result.mistakes), alternatives=others)


def without_room(result: Result, texts: Mapping[str, OwnText], reply: str, hint: int) -> list[str]:
    """The ids of the mistakes whose own hint of this level is too long for the reply in Markdown, so that it is not in it."""
    marks = str.maketrans("", "", "`\\")
    shown = result.mistakes if hint > 1 or len(result.mistakes) == 1 else ()  # of several, the first level is but a list of places
    asked = {mistake.id: mistake.hints[hint - 1] for mistake in shown if mistake.id in texts and texts[mistake.id].hints}
    return [id_ for id_, text in asked.items() if printable(text).translate(marks) not in reply.translate(marks)]


def _text(path: Path, id_: str, table: object) -> OwnText:
    known = (*OPERATORS, *OF_CODE)
    if id_ not in known:
        near = get_close_matches(id_, known, n=1)
        nearest = f"the nearest is {near[0]}" if near else "'whygrad mistakes' lists them"
        raise UsageError(f"{path}: there is no mistake called {id_}; {nearest}")
    entries = cast("dict[str, Any]", table) if isinstance(table, dict) else {}
    other = next((key for key in entries if key not in {"says", "hints"}), None)
    if not entries or other is not None:
        what = f"not {other}" if other is not None else "or both"
        raise UsageError(f'{path}: {id_} takes says = "..." and hints = ["...", "...", "..."], {what}')
    says: object = entries.get("says")
    hints: object = entries.get("hints", [])
    if says is not None and not _is_text(says):
        raise UsageError(f"{path}: says of {id_} has to be a text")
    if "hints" in entries and not _are_hints(hints):
        raise UsageError(f"{path}: hints of {id_} has to be a list of three texts")
    own = OwnText(cast("str | None", says), tuple(cast("list[str]", hints)))
    unknown = [found[1] for text in (own.says or "", *own.hints) for found in _PLACEHOLDER.finditer(text) if found[1] not in _FILLED_IN]
    if unknown:
        raise UsageError(
            f"{path}: {id_} has {{{unknown[0]}}}, but only {{function}} and {{quantity}} are filled in; write {{ {unknown[0]} }} "
            "where the brackets are meant"
        )
    return own


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_hints(value: object) -> bool:
    texts = cast("list[object]", value) if isinstance(value, list) else []
    return len(texts) == len(HINTS) and all(map(_is_text, texts))


def _told(mistake: Mistake, own: OwnText) -> Mistake:
    hints = tuple(_filled(text, mistake) for text in own.hints)
    says = mistake.says if own.says is None else _filled(own.says, mistake)
    return replace(mistake, says=says, hints=(hints[0], hints[1], hints[2]) if hints else mistake.hints)


def _filled(text: str, mistake: Mistake) -> str:
    """The mentor's text with what is known of the mistake."""
    return text.strip().replace("{function}", function_of(mistake)).replace("{quantity}", mistake.quantity)
