"""Predict, then look: an output waits for the reader's guess, in the browser only, and what the reader did is kept."""

import gzip
import re

import pytest
from playwright.sync_api import expect

from for_everyone import axe
from lively import LOOK, bundle, served
from tiny import HEAD, TinySite

EXTENSIONS = ["myst_nb", "faults", "forked_cells", "verified_cells", "predictions"]
FOUR = "tensor([4., 4.])"


def cell(code, output, tags="predict"):
    return f"```{{code-cell}}\n:tags: [{tags}]\n{code}\n```\n```{{testoutput}}\n{output}\n```\n\n"


PAGE = HEAD + "".join([
    cell('print("tensor([4., 4.])")', FOUR),
    cell('print(True)\nprint("0.0183")', "True\n0.0183"),
    cell("1 / 0", "ZeroDivisionError: division by zero", "predict, raises-exception"),
    cell("print(object())", "<object object at 0x...>"),
    cell('print("tensor([4., 4.])")', FOUR),  # a second time
])


class Site:
    def __init__(self, folder, windows):
        self.tiny = TinySite(folder / "site", {"index.md": PAGE, "plain.md": HEAD.replace("Page", "Plain") + "Nothing.\n"}, LOOK | {
            "extensions": EXTENSIONS,
            "language": "en",
            "html_static_path": [str(bundle(folder / "static", "predict", "descent-1d"))],
            "exclude_patterns": [],
        })
        self.tiny.build()
        assert self.tiny.status == 0, self.tiny.log
        self.windows, self.contexts, self.complaints = windows, [], windows.complaints

    def context(self, **options):
        self.contexts.append(self.windows.browser.new_context(**options))
        return self.contexts[-1]

    def open(self, context=None, before=lambda page: None, **options):
        """The page, before a new reader; or before the one of `context`, after `before` was done to its window."""
        if not context:
            return self.windows.open(f"{self.url}/index.html", **options)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(error.stack) if "/bundle/" in error.stack else None)
        before(page)
        page.goto(f"{self.url}/index.html")
        return page


@pytest.fixture(scope="module")
def built(tmp_path_factory, windows):
    site = Site(tmp_path_factory.mktemp("predictions"), windows)
    with served(site.tiny.out) as site.url:
        yield site


@pytest.fixture
def site(built):
    """The site; a script that breaks in a test fails it."""
    built.complaints.clear()
    yield built
    while built.contexts:
        built.contexts.pop().close()
    assert built.complaints == []


def field(page, k=0):
    return page.locator(f"#prediction-{k}")


def output(page, k=0):
    return page.locator(".tag_predict > .cell_output").nth(k)


def verdict(page, k=0):
    return page.locator(".tag_predict").nth(k).get_by_role("status")


def look(page, k=0):
    page.get_by_role("button", name="Just show me").nth(k).click()  # the k-th that is still there


def guess(page, text, k=0):
    field(page, k).fill(text)
    page.locator("form.prediction").nth(k).get_by_role("button", name="Check").click()


def test_an_output_is_covered_until_the_guess_holds(site):
    page = site.open()
    expect(output(page)).to_be_hidden()
    page.get_by_label("Prediction 1 of 5").fill("tensor([2., 4.])")
    page.keyboard.press("Enter")
    expect(verdict(page)).to_contain_text("Not yet")
    expect(output(page)).to_be_hidden()
    expect(field(page)).to_be_focused()
    field(page).fill("  tensor( [4.,4.] )\t")
    page.keyboard.press("Enter")
    expect(verdict(page)).to_contain_text("Right")
    expect(output(page)).to_be_visible()
    expect(output(page)).to_be_focused()
    expect(output(page, 1)).to_be_hidden()


GUESSES = [
    (0, "［4，4］", "only that Python writes it"),  # as an input method writes it
    (0, "[4, 4, 4]", "Not yet"),
    (0, "4.1 4", "Very close"),
    (0, "   ", "Write down a guess"),
    (1, "True  \n 0.0183", "exactly"),
    (1, "True 0.02", "Very close"),
    (2, "ZeroDivisionError", "only that Python writes it"),
    (2, "ValueError", "Not yet"),
    (3, "<object object at 0x7f12ab>", "exactly"),
    (3, "<object at 0x7f12ab>", "Not yet"),
]


def test_a_guess_is_forgiven_what_does_not_count(site):
    page = site.open()
    for k, text, sentence in GUESSES:
        guess(page, text, k)
        expect(verdict(page, k)).to_contain_text(sentence)
        if sentence in ("exactly", "only that Python writes it"):
            expect(output(page, k)).to_be_visible()
            page.get_by_role("button", name="Start over").click()
        else:
            expect(output(page, k)).to_be_hidden()


def test_several_lines_are_checked_by_ctrl_enter(site):
    page = site.open()
    field(page, 1).focus()
    page.keyboard.type("True")
    page.keyboard.press("Enter")
    page.keyboard.type("0.0183")
    expect(verdict(page, 1)).to_be_empty()
    page.keyboard.press("Control+Enter")
    expect(verdict(page, 1)).to_contain_text("exactly")


def test_a_missed_guess_stands_by_the_truth_with_the_first_difference_marked(site):
    page = site.open()
    field(page, 1).fill("typed, not yet checked")
    guess(page, "tensor([4., 2.])")
    look(page)
    expect(page.locator(".prediction-guess").first).to_contain_text("tensor([4., 2.])")
    assert page.locator("mark").all_text_contents() == ["2.", "4."]
    expect(verdict(page)).to_contain_text("you wrote “2.”, the output is “4.”")
    assert output(page).inner_text().strip() == FOUR
    assert field(page, 1).input_value() == "typed, not yet checked"


def test_what_the_reader_did_is_kept_and_counted_until_it_starts_over(site):
    context = site.context()
    page = site.open(context)
    expect(page.locator(".predictions")).to_have_text(re.compile("5 predictions on this page, 0 guessed right."))
    expect(page.get_by_role("button", name="Start over")).to_be_hidden()
    guess(page, FOUR)
    guess(page, "True 7", 1)
    look(page, 1)  # the third cell's
    page = site.open(context)
    expect(page.locator(".predictions")).to_contain_text("5 predictions on this page, 1 guessed right.")
    expect(output(page)).to_be_visible()
    expect(output(page, 1)).to_be_hidden()
    expect(output(page, 4)).to_be_hidden()
    assert field(page, 1).input_value() == "True 7"
    expect(verdict(page, 1)).to_contain_text("Not yet")
    expect(output(page, 2)).to_be_visible()
    page.get_by_role("button", name="Start over").click()
    for page in (page, site.open(context)):
        expect(page.locator(".predictions")).to_contain_text("0 guessed right.")
        expect(page.locator(".covered")).to_have_count(5)
        assert field(page).input_value() == ""


def test_a_changed_cell_forgets_its_guess_and_only_that_one(site):
    context = site.context()
    page = site.open(context)
    guess(page, FOUR)
    look(page)
    context.route("**/index.html", lambda route: route.fulfill(
        body=site.tiny.html("index").replace("4.])\"</span>", "4.]) \"</span>"), content_type="text/html"))
    page = site.open(context)
    expect(output(page)).to_be_hidden()
    assert field(page).input_value() == ""
    expect(output(page, 1)).to_be_visible()


HOSTILE = [
    "localStorage[KEY] = '{['",
    "Storage.prototype.getItem = () => '{}'; JSON.parse = () => new Proxy({}, {get: () => ({guess: 7, seen: 'x'})})",  # all keys
    "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError') }})",
    "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
]


def test_no_storage_breaks_anything(site):
    context = site.context()
    for hostile in HOSTILE:
        script = "localStorage.clear(); " + hostile.replace("KEY", "'predictions:' + location.pathname")
        page = site.open(context, before=lambda page: page.add_init_script(f"{{ {script} }}"))
        guess(page, FOUR)
        expect(output(page)).to_be_visible()
        expect(page.locator(".predictions")).to_contain_text("1 guessed right")
        look(page)
        expect(output(page, 1)).to_be_visible()
        page.close()


def test_without_javascript_and_on_paper_the_output_is_simply_there(site):
    page = site.open(java_script_enabled=False)
    for k in range(5):
        expect(output(page, k)).to_be_visible()
    page = site.open()
    expect(field(page)).to_be_visible()
    page.emulate_media(media="print")
    for k in range(5):
        expect(output(page, k)).to_be_visible()
    expect(page.locator("form.prediction").first).to_be_hidden()
    expect(page.locator(".predictions")).to_be_hidden()


def test_no_output_flashes_up_before_the_script_and_none_stays_covered_without_it(site):
    def hold_back(page):
        page.clock.install()
        page.route("**/predict.js*", lambda route: route.abort())

    page = site.open(site.context(), before=hold_back)
    expect(output(page)).to_be_hidden()
    page.clock.fast_forward(2000)
    expect(output(page)).to_be_visible()


STATES = [
    lambda page: None,
    lambda page: [guess(page, "tensor([2., 4.])"), guess(page, "True", 1), guess(page, "", 2)],
    lambda page: [guess(page, "4 4"), guess(page, "True 7", 1), look(page), guess(page, "ZeroDivisionError", 2), look(page)],
]


@pytest.mark.parametrize("look", [
    {"viewport": {"width": 320, "height": 700}, "color_scheme": "dark"},
    {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
], ids=["320 dark", "1280 light"])
def test_everyone_can_use_it(site, look):
    page = site.open(reduced_motion="reduce", **look)
    for state in STATES:
        state(page)
        assert axe(page, {"include": [".tag_predict", ".predictions"]}) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        boxes = page.evaluate("""[...document.querySelectorAll('.prediction :is(input, textarea, button), .predictions button')]
            .filter(it => it.checkVisibility()).map(it => it.getBoundingClientRect()).map(box => [box.width, box.height])""")
        assert all(width >= 44 and height >= 44 for width, height in boxes), boxes


def test_only_pages_with_predictions_load_the_script_and_it_is_small(site):
    page, plain = site.tiny.html("index"), site.tiny.html("plain")
    assert "predict.js" in page and "predictions.css" in page
    assert "predict" not in re.sub(r"<a .*?</a>", "", plain)
    script = (site.tiny.out / "_static/bundle/predict.js").read_bytes()
    assert 0 < len(gzip.compress(script)) <= 3072


def test_the_page_speaks_chinese_where_it_is_chinese(site):
    page = site.context().new_page()
    page.route("**/index.html", lambda route: route.fulfill(
        body=site.tiny.html("index").replace('lang="en"', 'lang="zh-CN"', 1), content_type="text/html"))
    page.goto(f"{site.url}/index.html")
    expect(page.get_by_label("预测 1/5：这段代码会输出什么？")).to_be_visible()
    expect(page.locator(".predictions")).to_contain_text("本页 5 处预测，猜中 0 处。")


def test_a_prediction_of_no_text_is_a_fault_at_its_line(tiny_site):
    site = tiny_site({"index.md": HEAD + "```{code-cell}\n:tags: [predict]\nx = 1\n```\n"}, extensions=EXTENSIONS, html_math_renderer="mathjax")
    assert site.status == 1
    (fault,) = site.errors
    assert fault[:2] == ("index.md", 8) and "drop the tag `predict`" in fault[2]
