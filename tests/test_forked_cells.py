"""Chapters that run in forked processes give what an ordinary kernel gives, only sooner (`_ext/forked_cells.py`)."""

import re

import forked_cells
import notebook_shell
import ordinary_kernel
import pytest
from myst_nb.core.read import read_myst_markdown_notebook

from tiny import HEAD, REPO

ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
# Stock myst-nb copies its stylesheet too late for a first build to know its checksum.
CHECKSUM = re.compile(r"(?<=\.css)\?v=\w+(?=\" />)")

# What a page shows of everything a cell can do, where nobody compares it with an expectation.
SAMPLE = HEAD + """
```{code-cell}
import matplotlib.pyplot as plt
import numpy as np
from matplotlib_inline.backend_inline import set_matplotlib_formats
set_matplotlib_formats("svg", bbox_inches=None, metadata={"Date": None})
plt.rcParams["svg.hashsalt"] = "figure"
print("a < b &", "c")
np.arange(3.0)
```
```{code-cell}
import sys
print("one")
print("two", file=sys.stderr)
{"key": list(range(40)), "other": "x" * 70}
```
```{code-cell}
fig, ax = plt.subplots()
ax.plot([0, 1], [1, 0])
plt.show()
print("after the figure")
```
```{code-cell}
---
mystnb:
  figure: {name: fig-second, caption: A caption}
  image: {alt: a second one}
---
fig, ax = plt.subplots()
ax.fill([0, 1, 1], [0, 0, 1])
plt.show()
```
"""
PLAIN_CELLS = """
```{code-cell}
print("one", object())
{"two": 2}
```
```{testoutput}
one <object object at 0x...>
{'two': 2}
```
```{code-cell}
:tags: [raises-exception]
print("before")
raise ValueError("no")
```
```{testoutput}
before
ValueError: no
```
"""
STATE = """
```{code-cell}
import torch, matplotlib
print("x" in globals(), torch.get_default_dtype(), torch.initial_seed() == 1, matplotlib.rcParams["lines.linewidth"])
```
```{testoutput}
False torch.float32 False 1.8
```
```{code-cell}
x = 1
torch.set_default_dtype(torch.float64)
torch.manual_seed(1)
matplotlib.rcParams["lines.linewidth"] = 7
```
"""


def comparable(outputs):
    """The outputs of each cell without what differs from run to run in one kernel too: how a stream is cut into
    pieces, addresses, and tracebacks, which name files."""
    cells = []
    for of_cell in outputs:
        cells.append([])
        for output in of_cell:
            told = {name: ADDRESS.sub("0x...", str(value)) for name, value in output.items() if name != "traceback"}
            if cells[-1] and "stream" == told["output_type"] == cells[-1][-1]["output_type"]:
                cells[-1][-1]["text"] += told["text"]
            else:
                cells[-1].append(told)
    return cells


def test_the_cells_of_a_chapter_give_what_they_give_in_a_kernel():
    chapter = REPO / "chapters" / "autograd.md"
    notebook = read_myst_markdown_notebook(chapter.read_text("utf-8"))
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"][:40]
    forked = comparable(notebook_shell.run(sources, str(chapter.parent)))
    ordinary = comparable(ordinary_kernel.run(sources, str(chapter.parent)))
    assert len(forked) == 40 and "image/svg+xml" in str(forked)
    assert forked == ordinary


def test_the_page_is_that_of_stock_myst_nb(tiny_site):
    plain = {"nb_merge_streams": True, "myst_enable_extensions": []}
    stock = tiny_site({"index.md": SAMPLE}, extensions=["myst_nb"], nb_execution_timeout=120, **plain)
    forked = tiny_site({"index.md": SAMPLE}, extensions=["myst_nb", "faults", "forked_cells"], **plain)
    assert (stock.status, forked.status) == (0, 0), stock.log + forked.log
    pages = [CHECKSUM.sub("", site.html("index")) for site in (stock, forked)]
    assert all(words in pages[0] for words in ("a &lt; b", "array([0., 1., 2.])", "after the figure", "_images/"))
    assert pages[0].replace("highlight-ipython3", "highlight-python") == pages[1], "cells here are plain Python"
    images = [
        {path.name: path.read_bytes() for path in site.out.glob("_images/*.svg")} for site in (stock, forked)
    ]
    assert len(images[0]) == 2 and images[0] == images[1]


def test_where_fork_is_not_to_be_had_the_kernel_gives_the_same_page(tiny_site, monkeypatch):
    text = HEAD + PLAIN_CELLS
    forked = tiny_site({"index.md": text})
    monkeypatch.setattr(forked_cells, "AVAILABLE", False)
    ordinary = tiny_site({"index.md": text})
    assert (forked.status, ordinary.status) == (0, 0), forked.log + ordinary.log
    assert forked.html("index") == ordinary.html("index")


def test_a_kernel_that_dies_is_one_clear_fault_too(tiny_site, monkeypatch):
    monkeypatch.setattr(forked_cells, "AVAILABLE", False)
    site = tiny_site({"index.md": HEAD + "```{code-cell}\nimport os; os._exit(1)\n```\n"})
    assert site.status == 1
    assert [(line, "died" in sentence) for _, line, sentence in site.errors] == [(1, True)], site.log


def test_each_chapter_starts_from_nothing(tiny_site):
    index = "Pages\n=====\n\n.. toctree::\n   :glob:\n\n   *\n"
    pages = {f"{name}.md": HEAD + STATE for name in "abc"}
    look = {"matplotlibrc": (REPO / "chapters" / "matplotlibrc").read_text("utf-8")}
    site = tiny_site({"index.rst": index, **pages, **look})
    assert site.status == 0, site.log
    assert site.build("doctest").status == 0, site.log


@pytest.fixture
def counted(tiny_site):
    """A site whose only chapter notes each of its runs in a file."""
    cells = 'with open("../runs", "a") as runs:\n    _ = runs.write("x")\nprint(open("data/number").read())'
    chapter = HEAD + f"Words.\n\n```{{code-cell}}\n{cells}\n```\n```{{testoutput}}\n7\n```\n"
    index = "Pages\n=====\n\n.. toctree::\n\n   chapters/a\n"
    site = tiny_site({"index.rst": index, "chapters/a.md": chapter, "chapters/data/number": "7"})
    assert site.status == 0, site.log
    site.chapter = chapter
    site.runs = lambda: len((site.src / "runs").read_text())
    assert site.runs() == 1
    return site


def test_a_build_with_nothing_changed_reads_and_runs_nothing(counted):
    assert counted.build().status == 0
    assert "0 added, 0 changed, 0 removed" in counted.log
    assert counted.runs() == 1


def test_a_changed_paragraph_runs_nothing(counted):
    counted.write({"chapters/a.md": counted.chapter.replace("Words.", "Other words.\n\nAnd more.")})
    assert counted.build().status == 0, counted.log
    assert "Other words." in counted.html("chapters/a")
    assert counted.runs() == 1


def test_a_build_from_scratch_with_the_kept_runs_runs_nothing_and_gives_the_same_page(counted):
    before = counted.html("chapters/a")
    assert counted.build("html", "-E", "-a").status == 0, counted.log
    assert counted.runs() == 1
    assert counted.html("chapters/a") == before


def test_a_changed_cell_runs_its_chapter(counted):
    counted.write({"chapters/a.md": counted.chapter.replace("print(open", "print(2, open").replace("\n7\n", "\n2 7\n")})
    assert counted.build().status == 0, counted.log
    assert counted.runs() == 2


def test_a_changed_data_file_runs_its_chapter_and_what_it_changes_is_seen(counted):
    counted.write({"chapters/data/number": "8"})
    assert counted.build().status == 1
    assert [(file, line) for file, line, _ in counted.errors] == [("chapters/a.md", 16)], counted.log
    assert counted.runs() == 2
    counted.write({"chapters/data/number": "7"})
    assert counted.build().status == 0, counted.log
    assert counted.runs() == 2


def test_a_changed_look_runs_its_chapter(counted):
    counted.write({"chapters/matplotlibrc": "lines.linewidth: 3\n"})
    assert counted.build().status == 0, counted.log
    assert counted.runs() == 2


def test_a_doctest_always_runs(counted):
    for runs in (2, 3):
        assert counted.build("doctest").status == 0, counted.log
        assert counted.runs() == runs


@pytest.mark.parametrize("builder", ["html", "doctest"])
def test_a_process_that_dies_is_one_clear_fault_and_the_other_pages_are_checked(tiny_site, builder):
    index = "Pages\n=====\n\n.. toctree::\n   :glob:\n\n   *\n"
    dies = HEAD + "```{code-cell}\nprint(1)\n```\n```{testoutput}\n1\n```\n```{code-cell}\nimport os; os._exit(0)\n```\n"
    wrong = HEAD + "```{code-cell}\nprint(2)\n```\n```{testoutput}\n3\n```\n"
    site = tiny_site({"index.rst": index, "dies.md": dies, "wrong.md": wrong}, builder)
    assert site.status == 1
    assert [(file, line) for file, line, _ in site.errors] == [("dies.md", 1), ("wrong.md", 12)], site.log
    assert "the process that ran this" in site.errors[0][2] and "Traceback" not in site.log


def test_what_a_cell_writes_to_disk_stays_out_of_the_stores_way(counted):
    kept = list(counted.folder.glob(".cells/*"))
    assert len(kept) == 1 and kept[0].suffix == ".json", "one run, nothing half-written"
