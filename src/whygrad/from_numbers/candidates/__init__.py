"""Programs that may have printed the numbers: as searches hand them to each other, likeliest first, and how sure one is.

``found`` is such a program and how far the search for it went, ``certainty`` the digits that speak for it, ``twins`` and ``two_as_one``
what else prints the same.
"""
