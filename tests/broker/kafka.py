"""A real Apache Kafka: one KRaft node on loopback, as a process of its own.

    with Kafka(directory) as kafka:
        kafka.create_topics({"news.raw": 4})
        Producer({"bootstrap.servers": kafka.bootstrap})
"""

import ctypes
import hashlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

POM = pathlib.Path(__file__).with_name("pom.xml")
START_SECONDS = 90
JAVA = ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx400m"]
PROPERTIES = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{broker}
controller.listener.names=CONTROLLER
log.dirs={directory}/data
log.retention.ms=-1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
auto.create.topics.enable=false
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


def spawn(command, **options):
    """A child that the kernel kills when this process ends, however it ends."""
    die_with_parent = ctypes.CDLL(None).prctl
    pr_set_pdeathsig = 1
    return subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL,
                            preexec_fn=lambda: die_with_parent(pr_set_pdeathsig, signal.SIGKILL),
                            **options)


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


class Kafka:
    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.classpath = f"{jars()}/*"
        self.bootstrap = None
        self.process = None

    def __enter__(self):
        for attempts_left in (2, 1, 0):
            try:
                self._start()
                return self
            except (AssertionError, subprocess.CalledProcessError):
                self.stop()
                if not attempts_left:
                    print((self.directory / "broker.log").read_text()[-4000:])
                    raise
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None
        shutil.rmtree(self.directory / "data", ignore_errors=True)

    def create_topics(self, partitions_by_name):
        admin = AdminClient({"bootstrap.servers": self.bootstrap})
        wanted = [NewTopic(name, partitions, 1) for name, partitions in partitions_by_name.items()]
        for created in admin.create_topics(wanted).values():
            created.result()
        wait_for("leaders", lambda: self._have_leaders(partitions_by_name), START_SECONDS)

    def java(self, main, *arguments, **options):
        """Runs one of Kafka's own programs."""
        return subprocess.run([*JAVA, "-cp", self.classpath, main, *map(str, arguments)],
                              stdin=subprocess.DEVNULL, capture_output=True, check=True, **options)

    def _start(self):
        broker, controller = _free_ports(2)
        properties = self.directory / "server.properties"
        properties.write_text(PROPERTIES.format(broker=broker, controller=controller,
                                                directory=self.directory))
        storage = "kafka.tools.StorageTool"
        cluster = self.java(storage, "random-uuid").stdout.decode().split()[-1]
        self.java(storage, "format", "-t", cluster, "-c", properties)
        with open(self.directory / "broker.log", "wb") as log:
            self.process = spawn([*JAVA, "-cp", self.classpath, "kafka.Kafka", properties],
                                 stdout=log, stderr=subprocess.STDOUT)
        self.bootstrap = f"127.0.0.1:{broker}"
        wait_for("Kafka answers", self._answers, START_SECONDS)

    def _have_leaders(self, partitions_by_name):
        consumer = Consumer({"bootstrap.servers": self.bootstrap, "group.id": "leaders"})
        try:
            return all(consumer.get_watermark_offsets(TopicPartition(name, partition), timeout=10)
                       for name, partitions in partitions_by_name.items()
                       for partition in range(partitions))
        except KafkaException:
            return False
        finally:
            consumer.close()

    def _answers(self):
        assert self.process.poll() is None, "Kafka ended while it started"
        try:
            socket.create_connection(self.bootstrap.split(":"), timeout=1).close()
            admin = AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0})
            return admin.list_topics(timeout=2).brokers
        except (OSError, KafkaException):
            return None


def _free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
