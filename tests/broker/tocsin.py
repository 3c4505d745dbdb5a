"""The built executable as a process, and what it leaves in Kafka.

    scene = Scene(kafka, executable, directory, "restart", "archive.raw")
    with scene.run() as process:
        scene.wait_until_committed()
        process.stop()                      # SIGTERM; fails unless it exits 0
    scene.published(), scene.dead_letters()
"""

import contextlib
import ctypes
import pathlib
import signal
import subprocess

import yaml
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, Producer, TopicPartition

from articles import BYTES_MAX, DEPTH_MAX
from kafka import spawn, wait_for

RULES = pathlib.Path(__file__).with_name("rules")
TOPICS = ("peace", "energy", "finance")
OUTPUT_PARTITIONS = 3
STOP_SECONDS = 60
WORK_SECONDS = 300

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
                         "queue.buffering.max.kbytes": 1 << 20, "linger.ms": 5})
    for record in records:
        producer.produce(kafka_topic, record.value, record.key, record.partition,
                         on_delivery=delivered(record), timestamp=record.timestamp_ms,
                         headers=record.headers)
        producer.poll(0)
    assert producer.flush(60) == 0 and not misplaced, misplaced[:5]


class Process:
    def __init__(self, command, log_path):
        self.log_path = log_path
        with open(log_path, "ab") as log:
            self.child = spawn(command, stdout=log, stderr=subprocess.STDOUT)

    def stop(self):
        self.child.send_signal(signal.SIGTERM)
        code = self.child.wait(STOP_SECONDS)
        assert code == 0, f"exit code {code} on SIGTERM:\n{self.log()}"

    def kill(self):
        self.child.kill()
        self.child.wait()

    def log(self):
        return self.log_path.read_text(errors="replace")[-4000:]


class Scene:
    """One consumer group with output Kafka topics of its own."""

    def __init__(self, kafka, executable, directory, name, source):
        self.kafka = kafka
        self.executable = executable
        self.directory = directory
        self.name = name
        self.source = source
        self.outputs = [f"{name}.{topic}" for topic in TOPICS]
        self.dead = f"{name}.dead-letter"
        kafka.create_topics(dict.fromkeys([*self.outputs, self.dead], OUTPUT_PARTITIONS))

    @contextlib.contextmanager
    def run(self, instance="a", workers=2):
        """A running daemon; killed at the end unless the test has stopped it."""
        config = self.directory / f"{self.name}.{instance}.yaml"
        config.write_text(yaml.safe_dump({
            "brokers": self.kafka.bootstrap, "group": self.name, "input": [self.source],
            "output": self.name + ".{topic}", "dead_letter": self.dead, "workers": workers,
            "rules": [str(RULES)],
            "limits": {"article_bytes_max": BYTES_MAX, "depth_max": DEPTH_MAX},
            # A killed member leaves its group when its session ends.
            "kafka": {"client.id": f"{self.name}-{instance}", "session.timeout.ms": 3000,
                      "heartbeat.interval.ms": 500},
        }))
        process = Process([self.executable, "run", "--config", config],
                          self.directory / f"{self.name}.{instance}.log")
        try:
            yield process
        except BaseException:
            print(process.log())
            raise
        finally:
            process.kill()

    def wait_until_committed(self, process):
        """Until the group has committed the end of every partition of the source."""
        with self._consumer(self.name) as consumer:
            partitions = _partitions(consumer, self.source)
            ends = {one.partition: consumer.get_watermark_offsets(one)[1] for one in partitions}

            def done():
                assert process.child.poll() is None, f"ended early:\n{process.log()}"
                return self._committed(consumer, partitions) == ends
            wait_for(f"{self.name} commits {ends}", done, WORK_SECONDS)

    def committed(self):
        with self._consumer(self.name) as consumer:
            return self._committed(consumer, _partitions(consumer, self.source))

    def published_count(self):
        with self._consumer("reader") as consumer:
            return sum(consumer.get_watermark_offsets(one)[1] for kafka_topic in self.outputs
                       for one in _partitions(consumer, kafka_topic))

    def wait_for_output_beyond(self, count, process):
        with self._consumer("reader") as consumer:
            partitions = [one for kafka_topic in self.outputs
                          for one in _partitions(consumer, kafka_topic)]

            def more():
                assert process.child.poll() is None, f"ended early:\n{process.log()}"
                return sum(consumer.get_watermark_offsets(one)[1] for one in partitions) > count
            wait_for(f"{self.name} publishes", more, WORK_SECONDS)

    def published(self):
        return [message for kafka_topic in self.outputs for message in self._read(kafka_topic)]

    def dead_letters(self):
        return self._read(self.dead)

    def _read(self, kafka_topic):
        messages = []
        with self._consumer("reader", {"enable.partition.eof": True}) as consumer:
            partitions = _partitions(consumer, kafka_topic)
            consumer.assign([TopicPartition(kafka_topic, one.partition, OFFSET_BEGINNING)
                             for one in partitions])
            ended = set()
            while len(ended) < len(partitions):
                for message in consumer.consume(5000, timeout=0.5):
                    if not message.error():
                        messages.append(message)
                    elif message.error().code() == KafkaError._PARTITION_EOF:
                        ended.add(message.partition())
                    else:
                        raise AssertionError(message.error())
        return messages

    def _committed(self, consumer, partitions):
        return {one.partition: max(one.offset, 0)
                for one in consumer.committed(partitions, timeout=10)}

    @contextlib.contextmanager
    def _consumer(self, group, more=()):
        consumer = Consumer({"bootstrap.servers": self.kafka.bootstrap, "group.id": group,
                             "enable.auto.commit": False, **dict(more)})
        try:
            yield consumer
        finally:
            consumer.close()


def _partitions(consumer, kafka_topic):
    found = consumer.list_topics(kafka_topic, timeout=10).topics[kafka_topic].partitions
    return [TopicPartition(kafka_topic, partition) for partition in sorted(found)]
