"""Edits of what a line writes out for others to go over or look up: tables of functions, pairs, lists of keys, letters of a product."""

from __future__ import annotations

import ast
import re
from copy import deepcopy
from itertools import combinations, islice
from typing import TYPE_CHECKING

from whygrad.from_code.text.small_edits import ACTIVATIONS, GATES, Edit, head, in_each_others_place, with_exchanged
from whygrad.sandbox.trees import walked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.sandbox.requests import Piece

_MOST = 12
"""Texts that are exchanged in one line, in pairs."""


def table_edits(line: ast.stmt, keys: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> Iterator[Edit]:  # noqa: C901 - one case for each kind of node
    """The edits of what a statement does itself; ``keys`` are those under which the function hands back its results.

    ``rows`` are the texts that stand together elsewhere in the program: a condition may ask for another one of these.
    """
    if isinstance(line, ast.For):
        yield from _one_letter_more(line.iter)
    for part in head(line):
        for node in ast.walk(part):
            match node:
                case ast.Dict(names, values) if len(values) > 1:
                    yield from _values_exchanged(node, names, values)
                case ast.Call(ast.Name("dict"), [], keywords) if len(keywords) > 1 and all(one.arg for one in keywords):
                    table = ast.Dict([ast.Constant(one.arg) for one in keywords], [one.value for one in keywords])
                    yield from (
                        edit._replace(node=node) if edit.node is table else edit
                        for edit in _values_exchanged(table, table.keys, table.values)
                    )
                case ast.Tuple(parts) | ast.List(parts) | ast.Set(parts) if parts and all(map(_is_text, parts)):
                    yield from _one_key_more(node, parts, keys)
                case ast.Call(ast.Attribute(_, "einsum"), [ast.Constant(str(letters)) as written, *_]):
                    yield from _other_letters(written, letters)
                case ast.comprehension(_, over):
                    yield from _one_letter_more(over)
                case ast.Constant(str(words)):
                    yield from _words_exchanged(node, words)
                case ast.Compare(_, [ast.Eq() | ast.NotEq()], [ast.Constant(str(letter)) as written]):
                    says = f"{ast.unparse(node)} holds at other times than it should"
                    beside = [row for row in rows if letter in row] or rows  # it may be written otherwise in all of them
                    others = dict.fromkeys(islice((other for row in (GATES, *beside) for other in row if other != letter), 2 * _MOST))
                    yield from (Edit(written, repr(other), "loop-wrong", says) for other in others)
                case _:
                    pass
        yield from _texts_exchanged(part)


def rows_of_texts(pieces: Sequence[Piece]) -> list[tuple[str, ...]]:
    """The texts that a program writes out side by side, in a list, a tuple or in a table, its keys or what stands under them.

    Last those that its calls give.
    """
    nodes = [node for piece in pieces for node in walked(piece.text) if isinstance(node, ast.Dict | ast.List | ast.Tuple)]
    rows = [row for node in nodes for row in ((node.keys, node.values) if isinstance(node, ast.Dict) else (node.elts,))]
    texts = (tuple(part.value for part in row if isinstance(part, ast.Constant) and isinstance(part.value, str)) for row in rows)
    calls = (node for piece in pieces for node in walked(piece.text) if isinstance(node, ast.Call))
    given = (part.value for call in calls for part in (*call.args, *(one.value for one in call.keywords)) if isinstance(part, ast.Constant))
    return [*dict.fromkeys(row for row in texts if len(row) > 1), tuple(dict.fromkeys(text for text in given if isinstance(text, str)))]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _are_gates(letters: str) -> bool:
    return len(letters) > 1 and set(letters) < set(GATES)


def _one_letter_more(over: ast.expr) -> Iterator[Edit]:
    """Where a loop goes over letters of the gates, another one."""
    if isinstance(over, ast.Constant) and isinstance(over.value, str) and _are_gates(over.value):
        says = f"a letter is missing from {over.value!r}"
        yield from (Edit(over, repr(over.value + letter), "loop-wrong", says) for letter in sorted(set(GATES) - set(over.value)))


def _words_exchanged(node: ast.Constant, words: str) -> Iterator[Edit]:
    """Two words of a text, or two letters of one that names the gates, in each other's place."""
    parts = re.split(r"(\W+)", words) if re.search(r"\w\W+\w", words) else list(words) if set(words) <= set(GATES) else []
    named = [place for place, part in enumerate(parts) if part.isidentifier()][:_MOST]
    for one, other in combinations(named, 2):
        if parts[one] != parts[other]:
            changed = list(parts)
            changed[one], changed[other] = parts[other], parts[one]
            yield Edit(node, repr("".join(changed)), "names-exchanged", f"{parts[one]} and {parts[other]} stand in each other's place")


def _texts_exchanged(part: ast.AST) -> Iterator[Edit]:
    """Two texts, wherever they stand in an expression, each in the other's place."""
    whole = part if isinstance(part, ast.expr) else getattr(part, "value", None)
    if not isinstance(whole, ast.expr):
        return
    texts = [node for node in ast.walk(whole) if isinstance(node, ast.Constant) and isinstance(node.value, str)][:_MOST]
    for one, other in combinations(texts, 2):
        if one.value != other.value:
            yield Edit(whole, with_exchanged(whole, one, other, "value"), "names-exchanged", in_each_others_place(one, other))


def _values_exchanged(node: ast.Dict, names: Sequence[ast.expr | None], values: Sequence[ast.expr]) -> Iterator[Edit]:
    """A table with one of its values as another is, or NumPy's tanh, or two of them in each other's place."""
    written = [ast.unparse(value) for value in values]
    shown = ["" if name is None else ast.unparse(name) for name in names]
    functions = dict.fromkeys((*(text for text, value in zip(written, values, strict=True) if _is_function(value)), "np.tanh"))
    texts = dict.fromkeys(text for text, value in zip(written, values, strict=True) if _is_text(value))
    chooses = len(texts) < sum(map(_is_text, values))
    kinds = [repr(text) for text in ACTIVATIONS]
    texts |= dict.fromkeys(kinds if not texts.keys().isdisjoint(kinds) else ())
    for value, text, name, key in zip(values, written, shown, names, strict=True):
        if _is_function(value):
            says = f"under {name} stands {text}, where another function belongs"
            own = (key.value,) if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value.isidentifier() else ()
            yield from (Edit(value, f"({other})", "activation-wrong", says) for other in (*functions, *own) if other != text)
        elif chooses and _is_text(value):
            says = f"under {name} stands {text}, where another text belongs"
            yield from (Edit(value, other, "name-replaced", says) for other in texts if other != text)
    for one, other in combinations(range(len(values)), 2):
        if written[one] != written[other] and names[one] is not None and names[other] is not None:
            changed = deepcopy(node)
            changed.values[one], changed.values[other] = changed.values[other], changed.values[one]
            yield Edit(node, ast.unparse(changed), "names-exchanged", f"what stands under {shown[one]} and {shown[other]} is exchanged")


def _is_function(value: ast.expr) -> bool:
    return isinstance(value, ast.Lambda | ast.Name | ast.Attribute)


def _one_key_more(node: ast.Tuple | ast.List | ast.Set, parts: Sequence[ast.expr], keys: Sequence[str]) -> Iterator[Edit]:
    """Of the keys of what is handed back, or of the gates' letters, another one, where some are written out."""
    texts = [str(part.value) for part in parts if isinstance(part, ast.Constant)]
    known = next((group for group in (keys, GATES) if set(texts) <= set(group)), ())
    for more in (key for key in known if key not in texts):
        changed = deepcopy(node)
        changed.elts.append(ast.Constant(more))
        says = f"{more!r} is not among {', '.join(map(repr, texts))}"
        yield Edit(node, ast.unparse(changed), "loop-wrong", says)


def _other_letters(written: ast.Constant, letters: str) -> Iterator[Edit]:
    """Each letter of what NumPy's einsum is asked for, another one of these."""
    known = sorted(set(filter(str.isalpha, letters)))
    says = f"the letters {letters!r} ask for another product than the one that belongs here"
    for place, letter in enumerate(letters):
        for other in known if letter.isalpha() else ():
            if other != letter:
                yield Edit(written, repr(letters[:place] + other + letters[place + 1 :]), "transpose-wrong", says)
