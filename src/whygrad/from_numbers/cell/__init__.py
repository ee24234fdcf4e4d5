"""The search in the numbers of one call of a backward cell, equation by equation.

``search`` is its main path: single mistakes in ``lookup``, what is wrong before the equations in ``screening``, the equations themselves in
``gates``.
"""
