"""One function under observation: it is run again and again, everything that it computes is seen, and each value may be put another.

``subject`` runs it, ``observed`` says what is seen of a run, ``quantities`` are the right values and ``roles`` what belongs at a place.
``experiment`` is the one question that all searches ask: with the right value at this place, what comes right? ``expression``, ``dataflow``
and ``stopped`` see what a line read, where that was made, and where a run ended.
"""
