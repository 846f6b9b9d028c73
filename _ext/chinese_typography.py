"""Chinese pages keep two rules of Chinese typesetting that no browser keeps by itself.

*No line starts with a closing mark, none ends with an opening one.* Browsers know this, except beside an atomic box:
a rendered formula, or a phrase that is a button. There CSS lets a line break on both sides whatever stands there
(neither ``line-break: strict`` nor a word joiner stops it). So the box and the marks that touch it are put into one
``<span class="nobreak">``; inside, it may still break. Inline code is ordinary text to the browser and needs no such
help.

*Chinese is never slanted.* Emphasis that holds Chinese gets the class ``han``, which the style sheet shows upright
with a dotted underline; a Latin book title stays italic.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

OPENING = re.compile("[（“‘《〈「『【]+$")
CLOSING = re.compile("^[，。；：！？、）”’》〉」』】]+")
HAN = re.compile("[\u4e00-\u9fff]")


class ChineseLines(SphinxPostTransform):
    """Join formulas to their punctuation and mark Chinese emphasis, in HTML pages written in Chinese."""

    # Runs after everything that still puts text or formulas into a page: references (10), `only` blocks (50),
    # and the other post-transforms of Sphinx (up to 200).
    default_priority = 300
    formats = ("html",)

    def run(self, **kwargs):
        if not self.config.language.startswith("zh"):
            return
        for box in list(self.document.findall(is_atomic)):
            join_to_punctuation(alone_in(box))
        for emphasis in self.document.findall(nodes.emphasis):
            if HAN.search(emphasis.astext()):
                emphasis["classes"].append("han")


def is_atomic(node):
    return isinstance(node, nodes.math) or (isinstance(node, nodes.inline) and "sets" in node["classes"])


def alone_in(node):
    """The outermost inline element that holds `node` and nothing else: the marks around ``**$x$**`` touch the bold."""
    while isinstance(node.parent, nodes.Inline) and len(node.parent) == 1:
        node = node.parent
    return node


def join_to_punctuation(node):
    """Replace `node` and the full-width marks that touch it by one inline element of class ``nobreak``."""
    parent, place = node.parent, node.parent.index(node)
    before = parent[place - 1] if place > 0 else None
    after = parent[place + 1] if place + 1 < len(parent) else None
    opening = OPENING.search(before) if isinstance(before, nodes.Text) else None
    closing = CLOSING.search(after) if isinstance(after, nodes.Text) else None
    if not (opening or closing):
        return
    # By place, not `parent.replace`: that looks for an equal text, and another "，" may stand before this one.
    joined = parent[place] = nodes.inline("", "", classes=["nobreak"])
    if opening:
        joined += nodes.Text(opening[0])
        parent[place - 1] = nodes.Text(before[: opening.start()])
    joined += node
    if closing:
        joined += nodes.Text(closing[0])
        parent[place + 1] = nodes.Text(after[closing.end() :])


def setup(app):
    app.add_post_transform(ChineseLines)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
