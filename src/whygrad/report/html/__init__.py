"""A result as HTML without script: a fragment for notebooks, and a whole page.

``content`` decides what stands where, ``page`` fills the templates. Nothing is loaded from anywhere; texts from outside are escaped.
"""
