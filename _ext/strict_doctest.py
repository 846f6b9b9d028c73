"""``-b doctest``: every cell of every page again, in plain Python, and every expectation held against it.

Sphinx's own doctest builder forgives what this site must not: a second expectation, text before an exception,
another message, ``...``, state borrowed from another page. This one runs each page in a fresh forked process and
judges by the same rules as the HTML build.
"""

from __future__ import annotations

import verified_cells
from faults import tell
from sphinx.builders import Builder
from sphinx.util import logging

logger = logging.getLogger(__name__)


class PlainPythonBuilder(Builder):
    """A builder that runs the cells of each page in plain Python and writes no page."""

    def get_outdated_docs(self):
        return self.env.found_docs

    def get_target_uri(self, docname, typ=None):
        return ""

    def pages(self):
        """Each page that has cells: its name, its cells, and what they did (None where the process died)."""
        for docname, cells in sorted(self.env.get_domain("verified_cells").data["of"].items()):
            yield docname, cells, verified_cells.run_plainly(self.env, docname, cells)


class StrictDoctest(PlainPythonBuilder):
    name = "doctest"

    def write_documents(self, docnames):
        counted = 0
        for docname, cells, outcomes in self.pages():
            verified_cells.judge(self.env, docname, cells, outcomes)
            counted += verified_cells.outputs_in(cells)
        faults = tell(self.env)
        if faults:
            self.app.statuscode = 1
        logger.info("doctest: %d outputs run, %d faults", counted, faults)


def setup(app):
    app.add_builder(StrictDoctest)
    return {"version": "1.0", "parallel_read_safe": True}
