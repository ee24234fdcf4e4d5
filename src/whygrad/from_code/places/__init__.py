"""Where the mistake is: a right value is put at a place, and what comes right tells.

``locate`` is the search. ``candidates`` are the places to try, ``backwards`` goes from what cures to the line to blame, and the others see
when several findings are one.
"""
