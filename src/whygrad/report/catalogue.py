"""The page that explains one kind of mistake. Learners read it, so it shows the wrong way only, and no third hint."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.report.text import wrapped

if TYPE_CHECKING:
    from whygrad.mistakes import Operator

_BLANK = re.compile(r"\{(\w+)\}")


def page(operator: Operator) -> str:
    """Return title, explanation, both hints and the wrong lines of the examples as plain text that ends with a line break."""
    where, what = (_BLANK.sub(r"<\1>", hint) for hint in operator.hints[:2])
    head = (f"{operator.id}: {operator.title}", operator.about, f"Hint 1: {where}", f"Hint 2: {what}")
    paragraphs = [wrapped(" ".join(paragraph.replace("``", "`").split())) for paragraph in head]
    examples = dict.fromkeys((example.function, example.after) for example in operator.examples)
    if examples:
        paragraphs.append("It looks like this:")
    paragraphs += [f"  in {function}\n" + "\n".join(f"    {line}" for line in after.splitlines()) for function, after in examples]
    return "\n\n".join(paragraphs) + "\n"
