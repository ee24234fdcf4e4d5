"""The linear form of an edited loop says what the loop hands to its cell, whatever the cell returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.assignments.assignment import compiled
from whygrad.from_numbers.loops.forms import ONES, Forms
from whygrad.from_numbers.loops.packed import packed, unpacked
from whygrad.from_numbers.programs.edited import edited_lines
from whygrad.from_numbers.programs.variants import Variants
from whygrad.mistakes import Edit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from whygrad.from_numbers.loops.forms import Form
    from whygrad.from_numbers.tables.tables import CheckTables, Tables

VARIANTS = Variants(SEQUENCE_MODELS)
LOOPS = ("rnn_backward", "lstm_backward")


def edit_of(check: str, *changes: tuple[str, str]) -> tuple[Edit, ...]:
    """Lines of the loop by their start, written otherwise."""
    lines = SEQUENCE_MODELS.functions[check]
    made: list[tuple[str, int, str]] = []
    for start, new in changes:
        number = next(at for at, line in enumerate(lines) if line.strip().startswith(start))
        indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
        made.append((check, number, "\n".join(indent + line for line in new.split("\n"))))
    return (Edit("by-hand", check, "", tuple(made), "by hand"),)


def fresh_forms(table: CheckTables) -> Forms:
    """Forms that no other test has used."""
    return Forms(SEQUENCE_MODELS, table.check, table.right.arguments[0].shape, len(table.right.arguments[1][0]))


class Played:
    """A run of the edited loop with a cell that returns random gradients: what each call was given, and the dx that came out."""

    def __init__(self, table: CheckTables, edits: tuple[Edit, ...], seed: int) -> None:
        rng = np.random.default_rng(seed)
        record = table.right
        self.da = rng.normal(size=record.arguments[0].shape)
        self.caches = [tuple(np.copy(part) if isinstance(part, np.ndarray) else part for part in cache) for cache in record.arguments[1][0]]
        self.fields = table.forms.fields
        self.given: list[tuple[int, list[NDArray[Any]]]] = []
        self.returned: list[dict[str, Any]] = []
        lines = edited_lines(SEQUENCE_MODELS, edits) or {}
        space = SEQUENCE_MODELS.namespace({name: compiled(body) for name, body in lines.items()})

        def cell(*arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - two or three arguments, arrays and a cache
            *gradients, cache = arguments
            step = next(at for at, own in enumerate(self.caches) if own is cache)
            self.given.append((step, [np.array(value) for value in gradients]))
            fresh = {name: rng.normal(size=np.shape(value)) for name, value in record.calls[0]["gradients"].items()}
            self.returned.append({name: value.copy() for name, value in fresh.items()})
            return fresh

        space[table.cell] = cell
        self.dx = space[table.check](self.da.copy(), (self.caches, record.arguments[1][1]))["dx"]

    def stores_each_once(self) -> bool:
        """Whether no two steps of dx hold the result of one call."""
        steps = range(self.dx.shape[2])
        return all(sum(np.array_equal(self.dx[:, :, step], own["dxt"]) for step in steps) <= 1 for own in self.returned)

    def agrees(self, form: Form) -> bool:
        """Whether the form says all of this."""
        atoms: dict[tuple[str, int], Any] = {("da", step): self.da[:, :, step] for step in range(self.da.shape[2])}
        atoms |= {(name, call): value for call, own in enumerate(self.returned) for name, value in own.items()}
        atoms |= {(name, step): value for step, cache in enumerate(self.caches) for name, value in zip(self.fields, cache, strict=True)}
        atoms[ONES] = 1.0
        if [cache for cache, _ in self.given] != [call.cache for call in form]:
            return False
        for (_, arguments), call in zip(self.given, form, strict=True):
            for value, combination in zip(arguments, call.arguments, strict=True):
                said = sum((weight * atoms[atom] for atom, weight in combination), np.zeros_like(value))
                if not np.allclose(value, said, rtol=1e-12, atol=1e-12):
                    return False
        said_dx = np.zeros_like(self.dx)
        for number, call in enumerate(form):
            for step, parts in call.stored:
                assert max(own for own, _ in parts) == number
                said_dx[:, :, step] = sum(weight * self.returned[own]["dxt"] for own, weight in parts)
        return np.allclose(self.dx, said_dx, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("check", LOOPS)
def test_the_right_loop_has_the_form_of_the_equations(tables: Tables, check: str) -> None:
    """Call k treats step T-1-k: its own upstream gradient and the carries of the call before, each once."""
    table = tables.of(check)
    form = table.forms.of(())
    assert form is not None
    steps = table.right.arguments[0].shape[2]
    assert [call.cache for call in form] == [call.stored[0][0] for call in form] == list(reversed(range(steps)))
    for number, call in enumerate(form):
        carries = [((name, number - 1), 1.0) for name in ("da_prev", "dc_prev") if number]
        said = [atom for combination in call.arguments for atom in combination]
        assert said == [(("da", steps - 1 - number), 1.0), *carries[: len(call.arguments)]]


@pytest.mark.parametrize("check", LOOPS)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.data())
def test_a_form_is_what_the_loop_does(tables: Tables, check: str, data: st.DataObject) -> None:
    """For every edit of the loop, alone or two together, the combination foretells what a cell of random results is given."""
    edits = VARIANTS.of_function(check)
    some = tuple(data.draw(st.lists(st.sampled_from(edits), min_size=1, max_size=2, unique_by=lambda edit: edit.lines)))
    table = tables.of(check)
    assume(not any("* da_prevt" in text for edit in some for _, _, text in edit.lines))  # see the test of products below
    assume(not any(text.endswith("T_x), int)") for edit in some for _, _, text in edit.lines))  # what is cut off is no combination
    form = table.forms.of(some)
    assume(form is not None)
    assert form is not None
    try:
        played = Played(table, some, data.draw(st.integers(0, 2**32 - 1)))
    except (KeyError, ValueError):
        return  # a form asks neither for keys nor for shapes; a loop that fails on these prints nothing
    assume(played.stores_each_once())  # see the test of slices below
    assert played.agrees(form), some


HAND_MADE = {
    "the carry keeps its buffer": (("da_prevt = gradients", "da_prevt[:] = gradients['da_prev']"),),
    "the carry is added in place": (("da_prevt = gradients", "da_prevt += gradients['da_prev']"),),
    "the upstream is changed in place": (("for t in", "for t in reversed(range(T_x)):\n    da[:, :, t] += da_prevt"),),
    "the carry goes into the slice of the step before": (
        ("da_prevt = gradients", "if t > 0:\n    da[:, :, t - 1] += gradients['da_prev']"),
    ),
    "a name for the same array": (("da_prevt = gradients", "da_prevt = gradients['da_prev']\nkept = da_prevt\nkept *= 0.5"),),
}


@pytest.mark.parametrize("check", LOOPS)
@pytest.mark.parametrize("changes", HAND_MADE.values(), ids=HAND_MADE)
def test_views_and_changes_in_place_are_followed(tables: Tables, check: str, changes: tuple[tuple[str, str], ...]) -> None:
    """A loop that writes into arrays that others see has the form of what it really hands on."""
    table = tables.of(check)
    edits = edit_of(check, *changes)
    form = fresh_forms(table).of(edits)
    assert form is not None
    assert Played(table, edits, 3).agrees(form)


@pytest.mark.parametrize("check", LOOPS)
def test_what_is_divided_by_the_hidden_units(tables: Tables, check: str) -> None:
    """The vectors that stand for gradients are longer than these, and the form has the check's own number all the same."""
    table = tables.of(check)
    edits = edit_of(check, ("da_prevt = gradients", "da_prevt = gradients['da_prev'] / n_a"))
    form = fresh_forms(table).of(edits)
    assert form is not None
    assert Played(table, edits, 3).agrees(form)


def test_one_loop_leaves_no_trace_in_the_next(tables: Tables) -> None:
    """A loop that changes its inputs in place does not spoil the forms that are asked for after it."""
    forms = fresh_forms(tables.of("rnn_backward"))
    before = forms.of(())
    for changes in HAND_MADE.values():
        forms.of(edit_of("rnn_backward", *changes))
        assert forms.of(()) == before


def test_what_is_not_linear_has_no_form(tables: Tables) -> None:
    """A constant, a gradient at an input handed on, a call that raises: no form rather than a wrong one."""
    forms = tables.of("rnn_backward").forms
    for new in (
        "da_prevt = gradients['da_prev'] + 1",
        "da_prevt = gradients['dxt']",
        "da_prevt = missing",
    ):
        assert forms.of(edit_of("rnn_backward", ("da_prevt = gradients", new))) is None


@pytest.mark.parametrize(
    "new", ["gradients['da_prev'] * gradients['da_prev']", "da[:, :, t] * gradients['da_prev']", "np.tanh(gradients['da_prev'])"]
)
def test_what_bends_has_no_form(tables: Tables, new: str) -> None:
    """A product and a function of gradients are not linear, whatever vectors stand for them."""
    assert fresh_forms(tables.of("rnn_backward")).of(edit_of("rnn_backward", ("da_prevt = gradients", f"da_prevt = {new}"))) is None


def test_one_result_in_several_slices(tables: Tables) -> None:
    """A loop that visits one step and writes its result into every slice of dx prints all four; its form says so, or there is none."""
    table = tables.of("rnn_backward")
    edits = edit_of("rnn_backward", ("for t in", "for t in [T_x - 1]:"), ("dx[:, :, t] =", "dx[:, :, :] = gradients['dxt'][:, :, None]"))
    form = fresh_forms(table).of(edits)
    assert form is None or Played(table, edits, 5).agrees(form)


def test_what_forms_have_in_common_is_there_once(tables: Tables) -> None:
    """Found or taken from a folder, equal calls are one object, and equal parts of calls are; as lists they would be ten times as large."""
    table = tables.of("rnn_backward")
    forms = fresh_forms(table)
    found = [form for edit in VARIANTS.of_function(table.check) if (form := forms.of((edit,))) is not None]
    loaded = unpacked(packed(found))
    assert loaded == found
    for some in (found, loaded):
        calls = [call for form in some for call in form]
        assert len(calls) > 2 * len(set(calls))
        assert len({id(call) for call in calls}) == len(set(calls))
        parts = [part for call in calls for part in (call.stored, *call.arguments) if part]
        assert len({id(part) for part in parts}) == len(set(parts))
