"""The terms of the book are those of its glossary: one Chinese and one English name each, explained before they are used.

A chapter explains a term where it stands in bold, its English name in brackets behind it. Free to use a term before
that are only titles and the opening of a chapter, which announce what is to come, and paragraphs that link to the
explanation. Terms of one sign are everyday words as well, and are not looked for.
"""

import pickle
import re
from pathlib import Path

import pytest
from docutils import nodes
from sphinx import addnodes
from tiny import HEAD

ROOT = Path(__file__).parents[1]
LATIN_IN_BRACKETS = re.compile("（([A-Za-z][^（）]*)）")
HAN = re.compile("[\u4e00-\u9fff]")

# Other names for the same things, which other books use and this one does not.
VARIANTS = {
    "学习率": ["学习速率", "学习步长", "学习因子"],
    "步长": ["步伐", "步幅"],
    "梯度下降": ["梯度下降法", "最速下降法"],
    "随机梯度下降": ["随机梯度法"],
    "雅可比矩阵": ["雅克比", "雅各比", "Jacobi 矩阵", "Jacobian 矩阵"],
    "海森矩阵": ["黑塞", "海塞", "黑森", "海瑟", "Hessian 矩阵", "Hesse 矩阵"],
    "向量–雅可比积": ["向量-雅可比", "向量雅可比"],
    "雅可比–向量积": ["雅可比-向量", "雅可比向量"],
    "叶子": ["叶节点", "叶结点", "叶子节点", "叶子结点", "叶张量"],
    "自动求导": ["自动微分", "自动求梯度", "自动导数"],
    "偏导数": ["偏微分", "偏微商"],
    "方向导数": ["方向微商"],
    "链式法则": ["链式规则", "链式求导", "连锁法则"],
    "前向": ["前向传播", "正向传播", "前馈"],
    "前向模式": ["正向模式"],
    "反向传播": ["反向传导", "后向传播", "逆向传播"],
    "反向模式": ["逆向模式", "后向模式"],
    "原地操作": ["就地操作", "原位操作"],
    "累加": ["累积梯度", "梯度累积"],
    "计算图": ["运算图", "计算流图"],
    "有向无环图": ["有向无圈图", "有向非循环图"],
    "有限差分": ["数值微分", "数值求导"],
    "目标函数": ["代价函数", "成本函数"],
    "停止条件": ["停止准则", "终止条件", "终止准则"],
    "标准化": ["归一化", "规范化"],
    "单位向量": ["单位矢量"],
    "等高线": ["等值线", "等位线"],
    "预条件": ["预调节", "预处理"],
    "动量": ["冲量"],
    "噪声球": ["噪音球"],
    "小批量": ["小批次", "迷你批", "微批"],
    "批量大小": ["批大小", "批次大小", "批尺寸"],
    "样本": ["样例"],
    "次梯度": ["子梯度", "次导数"],
}


def text_of(block):
    """What a block says, each formula and each piece of code in it one sign."""
    if isinstance(block, (nodes.math, nodes.literal)):
        return "\ufffc"
    return str(block) if isinstance(block, nodes.Text) else "".join(map(text_of, block.children))


class Block:
    """A paragraph, a title, a caption of a page: where it stands, what it says, what it explains."""

    def __init__(self, docname, node):
        self.where, self.node, self.text = f"{docname}:{node.line}", node, text_of(node)
        self.sections = [up for up in ancestors(node) if isinstance(up, nodes.section)]
        self.ids = {name for section in self.sections for name in section["ids"]}
        self.announces = isinstance(node, nodes.title) or len(self.sections) < 2
        self.links = {link["reftarget"].lower() for link in node.findall(addnodes.pending_xref)}


def ancestors(node):
    while node.parent:
        node = node.parent
        yield node


def explained_in(node):
    """Each bold text of `node` that an English name in brackets follows, with that name."""
    for strong in node.findall(nodes.strong):
        behind = strong.next_node(descend=False, siblings=True)
        name = LATIN_IN_BRACKETS.match(text_of(behind)) if behind is not None else None
        if name:
            yield strong.astext(), name[1]


class Book:
    """The chapters in their order, what each block of them explains first, and the glossary."""

    def __init__(self, doctrees):
        pages = {}
        for path in sorted(doctrees.rglob("*.doctree")):
            pages[path.relative_to(doctrees).with_suffix("").as_posix()] = pickle.loads(path.read_bytes())
        trees = pages["index"].findall(addnodes.toctree)
        chapters = [docname for tree in trees for docname in tree["includefiles"] if docname.startswith("chapters/")]
        self.blocks = [Block(docname, node) for docname in chapters for node in blocks_of(pages[docname])]
        self.entries = list(pages["reference/glossary"].findall(nodes.definition_list_item))
        self.names = {chinese: english for chinese, *english in map(names_of, self.entries)}
        self.defined = {}
        for block in self.blocks:
            for term, _ in explained_in(block.node):
                self.defined.setdefault(term, block)
        long = sorted((term for term in self.names if len(term) > 1), key=len, reverse=True)
        self.term = re.compile("|".join(map(re.escape, long)))


def blocks_of(page):
    """The prose of a page, in order: no code, no formulas of their own."""
    code = (nodes.literal_block, nodes.doctest_block, nodes.math_block, nodes.comment)
    for node in page.findall(nodes.TextElement):
        if not isinstance(node, (nodes.Inline, *code)) and not isinstance(node.parent, nodes.TextElement):
            yield node


def names_of(entry):
    return [term.astext() for term in entry.findall(nodes.term)]


def not_in_the_glossary(book):
    for term, block in book.defined.items():
        if term not in book.names:
            yield f"{block.where}: {term} is explained here but is not in the glossary"


def other_english_names(book):
    for block in book.blocks:
        for found in re.finditer(f"({book.term.pattern}){LATIN_IN_BRACKETS.pattern}", block.text):
            term, said = found.groups()
            names = [name for name in said.split("，") if not HAN.search(name)]
            if not set(names) <= set(book.names[term]):
                yield f"{block.where}: {term} is {said!r} here, {book.names[term]} in the glossary"


def misplaced_entries(book):
    """Entries stand in the order in which the book explains them, and link first to where it does."""
    order = []
    for entry in book.entries:
        term = names_of(entry)[0]
        link = entry.next_node(addnodes.pending_xref)
        block = book.defined.get(term)
        if block is None:
            yield f"{term}: no chapter explains it (in bold, its English name behind it)"
        elif link is None or link["reftarget"] not in block.sections[0]["ids"]:
            yield f"{term}: its first link is not to the section that explains it, {block.sections[0]['ids']}"
        else:
            order.append((book.blocks.index(block), term))
    for (before, _), (after, term) in zip(order, order[1:]):
        if after < before:
            yield f"{term}: it is explained before the entry above it"


def used_too_early(book):
    explained = set()
    for block in book.blocks:
        explained |= {term for term, _ in explained_in(block.node)}
        for term in sorted(set(book.term.findall(block.text)) - explained):
            there = book.defined.get(term)
            if there and not block.announces and not block.links & there.ids:
                yield f"{block.where}: {term} is used here, explained only at {there.where}; link to it"


def variants_in(pages):
    for path in pages:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            for term, variants in VARIANTS.items():
                for variant in variants:
                    if variant in line:
                        yield f"{path.name}:{number}: write {term}, not {variant}"


RULES = [not_in_the_glossary, other_english_names, misplaced_entries, used_too_early]


@pytest.fixture(scope="module")
def book(site):
    return Book(site.parent / "doctrees")


@pytest.mark.parametrize("rule", RULES)
def test_the_book_keeps(rule, book):
    assert len(book.names) > 50
    assert list(rule(book)) == []


def test_no_page_calls_a_term_by_another_name():
    seen = ("*.rst", "chapters/*.md", "reference/*.rst", "explorables/**/*.ts")
    pages = [path for pattern in seen for path in sorted(ROOT.glob(pattern))]
    assert list(variants_in(pages)) == []


def test_the_other_names_are_those_of_terms(book):
    assert set(VARIANTS) <= set(book.names)
    assert not {variant for variants in VARIANTS.values() for variant in variants} & set(book.names)


CHAPTER_A = """
(chap-a)=
# A：学习率

学习率可以在开头提到。

(a-first)=
## 学习率

步长还没有讲。**学习率**（learning rate）是一个数，{ref}`后面 <b-first>`再讲梯度下降。

(a-second)=
## 步长

**步长**（step length）和 **动量**（momentum）。
"""

CHAPTER_B = """
(chap-b)=
# B

(b-first)=
## 梯度下降

**梯度下降**（gradient descent）用学习速率。
"""

GLOSSARY = """
Glossary
========

.. glossary::

   步长
   step size
      How far (:ref:`a-second`).

   学习率
   learning rate
      How fast (:ref:`a-second`).

   梯度下降
   gradient descent
      The method (:ref:`b-first`).
"""


def test_a_fault_is_found(tiny_site):
    book_of_faults = {
        "index.rst": "Tiny\n====\n\n.. toctree::\n\n   chapters/a\n   chapters/b\n   reference/glossary\n",
        "chapters/a.md": HEAD.split("# ")[0] + CHAPTER_A,
        "chapters/b.md": HEAD.split("# ")[0] + CHAPTER_B,
        "reference/glossary.rst": GLOSSARY,
    }
    tiny = tiny_site(book_of_faults)
    book = Book(tiny.folder / "doctrees")
    assert [[fault.split(": ", 1)[1].split(",")[0] for fault in rule(book)] for rule in RULES] == [
        ["动量 is explained here but is not in the glossary"],
        ["步长 is 'step length' here"],
        ["its first link is not to the section that explains it"],
        ["步长 is used here"],
    ]
    [variant] = variants_in([tiny.src / "chapters/b.md"])
    assert variant.endswith("write 学习率, not 学习速率")
