"""What operators do to a running group: take rights and Kafka topics away, start it twice, fill a disk."""

import collections
import contextlib
import os
import shutil
import subprocess

import pytest
from confluent_kafka import TopicPartition

from certificates import USER, allow, forbid
from exactly_once import verify
from kafka import Kafka, wait_for
from line import PARTITIONS, Line
from pages import Pages
from stream import ANY_TIME, BITS, DEAD, Stream
from tocsin import DATA_ERROR, FENCED, OUTPUT_PARTITIONS, end_of, partitions, produce

SECONDS = 120


@pytest.fixture(name="line")
def new_line(kafka, executable, tmp_path, request):
    return Line(kafka, executable, tmp_path, Stream(seed=8, articles=500), request.param)


@pytest.mark.parametrize("line", ["twice"], indirect=True)
def test_of_two_with_one_transactional_id_the_older_ends_fenced(line):
    with line.scene.run("a", 1) as older:
        line.feed()
        line.scene.wait_until_committed(older)
        with line.scene.run("a", 1) as newer:
            # It hears of it with the next transaction that it tries.
            wait_for("the older one ends", lambda: line.feed() or older.code() is not None, SECONDS)
            assert older.code() == FENCED, older.log()
            assert "instance" in older.log(), "it must say what to do"
            line.scene.wait_until_committed(newer)
            newer.stop()
    line.require_exact()


@pytest.mark.parametrize("line", ["again"], indirect=True)
def test_a_deleted_output_topic_made_again_loses_no_later_record(kafka, line):
    gone = line.scene.outputs[0]
    with line.scene.run("a", 1) as process:
        line.feed()
        line.scene.wait_until_committed(process)
        kafka.delete_topic(gone)
        line.feed()
        kafka.create_topics({gone: OUTPUT_PARTITIONS})
        line.feed()
        line.scene.wait_until_committed(process)
        process.stop()
    bit = BITS["peace"]
    deleted = sum(bool(line.stream.expects(index) & bit) for index in range(line.fed // 3))
    verdict = verify(line.scene, line.truth)
    assert verdict.lost == deleted, f"{deleted} went with the Kafka topic: {verdict}"
    verdict._replace(lost=0, torn=0).require_exact()


@pytest.mark.parametrize("line, is_noticed, count", [("input-0", False, 300), ("input-1", True, 1200)],
                         indirect=["line"])
def test_an_input_topic_made_again_is_read_from_its_first_record(kafka, line, is_noticed, count):
    """librdkafka goes back by itself if it has less than was read before, and stays where it was if it has more."""
    with line.scene.run("a", 1) as process:
        line.feed()
        line.scene.wait_until_committed(process)
        before = outputs(line)
        kafka.delete_topic(line.source)
        if is_noticed:
            wait_for("it notices", lambda: process.alive() and "does not exist" in process.log(), SECONDS)
        kafka.create_topics({line.source: PARTITIONS}, ANY_TIME)
        produce(kafka, line.source, line.stream.records(0, count))
        line.scene.wait_until_committed(process)
        process.stop()
    again = collections.Counter(fingerprint for index in range(count) for fingerprint in expected(line, index))
    assert outputs(line) - before == again


@pytest.mark.parametrize("line", ["two-inputs"], indirect=True)
def test_an_input_that_is_gone_holds_up_no_other_and_is_read_whole_once_made_again(kafka, line):
    other, count = f"{line.scene.name}.other", 300
    kafka.create_topics({other: PARTITIONS}, ANY_TIME)
    produce(kafka, other, line.stream.records(0, count))
    with line.scene.run("a", 1, input=[line.source, other]) as process:
        line.feed()
        for source in (line.source, other):
            line.scene.wait_until_committed(process, source=source)
        kafka.delete_topic(other)
        wait_for("librdkafka repeats itself", lambda: process.alive() and
                 process.log().count("does not exist") > 3 * PARTITIONS, SECONDS)
        line.feed()
        line.scene.wait_until_committed(process)
        assert process.log().count("going back to the committed offsets") == 1
        kafka.create_topics({other: PARTITIONS}, ANY_TIME)
        produce(kafka, other, line.stream.records(0, 2 * count))
        line.scene.wait_until_committed(process, source=other)
        process.stop()
    assert outputs(line) == collections.Counter(
        fingerprint for index in [*range(line.fed), *range(count), *range(2 * count)] for fingerprint in expected(line, index))


def outputs(line):
    """How often each record of the stream has come out to each topic."""
    return collections.Counter((message.timestamp()[1], message.topic()) for message in
                               line.scene.read(*line.scene.outputs, line.scene.dead))


def expected(line, index):
    bits = line.stream.expects(index)
    names = {bit: f"{line.scene.name}.{topic}" for topic, bit in BITS.items()} | {DEAD: line.scene.dead}
    return [(line.stream.record(index).timestamp_ms, name) for bit, name in names.items() if bits & bit]


@pytest.mark.parametrize("line", ["late"], indirect=True)
def test_records_deleted_before_they_were_read_are_counted_and_the_rest_is_exact(kafka, line, tmp_path):
    pages = Pages()
    line.feed()
    with line.scene.run("a", 1) as process:
        line.scene.wait_until_committed(process)
        process.stop()
    committed = line.scene.committed()
    line.feed()
    line.truth.extend()
    deleted = {partition: offset + 10 * (partition + 1) for partition, offset in committed.items()}
    kafka.delete_records(line.source, deleted, tmp_path)
    with line.scene.run("a", 1, http_listen=pages.address) as process:
        line.scene.wait_until_committed(process)
        assert pages.metrics().sum("tocsin_deleted_unread_total", kafka_topic=line.source) == 100
        assert f"{line.source}[3] offsets {committed[3]} to {committed[3] + 39} were deleted" in process.log()
        process.stop()
    lost = sum(bin(line.truth.expected(partition, offset)).count("1")
               for partition, end in deleted.items() for offset in range(committed[partition], end))
    verdict = verify(line.scene, line.truth)
    assert verdict.lost == lost, f"{lost} were deleted: {verdict}"
    verdict._replace(lost=0).require_exact()


def commit_beyond_the_end(line):
    """As of a log that lost its end: what the group has committed is not there any more."""
    client = line.scene.client()
    ends = [TopicPartition(line.source, one.partition, end_of(client, one) + 1000)
            for one in partitions(client, line.source)]
    client.commit(offsets=ends, asynchronous=False)
    return {one.partition: one.offset for one in ends}


@pytest.mark.parametrize("line", ["truncated"], indirect=True)
def test_a_committed_offset_beyond_the_end_is_told_and_all_is_read_again(line):
    line.feed()
    beyond = commit_beyond_the_end(line)
    with line.scene.run("a", 1) as process:
        line.scene.wait_until_committed(process)
        for partition, offset in beyond.items():
            assert f"{line.source}[{partition}] has no offset {offset} any more, but 0 to " in process.log()
        process.stop()
    line.finish("a")


@pytest.mark.parametrize("line", ["truncated-error"], indirect=True)
def test_a_committed_offset_beyond_the_end_ends_it_if_told_so(line):
    line.feed()
    beyond = commit_beyond_the_end(line)
    with line.scene.run("a", 1, kafka={"auto.offset.reset": "error"}) as process:
        assert process.wait(SECONDS) == DATA_ERROR, process.log()
        assert any(f"{line.source}[{partition}] offset {offset}: " in process.log()
                   for partition, offset in beyond.items()), process.log()
    assert line.scene.committed() == beyond and not line.scene.published_count()


@pytest.mark.parametrize("line", ["missing"], indirect=True)
def test_a_match_whose_kafka_topic_is_missing_waits_until_it_is_there(kafka, line):
    missing = line.scene.outputs[0]
    kafka.delete_topic(missing)
    with line.scene.run("a", 1, kafka={"topic.metadata.propagation.max.ms": 1000}) as process:
        line.feed()
        remedy = f"Kafka topic {missing}: Local: Unknown topic; create it"
        wait_for("it says so", lambda: process.alive() and remedy in process.log(), SECONDS)
        assert not any(line.scene.committed().values()), "nothing is committed past it"
        kafka.create_topics({missing: OUTPUT_PARTITIONS})
        line.scene.wait_until_committed(process)
        process.stop()
    line.require_exact()


@pytest.mark.parametrize("line", ["rights"], indirect=True)
def test_rights_taken_away_and_given_back_lose_nothing(kafka, security, line):
    everything = ["--operation", "All", "--group", "rights", "--topic", "rights",
                  "--transactional-id", "rights", "--resource-pattern-type", "prefixed"]
    outputs = ["--operation", "Write", "--topic", line.scene.name + ".",
               "--resource-pattern-type", "prefixed"]
    allow(kafka, *everything)
    with line.scene.run("a", 1, brokers=kafka.addresses("SASL_SSL"), kafka=security.password(),
                        kafka_secrets=security.secret()) as process:
        line.feed()
        line.scene.wait_until_committed(process)
        deny(kafka, outputs)
        line.feed()
        wait_for("it notices", lambda: process.alive() and "uthoriz" in process.log(), SECONDS)
        deny(kafka, outputs, back=True)
        line.scene.wait_until_committed(process)
        process.stop()
    forbid(kafka, *everything)
    line.require_exact()


def deny(kafka, arguments, back=False):
    how = ["--remove", "--force"] if back else ["--add"]
    kafka.java("org.apache.kafka.tools.AclCommand", "--bootstrap-server", kafka.bootstrap, *how,
               "--deny-principal", f"User:{USER}", *arguments)


@pytest.mark.parametrize("line", ["repeats"], indirect=True)
def test_at_least_once_killed_loses_nothing_stopped_repeats_nothing(line):
    with contextlib.ExitStack() as running:
        for _ in range(2):
            process = running.enter_context(line.scene.run("a", 1, delivery="at_least_once"))
            line.feed()
            line.scene.wait_until_committed(process)
            process.stop()
        line.require_exact()
        for _ in range(2):
            before = line.scene.published_count()
            line.feed(count=5000)
            process = running.enter_context(line.scene.run("a", 1, delivery="at_least_once"))
            line.scene.wait_for_output_beyond(before, process)
            process.kill()
        process = running.enter_context(line.scene.run("a", 1, delivery="at_least_once"))
        line.scene.wait_until_committed(process)
        process.stop()
    verify(line.scene, line.truth, repeats_allowed=True).require_exact()


@pytest.fixture(name="small_disk")
def tmpfs(tmp_path):
    """A disk of 1 GB that may be filled."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", disk],
                                           check=False).returncode != 0:
        pytest.skip("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


@pytest.mark.long
@pytest.mark.parametrize("full", [1, 3])
def test_exact_while_the_disks_of_brokers_are_full(executable, tmp_path, small_disk, full):
    """With one, the others go on; with all, everything stands still until there is room again."""
    with Kafka(small_disk, nodes=3) as kafka:
        line = Line(kafka, executable, tmp_path, Stream(seed=9, articles=500), "full")
        for node in kafka.nodes[full:]:
            move_away(node, tmp_path)
        wait_for("all are back", kafka.in_sync, SECONDS)
        with line.scene.run("a", 1) as process:
            line.feed()
            line.scene.wait_until_committed(process)
            ballast = small_disk / "ballast"
            fill_up(ballast)
            if full == 1:
                line.feed()
                line.scene.wait_until_committed(process)
            else:
                wait_for("a broker gives up", lambda: any(node.exited() for node in kafka.nodes),
                         SECONDS)
            process.alive()
            ballast.unlink()
            for node in kafka.nodes:
                if node.exited():
                    node.start()
            wait_for("all are back", kafka.in_sync, SECONDS)
            line.feed()
            line.scene.wait_until_committed(process)
            process.stop()
        line.require_exact()


def fill_up(path):
    """To the last byte of its disk."""
    for size in (1 << 20, 1):
        with contextlib.suppress(OSError), open(path, "ab", buffering=0) as file:
            while file.write(bytes(size)):
                pass


def move_away(node, directory):
    """To a disk with room."""
    node.stop()
    home = directory / node.directory.name
    shutil.move(node.directory, home)
    node.directory.symlink_to(home)
    node.start()
