"""No expectation of any page can be altered by a character or a line without being told of, at its line.

All mutants go through the judgement that both builds share; in a doctest build of all pages every expectation is altered
at once, each in its own way.
"""

import doctest
import json
import re
from pathlib import Path

import forked_cells
import nbformat
import plain_python
import pytest
from expectations import Cell, Outcome, disagreements
from verified_cells import outcome_of

from tiny import REPO

FENCED = re.compile(r"^(`{3,})\{testoutput\}\n(.*?)\1$", re.MULTILINE | re.DOTALL)
PAGES = {
    str(path.relative_to(REPO)): path.read_text("utf-8")
    for path in sorted([*REPO.glob("chapters/*.md"), *REPO.glob("reference/*.rst"), REPO / "index.rst"])
}


def expectations(name):
    """Where the expectations of a page stand: (index of the first line, number of lines) of each."""
    text = PAGES[name]
    if name.endswith(".md"):
        return [(text.count("\n", 0, found.start()) + 1, found[2].count("\n")) for found in FENCED.finditer(text)]
    examples = doctest.DocTestParser().get_examples(text)
    return [(example.lineno + example.source.count("\n"), example.want.count("\n")) for example in examples if example.want]


WITH_EXPECTATIONS = [name for name in PAGES if expectations(name)]


def test_there_are_expectations_to_alter():
    assert sum(len(expectations(name)) for name in PAGES) > 100


def mutants(want):
    """Every text that is one small mistake away from `want`."""
    for at, character in enumerate(want):
        yield want[:at] + want[at + 1 :]
        yield want[:at] + character + want[at:]
        yield want[:at] + other(character) + want[at + 1 :]
    lines = want.split("\n")
    for at, line in enumerate(lines):
        before, after = lines[:at], lines[at + 1 :]
        for instead in ([], [line, line], ["", line], [line, ""], [line + " "], [" " + line], ["..."]):
            yield "\n".join([*before, *instead, *after])
        yield "\n".join([*before, *after[:1], line, *after[1:]])
        yield "\n".join([*before, "..."])


def other(character):
    if character.isdigit():
        return str((int(character) + 1) % 10)
    return "y" if character == "x" else "x"


@pytest.mark.parametrize("name", WITH_EXPECTATIONS)
def test_each_mutant_is_caught(name):
    lines, passed = PAGES[name].split("\n"), 0
    for start, length in expectations(name):
        want = "\n".join(lines[start : start + length])
        shows = Outcome(text=want + "\n")
        for mutant in mutants(want):
            if mutant == want:
                continue
            (told,) = disagreements(Cell(start - 1, "", want=mutant, want_line=start + 1), shows)
            assert start < told[0] <= start + length + 1, (want, mutant)
            passed += 1
        assert disagreements(Cell(start - 1, "", want=None), shows)
        assert not disagreements(Cell(start - 1, "", want=want), shows)
    assert passed >= 10


def altered(name):
    """The text of a page with every expectation altered, each in its turn's way, and the lines where that shows."""
    lines, told = PAGES[name].split("\n"), []
    prompts = name.endswith(".rst")
    for turn, (start, length) in reversed(list(enumerate(expectations(name)))):
        at = start + turn % length
        line = lines[at]
        words = line.lstrip() if prompts else line
        column = len(line) - 1 - turn * 7 % max(len(words), 1)
        ways = [
            [line[:column] + other(line[column:][:1]) + line[column + 1 :]],
            [line[:column] + line[column:][:1] * 2 + line[column + 1 :]] if words else ["x"],
            [line + ("." if prompts else " ")],
            [line, line],
            [] if not prompts and length > 1 and lines[at + 1] != line else [line + "0"],
        ]
        new = ways[turn % len(ways)]
        lines[at : at + 1] = new
        shift = len(new) - 1
        told = [at + 1 + (new == [line, line] and first_difference(lines, at))] + [number + shift for number in told]
    return "\n".join(lines), told


def first_difference(lines, at):
    """How far below a doubled line the text parts from what it was."""
    same = 1
    while lines[at + same + 1] == lines[at]:
        same += 1
    return same


@pytest.fixture
def nothing_runs_twice(monkeypatch):
    """What the cells of a chapter do is taken from the build of the site, which has kept it."""
    run = plain_python.run

    def kept(sources, folder, **options):
        place = forked_cells.place(REPO / "_build" / ".cells", sources, Path(folder))
        if not place.exists():
            return run(sources, folder, **options)
        return [outcome_of(outputs) for outputs in nbformat.from_dict(json.loads(place.read_text("utf-8")))]

    monkeypatch.setattr(plain_python, "run", kept)


def test_the_doctest_build_catches_a_mutant_of_each_expectation_of_every_page(tiny_site, nothing_runs_twice):
    beside = [*REPO.glob("chapters/data/*"), REPO / "chapters" / "figures.lock", REPO / "chapters" / "matplotlibrc"]
    mutated = {name: altered(name) for name in PAGES}
    site = tiny_site(
        {str(path.relative_to(REPO)): path.read_text("utf-8") for path in beside}
        | {name: text for name, (text, _) in mutated.items()},
        "doctest",
    )
    assert site.status == 1
    assert sorted((file, line) for file, line, _ in site.errors) == [(name, line) for name in sorted(PAGES) for line in mutated[name][1]]
