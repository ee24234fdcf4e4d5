"""What holds for every test, in whichever order and beside whichever others they run."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

# Tests run beside each other; threads of BLAS, which wait for one another by spinning, would take the processors from all of them.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# Rings of objects are rare here, and looking for them as often as Python does takes a good part of the time.
gc.set_threshold(50_000, 10, 10)

# A machine may be slow: what Hypothesis draws is judged by what comes out, never by how long it takes.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tables are kept in a folder of these tests, whose processes share it: neither taken from the user's nor left there."""
    own = tmp_path_factory.getbasetemp()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "cache"))
        yield
