"""`tocsin run --from --to` and `tocsin replay` against a real Kafka: each record once, whatever breaks."""

import datetime

import pytest

from articles import FIRST_TIMESTAMP_MS, PARTITIONS, records
from kafka import wait_for
from ledger import Ledger
from tocsin import Scene, produce

STEP_MS = 977  # between two records' timestamps
COUNT = 4_000
FIRST, LAST = 1_000, 3_000  # of the window


def moment(index):
    """Half a step before the record of that index."""
    time_ms = FIRST_TIMESTAMP_MS + index * STEP_MS - STEP_MS // 2
    return datetime.datetime.fromtimestamp(time_ms / 1000, datetime.timezone.utc).isoformat()


@pytest.fixture(scope="module", name="window")
def window_of_records(kafka):
    """A Kafka topic with more than the window, and the ledger of what must come of the window."""
    content = list(records(COUNT, seed=5))
    kafka.create_topics({"window.raw": PARTITIONS})
    produce(kafka, "window.raw", content)
    return Ledger("window.raw", content[FIRST:LAST])


def backfill(scene, *more, **how):
    return scene.start(command=["run", "--from", moment(FIRST), "--to", moment(LAST), *more], **how)


def check(window, scene):
    window.check_outputs(scene)
    assert all(("tocsin_backfill", b"true") in message.headers() for message in scene.published())


def test_a_backfill_takes_its_window_and_ends_by_itself(kafka, executable, window, tmp_path):
    scene = Scene(kafka, executable, tmp_path, "window", window.source)
    process = backfill(scene, workers=PARTITIONS + 2)  # two of them have nothing to do
    assert process.wait() == 0, process.log()
    check(window, scene)
    again = backfill(scene, workers=1)
    assert again.wait() == 0, again.log()
    check(window, scene)


def test_a_backfill_resumes_after_a_kill_at_the_rate_it_is_given(kafka, executable, window, tmp_path):
    scene = Scene(kafka, executable, tmp_path, "capped", window.source)
    process = backfill(scene, "--rate", "1000", workers=2)
    wait_for("some output", lambda: process.alive() and scene.published_count() > 50, 60)
    process.kill()
    before = scene.published_count()
    assert before < len(window.expected)
    process = backfill(scene, workers=2)
    assert process.wait() == 0, process.log()
    check(window, scene)


def test_a_backfill_stops_in_order_and_goes_on(kafka, executable, window, tmp_path):
    scene = Scene(kafka, executable, tmp_path, "halted", window.source)
    process = backfill(scene, "--rate", "500")
    wait_for("some output", lambda: process.alive() and scene.published_count() > 50, 60)
    process.stop()
    process = backfill(scene)
    assert process.wait() == 0, process.log()
    check(window, scene)
