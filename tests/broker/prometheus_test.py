"""Every query of the shipped dashboard and alerts has data in a real Prometheus that scrapes the running processes."""

import json
import math
import pathlib
import random

import pytest

import stories
from alerter import Alerter
from kafka import wait_for
from line import Line
from pages import Pages
from prometheus import Prometheus, panels, unfiltered
from stream import Stream
from webhooks import Desk, Receiver

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"
SECONDS = 120


@pytest.fixture(name="prometheus", scope="module")
def scraping(kafka, executable, tmp_path_factory):
    directory = tmp_path_factory.mktemp("prometheus")
    line = Line(kafka, executable, directory, Stream(seed=7, articles=300), "prometheus")
    pages, alert_pages, notify_pages = Pages(), Pages(), Pages()
    alerter = Alerter(kafka, executable, directory, "prometheus-alert")
    mention = stories.tagged("a1", stories.body(random.Random(1)))
    rules = DEPLOY / "prometheus" / "tocsin.rules.yml"
    with Receiver() as receiver:
        desk = Desk(kafka, executable, directory, "prometheus-notify", {"desk": receiver},
                    http_listen=notify_pages.address)
        with line.scene.run("a", http_listen=pages.address, match={"cross_check_per_million": 10_000}) as process, \
                desk.run() as notify, alerter.run(http_listen=alert_pages.address) as alert, Prometheus(
                    directory, [pages.address, alert_pages.address, notify_pages.address], rules) as prometheus:
            def feed():
                line.feed()
                alerter.send(mention)
                alerter.flush()
                desk.alert()
            feed()
            line.scene.wait_until_committed(process)
            prometheus.feed = feed
            yield prometheus
            notify.stop()
            alert.stop()
            process.stop()


def values(prometheus, expression):
    """Once there are some; quotients of rates are undefined unless something comes in."""
    def ask():
        found = [value for _, value in prometheus.query(expression)]
        if found and not all(map(math.isnan, found)):
            return found
        prometheus.feed()
        return None
    return wait_for(f"data for {expression}", ask, SECONDS)


def test_every_panel_has_data(prometheus):
    dashboard = json.loads((DEPLOY / "grafana" / "tocsin.json").read_text())
    queries = list(panels(dashboard))
    assert len(queries) > 35
    for _, expression in queries:
        assert values(prometheus, expression)


def test_every_alert_is_evaluated_on_data_and_those_of_a_healthy_daemon_are_silent(prometheus):
    """With comparisons that answer 0 or 1 it is the same expression, so that silence is not for want of data."""
    rules = prometheus.rules()
    assert len(rules) == 21 and all(rule["health"] in ("ok", "unknown") for rule in rules), rules
    expected = {"TocsinDeadLetters", "TocsinManyDeadLetters"}  # the stream has many
    for rule in rules:
        expression = unfiltered(rule["query"])
        assert expression != rule["query"], f"{rule['name']}: no condition"
        found = values(prometheus, expression)
        if rule["name"] not in expected and " and " not in expression:  # 0 and 0 is there, too
            assert not any(found), (rule["name"], found)
    wait_for("the rules were evaluated", lambda: all(
        rule["health"] == "ok" for rule in prometheus.rules()), SECONDS)
    firing = {rule["name"] for rule in prometheus.rules() if rule["alerts"]}
    assert firing <= expected, firing


def test_every_metric_of_ours_is_scraped_with_its_help(prometheus):
    documented = {line.split("`")[1] for line in (DEPLOY / "metrics.md").read_text().splitlines()
                  if line.startswith(("| `tocsin_", "| `process_"))}
    assert len(documented) > 40
    for name in documented:
        suffix = "_count" if name.endswith("_latency_seconds") else ""
        assert values(prometheus, name + suffix)
