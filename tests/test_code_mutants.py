"""A constant or an operator changed in a cell cannot change what a reader sees without being caught.

Each mutant of a cell runs after the true cells before it, and on through those after it, until what a reader would see
differs from what stands on the page; there the judgement that both builds share must find it. Mutants that change
nothing a reader sees survive: `make mutants` runs every one to the end and lists the survivors of each chapter in
`_build/code-mutants/`, for a person to read. `make test` tries some of every chapter's first third, where less has run
before them, and runs each through few cells.
"""

import ast
import copy
import functools
import itertools
import os
import pickle
import re
import signal

import figures_lock
import plain_python
import pytest
from drawn_content import drawn_hash
from expectations import disagreements
from forks import in_a_fork

from tiny import REPO

CHAPTERS = sorted(f"chapters/{path.stem}" for path in REPO.glob("chapters/*.md"))
ALL = os.environ.get("MUTANTS") == "all"
PART = 1 if ALL else 1 / 3  # of the cells of a chapter, so many from its beginning are changed
STEP = 1 if ALL else 30  # of their mutants, one in so many is tried
REACH = 1000 if ALL else 2  # through how many cells each runs
SECONDS = 10 if ALL else 2  # of processor time for a cell: a build with a mutant that takes longer would not go unnoticed

SWAPS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.USub: ast.UAdd,
}


def mutants(source):
    """All that are one changed constant or operator away from `source`: each a function that makes it."""
    tree = ast.parse(source)
    for at, node in enumerate(ast.walk(tree)):
        for change in changes(node):
            yield functools.partial(mutant, tree, at, change)


def mutant(tree, at, change):
    """What `change` does to the node that `ast.walk` meets as number `at`: (old, new, source)."""
    mutated = copy.deepcopy(tree)
    there = next(itertools.islice(ast.walk(mutated), at, None))
    old = told(there)
    change(there)
    return old, told(there), ast.unparse(mutated)


def changes(node):
    """What turns a node like `node` into its mutants, in place."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float | str):
        yield lambda there: setattr(there, "value", other(there.value))
    if swapped := SWAPS.get(type(getattr(node, "op", None))):
        yield lambda there: setattr(there, "op", swapped())
    if first := SWAPS.get(type(next(iter(getattr(node, "ops", [])), None))):
        yield lambda there: setattr(there, "ops", [first(), *there.ops[1:]])


def other(value):
    """Another value of the same type."""
    match value:
        case bool():
            return not value
        case float():
            return value * 1.5 or 1.0
        case int():
            return value + 1
        case str():
            return value + "x"


def told(node):
    return "f-string" if isinstance(node, ast.JoinedStr) else ast.unparse(node)


def seen(outcome):
    """What a reader sees of an outcome: text, figures, and that something else went wrong."""
    text = re.sub(r"0x[0-9a-f]{6,}", "0x...", outcome.text.removesuffix("\n"))
    return text, [drawn_hash(svg) for svg in outcome.figures], bool(outcome.exception), bool(outcome.stderr)


def true(cell, locked):
    """What a reader sees on the page."""
    return cell.want or "", [locked[name] for name in cell.figures], cell.raises, False


def fate(sources, cells, locked, namespace):
    """What becomes of a mutant that runs as the first of `sources`: "caught", "missed" or "survives"."""
    for source, cell in zip(sources, cells):
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        outcome = plain_python.run_cell(source, namespace)
        if seen(outcome) != true(cell, locked):
            figures = {name: locked[name] for name in cell.figures}
            told = disagreements(cell, outcome) + figures_lock.disagreements(figures, [cell], [outcome])
            return "caught" if told else "missed"
    return "survives"


def fate_in_a_child(*arguments):
    """`fate` in a process forked from here; a mutant that crashes or does not end is caught."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(writing, pickle.dumps(fate(*arguments)))
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as answer:
        found = answer.read()
    os.waitpid(child, 0)
    return pickle.loads(found) if found else "caught"


def fates(cells, locked, folder):
    """The fate of the mutants of `cells`: (line of the cell, old, new, fate) of each that is tried."""
    plain_python.use_plain_figures(folder)
    namespace, found, counted = {"__name__": "__main__"}, [], 0
    for at, cell in enumerate(cells[: round(PART * len(cells))]):
        following = cells[at : at + REACH]
        for make in mutants(cell.source):
            counted += 1
            if counted % STEP == 0:
                old, new, source = make()
                sources = [source, *(cell.source for cell in following[1:])]
                found.append((cell.line, old, new, fate_in_a_child(sources, following, locked, namespace)))
        plain_python.run_cell(cell.source, namespace)
    return found


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_mutant_changes_what_a_reader_sees_without_being_caught(chapter, built_cells):
    cells, locked = built_cells[chapter], figures_lock.of(REPO, chapter)
    found = in_a_fork([cell.source for cell in cells], fates, cells, locked, str(REPO / "chapters"))
    assert [each for each in found if each[-1] == "missed"] == []
    survivors = [f"{chapter}.md:{line}: {old} → {new}" for line, old, new, fate in found if fate == "survives"]
    assert len(found) > 5 and len(survivors) < len(found) / 2
    if ALL:
        report = REPO / "_build" / "code-mutants" / f"{chapter.rpartition('/')[2]}.txt"
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text("\n".join([f"{len(survivors)} of {len(found)} mutants survive:", *survivors]) + "\n", "utf-8")
