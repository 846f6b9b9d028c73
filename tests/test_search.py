"""Whatever a page says can be found on the search page, in Chinese, Latin or both, without a mouse, also from a file."""

import re
import sys
from urllib.parse import quote, unquote

import pytest

# What a reader sees of a page, given its HTML, solutions unfolded; formulas as the author wrote them, in LaTeX. It is laid
# out in the place of another page's article, without the boxes of its formulas.
VISIBLE = """html => {
  const article = new DOMParser().parseFromString(html, "text/html").querySelector("article");
  article.querySelectorAll(".katex").forEach(formula => formula.replaceWith(formula.querySelector("annotation").textContent));
  article.querySelectorAll("svg, .headerlink, .explorable-stage, .prediction, .predictions").forEach(element => element.remove());
  article.querySelectorAll("details").forEach(details => details.open = true);
  document.querySelector("article").replaceWith(article);
  return article.innerText;
}"""

FOUND = """results => results.map(item => ({
  link: item.querySelector("a").getAttribute("href"),
  title: item.querySelector("a").textContent,
  summary: item.querySelector("p").textContent,
  marks: [...item.querySelectorAll("mark")].map(mark => mark.textContent),
}))"""

LATEX = r"\\(frac|boldsymbol|top|eta|nabla|lambda|begin)"
WORD = r"(?<![^\W\u3400-\u9fff_])%s(?![^\W\u3400-\u9fff_])"

# Each query, and what must all be on a page that answers it: by default what was typed.
QUERIES = {
    "学习率": [],
    "叶子": [],
    "版本计数器": [],
    "雅可比行列式": [],
    "链式法则": [],
    "方向导数": [],
    "条件数": [],
    "海森矩阵": [],
    "无偏": [],
    "随机梯度下降": [],
    "迹": [],
    "requires_grad": [],
    "grad_fn": [],
    "retain_graph": [],
    "jacrev": [],
    "DataLoader": [],
    "torch.optim.SGD": [],
    "no_grad": [],
    "loader": [],
    "does not require grad": ["does", "not", "require", "grad"],
    "ｎａｎ": ["nan"],
    "L-光滑": [r"\bL-光滑"],
    "批量大小 b": ["批量大小", WORD % "b"],
    "向量 VJP": ["向量", "vjp"],
    "v^T J": [r"v\}?\^(\\top|T)", WORD % "J"],
    "1/L": [r"1/L|frac\{?1\}?\{?L\b"],
    "2/L": [r"2/L|frac\{?2\}?\{?L\b"],
    "2": [WORD % "2"],
    "454.158": [],
}


@pytest.fixture
def search(page_at):
    """``search(folder or address, query)`` asks the search page; returns it when it has answered."""
    page = page_at("about:blank")

    def ask(where, query):
        page.goto(f"{where if isinstance(where, str) else where.as_uri()}/search.html?q={quote(query)}")
        return answered(page)

    return ask


def answered(page):
    page.wait_for_selector("[role=status]:not(:empty)")
    return page


def found(page):
    return page.eval_on_selector_all("#search-results li", FOUND)


def docname(result):
    return re.sub(r"\.html.*|^\./", "", result["link"])


def docnames(page):
    return [docname(result) for result in found(page)]


def seen_by_readers(site, page):
    """What a reader without JavaScript sees of each page: {docname: text}."""
    page.goto((site / "genindex.html").as_uri())
    texts = {}
    for path in sorted(site.rglob("*.html")):
        if path.name not in ("search.html", "genindex.html") and "_static" not in path.parts:
            texts[path.relative_to(site).with_suffix("").as_posix()] = page.evaluate(VISIBLE, path.read_text("utf-8"))
    return texts


@pytest.fixture(scope="module")
def answers(site, browser):
    """What the built site answers to each of the queries: {query: [result, ...]}."""
    page = browser.new_page()
    answers = {}
    for query in QUERIES:
        page.goto(f"{site.as_uri()}/search.html?q={quote(query)}")
        answers[query] = found(answered(page))
    page.close()
    return answers


def test_a_query_finds_every_page_that_has_it_and_no_other(site, answers, page_at, subtests):
    pages = seen_by_readers(site, page_at("about:blank", java_script_enabled=False))
    for query, patterns in QUERIES.items():
        with subtests.test(query):
            wanted = [re.compile(pattern, re.IGNORECASE) for pattern in patterns or [re.escape(query)]]
            having = [name for name, text in pages.items() if all(pattern.search(text) for pattern in wanted)]
            assert having, "no page has it: a query that tests nothing"
            assert sorted(map(docname, answers[query])) == having


def test_results_lead_to_their_section_and_their_summaries_are_readable(site, answers, subtests):
    for query, results in answers.items():
        with subtests.test(query):
            for result in results:
                path, _, fragment = unquote(result["link"]).partition("#")
                anchor = fragment.partition(":~:")[0]
                assert not anchor or f'id="{anchor}"' in (site / path).read_text("utf-8"), result
                assert not re.search(LATEX, result["summary"] + result["title"]), result
                assert result["summary"] and (result["marks"] or query in result["title"]), result


def test_the_answer_is_the_same_over_http(site, address, search):
    for query in ("学习率", "requires_grad"):
        assert found(search(address, query)) == found(search(site, query))


def test_the_keyboard_is_enough(site, page_at):
    page = page_at(site / "chapters" / "sgd.html")
    page.locator("input[name=q]").focus()
    page.keyboard.type("学习率")
    page.keyboard.press("Enter")
    answered(page)
    focused = "document.activeElement.tagName === 'A' ? document.activeElement.textContent : document.activeElement.name"
    titles = [result["title"] for result in found(page)]
    walk = []
    for key in ("ArrowUp", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
        walk.append(page.evaluate(focused))
    assert walk == ["q", titles[0], titles[1], titles[0], "q", titles[0]]
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.title().startswith(titles[0].partition(" › ")[0])


def test_a_screen_reader_is_told_how_many_pages_there_are(site, search):
    status = search(site, "学习率").get_by_role("status")
    assert re.search(r"有 \d+ 个页面", status.inner_text())
    nothing = search(site, "没有这个词").get_by_role("status").inner_text()
    assert "没有" in nothing and "用空格隔开" in nothing


@pytest.mark.parametrize("query", ["", "学习率", "requires_grad=True"])
def test_the_search_page_has_one_heading_and_one_box_in_sight_and_nothing_sticks_out(site, page_at, query):
    page = page_at(f"{(site / 'search.html').as_uri()}?q={quote(query)}")
    if query:
        answered(page)
    assert page.locator("h1").all_inner_texts() == ["搜索"]
    assert page.locator("input[name=q]").count() == 1
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        box = page.locator("input[name=q]").bounding_box()
        assert 0 <= box["x"] and box["x"] + box["width"] <= width and box["y"] < 400
        assert page.evaluate("document.documentElement.scrollWidth") <= width


# ---- Small sites, for what the book may not happen to contain ----

HOME = "主页\n====\n\n.. toctree::\n   :hidden:\n   :glob:\n\n   *\n"

HAS = [
    ("学习率", "用*学习*率。"),
    ("学习率", "用**学**习率。"),
    ("叶子 x", "叶子张量 $x$。"),
    ("x_2", "设 $x_2=0$。"),
    ("x^2", "设 $x^2$。"),
    ("v^T J", r"行向量 $\boldsymbol{v}^\top J$。"),
    ("学习率η", r"学习率 $\eta$"),
    ("a/b", r"比值 $\frac{a}{b}$"),
    ("sgd", "`torch.optim.SGD`"),
    ("固定，步长", "步长固定"),
    ("∇f", r"$\nabla f$"),
]
HAS_NOT = [
    ("学习率", "学习的功效，习率。"),
    ("学习率", "学习。\n\n率。"),
    ("学习率", "- 学习\n- 率"),
    ("SGD-步长", "用 SGD。步长不变。"),
    ("x^2", "设 $x_2$。"),
    ("2/L", r"设 $\frac12 L$。"),
    ("b", "abc"),
    ("学习率 步长", "学习率。"),
    ("frac", r"$\frac12$"),
    ("，", "一，二。"),
]


def sources(pages):
    return {f"{name}.md": f"# 题目\n\n{text}\n" for name, text in pages.items()}


@pytest.fixture
def chinese_site(tiny_site):
    """``chinese_site({docname: Markdown})`` is as the real site is: in Chinese, with its theme."""

    def build(pages):
        site = tiny_site({"index.rst": HOME} | sources(pages), language="zh_CN", html_theme="furo")
        assert site.status == 0, site.log
        return site

    return build


def test_a_phrase_is_found_however_it_is_marked_up_and_only_where_it_is(chinese_site, search, subtests):
    cases = [(query, text, True) for query, text in HAS] + [(query, text, False) for query, text in HAS_NOT]
    site = chinese_site({f"page{number}": text for number, (_, text, _) in enumerate(cases)})
    answers = {query: docnames(search(site.out, query)) for query in dict.fromkeys(query for query, _, _ in cases)}
    for number, (query, text, is_there) in enumerate(cases):
        with subtests.test(f"{query} in {text}"):
            assert (f"page{number}" in answers[query]) == is_there


def test_a_summary_shows_readable_formulas(chinese_site, search):
    text = r"""门槛是 $\eta<\frac{2}{L}$，$L=\lambda_{\max}$；$x_{t+1}=x_t-\frac{\eta}{b}\sum_{i=1}^b\nabla f_i(x_t)$，$\boldsymbol{v}^\top J$，$e^{-x^2}$。

$$\begin{bmatrix}1&0\\0&2\end{bmatrix}\quad f'(x)=\sqrt{1+x}$$
"""
    (result,) = found(search(chinese_site({"one": text}).out, "门槛"))
    assert " ".join(result["summary"].replace("\u2009", " ").split()) == (
        "门槛是 η<2/L，L=λ_max；x_(t+1)=x_t−η/b∑_(i=1)^b∇f_i(x_t)，v^T J，e^(−x^2)。 [1 0; 0 2] f′(x)=√(1+x)"
    )


def test_a_result_leads_into_the_folded_solution_that_has_it(chinese_site, search):
    long = "远。\n\n" * 60
    text = f"{long}\n\n(other)=\n## 别处\n\n{long}\n\n(exercise)=\n## 练习\n\n{{.solution}}\n#### 解答\n\n答案在此。"
    page = search(chinese_site({"one": text}).out, "答案在此")
    assert [result["title"] for result in found(page)] == ["题目 › 练习"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('details.solution')?.open && scrollY > 0")


def test_a_rebuilt_page_is_found_by_what_it_says_now(chinese_site, search):
    site = chinese_site({"one": "学习率。", "two": "第二页。"})
    site.write(sources({"one": "步长。"}))
    assert site.build().status == 0, site.log
    assert docnames(search(site.out, "步长")) == ["one"]
    assert docnames(search(site.out, "学习率")) == []
    assert docnames(search(site.out, "第二页")) == ["two"]


def test_the_index_is_the_same_from_one_process_or_two_and_has_no_past(chinese_site):
    def written(site):
        paths = [*sorted(site.out.glob("_search/*.js")), site.out / "searchindex.js"]
        return {path.name: path.read_bytes() for path in paths}

    pages = {"one": r"学习率 $\eta$。", "two": "**学习**率。"}
    once, other = chinese_site(pages), chinese_site(pages | {"one": "步长。"})
    assert len(written(once)) == 4
    other.write(sources(pages))
    assert other.build().status == 0, other.log
    assert written(other) == written(once)
    assert other.build("html", "-E", "-a", "-j2").status == 0, other.log
    assert written(other) == written(once)


DICTIONARY = {"jieba", "sphinx.search.zh"}


def test_no_dictionary_is_read(chinese_site, monkeypatch):
    for name in DICTIONARY & sys.modules.keys():  # another test in this process may have built a plain Chinese site
        monkeypatch.delitem(sys.modules, name)
    chinese_site({"one": "学习率。"})
    assert not DICTIONARY & sys.modules.keys()
