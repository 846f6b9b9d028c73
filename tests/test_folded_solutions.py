"""Solutions stand on the page folded, outside the outline; they unfold for a link, for paper, and can be translated."""

import re

import pytest

PAGE = """# 一章

## 练习

### 练习 1：算一算

多少？

{.solution}
#### 解答

见{ref}`里面 <inside>`。

(inside)=
##### 里面

一。

## 小结

完。
"""


def test_a_solution_is_folded_and_out_of_the_outline(tiny_site):
    site = tiny_site({"index.md": PAGE}, html_theme="furo")
    assert site.status == 0, site.log
    html = site.html("index")
    assert re.search(r'<details class="solution" id="[\w-]+">\s*<summary>解答</summary>\s*<p>见.*一。.*</details>', html, re.DOTALL)
    assert "解答" not in re.sub("<details.*</details>", "", html, flags=re.DOTALL)


def test_other_builders_keep_a_plain_titled_block(tiny_site):
    text = tiny_site({"index.md": PAGE}, builder="text").out / "index.txt"
    assert re.search(r"-\[ 解答 \]-\s+见", text.read_text("utf-8"))


def test_a_solution_is_translated(tiny_site):
    template = (tiny_site({"index.md": PAGE}, builder="gettext").out / "index.pot").read_text("utf-8")
    assert {"解答", "一。"} <= set(re.findall('msgid "(.*)"', template))
    catalogue = template.replace('msgid "解答"\nmsgstr ""', 'msgid "解答"\nmsgstr "Solution"')
    site = tiny_site({"index.md": PAGE, "locale/en/LC_MESSAGES/index.po": catalogue}, locale_dirs=["locale"])
    assert "<summary>Solution</summary>" in site.html("index")


@pytest.fixture
def chapter(site, page_at):
    """A chapter of the real site that has solutions with cells."""
    return page_at(next(path for path in sorted((site / "chapters").glob("*.html")) if 'class="solution"' in path.read_text("utf-8")))


VISIBLE = "[...document.querySelectorAll('details.solution .cell')].map(cell => cell.checkVisibility({contentVisibilityAuto: true}))"


def test_solutions_are_closed_on_screen_and_open_on_paper(chapter):
    assert not any(chapter.evaluate(VISIBLE))
    chapter.emulate_media(media="print")
    chapter.wait_for_function(f"{VISIBLE}.every(Boolean)")  # Chromium lays out anew for paper when it comes to it


def test_a_key_and_a_link_open_a_solution(chapter):
    solution = chapter.locator("details.solution").first
    solution.locator("summary").focus()
    chapter.keyboard.press("Enter")
    assert solution.get_attribute("open") is not None
    chapter.keyboard.press("Enter")
    assert solution.get_attribute("open") is None
    chapter.evaluate("document.querySelector('details.solution > p').id = 'inside'; location.hash = 'inside'")
    chapter.wait_for_function("document.querySelector('details.solution').open")
