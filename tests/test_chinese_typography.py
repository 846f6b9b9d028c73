"""Chinese pages look as Chinese is set: lines break where they may, marks are full-width, nothing is slanted; and nothing
sticks out of its window or is cut off."""

import re

import pytest

PAGE = """# 一页

设 $x$，把 `x.grad` 清掉（$n$ 个）。它是 **$y$**：*要记住*，见 *Numerical Optimization*。$z$ 也是。
"""

# In the paragraphs that hold an atomic box (a formula, a button), where a line might part from a mark: each opening mark
# and what follows it, each closing mark and what stands before it.
PARTED = """
() => [...document.querySelectorAll("article p:has(.katex, button)")].flatMap(paragraph => {
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT), seen = [], range = document.createRange();
  for (let text; (text = walker.nextNode()); )
    if (!text.parentElement.closest(".katex-mathml")) for (let i = 0; i < text.length; i++) seen.push([text, i]);
  const box = ([text, i]) => (range.setStart(text, i), range.setEnd(text, i + 1), range.getBoundingClientRect());
  if (!paragraph.checkVisibility()) return [];
  const start = paragraph.getBoundingClientRect().left, parted = [];
  seen.forEach(([text, i], at) => {
    const mark = text.data[i];
    const bad = "，。；：！？、）”》".includes(mark) ? at > 0 && box(seen[at]).left - start < 1
      : "（“《".includes(mark) && at + 1 < seen.length && box(seen[at + 1]).left < box(seen[at]).left;
    if (bad) parted.push(mark + " in " + paragraph.textContent.slice(0, 40));
  });
  return parted;
})
"""


WIDTHS = [360, 393, 1280]
UNFOLD = "document.querySelectorAll('details').forEach(details => details.open = true)"

# Whatever sticks out of the window and neither scrolls in a box of its own nor is a hidden part of the page.
STICKING_OUT = """
() => [...document.querySelectorAll("article p, article .katex-base, article figure, article table, article .cell")]
  .filter(e => !e.closest(".katex-display, .table-wrapper") && e.getBoundingClientRect().right > innerWidth)
  .map(e => e.textContent.slice(0, 60))
"""

# What can have the focus, and whose ring (4 px around it) its section would cut off.
CUT_OFF = """
() => [...document.querySelectorAll("article section section :is(a[href], button, summary, input, [tabindex])")].filter(e => {
  const ring = e.getBoundingClientRect(), section = e.closest("section").getBoundingClientRect()
  return e.checkVisibility() && !e.closest(".katex-display, .table-wrapper, pre") && (ring.left - 4 < section.left ||
    ring.right + 4 > section.right || ring.top - 4 < section.top || ring.bottom + 4 > section.bottom)
}).map(e => e.outerHTML.slice(0, 80))
"""


def chapters(site):
    found = sorted((site / "chapters").glob("*.html"))
    assert found
    return found


@pytest.fixture(scope="module")
def unfolded(site, browser):
    """The pages of the book with all solutions open: {path: page}."""
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 800})
    opened = {path: context.new_page() for path in [site / "index.html", *chapters(site), *(site / "reference").glob("*.html")]}
    for path, page in opened.items():
        page.goto(path.as_uri())
        page.evaluate(UNFOLD)
    yield opened
    context.close()


@pytest.fixture(scope="module", params=WIDTHS)
def width(unfolded, request):
    """The width in px that all pages have now."""
    for page in unfolded.values():
        page.set_viewport_size({"width": request.param, "height": 800})
    return request.param


def test_no_line_starts_with_a_closing_mark_or_ends_with_an_opening_one(unfolded, width):
    for path, page in unfolded.items():
        assert page.evaluate(PARTED) == [], path.name


def test_nothing_makes_a_page_wider_than_its_window(unfolded, width):
    for path, page in unfolded.items():
        assert not page.evaluate(STICKING_OUT), path.name
        assert page.evaluate("document.documentElement.scrollWidth") == width, path.name


def test_the_ring_around_what_has_the_focus_is_whole(unfolded, width):
    for path, page in unfolded.items():
        assert page.evaluate(CUT_OFF) == [], path.name


def test_formulas_and_emphasis_are_marked_in_chinese_pages_only(tiny_site):
    chinese = tiny_site({"index.md": PAGE}, language="zh_CN")
    assert chinese.status == 0, chinese.log
    assert chinese.html("index").count('class="nobreak"') == 3  # $x$，  （$n$  **$y$**：
    assert '<em class="han">要记住</em>' in chinese.html("index")
    assert "<em>Numerical Optimization</em>" in chinese.html("index")
    english = tiny_site({"index.md": PAGE})
    assert english.status == 0, english.log
    assert not re.search('class="(nobreak|han)"', english.html("index"))


def test_marks_that_latin_fonts_have_too_are_full_width(site, page_at):
    page = page_at(chapters(site)[0])
    # KaTeX's Latin font, which every page can load, stands for the reader's: its quotes are half as wide.
    page.add_style_tag(content="body { --font-stack: KaTeX_Main }")
    widths = page.evaluate(
        """async () => {
          await document.fonts.load("20px KaTeX_Main");
          const text = document.createElement("span");
          text.style.fontSize = "20px";
          document.querySelector("article").append(text);
          return [..."“”‘’…"].map(mark => (text.textContent = `中${mark}中`, text.offsetWidth));
        }"""
    )
    assert widths == [60] * 5


def test_the_column_is_made_for_chinese(site, page_at):
    page = page_at(chapters(site)[0], viewport={"width": 1600, "height": 900})
    size, line, width = page.evaluate(
        """() => {
          const paragraph = document.querySelector("article section > p"), style = getComputedStyle(paragraph);
          return [style.fontSize, style.lineHeight, style.width].map(parseFloat);
        }"""
    )
    assert width / size <= 40.01
    assert line / size == pytest.approx(1.8)
    assert page.evaluate("getComputedStyle(document.querySelector('article strong')).fontWeight") == "600"


def test_a_mark_is_taken_from_beside_its_formula_and_from_nowhere_else(tiny_site):
    chinese = tiny_site({"index.md": "# 一页\n\n取 `a`，`b` 与 $x$，`c`。\n"}, language="zh_CN")
    assert chinese.status == 0, chinese.log
    assert "</code>，<code" in chinese.html("index")
    assert "，</span>，" not in chinese.html("index")
