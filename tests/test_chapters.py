"""Every chapter has the parts that a reader counts on, and its code is Python that runs anywhere torch, numpy and
matplotlib are: no word of any language, every seed shown."""

import ast
import re
import sys

import pytest

from tiny import REPO

CHAPTERS = sorted(REPO.glob("chapters/*.md"))
EVERY_CHAPTER = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
PARTS = ["## 哪里会出错", "## 小结", "## 练习", "## 参考资料"]
NEEDS = {"torch", "numpy", "matplotlib"}
DRAWS = re.compile(r"\b(rand|randn|randint|randperm|torch\.normal|multinomial|RandomSampler)\b|shuffle=True\)(?!\.sampler)")


def source(path):
    return path.read_text("utf-8")


def parts(text):
    """The text of a chapter by its sections: (title, body) of each, the opening first."""
    return [(part.partition("\n")[0], part) for part in re.split(r"^(?=## )", text, flags=re.MULTILINE)]


@EVERY_CHAPTER
def test_it_has_all_parts_in_their_order(path):
    text = source(path)
    opening, *sections = parts(text)
    titles = [title for title, _ in sections]
    assert titles[-len(PARTS):] == PARTS
    assert len(re.findall(r"^[-*] |^\d\. ", opening[1], re.MULTILINE)) >= 3, "what one will be able to do"
    bodies = dict(sections)
    assert len(re.findall("^### ", bodies[PARTS[0]], re.MULTILINE)) >= 5
    assert len(re.findall(r"^[-*] |^\d\. ", bodies[PARTS[3]], re.MULTILINE)) >= 3


@EVERY_CHAPTER
def test_it_has_four_to_six_exercises_each_with_a_solution_that_is_verified(path):
    exercises = re.split("^### ", dict(parts(source(path)))["## 练习"], flags=re.MULTILINE)[1:]
    assert 4 <= len(exercises) <= 6
    for exercise in exercises:
        question, mark, solution = exercise.partition("{.solution}\n#### 解答\n")
        assert mark and "```{code-cell}" not in question, exercise.partition("\n")[0]
        assert "```{testoutput}" in solution, exercise.partition("\n")[0]


@EVERY_CHAPTER
def test_it_asks_to_predict_draws_and_lives(path):
    text = source(path)
    assert len(re.findall(r"^:tags: \[.*\bpredict\b|^tags: \[.*\bpredict\b", text, re.MULTILINE)) >= 2
    assert "```{explorable}" in text
    assert re.search("^  figure:", text, re.MULTILINE)


@EVERY_CHAPTER
def test_its_code_has_no_words_and_imports_nothing_of_ours(path, built_cells):
    for cell in built_cells[f"chapters/{path.stem}"]:
        assert cell.source.isascii() and "#" not in re.sub(r"(['\"]).*?\1", "", cell.source), cell.source
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:
            continue
        imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
        imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert {name.partition(".")[0] for name in imported} <= NEEDS | set(sys.stdlib_module_names), cell.source


@EVERY_CHAPTER
def test_every_cell_that_draws_at_random_shows_its_seed(path, built_cells):
    for cell in built_cells[f"chapters/{path.stem}"]:
        drawn = DRAWS.search(cell.source)
        assert not drawn or "seed" in cell.source, cell.source
