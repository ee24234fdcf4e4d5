"""How a result is shown: pure functions of the records that give plain text, a coloured terminal, JSON or a Markdown reply.

``parts`` decides what is said and in which order, once for all; ``text``, ``terminal`` and ``markdown`` only draw it.
``json`` writes the whole record, and ``schema`` documents it key by key.
"""
