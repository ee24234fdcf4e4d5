"""Syntax trees that are gone through again and again."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from whygrad.sandbox.trees import walk

HERE = Path(__file__).resolve().parents[1]
EVERY_KIND = """
import os.path as path
from math import *
@decorator(1)
class Kind(Base, metaclass=Meta):
    field: int = 3
async def f(a, /, b: int, *c, d=1, **e) -> None:
    global g
    async for i, (j, *k) in a: await i
    async with a as b, c: yield
    with open(a) as b: pass
    try: del a[1:2, ...], b.c
    except (A, B) as error: raise C from error
    else: assert a, b
    finally: nonlocal_ = lambda x=1, *y: (x if y else not x)
    match a:
        case [1, *rest] | {"k": Kind(x=1), **more} if rest: return
        case None: pass
    while a < b <= c and (d := e): a += {**a, 1: {2, 3}}
    return [x async for x in y if z], {x: y for x in z}, {x for x in z}, f"{a!r:>{b}}", (yield from a)
"""


@pytest.mark.parametrize("file", [*sorted((HERE / "styles").glob("*.py")), Path(__file__), None], ids=lambda file: file and file.stem)
def test_walk_gives_the_nodes_of_the_language_in_their_order(file: Path | None) -> None:
    """As ``ast.walk`` does, but for whether a name is read or written, which stands in the node itself too."""
    tree = ast.parse(EVERY_KIND if file is None else file.read_text(encoding="utf-8"))
    known = [node for node in ast.walk(tree) if not isinstance(node, ast.expr_context)]
    found = walk(tree)
    assert len(found) == len(known) > 1
    assert all(one is other for one, other in zip(found, known, strict=True))
