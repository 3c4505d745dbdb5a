"""What must have come out of a list of records, and the comparison with what did, one by one.

    ledger = Ledger("archive.raw", records)
    ledger.check(scene)                            # every record exactly once
    ledger.check(scene, repeats_allowed=True)      # at least once

The matches come from tests/oracle; a record and its output share a timestamp that no other record has.
"""

import concurrent.futures
import hashlib
import json
import multiprocessing
import os
import pathlib
import time

import rules as oracle

RULES = pathlib.Path(__file__).with_name("rules")
JSON_SPACE = b" \t\r\n"
CONTEXT = 32  # code points of prefix and suffix
RENAMED = ("content-type", "content-encoding")
ERRORS = "__connect.errors."


def worker_processes():
    """Not forked: a Kafka client's threads may hold locks that nobody in the copy would let go."""
    context = multiprocessing.get_context("spawn")
    return concurrent.futures.ProcessPoolExecutor(os.cpu_count(), context)


class Ledger:
    def __init__(self, source, records):
        self.source = source
        self.records = {record.timestamp_ms: record for record in records}
        good = [record for record in records if record.bad is None and record.value is not None]
        self.bad = [record for record in records if record.bad is not None]
        self.expected = {}  # (topic, timestamp) → the rules' part of the published value
        with worker_processes() as pool:
            matched = pool.map(tagged, [record.value for record in good], chunksize=500)
            for record, by_topic in zip(good, matched):
                for topic, rules in by_topic.items():
                    self.expected[topic, record.timestamp_ms] = rules

    def check(self, scene, repeats_allowed=False):
        self.check_outputs(scene, repeats_allowed)
        ends = [0] * len({record.partition for record in self.records.values()})
        for record in self.records.values():
            ends[record.partition] = max(ends[record.partition], record.offset + 1)
        assert scene.committed() == dict(enumerate(ends))

    def check_outputs(self, scene, repeats_allowed=False):
        assert self.expected and self.bad, "a ledger without matches or bad records proves nothing"
        self._check_published(scene.published(), scene.name, repeats_allowed)
        self._check_dead_letters(scene.dead_letters(), repeats_allowed)

    def _check_published(self, messages, scene_name, repeats_allowed):
        seen = {}
        order = {}
        for message in messages:
            timestamp = message.timestamp()[1]
            topic = message.topic().removeprefix(scene_name + ".")
            record = self.records.get(timestamp)
            place = f"{message.topic()}[{message.partition()}]@{message.offset()}"
            assert record, f"{place}: a timestamp of no input: {timestamp}"
            origin = f"{place}, from {self.source}[{record.partition}]@{record.offset}"
            assert (topic, timestamp) in self.expected, f"{origin}: should not be there: {record.value[:300]}"
            rules = self.expected[topic, timestamp]
            event = check_published(message, topic, record, self.source, rules, origin)
            assert seen.setdefault((topic, timestamp), event) == event, f"{origin}: another ce_id"
            lane = (message.topic(), message.partition(), record.partition)
            if not repeats_allowed:
                assert order.get(lane, -1) < record.offset, f"{origin}: repeated or out of order"
            order[lane] = record.offset
        missing = self.expected.keys() - seen.keys()
        assert not missing, f"{len(missing)} missing, such as {[self._name(*one) for one in list(missing)[:3]]}"
        assert len(set(seen.values())) == len(seen), "two outputs share a ce_id"
        assert repeats_allowed or len(messages) == len(self.expected)

    def _check_dead_letters(self, messages, repeats_allowed):
        waiting = {record.timestamp_ms: record for record in self.bad}
        for message in messages:
            record = self.records.get(message.timestamp()[1])
            assert record and record.bad, f"a good record among the dead letters: {record}"
            assert waiting.pop(record.timestamp_ms, None) or repeats_allowed, "a dead letter twice"
            check_dead_letter(message, record, self.source)
        assert not waiting, f"{len(waiting)} dead letters missing, such as {list(waiting.values())[:3]}"

    def _name(self, topic, timestamp):
        record = self.records[timestamp]
        return f"{topic} of {self.source}[{record.partition}]@{record.offset}: {record.value[:300]}"


def check_published(message, topic, record, source, rules, origin):
    """The whole record; gives its ce_id."""
    article = record.value.strip(JSON_SPACE)
    tail = b',"article":' + article + b"}"
    assert message.value().endswith(tail), f"{origin}: not the article's bytes"
    tags = json.loads(message.value()[:-len(tail)] + b"}")["tocsin"]
    assert tags["topic"] == topic, origin
    assert tags["rules"] == rules, (
        f"{origin}: {tags['rules']}, expected {rules}, article {article.decode()}")
    own = check_envelope(message, topic, record, source, origin)
    assert own["tocsin_ruleset"].decode() == tags["ruleset"], origin
    return own["ce_id"]


def check_envelope(message, topic, record, source, origin):
    """All but the value; gives the headers that Tocsin adds."""
    key = record.key
    if key is None:
        identity = _article(record.value).get("id")
        key = None if identity is None else str(identity).encode()
    assert message.key() == key, origin
    headers = message.headers()
    own = dict(headers[:len(headers) - len(record.headers)])
    assert headers[len(own):] == [_renamed(*header) for header in record.headers], origin
    assert own["ce_specversion"] == b"1.0" and own["tocsin_topic"] == topic.encode(), origin
    assert own["content-type"] == b"application/json", origin
    assert own["ce_id"] == event_id(source, record.partition, record.offset, topic), origin
    return own


def event_id(source, partition, offset, topic, cluster="kafka"):
    """The ce_id that an output must have: a digest of where its record lies."""
    parts = (f"{len(cluster)}:{cluster},{len(source)}:{source},{partition},{offset},0,"
             f"{len(topic)}:{topic}")
    return hashlib.sha256(parts.encode()).hexdigest()[:32].encode()


def check_dead_letter(message, record, source):
    assert (message.key(), message.value()) == (record.key, record.value)
    assert message.headers()[:len(record.headers)] == record.headers
    why = reasons(message.headers()[len(record.headers):])
    assert (why["topic"], why["partition"], why["offset"]) == (
        source, str(record.partition), str(record.offset))
    assert why["exception.class.name"] == record.bad, record.value[:200]


def check_pointer(message, record, source):
    """A dead letter in place of a record that no broker would take: where it is, and the present time."""
    assert (message.key(), message.value()) == (None, None), "a pointer with content"
    why = reasons(message.headers())
    assert (why["topic"], why["partition"], why["offset"]) == (
        source, str(record.partition), str(record.offset))
    assert why["exception.message"] and why["exception.class.name"], why
    assert why["tocsin.value.sha256"] == hashlib.sha256(record.value).hexdigest(), why
    age_ms = time.time() * 1000 - message.timestamp()[1]
    assert -60_000 < age_ms < 86_400_000, f"a pointer that is {age_ms} ms old"


def reasons(headers):
    """What the headers of a dead letter say, by their last part; the last of each name counts."""
    return {name.removeprefix(ERRORS): value.decode() for name, value in headers
            if name.startswith(ERRORS)}


def _article(value):
    def first_wins(pairs):
        return dict(reversed(pairs))
    return json.loads(value, object_pairs_hook=first_wins)


def tagged(value):
    """{topic: rules as they must be published} of one article."""
    article = _article(value)
    by_topic = {}
    for match in oracle.matches(_rules(), article):
        by_topic.setdefault(match.topic, []).append({
            "id": match.rule,
            "hits": match.hits,
            "evidence": [_quote(article[field], field, start, end)
                         for field, start, end in match.evidence],
        })
    return by_topic


def _quote(text, field, start, end):
    return {"field": field, "start": start, "end": end, "exact": text[start:end],
            "prefix": text[max(start - CONTEXT, 0):start], "suffix": text[end:end + CONTEXT]}


def _rules(loaded=[]):  # once a process
    if not loaded:
        loaded.extend(oracle.load([RULES]))
    return loaded


def _renamed(name, value):
    lies = name.lower() in RENAMED or name.lower().startswith(("ce_", "tocsin_"))
    return ("src_" + name if lies else name), value
