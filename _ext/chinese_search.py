"""Whatever a page says can be found, in Chinese too: the search page of a site in Chinese.

Chinese has no spaces, and to guess its words is to guess wrongly: a dictionary takes 学习率 apart. So nothing is
guessed. Sphinx's index (``searchindex.js``) gets every pair of neighbouring characters, 学习 and 习率, and every run
of letters or digits; the browser cuts the query in the same way and knows which pages may hold it. Those pages'
texts, ``_search/<docname>.js``, then tell exactly where it stands. They are scripts because a script may be read from
a site that was opened as a file; they are a small part of their pages, and formulas are readable in them.

The browser's half is ``chinese_search.js``; Sphinx puts it into the script of its search page.
"""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from prerendered_math import html_of
from sphinx.search import SearchLanguage

HAN = "\u3400-\u9fff"
RUN = re.compile(rf"[{HAN}]+|[^\W\d_{HAN}]+|\d+")
CUT_BEFORE, CUT_AFTER = re.compile(f"^[{HAN}]"), re.compile(f"[{HAN}]$")
PLAIN = str.maketrans("⊤∣∥", "T|‖")
SILENT = (nodes.comment, nodes.raw, nodes.substitution_definition, nodes.system_message)


class NeighbouringCharacters(SearchLanguage):
    """Takes the place of Sphinx's own Chinese, which imports a dictionary."""

    lang = "zh"
    language_name = "Chinese"
    js_splitter_code = Path(__file__).with_suffix(".js").read_text("utf-8")

    def split(self, input):
        """The index's words of one piece of text: pairs of Han characters (a lone one by itself), letters, digits.

        Markup may cut a pair in two (``**随机**梯度``): ``机|`` and ``|梯`` say that the text begins or ends there.
        """
        words = [f"|{cut[0]}" for cut in CUT_BEFORE.finditer(input)] + [f"{cut[0]}|" for cut in CUT_AFTER.finditer(input)]
        for run in RUN.findall(input):
            in_pairs = CUT_BEFORE.match(run) and len(run) > 1
            words += map("".join, pairwise(run)) if in_pairs else [run]
        return words

    def word_filter(self, word):
        return True


def write_text(app, docname, template, context, doctree):
    """Write the text of a page for the search page: ``Search.setText(docname, [[anchor, heading, text], ...])``."""
    if doctree is None or app.builder.name != "html":
        return

    def formula(node):
        return readable(html_of(app, node.astext(), isinstance(node, nodes.math_block)))

    said = ",\n".join(json.dumps(section, ensure_ascii=False) for section in sections_of(doctree, formula))
    path = Path(app.outdir, "_search", f"{docname}.js")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"Search.setText({json.dumps(docname)}, [\n{said}\n]);\n", "utf-8")


def sections_of(doctree, formula):
    """Yield (anchor, heading, text) of each section in turn, without those inside it; then what is in none."""
    for number, section in enumerate(doctree.findall(nodes.section)):
        title, *content = section.children
        yield section["ids"][0] if number else "", said_by([title], formula), said_by(content, formula)
    if rest := said_by(doctree.children, formula):
        yield "", "", rest


def said_by(children, formula):
    """The text that a reader sees in `children`, a line for each block."""
    return re.sub(r"\s*\n\s*", "\n", "".join(piece for child in children for piece in pieces(child, formula))).strip()


def pieces(node, formula):
    if isinstance(node, nodes.Text):
        yield node.astext()
    elif isinstance(node, (nodes.math, nodes.math_block)):
        yield formula(node)
    elif not isinstance(node, (nodes.section, *SILENT)):
        for child in node.children:
            yield from pieces(child, formula)
    if not isinstance(node, (nodes.Text, nodes.Inline)):
        yield "\n"


@cache
def readable(html):
    """One line of text for a formula that KaTeX rendered: ``w_t-η/n ∇f(x^2)``."""
    mathml = html[html.index("<semantics>") : html.index("<annotation")] + "</semantics>"
    return re.sub("[ \xa0]+", " ", line_of(ElementTree.fromstring(mathml)))


def line_of(element):
    parts = [line_of(child) for child in element if child.text != "\u2061"]
    match element.tag:
        case "mfrac":
            return "/".join(map(one, parts))
        case "msup":
            return parts[0] + raised(parts[1])
        case "msub" | "munder":
            return f"{parts[0]}_{one(parts[1])}"
        case "msubsup" | "munderover":
            return f"{parts[0]}_{one(parts[1])}{raised(parts[2])}"
        case "msqrt":
            return f"√{one(beside(parts))}"
        case "mtable":
            return "; ".join(parts)
        case "mtr":
            return " ".join(parts)
        case "mspace":
            return " "
    return beside(parts) if parts else (element.text or "").translate(PLAIN)


def one(line):
    """`line`, in brackets if it is more than a word or a sign."""
    return line if re.fullmatch(r"\w+|\W|", line) else f"({line})"


def raised(line):
    return line if line.strip("′") == "" else f"^{one(line)}"


def beside(parts):
    """`parts` in a row, with a thin space where two words touch: ``v^T J`` is no ``TJ``."""
    row = ""
    for part in parts:
        row += "\u2009" + part if row[-1:].isalnum() and part[:1].isalnum() else part
    return row


def forget_the_past(app):
    """Let the index depend on the pages alone, not on the builds before.

    Sphinx keeps the words that a changed page no longer has, each with no page; and an incremental build loses the
    index entries of unchanged pages, which this search does not read.
    """
    if indexer := app.builder.indexer:
        for words in (indexer._mapping, indexer._title_mapping):
            for word in [word for word, docnames in words.items() if not docnames]:
                del words[word]
        indexer._index_entries.clear()
    return []


def setup(app):
    app.add_search_language(NeighbouringCharacters)
    app.connect("html-page-context", write_text)
    app.connect("html-collect-pages", forget_the_past)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
