"""A page with living pictures, as a reader meets it: built small, its scripts bundled, served over HTTP (a browser loads
no module from a file), opened in the browser, and every complaint of the browser kept."""

import contextlib
import functools
import http.server
import shutil
import subprocess
import threading
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
LOOK = {
    "extensions": ["myst_nb", "faults", "explorable"],
    "html_math_renderer": "mathjax",  # there is no formula
    "html_theme": "furo",
    "html_favicon": str(REPO / "_static" / "favicon.svg"),
    "html_css_files": ["figures.css", "site.css"],
}


def bundle(folder, *names):
    """The static files of the site in `folder`, with the scripts of these pictures."""
    folder.mkdir(parents=True)
    for file in (REPO / "_static").glob("*.[cj]s*"):
        shutil.copy(file, folder)
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


class Pages:
    """``pages.open("#descent-1d.eta=1.05", viewport=...)`` opens the page; `pages.complaints` are the errors it made.

    A window is used again for the same kind of reader, as if it were new, for to start one takes a second.
    """

    def __init__(self, url, browser):
        self.url, self.browser, self.complaints, self.windows = url, browser, [], {}

    def open(self, hash="", alive=True, **reader):
        kind = repr(sorted(reader.items()))
        if kind in self.windows:
            page = self.windows[kind]
            page.evaluate("localStorage.clear()")
            page.goto("about:blank")
            page.emulate_media(media="null")
            page.mouse.move(0, 0)
        else:
            page = self.windows[kind] = self.browser.new_context(**reader).new_page()
            page.on("pageerror", lambda error: self.complaints.append(str(error)))
            page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        page.goto(f"{self.url}/index.html{hash}")
        if alive:
            page.wait_for_selector("figure.explorable.alive")
        return page

    def close(self):
        for page in self.windows.values():
            page.context.close()


@contextlib.contextmanager
def lively(folder, browser, text, *names, **conf):
    """`Pages` of a site whose index.md is `text`, with the scripts of the pictures `names`."""
    from tiny import TinySite

    site = TinySite(folder / "lively", {"index.md": text}, LOOK | {"html_static_path": [str(bundle(folder / "static", *names))]} | conf)
    site.build("html")
    assert site.status == 0, site.log
    with served(site.out) as url:
        pages = Pages(url, browser)
        yield pages
        pages.close()
