"""Files of code become pieces, each with its place; what is left out is said."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whygrad.errors import UnreadableError
from whygrad.read.code_file import is_source, read_source
from whygrad.records import Location

if TYPE_CHECKING:
    from whygrad.read.source import Source

CELL = "def lstm_backward(da, caches):\n    return {}\n"


def code(text: str | list[str], outputs: list[object] | None = None) -> dict[str, object]:
    """A cell of code in format 4."""
    return {"cell_type": "code", "source": text, "metadata": {"collapsed": True}, "outputs": outputs or []}


def notebook(folder: Path, *cells: dict[str, object], **more: object) -> Source:
    """What is read of a notebook in format 4 with these cells."""
    path = folder / "week1.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": cells, **more}), encoding="utf-8")
    return read_source(path)


def of_cell(folder: Path, text: str) -> Source:
    """What is read of a notebook with one cell."""
    return notebook(folder, code(text))


def place(source: Source, cell: int, line: int, col: int, text: str) -> Location:
    """A place in a notebook."""
    return Location(f"{source.path}, cell {cell}", line, col, text, source.path, cell)


def names(source: Source) -> list[str]:
    """The names that the pieces define, in order."""
    return [name for piece in source.pieces for name in piece.names]


def test_work_that_a_function_cannot_do_without_is_taken(tmp_path: Path) -> None:
    """What a function reads of the notebook's names is made with it, and what that needs in turn, but never test data."""
    before = """import numpy as np
from rnn_utils import *
size = max(2, 3)
gates = [gate for gate in "fico"]
keys = {gate: sigmoid for gate in gates}
unused = sorted(gates)
x = np.random.randn(3, 10)
n_x, m = x.shape
answer = lstm_backward(x, None)
for step in range(3): last = step
late = [last]
drawn = []
for step in range(3): drawn.append(np.random.randn())
"""
    source = of_cell(
        tmp_path, before + "def lstm_backward(da, caches):\n    unused = 1\n    return keys, n_x, answer, late, drawn, [size for _ in da]\n"
    )
    assert names(source) == ["np", "size", "gates", "keys", "last", "step", "late", "drawn", "lstm_backward"]
    assert {"n_x", "m", "x", "answer", "drawn"} <= source.computed.keys()


def test_a_statement_that_computes_names_is_taken_only_for_one_that_nothing_else_gives(tmp_path: Path) -> None:
    """Otherwise what it does would be executed for nothing."""
    text = "rows = 2\nglobals().update({name: 3 for name in 'ab'})\ndef lstm_backward(da, caches):\n    return %s\n"
    assert names(of_cell(tmp_path, text % "rows, len(da)")) == ["rows", "lstm_backward"]
    assert names(of_cell(tmp_path, text % "rows, a")) == ["rows", "*", "lstm_backward"]


@pytest.mark.parametrize(
    "setup",
    [
        "axis = 0\naxis += 1\n",
        "axis = 0\nfor axis in (0, 1):\n    pass\n",
        "import contextlib\nwith contextlib.suppress(OSError):\n    axis = 1\n",
        "import sys\nif sys.version_info[0] >= 3:\n    axis = 1\nelse:\n    axis = 0\n",
        "debug = False\nif not debug and __name__ == '__main__':\n    axis = 1\nelse:\n    axis = 0\n",
        "if len('ab') == 2:\n    axis = 1\nelse:\n    axis = 0\n",
        "try:\n    axis = 1\nexcept NameError:\n    axis = 0\n",
        "settings = {}\nsettings['axis'] = 0\nsettings.update(axis=1)\naxis = settings['axis']\n",
        "axes = []\nfor number in range(2):\n    axes.append(number)\naxis = axes[-1]\n",
        "globals().update({'axis': 1, 'other': 0})\n",
        "settings = {'axis': 1}\nglobals().update(settings)\n",
        "for name in ('axis', 'other'):\n    globals()[name] = 1\n",
        "globals()['axis'] = len('a')\nvars().update(other=0)\n",
    ],
)
def test_a_constant_may_be_made_in_many_ways(tmp_path: Path, setup: str) -> None:
    """What is taken gives the name the value that it has in the notebook."""
    source = of_cell(tmp_path, setup + "def lstm_backward(da, caches):\n    return axis\n")
    space: dict[str, object] = {}
    for piece in source.pieces:
        exec(piece.text, space)  # noqa: S102 - our own text
    assert space["axis"] == 1


def test_a_definition_of_the_branch_that_runs_is_taken(tmp_path: Path) -> None:
    """Both branches define the function; the condition is a constant of the notebook, and where it cannot be told the last one is taken."""
    both = "if {}:\n    def lstm_backward(da, caches): return 1\nelse:\n    def lstm_backward(da, caches): return 2\n"
    for setup, condition, taken in (("debug = True\n", "debug", "1"), ("debug = 0\n", "debug", "2"), ("", "unknown()", "2")):
        source = of_cell(tmp_path, setup + both.format(condition))
        assert [piece.text[-1] for piece in source.pieces if "lstm_backward" in piece.names] == [taken]


def test_a_file_may_say_its_encoding(tmp_path: Path) -> None:
    """A Python file in another encoding is read as its first lines say."""
    path = tmp_path / "latin.py"
    path.write_bytes(("# -*- coding: latin-1 -*-\n# c\u00e9lula\n" + CELL).encode("latin-1"))
    assert read_source(path).location(str(path), 2).text == "# c\u00e9lula"


@pytest.mark.parametrize("encoding", ["foo", "ascii", "rot13"])
def test_an_encoding_that_the_file_is_not_in(tmp_path: Path, encoding: str) -> None:
    """What its first line says may be a slip of the pen or another editor's; the file is read as UTF-8 then."""
    path = tmp_path / "a.py"
    path.write_text(f"# -*- coding: {encoding} -*-\n# c\u00e9lula\n{CELL}", encoding="utf-8")
    assert read_source(path).location(str(path), 2).text == "# c\u00e9lula"


def test_an_encoding_that_makes_halves_of_characters_is_not_text(tmp_path: Path) -> None:
    """Nothing could write what such a file says."""
    path = tmp_path / "a.py"
    path.write_bytes(("# -*- coding: unicode_escape -*-\n# \\ud800\n" + CELL).encode())
    with pytest.raises(UnreadableError, match="is not text in UTF-8"):
        read_source(path)


def test_imports_definitions_and_literals_are_taken_and_work_is_not(tmp_path: Path) -> None:
    """Statements that do no work become pieces in order; names that work assigns or fills are noted with the last place that does it."""
    text = (
        """import numpy as np
from rnn_utils import *
from public_tests import check as ok
eps, (n_a, n_x) = 1e-8, (5, -3)
dtype = np.float64
sig = sigmoid
square = lambda v: v * v
Cache = namedtuple("Cache", "a b")
parameters = {}
np.random.seed(1)
parameters["Wf"] = np.random.randn(5, 8)
x: int = 3
for t in range(3): total = t
class Cell:
    def run(self): return 1
"""
        + CELL
    )
    source = of_cell(tmp_path, text)
    assert names(source) == ["np", "ok", "eps", "n_a", "n_x", "dtype", "sig", "square", "Cache", "parameters", "x", "Cell", "lstm_backward"]
    assert source.imports == {"numpy": (), "rnn_utils": ("*",), "public_tests": ("check",)}
    assert set(source.computed) == {"parameters", "t", "total"}
    assert source.computed["parameters"] == place(source, 1, 11, 1, 'parameters["Wf"] = np.random.randn(5, 8)')


def test_a_name_that_hangs_on_work_is_work_too(tmp_path: Path) -> None:
    """An alias or sum of what work has computed is not executed, for it would fail; after a literal assignment it would not."""
    source = of_cell(tmp_path, f"w = draw()\nv = w\nn = w + 1\nw = 2\nu = w\n{CELL}")
    assert names(source) == ["w", "u", "lstm_backward"]
    assert set(source.computed) == {"v", "n"}


def test_the_last_definition_wins_and_the_earlier_ones_are_told(tmp_path: Path) -> None:
    """Of two definitions the later one is a piece, at its own place; the earlier one is a duplicate with its place."""
    source = notebook(tmp_path, code(CELL), {"cell_type": "markdown", "source": "text"}, code("a = 1\n@wraps\n" + CELL))
    (piece,) = (piece for piece in source.pieces if "lstm_backward" in piece.names)
    (twice,) = source.duplicates
    assert (piece.source, piece.line) == (f"{source.path}, cell 3", 2)
    assert [(place.cell, place.line) for place in twice.earlier] == [(1, 1)]
    assert (twice.kept.cell, twice.kept.line, twice.kept.text) == (3, 3, "def lstm_backward(da, caches):")
    assert source.definition("lstm_backward") == twice.kept
    assert source.definition("lstm_forward") is None


def test_definitions_within_if_and_try_are_taken(tmp_path: Path) -> None:
    """A guarded definition is a piece at the left margin whose columns are found again."""
    source = of_cell(
        tmp_path,
        "if True:\n    def lstm_backward(a):\n        return a.T\ntry:\n    import torch\nexcept ImportError:\n    torch = None\n",
    )
    assert names(source) == ["lstm_backward", "torch", "torch"]
    piece = source.pieces[0]
    assert piece.text == "def lstm_backward(a):\n    return a.T"
    assert source.location(piece.source, piece.line + 1, 12) == place(source, 1, 3, 16, "return a.T")


def test_columns_count_characters(tmp_path: Path) -> None:
    """A node behind letters that take two bytes is found at the column that an editor shows."""
    line = "    größe = 1; y = größe"
    source = of_cell(tmp_path, f"def lstm_backward(x):\n{line}\n    return y\n")
    (piece,) = source.pieces
    found = next(node for node in ast.walk(ast.parse(piece.text)) if isinstance(node, ast.Name) and node.id == "y")
    place = source.location(piece.source, piece.line + found.lineno - 1, len(line.encode()[: found.col_offset].decode()) + 1)
    assert (place.line, place.column) == (2, 1 + line.index("y ="))


def test_formats_three_and_four_give_the_same(tmp_path: Path) -> None:
    """Worksheets with ``input``, cells with ``source`` as list or text, with or without a byte order mark: the same pieces and outputs."""
    new = notebook(tmp_path, {"cell_type": "markdown", "source": "#"}, code(CELL.splitlines(keepends=True), [
        {"output_type": "stream", "name": "stdout", "text": ["dx ", "= 1\n"]},
        {"output_type": "stream", "name": "stderr", "text": "warning"},
        {"output_type": "execute_result", "data": {"text/plain": "2", "image/png": "AAAA"}},
        {"output_type": "error", "traceback": ["no"]},
    ]))  # fmt: skip
    old = {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "heading", "source": "#"}, {"cell_type": "code", "input": CELL,
        "outputs": [
        {"output_type": "stream", "stream": "stdout", "text": "dx = 1\n"},
        {"output_type": "stream", "stream": "stderr", "text": "warning"},
        {"output_type": "pyout", "text": ["2"]},
    ]}]}]}  # fmt: skip
    path = Path(new.path)
    path.write_text("\ufeff" + json.dumps(old), encoding="utf-8")
    assert read_source(path) == new
    assert new.outputs == {f"{path}, cell 2": "dx = 1\n2\n"}


@pytest.mark.parametrize("line", [
    "%matplotlib inline", "%load_ext autoreload", "!pip install numpy", "!pip install \\\n   numpy", "?np.dot", "np.dot?", "np.dot??",
    "files = !ls", "t = %timeit -o f()", "pip install h5py", "%time x = 1", "    %matplotlib inline", "for i in y:\n    !ls",
])  # fmt: skip
def test_magics_and_shell_lines_leave_every_line_at_its_number(tmp_path: Path, line: str) -> None:
    """A line that is no Python is skipped silently, and what follows keeps its line."""
    if line.startswith(" "):
        line = "if True:\n" + line
    source = of_cell(tmp_path, f"a = 1\n{line}\n{CELL}")
    assert not source.unparsed
    assert source.definition("lstm_backward") == place(source, 1, 3 + line.count("\n"), 1, "def lstm_backward(da, caches):")


@pytest.mark.parametrize("magic", ["%%time", "%%capture out", "%%writefile lstm.py", "%%timeit -n 1", "%%prun"])
def test_cells_under_a_python_magic_are_code(tmp_path: Path, magic: str) -> None:
    """The rest of the cell is taken."""
    assert names(of_cell(tmp_path, f"{magic}\n{CELL}")) == ["lstm_backward"]


@pytest.mark.parametrize("magic", ["%%bash", "%%html", "%%javascript", "%%writefile notes.txt", "%%latex", "%%R", "%%!"])
def test_cells_in_other_languages_are_skipped_silently(tmp_path: Path, magic: str) -> None:
    """Nothing of them is taken and nothing is said."""
    source = notebook(tmp_path, code(f"\n{magic}\ndef lstm_forward(): pass\n"), code(CELL))
    assert names(source) == ["lstm_backward"]
    assert not source.unparsed


def test_a_percent_sign_that_is_python_is_left_alone(tmp_path: Path) -> None:
    """What looks like a magic or a question within a text that Python takes is kept."""
    text = 'def lstm_backward(x):\n    """\n%matplotlib inline\n!ls\nwhat?\n    """\n    return x'
    assert of_cell(tmp_path, text).pieces[0].text == text


@pytest.mark.parametrize(("text", "kept", "lost", "line"), [
    (f"{CELL}x = = 1\n", ["lstm_backward"], [], 3),
    (f"def f(x:\n    return 1\n\n{CELL}", ["lstm_backward"], ["f"], 1),
    (f"{CELL}def f(x):\n    x = (1\n    return x\n\ndef g(): return 1\n", ["lstm_backward", "g"], ["f"], 4),
    ("def f(x):\n    a = 1\nb = 2\n    return a\n" + CELL, ["lstm_backward"], ["f"], 4),
    ("def f(x):\n    a = 1\nreturn a\n" + CELL, ["lstm_backward"], ["f"], 3),
    (f"{CELL}@wrap\n# about f\ndef f(x):\n    return x\nx ===\n", ["lstm_backward", "f"], [], 7),
    (f"{CELL}def f(a, a):\n    pass\n", ["lstm_backward"], ["f"], 3),
    (f"{CELL}def f(a):\n    break\n", ["lstm_backward"], ["f"], 4),
    (f"{CELL}def f(a):\n  '''\nabout\nf\n'''\n  return a\nx ===\n", ["lstm_backward", "f"], [], 9),
    (f"{CELL}print 'dx', dx\nprint dx\nprint 'a = %d' % 3\n", ["lstm_backward"], [], 3),
    (f"{CELL}print('a') % 3,\nexec 'b'\n", ["lstm_backward"], [], 4),
    (f"{CELL}\n)\ndef f(): return 1\n", ["lstm_backward", "f"], [], 4),
    (f"{CELL})\n    x = 1\n", [], ["lstm_backward"], 3),
    (f"{CELL}\n=======\n\ndef f(): return 1\n", ["lstm_backward", "f"], [], 4),
    (f"{CELL}<<<<<<< HEAD\n=======\n    x = 1\n>>>>>>> theirs\n", [], ["lstm_backward"], 3),
    (f"{CELL}\nreturn 3\n", ["lstm_backward"], [], 4),
    (f"{CELL}# \0\n", ["lstm_backward"], [], 3),
])  # fmt: skip
def test_what_can_be_saved_of_a_broken_cell_is_saved(tmp_path: Path, text: str, kept: list[str], lost: list[str], line: int) -> None:
    """Definitions that parse by themselves are taken; the broken ones are named with cell, line and reason; no half function is taken."""
    source = of_cell(tmp_path, text)
    assert names(source) == kept
    assert [name for trouble in source.unparsed for name in trouble.functions] == lost
    trouble = next(trouble for trouble in source.unparsed if trouble.location.line == line)
    assert trouble.location.text == text.split("\n")[line - 1].strip()
    assert trouble.reason.endswith(".")


def test_a_print_that_needs_a_newer_python_is_left_out(tmp_path: Path) -> None:
    """Quotes within the braces of a text in the same quotes: Python takes them from 3.12 on, and they are only shown."""
    line = '    print(f"{gradients["dx"].shape}")\n'
    source = of_cell(tmp_path, f"def lstm_backward(da, caches):\n    gradients = {{}}\n{line}    return gradients\n")
    assert names(source) == ["lstm_backward"]
    told = [] if sys.version_info >= (3, 12) else ["A print with quotes inside of its braces needs Python 3.12; such lines are left out."]
    assert [trouble.reason for trouble in source.unparsed] == told


def test_a_broken_function_of_the_assignment_is_no_other_course(tmp_path: Path) -> None:
    """Where the only function cannot be parsed, the file is still read and the function is named as lost."""
    source = of_cell(tmp_path, "def lstm_backward(da, caches)\n    return 1\n")
    (trouble,) = source.unparsed
    assert trouble.reason == "Python says: expected ':'."
    assert trouble.functions == ("lstm_backward",)


def test_a_function_behind_much_that_is_no_python_is_named_as_lost(tmp_path: Path) -> None:
    """Saving stops after many attempts; the functions in the rest are named."""
    source = of_cell(tmp_path, "x ==\n" * 5000 + CELL)
    assert [trouble.functions for trouble in source.unparsed] == [(), ("lstm_backward",)]


def test_what_is_too_long_is_not_called_no_python(tmp_path: Path) -> None:
    """Of a file that no hand wrote the rest is left out, and that is the reason which is given: all of it may be Python."""
    long = "number = 1234567\n" * 25_000 + CELL
    source = of_cell(tmp_path, "def rnn_backward(da, caches):\n    return {}\n" + long)
    assert [trouble.reason for trouble in source.unparsed] == ["The rest is left out: it is too long to be written by hand."]
    assert source.unparsed[0].functions == ("lstm_backward",)
    with pytest.raises(UnreadableError, match="is too long to be written by hand; give me the file in which the functions were written"):
        of_cell(tmp_path, long)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("x =\u00a01", "A blank of another kind (U+00A0) stands here that Python does not take; web pages and documents have such."),
        ("x = \u201ca\u201d", "A curly quote (U+201C) stands here that Python does not take; web pages and documents have such."),
        ("x = 2 \u2212 1", "A character (U+2212) stands here that Python does not take; web pages and documents have such."),
        ('x = f"{da["x"]}"', "It is written as from Python 3.12 on, and whygrad runs in Python 3.11."),
        ("type X = int", "It is written as from Python 3.12 on, and whygrad runs in Python 3.11."),
        ("x = y[1 2]", "Python says: invalid syntax. Perhaps you forgot a comma?."),
    ],
)
def test_why_a_line_is_refused(tmp_path: Path, line: str, says: str) -> None:
    """What looks right and is not has a sentence of its own, and so has what a newer Python takes; the rest is told as Python does."""
    if "3.12" in says and sys.version_info[:2] != (3, 11):
        pytest.skip("this Python takes it, or is another than the sentence says")
    source = of_cell(tmp_path, f"def lstm_backward(da, caches):\n    {line}\n    return x\n")
    (trouble,) = source.unparsed
    assert (trouble.reason, trouble.location.line) == (says, 2)


def test_a_python_file_counts_its_own_lines(tmp_path: Path) -> None:
    """A file in percent format has no cells; Windows line ends count once."""
    path = tmp_path / "lstm.py"
    path.write_bytes(b"# %% [markdown]\r\n# text\r\n# %%\r\n" + CELL.replace("\n", "\r\n").encode())
    source = read_source(path)
    assert source.definition("lstm_backward") == Location(str(path), 4, 1, "def lstm_backward(da, caches):", str(path))
    assert source.pieces[0].source == str(path)


@pytest.mark.parametrize("opening", [
    "```python", "``` python", "```{code-cell} ipython3\n:tags: [hide]", "~~~py",
    "```{python}", '```python tags=["a"]', "```{code-cell}\n---\ntags: [a]\n---",
])  # fmt: skip
def test_markdown_gives_its_python_blocks(tmp_path: Path, opening: str) -> None:
    """Blocks of Python are read with the file's line numbers, other blocks are not."""
    path = tmp_path / "week1.md"
    text = f"# Week 1\n```bash\nls\n```\n{opening}\n{CELL}{opening[:3]}\n\n```python\nx = (\n```\n"
    path.write_text(text, encoding="utf-8")
    source = read_source(path)
    place = source.definition("lstm_backward")
    assert place is not None
    assert text.split("\n")[place.line - 1] == place.text == "def lstm_backward(da, caches):"
    assert [trouble.location.text for trouble in source.unparsed] == ["x = ("]


def test_a_block_that_names_no_language_is_python_where_it_has_code(tmp_path: Path) -> None:
    """A definition or an import at its margin; what a program printed is not run."""
    path = tmp_path / "post.md"
    path.write_text(f"My code\n\n```\nimport numpy as np\n\n{CELL}```\nprints\n```\ndxt[1][2] = 0.5\n```\n", encoding="utf-8")
    assert is_source(path)
    assert [piece.names for piece in read_source(path).pieces] == [("np",), ("lstm_backward",)]


@pytest.mark.parametrize("opening", ["```python", "```"])
def test_a_quoted_block_of_markdown_is_code(tmp_path: Path, opening: str) -> None:
    """An answer that quotes the question; lines count within the file."""
    path = tmp_path / "post.md"
    quoted = "".join(f"> {line}\n" for line in f"{opening}\n{CELL}```".split("\n"))
    path.write_text(f"You wrote:\n\n{quoted}\nand I ask.\n", encoding="utf-8")
    assert is_source(path)
    (piece,) = read_source(path).pieces
    assert (piece.names, piece.line) == (("lstm_backward",), 4)


MARGIN = "    def lstm_backward(da, caches):\n\n        return {}\n"


@pytest.mark.parametrize(
    "text",
    [
        MARGIN,
        ">>> def lstm_backward(da, caches):\n...\n...     return {}\n",
        "In [3]: def lstm_backward(da, caches):\n   ...:\n   ...:     return {}\n",
        "> def lstm_backward(da, caches):\n>\n>     return {}\n",
        ">def lstm_backward(da, caches):\n>\n>    return {}\n",
        "> > >>> def lstm_backward(da, caches):\n> > ...\n> > ...     return {}\n",
    ],
)
def test_a_margin_and_prompts_are_none_of_the_code(tmp_path: Path, text: str) -> None:
    """IPython takes them away as well, and whoever reads a mail or a forum its marks of a quote; each line keeps its number."""
    path = tmp_path / "pasted.py"
    path.write_text(text, encoding="utf-8")
    (piece,) = read_source(path).pieces
    assert (piece.names, piece.line) == (("lstm_backward",), 1)
    assert piece.text.split("\n")[2].strip() == "return {}"


def test_blanks_of_a_web_page_are_named(tmp_path: Path) -> None:
    """The function is there, and Python refuses it: that is no file without functions."""
    path = tmp_path / "pasted.py"
    path.write_text(CELL.replace(" ", "\u00a0"), encoding="utf-8")
    (trouble,) = read_source(path).unparsed
    assert trouble.functions == ("lstm_backward",)
    assert "blank of another kind (U+00A0)" in trouble.reason


def test_code_is_told_from_a_post(tmp_path: Path) -> None:
    """Python files and notebooks by their suffix; Markdown where a Python block defines one of the functions; a text file never."""
    texts = {"a.md": f"```python\n{CELL}```\n", "b.md": CELL, "c.md": "```python\nx = 1\n```", "d.txt": CELL, "e": CELL}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [name for name in [*texts, "f.py", "g.IPYNB", "missing.md"] if is_source(tmp_path / name)] == ["a.md", "f.py", "g.IPYNB"]


def test_long_outputs_are_shortened(tmp_path: Path) -> None:
    """What a cell printed is kept up to a bound."""
    (text,) = notebook(tmp_path, code(CELL, [{"output_type": "stream", "text": "9" * 100_000}])).outputs.values()
    assert len(text) == 20_000


STATEMENTS = st.sampled_from([
    "", "# note", "x = 1", "%matplotlib inline", "!ls", "np.random.seed(1)", "def f(a):\n    b = a\n    return b", "print 'x'", "y = (",
    "def g(a):\n    '''\n  text\n'''\n    return a", "if x:\n    def h(a):\n        return a", "    z", "@wrap\ndef f(a): return a", "??",
    "é = 'ü'; u = 2", "class C:\n    v = 1", "return 3", "\f", "a = \\\n  3",
])  # fmt: skip


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.lists(STATEMENTS, max_size=6).map("\n".join), max_size=4))
def test_every_piece_stands_where_it_says(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    """Whatever the cells hold, each line of each piece is the line of the cell at that number, from the column that its indent says."""
    source = notebook(tmp_path_factory.mktemp("nb"), *map(code, cells), code(CELL))
    for piece in source.pieces:
        lines = piece.text.split("\n")
        assert ast.parse(piece.text).body
        for at, line in enumerate(lines):
            place = source.location(piece.source, piece.line + at, 1)
            written = source.origins[piece.source].lines[place.line - 1]
            assert line.strip() in written
            if at == 0 and ";" not in written:  # the second statement of a line shares its number with the first
                assert written[place.column - 1 :].startswith(line)


NEARLY = {
    "lstm_backwards": "lstm_backward",
    "rnn_cel_backward": "rnn_cell_backward",
    "my_lstm_backward": "lstm_backward",
    "ltsm_backward": "lstm_backward",
    "LSTM_forward": "lstm_forward",
    "rnn_forwrad": "rnn_forward",
}
OTHERS = (
    *("gru_backward", "cnn_forward", "conv_backward", "nn_backward", "bilstm_backward", "birnn_forward", "softmax_backward"),
    *("gru_cell_backward", "test_lstm_backward", "lstm_backward_test", "check_lstm_backward"),
)


@pytest.mark.parametrize("name", OTHERS)
def test_another_layers_function_is_none_of_them(tmp_path: Path, name: str) -> None:
    """However near its name is: under the name of ours a right one would be called wrong. Neither is a test."""
    with pytest.raises(UnreadableError, match="defines none of the functions that I know; I look for "):
        of_cell(tmp_path, f"def {name}(da, caches):\n    return da")


def test_a_name_that_is_nearly_right_is_told_beside_others(tmp_path: Path) -> None:
    """Unless the function is there under its own name as well."""
    text = "def RNN_backward(da, caches):\n    return {}\n"
    assert of_cell(tmp_path, f"{CELL}{text}").said == ("RNN_backward is defined, but I look for rnn_backward",)
    assert of_cell(tmp_path, f"{CELL}{text}{text.lower()}").said == ()


def test_a_function_under_another_name_is_said_so(tmp_path: Path) -> None:
    """A misspelt name is answered with the name that is looked for, an imported function with where it comes from."""
    for name, meant in NEARLY.items():
        with pytest.raises(UnreadableError, match=f"defines {name}, but I look for {meant}; give the function that name"):
            of_cell(tmp_path, f"def {name}(da, caches):\n    return da")
    with pytest.raises(UnreadableError, match=r"imports the functions from mine; give me the file in which they are written\."):
        of_cell(tmp_path, "from mine import lstm_backward")


def test_a_place_is_quoted_with_its_neighbours(tmp_path: Path) -> None:
    """Two lines above and below are quoted with a line, fewer at the ends, without the indentation that all have."""
    path = tmp_path / "work.py"
    path.write_text("def rnn_backward(da, caches):\n    one = 1\n    if one:\n        two = 2\n    return {}\n", encoding="utf-8")
    source = read_source(path)
    middle, first, beyond = (source.location(str(path), line) for line in (4, 1, 9))
    assert middle.excerpt == ("one = 1", "if one:", "    two = 2", "return {}")
    assert (middle.excerpt_line, first.excerpt_line, beyond.excerpt_line) == (2, 1, 0)
    assert first.excerpt == ("def rnn_backward(da, caches):", "    one = 1", "    if one:")
    assert beyond.excerpt == ()
