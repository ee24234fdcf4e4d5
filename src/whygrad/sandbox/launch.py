"""How the child is started: with which paths and environment, and inside of bubblewrap or not. Standard library only, for a quick start."""

from __future__ import annotations

import os
import shutil
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

START = "import sys; sys.path[:] = sys.argv[1:]; from whygrad.sandbox.child import main; main()"
SERVE = START.replace("sandbox.child", "sandbox.forking")
_PACKAGES = ("site-packages", "dist-packages")
_PACKAGE = Path(__file__).resolve().parents[1]
_SYSTEM = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/etc/ld.so.cache", "/usr/share/zoneinfo")
_DEVICES = ("/dev/null", "/dev/urandom")
_PROCESSOR = ("/sys/devices/system/cpu", "/proc/cpuinfo")
"""What BLAS looks at to know the processor."""
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1")
_KEPT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


@cache
def installed() -> tuple[str, ...]:
    """Of our ``sys.path`` what belongs to Python and its installed packages, no working folder."""
    own = {str(Path(prefix).resolve()) for prefix in (sys.prefix, sys.base_prefix)}
    kept = [
        entry
        for entry in sys.path
        if entry and (entry.endswith(_PACKAGES) or any(str(Path(entry).resolve()).startswith(prefix + os.sep) for prefix in own))
    ]
    numpy = find_spec("numpy")
    if numpy is not None and numpy.origin is not None:
        kept.append(str(Path(numpy.origin).parents[1]))
    return tuple(dict.fromkeys(kept))


def search_path() -> tuple[str, ...]:
    """The child's ``sys.path``: what is installed, then whygrad's folder, which may be there already."""
    return tuple(dict.fromkeys([*installed(), str(_PACKAGE.parent)]))


@cache
def readable() -> tuple[str, ...]:
    """What the child can read: what is installed, of whygrad's folder at least the package, and the system's libraries."""
    libraries = [str(Path(prefix) / "lib") for prefix in (sys.prefix, sys.base_prefix)]
    extra = os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
    paths = [*installed(), str(_PACKAGE), *libraries, *_SYSTEM, *_DEVICES, *_PROCESSOR, *extra]
    return tuple(dict.fromkeys(path for path in paths if path and Path(path).exists()))


def environment() -> dict[str, str]:
    """The child's environment variables: next to none of ours."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {"LANG": "C.UTF-8", "HOME": "/nonexistent", "MPLBACKEND": "Agg", **kept, **ONE_THREAD}


def bubblewrap() -> str | None:
    """The path of ``bwrap``, None where it is not installed."""
    return shutil.which("bwrap") if sys.platform.startswith("linux") else None


def command(wrapper: str | None, *, server: bool = False) -> list[str]:
    """The child's command line, or the fork server's, by way of ``wrapper`` (the path of ``bwrap``) where that is given."""
    python = str(Path(sys.executable).resolve()) if sys.platform.startswith("linux") else sys.executable
    start = [python, "-I", "-S", "-B", "-c", SERVE if server else START, *search_path()]
    if wrapper is None:
        return start
    wrapped = [wrapper, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--tmpfs", "/tmp"]  # noqa: S108 - its own
    for path in (python, *readable()):
        binding = "--dev-bind" if path.startswith("/dev/") else "--ro-bind"
        wrapped += [binding, path, path]
    return [*wrapped, "--chdir", "/", "--", *start]
