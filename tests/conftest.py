"""What the tests share: the built site, small sites built on the spot, and a browser."""

import gc
import itertools
import os
import pickle
import shutil
import sys
from pathlib import Path

import pytest

gc.disable()  # until all is imported, which stays: pytest_collection_finish

REPO = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPO / "_ext"))

from forks import steady  # noqa: E402  (from the path above)

steady()  # before anything imports torch: what it computed with threads of its own would hang the children forked from here

from lively import Windows, chromium, served  # noqa: E402
from tiny import TinySite  # noqa: E402  (its builds import the extensions)

# What takes longest begins, so that all processes end at about the same time.
LONG = [
    "test_other_processors.py",
    "test_code_mutants.py",
    "test_builds_are_identical.py",
    "test_wrong_output_fails.py",
    "test_explorable_manners.py",
    "test_search.py",
]


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


def pytest_collection_finish():
    """What is imported is no garbage: the collector leaves it alone, and so in every child that is forked from here."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def site():
    """The folder of the built site's pages."""
    pages = REPO / "_build" / "html"
    if not (pages / "index.html").exists():
        pytest.fail("there is no built site in _build/html: run `make test`, which builds it first", pytrace=False)
    return pages


@pytest.fixture(scope="session")
def address(site):
    """The URL under which the built site is served."""
    with served(site) as url:
        yield url


@pytest.fixture(scope="session")
def built_cells(site):
    """The cells of each page as the build read them: ``{docname: [Cell, ...]}``."""
    env = pickle.loads((site.parent / "doctrees" / "environment.pickle").read_bytes())
    return env.domaindata["verified_cells"]["of"]


@pytest.fixture
def tiny_site(tmp_path):
    """``tiny_site({"index.rst": text, ...}, builder="html", **conf)`` builds a small site of those files.

    It has the configuration of the real site, except for what `tiny.PLAIN` and `conf` say. Returns a `tiny.TinySite`.
    """
    made = []

    def build(pages, builder="html", **conf):
        made.append(TinySite(tmp_path / f"site{len(made)}", pages, conf))
        return made[-1].build(builder)

    return build


@pytest.fixture(scope="session")
def browser():
    """A Chromium, started once: ``browser.new_page()``."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not executable:
        pytest.fail("there is no Chromium: run `make test`, which finds or fetches one", pytrace=False)
    with chromium(executable) as browser:
        yield browser


@pytest.fixture(scope="session")
def windows(browser):
    windows = Windows(browser)
    yield windows
    windows.close()


@pytest.fixture
def page_at(windows):
    """``page_at(url, **reader)`` opens a page at `url` and waits until it stands; a Path will do as a URL.

    `reader` is a context of Playwright's: ``viewport``, ``color_scheme``, ... The pages of a test stand side by side.
    """
    numbers = itertools.count()
    return lambda url, **reader: windows.open(url.as_uri() if isinstance(url, Path) else url, next(numbers), **reader)


@pytest.fixture
def pages(built):
    """The module's `lively.Pages`, its fixture `built`; what a browser complains of during a test fails it."""
    built.complaints.clear()
    yield built
    assert built.complaints == []


@pytest.fixture(scope="module")
def visited(request, built):
    """The page as the first of the module's HOSTILE links opens it; the others are followed in it."""
    return built.open(request.module.HOSTILE[0])
