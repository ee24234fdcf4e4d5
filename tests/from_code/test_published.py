"""What repositories publish beside plain cells: exports, modules, conflicts, other libraries."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

import pytest
from styles import FUNCTIONS, TEXTS

from whygrad.from_code.examine import examine
from whygrad.from_code.reference.parts import PARTS
from whygrad.read.code_file import read_source
from whygrad.sandbox.harness import Harness

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from whygrad.records import FunctionVerdict, Result

RIGHT = TEXTS["course_template"]
START = "def lstm_backward("
REST, LSTM_BACKWARD = RIGHT[: RIGHT.index(START)], RIGHT[RIGHT.index(START) :]
NOT_CARRIED = LSTM_BACKWARD.replace("dc_prevt = gradients[", "dc_last = gradients[")
RNN_CELL = RIGHT[RIGHT.index("def rnn_cell_backward(") : RIGHT.index("def rnn_backward(")]
SLIP = RNN_CELL.replace("a_next ** 2", "a_next")


@pytest.fixture
def examined(tmp_path: Path) -> Callable[..., Result]:
    """Examines a Python file, with others beside it, in this process."""

    def run(program: str, others: Mapping[str, str] | None = None) -> Result:
        for name, text in (others or {}).items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        path = tmp_path / "rnn.py"
        path.write_text(program, encoding="utf-8")
        source = read_source(path)
        return examine(source, Harness(source.pieces, PARTS), "a tier")

    return run


def of(result: Result, function: str) -> FunctionVerdict:
    """The verdict of one function."""
    return next(verdict for verdict in result.functions if verdict.function == function)


def test_the_slips_are_there() -> None:
    """The programs with a mistake differ from the right one."""
    assert NOT_CARRIED != LSTM_BACKWARD
    assert SLIP != RNN_CELL


@pytest.mark.parametrize("magic", ["'time', ''", "'capture', 'out'", "'writefile', 'mine.py'"])
def test_a_cell_that_an_export_wrote_as_a_string_is_read(examined: Callable[..., Result], magic: str) -> None:
    """Its function is judged, and what is wrong in it stands in the line of the file that holds it."""
    assert examined(f"{REST}\nget_ipython().run_cell_magic({magic}, {LSTM_BACKWARD!r})\n").verdict == "right"
    result = examined(f"{REST}\nget_ipython().run_cell_magic({magic}, {NOT_CARRIED!r})\n")
    place = result.mistakes[0].location
    assert place
    assert (of(result, "lstm_backward").verdict, place.line) == ("wrong", REST.count("\n") + 2)
    assert place.text == "dc_last = gradients['dc_prev']"


def test_a_cell_of_another_language_is_not_read(examined: Callable[..., Result]) -> None:
    """A shell's text that looks like Python is none."""
    result = examined(f"{REST}\nget_ipython().run_cell_magic('bash', '', {NOT_CARRIED!r})\n")
    assert of(result, "lstm_backward").verdict == "missing"


CONFLICT = "<<<<<<< HEAD\n        dbo += gradients['dbo']\n=======\n        dbo = gradients['dbo']\n>>>>>>> theirs\n"


def test_half_of_a_function_in_conflict_is_not_judged(examined: Callable[..., Result]) -> None:
    """Where git has left both sides, neither is the function."""
    head, loop, rest = LSTM_BACKWARD.partition("    for t in ")
    line, end, rest = rest.partition("\n")
    result = examined(f"{REST}{head}{loop}{line}{end}{CONFLICT}{rest}")
    found = of(result, "lstm_backward")
    assert (found.verdict, found.says) == ("raises", "could not be read: These are the marks of a conflict that git left.")
    assert found.location
    assert found.location.text == "<<<<<<< HEAD"


def test_a_whole_function_before_a_conflict_is_kept(examined: Callable[..., Result]) -> None:
    """Only what stands between the marks is lost."""
    sides = f"<<<<<<< HEAD\n{LSTM_BACKWARD}\n=======\n{NOT_CARRIED}\n>>>>>>> theirs\n"
    result = examined(f"{REST.rstrip()}\n{sides}")
    assert {verdict.function for verdict in result.functions if verdict.verdict != "right"} == {"lstm_backward"}
    assert of(result, "lstm_backward").says.startswith("could not be read")


def test_a_module_beside_the_file_is_read(examined: Callable[..., Result]) -> None:
    """Its functions are the learner's as well, and a mistake in it is told with its name."""
    uses = f"from my_utils import *\n{RIGHT}".replace("(1 - a_next ** 2)", "slope(a_next)")
    module = "def slope(a):\n    return 1 - a ** 2\n\nif __name__ == '__main__':\n    def slope(a):\n        return a\n"
    assert examined(uses, {"my_utils.py": module}).verdict == "right"
    result = examined(uses, {"my_utils.py": module.replace("1 - a ** 2", "1 - a")})
    place = result.mistakes[0].location
    assert place
    assert (place.source, place.line, place.text) == ("my_utils.py", 2, "return 1 - a")


@pytest.mark.parametrize(
    ("line", "call"),
    [
        ("from mine import slope", "slope"),
        ("from mine import slope as d", "d"),
        ("import mine", "mine.slope"),
        ("import mine as m", "m.slope"),
    ],
)
def test_a_module_may_be_imported_in_any_way(examined: Callable[..., Result], line: str, call: str) -> None:
    """By name, under another name, or whole."""
    uses = RIGHT.replace("(1 - a_next ** 2)", f"{call}(a_next)").replace("import numpy as np\n", f"import numpy as np\n{line}\n")
    assert examined(uses, {"mine.py": "import mine\n\n\ndef slope(a):\n    return 1 - a ** 2\n"}).verdict == "right"


def test_the_course_s_module_is_not_read_from_the_disk(examined: Callable[..., Result]) -> None:
    """A file of its name may be anything."""
    assert examined(RIGHT, {"rnn_utils.py": "def sigmoid(x):\n    return x\n"}).verdict == "right"


def test_what_a_module_that_is_not_there_may_define_is_not_blamed(examined: Callable[..., Result]) -> None:
    """A name that is nowhere may come out of it; without such a module it is a mistake."""
    uses = RIGHT.replace("(1 - a_next ** 2)", "slope(a_next)")
    found = of(examined(uses.replace("import numpy as np\n", "import numpy as np\nfrom mine import *\n")), "rnn_cell_backward")
    assert (found.verdict, found.says) == ("not reached", "needs slope, which may come from mine: that is not available here")
    assert of(examined(uses), "rnn_cell_backward").verdict == "raises"


@pytest.mark.parametrize("text", ["from whygrad import lstm_backward", "import whygrad\nlstm_backward = whygrad.lstm_backward"])
def test_whygrads_own_function_is_nobodys_work(examined: Callable[..., Result], text: str) -> None:
    """It is said so, and it is not called right."""
    result = examined(f"{REST}\n{text}\n")
    assert (result.verdict, of(result, "lstm_backward").verdict) == ("unknown", "not reached")


def test_of_two_definitions_the_one_that_the_condition_takes_is_judged(examined: Callable[..., Result]) -> None:
    """Also where only running it tells which that is."""
    rest = RIGHT.replace(RNN_CELL, "")
    right, slip = (textwrap.indent(text, "    ") for text in (RNN_CELL, SLIP))
    mode = "MODE = 'fa' + 'st'\nFAST = len(MODE) == 4\n"
    assert examined(f"{rest}\n{mode}if FAST:\n{right}\nelse:\n{slip}\n").verdict == "right"
    result = examined(f"{rest}\n{mode}if FAST:\n{slip}\nelse:\n{right}\n")
    assert result.mistakes[0].location
    assert "1 - a_next)" in result.mistakes[0].location.text


def test_a_function_may_get_its_name_by_work(examined: Callable[..., Result]) -> None:
    """What a decorator gives when it is called by hand is the function."""
    own = LSTM_BACKWARD.replace("lstm_backward(da, ", "my_backward(da, ")
    assert examined(f"{REST}\n{own}\ndef kept(f):\n    return f\n\nlstm_backward = kept(my_backward)\n").verdict == "right"


@pytest.mark.parametrize("line", ["from jax.nn import sigmoid", "import jax\nsigmoid = lambda x: jax.nn.sigmoid(x)"])
def test_jax_has_a_sigmoid(examined: Callable[..., Result], line: str) -> None:
    """It is the same function."""
    assert examined(RIGHT.replace("from rnn_utils import *", f"from rnn_utils import softmax\n{line}")).verdict == "right"


def test_what_only_jax_s_arrays_have_is_not_blamed(examined: Callable[..., Result]) -> None:
    """NumPy's arrays stand in for them, which can do less."""
    program = RIGHT.replace("a[:,:,t] = a_next", "a = a.at[:,:,t].set(a_next)")
    found = of(examined(f"import jax\n{program}"), "rnn_forward")
    assert (found.verdict, found.says) == ("not reached", "needs JAX's own arrays, which are not available here")
    assert of(examined(program), "rnn_forward").verdict == "raises"


@pytest.mark.parametrize("made", ["np.zeros((n_x, m, T_x), dtype=int)", "np.array([[[0] * T_x] * m for _ in range(n_x)])"])
def test_an_array_of_whole_numbers_is_told_as_such(examined: Callable[..., Result], made: str) -> None:
    """What is lost in it looks like a value that was never stored, or was rounded; lists of whole numbers alone ask for no kind."""
    result = examined(RIGHT.replace("dx = np.zeros((n_x, m, T_x))", f"dx = {made}"))
    says = "puts dx into an array of whole numbers, where everything behind the point is lost"
    assert {verdict.says for verdict in result.functions if verdict.verdict != "right"} == {says}
    assert all(mistake.location and made in mistake.location.text for mistake in result.mistakes)


@pytest.mark.parametrize("body", ["raise NotImplementedError", "raise NotImplementedError('todo')", "pass", "..."])
def test_a_body_that_says_it_is_not_done_is_blank(examined: Callable[..., Result], body: str) -> None:
    """That is how a template without START and END leaves it."""
    assert of(examined(f"{REST}\n{START}da, caches):\n    {body}\n"), "lstm_backward").verdict == "blank"


def test_a_line_that_says_it_is_not_done_is_blank(examined: Callable[..., Result]) -> None:
    """Whatever the template has above it and below; one that only some arguments lead to is none."""
    start = f"{REST}\n{START}da, caches):\n    caches, x = caches\n"
    verdict = of(examined(f"{start}    raise NotImplementedError()\n    return gradients\n"), "lstm_backward")
    assert (verdict.verdict, verdict.location and verdict.location.text) == ("blank", "raise NotImplementedError()")
    assert of(examined(f"{start}    if x.ndim == 3:\n        raise NotImplementedError()\n"), "lstm_backward").verdict == "raises"


NAMES = "|".join(FUNCTIONS)


def in_class(text: str, head: str = "class Network:\n", by: str = "self") -> str:
    """The program's functions as methods of a class, which call one another by ``self`` or by the class."""
    imports, functions = text[: text.index("# GRADED")], text[text.index("# GRADED") :]
    calls = re.sub(rf"(?<!def )\b({NAMES})\(", rf"{by}.\1(", functions)
    first = re.sub(r"^def (\w+)\(", r"def \1(self, " if by == "self" else r"@staticmethod\ndef \1(", calls, flags=re.MULTILINE)
    return imports + head + textwrap.indent(first, "    ")


@pytest.mark.parametrize("by", ["self", "Network"])
def test_methods_are_judged_as_functions(examined: Callable[..., Result], by: str) -> None:
    """With right ones around each of them, and with their own line."""
    result = examined(in_class(RIGHT, by=by))
    assert {verdict.function: verdict.verdict for verdict in result.functions} == dict.fromkeys(FUNCTIONS, "right")
    assert result.notes == ("the methods of your class were judged as functions, each by itself",)
    program = in_class(
        RIGHT.replace("dc_next * it +", "dc_next * cct +").replace("c_next = np.zeros((n_a, m))", "c_next = c[:, :, 0]"), by=by
    )
    result = examined(program)
    wrong = {verdict.function for verdict in result.functions if verdict.verdict != "right"}
    assert wrong == {mistake.function for mistake in result.mistakes}
    assert "lstm_forward" in wrong
    assert "lstm_backward" not in wrong
    lines = program.split("\n")
    assert all(mistake.location and lines[mistake.location.line - 1].strip() == mistake.location.text for mistake in result.mistakes)


def test_an_object_is_made_as_the_notebook_makes_it(examined: Callable[..., Result]) -> None:
    """With the numbers that stand there; a method that needs what no object has here is not blamed."""
    head = "class Network(object):\n    def __init__(self, power):\n        self.power = power\n\n"
    uses = RIGHT.replace("a_next ** 2", "a_next ** self.power")
    assert uses != RIGHT
    program = in_class(uses, head)
    assert examined(f"{program}\nnet = Network(2)\n").verdict == "right"
    assert of(examined(f"{program}\nnet = Network(3)\n"), "rnn_cell_backward").verdict == "wrong"
    found = of(examined(program), "rnn_cell_backward")
    says = "needs power of an object of the class Network, and none could be made here"
    assert (found.verdict, found.says) == ("not reached", says)


def test_two_classes_have_an_object_each(examined: Callable[..., Result]) -> None:
    """One for the RNN, one for the LSTM."""
    both = RIGHT.replace("a_next ** 2", "a_next ** self.power")
    head = "class {}:\n    power = {}\n\n"
    names = [name for name in FUNCTIONS if name.startswith("lstm")]
    kept = re.sub(rf"\bdef ({'|'.join(names)})\(", r"def other_\1(", in_class(both, head.format("Rnn", 2)))
    lstm = in_class(RIGHT, head.format("Lstm", 1))
    assert examined(f"{kept}\n{lstm}").verdict == "right"


def test_a_method_beside_functions_is_another(examined: Callable[..., Result]) -> None:
    """Where there is a function, that is the one; a method that takes other arguments is not the assignment's."""
    model = "class Model:\n    def lstm_backward(self, da, caches):\n        return {}\n    def rnn_forward(self, x):\n        return x\n"
    assert examined(f"{RIGHT}\n{model}").verdict == "right"


ANOTHER = """
def rnn_forward(X, Y, a0, parameters, vocab_size = 27):
    return 0, (X, Y)

def rnn_backward(X, Y, parameters, cache):
    return {}, cache
"""


def test_another_exercise_s_functions_of_the_same_names_are_left_alone(examined: Callable[..., Result]) -> None:
    """A file that holds the whole course has them below; those that take the assignment's arguments are judged."""
    result = examined(f"{RIGHT}\n{ANOTHER}")
    assert result.verdict == "right"
    line = next(at for at, text in enumerate(RIGHT.split("\n"), 1) if text.startswith("def rnn_forward("))
    note = f"rnn_forward is defined 2 times; the last one that takes this assignment's arguments, at line {line}, was taken"
    assert note in result.notes
    mistaken = examined(f"{RIGHT.replace('return a, y_pred, caches', 'return a, caches')}\n{ANOTHER}")
    assert of(mistaken, "rnn_forward").verdict == "wrong"


def test_of_two_attempts_the_last_is_judged_beside_another_exercise(examined: Callable[..., Result]) -> None:
    """However it gets at the cell: the first one, which names that, was replaced."""
    own = RIGHT[RIGHT.index("def rnn_backward(") :].partition("def lstm_cell")[0]
    first, last = own.replace("reversed(range(T_x))", "range(T_x)"), own.replace("rnn_cell_backward(", "step(")
    assert first != own != last
    program = RIGHT.replace(own, f"{first}\nstep = rnn_cell_backward\n{last}")
    other = ANOTHER.partition("def rnn_backward")[0]
    assert examined(f"{program}\n{other}").verdict == "right"


def test_another_exercise_s_function_is_not_taken_for_one_that_is_missing(examined: Callable[..., Result]) -> None:
    """Where the file has no cell for it, the sequence's function is the other exercise's."""
    lstm = RIGHT[RIGHT.index("def lstm_cell_forward(") : RIGHT.index("def rnn_cell_backward(")]
    result = examined(f"from rnn_utils import *\n{lstm}\n{ANOTHER}")
    assert (result.verdict, of(result, "rnn_forward").verdict, of(result, "rnn_backward").verdict) == ("right", "missing", "missing")


def test_a_lone_function_with_other_arguments_is_judged(examined: Callable[..., Result]) -> None:
    """There is no other to take in its place."""
    other = LSTM_BACKWARD.replace("lstm_backward(da, caches)", "lstm_backward(da, dc, caches)")
    assert "asks for dc as well" in of(examined(f"{REST}\n{other}"), "lstm_backward").says
