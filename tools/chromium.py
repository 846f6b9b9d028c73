"""Find a Chromium for the browser tests, fetch one if there is none, and print where it is.

The system's (Chromium or Chrome) comes first, then Playwright's own, then, as root on Debian and Ubuntu, the
distribution's package together with a Chinese font. Where none of that gives a browser that starts and a font that
shows Chinese, one sentence says what to install and the exit code is 1: the browser tests are never skipped.
"""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

NAMES = [
    "chromium-headless-shell",  # without windows, the tests take two thirds of the time
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]


def starts(executable):
    """Whether it runs at all: a stub that only points to an app store, or a lacking library, shows here."""
    return executable and subprocess.run([executable, "--version"], capture_output=True).returncode == 0


def of_the_system():
    return next(filter(starts, map(shutil.which, NAMES)), None)


def of_playwright():
    with sync_playwright() as playwright:
        executable = playwright.chromium.executable_path
    if not os.path.exists(executable):
        tell([sys.executable, "-m", "playwright", "install", "chromium"])
    return executable if os.path.exists(executable) and starts(executable) else None


def of_the_distribution():
    for package in ("chromium-headless-shell", "chromium"):
        install(package, "fonts-noto-cjk")
        if found := of_the_system():
            return found


def install(*packages):
    """Install Debian packages where that is possible: as root, with apt-get."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        tell(["apt-get", "update"])
        tell(["apt-get", "install", "-y", "--no-install-recommends", *packages])


def tell(command):
    """Run a command that may fail, its output on stderr: stdout is for the answer alone."""
    print("$", *command, file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, env=environment)


def shows_chinese():
    """Whether there is a font for Chinese; a system without fontconfig (macOS) brings its own."""
    return not shutil.which("fc-list") or subprocess.run(["fc-list", ":lang=zh"], capture_output=True).stdout.strip()


if __name__ == "__main__":
    chromium = of_the_system() or of_playwright() or of_the_distribution()
    if not chromium:
        sys.exit("The tests need a browser, and none could be found or fetched: install Chromium or Chrome and run make again.")
    if not shows_chinese():
        install("fonts-noto-cjk")
        if not shows_chinese():
            sys.exit("The tests look at Chinese pages: install a Chinese font (on Debian and Ubuntu, fonts-noto-cjk) and run make again.")
    print(chromium)
