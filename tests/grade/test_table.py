"""Cells of the table."""

from __future__ import annotations

import pytest

from whygrad.grade.table import cell


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\uff1d1", "'\uff1d1"),
        ("\r\n=1", "'=1"),
        ("a\nb", "a b"),
        ("right", "right"),
        ("a-b=c", "a-b=c"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(text: str, shown: str) -> None:
    """What a spreadsheet would run stands behind an apostrophe, on one line."""
    assert cell(text) == shown
