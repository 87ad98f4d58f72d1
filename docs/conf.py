"""Configuration of the static site: `make site` builds it offline from the executed notebooks and the data."""

import gc
import sys
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

DOCS = Path(__file__).parent
sys.path[:0] = [str(DOCS), str(DOCS.parent)]

sys.modules["rfc3987_syntax"] = None  # jsonschema would compile 38 grammars for addresses in other scripts: 1.3 s

gc.disable()  # a build ends soon, and looking for what it could forget takes a sixth of its time

import pages  # noqa: E402
from pages import about, guard, learn, mend, stories  # noqa: E402

project = "detainer-analysis"
author = "The detainer-analysis authors"
project_copyright = "the detainer-analysis authors. Text, tables and figures: CC BY 4.0; code: BSD 3-Clause"
version = release = about.citation()["version"]

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinxcontrib.bibtex",
    "sphinx_copybutton",
]
exclude_patterns = ["generated/*"]
bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "alpha"
bibtex_reference_style = "author_year"

# The committed outputs are the ones that the tests recompute; the site shows them and runs nothing.
nb_execution_mode = "off"
nb_merge_streams = True
nb_code_prompt_show = "Show the code"
nb_code_prompt_hide = "Hide the code"
# A dollar sign is money here, not mathematics.
myst_enable_extensions = ["attrs_block", "deflist", "substitution"]
myst_substitutions = stories.numbers(pages.cards()) | learn.numbers()
# A page may start below the first level, as cells under a notebook's title do.
suppress_warnings = ["myst.header"]

autodoc_typehints = "none"  # the docstrings say the types
autodoc_preserve_defaults = True  # as written: the value would name a folder of the building machine
autodoc_member_order = "bysource"
toc_object_entries = False  # a thousand functions in the contents of one page are copied for every other page
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = "detainer-analysis"
html_favicon = "_static/icon.svg"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = [
    ("site.js", {"defer": "defer"}),
    ("county.js", {"type": "module"}),
    ("search.js", {"type": "module"}),
]
html_use_index = False
html_domain_indices = False
html_copy_source = False
html_show_sphinx = False
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
copybutton_prompt_text = "$ "


# The theme sets light or dark before it draws anything; no other script may stand in a page. Tables of pandas and
# cards have styles in them. Pagefind searches in WebAssembly.
OURS = ('\n      document.body.dataset.theme = localStorage.getItem("theme") || "auto";\n    ',)
HASHES = " ".join(f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in OURS)
POLICY = (
    f"default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {HASHES}; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:;"
    " object-src 'none'; base-uri 'none'; form-action 'self'"
)


def search_of_our_own(app):
    """Sphinx's search drops numbers, so Pagefind's index takes its place; docs/search.md is its page."""
    app.builder.search = False


def finish(app, error):
    """Complete the theme's markup, say what a page may load and run, then add tables, counties and the index."""
    if error is None:
        folder = Path(app.outdir)
        mend.write(folder, POLICY, app.config.html_baseurl)
        pages.complete(folder)


MENUS: dict[str, str] = {}


def one_menu_for_all_claims(app, page, template, context, doctree):
    """The pages of claims stand in no menu, so that all of them show the same one: it is made once."""
    if page.startswith("claims/"):
        make = context["toctree"]
        context["toctree"] = lambda **how: MENUS.get("claims") or MENUS.setdefault("claims", make(**how))


def setup(app):
    """Write the pages that the data determine before Sphinx looks for its sources."""
    app.connect("config-inited", lambda app, config: pages.write(Path(app.srcdir)))
    app.connect("env-updated", guard.refuse_foreign_files)
    app.connect("builder-inited", search_of_our_own)
    app.connect("html-page-context", one_menu_for_all_claims, priority=400)  # before the theme asks for the menu
    app.connect("build-finished", finish)
