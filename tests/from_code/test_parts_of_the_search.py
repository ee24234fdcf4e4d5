"""The search and its experiments are put together of many parts, each in a file of its own."""

from __future__ import annotations

from collections import Counter

import pytest

from whygrad.from_code.naming.by_experiment import ByExperiment
from whygrad.from_code.places.locate import Search


@pytest.mark.parametrize("whole", [Search, ByExperiment])
def test_no_part_hides_what_another_defines(whole: type) -> None:
    """Two methods of one name would not be told by Python: one of them would never run."""
    parts = [part for part in whole.__mro__ if part is not object]
    names = Counter(name for part in parts for name in vars(part) if not name.startswith("__"))
    assert len(parts) > 2
    assert [name for name, count in names.items() if count > 1] == []
