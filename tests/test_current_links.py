"""A changed style changes the links to it on every page, also on pages that did not change."""

import re

PAGES = {"index.md": "# One\n\n```{toctree}\ntwo\n```\n", "two.md": "# Two\n"}


def links(site):
    return [re.search(r'_static/look\.css\?v=(\w+)"', site.html(name))[1] for name in ("index", "two")]


def test_a_changed_style_is_linked_anew_on_every_page(tiny_site):
    site = tiny_site(PAGES | {"static/look.css": "p { color: red }"}, html_static_path=["static"], html_css_files=["look.css"])
    before = links(site)
    site.write({"static/look.css": "p { color: blue }"})
    site.build()
    after = links(site)
    assert before[0] == before[1] != after[0] == after[1]
    site.build()
    assert "no targets are out of date" in site.log and "0 added, 0 changed" in site.log
