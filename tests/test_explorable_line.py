"""The learning rate on a line, in a real browser: by keys, by pointer, by touch, by link; and never broken."""

import re

import pytest
from playwright.sync_api import expect

from for_everyone import axe, crowded
from lively import DRAWN, SPOKEN, follow, lively

PAGE = """\
# Page

```{explorable} descent-1d
:eta: 0.9

Caption: {set}`just past the limit <descent-1d f=square x=5 eta=1.05 k=2>`.

The static picture.
```

""" + "A line of text.\n\n" * 60


@pytest.fixture(scope="module")
def built(tmp_path_factory, windows):
    with lively(tmp_path_factory.mktemp("line"), windows, PAGE, "descent-1d") as pages:
        yield pages


def rate(page):
    return page.get_by_role("slider", name="Learning rate η")


def start(page):
    return page.get_by_role("slider", name="Start x₀")


def voice(page):
    return page.locator("#explorables-voice")


def shared(page, before=""):
    """The state in the URL, once it is there."""
    page.wait_for_function("before => location.hash.includes('descent-1d.eta=') && location.hash !== before", arg=before)
    return dict(re.findall(r"descent-1d\.(\w+)=([^&]*)", page.url))


def test_it_begins_where_the_chapter_says_and_hides_the_fallback_from_the_screen_only(pages):
    page = pages.open()
    expect(rate(page)).to_have_attribute("aria-valuetext", "η = 0.9")
    expect(page.get_by_text("The static picture.")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.get_by_text("The static picture.")).to_be_visible()
    expect(page.locator(".explorable-stage")).to_be_hidden()


def test_without_javascript_there_is_the_static_picture_and_plain_text(pages):
    page = pages.open(alive=False, java_script_enabled=False)
    expect(page.get_by_text("The static picture.")).to_be_visible()
    assert page.locator("button.sets").count() == 0 and page.locator(".sets").count() == 1


def test_a_phrase_sets_the_picture_and_the_picture_says_why(pages):
    page = pages.open()
    page.get_by_role("button", name="just past the limit").click()
    expect(page.locator(".verdict")).to_contain_text("Divergent. Every step multiplies the error by 1 − ηL = −1.1")
    # x_2 = 5 * 1.1^2, and the step from it: what the tangent promised is -eta f'^2, what happened (1.1^2 - 1) x_2^2.
    expect(page.locator(".told")).to_have_text(
        "Step 3 goes from 6.05 to −6.66: the tangent promised f to change by −154, it changed by 7.69."
    )
    expect(voice(page)).to_contain_text("Divergent. ")
    assert shared(page) == {"f": "square", "x": "5", "eta": "1.05", "k": "2"}


def test_every_control_works_by_keys_alone_in_the_agreed_steps(pages):
    page = pages.open()
    start(page).focus()
    for key, moved in (("ArrowLeft", "4.76"), ("Shift+ArrowLeft", "3.56"), ("Alt+ArrowRight", "3.62"), ("Home", "−6"), ("End", "6")):
        page.keyboard.press(key)
        expect(start(page)).to_have_attribute("aria-valuetext", re.compile(f"^x₀ = {re.escape(moved)},"))
    rate(page).focus()
    page.keyboard.press("End")
    expect(rate(page)).to_have_attribute("aria-valuetext", "η = 2")
    page.keyboard.press("ArrowLeft")  # a fiftieth of the logarithmic span: 2 / 400^(1/50)
    expect(rate(page)).to_have_attribute("aria-valuetext", "η = 1.77")
    page.get_by_role("button", name="1/L").focus()
    page.keyboard.press("Enter")
    expect(rate(page)).to_have_attribute("aria-valuetext", "η = 0.5")
    page.get_by_role("radio", name="x squared", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="a quarter of x to the fourth")).to_be_checked()
    page.get_by_role("button", name="Step", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".count")).to_have_text("1 / 40")


def test_it_speaks_once_after_the_movement_has_ended(pages):
    page = pages.open()
    page.evaluate(SPOKEN)
    rate(page).focus()
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function("spoken.length > 0")
    shared(page)
    assert len(page.evaluate("spoken")) == 1


def test_the_start_is_dragged_along_the_curve_and_takes_the_focus(pages):
    page = pages.open()
    box = start(page).bounding_box()
    assert box["width"] >= 44 and box["height"] >= 44
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y - 30)
    expect(start(page)).to_be_focused()
    page.mouse.up()
    now = start(page).bounding_box()
    assert now["x"] == pytest.approx(box["x"] - 60, abs=2) and now["y"] > box["y"] + 20
    assert float(shared(page)["x"]) < 4


def test_a_finger_drags_the_start_and_a_swipe_over_the_picture_scrolls_the_page(pages):
    page = pages.open(viewport={"width": 375, "height": 700}, has_touch=True, is_mobile=True)
    start(page).scroll_into_view_if_needed()
    touch = page.context.new_cdp_session(page)

    def swipe(x, y, dx, dy):
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for step in range(1, 11):
            moved = [{"x": x + dx * step / 10, "y": y + dy * step / 10}]
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": moved})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    box = start(page).bounding_box()
    swipe(box["x"] + 22, box["y"] + 22, -80, 0)
    assert float(shared(page)["x"]) < 4
    def resting():
        """Where the page stands, once it stands still."""
        return page.evaluate("""() => new Promise(done => {
            let last = -1
            const look = () => scrollY === last ? done(scrollY) : (last = scrollY, setTimeout(look, 100))
            look()
        })""")

    before = resting()
    plot = page.locator(".plot").first.bounding_box()
    swipe(plot["x"] + plot["width"] / 2, plot["y"] + 100, 0, -150)
    page.wait_for_function(f"scrollY > {before} + 50")
    before = resting()
    box = start(page).bounding_box()
    swipe(box["x"] + 22, box["y"] + 22, 0, -120)  # up or down a handle that goes left and right: a scroll as well
    page.wait_for_function(f"scrollY > {before} + 50")


# In one go, before the picture is drawn again: a number with Enter, and what is typed after it; then what is in the field.
HASTE = f"""async field => {{
  const type = text => {{ field.value = text; field.dispatchEvent(new Event("input")) }}
  type("2.5")
  field.dispatchEvent(new KeyboardEvent("keydown", {{ key: "Enter" }}))
  type("1.")
  await {DRAWN}
  return field.value
}}"""


def test_what_is_typed_before_the_picture_is_drawn_again_stays(pages):
    page = pages.open()
    assert page.get_by_role("textbox", name="Start x₀").evaluate(HASTE) == "1."
    expect(start(page)).to_have_attribute("aria-valuetext", re.compile("^x₀ = 2.5,"))


def test_a_number_can_be_typed_and_nonsense_is_said_and_not_taken(pages):
    page = pages.open()
    field = page.get_by_role("textbox", name="Start x₀")
    for typed, value, fault in (("2.5", "2.5", ""), ("abc", "abc", "A number is needed"), ("1e308", "6", "Out of range"), ("−3", "−3", "")):
        field.fill(typed)
        field.press("Enter")
        expect(field).to_have_value(value)
        expect(page.locator(".fault")).to_contain_text(fault)
    expect(start(page)).to_have_attribute("aria-valuetext", re.compile("^x₀ = −3,"))  # it is drawn, and no frame is due
    field.fill("")
    field.press("Enter")
    expect(page.locator(".fault")).to_contain_text("A number is needed")
    expect(start(page)).to_have_attribute("aria-valuetext", re.compile("^x₀ = −3,"))


HOSTILE = [
    "#%E0%A4%A&descent-1d.eta=%FF&&&===",
    "#descent-1d.eta=NaN&descent-1d.x=&descent-1d.k=-1",
    "#descent-1d.eta=1e308&descent-1d.x=-1e308&descent-1d.k=1e9&descent-1d.f=absolute",
    "#descent-1d.eta=Infinity&descent-1d.f=constructor&descent-1d.__proto__=1",
    "#descent-1d.f=quartic&descent-1d.x=6&descent-1d.eta=2&descent-1d.k=40",
    "#descent-1d.f=valleys&descent-1d.x=0.16990&descent-1d.eta=0.2",
    "#descent-1d.x=0",
    "#no-such-place",
]


@pytest.mark.parametrize("hash", HOSTILE)
def test_a_hostile_link_is_clamped_or_ignored(pages, visited, hash):
    page = visited
    follow(page, hash)
    expect(page.locator(".verdict")).not_to_be_empty()
    assert "NaN" not in page.locator(".explorable-stage").inner_html()
    rate(page).press("ArrowLeft")
    eta, x = (float(shared(page, hash)[knob]) for knob in ("eta", "x"))
    assert 0.005 <= eta <= 2 and -6 <= x <= 6


def test_a_shared_link_shows_the_same_and_leaves_other_pictures_alone(pages):
    page = pages.open("#other.angle=30&descent-1d.f=valleys&descent-1d.x=1.8&descent-1d.eta=0.25&descent-1d.k=5")
    expect(page.get_by_role("radio", name=re.compile("two valleys"))).to_be_checked()
    expect(page.locator(".count")).to_have_text("5 / 40")
    rate(page).press("ArrowLeft")
    page.wait_for_function("!location.hash.includes('eta=0.25')")
    assert "other.angle=30" in page.url and "descent-1d.f=valleys" in page.url


def test_play_walks_to_the_end_and_without_motion_it_is_there_at_once(pages):
    page = pages.open(reduced_motion="reduce")
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".count")).to_have_text("40 / 40")
    page = pages.open("#descent-1d.k=38")
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".count")).to_have_text("40 / 40")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.get_by_role("button", name="Reset").click()
    expect(page.locator(".count")).to_have_text("0 / 40")


def test_hovering_a_step_lights_it_in_the_other_view(pages):
    page = pages.open()
    main = page.locator(".plot").first
    picture = main.bounding_box()
    spots = main.locator(".layer-future path[data-key=steps-spots]").get_attribute("d")
    x, y = map(float, spots.split("M")[4].removesuffix("h0").split(","))  # x₃: x₀ stands behind the first M
    page.mouse.move(picture["x"] + x, picture["y"] + y)
    expect(page.locator(".told")).to_contain_text("Step 4 goes from")
    page.mouse.move(0, 0)
    expect(page.locator(".told")).to_contain_text("Step 1 goes from")


# A state of the picture, by its link, and what the picture says in it.
STATES = {
    "": "Swinging",
    "#descent-1d.eta=1.05&descent-1d.k=7": "Divergent",
    "#descent-1d.f=valleys&descent-1d.x=1.8&descent-1d.eta=0.2": "Chaotic",
    "#descent-1d.f=absolute": "kink",
}


@pytest.mark.parametrize("look", [{"color_scheme": "light"}, {"color_scheme": "dark", "viewport": {"width": 320, "height": 700}}], ids=["light", "dark320"])
def test_axe_finds_nothing_and_no_width_is_too_small(pages, look):
    page = pages.open(reduced_motion="reduce", **look)
    for hash, sentence in STATES.items():
        follow(page, hash)
        expect(page.locator(".verdict")).to_contain_text(sentence)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [320, 680, 1280])
def test_hit_areas_are_large_enough_and_do_not_cover_their_neighbours(pages, width):
    page = pages.open(viewport={"width": width, "height": 900})
    controls = page.locator(".explorable-stage :is(button, .choice label, .slider-input, .scrubber)")
    assert crowded(controls) == []
