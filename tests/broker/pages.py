"""The pages of a running daemon.

    pages = Pages()
    with scene.run("a", http_listen=pages.address):
        wait_for("ready", lambda: pages.ready(), 60)
        pages.metrics().sum("tocsin_lag_records", kafka_topic="news.raw")
"""

import json
import re
import urllib.error
import urllib.request

from kafka import free_ports

SAMPLE = re.compile(r"([a-z_]+)(?:\{(.*)\})? (\S+)")
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')
SECONDS = 10


class Pages:
    def __init__(self):
        self.address = f"127.0.0.1:{free_ports(1)[0]}"

    def get(self, path):
        """Status code and body; nothing while nobody listens."""
        try:
            with urllib.request.urlopen(f"http://{self.address}{path}", timeout=SECONDS) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return None, ""

    def ready(self):
        return self.get("/readyz") == (200, '{"ready":true,"reasons":[]}\n')

    def reasons(self):
        """Of a 503; empty if it is another answer, or none."""
        code, body = self.get("/readyz")
        return " ".join(json.loads(body)["reasons"]) if code == 503 else ""

    def metrics(self):
        code, body = self.get("/metrics")
        assert code == 200, body
        return Metrics(body)


class Metrics:
    def __init__(self, text):
        self.samples = []
        for line in text.splitlines():
            if not line.startswith("#"):
                name, labels, value = SAMPLE.fullmatch(line).groups()
                self.samples.append((name, dict(LABEL.findall(labels or "")), float(value)))

    def of(self, name):
        return [(labels, value) for each, labels, value in self.samples if each == name]

    def sum(self, name, **wanted):
        return sum(value for labels, value in self.of(name)
                   if all(labels[label] == value_of for label, value_of in wanted.items()))

    def lags(self):
        return {int(labels["partition"]): value for labels, value in self.of("tocsin_lag_records")}
