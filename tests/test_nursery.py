"""What cells need is imported beside the build, once, and no process of it is left behind (`_ext/nursery.py`)."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import forks
import pytest
from nursery import Nursery

from tiny import HEAD, REPO, TinySite

ready = []


def get_ready(what):
    ready.append(what)


def child():
    return os.getpid(), os.getppid(), ready


def refuse():
    raise LookupError("not here")


def die():
    os._exit(0)


@pytest.fixture
def nursery():
    nursery = Nursery(get_ready, "torch")
    yield nursery
    nursery.stop()


def test_each_child_is_a_process_of_its_own_that_starts_from_what_was_made_ready_once(nursery):
    (one, its_parent, made), (other, the_others, too) = nursery.ask(child), nursery.ask(child)
    assert made == too == ["torch"] and ready == []
    assert len({one, other, os.getpid(), nursery.process}) == 4
    assert its_parent == the_others == nursery.process


def test_what_a_child_raises_is_raised_with_where_it_was(nursery):
    with pytest.raises(LookupError, match="not here") as told:
        nursery.ask(refuse)
    assert "in refuse" in told.value.__notes__[0]
    assert nursery.ask(child)[2] == ["torch"]


def test_a_child_that_dies_is_told_and_others_go_on(nursery, monkeypatch):
    monkeypatch.setattr(forks, "nursery", nursery)
    with pytest.raises(forks.ProcessDied):
        forks.in_a_fork((), die)
    assert nursery.ask(child)[2] == ["torch"]


def test_where_it_could_not_get_ready_one_forks_from_here(monkeypatch, capfd):
    unready = Nursery(refuse)
    monkeypatch.setattr(forks, "nursery", unready)
    assert forks.in_a_fork((), child)[1] == os.getpid()
    unready.stop()
    assert capfd.readouterr() == ("", "")


def test_where_no_socket_can_be_made_it_says_so_and_leaves_nothing(tmp_path, monkeypatch):
    far = tmp_path / ("far" * 40)  # a socket's name has 108 characters at most
    far.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(far))
    with pytest.raises(OSError):
        Nursery(get_ready, "nothing")
    assert list(far.iterdir()) == []


def test_stopped_it_leaves_nothing(nursery):
    other = Nursery(get_ready, "nothing")
    other.stop()
    assert not Path(other.folder).exists()
    with pytest.raises(ProcessLookupError):
        os.kill(other.process, 0)
    with pytest.raises(OSError):
        other.ask(child)


START = "import signal; from nursery import Nursery; one = Nursery(dict); one.ask(abs, 1); print(one.folder, flush=True); "


def python(code):
    """A process that runs `code`. What it tells ends when neither it nor what it forked can tell any more."""
    search = os.environ | {"PYTHONPATH": str(REPO / "_ext")}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-c", code], env=search, start_new_session=True, **pipes)


@pytest.mark.parametrize("end", ["pass", "import os; os._exit(0)", "signal.raise_signal(signal.SIGKILL)"])
def test_it_ends_with_the_process_that_started_it_however_that_ends(end):
    folder, complaints = python(START + end).communicate(timeout=20)
    assert complaints == ""
    assert not Path(folder.strip()).exists()


def test_an_interrupt_ends_all_at_once():
    heard = "signal.signal(signal.SIGINT, signal.default_int_handler); "  # also where who runs the tests hears none
    cell = "import signal\ntry: print(0, flush=True); signal.pause()\nexcept BaseException: signal.pause()"
    waits = f"one.ask(exec, {cell!r})"
    process = python("import signal; " + heard + START + waits)
    folder, _ = process.stdout.readline(), process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, complaints = process.communicate(timeout=20)
    assert complaints.count("Traceback") == 1 and complaints.endswith("KeyboardInterrupt\n")
    assert not Path(folder.strip()).exists()


# An extension that notes, when a page was read and when all is built, whether this process has torch.
NOTES = """
import sys

def note(app, *_):
    print("build", "torch" in sys.modules, file=open(app.srcdir / "notes", "a"))

def setup(app):
    app.connect("doctree-read", note)
    app.connect("build-finished", note)
    return {"parallel_read_safe": True}
"""
PAGE = HEAD + """
```{code-cell}
import sys
print("cell", "torch" in sys.modules, file=open("notes", "a"))  # of NAME
```
"""


def test_torch_is_there_for_cells_but_neither_in_the_build_nor_in_its_readers(tmp_path):
    pages = {f"{name}.md": PAGE.replace("NAME", name) for name in ("index", *"abcdef")}  # more than five are read by processes of their own
    site = TinySite(tmp_path, pages | {"notes.py": NOTES}, {"extensions": ["forks", "myst_nb", "faults", "forked_cells", "notes"]})
    search = os.pathsep.join([str(REPO / "tests"), str(site.src)])
    build = [sys.executable, "-m", "sphinx", "-q", "-j", "2", "-b", "html", str(site.src), str(tmp_path / "html")]
    subprocess.run(build, env=os.environ | {"PYTHONPATH": search}, check=True, stderr=subprocess.DEVNULL)
    notes = (site.src / "notes").read_text().splitlines()
    assert sorted(notes) == ["build False"] * (len(pages) + 1) + ["cell True"] * len(pages)
