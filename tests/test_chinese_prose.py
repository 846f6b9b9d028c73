"""Chinese prose follows autocorrect's rules (.autocorrectrc), and those that autocorrect cannot see beside markup.

The prose of a page is what gettext would hand to a translator, so no code, whatever directive it stands in, is read.
"""

import pickle
import re
from pathlib import Path

import autocorrect_py as autocorrect
import pytest
from sphinx.util.nodes import extract_messages

ROOT = Path(__file__).parents[1]

# Inline markup, reduced to one sign each: CODE reads like a Latin word, ROLE may read like Chinese.
ROLE, CODE = "\ufffb", "\ufffc"
MARKUP = [
    (re.compile(r"\{[\w:-]+\}(`+).+?\1|:[\w:-]+:`.+?`"), ROLE),
    (re.compile(r"(`+).+?\1_{0,2}|\$[^$]+\$"), CODE),
    (re.compile(r"\]\([^)\s]*\)|https?://[\w./?#=&%~:-]+|[*\[\]]|\\ | : \w+$"), ""),  # the last is a glossary's sort key
]
HAN = "[\u4e00-\u9fff]"
MARK = "[，。；：！？、（）《》]"  # curly quotes stand in English titles too, so only beside Chinese are they full-width
TEXT = f"(?:{HAN}|{MARK}|{ROLE}|{CODE})"
RULES = {
    "half-width punctuation in Chinese": rf"""{TEXT}”?\s*[,;:!?"']|[,;:!?"]\s*{HAN}|{TEXT}”?\.(?=\s|$)""",
    "half-width bracket in Chinese": rf"{HAN}\s*\((?![-\d., ]*\))",  # (1, 2) is a point
    "no space between Chinese and code or a formula": f"{HAN}{CODE}|{CODE}{HAN}",
    "a space or line break beside full-width punctuation": f" {MARK}|{MARK} |{TEXT} “|” {TEXT}",
    "a space or line break within Chinese": f"{HAN} {HAN}",
}


def faults(text):
    """What is wrong with one paragraph, heading, caption, ...: a list of sentences."""
    if not re.search(HAN, text):
        return []  # an English reference
    found = [f"write {line.new!r}, not {line.old!r}" for line in autocorrect.lint_for(text, "md").lines]
    for markup, sign in MARKUP:
        text = markup.sub(sign, text)
    for name, rule in RULES.items():
        for match in re.finditer(rule, text):
            around = text[max(0, match.start() - 8) : match.end() + 8].translate({ord(ROLE): "…", ord(CODE): "…"})
            found.append(f"{name}: {around!r}")
    return found


@pytest.fixture(scope="module", autouse=True)
def rules():
    autocorrect.load_config((ROOT / ".autocorrectrc").read_text("utf-8"))


def test_no_page_has_a_fault(site):
    doctrees = site.parent / "doctrees"
    pages = sorted(doctrees.rglob("*.doctree"))
    assert pages
    found = []
    for page in pages:
        doctree = pickle.loads(page.read_bytes())
        name = page.relative_to(doctrees).with_suffix(Path(doctree["source"]).suffix)
        for node, message in extract_messages(doctree):
            found += [f"{name}:{node.line}: {sentence}" for sentence in faults(message)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "标题abc",  # autocorrect's own
        "好,真的好",
        "把 `x.grad`, 再看",
        "设 $x$, 它是",
        "**梯度**, 是",
        "见 {ref}`这里 <a>`, 再看",
        "它是 $x$.",
        "这是 `x`:",
        '他说 "好"',
        "梯度(gradient)是",
        "把`x`清掉",
        "设$x$ 是",
        "设 $x$ ，再",
        "看（ `x`）",
        "他说 “好”。",
        "换了 一行",
        "他说“好”, 对",
    ],
)
def test_a_fault_is_found(text):
    assert faults(text)


@pytest.mark.parametrize(
    "text",
    [
        "**梯度**（gradient）是 $\\nabla f(x, y)$；用 `f(x), y` 读，见{ref}`这里 <a>`和 {numref}`fig-a`。",
        "值是 0.5，`a`、`b`。《书》：“好”……向量–雅可比积——对。",
        "A. Griewank, A. Walther. *Evaluating Derivatives*. SIAM, 2008.",
        "[PyTorch 文档：Autograd mechanics](https://docs.pytorch.org/docs/stable/notes/autograd.html)",
        "E. Hubble, “A relation”, PNAS 15, 1929。本章的数据。",
        "alt 里的 f' 在点 (1, 1) 为 0。",
        "比率是 3:1，时间是 12:30。",
        "A. Cauchy, *Méthode générale*, Comptes rendus, 1847。最早的梯度下降。",
    ],
)
def test_good_prose_is_left_alone(text):
    assert faults(text) == []
