"""Chapters run in processes forked from one that has imported torch once for all of them.

A kernel and an ``import torch`` of its own cost a chapter more than two seconds; a fork costs hundredths of one. The
hook is myst-nb's public ``nb_custom_formats``: a reader that returns the notebook with its outputs already in it.

What a chapter's cells gave is kept beside the build, under a name made of everything that could change it: the
sources, the files beside the chapter, the packages and the settings. So a changed paragraph runs nothing, and several
builds (the HTML of each language, gettext) share one run. Where fork is not to be had (macOS, Windows) the ordinary
kernel runs the chapter instead: the same page, only later.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import re
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

import nbformat
import notebook_shell
import ordinary_kernel
from faults import report
from forks import AVAILABLE, STEADY, ProcessDied, before_forking
from myst_nb.core.read import MystMetadataParsingError, read_myst_markdown_notebook
from myst_nb.sphinx_ext import add_global_html_resources

PACKAGES = ("torch", "numpy", "matplotlib", "matplotlib-inline", "ipython", "contourpy")


def read(text, env, store):
    """Read the MyST notebook `text` and give its cells their outputs; `store` is None where the build runs no cells.

    The notebook and the outputs, as they were before myst-nb trims them, stay with the document that is being read, for
    whoever checks them.
    """
    notebook = parse(text, env, env.docname)
    cells = code_cells(notebook)
    outputs = outputs_of(cells, env, store) if store else None
    for cell, given in zip(cells, copy.deepcopy(outputs or [])):
        cell.outputs = given
    env.current_document["notebook"] = notebook
    env.current_document["outputs"] = outputs
    return notebook


def parse(text, env, docname):
    """The MyST notebook `text`, with a source map from which myst-nb tells the true line of everything in prose.

    An empty notebook, and a fault, where the front matter or the options of a cell cannot be read.
    """
    path = env.doc2path(docname)
    try:
        notebook = read_myst_markdown_notebook(text, config=env.myst_config, add_source_map=True, path=path)
    except MystMetadataParsingError as error:
        report(env, docname, *unreadable(error))
        return nbformat.v4.new_notebook(metadata={"source_map": []})
    lines, starts = text.splitlines(), notebook.metadata.source_map
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            # The map knows nothing of blank lines dropped before the prose, and myst-nb adds one line too many.
            while not lines[starts[index]]:
                starts[index] += 1
            starts[index] -= 1
    return notebook


def unreadable(error):
    """The line of front matter or of a cell that is not YAML, and the sentence that says so."""
    if mark := getattr(error.__context__, "problem_mark", None):
        return mark.line + 2, f"the front matter is not YAML: {error.__context__.problem}; correct it"
    return int(re.search(r"at line (\d+)", str(error))[1]), "the options of this cell are not YAML; correct them"


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs_of(cells, env, store):
    """The outputs of each of `cells`, a chapter's: from `store`, or from a run in the chapter's folder.

    None, and a fault, where the process that ran them died.
    """
    if not cells:
        return []
    sources = [cell.source for cell in cells]
    folder = Path(env.doc2path(env.docname)).parent
    stored = place(store, sources, folder)
    if stored.exists():
        return nbformat.from_dict(json.loads(stored.read_text("utf-8")))
    try:
        outputs = run(sources, folder)
    except ProcessDied:
        report(env, env.docname, 1, "the process that ran this chapter died; find the cell that crashes Python")
        return None
    store.mkdir(parents=True, exist_ok=True)
    unfinished = stored.with_suffix(f".{os.getpid()}")
    unfinished.write_text(json.dumps(outputs, ensure_ascii=False), "utf-8")
    unfinished.replace(stored)
    return outputs


def run(sources, folder):
    way = notebook_shell if AVAILABLE else ordinary_kernel
    return way.run(sources, str(folder))


def place(store, sources, folder):
    """Where `store` keeps the outputs of `sources` run in `folder`: named by all that they could depend on."""
    digest = hashlib.sha256(json.dumps([sources, surroundings(folder)]).encode())
    return store / f"{digest.hexdigest()}.json"


def surroundings(folder):
    """A digest of what cells that run in `folder` could depend on beside their sources."""
    settings = [os.environ.get(name, steady) for name, steady in STEADY.items()]
    digest = hashlib.sha256(json.dumps([installed(), settings, sys.version, sys.platform]).encode())
    beside = [path for path in [folder / "matplotlibrc", *sorted((folder / "data").rglob("*"))] if path.is_file()]
    for path in [*beside, *sorted(Path(__file__).parent.glob("*.py"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@cache
def installed():
    return [version(name) for name in PACKAGES]


def store_of(app):
    return None if app.builder.name in ("doctest", "accept") else Path(app.outdir).parent / ".cells"


def hand_over(app):
    """Make myst-nb read chapters through `read`, in this build only: the configuration that is compared stays."""
    reader = ("forked_cells.read", {"env": app.env, "store": store_of(app)}, False)
    app.env.mystnb_config = app.env.mystnb_config.copy(execution_mode="off", custom_formats={".md": reader})


def import_once(app, env, docnames):
    """Where chapters must run, have torch imported: before Sphinx forks its readers, and once for all of them."""
    store = store_of(app)
    if AVAILABLE and store:
        sources = [source for docname in docnames for source in to_run(env, docname, store)]
        if sources:
            before_forking(sources)


def to_run(env, docname, store):
    """The sources of the cells of a chapter, if it must run."""
    path = Path(env.doc2path(docname))
    if path.suffix != ".md":
        return []
    sources = [cell.source for cell in code_cells(parse(path.read_text("utf-8"), env, docname))]
    return [] if place(store, sources, path.parent).exists() else sources


def copy_stylesheet(app):
    """Copy myst-nb's stylesheet before the pages are written.

    myst-nb copies it last, so that only a second build would find it and put its checksum into the links to it.
    """
    if app.builder.format == "html":
        (Path(app.outdir) / "_static").mkdir(parents=True, exist_ok=True)
    add_global_html_resources(app, None)


def setup(app):
    app.connect("builder-inited", copy_stylesheet)
    app.connect("builder-inited", hand_over, priority=600)  # myst-nb makes its configuration at 500
    app.connect("env-before-read-docs", import_once)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
