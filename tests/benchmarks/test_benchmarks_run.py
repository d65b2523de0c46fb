"""Every benchmark runs, so that none is found broken on the day when its number is wanted."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import NAMES

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("name", NAMES)
def test_runs(name: str) -> None:
    """It measures next to nothing, with its peer or floor, and prints one JSON line with a table under it."""
    command = [sys.executable, "-m", "benchmarks", "--brief", name]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    line, *table = done.stdout.splitlines()
    assert name == json.loads(line)["benchmark"]
    assert len([each for each in table if each]) > 2
