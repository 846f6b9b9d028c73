"""A label stands on one page only, so that a link cannot lead to another place than its author meant.

Sphinx warns of a label's second page only where one process reads both. Where several share the work, as they do in every
build from nothing, it keeps one of the two places and says nothing.
"""

from __future__ import annotations

from by_page import ByPage
from docutils import nodes
from faults import nearest_line, report
from sphinx.transforms import SphinxTransform


class UniqueLabelsDomain(ByPage):
    """The labels of each page, with their lines: ``{docname: {label: line}}``."""

    name = "unique_labels"
    label = "Unique labels"
    initial_data = {"of": {}}


class CollectLabels(SphinxTransform):
    """Keep what a page names for others: sections, figures and tables by their labels, formulas by theirs."""

    default_priority = 850  # labels have gone to what they name

    def apply(self, **kwargs):
        found = {}
        for name, id in self.document.nameids.items():
            if id and self.document.nametypes[name]:  # explicit, and given once on this page
                node = self.document.ids[id]
                # The target of a link and a footnote have names too, which are of use on their own page only.
                if "refuri" not in node and not isinstance(node, (nodes.footnote, nodes.citation)):
                    found[name] = nearest_line(node)
        for formula in self.document.findall(nodes.math_block):
            if formula.get("label"):
                found[formula["label"]] = nearest_line(formula)
        if found:
            self.env.get_domain("unique_labels").data["of"][self.env.docname] = found


def check(app, env):
    """Report each label that an earlier page has too."""
    first = {}
    for docname, labels in sorted(env.get_domain("unique_labels").data["of"].items()):
        for label, line in labels.items():
            if first.setdefault(label, docname) != docname:
                report(env, docname, line, f"the label `{label}` stands on {first[label]} too; give one of them another name")


def setup(app):
    app.add_domain(UniqueLabelsDomain)
    app.add_transform(CollectLabels)
    app.connect("env-updated", check)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
