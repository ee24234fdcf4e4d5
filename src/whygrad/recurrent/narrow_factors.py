"""What the gradients of a narrow LSTM are multiplied with, for several steps at once.

As in ``plain_lstm.py``, the gradients are linear in what is carried back, dh and dc at h' and c'. With m, p, q = o tanh(c'), i g, f c the
factors behind dh are m - m o (at z_o) and o (1 - tanh²c') = o - m tanh(c') (at c'), those behind dc are p - p i (at z_i), q - q f (at z_f)
and i (1 - g²) = i - p g (at z_g). They take the place of what they are made of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.recurrent.products import Product

Array = NDArray[Any]
if TYPE_CHECKING:
    _Step = tuple[Array, Array, Array, Array, Array, Array, Product, Array]

_ROWS = 5  # o, i, f, g, c
_F, _G, _C = 2, 3, 4


@dataclass(frozen=True, slots=True)
class _Views:
    """The arrays for some slots.

    Args:
        sources: o, i, f and g, c of each slot.
        targets: Where these are gathered, gate by gate: many steps of a gate are then one row of numbers, and NumPy is quickest with those.
        after: The next c of each slot.
        tanh_c: Where its tanh stands, between f and g. Rows that follow each other are also one array: ``o_i_f`` and so on.
        products: m, p, q, in the place of the gradients at z, which come later.
        steps: See ``Factors.prepare``.
    """

    sources: tuple[Array, Array]
    targets: tuple[Array, Array]
    after: Array
    tanh_c: Array
    o_i_f: Array
    tanh_c_g_c: Array
    o_i: Array
    tanh_c_g: Array
    products: Array
    m_p: Array
    steps: Sequence[_Step]


class Factors:
    """The factors of some steps.

    Args:
        values: o, i, f, g, c of each slot, (slots + 1, 5, B, H).
        gathered: Where the factors are computed, (6, as many steps at once times B H).
        times: For each step of a block what multiplies its gradient at z.
        at_z: Where these gradients are put, (steps, B, 4 H).
        z_items: The same as items, (steps, 4, B).
        keeps_views: Whether the views are kept, because to make them takes as long as a step.
    """

    def __init__(self, values: Array, gathered: Array, times: Sequence[Product], at_z: Array, z_items: Array, *, keeps_views: bool) -> None:
        self._values, self._times, self._at_z, self._z_items = values.reshape(len(values), _ROWS, -1), times, at_z, list(z_items)
        self._size = self._values.shape[2]
        self._gathered, factors = gathered, gathered.reshape(len(gathered), -1, self._size)
        self._factors = list(zip(factors[3], *factors[:3], factors[4], strict=True))
        self._kept: dict[range, _Views] | None = {} if keeps_views else None

    def prepare(self, slots: range, first: int) -> Sequence[_Step]:
        """Computes the factors.

        Args:
            slots: The steps.
            first: The place of the first of them in its block, always the same for a slot.

        Returns:
            For each step, last first, rows of numbers: the factors at c', z_o, z_i, z_f, z_g, and f; what multiplies its gradient at z;
            and where that is put.
        """
        views = None if self._kept is None else self._kept.get(slots)
        if views is None:
            views = self._views(slots, first)
            if self._kept is not None:
                self._kept[slots] = views
        multiply, subtract, products, o_i_f, tanh_c_g = np.multiply, np.subtract, views.products, views.o_i_f, views.tanh_c_g
        for source, target in zip(views.sources, views.targets, strict=True):
            target[...] = source
        np.tanh(views.after, views.tanh_c)
        multiply(o_i_f, views.tanh_c_g_c, products)
        multiply(views.m_p, tanh_c_g, tanh_c_g)
        subtract(views.o_i, tanh_c_g, tanh_c_g)
        multiply(products, o_i_f, o_i_f)
        subtract(products, o_i_f, o_i_f)
        return views.steps

    def _views(self, slots: range, first: int) -> _Views:
        count, size = len(slots), self._size
        values = self._values[slots.start : slots.stop + 1].swapaxes(0, 1)
        dz, rows = slice(first, first + count), self._gathered[:, : count * size]
        products = self._at_z[dz].reshape(-1)[: 3 * count * size].reshape(3, -1)
        gathered = rows.reshape(6, count, size)
        steps = zip(self._factors[:count], values[_F, :-1], self._times[dz], self._z_items[dz], strict=True)
        return _Views(
            (values[:_G, :-1], values[_G:, :-1]),
            (gathered[:3], gathered[4:]),
            values[_C, 1:],
            gathered[3],
            rows[:3],
            rows[3:],
            rows[:2],
            rows[3:5],
            products,
            products[:2],
            [(c, o, i, f, g, forget, times, items) for (c, o, i, f, g), forget, times, items in steps][::-1],
        )
