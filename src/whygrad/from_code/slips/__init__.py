"""The kinds of slips that experiments find: each file knows where one of them shows, and what belongs there."""
