"""How long a command takes to answer, next to what Python itself takes."""

import statistics
import subprocess
import sys
import time

import pytest

ROUNDS = 15
ALLOWED = 4.0
"""Times an empty Python with argparse: beyond that somebody imports what one command needs for all of them."""


def seconds(*arguments: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - our own Python
    return time.perf_counter() - started


@pytest.mark.bench
def test_a_command_answers_almost_as_fast_as_python_starts() -> None:
    ratios = []
    for _ in range(ROUNDS):
        floor = seconds("-c", "import argparse")
        ratios.append(seconds("-m", "hmis_pos", "--version") / floor)

    ratio = statistics.median(ratios)
    print(f"hmis-pos --version takes {ratio:.2f} times an empty Python ({min(ratios):.2f} to {max(ratios):.2f})")
    assert ratio < ALLOWED
