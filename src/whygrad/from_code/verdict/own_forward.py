"""Is a backward function the derivative of the learner's own forward function, where that one differs from the assignment's?

Somebody whose forward pass leaves out the tanh of the cell state, and differentiates that, has made no mistake in the backward pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.differentiate import central_differences
from whygrad.errors import WhygradError
from whygrad.from_code.reference.parts import ARGUMENTS, partner

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from whygrad.from_code.reference.inputs import Case
    from whygrad.sandbox.requests import Reply, Value

_AGREEMENT = 1e-6
"""Central differences have ten digits, and no mistake is so small."""
_DIRECTIONS = 2


def is_derivative_of_own_forward(
    run: Callable[[str, tuple[Value, ...]], Reply], backward: str, case: Case, gradients: Mapping[str, Any]
) -> bool:
    """Hold the gradients along two random directions (seed 0) of all arrays at once against central differences: four runs each.

    Args:
        run: Runs the learner's functions: (name, arguments) -> reply.
        backward: The backward function that returned ``gradients``.
        case: The chain's case that it returned them for. Where T is less than T_x, gradients of the later inputs are not asked for.
        gradients: By key. Wrong shapes are no derivative, nor are zeros: a sum that nothing is added to has those, and where the forward
            function has lost a bias by mistake, they are right by accident.
    """
    forward = partner(backward)
    names = ARGUMENTS[forward]
    given: dict[str, Value] = dict(zip(names, case.arguments, strict=False))
    upstream = case.arguments[len(names) :]
    point: dict[str, NDArray[Any]] = {**given["parameters"], **{name: given[name] for name in names[:-1]}}
    known = {key: key.removeprefix("d") for key in case.expected}
    same = all(isinstance(gradients[key], np.ndarray) and gradients[key].shape == right.shape for key, right in case.expected.items())
    if not same or not all(np.any(gradients[key]) for key in known):
        return False
    draw = np.random.default_rng(0).standard_normal
    for _ in range(_DIRECTIONS):
        direction: dict[str, NDArray[Any]] = {key: draw(case.expected[key].shape) for key in known}

        def loss(step: NDArray[np.float64], direction: dict[str, NDArray[Any]] = direction) -> float:
            moved = {**point, **{name: _moved(point[name], step * direction[key]) for key, name in known.items()}}
            parameters = {name: moved[name] for name in given["parameters"]}
            reply = run(forward, (*(moved[name] for name in names[:-1]), parameters))
            if reply.status != "returned":
                raise ValueError(reply.status)
            pairs = list(zip(reply.value, upstream, strict=False))
            if any(np.shape(output) != (*above.shape[:2], *given[names[0]].shape[2:]) for output, above in pairs):
                raise ValueError("a shape")
            return float(sum(np.sum(output[..., : above.shape[-1]] * above) for output, above in pairs))

        try:
            measured = float(central_differences(loss, {"step": np.zeros(())})["step"])
        except (WhygradError, ValueError, TypeError):
            return False
        terms = [np.sum(gradients[key] * direction[key]) for key in known]
        if not abs(sum(terms) - measured) <= _AGREEMENT * (sum(map(abs, terms)) + abs(measured)):
            return False
    return True


def _moved(array: NDArray[Any], change: NDArray[Any]) -> NDArray[Any]:
    """The array with a change of its first steps."""
    moved = array.astype(np.float64)
    moved[..., : change.shape[-1]] += change
    return moved
