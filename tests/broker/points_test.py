"""Killed at any step of the protocol, and started again: every record comes out exactly once."""

import signal

import pytest

from kafka import wait_for
from line import BATCH, Line
from proxy import DELAY_REPLY, DROP_REPLY, END_TXN, OFFSET_FETCH, Proxy
from stream import Stream
from tocsin import FENCED

DEATH_SECONDS = 60


@pytest.fixture(scope="module")
def line(kafka, executable, tmp_path_factory):
    return Line(kafka, executable, tmp_path_factory.mktemp("points"), Stream(seed=5), "points")


@pytest.mark.parametrize("point, nth", [
    ("poll", 3), ("begin", 1), ("produce", 1), ("mid_fan_out", 20),
    ("before_send_offsets", 1), ("after_send_offsets", 1), ("before_end_transaction", 1),
    ("after_end_transaction", 1)])
def test_killed_there_and_restarted_is_exact(line, faulty, point, nth):
    line.feed()
    die(line, faulty, f"{point}:{nth}:kill")
    line.finish("a")


@pytest.mark.parametrize("point, nth", [
    ("before_recycle", 1), ("after_rewind", 1),
    pytest.param("before_rewind", 1, marks=pytest.mark.long),
    pytest.param("after_rewind", 4, marks=pytest.mark.long)])
def test_killed_while_a_refused_record_is_sought_is_exact(line, faulty, point, nth):
    line.feed(refused=True)
    die(line, faulty, f"{point}:{nth}:kill")
    line.finish("a")


@pytest.mark.parametrize("point, nth", [("before_recycle", 1), ("after_recycle", 2)])
def test_killed_while_the_producer_is_replaced_is_exact(line, faulty, point, nth):
    line.feed()
    with Proxy(line.kafka) as proxy, proxy.rule(END_TXN, DROP_REPLY) as rule:
        # The producer is replaced when it begins the transaction after the doubtful one.
        with line.scene.run("a", 1, executable=faulty, brokers=proxy.bootstrap,
                            environment={"TOCSIN_FAULT": f"{point}:{nth}:kill"}) as process:
            wait_for("the reply is dropped", rule.spent, DEATH_SECONDS)
            line.feed()
            wait_for(f"it dies {point}", lambda: process.code() is not None, DEATH_SECONDS)
            assert process.code() == -signal.SIGKILL, process.log()
    line.finish("a")


@pytest.mark.parametrize("point", [
    "produce", "before_send_offsets",
    *(pytest.param(point, marks=pytest.mark.long)
      for point in ("after_send_offsets", "before_end_transaction", "after_end_transaction"))])
def test_stopped_there_for_longer_than_its_session_is_exact(line, faulty, point):
    """Another member takes its partitions meanwhile; on waking up it must not commit what it has."""
    line.feed()
    with line.scene.run("z", 1, executable=faulty,
                        environment={"TOCSIN_FAULT": f"{point}:1:stop"}) as sleeper:
        wait_for(f"it stops {point}", lambda: sleeper.state() == "T", DEATH_SECONDS)
        with line.scene.run("b", 1) as other:
            line.scene.wait_until_committed(other)
            sleeper.resume()
            wait_for("it is awake", lambda: sleeper.state() != "T", 10)
            line.feed()
            line.scene.wait_until_committed(other)
            other.stop()
        if sleeper.code() is None:
            sleeper.stop()
        else:
            assert sleeper.code() == FENCED, sleeper.log()
    line.finish("a")


def test_a_rebalance_while_offsets_are_withheld_starts_no_partition_over(line, faulty):
    """librdkafka would take them for partitions of which nothing is committed, and begin with their first record."""
    line.feed()
    with (Proxy(line.kafka) as proxy,
          line.scene.run("z", 1, executable=faulty, commit_records_max=BATCH, commit_interval_ms=60_000,
                         environment={"TOCSIN_FAULT": "after_send_offsets:2:stop"}) as sleeper):
        line.scene.wait_until_committed(sleeper)
        line.feed()
        wait_for("its second transaction is open", lambda: sleeper.state() == "T", DEATH_SECONDS)
        with line.scene.run("y", 1, brokers=proxy.bootstrap) as first:
            wait_for("another has its partitions", lambda: assignments(first) == 1, DEATH_SECONDS)
            with line.scene.run("x", 1) as second:
                wait_for("they are assigned anew", lambda: assignments(first) > 1, DEATH_SECONDS)
                with proxy.rule(OFFSET_FETCH, DELAY_REPLY, count=4) as rule:
                    wait_for("it asked for their offsets, and again", rule.spent, DEATH_SECONDS)
                sleeper.resume()
                line.scene.wait_until_committed(first, second)
    line.finish("a")


def assignments(process):
    return process.alive() and process.log().count("consume: assigned")


def test_an_end_that_arrives_late_does_not_end_the_next_transaction(line, faulty):
    """KAFKA-17754: it would publish outputs whose offsets are not committed yet; then the member dies."""
    with Proxy(line.kafka) as proxy:
        late = proxy.hold(END_TXN)
        with line.scene.run("a", 1, executable=faulty, brokers=proxy.bootstrap,
                            environment={"TOCSIN_FAULT": "before_send_offsets:2:stop"}) as member:
            line.feed()
            wait_for("the first end is kept back, the second transaction produced", lambda:
                     late.held and member.alive() and member.state() == "T", DEATH_SECONDS)
            late.release()
            wait_for("the broker has answered the late end", lambda: late.answers, DEATH_SECONDS)
    line.finish("a")


def die(line, faulty, fault):
    with line.scene.run("a", 1, executable=faulty, environment={"TOCSIN_FAULT": fault}) as process:
        wait_for(f"it dies of {fault}", lambda: process.code() is not None, DEATH_SECONDS)
        assert process.code() == -signal.SIGKILL, process.log()
