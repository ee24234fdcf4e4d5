"""What the right backward pass gives after many forward passes, all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.programs.passes import same_weights, shapes_of
from whygrad.from_numbers.side_by_side.stack import Stack, stacked_space

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.numbers.arrays import Floats
    from whygrad.from_numbers.programs.again import Again
    from whygrad.from_numbers.programs.edited import Record

Entry = tuple[str, tuple[int, ...]]


class RightLoop:
    """The right loop around the right cell, whose equations are those of ``again``.

    ``fields`` are the names of what a cache holds, in order; ``carries`` pairs (argument of the cell, output handed to it).
    """

    def __init__(self, again: Again, fields: Sequence[str], carries: Sequence[tuple[str, str]]) -> None:
        self._again = again
        self._fields = fields[:-1]
        self._carries = carries
        self._space = stacked_space(again.record.space)
        self._da, (first, *_) = handed_over(again.record)
        self._shapes = shapes_of(first)
        self._parameters = first[-1]

    def takes(self, record: Record) -> bool:
        """Whether a forward pass hands on what `entries` needs: arrays of the right shapes, and the right weights."""
        da, caches = handed_over(record)
        few = caches[: self._da.shape[2]]
        return (
            np.shape(da) == self._da.shape
            and len(few) == self._da.shape[2]
            and all(shapes_of(cache) == self._shapes and cache[-1] is few[0][-1] for cache in few)
            and same_weights(few[0][-1], self._parameters)
        )

    def entries(self, records: Sequence[Record], entries: Sequence[Entry]) -> Floats:
        """Some numbers that are printed after each of these forward passes, shaped (records, entries)."""
        handed = list(map(handed_over, records))
        da = np.array([upstream for upstream, _ in handed])
        found = np.zeros((len(records), len(entries)))
        env: dict[str, Any] = {}
        for step in reversed(range(da.shape[3])):
            carried: dict[str, Any] = {argument: env[output] for argument, output in self._carries} if env else {}
            given = [caches[step] for _, caches in handed]
            cached = {name: np.array([cache[place] for cache in given]).view(Stack) for place, name in enumerate(self._fields)}
            env = {**self._again.record.calls[0], **cached, **carried, "da_next": (da[..., step] + carried.get("da_next", 0.0)).view(Stack)}
            for _, target, code, _ in self._again.equations:
                env[target] = eval(code, self._space, env)  # noqa: S307 - our own program
            for place, (name, index) in enumerate(entries):
                if name == "dx":
                    if index[-1] == step:
                        found[:, place] = env["dxt"][index[:-1]]
                elif name == "da0":
                    found[:, place] = env["da_prev"][index]
                else:
                    found[:, place] += env[name][index]
        return found


def handed_over(record: Record) -> tuple[Floats, list[Any]]:
    """The upstream gradients, steps last, and the caches that the backward function is called with; a cell's is called for one step."""
    da, *_, last = record.arguments
    return (da, last[0]) if isinstance(last[0], list) else (np.asarray(da)[..., None], [last])
