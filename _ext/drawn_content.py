"""What a figure shows, as one hash: equal exactly when a reader would call two figures the same.

Two SVGs of matplotlib are the same figure when they draw the same outlines, in the same order, in the same style:

- A point counts where it lands on the drawing, after every transform, to a hundredth of the drawing's unit. So the last
  digits of another processor change nothing, whereas a moved label, another letter or another font does.
- Colour, opacity, line width, dashes and clipping count, and the size of the whole drawing.
- Names do not count: matplotlib makes ids out of float digits. A reference stands for what it refers to.
- Metadata, comments and layout of the file do not count.
"""

from __future__ import annotations

import hashlib
import math
import re
from xml.etree import ElementTree

REFERENCE = re.compile(r"#([\w.-]+)")
GEOMETRY = {"id", "d", "x", "y", "width", "height", "transform"}
# Points of a layout often lie on the boundary between two hundredths (12.345), where a last digit would decide.
# A grid that is shifted by an odd amount has its boundaries elsewhere.
SHIFT = 0.001234
UPRIGHT = (1, 0, 0, 1, 0, 0)


def drawn_hash(svg: str) -> str:
    """The SHA-256, in hex, of what an SVG written by matplotlib draws."""
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    by_id = {element.get("id"): element for element in root.iter()}
    content = [root.get("viewBox"), *(drawn(child, UPRIGHT, by_id) for child in shown(root))]
    return hashlib.sha256(repr(content).encode()).hexdigest()


def shown(element):
    return [child for child in element if child.tag not in ("defs", "metadata", "title")]


def drawn(element, outer, by_id):
    """An element as nested tuples: what it is, where its points land, its style, what it refers to and contains."""
    matrix = outer
    for name, numbers in re.findall(r"(\w+)\(([^)]*)\)", element.get("transform", "")):
        matrix = times(matrix, affine(name, floats(numbers)))
    if element.tag == "use":
        matrix = times(matrix, affine("translate", corners(element)[:2]))
    style = {name: value for name, value in element.items() if name not in GEOMETRY}
    references = [id for value in style.values() for id in REFERENCE.findall(value) if id in by_id]
    for id in references:
        style = {name: value.replace(f"#{id}", "#") for name, value in style.items()}
    path = element.get("d", "")
    return (
        element.tag,
        commands(path),
        landed(floats(path) or corners(element), matrix),
        sorted(style.items()),
        (element.text or "").strip(),
        [drawn(by_id[id], matrix, by_id) for id in references],
        [drawn(child, matrix, by_id) for child in shown(element)],
    )


def commands(path):
    """The letters of a path, without a ``z`` that draws nothing, as the path is back where it began: whether a contour
    gets one is decided by the last digit of its last point."""
    letters = []
    for part in re.findall("M[^M]*", path):
        points, drawn = floats(part), re.findall("[A-Za-z]", part)
        if drawn[-1] == "z" and landed(points[:2], UPRIGHT) == landed(points[-2:], UPRIGHT):
            drawn.pop()
        letters += drawn
    return letters


def floats(text):
    return [float(number) for number in re.findall(r"-?[\d.]+(?:e[-+]?\d+)?", text)]


def corners(element):
    x, y, width, height = (float(element.get(name, 0)) for name in ("x", "y", "width", "height"))
    return [x, y, x + width, y + height]


def landed(numbers, matrix):
    """The points x, y, x, y, ... after `matrix`, in whole hundredths."""
    a, b, c, d, e, f = matrix
    points = zip(numbers[::2], numbers[1::2])
    return [round((value + SHIFT) * 100) for x, y in points for value in (a * x + c * y + e, b * x + d * y + f)]


def affine(name, numbers):
    """A transform of SVG as (a, b, c, d, e, f): x, y → ax + cy + e, bx + dy + f."""
    match name, numbers:
        case "matrix", _:
            return tuple(numbers)
        case "translate", [x, *y]:
            return (1, 0, 0, 1, x, *(y or [0]))
        case "scale", [x, *y]:
            return (x, 0, 0, *(y or [x]), 0, 0)
        case "rotate", [degrees]:
            turn = math.radians(degrees)
            return (math.cos(turn), math.sin(turn), -math.sin(turn), math.cos(turn), 0, 0)
    raise ValueError(f"matplotlib is not known to write {name}({numbers})")


def times(outer, inner):
    """The affine map that applies `inner`, then `outer`."""
    a, b, c, d, e, f = outer
    p, q, r, s, t, u = inner
    return (a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f)
