"""Each page of the site comes up without a complaint, from a server and from the disk, and asks no other host for
anything; its pictures come to life; and all its pictures' scripts together stay small."""

import gzip

import pytest
from playwright.sync_api import expect

from lively import served
from tiny import REPO

SMALL = 40 * 1024  # what the scripts of a page may weigh, compressed
SOURCES = [path.relative_to(REPO).with_suffix("") for folder in (".", "chapters", "reference") for path in REPO.glob(f"{folder}/*.*")]
PAGES = sorted(str(path) for path in SOURCES if (REPO / "_build/html" / path).with_suffix(".html").exists())


@pytest.fixture(scope="module")
def address(site):
    with served(site) as url:
        yield url


@pytest.fixture
def visit(browser):
    """``visit(url)`` opens a page; returns it, what it complained of, and its responses by URL."""
    contexts = []

    def open_page(url):
        contexts.append(browser.new_context())
        page, complaints, responses = contexts[-1].new_page(), [], {}
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("response", lambda response: responses.update({response.url: response}))
        page.goto(url)
        for picture in page.locator("figure.explorable").all():
            expect(picture).to_contain_class("alive")
        page.wait_for_load_state("networkidle")
        return page, complaints, responses

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", [*PAGES, "search", "genindex"])
def test_from_a_server(name, visit, address):
    _, complaints, responses = visit(f"{address}/{name}.html")
    assert complaints == []
    assert [url for url in responses if not url.startswith(address)] == []
    assert [url for url, response in responses.items() if not response.ok] == []
    scripts = [response.body() for url, response in responses.items() if "/bundle/" in url and ".js" in url]
    assert sum(len(gzip.compress(script)) for script in scripts) <= SMALL


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("chapters/")] or ["index"])
def test_from_the_disk(name, visit, site):
    _, complaints, responses = visit((site / f"{name}.html").as_uri())
    assert complaints == []
    assert [url for url in responses if not url.startswith("file:")] == []
