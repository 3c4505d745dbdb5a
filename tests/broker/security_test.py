"""TLS, client certificates and passwords against a broker that asks for rights; and what is refused, how."""

import pathlib
import shlex

import confluent_kafka
import pytest

from certificates import USER, allow
from exactly_once import Truth, verify
from stream import Stream
from tocsin import DENIED, MISCONFIGURED, Scene, produce

GUIDE = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "README.md"
RECORDS = 1000
REFUSAL_SECONDS = 45
EVERYTHING = ["--operation", "All", "--group", "*", "--topic", "*", "--transactional-id", "*",
              "--cluster"]


@pytest.fixture(scope="module")
def stream():
    return Stream(seed=7, articles=500)


@pytest.fixture(scope="module")
def source(kafka, stream):
    kafka.create_topics({"security.raw": stream.partitions})
    produce(kafka, "security.raw", stream.records(0, RECORDS))
    return "security.raw"


@pytest.fixture(scope="module")
def rights(kafka):
    for user in (USER, f"CN={USER}"):
        allow(kafka, *EVERYTHING, user=user)


def ways(security):
    """listener, librdkafka properties, secrets"""
    return {"tls": ("SSL", security.tls(), {}),
            "client certificate": ("SSL", security.mutual_tls(), {}),
            "password": ("SASL_SSL", security.password(), security.secret())}


@pytest.mark.parametrize("way", ["tls", "client certificate", "password"])
def test_exact_over(kafka, executable, security, stream, source, rights, tmp_path, way):
    listener, properties, secrets = ways(security)[way]
    scene = Scene(kafka, executable, tmp_path, way.replace(" ", "-"), source)
    with scene.run("a", 1, brokers=kafka.addresses(listener), kafka=properties,
                   kafka_secrets=secrets) as process:
        scene.wait_until_committed(process)
        process.stop()
        for secret in secrets.values():
            assert open(secret, encoding="utf-8").read().strip() not in process.log()
    verify(scene, Truth(kafka, source, stream)).require_exact()


def refused(scene, code, *words, **how):
    with scene.run("a", 1, **how) as process:
        assert process.wait(REFUSAL_SECONDS) == code, process.log()
        for word in words:
            assert word in process.log(), f"{word!r} is not in\n{process.log()}"
    assert not scene.published_count(), "something was published"


def test_a_wrong_password_ends_it_at_once(kafka, executable, security, source, rights, tmp_path):
    scene = Scene(kafka, executable, tmp_path, "wrong-password", source)
    refused(scene, DENIED, "credentials", brokers=kafka.addresses("SASL_SSL"),
            kafka=security.password(), kafka_secrets=security.secret("another"))


@pytest.mark.parametrize("user, allowed, named", [
    ("nobody", [], "Kafka topic security.raw: the Kafka brokers refuse us: grant our principal DESCRIBE and READ"),
    ("no-id", ["--topic", "*", "--group", "*"], "grant"),
    ("no-group", ["--topic", "*", "--transactional-id", "*"], "grant our principal DESCRIBE and READ"),
    ("no-output", ["--topic", "security.raw", "--group", "*", "--transactional-id", "*"],
     "grant our principal DESCRIBE and WRITE")])
def test_a_missing_right_ends_it_at_once(kafka, executable, security, source, tmp_path, user,
                                         allowed, named):
    scene = Scene(kafka, executable, tmp_path, f"rights-of-{user}", source)
    if allowed:
        allow(kafka, "--operation", "All", *allowed, user=user)
    refused(scene, DENIED, named, brokers=kafka.addresses("SASL_SSL"),
            kafka=security.password(user=user), kafka_secrets=security.secret())


def granted_by_the_guide(names):
    """The arguments of its lines; each name of the guide's is replaced by ours, a line for each of them."""
    guide = GUIDE.read_text(encoding="utf-8").partition("## Secure")[2].partition("\n## ")[0]
    for line in guide.replace("\\\n", " ").splitlines():
        if not line.lstrip().startswith("kafka-acls.sh"):
            continue
        words = shlex.split(line)
        assert words[1:6] == ["--bootstrap-server", "B", "--add", "--allow-principal", "User:tocsin"]
        name = next(word for word in words[6:] if word in names)
        for ours in names[name]:
            yield [ours if word == name else word for word in words[6:]]


def test_the_rights_that_the_guide_grants_are_enough(kafka, executable, security, stream, source, tmp_path):
    scene = Scene(kafka, executable, tmp_path, "guided", source)
    names = {"news.raw": [source], "news.ceasefire": scene.outputs, "news.dead-letter": [scene.dead],
             "tocsin": [scene.name], "tocsin.": [f"{scene.name}."]}
    granted = list(granted_by_the_guide(names))
    assert len(granted) == 5 + len(scene.outputs) - 1, granted
    for arguments in granted:
        allow(kafka, *arguments, user="guided")
    with scene.run("a", 1, brokers=kafka.addresses("SASL_SSL"), kafka=security.password(user="guided"),
                   kafka_secrets=security.secret()) as process:
        scene.wait_until_committed(process)
        process.stop()
    verify(scene, Truth(kafka, source, stream)).require_exact()


@pytest.mark.skipif(confluent_kafka.libversion()[1] >= 0x020601ff, reason="this librdkafka can")
def test_scram_is_refused_where_librdkafka_cannot(kafka, executable, security, source, tmp_path):
    scene = Scene(kafka, executable, tmp_path, "scram", source)
    refused(scene, MISCONFIGURED, "SCRAM", "2.6.1", brokers=kafka.addresses("SASL_SSL"),
            kafka=security.password("SCRAM-SHA-512"), kafka_secrets=security.secret())
