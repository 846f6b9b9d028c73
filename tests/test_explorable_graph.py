"""The graph, forward and backward: all it shows is what PyTorch does, its four lines are a true calculation, and it can be
stepped through by keys, pointer, touch and link; and it never breaks."""

import functools
import json
import re
import runpy
import subprocess
from pathlib import Path

import pytest
import torch
from playwright.sync_api import expect

from for_everyone import axe, crowded
from lively import SPOKEN, follow, lively

REPO = Path(__file__).resolve().parents[1]
CHAPTER = (REPO / "chapters" / "autograd.md").read_text("utf-8")
RECORDER = runpy.run_path(str(REPO / "explorables" / "graph" / "data.py"))
CASES = [(f, cut) for f in RECORDER["EXPRESSIONS"] for cut in RECORDER["KINDS"]]
AGAIN = ("retain", "rebuild", "neither")
PAGE = """\
# Page

```{explorable} graph

Caption: {set}`a detached u <graph f=product cut=detach k=6>`.

The static picture.
```

""" + "A line of text.\n\n" * 60


@functools.cache
def data():
    """The recording of all cases, as the page gets it."""
    return json.dumps(RECORDER["data"]())


@functools.cache
def recorded(f, cut):
    return json.loads(data())["runs"][f][cut]


def number(text):
    """The tensor that PyTorch printed as `text`."""
    return torch.tensor(json.loads(re.sub(r"\.(?!\d)", ".0", text)), dtype=torch.float64)


def close(one, other, digits=1):
    """Equal to the digits that PyTorch prints, or to within so many of the last."""
    return one.shape == other.shape and torch.allclose(one, other, rtol=0, atol=digits * 5.01e-5)


# ---- What was recorded


def other_way(f, cut):
    """f of the leaves w, x (or x), written as functions: `c` stands for a part through which no gradient goes."""
    no = (lambda t: t.detach()) if cut != "none" else (lambda t: t)
    return {
        "product": lambda w, x: no(w * x) + x,
        "shared": lambda w, x: (w * x + x) * no(w * x) if cut == "detach" else (no(w * x) + x) * no(w * x),
        "chain": lambda x: (x * (no(x) if cut == "detach" else x)).sin().exp(),
        "vector": lambda w, x: (w * x + no(x.sin())).sum(),
    }[f]


@pytest.mark.parametrize(("f", "cut"), CASES)
def test_values_and_gradients_are_those_of_the_same_function_differentiated_another_way(f, cut):
    run = recorded(f, cut)
    if (f, cut) == ("chain", "no_grad"):
        assert run["order"] == [] and [leaf["grads"] for leaf in run["leaves"]] == [["None", "None"]]
        return
    x = [torch.tensor(RECORDER["EXPRESSIONS"][f][0][leaf["name"]], requires_grad=True) for leaf in run["leaves"]]
    value = other_way(f, cut)(*x)
    show = RECORDER["show"]
    assert show(value) == run["operations"][-1]["value"]
    grads = torch.autograd.grad(value, x, allow_unused=True)
    for leaf, grad in zip(run["leaves"], grads, strict=True):
        assert leaf["grads"] == ["None", "None"] if grad is None else leaf["grads"] == [show(grad), show(2 * grad)]


@pytest.mark.parametrize(("f", "cut"), CASES)
def test_each_edge_carries_what_arrived_times_the_local_derivative_bit_for_bit(f, cut):
    tensors = RECORDER["forward"](RECORDER["program"](f, cut), RECORDER["leaves"](f))
    nodes = RECORDER["nodes_of"](tensors)
    local = RECORDER["locals_of"](tensors, nodes)
    ran = RECORDER["play"](f, cut, "retain")[0]["ran"]
    assert list(ran) == recorded(f, cut)["order"]
    arrived = {"f": torch.tensor(1.0)}
    for name, (got, sent) in ran.items():
        assert torch.equal(got, arrived[name]), "a node runs when all its shares have arrived"
        if tensors[name].is_leaf:
            continue
        for (into, _), each, factor in zip(nodes[name].next_functions, sent, local[name], strict=True):
            assert (each is None) == (into is None)
            if into is not None:
                assert torch.equal(each, got * factor)
                (to,) = [name for name, node in nodes.items() if node is into]
                arrived[to] = arrived[to] + each if to in arrived else each
    assert arrived.keys() == ran.keys() or cut == "no_grad" and not ran


def test_a_cut_takes_away_an_edge_or_a_function_and_what_is_behind_it():
    def facts(f, cut):
        run = recorded(f, cut)
        edges = [(op["name"], entry["of"]) for op in run["operations"] for entry in op["inputs"] if "next" in entry]
        return edges, [op["name"] for op in run["operations"] if "fn" not in op]

    for f in ("product", "shared", "chain", "vector"):
        whole, none = facts(f, "none")
        cut, still_none = facts(f, "detach")
        assert none == still_none == [] and len(whole) == len(cut) + 1  # the Function stays, one edge goes
        assert facts(f, "no_grad")[1] != [] and len(facts(f, "no_grad")[0]) < len(cut)


def test_the_recording_is_the_same_each_time_small_and_without_addresses():
    assert json.dumps(RECORDER["data"]()) == data()
    assert "0x" not in data() and " at " not in data()
    assert len(data()) <= 12 * 1024


def test_its_errors_are_those_that_the_chapter_prints():
    for error in json.loads(data())["errors"].values():
        assert f"RuntimeError: {error}" in CHAPTER


# ---- The steps and the four lines, as the page makes them


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What record.ts and lines.ts make of every recording, run by Node."""
    folder = tmp_path_factory.mktemp("node")
    program = """
    import { scene, steps } from "FOLDER/record.ts"
    import { edgeLines, leafLines } from "FOLDER/lines.ts"
    const plain = now => ({ ...now, born: [...now.born], sent: [...now.sent], freed: [...now.freed], grads: Object.fromEntries(now.grads) })
    const all = {}
    for (const [f, cuts] of Object.entries(data.runs)) for (const [cut, run] of Object.entries(cuts)) for (const again of ["retain", "rebuild", "neither"]) {
      const list = steps(run, again)
      const at = k => scene(run, again, list.slice(0, k + 1))
      all[`${f} ${cut} ${again}`] = list.map((step, k) => ({
        ...step, scene: plain(at(k)),
        lines: step.kind === "edge" ? edgeLines(run, step) : step.kind === "leaf" ? leafLines(run, step, at(k - 1), at(k)) : null,
      }))
    }
    console.log(JSON.stringify(all))
    """.replace("FOLDER", str(REPO / "explorables" / "graph"))
    (folder / "ask.js").write_text(f"const data = {data()};\n{program}", "utf-8")
    subprocess.run([REPO / "node_modules/.bin/esbuild", "ask.js", "--bundle", "--format=esm", "--outfile=out.mjs", "--log-level=error"], cwd=folder, check=True)
    reply = subprocess.run(["node", "out.mjs"], cwd=folder, check=True, capture_output=True, text=True).stdout
    return {tuple(key.split()): steps for key, steps in json.loads(reply).items()}


def computed(text, names):
    """What a line of numbers and names comes to; `names` are tensors."""
    text = re.sub(r"\[[^\]]*\]|-?\d+\.\d*", lambda found: f"N({found[0]!r})", text.removeprefix("= "))
    text = re.sub(r"\b(cos|exp) (\w)", r"torch.\1(\2)", text.replace("×", "*").replace("⊙", "*"))
    return eval(text, {"torch": torch, "N": number}, names)


def test_the_four_lines_are_a_true_calculation(told):
    edges = leaves = 0
    for (f, cut, _), steps in told.items():
        run = recorded(f, cut)
        values = {each["name"]: number(each["value"]) for each in run["operations"] + run["leaves"]}
        for step in steps:
            if step["kind"] == "edge":
                edges += 1
                node = next(op for op in run["operations"] if op["name"] == step["at"])
                symbols, filled, numbers, result = step["lines"]
                first, second = [entry["of"] for entry in node["inputs"]] + [None] * (2 - len(node["inputs"]))
                names = values | ({"a": values[first], "b": values[second]} if first == second else {})
                end = computed(result, {})
                assert close(computed(filled, names).expand_as(end), end, digits=3), step["lines"]  # the values in it are rounded, too
                assert close(computed(numbers, {}), end), step["lines"]
                over, under = re.fullmatch(r"∂f/∂(\w) ?(?:_i)? · ∂\1/∂(\w)", symbols.replace("_i", "")).groups()
                assert over == step["at"] and (under in "ab" if first == second else under == [first, second][step["input"]])
                assert ("⊙" in numbers) == (node["got"].startswith("[") and end.dim() > 0)
            if step["kind"] == "leaf":
                leaves += 1
                _, _, numbers, result = step["lines"]
                assert close(computed(numbers.replace("None + ", ""), {}), computed(result, {})), step["lines"]
    assert edges > 150 and leaves > 60


def test_the_steps_are_the_passes_one_after_the_other(told):
    kinds = lambda steps: [f"{step['kind']} {step['at']}{step['input'] if step['kind'] == 'edge' else ''}".strip() for step in steps]
    backward = ["call f", "edge f0", "edge f1", "edge u0", "edge u1", "leaf w", "leaf x"]
    forward = ["operation u", "operation f"]
    assert kinds(told["product", "none", "retain"]) == ["start", *forward, *backward, *backward]
    assert kinds(told["product", "none", "rebuild"]) == ["start", *forward, *backward, *forward, *backward]
    assert kinds(told["product", "none", "neither"]) == ["start", *forward, *backward, "call f", "edge f0", "edge f1", "error u"]
    assert kinds(told["product", "detach", "neither"])[-3:] == ["call f", "edge f1", "leaf x"]  # an addition saves no tensor
    for key in AGAIN:
        assert kinds(told["chain", "no_grad", key])[-2:] == ["operation f", "error f"]


def test_what_is_there_after_each_pass_is_what_pytorch_left(told):
    for (f, cut, again), steps in told.items():
        passes = RECORDER["play"](f, cut, again)
        for number_of, phase in enumerate(("first", "second")):
            ends = [step for step in steps if step["phase"] == phase]
            if ends:
                left = {leaf: RECORDER["show"](grad) if grad is not None else "None" for leaf, grad in passes[number_of]["grads"].items()}
                assert ends[-1]["scene"]["grads"] == left, (f, cut, again)
                assert (ends[-1]["kind"] == "error") == (passes[number_of]["error"] is not None)


def test_saved_tensors_are_let_go_where_pytorch_lets_them_go(told):
    for (f, cut, again), steps in told.items():
        tensors = RECORDER["forward"](RECORDER["program"](f, cut), RECORDER["leaves"](f))
        if tensors["f"].grad_fn is None:
            continue
        for phase in ("first", "second"):
            if phase == "second" and again != "retain":
                continue
            tensors["f"].backward(retain_graph=phase == "first" and again == "retain")
            shown = [step for step in steps if step["phase"] == phase][-1]["scene"]["freed"]
            for op in recorded(f, cut)["operations"]:
                for key in [key for key, value in op.get("saved", {}).items() if op["held"] and value != "None"]:
                    try:
                        getattr(tensors[op["name"]].grad_fn, key)
                        freed = False
                    except RuntimeError:
                        freed = True
                    assert freed == (op["name"] in shown), (f, cut, again, op["name"])


# ---- The picture


@pytest.fixture(scope="module")
def built(tmp_path_factory, windows):
    with lively(tmp_path_factory.mktemp("graph"), windows, PAGE, "graph") as pages:
        yield pages


def link(**state):
    return "#" + "&".join(f"graph.{key}={value}" for key, value in state.items())


def node(page, name):
    return page.get_by_role("button", name=re.compile(f"^{name}, "))


def facts(page):
    return page.locator(".facts > :not(.what)")


def count(page):
    return page.locator(".player .count")


def shared(page):
    """The state in the URL, once it is there."""
    page.wait_for_function("document.querySelector('#explorables-voice').textContent !== ''")
    return dict(re.findall(r"graph\.(\w+)=([^&]*)", page.evaluate("location.hash")))


def labels(page):
    """The gradients that stand at the edges."""
    return {label.get_attribute("data-key"): label.text_content() for label in page.locator(".layer-labels text").all()}


def test_it_begins_in_the_middle_of_the_backward_pass_and_paper_gets_the_fallback(pages):
    page = pages.open()
    expect(page.locator(".card strong")).to_have_text("MulBackward0 → x")
    expect(facts(page)).to_have_text(["∂f/∂u · ∂u/∂x", "= 1. × w", "= 1. × 2.", "= 2."])
    assert labels(page) == {"seed": "1.", "f0": "1.", "f1": "1.", "u0": "5.", "u1": "2."}
    expect(page.locator(".grads")).to_have_text(["w.grad: None → 5. → 10.", "x.grad: None → 3. → 6."])
    expect(page.get_by_text("The static picture.")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.get_by_text("The static picture.")).to_be_visible()
    page = pages.open(alive=False, java_script_enabled=False)
    expect(page.get_by_text("The static picture.")).to_be_visible()


def test_forward_the_values_appear_one_by_one(pages):
    page = pages.open()
    page.get_by_role("button", name="Reset").click()
    expect(count(page)).to_have_text("0 / 16")
    expect(node(page, "u")).to_have_attribute("aria-label", "u, MulBackward0, not computed yet")
    expect(node(page, "x")).to_have_attribute("aria-label", "x, AccumulateGrad, 5., .grad None")
    page.get_by_role("button", name="Step").click()
    expect(node(page, "u")).to_have_attribute("aria-label", "u, MulBackward0, 10.")
    expect(node(page, "f")).to_have_attribute("aria-label", "f, AddBackward0, not computed yet")
    expect(facts(page)).to_have_text(["u = w * x", "10.", "MulBackward0", "_saved_other = 5.\n_saved_self = 2.", "(AccumulateGrad, 0)\n(AccumulateGrad, 0)"])
    assert labels(page) == {}


def test_a_second_pass_accumulates_or_stops_as_it_was_asked_to(pages):
    page = pages.open(link(f="product", again="retain", k=16))
    expect(facts(page)).to_have_text(["x.grad ← x.grad + ∂f/∂x", "= 3. + ∂f/∂x", "= 3. + (1. + 2.)", "= 6."])
    expect(page.locator(".code li")).to_have_text(["u = w * x", "f = u + x", "f.backward(retain_graph=True)", "f.backward()"])
    expect(page.locator(".code [aria-current]")).to_have_text("f.backward()")
    page.get_by_role("radio", name="nothing").check()
    expect(page.locator(".card")).to_contain_text("RuntimeErrormessageTrying to backward through the graph a second time")
    expect(node(page, "x")).to_have_attribute("aria-label", "x, AccumulateGrad, 5., .grad 3.")
    expect(page.locator(".pin.freed")).to_have_count(2)
    page.get_by_role("radio", name="forward again").check()
    expect(node(page, "x")).to_have_attribute("aria-label", "x, AccumulateGrad, 5., .grad 6.")
    expect(count(page)).to_have_text("18 / 18")
    page.wait_for_function("location.hash.includes('graph.again=rebuild') && location.hash.includes('graph.k=18')")


def test_a_cut_takes_the_edge_away_and_keeps_the_place(pages):
    page = pages.open(link(f="product", k=9))
    expect(page.locator(".layer-heads path")).to_have_count(5)
    page.get_by_role("radio", name="detach()").check()
    expect(page.locator(".layer-heads path")).to_have_count(4)
    expect(page.locator(".grads")).to_have_text(["w.grad: None → None → None", "x.grad: None → 1. → 2."])
    expect(page.locator(".verdict")).to_contain_text("taken away an edge from AddBackward0 to u")
    expect(node(page, "x")).to_have_attribute("aria-label", "x, AccumulateGrad, 5., .grad 1.")  # still where the first pass ends
    page.get_by_role("radio", name="no_grad()").check()
    expect(page.locator(".layer-heads path")).to_have_count(2)
    expect(page.locator(".verdict")).to_contain_text("u was computed under no_grad")
    page.get_by_role("radio", name="x squared, sine, exponential").check()
    expect(page.locator(".card")).to_contain_text("element 0 of tensors does not require grad")


def test_the_phrases_of_the_chapter_show_what_it_says_of_them(pages):
    phrases = dict(re.findall(r"\{set\}`([^<`]+) <graph ([^>]+)>`", CHAPTER))
    told = {
        "前向走完": "Forward computes f",
        "x 收到两份梯度": "All 2 edges have delivered",
        "u 等两份到齐才往下送": "All that is sent to u has arrived and is added up first (9. + 6. = 15.).",
        "第二遍停在第一个要用它们的 Function": "SinBackward0 no longer has the tensors it saved",
        "剪掉两条边中的一条": "AccumulateGrad puts what arrived into x.grad",
    }
    assert phrases.keys() == told.keys()
    page = pages.open()
    for phrase, sentence in told.items():
        follow(page, "#" + "&".join(f"graph.{pair}" for pair in phrases[phrase].split()))
        expect(page.locator(".told")).to_contain_text(sentence)
    halves = [recorded("chain", cut)["leaves"][0]["grads"][0] for cut in ("none", "detach")]
    assert close(number(halves[0]), 2 * number(halves[1]))


def test_every_control_works_by_keys_alone(pages):
    page = pages.open()
    node(page, "f").focus()
    expect(page.locator(".card strong")).to_have_text("f.backward()")
    page.keyboard.press("Tab")
    expect(page.locator(".card strong")).to_have_text("MulBackward0 → w")  # u is pointed at, nothing has moved
    expect(count(page)).to_have_text("7 / 16")
    for k in ("6", "7", "6"):
        page.keyboard.press("Enter")
        expect(count(page)).to_have_text(f"{k} / 16")
    page.get_by_role("slider", name="Steps").focus()
    page.keyboard.press("End")
    expect(count(page)).to_have_text("16 / 16")
    page.get_by_role("button", name="forward", exact=True).focus()
    page.keyboard.press("Enter")
    expect(count(page)).to_have_text("2 / 16")
    page.get_by_role("radio", name="w times x, plus x").focus()
    page.keyboard.press("ArrowRight")
    expect(count(page)).to_have_text("3 / 21")  # f is made there, too
    expect(node(page, "f")).to_have_attribute("aria-label", "f, MulBackward0, 54.")
    state = shared(page)
    assert (state["f"], state["k"]) == ("shared", "3")


def test_a_phrase_sets_it_and_it_speaks_once_after_the_movement_has_ended(pages):
    page = pages.open()
    page.evaluate(SPOKEN)
    page.get_by_role("button", name="a detached u").click()
    shared(page)
    assert page.evaluate("spoken") == [
        "f.backward(): symbols ∂f/∂f; result = 1.; Backward begins with ∂f/∂f = 1, handed to f's grad_fn, which is AddBackward0."
    ]


def test_play_ends_by_itself_and_less_motion_shows_the_end_at_once(pages):
    page = pages.open(link(f="chain", cut="no_grad", k=0))
    page.get_by_role("button", name="Play").click()
    expect(count(page)).to_have_text("4 / 4")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page = pages.open(reduced_motion="reduce")
    page.get_by_role("button", name="Play").click()
    expect(count(page)).to_have_text("16 / 16", timeout=300)


def test_a_swipe_that_begins_on_a_box_scrolls_the_page_and_a_tap_goes_to_its_step(pages):
    page = pages.open(viewport={"width": 375, "height": 700}, has_touch=True, is_mobile=True)
    node(page, "w").tap()
    expect(page.locator(".card strong")).to_have_text("AccumulateGrad · w")
    expect(count(page)).to_have_text("8 / 16")
    touch = page.context.new_cdp_session(page)
    before = page.evaluate("scrollY")
    box = node(page, "u").bounding_box()
    x, y = box["x"] + 30, box["y"] + 20
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 11):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y - 12 * step}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function(f"scrollY > {before} + 50")


HOSTILE = [
    "#%E0%A4%A&graph.k=%FF&&&===",
    link(k="NaN", f="constructor", cut="", again="__proto__"),
    link(k="1e308", f="chain", cut="no_grad"),
    link(k="-7", f="vector", again="neither"),
    link(k=40, f="vector", cut="detach", again="rebuild"),
    "#no-such-place",
]


# The hash is no longer the link's and says what is shown.
LINKED = """link => location.hash !== link
  && new URLSearchParams(location.hash.slice(1)).get("graph.k") === document.querySelector(".count").textContent.split(" ")[0]"""


@pytest.mark.parametrize("hash", HOSTILE)
def test_a_hostile_link_is_clamped_or_ignored(pages, visited, hash):
    page = visited
    follow(page, hash)
    expect(count(page)).to_have_text(re.compile(r"^\d+ / \d+$"))
    page.get_by_role("button", name="Step").click()
    page.wait_for_function(LINKED, arg=hash)
    k, last = map(int, count(page).inner_text().split(" / "))
    assert 0 <= k <= last
    assert not re.search("NaN|undefined", page.locator(".explorable-stage").inner_html())


@pytest.mark.parametrize("look", [{"color_scheme": "light"}, {"color_scheme": "dark", "viewport": {"width": 320, "height": 700}}], ids=["light", "dark320"])
def test_axe_finds_nothing_and_no_width_is_too_small(pages, look):
    page = pages.open(reduced_motion="reduce", **look)
    for state in (dict(k=7), dict(f="vector", again="neither", k=18), dict(f="vector", cut="no_grad", k=10), dict(f="shared", k=2)):
        follow(page, link(**state))
        expect(count(page)).to_have_text(re.compile(f"^{state['k']} /"))
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# The texts that stick out of their boxes.
ESCAPED = """boxes => [...boxes.ownerSVGElement.querySelectorAll(":is(.layer-titles, .layer-values, .layer-grads) text")].filter(text => {
  const inside = text.getBoundingClientRect(), box = boxes.querySelector(`[data-key="${text.dataset.key}"]`).getBoundingClientRect()
  return inside.left < box.left || inside.right > box.right
}).map(text => text.textContent)"""


@pytest.mark.parametrize("width", [320, 680, 1280])
def test_hit_areas_are_large_enough_boxes_hold_their_texts_and_nothing_overlaps(pages, width):
    page = pages.open(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    for f in ("product", "vector"):
        follow(page, link(f=f, k=13 if f == "vector" else 9))
        expect(node(page, "v")).to_have_count(int(f == "vector"))
        assert crowded(page.locator(".explorable-stage :is(button, .choice label):visible")) == []
        assert page.locator(".layer-boxes").evaluate(ESCAPED) == []
