"""Files that Python takes for a library because they have its name: a ``numpy.py`` beside the notebook that imports numpy.

Of the standard library only what is loaded anyway is imported here: the rest may be what has been replaced.
"""

from __future__ import annotations

import _imp
import os
import sys

HEAVY = frozenset(
    ("tensorflow", "keras", "torch", "jax", "pandas", "h5py", "sklearn", "PIL", "cv2", "music21", "numba", "cupy", "autograd")
)  # fmt: skip
"""Libraries that take no part in these eight functions and take long to load."""
SHOWS = frozenset(
    ("matplotlib", "pylab", "IPython", "seaborn", "plotly", "bokeh", "google", "ipywidgets", "wandb", "tensorboard", "pdb", "ipdb", "pudb")
)
"""Libraries that only show something, or stop for a look: whatever is called there does nothing, and gives nothing."""
LIBRARIES = HEAVY | SHOWS | {"numpy", "scipy", "tqdm", "msgspec", "jinja2", "click", "rich", "platformdirs"}


def has_a_librarys_name(file: str) -> bool:
    """Whether a file of Python in a program's folder takes the place of a library, such as ``numpy.py`` or ``random.py``."""
    name, suffix = os.path.splitext(os.path.basename(file))  # noqa: PTH119, PTH122 - see above
    return suffix.lower() == ".py" and (name in LIBRARIES or (name in sys.stdlib_module_names and not is_found_first(name)))


def is_found_first(module: str) -> bool:
    """Whether a module is a part of the interpreter, such as ``time``: Python takes no file for that, whatever its name."""
    return module in sys.builtin_module_names or _imp.is_frozen(module)


def taken_for_libraries(folder: str) -> str | None:
    """One sentence about the files in a folder that may have replaced a library; None where there are none."""
    try:
        found = sorted(file for file in os.listdir(folder or ".") if has_a_librarys_name(file))  # noqa: PTH208 - see above
    except OSError:
        return None
    return said_of(found, "this folder") if found else None


def said_of(found: list[str], folder: str) -> str:
    """One sentence about such files in a folder."""
    name = "the name of a library, and Python takes it" if len(found) == 1 else "names of libraries, and Python takes them"
    having, it = ("has", "it") if len(found) == 1 else ("have", "them")
    return f"{', '.join(found)} in {folder} {having} {name} for that: rename {it}, and start Python anew."
