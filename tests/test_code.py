"""Code through the command line and through Python: exit codes, one JSON document whatever happens, nothing of the user's is touched."""

from __future__ import annotations

import inspect
import json
import random
import re
import sys
import textwrap
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import jsonschema
import numpy as np
import pytest
from notebooks import FORMS, Cell, cells_of
from styles import FUNCTIONS, REFERENCE, TEXTS, loaded

import whygrad
from whygrad import cli
from whygrad.errors import SandboxError, UnreadableError, UsageError
from whygrad.report.schema import schema
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.standins import sigmoid, softmax

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from types import ModuleType

VIEW = Path(__file__).resolve().parent.parent / "examples" / "lstm-view-of-output.ipynb"
RIGHT = TEXTS["course_template"]
WRONG = RIGHT.replace("dcct = (dc_next * it +", "dcct = (dc_next +")
BLANK = RIGHT.replace("dcct = (dc_next", "dcct = None # (dc_next")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a folder of its own."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def in_place(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Replaces the child process by this one, as if nothing but limits held; keeps whether each was asked for with ``unsafe``."""
    asked: list[bool] = []

    class Sandbox:
        """The sandbox's interface around a harness."""

        def __init__(self, pieces: Sequence[Any], parts: dict[str, str], *, unsafe: bool = False) -> None:
            asked.append(unsafe)
            self._harness = Harness(pieces, parts)

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            return None

        @property
        def tier(self) -> str:
            if not asked[-1]:
                raise SandboxError("The code was not run.")
            return "limits only"

        def run(self, request: Any) -> Any:  # noqa: ANN401 - passed through
            return self._harness.run(request)

        def holding(self, pieces: Sequence[Any]) -> AbstractContextManager[Harness]:
            return self._harness.holding(pieces)

    monkeypatch.setattr("whygrad.sandbox.parent.Sandbox", Sandbox)
    return asked


def saved(program: str, form: str = "percent") -> str:
    """The program as a file in this folder."""
    suffix, write = FORMS[form]
    path = Path(f"rnn{suffix}")
    path.write_text(write(cells_of(program)), encoding="utf-8")
    return str(path)


def document(text: str) -> Any:  # noqa: ANN401 - a JSON document
    """The one JSON document on standard output."""
    loaded_ = json.loads(text)
    jsonschema.validate(loaded_, schema())
    return loaded_


@pytest.mark.parametrize("form", FORMS)
def test_right_code_ends_with_0(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whether it is a Python file or a notebook of any format, in a real child process."""
    assert cli.main([saved(RIGHT, form)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("All eight functions are right.\n")
    assert "How it was run: " in out
    assert err == ""


@pytest.mark.parametrize(("program", "form"), [(WRONG, "version 4"), (BLANK, "percent")], ids=["wrong", "blank"])
def test_wrong_code_ends_with_1(in_place: list[bool], program: str, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The function that is not right is named in the first lines; --exit-zero makes this a 0."""
    file = saved(program, form)
    assert cli.main([file, "--unsafe"]) == 1
    assert "lstm_cell_backward" in capsys.readouterr().out.split("\n\n")[0]
    assert cli.main([file, "--exit-zero", "--unsafe"]) == 0
    assert in_place == [True, True]


def test_without_a_sandbox_it_refuses(in_place: list[bool], capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 and one sentence, unless --unsafe is typed out; then the answer says that only limits held."""
    file = saved(RIGHT)
    assert cli.main([file]) == 2
    assert capsys.readouterr() == ("", "whygrad: The code was not run.\n")
    assert cli.main([file, "--format", "json"]) == 2
    out, err = capsys.readouterr()
    assert (document(out)["verdict"], document(out)["problem"]) == ("unreadable", "The code was not run.")
    assert err == "whygrad: The code was not run.\n"
    assert cli.main([file, "--unsafe", "--format", "json"]) == 0
    assert document(capsys.readouterr().out)["sandbox"] == {"tier": "limits only"}
    assert in_place == [False, False, True]


MALFORMED = {
    "not-json.ipynb": "{",
    "json.ipynb": "[1, 2]",
    "no-cells.ipynb": '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
    "format-2.ipynb": '{"nbformat": 2, "worksheets": []}',
    "empty.ipynb": "",
    "empty.py": "\n\n",
    "other-course.py": "import numpy as np\n\ndef softmax(x):\n    return np.exp(x) / np.exp(x).sum()\n",
    "other-course.ipynb": FORMS["version 4"][1]([Cell("def initialize_parameters(n_x, n_h, n_y):\n    return {}")]),
    "renamed.py": "def lstm_backwards(da, caches):\n    return {}\n",
    "imported.py": "from my_rnn import lstm_backward\n",
}


@pytest.mark.parametrize(("name", "content"), MALFORMED.items(), ids=MALFORMED.keys())
def test_what_cannot_be_read_ends_with_3(name: str, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence that names the file, and the same in one JSON document."""
    Path(name).write_text(content, encoding="utf-8")
    assert cli.main([name, "--format", "json"]) == 3
    out, err = capsys.readouterr()
    found = document(out)
    assert found["verdict"] == "unreadable"
    assert found["problem"].startswith(name)
    assert err == f"whygrad: {found['problem']}\n"
    with pytest.raises(UnreadableError):
        whygrad.diagnose(Path(name))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("missing.ipynb", "There is no file missing.ipynb;"),
        ("missing.py", "There is no file missing.py;"),
        ("folder.ipynb", "folder.ipynb is a"),
    ],
)
def test_a_file_that_is_not_there_ends_with_2(name: str, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where the name is a folder's."""
    Path("folder.ipynb").mkdir()
    assert cli.main([name, "--format", "json"]) == 2
    out, err = capsys.readouterr()
    assert document(out)["problem"].startswith(sentence)
    assert err.startswith(f"whygrad: {sentence}")
    assert err.count("\n") == 1


def test_the_example_names_lstm_forward(capsys: pytest.CaptureFixture[str]) -> None:
    """The view of the output: lstm_forward is wrong, all others are right, and the tier says what held."""
    assert cli.main([str(VIEW), "--format", "json"]) == 1
    found = document(capsys.readouterr().out)
    verdicts = {verdict["function"]: verdict["verdict"] for verdict in found["functions"]}
    assert verdicts == {**dict.fromkeys(FUNCTIONS, "right"), "lstm_forward": "wrong"}
    assert found["exonerated"] == [function for function in FUNCTIONS if function != "lstm_forward"]
    assert "limits" in found["sandbox"]["tier"]
    wrong = found["functions"][FUNCTIONS.index("lstm_forward")]
    assert (wrong["location"]["file"], wrong["location"]["cell"]) == (str(VIEW), 6)
    assert {mistake["function"] for mistake in found["mistakes"]} <= {"lstm_forward"}


@pytest.mark.parametrize("form", ["text", "markdown", "github"])
@pytest.mark.parametrize("hint", ["1", "2", "3"])
def test_every_format_names_the_function(in_place: list[bool], form: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    """At every level of hint."""
    assert cli.main([saved(WRONG, "version 4"), "--unsafe", "--format", form, "--hint", hint]) == 1
    assert "lstm_cell_backward" in capsys.readouterr().out.split("\n")[0]
    assert in_place


@pytest.mark.parametrize("folder", [".", "week1"])
def test_a_line_of_a_module_is_told_with_its_name_and_one_of_the_file_without(
    in_place: list[bool], folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wherever both lie: "line 2" alone is a line of the file that was named, whose folder is nobody's business in a reply."""
    Path(folder).mkdir(exist_ok=True)
    Path(folder, "my_utils.py").write_text("def slope(a):\n    return 1 + a ** 2\n", encoding="utf-8")
    Path(folder, "mine.py").write_text(
        f"from my_utils import slope\n{RIGHT}".replace("(1 - a_next ** 2)", "slope(a_next)"), encoding="utf-8"
    )
    Path(folder, "other.py").write_text(f"\n{WRONG}", encoding="utf-8")
    assert cli.main([str(Path(folder, "mine.py")), "--unsafe", "--format", "github"]) == 1
    assert f"file={'' if folder == '.' else 'week1/'}my_utils.py,line=2" in capsys.readouterr().out
    assert cli.main([str(Path(folder, "mine.py")), "--unsafe"]) == 1
    assert "in slope (my_utils.py, line 2), for rnn_cell_backward: " in capsys.readouterr().out
    assert cli.main([str(Path(folder, "other.py")), "--unsafe"]) == 1
    said = capsys.readouterr().out
    assert "in lstm_cell_backward (line " in said
    assert "other.py" not in said
    assert in_place


def test_numbers_beside_the_code_are_looked_at(in_place: list[bool], capsys: pytest.CaptureFixture[str]) -> None:
    """A whole post in Markdown; expected numbers are none of its author's."""
    printed = 'I get:\ngradients["dWf"][3][1] = -0.147954838164\ngradients["dbf"][4] = [0.18864637]'
    wanted = printed.replace("I get", "Expected Output")
    for beside, told in ((printed, True), (wanted, False), ("", False)):
        Path("post.md").write_text(f"My code:\n```python\n{RIGHT}```\n{beside}\n", encoding="utf-8")
        assert cli.main(["post.md", "--unsafe"]) == 0
        assert ("Note: the code in the text was run too: rnn_cell_forward, " in capsys.readouterr().out) == told
    assert in_place


def test_the_same_through_python() -> None:
    """A Path is a file; the diagnosis has the same verdicts and shows itself in all formats."""
    diagnosis = whygrad.diagnose(VIEW)
    assert {verdict.function for verdict in diagnosis.result.functions if verdict.verdict != "right"} == {"lstm_forward"}
    assert "lstm_forward" in str(diagnosis).split("\n", maxsplit=1)[0]
    assert str(diagnosis) == diagnosis.to_text()
    assert diagnosis.to_github().startswith("::error ")
    document(diagnosis.to_json())


def running(program: str) -> dict[str, Any]:
    """The program as a module that has been run from a file in this folder, so that its text is to be had."""
    text = program.replace("from rnn_utils import *", "")
    Path("running.py").write_text(text, encoding="utf-8")
    space = {name: REFERENCE[name] for name in ("sigmoid", "softmax")}
    exec(compile(text, str(Path("running.py").resolve()), "exec"), space)  # noqa: S102 - our own program
    return space


def test_the_functions_of_a_running_notebook_are_left_as_they_are() -> None:
    """``diagnose(globals())`` runs in place: no name is added, none is changed, and NumPy's random state goes on from where it was."""
    space = running(WRONG)
    space |= {"x": np.ones((3, 10, 4)), "da": np.ones((5, 10, 4)), "caches": None, "parameters": {"Wy": np.zeros((2, 5))}}
    before = dict(space)
    np.random.seed(7)  # noqa: NPY002 - the global state is what a notebook draws from
    expected = np.random.RandomState(7).standard_normal(3)
    diagnosis = whygrad.diagnose(space)
    assert np.array_equal(np.random.standard_normal(3), expected)  # noqa: NPY002 - the same
    assert space.keys() == before.keys()
    assert all(space[name] is value for name, value in before.items())
    assert np.array_equal(space["x"], np.ones((3, 10, 4)))
    assert not space["parameters"]["Wy"].any()
    verdicts = {verdict.function: verdict for verdict in diagnosis.result.functions}
    wrong = verdicts.pop("lstm_cell_backward")
    assert (wrong.verdict, {verdict.verdict for verdict in verdicts.values()}) == ("wrong", {"right"})
    assert wrong.location is not None
    assert wrong.location.text == "def lstm_cell_backward(da_next, dc_next, cache):"
    assert diagnosis.result.sandbox is not None
    assert diagnosis.result.sandbox.tier == "this process"


@pytest.mark.parametrize(
    ("missing", "note"),
    [
        ("sigmoid", "nothing here makes sigmoid: the functions were judged as if it were there"),
        ("np", "nothing here makes np: run the cell or line that does"),
    ],
)
def test_what_nothing_in_a_running_notebook_makes_is_a_note(missing: str, note: str) -> None:
    """As of a file; but there NumPy stands in for what is missing, and here nothing does."""
    space = running(RIGHT)
    assert whygrad.diagnose(space["lstm_cell_forward"]).result.notes == ()
    del space[missing]
    assert note in whygrad.diagnose(space["lstm_cell_forward"]).result.notes


def test_another_np_is_told_where_it_stops() -> None:
    """A notebook's own, which its functions read."""
    space = running(RIGHT)
    space["np"] = 5
    diagnosis = whygrad.diagnose(space["rnn_cell_backward"])
    (mistake,) = diagnosis.mistakes
    assert "np is a number here, and not NumPy, whose " in mistake.says
    assert mistake.location is not None


def test_a_def_that_is_async_is_told_and_warns_of_nothing() -> None:
    """Python says that nobody awaited what it returns, when that goes."""
    space = running(RIGHT.replace("def rnn_cell_backward", "async def rnn_cell_backward"))
    with warnings.catch_warnings(action="error"), pytest.MonkeyPatch.context() as patched:
        said: list[object] = []
        patched.setattr(sys, "unraisablehook", said.append)
        (mistake,) = whygrad.diagnose(space).mistakes
    assert mistake.says == "rnn_cell_backward returns a coroutine and computes nothing: its def line begins with async"
    assert mistake.location is not None
    assert mistake.location.text.startswith("async def")
    assert said == []


@pytest.mark.parametrize(
    ("module", "name", "value", "says"),
    [
        (np, "tanh", 1, "a number here and no function any more"),
        (np.random, "seed", 1, "a number here and no function any more"),
        (random, "seed", 1, "a number here and no function any more"),
        (np, "zeros", None, "None here and no function any more"),
        (np, "dot", lambda a, b: a @ b * 2, "another function here than the library's own"),
        (np, "array", list, "another function here than the library's own"),
        (np, "exp", np.log, "another function here than the library's own"),
        (np.linalg, "norm", abs, "another function here than the library's own"),
    ],
)
def test_a_function_of_numpy_that_is_none_of_its_own(
    module: ModuleType, name: str, value: object, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every program in this process gets what is there instead, so none is judged."""
    space = running(RIGHT)
    monkeypatch.setattr(module, name, value)
    with pytest.raises(UsageError, match=rf"{name} is {says}, since a line says .*{name} = \.\.\.: ") as raised:
        whygrad.diagnose(space)
    monkeypatch.undo()
    assert "changes the module itself, for whygrad too" in str(raised.value)


def test_a_class_of_numpy_may_be_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """``np.bool = bool`` stands in many notebooks, for libraries that are older than NumPy."""
    monkeypatch.setattr(np, "bool", bool)
    monkeypatch.setattr(np, "float", float, raising=False)
    assert whygrad.diagnose(running(RIGHT)).verdict == "right"


def test_single_functions_can_be_given() -> None:
    """``diagnose(f, g)`` judges these; the others are missing."""
    space = running(RIGHT)
    diagnosis = whygrad.diagnose(space["lstm_backward"], space["lstm_cell_backward"])
    assert diagnosis.verdict == "right"
    assert diagnosis.exonerated == ("lstm_cell_backward", "lstm_backward")
    assert str(diagnosis).startswith("lstm_cell_backward and lstm_backward are right; the others are not there.\n")


def test_functions_within_another_one_have_right_ones_around_them() -> None:
    """As in a test that defines them: what they read of the function around them is put in its place, and put back."""
    space: dict[str, Any] = {}
    exec("def make():\n" + textwrap.indent(WRONG.replace("from rnn_utils import *", ""), "    ") + "\n    return dict(locals())\n", space)  # noqa: S102 - our own program
    made = space["make"]()
    before = [cell.cell_contents for cell in made["lstm_backward"].__closure__]
    for given in ([made["lstm_backward"]], [made["lstm_backward"], made["lstm_cell_backward"]]):
        verdicts = {one.function: one.verdict for one in whygrad.diagnose(*given).result.functions if one.verdict != "missing"}
        assert verdicts == {"lstm_cell_backward": "wrong", "lstm_backward": "right"}
    assert [cell.cell_contents for cell in made["lstm_backward"].__closure__] == before


def test_methods_of_an_object_have_right_ones_around_them() -> None:
    """They call each other by their object, on which the right ones stand during a run."""
    text = re.sub(r"(?m)^(?:from|import) .*", "", WRONG)
    text = re.sub(r"(?<!def )\b((?:lstm|rnn)_cell_\w+)\(", r"self.\1(", text)
    space: dict[str, Any] = {"np": np}
    exec("class Network:\n" + textwrap.indent(re.sub(r"def ((?:lstm|rnn)_\w+)\(", r"def \1(self, ", text), "    "), space)  # noqa: S102 - as above
    network = space["Network"]()
    result = whygrad.diagnose({name: getattr(network, name) for name in FUNCTIONS}).result
    assert {one.function for one in result.functions if one.verdict != "right"} == {"lstm_cell_backward"}
    assert not vars(network)


CELL = RIGHT[RIGHT.index("def rnn_cell_backward") : RIGHT.index("def rnn_backward")]
ELSEWHERE = {
    "what it reads of the function around it": ("def make(one):\n", "    return rnn_cell_backward\nrnn_cell_backward = make(1)\n"),
    "what it changes there": ("def make(calls):\n", "    return rnn_cell_backward\nrnn_cell_backward = make(1)\n"),
    "an object's method": ("class Net:\n", "rnn_cell_backward = Net().rnn_cell_backward\n"),
    "another name": ("", "rnn_cell_backward = own\n"),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_the_line_of_a_function_is_found_wherever_it_was_made(name: str) -> None:
    """Within another function, in a class, or under a name of its own."""
    before, after = ELSEWHERE[name]
    text = CELL.replace("(1 - a_next ** 2)", "(1 + a_next ** 2)")
    text = text.replace("def rnn_cell_backward(", "def own(") if name == "another name" else text
    text = text.replace("(1 +", "(one +") if "one" in before else text
    text = text.replace("\n", "\n    nonlocal calls\n    calls += 1\n", 1) if "calls" in before else text
    text = text.replace("backward(", "backward(self, ") if "class" in before else text
    space = running("import numpy as np\n" + before + (textwrap.indent(text, "    ") if before else text) + after)
    (mistake,) = whygrad.diagnose({"rnn_cell_backward": space["rnn_cell_backward"]}).mistakes
    assert mistake.location is not None
    assert (mistake.id, "a_next ** 2" in mistake.location.text) == ("sign-flipped", True)


DECORATED = """
import functools
import numpy as np

def halved(factor):
    def around(function):
        @functools.wraps(function)
        def within(da, cache):
            return function(da * factor, cache)
        return within
    return around

@halved(0.5)
"""


def test_a_line_of_a_decorator_is_told_and_not_one_of_the_function_below_it() -> None:
    """In a running notebook as in a file."""
    (mistake,) = whygrad.diagnose(running(DECORATED + CELL)["rnn_cell_backward"]).mistakes
    assert mistake.location is not None
    assert mistake.location.text == "return function(da * factor, cache)"


def test_no_line_is_told_of_a_text_that_does_something_else() -> None:
    """Two functions read something else by one name; a file was edited and not loaded anew."""
    made = "def make(one):\n" + textwrap.indent(CELL.replace("(1 -", "(one -"), "    ") + "    return rnn_cell_backward\n"
    both = running("import numpy as np\n" + made + made.replace("make", "make_other").replace("rnn_cell_backward", "lstm_backward"))
    between = whygrad.diagnose(both["make"](2), both["make_other"](1)).result
    edited = running("import numpy as np\n" + CELL.replace("(1 -", "(2 -"))["rnn_cell_backward"]
    running("import numpy as np\n" + CELL)
    for result in (between, whygrad.diagnose(edited).result):
        assert "rnn_cell_backward" not in {mistake.function for mistake in result.mistakes}
        assert "rnn_cell_backward gives something else when its text alone is run, so no line was looked for" in result.notes


WRAPS = "import layers\nfrom layers import *\n\ndef rnn_cell_backward(da, cache):\n    return dict(layers.rnn_cell_backward(da, cache))\n"


def test_a_function_that_wraps_the_one_of_its_name_in_a_module_calls_that_one(
    in_place: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not call itself, in a file or in place, though others of that module call the one of that name."""
    helpers = "".join(map(inspect.getsource, (sigmoid, softmax))).replace("Array", "object")
    Path("layers.py").write_text(RIGHT.replace("from rnn_utils import *", helpers), encoding="utf-8")
    Path("wraps.py").write_text(WRAPS, encoding="utf-8")
    assert cli.main(["wraps.py", "--unsafe"]) == 0
    assert in_place
    monkeypatch.syspath_prepend(".")
    space: dict[str, Any] = {}
    exec(WRAPS, space)  # noqa: S102 - our own program
    assert whygrad.diagnose(space).verdict == "right"
    rnn_cell_backward = space["layers"].rnn_cell_backward
    given = {"rnn_cell_backward": lambda da, cache: dict(rnn_cell_backward(da, cache)), "rnn_backward": space["rnn_backward"]}
    assert whygrad.diagnose(given).verdict == "right"
    del sys.modules["layers"]


def test_functions_without_a_text_are_judged_by_their_results() -> None:
    """Functions that came from ``exec`` have verdicts too, and a note says that nobody could read them."""
    result = whygrad.diagnose(loaded(WRONG)).result
    assert {verdict.function for verdict in result.functions if verdict.verdict != "right"} == {"lstm_cell_backward"}
    assert "lstm_backward has no text that could be looked into, so only its results were judged" in result.notes
