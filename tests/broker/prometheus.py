"""A real Prometheus, of the distribution, that scrapes our processes and evaluates what we ship.

    with Prometheus(directory, [pages.address], rules) as prometheus:
        prometheus.query("tocsin_ready")      # a list of samples
"""

import json
import re
import subprocess
import urllib.parse
import urllib.request

import yaml

from kafka import free_ports, spawn, wait_for

START_SECONDS = 60
COMPARISON = re.compile(r" (==|!=|>=|<=|>|<) ")


class Prometheus:
    def __init__(self, directory, targets, rules):
        self.targets = targets
        self.port = free_ports(1)[0]
        self.directory = directory
        config = {"global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                  "rule_files": [str(rules)],
                  "scrape_configs": [{"job_name": "tocsin", "static_configs": [{"targets": targets}]}]}
        (directory / "prometheus.yml").write_text(yaml.safe_dump(config))

    def __enter__(self):
        with open(self.directory / "prometheus.log", "wb") as log:
            self.process = spawn(
                ["prometheus", f"--config.file={self.directory / 'prometheus.yml'}",
                 f"--storage.tsdb.path={self.directory / 'data'}",
                 f"--web.listen-address=127.0.0.1:{self.port}"], stdout=log, stderr=subprocess.STDOUT)
        wait_for("Prometheus scrapes", self._scrapes, START_SECONDS)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def query(self, expression):
        """The samples as (labels, value)."""
        found = self._get("query", query=expression)
        assert found["resultType"] == "vector", (expression, found)
        return [(each["metric"], float(each["value"][1])) for each in found["result"]]

    def rules(self):
        return [rule for group in self._get("rules")["groups"] for rule in group["rules"]]

    def _get(self, what, **parameters):
        query = urllib.parse.urlencode(parameters)
        url = f"http://127.0.0.1:{self.port}/api/v1/{what}?{query}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)["data"]

    def _scrapes(self):
        assert self.process.poll() is None, (self.directory / "prometheus.log").read_text()
        try:
            # Rates want some samples.
            scraped = [value for _, value in self.query("count_over_time(tocsin_ready[1h])")]
            return len(scraped) == len(self.targets) and min(scraped) >= 5
        except OSError:
            return False


def unfiltered(expression):
    """The same expression with comparisons that answer 0 or 1, instead of dropping what they do not hold for."""
    return COMPARISON.sub(r" \1 bool ", expression)


def panels(dashboard):
    """(title, expression) of every query of a dashboard, its variables filled in."""
    variables = {"$__rate_interval": "1m", "$job": "tocsin", "$instance": ".*"}
    for panel in dashboard["panels"]:
        for target in panel.get("targets", ()):
            expression = target["expr"]
            for name, value in variables.items():
                expression = expression.replace(name, value)
            assert "$" not in expression, expression
            yield panel["title"], expression
