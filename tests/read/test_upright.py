"""A table of several versions is read the same wherever its labels and its heads stand."""

from __future__ import annotations

import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.errors import UnreadableError
from whygrad.read import read_text

CHECK = "lstm_backward"
LABELS = {"da0[2][3]": "0.31236014", "dWf[3][1]": "-0.18124513", "dWi[1][2]": "0.40511241"}
VERSIONS = {
    "My output": LABELS,
    "Expected Output (v3)": {label: SEQUENCE_MODELS.keys[CHECK]["old"][label[:3]] for label in LABELS},
    "Course key (corrected)": {label: SEQUENCE_MODELS.keys[CHECK]["new"][label[:3]] for label in LABELS},
    "from the forum": dict.fromkeys(LABELS, "0.98765432"),
    "expected shape": dict.fromkeys(LABELS, "(5, 8)"),
    "ok?": dict.fromkeys(LABELS, "no"),
}
ORDERS = [
    ("My output", "Expected Output (v3)", "Course key (corrected)"),
    ("expected shape", "Course key (corrected)", "from the forum", "My output"),
    ("from the forum", "ok?", "Expected Output (v3)", "expected shape", "My output", "Course key (corrected)"),
]


def table(order: tuple[str, ...], at: int, *, across: bool, bar: str, names: int = 0) -> str:
    """The versions in this order, with the labels in the column ``at``, or in that row where they stand ``across``; heads at ``names``."""
    rows = [[*order], *([VERSIONS[name][label] for name in order] for label in LABELS)]
    for name, row in zip(("name" if bar == "   " else "", *LABELS), rows, strict=True):
        row.insert(at % len(rows[0]) if at >= 0 else len(row), name)
    rows.insert(names, rows.pop(0))
    if across:
        rows = [list(column) for column in zip(*rows, strict=True)]
    lines = [bar.join(row) for row in rows]
    return "\n".join(lines if "|" not in bar else [f"| {line} |" for line in (lines[0], "|".join("---" for _ in rows[0]), *lines[1:])])


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("bar", [" | ", "\t", ";", ",", "   "])
def test_labels_stand_in_any_column_or_row(order: tuple[str, ...], bar: str, *, across: bool) -> None:
    """The corrected key is the expected one, and what has no side is nobody's."""
    for at in (0, 1, -1):
        (block,) = read_text(f"{CHECK}\n\n{table(order, at, across=across, bar=bar)}\n", "a.md").blocks
        assert [number.text for number in block.numbers] == [*LABELS.values()]
        assert [number.text for number in block.expected] == [*VERSIONS["Course key (corrected)"].values()]


def test_an_empty_cell_moves_no_number_to_another_side() -> None:
    """Nor is the row of one key alone the learner's."""
    text = table(("from the forum", "Course key (corrected)", "My output"), -1, across=False, bar=" | ")
    blocks = read_text(text.replace(f"{VERSIONS['Course key (corrected)']['dWf[3][1]']} ", " "), "a.md").blocks
    assert "0.98765432" not in [number.text for block in blocks for number in block.numbers]
    for order in (("My output", "Course key (corrected)"), ("value", "ok?", "expected")):
        rows = {**VERSIONS, "value": LABELS, "expected": VERSIONS["Course key (corrected)"]}
        lines = [" | ".join(["entry", *order]), *(" | ".join([label, *(rows[name][label] for name in order)]) for label in LABELS)]
        (block,) = read_text(f"{CHECK}\n" + "\n".join(lines).replace(LABELS["dWf[3][1]"], ""), "a.md").blocks
        assert [number.text for number in block.numbers] == [text for label, text in LABELS.items() if label[:3] != "dWf"]
        assert len(block.expected) == len(LABELS)
    with pytest.raises(UnreadableError):
        read_text(text.replace("My output", "their output"), "a.md")


@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("bar", [" | ", ";"])
def test_the_heads_stand_anywhere_and_the_unknown_one_beside_keys_is_the_learners(bar: str, *, across: bool) -> None:
    """An old key's row in front of them was read as the learner's; a forum's numbers, and those of an empty cell, are not."""
    for name in ("My output", "student"):
        order = ("Expected Output (v3)", "my shape", "Course key (corrected)", "from the forum", name)
        text = table(
            tuple(part.replace("student", "My output").replace("my", "expected") for part in order), 0, across=across, bar=bar, names=2
        )
        text = text.replace("My output", name).replace("expected shape", "my shape").replace("-0.0809802310938", "")
        (block,) = read_text(f"{CHECK}\n\n{text}\n", "a.md").blocks
        assert [number.text for number in block.numbers] == [*LABELS.values()]
        assert [number.text for number in block.expected] == [
            VERSIONS["Course key (corrected)"][label] for label in LABELS if label[:3] != "dWf"
        ]
