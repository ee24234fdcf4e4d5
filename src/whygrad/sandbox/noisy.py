"""NumPy as a learner's program sees it here: what it hands out uninitialised is noise, and names that newer NumPy lacks are still there."""

from __future__ import annotations

from types import GeneratorType, ModuleType
from typing import TYPE_CHECKING, Any, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Array = np.ndarray[Any, Any]

_GONE: dict[str, Any] = {
    "float": float, "int": int, "bool": bool, "object": object, "str": str, "complex": complex, "long": int, "unicode": str,
    "float_": np.float64, "complex_": np.complex128, "cfloat": np.complex128, "singlecomplex": np.complex64, "unicode_": np.str_,
    "string_": np.bytes_, "Inf": np.inf, "Infinity": np.inf, "infty": np.inf, "PINF": np.inf, "NINF": -np.inf, "NaN": np.nan, "NAN": np.nan,
    "product": np.prod, "cumproduct": np.cumprod, "alltrue": np.all, "sometrue": np.any, "round_": np.round, "row_stack": np.vstack,
    "asfarray": np.asarray, "mat": np.asmatrix, "in1d": np.isin, "asscalar": np.ndarray.item,
}  # fmt: skip
"""Names that newer NumPy has removed, and what they meant."""
_BACK = frozenset(("bool", "long", "row_stack", "mat"))
"""Names that some versions of NumPy have again, or still."""


def is_gone(name: str) -> bool:
    """Whether NumPy once had this name, and the one that is installed has it no longer."""
    return name in _GONE and (name not in _BACK or not hasattr(np, name))


def sum_of(a: Any, *given: Any, **settings: Any) -> Any:  # noqa: ANN401 - whatever is summed
    """NumPy's sum, which once took a generator as Python's own does."""
    return sum(cast("Iterator[Any]", a)) if isinstance(a, GeneratorType) else np.sum(a, *given, **settings)


sum_of.__name__ = sum_of.__qualname__ = "sum"


class NoisyNumPy(ModuleType):
    """NumPy as learners see it here: ``empty`` hands out noise instead of what lay in memory, and what was removed is still there."""

    def __init__(self) -> None:
        super().__init__("numpy")
        self.__path__ = list(np.__path__)
        self.empty, self.empty_like = self._noisy(np.empty), self._noisy(np.empty_like)
        self.sum = sum_of
        self._first: dict[str, object] = dict(vars(self))
        self._written: set[str] = set()
        self.seed(0)

    def seed(self, seed: int) -> None:
        """Start the noise anew; what the program of the run before has written into NumPy is gone."""
        for name in self._written:
            vars(self).pop(name, None)
        vars(self).update((name, self._first[name]) for name in self._written & self._first.keys())
        self._noise: np.random.RandomState | None
        self._seed, self._noise = seed, None
        self._written.clear()

    def __setattr__(self, name: str, value: object) -> None:
        """A learner's program may write ``np.tanh = ...``."""
        super().__setattr__(name, value)
        if "_written" in vars(self) and not name.startswith("_"):
            self._written.add(name)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever NumPy has
        value = vars(self)[name] = _GONE[name] if is_gone(name) else getattr(np, name)  # found at once from now on
        return value

    def __dir__(self) -> list[str]:
        return dir(np)

    def _noisy(self, make: Callable[..., Array]) -> Callable[..., Array]:
        def noisy(*arguments: object, **named: object) -> Array:
            array = make(*arguments, **named)
            if array.dtype.kind in "fc":
                self._noise = self._noise or np.random.RandomState(self._seed)  # making it takes long, and few ask for it
                array[...] = self._noise.standard_normal(array.shape)
            return array

        noisy.__name__ = make.__name__
        return noisy
