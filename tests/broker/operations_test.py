"""What operators do to a running group: take rights and Kafka topics away, start it twice, fill a disk."""

import contextlib
import os
import shutil
import subprocess

import pytest

from certificates import USER, allow, forbid
from exactly_once import verify
from kafka import Kafka, wait_for
from line import Line
from stream import BITS, Stream
from tocsin import FENCED, OUTPUT_PARTITIONS

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
