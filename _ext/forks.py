"""Run a function in a process of its own that starts with everything its parent has imported."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

# macOS can fork, but its system libraries may crash in a forked child; Windows cannot.
AVAILABLE = hasattr(os, "fork") and os.uname().sysname != "Darwin"

# Set before torch is imported, so that sums run in the same order everywhere; a value from outside is kept.
STEADY = {"OMP_NUM_THREADS": "1", "MKL_CBWR": "COMPATIBLE", "ATEN_CPU_CAPABILITY": "avx2"}


class ProcessDied(Exception):
    """The child ended without an answer: the code it ran crashed or left the interpreter."""


def prepare():
    """Import, once and in the parent, what every chapter imports."""
    for name, value in STEADY.items():
        os.environ.setdefault(name, value)
    import matplotlib.pyplot  # noqa: F401
    import torch._dynamo  # noqa: F401  (torch.optim and torch.func do so at their first use, which takes a second)


def in_a_fork(function, *arguments):
    """``function(*arguments)``, computed in a fresh child; its result and its exceptions come back pickled.

    Where there is no fork, the child is spawned and imports torch anew.
    Raises ProcessDied if the child dies before it answers.
    """
    if AVAILABLE:
        prepare()
    context = multiprocessing.get_context("fork" if AVAILABLE else "spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=prepare) as child:
        try:
            return child.submit(function, *arguments).result()
        except BrokenProcessPool as death:
            raise ProcessDied from death
