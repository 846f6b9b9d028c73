"""Downhill in two dimensions, in a real browser: what the chapter says of it is what it shows, and it never breaks."""

import re
from pathlib import Path

import pytest
import torch
from playwright.sync_api import expect

from for_everyone import axe
from lively import DRAWN, follow, lively, pairs

CHAPTER = Path(__file__).resolve().parents[1] / "chapters" / "gradient-descent-nd.md"
PAGE = """\
# Page

```{explorable} descent-2d
:kappa: 50
:angle: 0
:x1: -5
:x2: -1
:eta: 0.0392157

Caption: {set}`just past the limit <descent-2d eta=0.0405 k=2>`.

The static picture.
```
"""
VALLEY = torch.tensor([1.0, 50.0], dtype=torch.float64)
FAR = torch.tensor([-5.0, -1.0], dtype=torch.float64)


@pytest.fixture(scope="module")
def built(tmp_path_factory, windows):
    with lively(tmp_path_factory.mktemp("plane"), windows, PAGE, "descent-2d") as pages:
        yield pages


@pytest.fixture
def page(pages):
    return pages.open()


def state(**knobs):
    return "#" + "&".join(f"descent-2d.{knob}={value}" for knob, value in knobs.items())


def rate(page):
    return page.get_by_role("slider", name="Learning rate η")


def start(page):
    return page.get_by_role("slider", name="Start", exact=True)


def method(page, name):
    return page.get_by_role("button", name=re.compile(f"^{name}"))


def points(page, key, layer="step"):
    """The points of a drawn path of the plane, in px."""
    path = page.locator(f".plane .layer-{layer} path[data-key={key}]").get_attribute("d")
    return torch.tensor(pairs(path))


def walked(eta, steps):
    x = FAR.clone().requires_grad_()
    optimizer = torch.optim.SGD([x], lr=eta)
    for _ in range(steps):
        optimizer.zero_grad()
        ((VALLEY * x * x).sum() / 2).backward()
        optimizer.step()
    return x.detach()


def test_it_says_of_the_valley_what_torch_and_the_chapter_say(page):
    left = walked(2 / 51, 100).norm() / FAR.norm()
    assert f"{left:.4f}" == "0.0183"  # as in the chapter
    verdict = page.locator(".verdict")
    expect(verdict).to_contain_text(f"After 100 steps {100 * left:.3g}% of the distance")
    expect(verdict).to_contain_text(f"along λ = 50 each step multiplies the error by −{49 / 51:.4g}")
    expect(method(page, "Gradient descent")).to_contain_text("left")
    for name in ("Preconditioned", "Newton"):
        expect(method(page, name)).to_contain_text("1 step")


def test_the_diagonal_cures_the_turned_valley_as_little_as_the_chapter_says(pages):
    page = pages.open(state(angle=30, method="preconditioned"))
    c, s = torch.tensor(torch.pi / 6).cos(), torch.tensor(torch.pi / 6).sin()
    turn = torch.tensor([[c, s], [-s, c]], dtype=torch.float64)
    H = turn.T @ torch.diag(VALLEY) @ turn
    p = H.diagonal()
    small, large = torch.linalg.eigvalsh(H / (p[:, None] * p).sqrt())
    expect(page.locator(".verdict")).to_contain_text(f"condition number from 50 to {large / small:.3g}:")
    assert f"{large / small:.2f}" in CHAPTER.read_text("utf-8")


def test_beyond_the_limit_it_diverges_in_red_and_promise_and_truth_part(page):
    page.get_by_role("button", name="just past the limit").click()
    expect(page.locator(".verdict")).to_contain_text("Divergent")
    expect(page.locator(".plane .layer-past path[data-key=path]")).to_have_class("c3 line")
    expect(method(page, "Gradient descent")).to_contain_text("diverges")
    x = walked(0.0405, 2)
    promised = -0.0405 * ((VALLEY * x) ** 2).sum()
    real = (VALLEY * (walked(0.0405, 3) ** 2 - x**2)).sum() / 2
    expect(page.locator(".told")).to_contain_text(f"promised f to change by −{-promised:.3g}, it changed by {real:.3g}")
    page.locator(".landmark", has_text="1/L").click()
    expect(page.locator(".verdict")).not_to_contain_text("Divergent")
    expect(rate(page)).to_have_attribute("aria-valuetext", "η = 0.02")


def test_the_landmarks_are_those_of_the_theory(page):
    expect(page.locator(".landmark")).to_have_text([re.compile("1/L ?0.02"), re.compile("η\\* ?0.0392"), re.compile("2/L ?0.04")])
    method(page, "Momentum").click()
    expect(page.locator(".landmark")).to_have_text([re.compile("η max ?0.064")])  # 2 (1 + 0.6) / 50
    page.get_by_role("radio", name="Himmelblau").check()
    method(page, "Gradient descent").click()
    expect(page.locator(".landmark")).to_have_count(4)


@pytest.mark.parametrize("width", [320, 1280])
def test_both_axes_have_one_scale_so_the_local_model_of_descent_is_a_circle_around_the_next_point(pages, width):
    page = pages.open(state(angle=20, eta=0.03, k=1, kappa=20, x1=-2, x2=1), viewport={"width": width, "height": 900})
    circle = points(page, "model0")
    here, there = (points(page, key)[i] for key, i in (("step", 0), ("step", 1)))
    radius = (there - here).norm()
    assert torch.allclose((circle - there).norm(dim=1), radius.expand(len(circle)), atol=0.3)
    # The step goes straight along the negative gradient, and both slices cross where it begins.
    g = points(page, "gradient")
    assert torch.cosine_similarity(g[1] - g[0], there - here, dim=0) > 0.9999
    assert abs(points(page, "s1", "hair")[0][1] - here[1]) < 0.2 and abs(points(page, "s2", "hair")[0][0] - here[0]) < 0.2


# Points of the level sets that are drawn, and of the ticks, in px.
LEVELS = """plane => {
  const path = plane.querySelector(".layer-levels path"), seen = path.getCTM(), length = path.getTotalLength()
  return {
    rings: path.getAttribute("d").split("M").length - 1,
    points: Array.from({ length: 600 }, (_, i) => path.getPointAtLength(length * i / 600).matrixTransform(seen)).map(({ x, y }) => [x, y]),
    ticks: [...plane.querySelectorAll(".axis")].map((axis, i) => [...axis.querySelectorAll("text")].map(tick =>
      [Number(tick.textContent.replace("−", "-")), Number(tick.getAttribute("xy"[i]))])),
  }
}"""


def test_the_lines_of_the_valley_are_its_level_sets(pages):
    drawn = pages.open(state(f="valley", kappa=9, angle=30)).locator(".plane").evaluate(LEVELS)
    x = []
    for axis, ticks in enumerate(drawn["ticks"]):
        (low, a), (high, b) = ticks[0], ticks[-1]
        x.append((torch.tensor(drawn["points"])[:, axis] - a) / (b - a) * (high - low) + low)
    c, s = torch.tensor(30.0).deg2rad().cos(), torch.tensor(30.0).deg2rad().sin()
    height = ((c * x[0] + s * x[1]) ** 2 + 9 * (c * x[1] - s * x[0]) ** 2) / 2
    radii = [0.4, 0.9, 1.7, 2.7, 3.9, 5.3, 7.2, 10, 14, 20, 29, 42]
    off = ((2 * height).sqrt()[:, None] / torch.tensor(radii) - 1).abs()
    assert off.min(1).values.max() < 0.02 and off.argmin(1).unique().tolist() == list(range(drawn["rings"]))


def test_newtons_model_has_two_branches_at_a_saddle_and_the_walk_gets_stuck_there(pages):
    page = pages.open(state(f="saddle", method="newton", x1=1.5, x2=0.3, eta=0.1))
    assert len(points(page, "model0")) > 10 and len(points(page, "model1")) > 10
    expect(page.locator(".told")).to_contain_text("eigenvalues −0.73 and 2")  # printed by the chapter too
    expect(page.locator(".verdict")).to_contain_text("Stuck")
    expect(method(page, "Gradient descent")).to_contain_text("steps")


def test_what_flies_out_keeps_its_direction(pages):
    page = pages.open(state(eta=2.5, x1=-5, x2=-1))
    d = page.locator(".plane .layer-future path[data-key=path]").get_attribute("d")
    x, y = pairs(d)[:2]
    to = walked(2.5, 1) - FAR
    assert (y[0] - x[0]) / (x[1] - y[1]) == pytest.approx(float(to[0] / to[1]), abs=2e-3)
    assert max(abs(float(v)) for v in re.findall(r"[-\d.]+", d)) < 2000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_slice_has_the_colour_of_its_hairline(pages, scheme):
    page = pages.open(color_scheme=scheme)
    hairlines, slices = page.locator(".layer-hair path"), page.locator(".slices .layer-curve path[data-key=f]")
    colours = [each.evaluate_all("paths => paths.map(path => getComputedStyle(path).stroke)") for each in (hairlines, slices)]
    assert colours[0] == colours[1] and len(set(colours[0])) == 2
    left, right = points(page, "s1", "hair")
    assert left[1] == right[1] and left[0] < right[0]  # the first of each is along x1


def test_the_start_moves_by_keys_and_by_pointer_and_the_link_says_where(page):
    start(page).focus()
    for key, moved in (("ArrowRight", "x₁ = −4.76, x₂ = −1,"), ("Shift+ArrowUp", "x₁ = −4.76, x₂ = 0,"), ("Alt+ArrowDown", "x₁ = −4.76, x₂ = −0.05,")):
        page.keyboard.press(key)
        expect(start(page)).to_have_attribute("aria-valuetext", re.compile("^" + re.escape(moved)))
    box = start(page).bounding_box()
    page.mouse.move(box["x"] + 22, box["y"] + 22)
    page.mouse.down()
    page.mouse.move(box["x"] + 82, box["y"] + 62)
    page.mouse.up()
    page.wait_for_function("location.hash.includes('descent-2d.x1')")
    now = dict(re.findall(r"descent-2d\.(\w+)=([^&]*)", page.url))
    assert float(now["x1"]) > -4 and float(now["x2"]) < -0.5


def test_a_method_is_chosen_by_keys_and_a_new_function_brings_its_own_start(page):
    method(page, "Momentum").press("Enter")
    expect(method(page, "Momentum")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("slider", name="Inertia μ")).to_be_visible()
    page.get_by_role("radio", name="Rosenbrock").check()
    expect(start(page)).to_have_attribute("aria-valuetext", re.compile("^x₁ = −1.5, x₂ = 2,"))
    expect(page.get_by_role("slider", name="Condition number κ")).to_be_hidden()
    method(page, "Newton").press("Enter")
    expect(page.locator(".verdict")).to_contain_text("It reached the minimum (1, 1)")


def test_hovering_a_loss_lights_its_step_everywhere(page):
    plot = page.locator(".aside .plot").first
    box = plot.bounding_box()
    curve = plot.locator("path[data-key=path]").last.get_attribute("d")
    x, y = pairs(curve)[40]
    page.mouse.move(box["x"] + x, box["y"] + y)
    expect(page.locator(".told")).to_contain_text("Step 41 goes from")
    page.mouse.move(0, 0)
    expect(page.locator(".told")).to_contain_text("Step 1 goes from")


CORNERS = [
    dict(f="rosenbrock", x1=-6, x2=-5, eta=2.5, k=100),
    dict(f="himmelblau", x1=6, x2=5, eta=2.5, mu=0.95, method="momentum", k=3),
    dict(f="valley", kappa=100, angle=-90, x1=6, x2=5, eta=2.5, k=100),
    dict(x1=0, x2=0),
    dict(f="saddle", x1=0, x2=0, method="newton"),
    dict(f="bowl", x1=0, x2=2, eta=0.5),
    dict(eta="NaN", x1="1e308", x2="-Infinity", kappa="", k=-1, f="constructor", method="%FF"),
]


def test_no_corner_and_no_hostile_link_breaks_it(pages):
    page = pages.open(state(**CORNERS[0]))
    for knobs in CORNERS:
        follow(page, state(**knobs))
        expect(page.locator(".verdict")).not_to_be_empty()
        expect(page.locator(".told")).not_to_be_empty()
        assert not re.search("NaN|Infinity|undefined", page.locator(".explorable-stage").inner_html()), knobs
    page.get_by_role("button", name="Reset").click()
    expect(start(page)).to_have_attribute("aria-valuetext", re.compile("^x₁ = −5, x₂ = −1,"))


@pytest.mark.parametrize("knobs, look", [
    (dict(eta=0.05, k=7), dict(color_scheme="light")),
    (dict(f="himmelblau", method="momentum"), dict(color_scheme="dark", viewport={"width": 320, "height": 700})),
], ids=["light", "dark320"])
def test_axe_finds_nothing_and_no_width_is_too_small(pages, knobs, look):
    page = pages.open(state(**knobs), reduced_motion="reduce", **look)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_slider_stays_under_the_finger_while_the_words_above_it_change(pages):
    page = pages.open(viewport={"width": 375, "height": 700})
    slides = """async input => {
      const tops = new Set()
      for (let part = 0; part <= 1000; part += 50) {
        input.value = part
        input.dispatchEvent(new Event("input", { bubbles: true }))
        await DRAWN
        tops.add(input.getBoundingClientRect().top + scrollY)
      }
      return tops.size
    }""".replace("DRAWN", DRAWN)
    assert rate(page).evaluate(slides) == 1


def test_the_slices_of_a_divergent_walk_show_it_as_long_as_it_is_in_the_picture(pages):
    page = pages.open(state(eta=0.0405, k=40))
    for i in range(2):
        curve = page.locator(".slice").nth(i).locator("path[data-key=f]").bounding_box()
        dot = page.locator(".slice").nth(i).locator("[data-key=now]").bounding_box()
        assert curve["y"] <= dot["y"] + dot["height"] and dot["y"] <= curve["y"] + curve["height"]


@pytest.mark.parametrize("width", [320, 1280])
def test_hit_areas_are_large_enough(pages, width):
    page = pages.open(viewport={"width": width, "height": 900})
    controls = page.locator(".explorable-stage :is(button, .choice label, .slider-input, .scrubber, .handle):visible")
    boxes = controls.evaluate_all("all => all.map(one => [one.className, one.offsetWidth, one.offsetHeight])")
    assert len(boxes) > 15 and [box for box in boxes if min(box[1:]) < 44] == []


def test_without_javascript_there_is_the_static_picture(pages):
    expect(pages.open(alive=False, java_script_enabled=False).get_by_text("The static picture.")).to_be_visible()
