"""Measure the build against its floor and against stock myst-nb, side by side in one run, and then how fast the
explorables answer: ``make bench``.

The books that are built here are made of the site's own chapters: the chapters as they stand; twelve of middle
size (the openings of the chapters, in turn); twelve small ones; and many small ones, to see whether the cost grows
in proportion.
The ways to build a book take turns, and the median of each counts, so that a busy machine is unkind to all alike.
All use every core, as our Makefile does, but where it says otherwise.

- *floor*: Sphinx without execution, and then one Python process that imports torch and runs all cells, one by one.
- *stock*: myst-nb with a kernel a chapter, and otherwise the same extensions.
"""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
import platform
import re
import runpy
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from itertools import count, cycle, islice
from pathlib import Path
from statistics import median

REPOSITORY = Path(__file__).parents[1]
sys.path.insert(0, str(REPOSITORY / "_ext"))
from bench_explorables import measure  # noqa: E402
from forks import STEADY  # noqa: E402
from lively import chromium  # noqa: E402

OUR_EXECUTION = ("forks", "forked_cells", "verified_cells", "verified_note", "strict_doctest", "accept", "predictions")
INDEX = "Book\n====\n\n.. toctree::\n   :glob:\n\n   chapters/*\n"
LABEL = re.compile(r"^\(([\w-]+)\)=$|^\$\$ \(([\w-]+)\)$|^ +name: ([\w-]+)$", re.MULTILINE)
FIRST_PLAIN_CELL = re.compile(r"^```\{code-cell\}\n(?![:-])", re.MULTILINE)


class Book:
    """A source folder made of chapters, ``{name: text}``, and what is built from it.

    A line in each chapter tells the file ``runs`` that its code ran. It differs from chapter to chapter, so no two
    copies are one to whoever keeps the outputs of code.
    """

    def __init__(self, folder, chapters):
        self.source, self.built, self.chapters, self.marks = folder / "source", folder / "built", chapters, count()
        self.pages, self.runs = self.source / "chapters", self.source / "runs"
        shutil.copytree(REPOSITORY / "chapters", self.pages, ignore=shutil.ignore_patterns("*.md", "*.lock"))
        (self.source / "index.rst").write_text(INDEX, "utf-8")
        for name in chapters:
            self.change_a_cell(name)
        self.cells = [cells_of(page) for page in sorted(self.pages.glob("*.md"))]
        self.sphinx("accept")  # names the copied figures in a figures.lock
        self.forget()

    def change_a_cell(self, name):
        tells = f'_ = open("../runs", "a").write("{name} {next(self.marks)}\\n")\n'
        text = FIRST_PLAIN_CELL.sub(lambda fence: fence[0] + tells, self.chapters[name], count=1)
        (self.pages / f"{name}.md").write_text(text, "utf-8")

    def change_a_paragraph(self, name):
        page = self.pages / f"{name}.md"
        page.write_text(page.read_text("utf-8") + f"\n第 {next(self.marks)} 段。\n", "utf-8")

    def forget(self):
        shutil.rmtree(self.built, ignore_errors=True)
        self.runs.write_text("")

    def sphinx(self, builder, *settings, jobs="auto", **environment):
        settings = [word for setting in settings for word in ("-D", setting)]
        folders = ["-c", REPOSITORY, "-d", self.built / f"doctrees-{builder}", self.source, self.built / builder]
        command = [sys.executable, "-m", "sphinx", "-q", "-j", jobs, "-b", builder, *settings, *folders]
        with tempfile.TemporaryFile("w+") as log:
            ended = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=os.environ | environment)
            log.seek(0)
            if ended.returncode:
                sys.exit(f"the {builder} build failed:\n{log.read()[-2000:]}")

    def build(self):
        self.sphinx("html")

    def cold_build(self):
        self.forget()
        self.build()

    def cold_doctest(self):
        self.forget()
        self.sphinx("doctest")

    def build_without_execution(self):
        self.forget()
        self.sphinx("html", stock_extensions(), "nb_execution_mode=off")

    def stock_build(self, jobs="auto"):
        self.forget()
        profile = self.built / "ipython" / "profile_default"
        profile.mkdir(parents=True)
        (profile / "ipython_kernel_config.py").write_text("c.InlineBackend.figure_formats = {'svg'}\n")
        execution = ("nb_execution_mode=force", "nb_execution_raise_on_error=1")
        self.sphinx("html", stock_extensions(), *execution, jobs=jobs, IPYTHONDIR=str(profile.parent))

    def stock_build_on_one_core(self):
        self.stock_build(jobs="1")

    def plain_execution(self):
        with multiprocessing.get_context("spawn").Pool(1) as process:
            process.apply(run_all_cells, (self.pages, self.cells))

    def build_with_a_changed_paragraph(self):
        self.change_a_paragraph(next(iter(self.chapters)))
        self.build()

    def build_with_a_changed_cell(self):
        self.change_a_cell(next(iter(self.chapters)))
        self.build()

    def chapters_run_by(self, build):
        self.runs.write_text("")
        build()
        return self.runs.read_text().count("\n")


def stock_extensions():
    ours = runpy.run_path(str(REPOSITORY / "conf.py"))["extensions"]
    # Sphinx's own doctest knows the directive `testoutput`.
    return "extensions=" + ",".join([*(name for name in ours if name not in OUR_EXECUTION), "sphinx.ext.doctest"])


def cells_of(page):
    from myst_nb.core.read import read_myst_markdown_notebook
    from myst_parser.config.main import MdParserConfig

    notebook = read_myst_markdown_notebook(page.read_text("utf-8"), MdParserConfig())
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def run_all_cells(folder, chapters):
    """Run the cells of all `chapters` in this process, and draw their figures."""
    import matplotlib.pyplot as plt
    import torch  # noqa: F401

    plt.switch_backend("svg")
    os.chdir(folder)
    plt.matplotlib.rc_file("matplotlibrc")
    silent = io.StringIO()
    for cells in chapters:
        page = {"__name__": "__main__"}
        for cell in cells:
            with contextlib.redirect_stdout(silent), contextlib.redirect_stderr(silent), contextlib.suppress(BaseException):
                exec(cell, page)
            for number in plt.get_fignums():
                plt.figure(number).savefig(io.BytesIO(), format="svg")
            plt.close("all")


def without_pictures(text):
    """A chapter without its explorables, which a part of a page or a second page could not have."""
    text = re.sub(r"^```\{explorable\}.*?^```\n", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"\{set\}`([^<`]+) <[^`]*>`", r"\1", text)


def opening(text, cells):
    """A chapter up to the end of the section in which its cell number `cells` stands."""
    text = without_pictures(text)
    start = [found.start() for found in re.finditer(r"^```\{code-cell\}", text, re.MULTILINE)][cells - 1]
    end = re.compile(r"^(\([\w-]+\)=\n)?## ", re.MULTILINE).search(text, start)
    return text[: end.start()] if end else text


def copies(texts, number_of_copies):
    """`number_of_copies` chapters, each a copy of one of `texts` in turn, with labels of its own: ``{name: text}``."""
    copied = {}
    for number, text in enumerate(islice(cycle(texts), number_of_copies)):
        labels = "|".join(label for found in LABEL.findall(text) for label in found if label)
        copied[f"copy{number:03}"] = re.sub(rf"(?<![\w-])({labels})(?![\w-])", rf"\1-{number}", text)
    return copied


def seconds(*ways, turns):
    """The median time of each of `ways`, functions that take turns."""
    times = [[] for _ in ways]
    for _ in range(turns):
        for way, measured in zip(ways, times):
            started = time.perf_counter()
            way()
            measured.append(time.perf_counter() - started)
    return [median(measured) for measured in times]


def compare(book, title, turns):
    """Print what the ways to build `book` cost beside each other."""
    row(f"**{title}**", "")
    ways = (book.cold_build, book.build_without_execution, book.plain_execution, book.cold_doctest)
    cold, sphinx, cells, doctest = seconds(*ways, turns=turns)
    stock, stock_on_one_core = seconds(book.stock_build, book.stock_build_on_one_core, turns=1)
    row("cold build", f"{cold:.1f} s")
    row(f"÷ floor (Sphinx {sphinx:.1f} s + cells {cells:.1f} s)", f"{cold / (sphinx + cells):.2f} ×")
    row(f"stock myst-nb ({stock:.0f} s) ÷ cold build", f"{stock / cold:.1f} ×")
    row(f"stock on one core, Sphinx's default ({stock_on_one_core:.0f} s) ÷ cold build", f"{stock_on_one_core / cold:.1f} ×")
    row(f"doctest ({doctest:.1f} s) ÷ cells in one process", f"{doctest / cells:.2f} ×")
    book.cold_build()
    changes = (book.build, book.build_with_a_changed_paragraph, book.build_with_a_changed_cell)
    ran = [book.chapters_run_by(build) for build in changes]
    for what, chapters, took in zip(("nothing", "a paragraph", "a cell"), ran, seconds(*changes, turns=2)):
        row(f"rebuild, {what} changed: {chapters} chapters run", f"{took:.1f} s = {took / cold:.2f} cold")


def row(*columns):
    print("|", " | ".join(columns), "|", flush=True)


def grow(folder, text):
    """Print what a chapter costs in books of more and more copies of the small chapter `text`."""
    sizes = (10, 30, 100)
    books = [Book(folder / str(size), copies([text], size)) for size in sizes]
    took = dict(zip(sizes, seconds(*(book.cold_build for book in books), turns=2)))
    row("**many small chapters**", "")
    for size in sizes:
        row(f"{size} chapters", f"{took[size]:.1f} s")
    for few, many in zip(sizes, sizes[1:]):
        row(f"each one more, from {few} to {many}", f"{(took[many] - took[few]) / (many - few):.2f} s")


def main():
    os.environ.update(STEADY)  # for all ways of running alike
    chapters = {page.stem: page.read_text("utf-8") for page in sorted((REPOSITORY / "chapters").glob("*.md"))}
    openings = [opening(text, 12) for text in chapters.values()]
    small = opening(next(iter(chapters.values())), 4)
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    row(f"{time.strftime('%Y-%m-%d')}, {machine}, Python {platform.python_version()}, torch {version('torch')}", "")
    row("---", "--:")
    with tempfile.TemporaryDirectory() as scratch:
        compare(Book(Path(scratch, "twelve"), copies(openings, 12)), "12 chapters of middle size", turns=3)
        compare(Book(Path(scratch, "small"), copies([small], 12)), "12 small chapters", turns=3)
        compare(Book(Path(scratch, "real"), chapters), f"the {len(chapters)} chapters as they are", turns=1)
        grow(Path(scratch, "many"), small)
    with chromium(os.environ["CHROMIUM"]) as browser:
        measure(REPOSITORY / "_build" / "html", browser, row)


if __name__ == "__main__":
    main()
