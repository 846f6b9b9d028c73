"""A small site of a few pages, built in this process as ``sphinx-build`` would: what a page does, seen from outside."""

import contextlib
import io
import logging
import re
import sys
import tempfile
import warnings
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from sphinx.builders.html._assets import _file_checksum_inner
from sphinx.cmd.build import main
from sphinx.locale import translators

REPO = Path(__file__).resolve().parents[1]

logging.disable(logging.DEBUG)  # Sphinx would make 700 records a build, and show none

# A cell that draws a figure, as a chapter writes it.
FIGURE = """
```{code-cell}
---
mystnb:
  figure: {name: fig-line}
  image: {alt: a line}
---
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
ax.plot([1, 2])
plt.show()
```
"""

# The top of a MyST notebook; what follows begins on line 8.
HEAD = """\
---
file_format: mystnb
kernelspec: {name: python3, language: python}
---

# Page

"""

CONF = """\
import runpy
globals().update(runpy.run_path({real!r}))
{settings}
if "prerendered_math" not in extensions:
    del html_math_renderer
extensions = [*extensions, "tiny"]
"""

# Where a tiny site departs from the real one's conf.py: no theme to speak of, and English words around the content.
PLAIN = {
    "project": "Tiny",
    "language": "en",
    "html_theme": "basic",
    "html_title": "Tiny",
    "html_static_path": [],
    "html_css_files": [],
    "html_favicon": None,
}


# Each site would compile the same templates, which is a third of its build: what one compiled serves the others.
TEMPLATES = tempfile.TemporaryDirectory()
COMPILED = FileSystemBytecodeCache(TEMPLATES.name)


def setup(app):
    """What a tiny site has, as an extension, beside those of the real one."""

    def keep_templates(app):
        if hasattr(app.builder, "templates"):
            app.builder.templates.environment.bytecode_cache = COMPILED

    app.connect("builder-inited", keep_templates)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


@contextlib.contextmanager
def warnings_told():
    """As everywhere outside pytest, in this process and in those forked from it, warnings go to stderr, and only those
    that Python tells by itself."""
    with warnings.catch_warnings():
        warnings.resetwarnings()
        for silent in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
            warnings.simplefilter("ignore", silent)
        warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
        warnings.showwarning = lambda *told, **_: sys.stderr.write(warnings.formatwarning(*told[:4]))
        yield


class TinySite:
    """What a build gave: its exit code `status`, all its messages `log`, its pages in the folder `out`.

    The sources stand in the folder `src`; change them with `write` and `build` again.
    """

    def __init__(self, folder, pages, conf):
        self.folder, self.src = folder, folder / "source"
        settings = "".join(f"{name} = {value!r}\n" for name, value in (PLAIN | conf).items())
        self.write({"conf.py": CONF.format(real=str(REPO / "conf.py"), settings=settings)})
        self.write(pages)

    def write(self, pages):
        for name, text in pages.items():
            path = self.src / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")

    def build(self, builder="html", *options):
        """Build what has changed, as ``make`` does: HTML in folders of its own, doctest and accept share theirs."""
        doctrees = self.folder / ("doctrees" if builder == "html" else "doctrees-doctest")
        self.out = self.folder / builder
        # What a process of its own would not remember: the language of the site before, the files it once linked.
        translators.clear()
        _file_checksum_inner.cache_clear()
        told = io.StringIO()
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told), warnings_told():
            try:
                self.status = main(["-b", builder, "-d", str(doctrees), "--no-color", *options, str(self.src), str(self.out)])
            except SystemExit as end:
                self.status = end.code
        self.log = told.getvalue()
        return self

    @property
    def errors(self):
        """The errors that the build told, as (file, line, sentence)."""
        found = re.findall(r"(\S+):(\d+): ERROR: (.*)", self.log)
        return [(file.removeprefix(f"{self.src}/"), int(line), sentence) for file, line, sentence in found]

    def html(self, docname):
        return (self.out / f"{docname}.html").read_text("utf-8")
