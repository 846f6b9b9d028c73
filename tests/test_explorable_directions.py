"""Every direction at once: its slopes are autograd's, it shows what the chapter prints, u is turned in either view, and
by keys, pointer, touch and link; and it never breaks."""

import json
import math
import re
import subprocess
from pathlib import Path

import pytest
import torch
from playwright.sync_api import expect

from for_everyone import axe, crowded
from lively import DRAWN, SPOKEN, follow, lively, pairs

REPO = Path(__file__).resolve().parents[1]
CHAPTER = (REPO / "chapters" / "gradient-descent-nd.md").read_text("utf-8")
PAGE = """\
# Page

```{explorable} directions

Caption: {set}`steepest <directions f=bowl x1=-5 x2=-2 angle=38.6598 h=0.1>`.

The static picture.
```

""" + "A line of text.\n\n" * 60

FIELDS = {
    "bowl": lambda x: x[0] ** 2 + 2 * x[1] ** 2,
    "saddle": lambda x: x[0] ** 2 + (x[1] ** 2 - 1) ** 2 / 4,
    "himmelblau": lambda x: (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2,
    "psi": lambda x: x[0] ** 3 / (x[0] ** 2 + x[1] ** 2),
}
TICKS = [-4.1, -0.2, 0.7, 5.0]
LOOKS = [[x1, x2, angle] for x1 in TICKS for x2 in TICKS for angle in (0, 17.5, 201, 360)]
H = 0.3
PROGRAM = """
import * as F from "FOLDER/fields.ts"
const reply = field => looks.map(([x1, x2, angle]) => {
  const now = F.look(field, x1, x2, angle)
  const quarters = [0, 90, 180, 270].map(theta => F.look(field, x1, x2, Number(F.facing(now, theta + 1.4).toPrecision(6))))
  return { ...now, quotient: F.quotient(field, now, now.u, h), quarters }
})
const special = field => field.special.flatMap(x => [0, 45, 200].map(angle =>
  F.look(field, Number(x[0].toPrecision(6)), Number(x[1].toPrecision(6)), angle)))
console.log(JSON.stringify(Object.fromEntries(Object.entries(F.fields).map(([name, field]) => [name, [reply(field), special(field)]]))))
"""


# ---- The numbers


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """What fields.ts gives, run by Node."""
    folder = tmp_path_factory.mktemp("node")
    program = f"const looks = {json.dumps(LOOKS)}, h = {H};\n" + PROGRAM.replace("FOLDER", str(REPO / "explorables" / "directions"))
    (folder / "ask.js").write_text(program, "utf-8")
    subprocess.run([REPO / "node_modules/.bin/esbuild", "ask.js", "--bundle", "--format=esm", "--outfile=out.mjs", "--log-level=error"], cwd=folder, check=True)
    return json.loads(subprocess.run(["node", "out.mjs"], cwd=folder, check=True, capture_output=True, text=True).stdout)


@pytest.mark.parametrize("name", FIELDS)
def test_slopes_gradients_and_quotients_are_those_of_torch(ours, name):
    f = FIELDS[name]
    for (*x, angle), told in zip(LOOKS, ours[name][0], strict=True):
        x, turned = torch.tensor(x, dtype=torch.float64), math.radians(angle)
        u = torch.tensor([math.cos(turned), math.sin(turned)], dtype=torch.float64)
        g = torch.func.grad(f)(x)
        scale = float(g.norm())
        assert told["g"] == pytest.approx(g.tolist(), abs=1e-12 * scale)
        assert told["slope"] == told["dot"] == pytest.approx(float(g @ u), abs=1e-12 * scale)
        assert told["slope"] == pytest.approx(scale * math.cos(math.radians(told["theta"])), abs=1e-10 * scale)
        assert told["quotient"] == pytest.approx(float((f(x + H * u) - f(x)) / H), abs=1e-11 * (1 + abs(float(f(x)))))
        assert -45 <= told["theta"] < 315 and not told["still"] and not told["kink"]


@pytest.mark.parametrize("name", FIELDS)
def test_a_quarter_turn_that_is_nearly_hit_is_hit(ours, name):
    for told in ours[name][0]:
        norm = told["norm"]
        assert [quarter["mark"] for quarter in told["quarters"]] == [0, 90, 180, 270]
        up, left, down, right = (quarter["slope"] for quarter in told["quarters"])
        assert [up, left, down, right] == pytest.approx([norm, 0, -norm, 0], abs=1e-15 * norm)


def test_where_the_gradient_is_zero_every_direction_is_flat_and_at_the_kink_the_slope_is_no_dot_product(ours):
    for name in ("bowl", "saddle", "himmelblau"):
        assert len(ours[name][1]) in (3, 9, 27)
        for told in ours[name][1]:
            assert told["still"] and told["slope"] == told["norm"] == 0 and told["mark"] is None
    for told in ours["psi"][1]:
        u = torch.tensor(told["u"], dtype=torch.float64)
        assert told["kink"] and not told["still"]
        assert told["slope"] == pytest.approx(float(FIELDS["psi"](1e-3 * u) / 1e-3)) and told["dot"] == pytest.approx(float(u[0]))


# ---- The picture


@pytest.fixture(scope="module")
def built(tmp_path_factory, windows):
    with lively(tmp_path_factory.mktemp("directions"), windows, PAGE, "directions") as pages:
        yield pages


@pytest.fixture
def page(pages):
    return pages.open()


def link(**state):
    return "#" + "&".join(f"directions.{key}={value}" for key, value in state.items())


def slider(page, name):
    return page.get_by_role("slider", name=name, exact=True)


def value(page, name):
    return slider(page, name).get_attribute("aria-valuetext")


def shared(page, before=""):
    """The state in the URL, once it is there."""
    page.wait_for_function("before => location.hash.includes('directions.h=') && location.hash !== before", arg=before)
    return dict(re.findall(r"directions\.(\w+)=([^&]*)", page.evaluate("location.hash")))


def centre(locator):
    box = locator.bounding_box()
    return torch.tensor([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])


def drag(page, locator, dx, dy):
    x, y = centre(locator).tolist()
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y + dy / 2)
    page.mouse.move(x + dx, y + dy)
    page.mouse.up()
    page.evaluate(DRAWN)


def printed_after(code):
    """The output that the chapter shows below the cell in which `code` stands."""
    return re.search(r"```\{testoutput\}\n(.*?)```", CHAPTER[CHAPTER.index(code):], re.DOTALL)[1]


def typographic(x):
    return f"{x:.4g}".replace("-", "−")


def test_it_shows_what_the_chapter_prints(page):
    for line in printed_after("for h in (1.0, 0.1, 0.01, 0.001):").splitlines():
        h, quotient = map(float, line.split())
        follow(page, link(h=h))
        expect(page.locator(".sums")).to_contain_text(f"(f(x + hu) − f(x)) / h = {typographic(quotient)}")
        expect(page.locator(".told")).to_contain_text(f"promised f to change by {typographic(-12.4 * h)}, it changed by {typographic(h * quotient)}.")
    expect(page.locator(".sums")).to_contain_text("Dᵤf = ∇f ⋅ u = −10 × 0.6 + (−8) × 0.8 = −12.4")
    # The prediction, u = (0.8, -0.6); and the best of 360 degrees, which is not quite the steepest.
    follow(page, link(angle=323.130))
    expect(slider(page, "Direction u")).to_have_attribute("aria-valuetext", f"u = (0.8, −0.6), Dᵤf = {typographic(float(printed_after('u = torch.tensor([0.8, -0.6])')))}")
    degree, slope, _, least = map(float, printed_after("best = slope.argmin()").split())
    follow(page, link(angle=degree))
    expect(page.locator(".verdict")).to_contain_text(f"Downhill. The slope along u is {typographic(slope)}. The smallest is −‖∇f‖ = {typographic(least)}")
    follow(page, link(angle=90))  # a cosine of 6e-17 is 0
    expect(page.locator(".sums")).to_contain_text("u = (0, 1)Dᵤf = ∇f ⋅ u = −10 × 0 + (−8) × 1 = −8")


def test_the_phrases_of_the_chapter_show_what_it_says_of_them(page):
    phrases = dict(re.findall(r"\{set\}`([^<`]+) <directions ([^>]+)>`", CHAPTER))
    told = {
        "最陡的下坡": "Steepest downhill", "沿着等高线": "Neither up nor down", "站到驻点上": "0 in every direction",
        "朝 39 度看": "Downhill", "站到这个原点上": "The dot product says 0.7071 (dashed red), but the quotient is u₁³ = 0.3536",
    }
    assert told.keys() == phrases.keys()
    for phrase, sentence in told.items():
        follow(page, "#" + "&".join(f"directions.{pair}" for pair in phrases[phrase].split()))
        expect(page.locator(".verdict")).to_contain_text(sentence)


def test_u_is_turned_by_its_tip_or_along_the_curve_and_the_other_view_follows(page):
    point, tip, angle = slider(page, "Point x"), slider(page, "Direction u"), slider(page, "Angle θ")
    before = centre(angle)
    drag(page, tip, 40, 60)
    expect(tip).to_be_focused()
    along = centre(tip) - centre(point)
    told = re.match(r"u = \((\S+), (\S+)\), Dᵤf = (\S+)", value(page, "Direction u").replace("−", "-"))
    u1, u2, slope = map(float, told.groups())
    assert math.hypot(u1, u2) == pytest.approx(1, abs=1e-3)
    assert along[0] / along.norm() == pytest.approx(u1, abs=0.02) and -along[1] / along.norm() == pytest.approx(u2, abs=0.02)
    assert slope == pytest.approx(-10 * u1 - 8 * u2, abs=0.01)
    assert (centre(angle) - before).norm() > 20
    # Along the curve: the same handle goes to the least, is caught there, and the tip comes onto the green ring.
    least = page.locator("circle[data-key=least]")
    goal = centre(least.nth(1)) - centre(angle)
    drag(page, angle, float(goal[0]) + 0.6, 0)
    expect(angle).to_have_attribute("aria-valuetext", "θ = 180°, Dᵤf = −12.81")
    assert torch.allclose(centre(tip), centre(least.nth(0)), atol=1.5)
    page.wait_for_function("location.hash.includes('directions.angle=38.6598&')")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_tangent_touches_the_level_line_and_the_gradient_stands_upright_on_it(pages, width):
    page = pages.open(link(f="himmelblau", x1=-1, x2=2.5, angle=10), viewport={"width": width, "height": 900})

    def path(layer, key):
        d = page.locator(f".plane .layer-{layer} path[data-key={key}]").get_attribute("d")
        return torch.tensor(pairs(d))

    tangent, gradient = path("dial", "tangent"), path("gradient", "gradient")
    line, way = tangent[1] - tangent[0], gradient[1] - gradient[0]
    assert abs(torch.cosine_similarity(line, way, dim=0)) < 2e-3
    level = page.locator(".plane .layer-level path").get_attribute("d")
    level = torch.tensor(pairs(level))
    here = gradient[0]
    near = level[(level - here).norm(dim=1) < 6]
    off = ((near - here) @ (way / way.norm())).abs()
    assert len(near) > 2 and off.max() < 1.2
    # Both zeros lie on the tangent, the least is opposite to the gradient.
    box = page.locator(".plane svg").bounding_box()
    zeros = [centre(page.locator(".plane circle[data-key=level]").nth(i)) - torch.tensor([box["x"], box["y"]]) for i in (0, 1)]
    assert all(abs(torch.cosine_similarity(zero - here, way, dim=0)) < 2e-2 for zero in zeros)
    least = centre(page.locator(".plane circle[data-key=least]")) - torch.tensor([box["x"], box["y"]])
    assert torch.cosine_similarity(least - here, way, dim=0) < -0.999
    # One scale along both axes.
    assert page.locator(".plane .layer-dial path[data-key=all]").evaluate("path => { const { width, height } = path.getBBox(); return Math.abs(width - height) }") < 0.5


def test_every_control_works_by_keys_alone_in_the_agreed_steps(page):
    tip = slider(page, "Direction u")
    tip.focus()
    angles = []
    for key in ("ArrowUp", "Shift+ArrowRight", "Alt+ArrowDown"):
        before = page.url
        page.keyboard.press(key)
        angles.append(float(shared(page, before[before.index("#"):] if "#" in before else "")["angle"]))
    assert angles == [pytest.approx(53.1301 + turned, abs=0.1) for turned in (7.2, 43.2, 41.4)]
    for key, sentence in (("End", "Steepest downhill"), ("Home", "Steepest uphill")):
        page.keyboard.press(key)
        expect(page.locator(".verdict")).to_contain_text(sentence)
    slider(page, "Angle θ").press("ArrowRight")
    expect(slider(page, "Angle θ")).to_have_attribute("aria-valuetext", re.compile(r"^θ = 7\.\d+°"))
    slider(page, "Point x").press("ArrowRight")  # a fiftieth of the 18 that are seen
    expect(slider(page, "Point x")).to_have_attribute("aria-valuetext", "x = (−4.64, −2), ∇f = (−9.28, −8)")
    slider(page, "h of the difference quotient").press("Home")
    expect(slider(page, "h of the difference quotient")).to_have_attribute("aria-valuetext", "h = 0.001")
    landmarks = page.locator(".landmark")
    for i, (name, sentence) in enumerate([("steepest up", "Steepest uphill"), ("level", "slope is 0"), ("steepest down", "Steepest downhill"), ("level", "slope is 0")]):
        landmarks.nth(i).press("Enter")
        expect(landmarks.nth(i)).to_contain_text(name)
        expect(landmarks.nth(i)).to_have_class("landmark here")
        expect(page.locator(".verdict")).to_contain_text(sentence)
    expect(page.locator(".sums")).to_contain_text("= 0")
    page.get_by_role("radio", name="x₁² + 2x₂²").press("ArrowRight")
    expect(slider(page, "Point x")).to_have_attribute("aria-valuetext", re.compile(r"^x = \(1.2, 0.4\)"))


def test_at_a_stationary_point_it_says_that_every_direction_is_flat(pages):
    page = pages.open(link(f="saddle", angle=90))
    for at in ("(0, 1)", "(0, −1)", "(0, 0)"):
        page.get_by_role("button", name="Stand where").click()
        expect(slider(page, "Point x")).to_have_attribute("aria-valuetext", f"x = {at}, ∇f = (0, 0)")
        expect(page.locator(".verdict")).to_contain_text("A stationary point. ∇f = 0, so the slope is 0 in every direction")
    heights = {point.split(",")[1] for point in re.findall(r"[-\d.]+,[-\d.]+", page.locator(".layer-curve path[data-key=cosine]").get_attribute("d"))}
    assert len(heights) == 1
    assert page.locator(":is([data-key=least], [data-key=most], [data-key=tangent], [data-key=level]):not(text)").count() == 0
    for mark in page.locator(".landmark").all():
        expect(mark).to_be_disabled()
    slider(page, "Direction u").press("ArrowUp")  # it still turns
    expect(slider(page, "Direction u")).to_have_attribute("aria-valuetext", re.compile("Dᵤf = 0$"))
    expect(page.locator(".verdict")).to_contain_text("A stationary point")


def test_a_phrase_sets_it_and_it_speaks_once_after_the_movement_has_ended(page):
    page.evaluate(SPOKEN)
    page.get_by_role("button", name="steepest", exact=True).click()
    for _ in range(4):
        slider(page, "h of the difference quotient").press("ArrowLeft")
    shared(page)
    page.wait_for_function("spoken.length > 0")
    spoken = page.evaluate("spoken")
    assert len(spoken) == 1 and spoken[0].startswith("f = x₁² + 2x₂², x = (−5, −2), ∇f = (−10, −8), u = (0.7809, 0.6247). Steepest downhill.")
    assert "the tangent plane promised f to change by" in spoken[0]


def measured(plot):
    """Where the spots of the 16 measured directions are on the screen."""
    d, box = plot.locator("path[data-key=measured-spots]").get_attribute("d"), plot.locator("svg").bounding_box()
    spots = pairs(d)
    assert len(spots) == 16
    return torch.tensor(spots) + torch.tensor([box["x"], box["y"]])


def test_hovering_a_measured_direction_lights_it_in_both_views(page):
    plane, curve = page.locator(".views .plot").nth(0), page.locator(".views .plot").nth(1)
    x, y = measured(curve)[11].tolist()
    page.mouse.move(x, y)
    lit = page.locator("circle.lit")
    expect(lit).to_have_count(2)
    for plot in (plane, curve):
        away = (measured(plot) - centre(plot.locator("circle.lit"))).norm(dim=1)
        assert away.argmin() == 11 and away[11] < 0.2
    page.mouse.move(1, 1)
    expect(lit).to_have_count(0)


def test_a_finger_turns_u_and_a_swipe_over_the_picture_scrolls_the_page(pages):
    page = pages.open(viewport={"width": 375, "height": 700}, has_touch=True, is_mobile=True)
    slider(page, "Direction u").scroll_into_view_if_needed()
    touch = page.context.new_cdp_session(page)

    def swipe(x, y, dx, dy):
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for step in range(1, 11):
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + dx * step / 10, "y": y + dy * step / 10}]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    swipe(*centre(slider(page, "Direction u")).tolist(), 0, 90)
    assert not 10 < float(shared(page)["angle"]) < 300
    before = page.evaluate("scrollY")
    plot = page.locator(".plane").bounding_box()
    swipe(plot["x"] + plot["width"] * 0.8, plot["y"] + 100, 0, -150)
    page.wait_for_function(f"scrollY > {before} + 50")


HOSTILE = [
    link(x1="NaN", x2="", angle="-1", h="Infinity"),
    link(x1="1e308", x2="-1e308", angle="1e308", h="0"),
    link(f="constructor", h="nan") + "&directions.__proto__=1",
    "#%E0%A4%A&directions.h=%FF&&&===",
    link(f="psi", x1="1e-200", x2="-1e-300", angle=45, h=2),
    link(f="psi", x1=0, x2=1, angle=360, h=0.001),
    link(f="himmelblau", x1=3, x2=2, h=0.001),
    link(f="himmelblau", x1=-6, x2=6, angle=135, h=2),
]


def test_no_corner_and_no_hostile_link_breaks_it(pages):
    page = pages.open(HOSTILE[0])
    for hash in HOSTILE:
        follow(page, hash)
        expect(page.locator(".verdict")).not_to_be_empty()
        assert not re.search("NaN|Infinity|undefined|∞", page.locator(".explorable-stage").inner_html()), hash
    before = page.evaluate("location.hash")
    slider(page, "Direction u").press("ArrowUp")
    state = shared(page, before)
    assert abs(float(state["x1"])) <= 0.56 * 7.5 and 0 <= float(state["angle"]) <= 360 and 0.001 <= float(state["h"]) <= 2


@pytest.mark.parametrize("look", [{"color_scheme": "light"}, {"color_scheme": "dark", "viewport": {"width": 320, "height": 700}}], ids=["light", "dark320"])
def test_axe_finds_nothing_and_no_width_is_too_small(pages, look):
    page = pages.open(reduced_motion="reduce", **look)
    for state, sentence in [({}, "Downhill"), (dict(angle=38.6598), "Steepest"), (dict(x1=0, x2=0), "stationary"), (dict(f="psi", x1=0, x2=0, angle=45), "Not differentiable")]:
        follow(page, link(**state))
        expect(page.locator(".verdict")).to_contain_text(sentence)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [320, 1280])
def test_hit_areas_are_large_enough_and_do_not_cover_their_neighbours(pages, width):
    page = pages.open(viewport={"width": width, "height": 900})
    controls = page.locator(".explorable-stage :is(button, .choice label, .slider-input)")
    assert crowded(controls) == []
    point, tip = slider(page, "Point x"), slider(page, "Direction u")  # both are round
    assert all(handle.evaluate("box => Math.min(box.offsetWidth, box.offsetHeight)") >= 44 for handle in (point, tip))
    assert (centre(point) - centre(tip)).norm() >= 44


def test_without_javascript_there_is_the_static_picture(pages):
    expect(pages.open(alive=False, java_script_enabled=False).get_by_text("The static picture.")).to_be_visible()
