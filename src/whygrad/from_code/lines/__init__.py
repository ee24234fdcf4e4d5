"""Slips of the pen within a line: each small change of its text, what the line would be worth with it, and whether that is right."""
