"""Where the window is narrow, navigation and contents fold into drawers; a keyboard opens them as a finger does, and what
is folded away takes no focus. On paper there is only the text. What a screen reader is told is in the language of the page."""

import pytest

from for_everyone import axe

CHAPTER = "chapters/autograd.html"
FOCUSED = "document.activeElement.id || document.activeElement.closest('aside')?.className || document.activeElement.tagName"


@pytest.fixture
def page(page_at, address):
    return page_at(f"{address}/{CHAPTER}", viewport={"width": 375, "height": 700}, reduced_motion="reduce")


@pytest.mark.parametrize("box, stops, drawer", [("__navigation", 1, "sidebar-drawer"), ("__toc", 2, "toc-drawer")])
def test_a_keyboard_opens_a_drawer_and_is_in_it_and_escape_brings_it_back(page, box, stops, drawer):
    for _ in range(stops):
        page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == box
    page.keyboard.press("Space")
    assert page.evaluate(FOCUSED) == drawer
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED) == box
    assert not page.locator(f".{drawer}").is_visible()


def test_a_link_in_a_drawer_leads_there_and_closes_it(page):
    page.locator(".toc-header-icon").click()
    page.locator(".toc-drawer a:visible").nth(3).click()
    assert not page.locator(".toc-drawer").is_visible()
    assert "#" in page.url


@pytest.mark.parametrize("name", ["index", "reference/cheatsheet", "search"])
@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing_around_the_text_either(page_at, address, name, look):
    page = page_at(f"{address}/{name}.html", color_scheme=look)
    # The boxes stand before all landmarks, where furo puts them.
    assert axe(page, None, rules={"region": {"enabled": False}}) == []


FLOATING = """[...document.querySelectorAll("body *")]
  .filter(it => getComputedStyle(it).position === "fixed" && it.checkVisibility({opacityProperty: true}) && it.offsetWidth > 0)
  .map(it => it.className)"""


def test_what_floats_over_the_text_is_not_printed(page):
    page.mouse.wheel(0, 3000)
    page.wait_for_function("scrollY > 2000")
    page.mouse.wheel(0, -500)
    page.wait_for_function("document.documentElement.classList.contains('show-back-to-top')")
    assert "back-to-top muted-link" in page.evaluate(FLOATING)
    page.emulate_media(media="print")
    page.wait_for_function(f"{FLOATING}.length === 0")


def test_what_is_said_is_chinese(page):
    said = page.locator("[aria-label]").evaluate_all("all => all.map(element => element.getAttribute('aria-label'))")
    assert [words for words in said if words.startswith("Toggle")] == []


def test_no_id_is_given_twice(page):
    ids = page.locator("[id]").evaluate_all("all => all.map(element => element.id)")
    assert sorted(ids) == sorted(set(ids))
