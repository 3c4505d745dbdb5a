"""deploy/examples/alert-relay: what it passes on reaches a Slack, a mail server and a real Alertmanager."""

import base64
import contextlib
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import shutil
import socket
import socketserver
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request

import pytest

RELAY = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "examples" / "alert-relay"
KEY = base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
SECONDS = 60


def wait_for(what, condition):
    deadline = time.monotonic() + SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{what}: not within {SECONDS} s"
        time.sleep(0.05)
    return found


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def running(command, port):
    with subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL) as process:
        def listens():
            assert process.poll() is None, f"{command[0]} ended"
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return True
        try:
            wait_for(f"{command[0]} listens", listens)
            yield
        finally:
            process.kill()


@contextlib.contextmanager
def relay(tmp_path, *output):
    """A function that posts to it and returns the status."""
    port = free_port()
    (tmp_path / "key").write_text(f"whsec_{KEY}\n")
    with running([RELAY, "--listen", f"127.0.0.1:{port}", "--key-file", tmp_path / "key", *output], port):
        def post(event, key=KEY, age=0):
            body = json.dumps(event).encode()
            stamp = str(int(time.time()) - age)
            digest = hmac.new(base64.b64decode(key), f"{event['id']}.{stamp}.".encode() + body,
                              hashlib.sha256).digest()
            request = urllib.request.Request(f"http://127.0.0.1:{port}/", body, {
                "content-type": "application/cloudevents+json", "webhook-id": event["id"],
                "webhook-timestamp": stamp,
                "webhook-signature": "v1," + base64.b64encode(digest).decode()})
            try:
                return urllib.request.urlopen(request, timeout=SECONDS).status
            except urllib.error.HTTPError as error:
                return error.code
        yield post


def event(ident, type_of="first", **data):
    return {"specversion": "1.0", "id": ident, "source": "kafka/news.ceasefire/0",
            "type": f"tocsin.mention.{type_of}", "datacontenttype": "application/json",
            "data": {"schema_version": 1, "story": "00000000000000aa", "topic": "ceasefire",
                     "rules": ["ceasefire.agreed"], "headline": "Truce <signed> &\nsealed",
                     "sentence": "Both sides signed a truce — „Waffenruhe“.",
                     "url": "https://news.example/1?a=1&b=2", "source": "Agency", "language": "en",
                     "article": "a-1", "published": "2026-11-22T09:00:00Z",
                     "seen": "2026-11-22T09:00:01Z", "alerted": "2026-11-22T09:00:02Z", **data}}


@pytest.fixture(name="slack")
def fake_slack():
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):  # noqa: N802
            body = self.rfile.read(int(self.headers["content-length"]))
            self.server.bodies.append((self.path, json.loads(body)))
            self.send_response(self.server.status)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.bodies, server.status = [], 200
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_slack_gets_each_alert_once_and_what_it_refuses_is_refused(tmp_path, slack):
    (tmp_path / "url").write_text(f"http://127.0.0.1:{slack.server_port}/services/T0/B0/x\n")
    with relay(tmp_path, "slack", f"@{tmp_path / 'url'}") as post:
        assert post(event("1"), key=base64.b64encode(bytes(32)).decode()) == 401
        assert post(event("1"), age=3600) == 401
        assert not slack.bodies
        slack.status = 500
        assert post(event("1")) == 502
        slack.status = 200
        assert [post(event("1")), post(event("1")), post(event("2", "retracted", reason="withheld"))] == [204] * 3
        assert post({"id": "3"}) == 422
    failed, first, second = slack.bodies
    assert failed == first and first[0] == "/services/T0/B0/x"
    assert first[1]["text"].startswith(
        "*ceasefire* <https://news.example/1?a=1&amp;b=2|Truce &lt;signed&gt; &amp; sealed>\n> Both sides")
    assert "RETRACTED (withheld)" in second[1]["text"]


class Smtp(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client needs, and STARTTLS (RFC 3207) if the server has a certificate."""

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            verb = line.split()[0].upper()
            if verb == b"EHLO" and self.server.tls:
                self.wfile.write(b"250-here\r\n250 STARTTLS\r\n")
                continue
            if verb == b"STARTTLS":
                self.wfile.write(b"220 go on\r\n")
                self.request = self.server.tls.wrap_socket(self.request, server_side=True)
                self.setup()
                self.server.encrypted += 1
                continue
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.mails.append(b"".join(each.removeprefix(b".") for each in lines))
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 good\r\n")
            if verb == b"QUIT":
                return


@pytest.fixture(name="certificate")
def own_certificate(tmp_path):
    path = tmp_path / "certificate"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
                    "-keyout", path, "-out", tmp_path / "public"], check=True, capture_output=True)
    with path.open("a") as file:
        file.write((tmp_path / "public").read_text())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@pytest.mark.parametrize("is_encrypted", [False, True])
def test_mail_arrives_readable_and_encrypted_where_the_server_can(tmp_path, certificate, is_encrypted):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp) as server:
        server.mails, server.tls, server.encrypted = [], certificate if is_encrypted else None, 0
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"127.0.0.1:{server.server_address[1]}"
        with relay(tmp_path, "mail", "desk@example.org", "--sender", "tocsin@example.org", "--server",
                   address) as post:
            assert post(event("1")) == 204
        server.shutdown()
    assert server.encrypted == is_encrypted
    one = email.message_from_bytes(server.mails[0], policy=email.policy.default)
    assert one["subject"] == "[ceasefire] Truce <signed> & sealed"
    assert (one["to"], one["from"], one["message-id"]) == (
        "desk@example.org", "tocsin@example.org", "<1@tocsin>")
    assert "„Waffenruhe“" in one.get_content() and "https://news.example/1" in one.get_content()


def test_an_output_that_is_down_is_told_so(tmp_path):
    with relay(tmp_path, "mail", "d@example.org", "--sender", "t@example.org", "--server",
               f"127.0.0.1:{free_port()}") as post:
        assert post(event("1")) == 502


def test_a_real_alertmanager_fires_and_a_retraction_ends_it(tmp_path):
    if shutil.which("prometheus-alertmanager") is None:
        assert os.environ.get("CI") != "true", "prometheus-alertmanager is not installed"
        pytest.skip("prometheus-alertmanager is not installed")
    port = free_port()
    (tmp_path / "am.yml").write_text("route: {receiver: none}\nreceivers: [{name: none}]\n")
    command = ["prometheus-alertmanager", f"--config.file={tmp_path / 'am.yml'}",
               f"--storage.path={tmp_path}", f"--web.listen-address=127.0.0.1:{port}",
               "--cluster.listen-address="]

    def active():
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v2/alerts", timeout=SECONDS) as answer:
            return json.load(answer)

    with running(command, port), relay(tmp_path, "alertmanager", f"http://127.0.0.1:{port}/") as post:
        assert post(event("1")) == 204
        one, = wait_for("it fires", active)
        assert one["labels"] == {"alertname": "TocsinMention", "topic": "ceasefire",
                                 "story": "00000000000000aa", "severity": "info"}
        assert one["annotations"]["summary"] == "Truce <signed> & sealed"
        assert one["generatorURL"] == "https://news.example/1?a=1&b=2"
        assert post(event("2", "retracted", reason="canceled")) == 204
        wait_for("it has ended", lambda: not active())
