"""Answers that one program of a class takes from another: never where they could differ, nor from a program that could forge them."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from styles import TEXTS

from whygrad.from_code.examine import examine
from whygrad.from_code.finding import Finding
from whygrad.from_code.reference.parts import PARTS
from whygrad.from_code.text.bare_text import form_of
from whygrad.from_code.text.tame import tame
from whygrad.from_code.verdict import known as room
from whygrad.from_code.verdict.known import Known
from whygrad.read.code_file import source_in
from whygrad.sandbox.harness import Harness

sys.path.insert(0, str(Path(__file__).parent.parent / "sandbox"))
from hostile import ATTACKS

if TYPE_CHECKING:
    from whygrad.records import Result

RIGHT = TEXTS["course_template"]
WRONG = {
    "a view": ("    c_next = np.zeros((n_a, m))\n", "    c_next = c[:, :, 0]\n"),
    "a factor": ("    dot = da_next * np.tanh(c_next) * ot * (1 - ot)", "    dot = da_next * ot * (1 - ot)"),
    "raises": ("    caches = []\n", "    caches = [] + nothing\n"),
    "none": ("a_next = np.tanh(np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba)", "a_next = None"),
}
LOST = RIGHT.replace("        dWaa += dWaat\n", "")


class _Counting:
    runs = 0


@dataclass(frozen=True, slots=True)
class _Longer(Finding):
    extra: int | None = None


def answer(text: str, known: Known | None = None, name: str = "one.py") -> Result:
    """What is found in a program."""
    source = source_in(text.encode(), Path(name))
    return examine(source, Harness(source.pieces, PARTS), "", known)


def otherwise(text: str) -> str:
    """The same program with other comments and blank lines."""
    lines = [line for line in text.splitlines() if "CODE" in line or not line.lstrip().startswith("#")]
    marked = {line for line in lines if line.endswith((")", "= a0")) and not any(kept in line for kept in ('f"', "CODE"))}
    longer = [f"{line}  # line {number}" if line in marked else line for number, line in enumerate(lines)]
    return (
        "# somebody else's\n\n" + "\n".join(new for line in longer for new in ([line, ""] if line.startswith("    dW") else [line])) + "\n"
    )


@pytest.mark.parametrize("style", [style for style in TEXTS if tame(ast.parse(TEXTS[style]))])
def test_a_right_program_is_known_again(style: str) -> None:
    """The answer to a program in another layout is that of a single run, and no function is run for it."""
    known, other = Known(), otherwise(TEXTS[style])
    assert ast.dump(ast.parse(other)) == ast.dump(ast.parse(TEXTS[style]))
    answer(TEXTS[style], known)
    before = known.taken
    assert answer(other, known, "two.py") == answer(other, name="two.py")
    assert known.taken - before >= 12


@pytest.mark.parametrize("wrong", WRONG)
def test_a_mistake_is_told_at_its_own_line(wrong: str) -> None:
    """Where the mistake is known from another program, its place is that of a single run, and so are all sentences."""
    text = RIGHT.replace(*WRONG[wrong])
    known, other = Known(), otherwise(text)
    assert text != RIGHT
    first = answer(text, known)
    again, single = answer(other, known, "two.py"), answer(other, name="two.py")
    assert again == single
    assert [mistake.location for mistake in again.mistakes] != [mistake.location for mistake in first.mistakes]


def test_the_other_functions_are_known_of_a_program_with_a_new_mistake() -> None:
    """One function is new; the answers to all others come from the right program, and the whole is that of a single run."""
    known = Known()
    answer(RIGHT, known)
    before = known.taken
    text = RIGHT.replace(*WRONG["a factor"])
    assert answer(text, known) == answer(text)
    assert known.taken - before >= 20


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1", "x =  1"),
        ("x = 1", "x = 2"),
        ("x = '#a'", "x = '#b'"),
        ("x = (1 +  # float32\n     1)", "x = (1 +\n     1)"),
        ("x = (1 +  # a\n     1)", "x = (1 +  # b\n     1)"),
        ("x = 1  # float32", "x = 1"),
        ("x = 1  # your code ends", "x = 1"),
        ("def f(x):\n    ### START CODE HERE ###\n    return x", "def f(x):\n    return x"),
        ("x = 1; y = 2", "x = 1\ny = 2"),
        ("x = '''a\n\n# b'''", "x = '''a\n\n# c'''"),
        ("x = f'#{1}'", "x = f'#{2}'"),
        ("x = a \\\n\n-b", "x = a \\\n-b"),
        ("x = a \\\n# c\n-b", "x = a \\\n-b"),
        ('"""a"#"""; x = 1', '"""a"#"""; x = 2'),
    ],
)
def test_what_may_matter_makes_another_form(one: str, other: str) -> None:
    """Tokens, spacing, strings, and the comments that are read."""
    first, second = form_of(one), form_of(other)
    assert first is not None
    assert second is not None
    assert first.whole != second.whole


@given(st.lists(st.sampled_from(["x = a \\\n", "-b", "\n", "# c\n", "'#'", '"""a"#"""', "; x = 1\n"]), max_size=6), st.data())
def test_programs_of_one_form_are_one_program(parts: list[str], data: st.DataObject) -> None:
    """Whatever stands in the place of a part, where the form is the same so is what is executed in each line of the form."""
    at, instead = data.draw(st.integers(0, len(parts))), data.draw(st.sampled_from(["\n", "# c\n", ""]))
    texts = "".join(parts), "".join([*parts[:at], instead, *parts[at + 1 :]])
    forms = [form_of(text) for text in texts]
    executed = [
        (form.whole, [(form.lines.index(node.lineno), ast.dump(node)) for node in ast.parse(text).body])
        for form, text in zip(forms, texts, strict=True)
        if form is not None
    ]
    assert len(executed) < len(texts) or executed[0] == executed[1] or executed[0][0] != executed[1][0]


def test_comments_and_blank_lines_make_no_other_form() -> None:
    """And the lines that are left are counted."""
    one = form_of("def f(x):\n    return x + '#'\n")
    other = form_of("# mine\n\ndef f(x):  # of x\n\n    # the sum\n    return x + '#'  # here\n\n")
    assert one is not None
    assert other is not None
    assert one.whole == other.whole
    assert one.outside == other.outside
    assert (one.lines, other.lines) == ((1, 2), (3, 6))


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({}, True),
        ({"extra": 3}, False),
        ({"says": "what line {0} made", "lines": (0,)}, True),
        ({"says": "what line {0} made"}, False),
        ({"says": "what line 1 made", "lines": (-1000,)}, False),
    ],
)
def test_a_finding_that_names_lines_that_nobody_moves_is_not_kept(fields: dict[str, Any], kept: bool) -> None:  # noqa: FBT001 - a case
    """Neither in its sentences, nor in a field that is not known."""
    source = source_in(RIGHT.encode(), Path("one.py"))
    piece, known = source.pieces[-1], Known()
    at = ("rnn_backward", "rnn_backward", piece.source, piece.line, 1, "text", None, "dx", None)
    program = known.program(source, _Counting(), single=False)
    assert program is not None
    fields["says"] = fields.get("says", "plain").format(piece.line)
    lines = tuple((piece.source, piece.line + line) for line in fields.pop("lines", ()))
    one = _Longer(*at, hints=("", "", ""), proof="located", lines=lines, **fields)
    for _ in range(2):
        assert program.findings(piece.names[0], 0, lambda: (one,)) == (one,)
    assert known.taken == kept


def test_the_lines_that_a_sentence_names_are_moved() -> None:
    """Each sentence of a known mistake names the line of the program that it is told of; not where the code has the word itself."""
    known, other = Known(), otherwise(LOST)
    first = answer(LOST, known)
    before = known.taken
    again, single = answer(other, known, "two.py"), answer(other, name="two.py")
    assert again == single
    assert "line " in again.mistakes[0].says
    assert again.mistakes[0].says != first.mistakes[0].says
    assert known.taken > before


@pytest.mark.parametrize(("text", "kept"), [(LOST, False), (RIGHT.replace(*WRONG["a factor"]), True)])
def test_code_that_speaks_of_lines_is_told_as_it_is(text: str, kept: bool) -> None:  # noqa: FBT001 - a case
    """What a sentence quotes may read as a line that it names, so one that names any is not moved."""
    known, text = Known(), text.replace("    n_a, m = da_next.shape\n", "    n_a, m = line = da_next.shape\n")
    text = text.replace("    n_a, m, T_x = da.shape\n", "    n_a, m, T_x = line = da.shape\n")
    answer(text, known)
    assert len(known.to_tell()) == kept
    assert answer(otherwise(text), known, "two.py") == answer(otherwise(text), name="two.py")


def test_what_one_process_found_another_one_knows() -> None:
    """What was found is told once; whoever learns it runs no experiment, and says what a single run says."""
    text = RIGHT.replace(*WRONG["a factor"])
    first, second = Known(), Known()
    answer(text, first)
    told = first.to_tell()
    assert len(told) == 1
    assert not first.to_tell()
    second.learn(told)
    other = otherwise(text)
    assert answer(other, second, "two.py") == answer(other, name="two.py")
    assert second.taken == 1
    assert not second.to_tell()


def test_how_others_are_called_matters() -> None:
    """A function's answer is another one where the function it calls has other names of its arguments."""
    known = Known()
    answer(RIGHT, known)
    text = RIGHT.replace("def rnn_cell_forward(xt, a_prev, parameters)", "def rnn_cell_forward(x_t, a_prev, parameters)")
    text = text.replace("np.dot(Wax, xt) + ba", "np.dot(Wax, x_t) + ba").replace(
        "cache = (a_next, a_prev, xt, p", "cache = (a_next, a_prev, x_t, p"
    )
    before = known.taken
    assert answer(text, known) == answer(text)
    assert known.taken == before


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_no_attack_is_tame(attack: object) -> None:
    """Each of the programs that attack the sandbox shares nothing (but one that only never ends, of which no answer is kept)."""
    code = getattr(attack, "code", "").format(canary="/x", folder="/x", home="/root", parent=1)
    try:
        assert not tame(ast.parse(code)) or code.strip() == "while True: pass"
    except SyntaxError:
        assert form_of(code) is None


@pytest.mark.parametrize(
    "code",
    [
        "np.tanh = abs",
        "del np.tanh",
        "x.__class__",
        "__builtins__",
        "getattr(np, 'tanh')",
        "eval('1')",
        "import os",
        "import numpy.lib",
        "from numpy import *",
        "from numpy import lib",
        "from os import path",
        "from . import x",
        "np.setbufsize(1)",
        "np.seterr(all='raise')",
        "np.lib",
        "x.ctypes",
        "'{0.x}'.format(np)",
        "type(x)",
        "@f\ndef g(): pass",
        "class A: pass",
        "with x: pass",
        "async def f(): pass",
        "def f(): yield 1",
        "open('x')",
        "globals()",
        "x.gi_frame",
        "get_ipython()",
        "match x:\n    case 1: pass",
    ],
)
def test_what_can_do_more_than_compute_is_not_tame(code: str) -> None:
    """Each way to the interpreter, to NumPy's settings or to other modules is closed."""
    assert not tame(ast.parse(code))


@pytest.mark.parametrize(
    ("code", "computes"),
    [
        ("import matplotlib.pyplot as plt", True),
        ("import pandas as pd, h5py", True),
        ("from IPython.display import Image", True),
        ("import matplotlib.pyplot as plt\nplt.numpy.linalg", False),
        ("import matplotlib.pyplot as plt\nplt.show = abs", False),
        ("import cupy", False),
        ("from jax.numpy import lib", False),
        ("from autograd import numpy", False),
    ],
)
def test_a_library_that_something_stands_for_does_no_harm(code: str, computes: bool) -> None:  # noqa: FBT001 - a case
    """Unless NumPy itself stands for it, of which any name could be taken."""
    assert tame(ast.parse(code)) == computes


def test_cells_that_are_run_too_must_be_tame() -> None:
    """The notebook's own statements run in the same process."""
    source = source_in(RIGHT.encode(), Path("one.py"))
    known = Known()
    examine(source, Harness(source.pieces, PARTS), "", known)
    for text, shares in (("print(1)", True), ("np.tanh = abs", False)):
        beside = replace(source, cells=((replace(source.pieces[0], text=text),),))
        before = known.taken
        examine(beside, Harness(source.pieces, PARTS), "", known)
        assert (known.taken > before) == shares


def test_what_is_not_tame_is_known_as_a_whole_alone() -> None:
    """One new function makes all of such a program new, and nothing is taken by others from it; the same program is known again."""
    known, text = Known(), "import os\n" + RIGHT
    answer(text, known)
    answer(text.replace(*WRONG["a factor"]), known)
    answer(RIGHT, known)
    assert known.taken == 0
    answer(otherwise(text), known)
    assert known.taken == 0
    answer(text, known)
    assert known.taken >= 20


def test_the_longest_unused_answer_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory stays flat; and what served once is not pushed out by what nobody has taken yet."""
    monkeypatch.setattr(room, "_NEW", 2)
    monkeypatch.setattr(room, "_TAKEN", 2)
    known = Known()
    answers = [room._Answer(number, 0) for number in range(6)]  # noqa: SLF001 - what is kept

    def keep(*numbers: int) -> None:
        for number in numbers:
            known.keep(number, answers[number])

    keep(0, 1)
    assert known.take(0) is answers[0]
    keep(2, 3)
    assert known.take(1) is None
    assert [known.take(number) for number in (0, 2)] == [answers[0], answers[2]]
    keep(4, 5)
    assert known.take(4) is answers[4]
    assert known.take(0) is None
    assert [known.take(number) for number in (2, 4)] == [answers[2], answers[4]]
