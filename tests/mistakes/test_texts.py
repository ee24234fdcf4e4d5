"""What is said of every edit that can be made: whole sentences, of one equation or of several, that never give the formula away."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_numbers.answer.telling import mistakes_of
from whygrad.from_numbers.programs.compound import compounds
from whygrad.from_numbers.programs.variants import Variants
from whygrad.mistakes import OPERATORS, Operator
from whygrad.report.catalogue import page, wrong_piece

if TYPE_CHECKING:
    from conftest import Told

    from whygrad.mistakes import Site
    from whygrad.records import Mistake

CODE = re.compile(r"stale\(|gradients\[|np\.(?!random|shares_memory)|\.T\b|\{|\}|\bNone\b|<\w+>| {2}")
MATHEMATICS = re.compile("[∘ᵀ⟨⟩Γ²]|tanh\\(")
TO_DO = re.compile(
    r"\b([Pp]rint|Read|Run|Compare|Give|Go|Follow|Lay|Put|Write|Draw|Derive|Change|Divide|Take|Search|Restart|Say|Let|write out|move)\b"
)
FILLED = {"function": "lstm_backward", "quantity": "dx", "meaning": "a gradient", "detail": "a detail", "mathematics": "an equation"}
TEMPLATES = [pytest.param(operator, id=name) for name, operator in OPERATORS.items()]
SENTENCE_END = re.compile(r"[.?!](?= [A-Z\w]|$)")


def sentences(text: str) -> int:
    """How many sentences a text has."""
    return len(SENTENCE_END.findall(text))


def bare(text: str) -> str:
    """The text without white space."""
    return "".join(text.split())


def singular_verb(names: str, text: str) -> bool:
    """Whether a list of names is the subject of a verb in the singular: it is not where a preposition stands before it."""
    found = re.search(rf"(?:^|(\w+)[ ,:;]+){re.escape(names)} (?:is|was|has|lacks|stands|gets|keeps|takes|adds|does)\b", text)
    return found is not None and found[1] not in {"of", "in", "for", "from", "to", "through", "as", "under"}


def formulas(site: Site) -> set[str]:
    """The right sides of a line in all its right spellings, where they are more than a name."""
    texts = [expression.text for expression in site.expressions] if site.equation else [site.right]
    return {bare(text) for text in texts if not re.fullmatch(r"\w*", text)}


@pytest.mark.parametrize("operator", TEMPLATES)
def test_templates_are_complete(operator: Operator) -> None:
    """Title, explanation, sentence and hints are there; a title has no full stop, everything else ends with one or with a question."""
    assert operator.title
    assert operator.title[0].isupper()
    assert not operator.title.endswith(".")
    for template in (operator.says, *operator.hints):
        assert template.format(**FILLED).endswith((".", "?"))
    assert operator.says[0] in "{abcdefghijklmnopqrstuvwxyz"
    assert all(hint[0] == "{" or hint[0].isupper() for hint in operator.hints)


@pytest.mark.parametrize("operator", TEMPLATES)
def test_only_the_third_hint_may_use_the_mathematics(operator: Operator) -> None:
    """``{mathematics}`` stands in no text that is shown below level 3, and the third hint says something of its own."""
    assert not any("{mathematics}" in text for text in (operator.says, *operator.hints[:2], operator.about))
    assert operator.asks.startswith(("What the mathematics asks for: ", "What the expected numbers were made with: "))


@pytest.mark.parametrize("operator", TEMPLATES)
def test_hints_have_one_to_four_sentences(operator: Operator) -> None:
    """A hint is short, and the second one holds something to print, to read, to run, to compare or to ask."""
    assert sentences(operator.says.format(**FILLED)) == 1
    for hint in operator.hints:
        assert 1 <= sentences(hint.format(**FILLED)) <= 4
    assert TO_DO.search(operator.hint)
    assert 25 <= len(operator.hint.format(**FILLED).split()) <= 65


@pytest.mark.parametrize("operator", TEMPLATES)
def test_an_explanation_is_a_page(operator: Operator) -> None:
    """``about`` says more than the title, what the numbers look like, and how to check; it names no internals and shows no formula."""
    first, *_ = operator.about.split("\n")
    assert first.rstrip(".") != operator.title
    assert 60 <= len(operator.about.split()) <= 170
    assert "To check, " in operator.about
    assert re.search(r"number|right|wrong", operator.about)
    assert not MATHEMATICS.search(operator.about)
    assert "stale(" not in operator.about


@pytest.mark.parametrize("operator", TEMPLATES)
def test_a_page_shows_no_right_formula(operator: Operator) -> None:
    """The page of a mistake can be made, shows no internals, and no example's right side whole."""
    text = page(operator)
    assert text.startswith(f"{operator.id}: {operator.title}\n\n")
    assert "stale(" not in text
    for example in operator.examples:
        right = bare(example.before.partition(" = ")[2])
        if "forward" not in example.function and not right.isidentifier():
            assert not right or right not in bare(text)


def test_the_docs_have_a_page_for_every_mistake() -> None:
    """Each page of the docs shows the title, the explanation and both texts with no blank left open, and the index has every id."""
    file = Path(__file__).parents[2] / "docs" / "_ext" / "generated_pages.py"
    spec = spec_from_file_location("generated_pages", file)
    assert spec is not None
    assert spec.loader is not None
    pages = module_from_spec(spec)
    spec.loader.exec_module(pages)
    for name, operator in OPERATORS.items():
        text = pages.mistake_page(operator)
        assert text.startswith(f"# {operator.title}\n\n`{name}`\n\n{operator.about.splitlines()[0].replace('``', '`')}")
        assert not re.search(r"\{\w+\}|stale\(", text)
        assert f"[{operator.title}]({name}.md)" in pages.mistakes_index()


def test_a_line_that_is_missing_is_shown_as_a_comment() -> None:
    """Where a learner's notebook has no line, the page says so in a comment and not in our own words for it."""
    pieces = {name: [wrong_piece(example) for example in OPERATORS[name].examples] for name in ("carry-missing", "weights-from-globals")}
    assert pieces == {
        "carry-missing": ["# da_prevt gets no new value in the loop"],
        "weights-from-globals": ["# no line of the function sets Wf"],
    }


@pytest.mark.parametrize("name", OPERATORS)
def test_what_is_said_of_an_edit_is_whole(name: str, told: dict[str, Told]) -> None:
    """No text of any edit has an empty or unfilled place, a scrap of code, or a doubled space, and a meaning where it asks for one."""
    uses_detail = any("{detail}" in text for text in (OPERATORS[name].says, *OPERATORS[name].hints))
    for _, edit, mistake in told[name]:
        assert edit.detail.strip() or not uses_detail, edit
        for text in (mistake.says, *mistake.hints[:2]):
            assert not CODE.search(text), text
            assert not re.search(r" [,.:;]|[:,] *[.,]|\(\)", text), text
        assert "the place where the sequence is put together" not in mistake.hints[0], mistake.hints[0]
        assert not re.search(r"np\.dot|np\.sum|\[:|\.T\b", mistake.hints[2]), mistake.hints[2]
        assert "see the definition" not in mistake.hints[2], (mistake.function, mistake.quantity)


@pytest.mark.parametrize("name", OPERATORS)
def test_no_hint_below_level_three_gives_the_formula(name: str, told: dict[str, Told]) -> None:
    """The sentence and the first two hints hold neither the right side of the line in any right spelling, nor mathematics in symbols."""
    for site, _, mistake in told[name]:
        for text in (mistake.says, *mistake.hints[:2]):
            assert not any(formula in bare(text) for formula in formulas(site)), (site.text, text)
            assert not MATHEMATICS.search(text), text


def test_the_third_hint_asks_for_the_equation(told: dict[str, Told]) -> None:
    """At level 3 a wrong equation of a cell is answered by that equation in symbols or words, with the learner's name for it."""
    for _, edit, mistake in told["factor-dropped"]:
        if edit.quantity in {"dc", "dft", "dit", "dcct", "dot", "dtanh"}:
            assert mistake.hints[2].startswith(f"What the mathematics asks for: {edit.quantity} = ")
            assert "∘" in mistake.hints[2]


@pytest.mark.parametrize("name", OPERATORS)
def test_several_quantities_read_as_one_sentence(name: str, grouped: dict[str, list[Mistake]]) -> None:
    """A slip in several equations is told of all of them, and no verb in the singular has the list as its subject."""
    for mistake in grouped[name]:
        for text in (mistake.says, *mistake.hints[:2]):
            assert not CODE.search(text), text
            assert not singular_verb(mistake.quantity, text), text


def test_the_search_for_singular_verbs_can_fail() -> None:
    """A list as a subject is found, one behind a preposition is not."""
    assert singular_verb("dft and dit", "dft and dit lacks a factor.")
    assert singular_verb("dft and dit", "Here dft and dit is zero.")
    assert not singular_verb("dft and dit", "a bracket of dft and dit is missing.")


def test_two_mistakes_in_one_equation_are_two_sentences() -> None:
    """Of an equation with two slips both are told, each with its own detail and nothing of the other's."""
    function = "lstm_cell_backward"
    number = next(at for at, line in enumerate(SEQUENCE_MODELS.functions[function]) if line.strip().startswith("dft = "))
    found = list(compounds(SEQUENCE_MODELS, function, number, Variants(SEQUENCE_MODELS).of_line(function, number)))
    assert len(found) > 1000
    for edit in found[:: len(found) // 300]:
        one, other = mistakes_of(SEQUENCE_MODELS, (edit,), None)
        assert f"{one.id} + {other.id}" == edit.operator
        for mistake in (one, other):
            assert (mistake.function, mistake.quantity) == (function, "dft")
            for text in (mistake.says, *mistake.hints):
                assert "\x1f" not in text
                assert not re.search(r": *\.| [,.:;]|\{", text), text


def test_a_compound_reads_like_this() -> None:
    """A dropped factor and a wrong derivative in one line."""
    function = "lstm_cell_backward"
    number = next(at for at, line in enumerate(SEQUENCE_MODELS.functions[function]) if line.strip().startswith("dft = "))
    edits = compounds(SEQUENCE_MODELS, function, number, Variants(SEQUENCE_MODELS).of_line(function, number))
    edit = next(edit for edit in edits if bare(edit.lines[0][2]) == "dft=dc*(1-ft**2)")
    assert [mistake.says for mistake in mistakes_of(SEQUENCE_MODELS, (edit,), None)] == [
        "a factor is missing from dft: the cell state of the step before.",
        "the derivative of an activation is wrong in dft: that of the sigmoid behind ft is the tanh's derivative.",
    ]


def test_a_whole_stack_is_not_called_by_one_of_its_parts(told: dict[str, Told]) -> None:
    """It is the stack that is transposed or reshaped: of the hidden state's part alone other numbers would come."""
    says = [mistake.says for _, _, mistake in told["transpose-wrong"]]
    assert any("the stack of hidden state and input is reshaped" in text for text in says)
    assert not any("the part with the hidden state of the step before is reshaped" in text for text in says)
