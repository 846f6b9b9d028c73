"""The front door shows the chapters in order as cards, and what stands on a card comes from its chapter.

The list of chapters is a toctree, so a new chapter is one line in it::

    .. chapter-cards::
       :caption: Chapters

       chapters/autograd

What its card shows, a chapter says in its front matter: a figure of its own and one sentence, the same that search
engines show. It is translated with the chapter::

    cover: fig-autograd-dag
    myst:
      html_meta:
        description: One sentence.

One more figure of a chapter, with words of the page's own below it::

    .. chapter-figure:: chapters/gradient-descent-nd fig-gdnd-bowl

       A caption.

Figures are the ones that the chapter's cells drew in this build. A card without figure or sentence is a fault of its
chapter; a figure that is not there is a fault of who names it. In the doctree the cards are a plain ``toctree`` in
``compound.chapter-cards``; HTML pages make them cards, in the look of ``_static/front.css``.
"""

from __future__ import annotations

from pathlib import Path

from by_page import ByPage
from docutils import nodes
from docutils.parsers.rst import directives
from faults import report
from sphinx.addnodes import toctree
from sphinx.directives.other import TocTree
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import docname_join
from sphinx.util.docutils import SphinxDirective


class ChapterCardsDomain(ByPage):
    """What pages offer and what they show.

    ``images``: ``{docname: {figure: attributes of its image}}``; ``sentences``: ``{docname: description}``;
    ``cards``: ``{docname: [chapter, ...]}``; ``figures``: ``{docname: [(line, chapter, figure), ...]}``.
    """

    name = "chapter_cards"
    label = "Chapter cards"
    initial_data = {"images": {}, "sentences": {}, "cards": {}, "figures": {}}


class ChapterCards(TocTree):
    """``chapter-cards``: the chapters in the order of the book, one a line."""

    option_spec = {"caption": directives.unchanged_required}

    def run(self):
        self.options |= {"class": ["chapter-cards"], "maxdepth": 1}
        found = super().run()
        chapters = [chapter for node in found for tree in node.findall(toctree) for chapter in tree["includefiles"]]
        self.env.get_domain("chapter_cards").data["cards"][self.env.docname] = chapters
        return found


class ChapterFigure(SphinxDirective):
    """``chapter-figure``: a figure of a chapter, and below it the content.

    ``figure.chapter-figure`` holds only a ``legend`` until it is shown. With a ``caption`` it would have a number.
    """

    required_arguments = 2
    has_content = True

    def run(self):
        here = self.env.docname
        chapter, figure = docname_join(here, self.arguments[0]), self.arguments[1]
        shown = self.env.get_domain("chapter_cards").data["figures"]
        shown.setdefault(here, []).append((self.lineno, chapter, figure))
        self.env.files_to_rebuild.setdefault(chapter, set()).add(here)  # written anew when the chapter changes
        words = nodes.legend("", *self.parse_content_to_nodes())
        return [nodes.figure("", words, classes=["chapter-figure"], drawn=(chapter, figure))]


class ShowChapterFigures(SphinxPostTransform):
    """Give each ``figure.chapter-figure`` its image."""

    # Before themed_figures (50) puts the images into the page.
    default_priority = 40
    formats = ("html",)

    def run(self, **kwargs):
        for figure in list(self.document.findall(nodes.figure)):
            if "drawn" in figure:
                figure.insert(0, drawn(self.env, *figure["drawn"]))


class ShowChapterCards(SphinxPostTransform):
    """Make each ``compound.chapter-cards`` an ordered list of cards."""

    # As above; Sphinx resolves the toctrees that are left after all post-transforms.
    default_priority = 40
    builders = ("html", "dirhtml")

    def run(self, **kwargs):
        for compound in list(self.document.findall(nodes.compound)):
            if "chapter-cards" in compound["classes"]:
                cards = [self.card(chapter) for tree in compound for chapter in tree["includefiles"]]
                ordered = nodes.enumerated_list("", *cards, classes=["chapter-cards"], enumtype="arabic")
                compound.parent.replace(compound, ordered)

    def card(self, chapter):
        target = self.app.builder.get_relative_uri(self.env.docname, chapter)
        link = nodes.reference("", "", *self.env.titles[chapter].deepcopy().children, internal=True, refuri=target)
        sentence = self.env.get_domain("chapter_cards").data["sentences"][chapter]
        return nodes.list_item(
            "",
            nodes.paragraph("", "", link, classes=["card-title"]),
            nodes.paragraph("", sentence),
            drawn(self.env, chapter, self.env.metadata[chapter]["cover"]),
            classes=["card"],
        )


def drawn(env, chapter, figure):
    """The image of a chapter's figure, marked as what it is, so that themed_figures looks after it."""
    image = nodes.image("", **env.get_domain("chapter_cards").data["images"][chapter][figure])
    return nodes.container("", image, nb_element="cell_code", classes=["chapter-drawing"])


def collect(app, doctree):
    """Keep of each page what another may show: its named figures and its description."""
    docname, domain = app.env.docname, app.env.get_domain("chapter_cards")
    images = {
        name: image.copy().attributes
        for figure in doctree.findall(nodes.figure)
        for name in figure["names"]
        for image in figure.findall(nodes.image)
    }
    if images:
        domain.data["images"][docname] = images
    for meta in doctree.findall(nodes.meta):
        if meta.get("name") == "description":
            domain.data["sentences"][docname] = meta["content"]


def check(app, env):
    """Report what a page shows and a chapter does not have."""
    shown = env.get_domain("chapter_cards").data
    for chapter in sorted({chapter for chapters in shown["cards"].values() for chapter in chapters}):
        check_card(env, chapter)
    for docname, figures in shown["figures"].items():
        for line, chapter, figure in figures:
            if figure not in figures_of(env, chapter):
                report(env, docname, line, f"{chapter} has no figure `{figure}`; {choice(env, chapter)}")


def check_card(env, chapter):
    cover = env.metadata[chapter].get("cover")
    if cover is None:
        report(env, chapter, 1, f"the card of this chapter has no figure; write `cover: fig-…` into the front matter; "
                                f"{choice(env, chapter)}")
    elif cover not in figures_of(env, chapter):
        lines = Path(env.doc2path(chapter)).read_text("utf-8").split("\n")
        line = next((number for number, line in enumerate(lines, 1) if line.startswith("cover:")), 1)
        report(env, chapter, line, f"there is no figure `{cover}` for the card; {choice(env, chapter)}")
    if chapter not in env.get_domain("chapter_cards").data["sentences"]:
        report(env, chapter, 1, "the card of this chapter has no sentence; write `myst: {html_meta: {description: …}}` "
                                "into the front matter")


def figures_of(env, chapter):
    """The names of the figures that the cells of a chapter draw: known also to builds that run no cells."""
    cells = env.get_domain("verified_cells").data["of"].get(chapter, [])
    return [name for cell in cells for name in cell.figures]


def choice(env, chapter):
    return f"name one of: {', '.join(figures_of(env, chapter)) or 'a figure, once it draws one'}"


def load_style(app, pagename, templatename, context, doctree):
    if pagename in app.env.get_domain("chapter_cards").data["cards"]:
        app.add_css_file("front.css")


def setup(app):
    app.add_domain(ChapterCardsDomain)
    app.add_directive("chapter-cards", ChapterCards)
    app.add_directive("chapter-figure", ChapterFigure)
    app.add_post_transform(ShowChapterFigures)
    app.add_post_transform(ShowChapterCards)
    app.connect("doctree-read", collect, priority=600)  # Sphinx completes the images at 500
    app.connect("env-updated", check)
    app.connect("html-page-context", load_style)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
