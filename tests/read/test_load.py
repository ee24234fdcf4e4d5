"""Files and standard input: text in the usual encodings, or one sentence with the file's name."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from whygrad.errors import UnreadableError, UsageError, WhygradError
from whygrad.read import read_path, read_stream
from whygrad.read.load import MOST_BYTES

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "dWf[3][1] = \u22120.18\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encodings_of_editors_and_clipboards_are_read(tmp_path: Path, encoding: str) -> None:
    """UTF-8 with or without a byte order mark, UTF-16 with one; from a file as from a stream."""
    file = tmp_path / "post.txt"
    file.write_bytes(TEXT.encode(encoding))
    assert read_path(file) == TEXT
    assert read_stream(io.BytesIO(TEXT.encode(encoding))) == TEXT


def test_utf_16_with_the_other_byte_order_is_read() -> None:
    """The mark says which order it is."""
    assert read_stream(io.BytesIO(b"\xfe\xff" + TEXT.encode("utf-16-be"))) == TEXT


@pytest.mark.parametrize("text", ["\u201cdx\u201d \u2013 Gr\u00f6\u00dfe\u2026 1.5\n", "\u2013 0.25"])
def test_windows_1252_is_read_and_said(tmp_path: Path, text: str) -> None:
    """Quotation marks and dashes of older programs; from a file as from a stream."""
    file, notes = tmp_path / "post.txt", list[str]()
    file.write_bytes(text.encode("cp1252"))
    assert read_path(file, notes) == read_stream(io.BytesIO(text.encode("cp1252"))) == text
    assert notes == ["The text is not UTF-8 and was read as Windows-1252; its numbers are the same in both."]
    assert not read_stream(io.BytesIO(text.encode()), notes=(quiet := [])).isascii()
    assert quiet == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "standard input is empty; paste the numbers that your check printed into it."),
        (b" \n\t", "standard input is empty; paste the numbers that your check printed into it."),
        (b"\xef\xbb\xbf", "standard input is empty; paste the numbers that your check printed into it."),
        (b"\x89PNG\r\n\x1a\n\0", "standard input is a picture; copy the numbers as text."),
        (b"PK\x03\x04\x14\0\xff", "standard input is an archive; unpack it, and give a file out of it."),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "standard input is a PDF; give the text or the notebook that it was made of."),
        ("\u043e\u0436\u0438\u0434".encode("cp1251"), "standard input is not text in UTF-8; save it as plain text (UTF-8) and try again."),
        ("\u2212".encode() + b" \x93", "standard input is not text in UTF-8; save it as plain text (UTF-8) and try again."),
        (b"\xff\xfea", "standard input is not text in UTF-8; save it as plain text (UTF-8) and try again."),
        (b"a\0b", "standard input is not a text file; copy the printed numbers into one."),
        (b"a" * (MOST_BYTES + 1), "standard input is larger than 4 MB; cut out the part with the printed numbers."),
        (
            b' {"cells": [], "nbformat": 4}',
            "standard input is a notebook; give it to me as a file whose name ends in .ipynb, or the numbers that it printed.",
        ),
    ],
)
def test_what_is_not_a_text_says_so(content: bytes, message: str) -> None:
    """One sentence: what it is, and what to do."""
    with pytest.raises(UnreadableError) as caught:
        read_stream(io.BytesIO(content))
    assert str(caught.value) == message


@pytest.mark.parametrize(("name", "kind"), [("a.ipynb", "a notebook"), ("a.py", "a Python file"), ("A.PY", "a Python file")])
def test_code_is_told_from_text_by_its_name(tmp_path: Path, name: str, kind: str) -> None:
    """Notebooks and Python files are not read as text."""
    file = tmp_path / name
    file.write_text("dWf = 0", encoding="utf-8")
    with pytest.raises(UnreadableError) as caught:
        read_path(file)
    assert str(caught.value) == f"{file} is {kind}; put the numbers that it printed into a text file and give me that."


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Says so, and how to read standard input, also for a notebook that is not there."""
    for name in ("post.txt", "post.ipynb"):
        with pytest.raises(UsageError) as caught:
            read_path(tmp_path / name)
        assert str(caught.value) == f"There is no file {tmp_path / name}; check the name."


def test_a_folder(tmp_path: Path) -> None:
    """A folder is no file."""
    with pytest.raises(UsageError) as caught:
        read_path(tmp_path)
    assert str(caught.value) == f"{tmp_path} is a folder; name a file in it."


@pytest.mark.parametrize("name", ["a\0b", "a" * 5000, "\ud800", "post.txt/more"])
def test_names_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    """Such a name is wrong usage, in one sentence."""
    (tmp_path / "post.txt").write_text("x", encoding="utf-8")
    with pytest.raises(WhygradError) as caught:
        read_path(tmp_path / name)
    assert isinstance(caught.value, UsageError)
    assert "\n" not in str(caught.value)
