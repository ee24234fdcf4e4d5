"""``python -m whygrad`` and the ``whygrad`` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        from whygrad.cli import main as run  # noqa: PLC0415 - so that an interrupt while this loads is as quiet as a later one
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(run())


if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # the current folder: a submission there that is called random.py must not be taken for Python's own
    main()
