"""bench/end_to_end works: the daemon publishes what it must, and the floor consumes every record."""

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("TOCSIN") or ROOT / "build" / "release" / "tocsin").parent


def test_ours_and_the_floor_answer_rightly():
    if not (BUILD / "bench" / "floor").exists():
        pytest.skip(f"{BUILD}/bench/floor: this build has no benchmarks")
    command = [sys.executable, ROOT / "bench" / "end_to_end", "--corpus", "generated", "--articles", "400", "--rounds",
               "1", "--check", "--only", "exactly_once", "floor"]
    bench = subprocess.run(list(map(str, command)), env={**os.environ, "TOCSIN_BUILD": str(BUILD)}, text=True,
                           capture_output=True, check=False)
    assert bench.returncode == 0, bench.stdout + bench.stderr
    assert "is right" in bench.stdout
