"""What course systems read: each file fits the system's description, written down here, and says neither too little nor too much."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import jsonschema
import msgspec
import pytest
from junitparser import Error, Failure, JUnitXml, Skipped
from small_class import STATUSES

from whygrad.grade.formats import check50, coursera, gradescope, junit, prairielearn
from whygrad.grade.formats.card import Card, card
from whygrad.grade.formats.card import Test as OneTest
from whygrad.grade.records import Line
from whygrad.records import FunctionVerdict, Mistake, Result
from whygrad.report.json import to_json_line

if TYPE_CHECKING:
    from small_class import Graded

JSON = {"gradescope": gradescope, "prairielearn": prairielearn, "coursera": coursera, "check50": check50}
RIGHT, WRONG, NOT_RUN, POST = "ada/right.py", "cem/wrong.py", "eli/hangs.py", "kim/numbers.txt"


def closed(properties: dict[str, Any], required: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - a JSON schema
    """The schema of an object with these keys and no others."""
    return {"type": "object", "properties": properties, "required": required.split(), "additionalProperties": False, **more}


TEXT, NUMBER, SHARE = {"type": "string"}, {"type": "number"}, {"type": "number", "minimum": 0, "maximum": 1}
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
SCHEMAS = {
    # A score of the whole is needed where not every test has one, else Gradescope takes the autograder for broken.
    "gradescope": closed(
        {
            "score": NUMBER,
            "execution_time": {"type": "integer"},
            "output": TEXT,
            "output_format": FORMAT,
            "visibility": VISIBILITY,
            "stdout_visibility": VISIBILITY,
            "extra_data": {"type": "object"},
            "tests": {
                "type": "array",
                "items": closed(
                    {
                        "score": NUMBER,
                        "max_score": NUMBER,
                        "status": {"enum": ["passed", "failed"]},
                        "name": TEXT,
                        "name_format": FORMAT,
                        "number": TEXT,
                        "output": TEXT,
                        "output_format": FORMAT,
                        "visibility": VISIBILITY,
                    },
                    "name",
                ),
            },
        },
        "score output tests",
    ),
    # Graded work has a score; what is not gradable says why in format_errors.
    "prairielearn": closed(
        {
            "gradable": {"type": "boolean"},
            "score": SHARE,
            "message": TEXT,
            "output": TEXT,
            "format_errors": {"type": "array", "items": TEXT, "minItems": 1},
            "tests": {
                "type": "array",
                "items": closed({"name": TEXT, "points": NUMBER, "max_points": NUMBER, "message": TEXT, "output": TEXT}, "name points"),
            },
        },
        "gradable",
        **{"if": {"properties": {"gradable": {"const": True}}}, "then": {"required": ["score"]}, "else": {"required": ["format_errors"]}},
    ),
    "coursera": closed({"fractionalScore": SHARE, "feedback": TEXT}, "fractionalScore feedback"),
    # Results or an error, never both.
    "check50": closed(
        {
            "slug": TEXT,
            "version": TEXT,
            "results": {
                "type": "array",
                "minItems": 1,
                "items": closed(
                    {
                        "name": TEXT,
                        "description": TEXT,
                        "passed": {"type": ["boolean", "null"]},
                        "log": {"type": "array", "items": TEXT},
                        "cause": {"anyOf": [{"type": "null"}, {"type": "object", "required": ["rationale", "help"]}]},
                        "data": {"type": "object"},
                        "dependency": {"type": ["string", "null"]},
                    },
                    "name description passed log cause data dependency",
                ),
            },
            "error": closed(
                {
                    "type": TEXT,
                    "value": TEXT,
                    "traceback": {"type": "array", "items": TEXT},
                    "actions": closed({"show_traceback": {"type": "boolean"}, "message": TEXT}, "show_traceback message"),
                    "data": {"type": "object"},
                },
                "type value traceback actions data",
            ),
        },
        "slug version",
        oneOf=[{"required": ["results"]}, {"required": ["error"]}],
    ),
}


@pytest.mark.parametrize("path", STATUSES)
@pytest.mark.parametrize("system", JSON)
def test_each_file_fits_the_systems_description(graded: Graded, system: str, path: str) -> None:
    """Right, wrong, hostile, unreadable and badly named submissions alike."""
    jsonschema.validate(json.loads(graded.text(system, path)), SCHEMAS[system])


JUNIT = {
    "testsuites": ("name time tests failures errors", "testsuite"),
    "testsuite": ("name tests failures errors skipped time", "testcase"),
    "testcase": ("name classname time", "failure error skipped"),
    **dict.fromkeys(("failure", "error", "skipped"), ("message type", "")),
}
"""Of each element, the attributes and the elements within it that Jenkins's schema (junit-10.xsd) allows and that are written."""


@pytest.mark.parametrize("path", STATUSES)
def test_junit_has_nothing_that_jenkins_refuses(graded: Graded, path: str) -> None:
    """Every element stands where the schema has it, with none but its attributes; a suite has those that are required."""
    for element in ET.fromstring(graded.text("junit", path)).iter():  # noqa: S314 - our own
        attributes, children = (set(names.split()) for names in JUNIT[element.tag])
        assert set(element.attrib) <= attributes
        assert {child.tag for child in element} <= children
        assert element.tag != "testsuite" or {"name", "tests", "failures", "errors"} <= set(element.attrib)


@pytest.mark.parametrize("path", STATUSES)
def test_junit_reads_back(graded: Graded, path: str) -> None:
    """A library that did not write it counts what we counted."""
    (suite,) = JUnitXml.fromstring(graded.text("junit", path))
    results = [case.result[0] if case.result else None for case in suite]
    assert suite.tests == len(results) > 0
    for kind, number in ((Failure, suite.failures), (Error, suite.errors), (Skipped, suite.skipped)):
        assert sum(isinstance(one, kind) for one in results) == number
    assert (suite.errors == 1) == (STATUSES[path] == "could not be run")
    assert (suite.failures > 0) == (STATUSES[path] == "wrong")


def test_right_work_has_all_points(graded: Graded) -> None:
    """In every system."""
    tests = json.loads(graded.text("gradescope", RIGHT))["tests"]
    assert len(tests) == 8
    assert sum(test["score"] for test in tests) == sum(test["max_score"] for test in tests) == 8
    assert json.loads(graded.text("prairielearn", RIGHT))["score"] == 1
    assert json.loads(graded.text("coursera", RIGHT)) == {"fractionalScore": 1.0, "feedback": "8 of 8 functions are right."}
    assert {result["passed"] for result in json.loads(graded.text("check50", RIGHT))["results"]} == {True}


def test_wrong_work_loses_the_point_of_the_wrong_function(graded: Graded) -> None:
    """And it is told where, at the level of hints that was chosen."""
    failed = [test for test in json.loads(graded.text("gradescope", WRONG))["tests"] if test["status"] == "failed"]
    assert [test["name"] for test in failed] == ["lstm_forward"]
    assert failed[0]["output"].startswith("line 121: ")
    assert json.loads(graded.text("prairielearn", WRONG))["score"] == 0.875
    assert json.loads(graded.text("coursera", WRONG))["feedback"].startswith("7 of 8 functions are right.\n\nline 121: ")
    assert [result["name"] for result in json.loads(graded.text("check50", WRONG))["results"] if not result["passed"]] == ["lstm_forward"]


def test_what_could_not_be_run_is_not_wrong(graded: Graded) -> None:
    """No test failed, and the first words say that nothing was judged."""
    first = "This submission could not be run, so nothing in it was judged. The code did not come to an end"
    document = json.loads(graded.text("gradescope", NOT_RUN))
    assert (document["tests"], document["score"], document["extra_data"]) == ([], 0, {"status": "could not be run"})
    assert document["output"].startswith(first)
    assert json.loads(graded.text("prairielearn", NOT_RUN))["gradable"] is False
    assert json.loads(graded.text("coursera", NOT_RUN))["feedback"].startswith(first)
    assert json.loads(graded.text("check50", NOT_RUN))["error"]["value"].startswith(first)


def test_a_post_is_one_test(graded: Graded) -> None:
    """Where only numbers were handed in, they are right or not."""
    (test,) = json.loads(graded.text("gradescope", POST))["tests"]
    assert (test["name"], test["score"]) == ("the printed numbers", 0)


def line(result: Result, status: str = "wrong") -> Line:
    """A line with this result."""
    return Line("a.py", "00", "0", {}, status, 1.0, None, msgspec.Raw(to_json_line(result).encode()))  # pyright: ignore[reportArgumentType]


MATHEMATICS = "the derivative of the product"
LEVELS = Result(
    "explained",
    mistakes=(Mistake("gate-swapped", "lstm_forward", "c_next", None, "another gate", ("look there", "it is a gate", MATHEMATICS)),),
    functions=(
        FunctionVerdict("lstm_forward", "wrong", "differs \x00 from \ufffe <b>what</b> &amp; it should"),
        FunctionVerdict("lstm_backward", "wrong", "gives \x1b[2J other values"),
        FunctionVerdict("lstm_cell_forward", "not reached", "is not reached"),
        FunctionVerdict("rnn_forward", "missing", "is not there"),
    ),
)


@pytest.mark.parametrize("hint", [1, 2, 3])
@pytest.mark.parametrize("system", [*JSON.values(), junit], ids=lambda system: system.__name__.rpartition(".")[2])
def test_no_file_holds_more_than_its_level_of_hints(system: Any, hint: int) -> None:  # noqa: ANN401 - a module
    """Level 1 says where, 2 what, and only 3 what the mathematics asks."""
    written = system.to_text(card(line(LEVELS), hint))
    assert ("look there" in written, "it is a gate" in written, MATHEMATICS in written) == (hint == 1, hint > 1, hint > 2)
    assert ("other values" in written) == (hint > 1)


@pytest.mark.parametrize("hint", [1, 2, 3])
def test_texts_that_somebody_chose_stay_texts(hint: int) -> None:
    """Characters that XML or a terminal cannot take are replaced, markup is text, and the kinds are told apart."""
    made = card(line(LEVELS), hint)
    tree = ET.fromstring(junit.to_text(made))  # noqa: S314 - our own
    assert [child.tag for case in tree.iter("testcase") for child in case] == ["failure", "failure", "skipped", "skipped"]
    assert [result["passed"] for result in json.loads(check50.to_text(made))["results"]] == [False, False, None, None]
    assert "\x1b" not in gradescope.to_text(made)
    hostile = junit.to_text(card(line(Result("unreadable", problem="\x00\ufffe\uffff]]><b>"), "could not be run"), 2))
    assert ET.fromstring(hostile) is not None  # noqa: S314 - our own


def test_what_could_not_be_judged_is_apart_from_what_is_wrong() -> None:
    """Each file says so, as far as its system can take it: there is no point for it, and it has not failed."""
    made = card(line(LEVELS), 2)
    apart = "lstm_cell_forward could not be judged, which does not say that anything is wrong there."
    texts = [gradescope.to_text(made), prairielearn.to_text(made), coursera.to_text(made)]
    assert all(apart in text and "lstm_cell_forward could not be judged: it is not reached." in text for text in texts)
    document = json.loads(texts[0])
    jsonschema.validate(document, SCHEMAS["gradescope"])
    assert [test.get("status") for test in document["tests"]] == ["failed", "failed", None, None]
    assert (document["score"], "score" in document["tests"][2]) == (0, False)


def test_what_is_not_there_has_not_failed() -> None:
    """People hand in one function: the others have no point, in no system a failure, and the first sentence counts them."""
    functions = (FunctionVerdict("lstm_forward", "right", "is right"), *LEVELS.functions[-1:])
    made = card(line(Result("right", functions=functions), "right"), 2)
    document = json.loads(gradescope.to_text(made))
    assert (document["score"], [test.get("status") for test in document["tests"]]) == (1, ["passed", None])
    assert document["output"] == "1 of 2 functions is right, 1 is not there."


@pytest.mark.parametrize(("outcomes", "says"), [("f", "0 of 1 function is"), ("pf", "1 of 2 functions is"), ("ff", "0 of 2 functions are")])
def test_one_function_is_right(outcomes: str, says: str) -> None:
    """And two are."""
    tests = tuple(OneTest("lstm_backward", "passed" if one == "p" else "failed", "", "wrong") for one in outcomes)
    assert Card("a.txt", "a.txt", "wrong", 1.0, tests, "").says.startswith(says)
