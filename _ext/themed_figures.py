"""The figures that cells draw become part of the page, so that they obey the reader's theme.

An ``<img>`` hears the system's light/dark setting but not the page's own switch. So in HTML each SVG output is
put into the page itself, with the colours of the palette (``chapters/matplotlibrc``, the one place that names them)
turned into the CSS variables of ``_static/figures.css``. Other builders keep the image as it is.

A figure without alt text, or with a colour that no theme can change, is a fault of its page.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from faults import report

MATPLOTLIBRC = Path(__file__).parents[1] / "chapters" / "matplotlibrc"
PAINT = re.compile(r"\b(fill|stroke|stop-color): *(#\w+)")
REFERENCE = re.compile(r"(?:^|(?<=url\())#([\w.-]+)")  # a whole link, or within url(...)


@cache
def palette():
    """The colours a figure may use, as ``{"#rrggbb": "--figure-..."}``: C0, C1, ..., then ink, then grid."""
    import matplotlib  # only pages with figures pay for it

    rc = matplotlib.rc_params_from_file(MATPLOTLIBRC, use_default_template=False)
    cycle = rc["axes.prop_cycle"].by_key()["color"]
    named = {f"c{number}": colour for number, colour in enumerate(cycle)}
    named |= {"ink": rc["text.color"], "grid": rc["grid.color"]}
    return {matplotlib.colors.to_hex(colour): f"--figure-{name}" for name, colour in named.items()}


def parse(svg):
    """The root of an SVG: no namespaces, no parts that draw nothing, every paint in a ``style``."""
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        element.tag = local(element.tag)
        element.attrib = {local(name): value for name, value in element.attrib.items()}
        element.text = element.tail = None  # letters are paths: text between tags is only layout
        paints = [f"{name}: {element.attrib.pop(name)}" for name in ("fill", "stroke") if name in element.attrib]
        if paints:
            element.set("style", "; ".join([*paints, element.get("style", "")]))
    for parent in root.iter():
        # A <style> inside a page would style the whole page.
        parent[:] = [child for child in parent if child.tag not in ("metadata", "title", "style")]
    return root


def local(name):
    return name.rpartition("}")[2]


def unthemed(svg):
    """What in a figure cannot follow the theme, sorted: colours outside the palette, and ``"a raster image"``."""
    root = parse(svg)
    found = {colour for element in root.iter() for _, colour in PAINT.findall(element.get("style", ""))}
    if is_black(root):
        found.add("#000000")
    if root.find(".//image") is not None:
        found.add("a raster image")
    return sorted(found - palette().keys())


def is_black(element):
    """Whether something in `element` has no fill of its own: matplotlib leaves out black, SVG's default."""
    if element.tag == "defs" or "fill:" in element.get("style", ""):
        return False
    return element.tag in ("path", "use") or any(map(is_black, element))


def themed(svg, label, prefix):
    """An SVG as drawn by matplotlib → one ``<svg>`` element to put into a page.

    Its accessible name is `label`; its ids begin with `prefix`, so that two figures of a page do not share any.
    Coordinates keep two decimals, a hundredth of a point.
    """
    root = parse(svg)
    ids = new_ids(root, prefix)
    for element in root.iter():
        if id := element.attrib.pop("id", None):
            if id in ids:
                element.set("id", ids[id])
        for name, value in element.items():
            element.set(name, shortened(name, rewired(value, ids)))
        if style := element.get("style"):
            element.set("style", PAINT.sub(lambda paint: f"{paint[1]}: var({palette()[paint[2]]})", style))
    root.attrib = {
        "class": "themed-figure",
        "viewBox": root.get("viewBox"),
        "style": f"--figure-width: {root.get('width')}",
        "stroke-linejoin": "round",  # what the dropped <style> said
        "role": "img",
        "aria-label": label,
    }
    return ElementTree.tostring(root, encoding="unicode")


def new_ids(root, prefix):
    """A new id for each one that is referred to: ``{old: new}``. The others serve nobody."""
    found = (id for element in root.iter() for value in element.attrib.values() for id in REFERENCE.findall(value))
    return {id: f"{prefix}-{number}" for number, id in enumerate(dict.fromkeys(found))}


def rewired(value, ids):
    return REFERENCE.sub(lambda found: f"#{ids[found[1]]}", value)


def shortened(name, value):
    if name == "d":
        return relative(value)
    if name == "transform":  # a scale keeps all its digits
        return re.sub(r"translate\([^)]*\)", lambda found: rounded(found[0]), value)
    return rounded(value) if name in ("x", "y", "width", "height") else value


def rounded(numbers):
    return re.sub(r"-?\d+\.\d+", lambda found: decimal(hundredths(found[0])), numbers)


def relative(path):
    """The same path, each point told from the one before: small numbers, so a quarter less to download.

    It is counted in whole hundredths, so no error adds up along a path. matplotlib writes only M, L, Q, C and z.
    """
    written, start, here = [], (0, 0), (0, 0)
    for command, numbers in re.findall(r"([MLQCz])([^MLQCz]*)", path):
        points = [hundredths(number) for number in numbers.split()]
        steps = [value - here[index % 2] for index, value in enumerate(points)]
        here = tuple(points[-2:]) or start
        start = here if command == "M" else start
        written.append(command.lower() + " ".join(map(decimal, steps)))
    return "".join(written)


def hundredths(number):
    return round(float(number) * 100)


def decimal(hundredths):
    return f"{hundredths / 100:.15g}"


def drawn_by_cells(document):
    """The images that the code cells of a page made, each with its cell."""
    for cell in document.findall(nodes.container):
        if cell.get("nb_element") == "cell_code":
            for image in cell.findall(nodes.image):
                yield cell, image


class CheckFigures(SphinxTransform):
    """Report the figures of a page that some reader could not see."""

    default_priority = 500

    def apply(self, **kwargs):
        for cell, image in drawn_by_cells(self.document):
            self.env.note_dependency(MATPLOTLIBRC)
            if not image.get("alt", "").strip():
                self.fault(cell, "this figure has no alt text; say what one sees in it under `mystnb: image: alt:`")
            if image["uri"].endswith(".svg"):
                svg = Path(self.env.relfn2path(image["uri"])[1]).read_text("utf-8")
                if found := unthemed(svg):
                    allowed = ", ".join(f"{name.removeprefix('--figure-')} {hex}" for hex, name in palette().items())
                    self.fault(cell, f"this figure uses {', '.join(found)}, which no theme can change; use {allowed}")

    def fault(self, cell, sentence):
        # myst-nb keeps the true lines; `cell.line` is two further on.
        line = self.env.metadata[self.env.docname]["source_map"][cell["cell_index"]]
        report(self.env, self.env.docname, line, sentence)


class ThemeFigures(SphinxPostTransform):
    """Put the SVG outputs into the page."""

    # After myst-nb chose what this builder shows (4); before Sphinx collects the images to copy (100 and up).
    default_priority = 50
    builders = ("html", "dirhtml", "singlehtml")

    def run(self, **kwargs):
        images = [image for _, image in drawn_by_cells(self.document) if image["uri"].endswith(".svg")]
        for number, image in enumerate(images, start=1):
            svg = Path(self.env.srcdir, image["uri"]).read_text("utf-8")
            image.replace_self(nodes.raw("", themed(svg, image["alt"], f"figure{number}"), format="html"))


def setup(app):
    app.add_transform(CheckFigures)
    app.add_post_transform(ThemeFigures)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
