"""From a pasted text to a `Reading`. Read ``text`` first: it is the main path.

``plain``, with what it uses, undoes what forums did to a text; ``tokens`` cuts it; ``events`` takes from it what is said, in its order;
``groups`` puts together what one run printed, and ``blocks`` tells each run's check and whose it is.
"""
