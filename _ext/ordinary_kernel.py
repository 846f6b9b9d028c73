"""Run cells in an ordinary Jupyter kernel: slower than a fork, and to be had everywhere."""

from __future__ import annotations

import nbformat.v4
from forks import ProcessDied, steady
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

FIGURES = (
    "--InlineBackend.figure_formats=svg",
    "--InlineBackend.print_figure_kwargs={'bbox_inches': None, 'metadata': {'Date': None}}",
)


def run(sources: list[str], folder: str) -> list[list[nbformat.NotebookNode]]:
    """The outputs (nbformat 4) of each of `sources`, run in one kernel whose directory is `folder`.

    Raises ProcessDied.
    """
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    steady()
    client = NotebookClient(
        notebook, kernel_name="python3", allow_errors=True, extra_arguments=list(FIGURES), timeout=None
    )
    try:
        client.execute(cwd=folder)
    except DeadKernelError as death:
        raise ProcessDied from death
    return [[settled(output) for output in cell.outputs] for cell in notebook.cells]


def settled(output):
    """`output` without the counter that depends on the run, so that every way of running gives the same bytes."""
    if "execution_count" in output:
        output["execution_count"] = None
    return output
