"""From nothing to a set-up in one command, or one sentence that says why not, and nothing half-made that is trusted.

Each test runs `make environment` in a clone of its own. The only package there is a tiny wheel named torch, which
brings an `npm` as well, so that a whole set-up takes seconds and no network.
"""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
NOBODY = "http://127.0.0.1:9/"
SETTINGS = ("PIP_", "NPM_CONFIG_", "MAKE", "MFLAGS", "PYTHON")
NPM_THAT_WORKS = "#!/bin/sh\nmkdir -p node_modules\n"
NPM_ITSELF = f"#!/bin/sh\nexec {ROOT}/.venv/bin/npm \"$@\"\n"


@pytest.fixture
def clone(tmp_path):
    folder = tmp_path / "clone"
    folder.mkdir()
    shutil.copytree(ROOT / "tools", folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ["Makefile", "package.json", "package-lock.json", ".npmrc"]:
        shutil.copy(ROOT / name, folder)
    (folder / "requirements.txt").write_text("torch==2.13.0\n")
    return folder


def set_up(clone, wheels=None, python=sys.executable, **variables):
    """Run `make environment` with no package index but the folder `wheels`; return its exit code and all it said."""
    environment = {name: value for name, value in os.environ.items() if not name.upper().startswith(SETTINGS)}
    environment |= {"PIP_CONFIG_FILE": os.devnull, "npm_config_registry": NOBODY, "npm_config_fetch_retries": "0"}
    environment |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)} if wheels else {"PIP_INDEX_URL": NOBODY, "PIP_RETRIES": "1"}
    environment |= {"npm_config_cache": str(clone.parent / "npm-cache"), "LC_ALL": "C"} | variables
    command = ["make", "environment", f"PYTHON={python}"]
    done = subprocess.run(command, cwd=clone, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def wheel(folder, holds, npm=NPM_THAT_WORKS):
    """A folder with a wheel that calls itself torch 2.13.0 and holds the version `holds`."""
    folder.mkdir()
    files = {
        "torch/__init__.py": "from .version import __version__",
        "torch/version.py": f"__version__ = '{holds}'\n",
        "torch-2.13.0.data/scripts/npm": npm,
        "torch-2.13.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: torch\nVersion: 2.13.0\n",
        "torch-2.13.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "torch-2.13.0.dist-info/RECORD": "",
    }
    with zipfile.ZipFile(folder / "torch-2.13.0-py3-none-any.whl", "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o100755 << 16
            archive.writestr(entry, text)
    return folder


def pretender(path, pretence, before=""):
    """A Python at `path` that runs a script as this one does, but after the statement `pretence`; `before` is shell."""
    script = f"import runpy, sys; {pretence}; sys.argv.pop(0); runpy.run_path(sys.argv[0], run_name='__main__')"
    path.write_text(f'#!/bin/sh\n{before}\nexec {sys.executable} -c "{script}" "$@"\n')
    path.chmod(0o755)
    return path


@pytest.fixture
def quick(tmp_path):
    """A Python that gives a new .venv the pip from here, as compiled as it is: to unpack its own takes seconds."""
    pip = Path(sysconfig.get_path("purelib")) / "pip"
    venv = f'{sys.executable} "$@" --without-pip && exec cp -Rp {pip} {pip}-*.dist-info .venv/lib/python*/site-packages'
    return pretender(tmp_path / "quick-python3", "sys.executable = '$0'", f'if [ "$2" = venv ]; then {venv}; fi')


def test_an_old_python_is_told_which_one_is_needed(clone, tmp_path):
    old = pretender(tmp_path / "python3", "sys.version_info = (3, 10, 4)")
    code, said = set_up(clone, python=old)
    assert code and "Python 3.11 or newer is needed" in said
    assert not (clone / ".venv").exists()


def test_an_old_python_can_read_the_script_that_tells_it():
    ast.parse((ROOT / "tools" / "environment.py").read_text(), feature_version=(3, 6))


def test_a_missing_python_is_told_too(clone):
    code, said = set_up(clone, python="no-such-python")
    assert code and "Python 3.11 or newer is needed, but there is no no-such-python here" in said


def test_without_network_one_sentence_says_so(clone, quick):
    code, said = set_up(clone, python=quick)
    assert code and "The package index could not be reached: the first set-up needs the internet" in said
    assert "Traceback" not in said and "ERROR" not in said


def test_a_python_that_torch_is_not_made_for_is_named(clone, quick, tmp_path):
    (tmp_path / "empty").mkdir()
    code, said = set_up(clone, tmp_path / "empty", python=quick)
    assert code and "There is no PyTorch 2.13.0 for Python" in said


def test_nothing_is_trusted_before_it_is_finished_and_nothing_installed_after(clone, quick, tmp_path):
    code, said = set_up(clone, wheel(tmp_path / "wrong", holds="2.12.1"))
    assert code and "The torch in .venv is 2.12.1, but every output of this site is verified with 2.13.0" in said

    code, said = set_up(clone, wheel(tmp_path / "right", holds="2.13.0+cu130", npm=NPM_ITSELF), python=quick)
    assert "pip install" in said, "the .venv with the wrong torch is made anew"
    assert code and "The package index could not be reached" in said and "npm error" not in said

    (clone / ".venv" / "bin" / "npm").write_text(NPM_THAT_WORKS)
    code, said = set_up(clone)
    assert (code, said) == (0, "$ .venv/bin/npm ci\n"), "the finished .venv is kept, the unfinished node_modules is not"

    assert set_up(clone) == (0, ""), "nothing is installed and nobody is asked"

    [version] = clone.glob(".venv/lib/*/site-packages/torch/version.py")
    version.write_text("__version__ = '2.14.0'\n")
    code, said = set_up(clone)
    assert code and "The torch in .venv is 2.14.0" in said

    (clone / "requirements.txt").write_text("torch==2.13.0 # another pin\n")
    code, said = set_up(clone, tmp_path / "right", python=quick)
    assert "venv --clear" in said, "what was made from other pins is made anew"


def test_every_python_package_is_pinned_exactly():
    lines = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line and not line.startswith("#")]
    pins = [Requirement(line) for line in lines]
    assert [str(pin) for pin in pins if not re.fullmatch(r"==[\w.]+", str(pin.specifier))] == []
    here = [pin for pin in pins if not pin.marker or pin.marker.evaluate()]
    needed = [Requirement(text) for pin in here for text in distribution(pin.name).requires or []]
    missing = {
        canonicalize_name(need.name)
        for need in needed
        if not need.marker or need.marker.evaluate({"extra": ""})
    } - {canonicalize_name(pin.name) for pin in pins}
    cuda = {name for name in missing if re.match("nvidia-|cuda-|triton", name)}
    assert missing - cuda == set(), "pin these in requirements.txt too"


def test_every_npm_package_is_pinned_exactly_and_no_host_stands_in_the_lock():
    asked = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    assert [name for name, version in asked.items() if not re.fullmatch(r"[\d.]+", version)] == []
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert locked.pop("")["devDependencies"] == asked
    assert [name for name, package in locked.items() if "resolved" in package or "integrity" not in package] == []
