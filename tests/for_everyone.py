"""What keeps a page from being for everyone: what axe finds, and controls that a finger would miss."""

from pathlib import Path

AXE = Path(__file__).resolve().parents[1] / "node_modules" / "axe-core" / "axe.min.js"
FINGER = 44  # px: WCAG 2.2, 2.5.5

FOUND = """([where, options]) => axe.run(where ?? document, options).then(({ violations }) =>
  violations.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => [html, failureSummary])]))"""


def axe(page, where="figure.explorable", **options):
    """What axe, run with `options`, finds wrong in `where` on `page` (None: anywhere): [[rule, [[element, why], ...]], ...]."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=AXE)
    return page.evaluate(FOUND, [where, options])


def crowded(controls):
    """The places of those `controls` that are smaller than a finger, and of those that cover one another."""
    boxes = controls.evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
    assert boxes
    small = [box for box in boxes if min(box["width"], box["height"]) < FINGER]
    return small + [(one, other) for one in boxes for other in boxes if one is not other and not apart(one, other)]


def apart(one, other, slack=1.5):
    """Whether two boxes overlap by no more than `slack` px."""
    return any(
        first[end] <= second[start] + slack
        for start, end in (("left", "right"), ("top", "bottom"))
        for first, second in ((one, other), (other, one))
    )
