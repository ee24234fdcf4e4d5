"""Texts as people paste them: each is a shape of its own, and every number must arrive in its place."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest

from whygrad.errors import UnreadableError
from whygrad.read import defined_in, read_text
from whygrad.read.post.headings import heading

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.records import Block, Number

ENTRIES = {
    "dx[1][2]": ["-0.00424213", "0.28205375", "-0.48292508", "-0.43281115"],
    "da0[2][3]": "0.36036164521813085",
    "dWf[3][1]": "-0.185172422655972",
    "dWi[1][2]": "0.4051243309298186",
    "dWc[3][1]": "-0.07937467355121491",
    "dWo[1][2]": "0.03894877576298697",
    "dbf[4]": ["-0.17049796"],
    "dbi[4]": ["-0.50848333"],
    "dbc[4]": ["-0.42510818"],
    "dbo[4]": ["-0.17958196"],
}
EXPECTED = {
    "dx[1][2]": ["0.00218254", "0.28205375", "-0.48292508", "-0.43281115"],
    "da0[2][3]": "0.312770310257",
    "dWf[3][1]": "-0.0809802310938",
    "dWi[1][2]": "0.40512433093",
    "dWc[3][1]": "-0.0793746735512",
    "dWo[1][2]": "0.038948775763",
    "dbf[4]": ["-0.15745657"],
    "dbi[4]": ["-0.50848333"],
    "dbc[4]": ["-0.42510818"],
    "dbo[4]": ["-0.17958196"],
}
Entries = dict[str, str | list[str]]
CELL: Entries = {
    "dxt[1][2]": "3.2305591151091875", "da_prev[2][3]": "-0.3150329502920092", "dc_prev[2][3]": "0.7975220387970015",
    "dWf[3][1]": "-0.1479548381644968", "dWi[1][2]": "1.0574980552259903", "dWc[3][1]": "2.3045621636876668",
    "dWo[1][2]": "0.3313115952892109",
    "dbf[4]": ["0.18864637"], "dbi[4]": ["-0.40142491"], "dbc[4]": ["0.25587763"], "dbo[4]": ["0.1389334"],
}  # fmt: skip
CELL_EXPECTED: Entries = {
    "dxt[1][2]": "3.23055911511", "da_prev[2][3]": "-0.0639621419711", "dc_prev[2][3]": "0.797522038797",
    "dWf[3][1]": "-0.147954838164", "dWi[1][2]": "1.05749805523", "dWc[3][1]": "2.30456216369",
    "dWo[1][2]": "0.331311595289", "dbf[4]": ["0.18864637"], "dbi[4]": ["-0.40142491"], "dbc[4]": ["0.25587763"], "dbo[4]": ["0.13893342"],
}  # fmt: skip

SHAPES = {"dx": "(3, 10, 4)", "da0": "(5, 10)"}


def shown(value: str | list[str], separator: str = " ") -> str:
    """A value as NumPy prints it."""
    return f"[{separator.join(value)}]" if isinstance(value, list) else value


def booked(label: str, book: str = "gradients", quote: str = '"') -> str:
    """``gradients["dx"][1][2]`` for ``dx[1][2]``."""
    name, _, index = label.partition("[")
    return f"{book}[{quote}{name}{quote}][{index}"


def printed(entries: Entries = ENTRIES, *, book: str = "gradients", quote: str = '"', sign: str = " = ") -> str:
    """The entries, one a line, as the notebook prints them."""
    return "\n".join(f"{booked(label, book, quote)}{sign}{shown(value)}" for label, value in entries.items())


def table(*columns: Entries, head: str = "") -> str:
    """A Markdown table with the label in the first column."""
    rows = [f"| {booked(label)} | {' | '.join(shown(column[label]) for column in columns)} |" for label in columns[0]]
    return "\n".join([head, "|---" * (len(columns) + 1) + "|", *rows] if head else rows)


def html_table(entries: Entries, *, equals: str = " =") -> str:
    """The old notebooks' table of expected numbers."""
    rows = [
        f"  <tr>\n    <td>\n      **{booked(label)}**{equals}\n    </td>\n    <td>\n      {shown(value)}\n    </td>\n  </tr>"
        for label, value in entries.items()
    ]
    return "<table>\n" + "\n".join(rows) + "\n</table>"


def both(mine: Entries = ENTRIES, expected: Entries = EXPECTED) -> str:
    """The plainest post: mine, then expected."""
    return f"{printed(mine)}\n\nExpected Output:\n\n{printed(expected)}\n"


def texts(numbers: tuple[Number, ...]) -> dict[str, str | list[str]]:
    """Numbers back in the form of ``ENTRIES``."""
    found: dict[str, str | list[str]] = {}
    for number in numbers:
        vector = number.quantity == "dx" or number.quantity.startswith("db")
        label = number.quantity + "".join(
            f"[{place}]" for place in (number.index[:-1] if vector and len(number.index) != 1 else number.index)
        )
        if vector:
            found.setdefault(label, []).append(number.text)  # type: ignore[union-attr]
        else:
            found[label] = number.text
    return found


SEEN = {
    "plain": both(),
    "windows line ends": both().replace("\n", "\r\n"),
    "single quotes": both().replace('"', "'"),
    "curly quotes": re.sub(r'"(\w+)"', "\u201c\\1\u201d", both()),
    "curly single quotes": re.sub(r'"(\w+)"', "\u2018\\1\u2019", both()),
    "low and high quotes": re.sub(r'"(\w+)"', "\u201e\\1\u201c", both()),
    "guillemets": re.sub(r'"(\w+)"', "«\\1»", both()),
    "escaped quotes": both().replace('"', '\\"'),
    "HTML entities": both().replace('"', "&quot;").replace(" = ", "&nbsp;=&nbsp;"),
    "numeric entities": both().replace('"', "&#34;"),
    "entities escaped twice": both().replace('"', "&amp;quot;"),
    "quotes eaten": both().replace('"', ""),
    "brackets of the index eaten": both().replace("[1][2]", "12").replace("[2][3]", "23").replace("[3][1]", "31").replace("[4]", "4"),
    "index with spaces": both().replace("[1][2]", " [1] [2]"),
    "index with commas": both().replace("][", ", ").replace('", ', '"]['),
    "whole row marked": both().replace("[1][2] =", "[1, 2, :] ="),
    "another dictionary": both().replace("gradients", "grads"),
    "yet another dictionary": both().replace("gradients", "my_grads_2"),
    "attribute": re.sub(r'\["(\w+)"\]', r".\1", both()),
    "no dictionary": re.sub(r'gradients\["(\w+)"\]', r"\1", both()),
    "bold labels": re.sub(r"(gradients\S+)", r"**\1**", both()),
    "code marks": re.sub(r"(gradients\S+)", r"`\1`", both()),
    "code fence": both().replace("\n\nExpected Output:\n\n", "\n```\n**Expected Output**\n```python\n") + "```",
    "quoted": "> " + both().replace("\n", "\n> "),
    "quoted twice": ">> " + both().replace("\n", "\n>> "),
    "stars as bullets": both().replace("gradients[", "* gradients["),
    "dashes as bullets": both().replace("gradients[", "- gradients["),
    "dots as bullets": both().replace("gradients[", "\u2022 gradients["),
    "numbered": "".join(
        f"{place}. {line}\n" if line.startswith("grad") else line + "\n" for place, line in enumerate(both().split("\n"), 1)
    ),
    "indented": both().replace("gradients[", "    gradients["),
    "tabs": both().replace(" = ", "\t=\t"),
    "no spaces": both().replace(" = ", "="),
    "colon": both().replace(" = ", ": "),
    "arrow": both().replace(" = ", " -> "),
    "fat arrow": both().replace(" = ", " => "),
    "typographic arrow": both().replace(" = ", " \u2192 "),
    "space only": both().replace(" = ", "  "),
    "value on the next line": both().replace(" = ", " =\n"),
    "value on the line after the next": both().replace(" = ", "\n\n"),
    "equals sign on a line of its own": both().replace(" = ", "\n=\n"),
    "one value a line": both().replace(" 0.28205375 -0.48292508 -0.43281115", "\n 0.28205375\n -0.48292508\n -0.43281115"),
    "broken vector": both().replace("-0.48292508 -0.43281115", "-0.48292508\n  -0.43281115"),
    "bracket on a line of its own": both().replace("= [", "= [\n").replace("]\n", "\n]\n"),
    "old NumPy's padding": re.sub(r"\[(\d)", r"[ \1", both()).replace(" 0.28", "  0.28"),
    "commas in the vector": both().replace(" 0.28205375 -0.48292508 -0.43281115", ", 0.28205375, -0.48292508, -0.43281115"),
    "array()": re.sub(r"= (\[.*?\])", r"= array(\1)", both()),
    "np.array()": re.sub(r"= (\[.*?\])", r"= np.array(\1)", both()),
    "array with dtype": re.sub(r"= (\[.*?\])", r"= array(\1, dtype=float64)", both()),
    "np.float64()": re.sub(r"= (-?\d\S*)", r"= np.float64(\1)", both()),
    "numpy.float64()": re.sub(r"= (-?\d\S*)", r"= numpy.float64(\1)", both()),
    "double brackets": re.sub(r"= (\[.*?\])", r"= [\1]", both()),
    "Unicode minus": both().replace("-0", "\u22120"),
    "en dash as minus": both().replace("-0", "\u20130"),
    "minus misread": both().replace("-0", "\u22120".encode().decode("cp1252")),
    "en dash misread, quotes straight": both().replace("-0", '\u00e2\u20ac"0'),
    "minus as a question mark": printed().replace("-0", "?0") + "\nExpected Output:\n" + printed(EXPECTED),
    "minus as a soft hyphen": printed().replace("-0", "\u00ad0") + "\nExpected Output:\n" + printed(EXPECTED),
    "minus as a box on both sides": both().replace("-0", "\u25a10"),
    "no-break spaces": both().replace(" ", "\u00a0"),
    "thin spaces": both().replace(" ", "\u2009"),
    "zero-width spaces": both().replace("[", "\u200b["),
    "underscores escaped": both().replace("_", "\\_"),
    "brackets escaped": both().replace("[", "\\[").replace("]", "\\]"),
    "terminal colours": both().replace("gradients", "\x1b[32mgradients\x1b[0m"),
    "names in lower case": both().replace("dW", "dw"),
    "names in upper case": both().replace("dWf", "DWF").replace("dbo", "DBO"),
    "a cut from a notebook file": "".join(f'      "{line}\\n",\n' for line in both().replace('"', '\\"').split("\n")),
    "one line": both().replace("\n", " "),
    "expected output, small": both().replace("Expected Output:", "Expected output"),
    "expected values": both().replace("Expected Output:", "### Expected values"),
    "EXPECTED": both().replace("Expected Output:", "EXPECTED"),
    "underlined heading": both().replace("Expected Output:", "Expected Output\n==============="),
    "expected, in a sentence": both().replace("Expected Output:", "The expected output in the notebook is the following, though:"),
    "should be": both().replace("Expected Output:", "but it should be:"),
    "correct output": both().replace("Expected Output:", "Correct output:"),
    "instead of": "Instead of the expected output I get:\n" + both().replace("Expected Output:", "The course wants (expected):"),
    "does not match": "My output does not match the expected output. Here is what I get:\n" + both(),
    "my output": "My output\n" + both(),
    "your output": "Your output:\n" + both(),
    "actual": "Actual:\n" + both().replace("Expected Output:", "Expected:"),
    "no heading": printed() + "\n\n" + printed(EXPECTED),
    "no heading, expected first": printed(EXPECTED) + "\n\n" + printed(),
    "expected first": f"**Expected Output**:\n{printed(EXPECTED)}\n\nMy output:\n{printed()}",
    "expected first, mine without heading": f"Expected Output:\n{printed(EXPECTED)}\n\n{printed()}",
    "out cell": "Out[12]:\n" + both(),
    "HTML table below": f"{printed()}\n\n**Expected Output**:\n\n{html_table(EXPECTED)}",
    "HTML table without equals signs": f"{printed()}\n\n**Expected Output**:\n\n{html_table(EXPECTED, equals='')}",
    "HTML table, escaped": f"{printed()}\n\nExpected Output:\n{html.escape(html_table(EXPECTED))}",
    "rendered table": f"{printed()}\nExpected Output\n" + printed(EXPECTED, sign=" =\t"),
    "rendered table, cell by cell": f"{printed()}\nExpected Output\n" + printed(EXPECTED, sign=" =\n\n"),
    "Markdown table below": f"{printed()}\n\nExpected Output\n\n{table(EXPECTED)}",
    "side by side": table(ENTRIES, EXPECTED, head="| quantity | mine | expected |"),
    "side by side, expected first": table(EXPECTED, ENTRIES, head="| quantity | Expected | Actual |"),
    "side by side, no head": table(ENTRIES, EXPECTED),
    "side by side, no head, expected first": table(EXPECTED, ENTRIES),
    "side by side with a third column": table(
        ENTRIES, EXPECTED, dict.fromkeys(ENTRIES, "0.1"), head="| | my output | expected output | difference |"
    ),
    "side by side, HTML": "<table><tr><th></th><th>Mine</th><th>Expected</th></tr>"
    + "".join(f"<tr><td>{booked(k)}</td><td>{shown(v)}</td><td>{shown(EXPECTED[k])}</td></tr>" for k, v in ENTRIES.items())
    + "</table>",
    "side by side, spaces": "label      mine      expected\n"
    + "\n".join(f"{k}   {shown(v)}   {shown(EXPECTED[k])}" for k, v in ENTRIES.items()),
    "labels in the head line": "|   | "
    + " | ".join(map(booked, ENTRIES))
    + " |\n"
    + "|---" * 11
    + "|\n"
    + "".join(
        f"| {side} | " + " | ".join(map(shown, column.values())) + " |\n"
        for side, column in {"mine": ENTRIES, "expected": EXPECTED}.items()
    ),
    "labels in the head line, rows not named": "\t".join(ENTRIES)
    + "\n"
    + "\t".join(map(shown, ENTRIES.values()))
    + "\n"
    + "\t".join(map(shown, EXPECTED.values())),
    "a heading before every expected value": "\n".join(
        f"{k} = {shown(v)}\nExpected:\n{k} = {shown(EXPECTED[k])}" for k, v in ENTRIES.items()
    ),
    "told in prose": "\n".join(
        f"My value for {k} is {shown(v)} whereas the notebook says {shown(EXPECTED[k])}" for k, v in ENTRIES.items()
    ),
    "told in prose, expected first": "\n".join(
        f"Expected value of {booked(k)}: {shown(EXPECTED[k])}; my value: {shown(v)}" for k, v in ENTRIES.items()
    ),
    "assertion messages": "\n".join(
        f"AssertionError: Wrong value for {k}. Expected: {shown(EXPECTED[k])} got: {shown(v)}" for k, v in ENTRIES.items()
    ),
    "comma-separated": "label,mine,expected\n" + "\n".join(f'"{k}",{shown(v, ";")},{shown(EXPECTED[k], ";")}' for k, v in ENTRIES.items()),
    "headings with numbers before": "Test 1 of 3\n" + both() + "\nAll tests passed 3/10",
    "what I get, what I should get": f"# What I get\n{printed()}\n# What I should get\n{printed(EXPECTED)}",
    "obtained and desired": f"Obtained output:\n{printed()}\nDesired output:\n{printed(EXPECTED)}",
    "columns named in a sentence": "The expected output vs my output:\n"
    + "\n".join(f"{k} {shown(EXPECTED[k])} {shown(v)}" for k, v in ENTRIES.items()),
    "a diff": "\n".join(f"- {booked(k)} = {shown(v)}\n+ {booked(k)} = {shown(EXPECTED[k])}" for k, v in ENTRIES.items()),
    "names as in a formula": both().replace("dW", "dW_").replace("db", "db_"),
    "blank line before each value": f"{printed(sign=chr(10) * 2)}\n\nExpected Output:\n\n{printed(EXPECTED, sign=chr(10) * 2)}",
    "list of np.float64": re.sub(
        r"= \[(\S+) (\S+) (\S+) (\S+)\]", r"= [np.float64(\1), np.float64(\2), np.float64(\3), np.float64(\4)]", both()
    ),
    "decimal commas": both().replace("0.", "0,"),
    "decimal commas, and commas between": re.sub(r"(?<=\d) (?=[-\d])", ", ", both().replace("0.", "0,")),
    "HTML lines": html.escape(both()).replace("\n", "<br/>"),
    "HTML paragraphs": "<p>" + html.escape(both()).replace("\n", "</p><p>") + "</p>",
    "HTML colours": both().replace("= ", '= <span style="color:red">').replace("\n", "</span>\n"),
    "time of day": "\n".join(f"[12:30:{place}] {line}" for place, line in enumerate(both().split("\n"))),
    "line numbers": "\n".join(f"{place:3d}  {line}" for place, line in enumerate(both().split("\n"))),
    "drawn table": "+----+----+\n"
    + "\n".join(f"\u2502 {k} \u2502 {shown(v)} \u2502 {shown(EXPECTED[k])} \u2502" for k, v in ENTRIES.items()),
    "LaTeX table": "\n".join(f"{k} & {shown(v)} & {shown(EXPECTED[k])} \\\\" for k, v in ENTRIES.items()),
    "named in brackets before": "\n".join(f"{k} (mine) = {shown(v)}\n{k} (expected) = {shown(EXPECTED[k])}" for k, v in ENTRIES.items()),
    "got in brackets": "\n".join(f"{k} = {shown(EXPECTED[k])} (I got {shown(v)})" for k, v in ENTRIES.items()),
    "short words": "\n".join(f"{k} exp: {shown(EXPECTED[k])} act: {shown(v)}" for k, v in ENTRIES.items()),
    "unequal sign": "\n".join(f"{k}: {shown(v)} != {shown(EXPECTED[k])}" for k, v in ENTRIES.items()),
    "marked as wrong": both()
    .replace("-0.17049796]", "-0.17049796]   <-- wrong")
    .replace("0.36036164521813085", "0.36036164521813085 (wrong!)"),
    "marked as right": both()
    .replace("-0.50848333]", "-0.50848333]  # right")
    .replace("-0.07937467355121491", "-0.07937467355121491 (correct)"),
    "marked as expected": both().replace(
        '-0.50848333]\ngradients["dbc"][4] = [-0.42510818]\n',
        '-0.50848333] (as expected)\ngradients["dbc"][4] = [-0.42510818] matches expected\n',
    ),
    "line by line": "\n".join(f"{k} = {shown(v)}\nexpected: {shown(EXPECTED[k])}" for k, v in ENTRIES.items()),
    "line by line, both named": "\n".join(f"{k}\n  mine: {shown(v)}\n  expected: {shown(EXPECTED[k])}" for k, v in ENTRIES.items()),
    "line by line, labels twice": "\n".join(f"my {k} = {shown(v)}\nexpected {k} = {shown(EXPECTED[k])}" for k, v in ENTRIES.items()),
    "line by line, the expected ones named": "\n".join(
        f"{k} = {shown(v)}\nexpected {k} = {shown(EXPECTED[k])}" for k, v in ENTRIES.items()
    ),
    "line by line, nothing named": "\n".join(f"{k} = {shown(v)}\n{k} = {shown(EXPECTED[k])}" for k, v in ENTRIES.items()),
    "expected in brackets behind": "\n".join(f"{k} = {shown(v)} (expected {shown(EXPECTED[k])})" for k, v in ENTRIES.items()),
    "named in brackets behind": "\n".join(f"{k} = {shown(v)} (mine), {shown(EXPECTED[k])} (expected)" for k, v in ENTRIES.items()),
    "expected but got": "\n".join(f"{k}: expected {shown(EXPECTED[k])} but got {shown(v)}" for k, v in ENTRIES.items()),
    "should be, behind": "\n".join(f"{k} is {shown(v)}, should be {shown(EXPECTED[k])}" for k, v in ENTRIES.items()),
    "instead of, behind": "\n".join(f"For {k} I get {shown(v)} instead of {shown(EXPECTED[k])}." for k, v in ENTRIES.items()),
    "versus": "\n".join(f"{k}: {shown(v)} vs {shown(EXPECTED[k])}" for k, v in ENTRIES.items()),
    "two lines below": "\n".join(f"{k}\n{shown(v)}\n{shown(EXPECTED[k])}" for k, v in ENTRIES.items()),
    "prose around": "Hi all, I am stuck for 3 days (week 1, part 2).\n"
    + both()
    + "\n1. Is my da_prev wrong?\n2. What does T_x = 7 mean?\nThanks, 73.",
    "traceback behind": both()
    + "\nValueError: operands could not be broadcast together with shapes (5,10) (5,8)\n----> 12 dx[:, :, t] = gradients['dxt']",
    "wrong-value message": both() + '\nAssertionError: Wrong values for gradients["dWf"]. Check the formula.',
    "shape lines": re.sub(r'(gradients\["(dx|da0)"\])(.*)\n', lambda m: f"{m[0]}{m[1]}.shape = {SHAPES[m[2]]}\n", both()),
    "the check's own source before": 'print("gradients[\\"dx\\"][1][2] =", gradients["dx"][1][2])\n'
    'print("gradients[\\"dx\\"].shape =", gradients["dx"].shape)\n' + both(),
    "source before": (
        'def lstm_backward(da, caches):\n    """\n    dx -- Gradient of inputs, of shape (n_x, m, T_x)\n    """\n'
        "    da0 = 0.0\n    dWf = 0.\n    n_x, m = x1.shape\n    for t in reversed(range(T_x)):\n"
        "        dx[:, :, t] = 0.0\n    return gradients\n\n" + both()
    ),
    "source behind": both() + "\nmy code:\n\ndx = np.zeros((n_x, m, T_x))\nda0 = np.zeros([n_a, m])\ndWf += gradients['dWf']\ndbo = 0\n",
    "a mention behind": both() + "\nSo dWf[3][1] = -0.1852 should be -0.0810, and I can't see why.",
    "a mention before": "My dWf[3][1] is -0.1852 and not -0.0810.\n\n" + both(),
    "printed twice": printed() + "\n" + both(),
    "full-width characters": "".join(
        chr(ord(one) + 0xFEE0) if one in "0123456789.-=[]" else one for one in both().replace("Expected Output", "期望输出")
    ),
    "headings in Chinese": f"我的结果\uff1a\n{printed()}\n\n正确答案\uff1a\n{printed(EXPECTED)}",
    "a sentence in Japanese": f"出力が期待値と合いません。\n\n自分の出力:\n{printed()}\n\n模範解答:\n{printed(EXPECTED)}",
    "both headings in Japanese": f"実際の出力:\n{printed()}\n\n期待される出力:\n{printed(EXPECTED)}",
    "headings in old Chinese": f"輸出與預期不同\n\n自己的輸出:\n{printed()}\n\n預期輸出:\n{printed(EXPECTED)}",
    "a sentence in Korean": f"출력이 예상값과 다릅니다.\n\n실제 출력:\n{printed()}\n\n예상 출력:\n{printed(EXPECTED)}",
    "quotes of Japan": both().replace('["', "[「").replace('"]', "」]"),
    "headings in Spanish": f"Salida esperada:\n{printed(EXPECTED)}\n\nMi salida:\n{printed()}",
    "headings in German": f"Erwartete Ausgabe:\n{printed(EXPECTED)}\n\nMeine Ausgabe:\n{printed()}",
    "headings in Portuguese": f"Saída esperada:\n{printed(EXPECTED)}\n\nMinha saída:\n{printed()}",
    "headings in French": f"Résultat attendu :\n{printed(EXPECTED)}\n\nMon résultat :\n{printed()}",
    "headings in Russian": f"Ожидаемый вывод:\n{printed(EXPECTED)}\n\nМой вывод:\n{printed()}",  # noqa: RUF001 - no Latin letters
    "headings without a colon": f"I get\n\n{printed()}\n\nbut the expected is\n\n{printed(EXPECTED)}",
    "headings that are sentences": f"here it is\n```auto\n{printed()}\n```\n"
    f"and this is the expected output\n```auto\n{printed(EXPECTED)}\n```",
    "what the notebook says": f"I get:\n{printed()}\n\nThe notebook says:\n{printed(EXPECTED)}",
    "lines of a diff": "--- expected\n+++ mine\n"
    + "\n".join(f"-{k} = {shown(EXPECTED[k])}\n+{k} = {shown(v)}" for k, v in ENTRIES.items()),
    "blocks of a diff": "--- mine.txt\n+++ expected.txt\n- "
    + printed().replace("\n", "\n- ")
    + "\n+ "
    + printed(EXPECTED).replace("\n", "\n+ "),
    "three columns and a remark": "| | mine | expected | same? |\n|--|--|--|--|\n"
    + "\n".join(f"| {k} | {shown(v)} | {shown(EXPECTED[k])} | no |" for k, v in ENTRIES.items()),
    "three columns and their difference": "| | mine | expected | diff |\n|--|--|--|--|\n"
    + "\n".join(f"| {k} | {shown(v)} | {shown(EXPECTED[k])} | {shown(v).replace('-', '')} |" for k, v in ENTRIES.items()),
    "a column's cells one a line": "name\nexpected\nmine\n"
    + "\n".join(f"{k}\n{shown(EXPECTED[k])}\n{shown(v)}" for k, v in ENTRIES.items()),
    "prompts": "\n".join(f"In [{n}]: {booked(k)}\nOut[{n}]: {shown(v)}" for n, (k, v) in enumerate(ENTRIES.items()))
    + f"\n\nExpected Output:\n{printed(EXPECTED)}",
    "a number on the line after its sign": both().replace(" = ", " =\n"),
    "one paragraph, broken between label and number": ", ".join(f"{booked(k)}\n= {shown(v)}" for k, v in ENTRIES.items())
    + f"\n\nExpected Output:\n{printed(EXPECTED)}",
    "an assertion that failed": both()
    + '\nTraceback\n---> 32 assert np.isclose(gradients["dWf"][3][1], 0.25)\nnp.testing.assert_allclose(gradients["dbf"][4], [0.5])\n',
    "half a function before": 'def lstm_backward(da, caches):\n    gradients["dWf"][3][1] = 0.25\n    dWi = 0.5\n\n' + both(),
    "half a function behind": both() + '\n\ndef lstm_backward(da, caches):\n    gradients["dWf"][3][1] = 0.25\n    dWi = 0.5\n',
    "a number three blank lines below its label": both().replace(" = ", " =\n\n\n\n"),
    "a heading below each number": "\n".join(f"{k} = {shown(v)}\nExpected Output:\n\n{shown(EXPECTED[k])}" for k, v in ENTRIES.items()),
    "both headings below each label": "\n".join(
        f"Wrong value for {k}\n Expected value\n{shown(EXPECTED[k])}\n Actual value\n{shown(v)}" for k, v in ENTRIES.items()
    ),
    "shapes by a function": re.sub(r'(gradients\["(dx|da0)"\])(.*)\n', lambda m: f"{m[0]}np.shape({m[1]}) = {SHAPES[m[2]]}\n", both()),
    "whereas": "\n".join(f"{k} should be {shown(EXPECTED[k])} whereas my function returns {shown(v)}." for k, v in ENTRIES.items()),
    "I should get": "\n".join(f"For {k} I should get {shown(EXPECTED[k])} but I get {shown(v)}." for k, v in ENTRIES.items()),
    "is off": "\n".join(f"{k} is off: {shown(v)} (should be {shown(EXPECTED[k])})" for k, v in ENTRIES.items()),
    "the value of": "\n".join(
        f"The value of {k} that I obtain is {shown(v)}, the expected one is {shown(EXPECTED[k])}" for k, v in ENTRIES.items()
    ),
    "a shortened mention behind": both() + "\nWhy is dWf[3][1] = -0.1851 and not what it should be?",
    "headings in Japanese": f"出力:\n{printed()}\n\n期待される出力:\n{printed(EXPECTED)}",
    "headings in Korean": f"내 결과:\n{printed()}\n\n기대 결과:\n{printed(EXPECTED)}",
    "headings in Italian": f"Output atteso:\n{printed(EXPECTED)}\n\nIl mio output:\n{printed()}",
    "what it should be, in Chinese": f"运行结果:\n{printed()}\n\n但是应该得到:\n{printed(EXPECTED)}",
    "colours whose first character was lost": "\n".join(f"[0;32m{line}[0m" if line else "" for line in both().split("\n")),
    "the letter O for a zero": both().replace("= 0.", "= O.").replace("= -0.", "= -O."),
    "written line ends": both().replace("\n", "\\n"),
    "what the notebook wants": f"My code prints\n\n{printed()}\n\nwhile this is what the notebook wants\n\n{printed(EXPECTED)}",
    "ground truth": "\n".join(
        f"{booked(label)} ground truth {shown(EXPECTED[label])} mine {shown(value)}" for label, value in ENTRIES.items()
    ),
    "comes out as": "\n".join(
        f"{booked(label)} comes out as {shown(value)} and should be {shown(EXPECTED[label])}" for label, value in ENTRIES.items()
    ),
    "value before the label": "\n".join(
        f"I get {shown(value)} for {booked(label)} instead of {shown(EXPECTED[label])}" for label, value in ENTRIES.items()
    ),
    "both before the label": "\n".join(
        f"The grader expected {shown(EXPECTED[label])} for {label}, but I got {shown(value)}" for label, value in ENTRIES.items()
    ),
    "weights with a subscript": re.sub(r"gradients\[\"(d[Wb])(\w)\"\]", r"\1_{\2}", both()),
    "one number a label": re.sub(
        r"gradients\[\"dx\"\]\[1\]\[2\] = \[(\S+) (\S+) (\S+) (\S+)\]",
        r"dx[1][2][0] = \1\ndx[1][2][1] = \2\ndx[1][2][2] = \3\ndx[1][2][3] = \4",
        both(),
    ),
    "minus apart": both().replace("-", "- "),
    "minus apart, a long dash": both().replace("-", "\u2014 "),
    "a dash between label and number": both().replace(" = ", " - "),
    "a colon and a dash": both().replace(" = ", " :- "),
    "an arrow from the expected value": "\n".join(f"{k} = {shown(v)} <---- {shown(EXPECTED[k])}" for k, v in ENTRIES.items()),
    "line ends lost": both().replace("\n", ""),
    "the word at": both().replace("[1][2]", " at [1][2]").replace("[4]", " at [4]"),
    "a decorated heading": both().replace("Expected Output:", "--- expected ---").replace("gradients[", "+ gradients["),
    "the expected value in square brackets": "\n".join(f"{k} = {shown(v)} [expected: {shown(EXPECTED[k])}]" for k, v in ENTRIES.items()),
    "unittest": "".join(
        f"Traceback:\n    self.assertAlmostEqual({booked(k)}, {shown(EXPECTED[k])})\nAssertionError: {shown(v)} != {shown(EXPECTED[k])} "
        "within 7 places (0.01 difference)\n\n"
        for k, v in ENTRIES.items()
    ),
    "numpy.testing": "".join(
        f"---> 3 assert_allclose({booked(k)}, {shown(EXPECTED[k], ', ')})\n     4 assert_allclose(gradients['dWo'][1][2], 0.03894877)\n\n"
        "AssertionError: \nNot equal to tolerance rtol=1e-07, atol=0\n\nMismatched elements: 1 / 1 (100%)\nMax absolute difference: 0.01\n"
        f" ACTUAL: array({shown(v, ', ')})\n DESIRED: array({shown(EXPECTED[k], ', ')})\n"
        for k, v in ENTRIES.items()
    ),
    "pytest": "".join(
        f">       assert {booked(k)} == pytest.approx({shown(EXPECTED[k], ', ')})\n"
        f"E       assert {shown(v, ', ')} == {shown(EXPECTED[k], ', ')} \u00b1 3.2e-07\nE         comparison failed\n"
        f"E         Obtained: {shown(v, ', ')}\nE         Expected: {shown(EXPECTED[k], ', ')} \u00b1 3.2e-07\n\n"
        for k, v in ENTRIES.items()
    ),
}

SENTENCES = (
    "{l}: {m}, but the notebook has {e}",
    "in my notebook {l} is {m}, it should've been {e}",
    "{l} turned out to be {m} rather than {e}",
    "{l}: they want {e}, mine's {m}",
    "{l} was {m}, needs to be {e}",
    "{l} has to be {e}, is {m}",
    "{l} = {m}, when I should be getting {e}",
    "{l} = {m} does not match the expected value {e}",
    "{l} differs from the expected one: {m} (expected {e})",
    "{l} mismatch: {m} vs {e}",
    "instead of {e} I get {m} for {l}",
    "expected {e}, got {m} for {l}",
    "the expected value for {l} is {e}, but I keep getting {m}",
    "the {l} I compute is {m} and the solution is {e}",
    "{l} = {m} (true value {e})",
    "{l} \u6211\u5f97\u5230 {m}\uff0c\u5e94\u8be5\u662f {e}",
    "{l} у меня {m}, а должно быть {e}",  # noqa: RUF001 - no Latin letters
    "{l} me da {m} y debería ser {e}",
    "{l} ist {m}, sollte aber {e} sein",
    "{l} vaut {m} au lieu de {e}",
)
SEEN |= {
    sentence: "Hi,\n" + "\n".join(sentence.format(l=k, m=shown(v), e=shown(EXPECTED[k])) for k, v in ENTRIES.items()) + "\nThanks"
    for sentence in SENTENCES
}
EXPECTED_HEADINGS = (
    "while I should be getting",
    "This is what I should be getting",
    "Here is the expected output from the notebook",
    "this is what is expected",
    "Instead of",
    "instead of this:",
    "rather than",
    "vs.",
    "compared to the expected output",
    "Given output:",
    "The notebook output is",
)
SEEN |= {heading: f"I am getting\n{printed()}\n\n{heading}\n{printed(EXPECTED)}" for heading in EXPECTED_HEADINGS}


def only_block(text: str) -> tuple[Block, str | None, tuple[str, ...]]:
    """The one block in ``text``, its version and what was not read."""
    reading = read_text(text, "post.txt")
    assert [block.check for block in reading.blocks] == ["lstm_backward"]
    return reading.blocks[0], reading.version, reading.unread


@pytest.mark.parametrize("name", SEEN)
def test_every_number_arrives_in_its_place_whatever_the_layout(name: str) -> None:
    """All 13 printed and all 13 expected numbers are read from each layout, on their own side, and nothing is left over."""
    block, version, unread = only_block(SEEN[name])
    mentioned = name in {"a mention behind", "a shortened mention behind", "a mention before"}
    assert texts(block.numbers) == ENTRIES
    assert texts(block.expected) == EXPECTED
    assert version == "new"
    assert unread == () or mentioned or name == "source behind"


UNMARKED = {
    "no heading",
    "no heading, expected first",
    "side by side, no head, expected first",
    "a column's cells one a line",
    "full-width characters",
    "unittest",
    "numpy.testing",
    "pytest",
}


@pytest.mark.parametrize("name", [name for name in SEEN if name not in UNMARKED])
def test_expected_numbers_of_no_known_key_are_told_by_the_layout_alone(name: str) -> None:
    """Headings, words and columns suffice: with expected numbers that are no key's both sides still arrive, and no version is claimed."""
    text = SEEN[name].replace("312770310257", "777777777777").replace("15745657", "66666666")
    block, version, _ = only_block(text)
    assert texts(block.numbers) == ENTRIES
    assert texts(block.expected) == {**EXPECTED, "da0[2][3]": "0.777777777777", "dbf[4]": ["-0.66666666"]}
    assert version is None


BARE: dict[str, Callable[[str], str]] = {
    "bare names": lambda label: label.partition("[")[0],
    "bare names in bold": lambda label: f"**{label.partition('[')[0]}**",
    "bare names in a dictionary": lambda label: f'gradients["{label.partition("[")[0]}"]',
}


@pytest.mark.parametrize("name", BARE)
def test_a_bare_name_means_the_entry_that_the_check_prints(name: str) -> None:
    """``dWf = -0.18`` stands for dWf[3][1] where the check prints that entry only."""
    lines = "\n".join(f"{BARE[name](label)} = {shown(value)}" for label, value in ENTRIES.items())
    block, version, unread = only_block(lines)
    assert texts(block.numbers) == ENTRIES
    assert (block.expected, version, unread) == ((), None, ())


def test_values_without_brackets_keep_the_index_that_they_show() -> None:
    """``dbf[4] = v`` is entry (4,), ``dbf[4] = [v]`` entry (4, 0); four numbers without brackets are the vector."""
    reading = read_text("dbf[4] = -0.17049796\ndbi[4] = [-0.50848333]\ndx[1][2] = -0.00424213 0.28205375 -0.48292508 -0.43281115", "a.txt")
    assert [number.label for number in reading.blocks[0].numbers] == [
        "dbf[4]",
        "dbi[4][0]",
        "dx[1][2][0]",
        "dx[1][2][1]",
        "dx[1][2][2]",
        "dx[1][2][3]",
    ]


def test_two_checks_whose_second_follows_the_first_expected_table() -> None:
    """Numbers behind an expected table that begin again with other labels are the learner's, up to the next heading."""
    text = both() + "\n" + both(CELL, CELL_EXPECTED)
    reading = read_text(text, "post.txt")
    assert [block.check for block in reading.blocks] == ["lstm_backward", "lstm_cell_backward"]
    assert [len(block.numbers) for block in reading.blocks] == [13, 11]
    assert [len(block.expected) for block in reading.blocks] == [13, 11]
    assert [block.numbers[1].text for block in reading.blocks] == ["0.28205375", "-0.3150329502920092"]
    assert (reading.version, reading.unread, reading.notes) == ("new", (), ())


@pytest.mark.parametrize(
    "text",
    [
        f"My output:\n{printed()}\n{printed(CELL)}\nExpected Output:\n{printed(EXPECTED)}\n{printed(CELL_EXPECTED)}",
        f"Expected Output:\n{printed(EXPECTED)}\n{printed(CELL_EXPECTED)}\nMy output:\n{printed()}\n{printed(CELL)}",
        f"{printed()}\n{printed(EXPECTED)}\n{printed(CELL)}\n{printed(CELL_EXPECTED)}",
        f"lstm_cell_backward:\n{both(CELL, CELL_EXPECTED)}\nlstm_backward:\n{both()}",
    ],
    ids=["all mine, all expected", "all expected, all mine", "no headings", "cell first"],
)
def test_two_checks_in_other_orders(text: str) -> None:
    """Both blocks have their own numbers and their own expected ones, whatever comes first."""
    blocks = {block.check: block for block in read_text(text, "post.txt").blocks}
    assert texts(blocks["lstm_backward"].numbers) == ENTRIES
    assert texts(blocks["lstm_backward"].expected) == EXPECTED
    assert [number.text for number in blocks["lstm_cell_backward"].numbers][-1] == "0.1389334"
    assert [number.text for number in blocks["lstm_cell_backward"].expected][-1] == "0.13893342"


def test_shapes_are_kept_for_the_numbers_that_the_learner_printed() -> None:
    """Shape lines become the block's shapes, also a wrong one, and those of the expected table do not."""
    text = 'gradients["dbf"][4] = [0.5321]\ngradients["dbf"].shape = (5, 8)\nda0[2][3] = 0.25\nda0.shape: (5, 10)\nExpected Output:\n'
    block, _, _ = only_block(text + 'gradients["dbf"][4] = [-0.15745657]\ngradients["dbf"].shape = (5, 1)')
    assert [(shape.quantity, shape.shape) for shape in block.shapes] == [("dbf", (5, 8)), ("da0", (5, 10))]


@pytest.mark.parametrize("word", ["nan", "NaN", "-nan", "inf", "-inf", "Infinity"])
def test_values_that_are_no_numbers_are_kept(word: str) -> None:
    """A printed nan or inf is a number of the block."""
    block, _, _ = only_block(f"dx[1][2] = [{word} {word} {word} {word}]\ndWf[3][1] = {word}")
    assert [number.text for number in block.numbers] == [word.lower()] * 5


@pytest.mark.parametrize("missing", ["", "...", "None", "[...]", "?", "(same as expected)"])
def test_missing_values_are_left_out(missing: str) -> None:
    """A label without a value is no number, and takes none from the next line."""
    block, version, _ = only_block(f"dWf[3][1] = {missing}\nda0[2][3] = 0.25\nExpected Output:\nda0[2][3] = 0.312770310257")
    assert [number.label for number in block.numbers] == ["da0[2][3]"]
    assert version == "new"


def test_a_whole_printed_dictionary_gives_the_entries_that_the_check_prints() -> None:
    """From whole arrays the reader takes the printed entry, with the decimals of its array."""
    rows = [[f"0.{row}{column}345678" for column in range(8)] for row in range(5)]
    array = "[" + ",\n       ".join("[" + ", ".join(row) + "]" for row in rows) + "]"
    block, _, unread = only_block(f"{{'da0': array({array}),\n 'dbf': array([[0.1], [0.2], [0.3], [0.4], [-0.17049796]])}}")
    assert [(number.label, number.text) for number in block.numbers] == [("da0[2][3]", "0.23345678"), ("dbf[4][0]", "-0.17049796")]
    assert unread == ()


def test_from_whole_arrays_under_a_dictionarys_label_the_entry_is_taken() -> None:
    """``print(gradients["dbf"])`` prints five numbers; the check prints the one of index 4, and the first is not guessed for it."""
    block, _, unread = only_block('gradients["da0"][2][3] = 0.25\ngradients["dbf"] =\n[[ 0.1 ]\n [ 0.2 ]\n [ 0.3 ]\n [ 0.4 ]\n [-0.5 ]]')
    assert [(number.label, number.text) for number in block.numbers] == [("da0[2][3]", "0.25"), ("dbf[4][0]", "-0.5")]
    assert unread == ()


def test_from_a_printed_row_the_entry_is_taken() -> None:
    """``dWf[3]`` is a row and ``dx[1]`` an array of two dimensions; a lone number behind such a label is not placed."""
    rows = "\n ".join(f"[ 0.{row}1 0.{row}2 0.{row}3 -0.{row}4345678]" for row in range(5))
    block, _, unread = only_block(f"da0[2][3] = 0.25\ngradients['dx'][1] =\n[{rows}]\ndWf[3] = [0.1 0.25123456 0.3]\ndWi[1] = 0.5123")
    assert [(number.label, number.text) for number in block.numbers] == [
        ("da0[2][3]", "0.25"),
        ("dx[1][2][0]", "0.21"),
        ("dx[1][2][1]", "0.22"),
        ("dx[1][2][2]", "0.23"),
        ("dx[1][2][3]", "-0.24345678"),
        ("dWf[3][1]", "0.25123456"),
    ]
    assert unread == ("dWi[1] = 0.5123",)


def test_a_decimal_comma_may_have_an_exponent() -> None:
    """``-5,29232971e+43`` is one number."""
    block, _, _ = only_block("da0[2][3] = 0,25123\ndbf[4] = [-5,29232971e+43]")
    assert [number.low < float(text) < number.high for number, text in zip(block.numbers, ["0.25123", "-5.29232971e43"], strict=True)]


@pytest.mark.parametrize("form", ["{l} = {m}", "{l} = {m} (expected 0,281)", "{l}: {m}; expected: 0,28"])
def test_a_decimal_comma_with_few_digits(form: str) -> None:
    """``0,313`` is a number of three decimals; a shape is none."""
    lines = [form.format(l=label, m=text) for label, text in {"da0[2][3]": "0,313", "dWf[3][1]": "-1,250", "dWi[1][2]": "0,25"}.items()]
    block, _, unread = only_block("\n".join([*lines, "da0 has the shape (5,10), dWf 5,8", "dx[1][2] = [0,123 -0,456 0,789 1,234]"]))
    assert [round((number.low + number.high) / 2, 2) for number in block.numbers] == [0.31, -1.25, 0.25, 0.12, -0.46, 0.79, 1.23]
    assert len(unread) <= 1


def test_a_mention_in_few_digits_is_no_block() -> None:
    """Two numbers of a long table, said again in a sentence, belong to the table's check, whatever key they resemble."""
    block, _, _ = only_block(both() + "\nWhy is dx[1][2] = [-0.00 0.28 -0.48 -0.43]?")
    assert texts(block.numbers) == ENTRIES


@pytest.mark.parametrize("place", ["{own}\n\n{sentence}", "{sentence}\n{own}", "Hi,\n{own}\n{sentence}\nExpected Output\n{key}"])
@pytest.mark.parametrize("label", ["dbf[4]", "dba[4]", 'gradients["dWf"][3][1]'])
def test_a_value_of_few_digits_that_a_sentence_supposes_is_no_output(place: str, label: str) -> None:
    """Beside an output that has its label, or of a check that is absent; a note tells it."""
    sentence = f"Tom: it should start at 0; your {label} = [0.5] would be odd. Print more."
    reading = read_text(place.format(own=printed(), key=printed(EXPECTED), sentence=sentence), "a.txt")
    assert [texts(block.numbers) for block in reading.blocks] == [ENTRIES]
    assert sum("is named in a sentence" in note for note in reading.notes) == 1


@pytest.mark.parametrize("sentence", ["Ann's dWf[3][1] = 0.5, who errs?", "I tried np.ones and had dWf[3][1] = 0.5 there."])
def test_a_value_of_another_or_of_a_trial_is_no_output(sentence: str) -> None:
    """Beside an output that has its label."""
    assert [texts(block.numbers) for block in read_text(f"{printed()}\n\n{sentence}", "a.txt").blocks] == [ENTRIES]


@pytest.mark.parametrize(
    "sentence", ["But rnn_backward prints {}, which is too big.", "Only {} is off there.", "If it runs, my {} is odd."]
)
def test_a_value_of_few_digits_that_the_learner_complains_of_is_an_output(sentence: str) -> None:
    """It may be the only wrong number; nor is one left out beside right numbers that is supposed of a check that is absent."""
    right = f"Expected output:\n{printed(EXPECTED)}\n"
    assert len(read_text(f"{printed()}\n\n{sentence.format('dba[4] = [0.5]')}", "a.txt").blocks) == 2
    assert len(read_text(f"{printed(EXPECTED)}\n{right}\nA value like dba[4] = [0.5] would be odd.", "a.txt").blocks) == 2


@pytest.mark.parametrize("sentence", ["Now it is dWf[3][1] = -0.5 all over.", "dWf[3][1] = -0.5"])
def test_a_value_of_another_time_or_on_a_line_of_its_own_is_an_output(sentence: str) -> None:
    """Nothing is lost that the learner printed."""
    assert len(read_text(f"{printed()}\n\n{sentence}", "a.txt").blocks) == 2


def test_numbers_of_two_checks_and_their_keys_below_an_unknown_heading() -> None:
    """A heading says that the first are the learner's; that of the expected ones is not understood, but they are the keys'."""
    text = f"My output:\n{printed(CELL)}\n{printed()}\n\nGeoff's table\n{printed(CELL_EXPECTED)}\n{printed(EXPECTED)}"
    cell, sequence = read_text(text, "a.txt").blocks
    assert (cell.check, texts(sequence.numbers), texts(sequence.expected)) == ("lstm_cell_backward", ENTRIES, EXPECTED)
    assert [number.text for number in cell.expected][-1] == "0.13893342"


def test_brackets_that_a_picture_has_mixed_up() -> None:
    """``gradients('dWf'](3](1)`` is the entry in row 3 and column 1."""
    block, _, unread = only_block("gradients('da0'](2](3) = 0.25\ngradients['dWf')[3)[1] = 0.5\ngradients('dx'](1](2) = [0.1 0.2 0.3 0.4]")
    assert [number.label for number in block.numbers[:3]] == ["da0[2][3]", "dWf[3][1]", "dx[1][2][0]"]
    assert unread == ()


def test_a_dictionary_without_an_index_is_told() -> None:
    """One number under a name is some entry of the array, and which one was not said; whole arrays need no index."""
    said = (
        "No index stands in the printed dictionary; its numbers were read as the entries that the check prints (the first as da0[2][3]): "
        "if they are others, print those."
    )
    text = "{'da0': np.float64(-0.06380104527500069),\n 'dWf': np.float64(0.01697535542109851)}"
    assert read_text(text, "a.txt").notes == (said,)
    assert said not in read_text(printed(), "a.txt").notes


def test_numbers_that_a_loop_printed_are_left_out() -> None:
    """The same few labels at each step are no outputs of the cell's check, and a note says so."""
    steps = "".join(f"t = {t}: dxt[1][2] = 0.{t}1234 da_prev[2][3] = -0.{t}4321\n" for t in (3, 2, 1, 0))
    reading = read_text(f"Inside of the loop:\n{steps}\n{both()}", "a.txt")
    assert [(block.check, texts(block.numbers)) for block in reading.blocks] == [("lstm_backward", ENTRIES)]
    assert reading.notes == ("da_prev, dxt stand 4 times and were left out: a loop prints so, a check once and with all its numbers.",)


@pytest.mark.parametrize(
    "words",
    ["difference", "diff of", "max abs error", "relative error in", "Norm of", "sum of", "max abs", "mean of the", "average of all"],
)
def test_a_difference_is_not_the_number(words: str) -> None:
    """What was computed of two numbers is shown as not understood."""
    block, _, unread = only_block(f"{printed()}\n{words} dWf[3][1]: 0.1042\n{words} dWi[1][2] = 0.0001")
    assert texts(block.numbers) == ENTRIES
    assert unread == ("dWf[3][1]: 0.1042", "dWi[1][2] = 0.0001")


def test_a_mark_that_is_no_minus() -> None:
    """A space that became one stands before other numbers too, and "about" before what has a minus once."""
    every = "".join(f"{label} = ?0.25{label[2]}312\n" for label in ("da0[2][3]", "dWf[3][1]", "dWi[1][2]"))
    about = "da0[2][3] = ~0.25312 (expected -0.25312)\ndWf[3][1] = 0.5\n"
    for text in (every, about):
        block, _, _ = only_block(text)
        assert not any("-" in number.text for number in block.numbers)


@pytest.mark.parametrize(
    "words",
    [
        "my dWf[3][1] is 10 times smaller than expected, 0.5312 instead of 5.312",
        "dWf[3][1] is exactly 2x too big: 0.5312 (should be 0.2656)",
        "dWf[3][1] is N times bigger than it should be: 0.5312",
        "dWf[3][1] is twice as large as the expected 0.2656, I get 0.5312",
    ],
)
def test_a_count_of_times_is_not_the_number(words: str) -> None:
    """What the words compare is the number beside them, if one is there."""
    block, _, _ = only_block(f"In lstm_backward {words}")
    assert [(number.label, number.text) for number in block.numbers] == [("dWf[3][1]", "0.5312")]
    block, _, unread = only_block("In lstm_backward da0[2][3] = 0.25312, and my dWf[3][1] is 10 times smaller than expected")
    assert [number.label for number in block.numbers] == ["da0[2][3]"]
    assert unread == ("dWf[3][1] is",)
    bare = words.split(" is ", maxsplit=1)[0]
    block, _, _ = only_block(f"lstm_backward: da0[2][3] = 0.25312, {bare} is twice as big as expected: [0.20023491]")
    assert [number.label for number in block.numbers] == ["da0[2][3]"]


@pytest.mark.parametrize("call", ["np.mean(", "np.sum( ", "abs(", "np.linalg.norm("])
def test_what_a_call_makes_of_a_gradient_is_not_the_number(call: str) -> None:
    """``np.mean(dWf) = 0.1042`` says nothing about the entry of dWf that the check prints; "I mean" and "sum" alone are words."""
    block, _, unread = only_block(f"da0[2][3] = 0.25\n{call}dWf) = 0.1042\nI mean dWi[1][2] = 0.5, in sum dWo[1][2] = 0.125")
    assert [number.label for number in block.numbers] == ["da0[2][3]", "dWi[1][2]", "dWo[1][2]"]
    assert unread == ("dWf) = 0.1042",)


def test_zeros_that_a_program_sets_are_no_output() -> None:
    """``dWf = 0.`` beside a loop is code: it is shown as not read, and does not stand for the number."""
    block, _, unread = only_block("dWf = 0.\ndbf = 0.0\nfor t in reversed(range(T_x)):\n\nda0[2][3] = 0.25\ndWf[3][1] = 0.5")
    assert [(number.label, number.text) for number in block.numbers] == [("da0[2][3]", "0.25"), ("dWf[3][1]", "0.5")]
    assert unread == ("dWf = 0.", "dbf = 0.0")


def test_a_second_column_of_which_nothing_is_said_is_told() -> None:
    """Where neither words nor a key tell the columns apart, the first is taken for the learner's, and a note says so."""
    reading = read_text("da0[2][3] = 0.25 0.5\ndbf[4] = [0.11111111] [0.22222222]\n", "post.txt")
    assert [number.text for number in reading.blocks[0].numbers] == ["0.25", "0.11111111"]
    assert (
        reading.notes[-1]
        == "No word says which numbers of lstm_backward are the expected ones; those that stand second were taken for them."
    )


@pytest.mark.parametrize(
    ("line", "shown_as"),
    [
        ('gradients["dWf"][0][0] = 0.1234', 'gradients["dWf"][0][0] = 0.1234'),
        ('gradients["dWy"][1][2] = 0.1234', 'gradients["dWy"][1][2] = 0.1234'),
        ("a[4][3][6] = 0.17211776", "a[4][3][6] = 0.17211776"),
        ("dWi[1][2] = 0.1x4", "dWi[1][2] = 0.1x4"),
        ("dWi[1][2] - 0.14", "dWi[1][2] - 0.14"),
        ("dx[1][2] = [0.1 0.2 0.3]", "dx[1][2] = [0.1 0.2 0.3]"),
        ("dx[1][2] = [0.1 ... 0.3]", "dx[1][2] = [0.1 ... 0.3]"),
        ("dWi[1][2] = 0.1 0.2 0.3 0.4", "dWi[1][2] = 0.1 0.2 0.3 0.4"),
        ("dWi[1][2] = 1+2j", "dWi[1][2] = 1+2j"),
        ("dWi[1][2] = 1,234.5678901", "dWi[1][2] = 1,234.5678901"),
        ("dWi = 3", "dWi = 3"),
        ("dWi = 0.5 * dot", "dWi = 0.5 * dot"),
        ("0.41234 for dWi[1][2]", "dWi[1][2]"),
        ("I changed 0.41234 for dWi[1][2]", "dWi[1][2]"),
        ("0.41234 = dWi[1][2]", "dWi[1][2]"),
        ("Is 0.412 for dWi[1][2] right?", "dWi[1][2] right?"),
        ("dWi[1][2] looks odd to me: 0.41234", "dWi[1][2] looks odd to me: 0.41234"),
        ("dWi[1][2] and 0.41234 for the rest", "dWi[1][2] and 0.41234 for the rest"),
        ('gradients["dWi"] = (5, 8)', 'gradients["dWi"] = (5, 8)'),
    ],
)
def test_what_is_not_understood_is_shown(line: str, shown_as: str) -> None:
    """A line that looks like a number of a check but can't be placed is neither guessed nor dropped."""
    block, _, unread = only_block(f"da0[2][3] = 0.25\n{line}\ndbo[4] = [0.5]\n")
    assert [number.label for number in block.numbers] == ["da0[2][3]", "dbo[4][0]"]
    assert unread == (shown_as,)


def test_a_gradient_of_the_wrong_shape_prints_more_numbers() -> None:
    """A bias gradient that was not summed prints a row; its numbers are all taken."""
    block, _, _ = only_block("da0[2][3] = 0.25\ndbf[4] = [0.11111111 0.22222222\n 0.33333333]")
    assert [number.label for number in block.numbers] == ["da0[2][3]", "dbf[4][0]", "dbf[4][1]", "dbf[4][2]"]


def test_an_expected_heading_of_another_function_says_nothing_about_the_next_check() -> None:
    """Forward outputs and their expected values stand before; they are shown as unread, and the learner's numbers stay the learner's."""
    forward = "a_next[4] = [ 0.59584544 0.18141802]\n"
    reading = read_text(f"{forward}a_next.shape = (5, 10)\nExpected Output:\n{forward}{both()}", "post.txt")
    (block,) = reading.blocks
    assert texts(block.numbers) == ENTRIES
    assert texts(block.expected) == EXPECTED
    assert (reading.unread, reading.notes) == (("a_next[4] = [ 0.59584544 0.18141802]",) * 2, ())


SHARED = "dbf[4] = [{}]\ndbi[4] = [{}]\n"


def test_shared_labels_alone_are_decided_by_the_expected_numbers() -> None:
    """Bias gradients fit both LSTM checks; the expected numbers say which."""
    mine = SHARED.format("0.1", "0.2")
    cell = read_text(mine + "Expected:\n" + SHARED.format("0.18864637", "-0.40142491"), "a.txt")
    sequence = read_text(mine + "Expected:\n" + SHARED.format("-0.15745657", "-0.50848333"), "a.txt")
    assert [block.check for block in cell.blocks + sequence.blocks] == ["lstm_cell_backward", "lstm_backward"]
    assert cell.notes == sequence.notes == ()


@pytest.mark.parametrize(
    ("words", "check", "why"),
    [
        ("Here da0 is fine", "lstm_backward", "of these it alone prints da0, which the text names"),
        ("My LSTM cell", "lstm_cell_backward", "the text speaks of lstm and cell"),
        ("My LSTM_cell_backward is wrong", "lstm_cell_backward", "the words around them name it"),
        ("Output of `lstm_backward`", "lstm_backward", "the words around them name it"),
        ("Please help", "lstm_cell_backward", "nothing speaks for another one"),
    ],
)
def test_shared_labels_without_expected_numbers_are_a_guess_that_is_told(words: str, check: str, why: str) -> None:
    """Words decide, else the cell check; either way the notes say so."""
    reading = read_text(f"{words}\n{SHARED.format('0.1234', '0.2345')}", "a.txt")
    assert [block.check for block in reading.blocks] == [check]
    assert reading.notes == (f"The labels fit lstm_cell_backward and lstm_backward; they were read as {check}, because {why}.",)


@pytest.mark.parametrize(
    ("expected", "version"),
    [
        ("dx[1][2] = [-0.00173313 0.08287442 -0.30545663 -0.43281115]\ndbf[4] = [-0.0565788]", "old"),
        ("dx[1][2] = [0.00218254 0.28205375 -0.48292508 -0.43281115]", "new"),
        ("dx[1][2] = [0.002 0.282 -0.483 -0.433]", "new"),
        ("dx[1][2] = [0.5 0.6 0.7 0.8]", None),
    ],
)
def test_the_version_is_the_key_that_the_expected_numbers_agree_with(expected: str, version: str | None) -> None:
    """Old, new, rounded by hand, or none of the course's."""
    assert read_text(f"{printed()}\nExpected Output:\n{expected}", "a.txt").version == version


def test_two_runs_of_one_check_share_the_expected_numbers() -> None:
    """Before and after a change: two blocks, each beside the expected numbers."""
    after = {**ENTRIES, "da0[2][3]": "0.123456789012345"}
    reading = read_text(f"Before:\n{printed()}\nNow I get:\n{printed(after)}\nExpected Output:\n{printed(EXPECTED)}", "a.txt")
    assert [block.numbers[4].text for block in reading.blocks] == ["0.36036164521813085", "0.123456789012345"]
    assert [texts(block.expected) for block in reading.blocks] == [EXPECTED, EXPECTED]


def test_a_function_that_the_text_defines_is_known() -> None:
    """Code of something else, and a name without its definition, are no word worth."""
    code = "```\ndef helper(x):\n    return x\n\n> def lstm_backward(da, caches):\n    return {}\n```"
    assert defined_in(f"My code:\n{code}\nand it prints\n{printed()}") == ["lstm_backward"]
    assert not defined_in(f"def helper(x):\n    return x\n\nMy lstm_backward prints\n{printed()}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            f"Expected Output:\n{printed(EXPECTED)}",
            "post.txt holds only expected numbers, as far as it can be read; add those that your own functions printed, as label = number.",
        ),
        (
            f"dba[4] = [O.2l]\n\nExpected Output:\n{printed(EXPECTED)}",
            (
                "post.txt holds only expected numbers, as far as it can be read (the first line that can't: dba[4] = [O.2l]); "
                "add those that your own functions printed, as label = number."
            ),
        ),
        (
            'gradients["dWax"].shape = (5, 5)\nExpected: gradients["dWax"].shape = (5, 3)',
            (
                "post.txt holds printed shapes (the first: dWax (5, 5)), and no numbers beside them; I look for lines such as "
                'gradients["dxt"][1][2] = 0.5, or for the code as a file whose name ends in .py or .ipynb.'
            ),
        ),
        (
            "Hello, my code does not work.",
            'post.txt holds no numbers of a check that I know; I look for lines such as gradients["dxt"][1][2] = 0.5.',
        ),
        (
            "import numpy as np\n\ndef lstm_backward(da, caches):\n    dbf = np.sum(dft, axis=1, keepdims=True)\n    return {}\n",
            (
                "post.txt holds no printed numbers, and of its code no function is whole (a part, the margins or characters are lost); "
                "give me the code as a file whose name ends in .py or .ipynb."
            ),
        ),
        (
            "> def lstm_backward(da, caches):\n>     return {}\n",
            (
                "post.txt holds no printed numbers, and of its code no function is whole (a part, the margins or characters are lost); "
                "give me the code as a file whose name ends in .py or .ipynb."
            ),
        ),
        (
            "Traceback (most recent call last)\n<ipython-input-3> in <module>\n----> 2 lstm_backward(da, caches)\n\nKeyError: 'dxt'\n",
            (
                "post.txt shows an error, `KeyError: 'dxt'`, and no printed numbers; "
                "give me the code for that, as a file whose name ends in .py or .ipynb."
            ),
        ),
        (
            f"Traceback (most recent call last)\n<ipython-input-3> in <module>\n----> 2 run()\n\nValueError: {'so many words ' * 7}\n",
            (
                f"post.txt shows an error, `ValueError: {'so many words ' * 5}so many…`, and no printed numbers; "
                "give me the code for that, as a file whose name ends in .py or .ipynb."
            ),
        ),
        (
            "def f(x):\n    return x\n",
            'post.txt holds no numbers of a check that I know; I look for lines such as gradients["dxt"][1][2] = 0.5.',
        ),
        (
            "loss[4][3][6] = 0.17211776",
            (
                "post.txt holds no numbers that I can place (the first that I can't: loss[4][3][6] = 0.17211776); "
                'I look for lines such as gradients["dxt"][1][2] = 0.5.'
            ),
        ),
        (
            'gradients["dWf"][0][0] = -0.17\ngradients["dWi"][0][0] = 0.31',
            (
                'post.txt holds only entries that no check prints (the first: gradients["dWf"][0][0] = -0.17); '
                "I know what the checks print, of dWf dWf[3][1]."
            ),
        ),
        (
            "a_next[4] = [ 0.59584544  0.18141802]\na_next.shape = (5, 10)\nExpected: a_next[4] = [ 0.59584545  0.18141802]",
            (
                "post.txt holds numbers of a forward pass (a_next[4]), but not those that a check prints there; give me whole lines of a "
                "check (whygrad expected lstm_forward shows such), or the code as a file whose name ends in .py or .ipynb."
            ),
        ),
    ],
)
def test_a_text_without_the_learners_numbers_says_what_is_missing(text: str, message: str) -> None:
    """One sentence that names the file and says what to do."""
    with pytest.raises(UnreadableError) as caught:
        read_text(text, "post.txt")
    assert str(caught.value) == message


def test_a_text_that_two_checks_may_have_printed_has_another_reading() -> None:
    """Both readings hold the same numbers, each under its check; where labels or expected numbers decide there is one."""
    reading = read_text(SHARED.format("0.1234", "0.2345"), "a.txt")
    (other,) = reading.alternatives
    assert [[block.check for block in one.blocks] for one in (reading, other)] == [["lstm_cell_backward"], ["lstm_backward"]]
    assert [block.numbers for block in other.blocks] == [block.numbers for block in reading.blocks]
    assert other.notes == (
        "The labels fit lstm_cell_backward and lstm_backward; they were read as lstm_backward, because that explains them best.",
    )
    assert read_text(both(), "a.txt").alternatives == ()
    expected = SHARED.format("0.18864637", "-0.40142491")
    for named in ("", "lstm_cell_backward:\n"):
        assert read_text(f"{named}{SHARED.format('0.1', '0.2')}Expected:\n{expected}", "a.txt").alternatives == ()


@pytest.mark.parametrize(
    "power",
    [
        "2.5\u00d710^-3",
        "2.5 x 10^-3",
        "2.5*10**-3",
        "2.5 \u00d7 10^{-3}",
        "2.5\u00b710^(-3)",
        "2.5e-3",
        r"2.5 \times 10^{-3}",
        "2.5\u00d710\u207b\u00b3",
    ],
)
def test_powers_of_ten_as_people_write_them(power: str) -> None:
    """One number each, alone and in brackets."""
    block, _, unread = only_block(f"dWf[3][1] = 1.5\nda0[2][3] = {power}\ndx[1][2] = [{power} 0.1 {power} 0.2]")
    assert [
        number.low <= value <= number.high for number, value in zip(block.numbers, [1.5, 2.5e-3, 2.5e-3, 0.1, 2.5e-3, 0.2], strict=True)
    ] == [True] * 6
    assert unread == ()


@pytest.mark.parametrize("width", [38, 40, 44])
def test_numbers_that_a_narrow_window_cut_in_two(width: int) -> None:
    """All lines are cut at one width, and the rest of a number is put behind it, in brackets and alone."""
    lines = ["da0[2][3] = 0.31277031025726021234567890", "dx[1][2] = [-0.00424213 0.28205375 -0.48292508 -0.43281115]", "dbf[4] = [0.5]"]
    cut = "\n".join(line[at : at + width] for line in lines for at in range(0, len(line), width))
    block, _, unread = only_block(cut)
    assert [number.text for number in block.numbers][1:5] == ["-0.00424213", "0.28205375", "-0.48292508", "-0.43281115"]
    assert (len(block.numbers), unread) == (6, ())


def test_a_short_rest_of_a_number_beside_longer_ones() -> None:
    """Where the window has cut a number so that many digits are left, it has also cut one of which one digit is left."""
    cut = 'gradients["da0"][2][3] = 0.312770310\n25\ngradients["dWf"][3][1] = -0.08098023\n10938\ngradients["dWi"][1][2] = 1.057498055\n2'
    block, _, unread = only_block(cut)
    assert [number.text for number in block.numbers] == ["0.31277031025", "-0.0809802310938", "1.0574980552"]
    assert unread == ()


def test_a_number_that_was_cut_in_a_later_line_of_its_bracket() -> None:
    """The bracket was opened lines above."""
    block, _, unread = only_block("dx[1][2] = [  24.57262\n724 6.19258047 -0.8109\n6705 0.25]\ndWf[3][1] = 0.5")
    assert [number.text for number in block.numbers] == ["24.57262724", "6.19258047", "-0.81096705", "0.25", "0.5"]
    assert unread == ()


def test_a_number_below_another_one_is_not_its_rest() -> None:
    """Where the line is not the longest, or one digit stands alone, nothing is put together."""
    block, _, _ = only_block("da0[2][3] = 0.3127\n567\ndWf[3][1] = -0.0809802310938\n2\ndWi[1][2] = 0.25")
    assert [number.text for number in block.numbers] == ["0.3127", "-0.0809802310938", "0.25"]


def test_digits_that_are_cut_off_with_dots() -> None:
    """``-0.1402...`` is the beginning of a number, of a scalar as of an array's entry."""
    block, _, unread = only_block("dWf[3][1] = -0.1402...\ndx[1][2] = [0.0032... 0.3413... -0.5868\u2026 -0.4561...]\nda0[2][3] = 0.25...")
    values = [-0.14029, 0.00329, 0.34138, -0.58689, -0.45615, 0.259]
    assert [number.low <= value <= number.high for number, value in zip(block.numbers, values, strict=True)] == [True] * 6
    assert unread == ()


@pytest.mark.parametrize(
    "text",
    [
        "Instead of 0.38 I find 0.41234567 for dWi[1][2]. Instead of 0.21 I find 0.25 for da0[2][3].",
        "Instead of 0.38 I get 0.41234567 for dWi[1][2]. Rather than 0.21 I get 0.25 for da0[2][3].",
        "I see 0.41234567 for dWi[1][2] instead of 0.38. I see 0.25 for da0[2][3], not 0.21.",
        "0.41234567 (expected 0.38) for dWi[1][2]; 0.25 (expected 0.21) for da0[2][3]",
        "It should be 0.21 for da0[2][3], not 0.25. dWi[1][2] ought to be 0.38, not 0.41234567.",
        "I find 0.41234567 for dWi[1][2], but 0.380 expected. I find 0.250 for da0[2][3], but 0.210 expected.",
        "0.41234567 comes out for dWi[1][2], though 0.380 is right. 0.250 obtained for da0[2][3], 0.210 expected.",
        "0.41234567 vs 0.380 (expected) for dWi[1][2]. 0.250 for da0[2][3] is wrong, 0.210 is right.",
        "en dWi[1][2] me sale 0.41234567 y debería salir 0.38\nen da0[2][3] me sale 0.25 y debería salir 0.21",
    ],
)
def test_whose_numbers_around_a_label_are(text: str) -> None:
    """What is set against a number is the other side's, and what is said of the next label is none of this one's."""
    block, _, unread = only_block(f"lstm_backward: {text}")
    assert {number.label: float(number.text) for number in block.numbers} == {"dWi[1][2]": 0.41234567, "da0[2][3]": 0.25}
    assert {number.label: float(number.text) for number in block.expected} == {"dWi[1][2]": 0.38, "da0[2][3]": 0.21}
    assert unread == ()


def test_several_numbers_before_their_labels() -> None:
    """Words say whose the first is, "and" that the next is the same one's."""
    block, _, unread = only_block("I got 0.41234567 for dWi[1][2], 0.25 for da0[2][3] and [0.38123456] for dbo[4]. My dWf[3][1] = 0.5")
    assert [(number.label, number.text) for number in block.numbers] == [
        ("dWi[1][2]", "0.41234567"),
        ("da0[2][3]", "0.25"),
        ("dbo[4][0]", "0.38123456"),
        ("dWf[3][1]", "0.5"),
    ]
    assert (block.expected, unread) == ((), ())


@pytest.mark.parametrize(
    "line", ["lstm_backward の出力が期待値と合いません。", "lstm_backward 輸出與預期不同", "출력이 예상값과 다릅니다."]
)
def test_that_an_output_differs_from_the_expected_one_is_no_heading(line: str) -> None:
    """The numbers below it are the learner's own."""
    found = heading(line)
    assert found is None or found.role == "mine"


@pytest.mark.parametrize(
    "line",
    [
        "lstm_forward gives the expected output.",
        "This does **not** give the expected output:",
        "The other forward functions also have the expected values:",
        "a = 0.5\nExpected output same.",
    ],
)
def test_that_a_function_has_the_expected_output_is_no_heading(line: str) -> None:
    """Nor is it that of another one; the numbers below it are the learner's own."""
    block, _, _ = only_block(f"{line}\n\n{printed()}\nExpected Output:\n{printed(EXPECTED)}")
    assert (texts(block.numbers), texts(block.expected)) == (ENTRIES, EXPECTED)


def test_a_key_in_more_digits_is_no_output() -> None:
    """Two tables of expected numbers, and none of the learner's own."""
    digits = EXPECTED | {"da0[2][3]": "0.3127703102572602", "dWi[1][2]": "0.40512433092981837"}
    for one, other in ((digits, EXPECTED), (EXPECTED, digits)):
        with pytest.raises(UnreadableError, match="holds only expected numbers"):
            read_text(f"Expected output:\n{printed(one)}\nExpected values:\n{printed(other)}\nMine are different.", "post.txt")
