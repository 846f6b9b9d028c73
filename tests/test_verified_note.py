"""A page ends with one line that is true because the build made it so: how many outputs, by which PyTorch."""

import re

import pytest

from test_every_mutant_of_an_expectation_is_caught import WITH_EXPECTATIONS, expectations
from tiny import HEAD, REPO

LINE = re.compile(r'<p class="verified-note">本页 (\d+) 处输出与图，构建时由 PyTorch ([\d.]+) 实际运行，逐字核对无误。</p>\s*</article>')
PINNED = re.search(r"^torch==([\d.]+)", (REPO / "requirements.txt").read_text(), re.MULTILINE)[1]


@pytest.mark.parametrize("name", WITH_EXPECTATIONS)
def test_it_counts_the_outputs_and_figures_of_its_page(name, site):
    docname = name.partition(".")[0]
    figures = re.findall(rf"^{docname} ", (REPO / "chapters" / "figures.lock").read_text("utf-8"), re.MULTILINE)
    counted, torch = LINE.search((site / f"{docname}.html").read_text("utf-8")).groups()
    assert (int(counted), torch) == (len(expectations(name)) + len(figures), PINNED)


def test_a_page_that_shows_no_output_claims_nothing(tiny_site):
    site = tiny_site({"index.md": HEAD + "```{code-cell}\nx = 1\n```\n"})
    assert site.status == 0 and "verified-note" not in site.html("index")
