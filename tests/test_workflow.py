"""The workflow for those who fork is what its linter and a careful owner ask for."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

WORKFLOW = Path(__file__).resolve().parent.parent / ".github" / "workflows" / "site.yml"
ZIZMOR = Path(sys.executable).with_name("zizmor")


def lint(path):
    return subprocess.run([ZIZMOR, "--offline", "--no-progress", "--persona=pedantic", path], capture_output=True, text=True)


@pytest.fixture
def workflow():
    return yaml.safe_load(WORKFLOW.read_text())


def test_the_linter_finds_nothing():
    linted = lint(WORKFLOW)
    assert linted.returncode == 0, linted.stdout


def test_the_linter_would_find_an_action_that_is_not_pinned(tmp_path):
    careless = tmp_path / "site.yml"
    careless.write_text(re.sub(r"checkout@\w{40} # v[\d.]+", "checkout@v5", WORKFLOW.read_text()))
    linted = lint(careless)
    assert linted.returncode and "unpinned-uses" in linted.stdout


def test_every_action_is_pinned_to_a_commit_and_names_its_version():
    used = re.findall(r"uses: (.*)", WORKFLOW.read_text())
    assert used
    assert [action for action in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)] == []


def test_a_job_may_do_no_more_than_it_must(workflow):
    assert workflow["permissions"] == {}
    may = {name: job["permissions"] for name, job in workflow["jobs"].items()}
    assert may == {"test": {"contents": "read"}, "publish": {"pages": "write", "id-token": "write"}}


def test_the_checkout_leaves_no_credentials_behind(workflow):
    [checkout] = [step for step in workflow["jobs"]["test"]["steps"] if "checkout" in step.get("uses", "")]
    assert checkout["with"] == {"persist-credentials": False}


def test_what_is_published_is_what_the_tests_saw(workflow):
    steps = workflow["jobs"]["test"]["steps"]
    order = [step.get("run") or step["uses"].split("@")[0] for step in steps]
    assert order.index("make test") < order.index("actions/upload-pages-artifact") == len(order) - 1
    assert steps[-1]["with"] == {"path": "_build/html"}
    assert workflow["jobs"]["publish"]["needs"] == "test"
