"""A verdict for each function: right, wrong, raises, blank, missing or not reached.

``trials`` are the runs, ``isolate`` judges them, and ``excuses`` and ``own_form`` see to right programs of another form.
"""
