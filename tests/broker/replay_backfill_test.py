"""`tocsin run --from --to` and `tocsin replay` against a real Kafka: each record once, whatever breaks."""

import datetime
import hashlib
import re
import signal

import pytest
from confluent_kafka import Consumer, Producer

from articles import FIRST_TIMESTAMP_MS, PARTITIONS, Record, records
from kafka import wait_for
from ledger import ERRORS, Ledger
from tocsin import MISCONFIGURED, Scene, end_of, partitions, produce

STEP_MS = 977  # between two records' timestamps
COUNT = 4_000
FIRST, LAST = 1_000, 3_000  # of the window
BAD_INPUT = 65


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
    return scene.run(command=["run", "--from", moment(FIRST), "--to", moment(LAST), *more], **how)


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


def test_a_backfill_waits_for_what_another_member_holds(kafka, executable, window, tmp_path):
    scene = Scene(kafka, executable, tmp_path, "held", window.source)
    first = backfill(scene, "--rate", "1000", workers=1)
    wait_for("some output", lambda: first.alive() and scene.published_count() > 20, 60)
    first.kill()  # its group has begun; its session has not ended
    group = re.search(r"group (\S+)", first.log()).group(1)
    other = Consumer({"bootstrap.servers": kafka.bootstrap, "group.id": group,
                      "partition.assignment.strategy": "range", "enable.auto.commit": False})
    other.subscribe([window.source])
    wait_for("all partitions", lambda: other.poll(0.1) and len(other.assignment()) == PARTITIONS, 60)
    process = backfill(scene, workers=2)

    def rest_is_done():
        other.poll(0.1)
        held = {one.partition for one in other.assignment()}
        rest = [one for one in partitions(other, window.source) if one.partition not in held]
        return process.alive() and held and rest and all(
            one.offset == end_of(other, one) for one in other.committed(rest, timeout=5))

    wait_for("the end of what is not held", rest_is_done, 60)
    other.close()
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


LETTERS = 1_500
HEADERS = [("trace", b"1"), ("trace", None), ("__connect.errors.topic", b"elsewhere")]


def bad_records(count):
    for index in range(count):
        reason = ("malformed_json", "missing_field")[index % 2]
        value = (b'{"title": %d' if index % 2 == 0 else b'{"id": %d}') % index
        yield Record(index % PARTITIONS, index // PARTITIONS, b"key-%d" % index, value, HEADERS,
                     FIRST_TIMESTAMP_MS + index, reason)


@pytest.fixture(name="letters")
def scene_with_dead_letters(kafka, executable, tmp_path, request):
    """A finished scene: every record of its source is a dead letter."""
    name = request.node.name[len("test_"):][:40]
    content = list(bad_records(LETTERS))
    kafka.create_topics({f"{name}.raw": PARTITIONS})
    produce(kafka, f"{name}.raw", content)
    scene = Scene(kafka, executable, tmp_path, name, f"{name}.raw")
    with scene.run() as process:
        scene.wait_until_committed(process)
        process.stop()
    return scene


def replay(scene, *more, **how):
    return scene.run(instance="r", command=["replay", *more], **how)


def sent_again(scene, reasons=("malformed_json", "missing_field")):
    """How many records of these reasons came back; each must be as it was, and where it was."""
    wanted = {record.timestamp_ms: record for record in bad_records(LETTERS) if record.bad in reasons}
    messages = [message for message in scene.read(scene.source)
                if message.offset() >= LETTERS // PARTITIONS]
    for message in messages:
        record = wanted.pop(message.timestamp()[1])  # fails for one that comes twice
        assert (message.partition(), message.key(), message.value(), message.headers()) == (
            record.partition, record.key, record.value, HEADERS[:2])
    return len(messages)


def test_a_replay_sends_each_letter_once_despite_a_kill(letters, faulty):
    process = replay(letters, executable=faulty, commit_records_max=10,
                     environment={"TOCSIN_FAULT": "before_end_transaction:9:kill"})
    assert process.wait() == -signal.SIGKILL, process.log()
    assert 50 < sent_again(letters) < LETTERS
    process = replay(letters)
    assert process.wait() == 0, process.log()
    assert sent_again(letters) == LETTERS
    process = replay(letters)
    assert process.wait() == 0 and "0 dead letters replayed, 0 left" in process.log()
    assert sent_again(letters) == LETTERS


def test_all_are_sent_again_once_the_guides_command_has_reset_the_offsets(kafka, letters):
    for _ in range(2):
        process = replay(letters)
        assert process.wait() == 0 and f"{LETTERS} dead letters replayed, 0 left" in process.log()
        kafka.reset_offsets(f"{letters.name}.replay", "--to-earliest", "--topic", letters.dead)


def test_a_configured_input_is_not_replayed_by_itself_which_would_send_letters_twice(letters):
    process = replay(letters, "--input", letters.source)
    assert process.wait() == MISCONFIGURED and "without --input" in process.log()
    assert sent_again(letters) == 0


def test_a_replay_by_reason_leaves_the_others_their_turn(letters):
    process = replay(letters, "--dry-run")
    assert process.wait() == 0, process.log()
    assert f"{letters.source} malformed_json: {LETTERS // 2} to replay" in process.log()
    assert sent_again(letters, ()) == 0
    process = replay(letters, "--reason", "missing_field")
    assert process.wait() == 0, process.log()
    assert sent_again(letters, ["missing_field"]) == LETTERS // 2
    process = replay(letters)
    assert process.wait() == 0, process.log()
    assert sent_again(letters) == LETTERS


def test_a_replay_follows_pointers_and_leaves_what_it_cannot_send(kafka, letters):
    first = next(bad_records(1))
    digest = hashlib.sha256(first.value).hexdigest()
    producer = Producer({"bootstrap.servers": kafka.bootstrap})
    for kafka_topic, offset, sha256 in [(letters.source, 0, digest), (letters.source, 0, "0" * 64),
                                        (letters.source, 10**9, digest), ("elsewhere", 0, digest)]:
        says = {"topic": kafka_topic, "partition": "0", "offset": str(offset),
                "exception.class.name": "refused", "tocsin.value.sha256": sha256}
        producer.produce(letters.dead, headers=[(ERRORS + name, value.encode())
                                                for name, value in says.items()])
    producer.produce(letters.dead, b"nothing of ours")
    producer.flush()
    process = replay(letters, "--reason", "refused")
    assert process.wait() == BAD_INPUT, process.log()
    for line in [f"{letters.source} refused: 1 replayed",
                 f"{letters.source} refused: 1 left: a pointer to a record that is gone",
                 f"{letters.source} refused: 1 left: a pointer to a record that is not what it was",
                 "elsewhere refused: 1 left: its Kafka topic is not an input",
                 "1 dead letters replayed, 3 left"]:
        assert line in process.log()
    again = [message for message in letters.read(letters.source)
             if message.offset() >= LETTERS // PARTITIONS]
    assert [(message.partition(), message.key(), message.value(), message.headers(),
             message.timestamp()[1]) for message in again] == [
                 (0, first.key, first.value, HEADERS, first.timestamp_ms)]
