"""What a wrong loop is to its cell: the sums of gradients and caches that it hands to each call, found once for each loop.

``forms`` finds that by running the loop on basis vectors, ``tree`` puts together the loops that begin alike.
"""
