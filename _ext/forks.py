"""Run a function in a process of its own that starts with everything cells need already imported.

As an extension, the first of all, it has a nursery import that while Sphinx gets ready, which takes about as long.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from pathlib import Path

# macOS can fork, but its system libraries may crash in a forked child; Windows cannot.
AVAILABLE = hasattr(os, "fork") and os.uname().sysname != "Darwin"

# Set before torch is imported, so that sums run in the same order everywhere; a value from outside is kept.
STEADY = {"OMP_NUM_THREADS": "1", "MKL_CBWR": "COMPATIBLE", "ATEN_CPU_CAPABILITY": "avx2"}

# torch.optim and torch.func import it at their first use, which takes a second.
DYNAMO, USES_DYNAMO = "torch._dynamo", re.compile(r"\b(optim|func)\b")
CELL = re.compile(r"^```\{code-cell\}.*?^```", re.MULTILINE | re.DOTALL)

nursery = None  # of this process, from the moment it starts one


class ProcessDied(Exception):
    """The child ended without an answer: the code it ran crashed or left the interpreter."""


def steady():
    """Set, for the processes that start from here, what steadies their sums."""
    for name, value in STEADY.items():
        os.environ.setdefault(name, value)


def prepare(sources=()):
    """Import, once and before processes are forked, what every chapter imports, and what cells as `sources` would."""
    steady()
    needed = {"torch", "matplotlib.pyplot"} | {DYNAMO for source in sources if USES_DYNAMO.search(source)}
    if missing := needed - sys.modules.keys():
        # The collector finds no garbage while modules are imported, and none among them in the children and at the end.
        gc.disable()
        for name in sorted(missing):
            import_module(name)
        gc.freeze()
        gc.enable()


def before_forking(sources):
    """Prepare all that cells as `sources` need in the process that will fork for them: here, if there is no nursery."""
    if nursery:
        gc.freeze()  # as `prepare` does: Sphinx forks its readers from here
    else:
        prepare_all(sources)


def with_torch(function, *arguments):
    """``function(*arguments)``, which needs torch, computed where that is imported already, if it is anywhere."""
    return in_a_fork((), function, *arguments) if nursery else function(*arguments)


def in_a_fork(sources, function, *arguments):
    """``function(*arguments)``, which runs cells as `sources`, computed in a fresh child.

    Its result and its exceptions come back pickled. Where there is no fork, the child is spawned and imports torch anew.
    Raises ProcessDied if the child dies before it answers.
    """
    if nursery:
        try:
            return nursery.ask(function, *arguments)
        except EOFError as death:
            raise ProcessDied from death
        except ConnectionError:
            pass  # it could not import what is needed: here one sees why
    if AVAILABLE:
        prepare(sources)
    context = multiprocessing.get_context("fork" if AVAILABLE else "spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=prepare) as child:
        try:
            return child.submit(function, *arguments).result()
        except BrokenProcessPool as death:
            raise ProcessDied from death


def start_nursery(app):
    """Start a nursery where chapters have changed since the last build, so that some of them will probably run."""
    global nursery
    if not AVAILABLE or nursery or "torch" in sys.modules:
        return
    last = Path(app.doctreedir, "environment.pickle")
    pages = [page for pattern in ("*.md", "*/*.md") for page in Path(app.srcdir).glob(pattern) if page.is_file()]
    if last.exists() and all(page.stat().st_mtime <= last.stat().st_mtime for page in pages):
        return
    cells = [cell for page in pages for cell in CELL.findall(page.read_text("utf-8", "replace"))]
    if cells:
        from nursery import Nursery

        steady()
        with contextlib.suppress(OSError):
            nursery = Nursery(prepare_all, cells)


def prepare_all(sources):
    from notebook_shell import prepare_shell

    prepare_shell(sources)


def setup(app):
    start_nursery(app)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
