"""Programs that put all steps side by side: what is taken from the wrong entry of each cache is told where the array is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

TEXT = """
import numpy as np

def rnn_backward(da, caches):
    kept, x = caches
    n_a, m, steps = da.shape
    weights = kept[0][-1]
    before = np.stack([one[1] for one in kept[:steps]], axis=2)
    delta, later = np.zeros(da.shape), np.zeros((n_a, m))
    for t in range(steps - 1, -1, -1):
        delta[:, :, t] = (da[:, :, t] + later) * (1 - kept[t][0] ** 2)
        later = weights["Waa"].T @ delta[:, :, t]
    return {
        "dx": np.einsum("ij,imt->jmt", weights["Wax"], delta),
        "da0": later,
        "dWax": np.einsum("imt,jmt->ij", delta, x[:, :, :steps]),
        "dWaa": np.einsum("imt,jmt->ij", delta, before),
        "dba": delta.sum(axis=(1, 2))[:, None],
    }
"""


@pytest.mark.parametrize("axis", [2, 0])
def test_a_state_of_another_step_side_by_side(told: Callable[[str], list[Told]], axis: int) -> None:
    """At the line that makes the array, and not where it is used; whichever axis the steps have."""
    order = "jmt" if axis else "tjm"
    text = TEXT.replace("axis=2)\n", f"axis={axis})\n").replace('jmt->ij", delta, before', f'{order}->ij", delta, before')
    assert not told(text)
    (said,) = told(text.replace("one[1]", "one[0]"))
    assert said.line == 8
    assert said.id != "unnamed"
