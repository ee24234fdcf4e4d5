"""A backward cell can compute the hidden state anew where the cache holds it; how that line reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import NAME, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

_DERIVATIVE = "1 - a_next ** 2"


def equations_of_the_state(site: Site) -> Iterator[Site]:
    """Where forward cells compute a hidden state that is a tanh and no more, if this line of a backward cell holds its derivative."""
    if site.role != "cell backward" or _DERIVATIVE not in site.right:
        return
    for function, lines in site.assignment.functions.items():
        number = next((number for number, line in enumerate(lines) if line.strip().startswith("a_next = np.tanh(")), None)
        if number is not None and site.assignment.vocabulary.roles.get(function) == "cell forward":  # the LSTM's is no tanh alone
            yield Site(site.assignment, function, number, lines[number])


def in_its_names(site: Site, expression: str) -> str:
    """The expression of a forward cell as this line can read it: a parameter that was not taken out before comes from ``parameters``."""
    known = {name for line in site.lines[: site.number] for name in NAME.findall(line.partition(" = ")[0])}
    return NAME.sub(lambda name: name[0] if name[0] in known or name[0][0] not in "Wb" else f"parameters['{name[0]}']", expression)


def with_derivative(site: Site, derivative: str) -> str:
    """This line with another text for the derivative of the tanh."""
    return f"{site.target} = {site.right.replace(_DERIVATIVE, derivative)}"


def computed_anew(site: Site) -> tuple[int, str] | None:
    """The line of this backward cell with the derivative, of the hidden state computed anew; None where there is no such line."""
    for number, line in enumerate(site.lines):
        own = Site(site.assignment, site.function, number, line)
        for equation in equations_of_the_state(own):
            return number, with_derivative(own, f"1 - {in_its_names(own, equation.right)} ** 2")
    return None
