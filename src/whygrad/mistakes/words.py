"""Call a piece of an equation by what it means, not by how it is written: a hint must not spell the formula. And list several."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from whygrad.mistakes.operator import Site


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def in_words(count: int) -> str:
    """``two``, and digits from ten on."""
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"


def listed(words: Iterable[str], between: str = "and") -> str:
    """``a, b and c``; nothing for none."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} {between} {last}" if first else last


def counted(number: int, noun: str) -> str:
    """``1 number``, ``24 numbers``."""
    plural = {"entry": "entries", "axis": "axes"}.get(noun, f"{noun}s")
    return f"{number:,} {noun if number == 1 else plural}"


def named(name: str, site: Site) -> str:
    """A name that a learner wrote, and what it stands for: "ft (the forget gate)"."""
    word = site.assignment.vocabulary.word(name)
    return name if word == name else f"{name} ({word})"


def states(site: Site) -> list[str]:
    """The names in scope that hold a state of the network."""
    word = site.assignment.vocabulary.word
    return [name for name in site.scope if word(name).startswith(("the hidden state of", "the cell state of"))]


def called(piece: str, site: Site) -> str:
    """What ``piece`` of an equation is called in a sentence: "the update gate", "the derivative of the tanh of the cell state"."""
    known = site.assignment.vocabulary.phrases
    if piece not in known:
        known[piece] = _called(ast.parse(piece.strip(), mode="eval").body, site)
    return known[piece]


def _called(node: ast.expr, site: Site) -> str:
    word = site.assignment.vocabulary.word
    match node:
        case ast.Name(name):
            text = word(name)
        case ast.Constant(value):
            text = f"the {value}"
        case ast.Call(ast.Attribute(_, "tanh"), [inside]):
            text = f"the tanh of {_called(inside, site)}"
        case ast.BinOp(base, ast.Pow(), _):
            text = f"the square of {_called(base, site)}"
        case ast.BinOp(ast.Constant(1), ast.Sub(), ast.Name(name)):
            text = f"a part of the derivative of {word(name)}"
        case ast.BinOp(ast.Constant(1), ast.Sub(), ast.BinOp(ast.Name(name), ast.Pow(), _)):
            text = f"the derivative of the tanh that made {word(name)}"
        case ast.BinOp(ast.Constant(1), ast.Sub(), ast.BinOp(ast.Call(_, [inside]), ast.Pow(), _)):
            text = f"the derivative of the tanh of {_called(inside, site)}"
        case ast.BinOp(_, ast.Mult(), _) if "tanh" in ast.dump(node):
            text = "the path through the hidden state"
        case ast.BinOp(_, ast.Mult(), _) | ast.Call(ast.Attribute(_, "dot")):
            text = f"the product with {_first(node, site)}"
        case _:
            text = f"the part with {_first(node, site)}"
    return text


def _first(node: ast.expr, site: Site) -> str:
    """What the first name of a piece stands for."""
    words = site.assignment.vocabulary.words
    nodes = [inner for inner in ast.walk(node) if isinstance(inner, ast.Name) and inner.id in words]
    names = [inner.id for inner in sorted(nodes, key=lambda inner: inner.col_offset)]
    return words[names[0]] if names else "a number"
