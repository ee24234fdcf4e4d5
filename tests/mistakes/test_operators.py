"""What an operator does: it makes the edits of its examples, every edit is a program, and its id is the name of its file."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.assignments import ASSIGNMENTS, SEQUENCE_MODELS, Assignment
from whygrad.from_numbers.programs.edited import Program
from whygrad.from_numbers.programs.variants import Variants
from whygrad.mistakes import OPERATORS, Edit, Example, Site

if TYPE_CHECKING:
    from conftest import Told

EXAMPLES = [
    pytest.param(operator.id, example, id=f"{operator.id}-{number}")
    for operator in OPERATORS.values()
    for number, example in enumerate(operator.examples)
]

RUN = [
    (name, function)
    for name, own in ASSIGNMENTS.items()
    for function in dict.fromkeys(one for check in own.printed for one in (*own.chain(check), f"{check}_check"))
]
"""The functions that the checks of an assignment run, and these themselves."""


def bare(text: str) -> str:
    """The text without white space."""
    return "".join(text.split())


def made(name: str, example: Example, assignment: Assignment) -> list[Edit]:
    """The edits of the operator whose first line is the example's."""
    found: list[Edit] = []
    for number, line in enumerate(assignment.functions[example.function]):
        site = Site(assignment, example.function, number, line)
        spelled = [f"{site.target} = {expression.text}" for expression in site.expressions] if site.equation else []
        if bare(example.before) in map(bare, [site.text, *spelled]):
            found += [edit for edit in OPERATORS[name].at(site) if bare(edit.lines[0][2]) == bare(example.after)]
    return found


def known(example: Example) -> list[Assignment]:
    """The assignments that have the function of an example."""
    return [assignment for assignment in ASSIGNMENTS.values() if example.function in assignment.functions]


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_an_example_is_an_edit_of_its_operator(name: str, example: Example) -> None:
    """The operator makes the second line of the example out of the first, at that line or at one of its right spellings."""
    assert any(made(name, example, assignment) for assignment in known(example))


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_an_example_changes_a_printed_number(name: str, example: Example) -> None:
    """An edit that begins with the example's line makes a check that runs it raise, or print another number."""

    def same(assignment: Assignment, check: str, edit: Edit) -> bool:
        wrong, right = (Program(assignment, edits).run(check) for edits in ((edit,), ()))
        if wrong is None or right is None:
            return False
        return all(np.array_equal(wrong[quantity], right[quantity], equal_nan=True) for quantity, _ in assignment.printed[check])

    assert not all(
        same(assignment, check, edit)
        for assignment in known(example)
        for check in assignment.printed
        if example.function in {*assignment.chain(check), f"{check}_check"}
        for edit in made(name, example, assignment)
    )


def test_the_comparison_of_examples_can_fail() -> None:
    """An operator does not make just any line."""
    assert not made("factor-dropped", Example("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = dc * it"), SEQUENCE_MODELS)
    assert not made("factor-dropped", Example("lstm_cell_backward", "dc_prev = ft * dc", "dc_prev = dc"), SEQUENCE_MODELS)


def test_ids_are_the_names_of_the_files() -> None:
    """An id is lower-case words with hyphens, the name of the file, and 48 or more of them are found."""
    assert len(OPERATORS) >= 48
    for name, operator in OPERATORS.items():
        assert operator.id == name
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+", name), name


def test_every_operator_makes_edits(told: dict[str, Told]) -> None:
    """No operator is without a place where its mistake can stand, nor without an example."""
    assert set(told) == set(OPERATORS)
    assert all(operator.examples for operator in OPERATORS.values())


def test_an_edit_names_its_operator_and_its_function(told: dict[str, Told]) -> None:
    """An edit carries its operator's id, the function where it stands first, and a slip that begins with the id."""
    for name, all_told in told.items():
        for site, edit, _ in all_told:
            assert (edit.operator, edit.function, edit.lines[0][:2]) == (name, site.function, (site.function, site.number))
            assert edit.slip.startswith(f"{name}: ")
            assert edit.quantity


def test_every_expression_is_python(told: dict[str, Told]) -> None:
    """What an operator of expressions writes is one statement that assigns the same name."""
    for name, all_told in told.items():
        if OPERATORS[name].rewrites is None:
            continue
        for site, edit, _ in all_told:
            (statement,) = ast.parse(edit.lines[0][2].strip()).body
            assert isinstance(statement, ast.Assign)
            assert ast.unparse(statement.targets[0]) == site.target


def test_no_term_is_dropped_where_a_bare_number_is_left(told: dict[str, Told]) -> None:
    """Of 1 - a ** 2 the square may not be said to be missing: what is left is a factor of one, so the whole derivative is."""
    for _, edit, _ in told["term-dropped"]:
        assert not re.search(r"\(\d+\)", edit.lines[0][2])


@pytest.mark.parametrize(("name", "function"), RUN)
def test_no_two_edits_of_a_line_are_the_same(name: str, function: str) -> None:
    """The list that the search takes holds each text once, and never the right line."""
    variants = Variants(ASSIGNMENTS[name])
    for number, line in enumerate(ASSIGNMENTS[name].functions[function]):
        texts = [tuple((*place, bare(text)) for *place, text in edit.lines) for edit in variants.of_line(function, number)]
        assert len(texts) == len(set(texts))
        assert ((function, number, bare(line)),) not in texts
