"""What a cell must show, what it did show, and the sentences that say where the two part.

Nothing here knows Sphinx: the HTML build, the doctest build and ``make accept`` all judge by `disagreements`.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass

ADDRESS = re.compile(r"\b0x[0-9a-f]{6,16}\b")
REMEDY = "correct the cell, or run `make accept` and read its diff"
ANNOUNCE = "tag `raises-exception`, or `Traceback (most recent call last):` after a `>>>`"


@dataclass(frozen=True)
class Cell:
    """A piece of code and its expectation.

    `line` is the 1-based line of the cell in its file, `want_line` that of the first expected line. `want` is None
    where no expectation stands. `raises` says whether an exception is announced; `figures` names the figure that the
    cell is announced to draw, in a tuple of at most one.
    """

    line: int
    source: str
    want: str | None = None
    want_line: int = 0
    raises: bool = False
    figures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a cell did: `text` as a reader sees it, the `exception` that ended it (its type's name), what it said on
    `stderr`, and the SVG text of each of its `figures`."""

    text: str = ""
    exception: str | None = None
    stderr: str = ""
    figures: tuple[str, ...] = ()


def visible(printed: str) -> str:
    """`printed` as an expectation writes it: without its final newline, every address as ``0x...``."""
    return ADDRESS.sub("0x...", printed.removesuffix("\n"))


def exception_line(exception_type: str, message: str) -> str:
    """The line that stands for an exception, as Python itself ends a traceback."""
    return f"{exception_type}: {message}" if message else exception_type


def disagreements(cell: Cell, outcome: Outcome) -> list[tuple[int, str]]:
    """Each way in which `outcome` is not what `cell` announces, as (line, sentence); empty where all is true."""
    got, want = visible(outcome.text), cell.want
    if error := syntax_error(cell.source):
        return [(cell.line, f"the cell is not Python: {one_line(error)}")]
    if outcome.exception and not cell.raises:
        return [(cell.line, f"the cell raises {one_line(got)}; mend it, or announce it ({ANNOUNCE})")]
    found = []
    if outcome.stderr:
        found.append((cell.line, f"the cell writes to stderr: {one_line(outcome.stderr)}; find the cause and mend it"))
    if cell.raises and not outcome.exception:
        return [*found, (cell.line, f"the cell announces an exception ({ANNOUNCE}) but raises none; mend it")]
    if want is None and outcome.text:
        found.append((cell.line, f"the cell shows {one_line(got)} but no expectation follows it; run `make accept`"))
    elif want is not None and not outcome.text:
        found.append((cell.want_line, "an expectation follows a cell that shows nothing; remove it"))
    elif want is not None and got != want:
        found.append(difference(cell, got, want))
    return found


def syntax_error(source: str) -> str | None:
    """What keeps `source` from being plain Python: IPython would run ``!``, ``%`` and a bare ``await`` too."""
    try:
        with warnings.catch_warnings(action="ignore"):  # the run has told them
            compile(source, "<cell>", "exec")
    except SyntaxError as error:
        return exception_line(type(error).__name__, str(error))


def difference(cell: Cell, got: str, want: str) -> tuple[int, str]:
    """The first line in which `got` and `want` differ, as (line in the file, sentence)."""
    got_lines, want_lines = got.split("\n"), want.split("\n")
    at = 0
    while at < min(len(got_lines), len(want_lines)) and got_lines[at] == want_lines[at]:
        at += 1
    shown = repr(got_lines[at]) if at < len(got_lines) else "nothing more"
    expected = repr(want_lines[at]) if at < len(want_lines) else "nothing more"
    return cell.want_line + at, f"the cell shows {shown} where {expected} is expected; {REMEDY}"


def one_line(text: str) -> str:
    """`text` quoted on one line, cut where it is long."""
    text = " ⏎ ".join(text.strip("\n").split("\n"))
    return repr(text if len(text) <= 200 else text[:200] + " …")
