"""The tree in a fresh Debian 13: it builds, its tests that need no Kafka pass, and so does the package."""

import os
import pathlib
import subprocess

import pytest

from conftest import ROOT
from tree import Tree

INSIDE = "/root/tocsin"
BUILD = f"""
set -e
cd {INSIDE}
deploy/install-deps test
cmake --preset release -Wno-dev --log-level=WARNING
cmake --build --preset release
ctest --test-dir build/release --output-on-failure --label-exclude broker -j2
deploy/package
"""


@pytest.mark.long
def test_it_builds_passes_its_tests_and_is_packaged(tmp_path):
    with Tree(tmp_path / "debian13", "trixie") as tree:
        subprocess.run(["git", "clone", "-q", ROOT, tree.path(INSIDE)], check=True)
        options = ["--setenv=HOME=/root"]
        if "CCACHE_DIR" in os.environ:
            options += [f"--bind={os.environ['CCACHE_DIR']}:/ccache", "--setenv=CCACHE_DIR=/ccache"]
        shared = ROOT.parent / "shared"
        if shared.exists():
            options.append(f"--bind-ro={shared.resolve()}:{pathlib.Path(INSIDE).parent / 'shared'}")
        said = tree.run("bash", "-c", BUILD, options=options).stdout
        print(said[-4000:])
        assert "100% tests passed" in said
