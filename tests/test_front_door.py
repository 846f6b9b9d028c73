"""The front door shows the chapters in order, each by what it says of itself (`_ext/chapter_cards.py`)."""

import re

import pytest

from tiny import REPO, TinySite

MATPLOTLIBRC = (REPO / "chapters" / "matplotlibrc").read_text("utf-8")
INDEX = """\
Front
=====

.. chapter-figure:: chapters/one fig-one-b

   *Words* below.

.. chapter-cards::
   :caption: Chapters

   chapters/two
   chapters/one
"""
CHAPTER = """\
---
file_format: mystnb
kernelspec: {{name: python3, language: python}}
cover: fig-{name}-a
myst:
  html_meta:
    description: About {name}.
---

# The {name}

```{{code-cell}}
import matplotlib.pyplot as plt
```
"""
FIGURE = """
```{{code-cell}}
---
mystnb:
  figure: {{caption: A line., name: fig-{name}-{letter}}}
  image: {{alt: Line {letter} of {name}}}
---
fig, ax = plt.subplots()
ax.plot([0, 1], [0, {height}])
ax.set_ylim(0, 99)
ax.set_axis_off()
plt.show()
```
"""
BUILDERS = pytest.mark.parametrize("builder", ["html", "doctest"])


def chapter(name, height=1):
    figures = (FIGURE.format(name=name, letter=letter, height=height + step) for step, letter in enumerate("ab"))
    return CHAPTER.format(name=name) + "".join(figures)


PAGES = {
    "chapters/matplotlibrc": MATPLOTLIBRC,
    "index.rst": INDEX,
    "chapters/one.md": chapter("one"),
    "chapters/two.md": chapter("two", height=5),
}


@pytest.fixture(scope="module")
def accepted_pages(tmp_path_factory):
    """PAGES, with their figures accepted."""
    site = TinySite(tmp_path_factory.mktemp("front"), PAGES, {}).build("accept")
    assert site.status == 0, site.log
    return {path: (site.src / path).read_text("utf-8") for path in [*PAGES, "chapters/figures.lock"]}


def accepted(site):
    """The pages of `site`, a build of ``accept``."""
    site.build()
    assert site.status == 0, site.log
    return site


def cards(site):
    """The cards as (address, title, sentence, alt text, drawing)."""
    found = re.findall(r'<li class="card">(.*?)</li>', site.html("index"), re.DOTALL)
    parts = r'href="(.*?)">(.*?)</a>.*?<p>(.*?)</p>.*<svg[^>]*aria-label="(.*?)"'
    return [(*re.search(parts, card, re.DOTALL).groups(), drawing(card)) for card in found]


def drawing(html):
    """The lines of a figure: they tell it from all others."""
    return re.findall(r' d="(.*?)"', html)


def figure(site, docname, name):
    return drawing(re.search(rf'<figure[^>]* id="{name}".*?</figure>', site.html(docname), re.DOTALL)[0])


def test_a_card_shows_what_its_chapter_names_in_the_order_of_the_book(tiny_site, accepted_pages):
    site = tiny_site(accepted_pages)
    two, one = (figure(site, f"chapters/{name}", f"fig-{name}-a") for name in ("two", "one"))
    assert two != one
    assert cards(site) == [
        ("chapters/two.html", "The two", "About two.", "Line a of two", two),
        ("chapters/one.html", "The one", "About one.", "Line a of one", one),
    ]
    assert '<link rel="next" title="The two" href="chapters/two.html"' in site.html("index")
    assert '<meta content="About two." name="description"' in site.html("chapters/two")


def test_a_figure_of_a_chapter_stands_on_the_front_door_with_words_of_its_own_and_no_number(tiny_site, accepted_pages):
    site = tiny_site(accepted_pages)
    shown = re.search(r'<figure class="chapter-figure.*?</figure>', site.html("index"), re.DOTALL)[0]
    assert drawing(shown) == figure(site, "chapters/one", "fig-one-b")
    assert 'aria-label="Line b of one"' in shown and "<em>Words</em> below." in shown
    assert "Fig." not in site.html("index")
    assert "Fig. 1 " in site.html("chapters/two")


def test_the_front_door_follows_its_chapters(tiny_site, accepted_pages):
    site = tiny_site(accepted_pages)
    before = cards(site)
    changed = chapter("two", height=50).replace("The two", "The second").replace("About two.", "Anew.")
    site.write({"chapters/two.md": changed})
    accepted(site.build("accept"))
    assert cards(site)[0][1:3] == ("The second", "Anew.")
    assert cards(site)[0][4] == figure(site, "chapters/two", "fig-two-a") != before[0][4]
    assert cards(site)[1] == before[1]
    site.write({"chapters/two.md": changed.replace("cover: fig-two-a", "cover: fig-two-b")})
    assert site.build().status == 0, site.log
    assert cards(site)[0][3:] == ("Line b of two", figure(site, "chapters/two", "fig-two-b"))


def test_a_page_that_lists_no_chapters_follows_them_too(tiny_site, accepted_pages):
    other = "Other\n=====\n\n.. chapter-figure:: chapters/one fig-one-b\n\n   Words.\n"
    index = INDEX + "\n.. toctree::\n\n   other\n"
    site = tiny_site({**accepted_pages, "index.rst": index, "other.rst": other})
    before = drawing(site.html("other"))
    site.write({"chapters/one.md": chapter("one", height=20)})
    accepted(site.build("accept"))
    assert drawing(site.html("other")) == figure(site, "chapters/one", "fig-one-b") != before


def test_two_readers_and_writers_make_the_same_pages_as_one(tiny_site):
    names = ["one", "two", "three", "four", "five"]  # with the index six pages: fewer are read by one reader
    pages = {**PAGES, "index.rst": INDEX + "".join(f"   chapters/{name}\n" for name in names[2:])}
    site = accepted(tiny_site(pages | {f"chapters/{name}.md": chapter(name) for name in names}, "accept"))
    docnames = ["index", *(f"chapters/{name}" for name in names)]
    alone = [site.html(docname) for docname in docnames]
    site.build("html", "--fresh-env", "-j", "2")
    assert site.status == 0 and len(cards(site)) == len(names), site.log
    assert [site.html(docname) for docname in docnames] == alone


@BUILDERS
def test_what_a_chapter_does_not_have_fails_the_build_until_it_is_there(tiny_site, accepted_pages, builder):
    site = tiny_site(accepted_pages)
    one, two = PAGES["chapters/one.md"], PAGES["chapters/two.md"]
    no_chapter = "\n.. chapter-figure:: chapters/1 fig-one-a\n\n   Words.\n"
    lacking = {
        "index.rst": INDEX.replace("fig-one-b", "fig-two-b") + no_chapter,
        "chapters/one.md": one.replace("cover: fig-one-a", "cover: fig-two-a"),
        "chapters/two.md": two.replace("cover: fig-two-a\n", "").replace("description", "keywords"),
    }
    site.write(lacking)
    wanted = [
        ("chapters/one.md", 4, "no figure `fig-two-a`.* fig-one-a, fig-one-b"),
        ("chapters/two.md", 1, "no figure; write `cover: fig-….* fig-two-a, fig-two-b"),
        ("chapters/two.md", 1, "no sentence; write `myst: "),
        ("index.rst", 4, "chapters/one has no figure `fig-two-b`.* fig-one-b"),
        ("index.rst", 14, "chapters/1 has no figure `fig-one-a`"),
    ]
    for _ in range(2):
        site.build(builder)
        assert site.status == 1
        assert [found[:2] for found in site.errors] == [fault[:2] for fault in wanted], site.log
        for (_, _, told), (_, _, sentence) in zip(site.errors, wanted):
            assert re.search(sentence, told)
    site.write({file: PAGES[file] for file in lacking})
    assert site.build(builder).status == 0, site.log


def test_a_fault_goes_when_another_page_mends_it(tiny_site):
    one, two = PAGES["chapters/one.md"], PAGES["chapters/two.md"]
    site = tiny_site({**PAGES, "chapters/one.md": one.replace("fig-one-b", "fig-one-c")}, "accept")
    assert [found[:2] for found in site.errors] == [("index.rst", 4)], site.log
    site.write({"chapters/one.md": one, "chapters/two.md": two.replace("cover", "picture")})
    site.build("accept")
    assert [found[:2] for found in site.errors] == [("chapters/two.md", 1)], site.log
    cards_of_one = INDEX[INDEX.index(".. chapter-cards") :].replace("   chapters/two\n", "")
    site.write({"index.rst": f"Front\n=====\n\n{cards_of_one}"})
    site.write({"chapters/one.md": one.replace("fig-one-b", "fig-one-c")})
    site.build("accept")
    assert site.errors == [], site.log


def test_the_sentence_is_translated_with_its_chapter(tiny_site, accepted_pages):
    site = tiny_site(accepted_pages, locale_dirs=["locale"], gettext_compact=False)
    site.build("gettext", "-d", str(site.folder / "doctrees-gettext"))
    assert site.status == 0, site.log
    assert 'msgid "About two."' in (site.out / "chapters" / "two.pot").read_text("utf-8")
    of_the_front_door = (site.out / "index.pot").read_text("utf-8")
    assert "*Words* below." in of_the_front_door
    assert "About two." not in of_the_front_door and "Line b of one" not in of_the_front_door
    site.write({"locale/en/LC_MESSAGES/chapters/two.po": CATALOGUE})
    assert site.build().status == 0, site.log
    assert [card[1:3] for card in cards(site)] == [("The other", "About another."), ("The one", "About one.")]


CATALOGUE = """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "About two."
msgstr "About another."

msgid "The two"
msgstr "The other"
"""


# ---- The front door of this site, in a browser ----


def test_every_chapter_has_its_card_and_its_place_in_the_sidebar(site, page_at):
    page = page_at(site / "index.html")
    links = page.eval_on_selector_all(".card a", "links => links.map(link => link.getAttribute('href'))")
    assert sorted(links) == sorted(f"chapters/{file.stem}.html" for file in (REPO / "chapters").glob("*.md"))
    sidebar = page.eval_on_selector_all(".sidebar-tree a", "links => links.map(link => link.getAttribute('href'))")
    assert sidebar[: len(links)] == links
    assert page.locator(".card svg[role=img][aria-label]").count() == len(links)
    ids = page.eval_on_selector_all("[id]", "all => all.map(element => element.id)")
    assert len(ids) == len(set(ids))


def test_ten_seconds_show_code_its_output_and_a_figure(site, page_at):
    page = page_at(site / "index.html", viewport={"width": 1280, "height": 720})
    for part in ("h1", ".lead", ".showcase pre", ".showcase .go", ".showcase svg", ".begin a"):
        box = page.locator(part).bounding_box()
        assert box["y"] + box["height"] <= 720, f"{part} is below the fold"
    assert page.locator(".showcase .go").inner_text() in (REPO / "index.rst").read_text("utf-8")


@pytest.mark.parametrize("width, columns", [(320, 1), (375, 1), (768, 2), (1010, 2), (1280, 2), (1920, 2)])
def test_the_cards_use_the_width_and_nothing_sticks_out(site, page_at, width, columns):
    page = page_at(site / "index.html", viewport={"width": width, "height": 800})
    places = page.eval_on_selector_all(".card", "cards => cards.map(card => card.getBoundingClientRect().x)")
    assert len(set(places)) == columns
    assert page.evaluate("document.documentElement.scrollWidth") == width
    too_wide = "all => all.filter(element => element.scrollWidth > element.clientWidth).length"
    assert page.eval_on_selector_all(".showcase pre, .card, .chapter-cards", too_wide) == 0


def test_the_whole_card_is_one_link(site, page_at):
    for part in (".card-title", "p:not(.card-title)", "svg"):
        page = page_at(site / "index.html")
        card = page.locator(".card").nth(1)
        assert card.get_by_role("link").count() == 1
        card.locator(part).click(force=True)
        page.wait_for_url("**/chapters/jacobian.html", wait_until="commit")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_keyboard_shows_which_card_it_is_at(site, page_at, theme):
    page = page_at(site / "index.html", color_scheme=theme)
    page.locator(".begin a").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.card') === document.querySelector('.card')")
    ring = "const style = getComputedStyle(document.activeElement, '::after'); [style.outlineStyle, style.outlineWidth]"
    assert page.evaluate(ring) == ["solid", "2px"]
