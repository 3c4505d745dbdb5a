"""`tocsin alert` as a process, and what it leaves in Kafka.

    desk = Alerter(kafka, executable, directory, "desk")
    desk.send(stories.tagged("a1", text))
    desk.flush()
    with desk.run("a") as process:
        desk.wait_until_done(process)
        process.stop()
    desk.told()                              # [("tocsin.mention.first", "a1")]
"""

import contextlib
import json

import yaml
from confluent_kafka import Consumer, KafkaException, Producer

from kafka import read_to_the_ends, wait_for
from tocsin import SESSION_MS, WORK_SECONDS, Process, end_of, partitions

FIRST, RETRACTED = "tocsin.mention.first", "tocsin.mention.retracted"


class Alerter:
    """The Kafka topics of one alert group, and processes of it."""

    def __init__(self, kafka, executable, directory, name, input_partitions=2):
        self.kafka, self.executable, self.directory, self.name = kafka, executable, directory, name
        self.input, self.alerts, self.dead = f"{name}.ceasefire", f"{name}.alerts", f"{name}.dead"
        self.state, self.lock = f"{name}.state", f"{name}.lock"
        kafka.create_topics({self.input: input_partitions, self.alerts: 1, self.dead: 1, self.lock: 1})
        kafka.create_topics({self.state: 1}, {"cleanup.policy": "compact"})
        self.producer = Producer({"bootstrap.servers": kafka.bootstrap, "linger.ms": 5})

    def run(self, instance="a", executable=None, environment=(), **alert):
        path = self.directory / f"{self.name}.{instance}.yaml"
        path.write_text(yaml.safe_dump({
            "brokers": self.kafka.bootstrap, "group": f"{self.name}-run", "input": ["unused"],
            "dead_letter": self.dead, "memory_budget": "64MiB", "commit_records_max": 40,
            "kafka": {"session.timeout.ms": SESSION_MS, "heartbeat.interval.ms": 500},
            "alert": {"group": self.name, "input": [self.input], "output": self.alerts,
                      "state_kafka_topic": self.state, "lock_kafka_topic": self.lock,
                      "http_listen": "off", **alert}}))
        return Process([executable or self.executable, "alert", "--config", path],
                       self.directory / f"{self.name}.{instance}.log", environment)

    def send(self, value, partition=0, timestamp_ms=0, headers=None):
        self.producer.produce(self.input, value, partition=partition, timestamp=timestamp_ms, headers=headers)

    def flush(self):
        assert self.producer.flush(60) == 0

    def consumer(self):
        return Consumer({"bootstrap.servers": self.kafka.bootstrap, "group.id": self.name,
                         "enable.auto.commit": False, "isolation.level": "read_committed",
                         "enable.partition.eof": True, "log_level": 0})

    def wait_until_done(self, *processes):
        """Until the group has committed the end of every input partition."""
        with contextlib.closing(self.consumer()) as consumer:
            asked = partitions(consumer, self.input)
            ends = {one.partition: end_of(consumer, one) for one in asked}

            def is_done():
                assert all(process.alive() for process in processes)
                try:
                    committed = consumer.committed(asked, timeout=5)
                except KafkaException:
                    return False  # an open transaction holds them
                return all(one.offset >= ends[one.partition] or ends[one.partition] == 0 for one in committed)
            wait_for(f"{self.name} commits {ends}", is_done, WORK_SECONDS)

    def read(self, kafka_topic):
        """Every committed record."""
        with contextlib.closing(self.consumer()) as consumer:
            return list(read_to_the_ends(consumer, partitions(consumer, kafka_topic)))

    def told(self):
        """(type, article id) of each alert."""
        return [(dict(message.headers())["ce_type"].decode(), json.loads(message.value())["article"])
                for message in self.read(self.alerts)]

    def firsts(self):
        told = self.told()
        assert all(kind == FIRST for kind, _ in told)
        return [article for _, article in told]
