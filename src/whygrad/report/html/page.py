"""Fills the templates."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from whygrad.report.html.content import content
from whygrad.report.html.flow import flows
from whygrad.report.html.heat import heats
from whygrad.report.printable import printable
from whygrad.report.spans import names_in, spans

if TYPE_CHECKING:
    from jinja2 import Template

    from whygrad.records import Result


def to_html(result: Result, hint: int = 2, title: str = "", *, above: bool = True) -> str:
    """The whole page, which needs nothing else. ``title`` says whose work it is; the answer's sentence may not tell that.

    Args:
        result: What was found.
        hint: 1, 2 or 3: the level of the answer's sentence, and of the hint that lies open.
        above: Whether the hints of higher levels are in the page too, folded.
        title: The heading, such as a file's name; without one there is none.

    Raises:
        UsageError: ``hint`` is another number.
    """
    return _template("page.html").render(title=printable(title), **_filled(result, hint, above=above))


def to_fragment(result: Result, hint: int = 2) -> str:
    """The same as one element that can stand in another page, such as a notebook: its style touches nothing outside of it.

    Raises:
        UsageError: ``hint`` is another number.
    """
    return _template("fragment.html").render(**_filled(result, hint))


def _filled(result: Result, hint: int, *, above: bool = True) -> dict[str, object]:
    return {
        "content": content(result, hint, above=above),
        "heats": heats(result),
        "flows": flows(result),
        "spans": partial(spans, names=names_in(result)),
    }


@cache
def _template(name: str) -> Template:
    return environment("whygrad.report.html").get_template(name)


def environment(*packages: str) -> Environment:
    """Templates of these packages, in which texts are escaped and a name that is not given is an error."""
    loader = ChoiceLoader([PackageLoader(package) for package in packages])
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
