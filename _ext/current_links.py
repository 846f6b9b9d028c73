"""When a style or a script changes, every page is written anew, for its links carry the checksums of those files.

Sphinx writes only the pages whose own source changed; the others would keep links that tell a browser to go on showing
what it has in its cache, and the site would depend on the order in which it was built.
"""

from __future__ import annotations

import hashlib
from pathlib import Path


def note_static_files(app, config):
    """Make the static files part of the configuration: Sphinx writes all pages when that changes."""
    folders = [Path(app.confdir, folder) for folder in config.html_static_path]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + path.read_bytes())
    config.static_files = digest.hexdigest()


def setup(app):
    app.add_config_value("static_files", "", "html", str)
    app.connect("config-inited", note_static_files)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
