"""Undo what markup languages do to labels and numbers: LaTeX, BBCode, tables of reStructuredText, lines of dots, what is struck out."""

from __future__ import annotations

import re

_LATEX_TEXT = re.compile(r"\\(?:text|texttt|textbf|textit|mathrm|mathit|mathbf|mathtt|operatorname|mbox|verb)\s?\{([^{}\n]{0,60})\}")
_LATEX_SPACE = re.compile(r"\\(?:quad|qquad|[,;:!]|left(?=[\[(])|right(?=[\])]))")
_LATEX_FRAME = re.compile(r"\\(?:begin|end)\{[\w*]{1,20}\}|\\[\[\]](?=\s)|\$\$?")
_LATEX_DERIVATIVE = re.compile(r"\\d?frac\{\\partial ?\w{1,9}\}\{\\partial ?([A-Za-z]\w{0,6}(?:\[\d{1,2}\]){0,3})\}")
_LATEX_SIGN = re.compile(r"&[ \t]?(?==)|\\(?:to|rightarrow|approx|simeq)(?![a-z])")
_LATEX_LINE_END = re.compile(r"\\\\(?:\[\w{1,8}\])?[ \t]{0,20}(?=\n|$|\\)")
_SUBSCRIPT = re.compile(r"(?<=[A-Za-z])\\?_\{(\w{1,6})\}")
_DOTS = re.compile(r"(?<=[\])\"A-Za-z\d])[ \t]{0,4}(?:\.{4,}|(?:\.[ ]){3,}\.?|_{4,}|-{4,}>?)[ \t]{0,4}(?=[-+]?[.\d]|\[)")
"""A line of dots from a label to its number; a number before it may have been cut off by them."""
_AFTER_NUMBER = re.compile(r"(?:^|[\s\[(,=:|])[-+]?\d{0,10}\.?\d{1,20}$")
_STRUCK_OUT = re.compile(r"(?<!~)~~(?![~\s])[^~]{1,800}?~~(?!~)|<(s|del|strike)>[^<>]{0,800}</\1>", re.IGNORECASE)
_LIST_TABLE = re.compile(r"^[ \t]*(?:\.\. |:::?\{|```\{)list-table", re.MULTILINE)
_LIST_ROW = re.compile(r"^[ \t]*[*-][ \t]+-[ \t]+(?=\S)")
_LIST_CELL = re.compile(r"^[ \t]+-[ \t]+(?=\S)")
_CLOSING = re.compile(r"\[/([a-z]{1,10})\]", re.IGNORECASE)


def without_bbcode(text: str) -> str:
    """``text`` without the tags of BBCode, such as ``[b]`` or ``[color=red]``, of which it closes one by ``[/b]`` or ``[/color]``."""
    names = "|".join(sorted({name.lower() for name in _CLOSING.findall(text)}))
    if not names:
        return text
    text = re.sub(r"\[(?:s|strike|del)\].{0,800}?\[/(?:s|strike|del)\]", "", text, flags=re.IGNORECASE | re.DOTALL)
    return re.sub(rf"\[/?(?:{names})(?:=[^\[\]\n]{{1,60}})?\]", "", text, flags=re.IGNORECASE)


def without_latex(text: str) -> str:
    r"""``text`` without LaTeX's commands; ``\text{dx}[1][2] &= 0.5 \\`` becomes ``dx[1][2] = 0.5``."""
    if "\\" in text and "{" in text:
        text = _LATEX_FRAME.sub("", _LATEX_LINE_END.sub("\n", text)) if "\\begin" in text else text
        text = _LATEX_DERIVATIVE.sub(r"d\1", text)
        text = _LATEX_SPACE.sub(" ", _LATEX_SIGN.sub("=", _LATEX_TEXT.sub(r"\1", text)))
    return _SUBSCRIPT.sub(r"_\1", text)


def without_struck_out(text: str) -> str:
    """``text`` without what its author has struck out."""
    return _STRUCK_OUT.sub("", text)


def without_dots(text: str) -> str:
    """``text`` with the line of dots between a label and its number as ``=``."""
    return _DOTS.sub(lambda dots: dots[0] if _AFTER_NUMBER.search(text[max(dots.start() - 30, 0) : dots.start()]) else " = ", text)


def with_rows(text: str) -> str:
    """``text`` with each row of a list-table (``* - label``, below it ``- value``) on one line, its cells parted by ``|``."""
    if not _LIST_TABLE.search(text):
        return text
    lines: list[str] = []
    in_row = False
    for line in text.split("\n"):
        if _LIST_ROW.match(line):
            lines.append(_LIST_ROW.sub("| ", line))
            in_row = True
        elif in_row and _LIST_CELL.match(line):
            lines[-1] += _LIST_CELL.sub(" | ", line)
        else:
            in_row &= not line.strip() or line.startswith("  ")
            lines.append(line)
    return "\n".join(lines)
