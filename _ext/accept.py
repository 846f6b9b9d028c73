"""``-b accept``: write what the cells showed into the chapters as their expectations, for a person to read as a diff.

Only expectations that differ are touched. A page with something that no expectation could make true, an unannounced
exception or words on stderr, is told of and left as it is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import figures_lock
from expectations import disagreements, visible
from faults import report, tell
from sphinx.util import logging
from strict_doctest import PlainPythonBuilder

logger = logging.getLogger(__name__)


class Accept(PlainPythonBuilder):
    name = "accept"

    def write_documents(self, docnames):
        locked = {}
        for docname, cells, outcomes in self.pages():
            if self.can_be_true(docname, cells, outcomes):
                self.rewrite(docname, cells, outcomes)
                figures = figures_lock.drawn_by(cells, outcomes)
            else:
                figures = figures_lock.of(self.srcdir, docname)
            locked |= {(docname, name): drawn for name, drawn in figures.items()}
        if locked != figures_lock.load(self.srcdir):
            figures_lock.save(self.srcdir, locked)
            logger.info("accepted: figures.lock")
        if tell(self.env):
            self.app.statuscode = 1

    def can_be_true(self, docname, cells, outcomes):
        """Whether a page could agree with `outcomes`; reports what it is that could not."""
        if outcomes is None:
            return False
        wrong = figures_lock.misnamed(cells, outcomes)
        for cell, outcome in zip(cells, outcomes):
            wrong += disagreements(replace(cell, want=shown_by(outcome)), outcome)
        for line, sentence in wrong:
            report(self.env, docname, line, sentence)
        return not wrong

    def rewrite(self, docname, cells, outcomes):
        file = Path(self.env.doc2path(docname))
        before = file.read_text("utf-8")
        differing = [(cell, shown_by(outcome)) for cell, outcome in zip(cells, outcomes) if cell.want != shown_by(outcome)]
        after = (rewritten_notebook if file.suffix == ".md" else rewritten_prompts)(before, differing)
        if after != before:
            file.write_text(after, "utf-8")
            logger.info("accepted: %s", docname)


def shown_by(outcome):
    """The expectation that `outcome` would meet; None where it shows nothing."""
    return visible(outcome.text) if outcome.text else None


def rewritten_notebook(text, differing):
    """`text` of a MyST notebook with the expectation of each (cell, shown) made what is shown."""
    lines = text.split("\n")
    for cell, shown in reversed(differing):
        after_cell = closing_fence(lines, cell.line - 1) + 1
        if cell.want is None:
            lines[after_cell:after_cell] = expectation_block(shown)
        else:
            opening = cell.want_line - 2
            lines[opening : closing_fence(lines, opening) + 1] = expectation_block(shown)
    return "\n".join(lines)


def expectation_block(shown):
    """The lines of a ``testoutput``; none where nothing is shown."""
    if shown is None:
        return []
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall(r"^ *(`{3,})", shown, re.MULTILINE))])
    return [fence + "{testoutput}", *shown.split("\n"), fence]


def closing_fence(lines, opening):
    """The index of the line that closes the fence opened at index `opening`."""
    fence = re.match(r" *(`+|~+)", lines[opening])[1]
    closing = re.compile(rf" *{fence}{fence[0]}* *")
    return next(at for at in range(opening + 1, len(lines)) if closing.fullmatch(lines[at]))


def rewritten_prompts(text, differing):
    """`text` of a reST page with what follows the ``>>>`` of each (cell, shown) made what is shown."""
    lines = text.split("\n")
    for cell, shown in reversed(differing):
        start = cell.want_line - 1
        indent = re.match(r" *", lines[cell.line - 1])[0]
        end = start if cell.want is None else start + cell.want.count("\n") + 1
        expected = [] if shown is None else shown.split("\n")
        lines[start:end] = [indent + (line or "<BLANKLINE>") for line in expected]
    return "\n".join(lines)


def setup(app):
    app.add_builder(Accept)
    return {"version": "1.0", "parallel_read_safe": True}
