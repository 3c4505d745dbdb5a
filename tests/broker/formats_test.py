"""Records in other forms than plain JSON of ours: compressed, and of several formats at once."""

import gzip
import json
import subprocess

import pytest

from articles import FIRST_TIMESTAMP_MS, Record
from ledger import reasons
from tocsin import Scene, produce


def zstd(value):
    return subprocess.run(["zstd", "-qc"], input=value, capture_output=True, check=True).stdout


def article(number):
    return json.dumps({"id": f"a-{number}", "title": "A truce", "body": f"Day {number}. " * 40}).encode()


# The value as it is sent, its content-encoding, and the reason of its dead letter.
COMPRESSED = [
    (lambda value: value, None, None),
    (gzip.compress, b"gzip", None),
    (zstd, b"zstd", None),
    (gzip.compress, b"X-GZIP", None),
    (lambda value: gzip.compress(value[:100]) + gzip.compress(value[100:]), b"gzip", None),
    (lambda value: zstd(value[:100]) + zstd(value[100:]), b"zstd", None),
    (lambda value: value, b"gzip", None),
    (lambda value: b" " + value, b"gzip", "bad_encoding"),
    (gzip.compress, None, "bad_encoding"),
    (lambda value: zstd(value)[:-5], b"zstd", "bad_encoding"),
    (gzip.compress, b"br", "bad_encoding"),
    (lambda value: gzip.compress(b" " * 10_000_000), b"gzip", "too_large"),
    (lambda value: zstd(value[:-1]), b"zstd", "malformed_json"),
]


def compressed():
    for offset, (compress, encoding, _) in enumerate(COMPRESSED):
        headers = [("Content-Encoding", encoding)] if encoding else []
        yield Record(0, offset, b"k", compress(article(offset)), headers,
                     FIRST_TIMESTAMP_MS + offset, None)


def test_compressed_records_are_read_and_damaged_ones_are_dead_letters_as_they_came(
        kafka, executable, tmp_path):
    kafka.create_topics({"packed.raw": 1})
    records = list(compressed())
    produce(kafka, "packed.raw", records)
    scene = Scene(kafka, executable, tmp_path, "packed", "packed.raw")
    with scene.run("a", 1) as process:
        scene.wait_until_committed(process)
        process.stop()
    published = {}
    for message in scene.published():
        offset = message.timestamp()[1] - FIRST_TIMESTAMP_MS
        published.setdefault(offset, []).append(message)
    assert sorted(published) == [at for at, (_, _, bad) in enumerate(COMPRESSED) if not bad]
    for offset, (message,) in published.items():
        assert message.value().endswith(b'"article":' + article(offset) + b"}")
        names = [name.lower() for name, _ in message.headers()]
        assert "content-encoding" not in names
        assert ("src_content-encoding" in names) == bool(COMPRESSED[offset][1])
    dead = {}
    for message in scene.dead_letters():
        why = reasons(message.headers())
        record = records[int(why["offset"])]
        assert (message.key(), message.value()) == (record.key, record.value)
        dead[record.offset] = why["exception.class.name"]
    assert dead == {at: bad for at, (_, _, bad) in enumerate(COMPRESSED) if bad}


def webz(number):
    return {"thread": {"site_full": "webz.example"}, "uuid": f"w-{number}", "title": "A truce",
            "url": f"https://webz.example/{number}", "text": "Quiet.", "language": "english"}


def newsapi(number):
    return {"status": "ok", "articles": [
        {"source": {"name": "newsapi.example"}, "title": title, "description": "Quiet.",
         "url": f"https://newsapi.example/{number}/{index}"}
        for index, title in enumerate(["A truce", "Weather", "An armistice"])]}


@pytest.fixture(name="two_formats")
def two_formats_scene(kafka, executable, tmp_path):
    forms = {"two.webz": webz, "two.newsapi": newsapi}
    kafka.create_topics(dict.fromkeys(forms, 1))
    for kafka_topic, make in forms.items():
        produce(kafka, kafka_topic, [
            Record(0, at, None, json.dumps(make(at)).encode(), [], FIRST_TIMESTAMP_MS + at, None)
            for at in range(200)])
    return Scene(kafka, executable, tmp_path, "two", "two.webz",
                 {"input": list(forms), "mappings": {"two.webz": "webz", "two.newsapi": "newsapi"}})


def test_two_input_kafka_topics_are_each_read_by_their_preset(two_formats):
    with two_formats.run("a", 1) as process:
        for two_formats.source in ("two.webz", "two.newsapi"):
            two_formats.wait_until_committed(process)
        process.stop()
    assert not two_formats.dead_letters()
    found = {}
    ids = set()
    for message in two_formats.published():
        envelope = json.loads(message.value())
        found.setdefault(envelope["tocsin"]["mapping"], []).append(envelope["article"])
        ids.add(dict(message.headers())["ce_id"])
    by_url = lambda each: each["url"]
    assert sorted(found["webz"], key=by_url) == sorted(map(webz, range(200)), key=by_url)
    assert sorted(found["newsapi"], key=by_url) == sorted(
        (each for at in range(200) for each in newsapi(at)["articles"] if each["title"] != "Weather"),
        key=by_url)
    assert len(ids) == 600
