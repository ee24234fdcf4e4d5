"""Whole answers: a mistake is planted, its numbers are printed, and the text that comes back is read line by line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from planted import entries, text_of

from whygrad import diagnose
from whygrad.assignments import SEQUENCE_MODELS
from whygrad.mistakes import OPERATORS, Edit, Site

if TYPE_CHECKING:
    from whygrad import Diagnosis

Planted = Callable[..., "Diagnosis"]
CELL, LOOP = "lstm_cell_backward", "lstm_backward"


@pytest.fixture(scope="module")
def planted() -> Planted:
    """(check, operator, function, new lines) -> what is said of the numbers that the program with these lines prints."""

    def answer(check: str, operator: str, function: str, *lines: str) -> Diagnosis:
        edits: list[Edit] = []
        for number, line in enumerate(SEQUENCE_MODELS.functions[function]):
            site = Site(SEQUENCE_MODELS, function, number, line)
            edits += [edit for edit in OPERATORS[operator].at(site) if len(edit.lines) == 1 and edit.lines[0][2].strip() in lines]
        printed = entries(check, tuple(edits))
        assert edits
        assert printed is not None
        return diagnose(text_of(printed))

    return answer


def answer_and_hint(found: Diagnosis) -> str:
    """The first two paragraphs at hint level 2."""
    return "\n\n".join(found.to_text(2).split("\n\n")[:2])


def third_hint(found: Diagnosis) -> str:
    """What level 3 adds."""
    return found.to_text(3).split("\n\n")[2]


def test_a_view_of_the_output(planted: Planted) -> None:
    """The first cell state is a slice of the output array: the mistake of the first post that was ever read."""
    found = planted(LOOP, "view-of-output", "lstm_forward", "c_next = c[:, :, 0]")
    assert answer_and_hint(found) == (
        "One mistake explains all 13 numbers: in lstm_forward, the previous cell state in\n"
        "the first cache is a view of the output array, and changes when the loop stores\n"
        "a result there (c_prev, step 0, the first).\n"
        "\n"
        "A slice is no copy but a window on the array's memory, so c_prev in the cache\n"
        "changed after its step was done. What does not use this state stays right, often\n"
        "all outputs too. After the forward pass, print the state in the cache: is it the\n"
        "one that the step started from?"
    )
    assert third_hint(found) == (
        "What the mathematics asks for: the first step starts from a cell state of zero,\n"
        "which stays zero in its cache; each later one starts from the cell state of the\n"
        "step before."
    )


def test_nothing_is_carried(planted: Planted) -> None:
    """Neither carry gets its value: one mistake, told of both."""
    found = planted(LOOP, "carry-missing", LOOP, "")
    assert answer_and_hint(found) == (
        "One mistake explains all 13 numbers: in lstm_backward, nothing reaches a step\n"
        "from the later one through da_prevt and dc_prevt.\n"
        "\n"
        "That is so where the loop gives da_prevt and dc_prevt no new value, or makes no\n"
        "use of one in the call of the cell; both print the same. The last step, which\n"
        "the loop visits first, does not suffer, because nothing is to be handed to it;\n"
        "every earlier one does. Print da_prevt and dc_prevt at the start of each turn:\n"
        "still zero at the second?"
    )
    assert third_hint(found) == (
        "What the mathematics asks for: at step t the gradient at the hidden state is\n"
        "da⟨t⟩ plus the da_prev that step t+1 returned; at the last step nothing is\n"
        "added; step t receives the dc_prev that step t+1 returned; the last step\n"
        "receives zero."
    )


def test_a_bracket_is_missing(planted: Planted) -> None:
    """The derivative's bracket is forgotten, so it multiplies one term of it."""
    found = planted(CELL, "bracket-moved", CELL, "dcct = dc * it * 1 - cct ** 2")
    assert answer_and_hint(found) == (
        "One mistake explains all 11 numbers: in lstm_cell_backward, a bracket of dcct is\n"
        "missing or stands in the wrong place.\n"
        "\n"
        "The right pieces may all be there, but brackets say how much of the line a\n"
        "factor, a sign or a power is for. This spoils dcct and whatever is computed from\n"
        "there; no other number is touched. Give each part of the line a name and a line\n"
        "of its own, and put the whole together from the names."
    )
    assert third_hint(found) == (
        "What the mathematics asks for: dcct = (dc_next + da_next ∘ Γo ∘ (1 −\n"
        "tanh²(c_next))) ∘ Γu ∘ (1 − c̃²), the bracket being the whole gradient at\n"
        "c_next."
    )


def test_gradients_of_weights_for_weights(planted: Planted) -> None:
    """``dW`` for ``W`` in two equations is one mistake."""
    lines = (
        f"np.dot(dWf[:, {cut}].T, dft) + np.dot(dWi[:, {cut}].T, dit) + np.dot(dWc[:, {cut}].T, dcct) + np.dot(dWo[:, {cut}].T, dot)"
        for cut in (":n_a", "n_a:")
    )
    found = planted(CELL, "kind-replaced", CELL, *(f"{name} = {line}" for name, line in zip(("da_prev", "dxt"), lines, strict=True)))
    assert answer_and_hint(found) == (
        "One mistake explains all 11 numbers: in lstm_cell_backward, the wrong kind of\n"
        "quantity stands in da_prev and dxt: a weight's gradient in place of the weight.\n"
        "\n"
        "NumPy does not know what an array means, and need not complain. This spoils\n"
        "da_prev and dxt and whatever is computed from there; no other number is touched.\n"
        "Read the line aloud with what each name means, and ask of each why it stands\n"
        "there."
    )


def test_parameters_are_overwritten(planted: Planted) -> None:
    """All eight sums are plain assignments: one mistake."""
    names = [f"d{kind}{gate}" for kind in "Wb" for gate in "fico"]
    found = planted(LOOP, "overwritten-not-summed", LOOP, *(f"{name} = gradients['{name}']" for name in names))
    (mistake,) = found.mistakes
    assert set(names) == set(mistake.quantity.replace(" and ", ", ").split(", "))
    assert mistake.says == f"each step overwrites {mistake.quantity}, so only what the last visited step returned is left."
    assert mistake.hints == (
        mistake.hints[0],
        (
            "Each step uses the parameter and sends back a gradient of its own. The gradients of inputs and states belong to one step each "
            "and are not touched. If the state before the last visited step is zero, what is multiplied with it is even exactly 0. "
            f"Print {mistake.quantity} after each turn of the loop: a growing sum, or a new start?"
        ),
        "What the mathematics asks for: the sum over all steps of what the cell returns for this parameter.",
    )


@pytest.mark.parametrize(
    ("check", "operator", "function", "lines"),
    [
        (LOOP, "view-of-output", "lstm_forward", ["c_next = c[:, :, 0]"]),
        (LOOP, "carry-missing", LOOP, [""]),
        (CELL, "bracket-moved", CELL, ["dcct = dc * it * 1 - cct ** 2"]),
        (CELL, "factor-dropped", CELL, ["dft = dc * c_prev * (1 - ft)"]),
        ("rnn_backward", "overwritten-not-summed", "rnn_backward", ["dba = gradients['dba']"]),
        ("rnn_cell_backward", "mean-for-sum", "rnn_cell_backward", ["dba = np.mean(dtanh, axis=1, keepdims=True)"]),
    ],
    ids=["view", "carry", "bracket", "factor", "overwritten", "mean"],
)
def test_a_usual_answer_is_short(planted: Planted, check: str, operator: str, function: str, lines: list[str]) -> None:
    """At level 2 an answer has 80 to 190 words; without other explanations and the numbers to test it with, at most 160."""
    found = planted(check, operator, function, *lines)
    assert operator in {mistake.id for mistake in found.mistakes}
    words = len(str(found).split())
    extra = sum(len(paragraph.split()) for paragraph in str(found).split("\n\n") if paragraph.startswith("Another explanation"))
    assert 80 <= words <= 190, str(found)
    assert words - extra <= 160, str(found)
