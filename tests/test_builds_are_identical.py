"""One source gives one site, byte for byte: wherever, whenever and however it is built. (What is cached: test_forked_cells.py.)"""

import os
import shutil
import subprocess
import sys

import forked_cells
import pytest

from tiny import REPO

# Where `make test` may leave out what others do not touch: the environment, and what is built.
NOT_SOURCES = shutil.ignore_patterns(".git", ".venv", "node_modules", "_build", ".pytest_cache", "__pycache__", "tests")

# Their cells take four fifths of the time: what they gave comes along from the first build, and test_other_processors.py
# runs them once more.
LONG = ["chapters/gradient-descent-1d", "chapters/sgd"]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory, built_cells):
    """A copy of the sources in another directory, with the packages that stand beside them."""
    copy = tmp_path_factory.mktemp("else") / "where"
    shutil.copytree(REPO, copy, ignore=NOT_SOURCES)
    (copy / "node_modules").symlink_to(REPO / "node_modules")
    kept = copy / "_build" / ".cells"
    kept.mkdir(parents=True)
    for chapter in LONG:
        sources = [cell.source for cell in built_cells[chapter]]
        shutil.copy(forked_cells.place(REPO / "_build" / ".cells", sources, REPO / "chapters"), kept)
    return copy


def build(source, *options, **variables):
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-d", "_build/doctrees", *options, ".", "_build/html"]
    run = subprocess.run(command, cwd=source, env=os.environ | variables, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return source / "_build" / "html"


def assert_same(one, other):
    """Every file of `one` stands in `other` with the same bytes."""
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert len(files) > 20
    assert [str(file) for file in files if not (other / file).exists()] == []
    assert [str(file) for file in files if (one / file).read_bytes() != (other / file).read_bytes()] == []


def test_another_directory_time_zone_language_and_hash_seed_on_one_core_give_the_same_bytes(site, elsewhere):
    assert_same(build(elsewhere, "-j", "1", TZ="Pacific/Apia", PYTHONHASHSEED="1", LANG="C"), site)
    assert len(list((elsewhere / "_build" / ".cells").iterdir())) == len(list(elsewhere.glob("chapters/*.md")))
