"""Figures are outputs too: ``chapters/figures.lock`` holds a hash of what each one draws.

A line a figure: the page, the figure's name, the hash of its drawn content. A figure that changed, vanished or is new
fails the build until ``make accept`` has written the lock and a person has looked.
"""

from __future__ import annotations

from pathlib import Path

from drawn_content import drawn_hash

NAME_IT = "give its cell `mystnb: {figure: {name: fig-…}}`"


def path(srcdir) -> Path:
    return Path(srcdir) / "chapters" / "figures.lock"


def load(srcdir) -> dict[tuple[str, str], str]:
    """``{(docname, figure): hash}``; empty where there is no lock yet."""
    file = path(srcdir)
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return {(docname, name): drawn for docname, name, drawn in (line.split() for line in lines)}


def of(srcdir, docname) -> dict[str, str]:
    """``{figure: hash}`` of one page."""
    return {name: drawn for (page, name), drawn in load(srcdir).items() if page == docname}


def save(srcdir, locked):
    text = "".join(f"{docname} {name} {drawn}\n" for (docname, name), drawn in sorted(locked.items()))
    path(srcdir).write_text(text, "utf-8")


def drawn_by(cells, outcomes) -> dict[str, str]:
    """``{figure: hash}`` of what `outcomes` draw."""
    return {
        name: drawn_hash(svg)
        for cell, outcome in zip(cells, outcomes)
        for name, svg in zip(cell.figures, outcome.figures)
    }


def misnamed(cells, outcomes) -> list[tuple[int, str]]:
    """Each cell whose figures cannot be told by their names, as (line, sentence); no lock could mend that."""
    found, taken = [], set()
    for cell, outcome in zip(cells, outcomes):
        drawn = len(outcome.figures)
        if drawn > len(cell.figures):
            told = f"the cell draws {drawn} figures, {len(cell.figures)} named; {NAME_IT}, one figure a cell"
            found.append((cell.line, told))
        elif drawn < len(cell.figures):
            found.append((cell.line, f"the cell draws no figure `{cell.figures[0]}`; draw it or remove the name"))
        for name in taken.intersection(cell.figures):
            found.append((cell.line, f"another cell of this page draws a figure `{name}`; give this one another name"))
        taken.update(cell.figures)
    return found


def disagreements(locked, cells, outcomes) -> list[tuple[int, str]]:
    """Each figure of a page that is not what `locked`, the page's part of the lock, holds, as (line, sentence)."""
    found = misnamed(cells, outcomes)
    drawn = drawn_by(cells, outcomes)
    lines = {name: cell.line for cell in cells for name in cell.figures}
    for name in sorted(drawn):
        if drawn[name] != locked.get(name):
            what = "has changed" if name in locked else "is new"
            found.append((lines[name], f"figure `{name}` {what}; look at it, then run `make accept`"))
    for name in sorted(locked.keys() - lines.keys()):
        found.append((1, f"figure `{name}` of figures.lock is drawn no more; run `make accept` if that is right"))
    return found
