"""What the site shows does not hang on the settings that steady it: on two threads, with other instructions, with MKL
free to choose its own way, every output and every figure is the same."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from forks import STEADY
from tiny import REPO

CPUINFO = Path("/proc/cpuinfo")
AVX512 = CPUINFO.exists() and "avx512f" in CPUINFO.read_text()


@pytest.fixture(scope="module")
def doctrees(tmp_path_factory):
    return tmp_path_factory.mktemp("doctrees")


@pytest.mark.parametrize("instructions", ["default", pytest.param("avx512", marks=pytest.mark.skipif(not AVX512, reason="this processor has no avx512"))])
def test_the_doctests_pass_with_the_steadying_settings_off(instructions, doctrees, tmp_path):
    unsteady = {"OMP_NUM_THREADS": "2", "MKL_CBWR": "AUTO", "ATEN_CPU_CAPABILITY": instructions}
    assert unsteady.keys() == STEADY.keys() and not unsteady.items() & STEADY.items()
    command = [sys.executable, "-m", "sphinx", "-b", "doctest", "-d", doctrees, ".", tmp_path / "doctest"]
    patient = {"OMP_WAIT_POLICY": "PASSIVE"}  # a thread that waits leaves its processor to the other tests
    run = subprocess.run(command, cwd=REPO, env=os.environ | unsteady | patient, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    [counted] = re.findall(r"doctest: (\d+) outputs run, 0 faults", run.stdout)
    assert int(counted) > 300
