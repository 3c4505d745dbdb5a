"""A stalled output keeps memory within its budget however much waits, and all of it arrives afterwards.

The output Kafka topics ask for all three replicas, and one broker is dead: what is read and committed goes on,
what is published is refused.
"""

import json
import re
import time

import pytest
from confluent_kafka import Producer

from kafka import wait_for
from tocsin import Scene

MEBIBYTE = 1 << 20
ALLOWANCE = 64 * MEBIBYTE
ARTICLE_BYTES = 50_000
SENTENCE = "Both sides signed the truce on Tuesday and the oil flows again. "
START_SECONDS = 60
WORK_SECONDS = 900


def articles(count):
    """Text that zstd makes 60 times smaller, a hundred times if there are more in a batch."""
    for index in range(count):
        numbers = "".join(f"{(index * 7919 + place * 104_729) % 99_991} " for place in range(250))
        body = numbers + SENTENCE * ((ARTICLE_BYTES - len(numbers)) // len(SENTENCE))
        yield json.dumps({"id": index, "title": "A truce", "body": body}).encode()


def fill(kafka, name, partitions, count):
    kafka.create_topics({name: partitions})
    producer = Producer({"bootstrap.servers": kafka.bootstrap, "compression.type": "zstd",
                         "linger.ms": 50, "batch.size": 900_000, "message.max.bytes": 1_000_000,
                         "queue.buffering.max.kbytes": 200_000})
    for index, value in enumerate(articles(count)):
        while True:
            try:
                producer.produce(name, value, partition=index % partitions)
                break
            except BufferError:
                producer.poll(0.1)
        producer.poll(0)
    assert producer.flush(120) == 0


def peak_bytes(process):
    """Of resident memory, ever."""
    with open(f"/proc/{process.child.pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read())[1]) * 1024


def status_of(process):
    return f"peak {peak_bytes(process) / MEBIBYTE:.0f} MiB"


@pytest.mark.long
@pytest.mark.parametrize("budget_mib, partitions, gigabytes, stalled_seconds", [
    pytest.param(256, 64, 0.3, 12, id="256MiB-64-partitions"),
    *(pytest.param(budget, partitions, 1.0, 60, id=f"{budget}MiB-{partitions}-partitions-1GB-a-minute")
      for budget in (256, 1024) for partitions in (4, 64))])
def test_memory_stays_within_its_budget_while_the_output_stalls(
        cluster, executable, tmp_path, budget_mib, partitions, gigabytes, stalled_seconds):
    name = f"memory-{budget_mib}-{partitions}-{stalled_seconds}"
    count = int(gigabytes * 1e9 / ARTICLE_BYTES)
    fill(cluster, f"{name}.raw", partitions, count)
    scene = Scene(cluster, executable, tmp_path, name, f"{name}.raw",
                  {"memory_budget": f"{budget_mib}MiB", "kafka": {"compression.type": "zstd"}},
                  output_config={"min.insync.replicas": 3})
    cluster.nodes[2].kill()
    limit = budget_mib * MEBIBYTE + ALLOWANCE
    with scene.run("a", workers=2) as process:
        wait_for("it runs", lambda: process.alive() and "assigned" in process.log(), START_SECONDS)
        stalled_until = time.monotonic() + stalled_seconds
        while time.monotonic() < stalled_until:
            process.alive()
            assert peak_bytes(process) <= limit, f"stalled: {status_of(process)}"
            time.sleep(0.5)
        print(f"stalled for {stalled_seconds} s: {status_of(process)}")
        assert sum(scene.committed().values()) == 0, "the output was to stall"
        cluster.nodes[2].start()
        wait_for("all replicas are in sync", cluster.in_sync, WORK_SECONDS)
        scene.wait_until_committed(process, seconds=WORK_SECONDS)
        print(f"all done: {status_of(process)}")
        assert peak_bytes(process) <= limit, f"catching up: {status_of(process)}"
        process.stop()
    seen = bytearray(count)
    for message in scene.read(scene.outputs[0]):
        index = int(re.search(rb'"article":\{"id": (\d+)', message.value())[1])
        assert not seen[index], f"article {index} twice"
        seen[index] = 1
    assert all(seen), f"{count - sum(seen)} of {count} articles lost"
