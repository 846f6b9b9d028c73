"""Make `.venv` and `node_modules` exactly what the pins say, or say in one sentence why not and exit with 1.

Each of the two carries a seal, written last: a hash of the pins it was made from. Where both seals hold, nothing is
installed and nothing is asked of the network. What has no seal was not finished, what has another was made from other
pins: neither is trusted or mended, it is made anew.

Only the standard library, and no syntax newer than Python 3.6: an old Python must get as far as the sentence.
"""

import hashlib
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
VENV = Path(".venv")
PYTHON = VENV / "bin" / "python"
NODE_MODULES = Path("node_modules")
SEAL = "made-from-these-pins"
# What pip and npm say when they reach nobody.
UNREACHABLE = re.compile("connection broken|ConnectionError|ReadTimeout|ENOTFOUND|EAI_AGAIN|ECONNRE|ETIMEDOUT")


def hash_of(*pins):
    """A hash of the pin files and of where they stand: a `.venv` that was moved does not work any more."""
    digest = hashlib.sha256(str(VENV.resolve()).encode())
    for pin in pins:
        digest.update(Path(pin).read_bytes())
    return digest.hexdigest()


def sealed(folder, pins):
    seal = folder / SEAL
    return seal.is_file() and seal.read_text() == hash_of(*pins)


def run(command, otherwise):
    """Run `command`, showing its output; where it fails, stop with the sentence `otherwise(its error messages)`."""
    print("$ " + " ".join(command), flush=True)
    done = subprocess.run(command, stderr=subprocess.PIPE, universal_newlines=True)
    if done.returncode:
        sys.exit(otherwise(done.stderr))


def download_fault(tool, pins):
    """What to say when `tool` could not install `pins`, given its error messages."""

    def say(errors):
        if UNREACHABLE.search(errors):
            return "The package index could not be reached: the first set-up needs the internet (later builds do not)."
        if "No matching distribution found for torch" in errors:
            here = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
            return f"There is no PyTorch {pinned_torch()} for {here}: name another Python, as in `make html PYTHON=python3.11`."
        return errors + f"{tool} could not install the pins of {pins}; its own words stand above."

    return say


def pinned_torch():
    return re.search(r"^torch==(\S+)", Path("requirements.txt").read_text(), re.MULTILINE).group(1)


def check_torch():
    """Stop unless `.venv` would import the pinned torch, of whatever build (`+cpu`, `+cu130`)."""
    versions = [path.read_text() for path in VENV.glob("lib/python*/site-packages/torch/version.py")]
    found = re.search(r"__version__ = '([^'+]+)", "".join(versions))
    if not found or found.group(1) != pinned_torch():
        sys.exit(
            f"The torch in .venv is {found.group(1) if found else 'missing'}, but every output of this site is verified "
            f"with {pinned_torch()}: remove .venv and run make again."
        )


def make_venv():
    """Needs Python 3.11 only to make a `.venv`; a finished one is used whatever Python runs this."""
    if not (PYTHON.exists() and sealed(VENV, ["requirements.txt"])):
        if sys.version_info < OLDEST:
            sys.exit(
                f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, but this is Python {platform.python_version()}: "
                "name a newer one, as in `make html PYTHON=python3.11`."
            )
        run(
            [sys.executable, "-m", "venv", "--clear", str(VENV)],
            lambda errors: errors + "Python could not make .venv: on Debian and Ubuntu, install the package python3-venv.",
        )
        pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
        run(pip + ["-r", "requirements.txt"], download_fault("pip", "requirements.txt"))
        run([str(PYTHON), "-c", "import torch"], lambda errors: errors + "The torch in .venv cannot be imported.")
        check_torch()
        (VENV / SEAL).write_text(hash_of("requirements.txt"))
    check_torch()


def make_node_modules():
    pins = ["package.json", "package-lock.json"]
    if not sealed(NODE_MODULES, pins):
        run([str(VENV / "bin" / "npm"), "ci"], download_fault("npm", "package-lock.json"))
        (NODE_MODULES / SEAL).write_text(hash_of(*pins))


if __name__ == "__main__":
    os.chdir(str(Path(__file__).resolve().parent.parent))
    make_venv()
    make_node_modules()
