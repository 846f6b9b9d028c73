"""Run cells as a notebook would, in IPython's shell, without a kernel: the run that builds the page.

What comes back are the outputs that Jupyter would store, so that the page of a chapter and its downloaded notebook
are what stock myst-nb makes of them.
"""

from __future__ import annotations

import os
from pathlib import Path

import nbformat.v4
from forks import in_a_fork, prepare
from plain_python import captured

FIGURES = {"figure_formats": {"svg"}, "print_figure_kwargs": {"bbox_inches": None, "metadata": {"Date": None}}}


def run(sources: list[str], folder: str) -> list[list[nbformat.NotebookNode]]:
    """The outputs (nbformat 4) of each of `sources`, run in one namespace in a forked process in `folder`.

    Raises ProcessDied.
    """
    outputs_of_cells = in_a_fork(sources, _run_here, sources, folder)
    return [[nbformat.from_dict(output) for output in outputs] for outputs in outputs_of_cells]


def prepare_shell(sources):
    """Do once, before forking, what the shell of every chapter would do, and import what cells as `sources` would."""
    prepare(sources)
    import IPython.core.interactiveshell  # noqa: F401
    import matplotlib_inline.backend_inline  # noqa: F401
    from matplotlib.backends import backend_registry

    nbformat.v4.new_output("stream")  # the first of all outputs compiles their schema: 70 ms
    backend_registry.list_all()  # the first search goes through all that is installed: 20 ms


def _run_here(sources, folder):
    shell = make_shell(folder)
    return [run_cell(shell, source) for source in sources]


def make_shell(folder):
    """An InteractiveShell that works in `folder`, draws figures inline as SVG and leaves no trace on disk."""
    import matplotlib
    import matplotlib.pyplot as plt
    from IPython.core.interactiveshell import InteractiveShell
    from matplotlib_inline.backend_inline import configure_inline_support
    from matplotlib_inline.config import InlineBackend
    from traitlets.config import Config

    os.chdir(folder)
    settings = Config(HistoryManager={"enabled": False}, InlineBackend=FIGURES)
    shell = InteractiveShell.instance(config=settings, colors="nocolor")
    shell.display_trap.hook = shell.displayhook
    plt.switch_backend("module://matplotlib_inline.backend_inline")
    if Path("matplotlibrc").exists():
        matplotlib.rc_file("matplotlibrc")
    InlineBackend.instance(parent=shell)
    matplotlib.interactive(True)
    configure_inline_support(shell, matplotlib.get_backend())
    return shell


def run_cell(shell, source) -> list[dict]:
    """Run `source` in `shell`; return its outputs in the order in which they came."""
    outputs = []
    with captured() as (out, err):

        def add(*output, **parts):
            for name, stream in (("stdout", out), ("stderr", err)):
                if text := stream.getvalue():
                    outputs.append(nbformat.v4.new_output("stream", name=name, text=text))
                stream.seek(0)
                stream.truncate()
            if output:
                outputs.append(nbformat.v4.new_output(*output, **parts))

        def add_data(kind):
            return lambda data, metadata=None, **_: add(kind, data=data, metadata=metadata or {})

        shell.display_pub.publish = add_data("display_data")
        shell.displayhook.write_output_prompt = lambda: None
        shell.displayhook.write_format_data = add_data("execute_result")
        shell.displayhook.finish_displayhook = lambda: None
        shell._showtraceback = lambda kind, error, lines: add(
            "error", ename=kind.__name__, evalue=str(error), traceback=lines
        )
        shell.run_cell(source, store_history=True)
    add()
    return outputs
