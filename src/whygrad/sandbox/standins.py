"""What a learner's program imports, and what stands in for what is not there.

The course's helper module is not part of anybody's submission, other libraries may not be installed or take long to load, and
a module may only show something. None of this is the learner's mistake.
"""

from __future__ import annotations

import builtins
import sys
import time
from functools import cache
from importlib import import_module
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.shadowing import HEAVY, SHOWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from whygrad.sandbox.noisy import NoisyNumPy

_AS_NUMPY = frozenset(("jax.numpy", "cupy", "autograd.numpy"))
"""Libraries whose names and meanings are NumPy's."""
_HAVE_NUMPY = frozenset(("jax", "autograd"))
COURSE = ("rnn_utils", "utils", "public_tests", "test_utils", "testCases", "rnn_utils_v2")
"""How the names of the course's helper modules begin: never loaded from the disk, a stray file of that name might be anything."""

HAS_HELPERS = "rnn_utils"
"""How the name of the one begins of which it is known that it has ``sigmoid`` and ``softmax``."""

Array = np.ndarray[Any, Any]


def sigmoid(x: Array) -> Array:
    """The logistic function."""
    return 1 / (1 + np.exp(-x))


def softmax(x: Array) -> Array:
    """The softmax over axis 0."""
    powers = np.exp(x - np.max(x, axis=0))
    return powers / powers.sum(axis=0)


def initialize_adam(parameters: Mapping[str, Array]) -> tuple[dict[str, Array], dict[str, Array]]:
    """Zero moments for W1, b1, W2, b2, ...: first moments, second moments."""
    names = [f"d{kind}{layer}" for layer in range(1, len(parameters) // 2 + 1) for kind in "Wb"]
    return tuple({name: np.zeros_like(parameters[name[1:]]) for name in names} for _ in range(2))  # pyright: ignore[reportReturnType]


def update_parameters_with_adam(  # noqa: PLR0917 - the course's own order
    parameters: dict[str, Array],
    grads: Mapping[str, Array],
    v: dict[str, Array],
    s: dict[str, Array],
    t: int,
    learning_rate: float = 0.01,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> tuple[dict[str, Array], dict[str, Array], dict[str, Array]]:
    """One step of Adam; all three dictionaries are changed in place."""
    for name, moment in v.items():
        v[name] = beta1 * moment + (1 - beta1) * grads[name]
        s[name] = beta2 * s[name] + (1 - beta2) * grads[name] ** 2
        step = v[name] / (1 - beta1**t) / (np.sqrt(s[name] / (1 - beta2**t)) + epsilon)
        parameters[name[1:]] = parameters[name[1:]] - learning_rate * step
    return parameters, v, s


HELPERS: dict[str, Any] = {
    "np": np,
    "sigmoid": sigmoid,
    "softmax": softmax,
    "initialize_adam": initialize_adam,
    "update_parameters_with_adam": update_parameters_with_adam,
}


def softmax_of_scipy(x: Array, axis: int | tuple[int, ...] | None = None) -> Array:
    """SciPy's softmax: over all of the array where no axis is given."""
    powers = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def softmax_of_jax(x: Array, axis: int | tuple[int, ...] | None = -1) -> Array:
    """JAX's softmax: over the last axis where none is given."""
    return softmax_of_scipy(x, axis)


def as_it_is(iterable: Iterable[Any] = (), *_: object, **__: object) -> Iterable[Any]:
    """A progress bar that shows nothing."""
    return iterable


def as_range(*bounds: int, **_: object) -> range:
    """The same around ``range``."""
    return range(*bounds)


_OTHERS: dict[str, dict[str, Any]] = {
    "scipy": {"expit": sigmoid, "logistic": sigmoid, "softmax": softmax_of_scipy},
    "tqdm": {"tqdm": as_it_is, "tqdm_notebook": as_it_is, "trange": as_range},
}
"""What learners take from other libraries into these functions."""


_OF_JAX: dict[str, dict[str, Any]] = {
    "jax.nn": {"sigmoid": sigmoid, "softmax": softmax_of_jax, "tanh": np.tanh},
    "jax.scipy.special": _OTHERS["scipy"],
}
"""What learners take from JAX beside ``jax.numpy``."""


class NotHereError(NameError):
    """What stands for a library is used, and nothing stands for this part of it."""


class Absent(ModuleType):
    """Something that is not there: any name can be taken from it, and using it as a function says that it is missing.

    As a decorator, with settings by keyword or without any, it leaves the function as it is.
    """

    def __init__(self, name: str, known: Mapping[str, Any] | None = None, parts: Mapping[str, Any] | None = None) -> None:
        """``known`` can be taken from it, with ``*`` too; ``parts`` only by their names."""
        super().__init__(name)
        self.__path__ = []
        self.__dict__.update(known or {})
        self.__all__ = list(known or ())
        self._parts = parts or {}
        self._helpers = known if known is not None and HELPERS.keys() <= known.keys() else None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a part, or something that is not there
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self._parts:
            return self._parts[name]
        known = _OTHERS.get(self.__name__.partition(".")[0], self._helpers)  # a package of helpers may keep them in any of its modules
        return Absent(f"{self.__name__}.{name}", known, self._parts)

    def __call__(self, *given: object, **settings: object) -> object:
        """Says that it is missing."""
        if not given:
            return Absent(f"{self.__name__}()")
        if len(given) == 1 and not settings and isinstance(given[0], FunctionType):
            return given[0]
        raise NotHereError(f"{self.__name__} is not available here", name=self.__name__)


class Shown(ModuleType):
    """Something that shows: it can be called, taken apart and entered, and does nothing."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []
        self.__all__ = list[str]()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a part that does nothing either
        if name.startswith("__"):
            raise AttributeError(name)
        return Shown(f"{self.__name__}.{name}")

    def __call__(self, *given: object, **_: object) -> object:
        """Does nothing; a function that is decorated stays as it is."""
        return given[0] if len(given) == 1 and isinstance(given[0], FunctionType) else Shown(f"{self.__name__}()")

    def __getitem__(self, _: object) -> Any:  # noqa: ANN401 - as above
        return Shown(f"{self.__name__}[]")

    def __iter__(self) -> Iterator[Any]:
        """A figure and its axes."""
        return iter((Shown(f"{self.__name__}[]"), Shown(f"{self.__name__}[]")))

    def __enter__(self) -> Any:  # noqa: ANN401 - itself
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing was begun."""


NOTEBOOK_NAMES: dict[str, Any] = {
    **{name: Shown(name) for name in ("display", "get_ipython", "breakpoint")},
    **dict.fromkeys(("exit", "quit"), sys.exit),
    "xrange": range,
}
"""Names that a notebook has without importing them, in Python 2 too, and a stop that was left in."""


def is_known(module: str) -> bool:
    """Whether it is known what a module gives, so that a name that is nowhere does not come from there."""
    top = module.lstrip(".").partition(".")[0]
    return top.startswith(COURSE) or top in {*HEAVY, *SHOWS, *_OTHERS, "numpy", *sys.stdlib_module_names}


def stood_for(module: str) -> bool:
    """Whether a library is never loaded, and what stands for it is new at each import and is not NumPy."""
    return module.partition(".")[0] in (HEAVY | SHOWS) - _HAVE_NUMPY - {"cupy"}


@cache
def _without_pauses() -> ModuleType:
    """The module ``time``, whose ``sleep`` returns at once: a search calls a function hundreds of times."""
    module = ModuleType("time")
    module.__dict__.update(time.__dict__, sleep=_at_once)
    return module


def _at_once(_: float) -> None:
    """A pause that is none."""


def _new(known: Mapping[str, Any], names: Mapping[str, object] | None) -> dict[str, Any]:
    """The helpers that are not among these names: nobody knows that ``*`` would hand out another one."""
    return {helper: value for helper, value in known.items() if helper not in (names or {})}


def unused(parts: Iterable[str], own: frozenset[str]) -> frozenset[str]:
    """The functions for which a part stands in, whatever the learner has written, where ``own`` alone are the learner's."""
    return frozenset(parts).difference(HELPERS, own)


def importer(numpy: NoisyNumPy, parts: Mapping[str, Any]) -> Callable[..., Any]:  # noqa: C901 - one answer for each kind of module
    """The import function for a learner's namespace; ``parts`` are what other files of a submission may define."""
    known = HELPERS | {"np": numpy}
    course = Absent("helper", known, parts)

    def load(  # noqa: PLR0911 - one answer for each kind of module
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002 - the language's own names
        locals: Mapping[str, object] | None = None,  # noqa: A002
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:  # noqa: ANN401 - a module
        top = name.partition(".")[0]
        if top == "numpy":
            inner = import_module(name)  # not by "*", which would load everything that NumPy loads at first use
            return numpy if inner is np or not fromlist else inner
        unsure = "*" in (fromlist or ()) and not top.startswith(HAS_HELPERS)
        if level or top.startswith(COURSE):
            return Absent("helper", _new(known, globals), parts) if unsure else course
        if name == "time":
            return _without_pauses()
        if top == "whygrad":
            return Absent(name if fromlist else top)
        if name in _AS_NUMPY and (fromlist or name == top):
            return numpy
        if top in _HAVE_NUMPY:
            whole = {"numpy": numpy, "nn": Absent("jax.nn", _OF_JAX["jax.nn"])}
            return Absent(name, _OF_JAX.get(name, whole)) if fromlist else Absent(top, whole)
        if top in SHOWS:
            return Shown(name if fromlist else top)
        if top in HEAVY or top == "tqdm":
            return Absent(name if fromlist else top, _OTHERS.get(top))
        try:
            return builtins.__import__(name, globals, locals, fromlist or (), level)
        except ImportError:
            helpers = _OTHERS.get(top, _new(known, globals) if unsure else known)
            return Absent(name if fromlist else top, None if top in sys.stdlib_module_names else helpers, parts)

    return load
