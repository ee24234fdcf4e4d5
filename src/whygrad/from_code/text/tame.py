"""Code that can do nothing but compute, by its text alone: then no run of it can leave behind in its process what the next one meets.

Everything that is not known to be harmless is not tame, so a mistake in these lists costs time and never trust. What is left is arithmetic
on arrays, control flow, and names; nothing reaches the interpreter, NumPy's settings or a module's contents.
"""

from __future__ import annotations

import ast
import builtins

from whygrad.sandbox.standins import COURSE, stood_for
from whygrad.sandbox.trees import walk

_STATEMENTS = (
    ast.FunctionDef, ast.Return, ast.Delete, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.For, ast.While, ast.If, ast.Raise, ast.Try,
    ast.Assert, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Expr, ast.Pass, ast.Break, ast.Continue,
)  # fmt: skip
_EXPRESSIONS = (
    ast.BoolOp, ast.NamedExpr, ast.BinOp, ast.UnaryOp, ast.Lambda, ast.IfExp, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp,
    ast.GeneratorExp, ast.Compare, ast.Call, ast.Constant, ast.Attribute, ast.Subscript, ast.Starred, ast.Name, ast.List, ast.Tuple,
    ast.Slice, ast.JoinedStr, ast.FormattedValue,
)  # fmt: skip
_PARTS = (
    ast.Module, ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop, ast.comprehension, ast.ExceptHandler, ast.arguments,
    ast.arg, ast.keyword, ast.alias,
)  # fmt: skip
_KNOWN = frozenset(kind for known in (*_STATEMENTS, *_EXPRESSIONS, *_PARTS) for kind in (known, *known.__subclasses__()))
_LOOKED_AT = frozenset((ast.Name, ast.Attribute, ast.Import, ast.ImportFrom, ast.FunctionDef))
"""Of the known ones, those that can do more than compute."""

_BUILTINS = frozenset(
    (
        "abs", "all", "any", "bool", "dict", "divmod", "enumerate", "float", "int", "isinstance", "len", "list", "map", "max", "min",
        "print", "range", "reversed", "round", "set", "slice", "sorted", "str", "sum", "tuple", "zip", "complex", "filter", "frozenset",
        "iter", "next", "pow", "repr", "ArithmeticError", "AssertionError", "Exception", "IndexError", "KeyError", "NameError",
        "NotImplementedError", "RuntimeError", "TypeError", "ValueError", "ZeroDivisionError", "Ellipsis", "NotImplemented",
    )
)  # fmt: skip
"""Of the language's own names, those that only compute. Whatever else a name is, it is the program's own, ours, or nothing."""
_REFUSED = frozenset(name for name in dir(builtins) if name not in _BUILTINS) | {"display", "get_ipython"}

_NUMPY = frozenset(
    (
        "abs", "absolute", "add", "all", "allclose", "amax", "amin", "any", "append", "arange", "argmax", "argmin", "array", "array_equal",
        "asarray", "atleast_1d", "atleast_2d", "axis", "broadcast_to", "clip", "concatenate", "copy", "copyto", "cos", "cosh", "cumsum",
        "diag", "divide", "dot", "dsplit", "dstack", "dtype", "e", "einsum", "empty", "empty_like", "equal", "exp", "expand_dims", "expm1",
        "eye", "fill", "finfo", "flat", "flatten", "flip", "float16", "float32", "float64", "full", "full_like", "greater", "hsplit",
        "hstack", "identity", "inf", "inner", "int32", "int64", "isclose", "isfinite", "isinf", "isnan", "item", "less", "linalg",
        "linspace", "log", "log1p", "logaddexp", "matmul", "max", "maximum", "mean", "min", "minimum", "moveaxis", "multiply", "nan",
        "nan_to_num", "ndarray", "ndim", "ndindex", "negative", "newaxis", "norm", "normal", "ones", "ones_like", "outer", "pi", "power",
        "prod", "rand", "randn", "random", "ravel", "reciprocal", "repeat", "reshape", "roll", "round", "seed", "shape", "sign", "sin",
        "sinh", "size", "split", "sqrt", "square", "squeeze", "stack", "standard_normal", "subtract", "sum", "swapaxes", "take", "tan",
        "tanh", "tensordot", "tile", "tolist", "transpose", "true_divide", "uniform", "vdot", "vsplit", "vstack", "where", "zeros",
        "zeros_like", "T", "astype", "conj", "real", "imag", "std", "var",
    )
)  # fmt: skip
_METHODS = frozenset(
    (
        "clear", "count", "endswith", "extend", "get", "index", "insert", "items", "join", "keys", "lower", "pop", "popitem", "remove",
        "replace", "reverse", "setdefault", "sort", "startswith", "strip", "update", "upper", "values", "deepcopy", "add", "discard",
    )
)  # fmt: skip
_ATTRIBUTES = _NUMPY | _METHODS
_NUMERIC = frozenset(("numpy", "math", "copy"))


def tame(tree: ast.Module) -> bool:
    """Whether the code can do nothing but compute."""
    return all(node.__class__ in _KNOWN and (node.__class__ not in _LOOKED_AT or _harmless(node)) for node in walk(tree))


def _harmless(node: ast.AST) -> bool:
    match node:
        case ast.Name():
            return node.id not in _REFUSED and not node.id.startswith("__")
        case ast.Attribute():
            return node.attr in _ATTRIBUTES and isinstance(node.ctx, ast.Load)
        case ast.Import():
            return all(name.name in _NUMERIC or stood_for(name.name) for name in node.names)
        case ast.ImportFrom():
            return not node.level and all(_may_be_taken(node.module or "", name.name) for name in node.names)
        case ast.FunctionDef():
            return not node.decorator_list
        case _:
            return True


def _may_be_taken(module: str, name: str) -> bool:
    if module.partition(".")[0].startswith(COURSE) or stood_for(module):  # none of these is loaded
        return True
    return module in _NUMERIC and name in _ATTRIBUTES
