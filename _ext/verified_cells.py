"""No output on a page that is not true: every cell's expectation is held against what the cell did.

A chapter writes what a cell shows right after it::

    ```{code-cell}
    print(1 + 1)
    ```
    ```{testoutput}
    2
    ```

The reader sees the expected text, the build fails where the live text differs; in reST pages the same holds for
``>>>``. The doctree of the cell above::

    container.cell.verified[nb_element=cell_code]
        container.cell_input
            literal_block                   print(1 + 1)
        container.cell_output
            container.verified-output       (with class ``raised`` where an exception is shown)
                literal_block               2

Builds that run no cells (doctest, accept) find the cells of every page in this extension's domain.
"""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import figures_lock
import forked_cells
import plain_python
from by_page import ByPage
from docutils import nodes
from expectations import Cell, Outcome, disagreements, exception_line
from faults import report
from forks import ProcessDied
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

PROMPT = re.compile(r"^\s*>>> ", re.MULTILINE)
BLANK = re.compile(r"^<BLANKLINE>$", re.MULTILINE)  # in a doctest block; Sphinx shows it as the empty line it stands for
# Directives that run code in other projects: myst-nb's where it does not see a cell, and those of sphinx.ext.doctest.
NEVER_RUN = ("code-cell", "raw-cell", "testcode", "testsetup", "testcleanup", "doctest")


class expectation(nodes.container):
    """What a cell is expected to show: ``text`` to the letter, ``line`` that of its first line."""


class VerifiedCellsDomain(ByPage):
    """The cells of each page, ``{docname: [Cell, ...]}``, and the circumstances in which they ran when it was read.

    The circumstances are None where the build that read the page runs no cells.
    """

    name = "verified_cells"
    label = "Verified cells"
    initial_data = {"of": {}, "run": {}}


class TestOutput(SphinxDirective):
    """``testoutput``: the text that the cell before it shows, to the letter."""

    has_content = True

    def run(self):
        # Only the text of the block as it stands keeps every blank line and every leading colon.
        fence, *lines = self.block_text.split("\n")[:-2]
        if fence.partition("}")[2].strip():
            report(self.env, self.env.docname, self.lineno, "what stands beside `testoutput` is not compared; remove it")
        text = "\n".join(lines)
        shown = nodes.literal_block(text, text, language="text")
        node = expectation("", shown, text=text, line=self.lineno + 1, classes=["verified-output"])
        self.set_source_info(node)
        return [node]


class NeverRun(SphinxDirective):
    """Code that looks as if it were run."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True

    def run(self):
        sentence = f"nothing runs this `{self.name}`; write a `code-cell` at the top level of a notebook, or `>>>` in reST"
        report(self.env, self.env.docname, self.lineno, sentence)
        return []


class Verify(SphinxTransform):
    """Hold each cell of the page against its expectation, and show the expectation as its output."""

    default_priority = 400

    def apply(self, **kwargs):
        env, docname = self.env, self.env.docname
        notebook = env.current_document.get("notebook")
        self.report_strays(notebook)
        pairs = list(self.notebook_cells(notebook) if notebook else self.prompt_cells())
        if not pairs and not figures_lock.of(env.srcdir, docname):
            return
        cells = [cell for cell, _ in pairs]
        domain = env.get_domain("verified_cells")
        domain.data["of"][docname] = cells
        domain.data["run"][docname] = None
        if self.app.builder.name not in ("doctest", "accept"):
            domain.data["run"][docname] = circumstances(env, docname)
            judge(env, docname, cells, notebook_outcomes(env) if notebook else run_plainly(env, docname, cells))
        if notebook:
            for cell, container in pairs:
                if container is not None:
                    show_expectation(cell, container)

    def notebook_cells(self, notebook):
        """Each cell of a chapter with its node, in order; an expectation belongs to the cell right before it."""
        nodes_of_cells = {
            node["cell_index"]: node
            for node in self.document.findall(nodes.container)
            if node.get("nb_element") == "cell_code"
        }
        for index, source in enumerate(notebook.cells):
            if source.cell_type != "code":
                continue
            line = notebook.metadata.source_map[index]
            for option in hiding(source.metadata):
                report(self.env, self.env.docname, line, f"`{option}` could hide what the cell does; drop it")
            container = nodes_of_cells.get(index)
            follower = None if container is None else container.next_node(descend=False, siblings=True)
            wanted = follower if isinstance(follower, expectation) else None
            figure = source.metadata.get("mystnb", {}).get("figure", {}).get("name")
            yield (
                Cell(
                    line,
                    source.source,
                    want=wanted["text"] if wanted else None,
                    want_line=wanted["line"] if wanted else 0,
                    raises="raises-exception" in source.metadata.get("tags", []),
                    figures=(figure,) if figure else (),
                ),
                container,
            )

    def prompt_cells(self):
        """Each ``>>>`` example of a reST page as a cell; no option of doctest's has a say."""
        lines = Path(self.env.doc2path(self.env.docname)).read_text("utf-8").split("\n")
        for block in self.document.findall(nodes.doctest_block):
            start, length = block.line, block.astext().count("\n") + 1
            own = "\n".join(line.strip() for line in lines[start - 1 : start - 1 + length])
            if own != "\n".join(line.strip() for line in block.astext().split("\n")):
                sentence = "a `>>>` example must stand in the page itself, on lines of its own; move it"
                report(self.env, self.env.docname, start, sentence)
                continue
            try:
                examples = doctest.DocTestParser().get_examples(block.astext())
            except ValueError as error:
                report(self.env, self.env.docname, start, f"this `>>>` example cannot be read: {error}")
                continue
            for example in examples:
                line = start + example.lineno
                if example.options:
                    report(self.env, self.env.docname, line, "an example sets an option of doctest; remove it")
                yield (
                    Cell(
                        line,
                        example.source,
                        want=BLANK.sub("", example.want).removesuffix("\n") if example.want else None,
                        want_line=line + example.source.count("\n"),
                        raises=example.want.startswith("Traceback"),
                    ),
                    block,
                )

    def report_strays(self, notebook):
        """Whatever looks like output that nothing verifies."""
        if self.env.doc2path(self.env.docname).suffix == ".ipynb":
            report(self.env, self.env.docname, 1, "nothing verifies a stored notebook; write it as MyST (.md)")
        if notebook and "mystnb" in notebook.metadata:
            report(self.env, self.env.docname, 1, "`mystnb` in the front matter could hide what cells do; remove it")
        for node in self.document.findall(nodes.doctest_block) if notebook else ():
            report(self.env, self.env.docname, node.line, "nothing verifies a `>>>` in a notebook; write a `code-cell`")
        for node in list(self.document.findall(expectation)):
            before = node.parent[node.parent.index(node) - 1] if node.parent.index(node) else None
            if not (isinstance(before, nodes.container) and before.get("nb_element") == "cell_code"):
                sentence = "an expectation must follow its cell directly, one for each cell; move or remove this one"
                report(self.env, self.env.docname, node["line"] - 1, sentence)
        for node in self.document.findall(nodes.literal_block):
            if not isinstance(node.parent, expectation) and PROMPT.search(node.astext()):
                sentence = "nothing verifies a `>>>` in a literal block; write a cell, or a doctest block in reST"
                report(self.env, self.env.docname, node.line or 1, sentence)


def hiding(metadata):
    """What in the `metadata` of a cell could keep a reader from seeing its code or its outputs."""
    known = {"tags": metadata.get("tags", []), "mystnb": metadata.get("mystnb", {})}
    yield from (tag for tag in known["tags"] if tag.startswith(("remove", "skip")))
    yield from (option for option in known["mystnb"] if option not in ("figure", "image"))
    yield from (option for option in metadata if option not in known)


def notebook_outcomes(env):
    """What the cells of the notebook that is being read did; None where that is not known."""
    outputs = env.current_document["outputs"]
    return None if outputs is None else [outcome_of(of_cell) for of_cell in outputs]


def outcome_of(outputs):
    """The Outcome that Jupyter's `outputs` of one cell stand for."""
    text = stderr = ""
    exception, figures = None, []
    for output in outputs:
        if output.output_type == "stream" and output.name == "stderr":
            stderr += output.text
        elif output.output_type == "stream":
            text += output.text
        elif output.output_type == "error":
            exception = output.ename
            text += exception_line(output.ename, output.evalue) + "\n"
        elif "image/svg+xml" in output.data:
            figures.append(output.data["image/svg+xml"])
        else:
            text += output.data.get("text/plain", f"<{', '.join(output.data)}>") + "\n"
    return Outcome(text, exception, stderr, tuple(figures))


def run_plainly(env, docname, cells):
    """The outcomes of `cells`, a page's, in plain Python; None, and a fault, where the process dies."""
    file = Path(env.doc2path(docname))
    try:
        sources = [cell.source for cell in cells]
        return plain_python.run(sources, str(file.parent), traceback_header=file.suffix != ".md")
    except ProcessDied:
        report(env, docname, 1, "the process that ran this page died; find the cell that crashes Python")


def judge(env, docname, cells, outcomes):
    """Report each disagreement of a page, up to and with the first exception that nobody announced."""
    if outcomes is None:
        return
    for cell, outcome in zip(cells, outcomes, strict=True):
        for line, sentence in disagreements(cell, outcome):
            report(env, docname, line, sentence)
        if outcome.exception and not cell.raises:
            return
    for line, sentence in figures_lock.disagreements(figures_lock.of(env.srcdir, docname), cells, outcomes):
        report(env, docname, line, sentence)


def outputs_in(cells):
    """How many outputs `cells` announce: texts and figures."""
    return sum((cell.want is not None) + len(cell.figures) for cell in cells)


def show_expectation(cell, container):
    """Put the expectation where the cell's live text stood; live figures stay."""
    outputs = next((node for node in container if node.get("nb_element") == "cell_code_output"), None)
    if outputs is not None:
        outputs.children = [node for node in outputs if holds_figure(node)]
    if cell.want is not None:
        wanted = container.next_node(expectation, descend=False, siblings=True)
        wanted.parent.remove(wanted)
        if cell.raises:
            wanted["classes"].append("raised")
        if outputs is None:
            outputs = nodes.container(nb_element="cell_code_output", classes=["cell_output"])
            container.append(outputs)
        outputs.insert(0, wanted)
        container["classes"].append("verified")
    elif outputs is not None and not outputs.children:
        container.remove(outputs)


def holds_figure(node):
    return any(inner.get("mime_type") == "image/svg+xml" for inner in node.findall(nodes.container))


def circumstances(env, docname):
    """What decides, beside its text, whether a page is true: the surroundings of its run, and its locked figures."""
    folder = Path(env.doc2path(docname)).parent
    return forked_cells.surroundings(folder), figures_lock.of(env.srcdir, docname)


def read_again(app, env, added, changed, removed):
    """Where a build runs cells, it reads a page anew whose circumstances have changed since it was read."""
    if app.builder.name in ("doctest", "accept"):
        return []
    run = env.get_domain("verified_cells").data["run"]
    return [docname for docname in run if run[docname] != circumstances(env, docname)]


def setup(app):
    app.add_domain(VerifiedCellsDomain)
    app.add_node(expectation, html=(lambda self, node: self.visit_container(node), lambda self, node: self.depart_container(node)))
    app.add_directive("testoutput", TestOutput)
    for name in NEVER_RUN:
        app.add_directive(name, NeverRun, override=True)
    app.add_transform(Verify)
    app.connect("env-get-outdated", read_again)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
