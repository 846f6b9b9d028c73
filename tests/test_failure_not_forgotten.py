"""A page that failed a build fails every build until it is mended (`_ext/faults.py`)."""

import pytest

from tiny import FIGURE, HEAD

CELL = """
```{code-cell}
print(1 + 1)
```
```{testoutput}
2
```
"""
WRONG = CELL.replace("\n2\n", "\n3\n")
FAULTS = {
    "a wrong digit": (WRONG, "shows '2' where '3' is expected"),
    "a second expectation": (CELL + "```{testoutput}\n2\n```\n", "one for each cell"),
    "a hidden output": (CELL.replace("print", ":tags: [remove-output]\nprint"), "could hide"),
    "a cell that is none": (CELL.replace("```{code-cell}", "> ```{code-cell}"), "nothing runs this"),
    "a figure that nobody accepted": (FIGURE, "`fig-line` is new"),
    "a picture that there is not": ("```{explorable} descent-7d\n\nCaption.\n\nFallback.\n```\n", "no explorable 'descent-7d'"),
    "a dead process": (CELL.replace("print(", "import os; os._exit("), "died"),
}
OF_THE_PAGE = {  # which no doctest looks at
    "a figure without words": (FIGURE.replace("a line", "' '"), "no alt text"),
    "a formula that is none": ("$\\frac{1}$\n", "KaTeX refuses"),
    "a prediction of nothing": ("```{code-cell}\n:tags: [predict]\nx = 1\n```\n", "drop the tag `predict`"),
}
INDEX = "Pages\n=====\n\n.. toctree::\n   :glob:\n\n   page-*\n\n>>> 1 + 1\n2\n"
BUILDERS = pytest.mark.parametrize("builder", ["html", "doctest"])


@pytest.mark.parametrize(
    "fault, builder",
    [*((fault, builder) for fault in FAULTS for builder in ("html", "doctest")), *((fault, "html") for fault in OF_THE_PAGE)],
)
def test_a_second_build_tells_the_same(tiny_site, fault, builder):
    text, words = (FAULTS | OF_THE_PAGE)[fault]
    site = tiny_site({"index.rst": INDEX, "page-a.md": HEAD + CELL, "page-b.md": HEAD + text}, builder)
    first = site.errors
    assert site.status == 1 and any(words in sentence for _, _, sentence in first), site.log
    again = site.build(builder)
    assert (again.status, again.errors) == (1, first), again.log
    site.write({"page-a.md": HEAD + "Another page has changed.\n" + CELL})
    again = site.build(builder)
    assert (again.status, again.errors) == (1, first), again.log
    assert not list(site.out.glob("*.html"))


@BUILDERS
def test_a_mended_page_passes_and_a_broken_one_fails_again(tiny_site, builder):
    site = tiny_site({"index.md": HEAD + WRONG}, builder)
    site.write({"index.md": HEAD + CELL})
    assert site.build(builder).status == 0, site.log
    site.write({"index.md": HEAD + WRONG})
    assert site.build(builder).status == 1, site.log


@BUILDERS
def test_a_wrong_prompt_is_told_again(tiny_site, builder):
    site = tiny_site({"index.rst": "Page\n====\n\n>>> 1 + 1\n3\n"}, builder)
    first = site.errors
    again = site.build(builder)
    assert (again.status, again.errors) == (1, first), again.log


def test_a_page_that_was_removed_is_forgotten(tiny_site):
    site = tiny_site({"index.rst": INDEX, "page-a.md": HEAD + CELL, "page-b.md": HEAD + WRONG})
    assert site.status == 1, site.log
    (site.src / "page-b.md").unlink()
    assert site.build().status == 0, site.log


def test_faults_of_pages_read_in_parallel_are_told(tiny_site):
    pages = {f"page-{number}.md": HEAD + (WRONG if number % 2 else CELL) for number in range(8)}
    site = tiny_site({"index.rst": INDEX, **pages}).build("html", "-j", "2")
    assert site.status == 1
    assert [(file, line) for file, line, _ in site.errors] == [(f"page-{number}.md", 13) for number in (1, 3, 5, 7)]


def test_builders_that_share_what_they_read_do_not_hide_faults_from_each_other(tiny_site):
    site = tiny_site({"index.md": HEAD + WRONG}, "doctest")
    shared = ("-d", str(site.folder / "doctrees-doctest"))
    for builder in ("doctest", "html", "doctest", "html", "html"):
        site.build(builder, *shared)
        assert site.status == 1 and len(site.errors) == 1, f"{builder}\n{site.log}"
