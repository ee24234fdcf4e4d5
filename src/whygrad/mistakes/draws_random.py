"""A function of the forward pass fills an array with random numbers, or draws some and never uses them.

It is a quick way to make an array of the right shape before it is filled, and the outputs are right. But the check draws its upstream
gradient after the forward pass, from the same stream of random numbers, so it draws another one than the expected numbers were made with.
Every printed gradient is wrong, while all formulas may be right.

To check, search the forward functions for `np.random`, or call the forward function twice and see whether the next random number differs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

_CELL = {
    "a_prev.shape[0] + xt.shape[0], a_prev.shape[1]": "a stack of hidden state and input",
    "*a_prev.shape": "a hidden state",
    "*xt.shape": "an input",
}
_LOOP = {
    "n_a, m": "a state",
    "n_a, m, T_x": "an array of states",
    "n_a + n_x, m": "a stack of hidden state and input",
    "n_y, m, T_x": "an array of outputs",
    "2 * n_a, m, T_x": "two arrays of states",
    "2 * n_a + n_y, m, T_x": "two arrays of states and one of outputs",
}


def edits(site: Site) -> Iterator[Edit]:
    """Random numbers are drawn, by a normal or a uniform generator, before the line that begins the work."""
    if site.role == "cell forward" and (site.text.startswith("concat = ") or (site.target == "a_next" and site.number_of("concat = ") < 0)):
        ways = _CELL
    elif site.role == "forward" and site.text.startswith("a_next = "):
        ways = _LOOP
    else:
        return
    for shape, detail in ways.items():
        for draw in ("randn", "rand"):
            yield site.edit(
                f"np.random.{draw}({shape})\n{site.text}", "draws-random", detail=detail, quantity="np.random", slip=f"{draw} {shape}"
            )


OPERATOR = Operator(
    id="draws-random",
    title="A function draws random numbers",
    about=__doc__ or "",
    where="Look for random numbers in {function}: the check draws its own after it.",
    says="{function} draws numbers from np.random ({detail}), so what the check draws after it is different.",
    hint=(
        "The check draws its upstream gradient after the forward pass, from the same stream. So every printed number is another one, "
        "although the formulas may all be right. Search {function} for what draws random numbers: an array that is filled later can "
        "just as well begin with zeros."
    ),
    asks=(
        "What the mathematics asks for: the outputs are a function of the inputs, the initial state and the parameters, and nothing in"
        " it is random."
    ),
    examples=(
        Example(
            "lstm_cell_forward",
            "concat = np.concatenate((a_prev, xt), axis=0)",
            "np.random.randn(a_prev.shape[0] + xt.shape[0], a_prev.shape[1])\nconcat = np.concatenate((a_prev, xt), axis=0)",
        ),
    ),
    edits=edits,
)
