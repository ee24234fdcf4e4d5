"""Whatever file is given as code, the reader answers: with a source, or with one sentence that names the file."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whygrad.cli import main
from whygrad.errors import UnreadableError, UsageError, WhygradError
from whygrad.read import code_file
from whygrad.read.code_file import read_source
from whygrad.read.parse import NO_TEXT
from whygrad.read.pieces import FUNCTIONS

if TYPE_CHECKING:
    from pathlib import Path

CELL = "def lstm_backward(da, caches):\n    return {}\n"


def nb(cells: object, version: object = 4) -> str:
    """A notebook's text."""
    return json.dumps({"nbformat": version, "cells": cells})


def code(source: object) -> dict[str, object]:
    """A cell of code."""
    return {"cell_type": "code", "source": source}


NOTEBOOKS = {
    "empty": "", "blank": " \n ", "no json": "hello", "cut": nb([code(CELL)])[:40], "null": "null", "number": "3", "text": '"a"',
    "list": "[]", "object": "{}", "two": nb([code(CELL)]) * 2, "python": CELL, "html": "<html></html>", "quotes": "{'nbformat': 4}",
    "nan": "NaN",
    "deep": "[" * 100_000, "deeper": '{"a":' * 100_000, "digits": "9" * 10_000, "no version": '{"cells": []}',
    "format 2": nb([code(CELL)], 2), "format 1": nb([], 1), "format 5": nb([], 5), "format 4.5": nb([], 4.5),
    "format text": nb([], "4"), "format null": nb([], None),
    "format list": nb([], [4]), "format object": nb([], {}), "format true": nb([], version=True), "format -1": nb([], -1),
    "long format": nb([], "4" * 1000), "no cells": '{"nbformat": 4}', "cells null": nb(None), "cells empty": nb([]), "cells object": nb({}),
    "cells text": nb("abc"), "cells number": nb(3), "cells of null": nb([None, 3, "x", []]), "no type": nb([{"source": CELL}]),
    "type number": nb([{"cell_type": 3, "source": CELL}]), "only text": nb([{"cell_type": "markdown", "source": CELL}]),
    "raw": nb([{"cell_type": "raw", "source": CELL}]), "no source": nb([{"cell_type": "code"}]), "source null": nb([code(None)]),
    "source number": nb([code(3)]), "source object": nb([code({})]), "source of numbers": nb([code([1, None, []])]),
    "sheets null": '{"nbformat": 3, "worksheets": null}', "sheets": '{"nbformat": 3, "worksheets": [null, 3, {"cells": 4}]}',
    "no sheets": '{"nbformat": 3}', "other course": nb([code("def convolve(x):\n    return x")]), "nothing": nb([code("")]),
    "bash": nb([code("%%bash\nls")]), "nul": nb([code("a\0b")]), "half": nb([code("x = '\ud800'")]), "brackets": nb([code("(" * 5000)]),
    "minus": nb([code("-" * 20_000 + "1")]), "attributes": nb([code("a" + ".a" * 20_000)]), "tabs": nb([code("if x:\n\ty\n        z")]),
    "long": nb([code("x = [" + "1," * 600_000 + "]")]), "heads": nb([code("def f(\n" * 3000)]), "lines": nb([code("x ==\n" * 5000)]),
    "text open": nb([code("'''\n" + "x\n" * 300)]), "elifs": nb([code("if a: pass\n" + "elif a: pass\n" * 2000)]),
    "same names": nb([code("def lstm_forward(x, h0, Wx, Wh, b):\n    pass\n\ndef lstm_backward(dh, cache):\n    pass\n")]),
    "method": nb([code("class LSTM:\n    def lstm_backward(self): pass")]),
    "nested": nb([code("def main():\n    def lstm_backward(da, caches): pass")]),
}  # fmt: skip

BYTES = {
    "latin.py": "# é\n".encode("latin-1"), "utf16.ipynb": b"\xff\xfe\x00", "zeros.py": b"\0" * 50, "random.ipynb": bytes(range(256)),
    "picture.py": b"\x89PNG\r\n\x1a\n\0\0", "empty.md": b"", "plain.md": b"# only text", "open.md": b"```python\n",
    "bom.py": b"\xef\xbb\xbf", "post.py": b"dx[1][2] = [0.1 0.2]\n" * 50, "two.py": b"print 'hello'\n",
    "marks.py": b"# %%\n# %% [markdown]\n",
}  # fmt: skip


def sentence(path: Path) -> str:
    """What is said of the file."""
    with pytest.raises(UnreadableError) as caught:
        read_source(path)
    return str(caught.value)


def check(said: str, path: Path) -> None:
    """It is one sentence that names the file and says what to do."""
    rest = said.replace(str(path), "FILE")
    assert rest.startswith("FILE ")
    assert rest.endswith(".")
    assert ";" in rest
    assert len(rest) < 260
    assert "\n" not in rest
    assert "rror" not in rest


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_malformed_notebooks_are_answered_with_one_sentence(tmp_path: Path, name: str) -> None:
    """Not JSON, no notebook, no cells, another format, another course, nested deeply, not Python: one sentence each."""
    path = tmp_path / "nb.ipynb"
    path.write_text(NOTEBOOKS[name], encoding="utf-8")
    check(sentence(path), path)


@pytest.mark.parametrize("name", BYTES)
def test_other_malformed_files_are_answered_with_one_sentence(tmp_path: Path, name: str) -> None:
    """The same for Python and Markdown files and for what is no text."""
    path = tmp_path / name
    path.write_bytes(BYTES[name])
    check(sentence(path), path)


def test_what_python_cannot_read_is_said_of_a_file_without_functions(tmp_path: Path) -> None:
    """They may be meant to stand there; where others are read, it says more which are looked for."""
    path = tmp_path / "x.py"
    too_many = "line 2: Python says: too many nested parentheses."
    for text, why in (("\0" * 50, f"line 1: {NO_TEXT}"), ("import numpy\nx = " + "(" * 500, too_many)):
        path.write_text(text, encoding="utf-8")
        assert sentence(path) == f"{path} defines none of the functions that I know as far as Python can read it; see {why}"
    path.write_text("def f(x):\n    return x\n\nx = )\n", encoding="utf-8")
    assert "I look for rnn_cell_forward" in sentence(path)


@pytest.mark.parametrize(("name", "says"), [
    ("no json", "is not a notebook (it is not valid JSON); open it in Jupyter and save it again."),
    ("object", "is JSON but not a notebook; give me the file that Jupyter saved."),
    ("format 2", "is a notebook of format 2, I read 3 and 4; open it in Jupyter and save it again."),
    ("cells empty", "is a notebook without a cell of code; check that it was saved."),
    ("deep", "is nested too deeply for a notebook; open it in Jupyter and save it again."),
    ("empty", "is empty; save your code into it and try again."),
    ("method", "defines lstm_backward inside of the class LSTM; I judge functions, so move it out of the class and try again."),
    ("nested", "defines lstm_backward inside of the function main; I judge functions, so move it out of the function and try again."),
    ("same names", ("defines lstm_forward(x, h0, Wx, Wh, b), which belongs to another course; "
     "I know the one in which it takes 3 arguments.")),
    ("other course", f"defines none of the functions that I know; I look for {', '.join(FUNCTIONS)}."),
])  # fmt: skip
def test_the_sentences(tmp_path: Path, name: str, says: str) -> None:
    """The sentences word for word."""
    path = tmp_path / "nb.ipynb"
    path.write_text(NOTEBOOKS[name], encoding="utf-8")
    assert sentence(path) == f"{path} {says}"


@pytest.mark.parametrize(("name", "do"), [("nb.ipynb", "clear its outputs, save it"), ("rnn.py", "leave nothing but the functions in it")])
def test_a_huge_file_is_refused_before_it_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, do: str) -> None:
    """Above the bound the sentence says how to make it smaller; a file of 100 MB is not taken into memory."""
    path = tmp_path / name
    with path.open("wb") as stream:
        stream.truncate(100_000_000)
    monkeypatch.setattr(code_file, "decoded", None)
    assert sentence(path) == f"{path} is larger than 20 MB; {do} and try again."


def test_a_file_that_cannot_be_opened_is_a_wrong_call(tmp_path: Path) -> None:
    """A missing file and a folder are wrong usage, as for texts."""
    (tmp_path / "a.py").mkdir()
    for name in ("a.py", "b.py", "c\0.py"):
        with pytest.raises(UsageError):
            read_source(tmp_path / name)


@pytest.mark.skipif(os.name != "posix", reason="pipes that have names")
@pytest.mark.parametrize("name", ["a.py", "a.ipynb", "a.md", "post.txt"])
def test_a_pipe_is_not_waited_for(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody may ever write to it; a loop of links, and a file that may not be read, are told in the same way."""
    os.mkfifo(tmp_path / name)
    assert main([str(tmp_path / name)]) == 2
    says = f"{tmp_path / name} is a pipe, for which I would wait; save what comes out of it, and give me that file."
    assert capsys.readouterr().err == f"whygrad: {says}\n"
    (tmp_path / f"loop{name}").symlink_to(tmp_path / f"loop{name}")
    assert main([str(tmp_path / f"loop{name}")]) == 2
    assert "Too many levels of symbolic links" in capsys.readouterr().err


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_a_notebook_cut_or_changed_anywhere_is_answered(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """One byte changed or the end cut off gives a source or a sentence, never another exception."""
    path = tmp_path_factory.mktemp("nb") / "nb.ipynb"
    whole = nb([code(CELL), {"cell_type": "code", "source": ["x = 1\n"], "outputs": [{"output_type": "stream", "text": ["a"]}]}]).encode()
    at = data.draw(st.integers(0, len(whole) - 1))
    path.write_bytes(whole[:at] + data.draw(st.sampled_from([b"", whole[at + 1 :], b"\xff" + whole[at:], b"[" + whole[at:], b"\0"])))
    try:
        read_source(path)
    except WhygradError as error:
        check(str(error), path)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("rnn.ipynb", "import numpy as np\n\ndef rnn_cell_forward(xt, a_prev, parameters):\n    pass\n",
         "is no notebook but Python; give it a name that ends in .py."),
        ("rnn.py", '{\n "cells": [], "nbformat": 4}', "is no Python but a notebook; give it a name that ends in .ipynb."),
    ],
)  # fmt: skip
def test_a_file_under_the_suffix_of_the_other_kind(tmp_path: Path, name: str, text: str, says: str) -> None:
    """Its name is what has to be mended."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert sentence(path) == f"{path} {says}"
