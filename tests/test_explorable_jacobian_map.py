"""The Jacobian as a picture: its matrices are autograd's, what it says is what the chapter says, and it can be moved by
keys, pointer, touch and link; and it never breaks."""

import json
import math
import re
import subprocess
from pathlib import Path

import pytest
import torch
from playwright.sync_api import expect

from for_everyone import axe, crowded
from lively import SPOKEN, follow, lively

REPO = Path(__file__).resolve().parents[1]
CHAPTER = (REPO / "chapters" / "jacobian.md").read_text("utf-8")
PAGE = """\
# Page

```{explorable} jacobian-map

Caption: {set}`a tenth <jacobian-map f=phi x1=1 x2=1 s=0.1>`.

The static picture.
```

""" + "A line of text.\n\n" * 60

MAPS = {
    "phi": lambda x: torch.stack([x[0] ** 2 - x[1], x[0] * x[1]]),
    "polar": lambda x: torch.stack([x[0] * torch.cos(x[1]), x[0] * torch.sin(x[1])]),
    "square": lambda x: torch.stack([x[0] ** 2 - x[1] ** 2, 2 * x[0] * x[1]]),
    "shear": lambda x: torch.stack([x[0] + x[1], x[1]]),
    "fold": lambda x: torch.stack([x[0], x[1] ** 2]),
}
TICKS = [-1.5, -0.77, -0.31, 0, 0.017, 0.43, 1.1, 2.5, 3.5, 6.28]
POINTS = [[a, b] for a in TICKS for b in TICKS]
SQUARES = [([1, 1], 0.5), ([1, 1], 0.01), ([-0.4, -0.6], 1), ([0.5, 0.3], 0.1), ([0, 0], 1)]
H, V = [0.3, -0.7], [1.5, -0.4]
PROGRAM = """
import * as M from "FOLDER/maps.ts"
const reply = map => ({
  f: points.map(map.f), J: points.map(map.J), det: points.map(x => M.det(map.J(x))),
  push: points.map(x => M.push(map.J(x), h)), pull: points.map(x => M.pull(v, map.J(x))),
  flat: map.flat.flat().map(x => M.det(map.J(x))),
  growth: squares.map(([p, s]) => M.growth(map, p, s)),
  real: squares.map(([p, s]) => M.moved(map, p, s).real([1, 1])),
  promised: squares.map(([p, s]) => M.moved(map, p, s).promised([1, 1])),
})
console.log(JSON.stringify(Object.fromEntries(Object.entries(M.maps).map(([name, map]) => [name, reply(map)]))))
"""


# ---- The numbers


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """What maps.ts gives, run by Node."""
    folder = tmp_path_factory.mktemp("node")
    given = {"points": POINTS, "squares": SQUARES, "h": H, "v": V}
    text = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in given.items())
    (folder / "ask.js").write_text(text + PROGRAM.replace("FOLDER", str(REPO / "explorables" / "jacobian-map")), "utf-8")
    subprocess.run([REPO / "node_modules/.bin/esbuild", "ask.js", "--bundle", "--format=esm", "--outfile=out.mjs", "--log-level=error"], cwd=folder, check=True)
    told = subprocess.run(["node", "out.mjs"], cwd=folder, check=True, capture_output=True, text=True).stdout
    return {name: {key: torch.tensor(value, dtype=torch.float64) for key, value in facts.items()} for name, facts in json.loads(told).items()}


def double(values):
    return torch.tensor(values, dtype=torch.float64)


def test_the_maps_and_their_matrices_are_those_of_autograd(ours):
    assert ours.keys() == MAPS.keys()
    X = double(POINTS)
    for name, f in MAPS.items():
        J = torch.func.vmap(torch.func.jacrev(f))(X)
        exact = name != "polar"  # cos and sin need not agree to the last bit
        for key, theirs in (("f", torch.func.vmap(f)(X)), ("J", J)):
            assert torch.equal(ours[name][key], theirs) if exact else torch.allclose(ours[name][key], theirs, rtol=0, atol=1e-12), (name, key)
        assert torch.allclose(ours[name]["det"], torch.linalg.det(J), rtol=1e-12, atol=1e-12), name


def test_forward_it_is_a_jvp_and_backward_a_vjp(ours):
    for name, f in MAPS.items():
        for x, forward, backward in zip(double(POINTS), ours[name]["push"], ours[name]["pull"]):
            assert torch.allclose(forward, torch.func.jvp(f, (x,), (double(H),))[1], rtol=0, atol=1e-11), name
            assert torch.allclose(backward, torch.func.vjp(f, x)[1](double(V))[0], rtol=0, atol=1e-11), name


def test_the_area_is_that_of_the_true_image(ours):
    t = torch.linspace(0, 1, 4001, dtype=torch.float64)
    zero, one = torch.zeros_like(t), torch.ones_like(t)
    edge = torch.stack([torch.cat([t, one, 1 - t, zero]), torch.cat([zero, t, one, 1 - t])])
    for name, f in MAPS.items():
        for (p, s), growth, real, promised in zip(SQUARES, ours[name]["growth"], ours[name]["real"], ours[name]["promised"]):
            a = f(double(p)[:, None] + s * edge) - f(double(p))[:, None]
            b = a.roll(-1, dims=1)
            area = (a[0] * b[1] - a[1] * b[0]).sum() / 2 / s**2
            assert growth.item() == pytest.approx(area.item(), abs=1e-6), (name, p, s)
            assert real.tolist() == pytest.approx(((f(double(p) + s) - f(double(p))) / s).tolist(), abs=1e-12)
            assert promised.tolist() == pytest.approx(torch.func.jacrev(f)(double(p)).sum(1).tolist(), abs=1e-12)


def test_on_the_flat_lines_the_determinant_is_zero(ours):
    for name, facts in ours.items():
        assert facts["flat"].abs().sum() < 1e-12, name
        assert (name == "shear") == (facts["flat"].numel() == 0)


# ---- The picture


@pytest.fixture(scope="module")
def built(tmp_path_factory, windows):
    with lively(tmp_path_factory.mktemp("map"), windows, PAGE, "jacobian-map") as pages:
        yield pages


def link(**state):
    return "#" + "&".join(f"jacobian-map.{key}={value}" for key, value in state.items())


def point(page):
    return page.get_by_role("slider", name="Point p")


def v(page):
    return page.get_by_role("slider", name="Vector v")


def side(page):
    return page.get_by_role("slider", name="Side s")


def plots(page):
    return page.locator(".plot")


def shared(page, before=""):
    """The state in the URL, once it is there."""
    page.wait_for_function("before => location.hash.includes('jacobian-map.v2=') && location.hash !== before", arg=before)
    return dict(re.findall(r"jacobian-map\.(\w+)=([^&]*)", page.evaluate("location.hash")))


def test_it_begins_with_the_square_of_the_chapter_and_reads_off_the_same_areas(pages):
    page = pages.open()
    printed = re.search(r"```\{testoutput\}\n((?:s=[\d.]+ +[\d.]+\n){3})", CHAPTER)[1]
    for s, area in re.findall(r"s=([\d.]+) +([\d.]+)", printed):
        follow(page, link(f="phi", x1=1, x2=1, s=s))
        expect(page.locator(".verdict")).to_have_text(
            f"det J = 3. The parallelogram has 3 times the area of the square, the true image {area} times; "
            "the smaller the square, the closer they get. Here det J = 2x₁² + x₂."
        )
        # The step to the far corner is (s, s); it is missed by s²(1, 1), and that is s of its length.
        expect(page.locator(".told")).to_contain_text(f"which is {100 * float(s):g}% of the step.")
    expect(page.locator(".matrix").last.locator("span")).to_have_text(["2", "−1", "1", "1"])


def test_it_begins_where_the_table_says_and_paper_gets_the_fallback(pages):
    page = pages.open()
    expect(point(page)).to_have_attribute("aria-valuetext", "p = (1, 1), det J = 3")
    expect(side(page)).to_have_attribute("aria-valuetext", "s = 0.5")
    expect(page.get_by_text("The static picture.")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.get_by_text("The static picture.")).to_be_visible()
    page = pages.open(alive=False, java_script_enabled=False)
    expect(page.get_by_text("The static picture.")).to_be_visible()


KINDS = {
    "smaller": (dict(f="polar", x1=3, x2=4, s=0.01), "det J = 3. The parallelogram has 3 times the area of the square, the true image 3.005 times"),
    "turned": (dict(f="fold", x1=0.25, x2=-1, s=0.5), "det J = −2. The minus sign says that the figure is turned over. The parallelogram has 2 times the area of the square, the true image 1.5 times"),
    "a line": (dict(f="polar", x1=0, x2=1, s=0.5), "det J = 0. The parallelogram is squashed to a segment"),
    "nothing": (dict(f="square", x1=0, x2=0, s=0.5), "det J = 0. J is all zeros"),
    "folded": (dict(f="phi", x1=-0.4, x2=-0.6, s=0.8), "det J = −0.28. The square lies across the line det J = 0"),
    "folded in two equal parts": (dict(f="fold", x1=0, x2=-0.25, s=0.5), "with what is turned over counted as negative, the true image has 0 times"),
    "twice": (dict(f="square", x1=-0.5, x2=-0.5, s=1), "det J = 2. The origin is inside the square"),
    "exact": (dict(f="shear", x1=-1, x2=1, s=1), "det J = 1. The parallelogram has 1 times the area of the square, and the true image coincides with it"),
}


def test_it_says_what_becomes_of_the_square_and_writes_no_other_matrix_than_it_computes(pages):
    page = pages.open()
    for state, sentence in KINDS.values():
        follow(page, link(**state))
        expect(page.locator(".verdict")).to_contain_text(re.compile(re.escape(sentence), re.IGNORECASE))
        symbols, numbers = (page.locator(".matrix").nth(i).locator("span").all_inner_texts() for i in (0, 1))
        names = {"x1": state["x1"], "x2": state["x2"], "r": state["x1"], "cos": math.cos(state["x2"]), "sin": math.sin(state["x2"])}
        for symbol, number in zip(symbols, numbers, strict=True):
            formula = re.sub(r"(\d|r)\s*(?=x|sin|cos)", r"\1*", symbol.replace("−", "-").replace("₁", "1").replace("₂", "2").replace(" θ", ""))
            assert eval(formula, {}, names) == pytest.approx(float(number.replace("−", "-")), abs=5e-3), symbol
    expect(page.locator(".told")).to_contain_text("exactly that")


def test_the_phrases_of_the_chapter_show_what_it_says_of_them(pages):
    block = CHAPTER[CHAPTER.index("{explorable} jacobian-map"):]
    phrases = dict(re.findall(r"\{set\}`([^<`]+) <jacobian-map ([^>]+)>`", CHAPTER))
    told = {"看它怎样压扁": "squashed to a segment", "折叠": "turned over", "跨过虚线": "its image is folded", "缩到 0.01": "the true image 3.025 times", "取 v 为 e₁": ""}
    assert told.keys() <= phrases.keys() and "静态的样子见" in block
    page = pages.open()
    for phrase, sentence in told.items():
        follow(page, "#" + "&".join(f"jacobian-map.{pair}" for pair in phrases[phrase].split()))
        expect(page.locator(".verdict")).to_contain_text(sentence)
    expect(page.locator(".combined")).to_contain_text("1 × (2, −1) + 0 × (1, 1) = (2, −1)")


def test_every_control_works_by_keys_alone_in_the_agreed_steps(pages):
    page = pages.open()
    point(page).focus()
    # A fiftieth of the 4.5 that are seen; and it stays in its domain.
    for key, moved in (("ArrowLeft", "(0.91, 1)"), ("Shift+ArrowDown", "(0.91, 0.55)"), ("Alt+ArrowUp", "(0.91, 0.573)")):
        page.keyboard.press(key)
        expect(point(page)).to_have_attribute("aria-valuetext", re.compile("^p = " + re.escape(moved)))
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    expect(point(page)).to_have_attribute("aria-valuetext", re.compile(r"^p = \(1.5, 0.573\)"))
    side(page).focus()
    for key, value in (("Home", "0.01"), ("End", "1"), ("ArrowLeft", "0.912")):
        page.keyboard.press(key)
        expect(side(page)).to_have_attribute("aria-valuetext", f"s = {value}")
    v(page).focus()
    page.keyboard.press("ArrowUp")
    expect(v(page)).to_have_attribute("aria-valuetext", re.compile(r"^v = \(0.5, 1.59\)"))
    page.get_by_role("button", name="v = e₂").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".combined")).to_have_text("vᵀJ = 0 × (3, −1) + 1 × (0.573, 1.5) = (0.573, 1.5)")
    page.get_by_role("radio", name="Phi").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="polar coordinates")).to_be_checked()
    expect(point(page)).to_have_attribute("aria-valuetext", "p = (3, 0.5), det J = 3")
    assert shared(page)["f"] == "polar"


def test_a_phrase_sets_it_and_it_speaks_once_after_the_movement_has_ended(pages):
    page = pages.open()
    page.evaluate(SPOKEN)
    page.get_by_role("button", name="a tenth").click()
    for _ in range(5):
        v(page).press("ArrowUp")
    shared(page)
    page.wait_for_function("spoken.length > 0")
    spoken = page.evaluate("spoken")
    assert len(spoken) == 1 and spoken[0].startswith("Φ, p = (1, 1), s = 0.1; the image is (0, 1). The rows of J are (2, −1) and (1, 1).")
    assert "3.257" in spoken[0] and "vᵀJ" in spoken[0]


def test_the_point_is_dragged_and_takes_the_focus_and_its_image_goes_along(pages):
    page = pages.open()
    box = point(page).bounding_box()
    assert box["width"] >= 44 and box["height"] >= 44
    image = plots(page).nth(1).locator("circle[data-key=image]")
    before = image.bounding_box()
    x, y = box["x"] + 22, box["y"] + 22
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y + 40)
    expect(point(page)).to_be_focused()
    page.mouse.up()
    now = point(page).bounding_box()
    assert (now["x"], now["y"]) == (pytest.approx(box["x"] - 60, abs=1.5), pytest.approx(box["y"] + 40, abs=1.5))
    assert abs(image.bounding_box()["y"] - before["y"]) > 5
    state = shared(page)
    assert float(state["x1"]) < 0.5 and float(state["x2"]) < 0.6


def test_hovering_a_node_of_the_square_lights_it_in_every_view(pages):
    page = pages.open(link(s=1))
    expect(page.locator(".told")).to_contain_text("h = (1, 1)")
    node = page.locator("circle[data-key=node]").bounding_box()
    corner = point(page).bounding_box()
    page.mouse.move(node["x"] + 4, (node["y"] + corner["y"] + 22) / 2)  # half way down the right side
    expect(page.locator(".told")).to_contain_text("For a step h = (1, 0.5), J promises the output a change of (1.5, 1.5); the change is (2.5, 2)")
    ring = page.locator("circle[data-key=promised]")
    assert ring.count() == 2
    real = plots(page).nth(1).locator("circle[data-key=real]").bounding_box()
    page.mouse.move(real["x"] + 3, real["y"] + 3)
    expect(page.locator(".told")).to_contain_text("h = (1, 0.5)")
    page.mouse.move(1, 1)
    expect(page.locator(".told")).to_contain_text("h = (1, 1)")


def test_a_finger_drags_the_point_and_a_swipe_over_the_picture_scrolls_the_page(pages):
    page = pages.open(viewport={"width": 375, "height": 700}, has_touch=True, is_mobile=True)
    point(page).scroll_into_view_if_needed()
    touch = page.context.new_cdp_session(page)

    def swipe(x, y, dx, dy):
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for step in range(1, 11):
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + dx * step / 10, "y": y + dy * step / 10}]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    box = point(page).bounding_box()
    swipe(box["x"] + 22, box["y"] + 22, -50, 40)
    state = shared(page)
    assert float(state["x1"]) < 0.5 and float(state["x2"]) < 0.7
    before = page.evaluate("scrollY")
    plot = plots(page).nth(1).bounding_box()
    swipe(plot["x"] + plot["width"] / 2, plot["y"] + 120, 0, -150)
    page.wait_for_function(f"scrollY > {before} + 50")


HOSTILE = [
    "#%E0%A4%A&jacobian-map.s=%FF&&&===",
    link(x1="NaN", x2="", s="-1", v1="Infinity", v2="nan"),
    link(x1="1e308", x2="-1e308", s="1e308", v1="1e308", v2="-1e308", f="polar"),
    link(f="constructor", s="0") + "&jacobian-map.__proto__=1",
    link(f="square", x1=0, x2=0, s=0.01, v1=0, v2=0),
    link(f="shear", x1=9, x2=9, s=1),
    link(f="fold", x1=-9, x2=0),
    "#no-such-place",
]


@pytest.mark.parametrize("hash", HOSTILE)
def test_a_hostile_link_is_clamped_or_ignored(pages, visited, hash):
    page = visited
    follow(page, hash)
    expect(page.locator(".verdict")).to_contain_text("det J = ")
    assert "NaN" not in page.locator(".explorable-stage").inner_html()
    point(page).press("ArrowUp")
    state = shared(page, hash)
    across, up = ((0, 3.5), (0, 6.28319)) if state["f"] == "polar" else ((-1.5, 1.5), (-1.5, 1.5))
    assert across[0] <= float(state["x1"]) <= across[1] and up[0] <= float(state["x2"]) <= up[1]
    assert 0.01 <= float(state["s"]) <= 1 and abs(float(state["v1"])) <= 2
    assert "NaN" not in page.locator(".explorable-stage").inner_html()


@pytest.mark.parametrize("look", [{"color_scheme": "light"}, {"color_scheme": "dark", "viewport": {"width": 320, "height": 700}}], ids=["light", "dark320"])
def test_axe_finds_nothing_and_no_width_is_too_small(pages, look):
    page = pages.open(reduced_motion="reduce", **look)
    for state, sentence in [({}, "det J = 3."), (dict(f="polar", x1=0, x2=3), "det J = 0."), (dict(f="fold", x1=0, x2=-1, s=1, v1=-2, v2=2), "det J = −2.")]:
        follow(page, link(**state))
        expect(page.locator(".verdict")).to_contain_text(sentence)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [320, 680, 1280])
def test_hit_areas_are_large_enough_and_do_not_cover_their_neighbours(pages, width):
    page = pages.open(viewport={"width": width, "height": 900})
    controls = page.locator(".explorable-stage :is(button, .choice label, .slider-input, .handle)")
    assert crowded(controls) == []
