"""Whether what came out of a stream is, by (input partition, offset, output Kafka topic), there exactly once.

    truth = Truth(kafka, "chaos.raw", stream)
    verdict = verify(scene, truth)                              # a finished scene
    verdict = verify(scene, truth, until=scene.committed())     # after SIGTERM: not a record more, none less
    verdict.require_exact()

Truth is what lies in the input Kafka topic, not what the feeder meant to put there. An output names its origin
twice: by its timestamp, and by ce_id, a digest of Kafka topic, partition and offset. All is read as
read_committed and checked as it is read; memory is some bytes a record.
"""

import array
import threading
from typing import NamedTuple

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

import murmur2
from ledger import (JSON_SPACE, check_dead_letter, check_envelope, check_pointer, check_published,
                    event_id, reasons)
from stream import BITS, DEAD
from tocsin import OUTPUT_PARTITIONS, end_of, partitions

EXAMPLES = 5
OFFSET_BITS = 48


class Truth:
    """Which record of the stream lies at each partition and offset."""

    def __init__(self, kafka, source, stream):
        self.source = source
        self.stream = stream
        self.consumer = Consumer({"bootstrap.servers": kafka.bootstrap, "group.id": "truth",
                                  "log_level": 0})
        self.lock = threading.Lock()  # of extend()
        found = partitions(self.consumer, source)
        self.indexes = [array.array("q") for _ in found]
        self.first = array.array("q")  # by index: partition and offset in one, or -1
        self.repeats = {}  # index → where else: a feeder that had to send again leaves two
        self.consumer.assign([TopicPartition(source, one.partition, OFFSET_BEGINNING)
                              for one in found])

    def extend(self):
        """Reads on to where the input ends now."""
        with self.lock:
            ends = [end_of(self.consumer, TopicPartition(self.source, partition))
                    for partition in range(len(self.indexes))]
            while any(len(have) < end for have, end in zip(self.indexes, ends)):
                for message in self.consumer.consume(10_000, timeout=0.2):
                    if not message.error():
                        self._add(message)

    def _add(self, message):
        indexes = self.indexes[message.partition()]
        assert message.offset() == len(indexes), "the input has a gap"
        index = self.stream.index(message)
        self.first.extend([-1] * (index + 1 - len(self.first)))
        if self.first[index] < 0:
            self.first[index] = message.partition() << OFFSET_BITS | message.offset()
        else:
            self.repeats.setdefault(index, []).append((message.partition(), message.offset()))
        indexes.append(index)

    def places(self, index):
        """Where it lies, as (partition, offset)."""
        if not 0 <= index < len(self.first) or self.first[index] < 0:
            return []
        partition, offset = divmod(self.first[index], 1 << OFFSET_BITS)
        return [(partition, offset), *self.repeats.get(index, ())]

    def ends(self):
        return {partition: len(indexes) for partition, indexes in enumerate(self.indexes)}

    def record(self, partition, offset):
        record = self.stream.record(self.indexes[partition][offset])
        return record._replace(partition=partition, offset=offset)

    def expected(self, partition, offset):
        return self.stream.expects(self.indexes[partition][offset])


class Verdict(NamedTuple):
    articles: int
    outputs: int
    lost: int
    doubled: int
    reordered: int
    torn: int
    strange: int  # of no input, with other content, or ahead of what is committed
    examples: list
    digests: dict  # by (Kafka topic, partition): what was read there, in order

    def require_exact(self):
        faults = (self.lost, self.doubled, self.reordered, self.torn, self.strange)
        assert not any(faults), f"{self}"
        assert self.outputs, "nothing came out: that proves nothing"

    def __str__(self):
        return (f"{self.articles} records, {self.outputs} outputs: {self.lost} lost, "
                f"{self.doubled} doubled, {self.reordered} reordered, {self.torn} torn, "
                f"{self.strange} strange" + "".join(f"\n  {one}" for one in self.examples))


def verify(scene, truth, until=None, repeats_allowed=False):
    """until: where the group has committed, if not yet the end of the input."""
    truth.extend()
    audit = _Audit(scene, truth, repeats_allowed)
    for message in scene.read(*scene.outputs, scene.dead):
        audit.add(message)
    if until is None:
        until = truth.ends()
        committed = scene.committed()
        assert committed == until, f"committed {committed}, the input ends at {until}"
        assert not scene.hangs, f"transactions hang: last stable offsets {scene.hangs}"
    return audit.close(until)


def extend_digest(digest, message):
    return hash((digest, message.offset(), message.timestamp()[1]))


class _Audit:
    def __init__(self, scene, truth, repeats_allowed):
        self.truth = truth
        self.prefix = len(scene.name) + 1
        self.repeats_allowed = repeats_allowed
        self.seen = [bytearray(len(indexes)) for indexes in truth.indexes]
        self.heads = {}  # (variant, topic) → the value up to the article, once checked in full
        self.lanes = {}
        self.digests = {}
        self.outputs = 0
        self.faults = dict.fromkeys(("lost", "doubled", "reordered", "torn", "strange"), 0)
        self.examples = []

    def add(self, message):
        self.outputs += 1
        name, number = message.topic(), message.partition()
        self.digests[name, number] = extend_digest(self.digests.get((name, number), 0), message)
        topic = name[self.prefix:]
        try:
            place = self._place(message, topic)
            record = self.truth.record(*place)
            bit = BITS.get(topic, DEAD)
            assert self.truth.expected(*place) & bit, "should not be there"
            self._check(message, topic, record)
        except AssertionError as error:
            return self._blame("strange", message, str(error)[:500])
        partition, offset = place
        lane = (name, number, partition)
        if self.seen[partition][offset] & bit and not self.repeats_allowed:
            self._blame("doubled", message, place)
        elif self.lanes.get(lane, -1) > offset and not self.repeats_allowed:
            self._blame("reordered", message, place)
        self.lanes[lane] = max(self.lanes.get(lane, -1), offset)
        self.seen[partition][offset] |= bit

    def _place(self, message, topic):
        """(partition, offset) of the input; an output names it."""
        if topic not in BITS:
            why = reasons(message.headers())
            return int(why["partition"]), int(why["offset"])
        index = self.truth.stream.index(message)
        places = self.truth.places(index)
        assert places, f"a timestamp of no input: index {index}"
        event = dict(message.headers()).get("ce_id")
        for place in places:
            if event_id(self.truth.source, *place, topic) == event:
                return place
        raise AssertionError(f"the ce_id of another record than {places}")

    def _check(self, message, topic, record):
        index = self.truth.indexes[record.partition][record.offset]
        if index in self.truth.stream.refused:
            return check_pointer(message, record, self.truth.source)
        if record.bad:
            return check_dead_letter(message, record, self.truth.source)
        variant = self.truth.stream.variant(index)
        tail = record.value.strip(JSON_SPACE) + b"}"
        like = variant, topic, dict(message.headers())["tocsin_ruleset"]
        head = self.heads.get(like)
        if head is None:
            rules = self.truth.stream.rules[variant][topic]
            check_published(message, topic, record, self.truth.source, rules, "output")
            self.heads[like] = message.value()[:-len(tail)]
        else:
            assert message.value() == head + tail, "another value than its like had"
            check_envelope(message, topic, record, self.truth.source, "output")
        if message.key() is not None:
            assert message.partition() == murmur2.partition(message.key(), OUTPUT_PARTITIONS), (
                "not the partition of its key")

    def close(self, until):
        for partition, indexes in enumerate(self.truth.indexes):
            for offset in range(len(indexes)):
                seen = self.seen[partition][offset]
                if offset >= until[partition]:
                    if seen:
                        self._blame("strange", None, f"{partition}@{offset} is out, not committed")
                    continue
                missing = self.truth.expected(partition, offset) & ~seen
                if missing:
                    self._blame("lost", None, (partition, offset), bin(missing).count("1"))
                    if seen:
                        self._blame("torn", None, (partition, offset))
        return Verdict(sum(until.values()), self.outputs, **self.faults, examples=self.examples,
                       digests=self.digests)

    def _blame(self, fault, message, what, count=1):
        self.faults[fault] += count
        if len(self.examples) < EXAMPLES:
            place = message and f" {message.topic()}[{message.partition()}]@{message.offset()}"
            self.examples.append(f"{fault}:{place or ''} {what}")
