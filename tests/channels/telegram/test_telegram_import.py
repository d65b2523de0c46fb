"""The package is light until it starts."""

import subprocess
import sys

PROGRAM = "import sys, bot.channels.telegram; sys.exit('aiogram' in sys.modules)"


def test_importing_the_package_leaves_aiogram_out() -> None:
    """The library costs seconds and memory; only a channel that starts pays for it."""
    finished = subprocess.run([sys.executable, "-c", PROGRAM], check=False, timeout=60)
    expected = 0
    assert expected == finished.returncode
