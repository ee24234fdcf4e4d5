"""Where Dask is not installed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from small_class import RIGHT, grade, write

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_what_to_install_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The extra, by its name; and without an address nothing of Dask is loaded."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    write(tmp_path / "class", {"a.py": RIGHT})
    assert grade(tmp_path / "class", "-o", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9") == 2
    assert "pip install 'whygrad[cluster]'" in capsys.readouterr().err
    assert grade(tmp_path / "class", "-o", tmp_path / "out", "--jobs", "1") == 0
