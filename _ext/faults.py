"""A fault found in a page fails every build until the page is mended.

Sphinx forgets a warning once the page that gave it has been read; a page with a wrong output would then be
published by the next incremental build. Here a fault belongs to its page: it is kept in the environment, told again
by every build, and goes only when the page is read again without it. A build with faults ends with exit code 1
before it writes a page.
"""

from __future__ import annotations

from by_page import ByPage
from sphinx.util import logging

logger = logging.getLogger(__name__)


class FaultsDomain(ByPage):
    """The faults of each page: ``{docname: {(line, sentence), ...}}``."""

    name = "faults"
    label = "Faults"
    initial_data = {"of": {}}


def report(env, docname, line, sentence):
    """Record that `docname` is wrong at `line` (1-based); `sentence` says what is wrong and the remedy."""
    env.get_domain("faults").data["of"].setdefault(docname, set()).add((line, sentence))


def nearest_line(node):
    """The line of `node`, or of what it stands in: not every node has one."""
    while node is not None and not node.line:
        node = node.parent
    return node.line if node is not None else 1


def tell(env):
    """Log every fault as ``file:line: sentence``; return how many there are."""
    found = [(docname, *fault) for docname, faults in env.get_domain("faults").data["of"].items() for fault in faults]
    for docname, line, sentence in sorted(found):
        logger.error(sentence, location=(docname, line))
    return len(found)


def read_again(app, env, added, changed, removed):
    """Sphinx checks only what it has just read: a page with faults is read by every build until it has none."""
    return list(env.get_domain("faults").data["of"])


def stop_before_writing(app, env):
    if tell(env):
        raise SystemExit(1)


def setup(app):
    app.add_domain(FaultsDomain)
    app.connect("env-get-outdated", read_again)
    app.connect("env-check-consistency", stop_before_writing)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
