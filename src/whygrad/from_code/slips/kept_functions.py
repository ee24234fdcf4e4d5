"""Activations that are kept in a dictionary, one for each gate: told at the entry, and not at the line that calls whichever it is."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.harmless import ACTIVATIONS

if TYPE_CHECKING:
    from whygrad.from_code.observe.experiment import Found, Search

_CALL = re.compile(r"(\w+)\[[^\[\]]*\]\(0\)")
"""What ``activation[gate](z)`` is given."""


def at_its_entry(search: Search, found: Found) -> Found:
    """From a line that calls a function by its key, and would be right with another activation, to where that key gets it."""
    place, right = found.record.place, array_of(found.right)
    for call in search.last if found.how == "value" and right is not None else ():
        kept, given = _CALL.fullmatch(call.place.target), array_of(call.value)
        here = call.place.statement == place.statement and call.visit == found.record.visit and call.place.kind == "argument"
        if kept is None or given is None or not here:
            continue
        if not any(same(activation(given), found.right, search.tolerance) for activation in (np.tanh, *ACTIVATIONS.values())):
            continue
        key, holder = found.record.name, kept[1]
        made = [record for record in search.last if record.place.kind == "assign" and record.place.target == holder]
        entries = [
            record
            for record in search.last
            if record.place.target.strip("'\"") == key and record.place.parent in {one.place.id for one in made}
        ]  # NumPy's functions have no place of their own
        for entry in (*entries, *made)[:1]:
            return replace(found, record=entry, how="activation", names=(key, holder), reads=(call,))
    return found
