"""Predict, then look: the output of a cell waits until the reader has guessed it or asked to see it.

A cell is marked by a tag; its expectation is what a guess is compared with::

    ```{code-cell}
    :tags: [predict]
    print(1 + 1)
    ```
    ```{testoutput}
    2
    ```

The doctree stays as it is (myst-nb gives the cell the class ``tag_predict``), so that the output stands in every
page: without JavaScript, on paper and in e-books it is simply there. A page that has such a cell loads
explorables/predict.ts, which covers the output in the browser. A tag on a cell that shows no text is a fault: there
would be nothing to compare a guess with.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.transforms import SphinxTransform

import bundled_scripts
import verified_cells
from faults import report

# Runs before anything is painted, so that no output flashes up. The script takes the mark away once it covers the cells
# itself; if it never arrives, the outputs show. A class would not do: when a class of the root changes, a browser computes
# the style of the whole page anew.
COVER = (
    "<script>"
    'document.documentElement.dataset.predicting="";'
    'addEventListener("load",()=>setTimeout(()=>delete document.documentElement.dataset.predicting,2000))'
    "</script>"
)


def predictions(document):
    """The cells of `document` that are to be predicted."""
    return [node for node in document.findall(nodes.container) if "tag_predict" in node["classes"]]


class CheckPredictions(SphinxTransform):
    """Report each prediction of nothing."""

    default_priority = 410  # after verified_cells has put the expectations into the cells

    def apply(self, **kwargs):
        cells = predictions(self.document)
        outcomes = verified_cells.notebook_outcomes(self.env) if cells else None
        if outcomes is None:  # a build that runs no cells does not know what they show
            return
        notebook = self.env.current_document["notebook"]
        code = [index for index, source in enumerate(notebook.cells) if source.cell_type == "code"]
        for cell in cells:
            index = cell["cell_index"]
            if not outcomes[code.index(index)].text and not list(cell.findall(verified_cells.expectation)):
                sentence = "this cell shows no text that one could predict; drop the tag `predict`, or print something"
                report(self.env, self.env.docname, notebook.metadata.source_map[index], sentence)


def load_script(app, pagename, templatename, context, doctree):
    if app.builder.name in ("html", "dirhtml", "singlehtml") and doctree and predictions(doctree):
        context["metatags"] += COVER
        app.add_css_file("predictions.css")
        bundled_scripts.load(app, "predict")


def setup(app):
    app.add_transform(CheckPredictions)
    app.connect("html-page-context", load_script)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
