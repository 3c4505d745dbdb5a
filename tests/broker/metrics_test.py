"""What a running daemon says of itself is what it does."""

import collections

import pytest

from articles import PARTITIONS
from kafka import Kafka, wait_for
from line import Line
from pages import Pages
from stream import Stream
from tocsin import Scene

SECONDS = 120


@pytest.mark.parametrize("delivery", ["exactly_once", "at_least_once"])
def test_counters_are_the_ledgers_and_lags_are_of_owned_partitions(
        kafka, executable, tmp_path, archive, delivery):
    scene = Scene(kafka, executable, tmp_path, f"metrics-{delivery}", archive.source)
    pages, others = Pages(), Pages()
    with scene.run("a", delivery=delivery, http_listen=pages.address) as process:
        scene.wait_until_committed(process)
        everywhere = dict.fromkeys(range(PARTITIONS), 0)
        wait_for("no lag anywhere", lambda: pages.metrics().lags() == everywhere, SECONDS)
        assert pages.ready() and pages.get("/livez")[0] == 200
        metrics = pages.metrics()
        check_counters(metrics, archive, scene)
        aborted = metrics.sum("tocsin_transactions_total", result="aborted")
        committed = metrics.sum("tocsin_transactions_total", result="committed")
        assert (committed > 0, aborted) == (delivery == "exactly_once", 0)

        with scene.run("b", delivery=delivery, http_listen=others.address) as other:
            wait_for("the lags move with the partitions", lambda: shares(pages, others), SECONDS)
            assert pages.metrics().sum("tocsin_rebalances_total", type="revoked") > 0
            other.stop()
        wait_for("they come back", lambda: pages.metrics().lags() == everywhere, SECONDS)
        process.stop()


def shares(pages, others):
    if others.get("/metrics")[0] != 200:
        return False
    ours, theirs = pages.metrics().lags(), others.metrics().lags()
    return ours and theirs and sorted([*ours, *theirs]) == list(range(PARTITIONS))


def check_counters(metrics, ledger, scene):
    records = len(ledger.records)
    assert metrics.sum("tocsin_records_consumed_total", kafka_topic=ledger.source) == records
    assert metrics.sum("tocsin_consumed_bytes_total") == sum(
        len(record.value or b"") for record in ledger.records.values())
    assert metrics.sum("tocsin_records_committed_total") == records
    assert metrics.sum("tocsin_end_to_end_latency_seconds_count") == records
    assert metrics.sum("tocsin_processing_latency_seconds_count") == records
    assert metrics.sum("tocsin_tombstones_total") == sum(
        record.value is None for record in ledger.records.values())
    topics = collections.Counter(topic for topic, _ in ledger.expected)
    for topic, count in topics.items():
        assert metrics.sum("tocsin_topic_matches_total", topic=topic) == count
        assert metrics.sum("tocsin_records_published_total",
                           kafka_topic=f"{scene.name}.{topic}") == count
    assert metrics.sum("tocsin_articles_matched_total") == len(
        {timestamp for _, timestamp in ledger.expected})
    rules = collections.Counter(rule["id"] for found in ledger.expected.values() for rule in found)
    for rule, count in rules.items():
        assert metrics.sum("tocsin_rule_matches_total", rule=rule) == count
    reasons = collections.Counter(record.bad for record in ledger.bad)
    for reason, count in reasons.items():
        assert metrics.sum("tocsin_dead_letters_total", reason=reason) == count
    assert metrics.sum("tocsin_dead_letters_total", kafka_topic=ledger.source) == len(ledger.bad)
    assert metrics.sum("tocsin_records_published_total", kafka_topic=scene.dead) == len(ledger.bad)
    assert metrics.sum("tocsin_records_acknowledged_total") == len(ledger.bad) + sum(topics.values())


def test_readiness_follows_the_brokers_and_ends_before_draining(executable, tmp_path):
    with Kafka(tmp_path / "kafka") as kafka:
        line = Line(kafka, executable, tmp_path, Stream(seed=6, articles=300), "ready")
        pages = Pages()
        kafka.nodes[0].stop()
        with line.scene.run("a", 1, http_listen=pages.address) as process:
            wait_for("it starts, unready", lambda: "starting" in pages.reasons(), SECONDS)
            kafka.nodes[0].start()
            wait_for("ready", pages.ready, SECONDS)
            kafka.nodes[0].stop()
            wait_for("it misses the brokers", lambda: "no Kafka broker" in pages.reasons(), SECONDS)
            assert process.alive() and pages.get("/livez")[0] == 200
            kafka.nodes[0].start()
            wait_for("ready by itself", pages.ready, SECONDS)
            line.feed()
            line.scene.wait_until_committed(process)

            kafka.nodes[0].pause()
            process.child.terminate()
            wait_for("draining", lambda: pages.reasons() == "draining", SECONDS)
            assert process.alive(), "a 503 first, and then the end"
            kafka.nodes[0].resume()
            assert process.wait() == 0, process.log()
        line.require_exact()
