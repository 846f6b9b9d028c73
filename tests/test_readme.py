"""What README.md and CONTRIBUTING.md name is there, and what is pinned is explained."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = {name: (ROOT / name).read_text() for name in ["README.md", "CONTRIBUTING.md"]}
MADE_BY_A_BUILD = ("_build", ".venv", "node_modules", "_static/bundle")


@pytest.mark.parametrize("page", PAGES)
def test_every_file_it_names_is_there(page):
    named = re.findall(r"`([\w./-]+)`|\]\(([\w./-]+)\)", PAGES[page])
    paths = [path for pair in named for path in pair if re.search(r"[/.]", path) and "NAME" not in path]
    assert paths
    assert [path for path in paths if not path.startswith(MADE_BY_A_BUILD) and not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_it_names_is_there(page):
    there = re.findall(r"^  make (\w+)", subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True).stdout, re.M)
    assert set(re.findall(r"(?:^|`)make (\w+)", PAGES[page], re.M)) <= set(there)


def test_every_package_of_ours_is_explained():
    ours = (ROOT / "requirements.txt").read_text().split("# Ours\n")[1].split("\n\n")[0]
    packages = [line.split("==")[0] for line in ours.splitlines()]
    packages += [name for name in json.loads((ROOT / "package.json").read_text())["devDependencies"] if "@types" not in name]
    table = re.findall(r"^\| ([^|]+) \|", PAGES["CONTRIBUTING.md"], re.M)
    explained = {name.strip() for row in table for name in row.split(",")}
    assert [name for name in packages if name not in explained] == []
