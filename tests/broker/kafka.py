"""A real Apache Kafka on loopback: one KRaft node or several, each a process of its own.

    with Kafka(directory, nodes=3) as kafka:
        kafka.create_topics({"news.raw": 4})
        Producer({"bootstrap.servers": kafka.bootstrap})
        kafka.nodes[0].kill(), kafka.nodes[0].start(), kafka.nodes[1].pause(), ...
        wait_for("all replicas are in sync", kafka.in_sync, 60)

Every node has a second listener, PROXIED, that it advertises at the port where proxy.py may listen.
"""

import base64
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

POM = pathlib.Path(__file__).with_name("pom.xml")
START_SECONDS = 120
READ_SECONDS = 120  # without a record
STOP_SECONDS = 60
PORTS = range(20_000, 32_000)  # below those that the system gives to clients: a restart finds its own free
JAVA = ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"]
PROPERTIES = """
process.roles=broker,controller
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL
log.retention.ms=-1
offsets.topic.num.partitions=4
transaction.state.log.num.partitions=6
transaction.abort.timed.out.transaction.cleanup.interval.ms=2000
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
auto.create.topics.enable=false
broker.session.timeout.ms=6000
leader.imbalance.check.interval.seconds=15
"""


def wait_for(what, condition, seconds):
    """Polls until the condition gives something true, and returns it; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.05)


def read_to_the_ends(consumer, places, ended=None):
    """Every record of the partitions; `ended` gets (Kafka topic, partition) → where the last one stands, for
    read_committed the last stable offset. Of a consumer with enable.partition.eof.
    """
    ended = {} if ended is None else ended
    consumer.assign([TopicPartition(place.topic, place.partition, OFFSET_BEGINNING) for place in places])
    deadline = time.monotonic() + READ_SECONDS
    while len(ended) < len(places):
        messages = consumer.consume(5000, timeout=0.1)
        if messages:
            deadline = time.monotonic() + READ_SECONDS
        assert time.monotonic() < deadline, f"of {places} only {ended} ended"
        for message in messages:
            if not message.error():
                yield message
                continue
            assert message.error().code() == KafkaError._PARTITION_EOF, message.error()
            ended[message.topic(), message.partition()] = message.offset()


def spawn(command, **options):
    """A child that the kernel kills when the calling thread ends, however it ends."""
    # Not by preexec_fn: between fork and exec it may wait for good for what another thread held.
    return subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *map(str, command)], stdin=subprocess.DEVNULL, **options)


def jars():
    """The directory of Kafka's jars, downloaded once for each content of the pom."""
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    version = hashlib.sha256(POM.read_bytes()).hexdigest()[:16]
    directory = cache / "tocsin" / f"kafka-{version}"
    if directory.is_dir():
        return directory
    directory.parent.mkdir(parents=True, exist_ok=True)
    partial = tempfile.mkdtemp(dir=directory.parent)
    command = ["mvn", "-B", "-q", "-f", POM, f"-DoutputDirectory={partial}",
               "dependency:copy-dependencies"]
    for attempts_left in (2, 1, 0):
        maven = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                               check=False)
        if maven.returncode == 0:
            break
        if not attempts_left:
            raise RuntimeError(f"no Kafka jars from Maven:\n{maven.stdout}{maven.stderr}")
    try:
        os.rename(partial, directory)
    except OSError:
        shutil.rmtree(partial)  # another run was faster
    return directory


def java(main, *arguments, heap="200m"):
    return [*JAVA, f"-Xmx{heap}", "-cp", f"{jars()}/*", main, *map(str, arguments)]


class Node:
    """One process, broker and controller in one."""

    def __init__(self, number, directory, heap):
        self.number = number
        self.directory = directory
        self.data = directory / "data"
        self.heap = heap
        self.process = None
        self.ports = dict(zip(("PLAINTEXT", "CONTROLLER", "PROXIED", "proxy", "SSL", "SASL_SSL"),
                              free_ports(6)))

    def address(self, listener="PLAINTEXT"):
        return f"127.0.0.1:{self.ports[listener]}"

    def start(self):
        with open(self.directory / "broker.log", "ab") as log:
            self.process = spawn(java("kafka.Kafka", self.directory / "server.properties",
                                      heap=self.heap), stdout=log, stderr=subprocess.STDOUT)

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def terminate(self):
        """Asks it to hand over and end; see exited()."""
        self.process.send_signal(signal.SIGTERM)

    def exited(self):
        return self.process.poll() is not None

    def stop(self):
        self.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.ports["PLAINTEXT"]), timeout=1).close()
            return True
        except OSError:
            return False

    def log(self):
        return (self.directory / "broker.log").read_text(errors="replace")[-4000:]


class Kafka:
    def __init__(self, directory, nodes=1, properties="", listeners=()):
        """properties: more of every node's; listeners: SSL, SASL_SSL."""
        self.directory = pathlib.Path(directory)
        self.properties = properties
        self.listeners = ["PLAINTEXT", "CONTROLLER", "PROXIED", *listeners]
        self.replicas = nodes
        self.nodes = []

    def __enter__(self):
        for attempts_left in (2, 1, 0):
            try:
                self._start()
                return self
            except (AssertionError, subprocess.CalledProcessError):
                logs = [node.log() for node in self.nodes if node.process]
                self.stop()
                if not attempts_left:
                    print(*logs)
                    raise
        return self

    def __exit__(self, *_):
        ended = [node.log() for node in self.nodes if node.exited()]
        self.stop()
        assert not ended, f"Kafka ended by itself: {ended}"

    def stop(self):
        for node in self.nodes:
            node.kill()
            shutil.rmtree(node.directory, ignore_errors=True)

    @property
    def bootstrap(self):
        return self.addresses("PLAINTEXT")

    def addresses(self, listener):
        return ",".join(node.address(listener) for node in self.nodes)

    def admin(self):
        return AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0})

    def create_topics(self, partitions_by_name, config=()):
        wanted = [NewTopic(name, partitions, self.replicas, config=dict(config))
                  for name, partitions in partitions_by_name.items()]
        admin = self.admin()  # its futures end with it
        for created in admin.create_topics(wanted).values():
            created.result()
        wait_for("leaders", lambda: self._have_leaders(partitions_by_name), START_SECONDS)

    def delete_topic(self, name):
        admin = self.admin()
        admin.delete_topics([name])[name].result()
        wait_for(f"{name} is gone", lambda: name not in self.admin().list_topics(timeout=5).topics,
                 START_SECONDS)

    def delete_records(self, kafka_topic, before, directory):
        """Those before the offset of each partition, as retention does."""
        path = directory / "delete.json"
        path.write_text(json.dumps({"version": 1, "partitions": [
            {"topic": kafka_topic, "partition": partition, "offset": offset}
            for partition, offset in before.items()]}))
        self.java("org.apache.kafka.tools.DeleteRecordsCommand", "--bootstrap-server", self.bootstrap,
                  "--offset-json-file", path)

    def java(self, main, *arguments, **options):
        """Runs one of Kafka's own programs."""
        return subprocess.run(java(main, *arguments), stdin=subprocess.DEVNULL, capture_output=True,
                              check=True, **options)

    def reset_offsets(self, group, *where):
        """Of a group that nobody is a member of."""
        self.java("org.apache.kafka.tools.consumer.group.ConsumerGroupCommand", "--bootstrap-server", self.bootstrap,
                  "--group", group, "--reset-offsets", *where, "--execute")

    def in_sync(self):
        """Whether every node is there and every partition has its leader and all of its replicas."""
        if not all(node.answers() for node in self.nodes):
            return False
        try:
            metadata = self.admin().list_topics(timeout=1)
        except KafkaException:
            return False
        partitions = [partition for kafka_topic in metadata.topics.values()
                      for partition in kafka_topic.partitions.values()]
        return len(metadata.brokers) == self.replicas and all(
            partition.leader >= 0 and len(partition.isrs) == len(partition.replicas)
            for partition in partitions)

    def _start(self):
        heap = "400m" if self.replicas == 1 else "300m"
        self.nodes = [Node(number, self.directory / f"node{number}", heap)
                      for number in range(1, self.replicas + 1)]
        cluster = base64.urlsafe_b64encode(random.randbytes(15)).decode() + "Aw"
        formats = [self._format(node, cluster.replace("-", "_")) for node in self.nodes]
        for one in formats:
            assert one.wait() == 0, "a node's storage cannot be formatted"
        for node in self.nodes:
            node.start()
        wait_for("Kafka answers", self._answers, START_SECONDS)

    def _format(self, node, cluster):
        node.data.mkdir(parents=True, exist_ok=True)
        path = node.directory / "server.properties"
        path.write_text(self._properties(node))
        with open(node.directory / "broker.log", "ab") as log:
            return spawn(java("kafka.tools.StorageTool", "format", "-t", cluster, "-c", path),
                         stdout=log, stderr=subprocess.STDOUT)

    def _properties(self, node):
        advertised = [f"{name}://{node.address('proxy' if name == 'PROXIED' else name)}"
                      for name in self.listeners if name != "CONTROLLER"]
        voters = [f"{each.number}@{each.address('CONTROLLER')}" for each in self.nodes]
        listeners = [f"{name}://{node.address(name)}" for name in self.listeners]
        in_sync_min = self.replicas // 2 + 1
        return PROPERTIES + f"""
node.id={node.number}
controller.quorum.voters={','.join(voters)}
listeners={','.join(listeners)}
advertised.listeners={','.join(advertised)}
log.dirs={node.data}
default.replication.factor={self.replicas}
min.insync.replicas={in_sync_min}
offsets.topic.replication.factor={self.replicas}
transaction.state.log.replication.factor={self.replicas}
transaction.state.log.min.isr={in_sync_min}
""" + self.properties

    def _have_leaders(self, partitions_by_name):
        consumer = Consumer({"bootstrap.servers": self.bootstrap, "group.id": "leaders",
                             "log_level": 0})
        try:
            return all(consumer.get_watermark_offsets(TopicPartition(name, partition), timeout=10)
                       for name, partitions in partitions_by_name.items()
                       for partition in range(partitions))
        except KafkaException:
            return False
        finally:
            consumer.close()

    def _answers(self):
        assert not any(node.exited() for node in self.nodes), "Kafka ended while it started"
        return self.in_sync()


def free_ports(count):
    """Ports that nothing listens on, and that no other call has given away."""
    found = []
    while len(found) < count:
        port = random.SystemRandom().choice(PORTS)
        try:
            if port not in _given:
                socket.create_server(("127.0.0.1", port)).close()
                found.append(port)
                _given.add(port)
        except OSError:
            pass
    return found


_given = set()
