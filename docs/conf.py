"""Settings of the site, which scripts/docs builds with Sphinx."""

from __future__ import annotations

import inspect
import os
import sys
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.inspect import stringify_signature

DOCS = Path(__file__).resolve().parent
sys.path[:0] = [str(DOCS.parent), str(DOCS / "_extensions")]
# What argparse prints must not depend on the terminal.
os.environ.update(COLUMNS="88", NO_COLOR="1")

import tb_wordembed  # noqa: E402 - it is found by the path above

project = "tb_wordembed"
author = "The authors of tb_wordembed"
version = release = tb_wordembed.__version__
language = "en"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.doctest",
    "sphinx.ext.napoleon",
    "command_line",
    "formulas",
    "llms",
]
exclude_patterns = ["img/README.md"]
# Each name in a docstring that is meant as one is found by Sphinx, or is no link.
default_role = "literal"

# Pages in Markdown, and notebooks in Markdown that are run at each build.
myst_enable_extensions = ["deflist", "dollarmath"]
myst_heading_anchors = 4
myst_update_mathjax = False
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True

# Frameworks are not installed where the site is built.
autodoc_mock_imports = ["keras", "lightning", "tensorflow", "torch", "transformers"]
autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_default_options = {"members": True}
napoleon_use_ivar = True
napoleon_use_rtype = False

html_theme = "furo"
html_title = f"tb_wordembed {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_math_renderer = "mathml"
html_theme_options = {"footer_icons": []}

doctest_global_setup = """
import numpy as np
np.set_printoptions(precision=3, suppress=True)
"""


def _signature_of_init(_app: Sphinx, what: str, _name: str, found: Any, *_: Any) -> Any:
    """Returns the parameters of a class whose base stands in for a framework's."""
    if what != "class" or not getattr(found.__mro__[1], "__sphinx_mock__", False):
        return None
    signature = inspect.signature(found.__init__)
    _, *parameters = signature.parameters.values()
    own = signature.replace(parameters=parameters)
    return stringify_signature(own, show_annotation=False), None


def setup(app: Sphinx) -> None:
    """Connects what is asked while pages are read."""
    app.connect("autodoc-process-signature", _signature_of_init)
