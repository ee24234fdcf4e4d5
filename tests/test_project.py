"""The project's own promises: what is declared, what the guide for contributors shows, and which packages the numeric core may import."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from types import ModuleType

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.mistakes import OPERATORS, Operator, Site

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def guide_operator() -> Operator:
    """The operator that CONTRIBUTING.md adds as its example."""
    found = re.search(r"^```py\n(.*?)^```$", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found
    module = ModuleType("largest_for_sum")
    exec(found[1], vars(module))  # noqa: S102 - our own guide
    return module.OPERATOR


def test_the_guides_first_example_is_an_operator_that_works() -> None:
    """The operator in CONTRIBUTING.md makes the wrong line of its example out of the right one, and is not there yet."""
    operator = guide_operator()
    assert operator.id not in OPERATORS
    (example,) = operator.examples
    lines = SEQUENCE_MODELS.functions[example.function]
    number = next(at for at, line in enumerate(lines) if line.strip() == example.before)
    edits = operator.at(Site(SEQUENCE_MODELS, example.function, number, lines[number]))
    assert example.after in [text.strip() for edit in edits for _, _, text in edit.lines]


def test_the_core_is_kept_from_every_dependency_but_numpy() -> None:
    """The import contract of the numeric core forbids each package that whygrad depends on, NumPy apart."""
    declared = {re.split(r"[<>=]", dependency)[0] for dependency in PYPROJECT["project"]["dependencies"]}
    (contract,) = (one for one in PYPROJECT["tool"]["importlinter"]["contracts"] if one["type"] == "forbidden")
    assert set(contract["forbidden_modules"]) == declared - {"numpy"}


def test_every_lint_exception_says_why() -> None:
    """Each rule that is switched off in pyproject.toml has its reason in a comment."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    section = text[text.index("[tool.ruff.lint]") : text.index("[tool.ruff.lint.pydocstyle]")]
    off = [line for line in section.splitlines() if re.match(r'    "[A-Z]+[0-9]*"', line)]
    assert off
    assert [line for line in off if "# " not in line] == []


def test_the_example_shows_the_expected_numbers_of_the_course() -> None:
    """The numbers under "Expected Output" in the example are those of the course's key."""
    text = (ROOT / "examples" / "lstm-backward-wrong-output.txt").read_text(encoding="utf-8")
    words = " ".join(text.replace("[", " ").replace("]", " ").split())
    for check in ("lstm_backward", "lstm_cell_backward"):
        for expected in SEQUENCE_MODELS.keys[check]["new"].values():
            assert " ".join(expected.strip("[]").split()) in words
