"""Undo what forums, browsers, notebooks and word processors do to printed text, before it is read.

The result has one kind of quote, minus, space and line end, no markup, and table cells parted by ``|``.
"""

from __future__ import annotations

import re
import unicodedata

from whygrad.read.post.letters import with_digits
from whygrad.read.post.mail import without_quoted_printable
from whygrad.read.post.markup import with_rows, without_bbcode, without_dots, without_latex, without_struck_out
from whygrad.read.post.minuses import with_minuses
from whygrad.read.post.wrapped import in_one_piece, unwrapped

_CHARACTERS = str.maketrans(
    {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys(
        "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u2032\u2033\u00ab\u00bb\u2039\u203a\u300c\u300d\u300e\u300f\u00b4\uff02\uff07'",
        '"',
    )
    | dict.fromkeys("\u2212\u2010\u2011\u2012\ufe63", "-")
    | dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\x0b\x0c", " ")
    | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", None)
    | dict.fromkeys("\u2028\u2029\x85", "\n")
    | dict.fromkeys("\u2502\u2503\u2551\u00a6", "|")
    | dict.fromkeys("\u2190\u21d0\u27f5", "<-")
    | dict.fromkeys("\u2192\u21d2\u27f6", "->")
    | dict.fromkeys("\u2261", "=")
    | dict.fromkeys("\u2026", "...")
    | dict.fromkeys("*`\u2022\u00b7\u25cf\u25e6\u25aa", " ")
)
_DIGIT_OF_ANOTHER_SCRIPT = re.compile(r"(?![0-9])\d")
_ARABIC_SIGNS = str.maketrans("\u066b\u066c\u060c\u061b\u061f", ".,,;?")
_ESCAPE_SEQUENCE = re.compile(r"\x1b\[[\d;]*[A-Za-z]|[\u241b^]?\[\d{1,3}(?:;\d{1,3}){0,4}m")
"""Also the rest of one, whose first character was lost on the way."""
_TIMES_TEN = re.compile(
    r"(?<=\d)\s?(?:[\u00d7x*\u00b7]|\\times|\\cdot)\s?10\s?"
    r"(?:(?:\^|\*\*)\s?[({]?\s?([-+\u2212]?\d{1,3})[)}]?|([\u207a\u207b]?[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]{1,3}))"
)
_RAISED = str.maketrans("\u207a\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "+-0123456789")
_PRODUCT = re.compile(r"(?<=[\w)\]])(?:\*| \* )(?=[\w(])")
"""A star between two things, with the same space to both sides; others are of Markdown."""
_NORM = re.compile(r"(?:\|\||\u2016)[ ]?([^|\n\u2016]{1,40}?)[ ]?(?:\|\||\u2016)(?=_?\w?\s?[=:])")
_ROUNDED = re.compile(r"\b(?:(?:np|numpy)\.)?(?:round|around)\(([^(),\n]{1,40}),\s?(?:decimals\s?=\s?)?\d{1,2}\)")
_LETTER_O = re.compile(r"(?<![\w.])([-+]?)[oO](?=\.\d{3})")
_KEY_APART = re.compile(r'\[ ?" ?(\w{1,12}) ?" ?\]')
"""``[ " dx " ]``, as a program reads it in a picture."""
_GUILLEMETS = re.compile(r"«\s{0,2}(\w{1,12})\s{0,2}»")
_BRACKET_AS_LETTER = re.compile(r"(?<=\[\d)[lI|](?=\s?(?:\[\d|[=:]))")
_LETTER_AS_BRACKET = re.compile(r"(?<![\w\])[(])[Il|{](?=[ \t]{0,3}[-+]|[ \t]{1,3}\d)(?=[ \t]{0,3}[-+]?\d{0,3}\.\d[\d.e+\- \t]{0,400}\])")
"""``I-0.3]``, as a program reads a bracket in a picture; right before a digit it may be a 1."""
_MIXED_BRACKETS = re.compile(r'(?<=["\])])(?:\((\d{1,2})\]|\[(\d{1,2})\))')
"""``(1]``, as a program reads an index in a picture."""
_LONG_DASH_MINUS = re.compile(r"[\u2013\u2014](?=[\d.])")
_LONG_DASH = re.compile(r"[\u2013\u2014]")
_MINUS_APART = re.compile(r"((?:[=:\[(,|]|\b(?:is|be|get|got|of))[ \t]{0,4})[-\u2013\u2014][ \t]{1,3}(?=\.?\d)")
"""``= - 0.14``: behind a sign, an opening bracket or "is" a dash is the minus of the number that follows it."""
_DASH_PARTS = re.compile(r"\][ \t]{1,4}-[ \t]{1,3}(?:-[\d.]|\[)")
_DASH_BEHIND_LABEL = re.compile(r"(?<=\])[ \t]{1,4}-[ \t]{1,3}(?=[-.\d\[])")
"""``dba[4] - [0.2]`` shows that in this text a dash parts labels and numbers, so ``da0[2][3] - 0.3`` is no negative number."""
_ROW = re.compile(r"\[[^\[\]]{1,400}\]")
_MINUS_IN_ROW = re.compile(r"(?<=\d)(\s{1,4})[-\u2013\u2014][ \t]{1,3}(?=\.?\d)")
_ARROW_LEFT = re.compile(r"<[-=]{1,12}(?=[\s\[])")
_COLON_DASH = re.compile(r":-(?=\s)")
_GLUED = re.compile(r"(?<=[\d\]])(?=(?:gradients?|grads)\s?[\[.])", re.IGNORECASE)
_WRITTEN_NEWLINE = re.compile(r"\\n(?![a-z])|\\n(?=grad|d(?:[a-zA-Z]{1,2}|a0|[ac]_?prev|[Ww][A-Za-z]{1,2})\b|d\w{0,12}\[)")
_BACKSLASH = re.compile(r"\\(?=[^A-Za-z0-9\s])")
_EMPHASIS = re.compile(r"(?<!\w)_{1,3}(?=\w)|(?<=\w)_{1,3}(?!\w)")
_WRAPPER = re.compile(
    r"(?<![\w.])(?:(?:np|numpy|jnp|torch|tf)\s?\.\s?)?"
    r"(?:array|asarray|DeviceArray|Array|matrix|tensor|Tensor|float(?:16|32|64|128|_)?|longdouble|double)\s?\(",
)
_WRAPPED = re.compile(_WRAPPER.pattern + r"([^()\n]{1,400})\)")
_EAGER = re.compile(r"<tf\.Tensor:[^<>]{0,80}numpy=([^<>]{1,400})>")
_TOLERANCE = re.compile(r"[ ]?(?:\u00b1|\+/-)[ ]?\d[\d.e+-]{0,12}")
_SIZE = r"(?:small(?:er)?|big(?:ger)?|larger?|great(?:er)?|high(?:er)?|low(?:er)?|less|more|off)"
_THEIRS = r"(?:it should(?: be)?|(?:the )?(?:expected|right|correct)(?: (?:ones?|values?|numbers?|outputs?))?)"
_MULTIPLE = re.compile(
    rf"(?<![\w.\[\]])(?:(?:exactly|about|always|around|roughly|almost|nearly|just|only) ){{0,3}}"
    rf"(?:(?:\d{{1,4}}(?:\.\d{{1,2}})?|[NTm]|a hundred|ten|two|three|four|five)(?: times|x| x) (?:(?:too )?{_SIZE}\b|as {_SIZE}\b)"
    rf"|twice as {_SIZE}\b)(?: (?:than|as)\b(?: {_THEIRS}(?=[ ]?(?:[.!?\n]|$|(?:in|for)\b|[,:;(][^\n]{{0,40}}\binstead of\b)))?)?"
)
"""``10 times smaller than expected``: a number that counts; "expected" stays where it says whose the next number is."""
_DTYPE = re.compile(r",?\s{0,20}dtype\s?=\s?[\w.\"<>]{1,24}")
_SHAPE_OF = re.compile(r"\b(?:np|numpy)\s?\.\s?shape\s?\(([^()\n]{1,60})\)")
_SHAPE_BESIDE = re.compile(
    r"(?<![.\w])\(?shape[ ]?[=:]?[ ]?\([\d, ]{1,20}\)\)?[ ]?[,;:]?[ ]?(?=(?:(?:value|val|values|data)[ ]?)?[=:]?[-+\[ ]{0,4}\.?\d)"
)
"""``shape=(5, 8), value=0.31``: the number is what stands behind it."""
_ANSWER_PROMPT = re.compile(
    r"^[ \t]*(?:Out[ \t]?\[\d{1,5}\][ \t]?:[ \t]*\n?(?=[ \t]*(?:[-+.\d\[]|nan\b|inf\b))|\[\d{1,5}\]:)", re.MULTILINE
)
"""Jupyter's, and JupyterLab's, which has the number alone."""
_QUOTE_MARK = re.compile(r"^[ \t]*>[> \t]*", re.MULTILINE)
_QUOTED_NUMBER = re.compile(r"^[ \t]*>[^\n]*\d\.\d{3}[^\n]*\n(?:[ \t>]*\n)*(?=[ \t]*[^\s>])", re.MULTILINE)
QUOTE_END = "\ue000"
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,12})\b[^<>]{0,300}>")
_LINE_TAGS = frozenset(
    ("br", "p", "div", "li", "ul", "ol", "pre", "table", "tbody", "thead", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr"),
)


def plain(text: str) -> str:
    """``text`` as plain lines of one alphabet; in time linear in its length."""
    text = without_quoted_printable(_ESCAPE_SEQUENCE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    text = unwrapped(_with_our_digits(with_minuses(text)))
    if "&" in text:
        from html import unescape  # noqa: PLC0415 - its table of names costs a millisecond, and few posts need it

        text = unescape(unescape(text))
    text = without_struck_out(without_bbcode(text))
    if "<" in text:
        text = _without_tags(_EAGER.sub(r"\1", text))
    text = without_dots(with_rows(without_latex(text)))
    text = _BRACKET_AS_LETTER.sub("]", _GUILLEMETS.sub(r'"\1"', text))
    text = _LETTER_O.sub(r"\g<1>0", with_digits(text))
    text = _TIMES_TEN.sub(lambda ten: "e" + (ten[1] or ten[2].translate(_RAISED)), text)
    text = _PRODUCT.sub(lambda star: star[0].replace("*", "\u00d7"), in_one_piece(_TOLERANCE.sub("", _MULTIPLE.sub("", text))))
    text = _ROUNDED.sub(r"\1", _NORM.sub(r"norm(\1)", text))
    text = _with_minus(_COLON_DASH.sub(":", _ARROW_LEFT.sub(" < ", text.translate(_CHARACTERS))))
    text = _LONG_DASH.sub(" : ", _LONG_DASH_MINUS.sub("-", text))
    if "\\" in text:
        written = text.count("\\n") > text.count("\n")  # then all of them are line ends
        text = text.replace("\\n", "\n") if written else _WRITTEN_NEWLINE.sub("\n", text)
        text = _BACKSLASH.sub("", text)
    text = _MIXED_BRACKETS.sub(r"[\1\2]", _KEY_APART.sub(r'["\1"]', _LETTER_AS_BRACKET.sub("[", text)))
    text = _WRAPPER.sub(" ", _WRAPPED.sub(r" \1 ", _EMPHASIS.sub("", _without_quote_marks(_GLUED.sub("\n", text)))))
    text = _SHAPE_BESIDE.sub("", text) if "shape" in text else text
    return _DTYPE.sub("", _ANSWER_PROMPT.sub("", _SHAPE_OF.sub(r"\1.shape", text)))


def _with_our_digits(text: str) -> str:
    """``text`` with the decimal digits of any script, full-width ones too, as those from 0 to 9."""
    if text.isascii():
        return text
    return _DIGIT_OF_ANOTHER_SCRIPT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text.translate(_ARABIC_SIGNS))


def _without_quote_marks(text: str) -> str:
    """``text`` without the marks of quoted lines; between a quoted number and what is said to it a line with `QUOTE_END` alone."""
    return _QUOTE_MARK.sub("", _QUOTED_NUMBER.sub(rf"\g<0>{QUOTE_END}\n", text))


def _with_minus(text: str) -> str:
    """``text`` with each minus that stands apart put in front of its number, and each dash that is none turned into ``=``."""
    if _DASH_PARTS.search(text):
        text = _DASH_BEHIND_LABEL.sub(" = ", text)
    return _ROW.sub(lambda row: _MINUS_IN_ROW.sub(r"\1-", row[0]), _MINUS_APART.sub(r"\1-", text))


def _without_tags(text: str) -> str:
    """``text`` with HTML turned into lines; a table row becomes one line, however many it was written on."""
    parts: list[str] = []
    in_row, end = False, 0
    for tag in _TAG.finditer(text):
        between = text[end : tag.start()]
        parts.append(between.replace("\n", " ") if in_row else between)
        end = tag.end()
        closing, name = tag[1], tag[2].lower()
        if name == "tr":
            in_row = not closing
            parts.append("\n")
        elif name in {"td", "th"} and not closing:
            parts.append(" | ")
        elif name in _LINE_TAGS:
            parts.append(" " if in_row else "\n")
    parts.append(text[end:])
    return "".join(parts)
