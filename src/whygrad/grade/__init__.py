"""A folder of submissions: each judged by itself, one line a submission, and what the class has in common.

Read ``run`` first: it is the main path. ``find`` says what is a submission; ``judge`` makes an outcome of one, in a ``worker`` process;
``pool`` and ``cluster`` hold many workers; ``results`` keeps the lines; ``pages``, ``index``, ``table`` and ``formats`` show them.
"""
