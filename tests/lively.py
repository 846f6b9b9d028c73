"""A page with living pictures, as a reader meets it: built small, its scripts bundled, served over HTTP (a browser loads
no module from a file), opened in the browser, and every complaint of the browser kept."""

import contextlib
import functools
import http.server
import json
import re
import shutil
import subprocess
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

REPO = Path(__file__).resolve().parents[1]
LOOK = {
    "extensions": ["myst_nb", "faults", "explorable"],
    "html_math_renderer": "mathjax",  # there is no formula
    "html_theme": "furo",
    "templates_path": [str(REPO / "_templates")],
    "html_favicon": str(REPO / "_static" / "favicon.svg"),
    "html_css_files": ["figures.css", "site.css", "still.css"],
}

CALM = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=RenderDocument",  # one page after another in one frame: a sixth less work for each
)


# In a page: waits for so many frames; and until all is drawn that was asked for, also what follows (mount.ts) two frames
# later, and also if it was asked for by a link, which the page hears of a little later.
FRAMES = "async count => { for (; count; count--) await new Promise(requestAnimationFrame) }"
DRAWN = f"({FRAMES})(4)"

# In a page: goes to a place on it. (What was moved before may put its own state into the URL just now.)
GO = """async hash => {
  while (location.hash !== new URL(hash, location).hash) {
    location.hash = hash
    await new Promise(done => addEventListener("hashchange", done, { once: true }))
  }
}"""

# In a page: `spoken` has from now on what its voice says.
SPOKEN = """() => {
  window.spoken = []
  const voice = document.querySelector("#explorables-voice")
  new MutationObserver(() => spoken.push(voice.textContent)).observe(voice, { childList: true })
}"""


def follow(page, hash):
    """Another link of the same page is followed, and all is drawn."""
    page.evaluate(GO, hash)
    page.evaluate(DRAWN)


def pairs(d):
    """The points of a path whose `d` this is, in px: ``[[x, y], ...]``."""
    return [[float(number) for number in point.split(",")] for point in re.findall(r"[-\d.]+,[-\d.]+", d)]


def traced(browser, page, do, *more):
    """What Chromium's main thread was busy with while `do()` ran: the events of its timeline, and of `more` categories."""
    browser.start_tracing(page=page, categories=["devtools.timeline", *more])
    do()
    return json.loads(browser.stop_tracing())["traceEvents"]


@contextlib.contextmanager
def chromium(executable):
    """A Chromium that asks nobody for anything: ``browser.new_page()``."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CALM)
        yield browser
        browser.close()


def bundle(folder, *names):
    """The static files of the site in `folder`, with the scripts of these pictures."""
    folder.mkdir(parents=True)
    for file in (REPO / "_static").glob("*.[cj]s*"):
        shutil.copy(file, folder)
    (folder / "still.css").write_text("html { scroll-behavior: auto !important }")  # places are measured one by one
    entries = [REPO / "explorables" / f"{name}.ts" for name in names]
    options = ["--bundle", "--minify", "--format=esm", "--splitting", "--entry-names=[name]", "--log-level=error"]
    subprocess.run([REPO / "node_modules/.bin/esbuild", *entries, *options, f"--outdir={folder / 'bundle'}"], check=True)
    return folder


@contextlib.contextmanager
def served(folder):
    """The URL under which `folder` is served meanwhile."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Windows:
    """Windows of a browser, each used again for the same kind of reader as if it were new: to start one takes a second.

    `complaints` are the errors that the pages in them made.
    """

    def __init__(self, browser):
        self.browser, self.complaints, self.kept = browser, [], {}

    def open(self, url, number=0, **reader):
        """A page at `url`, for a reader as Playwright describes one (``viewport``, ``color_scheme``, ...).

        Pages that are to stand side by side have each a `number`.
        """
        viewport = reader.pop("viewport", {"width": 1280, "height": 720})
        media = {feature: reader.pop(feature, "null") for feature in ("color_scheme", "reduced_motion")}
        kind = (number, repr(sorted(reader.items())))
        if kind in self.kept:
            page = self.kept[kind]
            page.evaluate("() => { try { localStorage.clear() } catch {} }")
            page.goto("about:blank")
            page.mouse.move(0, 0)
        else:
            page = self.kept[kind] = self.browser.new_context(**reader).new_page()
            page.on("pageerror", lambda error: self.complaints.append(str(error)))
            page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        page.set_viewport_size(viewport)
        page.emulate_media(media="null", **media)
        page.goto(url)
        return page

    def close(self):
        for page in self.kept.values():
            page.context.close()


class Pages:
    """``pages.open("#descent-1d.eta=1.05", viewport=...)`` opens the page; `pages.complaints` are the errors it made."""

    def __init__(self, url, windows):
        self.url, self.windows, self.complaints = url, windows, windows.complaints

    def open(self, hash="", alive=True, **reader):
        page = self.windows.open(f"{self.url}/index.html{hash}", **reader)
        if alive:
            page.wait_for_selector("figure.explorable.alive")
        return page


@contextlib.contextmanager
def lively(folder, windows, text, *names, **conf):
    """`Pages` of a site whose index.md is `text`, with the scripts of the pictures `names`, in `windows`."""
    from tiny import TinySite

    site = TinySite(folder / "lively", {"index.md": text}, LOOK | {"html_static_path": [str(bundle(folder / "static", *names))]} | conf)
    site.build("html")
    assert site.status == 0, site.log
    with served(site.out) as url:
        yield Pages(url, windows)
