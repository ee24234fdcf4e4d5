"""The JSON document and its schema: every document validates, every key is explained, nothing in it can steer a terminal."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import jsonschema
import numpy as np
import pytest

from whygrad.records import (
    Confidence,
    Errors,
    Explanation,
    FunctionVerdict,
    GradientError,
    GradientErrors,
    Location,
    Mistake,
    Prediction,
    Result,
    Sandbox,
    Search,
)
from whygrad.report.json import to_json
from whygrad.report.schema import KEYS, schema, write_schema

if TYPE_CHECKING:
    from pathlib import Path

RECORDS = {
    record.__name__: record
    for record in (
        Result,
        Mistake,
        Confidence,
        Explanation,
        Prediction,
        Search,
        Location,
        FunctionVerdict,
        Sandbox,
        Errors,
        GradientErrors,
        GradientError,
    )
}


def check(result: Result) -> dict[str, object]:
    """The document of ``result``, validated."""
    document = json.loads(to_json(result), parse_constant=pytest.fail)
    jsonschema.validate(document, schema(), jsonschema.Draft202012Validator)
    return document


def test_the_schema_is_a_schema() -> None:
    """The generated schema follows the standard itself."""
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("name", ["one", "tie"])
def test_explained_documents_validate(name: str, request: pytest.FixtureRequest) -> None:
    """What the search finds is written as the schema says."""
    document = check(request.getfixturevalue(name))
    assert next(iter(document)) == "schema"
    assert document["schema"] == "whygrad/diagnosis/1"
    assert document["verdict"] == "explained"


def test_a_mistake_has_these_keys(one: Result) -> None:
    """The keys of a mistake, in this order, with all three hints."""
    (mistake,) = json.loads(to_json(one))["mistakes"]
    keys = ["id", "function", "quantity", "step", "says", "hints", "confidence", "location", "proved", "proof", "stretch", "within"]
    assert list(mistake) == keys
    assert [mistake[key] for key in keys[-4:]] == [None, None, None, None]
    assert len(mistake["hints"]) == 3
    assert mistake["step"] == 0


def test_a_document_of_code_validates(coded: Result) -> None:
    """Where code was read, each function has its verdict, each mistake its line and how it is known, and the sandbox its tier."""
    document: Any = check(coded)
    assert [verdict["verdict"] for verdict in document["functions"]] == [verdict.verdict for verdict in coded.functions]
    assert document["sandbox"] == {"tier": "landlock 7 + seccomp + limits"}
    first, second = document["mistakes"]
    assert first["location"] == {
        "source": "rnn.ipynb, cell 4",
        "line": 12,
        "column": 5,
        "text": "c_next = c[:, :, 0]",
        "file": "work/rnn.ipynb",
        "cell": 4,
        "excerpt": ["a_next = a0", "c_next = c[:, :, 0]", "", "for t in range(T_x):"],
        "excerpt_line": 11,
    }
    assert (first["proved"], first["proof"]) == (True, "proved")
    assert (second["proved"], second["proof"]) == (False, "contract")


@pytest.mark.parametrize(
    "result",
    [
        Result("unreadable", problem="post.txt is empty."),
        Result("unknown", printed=4, search=Search(7, complete=False, cuts=("it took too long",)), unread=("dx = ?",), right=("dx",)),
        Result("right", "sequence-models", ("rnn_backward",), "new", 8, 8, key_is_wrong=True, notes=("The key is wrong.",)),
        Result("partly", printed=8, reproduced=4, unexplained=("dba[4][0]",)),
    ],
    ids=lambda result: result.verdict,
)
def test_documents_of_every_other_verdict_validate(result: Result) -> None:
    """Every verdict writes every key."""
    document = check(result)
    assert set(document) == {"schema", *(field.name for field in fields(Result))}


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_numbers_are_finite_or_null(one: Result, view: Mistake, number: float) -> None:
    """JSON has no NaN and no infinity."""
    assert view.confidence is not None
    odd = replace(view, confidence=replace(view.confidence, log10_chance=number))
    document = check(replace(one, mistakes=(odd,), alternatives=(Explanation((odd,), 24, number),)))
    assert document["mistakes"][0]["confidence"]["log10_chance"] is None  # type: ignore[index]
    assert document["alternatives"][0]["log10_odds"] is None  # type: ignore[index]


def test_numpy_numbers_are_written_as_numbers(one: Result) -> None:
    """A count or a logarithm that is still NumPy's own does no harm."""
    document = check(replace(one, printed=np.int64(24), alternatives=(Explanation(one.mistakes, 24, np.float64(-1.5)),)))
    assert document["printed"] == 24
    assert document["alternatives"][0]["log10_odds"] == -1.5  # type: ignore[index]


def test_the_schema_notices_a_missing_and_a_misspelled_value(one: Result) -> None:
    """The schema can fail: a key taken away, a verdict that does not exist."""
    document = check(one)
    for spoiled in ({key: value for key, value in document.items() if key != "search"}, {**document, "verdict": "maybe"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(spoiled, schema())


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_every_key_is_explained(name: str) -> None:
    """Each field of each record has its sentence, and no sentence is left over."""
    extra = {"schema"} if name == "Result" else set()
    assert set(KEYS[name]) == {field.name for field in fields(RECORDS[name])} | extra
    assert all(text.endswith(".") for text in KEYS[name].values())
    properties = schema()["$defs"][name]["properties"]
    assert {key: value["description"] for key, value in properties.items()} == KEYS[name]


def test_write_schema_writes_the_schema(tmp_path: Path) -> None:
    """The file in the documentation is the generated schema."""
    write_schema(tmp_path / "schema.json")
    assert json.loads((tmp_path / "schema.json").read_text(encoding="utf-8")) == schema()


def test_nothing_in_the_document_steers_a_terminal(one: Result) -> None:
    """Escape sequences, C1 controls and direction marks are written as escapes, and come back as they were."""
    hostile = "\x1b[31m \x9b2J \u202e \x07 \u2028 \x7f"
    text = to_json(replace(one, unread=(hostile,)))
    assert all(character.isprintable() for character in text.replace("\n", ""))
    assert json.loads(text)["unread"] == [hostile]


def test_a_document_with_errors_validates(one: Result) -> None:
    """Each gradient's error at each step, and null where there is no value or no number."""
    errors = Errors("lstm_backward", "code", 2, (GradientErrors("dx", (GradientError(0.5), None), GradientError(None, "nan")),))
    document: Any = check(replace(one, errors=(errors,)))
    assert document["errors"] == [
        {
            "function": "lstm_backward",
            "basis": "code",
            "steps": 2,
            "rows": [{"gradient": "dx", "steps": [{"error": 0.5, "problem": ""}, None], "whole": {"error": None, "problem": "nan"}}],
        }
    ]
