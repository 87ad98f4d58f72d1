"""What the theme leaves out of every page: names of landmarks, a keyboard's way to the menus."""

from __future__ import annotations

import html
import re
from pathlib import Path

from pages.captions import captioned

# Headings, names that tell two landmarks apart, roles that are no longer used, buttons that a keyboard reaches.
MENDED = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    ' role="doc-biblioentry"': "",
    '<div role="list" class="citation-list">': '<div class="citation-list">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Site">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="Page">',
    '<aside class="toc-drawer no-toc">': '<aside class="toc-drawer no-toc" aria-label="Page">',
    '<article role="main" id="furo-main-content">': '<article role="main" id="furo-main-content" data-pagefind-body>',
    '<div class="cell_input ': '<div data-pagefind-ignore class="cell_input ',
    '<div class="cell_input docutils': '<div data-pagefind-ignore class="cell_input docutils',
    '<a class="headerlink"': '<a data-pagefind-ignore class="headerlink"',
}
# Long lists name everything, and would come first whatever is searched.
LISTS = ("sources.html", "dictionary.html", "api.html", "revision.html")
TO_TOP = re.compile(r'(<a href="#" class="back-to-top muted-link">.*?</a>)', re.S)
FOR_LABEL = re.compile(r'<label class="([^"]*(?:nav|toc)-overlay-icon[^"]*)" for="(__\w+)">(.*?)</label>', re.S)
OPENS = {"__navigation": "Site menu", "__toc": "Contents of this page"}
BACK = re.compile(r'<a role="doc-backlink" (href="[^"]*")>(\d+)</a>')
HEADER, BODY = (re.compile(rf"<{part}>.*?</{part}>", re.S) for part in ("thead", "tbody"))
UNSCOPED = re.compile(r"<th(?![^>]*\bscope=)(?=[\s>])([^>]*)>")
GLUED = re.compile(r"(</(?:caption|th|td|li)>)(?=<)")
OWN_LINK = re.compile(r'\b(href|src)="(?![a-z]+:|#)([^"]*)"')
PARAGRAPH = re.compile(r"<article[^>]*>.*?<p>(.*?)</p>", re.S)


def write(folder: Path, policy: str, base: str) -> None:
    """Complete every page below `folder`; `policy` says what a page may load and run, `base` where it will be."""
    for path in sorted(folder.rglob("*.html")):
        page = complete(path.read_text(encoding="utf-8"), path, folder, base.rstrip("/"))
        rule = f'<head><meta http-equiv="Content-Security-Policy" content="{policy}">'
        path.write_text(page.replace("<head>", rule, 1), encoding="utf-8")


def complete(page: str, path: Path, folder: Path, base: str = "") -> str:
    """One page with all that the theme leaves out; `base` is the address of the site, where it is known."""
    for old, new in MENDED.items():
        page = page.replace(old, new)
    if path.name in LISTS:
        page = page.replace(" data-pagefind-body>", " data-pagefind-ignore>")
    page = BACK.sub(r'<a role="doc-backlink" aria-label="Use \2 in the text" \1>\2</a>', page)
    page = TO_TOP.sub(r'<nav aria-label="Top">\1</nav>', page)
    page = FOR_LABEL.sub(_button, page)
    page = HEADER.sub(lambda head: UNSCOPED.sub(r'<th scope="col"\1>', head.group()), page)
    page = BODY.sub(lambda body: UNSCOPED.sub(_row_header, body.group()), page)
    page = captioned(page)
    page = GLUED.sub(r"\1 ", page)  # an excerpt of the search has the text of neighbouring cells
    if path.name == "index.html" and path.parent == folder:
        page = re.sub(
            r"<title>.*?</title>", "<title>Published numbers about declined ICE detainers, checked</title>", page
        )
    if path.name == "404.html" and base:  # shown for an address at any depth
        page = OWN_LINK.sub(lambda link: f'{link[1]}="{base}/{link[2]}"', page)
    name = path.relative_to(folder).as_posix()
    if base:  # in statements of schema.org
        page = page.replace('"contentUrl": "', f'"contentUrl": "{base}/')
        page = page.replace('"@type": "ClaimReview"', f'"@type": "ClaimReview", "url": "{base}/{name}"')
    return page.replace("</head>", f"{_shared(page, name, base)}</head>", 1)


def _row_header(found: re.Match[str]) -> str:
    """A header of one row, or of the several that it spans."""
    return f'<th scope="{"rowgroup" if "rowspan" in found[1] else "row"}"{found[1]}>'


def _button(label: re.Match[str]) -> str:
    """A label of a hidden box cannot take the focus of a keyboard; a button can."""
    classes, box, content = label.groups()
    return f'<button type="button" class="{classes}" data-for="{box}" aria-label="{OPENS[box]}">{content}</button>'


def _shared(page: str, name: str, base: str) -> str:
    """What those see with whom a page is shared: a description, and a picture, which must have a whole address."""
    found = PARAGRAPH.search(page)
    words = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", found.group(1)))).strip() if found else ""
    short = words if len(words) <= 160 else words[:160].rsplit(" ", 1)[0] + " …"
    title = re.search(r"<title>(.*?)</title>", page, re.S)
    addresses = {"og:image": f"{base}/figures/three-weeks.png", "og:url": f"{base}/{name}"}
    known = "".join(f'<meta property="{key}" content="{value}">' for key, value in addresses.items())
    return (
        f'<meta name="description" content="{html.escape(short)}">'
        f'<meta property="og:title" content="{title.group(1).strip() if title else ""}">'
        f'<meta property="og:description" content="{html.escape(short)}">' + (known if base else "")
    )
