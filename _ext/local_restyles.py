"""A class that comes or goes on a page restyles what depends on it, and nothing else.

Furo styles whatever stands in a `dl` that *has* a class, in a description of code. As soon as a style sheet asks that of an
element with others in it, Blink computes the style of everything below any element whose class changes: of all 20,000
elements of a chapter each time a reader turns from scrolling down to scrolling up, when furo shows its link to the top.
The domain that Sphinx gives such a `dl` as a class can be asked for instead, and ours is Python.
"""

from __future__ import annotations


def name_the_class(app, *_):
    """Before a page is written: its links to the style sheet tell the checksum of what stands there then."""
    style = app.outdir / "_static" / "styles" / "furo.css"
    if style.exists() and "dl[class]" in (rules := style.read_text("utf-8")):
        style.write_text(rules.replace("dl[class]", "dl.py"), "utf-8")


def setup(app):
    app.connect("html-page-context", name_the_class)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
