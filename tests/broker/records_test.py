"""Odd records: keys and headers byte for byte, partitions as Java picks them, and what no broker takes."""

import json
import random

import pytest

import murmur2
from articles import FIRST_TIMESTAMP_MS, Record
from kafka import wait_for
from ledger import Ledger, check_pointer, reasons
from stream import ANY_TIME, FUTURE_MS
from tocsin import OUTPUT_PARTITIONS, Scene, produce

RECORDS = 3000
NAMES = ["trace", "TRACE", "büro", "", "ce_id", "tocsin_topic", "Content-Type", "x" * 300]
OUTPUT_BYTES_MAX = 50_000


def odd_records(seed):
    """Every one matches; a few are bad."""
    chance = random.Random(seed)
    for index in range(RECORDS):
        key = chance.choice([None, b"", b"\0", chance.randbytes(chance.randrange(1, 40))])
        headers = [(chance.choice(NAMES), chance.choice([None, b"", chance.randbytes(
            chance.randrange(1, 30))])) for _ in range(chance.randrange(6))]
        bad = "malformed_json" if index % 50 == 0 else None
        value = b'{"body": "truce' if bad else json.dumps(
            {"id": index, "title": "A truce", "body": "oil pipelines"}).encode()
        yield Record(index % 2, index // 2, key, value, headers, FIRST_TIMESTAMP_MS + index, bad)


def test_keys_and_headers_travel_byte_for_byte_to_the_partitions_that_java_picks(
        kafka, executable, tmp_path):
    content = list(odd_records(seed=11))
    kafka.create_topics({"odd.raw": 2})
    produce(kafka, "odd.raw", content)
    scene = Scene(kafka, executable, tmp_path, "odd", "odd.raw")
    with scene.run("a", 1) as process:
        scene.wait_until_committed(process)
        process.stop()
    Ledger("odd.raw", content).check(scene)
    for message in [*scene.published(), *scene.dead_letters()]:
        if message.key() is not None:
            assert message.partition() == murmur2.partition(message.key(), OUTPUT_PARTITIONS), (
                f"key {message.key()} in {message.topic()}[{message.partition()}]")


def article(body, **more):
    return json.dumps({"title": "A truce", "body": body, **more}).encode()


def noise(size):
    """Text that no compression makes fit."""
    return random.Random(size).randbytes(size // 2).hex()


# What is fed, and what must become of it: "whole", "truncated", "pointer", or the reason of a dead letter.
POISON = [
    (article("first"), 0, "whole"),
    (article(noise(2 * OUTPUT_BYTES_MAX)), 0, "truncated"),
    (article(noise(1_500_000)), 0, "pointer"),             # more than our producer takes
    (b"{" + noise(2 * OUTPUT_BYTES_MAX).encode(), 0, "pointer"),  # bad, and too large for the dead letters
    (article("nothing", title="x"), FUTURE_MS, None),
    (article("from the future"), FUTURE_MS, "pointer"),
    (b'{"body": ', FUTURE_MS, "pointer"),
    (b'{"body": ', 0, "malformed_json"),
    (article("oil").replace(b"oil", b"\xff"), 0, "invalid_utf8"),
    (b'{"title": "truce", "deep": ' + b"[" * 300 + b"]" * 300 + b"}", 0, "too_deep"),
    (article("x", title=["truce"]), 0, "wrong_type"),
    (article("last"), 0, "whole"),
]


def poison():
    for index, (value, first, _) in enumerate(POISON):
        yield Record(0, index, b"k", value, [("n", b"1")], (first or FIRST_TIMESTAMP_MS) + index, None)


@pytest.fixture(name="poisoned")
def poisoned_scene(kafka, executable, tmp_path, request):
    name = f"poison-{request.node.name.rpartition('[')[2].rstrip(']')}"
    kafka.create_topics({f"{name}.raw": 1}, {**ANY_TIME, "max.message.bytes": 4_000_000})
    scene = Scene(kafka, executable, tmp_path, name, f"{name}.raw",
                  output_config={"max.message.bytes": OUTPUT_BYTES_MAX})
    produce(kafka, scene.source, poison())
    return scene


@pytest.mark.parametrize("delivery", [
    "exactly_once", pytest.param("at_least_once", marks=pytest.mark.long)])
def test_what_no_broker_takes_leaves_a_trace_and_stops_nothing(poisoned, delivery):
    records = list(poison())
    with poisoned.run("a", 1, delivery=delivery) as process:
        poisoned.wait_until_committed(process)
        process.stop()
    found = {}
    for message in poisoned.published():
        envelope = json.loads(message.value())
        kind = "truncated" if envelope["tocsin"].get("truncated") else "whole"
        assert ("article" in envelope) == (kind == "whole")
        assert any(rule["id"].startswith("peace.") for rule in envelope["tocsin"]["rules"])
        assert message.key() == b"k" and ("n", b"1") in message.headers()
        found.setdefault(message.timestamp()[1] - FIRST_TIMESTAMP_MS, []).append(kind)
    for message in poisoned.dead_letters():
        why = reasons(message.headers())
        record = records[int(why["offset"])]
        if message.value() is None:
            check_pointer(message, record, poisoned.source)
            found.setdefault(record.offset, []).append("pointer")
        else:
            assert (message.key(), message.value()) == (record.key, record.value)
            found.setdefault(record.offset, []).append(why["exception.class.name"])
    if delivery == "at_least_once":
        found = {offset: sorted(set(kinds)) for offset, kinds in found.items()}
    assert found == {offset: [kind] for offset, (_, _, kind) in enumerate(POISON) if kind}


def test_on_error_stop_ends_before_the_first_bad_record(poisoned):
    with poisoned.run("a", 1, on_error="stop") as process:
        wait_for("it stops", lambda: process.code() is not None, 120)
        assert process.code() == 65, process.log()
    assert not poisoned.dead_letters()
    committed = poisoned.committed()[0]
    assert committed <= len(POISON) and len(poisoned.published()) <= committed
