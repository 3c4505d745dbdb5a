"""What the tests share: a one-node Kafka with 30,000 records in it, a three-node one, the executables.

Tests marked `long` run with `-m long` only.
"""

import os
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "oracle"))

from articles import PARTITIONS, records  # noqa: E402
from certificates import Security  # noqa: E402
from kafka import Kafka  # noqa: E402
from ledger import Ledger  # noqa: E402
from tocsin import produce  # noqa: E402

RECORDS = 30_000


def pytest_configure(config):
    config.addinivalue_line("markers", "long: takes minutes; not part of the short form")
    if not config.option.markexpr:
        config.option.markexpr = "not long"


@pytest.fixture(scope="session")
def security(tmp_path_factory):
    return Security(tmp_path_factory.mktemp("security"))


@pytest.fixture(scope="session")
def kafka(tmp_path_factory, security):
    with Kafka(tmp_path_factory.mktemp("kafka"), properties=security.properties,
               listeners=security.LISTENERS) as running:
        yield running


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """Three nodes; whoever breaks one mends it."""
    with Kafka(tmp_path_factory.mktemp("cluster"), nodes=3) as running:
        yield running


def built(variable, name):
    path = os.environ.get(variable) or HERE.parents[1] / "build" / "release" / name
    assert os.access(path, os.X_OK), f"{path} is not built"
    return path


@pytest.fixture(scope="session")
def executable():
    return built("TOCSIN", "tocsin")


@pytest.fixture(scope="session")
def faulty():
    """The same code, which kills or stops itself where TOCSIN_FAULT says."""
    return built("TOCSIN_FAULTY", "tocsin_faulty")


@pytest.fixture(scope="session")
def archive(kafka):
    """A Kafka topic with all records, and the ledger of what must come of them."""
    kafka.create_topics({"archive.raw": PARTITIONS})
    content = list(records(RECORDS, seed=1))
    produce(kafka, "archive.raw", content)
    return Ledger("archive.raw", content)
