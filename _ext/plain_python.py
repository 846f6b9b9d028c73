"""Run cells in plain Python, without IPython or Jupyter: the second opinion of the doctest build."""

from __future__ import annotations

import ast
import contextlib
import io
import os
import sys
import tempfile
from pathlib import Path

from expectations import Outcome, exception_line
from forks import in_a_fork


def run(sources: list[str], folder: str, traceback_header: bool = False) -> list[Outcome]:
    """Run `sources` one after the other in one namespace, in a forked process whose directory is `folder`.

    Returns an Outcome for each source: an exception ends its own source only, as a cell's does in a notebook. With
    `traceback_header`, an exception reads as the ``>>>`` prompt shows it. Raises ProcessDied.
    """
    return in_a_fork(sources, _run_here, sources, folder, traceback_header)


def _run_here(sources, folder, traceback_header):
    use_plain_figures(folder)
    namespace = {"__name__": "__main__"}
    return [run_cell(source, namespace, traceback_header) for source in sources]


def use_plain_figures(folder):
    """Work in `folder` with its matplotlibrc; figures wait to be collected instead of asking for a window."""
    import matplotlib
    import matplotlib.pyplot as plt

    os.chdir(folder)
    plt.switch_backend("svg")
    if Path("matplotlibrc").exists():
        matplotlib.rc_file("matplotlibrc")
    plt.show = lambda *_, **__: None


def run_cell(source, namespace, traceback_header=False) -> Outcome:
    """Run one source in `namespace`; the value of a last expression is shown as the prompt shows it."""
    exception = None
    with captured() as (out, err):
        try:
            _execute(source, namespace)
        except BaseException as error:  # SystemExit too: a cell must not end the build
            exception = type(error).__name__
            if traceback_header:
                print("Traceback (most recent call last):\n    ...")
            print(exception_line(exception, str(error)))
    return Outcome(out.getvalue(), exception, err.getvalue(), tuple(drawn_figures()))


def _execute(source, namespace):
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), namespace)
    if last is not None:
        exec(compile(ast.Interactive([last]), "<cell>", "single"), namespace)


@contextlib.contextmanager
def captured():
    """Collect what is written to stdout and stderr, by Python and, at the end, by libraries below it."""
    out, err = io.StringIO(), io.StringIO()
    with tempfile.TemporaryFile("w+") as below_out, tempfile.TemporaryFile("w+") as below_err:
        kept = [(stream, os.dup(stream)) for stream in (1, 2)]
        for stream, file in ((1, below_out), (2, below_err)):
            os.dup2(file.fileno(), stream)
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                yield out, err
        finally:
            for stream, copy in kept:
                os.dup2(copy, stream)
                os.close(copy)
            for text, file in ((out, below_out), (err, below_err)):
                file.seek(0)
                text.write(file.read())


def drawn_figures():
    """The SVG text of each open figure, in the order they were made; closes them."""
    plt = sys.modules["matplotlib.pyplot"]
    for number in plt.get_fignums():
        svg = io.StringIO()
        plt.figure(number).savefig(svg, format="svg", metadata={"Date": None})
        yield svg.getvalue()
    plt.close("all")
