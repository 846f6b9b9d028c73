"""What a chapter shows it speaks of, by its label; links name labels; and what a chapter cites stands in the bibliography."""

import pickle

import pytest
from docutils import nodes
from sphinx import addnodes
from tiny import HEAD


def pages_in(doctrees):
    paths = sorted(doctrees.rglob("*.doctree"))
    return {path.relative_to(doctrees).with_suffix("").as_posix(): pickle.loads(path.read_bytes()) for path in paths}


def chapters_in(pages):
    return {docname: page for docname, page in pages.items() if docname.startswith("chapters/")}


def never_spoken_of(pages):
    """Figures and numbered formulas that their own chapter does not refer to."""
    for docname, page in chapters_in(pages).items():
        shown = [name for figure in page.findall(nodes.figure) for name in figure["names"]]
        shown += [formula["label"] for formula in page.findall(nodes.math_block) if formula.get("label")]
        spoken_of = {link["reftarget"] for link in page.findall(addnodes.pending_xref)}
        for label in shown:
            if label not in spoken_of:
                yield f"{docname}: nothing refers to {label}"


def links_without_label(pages):
    """Links to a page or a heading by its file or its title: they break when a page is translated."""
    for docname, page in pages.items():
        for link in page.findall(addnodes.pending_xref):
            if link["reftype"] == "myst":
                yield f"{docname}: a link to {link['reftarget']}; write a role with a label"
        for link in page.findall(nodes.reference):
            if "refid" in link or not link["refuri"].startswith(("https://", "mailto:")):
                yield f"{docname}: a link to {link.get('refuri') or link['refid']}; write a role with a label"


def cited_in(page):
    """The items of the chapter's list of references."""
    for section in page.findall(nodes.section):
        if any(name.endswith("-references") for name in section["ids"]):
            yield from section.findall(nodes.list_item)


def title_of(item):
    """The title of an item of the bibliography: what stands in quotes, or in italics, or is a link."""
    text = item.astext()
    if "“" in text:
        return text.split("“")[1].split("”")[0].lower()
    marked = item.next_node(lambda node: isinstance(node, (nodes.emphasis, nodes.reference)))
    return marked.astext().lower()


def links_of(item):
    return {link["refuri"] for link in item.findall(nodes.reference)}


def missing_in_the_bibliography(pages):
    listed = list(pages["reference/bibliography"].findall(nodes.list_item))
    titles, links = {title_of(item) for item in listed}, set().union(*map(links_of, listed))
    cited = [item for page in chapters_in(pages).values() for item in cited_in(page)]
    for item in cited:
        named = any(title in item.astext().lower() for title in titles)
        if not links_of(item) <= links or not (named or links_of(item)):
            yield f"cited, but not in the bibliography: {item.astext()}"
    for item in listed:
        named = any(title_of(item) in other.astext().lower() for other in cited)
        if not named and not any(links_of(item) & links_of(other) for other in cited):
            yield f"in the bibliography, but no chapter cites it: {item.astext()}"


RULES = [never_spoken_of, links_without_label, missing_in_the_bibliography]


@pytest.fixture(scope="module")
def pages(site):
    return pages_in(site.parent / "doctrees")


@pytest.mark.parametrize("rule", RULES)
def test_the_book_keeps(rule, pages):
    assert len(chapters_in(pages)) >= 5 and all(list(cited_in(page)) for page in chapters_in(pages).values())
    assert list(rule(pages)) == []


CHAPTER = """
$$ a $$ (eq-seen)

$$ b $$ (eq-unseen)

{eq}`eq-seen`, [there](other.md)

(page-references)=
## References

- A. Author, “A Paper”, 2001.
- B. Author, “Another Paper”, 2002.
- [A page](https://example.org/page)
"""

BIBLIOGRAPHY = """
Bibliography
============

- \\A. Author, “A paper”, 2001.
- \\C. Author, *A Book*, 2003.
- `Another page <https://example.org/another>`__

This is the `Bibliography`_.
"""


def test_a_fault_is_found(tiny_site):
    tiny = tiny_site(
        {
            "index.rst": "Tiny\n====\n\n.. toctree::\n\n   chapters/page\n   chapters/other\n   reference/bibliography\n",
            "chapters/page.md": HEAD + CHAPTER,
            "chapters/other.md": HEAD,
            "reference/bibliography.rst": BIBLIOGRAPHY,
        }
    )
    found = pages_in(tiny.folder / "doctrees")
    assert [[fault.split(": ", 1)[1] for fault in rule(found)] for rule in RULES] == [
        ["nothing refers to eq-unseen"],
        ["a link to chapters/other; write a role with a label", "a link to bibliography; write a role with a label"],
        ["B. Author, “Another Paper”, 2002.", "A page", "C. Author, A Book, 2003.", "Another page"],
    ]
