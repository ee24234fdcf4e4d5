"""The drawn step of each function: complete, inside its frame, and true to the program."""

from __future__ import annotations

import re

import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.assignments.sequence_models.flows import FLOWS
from whygrad.mistakes import OPERATORS, Site

ROLES = SEQUENCE_MODELS.vocabulary.roles
NO_PLACE = {"t", "np.random", "cache", "parameters", "Wya"}
"""Not one quantity of a step."""
CACHED = {"a_next", "c_next", "a_prev", "c_prev", "ft", "it", "cct", "ot", "Wf", "Wi", "Wc", "Wo", "Wax", "Waa"}
"""Values that a backward cell takes from its cache: the picture shows gradients there."""


@pytest.mark.parametrize("function", ROLES)
def test_the_picture_holds_together(function: str) -> None:
    """Links join nodes that are there, names stand on links that are there, and everything is inside the frame."""
    flow = FLOWS[function]
    assert all(end in flow.nodes for link in flow.links for end in link)
    assert all(link in flow.links for where in flow.where.values() for links in where.values() for link in links)
    spots = [at for _, at in flow.nodes.values()] + [corner for corners in flow.links.values() for corner in corners]
    assert all(0 < x < flow.size[0] and 0 < y < flow.size[1] for x, y in spots)
    assert ROLES[function] in flow.where


def test_every_quantity_that_can_be_blamed_has_its_place() -> None:
    """What an operator edits stands in the picture, but for what is no quantity of a step."""
    missing: set[tuple[str, str]] = set()
    for function, role in ROLES.items():
        known = FLOWS[function].where[role].keys() | NO_PLACE | (CACHED if role == "cell backward" else set())
        for number, line in enumerate(SEQUENCE_MODELS.functions[function]):
            for operator in OPERATORS.values():
                for edit in operator.at(Site(SEQUENCE_MODELS, function, number, line)):
                    missing |= {(function, name) for name in re.split(r", | and ", edit.quantity) if name not in known}
    assert not missing


@pytest.mark.parametrize(
    ("function", "name", "reached", "spared"),
    [
        ("lstm_cell_backward", "dft", {"Wf", "a_prev", "xt"}, {"Wi", "Wo", "c_prev"}),
        ("lstm_cell_backward", "dc_prev", set(), {"Wf", "xt"}),
        ("lstm_cell_backward", "dc", {"c_prev", "Wf", "Wi", "Wc", "a_prev"}, {"Wo"}),
        ("lstm_cell_backward", "dot", {"Wo", "a_prev"}, {"Wf", "c_prev"}),
        ("lstm_cell_backward", "dWf", set(), {"a_prev"}),
        ("lstm_cell_forward", "ft", {"c_next", "a_next"}, {"it", "ot"}),
        ("rnn_cell_backward", "dtanh", {"Waa", "Wax", "ba", "xt", "a_prev"}, {"a_next"}),
        ("rnn_cell_backward", "dWaa", set(), {"a_prev", "xt"}),
    ],
)
def test_what_follows_from_a_quantity(function: str, name: str, reached: set[str], spared: set[str]) -> None:
    """The links behind a wrong gradient lead to what is computed from it, and to nothing else."""
    flow, backwards = FLOWS[function], "backward" in function
    links = flow.where[ROLES[function]][name]
    nodes = {link[0 if backwards else 1] for link in flow.after(links, backwards=backwards)}
    assert reached <= nodes
    assert not spared & nodes
