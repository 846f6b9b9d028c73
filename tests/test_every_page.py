"""Each page of the site comes up without a complaint, from a server and from the disk, and asks no other host for
anything; its pictures come to life; and all their scripts together stay small. Without JavaScript every page shows its
figures, its outputs and what stands for its pictures."""

import gzip
from urllib.parse import urlparse

import pytest
from playwright.sync_api import expect

from tiny import REPO

SMALL = 40 * 1024  # what the scripts of a page may weigh, compressed
SOURCES = [path.relative_to(REPO).with_suffix("") for folder in (".", "chapters", "reference") for path in REPO.glob(f"{folder}/*.*")]
PAGES = sorted(str(path) for path in SOURCES if (REPO / "_build/html" / path).with_suffix(".html").exists())

# What a reader without JavaScript must see and does not, by its place in the page.
UNSEEN = """[...document.querySelectorAll("article :is(.cell_output, svg.themed-figure, .fallback > *, .katex-html)")]
  .filter(it => !it.closest("details") && !(it.checkVisibility() && it.getBoundingClientRect().height > 0))
  .map(it => it.outerHTML.slice(0, 80))"""

# What is no MathML, having more or fewer parts than its element has places for: of that, Firefox complains.
MALFORMED = """[...document.querySelectorAll("math *")].filter(it => it.children.length !== ({ msub: 2, msup: 2, mfrac: 2, mroot: 2,
  munder: 2, mover: 2, msubsup: 3, munderover: 3 }[it.localName] ?? it.children.length)).map(it => it.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def visit(browser):
    """``visit(url)`` opens a page; returns it, what it complained of, and its responses by URL."""
    windows = {}

    def window(**reader):
        page, complaints, responses = browser.new_context(**reader).new_page(), [], {}
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.send("Network.setCacheDisabled", {"cacheDisabled": True})  # each page comes as to a reader who was never here
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("response", lambda response: responses.update({response.url: response}))
        return page, complaints, responses

    def open_page(url, java_script_enabled=True):
        if java_script_enabled not in windows:
            windows[java_script_enabled] = window(java_script_enabled=java_script_enabled)
        page, complaints, responses = windows[java_script_enabled]
        page.goto("about:blank")
        complaints.clear()
        responses.clear()
        page.goto(url)
        if java_script_enabled:  # all scripts have come once the pictures live and the guesses are asked for
            for picture in page.locator("figure.explorable").all():
                expect(picture).to_contain_class("alive")
            expect(page.locator(".prediction")).to_have_count(page.locator(".tag_predict").count())
        return page, complaints, responses

    yield open_page
    for page, *_ in windows.values():
        page.context.close()


@pytest.mark.parametrize("name", [*PAGES, "search", "genindex"])
def test_from_a_server(name, visit, address, site):
    page, complaints, responses = visit(f"{address}/{name}.html")
    assert complaints == [] == page.evaluate(MALFORMED)
    assert [url for url in responses if not url.startswith(address)] == []
    assert [url for url, response in responses.items() if not response.ok] == []
    paths = {urlparse(url).path.lstrip("/") for url in responses}
    scripts = [site / path for path in paths if "/bundle/" in path and path.endswith(".js")]
    assert sum(len(gzip.compress(script.read_bytes())) for script in scripts) <= SMALL


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("chapters/")] or ["index"])
def test_from_the_disk(name, visit, site):
    _, complaints, responses = visit((site / f"{name}.html").as_uri())
    assert complaints == []
    assert [url for url in responses if not url.startswith("file:")] == []


@pytest.mark.parametrize("name", PAGES)
def test_without_javascript(name, visit, site):
    page, _, _ = visit((site / f"{name}.html").as_uri(), java_script_enabled=False)
    assert page.evaluate(UNSEEN) == []
    assert page.locator(".explorable-stage, .prediction, button.sets").count() == 0
    if name.startswith("chapters/"):
        assert page.locator("figure.explorable .fallback").count() == page.locator("figure.explorable").count() >= 1
        assert page.locator("svg.themed-figure").count() >= 1
