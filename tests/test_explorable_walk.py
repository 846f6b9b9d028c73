"""The drunkard's walk: its gradients, walks, limits and noise balls are torch's, and what it shows and says in a real
browser is what the chapter says."""

import json
import re
import runpy
import subprocess
from pathlib import Path

import pytest
import torch
from playwright.sync_api import expect

from for_everyone import axe, crowded
from lively import follow, lively, pairs

REPO = Path(__file__).resolve().parents[1]
CHAPTER = (REPO / "chapters" / "sgd.md").read_text("utf-8")
NEBULAE = runpy.run_path(str(REPO / "explorables" / "walk" / "data.py"))["data"]()
PAGE = """\
# Page

```{explorable} walk
:eta: 0.1
:b: 4
:k: 28

Caption: {set}`too much for SGD <walk eta=0.4 k=60>`.

The static picture.
```
"""
BUDGET, N = 9600, 24
X, Y = (torch.tensor(NEBULAE[key], dtype=torch.float64) for key in "xy")
Z = torch.stack([X, torch.ones_like(X)], dim=1)
BEST = torch.linalg.lstsq(Z, Y[:, None], driver="gels").solution[:, 0]
START = torch.tensor([-0.4, 0.8], dtype=torch.float64)
H = 2 * Z.T @ Z / N
L = torch.linalg.eigvalsh(H)[-1].item()
HH = torch.stack([torch.kron(h, h) for h in 2 * Z[:, :, None] * Z[:, None, :]]).mean(0)
KICKS = 2 * (Z @ BEST - Y)[:, None] * Z
C = KICKS.T @ KICKS / N
I = torch.eye(2, dtype=torch.float64)


def grads(w, i):
    """The mean gradient of the samples `i` at `w`, by autograd."""
    w = w.detach().requires_grad_()
    return torch.autograd.grad(((Z[i] @ w - Y[i]) ** 2).mean(), w)[0]


def excess(w):
    return (((w - BEST) @ H) * (w - BEST)).sum(-1) / 2


def second_moments(eta, b):
    """What a step makes of M without its kicks, as a 4 x 4 matrix."""
    return torch.eye(4) - eta * (torch.kron(H, I) + torch.kron(I, H)) + eta**2 * (HH / b + (1 - 1 / b) * torch.kron(H, H))


def stationary(eta, b):
    return torch.linalg.solve(torch.eye(4) - second_moments(eta, b), eta**2 / b * C.flatten()).view(2, 2)


def mulberry32(seed):
    """As it is known, on its own: 32 random bits after 32."""
    while True:
        seed = seed + 0x6D2B79F5 & 0xFFFFFFFF
        t = (seed ^ seed >> 15) * (seed | 1) & 0xFFFFFFFF
        t ^= t + (t ^ t >> 7) * (t | 61) & 0xFFFFFFFF
        yield t ^ t >> 14


def drawn(seed, count=BUDGET):
    return [bits * N >> 32 for bits, _ in zip(mulberry32(seed), range(count))]


def walked(eta, price, seed, steps, decay=False):
    """torch's own walk over the same samples."""
    order, w, points = drawn(seed), START, [START]
    for t in range(steps):
        i = torch.tensor(order[t * price:(t + 1) * price])
        w = w - (eta * 60 / (60 + t) if decay else eta) * grads(w, i)
        points.append(w)
    return torch.stack(points)


# ---- The numbers

PROGRAM = """
import { readFileSync } from "node:fs"
import { leastSquares } from "EXPLORABLES/shared/functions.ts"
import { theory } from "EXPLORABLES/walk/theory.ts"
import { draws } from "EXPLORABLES/walk/random.ts"
import * as W from "EXPLORABLES/walk/walks.ts"
const { x, y, questions } = JSON.parse(readFileSync(0))
const o = leastSquares(x, y), ideas = theory(o, x), n = x.length
const reply = {
  moments: () => W.MOMENTS,
  drawn: (seed, count) => draws(seed, count, n),
  samples: points => points.map(w => x.map((_, i) => o.sample(i, w))),
  batches: (chosen, w) => chosen.map(these => o.batch(these, w)),
  walk: (eta, decay, price, seed) => {
    const { w1, w2, heights, end } = W.wander(o, x, [-0.4, 0.8], price, seed === null ? null : draws(seed, W.BUDGET, n), W.pace(eta, decay))
    return { points: [...w1].map((w, t) => [w, w2[t]]), heights: [...heights], end }
  },
  theory: (eta, b) => ({ M: ideas.stationary(eta, b), height: ideas.height(ideas.stationary(eta, b)), kicks: ideas.kicks }),
  limit: b => ideas.limit(b),
  radius: (eta, b) => ideas.radius(eta, b),
  expected: (eta, decay, b, steps) => [...ideas.expected([-0.4, 0.8], b, W.pace(eta, decay), steps)],
}
console.log(JSON.stringify(questions.map(([name, ...given]) => reply[name](...given))))
"""


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """``ask([name, ...], ...)``: what the picture's own modules answer, run by Node."""
    folder = tmp_path_factory.mktemp("node")

    (folder / "ask.js").write_text(PROGRAM.replace("EXPLORABLES", str(REPO / "explorables")), "utf-8")
    esbuild = REPO / "node_modules" / ".bin" / "esbuild"
    options = ["--bundle", "--platform=node", "--format=esm", "--outfile=out.mjs", "--log-level=error"]
    subprocess.run([esbuild, "ask.js", *options], cwd=folder, check=True)

    def run(*questions):
        given = json.dumps(NEBULAE | {"questions": questions})
        answer = subprocess.run(["node", "out.mjs"], cwd=folder, check=True, input=given, capture_output=True, text=True).stdout
        return json.loads(answer, parse_int=float)

    return run


def near(ours, theirs, tolerance=1e-12):
    return torch.allclose(torch.tensor(ours, dtype=torch.float64), theirs, rtol=tolerance, atol=tolerance)


def test_the_gradients_of_samples_and_batches_are_autograds(ask):
    points = [[-0.4, 0.8], [1.25, -0.85], BEST.tolist(), [30.0, -40.0]]
    batches = [[3], [0, 0, 23], drawn(7, 24), list(range(N))]
    samples, means = ask(["samples", points], ["batches", batches, points[0]])
    for w, ours in zip(points, samples):
        theirs = torch.func.vmap(torch.func.grad(lambda w, z, y: (w @ z - y) ** 2), (None, 0, 0))(torch.tensor(w, dtype=torch.float64), Z, Y)
        assert near(ours, theirs)
    assert near(means, torch.stack([grads(START, torch.tensor(batch)) for batch in batches]))


def test_the_dice_are_mulberry32s_and_fair(ask):
    ours = ask(*(["drawn", seed, BUDGET] for seed in (0, 1, 9999)))
    assert ours == [[float(i) for i in drawn(seed)] for seed in (0, 1, 9999)]
    counts = torch.tensor(ours[0]).long().bincount(minlength=N)
    assert (counts - BUDGET / N).abs().max() < 5 * (BUDGET / N) ** 0.5 and len(counts) == N


@pytest.mark.parametrize("eta, decay, price, seed", [(0.1, False, 1, 0), (0.05, False, 4, 3), (0.1, True, 1, 5)])
def test_a_walk_is_torchs_walk_over_the_same_samples_step_by_step(ask, eta, decay, price, seed):
    [path] = ask(["walk", eta, decay, price, seed])
    theirs = walked(eta, price, seed, 600, decay)
    assert len(path["points"]) == BUDGET // price + 1 and path["end"] is None
    assert near(path["points"][:601], theirs, 1e-9) and near(path["heights"][:601], excess(theirs), 1e-9)


def test_a_walk_that_flies_apart_is_torchs_too_and_ends_with_its_numbers(ask):
    wild, descent = ask(["walk", 0.6, False, 1, 0], ["walk", 0.4, False, N, None])
    theirs = walked(0.6, 1, 0, 300)
    assert torch.allclose(torch.tensor(wild["points"][:301], dtype=torch.float64), theirs, rtol=1e-9, atol=1e-9)
    assert excess(theirs[-1]) > 1e10 and wild["end"] == len(wild["points"]) < BUDGET
    w = START
    for t in range(101):
        assert near(descent["points"][t], w)
        w = w - 0.4 * grads(w, torch.arange(N))


@pytest.mark.parametrize("eta, b", [(0.1, 1), (0.05, 1), (0.02, 1), (0.01, 1), (0.04, 4), (0.08, 8), (0.29, 1), (0.47, 24)])
def test_the_noise_ball_foretold_is_the_solution_of_the_lyapunov_equation(ask, eta, b):
    [ours] = ask(["theory", eta, b])
    M = stationary(eta, b)
    assert near(ours["M"], M[[0, 0, 1], [0, 1, 1]], 1e-10) and near(ours["kicks"], C.trace())
    assert near(ours["height"], (H @ M).trace() / 2, 1e-10)
    if eta in (0.1, 0.05, 0.02, 0.01):  # the chapter prints them
        assert f"{ours['height']:.5f} {eta * ours['kicks'] / 4:.5f}\n" in CHAPTER
    elif b in (4, 8):
        assert f"{eta=} {b=} {ours['height']:.6f} {eta / b * ours['kicks'] / 4:.6f}\n" in CHAPTER


def test_the_limit_is_where_the_second_moments_begin_to_grow(ask):
    for b, limit in zip((1, 2, 4, 24), ask(*(["limit", b] for b in (1, 2, 4, 24)))):
        below, beyond = (torch.linalg.eigvals(second_moments(limit * (1 + by), b)).abs().max() for by in (-1e-6, 1e-6))
        assert below < 1 < beyond
        [radius] = ask(["radius", 1.1 * limit, b])
        assert radius == pytest.approx(torch.linalg.eigvals(second_moments(1.1 * limit, b)).abs().max().item(), rel=1e-9)


@pytest.mark.parametrize("decay", [False, True])
def test_the_mean_over_all_walks_is_that_of_all_there_are(ask, decay):
    # The first two steps of one sample each, and one step of two: 576 equally likely ways.
    pairs = torch.cartesian_prod(torch.arange(N), torch.arange(N))
    step = lambda w, i, eta: w - eta * 2 * ((w * Z[i]).sum(-1) - Y[i])[..., None] * Z[i]
    one = step(START, pairs[:, 0], 0.3)
    two = step(one, pairs[:, 1], 0.3 * 60 / 61 if decay else 0.3)
    both = START - 0.3 * 2 * (((START * Z[pairs]).sum(-1) - Y[pairs])[..., None] * Z[pairs]).mean(1)
    singles, doubles, long = ask(["expected", 0.3, decay, 1, 2], ["expected", 0.3, decay, 2, 1], ["expected", 0.1, False, 1, BUDGET])
    assert near(singles, torch.stack([excess(START), excess(one).mean(), excess(two).mean()]))
    assert near(doubles, torch.stack([excess(START), excess(both).mean()]))
    assert near(long[-1], (H @ stationary(0.1, 1)).trace() / 2)


def test_the_table_of_knobs_ends_with_the_budget(ask):
    [moments] = ask(["moments"])
    table = json.loads((REPO / "explorables" / "walk" / "state.json").read_text("utf-8"))
    assert table["k"]["max"] == len(moments) - 1 and moments[-1] == BUDGET
    assert moments[:25] == list(range(25)) and all(spent % N == 0 for spent in moments[24:])


# ---- The picture


@pytest.fixture(scope="module")
def built(tmp_path_factory, windows):
    with lively(tmp_path_factory.mktemp("walk"), windows, PAGE, "walk") as pages:
        yield pages


@pytest.fixture
def page(pages):
    return pages.open()


def state(**knobs):
    return "#" + "&".join(f"walk.{knob}={value}" for knob, value in knobs.items())


def go(page, **knobs):
    follow(page, state(**knobs))


def slider(page, name):
    return page.get_by_role("slider", name=name, exact=True)


def card(page, name):
    return page.get_by_role("button", name=re.compile(f"^{name}"))


def shown(page, name, fact):
    return card(page, name).locator(".fact").filter(has_text=fact).locator(".value").inner_text()


def points(page, plot, layer, key):
    path = page.locator(f".{plot} .layer-{layer} path[data-key='{key}']").get_attribute("d")
    return pairs(path)


def test_all_three_walk_by_one_account_and_the_ball_measured_stands_beside_the_one_foretold(page):
    assert [shown(page, name, "Steps") for name in ("Gradient descent", "SGD", "Mini-batch")] == ["5", "120", "30"]
    theirs = excess(walked(0.1, 1, 0, BUDGET // 4))  # as much of the walk as is quick; all of it below, without autograd
    assert shown(page, "SGD", "Excess loss") == f"{theirs[120]:.3g}"
    w, heights = START, []
    for i in drawn(0):
        w = w - 0.1 * 2 * (Z[i] @ w - Y[i]) * Z[i]
        heights.append(excess(w))
    assert torch.allclose(torch.stack(heights[:2400]), theirs[1:], rtol=1e-9)
    measured, exact = torch.stack(heights[BUDGET // 2:]).mean(), (H @ stationary(0.1, 1)).trace() / 2
    assert shown(page, "SGD", "Tail") == f"{measured:.3g}" and shown(page, "SGD", "Floor") == f"{exact:.3g}"
    assert shown(page, "SGD", "η tr C") == f"{0.1 * C.trace() / 4:.3g}"
    assert shown(page, "Mini-batch", "Floor") == f"{(H @ stationary(0.1, 4)).trace() / 2:.3g}"
    expect(page.locator(".verdict")).to_contain_text(f"mean excess loss is {measured:.3g}; the exact solution is {exact:.3g}")


def test_what_the_chapter_says_of_its_two_clouds_is_what_the_cloud_shows(pages):
    page = pages.open(state(k=0))
    expect(page.locator(".uphill")).to_contain_text("10 of the 24")
    assert "\n10 24\n" in CHAPTER
    dots = page.locator(".gradients .layer-all circle[data-key=all]")
    expect(dots).to_have_count(N)
    # On the minimum the mean lies in the middle of the cross, and the cloud has not shrunk to a point.
    go(page, w1=f"{BEST[0]:.6f}", w2=f"{BEST[1]:.6f}", k=0)
    (left, y), (right, _) = points(page, "gradients", "axes", "x")
    square = page.locator(".gradients .layer-step text[data-key=mean]")
    assert float(square.get_attribute("x")) == pytest.approx((left + right) / 2, abs=0.1)
    assert float(square.get_attribute("y")) - 5 == pytest.approx(y, abs=0.1)


def test_the_line_moves_the_point_and_the_point_moves_the_line(page):
    intercept, slope, point = slider(page, "Line of the start: intercept"), slider(page, "Line of the start: slope"), slider(page, "Start")
    intercept.focus()
    page.keyboard.press("ArrowDown")  # 2.45 / 50
    expect(point).to_have_attribute("aria-valuetext", re.compile("^slope −0.4, intercept 0.751,"))
    slope.focus()
    page.keyboard.press("Shift+ArrowRight")  # 2.45 / 10 at x = 2
    expect(point).to_have_attribute("aria-valuetext", re.compile(r"^slope −0.278, intercept 0.751,"))
    point.focus()
    page.keyboard.press("ArrowRight")  # 2 / 50
    expect(slope).to_have_attribute("aria-valuetext", re.compile(r"^slope −0.238, intercept 0.751,"))
    box = slope.bounding_box()
    x, y = box["x"] + 22, box["y"] + 22
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 60, steps=3)
    page.mouse.up()
    page.wait_for_function("/walk.w1=0[.]/.test(location.hash)")  # the keys' own state may come first
    assert "walk.w2=0.751&" in page.evaluate("location.hash") + "&"
    after = slope.bounding_box()
    assert after["y"] == pytest.approx(box["y"] - 60, abs=1) and after["x"] == pytest.approx(box["x"], abs=1)


def test_beyond_its_limit_sgd_explodes_on_average_while_gradient_descent_arrives(page):
    page.get_by_role("button", name="too much for SGD").click()
    radius = torch.linalg.eigvals(second_moments(0.4, 1)).abs().max()
    assert f"eta=0.4 {radius:.3f}" in CHAPTER
    verdict = page.locator(".verdict")
    expect(verdict).to_contain_text("Explodes on average")
    expect(verdict).to_contain_text(f"multiplied by {radius:.4g} at each step")
    expect(card(page, "SGD")).to_have_class("card c3")
    expect(card(page, "Gradient descent")).to_have_class("card c0")
    expect(card(page, "Mini-batch")).to_have_class("card c4")
    assert shown(page, "SGD", "Floor") == "∞"
    go(page, eta=0.6)
    expect(verdict).to_contain_text("Diverges")
    expect(verdict).to_contain_text("too large for a number")
    card(page, "Gradient descent").click()
    expect(verdict).to_contain_text("η = 0.6 is beyond 2/L = 0.492")
    expect(page.locator(".plane .layer-past path[data-key=gd]")).to_have_class("c3 thin")


def test_the_landmarks_are_the_limits_and_lead_there(page):
    expect(page.locator(".landmark")).to_have_text([re.compile(text) for text in ("2/Lₘₐₓ ?0.2$", "1/L ?0.246", "b = 1 ?0.297", "b = 4 ?0.433", "2/L ?0.492")])
    page.locator(".landmark", has_text="b = 1").click()
    expect(page.locator(".verdict")).to_contain_text("Explodes on average")
    card(page, "Gradient descent").press("Enter")
    page.locator(".landmark", has_text=re.compile("^2/L 0.492")).click()
    expect(page.locator(".verdict")).to_contain_text("Never settles")


def test_with_a_decaying_rate_there_is_no_floor_and_too_small_a_one_is_named(page, ask):
    page.get_by_role("checkbox").check()
    expect(page.locator(".verdict")).to_contain_text("Ever nearer")
    [mean] = ask(["expected", 0.1, True, 1, BUDGET])
    mantissa, exponent = f"{sum(mean[BUDGET // 2 + 1:]) / (BUDGET // 2):.1e}".split("e-0")
    assert shown(page, "SGD", "Tail, expected") == f"{float(mantissa):g}×10⁻{'⁰¹²³⁴⁵⁶⁷⁸⁹'[int(exponent)]}"
    go(page, decay="true", eta=0.02)
    mu = torch.linalg.eigvalsh(H)[0]
    expect(page.locator(".verdict")).to_contain_text(f"aμ = {60 * 0.02 * mu:.3g} is not above 1/2")


def test_a_step_of_sgd_goes_square_to_the_line_of_its_nebula_and_says_its_name(pages):
    page = pages.open(state(k=7, eta=0.05))
    i = drawn(0, 8)[7]
    expect(page.locator(".told")).to_contain_text(f"Step 8 of SGD draws {NEBULAE['names'][i]}.")
    a, b, *_ = points(page, "plane", "step", "step")
    p, q = points(page, "plane", "pulls", "0")
    step, dashes = ([v[1] - v[0] for v in zip(*ends)] for ends in ((a, b), (p, q)))
    assert abs(torch.cosine_similarity(torch.tensor(step), torch.tensor(dashes), dim=0)) < 0.02
    expect(page.locator(".sky .layer-points circle[data-key=marked]")).to_have_count(1)
    card(page, "Gradient descent").click()
    expect(page.locator(".told")).to_contain_text("only 7 have been computed")


def test_a_nebula_pointed_at_is_lit_among_the_gradients_and_a_moment_in_every_view(page):
    nebula = page.locator(".sky .layer-points circle[data-key=all]").nth(23)
    nebula.hover(force=True)
    expect(page.locator(".told")).to_contain_text("NGC 4649: x = 2, y = 1.09")
    lit, own = page.locator(".gradients circle[data-key=marked]"), page.locator(".gradients circle[data-key=all]").nth(23)
    expect(lit).to_have_attribute("cx", own.get_attribute("cx"))
    expect(lit).to_have_count(1)
    box = page.locator(".account").bounding_box()
    page.mouse.move(box["x"] + 44 + 3, box["y"] + 40)
    expect(page.locator(".count")).to_have_text(re.compile("^[01] sample gradients? computed"))
    page.mouse.move(0, 0)
    expect(page.locator(".count")).to_have_text("120 sample gradients computed")


def test_another_seed_is_another_walk_and_the_same_link_the_same_one(pages):
    page = pages.open(state(k=153))
    before, mean = points(page, "plane", "past", "sgd"), points(page, "account", "means", "sgd")
    page.get_by_role("button", name="Another seed").click()
    expect(page.get_by_role("textbox", name="Seed")).to_have_value("1")
    assert points(page, "plane", "past", "sgd") != before and points(page, "account", "means", "sgd") == mean
    go(page, seed=0)
    assert points(page, "plane", "past", "sgd") == before
    go(page, b=1, who="batch")  # by ones it is SGD, on the same samples
    assert points(page, "plane", "past", "batch") == before


def test_without_motion_play_shows_the_end_at_once(pages):
    page = pages.open(reduced_motion="reduce")
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".count")).to_have_text("9600 sample gradients computed")
    expect(page.locator(".told")).to_have_text("The budget is spent.")
    expect(page.locator("#explorables-voice")).to_contain_text("SGD. Held in the noise ball.")


CORNERS = [
    dict(eta=1, b=24, w1=1.25, w2=1.05, k=153, who="batch"),
    dict(eta=1, b=1, k=153, who="gd"),
    dict(eta=1, decay="true", w1=-0.75, w2=-0.85, k=90, seed=9999),
    dict(eta=0.005, b=24, w1=-0.75, w2=-0.85, who="batch", k=1),
    dict(w1=BEST[0].item(), w2=BEST[1].item(), k=0, eta=0.491751),
    dict(eta="NaN", b="1e308", w1="-Infinity", w2="", seed=-1, k=1.5, who="constructor", decay="%FF"),
]


def test_no_corner_and_no_hostile_link_breaks_it(pages):
    page = pages.open(state(**CORNERS[0]))
    for knobs in CORNERS:
        go(page, **knobs)
        for who in ("Gradient descent", "SGD", "Mini-batch"):
            card(page, who).click()
            expect(card(page, who)).to_have_attribute("aria-pressed", "true")
            assert not re.search("NaN|Infinity|undefined", page.locator(".explorable-stage").inner_html()), (knobs, who)
            expect(page.locator(".verdict")).not_to_be_empty()
            expect(page.locator(".told")).not_to_be_empty()
    page.get_by_role("button", name="Reset").click()
    expect(slider(page, "Start")).to_have_attribute("aria-valuetext", re.compile("^slope −0.4, intercept 0.8,"))


@pytest.mark.parametrize("knobs, look", [
    (dict(eta=0.4), dict(color_scheme="light")),
    (dict(who="batch", k=5, decay="true"), dict(color_scheme="dark", viewport={"width": 320, "height": 700})),
], ids=["light", "dark320"])
def test_axe_finds_nothing_and_no_width_is_too_small(pages, knobs, look):
    page = pages.open(state(**knobs), reduced_motion="reduce", **look)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [320, 1280])
def test_hit_areas_are_large_enough_and_do_not_cover_their_neighbours(pages, width):
    page = pages.open(state(w1=1.25, w2=1.05), viewport={"width": width, "height": 900})
    controls = page.locator(".explorable-stage :is(button, .toggle, .slider-input, .scrubber, .handle)")
    assert controls.count() > 15
    assert crowded(controls) == []


def test_without_javascript_there_is_the_static_picture(pages):
    expect(pages.open(alive=False, java_script_enabled=False).get_by_text("The static picture.")).to_be_visible()
