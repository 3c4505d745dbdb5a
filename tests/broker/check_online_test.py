"""`tocsin check --online` against a broker that asks for rights: all that is missing at once, nothing changed."""

import shlex
import subprocess

import pytest
import yaml
from confluent_kafka import TopicPartition

from certificates import allow, forbid
from tocsin import DENIED, MISCONFIGURED, OUTPUT_PARTITIONS, RULES, TOPICS, Scene, end_of, partitions

OK, USAGE, UNAVAILABLE = 0, 64, 75
CHECK_SECONDS = 60


@pytest.fixture(name="source", scope="module")
def source_kafka_topic(kafka):
    kafka.create_topics({"checked.raw": 5})
    return "checked.raw"


def check(executable, directory, name, **config):
    path = directory / "check.yaml"
    path.write_text(yaml.safe_dump({"group": name, "output": name + ".{topic}", "dead_letter": f"{name}.dead-letter",
                                    "rules": [str(RULES)], "instance": "host", **config}))
    return subprocess.run([executable, "check", "--online", "--config", path], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=CHECK_SECONDS, check=False)


def secured(kafka, security, user):
    return {"brokers": kafka.addresses("SASL_SSL"), "kafka": security.password(user=user),
            "kafka_secrets": security.secret()}


def granted(kafka, run, user):
    """Does what the check tells to do: all of its kafka-acls commands."""
    commands = [shlex.split(line) for line in run.stdout.splitlines() if line.startswith("  kafka-acls.sh ")]
    assert commands, run.stdout
    for command in commands:
        rest = command[command.index("--add") + 1:]
        assert rest[:2] == ["--allow-principal", f"User:{user}"]
        allow(kafka, *rest[2:], user=user)
    return [command[command.index("--add") + 3:] for command in commands]


def test_all_is_well_and_nothing_is_changed(kafka, executable, source, tmp_path):
    scene = Scene(kafka, executable, tmp_path, "check-good", source)
    run = check(executable, tmp_path, scene.name, brokers=kafka.bootstrap, input=[source])
    assert run.returncode == OK, run.stdout + run.stderr
    assert "all rights are there" in run.stdout
    assert not any(scene.ends("read_uncommitted").values()), "something was written"
    everywhere = [TopicPartition(source, one.partition) for one in partitions(scene.client(), source)]
    assert all(one.offset < 0 for one in scene.client().committed(everywhere, timeout=10)), "committed"
    assert all(end_of(scene.client(), one) == 0 for one in everywhere)


@pytest.mark.parametrize("delivery", ["exactly_once", "at_least_once"])
def test_every_missing_kafka_topic_is_named_with_its_remedy(kafka, executable, source, tmp_path, delivery):
    name = f"check-missing-{delivery}"
    kafka.create_topics({f"{name}.{TOPICS[0]}": OUTPUT_PARTITIONS})
    run = check(executable, tmp_path, name, brokers=kafka.bootstrap, input=[source, "no.such"], delivery=delivery)
    assert run.returncode == MISCONFIGURED, run.stdout + run.stderr
    missing = ["no.such", *(f"{name}.{topic}" for topic in TOPICS[1:]), f"{name}.dead-letter"]
    for each in missing:
        assert f"Kafka topic {each}: does not exist\n" in run.stdout
        assert f"--create --topic '{each}' --partitions 5 --replication-factor 1\n" in run.stdout
    assert run.stdout.count("does not exist") == len(missing)
    existing = kafka.admin().list_topics(timeout=10).topics
    assert not set(missing) & set(existing), "the check created some"


def test_every_missing_right_is_named_and_its_remedy_mends_it(kafka, executable, security, source, tmp_path):
    user = "nobody"
    scene = Scene(kafka, executable, tmp_path, "check-rights", source)
    how = {**secured(kafka, security, user), "input": [source]}
    outputs = [*scene.outputs, scene.dead]

    run = check(executable, tmp_path, scene.name, **how)
    assert run.returncode == DENIED, run.stdout + run.stderr
    assert f"Kafka topic {source}: we lack DESCRIBE and READ\n" in run.stdout
    for each in outputs:
        assert f"Kafka topic {each}: we lack DESCRIBE and WRITE\n" in run.stdout
    assert f"transactional id {scene.name}.host.check: we lack DESCRIBE and WRITE\n" in run.stdout
    assert f"consumer group {scene.name}: we lack DESCRIBE and READ\n" in run.stdout
    assert run.stdout.count("we lack") == 1 + len(outputs) + 2
    assert "admin.properties" in run.stdout and "PRINCIPAL" not in run.stdout
    given = granted(kafka, run, user)
    try:
        run = check(executable, tmp_path, scene.name, **how)
        assert run.returncode == OK, run.stdout + run.stderr
    finally:
        for each in given:
            forbid(kafka, *each, user=user)


def test_rights_to_see_are_not_taken_for_rights_to_do(kafka, executable, security, source, tmp_path):
    user = "nobody"
    scene = Scene(kafka, executable, tmp_path, "check-describe", source)
    outputs = [*scene.outputs, scene.dead]
    see = ["--operation", "Describe", *(word for each in outputs for word in ("--topic", each)),
           "--group", scene.name, "--transactional-id", f"{scene.name}.host.check"]
    read = ["--operation", "Read", "--topic", source]
    allow(kafka, *see, user=user)
    allow(kafka, *read, user=user)
    try:
        run = check(executable, tmp_path, scene.name, **secured(kafka, security, user), input=[source])
    finally:
        forbid(kafka, *see, user=user)
        forbid(kafka, *read, user=user)
    assert run.returncode == DENIED, run.stdout + run.stderr
    for each in outputs:
        assert f"Kafka topic {each}: we lack WRITE\n" in run.stdout
    assert f"consumer group {scene.name}: we lack READ\n" in run.stdout
    assert "transactional id" in run.stdout
    assert f"Kafka topic {source}" not in run.stdout
    assert not any(scene.ends("read_uncommitted").values()), "something was written"


def test_a_wrong_password_is_told_apart_from_a_missing_right(kafka, executable, security, source, tmp_path):
    how = {**secured(kafka, security, "nobody"), "kafka_secrets": security.secret("another")}
    run = check(executable, tmp_path, "check-password", **how, input=[source])
    assert run.returncode == DENIED, run.stdout + run.stderr
    assert "refuse our credentials" in run.stdout and "we lack" not in run.stdout


def test_brokers_that_are_not_there_are_not_waited_for(executable, tmp_path):
    run = check(executable, tmp_path, "check-nowhere", brokers="127.0.0.1:1", input=["raw"])
    assert run.returncode == UNAVAILABLE, run.stdout + run.stderr
    assert "Kafka brokers 127.0.0.1:1: no answer: " in run.stdout


def test_online_needs_a_configuration(executable):
    run = subprocess.run([executable, "check", "--online", "--rules", RULES], capture_output=True, check=False,
                         timeout=CHECK_SECONDS)
    assert run.returncode == USAGE
