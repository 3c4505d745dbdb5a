"""A proxy between Tocsin and its broker loses, delays and keeps back what ends a transaction."""

import pytest

from kafka import wait_for
from line import Line
from proxy import (ADD_OFFSETS, ADD_PARTITIONS, DELAY_REPLY, DROP_REPLY, DROP_REQUEST, END_TXN,
                   INIT_PRODUCER_ID, PRODUCE, TXN_OFFSET_COMMIT, Proxy)
from stream import Stream

SECONDS = 90
SLOW = 6.0  # longer than a commit may take before its producer is replaced


@pytest.fixture(scope="module")
def line(kafka, executable, tmp_path_factory):
    return Line(kafka, executable, tmp_path_factory.mktemp("network"), Stream(seed=6), "network")


@pytest.fixture(scope="module")
def proxy(kafka):
    with Proxy(kafka) as running:
        yield running


@pytest.fixture(scope="module")
def member(line, proxy):
    with line.scene.run("a", 1, brokers=proxy.bootstrap) as process:
        yield process
        process.stop()


@pytest.mark.parametrize("api, action, count, seconds", [
    pytest.param(PRODUCE, DROP_REQUEST, 3, 0, id="produce requests lost", marks=pytest.mark.long),
    pytest.param(PRODUCE, DROP_REPLY, 3, 0, id="produce replies lost"),
    pytest.param(PRODUCE, DELAY_REPLY, 3, 0.5, id="produce replies late", marks=pytest.mark.long),
    pytest.param(ADD_PARTITIONS, DROP_REPLY, 1, 0, id="replies to added partitions lost", marks=pytest.mark.long),
    pytest.param(ADD_OFFSETS, DROP_REPLY, 2, 0, id="replies to added offsets lost", marks=pytest.mark.long),
    pytest.param(TXN_OFFSET_COMMIT, DROP_REQUEST, 2, 0, id="offset commits lost"),
    pytest.param(TXN_OFFSET_COMMIT, DROP_REPLY, 2, 0, id="replies to offset commits lost"),
    pytest.param(TXN_OFFSET_COMMIT, DELAY_REPLY, 1, SLOW, id="reply to an offset commit late"),
    pytest.param(END_TXN, DROP_REQUEST, 2, 0, id="ends of transactions lost"),
    pytest.param(END_TXN, DROP_REPLY, 2, 0, id="replies to ends of transactions lost"),
    pytest.param(END_TXN, DELAY_REPLY, 1, SLOW, id="reply to the end of a transaction late"),
])
def test_exact_with(line, member, proxy, api, action, count, seconds):
    with proxy.rule(api, action, count, seconds) as rule:
        line.feed()
        wait_for(f"{rule.action}, {count} times", lambda: member.alive() and rule.spent(), SECONDS)
    line.feed()
    line.scene.wait_until_committed(member)
    line.require_exact()


def test_exact_with_a_reply_lost_while_the_producer_is_replaced(line, member, proxy):
    with proxy.rule(END_TXN, DROP_REPLY), proxy.rule(INIT_PRODUCER_ID, DROP_REPLY):
        line.feed(refused=True)
        line.scene.wait_until_committed(member)
    line.require_exact()
