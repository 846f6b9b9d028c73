"""What the site is: its extensions, its theme, its language. Settings, no logic."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))

project = "梯度有据"
author = "《梯度有据》的作者们"
copyright = "《梯度有据》的作者们，文字与图 CC BY 4.0，代码 MIT"
language = "zh_CN"
locale_dirs = ["locale"]

extensions = [
    "forks",  # first: it has torch imported meanwhile
    "myst_nb",
    "faults",
    "forked_cells",
    "verified_cells",
    "verified_note",
    "strict_doctest",
    "accept",
    "themed_figures",
    "prerendered_math",
    "folded_solutions",
    "chinese_typography",
    "chinese_search",
    "chapter_cards",
    "explorable",
    "predictions",
    "unique_labels",
    "current_links",
    "local_restyles",
]
exclude_patterns = ["_build", ".venv", "node_modules", "README.md", "CONTRIBUTING.md", "tests", "tools", "explorables", "**/data", ".pytest_cache"]
numfig = True

myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
nb_merge_streams = True

html_math_renderer = "prerendered"
html_theme = "furo"
_brand = {
    "color-brand-primary": "var(--figure-c0)",
    "color-brand-content": "var(--figure-c0)",
    "color-brand-visited": "var(--figure-c4)",
}
html_theme_options = {
    "light_css_variables": _brand | {"color-foreground-primary": "#1d2027"},
    "dark_css_variables": _brand,
}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-dark"
html_title = "梯度有据"
html_static_path = ["_static"]
templates_path = ["_templates"]
html_css_files = ["figures.css", "site.css", "search.css"]
html_js_files = [("drawers.js", {"defer": "defer"})]
html_favicon = "_static/favicon.svg"
html_show_sphinx = False
html_copy_source = False
