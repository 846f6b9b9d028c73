"""`make test` finds a browser by itself, or says what to install: it never skips.

Each test gives `tools/chromium.py` a PATH of its own, filled with small stand-ins for the programs it looks for.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FINDER = Path(__file__).resolve().parent.parent / "tools" / "chromium.py"
STARTS = "echo Chromium 1"

pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="a PATH does not hide the apps of macOS")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root installs the distribution's packages")


class Machine:
    def __init__(self, folder):
        self.programs, self.browsers = folder / "bin", folder / "browsers"
        self.programs.mkdir()
        self.environment = {
            "PATH": str(self.programs),
            "HOME": str(folder),
            "PLAYWRIGHT_BROWSERS_PATH": str(self.browsers),
            "PLAYWRIGHT_DOWNLOAD_HOST": "http://127.0.0.1:9",
        }

    def has(self, name, script):
        path = self.programs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return str(path)

    def ask(self):
        return subprocess.run([sys.executable, FINDER], env=self.environment, capture_output=True, text=True)

    def finds(self, browser):
        asked = self.ask()
        assert asked.stdout == f"{browser}\n", asked.stderr
        return True


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_the_systems_chromium_comes_before_chrome(machine):
    machine.has("google-chrome", STARTS)
    assert machine.finds(machine.has("chromium", STARTS))


def test_a_chromium_that_does_not_start_is_passed_over(machine):
    machine.has("chromium-browser", "echo install the snap; exit 1")
    assert machine.finds(machine.has("google-chrome-stable", STARTS))


def test_without_one_in_the_system_playwrights_own_is_taken(machine):
    where = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    path = subprocess.run([sys.executable, "-c", where], env=machine.environment, capture_output=True, text=True).stdout.strip()
    assert path.startswith(str(machine.browsers))
    assert machine.finds(machine.has(path, STARTS))


@as_root
def test_root_on_debian_gets_the_distributions_chromium_and_a_chinese_font(machine):
    machine.browsers.touch()  # a file, where Playwright cannot put its own: without a network it would try for seconds
    chromium = machine.programs / "chromium"
    machine.has(
        "apt-get",
        f'case "$*" in\n'
        f'*"install"*" chromium-headless-shell fonts-noto-cjk") echo "#!/bin/sh" > {chromium}; /bin/chmod +x {chromium};;\n'
        f"esac",
    )
    assert machine.finds(chromium)


@as_root
def test_a_missing_chinese_font_is_installed_beside_a_chromium_that_is_there(machine):
    fonts = machine.programs / "fonts"
    machine.has("fc-list", f"/bin/cat {fonts} 2>/dev/null")
    machine.has("apt-get", f'case "$*" in *"install"*" fonts-noto-cjk") echo Noto Sans CJK > {fonts};; esac')
    assert machine.finds(machine.has("chromium", STARTS))


def test_where_nothing_works_one_sentence_says_what_to_install(machine):
    asked = machine.ask()
    assert (asked.returncode, asked.stdout) == (1, "")
    assert asked.stderr.splitlines()[-1].endswith("install Chromium or Chrome and run make again.")


def test_where_no_chinese_font_can_be_had_one_sentence_says_so(machine):
    machine.has("chromium", STARTS)
    machine.has("fc-list", "true")
    asked = machine.ask()
    assert (asked.returncode, asked.stdout) == (1, "")
    assert "install a Chinese font" in asked.stderr
