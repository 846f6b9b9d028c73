"""A label on two pages fails the build at its line, however many processes share the reading."""

import pytest

TOP = {"index.rst": "Top\n===\n\n.. toctree::\n   :glob:\n\n   page*\n"}
PAGES = {f"page{number}.rst": f"Page {number}\n======\n\nText.\n" for number in range(12)}
SECTION = "Page\n====\n\n.. _twice:\n\nSection\n-------\n\nText.\n"
FORMULA = "Page\n====\n\n.. math:: x\n   :label: twice\n"


@pytest.mark.parametrize("text, line", [(SECTION, 7), (FORMULA, 4)])
@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_label_on_two_pages(tiny_site, text, line, processes):
    site = tiny_site(TOP | PAGES | {"page0.rst": text, "page9.rst": text}).build("html", "-E", "-j", processes)
    assert site.status == 1
    sentence = "the label `twice` stands on page0 too; give one of them another name"
    assert [(file, at) for file, at, told in site.errors if told == sentence] == [("page9.rst", line)]


def test_names_that_no_other_page_can_use_may_be_used_again(tiny_site):
    text = "Page\n====\n\nA `link <https://example.org>`_ and a note [1]_.\n\n.. [1] Words.\n"
    site = tiny_site(TOP | {"page0.rst": text, "page1.rst": text})
    assert site.errors == []
    assert site.status == 0
