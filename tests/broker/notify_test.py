"""`tocsin notify`: every alert to every webhook, whatever a receiver does, and none waits for another's."""

import contextlib
import json
import pathlib
import ssl
import subprocess
import types

import pytest

from kafka import free_ports, spawn, wait_for
from pages import Pages
from webhooks import Desk, Receiver

RELAY = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "examples" / "alert-relay"
SECONDS = 120


@pytest.fixture(name="desk")
def new_desk(kafka, executable, tmp_path):
    def make(name, receivers, **notify):
        return Desk(kafka, executable, tmp_path, f"notify-{name}", receivers, **notify)
    return make


def arrive(receiver, desk, process):
    wait_for("all alerts are taken",
             lambda: process.alive() and set(receiver.taken()) >= set(desk.ids), SECONDS)


def test_each_alert_arrives_signed_whole_and_in_order_whatever_goes_wrong(desk):
    wrong = [500, Receiver.RESET, 200, (429, {"retry-after": "2"}), 408, 200, 425,
             (503, {"retry-after": "x"}), Receiver.ENDLESS, 599, Receiver.ENDLESS, Receiver.RESET]
    with Receiver(wrong, path="/PATH-SENTINEL?token=QUERY-SENTINEL") as receiver:
        there = desk("wrong", {"desk": receiver})
        there.alert(10)
        with there.run(http_proxy="http://127.0.0.1:1", all_proxy="http://127.0.0.1:1") as process:
            arrive(receiver, there, process)
            process.stop()
        assert receiver.taken() == there.ids, "in order, none twice"
        posts = [post.id for post in receiver.posts]
        assert posts == sorted(posts, key=there.ids.index), "a retried alert holds those behind it"
        receiver.verify()
        for post in receiver.posts:
            assert post.headers["content-type"].startswith("application/cloudevents+json")
            number = there.ids.index(post.id)
            event = json.loads(post.body)
            assert event == {
                "specversion": "1.0", "id": post.id, "source": "kafka/news.ceasefire/0",
                "type": "tocsin.mention.first", "time": "2026-11-22T09:00:00.000Z",
                "datacontenttype": "application/json", "data": json.loads(there.value(number))}
            assert post.body.endswith(b'"data":' + there.value(number) + b"}"), "byte for byte"
        after = receiver.posts[4].at - receiver.posts[3].at
        assert after >= 2, f"Retry-After: 2, and it came after {after} s"
        log = process.log()
        assert "HTTP 429" in log and "SENTINEL" not in log, log
        assert not there.letters()


def test_a_receiver_that_hangs_delays_no_other(desk):
    with Receiver(after=Receiver.HANG) as stuck, Receiver() as quick:
        there = desk("hangs", {"stuck": stuck, "quick": quick})
        with there.run() as process:
            there.alert(20)
            wait_for("the stuck one has a post in hand", lambda: stuck.posts, SECONDS)
            arrive(quick, there, process)
            assert quick.taken() == there.ids and not stuck.taken()
            stuck.after = 200
            stuck.released.set()
            arrive(stuck, there, process)
            process.stop()
        stuck.verify()
        quick.verify()


def test_killed_again_and_again_it_loses_none_and_repeats_one_at_most_each_time(desk):
    kills = 4
    with Receiver() as receiver:
        there = desk("killed", {"desk": receiver})
        there.alert(200)
        for kill in range(1, kills + 1):
            with there.run() as process:
                wait_for("some arrive", lambda: process.alive() and
                         len(receiver.taken()) >= kill * 20, SECONDS)
                process.kill()
        with there.run() as process:
            arrive(receiver, there, process)
            process.stop()
        taken = receiver.taken()
        assert list(dict.fromkeys(taken)) == there.ids
        assert len(taken) <= len(there.ids) + kills
        receiver.verify()


@pytest.mark.parametrize("answer, reason, posts_min, posts_max", [
    (410, "webhook_refused", 1, 1),
    (400, "webhook_refused", 1, 1),
    ((302, {"location": "http://127.0.0.1:1/"}), "webhook_refused", 1, 1),
    (500, "webhook_expired", 2, 99),
    ((503, {"retry-after": "3600"}), "webhook_expired", 1, 1),
    (Receiver.HANG, "webhook_expired", 2, 99),
])
def test_what_is_not_taken_is_a_dead_letter_and_the_next_goes_on(
        desk, answer, reason, posts_min, posts_max):
    status = answer[0] if isinstance(answer, tuple) else answer
    pages = Pages()
    with Receiver(after=answer) as receiver:
        there = desk(f"dead-{status}", {"desk": receiver}, deadline_ms=2500, timeout_ms=1000,
                     http_listen=pages.address)
        with there.run() as process:
            wait_for("ready", pages.ready, SECONDS)
            there.alert()
            wait_for("a dead letter", lambda: process.alive() and there.letters(), SECONDS)
            (value, why), = there.letters()
            posts = len(receiver.posts)
            assert posts_min <= posts <= posts_max
            assert {post.id for post in receiver.posts} == {there.ids[0]}
            receiver.after = 200
            receiver.released.set()
            there.alert()
            wait_for("the next", lambda: there.ids[1] in receiver.taken(), SECONDS)
            wait_for("it is counted", lambda: pages.metrics().sum(
                "tocsin_webhook_alerts_total", webhook="desk", result="delivered") == 1, SECONDS)
            metrics = pages.metrics()
            process.stop()
    assert value == there.value(0)
    assert (why["topic"], why["offset"], why["stage"]) == (there.alerts, "0", "notify")
    assert why["exception.class.name"] == reason
    assert "webhook desk" in why["exception.message"]
    assert (f"HTTP {status}" if status != Receiver.HANG else "Timeout") in why["exception.message"], why
    assert metrics.sum("tocsin_dead_letters_total", kafka_topic=there.alerts, reason=reason) == 1
    assert metrics.sum("tocsin_webhook_posts_total", webhook="desk") == posts + 1
    assert metrics.sum("tocsin_webhook_alerts_total", webhook="desk", result="dead_letter") == 1


def test_dead_letters_are_posted_after_a_replay(desk, executable):
    with Receiver([404]) as receiver:
        there = desk("replay", {"desk": receiver})
        with there.run() as process:
            there.alert(1)
            wait_for("it is refused", lambda: process.alive() and there.letters(), SECONDS)
            subprocess.run([executable, "replay", "--input", there.alerts, "--reason", "webhook_refused",
                            "--config", there.config()], check=True, capture_output=True)
            arrive(receiver, there, process)
            process.stop()
        assert receiver.taken() == there.ids, "under its old id"
        receiver.verify()


def test_stopped_in_a_pause_it_ends_at_once_and_the_next_process_posts_it(desk):
    with Receiver([(429, {"retry-after": "600"})]) as receiver:
        there = desk("paused", {"desk": receiver})
        with there.run() as process:
            there.alert(2)
            wait_for("it pauses", lambda: process.alive() and "HTTP 429" in process.log(), SECONDS)
            process.stop()
        assert not receiver.taken() and not there.letters()
        with there.run() as process:
            arrive(receiver, there, process)
            process.stop()
        assert receiver.taken() == there.ids


def test_tls_is_verified_by_the_authorities_given_only(desk, security):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(security.path("broker.pem"), security.path("broker.key"))
    with Receiver(tls=tls) as receiver:
        there = desk("tls", {"desk": receiver})
        there.alert()
        with there.run() as process:
            wait_for("it is refused",
                     lambda: process.alive() and "certificate" in process.log(), SECONDS)
            assert not receiver.posts
            process.stop()
        there.notify["ca_file"] = str(security.path("authority.pem"))
        with there.run() as process:
            arrive(receiver, there, process)
            process.stop()
        receiver.verify()


def test_a_new_webhook_begins_with_the_alerts_of_the_last_minutes(desk):
    with contextlib.ExitStack() as receivers:
        first, second = (receivers.enter_context(Receiver()) for _ in range(2))
        there = desk("new", {"first": first})
        there.alert(2, age_ms=3_600_000)
        there.alert(2)
        recent = there.ids[2:]
        with there.run() as process:
            wait_for("the recent ones", lambda: process.alive() and first.taken() == recent, SECONDS)
            process.stop()
        there.receivers["second"] = second
        with there.run() as process:
            wait_for("them, too", lambda: process.alive() and second.taken() == recent, SECONDS)
            process.stop()
        assert first.taken() == recent, "and the first gets none again"


def test_the_guides_relay_passes_on_what_it_gets_once_each(desk, tmp_path):
    """tests/deploy/relay_test.py has its outputs."""
    (port,) = free_ports(1)
    with Receiver([500, Receiver.RESET]) as slack:
        (tmp_path / "relay.key").write_text(slack.secret)
        relay = types.SimpleNamespace(url=f"http://127.0.0.1:{port}/", secret=slack.keys[0])
        there = desk("relayed", {"slack": relay})
        there.alert(3)
        with there.run() as process:
            wait_for("nobody listens yet", lambda: "refused" in process.log(), SECONDS)
            with spawn([RELAY, "--listen", f"127.0.0.1:{port}", "--key-file", tmp_path / "relay.key",
                        "slack", slack.url]) as child:
                wait_for("all are passed on", lambda: process.alive() and len(slack.posts) == 5, SECONDS)
                process.stop()
                child.kill()
        texts = [json.loads(post.body)["text"] for post in slack.posts[2:]]
        assert [f"№ {number} “quoted”" in text for number, text in enumerate(texts)] == [True] * 3
        assert not there.letters()
