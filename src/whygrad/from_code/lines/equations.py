"""The reference's equation for a quantity, multiplied out in the ways in which people write it."""

from __future__ import annotations

import ast
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_code.lines.sum_of_products import Part, parts_of, total
from whygrad.from_code.lines.variants import sites
from whygrad.from_code.observe.arrays import same
from whygrad.from_code.reference.inputs import reference
from whygrad.mistakes.words import called

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from whygrad.from_code.lines.sum_of_products import Factor
    from whygrad.mistakes import Site
    from whygrad.sandbox.requests import Value

_MATRICES = ("np.dot", "np.sum")
"""What an equation is made of that is not taken apart into what it reads."""
_MOST_LEFT_OUT = 3


def equations(
    function: str,
    quantity: str,
    values: Mapping[str, Value],
    parts: Sequence[Part],
    *,
    belongs: Callable[[Any], bool],
    tolerance: float,
) -> Iterator[tuple[list[Part], Callable[[Factor], str]]]:
    """The parts of each way of writing what ``belongs`` at a line, and what calls one of their factors in words.

    A name that stands for an equation of its own is taken as it is where it is a factor in the line's own ``parts``, or its equation put in
    its place; factors of the whole may be left to a later line. ``values`` are the right ones, by the reference's names.
    """
    site = next((site for site in sites(function) if quantity and site.target == quantity), None)  # a return has no target
    if site is None:
        return
    space = {"np": np, "sigmoid": reference().sigmoid, "softmax": reference().softmax, **values}
    tree = ast.parse(site.right, mode="eval").body
    written_out, names = _written_out(site)
    used = [factor.value for part in parts for factor in part.factors]
    as_it_is = all(any(same(value, values.get(name), tolerance) for value in used) for name in names)
    for way in (tree, *([written_out] if names else [])) if as_it_is else (written_out,):
        whole = parts_of(way, lambda node: _worth(node, space), ast.unparse)
        found = next((rest for rest in _left_to_later(whole) if belongs(total(rest))), None) if whole else None
        if found is not None:
            yield found, lambda factor: called(factor.text, site)


def _worth(node: ast.expr, space: Mapping[str, Any]) -> Any:  # noqa: ANN401
    with np.errstate(all="ignore"):
        try:
            return eval(ast.unparse(node), dict(space))  # noqa: S307 - a part of our own program
        except NameError:  # it stands behind a line that was not reached
            return None


def _left_to_later(parts: list[Part]) -> Iterator[list[Part]]:
    """The parts, the parts without some factors of all of them, and each part alone."""
    common = [factor.text for factor in parts[0].factors if all(any(factor.text == one.text for one in part.factors) for part in parts)]
    for number in range(min(_MOST_LEFT_OUT, len(common)) + 1):
        for left_out in combinations(common, number):
            rest = [Part(part.number, tuple(one for one in part.factors if one.text not in left_out)) for part in parts]
            if all(part.factors for part in rest):
                yield rest
    yield from ([part] for part in parts if len(parts) > 1)


def _written_out(site: Site) -> tuple[ast.expr, list[str]]:
    """The equation with the equations of the names in it, and these names."""
    own = {other.target: other.right for other in sites(site.function) if other.target not in {"", site.target}}
    found: list[str] = []

    class Written(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            text = own.get(node.id, "")
            if " * " not in text or any(part in text for part in _MATRICES):
                return node
            found.append(node.id)
            return ast.parse(text, mode="eval").body

    tree = ast.parse(site.right, mode="eval").body
    written = tree if any(text in site.right for text in _MATRICES) else Written().visit(tree)
    return written, found
