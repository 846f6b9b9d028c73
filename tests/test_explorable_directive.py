"""A chapter mounts a picture with a directive and sets it with phrases; whatever it names wrongly fails at its line."""

import re

import pytest

LOOK = {
    "extensions": ["myst_nb", "faults", "explorable"],
    "html_math_renderer": "mathjax",  # there is no formula
    "numfig_format": {"figure": "Fig. %s"},
}
FIGURE = """\
```{explorable} descent-1d
:name: fig-rate
:eta: 0.95

Caption: {set}`just past <descent-1d eta=1.05 k=0>` the limit.

The *static* picture.
```
"""


def test_the_figure_carries_its_options_caption_number_and_fallback(tiny_site):
    built = tiny_site({"index.md": f"# Page\n\n{FIGURE}\nSee {{numref}}`fig-rate`.\n"}, **LOOK)
    assert built.status == 0, built.log
    page = built.html("index")
    figure = re.search(r"<figure.*?</figure>", page, re.DOTALL)[0]
    opening = re.match("<figure[^>]*>", figure)[0]
    for attribute in ('class="explorable"', 'data-explorable="descent-1d"', 'data-eta="0.95"', 'id="fig-rate"'):
        assert attribute in opening
    assert re.search(r'<div class="fallback[^>]*>\s*<p>The <em>static</em> picture.', figure)
    assert re.search(r"<figcaption>.*Fig\. 1.*</figcaption>", figure, re.DOTALL)
    assert re.search(r'<span class="sets" data-explorable="descent-1d" data-state="eta=1.05&amp;k=0">just past</span>', figure)
    assert re.search(r'href="#fig-rate"><span class="std std-numref">Fig\. 1', page)


def test_it_may_be_written_with_colons_too(tiny_site):
    text = FIGURE.replace("```", ":::")
    built = tiny_site({"index.md": f"# Page\n\n{text}"}, **LOOK)
    assert built.status == 0, built.log
    assert 'data-eta="0.95"' in built.html("index")


def test_scripts_are_on_the_pages_that_have_a_picture_and_on_no_other(tiny_site):
    built = tiny_site({"index.md": f"# Page\n\n{FIGURE}\n```{{toctree}}\nother\n```\n", "other.md": "# Other\n"}, **LOOK)
    assert built.status == 0, built.log
    assert re.search(r'<script type="bundled" src="_static/bundle/descent-1d.js', built.html("index"))
    assert "explorables.css" in built.html("index")
    assert "descent-1d" not in built.html("other") and "explorables.css" not in built.html("other")


def test_an_e_book_keeps_the_fallback(tiny_site):
    built = tiny_site({"index.md": f"# Page\n\n{FIGURE}"}, builder="epub", **LOOK, epub_show_urls="no", version="1")
    assert built.status == 0, built.log
    page = next(built.out.glob("index.xhtml")).read_text("utf-8")
    assert "The <em>static</em> picture." in page and "just past" in page
    assert "data-explorable" not in page and "bundle" not in page


def mounted(*options):
    return "\n".join(["```{explorable} descent-1d", *options, "", "Caption.", "", "Fallback.", "```", ""])


GOOD = mounted()
WRONG = {
    "an unknown picture": ("```{explorable} descent-7d\n\nCaption.\n\nFallback.\n```\n", 3, "no explorable 'descent-7d'; there are: .*descent-1d"),
    "an unknown option": (mounted(":speed: 3"), 3, "no 'speed'; it has: .*eta"),
    "a number that is none": (mounted(":eta: fast"), 3, "'fast' is no eta .*write a number"),
    "nan": (mounted(":eta: nan"), 3, "stay between"),
    "a number out of range": (mounted(":eta: 1e308"), 3, "stay between 0.005 and 2"),
    "half a step": (mounted(":k: 1.5"), 3, "whole number"),
    "an unknown choice": (mounted(":f: cube"), 3, "choose one of square"),
    "no fallback": ("```{explorable} descent-1d\n\nCaption.\n```\n", 3, "needs a caption and a fallback"),
    "a picture twice": (GOOD + "\n" + GOOD, 3, "mounted twice"),
    "a phrase out of range": (GOOD + "\nText {set}`far <descent-1d eta=3>` here.\n", 10, "'3' is no eta"),
    "a phrase with an unknown knob": (GOOD + "\nText {set}`far <descent-1d speed=3>` here.\n", 10, "no 'speed'"),
    "a phrase for no picture": (GOOD + "\nText {set}`far <elsewhere eta=1>` here.\n", 10, "no explorable 'elsewhere'"),
    "a phrase that says nothing": (GOOD + "\nText {set}`far` here.\n", 10, "write a phrase"),
    "a phrase for a picture of another page": ("Text {set}`far <descent-1d eta=1>` here.\n", 3, "not on this page"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_fails_the_build_at_its_line(tiny_site, kind):
    text, line, sentence = WRONG[kind]
    built = tiny_site({"index.md": f"# Page\n\n{text}"}, **LOOK)
    assert built.status == 1, built.log
    assert re.search(rf"index\.md:{line}: .*{sentence}", built.log), built.log
    assert not (built.out / "index.html").exists()
