"""Run a function in a process of its own that starts with everything its parent has imported."""

from __future__ import annotations

import gc
import multiprocessing
import os
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module

# macOS can fork, but its system libraries may crash in a forked child; Windows cannot.
AVAILABLE = hasattr(os, "fork") and os.uname().sysname != "Darwin"

# Set before torch is imported, so that sums run in the same order everywhere; a value from outside is kept.
STEADY = {"OMP_NUM_THREADS": "1", "MKL_CBWR": "COMPATIBLE", "ATEN_CPU_CAPABILITY": "avx2"}

# torch.optim and torch.func import it at their first use, which takes a second.
DYNAMO, USES_DYNAMO = "torch._dynamo", re.compile(r"\b(optim|func)\b")


class ProcessDied(Exception):
    """The child ended without an answer: the code it ran crashed or left the interpreter."""


def steady():
    """Set, for the processes that start from here, what steadies their sums."""
    for name, value in STEADY.items():
        os.environ.setdefault(name, value)


def prepare(sources=()):
    """Import, once and in the parent, what every chapter imports, and what cells as `sources` would import later."""
    steady()
    needed = {"torch", "matplotlib.pyplot"} | {DYNAMO for source in sources if USES_DYNAMO.search(source)}
    if missing := needed - sys.modules.keys():
        # The collector finds no garbage while modules are imported, and none among them in the children and at the end.
        gc.disable()
        for name in sorted(missing):
            import_module(name)
        gc.freeze()
        gc.enable()


def in_a_fork(sources, function, *arguments):
    """``function(*arguments)``, which runs cells as `sources`, computed in a fresh child.

    Its result and its exceptions come back pickled. Where there is no fork, the child is spawned and imports torch anew.
    Raises ProcessDied if the child dies before it answers.
    """
    if AVAILABLE:
        prepare(sources)
    context = multiprocessing.get_context("fork" if AVAILABLE else "spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=prepare) as child:
        try:
            return child.submit(function, *arguments).result()
        except BrokenProcessPool as death:
            raise ProcessDied from death
