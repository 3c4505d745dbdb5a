"""The built executable as a process, and what it leaves in Kafka.

    scene = Scene(kafka, executable, directory, "restart", "archive.raw")
    with scene.run() as process:
        scene.wait_until_committed(process)
        process.stop()                      # SIGTERM; fails unless it exits 0
    scene.published(), scene.dead_letters()
"""

import contextlib
import ctypes
import os
import pathlib
import re
import signal
import subprocess

import yaml
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from articles import BYTES_MAX, DEPTH_MAX
from kafka import read_to_the_ends, spawn, wait_for

RULES = pathlib.Path(__file__).with_name("rules")
TOPICS = ("peace", "energy", "finance")
OUTPUT_PARTITIONS = 3
STOP_SECONDS = 60
WORK_SECONDS = 300
SESSION_MS = 3000  # a killed member leaves its group when its session ends
DATA_ERROR, FENCED, DENIED, MISCONFIGURED = 65, 75, 77, 78  # exit codes

# Debian 12's confluent-kafka 1.7.0 takes one reference to None too many away with every null header; Python
# aborts when none is left. So here are some more, that it never gets back.
ctypes.pythonapi.Py_IncRef(ctypes.py_object([None] * 4_000_000))


def produce(kafka, kafka_topic, records):
    """Appends the records where their partition and offset say; offsets are checked."""
    misplaced = []

    def delivered(record):
        def check(error, message):
            if error or (message.partition(), message.offset()) != (record.partition, record.offset):
                misplaced.append((record.partition, record.offset, error))
        return check

    producer = Producer({"bootstrap.servers": kafka.bootstrap, "enable.idempotence": True,
                         "queue.buffering.max.messages": 10_000_000,
                         "queue.buffering.max.kbytes": 1 << 20, "linger.ms": 5,
                         "message.max.bytes": 10_000_000})
    for record in records:
        producer.produce(kafka_topic, record.value, record.key, record.partition,
                         on_delivery=delivered(record), timestamp=record.timestamp_ms,
                         headers=record.headers)
        producer.poll(0)
    assert producer.flush(60) == 0 and not misplaced, misplaced[:5]


class Process:
    """Killed at the end of a `with`, unless the test has stopped it; its log is shown if the test fails."""

    def __init__(self, command, log_path, environment=()):
        self.log_path = log_path
        with open(log_path, "ab") as log:
            self.child = spawn(command, stdout=log, stderr=subprocess.STDOUT,
                               env={**os.environ, **dict(environment)})

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind:
            print(self.log_end())
        self.kill()

    def heeds_stop(self):
        """Not so until it has its signals in hand: before, SIGTERM ends it as it would any process."""
        if self.code() is not None:
            return True
        status = pathlib.Path(f"/proc/{self.child.pid}/status").read_text(errors="replace")
        blocked = int(re.search(r"^SigBlk:\s*(\w+)", status, re.MULTILINE)[1], 16)
        return blocked >> (signal.SIGTERM - 1) & 1

    def stop(self):
        wait_for("it heeds SIGTERM", self.heeds_stop, STOP_SECONDS)
        self.child.send_signal(signal.SIGTERM)
        code = self.child.wait(STOP_SECONDS)
        assert code == 0, f"exit code {code} on SIGTERM:\n{self.log_end()}"

    def kill(self):
        self.child.kill()
        self.child.wait()

    def pause(self):
        self.child.send_signal(signal.SIGSTOP)

    def resume(self):
        self.child.send_signal(signal.SIGCONT)

    def state(self):
        """As /proc has it: R, S, T when stopped, Z, ..."""
        stat = pathlib.Path(f"/proc/{self.child.pid}/stat").read_text(errors="replace")
        return stat.rpartition(") ")[2][0]

    def code(self):
        """The exit code, negative if a signal ended it; None while it runs."""
        return self.child.poll()

    def wait(self, seconds=STOP_SECONDS):
        """The exit code, once it ends by itself."""
        wait_for("it ends", lambda: self.code() is not None, seconds)
        return self.code()

    def alive(self):
        assert self.code() is None, f"ended early, {self.code()}:\n{self.log_end()}"
        return True

    def log(self):
        return self.log_path.read_text(errors="replace")

    def log_end(self):
        return self.log()[-4000:]


class Scene:
    """One consumer group with output Kafka topics of its own."""

    def __init__(self, kafka, executable, directory, name, source, config=(), output_config=()):
        """config: of every member; output_config: of the output Kafka topics."""
        self.kafka = kafka
        self.executable = executable
        self.directory = directory
        self.name = name
        self.source = source
        self.config = dict(config)
        self.hangs = {}  # (Kafka topic, partition) → last stable offset, where an open transaction stands
        self._clients = {}  # by isolation level
        self.outputs = [f"{name}.{topic}" for topic in TOPICS]
        self.dead = f"{name}.dead-letter"
        kafka.create_topics(dict.fromkeys([*self.outputs, self.dead], OUTPUT_PARTITIONS),
                            output_config)

    def run(self, instance="a", workers=2, executable=None, environment=(), command=("run",),
            **config):
        """A daemon; outside of a `with` it is killed by nobody but the end of the calling thread."""
        own = {"session.timeout.ms": SESSION_MS, "heartbeat.interval.ms": 500,
               "client.id": f"{self.name}-{instance}"}
        path = self.directory / f"{self.name}.{instance}.yaml"
        settings = {
            "brokers": self.kafka.bootstrap, "group": self.name, "instance": instance,
            "input": [self.source], "output": self.name + ".{topic}", "dead_letter": self.dead,
            "workers": workers, "rules": [str(RULES)],
            "limits": {"article_bytes_max": BYTES_MAX, "depth_max": DEPTH_MAX}, "http_listen": "off",
            **self.config, **config}
        settings["kafka"] = {**own, **self.config.get("kafka", {}), **config.get("kafka", {})}
        path.write_text(yaml.safe_dump(settings))
        return Process([executable or self.executable, *command, "--config", path],
                       self.directory / f"{self.name}.{instance}.log", environment)

    def wait_until_committed(self, *processes, seconds=WORK_SECONDS, source=None):
        """Until the group has committed the end of every partition of the source."""
        asked = partitions(self.client(), source or self.source)
        ends = {one.partition: end_of(self.client(), one) for one in asked}
        wait_for(f"{self.name} commits {ends}",
                 lambda: all(process.alive() for process in processes) and
                 self.try_committed(source=source) == ends, seconds)

    def committed(self):
        return wait_for("stable offsets", self.try_committed, WORK_SECONDS)

    def try_committed(self, timeout=5, source=None):
        """By partition; nothing while a transaction that holds offsets is open."""
        try:
            found = partitions(self.client(), source or self.source)
            return {one.partition: max(one.offset, 0)
                    for one in self.client().committed(found, timeout=timeout)}
        except KafkaException:
            return {}

    def wait_for_output_beyond(self, count, *processes):
        wait_for(f"{self.name} publishes",
                 lambda: all(process.alive() for process in processes) and
                 sum(self.ends().values()) > count, WORK_SECONDS)

    def published_count(self):
        return sum(self.ends().values())

    def ends(self, isolation="read_committed"):
        """Where each partition of the outputs ends: with read_committed, its last stable offset."""
        client = self.client(isolation)
        return {(one.topic, one.partition): end_of(client, one)
                for name in [*self.outputs, self.dead] for one in partitions(client, name)}

    def published(self):
        return list(self.read(*self.outputs))

    def dead_letters(self):
        return list(self.read(self.dead))

    def read(self, *kafka_topics):
        """Every record that a read_committed consumer gets. See `hangs` then."""
        with contextlib.closing(self._connect({"enable.partition.eof": True})) as consumer:
            found = [one for name in kafka_topics for one in partitions(consumer, name)]
            ended = {}
            yield from read_to_the_ends(consumer, found, ended)
            # As of the last fetch: no request, which costs librdkafka about 0.1 s for each partition.
            high = {place: consumer.get_watermark_offsets(TopicPartition(*place), cached=True)[1]
                    for place in ended}
            self.hangs = {place: end for place, end in ended.items() if end < high[place]}

    def client(self, isolation="read_committed"):
        """A consumer of the group that joins it never; kept, for connecting costs more than asking."""
        if isolation not in self._clients:
            self._clients[isolation] = self._connect({"isolation.level": isolation})
        return self._clients[isolation]

    def _connect(self, more):
        return Consumer({"bootstrap.servers": self.kafka.bootstrap, "group.id": self.name,
                         "enable.auto.commit": False, "isolation.level": "read_committed",
                         "log_level": 0, **more})


def partitions(consumer, kafka_topic):
    def ask():
        try:
            return sorted(consumer.list_topics(kafka_topic, timeout=5).topics[kafka_topic].partitions)
        except KafkaException:
            return None
    return [TopicPartition(kafka_topic, partition)
            for partition in wait_for(f"partitions of {kafka_topic}", ask, WORK_SECONDS)]


def end_of(consumer, partition):
    """The offset after the last, for the consumer's isolation level; leaders may be moving."""
    def ask():
        try:
            return consumer.get_watermark_offsets(partition, timeout=5)
        except KafkaException:
            return None
    return wait_for(f"the end of {partition}", ask, WORK_SECONDS)[1]

