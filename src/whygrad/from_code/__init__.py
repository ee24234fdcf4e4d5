"""Code to mistakes: run each function alone, find the line whose inputs are right and whose value is not, and prove it.

Read ``examine`` first: it is the main path. Its sub-rooms, each of which imports only from those below it:

* ``search`` goes from a wrong function to its mistakes and says how sure each is; ``verdict`` judges each function.
* ``blame`` tells from an error the line that made it come, ``naming`` what is wrong at a line that was found.
* ``places`` is the search for the line by experiment; ``slips``, ``stops`` and ``lines`` are the kinds of experiments: on a function, on a
  line that ends with an error, and on the text of one line.
* ``observe`` runs one function and sees everything that it computes; ``reference`` is what is right, ``text`` what the text alone tells.

``finding`` is what all of them hand on.
"""
