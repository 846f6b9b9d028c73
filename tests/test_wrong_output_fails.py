"""Whatever could make an output of a page untrue fails both builds, at its line (`_ext/verified_cells.py`).

Below stand small pages, each with one fault. An arrow marks the lines that the builds must name; a ␠ is a space that
ends its line. After the title of a page stand words that the message must contain.
"""

import re
from functools import cache

import pytest

from tiny import FIGURE, HEAD, REPO, TinySite

NOTEBOOKS = """
== a wrong digit: shows '2' where '3' is expected
```{code-cell}
print(1 + 1)
```
```{testoutput}
→3
```
== a wrong digit far down: shows '7' where '8' is expected
```{code-cell}
:tags: [predict]
for i in range(9):
    print(i)
```
```{testoutput}
0
1
2
3
4
5
6
→8
8
```
== a missing expectation: shows '2' but no expectation follows
→```{code-cell}
print(1 + 1)
```
== the repr of a last expression without an expectation: shows '2' but no expectation follows
→```{code-cell}
1 + 1
```
== an expectation on a silent cell: follows a cell that shows nothing
```{code-cell}
x = 1
```
```{testoutput}
→1
```
== an empty expectation on a silent cell: follows a cell that shows nothing
```{code-cell}
x = 1
```
```{testoutput}
→```
== a second expectation: must follow its cell directly, one for each cell
```{code-cell}
print(1)
```
```{testoutput}
1
```
→```{testoutput}
1
```
== a stray expectation: must follow its cell directly, one for each cell
→```{testoutput}
1
```
== an expectation after a paragraph: must follow its cell directly, one for each cell
```{code-cell}
x = 1
```
Text.
→```{testoutput}
1
```
== a missing last line: shows '2' where nothing more is expected
```{code-cell}
print("1\\n2")
```
```{testoutput}
1
→```
== a missing last line that is blank: shows '' where nothing more is expected
```{code-cell}
print("1\\n")
```
```{testoutput}
1
→```
== a missing first line that is blank: shows '' where '1' is expected
```{code-cell}
print("\\n1")
```
```{testoutput}
→1
```
== an extra blank line at the end: shows nothing more where '' is expected
```{code-cell}
print(1)
```
```{testoutput}
1
→
```
== an extra blank line at the beginning: shows '1' where '' is expected
```{code-cell}
print(1)
```
```{testoutput}
→
1
```
== an extra space at the end: shows '1' where '1 ' is expected
```{code-cell}
print(1)
```
```{testoutput}
→1␠
```
== a missing space at the end: shows '1 ' where '1' is expected
```{code-cell}
print("1 ")
```
```{testoutput}
→1
```
== an extra space at the beginning: shows '1' where ' 1' is expected
```{code-cell}
print(1)
```
```{testoutput}
→ 1
```
== a doubled space: shows '1 2' where '1  2' is expected
```{code-cell}
print(1, 2)
```
```{testoutput}
→1  2
```
== a pasted address: object at 0x...>' where '<object object at 0x7f3a5c0d61b0>' is expected
```{code-cell}
print(object())
```
```{testoutput}
→<object object at 0x7f3a5c0d61b0>
```
== another class beside an address: <object object at 0x...>' where '<type object at 0x...>' is expected
```{code-cell}
print(object())
```
```{testoutput}
→<type object at 0x...>
```
== ... used as a wildcard: shows '[0, 1, 2, 3]' where '[0, ..., 3]' is expected
```{code-cell}
list(range(4))
```
```{testoutput}
→[0, ..., 3]
```
== an option of doctest's on an expectation: shows '1' where ':options: +ELLIPSIS' is expected
```{code-cell}
print(1)
```
```{testoutput}
→:options: +ELLIPSIS
...
```
== a condition on an expectation: shows '1' where ':skipif: True' is expected
```{code-cell}
print(1)
```
```{testoutput}
→:skipif: True
2
```
== a group beside an expectation: beside `testoutput` is not compared
```{code-cell}
print(1)
```
→```{testoutput} other
1
```
== an exception not raised: raises none
→```{code-cell}
:tags: [raises-exception]
print("ValueError: no")
```
```{testoutput}
ValueError: no
```
== an exception of another type: 'ZeroDivisionError: division by zero' where 'ArithmeticError: division by zero' is expected
```{code-cell}
:tags: [raises-exception]
1 / 0
```
```{testoutput}
→ArithmeticError: division by zero
```
== an exception with another message: 'ZeroDivisionError: division by zero' where 'ZeroDivisionError: division by one' is expected
```{code-cell}
:tags: [raises-exception]
1 / 0
```
```{testoutput}
→ZeroDivisionError: division by one
```
== an exception with a shortened message: 'ZeroDivisionError: division by zero' where 'ZeroDivisionError: division' is expected
```{code-cell}
:tags: [raises-exception]
1 / 0
```
```{testoutput}
→ZeroDivisionError: division
```
== an exception without an expectation: no expectation follows
→```{code-cell}
:tags: [raises-exception]
1 / 0
```
== text before an exception that differs: shows '1' where '2' is expected
```{code-cell}
:tags: [raises-exception]
print(1)
1 / 0
```
```{testoutput}
→2
ZeroDivisionError: division by zero
```
== text before an exception that is left out: shows '1' where 'ZeroDivisionError: division by zero' is expected
```{code-cell}
:tags: [raises-exception]
print(1)
1 / 0
```
```{testoutput}
→ZeroDivisionError: division by zero
```
== an exception in a cell not tagged: raises 'ZeroDivisionError: division by zero'
→```{code-cell}
1 / 0
```
```{testoutput}
ZeroDivisionError: division by zero
```
== the first of two exceptions, as the second may follow from it: raises "NameError
→```{code-cell}
x = y
```
```{code-cell}
x
```
== an exit: raises 'SystemExit: 0'
→```{code-cell}
raise SystemExit(0)
```
== a process that dies: the process that ran this
→---
file_format: mystnb
kernelspec: {name: python3, language: python}
---
# Page
```{code-cell}
print(1)
```
```{testoutput}
1
```
```{code-cell}
import os
os._exit(0)
```
== a warning: UserWarning: careful
→```{code-cell}
import warnings
warnings.warn("careful")
```
== stderr: writes to stderr: 'oh'
→```{code-cell}
import sys
_ = sys.stderr.write("oh")
```
== stderr below Python: writes to stderr: 'oh'
→```{code-cell}
import os
_ = os.write(2, b"oh")
print(1)
```
```{testoutput}
1
```
== the stderr of a child: writes to stderr: 'oh'
→```{code-cell}
import subprocess
_ = subprocess.run("printf oh >&2", shell=True)
```
== stdout below Python: shows 'oh' but no expectation follows
→```{code-cell}
import os
_ = os.write(1, b"oh")
```
== a syntax error: is not Python
→```{code-cell}
print(1
```
== a return outside a function: is not Python
→```{code-cell}
return 1
```
== a command for IPython: is not Python
→```{code-cell}
!true
```
== a magic of IPython: is not Python
→```{code-cell}
%matplotlib inline
```
== an await outside a function: is not Python
→```{code-cell}
import asyncio
await asyncio.sleep(0)
```
== the tag remove-output: `remove-output` could hide
→```{code-cell}
:tags: [remove-output]
print(1)
```
```{testoutput}
1
```
== the tag remove-input: `remove-input` could hide
→```{code-cell}
:tags: [remove-input]
print(1)
```
```{testoutput}
1
```
== the tag remove_output in its old spelling: `remove_output` could hide
→```{code-cell}
:tags: [remove_output]
x = 1
```
== the tag remove-cell: `remove-cell` could hide
→```{code-cell}
:tags: [remove-cell]
x = 1
```
```{code-cell}
x
```
```{testoutput}
1
```
== the tag remove-stderr: `remove-stderr` could hide
→```{code-cell}
:tags: [remove-stderr]
x = 1
```
== the tag skip-execution: `skip-execution` could hide
→```{code-cell}
:tags: [skip-execution]
x = 1
```
== an option that hides outputs: `remove_code_outputs` could hide
→```{code-cell}
---
mystnb:
  remove_code_outputs: true
---
print(1)
```
```{testoutput}
1
```
== code from elsewhere: `load` could hide
→```{code-cell}
:load: conf.py
```
== execution turned over to myst-nb in the front matter: `mystnb` in the front matter
→---
file_format: mystnb
kernelspec: {name: python3, language: python}
mystnb: {execution_mode: force}
---
# Page
```{code-cell}
print(1)
```
```{testoutput}
1
```
== front matter that is not YAML: the front matter is not YAML
---
file_format: mystnb
cover: [fig
→kernelspec: {name: python3, language: python}
---
# Page
== options that are not YAML: the options of this cell are not YAML
→```{code-cell}
:tags: [raises-exception
print(1)
```
== a page that is not declared a notebook: shows '1' where '2' is expected
# Page
```{code-cell} python3
print(1)
```
```{testoutput}
→2
```
== a cell in a list, and its expectation: nothing runs this `code-cell`|must follow its cell
1. Item

   →```{code-cell}
   print(1)
   ```
   →```{testoutput}
   1
   ```
== a cell in an admonition: nothing runs this `code-cell`
:::{note}
→```{code-cell}
print(1)
```
:::
== a cell fenced with colons: nothing runs this `code-cell`
→:::{code-cell}
print(1)
:::
== a testcode: nothing runs this `testcode`
→```{testcode}
print(1)
```
== a doctest directive: nothing runs this `doctest`
→```{doctest}
>>> 1
2
```
== a prompt in a code block: nothing verifies a `>>>`
→```python
>>> 1 + 1
3
```
== a prompt in reST inside a notebook: nothing verifies a `>>>`
```{eval-rst}
→>>> 1 + 1
3
```
== a wrong digit in a solution: shows '2' where '3' is expected
{.solution}
## Solution

```{code-cell}
print(1 + 1)
```
```{testoutput}
→3
```
"""

PROMPTS = """
== a wrong digit: shows '2' where '3' is expected
>>> 1 + 1
→3
== a wrong digit after examples that begin alike: shows '1' where '2' is expected
>>> x = 1
>>> x
1

Text.

>>> x = 1
>>> x
→2
== a wrong digit after a source of several lines: shows '1' where '2' is expected
>>> for i in range(2):
...     print(i)
0
→2
== wrong digits in a note and a list: shows '2' where '3' is expected|shows '4' where '5' is expected
.. note::

   >>> 1 + 1
   →3

* item

  >>> 2 + 2
  →5
== a missing expectation: no expectation follows
>>> x = 1
→>>> x
>>> y = 1
== an expectation on a silent example: follows a cell that shows nothing
>>> x = 1
→1
== a missing last line: shows '2' where nothing more is expected
>>> print("1\\n2")
1
→
== a missing blank line: shows '' where '2' is expected
>>> print("1\\n\\n2")
1
→2
== an extra blank line: shows nothing more where '' is expected
>>> print("1")
1
→<BLANKLINE>
== a doubled space: shows '1 2' where '1  2' is expected
>>> print(1, 2)
→1  2
== a pasted address: object at 0x...>' where '<object object at 0x7f3a5c0d61b0>' is expected
>>> object()
→<object object at 0x7f3a5c0d61b0>
== ... used as a wildcard: shows '[0, 1, 2, 3]' where '[0, ..., 3]' is expected
>>> list(range(4))
→[0, ..., 3]
== an option of doctest's: sets an option of doctest
→>>> 1 + 1  # doctest: +SKIP
2
== an option that doctest does not know: cannot be read
→>>> 1 + 1  # doctest: +ANYTHING
2
== an exception with another message: 'ZeroDivisionError: division by zero' where 'ZeroDivisionError: division by one' is expected
>>> 1 / 0
Traceback (most recent call last):
    ...
→ZeroDivisionError: division by one
== an exception of another type: 'ZeroDivisionError: division by zero' where 'ValueError: division by zero' is expected
>>> 1 / 0
Traceback (most recent call last):
    ...
→ValueError: division by zero
== an exception not raised: raises none
→>>> x = 1
Traceback (most recent call last):
    ...
ValueError: no
== an exception that nobody announced: raises
→>>> 1 / 0
== an exit: raises
→>>> raise SystemExit(0)
== a warning: UserWarning: careful
→>>> import warnings; warnings.warn("careful")
== a syntax error: is not Python
→>>> print(1
== an example in a table: on lines of its own
+---------+------+
→| >>> 1   | text |
| 2       |      |
+---------+------+
== an example in an included file: must stand in the page itself
.. include:: included.txt
== a prompt in a code block: nothing verifies a `>>>`
→.. code-block:: python

   >>> 1 + 1
   3
== a prompt in a literal block: nothing verifies a `>>>`
Look::

→   >>> 1 + 1
   3
== a testoutput: must follow its cell directly
>>> print(1)
1

→.. testoutput::

   1
== a testcode: nothing runs this `testcode`
→.. testcode::

   print(1)
== a code-cell: nothing runs this `code-cell`
→.. code-cell::

   print(1)
"""


def cases(text, suffix, head):
    """Each page of `text` as (title, name, page, the lines marked, the words of each message)."""
    for number, case in enumerate(re.split("^== ", text, flags=re.MULTILINE)[1:]):
        title, _, body = case.partition("\n")
        title, _, words = title.partition(": ")
        page = (body if "# Page" in body else head + body).replace("␠", " ")
        lines = [number for number, line in enumerate(page.split("\n"), 1) if line.lstrip().startswith("→")]
        yield f"{suffix}: {title}", f"{suffix}{number}.{suffix}", page.replace("→", ""), lines, words.split("|")


CASES = [*cases(NOTEBOOKS, "md", HEAD), *cases(PROMPTS, "rst", "Page\n====\n\n")]
BUILDERS = pytest.mark.parametrize("builder", ["html", "doctest"])
INDEX = "Pages\n=====\n\n.. toctree::\n   :glob:\n\n   *\n"
PAGES = {name: page for _, name, page, _, _ in CASES} | {"index.rst": INDEX, "included.txt": ">>> 1\n2\n"}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """``told(builder)[name]`` is what a builder tells of each of these pages: [(line, sentence), ...].

    They stand in one site, built again without those of which something was told, until nothing is: a doctest
    runs no cell while pages have faults of another kind.
    """

    @cache
    def build(builder):
        site = TinySite(tmp_path_factory.mktemp(builder), PAGES, {})
        told = {}
        while site.build(builder).status and site.errors:
            assert not list(site.out.glob("*.html"))
            for file, line, sentence in site.errors:
                told.setdefault(file, []).append((line, sentence))
            for file in {file for file, _, _ in site.errors}:
                (site.src / file).unlink()
        assert site.status == 0, site.log
        return told

    return build


@pytest.mark.parametrize("name, page, lines, words", [pytest.param(*case, id=title) for title, *case in CASES])
@BUILDERS
def test_a_page_with_one_fault(told, builder, name, page, lines, words):
    found = told(builder).get(name, [])
    assert len(found) == len(words), (page, found)
    for (_, sentence), expected in zip(found, words):
        assert expected in sentence, page
    if lines:
        assert [line for line, _ in found] == lines, page


@BUILDERS
def test_state_borrowed_from_another_page(tiny_site, builder):
    lends = "```{code-cell}\nimport torch\ntorch.set_default_dtype(torch.float64)\nsecret = 1\n```\n"
    borrows = "```{code-cell}\nimport torch\nprint(torch.ones(1).dtype)\n```\n```{testoutput}\ntorch.float64\n```\n"
    pages = {"a.md": HEAD + lends, "b.md": HEAD + "```{code-cell}\nsecret\n```\n", "c.md": HEAD + borrows}
    site = tiny_site({"index.rst": INDEX, **pages}, builder)
    assert site.status == 1
    (one, line_of_one, name), (other, line_of_other, dtype) = site.errors
    assert (one, line_of_one, other, line_of_other) == ("b.md", 8, "c.md", 13)
    assert "NameError: name 'secret' is not defined" in name
    assert "shows 'torch.float32' where 'torch.float64' is expected" in dtype


@BUILDERS
def test_a_stored_notebook(tiny_site, builder):
    cell = '{"cell_type": "code", "execution_count": 1, "metadata": {}, "source": "1", "outputs": []}'
    site = tiny_site({"index.rst": INDEX, "a.ipynb": f'{{"cells": [{cell}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 4}}'}, builder)
    assert site.status == 1
    assert [(file, line) for file, line, _ in site.errors] == [("a.ipynb", 1)]


LOOK = {"chapters/matplotlibrc": (REPO / "chapters" / "matplotlibrc").read_text("utf-8")}


ONE_CHAPTER = {"index.rst": "Pages\n=====\n\n.. toctree::\n   :glob:\n\n   chapters/*\n", "chapters/a.md": HEAD + FIGURE, **LOOK}


@pytest.fixture(scope="module")
def locked(tmp_path_factory):
    """The pages of a site with a figure, accepted."""
    site = TinySite(tmp_path_factory.mktemp("drawn"), ONE_CHAPTER, {}).build("accept")
    assert site.status == 0, site.log
    return ONE_CHAPTER | {"chapters/figures.lock": (site.src / "chapters" / "figures.lock").read_text("utf-8")}


@BUILDERS
@pytest.mark.parametrize(
    "old, new, lines, words",
    [
        ("[1, 2]", "[1, 2.1]", [9], "`fig-line` has changed"),
        ("plt.show()", "ax.plot([2, 2]); plt.show()", [9], "`fig-line` has changed"),
        ("plt.show()", "plt.close()", [9], "draws no figure `fig-line`"),
        ("plt.show()", "plt.subplots(); plt.show()", [9], "draws 2 figures, 1 named"),
        ("  figure: {name: fig-line}\n", "", [1, 9], "draws 1 figures, 0 named|no more"),
        ("fig-line}", "fig-other}", [1, 9], "`fig-other` is new|`fig-line` of figures.lock is drawn no more"),
        (FIGURE, "Only words.", [1], "`fig-line` of figures.lock is drawn no more"),
        (FIGURE, FIGURE + FIGURE, [21], "another cell of this page draws a figure `fig-line`"),
    ],
    ids=["moved", "with a line more", "not drawn", "two in a cell", "without a name", "renamed", "gone", "twice"],
)
def test_a_figure_that_is_not_the_locked_one(tiny_site, locked, builder, old, new, lines, words):
    site = tiny_site(locked | {"chapters/a.md": (HEAD + FIGURE).replace(old, new)}, builder)
    assert site.status == 1
    assert [(file, line) for file, line, _ in site.errors] == [("chapters/a.md", line) for line in lines], site.log
    for expected in words.split("|"):
        assert any(expected in sentence for _, _, sentence in site.errors), site.log


@BUILDERS
@pytest.mark.parametrize(
    "file, old, new",
    [
        ("chapters/a.md", r"\[1, 2\]", "[1, 2.1]"),
        ("chapters/matplotlibrc", "$", "\nlines.linewidth: 2.5\n"),
        ("chapters/figures.lock", r"\w{64}", "0" * 64),
    ],
)
def test_a_figure_that_is_the_locked_one_no_more(tiny_site, locked, builder, file, old, new):
    site = tiny_site(locked, builder)
    assert site.status == 0, site.log
    site.write({file: re.sub(old, new, locked[file])})
    site.build(builder)
    assert site.status == 1
    assert [(file, line) for file, line, _ in site.errors] == [("chapters/a.md", 9)], site.log
