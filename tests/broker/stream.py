"""An input of any length out of a few thousand articles: each record is a function of its index.

    stream = Stream(seed=1)
    produce(kafka, "chaos.raw", stream.records(0, 1_000_000))
    stream.record(17), stream.index(message), stream.expects(17)
    stream.refuse(stream.matching(0))

Every good article carries its index, so no two records are alike; the independent matcher runs once for each
article that the stream is made of, since it does not look at the index. A record of `refused` has a time so far
ahead that no broker takes what is made of it: only a pointer to it may come out.
"""

import itertools

from articles import FIRST_TIMESTAMP_MS, PARTITIONS, Record, records
from ledger import tagged, worker_processes
from tocsin import TOPICS

FUTURE_MS = 4_000_000_000_000  # in 2096
ANY_TIME = {"message.timestamp.after.max.ms": 1 << 62}  # of a Kafka topic that takes such records
DEAD = 1 << len(TOPICS)  # beside one bit for each topic
BITS = {topic: 1 << place for place, topic in enumerate(TOPICS)}


class Stream:
    def __init__(self, seed, articles=2000, partitions=PARTITIONS, bytes_max=20_000):
        self.partitions = partitions
        self.variants = [record for record in records(articles, seed)
                         if record.value is None or len(record.value) <= bytes_max]
        values = [record.value if record.bad is None else None for record in self.variants]
        with worker_processes() as pool:
            self.rules = list(pool.map(_tagged, values, chunksize=100))
        self.refused = set()
        self.expected = [DEAD if record.bad else sum(BITS[topic] for topic in rules)
                         for record, rules in zip(self.variants, self.rules)]

    def variant(self, index):
        return (index * 2_654_435_761 >> 5) % len(self.variants)

    def expects(self, index):
        """The bits of what must come out."""
        bits = self.expected[self.variant(index)]
        return DEAD if bits and index in self.refused else bits

    def matching(self, first):
        """The first record from there on that has an output."""
        return next(index for index in itertools.count(first)
                    if self.expected[self.variant(index)] not in (0, DEAD))

    def refuse(self, index):
        self.refused.add(index)

    def record(self, index):
        of = self.variants[self.variant(index)]
        value = of.value
        if value and value.lstrip()[:1] == b"{":
            value = value.replace(b"{", b'{"serial": %d, ' % index, 1)
        first = FUTURE_MS if index in self.refused else FIRST_TIMESTAMP_MS
        return Record(index % self.partitions, index // self.partitions, of.key, value, of.headers,
                      first + index, of.bad)

    def records(self, first, end):
        return map(self.record, range(first, end))

    @staticmethod
    def index(message):
        """Of an input, or of an output other than a pointer."""
        timestamp = message.timestamp()[1]
        return timestamp - (FUTURE_MS if timestamp >= FUTURE_MS else FIRST_TIMESTAMP_MS)


def _tagged(value):
    return tagged(value) if value else {}
