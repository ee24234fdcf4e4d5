"""How many published programs carry a mistake, by (mistake id, quantity or ""). Counted over 345 notebooks and 97 wrong outputs."""

from __future__ import annotations

HABITS: dict[tuple[str, str], float] = {}
