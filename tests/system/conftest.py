"""What the tests share: the package, its executable with fault points, a Kafka on loopback.

tests/system/run builds what is named here and runs them.
"""

import os
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "broker"))

from kafka import Kafka  # noqa: E402


@pytest.fixture(scope="session")
def package():
    """The .deb of the last commit."""
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short=12", "HEAD"], check=True,
                            capture_output=True, text=True).stdout.strip()
    found = list((ROOT / "build" / "package").glob(f"tocsin_*.{commit}_*.deb"))
    assert len(found) == 1, f"no package of {commit}: run deploy/package"
    return found[0]


@pytest.fixture(scope="session")
def faulty():
    path = pathlib.Path(os.environ.get("TOCSIN_FAULTY") or ROOT / "build" / "release" / "tocsin_faulty")
    assert path.exists(), f"{path} is not built"
    return path


@pytest.fixture(scope="session")
def kafka(tmp_path_factory):
    with Kafka(tmp_path_factory.mktemp("kafka")) as running:
        yield running


def pytest_configure(config):
    config.addinivalue_line("markers", "long: builds from nothing")
    if not config.option.markexpr:
        config.option.markexpr = "not long"
