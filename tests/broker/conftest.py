"""One Kafka for all tests of this directory, and 50,000 records in it."""

import os
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "oracle"))

from articles import PARTITIONS, records  # noqa: E402
from kafka import Kafka  # noqa: E402
from ledger import Ledger  # noqa: E402
from tocsin import produce  # noqa: E402

RECORDS = 50_000


@pytest.fixture(scope="session")
def kafka(tmp_path_factory):
    with Kafka(tmp_path_factory.mktemp("kafka")) as running:
        yield running


@pytest.fixture(scope="session")
def executable():
    path = os.environ.get("TOCSIN") or HERE.parents[1] / "build" / "release" / "tocsin"
    assert os.access(path, os.X_OK), f"{path} is not built"
    return path


@pytest.fixture(scope="session")
def archive(kafka):
    """A Kafka topic with all records, and the ledger of what must come of them."""
    kafka.create_topics({"archive.raw": PARTITIONS})
    content = list(records(RECORDS, seed=1))
    produce(kafka, "archive.raw", content)
    return Ledger("archive.raw", content)
