"""A class that comes or goes restyles what depends on it, not the whole page: loading computes each style about once, and
a reader who scrolls up and down makes the browser compute few."""

import re
import zlib

import pytest

from lively import traced


@pytest.fixture
def page(browser):
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture
def restyled(browser, page):
    """``restyled(do)`` does it, and says of how many elements the browser computed the style meanwhile."""

    def count(do):
        events = traced(browser, page, do)
        return sum(event["args"].get("elementCount", 0) for event in events if event["name"] == "UpdateLayoutTree")

    return count


def load(page, url):
    page.goto(url)
    page.wait_for_selector("figure.explorable.alive")


def scroll(page, by, shown):
    page.mouse.wheel(0, by)
    page.wait_for_function(f"document.documentElement.classList.contains('show-back-to-top') === {shown}")


def test_few_styles_are_computed_anew(page, restyled, address):
    at_first = restyled(lambda: load(page, f"{address}/chapters/sgd.html"))
    elements = page.evaluate("document.querySelectorAll('body, body *').length")
    assert 10_000 < elements
    # Some are computed twice, as the page comes in parts; with the rules of furo's all were.
    assert 0.9 * elements < at_first < 1.6 * elements
    scroll(page, 3000, "false")
    assert 0 < restyled(lambda: scroll(page, -500, "true")) < 0.05 * elements
    assert 0 < restyled(lambda: scroll(page, 500, "false")) < 0.05 * elements


def test_a_browser_that_kept_the_style_sheet_asks_for_a_changed_one(site):
    checksum = f"{zlib.crc32((site / '_static' / 'styles' / 'furo.css').read_bytes()):08x}"
    links = {link for page in site.glob("chapters/*.html") for link in re.findall(r"styles/furo\.css\?v=(\w+)", page.read_text("utf-8"))}
    assert links == {checksum}
