"""Figures stand in the page, in the reader's theme, with one name each; faults are told (`_ext/themed_figures.py`)."""

import gzip
import io
import re
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import pytest

from themed_figures import palette, themed, unthemed

REPO = Path(__file__).parents[1]
LOOK = {
    "extensions": ["myst_nb", "faults", "forked_cells", "themed_figures"],
    "html_theme": "furo",
    "html_static_path": [str(REPO / "_static")],
    "html_css_files": ["figures.css"],
    "numfig": True,
}
HEAD = f"""\
---
file_format: mystnb
kernelspec: {{name: python3, language: python}}
---

# Page

See {{numref}}`fig-bowl`.

```{{code-cell}}
import matplotlib
import matplotlib.pyplot as plt
import numpy as np
matplotlib.rc_file({str(REPO / "chapters" / "matplotlibrc")!r})
```
"""
BOWL = """
```{code-cell}
---
mystnb:
  figure:
    caption: A bowl.
    name: fig-bowl
  image:
    alt: A "bowl" & <one> path
---
x, y = np.meshgrid(np.linspace(-3, 3, 120), np.linspace(-2, 2, 120))
fig, ax = plt.subplots()
contours = ax.contour(x, y, x**2 / 2 + 2 * y**2 + np.sin(2 * x), levels=12, colors="C5")
ax.clabel(contours, contours.levels[::4])
path = np.array([[2.8 * 0.6**k, 1.6 * (-0.6) ** k] for k in range(41)])
ax.plot(*path.T, "o-", markersize=4)
ax.set(xlabel="$x_1$", ylabel="$x_2$")
plt.show()
```
"""
AREA = """
```{code-cell}
---
mystnb:
  image: {alt: An area}
---
fig, ax = plt.subplots()
ax.plot([0, 1], [0, 1])
ax.fill_between([0, 1], [0, 1], color="C1", alpha=0.2, hatch="//")
ax.bar([0, 1], [1, 2], color="C4", hatch="//", edgecolor="C0")
plt.show()
```
"""
GOOD = HEAD + BOWL + AREA


def drawing(line, alt="alt"):
    return f"""
```{{code-cell}}
---
mystnb:
  image: {{alt: {alt}}}
---
fig, ax = plt.subplots()
{line}
plt.show()
```
"""


def test_figures_are_part_of_the_page_and_keep_caption_and_number(tiny_site, browser):
    built = tiny_site({"index.md": GOOD}, **LOOK)
    assert built.status == 0, built.log
    assert not (built.out / "_images").exists()
    page = browser.new_page()
    page.goto((built.out / "index.html").as_uri())
    bowl = page.locator("figure#fig-bowl")
    assert bowl.locator("> svg").count() == 1
    assert bowl.locator("figcaption").inner_text().startswith("Fig. 1")
    assert page.locator("svg.themed-figure").count() == 2
    # One name: no <title>, no second label; the alt text, every character of it.
    assert page.get_by_role("img", name='A "bowl" & <one> path', exact=True).count() == 1
    assert page.locator("svg.themed-figure :is(title, desc, style, metadata)").count() == 0
    ids = page.eval_on_selector_all("[id]", "all => all.map(element => element.id)")
    assert len(ids) == len(set(ids))
    pointing = page.eval_on_selector_all(
        ".themed-figure *",
        """all => all.flatMap(element => [...element.attributes])
            .flatMap(({name, value}) => [...value.matchAll(name === 'href' ? /^#(.+)/g : /url\\(#([^)]+)/g)])
            .map(found => document.getElementById(found[1])?.closest('svg.themed-figure') != null)""",
    )
    assert len(pointing) > 50 and all(pointing)
    page.close()


def test_figures_scale_with_the_page(tiny_site, browser):
    built = tiny_site({"index.md": GOOD}, **LOOK)
    for width in (375, 1280):
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto((built.out / "index.html").as_uri())
        box = page.locator("svg.themed-figure").first.bounding_box()
        assert box["width"] == pytest.approx(min(345.6 * 4 / 3 * 1.15, width - 32), abs=1)
        assert box["height"] == pytest.approx(box["width"] * 2 / 3, abs=1)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.close()


def test_figures_obey_the_switch_of_the_page_and_stand_out_in_both_themes(tiny_site, browser):
    built = tiny_site({"index.md": GOOD}, **LOOK)
    light, dark = seen(browser, built, "light", "auto"), seen(browser, built, "dark", "auto")
    assert seen(browser, built, "dark", "light") == light
    assert seen(browser, built, "light", "dark") == dark
    assert seen(browser, built, "dark", "dark", media="print")[1:] == light[1:]
    assert light[0] != dark[0], "the path of the bowl should change its colour"
    for _, background, colours in (light, dark):
        assert len(set(colours.values())) == len(palette()) == len(colours)
        for name, colour in colours.items():
            if name != "--figure-grid":
                assert contrast(colour, background) >= 3, f"{name} {colour} on {background}"


def seen(browser, built, system, switch, media="screen"):
    """The colour of the bowl's path, the background, and the value of every colour of the palette."""
    page = browser.new_page(color_scheme=system)
    page.emulate_media(media=media, color_scheme=system)
    page.goto((built.out / "index.html").as_uri())
    found = page.evaluate(
        """([switched, names]) => {
            document.body.dataset.theme = switched
            const style = getComputedStyle(document.body)
            const path = document.querySelector('.themed-figure [style*="stroke: var(--figure-c0)"]')
            return [getComputedStyle(path).stroke, style.getPropertyValue('--color-background-primary'),
                    Object.fromEntries(names.map(name => [name, style.getPropertyValue(name)]))]
        }""",
        [switch, list(palette().values())],
    )
    page.close()
    return found


def contrast(one, other):
    """The contrast of two colours in hex as WCAG defines it, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(hex):
    digits = hex.removeprefix("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_figure_that_some_reader_cannot_see_fails_the_build_at_its_cell(tiny_site):
    faults = [
        (drawing("ax.plot([0, 1])", alt="' '"), "no alt text"),
        (drawing("ax.plot([0, 1], color='#123456')"), "uses #123456"),
        (drawing("ax.fill_between([0, 1], [0, 1], color='black')"), "uses #000000"),
        (drawing("ax.set_title('$x$', color='black')"), "uses #000000"),
        (drawing("ax.bar([0], [1], color='white', hatch='/')"), "uses #ffffff"),
        (drawing("ax.imshow([[0, 1]])"), "uses a raster image"),
    ]
    text, lines = HEAD, []
    for cell, _ in faults:
        lines.append(text.count("\n") + 2)
        text += cell
    built = tiny_site({"index.md": text.replace("See {numref}`fig-bowl`.", "")}, **LOOK)
    assert built.status == 1
    for line, (_, sentence) in zip(lines, faults):
        assert re.search(rf"index\.md:{line}: .*{sentence}", built.log), f"{line}: {sentence}\n{built.log}"
    assert len(re.findall(r"index\.md:\d+: .*this figure", built.log)) == len(faults), built.log
    assert "c0 #1f66c1" in built.log
    assert not (built.out / "index.html").exists()


def svg_of(draw):
    with matplotlib.rc_context(fname=REPO / "chapters" / "matplotlibrc"):
        fig, ax = plt.subplots()
        draw(ax)
        file = io.StringIO()
        fig.savefig(file, format="svg", metadata={"Date": None})
        plt.close(fig)
    return file.getvalue()


def test_contours_with_a_path_cost_at_most_ten_kilobytes(tiny_site):
    page = tiny_site({"index.md": GOOD}, **LOOK).html("index")
    bowl = re.search(r"<svg class=\"themed-figure\".*?</svg>", page, re.DOTALL)[0]
    assert bowl.count("<path") > 20
    assert len(gzip.compress(bowl.encode())) <= 10_240


def test_the_palette_reaches_the_page_as_names_only():
    def everything(ax):
        for number in range(6):
            ax.plot([0, 1], [0, number], f"C{number}")
        ax.grid(True)

    svg = svg_of(everything)
    part = themed(svg, "all", "figure1")
    assert unthemed(svg) == []
    assert set(re.findall(r"var\((.*?)\)", part)) == set(palette().values())
    assert not re.search(r"#[\da-f]{6}\b", part)


def test_a_path_does_not_drift_however_long_it_is():
    points = [(index * 1.006, index * 0.333) for index in range(2000)]
    path = "M " + " L ".join(f"{x:.6f} {y:.6f}" for x, y in points)
    root = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path style="fill: none" d="%s"/></svg>'
    steps = re.findall(r"[ml](\S+) ([^ml]+)", re.search(' d="(.*?)"', themed(root % path, "long", "figure1"))[1])
    assert len(steps) == len(points)
    assert sum(float(x) for x, _ in steps) == pytest.approx(points[-1][0], abs=0.005001)
    assert sum(float(y) for _, y in steps) == pytest.approx(points[-1][1], abs=0.005001)
