"""The assignment's program with some of its lines edited: which edits there are, and what the program then computes.

``variants`` has the edits, ``edited`` runs a program with some of them, and ``linewise`` lets a line be compiled once for all programs. A
check is run only as far as its edits reach: ``first_half``, ``second_half``, ``again``, ``passes``.
"""
