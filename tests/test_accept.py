"""`make accept` makes the expectations true and touches nothing else (`_ext/accept.py`)."""

import pytest

from tiny import HEAD, REPO

BEFORE = """\
Words   that keep    their spaces.␠␠

```{code-cell}
print(1 + 1)
```
```{testoutput}
3
```

```{code-cell}
print("right")
```

```{testoutput}
right
```
```{code-cell}
:tags: [predict]
"a new one"
```
```{code-cell}
x = 1
```
```{testoutput}
silent now
```
Text.
~~~{code-cell}
print("line\\n\\nline ")
~~~
~~~~{testoutput}

line
~~~~

```{code-cell}
print(object())
print("```")
```
```{testoutput}
<object object at 0x7f3a5c0d61b0>
```

```{code-cell}
:tags: [raises-exception]
print("before")
1 / 0
```
```{testoutput}
ZeroDivisionError: division by one
```

{.solution}
## Solution

```{code-cell}
print("解答")
```
```{testoutput}
解
```
""".replace("␠", " ")

AFTER = """\
Words   that keep    their spaces.␠␠

```{code-cell}
print(1 + 1)
```
```{testoutput}
2
```

```{code-cell}
print("right")
```

```{testoutput}
right
```
```{code-cell}
:tags: [predict]
"a new one"
```
```{testoutput}
'a new one'
```
```{code-cell}
x = 1
```
Text.
~~~{code-cell}
print("line\\n\\nline ")
~~~
```{testoutput}
line

line␠
```

```{code-cell}
print(object())
print("```")
```
````{testoutput}
<object object at 0x...>
```
````

```{code-cell}
:tags: [raises-exception]
print("before")
1 / 0
```
```{testoutput}
before
ZeroDivisionError: division by zero
```

{.solution}
## Solution

```{code-cell}
print("解答")
```
```{testoutput}
解答
```
""".replace("␠", " ")

PROMPTS_BEFORE = """\
Page
====

>>> 1 + 1
3
>>> x = 1
silent now
>>> x
>>> x + 1
2

.. note::

   >>> for i in range(2):
   ...     print(i)
   0
   7
   8

* An item

  >>> print("a\\n\\nb")
  a
  >>> object()
  <object object at 0x7f3a5c0d61b0>

>>> 1 / 0
Traceback (most recent call last):
  File "<stdin>", line 1, in <module>
ZeroDivisionError: division by one
"""

PROMPTS_AFTER = """\
Page
====

>>> 1 + 1
2
>>> x = 1
>>> x
1
>>> x + 1
2

.. note::

   >>> for i in range(2):
   ...     print(i)
   0
   1

* An item

  >>> print("a\\n\\nb")
  a
  <BLANKLINE>
  b
  >>> object()
  <object object at 0x...>

>>> 1 / 0
Traceback (most recent call last):
    ...
ZeroDivisionError: division by zero
"""

WRONG = HEAD + "```{code-cell}\nprint(2)\n```\n```{testoutput}\n3\n```\n"
RIGHT = WRONG.replace("\n3\n", "\n2\n")


def source(site, name):
    return (site.src / name).read_text("utf-8")


@pytest.mark.parametrize(
    "name, before, after",
    [("index.md", HEAD + BEFORE, HEAD + AFTER), ("index.rst", PROMPTS_BEFORE, PROMPTS_AFTER)],
    ids=["notebook", "prompts"],
)
def test_what_differs_is_rewritten_and_the_builds_pass(tiny_site, name, before, after):
    site = tiny_site({name: before}, "accept")
    assert site.status == 0, site.log
    assert source(site, name) == after
    for builder in ("html", "doctest"):
        assert site.build(builder).status == 0, site.log
    written = (site.src / name).stat().st_mtime_ns
    assert site.build("accept").status == 0 and "accepted" not in site.log
    assert (site.src / name).stat().st_mtime_ns == written


@pytest.mark.parametrize(
    "cell, words",
    [
        ("1 / 0", "raises 'ZeroDivisionError"),
        ("import sys; _ = sys.stderr.write('oh')", "writes to stderr"),
        ("print(", "is not Python"),
        ("import os; os._exit(0)", "died"),
        (":tags: [raises-exception]\nprint(1)", "raises none"),
        ("import matplotlib.pyplot as plt; _ = plt.plot([1, 2])", "draws 1 figures, 0 named"),
        ("import matplotlib.pyplot as plt\nfig, ax = plt.subplots()", "draws 1 figures, 0 named"),
    ],
)
def test_a_page_that_no_expectation_makes_true_is_left_as_it_is(tiny_site, cell, words):
    faulty = WRONG + f"```{{code-cell}}\n{cell}\n```\n"
    lock = f"a fig-a {'0' * 64}\n"
    index = "Pages\n=====\n\n.. toctree::\n   :glob:\n\n   *\n"
    site = tiny_site({"index.rst": index, "a.md": faulty, "b.md": WRONG, "chapters/figures.lock": lock}, "accept")
    assert site.status == 1
    assert [file for file, _, _ in site.errors] == ["a.md"] and words in site.errors[0][2], site.log
    assert source(site, "a.md") == faulty
    assert source(site, "b.md") == RIGHT
    assert source(site, "chapters/figures.lock") == lock


def test_with_a_stray_expectation_nothing_is_written(tiny_site):
    stray = RIGHT + "```{testoutput}\n2\n```\n"
    index = "Pages\n=====\n\n.. toctree::\n   :glob:\n\n   *\n"
    site = tiny_site({"index.rst": index, "a.md": stray, "b.md": WRONG}, "accept")
    assert site.status == 1
    assert source(site, "a.md") == stray
    assert source(site, "b.md") == WRONG


def test_figures_are_accepted_one_by_one(tiny_site):
    def page(*figures):
        cells = "```{{code-cell}}\n---\nmystnb:\n  figure: {{name: {0}}}\n  image: {{alt: {0}}}\n---\n{1}\n```\n"
        code = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot({})\nplt.show()"
        return HEAD + "".join(cells.format(name, code.format(points)) for name, points in figures)

    def lines():
        return dict(line.rsplit(" ", 1) for line in source(site, "chapters/figures.lock").splitlines())

    index = "Pages\n=====\n\n.. toctree::\n\n   chapters/a\n"
    look = {"chapters/matplotlibrc": (REPO / "chapters" / "matplotlibrc").read_text("utf-8")}
    three = page(("fig-one", [1, 2]), ("fig-two", [1, 3]), ("fig-three", [1, 4]))
    site = tiny_site({"index.rst": index, "chapters/a.md": three, **look}, "accept")
    before = lines()
    assert list(before) == ["chapters/a fig-one", "chapters/a fig-three", "chapters/a fig-two"]
    assert len(set(before.values())) == 3

    site.write({"chapters/a.md": page(("fig-one", [1, 2]), ("fig-two", [1, 5]), ("fig-four", [1, 4]))})
    assert site.build("accept").status == 0, site.log
    after = lines()
    assert list(after) == ["chapters/a fig-four", "chapters/a fig-one", "chapters/a fig-two"]
    assert after["chapters/a fig-one"] == before["chapters/a fig-one"]
    assert after["chapters/a fig-two"] != before["chapters/a fig-two"]
    assert after["chapters/a fig-four"] == before["chapters/a fig-three"]
    for builder in ("html", "doctest"):
        assert site.build(builder).status == 0, site.log
