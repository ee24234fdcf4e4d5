"""Code to mistakes: run each function alone, find the line whose inputs are right and whose value is not, and prove it.

Read ``examine`` first: it is the main path. ``isolate`` gives each function its verdict, from the runs of ``trials``; ``excuses`` and
``own_form`` see to right programs of another form. ``find`` goes from a wrong function to its mistakes: ``subject`` is the function as it
is run and mended, ``quantities`` are the right values, and ``locate`` is the search, with all its kinds of experiments: each is a file that
knows what belongs at a place (``roles``) and what a line read (``dataflow``). Then ``name`` says what is wrong at the line, ``prove`` how
sure that is, and ``finding`` holds both. What needs no experiment is said by ``contract`` and ``broken``, and what an error means by
``complaint``.
"""
