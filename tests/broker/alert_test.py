"""tocsin alert: one alert a story, whoever dies."""

import json
import random
import re
import time

import pytest
import yaml
from confluent_kafka import Producer
from confluent_kafka.admin import NewPartitions

import stories
from alerter import FIRST, RETRACTED, Alerter
from kafka import wait_for
from pages import Pages
from tocsin import MISCONFIGURED, WORK_SECONDS, Process, partitions

HOUR_MS = 3_600_000


@pytest.fixture(name="desk")
def own_desk(kafka, executable, tmp_path, request):
    name = "al-" + re.sub(r"\W|_", "-", request.node.name.removeprefix("test_"))[:60].rstrip("-")
    return Alerter(kafka, executable, tmp_path, name)


def test_three_copies_and_a_new_story_are_two_alerts(desk):
    text, other = stories.body(random.Random(1)), stories.body(random.Random(2))
    for article in ("a1", "a2", "a3"):
        desk.send(stories.tagged(article, text))
    desk.send(stories.tagged("b1", other))
    desk.flush()
    with desk.run() as process:
        desk.wait_until_done(process)
        process.stop()
    assert desk.firsts() == ["a1", "b1"]
    assert desk.read(desk.dead) == []


def test_what_must_not_alert_does_not_and_a_kill_takes_back(desk):
    now_ms = int(time.time() * 1000)
    rng = random.Random(3)
    texts = {name: stories.body(rng) for name in ("told", "embargoed", "withheld", "backfilled", "stale", "late")}
    desk.send(stories.tagged("told", texts["told"]))
    desk.send(stories.tagged("embargoed", texts["embargoed"], tags={"embargoed": "2999-01-01T00:00:00Z"}))
    desk.send(stories.tagged("withheld", texts["withheld"], tags={"status": "withheld"}))
    desk.send(stories.tagged("backfilled", texts["backfilled"]), headers=[("tocsin_backfill", b"true")])
    desk.send(stories.tagged("stale", texts["stale"]), timestamp_ms=now_ms - 50 * HOUR_MS)
    desk.send(stories.tagged("late", texts["late"]), timestamp_ms=now_ms - 40 * HOUR_MS)
    desk.send(stories.tagged("told", texts["told"], tags={"status": "canceled"}))
    desk.send(stories.tagged("told", texts["told"], tags={"status": "canceled"}))
    desk.send("no envelope")
    desk.flush()
    with desk.run() as process:
        desk.wait_until_done(process)
        process.stop()
    assert desk.told() == [(FIRST, "told"), (FIRST, "late"), (RETRACTED, "told")]
    assert len(desk.read(desk.dead)) == 1


def test_a_kill_without_text_takes_back_through_the_daemon(desk, kafka, executable, tmp_path):
    raw = f"{desk.name}.raw"
    kafka.create_topics({raw: 1, f"{desk.name}.pipeline": 1, f"{desk.name}.sanctions": 1})
    config = tmp_path / "run.yaml"
    config.write_text(yaml.safe_dump({
        "brokers": kafka.bootstrap, "group": f"{desk.name}-run", "instance": "one", "input": [raw],
        "output": f"{desk.name}." + "{topic}", "dead_letter": desk.dead, "memory_budget": "64MiB", "http_listen": "off"}))
    story = stories.body(random.Random(9))
    with desk.run() as alerter, Process([executable, "run", "--config", config], tmp_path / "run.log") as daemon:
        for article in ({"id": "told", "title": "Report", "body": story}, {"id": "told", "status": "canceled"}):
            desk.producer.produce(raw, json.dumps(article))
        desk.flush()
        wait_for("the alert and what takes it back", lambda: alerter.alive() and daemon.alive() and
                 desk.told() == [(FIRST, "told"), (RETRACTED, "told")], WORK_SECONDS)
        daemon.stop()
        alerter.stop()
    assert desk.read(desk.dead) == []


def test_a_standby_takes_over_and_repeats_nothing(desk):
    text = stories.body(random.Random(4))
    with desk.run("a") as one, desk.run("b") as two:
        desk.send(stories.tagged("a1", text))
        desk.flush()
        desk.wait_until_done(one, two)
        active = wait_for("one is active", lambda: [each for each in (one, two)
                                                    if "alert: active" in each.log()], WORK_SECONDS)[-1]
        standby = two if active is one else one
        active.kill()
        desk.send(stories.tagged("a2", text))
        desk.send(stories.tagged("b1", stories.body(random.Random(5))))
        desk.flush()
        desk.wait_until_done(standby)
        standby.stop()
    assert desk.firsts() == ["a1", "b1"]


def test_one_that_was_stopped_and_woke_up_cannot_alert_twice(desk):
    rng = random.Random(6)
    with desk.run("a") as one:
        desk.send(stories.tagged("a0", stories.body(rng)))
        desk.flush()
        desk.wait_until_done(one)
        one.pause()
        sent = []
        for number in range(200):
            text = stories.body(rng)
            for copy in ("x", "y"):
                sent.append((number, 0, f"{copy}{number}"))
                desk.send(stories.tagged(f"{copy}{number}", text))
        desk.flush()
        with desk.run("b") as two:
            desk.wait_until_done(two)
            one.resume()
            for number in range(200, 220):
                desk.send(stories.tagged(f"x{number}", stories.body(rng)))
            desk.flush()
            wait_for("the lock is settled", lambda: one.code() is not None or "standing by" in one.log().rsplit(
                "alert: active", 1)[-1], WORK_SECONDS)
            desk.wait_until_done()
    assert desk.firsts() == ["a0"] + [f"x{number}" for number in range(220)]


def test_lost_offsets_repeat_no_alert(desk):
    texts = [stories.body(random.Random(number)) for number in range(10, 20)]
    for number, text in enumerate(texts):
        desk.send(stories.tagged(f"a{number}", text), partition=number % 2)
    desk.flush()
    with desk.run() as process:
        desk.wait_until_done(process)
        process.stop()
    told = sorted(desk.firsts())
    wait_for("the group is deleted", lambda: delete_group(desk), WORK_SECONDS)
    desk.send(stories.tagged("b0", stories.body(random.Random(99))))
    desk.flush()
    with desk.run() as process:
        desk.wait_until_done(process)
        process.stop()
    assert sorted(desk.firsts()) == sorted([*told, "b0"])


def delete_group(desk):
    said = desk.kafka.java("org.apache.kafka.tools.consumer.group.ConsumerGroupCommand", "--bootstrap-server",
                           desk.kafka.bootstrap, "--delete", "--group", desk.name, text=True).stdout
    return "was successful" in said


def test_a_first_start_behind_the_guides_command_begins_with_now(desk):
    desk.send(stories.tagged("before", stories.body(random.Random(20))))
    desk.flush()
    desk.kafka.reset_offsets(desk.name, "--to-latest", "--topic", desk.input)
    with desk.run() as process:
        desk.send(stories.tagged("behind", stories.body(random.Random(21))))
        desk.flush()
        desk.wait_until_done(process)
        process.stop()
    assert desk.firsts() == ["behind"]


@pytest.mark.parametrize("count", [3, 7])
def test_an_input_topic_made_again_is_read_from_its_first_record(desk, count):
    """Whether it has less than was read before, or more."""
    old, new = ([f"{name}{number}" for number in range(length)] for name, length in (("a", 5), ("b", count)))
    with desk.run() as process:
        send_stories(desk, old)
        desk.wait_until_done(process)
        desk.kafka.delete_topic(desk.input)
        wait_for("it notices", lambda: process.alive() and "does not exist" in process.log(), WORK_SECONDS)
        desk.kafka.create_topics({desk.input: 2})
        desk.producer = Producer({"bootstrap.servers": desk.kafka.bootstrap})
        send_stories(desk, new)
        desk.wait_until_done(process)
        process.stop()
    assert desk.firsts() == old + new


def test_an_input_that_is_gone_holds_up_no_other(desk):
    other = f"{desk.name}.other"
    desk.kafka.create_topics({other: 1})
    with desk.run(input=[desk.input, other]) as process:
        send_stories(desk, ["a1", "a2"])
        desk.wait_until_done(process)
        desk.kafka.delete_topic(desk.input)
        wait_for("it notices", lambda: process.alive() and "does not exist" in process.log(), WORK_SECONDS)
        desk.producer.produce(other, stories.tagged("b1", stories.body(random.Random("b1"))))
        desk.flush()
        wait_for("it alerts", lambda: process.alive() and desk.firsts() == ["a1", "a2", "b1"], WORK_SECONDS)
        desk.kafka.create_topics({desk.input: 2})
        desk.producer = Producer({"bootstrap.servers": desk.kafka.bootstrap})
        send_stories(desk, ["c1"])
        desk.wait_until_done(process)
        process.stop()
    assert desk.firsts() == ["a1", "a2", "b1", "c1"]


def test_records_deleted_before_they_were_read_are_counted(desk, kafka, tmp_path):
    pages = Pages()
    send_stories(desk, ["a1", "a2"])
    with desk.run() as process:
        desk.wait_until_done(process)
        process.stop()
    send_stories(desk, ["b1", "b2", "b3"])
    kafka.delete_records(desk.input, {0: 4}, tmp_path)
    with desk.run(http_listen=pages.address) as process:
        desk.wait_until_done(process)
        assert pages.metrics().sum("tocsin_deleted_unread_total", kafka_topic=desk.input) == 2
        process.stop()
    assert desk.firsts() == ["a1", "a2", "b3"]


def send_stories(desk, names):
    for name in names:
        desk.send(stories.tagged(name, stories.body(random.Random(name))))
    desk.flush()


def test_new_partitions_are_noticed(desk):
    with desk.run() as process:
        desk.send(stories.tagged("a1", stories.body(random.Random(30))))
        desk.flush()
        desk.wait_until_done(process)
        admin = desk.kafka.admin()
        admin.create_partitions([NewPartitions(desk.input, 3)])[desk.input].result()
        wait_for("the producer knows", lambda: len(partitions(desk.consumer(), desk.input)) == 3, 60)
        desk.producer = Producer({"bootstrap.servers": desk.kafka.bootstrap})
        desk.send(stories.tagged("b1", stories.body(random.Random(31))), partition=2)
        desk.flush()
        desk.wait_until_done(process)
        process.stop()
    assert desk.firsts() == ["a1", "b1"]


@pytest.mark.parametrize("fault", ["mid_fan_out:5:kill", "before_send_offsets:3:kill", "after_send_offsets:3:kill",
                                   "before_end_transaction:3:kill", "after_end_transaction:3:kill",
                                   "produce:40:kill", "poll:3:kill"])
def test_killed_at_each_step_it_neither_loses_nor_repeats(kafka, executable, faulty, tmp_path, fault):
    desk = Alerter(kafka, executable, tmp_path, "al-" + fault.replace(":", "-").replace("_", "-"))
    sent = send_at_random(desk, random.Random(fault), count=300)
    with desk.run("a", executable=faulty, environment={"TOCSIN_FAULT": fault}) as process:
        assert process.wait(WORK_SECONDS) == -9
    with desk.run("b") as process:
        desk.wait_until_done(process)
        process.stop()
    check(desk, sent)


def test_killed_at_random_it_neither_loses_nor_repeats(desk):
    rng = random.Random(40)
    sent, kills = [], 0
    processes = {name: desk.run(name) for name in ("a", "b")}
    try:
        for _ in range(12):
            sent += send_at_random(desk, rng, count=250, first_story=len(sent))
            time.sleep(rng.uniform(0.2, 2.0))  # when does not matter
            name = rng.choice(["a", "b"])
            if processes[name].code() is None:
                processes[name].kill()
                kills += 1
            processes[name] = desk.run(name)
        desk.wait_until_done()
        for process in processes.values():
            if process.code() is None:
                process.stop()
    finally:
        for process in processes.values():
            process.kill()
    assert kills >= 6
    check(desk, sent)


def send_at_random(desk, rng, count, first_story=0):
    """Records of stories with one to four copies each, over both partitions; (story, partition, article)."""
    sent, story = [], first_story
    while len(sent) < count:
        text = stories.body(rng)
        for copy in range(rng.randint(1, 4)):
            partition, article = rng.randrange(2), f"s{story}c{copy}"
            desk.send(stories.tagged(article, text), partition=partition)
            sent.append((story, partition, article))
        story += 1
    desk.flush()
    return sent


def check(desk, sent):
    tellers = stories.first_tellers(sent)
    told = {}
    for article in desk.firsts():
        told.setdefault(int(article[1:].split("c")[0]), []).append(article)
    lost = sorted(set(tellers) - set(told))
    doubled = {story: articles for story, articles in told.items() if len(articles) > 1}
    strange = {story: articles for story, articles in told.items() if articles[0] not in tellers[story]}
    assert (lost, doubled, strange) == ([], {}, {})


@pytest.mark.parametrize("missing, words", [
    ("lock", "--create --topic"), ("state", "cleanup.policy=compact"), ("partitions", "must have one"),
    ("policy", "has cleanup.policy=delete")])
def test_says_what_its_kafka_topics_lack(kafka, executable, tmp_path, missing, words):
    desk = Alerter(kafka, executable, tmp_path, f"al-lack-{missing}")
    alert = {"lock": {"lock_kafka_topic": f"{desk.name}.none"}, "state": {"state_kafka_topic": f"{desk.name}.none"},
             "partitions": {"lock_kafka_topic": f"{desk.name}.two"},
             "policy": {"state_kafka_topic": f"{desk.name}.two"}}[missing]
    if missing in ("partitions", "policy"):
        kafka.create_topics({f"{desk.name}.two": 2})
    with desk.run(**alert) as process:
        assert process.wait() == MISCONFIGURED
        assert words in process.log()


ARTICLES = 1_000_000
RESTORE_SECONDS = 60
ID, SKETCH_VALUES = slice(19, 27), 64  # of a state record: our byte, version, flags, story, time, then the id


@pytest.mark.long
def test_a_million_articles_are_restored_within_a_minute(desk):
    rng = random.Random(50)
    desk.send(stories.tagged("a0", " ".join(stories.body(rng) for _ in range(4))))  # enough for a whole sketch
    desk.flush()
    with desk.run() as process:
        desk.wait_until_done(process)
        process.stop()
    [record] = desk.read(desk.state)
    key, value = record.key().decode(), bytearray(record.value())
    assert key == f"ceasefire/{int.from_bytes(value[ID], 'little'):016x}"
    producer = Producer({"bootstrap.servers": desk.kafka.bootstrap, "linger.ms": 20,
                         "queue.buffering.max.messages": 2 * ARTICLES})
    for number in range(1, ARTICLES):
        value[ID] = rng.getrandbits(64).to_bytes(8, "little")
        value[27:51] = rng.randbytes(24)  # URL and body
        sketch = sorted(rng.sample(range(1 << 32), SKETCH_VALUES))
        value[-4 * SKETCH_VALUES:] = b"".join(each.to_bytes(4, "little") for each in sketch)
        producer.produce(desk.state, bytes(value), f"ceasefire/{int.from_bytes(value[ID], 'little'):016x}")
        if number % 10_000 == 0:
            producer.poll(0)
    assert producer.flush(300) == 0
    began = time.monotonic()
    with desk.run("b") as process:
        wait_for("it is active", lambda: process.alive() and "alert: active" in process.log(), WORK_SECONDS)
        took = time.monotonic() - began
        status = open(f"/proc/{process.child.pid}/status", encoding="ascii").read()
        resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        print(f"{ARTICLES} articles restored in {took:.1f} s, joining the group included; {resident}")
        process.stop()
    assert took < RESTORE_SECONDS
