"""An input of any length out of a few thousand articles: each record is a function of its index.

    stream = Stream(seed=1)
    produce(kafka, "chaos.raw", stream.records(0, 1_000_000))
    stream.record(17), stream.index(message), stream.expected[stream.variant(17)]

Every good article carries its index, so no two records are alike; the independent matcher runs once for each
article that the stream is made of, since it does not look at the index.
"""

import concurrent.futures
import os

from articles import FIRST_TIMESTAMP_MS, PARTITIONS, Record, records
from ledger import tagged
from tocsin import TOPICS

DEAD = 1 << len(TOPICS)  # beside one bit for each topic
BITS = {topic: 1 << place for place, topic in enumerate(TOPICS)}


class Stream:
    def __init__(self, seed, articles=2000, partitions=PARTITIONS, bytes_max=20_000):
        self.partitions = partitions
        self.variants = [record for record in records(articles, seed)
                         if record.value is None or len(record.value) <= bytes_max]
        values = [record.value if record.bad is None else None for record in self.variants]
        with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
            self.rules = list(pool.map(_tagged, values, chunksize=100))
        self.expected = [DEAD if record.bad else sum(BITS[topic] for topic in rules)
                         for record, rules in zip(self.variants, self.rules)]

    def variant(self, index):
        return (index * 2_654_435_761 >> 5) % len(self.variants)

    def record(self, index):
        of = self.variants[self.variant(index)]
        value = of.value
        if value and value.lstrip()[:1] == b"{":
            value = value.replace(b"{", b'{"serial": %d, ' % index, 1)
        return Record(index % self.partitions, index // self.partitions, of.key, value, of.headers,
                      FIRST_TIMESTAMP_MS + index, of.bad)

    def records(self, first, end):
        return map(self.record, range(first, end))

    @staticmethod
    def index(message):
        return message.timestamp()[1] - FIRST_TIMESTAMP_MS


def _tagged(value):
    return tagged(value) if value else {}
