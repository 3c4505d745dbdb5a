"""The service under systemd, in a Debian 12 that has booted, against a Kafka on the host's loopback."""

import json
import shlex

import pytest
import yaml
from confluent_kafka import Consumer, Producer

from conftest import ROOT
from tree import Tree

GUIDE = ROOT / "deploy" / "README.md"
SECONDS = 120
ARTICLE_TEXT = "Xyzzyqwert"  # in every article, hence in no log
CONFIG = "/etc/tocsin/tocsin.yaml"
RULES = "/etc/tocsin/rules.yaml"
DROP_IN = "/run/systemd/system/tocsin.service.d/test.conf"
RULE = """
topic: ceasefire
title: Ceasefires
rules:
  - id: ceasefire.%s
    query: truce
    examples: [a truce]
    counterexamples: [a house]
"""


class Service:
    """The installed service, with Kafka topics of its own."""

    def __init__(self, machine, kafka):
        self.machine = machine
        self.kafka = kafka
        kafka.create_topics({"news.raw": 2, "news.ceasefire": 1, "news.dead-letter": 1})

    def reset(self):
        self.machine.run("systemctl", "stop", "tocsin")
        self.machine.run("systemctl", "reset-failed", "tocsin", check=False)
        self.drop_in(None)
        self.write(RULES, RULE % "first")
        self.configure()

    def write(self, inside, text):
        self.machine.run("sh", "-c", 'mkdir -p "${1%/*}" && printf %s "$2" >"$1"', "sh", inside, text)

    def configure(self, **more):
        self.write(CONFIG, yaml.safe_dump({"brokers": self.kafka.bootstrap, "group": "tocsin", "workers": 2,
                                           "input": ["news.raw"], "rules": [RULES],
                                           "kafka": {"session.timeout.ms": 6000}, **more}))

    def drop_in(self, text):
        if text is None:
            self.machine.run("rm", "-f", DROP_IN)
        else:
            self.write(DROP_IN, text)
        self.machine.run("systemctl", "daemon-reload")

    def show(self, *properties):
        return self.machine.show("tocsin", *properties)

    def start(self):
        self.machine.run("systemctl", "start", "tocsin")
        return self.show("MainPID")

    def wait_until(self, what, condition):
        return self.machine.wait_until(what, condition, SECONDS)

    def is_published(self, marker):
        """Sends an article; whether it comes out, once, is asked of those who read committed records."""
        producer = Producer({"bootstrap.servers": self.kafka.bootstrap})
        producer.produce("news.raw", json.dumps({"id": marker, "title": "A truce", "body": f"{ARTICLE_TEXT} {marker}"}))
        producer.flush()
        consumer = Consumer({"bootstrap.servers": self.kafka.bootstrap, "group.id": f"reader-{marker}",
                             "auto.offset.reset": "earliest", "isolation.level": "read_committed"})
        consumer.subscribe(["news.ceasefire"])

        def found():
            message = consumer.poll(0.5)
            return message is not None and not message.error() and marker.encode() in message.value()

        try:
            return self.wait_until(f"{marker} is published", found)
        finally:
            consumer.close()


@pytest.fixture(scope="module")
def machine(tmp_path_factory, package, faulty):
    with Tree(tmp_path_factory.mktemp("trees") / "boot", "bookworm") as tree:
        deb = tree.put(package, "/root/tocsin.deb")
        tree.put(faulty, "/opt/tocsin_faulty")
        with tree.boot() as booted:
            booted.run("apt-get", "install", "-qq", "-y", "--no-install-recommends", deb)
            booted.after_install = booted.show("tocsin", "ActiveState", "UnitFileState")
            yield booted


@pytest.fixture(scope="module")
def installed(machine, kafka):
    return Service(machine, kafka)


@pytest.fixture
def service(installed):
    installed.reset()
    yield installed
    print(installed.machine.journal("tocsin", "--lines=60"))
    assert ARTICLE_TEXT not in installed.machine.journal("tocsin", "--output=json")


def test_installed_it_is_neither_started_nor_enabled(machine):
    assert machine.after_install == ["inactive", "disabled"]


def test_started_it_says_what_it_does_and_tags_articles(service):
    service.start()
    assert service.show("ActiveState", "SubState") == ["active", "running"]
    assert service.is_published("started")
    service.wait_until("a status", lambda: service.show("StatusText"))


def test_it_is_activating_until_it_says_that_it_is_ready(service):
    """Brokers that cannot be reached do not fail a start; nothing listens there."""
    service.configure(brokers="127.0.0.1:1")
    service.machine.run("systemctl", "start", "--no-block", "tocsin")
    service.wait_until("it is starting", lambda: service.show("ActiveState", "StatusText")[0] == "activating")
    service.wait_until("it waits for the brokers", lambda: service.show("ActiveState") == "active")
    assert service.show("NRestarts") == "0"


def test_a_reload_takes_the_new_rules_in_the_same_process(service):
    process = service.start()
    service.write(RULES, RULE % "second")
    service.machine.run("systemctl", "reload", "tocsin")
    service.wait_until("the rules are reloaded",
                       lambda: "reload" in service.machine.journal("tocsin", f"_PID={process}"))
    assert service.is_published("reloaded")
    assert service.show("MainPID", "ActiveState") == [process, "active"]


def test_a_reload_of_wrong_rules_is_refused_before_the_process_hears_of_it(service):
    process = service.start()
    service.write(RULES, "topic: [")
    done = service.machine.run("systemctl", "reload", "tocsin", check=False)
    assert done.returncode != 0
    assert f"{RULES}:" in service.machine.journal("tocsin", "--lines=20")
    assert service.show("MainPID", "ActiveState") == [process, "active"]
    assert service.is_published("kept")


def test_stopped_it_drains_and_succeeds(service):
    process = service.start()
    assert service.is_published("stopping")
    service.machine.run("systemctl", "stop", "tocsin")
    assert service.show("ActiveState", "Result", "ExecMainStatus") == ["inactive", "success", "0"]
    assert "stopped:" in service.machine.journal("tocsin", f"_PID={process}")


def test_a_bad_record_is_found_in_the_journal_by_its_coordinates(service):
    service.start()
    placed = []
    producer = Producer({"bootstrap.servers": service.kafka.bootstrap})
    producer.produce("news.raw", '{"title": "%s' % ARTICLE_TEXT, on_delivery=lambda _, record: placed.append(record))
    producer.flush()
    where = [f"{name}={value}" for name, value in (
        ("TOPIC", "news.raw"), ("PARTITION", placed[0].partition()), ("OFFSET", placed[0].offset()))]
    found = service.wait_until("it is in the journal", lambda: service.machine.run(
        "journalctl", "--quiet", "--no-pager", "--output=json", *where).stdout)
    line = json.loads(found.splitlines()[0])
    assert (line["PRIORITY"], line["SYSLOG_IDENTIFIER"], len(line["MESSAGE_ID"])) == ("4", "tocsin", 32)
    assert line["MESSAGE"].startswith("dead letter: news.raw[")


def test_killed_it_is_started_again(service):
    process = service.start()
    service.machine.run("systemctl", "kill", "--kill-whom=main", "--signal=KILL", "tocsin")
    service.wait_until("it runs again", lambda: service.show("ActiveState", "NRestarts") == ["active", "1"])
    assert service.show("MainPID") != process
    assert service.is_published("after-the-kill")


def test_a_wrong_configuration_is_not_tried_again(service):
    service.write(CONFIG, "brokers: 127.0.0.1:9092\nnonsense: true\n")
    assert service.machine.run("systemctl", "start", "tocsin", check=False).returncode != 0
    assert service.show("SubState", "ExecMainStatus", "NRestarts") == ["failed", "78", "0"]


def test_a_secret_is_read_from_its_credential_at_start_and_at_reload(service):
    service.write("/etc/tocsin/secrets/kafka-password", "swordfish")
    service.machine.run("chmod", "-R", "go=", "/etc/tocsin/secrets")
    service.configure(kafka_secrets={"sasl.password": "kafka-password"})
    assert service.machine.run("systemctl", "start", "tocsin", check=False).returncode != 0
    service.drop_in("[Service]\nLoadCredential=kafka-password:/etc/tocsin/secrets/kafka-password\n")
    process = service.start()
    service.machine.run("systemctl", "reload", "tocsin")
    assert service.show("MainPID", "ActiveState") == [process, "active"]


def test_a_backfill_runs_beside_it_as_the_guide_says(service):
    """With the unit's user and credentials, until it is done."""
    service.write("/etc/tocsin/secrets/kafka-password", "swordfish")
    service.start()
    service.is_published("before")
    line = next(line.strip() for line in GUIDE.read_text(encoding="utf-8").splitlines()
                if line.lstrip().startswith("systemd-run"))
    service.machine.run(*shlex.split(line.replace("systemd-run", "systemd-run --wait --unit=backfill").rstrip(" …")),
                        "2020-01-01T00:00:00Z")
    assert "backfill" in service.machine.journal("backfill")


def test_the_watchdog_catches_one_stalled_worker_of_two(service):
    """One thread stands still for ever; the other goes on."""
    service.drop_in("[Service]\nExecStart=\nExecStart=/opt/tocsin_faulty run --config /etc/tocsin/tocsin.yaml\n"
                    "Environment=TOCSIN_FAULT=poll:20:hang\nWatchdogSec=5\nRestartSec=60\n")
    service.start()
    service.wait_until("the watchdog bites", lambda: service.show("SubState") == "auto-restart")
    assert service.show("Result") == "watchdog"


def test_an_upgrade_restarts_it_and_a_removal_stops_it(service):
    process = service.start()
    machine = service.machine
    machine.run("sh", "-c", "DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --reinstall "
                "-o Dpkg::Options::=--force-confold /root/tocsin.deb")
    assert service.show("ActiveState") == "active" and service.show("MainPID") != process
    machine.run("apt-get", "remove", "-qq", "-y", "tocsin")
    assert service.show("ActiveState") == "inactive"
    assert "stopped:" in machine.journal("tocsin", "--lines=20")
