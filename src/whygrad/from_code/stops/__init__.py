"""Lines at which a function ends with an error: what belongs there, or at the line that made what they read."""
