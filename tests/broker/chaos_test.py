"""The short form of tests/chaos: half a minute of random faults, the same at every run as far as the seed goes."""

import math

import pytest

from chaos import Chaos


def test_exact_while_members_and_brokers_break_at_random(cluster, executable, tmp_path):
    Chaos(cluster, executable, tmp_path, seed=1, articles=15_000, seconds=24, client_every=2.5,
          broker_every=10, broker_faults={"kill_broker": 1, "pause_broker": 1}, refused=2).run()


@pytest.mark.long
def test_exact_in_a_rebalance_storm(kafka, executable, tmp_path):
    Chaos(kafka, executable, tmp_path, seed=2, articles=20_000, seconds=15, client_every=5,
          client_faults={"storm": 1}, broker_every=math.inf, refused=0, name="storm").run()


@pytest.mark.long
@pytest.mark.parametrize("fault", ["roll_brokers", "kill_most_brokers", "kill_all_brokers",
                                   "pause_broker"])
def test_exact_while_members_die_and_brokers(cluster, executable, tmp_path, fault):
    Chaos(cluster, executable, tmp_path, seed=3, articles=30_000, seconds=60, client_every=5,
          broker_every=20, broker_faults={fault: 1}, name=fault.replace("_", "-")).run()
