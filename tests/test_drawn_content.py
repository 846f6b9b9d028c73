"""Two figures have one hash exactly when a reader would call them the same (`_ext/drawn_content.py`)."""

import io
import re

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest

from drawn_content import drawn_hash


def figure(noise=0.0, last=1.0, colour="C0", label="$x^2$", size=11, rotation=0, width=1.8, alpha=1.0, marker="o"):
    """An SVG with a curve, markers, contours, a filled and clipped area, ticks, a turned label and a formula."""
    with matplotlib.rc_context({"svg.fonttype": "path", "font.size": 11, "mathtext.fontset": "cm"}):
        fig, ax = plt.subplots(figsize=(3, 2))
        x = np.linspace(-1, last, 40) * (1 + noise)
        ax.plot(x, x**2, marker, linestyle="-", color=colour, linewidth=width, alpha=alpha)
        ax.fill_between(x, x**2 + noise, color="C1", hatch="//")
        ax.contour(x, x, np.add.outer(x**2, 2 * x**2) + noise)
        ax.set(xlim=(-1.1, 1.1), ylim=(-0.1, 0.85 + noise))
        ax.set_ylabel("y")
        ax.set_title(label, fontsize=size, rotation=rotation)
        file = io.StringIO()
        fig.savefig(file, format="svg", metadata={"Date": None})
        plt.close(fig)
        return file.getvalue()


@pytest.mark.parametrize("noise", [1e-9, -1e-9, 3e-10, 1e-13])
def test_another_last_digit_is_the_same_figure(noise):
    assert figure(noise) != figure(), "the noise should show in the file, in its ids"
    assert drawn_hash(figure(noise)) == drawn_hash(figure())


@pytest.mark.parametrize(
    "change",
    [
        {"last": 1.01},
        {"colour": "C2"},
        {"label": "$x^3$"},
        {"label": "x^2"},
        {"size": 11.5},
        {"rotation": 1},
        {"width": 1.9},
        {"alpha": 0.9},
        {"marker": "s"},
        {"noise": 1e-2},
    ],
    ids=str,
)
def test_another_picture_is_another_figure(change):
    assert drawn_hash(figure(**change)) != drawn_hash(figure())


def test_names_metadata_and_comments_do_not_count():
    svg = figure()
    renamed = re.sub(r'(id="|#)(?![\da-f]{6}[;"])', r"\1other-", svg)
    assert renamed.count("other-") > 100
    bare = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", renamed, flags=re.DOTALL)
    assert "<!--" not in bare
    assert drawn_hash(bare) == drawn_hash(svg)


def svg(content):
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{content}</svg>'


@pytest.mark.parametrize(
    "one, other",
    [
        ('<path d="M 0.00 -0.00"/>', '<path d="M -0.00 0.00"/>'),
        ('<path d="M 1.125 2.5"/>', '<path d="M 1.125001 2.499999"/>'),
        ('<path d="M 12.345 0"/>', '<path d="M 12.344999 0"/>'),
    ],
)
def test_points_that_nobody_can_tell_apart_are_one(one, other):
    assert drawn_hash(svg(one)) == drawn_hash(svg(other))


@pytest.mark.parametrize(
    "one, other",
    [
        ('<path d="M 1 2 L 3 4"/>', '<path d="M 1 2 L 3 4.01"/>'),
        ('<path d="M 1 2 L 3 4"/>', '<path d="M 1 2 M 3 4"/>'),
        ('<g transform="scale(100)"><path d="M 1 2"/></g>', '<g transform="scale(100)"><path d="M 1.001 2"/></g>'),
        ('<g transform="rotate(10)"><path d="M 1 2"/></g>', '<g transform="rotate(11)"><path d="M 1 2"/></g>'),
        ('<path d="M 1 2"/><path d="M 3 4"/>', '<path d="M 3 4"/><path d="M 1 2"/>'),
        ("<text>a</text>", "<text>b</text>"),
    ],
)
def test_points_that_differ_by_a_hundredth_on_the_drawing_are_two(one, other):
    assert drawn_hash(svg(one)) != drawn_hash(svg(other))


def test_a_reference_stands_for_what_it_refers_to():
    def reused(id, shape):
        return svg(f'<defs><path id="{id}" d="{shape}"/></defs><use href="#{id}" x="1" y="2"/>')

    assert drawn_hash(reused("a", "M 0 0")) == drawn_hash(reused("b", "M 0 0"))
    assert drawn_hash(reused("a", "M 0 0")) != drawn_hash(reused("a", "M 0 1"))
