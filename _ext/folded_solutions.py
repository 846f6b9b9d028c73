"""Solutions of exercises stand on the page, folded until the reader asks for them.

A solution is an ordinary section whose heading carries the class ``solution``::

    {.solution}
    #### 解答

    prose, formulas and cells, verified like all others

It leaves the outline while the page is read: what answers an exercise is no heading of the book, so it has no
number and no place in a table of contents. What remains are neutral nodes that every builder and every translator
knows::

    container.solution
        rubric          the heading
        ...             the content

HTML pages show them as ``<details class="solution">``, which a browser opens by itself for a search in the page or
a link to something inside. E-books, whose readers often cannot unfold, keep the plain titled block.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform


class details(nodes.General, nodes.Element):
    """HTML's ``details``; its first child is a `summary`."""


class summary(nodes.General, nodes.TextElement):
    """The visible line of a `details`."""


def visit_details(self, node):
    self.body.append(self.starttag(node, "details"))


def depart_details(self, node):
    self.body.append("</details>\n")


def visit_summary(self, node):
    self.body.append(self.starttag(node, "summary", ""))


def depart_summary(self, node):
    self.body.append("</summary>\n")


class SolutionsLeaveTheOutline(SphinxTransform):
    """Turn each section of class ``solution`` into a titled container."""

    # Runs after translation (20) and after docutils has tied labels to sections (up to 660), so both treat the
    # heading like any other; the tables of contents are collected once all transforms are done.
    default_priority = 700

    def apply(self, **kwargs):
        for section in list(self.document.findall(nodes.section)):
            if "solution" not in section["classes"]:
                continue
            title, *content = section.children
            heading = nodes.rubric(title.rawsource, "", *title.children)
            heading.source, heading.line = title.source, title.line
            solution = nodes.container("", heading, *content, ids=section["ids"], classes=["solution"])
            solution.source, solution.line = section.source, section.line
            self.document.ids.update(dict.fromkeys(section["ids"], solution))
            section.replace_self(solution)


class FoldSolutions(SphinxPostTransform):
    """Make each solution a `details` element."""

    # Only moves whole blocks, which no other post-transform cares for: any priority would do.
    default_priority = 300
    builders = ("html", "dirhtml", "singlehtml")

    def run(self, **kwargs):
        for solution in list(self.document.findall(nodes.container)):
            if "solution" not in solution["classes"]:
                continue
            heading, *content = solution.children
            folded = details("", summary("", "", *heading.children), *content)
            folded.update_basic_atts(solution)
            solution.replace_self(folded)


def setup(app):
    app.add_node(details, html=(visit_details, depart_details))
    app.add_node(summary, html=(visit_summary, depart_summary))
    app.add_transform(SolutionsLeaveTheOutline)
    app.add_post_transform(FoldSolutions)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
