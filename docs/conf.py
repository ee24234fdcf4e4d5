"""Sphinx configuration: MyST pages, the Furo theme, and pages generated from the package itself."""

import sys
from pathlib import Path

import whygrad

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "whygrad"
author = "the whygrad contributors"
version = release = whygrad.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax", "generated_pages"]
exclude_patterns = ["_build", "generated"]
html_theme = "furo"
html_title = "whygrad"

myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
napoleon_numpy_docstring = False
