"""Code that changes nothing for others in its process, as far as its text tells, though it can do more than compute.

Such a program is judged the same whether its functions are run in one process or in several (``apart``). Nothing is trusted because of it:
a program that hides what it does is at worst judged otherwise than alone, and nobody else is.
"""

from __future__ import annotations

import ast

from whygrad.sandbox.standins import COURSE, stood_for

_MODULES = frozenset(
    (
        "__future__", "abc", "collections", "contextlib", "copy", "dataclasses", "enum", "functools", "itertools", "math", "numpy",
        "operator", "random", "string", "time", "types", "typing",
    )
)  # fmt: skip
_NAMES = frozenset(
    (
        "breakpoint", "compile", "delattr", "display", "eval", "exec", "exit", "get_ipython", "globals", "help", "input", "locals", "open",
        "quit", "setattr", "vars",
    )
)  # fmt: skip
_SETTINGS = frozenset(("seterr", "seterrcall", "setbufsize", "set_printoptions", "set_state", "set_string_function", "setflags"))


def mild(tree: ast.Module) -> bool:
    """Whether the code changes nothing outside of what it defines itself."""
    return all(map(_harmless, ast.walk(tree)))


def _harmless(node: ast.AST) -> bool:
    match node:
        case ast.Name():
            return node.id not in _NAMES and not node.id.startswith("__")
        case ast.Attribute():
            own = isinstance(node.ctx, ast.Load) or (isinstance(node.value, ast.Name) and node.value.id == "self")
            return own and not node.attr.startswith("_") and node.attr not in _SETTINGS
        case ast.Import():
            return all(_known(name.name) for name in node.names)
        case ast.ImportFrom():
            return not node.level and _known(node.module or "")
        case ast.AsyncFunctionDef() | ast.Await() | ast.AsyncFor() | ast.AsyncWith():
            return False
        case _:
            return True


def _known(module: str) -> bool:
    return module in _MODULES or module.partition(".")[0].startswith(COURSE) or stood_for(module)
