"""The types of the pictures hold, and they see to it that every word is there in both languages."""

import json
import subprocess
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]


def tsc(project):
    return subprocess.run([REPO / "node_modules/.bin/tsc", "--noEmit", "-p", project], cwd=REPO, capture_output=True, text=True)


def test_every_explorable_passes_the_strict_compiler():
    checked = tsc(REPO)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("english, fault", [
    ('{ title: "t", how: "h", left: (part: number) => `${part}` }', None),
    ('{ title: "t", how: "h" }', "'left' is missing"),
    ('{ title: "t", how: "h", left: (part: number) => `${part}`, more: "m" }', "'more' does not exist"),
    ('{ title: "t", how: "h", left: "l" }', "is not assignable"),
])
def test_a_word_that_one_language_lacks_does_not_compile(tmp_path, english, fault):
    shared = REPO / "explorables" / "shared" / "messages.ts"
    chinese = '{ title: "题", how: "法", left: (part: number) => `还剩 ${part}` }'
    text = f'import {{ bilingual }} from "{shared}"\nexport const messages = bilingual({{ zh: {chinese}, en: {english} }})\n'
    (tmp_path / "messages.ts").write_text(text, "utf-8")
    (tmp_path / "tsconfig.json").write_text(json.dumps({"extends": str(REPO / "tsconfig.json"), "include": [str(tmp_path)]}), "utf-8")
    checked = tsc(tmp_path)
    if fault is None:
        assert checked.returncode == 0, checked.stdout
    else:
        assert checked.returncode != 0 and fault in checked.stdout, checked.stdout
