"""Mount an interactive picture, with what stands in its place where nothing can move, and phrases that set it.

A picture ``explorables/NAME.ts`` is mounted once on a page::

    ```{explorable} descent-1d
    :name: fig-gd1d-explorable
    :eta: 0.95

    The first paragraph is the caption: a slope {set}`just past 2/L <descent-1d eta=1.05>`.

    The rest is the fallback: what a reader without JavaScript, a printout or an e-book shows.
    ```

Its options are the knobs of ``explorables/NAME/state.json``, as they are on this page before the reader moves them;
``{set}`text <NAME knob=value …>``` is a phrase that moves them. Both are checked against that table: an unknown name
or knob, or a value that the table does not allow, is a fault of the page. Where there is an
``explorables/NAME/data.py``, what its ``data()`` returns goes into the page as JSON.

The neutral nodes, which every builder knows::

    figure[explorable=NAME, knobs={...}]        inline.sets[explorable=NAME, knobs={...}]
        caption
        legend                                      (the fallback)

In HTML the figure becomes ``<figure class="explorable" data-explorable="NAME" data-KNOB="…">``, the phrase a
``<span class="sets" …>`` that the script turns into a button, and the page asks for the scripts of its own pictures.
"""

from __future__ import annotations

import json
import math
import runpy
from functools import cache
from urllib.parse import urlencode

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective, SphinxRole

import bundled_scripts
from bundled_scripts import EXPLORABLES
from faults import nearest_line, report
from forks import with_torch


class explorable(nodes.figure):
    """The living figure of an HTML page."""


class sets(nodes.inline):
    """A phrase that sets a picture, on an HTML page."""


def names():
    """The pictures there are."""
    return sorted(path.parent.name for path in EXPLORABLES.glob("*/state.json"))


@cache
def table(name):
    """The knobs of a picture; explorables/shared/state.ts says what each entry means."""
    return json.loads((EXPLORABLES / name / "state.json").read_text("utf-8"))


@cache
def data(name):
    """What the picture's own ``data()`` gives, as JSON that may stand in a ``<script>``; None without one."""
    path = EXPLORABLES / name / "data.py"
    return json.dumps(with_torch(computed, path), allow_nan=False).replace("<", "\\u003c") if path.exists() else None


def computed(path):
    return runpy.run_path(str(path))["data"]()


def wrong(name, knobs):
    """What is wrong with these knobs (text to text) of a picture, as sentences that end with the remedy."""
    if name not in names():
        yield f"there is no explorable {name!r}; there are: {', '.join(names())}"
        return
    for knob, text in knobs.items():
        entry = table(name).get(knob)
        if entry is None:
            yield f"the explorable {name} has no {knob!r}; it has: {', '.join(table(name))}"
        elif remedy := disallowed(entry, text):
            yield f"{text!r} is no {knob} of the explorable {name}: {remedy}"


def disallowed(entry, text):
    """What to write instead of `text`, or None where the entry allows it."""
    if "choices" in entry:
        return None if text in entry["choices"] else f"choose one of {', '.join(entry['choices'])}"
    if "min" not in entry:
        return None if text in ("true", "false") else "write true or false"
    try:
        value = float(text)
    except ValueError:
        return "write a number"
    if not (math.isfinite(value) and entry["min"] <= value <= entry["max"]):
        return f"stay between {entry['min']} and {entry['max']}"
    return "write a whole number" if entry.get("whole") and value % 1 else None


class AnyOption(dict):
    """An option_spec that lets every option through: which ones there are depends on the picture."""

    def __bool__(self):
        return True  # an empty one would mean that there are no options

    def __missing__(self, name):
        return lambda text: text or ""


class ExplorableDirective(SphinxDirective):
    """Make the neutral figure of a picture."""

    required_arguments = 1
    option_spec = AnyOption()
    has_content = True

    def run(self):
        name = self.arguments[0]
        knobs = {knob: text for knob, text in self.options.items() if knob != "name"}
        for sentence in wrong(name, knobs):
            report(self.env, self.env.docname, self.lineno, sentence)
        content = self.parse_content_to_nodes()
        if len(content) < 2 or not isinstance(content[0], nodes.paragraph):
            remedy = "begin with a paragraph that is its caption; then say what a reader sees where nothing can move"
            report(self.env, self.env.docname, self.lineno, f"an explorable needs a caption and a fallback: {remedy}")
            return []
        caption = nodes.caption(content[0].rawsource, "", *content[0].children)
        figure = nodes.figure("", caption, nodes.legend("", *content[1:]), explorable=name, knobs=knobs)
        self.set_source_info(figure)
        caption.source, caption.line = figure.source, figure.line
        self.add_name(figure)
        if name in names():
            for path in (EXPLORABLES / name).iterdir():
                self.env.note_dependency(path)
        return [figure]


class SetRole(SphinxRole):
    """Make the neutral phrase: ``text <NAME knob=value …>``."""

    def run(self):
        text, _, target = self.text.rpartition("<")
        name, *settings = target.removesuffix(">").split() or [""]
        phrase = nodes.inline(self.rawtext, text.strip(), classes=["sets"], explorable=name)
        phrase["knobs"] = dict(setting.partition("=")[::2] for setting in settings)
        self.set_source_info(phrase)
        return [phrase], []


class CheckPhrases(SphinxTransform):
    """Report what is wrong with the pictures of a page as a whole: phrases that set nothing, pictures mounted twice."""

    default_priority = 500

    def apply(self, **kwargs):
        mounted = [figure["explorable"] for figure in self.document.findall(nodes.figure) if "explorable" in figure]
        for figure in self.document.findall(nodes.figure):
            if mounted.count(figure.get("explorable")) > 1:
                self.fault(figure, f"{figure['explorable']} is mounted twice on this page; links could not tell which: keep one")
        for phrase in self.document.findall(nodes.inline):
            if "explorable" not in phrase:
                continue
            if not phrase.astext() or not phrase["knobs"]:
                self.fault(phrase, "write a phrase that sets a picture as {set}`text <NAME knob=value>`")
            elif phrase["explorable"] in names() and phrase["explorable"] not in mounted:
                self.fault(phrase, f"this phrase sets {phrase['explorable']}, which is not on this page; mount it or drop the phrase")
            else:
                for sentence in wrong(phrase["explorable"], phrase["knobs"]):
                    self.fault(phrase, sentence)

    def fault(self, node, sentence):
        report(self.env, self.env.docname, nearest_line(node), sentence)


class BringToLife(SphinxPostTransform):
    """Put the living nodes in the place of the neutral ones."""

    # Only changes kinds of nodes, which no other post-transform cares for: any priority would do.
    default_priority = 300
    builders = ("html", "dirhtml", "singlehtml")

    def run(self, **kwargs):
        for node in list(self.document.findall(lambda node: isinstance(node, nodes.Element) and "explorable" in node)):
            living = sets("", *node.children)
            if isinstance(node, nodes.figure):
                caption, legend = node.children
                # A legend would be written into the figcaption.
                living = explorable("", nodes.container("", *legend.children, classes=["fallback"]), caption)
            living.update_all_atts(node)
            living["explorable"], living["knobs"] = node["explorable"], node["knobs"]
            node.replace_self(living)


def visit_explorable(self, node):
    knobs = {f"data-{knob}": text for knob, text in node["knobs"].items()}
    self.body.append(self.starttag(node, "figure", CLASS="explorable", **{"data-explorable": node["explorable"]}, **knobs))
    if json := data(node["explorable"]):
        self.body.append(f'<script type="application/json">{json}</script>\n')


def depart_explorable(self, node):
    self.body.append("</figcaption>\n</figure>\n")  # docutils leaves a figure's caption open for its legend


def visit_sets(self, node):
    state = urlencode(node["knobs"])
    self.body.append(self.starttag(node, "span", "", **{"data-explorable": node["explorable"], "data-state": state}))


def depart_sets(self, node):
    self.body.append("</span>")


def load_scripts(app, pagename, templatename, context, doctree):
    """Ask for the scripts of the pictures on this page."""
    for node in doctree.findall(explorable) if doctree else ():
        app.add_css_file("explorables.css")
        bundled_scripts.load(app, node["explorable"])


def setup(app):
    app.add_enumerable_node(explorable, "figure", html=(visit_explorable, depart_explorable))
    app.add_node(sets, html=(visit_sets, depart_sets))
    app.add_directive("explorable", ExplorableDirective)
    app.add_role("set", SetRole())
    app.add_transform(CheckPhrases)
    app.add_post_transform(BringToLife)
    app.connect("html-page-context", load_scripts)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
