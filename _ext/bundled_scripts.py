"""Put scripts that esbuild bundled on the pages that need them; they run from a server and from the disk alike.

``load(app, "descent-1d")``, called while a page is made (``html-page-context``), adds the style and the script
``_static/bundle/descent-1d.{css,js}`` to it. The script is named by a tag that a browser passes over, and fetched by
``_static/load-bundled.js`` once the page has been parsed.
"""

from __future__ import annotations

from pathlib import Path

EXPLORABLES = Path(__file__).parents[1] / "explorables"


def load(app, name):
    if (EXPLORABLES / name / "style.css").exists():
        app.add_css_file(f"bundle/{name}.css")  # esbuild puts there what the script imports
    app.add_js_file(f"bundle/{name}.js", type="bundled")
    app.add_js_file("load-bundled.js", loading_method="defer")
