"""SIGHUP under load, and the ends that SIGTERM can come to."""

import contextlib
import pathlib
import re
import shutil
import signal
import subprocess
import time

import pytest
import yaml

from certificates import allow
from kafka import Kafka, wait_for
from line import Line
from pages import Pages
from stream import Stream
from tocsin import MISCONFIGURED, RULES

SECONDS = 120
RELOADS_A_SECOND = 100
GROWTH_BYTES_MAX = 32 << 20
TEMPORARY = 75
UNUSED = """topic: {topic}
title: Matches nothing here
rules:
  - id: unused.{serial}
    query: nobodywritesthis{serial}
    examples: [nobodywritesthis{serial}]
    counterexamples: [weather]
"""


class Rules:
    """A directory of rules, in versions that match the same."""

    def __init__(self, directory):
        self.directory = directory
        shutil.copytree(RULES, directory)

    def write(self, serial, topic="unused"):
        self._replace(UNUSED.format(serial=serial, topic=topic))

    def break_it(self):
        self._replace("topic: unused\nrules: [\n")

    def _replace(self, text):
        new = self.directory / "new"
        new.write_text(text)
        new.rename(self.directory / "unused.yaml")

    def version(self, executable):
        said = subprocess.run([executable, "check", "--rules", self.directory], check=True, text=True,
                              stdout=subprocess.PIPE).stdout
        return re.search(r"rule set (\w+)", said)[1]


@pytest.fixture(name="rules")
def own_rules(tmp_path):
    return Rules(tmp_path / "rules")


@pytest.fixture(name="line")
def new_line(kafka, executable, tmp_path, request):
    kafka.create_topics({f"{request.param}.unused": 1})
    return Line(kafka, executable, tmp_path, Stream(seed=12, articles=500), request.param)


def hang_up(process):
    process.child.send_signal(signal.SIGHUP)


def reload(line, executable):
    """Exit code, output and complaint of the command."""
    done = subprocess.run([executable, "reload", "--wait", "--timeout", str(SECONDS), "--config",
                           line.scene.directory / f"{line.scene.name}.a.yaml"],
                          check=False, text=True, capture_output=True)
    return done.returncode, done.stdout, done.stderr


def versions(scene, serials):
    """The rule sets named by the outputs of these records of the stream."""
    found = set()
    for message in scene.published():
        if Stream.index(message) in serials:
            found.add(dict(message.headers())["tocsin_ruleset"].decode())
    return found


def usage(process):
    """Resident bytes, open files and threads."""
    directory = pathlib.Path(f"/proc/{process.child.pid}")
    status = (directory / "status").read_text(encoding="ascii")
    return (int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024,
            len(list((directory / "fd").iterdir())), int(re.search(r"Threads:\s+(\d+)", status)[1]))


@pytest.mark.parametrize("line", ["reloads"], indirect=True)
def test_a_hundred_reloads_a_second_under_load_end_with_the_rules_of_the_files(line, rules, executable):
    with line.scene.run("a", 2, rules=[str(rules.directory)], http_listen=Pages().address) as process:
        line.feed()
        line.scene.wait_until_committed(process)
        before = usage(process)
        for serial in range(5 * RELOADS_A_SECOND):
            if serial % 10 == 3:
                rules.break_it()
            else:
                rules.write(serial)
            hang_up(process)
            if serial % RELOADS_A_SECOND == 0:
                line.feed()
            time.sleep(1 / RELOADS_A_SECOND)
        rules.write(5000)
        last = rules.version(executable)
        assert reload(line, executable) == (0, f"rule set {last}\n", "")
        line.scene.wait_until_committed(process)
        line.feed()
        line.scene.wait_until_committed(process)
        after = usage(process)
        process.stop()
    assert versions(line.scene, range(line.fed - 100, line.fed)) == {last}
    assert after[0] - before[0] < GROWTH_BYTES_MAX and after[1:] == before[1:], (before, after)
    line.require_exact()


@pytest.mark.parametrize("line", ["broken"], indirect=True)
def test_broken_rules_are_named_and_the_old_ones_stay(line, rules, executable):
    first = rules.version(executable)
    with line.scene.run("a", 1, rules=[str(rules.directory)], http_listen=Pages().address) as process:
        line.feed()
        line.scene.wait_until_committed(process)
        rules.break_it()
        code, _, said = reload(line, executable)
        assert code == MISCONFIGURED, said
        assert re.search(r"the old rules stay, rule set " + first + r": .*unused\.yaml:\d+:\d+", said)
        assert re.search(r"the old rules stay: .*unused\.yaml:\d+:\d+", process.log())
        line.feed()
        line.scene.wait_until_committed(process)
        assert versions(line.scene, range(line.fed)) == {first}
        rules.write(1)
        assert reload(line, executable) == (0, f"rule set {rules.version(executable)}\n", "")
        process.stop()
        assert reload(line, executable)[0] == TEMPORARY, "nobody is there"
    line.require_exact()


@pytest.mark.parametrize("line", ["elsewhere"], indirect=True)
def test_a_reload_reads_which_rules_there_are_again(line, rules, executable, tmp_path):
    more = tmp_path / "more.yaml"
    more.write_text(UNUSED.format(serial=1, topic="unused"))
    with line.scene.run("a", 1, rules=[str(rules.directory)], http_listen=Pages().address) as process:
        line.feed()
        line.scene.wait_until_committed(process)
        config = tmp_path / "elsewhere.a.yaml"
        settings = yaml.safe_load(config.read_text())
        settings["rules"].append(str(more))
        config.write_text(yaml.safe_dump(settings))
        both = subprocess.run([executable, "check", "--rules", rules.directory, "--rules", more], check=True,
                              text=True, stdout=subprocess.PIPE).stdout
        both = re.search(r"rule set (\w+)", both)[1]
        assert reload(line, executable) == (0, f"rule set {both}\n", "")
        config.write_text(config.read_text() + "no_such_key: 1\n")
        code, _, said = reload(line, executable)
        assert code == MISCONFIGURED and "no_such_key" in said
        process.stop()
    line.require_exact()


def require_refused(line, rules, executable, process, reason):
    """A reload is, for this reason, and the old rules go on."""
    first = versions(line.scene, range(line.fed))
    code, _, said = reload(line, executable)
    assert reason in said and f"the old rules stay: {reason}" in process.log(), said
    assert rules.version(executable) not in first
    line.feed()
    line.scene.wait_until_committed(process)
    assert versions(line.scene, range(line.fed)) == first
    return code


@pytest.mark.parametrize("line", ["added"], indirect=True)
def test_a_new_subject_is_refused_until_its_kafka_topic_exists(kafka, line, rules, executable):
    rules.write(1)
    with line.scene.run("a", 1, rules=[str(rules.directory)], http_listen=Pages().address) as process:
        line.feed()
        line.scene.wait_until_committed(process)
        rules.write(2, topic="new")
        reason = "Kafka topic added.new does not exist: create it"
        assert require_refused(line, rules, executable, process, reason) == MISCONFIGURED
        kafka.create_topics({"added.new": 1})
        assert reload(line, executable) == (0, f"rule set {rules.version(executable)}\n", "")
        process.stop()
    line.require_exact()


@pytest.mark.parametrize("line", ["forbidden"], indirect=True)
def test_a_new_subject_is_refused_until_it_may_be_written(kafka, security, line, rules, executable):
    kafka.create_topics({"forbidden.new": 1})
    user = "reloading"
    allow(kafka, "--operation", "All", "--group", "*", "--transactional-id", "*", user=user)
    for kafka_topic in [line.source, line.scene.dead, *line.scene.outputs, "forbidden.unused"]:
        allow(kafka, "--operation", "All", "--topic", kafka_topic, user=user)
    rules.write(1)
    with line.scene.run("a", 1, rules=[str(rules.directory)], http_listen=Pages().address,
                        brokers=kafka.addresses("SASL_SSL"), kafka=security.password(user=user),
                        kafka_secrets=security.secret()) as process:
        line.feed()
        line.scene.wait_until_committed(process)
        rules.write(2, topic="new")
        reason = "Kafka topic forbidden.new: the Kafka brokers refuse us: grant our principal WRITE on it"
        require_refused(line, rules, executable, process, reason)
        allow(kafka, "--operation", "Write", "--topic", "forbidden.new", user=user)
        assert reload(line, executable) == (0, f"rule set {rules.version(executable)}\n", "")
        process.stop()
    line.require_exact()


@pytest.mark.parametrize("line", ["silent"], indirect=True)
def test_a_new_subject_is_refused_while_no_broker_answers(kafka, line, rules, executable):
    kafka.create_topics({"silent.new": 1})
    rules.write(1)
    with line.scene.run("a", 1, rules=[str(rules.directory)], http_listen=Pages().address) as process:
        line.feed()
        line.scene.wait_until_committed(process)
        rules.write(2, topic="new")
        kafka.nodes[0].pause()
        try:
            code, _, said = reload(line, executable)
        finally:
            kafka.nodes[0].resume()
        assert code == MISCONFIGURED, said
        assert "Kafka topic silent.new: the Kafka brokers do not say whether it takes records: " in said
        assert reload(line, executable) == (0, f"rule set {rules.version(executable)}\n", "")
        line.feed()
        line.scene.wait_until_committed(process)
        process.stop()
    line.require_exact()


def test_a_new_subject_is_taken_where_brokers_create_kafka_topics(rules, executable, tmp_path):
    with Kafka(tmp_path, properties="auto.create.topics.enable=true\n") as kafka:
        line = Line(kafka, executable, tmp_path, Stream(seed=12, articles=500), "created")
        with line.scene.run("a", 1, rules=[str(rules.directory)], http_listen=Pages().address) as process:
            line.feed()
            line.scene.wait_until_committed(process)
            rules.write(1, topic="new")
            assert reload(line, executable) == (0, f"rule set {rules.version(executable)}\n", "")
            assert "created.new" in kafka.admin().list_topics(timeout=10).topics
            process.stop()
        line.require_exact()


@contextlib.contextmanager
def stuck(line, faulty, drain_timeout_ms):
    """A process whose worker stands still in its second commit."""
    with line.scene.run("a", 1, executable=faulty, drain_timeout_ms=drain_timeout_ms,
                        environment={"TOCSIN_FAULT": "before_end_transaction:2:hang"}) as process:
        line.feed()
        wait_for("a commit", lambda: process.alive() and line.scene.published_count(), SECONDS)
        yield process
    line.finish("a")


@pytest.mark.parametrize("line", ["drain"], indirect=True)
def test_a_drain_that_takes_too_long_is_given_up_and_nothing_is_lost(line, faulty):
    with stuck(line, faulty, drain_timeout_ms=1000) as process:
        process.child.send_signal(signal.SIGTERM)
        assert process.wait() == TEMPORARY, process.log()
        assert "drain_timeout_ms" in process.log()


@pytest.mark.parametrize("line", ["twice-told"], indirect=True)
def test_a_second_sigterm_ends_it_at_once_and_nothing_is_lost(line, faulty):
    with stuck(line, faulty, drain_timeout_ms=600_000) as process:
        process.child.send_signal(signal.SIGTERM)
        wait_for("it drains", lambda: "stopping" in process.log(), SECONDS)
        process.child.send_signal(signal.SIGTERM)
        assert process.wait() == 1, process.log()
