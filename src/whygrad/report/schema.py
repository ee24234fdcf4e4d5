"""The JSON schema of the document that ``json`` writes: generated from the records, each key explained in a sentence."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import msgspec

from whygrad.records import Result
from whygrad.report.json import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

KEYS: dict[str, dict[str, str]] = {
    "Result": {
        "schema": "Name and version of this format. A key may be added within a version; none is removed or changes its meaning.",
        "verdict": (
            "explained: the mistakes reproduce every number. right: the numbers are right. partly: some numbers are explained. "
            "unknown: nothing fits, or it may fit by accident (see would_tell), or all is right that could be read (see lost). "
            "unreadable: the input could not be read, see problem. For code: explained if each function that is not "
            "right has a mistake, partly if some have, unknown if none has, right if nothing that is there is wrong."
        ),
        "assignment": "Which assignment the numbers belong to; null if none was recognised.",
        "checks": "The checks whose numbers were read, named after the function that they check; for code the functions that are there.",
        "version": "The version of the notebook whose expected numbers stand in the text; null if there are none or they match no version.",
        "printed": "How many single numbers of the learner's own were read: an array entry each; expected values and shapes do not count.",
        "reproduced": "How many of them the first explanation gives to their last printed digit; for code beside them, the code as it is.",
        "mistakes": (
            "The first explanation: mistakes that are made together. Empty if the numbers are right or nothing fits. For code: those of "
            "each function, the first to mend first; a line that several functions run stands there for each, and one whose sentence tells "
            "of two slips stands there once: texts count slips."
        ),
        "alternatives": "Other explanations that print the same numbers, the more frequent ones first.",
        "predictions": "What other entries or another check would print if the first explanation is right.",
        "would_tell": (
            'Where what was printed is too little to confirm a cause: the lines whose numbers would tell ("dWf[3][1] of lstm_backward"). '
            "Empty otherwise."
        ),
        "search": "How far the search went.",
        "exonerated": "Functions in which no shortest explanation has a mistake; for code those that are right.",
        "unexplained": (
            'Labels of the numbers that the first explanation does not give ("dWf[3][1]"; where several checks were read, '
            '"dWf[3][1] of lstm_backward"), and of printed shapes that it does not give ("dba.shape"); for code the wrong functions '
            "without a mistake."
        ),
        "right": "What is known to be right although the whole is not explained.",
        "unread": "Lines that look like numbers of a check but were not understood.",
        "stopped": "An error or a failed test beside right numbers, of which the text does not tell why; because of it they are unknown.",
        "lost": "The labels in such lines of which no number was read anywhere else; because of them right numbers can be unknown.",
        "key_is_wrong": "True if the expected numbers are themselves wrong; notes say why.",
        "notes": "Whole sentences about what was read or found.",
        "problem": "One sentence that says why the input could not be read; null otherwise.",
        "functions": "For code: what is known of each of the assignment's functions. Empty where only numbers were read.",
        "sandbox": "For code: how it was run; null where only numbers were read.",
        "errors": "How far each gradient is from the right one at each time step; empty if nothing is wrong or nothing can be compared.",
    },
    "Mistake": {
        "id": "The kind of mistake; `whygrad mistakes` lists them all, and `whygrad mistakes ID` explains one.",
        "function": "The function with the mistake; null if it is in the notebook's check and not in a function of the learner's.",
        "quantity": "The name on the left of the equation.",
        "step": "The time step it bears on, counted from 0; null if it holds at every step.",
        "says": "What is wrong, in one sentence.",
        "hints": "Three hints of rising openness: where, what is wrong, what the mathematics asks.",
        "confidence": "How sure it is; null if that is not known.",
        "location": "For code: the line with the mistake; null where only numbers were read, or where no line is known.",
        "proved": "For code: true if two experiments agree that it is this line; null where only numbers were read.",
        "within": "For code: the function of the learner's own in which the line stands, if it is none of the assignment's; else null.",
        "stretch": "For code, where no kind of mistake fits: the lines between which it goes wrong, and what is known of them; else null.",
        "proof": "For code: proved, located (it happens there, but is not proved) or contract (what the function must return is broken).",
    },
    "Stretch": {
        "after": "The last line at which all is right; null where that is not known.",
        "line": "The line at which it is not.",
        "came_in": "The names of what came in right.",
        "came_out": "What is wrong of what came out.",
        "smallest": "The smallest case that shows it; null where no small one does.",
    },
    "Differing": {
        "name": "The name of the array.",
        "wrong": "How many of its entries differ from the right ones.",
        "size": "How many entries it has.",
        "worst": "The index of the entry that differs most.",
        "value": "What stands there; null if it is not finite.",
        "expected": "What is right there.",
    },
    "SmallestCase": {
        "n_x": "The number of inputs.",
        "n_a": "The number of hidden units.",
        "m": "The number of examples.",
        "steps": "The number of time steps; 0 for a function of one step.",
    },
    "Location": {
        "source": "The file or cell, as tracebacks name it.",
        "line": "The line, counted from 1 within the cell, or within the file where there are no cells.",
        "column": "The column in characters, counted from 1.",
        "text": "The line itself, shortened where it is long.",
        "file": "The file, as it was given.",
        "cell": "The position of the cell in the notebook, from 1, text cells counted too; null for a file without cells.",
        "excerpt": "The line and at most two lines above and below it, without the indentation that all have; empty if there is no text.",
        "excerpt_line": "The number of the first line of the excerpt; 0 if there is none.",
    },
    "FunctionVerdict": {
        "function": "The function.",
        "verdict": (
            "right, wrong, raises, blank, missing, or not reached "
            "because another function ends the run before or the text does not hold it whole."
        ),
        "says": "What is known, in one sentence.",
        "location": "Where it is defined, or the line that raises or is blank; null where it is missing.",
        "notes": "Facts that do no harm.",
    },
    "Errors": {
        "function": "The function that returns the gradients.",
        "basis": (
            "Whose gradients are compared. code: those of the learner's functions, on our own inputs. mistakes: those of a right program "
            "into which the mistakes of the first explanation were put, in the course's check. numbers: the printed ones alone."
        ),
        "steps": "How many time steps there are; 0 for the function of one step.",
        "rows": "The gradients.",
    },
    "GradientErrors": {
        "gradient": "The gradient's name; with its index if only that entry is known.",
        "steps": (
            "Its error at each time step, the first step first: of what the cell returns there, or of that step's slice. Null if it has no "
            "value there."
        ),
        "whole": "The error of what the function returns; null if it does not return it.",
    },
    "GradientError": {
        "error": (
            "The largest difference divided by the largest entry that a right gradient has, at any step; 0 is right, null says that there "
            "is no number."
        ),
        "problem": "nan if it holds NaN or infinity, shape if it has another shape than the right one; else empty.",
    },
    "Sandbox": {
        "tier": "What kept the code from doing harm while it ran.",
    },
    "Confidence": {
        "numbers": "How many printed numbers agree to the last digit.",
        "telling": "How many of these a right program prints otherwise; a zero where it prints nothing is not counted.",
        "digits": "How many significant digits were matched in these.",
        "tried": "How many candidates were looked at.",
        "log10_chance": "Decimal logarithm of the chance that a wrong candidate agrees by accident; null if it is not finite.",
    },
    "Explanation": {
        "mistakes": "The mistakes of this explanation, made together.",
        "reproduced": "How many of the printed numbers it gives to their last digit.",
        "log10_odds": "Decimal logarithm of how often people make just these mistakes; null if it is not finite.",
    },
    "Prediction": {
        "check": "The check that prints the number.",
        "label": "Its label there.",
        "value": "What it prints if the first explanation is right.",
        "alternative": "What it prints if the next explanation is right; null if it does not tell them apart.",
    },
    "Search": {
        "candidates": "How many candidates were looked at; for code how many runs of functions there were.",
        "complete": "False if a bound cut the search, or more may be wrong in code than is told.",
        "cuts": "Which bounds cut it, and where more may be wrong, in words.",
    },
}


def schema() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12). Every key of every object is always there, so all are required."""
    top, components = msgspec.json.schema_components([Result], ref_template="#/$defs/{name}")
    definitions: dict[str, dict[str, Any]] = deepcopy(components)
    for name, definition in definitions.items():
        properties: dict[str, dict[str, Any]] = definition["properties"]
        if name == "Result":
            properties = {"schema": {"const": SCHEMA}, **properties}
        definition["properties"] = {key: _described(value, KEYS[name][key]) for key, value in properties.items()}
        definition["required"] = list(properties)
        definition.pop("description", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "What whygrad found",
        **top[0],
        "$defs": definitions,
    }


def write_schema(path: Path) -> None:
    """Write the schema as an indented JSON file, for the documentation."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(schema()), indent=2) + b"\n")


def _described(value: dict[str, Any], text: str) -> dict[str, Any]:
    described = {"description": text, **{key: entry for key, entry in value.items() if key != "default"}}
    if described.get("type") == "number":
        described["type"] = ["number", "null"]
    return described
