"""Pages made from the package when the docs are built: one for each mistake, and the keys of the JSON document.

They cannot say anything else than the program does, because they are the program's own texts.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whygrad.mistakes import OPERATORS
from whygrad.report.catalogue import wrong_piece
from whygrad.report.of_code import OF_CODE
from whygrad.report.schema import schema, write_schema

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from whygrad.mistakes import Operator

PLACEHOLDER = re.compile(r"\{(\w+)\}")
BLANKS = {"mathematics": "(said in the answer)", "detail": "(the part in question)", "meaning": "(what it is)"}


def blanks(template: str) -> str:
    """A template as a person reads it: its places to fill in italics."""
    return PLACEHOLDER.sub(lambda found: f"*{BLANKS.get(found[1], found[1])}*", template)


def mistake_page(operator: Operator) -> str:
    """The page of one mistake. Only what is wrong is shown, never the right line."""
    _, wrong, _ = operator.hints
    about = operator.about.strip().removeprefix(f"{operator.title}.").lstrip().replace("``", "`")
    wrong_lines = dict.fromkeys(f"# in {example.function}\n{piece}" for example in operator.examples if (piece := wrong_piece(example)))
    shown = "\n\n".join(wrong_lines)
    seen = f"\n## How it is written\n\n```text\n{shown}\n```\n" if shown else ""
    return f"""# {operator.title}

`{operator.id}`

{about}

## What whygrad says

> {blanks(operator.says)}

The second hint: {blanks(wrong)}
{seen}"""


def mistakes_index() -> str:
    """The list of all mistakes."""
    rows = "\n".join(f"| [{operator.title}]({operator.id}.md) | `{operator.id}` |" for operator in OPERATORS.values())
    of_code = "\n\n".join(f"{kind.title} (`{id_}`)\n: {kind.about}" for id_, kind in OF_CODE.items())
    pages = "\n".join(OPERATORS)
    return f"""# Mistakes

The ways to get a gradient wrong that whygrad knows. Each is tried at every place where it can stand, alone and together with others.
`whygrad mistakes` prints this list, `whygrad mistakes ID` one entry. The code shown is always the wrong one.

| | id |
|---|---|
{rows}

## In code alone

No printed number tells these.

{of_code}

```{{toctree}}
:hidden:

{pages}
```
"""


def kind(description: dict[str, Any]) -> str:
    """What a key holds, in short: ``text``, ``list of Mistake``, ``number or null``."""
    if "anyOf" in description:
        return " or ".join(kind(one) for one in description["anyOf"])
    if "$ref" in description:
        return description["$ref"].rpartition("/")[2]
    if "const" in description:
        return f'"{description["const"]}"'
    if "enum" in description:
        return ", ".join(f'"{value}"' for value in description["enum"])
    names = description["type"] if isinstance(description["type"], list) else [description["type"]]
    if names == ["array"]:
        return f"list of {kind(description['items'])}" if description.get("items") else "list of text"
    words = {"string": "text", "integer": "whole number", "boolean": "true or false"}
    return " or ".join(words.get(name, name) for name in names)


def json_keys() -> str:
    """A table for each object of the JSON document."""
    tables = []
    for name, definition in schema()["$defs"].items():
        rows = "\n".join(f"| `{key}` | {kind(value)} | {value['description']} |" for key, value in definition["properties"].items())
        tables.append(f"## {'The document' if name == 'Result' else name}\n\n| key | holds | meaning |\n|---|---|---|\n{rows}\n")
    return "\n".join(tables)


def write_pages(app: Sphinx) -> None:
    """Write every generated page below the source folder."""
    source = Path(app.srcdir)
    mistakes, generated = source / "mistakes", source / "generated"
    for folder in (mistakes, generated):
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
    (mistakes / "index.md").write_text(mistakes_index(), encoding="utf-8")
    for operator in OPERATORS.values():
        (mistakes / f"{operator.id}.md").write_text(mistake_page(operator), encoding="utf-8")
    (generated / "json-keys.md").write_text(json_keys(), encoding="utf-8")
    write_schema(generated / "diagnosis-1.schema.json")


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("builder-inited", write_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
