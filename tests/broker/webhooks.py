"""A real HTTP server that misbehaves as it is told, and `tocsin notify` with alerts to post to it.

    with Receiver([500, Receiver.RESET]) as receiver:     # the first two posts; 200 ever after
        desk = Desk(kafka, executable, directory, "desk", {"desk": receiver})
        desk.alert(3)
        with desk.run() as process:
            wait_for("all arrive", lambda: receiver.taken() == desk.ids, 60)
"""

import base64
import contextlib
import dataclasses
import hashlib
import hmac
import http.server
import json
import pathlib
import random
import socket
import struct
import textwrap
import threading
import time

import yaml
from confluent_kafka import Consumer, Producer, TopicPartition

from kafka import read_to_the_ends
from ledger import reasons
from tocsin import SESSION_MS, Process

GUIDE = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "README.md"


@dataclasses.dataclass
class Post:
    id: str
    headers: object
    body: bytes
    at: float
    answer: object


class Receiver:
    """answers: of the first posts, then `after`; a status, (status, headers), or one of these."""

    RESET, HANG, ENDLESS = "reset", "hang", "endless"

    def __init__(self, answers=(), after=200, tls=None, path="/alerts"):
        self.answers = list(answers)
        self.after = after
        self.posts = []
        self.keys = [f"whsec_{base64.b64encode(random.randbytes(32)).decode()}" for _ in range(2)]
        self.released = threading.Event()  # those that hang go on
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{self._server.server_port}{path}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def taken(self):
        """The ids of the posts that were answered 200, in their order, repetitions included."""
        with self._lock:
            return [post.id for post in self.posts if post.answer in (200, self.ENDLESS)]

    def received(self, headers, body):
        with self._lock:
            answer = self.answers.pop(0) if self.answers else self.after
            self.posts.append(Post(headers["webhook-id"], headers, body, time.monotonic(), answer))
            return self.posts[-1]

    def verify(self):
        """With either key: one is to follow the other."""
        for post in self.posts:
            for key in self.keys:
                assert verify(post.headers, post.body, key), post
            assert not verify(post.headers, post.body + b" ", self.keys[0])

    @property
    def secret(self):
        return "".join(f"{key}\n" for key in self.keys)


def _guides_verify():
    """The function that the guide gives to those who receive."""
    text = GUIDE.read_text(encoding="utf-8")
    begin = text.index("    def verify(headers, body, key):")
    names = {"base64": base64, "hashlib": hashlib, "hmac": hmac, "time": time}
    exec(textwrap.dedent(text[begin:text.index("\n\n", begin)]), names)
    return names["verify"]


verify = _guides_verify()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        """A client that has gone is part of the game."""


def _handler(receiver):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):  # noqa: N802
            body = self.rfile.read(int(self.headers["content-length"]))
            post = receiver.received(self.headers, body)
            if post.answer == Receiver.HANG:
                receiver.released.wait()
                post.answer = 200
            answer = post.answer
            if answer == Receiver.RESET:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                           struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True
                return
            status, headers = answer if isinstance(answer, tuple) else (answer, {})
            self.send_response(200 if status == Receiver.ENDLESS else status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status == Receiver.ENDLESS:
                self.end_headers()
                with contextlib.suppress(OSError):
                    while True:
                        self.wfile.write(b"SENTINEL-OF-A-BODY" * 1000)
            text = b"SENTINEL-OF-A-BODY"
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            pass

    return Handler


class Desk:
    """A Kafka topic with alerts, and the process that posts them."""

    def __init__(self, kafka, executable, directory, name, receivers, **notify):
        self.kafka, self.executable, self.directory, self.name = kafka, executable, directory, name
        self.receivers = receivers
        self.notify = notify
        self.alerts, self.dead = f"{name}.alerts", f"{name}.dead-letter"
        self.ids = []
        kafka.create_topics({self.alerts: 1, self.dead: 1})
        self._producer = Producer({"bootstrap.servers": kafka.bootstrap})

    def alert(self, count=1, age_ms=0):
        for _ in range(count):
            number = len(self.ids)
            headers = [("ce_specversion", b"1.0"), ("ce_id", self.id(number).encode()),
                       ("ce_source", b"kafka/news.ceasefire/0"), ("ce_type", b"tocsin.mention.first"),
                       ("ce_time", b"2026-11-22T09:00:00.000Z"), ("content-type", b"application/json")]
            self._producer.produce(self.alerts, self.value(number), headers=headers,
                                   timestamp=int(time.time() * 1000) - age_ms)
            self.ids.append(self.id(number))
        assert self._producer.flush(60) == 0

    def id(self, number):
        return hashlib.sha256(f"{self.name}{number}".encode()).hexdigest()[:32]

    @staticmethod
    def value(number):
        return json.dumps({"schema_version": 1, "story": f"{number:016x}", "topic": "ceasefire",
                           "headline": f"Waffenruhe – № {number} “quoted”"}, ensure_ascii=False).encode()

    def run(self, **environment):
        return Process([self.executable, "notify", "--config", self.config()],
                       self.directory / f"{self.name}.log", environment)

    def letters(self):
        """The dead letters: value, and what their headers say."""
        with contextlib.closing(Consumer({"bootstrap.servers": self.kafka.bootstrap, "group.id": "letters",
                                          "enable.partition.eof": True})) as consumer:
            return [(message.value(), reasons(message.headers()))
                    for message in read_to_the_ends(consumer, [TopicPartition(self.dead, 0)])]

    def config(self, **more):
        """A URL that authorizes by itself is in a file."""
        secrets, urls, files = {}, {}, {}
        for name, receiver in self.receivers.items():
            secrets[name] = self._file(f"{name}.secret", receiver.secret)
            if "?" in receiver.url:
                files[name] = self._file(f"{name}.url", receiver.url + "\n")
            else:
                urls[name] = receiver.url
        path = self.directory / f"{self.name}.yaml"
        path.write_text(yaml.safe_dump({
            "brokers": self.kafka.bootstrap, "group": self.name, "instance": "a",
            "input": [f"{self.name}.raw"],
            "dead_letter": self.dead,
            "kafka": {"session.timeout.ms": SESSION_MS, "heartbeat.interval.ms": 500},
            "notify": {"group": f"{self.name}-notify", "kafka_topics": [self.alerts],
                       "webhooks": urls, "webhook_url_files": files,
                       "webhook_secrets": secrets, "http_listen": "off", **self.notify}, **more}))
        return path

    def _file(self, name, text):
        path = self.directory / f"{self.name}.{name}"
        path.write_text(text)
        return str(path)
