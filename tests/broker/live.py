"""Those who work while things break: one feeds the input, one reads the outputs.

    with Feeder(kafka, "chaos.raw", stream, 0, 100_000, per_second=2000), LiveReader(scene, truth) as reader:
        ...                                  # break things
    reader.require_whole(verdict)

The reader is read_committed. Kafka writes a transaction's commit marker to one partition after the other, so
for a moment half of an article may be readable. But once an output of a transaction has been read, all of its
records lie below the high watermarks; so at times the reader notes these, reads until it has passed them all,
and then every article of which it had seen a part must be whole. Likewise every output of every record below
the offsets that were committed before.
"""

import threading
import time

from confluent_kafka import (OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Producer,
                             TopicPartition)

from exactly_once import extend_digest
from kafka import wait_for
from ledger import reasons
from stream import BITS, DEAD
from tocsin import partitions

SNAPSHOT_SECONDS = 2
CATCH_UP_SECONDS = 120


class Worker(threading.Thread):
    """A thread whose failure is raised where it is joined."""

    def __init__(self):
        super().__init__(daemon=True)
        self.stopping = threading.Event()
        self.failure = None

    def run(self):
        try:
            self.work()
        except BaseException as error:  # pylint: disable=broad-except
            self.failure = error

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, *_):
        self.stopping.set()
        self.join()
        if self.failure and not kind:
            raise self.failure

    def healthy(self):
        if self.failure:
            raise self.failure
        return True


class Feeder(Worker):
    """Appends records [first, end) in order; what a broken producer left open, another sends again."""

    def __init__(self, kafka, kafka_topic, stream, first, end, per_second):
        super().__init__()
        self.kafka = kafka
        self.kafka_topic = kafka_topic
        self.stream = stream
        self.range = range(first, end)
        self.per_second = per_second
        self.open = {}  # in order: sent, not acknowledged
        self.sent = 0

    def work(self):
        begun = time.monotonic()
        while self.sent < len(self.range) or self.open:
            producer = self._connect()
            for index in list(self.open):
                self._produce(producer, index)
            while not self.broken and (self.sent < len(self.range) or self.open):
                due = (time.monotonic() - begun) * self.per_second
                while self.sent < min(due, len(self.range)) and len(self.open) < 20_000:
                    self._produce(producer, self.range[self.sent])
                    self.sent += 1
                self._poll(producer)
                if self.stopping.is_set():
                    return

    def done(self):
        return self.healthy() and not self.is_alive()

    def _connect(self):
        self.broken = False

        def fail(error):
            self.broken = self.broken or error.fatal()
        return Producer({"bootstrap.servers": self.kafka.bootstrap, "enable.idempotence": True,
                         "message.timeout.ms": 0, "linger.ms": 20, "log_level": 0,
                         "compression.type": "lz4", "error_cb": fail})

    def _poll(self, producer):
        try:
            producer.poll(0.02)
        except KafkaException:  # fatal: librdkafka 2.0.2 loses its place in the sequence (LRK#4438)
            self.broken = True

    def _produce(self, producer, index):
        record = self.stream.record(index)
        self.open[index] = True

        def delivered(error, _):
            if error:
                self.broken = True
            else:
                self.open.pop(index, None)
        producer.produce(self.kafka_topic, record.value, record.key, record.partition,
                         on_delivery=delivered, timestamp=record.timestamp_ms,
                         headers=record.headers)


class LiveReader(Worker):
    def __init__(self, scene, truth):
        super().__init__()
        self.scene = scene
        self.truth = truth
        self.seen = {}  # index → bits, while a part is missing
        self.whole = bytearray()  # by index
        self.reached = {}
        self.digests = {}
        self.snapshots = 0
        self.torn = []
        self.behind = []  # committed, but not to be read
        self.checked = {}  # input partition → how far `behind` has been looked for

    def work(self):
        self.asker = self._connect("read_uncommitted")
        reader = self._connect("read_committed")
        found = [one for name in [*self.scene.outputs, self.scene.dead]
                 for one in partitions(reader, name)]
        self.reached = {(one.topic, one.partition): 0 for one in found}
        reader.assign([TopicPartition(one.topic, one.partition, OFFSET_BEGINNING) for one in found])
        pending, last = None, 0
        while not self.stopping.is_set():
            for message in reader.consume(2000, timeout=0.1):
                self._take(message)
            if pending is None and time.monotonic() - last > SNAPSHOT_SECONDS:
                pending, last = self._snapshot(), time.monotonic()
            if pending and self._passed(pending[-1]):
                self._check(*pending)
                pending = None

    def require_whole(self, verdict):
        """Reads to the end; what was read while things broke is what there is now."""
        assert self.snapshots, "no snapshot was taken: that proves nothing"
        assert not self.torn, f"{len(self.torn)} torn articles, such as {self.torn[:5]}"
        assert not self.behind, f"{len(self.behind)} committed, not readable: {self.behind[:5]}"
        assert not self.seen, f"{len(self.seen)} articles in part, such as {list(self.seen)[:5]}"
        assert self.digests == verdict.digests, "a record was readable that is none now"

    def catch_up(self):
        ends = self.scene.ends("read_uncommitted")
        wait_for("the live reader reads all",
                 lambda: self.healthy() and self._passed(ends), CATCH_UP_SECONDS)

    def _connect(self, isolation):
        return Consumer({"bootstrap.servers": self.scene.kafka.bootstrap,
                         "group.id": self.scene.name, "enable.auto.commit": False,
                         "enable.partition.eof": True, "isolation.level": isolation,
                         "log_level": 0})

    def _take(self, message):
        place = message.topic(), message.partition()
        if message.error():
            if message.error().code() == KafkaError._PARTITION_EOF:
                self.reached[place] = max(self.reached[place], message.offset())
            return
        self.reached[place] = max(self.reached[place], message.offset() + 1)
        self.digests[place] = extend_digest(self.digests.get(place, 0), message)
        index = self._index(message)
        bits = self.seen.pop(index, 0) | BITS.get(place[0][len(self.scene.name) + 1:], DEAD)
        if bits == self.truth.stream.expects(index):
            self.whole.extend(bytes(max(index + 1 - len(self.whole), 0)))
            self.whole[index] = 1
        elif not self._is_whole(index):
            self.seen[index] = bits

    def _index(self, message):
        if message.topic() != self.scene.dead:
            return self.truth.stream.index(message)
        why = reasons(message.headers())
        partition, offset = int(why["partition"]), int(why["offset"])
        if offset >= len(self.truth.indexes[partition]):
            self.truth.extend()
        return self.truth.indexes[partition][offset]

    def _is_whole(self, index):
        return index < len(self.whole) and self.whole[index]

    def _snapshot(self):
        """What is to be checked once the high watermarks, asked for last, are passed; or nothing."""
        try:
            partly = list(self.seen)
            committed = self.scene.try_committed(timeout=1)
            self.truth.extend()
            ends = {place: self.asker.get_watermark_offsets(TopicPartition(*place), timeout=2)[1]
                    for place in self.reached}
            return partly, committed, ends
        except (KafkaException, TypeError):  # no answer while brokers are down
            return None

    def _passed(self, ends):
        return all(self.reached.get(place, 0) >= end for place, end in ends.items())

    def _check(self, partly, committed, _):
        self.snapshots += 1
        self.torn += [index for index in partly if index in self.seen]
        for partition, end in committed.items():
            for offset in range(self.checked.get(partition, 0), end):
                index = self.truth.indexes[partition][offset]
                if self.truth.expected(partition, offset) and not self._is_whole(index):
                    self.behind.append((partition, offset))
            self.checked[partition] = max(self.checked.get(partition, 0), end)
