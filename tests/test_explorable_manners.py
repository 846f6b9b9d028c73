"""What all pictures do: they let a finger scroll, rest when nothing moves or nobody sees them, show an end at once to whom
motion troubles, hint once, and speak with one voice. All stand on one page here, each out of the others' sight."""

import re

import pytest
from playwright.sync_api import expect

from lively import DRAWN, FRAMES, SPOKEN, lively, traced
from tiny import REPO

NAMES = sorted(path.stem for path in REPO.glob("explorables/*.ts") if path.stem != "predict")
PLAYED = ["descent-1d", "descent-2d", "graph", "walk"]
TEXT = "One more line.\n\n" * 40
PAGE = "# A page\n\n" + "".join(f"{TEXT}```{{explorable}} {name}\n\nA caption.\n\nThe static picture.\n```\n\n" for name in NAMES) + TEXT


def test_every_picture_stands_in_a_chapter():
    chapters = "".join(path.read_text("utf-8") for path in REPO.glob("chapters/*.md"))
    assert sorted(re.findall(r"^`{3,}\{explorable\} ([\w-]+)", chapters, re.MULTILINE)) == NAMES


@pytest.fixture(scope="module")
def built(tmp_path_factory, windows):
    with lively(tmp_path_factory.mktemp("manners"), windows, PAGE, *NAMES) as pages:
        yield pages


def in_sight(page, name):
    """The figure `name` on `page`, alive and in sight."""
    figure = page.locator(f"figure[data-explorable={name}]")
    expect(figure).to_contain_class("alive")
    figure.evaluate("figure => figure.scrollIntoView()")
    return figure


@pytest.fixture(scope="module")
def reader(built):
    """A page with all pictures, of one reader, who stays for all that is tested of them."""
    return built.open()


@pytest.fixture
def page(reader, pages):
    return reader


# The pictures whose hint moves just now.
HINTING = """() => document.getAnimations().filter(one => one.animationName === "explorable-hint")
  .map(one => one.effect.target.closest("figure").dataset.explorable).join()"""


def test_a_hint_goes_when_the_picture_was_used_and_does_not_come_back(page):  # the first of all tests here
    for name in NAMES:
        figure = in_sight(page, name)
        hint = figure.locator(".explorable-hint")
        expect(hint).to_be_visible()
        moving = "" if name == "graph" else name  # whose hint stands still; and so do all others, which nobody sees
        page.wait_for_function(f"moving => ({HINTING})() === moving", arg=moving)
        figure.locator(":is([role=slider], .step)").first.press("ArrowRight")
        figure.locator("button").first.press("Enter")
        expect(hint).to_have_count(0)
    page.reload()
    for name in NAMES:
        in_sight(page, name)
    expect(page.locator(".explorable-hint")).to_have_count(0)


@pytest.fixture(scope="module", params=NAMES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def figure(reader, name):
    """The picture `name`, in sight."""
    return in_sight(reader, name)


# Presses a key on an element, and says whether nobody handled it.
PRESS = """(element, key, by) =>
  element.dispatchEvent(new KeyboardEvent("keydown", { ...by, key, bubbles: true, cancelable: true }))"""


# A place on a plot where nothing lies that is dragged.
BARE = """plot => {
  plot.scrollIntoView({ block: "center" })
  const box = plot.getBoundingClientRect()
  for (const up of [0.5, 0.3, 0.7]) for (const across of [0.5, 0.3, 0.7, 0.15, 0.85]) {
    const x = box.left + across * box.width, y = box.top + up * box.height
    if (!document.elementFromPoint(x, y).closest(".handle, input")) return [x, y]
  }
}"""


@pytest.fixture(scope="module")
def phone(built):
    return built.open(viewport={"width": 375, "height": 700}, has_touch=True, is_mobile=True)


def test_a_swipe_over_any_of_its_plots_scrolls_the_page(pages, phone, name):
    page, figure = phone, in_sight(phone, name)
    finger = page.context.new_cdp_session(page)
    plots = figure.locator(".plot").all()
    assert plots
    for plot in plots:
        x, y = plot.evaluate(BARE)
        before = page.evaluate("scrollY")
        finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for step in range(1, 5):
            finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y - 30 * step}]})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_function("before => scrollY > before + 50", arg=before)


# The parts of a slider, along and across, where something else would be touched.
COVERED = """slider => {
  slider.scrollIntoView({ block: "center" })
  const { left, top, width, height } = slider.getBoundingClientRect()
  const parts = [0.05, 0.25, 0.5, 0.75, 0.95]
  return parts.flatMap(along => parts.map(across => [along, across]))
    .filter(([along, across]) => document.elementFromPoint(left + along * width, top + across * height) !== slider)
}"""


def test_nothing_covers_a_slider(figure, name):
    sliders = figure.locator(".slider-input:visible").all()
    assert bool(sliders) == (name != "graph")
    for slider in sliders:
        assert slider.evaluate(COVERED) == []


# Counts what a page does of its own accord: `askedDuring(n)` says how much during so many frames.
COUNTING = """() => {
  let asked = 0
  const frame = window.requestAnimationFrame
  for (const name of ["requestAnimationFrame", "requestIdleCallback", "setTimeout", "setInterval"]) {
    const real = window[name].bind(window)
    window[name] = (...given) => (asked++, real(...given))
  }
  window.askedDuring = async frames => {
    const before = asked
    for (let n = 0; n < frames; n++) await new Promise(done => frame(done))
    return asked - before
  }
  window.comesToRest = async () => {
    for (let n = 0; n < 10; n++) if (await askedDuring(20) === 0) return true
    return false
  }
  window.endless = () => document.getAnimations().filter(one => one.effect.getComputedTiming().endTime === Infinity).length
}"""


def test_nothing_runs_while_nothing_moves_or_out_of_sight(figure, page, name):
    page.evaluate(COUNTING)
    assert page.evaluate("comesToRest()")  # once it has heard that it was scrolled
    assert page.evaluate("endless()") == 0
    assert (figure.locator(".play").count() == 1) == (name in PLAYED)
    if name in PLAYED:
        figure.locator(".player .reset").press("Enter")
        figure.locator(".play").press("Enter")
        assert page.evaluate("askedDuring(5)") > 0
        page.evaluate("scrollTo(0, 0)")
        assert page.evaluate("comesToRest()")
        scrubber = figure.locator(".scrubber")
        assert 0 <= int(scrubber.input_value()) < int(scrubber.get_attribute("max")), "it stopped on its way"


# Moves what can be moved first on a machine on which everything takes long: what the picture shows before, one frame
# later, three frames later, and in the end.
ON_A_SLOW_MACHINE = f"""async figure => {{
  let now = 0
  performance.now = () => now += 10
  const frames = {FRAMES}, press = {PRESS}
  const handle = figure.querySelector("[role=slider]")
  figure.scrollIntoView()
  await frames(20)
  const shown = [figure.innerHTML]
  press(handle, "ArrowRight")
  for (const count of [1, 2, 20]) {{
    await frames(count)
    shown.push(figure.innerHTML)
  }}
  delete performance.now
  return shown
}}"""


@pytest.mark.parametrize("name", [name for name in NAMES if name != "graph"], indirect=True)  # which has one view only
def test_on_a_slow_machine_what_stands_beside_follows_within_three_frames(figure):
    before, first, third, last = figure.evaluate(ON_A_SLOW_MACHINE)
    assert before != first != last == third


# From now on `rewritten()` names the attributes that were set to what they were. (Of styles a browser sees that itself.)
REWRITTEN = """figure => {
  const records = []
  new MutationObserver(seen => records.push(...seen)).observe(figure, { attributes: true, attributeOldValue: true, subtree: true })
  window.rewritten = () => records.filter(({ target, attributeName, oldValue }, at) => {
    const later = records.slice(at + 1).find(record => record.target === target && record.attributeName === attributeName)
    return attributeName !== "style" && oldValue === (later ? later.oldValue : target.getAttribute(attributeName))
  }).map(({ target, attributeName }) => `${attributeName} of ${target.outerHTML.slice(0, 80)}`)
}"""


def test_what_stays_is_not_drawn_again(figure, page):
    figure.evaluate(REWRITTEN)
    for control in figure.locator(":is([role=slider], input[type=range])").all():
        control.press("ArrowRight")
        page.evaluate(DRAWN)
    assert page.evaluate("rewritten()") == []


# Moves all that can be moved, to and fro, and tells how often the picture needed another room or spoke meanwhile.
TO_AND_FRO = f"""async figure => {{
  let reasons = 0
  const seen = new MutationObserver(() => reasons++)
  seen.observe(figure.querySelector(".explorable-room"), {{ attributes: true }})
  seen.observe(document.querySelector("#explorables-voice"), {{ childList: true }})
  for (const control of figure.querySelectorAll("[role=slider], input[type=range]")) for (const key of ["ArrowRight", "ArrowLeft"]) {{
    if (({PRESS})(control, key)) {{
      control[key === "ArrowRight" ? "stepUp" : "stepDown"]() // not handled: what the browser itself does
      control.dispatchEvent(new Event("input"))
    }}
    await {DRAWN}
  }}
  seen.disconnect()
  return reasons
}}"""


def test_the_page_around_is_not_laid_out_with_it(browser, figure, page):
    reasons = []
    events = traced(browser, page, lambda: reasons.append(figure.evaluate(TO_AND_FRO)))
    within = [event["args"]["beginData"]["partialLayout"] for event in events if event["name"] == "Layout"]
    assert within.count(True) >= 2
    assert within.count(False) <= reasons[0]


# Moves every handle a little and far, to and fro; and then one as it should not be, by a transform. Each frame of a move
# is marked.
NEAR_AND_FAR = f"""async figure => {{
  const handles = [...figure.querySelectorAll(".handle")]
  const moves = handles.flatMap(handle => [{{ altKey: true }}, {{ shiftKey: true }}].flatMap(by =>
    ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"].map(key => () =>
      ({PRESS})(handle, key, by))))
  for (const move of [...moves, () => requestAnimationFrame(() => handles[0].style.transform = "translate(1px)")]) {{
    move()
    requestAnimationFrame(() => performance.mark("a move"))
    await {DRAWN}
  }}
  handles[0].style.transform = ""
}}"""


@pytest.mark.parametrize("name", [name for name in NAMES if name != "graph"], indirect=True)  # which has no handles
def test_the_page_is_not_put_together_anew_for_what_moves(browser, figure, page):
    events = traced(browser, page, lambda: figure.evaluate(NEAR_AND_FAR), "blink", "blink.user_timing")
    named = lambda name: sorted((event for event in events if event["name"] == name), key=lambda event: event["ts"])
    layers, anew = named("Layerize"), [event["ts"] for event in named("PaintArtifactCompositor::Update")]
    drawn = [next(layer for layer in layers if layer["ts"] > move["ts"]) for move in named("a move")]
    *moves, wrong = [any(layer["ts"] <= ts <= layer["ts"] + layer["dur"] for ts in anew) for layer in drawn]
    assert wrong
    assert not any(moves[1:])  # the first takes the hint away


def test_its_room_on_the_page_grows_and_shrinks_with_it(figure, page, name):
    heights = "figure => [...figure.querySelectorAll('.explorable-room, .explorable-stage')].map(part => part.getBoundingClientRect().height)"
    wide, narrow = page.viewport_size, {"width": 375, "height": 700}
    seen = []
    for viewport in (wide, narrow, wide):
        page.set_viewport_size(viewport)
        page.evaluate(DRAWN)
        room, stage = figure.evaluate(heights)
        assert room == stage
        seen.append(room)
    assert seen[0] == seen[2] < seen[1]
    in_sight(page, name)  # again, and it has heard of it
    page.evaluate(DRAWN)


# Moves every handle about and slides every slider from end to end, once the picture has found its place; returns the
# heights that its room had.
EVERYWHERE = f"""async figure => {{
  const room = figure.querySelector(".explorable-room"), heights = []
  for (let before; before !== room.offsetHeight; await {DRAWN}) before = room.offsetHeight
  const watch = new ResizeObserver(() => heights.push(room.getBoundingClientRect().height))
  watch.observe(room)
  const keys = ["ArrowRight", "ArrowUp", "ArrowLeft", "ArrowLeft", "ArrowDown", "ArrowDown"].flatMap(key => [key, key, key])
  for (const control of figure.querySelectorAll("[role=slider], input[type=range]")) {{
    const moves = control.matches("input")
      ? Array.from({{ length: 18 }}, (_, i) => () => {{
          control.value = Number(control.min) + (control.max - control.min) * i / 17
          control.dispatchEvent(new Event("input"))
        }})
      : keys.map(key => () => ({PRESS})(control, key, {{ shiftKey: true }}))
    for (const move of moves) {{
      move()
      await new Promise(requestAnimationFrame)
    }}
  }}
  await {DRAWN}
  watch.disconnect()
  return heights
}}"""


@pytest.mark.parametrize("width", [375, 1280])
def test_what_stands_below_it_does_not_slip_away_under_the_hand(figure, page, name, width):
    page.set_viewport_size({"width": width, "height": 720})
    in_sight(page, name)
    assert len(set(figure.evaluate(EVERYWHERE))) == 1


@pytest.fixture
def less_motion(page):
    page.emulate_media(reduced_motion="reduce")
    yield
    page.emulate_media(reduced_motion="null")


@pytest.mark.parametrize("name", PLAYED, indirect=True)
def test_without_motion_play_shows_the_end_at_once(figure, page, less_motion):
    figure.locator(".player .reset").press("Enter")
    figure.locator(".play").press("Enter")
    page.evaluate(f"({FRAMES})(2)")
    scrubber = figure.locator(".scrubber")
    assert scrubber.input_value() == scrubber.get_attribute("max") != "0"


@pytest.fixture(scope="module")
def timed(built, browser):
    """A page whose clock is taken apart, and which keeps in `spoken` what the voice says."""
    page = browser.new_page()
    page.goto(f"{built.url}/index.html")
    expect(page.locator("figure.alive")).to_have_count(len(NAMES))
    page.clock.install(time=0)
    page.clock.pause_at(1)
    page.evaluate(SPOKEN)
    yield page
    page.close()


def test_one_polite_voice_speaks_once_when_a_movement_has_ended(timed, name):
    page = timed
    figure = in_sight(page, name)
    page.evaluate("spoken.length = 0")
    assert page.locator("#explorables-voice").get_attribute("role") == "status"
    assert page.locator(":is([role=status], [aria-live], output):not(.prediction *)").count() == 1
    control = figure.locator(":is([role=slider], input[type=range])").first
    control.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
        page.clock.run_for(300)
    assert page.evaluate("spoken") == []
    page.clock.run_for(5000)
    [sentence] = page.evaluate("spoken")
    assert len(sentence) > 10
    if control.get_attribute("role") == "slider":  # a point: nothing is said while it is held, however long
        control.scroll_into_view_if_needed()
        box = control.bounding_box()
        page.mouse.move(box["x"] + 22, box["y"] + 22)
        page.mouse.down()
        page.mouse.move(box["x"] + 52, box["y"] + 32)
        page.clock.run_for(5000)
        assert page.evaluate("spoken") == [sentence]
        page.mouse.up()
        page.clock.run_for(5000)
        assert len(page.evaluate("spoken")) == 2
