"""The end-to-end Python peer: consume, match by Hyperscan, publish and commit offsets in transactions, as a careful
Python shop would with confluent-kafka.

    transactional.py --brokers HOST:PORT --group G --input T --output PREFIX --anchors anchors.json
"""

import argparse
import json
import signal
import time

from confluent_kafka import Consumer, Producer

from hyperscan_peer import Matcher

COMMIT_SECONDS = 0.1
BATCH_RECORDS = 1_000


class Loop:
    def __init__(self, options):
        self.options = options
        with open(options.anchors, encoding="utf-8") as stream:
            self.matcher = Matcher(json.load(stream), options.parser)
        self.consumer = Consumer({
            "bootstrap.servers": options.brokers, "group.id": options.group, "isolation.level": "read_committed",
            "enable.auto.commit": False, "enable.auto.offset.store": False, "auto.offset.reset": "earliest",
            "queued.min.messages": 10_000_000, "queued.max.messages.kbytes": 32 << 10, "fetch.max.bytes": 2 << 20,
            "max.partition.fetch.bytes": 2 << 20, "message.max.bytes": 1_000_000})
        self.producer = Producer({
            "bootstrap.servers": options.brokers, "transactional.id": options.group, "linger.ms": 10,
            "compression.type": "lz4", "queue.buffering.max.messages": 10_000_000})
        self.is_stopped = False
        signal.signal(signal.SIGTERM, self._stop)

    def _stop(self, *_):
        self.is_stopped = True

    def run(self):
        self.producer.init_transactions(30)
        self.consumer.subscribe([self.options.input])
        while not self.is_stopped:
            self._transaction()
        self.consumer.close()

    def _transaction(self):
        records = self.consumer.consume(BATCH_RECORDS, timeout=COMMIT_SECONDS)
        if not records:
            return
        self.producer.begin_transaction()
        ends = time.monotonic() + COMMIT_SECONDS
        while records:
            for record in records:
                assert not record.error(), record.error()
                self._publish(record)
            self.producer.poll(0)
            left = ends - time.monotonic()
            records = self.consumer.consume(BATCH_RECORDS, timeout=left) if left > 0 else ()
        self.producer.send_offsets_to_transaction(
            self.consumer.position(self.consumer.assignment()), self.consumer.consumer_group_metadata(), 30)
        self.producer.commit_transaction(30)

    def _publish(self, record):
        for topic, output in self.matcher.outputs(record.value()):
            self.producer.produce(f"{self.options.output}.{topic}", output, record.key(), headers={
                "tocsin_topic": topic, "source": f"{record.topic()}/{record.partition()}/{record.offset()}"})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("brokers", "group", "input", "output", "anchors"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--parser", default="orjson")
    Loop(parser.parse_args()).run()


if __name__ == "__main__":
    main()
