"""A line with statements before it that overwrite names, as one expression, and what these names stand for behind it."""

from __future__ import annotations

import re

from whygrad.from_numbers.programs.linewise import NAME

_STATEMENT = re.compile(r"(\w+) ([*+/-]?)= (.+)")


def as_expressions(text: str, target: str) -> dict[str, str] | None:
    """What each name that these statements assign to stands for, in terms of what it stood for before; None where they do more than that.

    ``target`` is the name that the last of them has to assign to.
    """
    known: dict[str, str] = {}
    name = ""
    for line in text.split("\n"):
        statement = _STATEMENT.fullmatch(line.strip())
        if statement is None:
            return None
        name, operation, value = statement.groups()
        value = NAME.sub(lambda found: f"({known[found[0]]})" if found[0] in known else found[0], value)
        known[name] = f"({known.get(name, name)}) {operation} ({value})" if operation else value
    return known if name == target else None
