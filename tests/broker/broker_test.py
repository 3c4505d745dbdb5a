"""`tocsin run` against a real Kafka, measured by a client and a matcher that share nothing with it."""

import contextlib
import json
import struct

from confluent_kafka.admin import AdminClient

from articles import PARTITIONS, records
from kafka import wait_for
from ledger import Ledger
from tocsin import Scene, produce

STOPS = 4
SETTLE_SECONDS = 60


def test_every_record_comes_out_as_an_independent_matcher_says(kafka, executable, archive, tmp_path):
    scene = Scene(kafka, executable, tmp_path, "whole", archive.source)
    with scene.run(workers=2) as process:
        scene.wait_until_committed(process)
        process.stop()
    archive.check(scene)


def test_a_java_consumer_reads_what_is_published(kafka, executable, tmp_path):
    content = list(records(500, seed=3))
    kafka.create_topics({"java.raw": PARTITIONS})
    produce(kafka, "java.raw", content)
    scene = Scene(kafka, executable, tmp_path, "java", "java.raw")
    with scene.run(workers=1) as process:
        scene.wait_until_committed(process)
        process.stop()
    want = sorted(message.value() for message in scene.published()
                  if message.topic() == scene.outputs[0])
    read = kafka.java("org.apache.kafka.tools.consumer.ConsoleConsumer", "--bootstrap-server",
                      kafka.bootstrap, "--topic", scene.outputs[0], "--from-beginning",
                      "--max-messages", len(want), "--timeout-ms", 60_000,
                      "--formatter-property", "line.separator=\x1e").stdout
    assert sorted(read.split(b"\x1e")[:-1]) == want
    assert all(json.loads(value)["tocsin"]["topic"] == "peace" for value in want)


def test_stop_and_restart_loses_and_repeats_nothing(kafka, executable, archive, tmp_path):
    scene = Scene(kafka, executable, tmp_path, "restart", archive.source)
    for _ in range(STOPS):
        before = scene.published_count()
        with scene.run(workers=2) as process:
            scene.wait_for_output_beyond(before, process)
            process.stop()
        print(f"stopped with {sum(scene.committed().values())} records committed")
        if sum(scene.committed().values()) == len(archive.records):
            break
    with scene.run(workers=2) as process:
        scene.wait_until_committed(process)
        process.stop()
    archive.check(scene)


def test_kill_and_restart_loses_and_repeats_nothing(kafka, executable, archive, tmp_path):
    scene = Scene(kafka, executable, tmp_path, "kill", archive.source)
    for _ in range(STOPS):
        before = scene.published_count()
        with scene.run(workers=2) as process:
            scene.wait_for_output_beyond(before, process)
            process.kill()
        if sum(scene.committed().values()) == len(archive.records):
            break
    with scene.run(workers=2) as process:
        scene.wait_until_committed(process)
        process.stop()
    archive.check(scene)


def test_two_processes_of_a_group_share_the_partitions(kafka, executable, tmp_path):
    content = list(records(10_000, seed=2))
    kafka.create_topics({"shared.raw": PARTITIONS})
    scene = Scene(kafka, executable, tmp_path, "shared", "shared.raw")
    with contextlib.ExitStack() as running:
        first = running.enter_context(scene.run("a", workers=1))
        second = running.enter_context(scene.run("b", workers=1))
        half = PARTITIONS // 2
        wait_for("each process has half of the partitions", lambda: sorted(
            map(len, assignments(kafka, scene.name).values())) == [half, half], SETTLE_SECONDS)
        produce(kafka, "shared.raw", content[:5000])
        scene.wait_until_committed(second)
        first.stop()
        produce(kafka, "shared.raw", content[5000:])
        scene.wait_until_committed(second)
        second.stop()
    Ledger("shared.raw", content).check(scene)


def assignments(kafka, group):
    """Each member's partitions, out of the consumer protocol's bytes: version, topics, partitions."""
    members = {}
    for found in AdminClient({"bootstrap.servers": kafka.bootstrap}).list_groups(group, timeout=10):
        for member in found.members:
            partitions = []
            if found.state == "Stable" and member.assignment:
                topics, place = struct.unpack_from(">i", member.assignment, 2)[0], 6
                for _ in range(topics):
                    place += 2 + struct.unpack_from(">h", member.assignment, place)[0]
                    count = struct.unpack_from(">i", member.assignment, place)[0]
                    partitions += struct.unpack_from(f">{count}i", member.assignment, place + 4)
                    place += 4 + 4 * count
            members[member.id] = partitions
    return members
