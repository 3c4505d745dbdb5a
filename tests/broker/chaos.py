"""Members, brokers and the network of a group break at random while articles flow; then all is accounted for.

    chaos = Chaos(kafka, executable, directory, seed=7, articles=20_000, seconds=60)
    print(chaos.run())      # fails unless every record came out exactly once

From the command line, as tests/chaos:

    tests/chaos --minutes 25 --seed 7 --articles 1000000
"""

import argparse
import collections
import os
import pathlib
import random
import shutil
import sys
import tempfile
import time

from exactly_once import Truth, verify
from faults import Faults, Member, Schedule
from kafka import Kafka, wait_for
from live import Feeder, LiveReader
from stream import ANY_TIME, Stream
from tocsin import Scene

INPUT_PARTITIONS = 12
STEP_SECONDS = 0.05
DRAIN_SECONDS = 400
REPORT_SECONDS = 60
REFUSED = 8  # records that no broker takes
# How often, by chance, each client fault is chosen.
CLIENT_FAULTS = {"kill_member": 80, "stop_member": 10, "pause_member": 8, "storm": 2}
BROKER_FAULTS = {"kill_broker": 45, "pause_broker": 30, "roll_brokers": 10, "kill_most_brokers": 8,
                 "kill_all_brokers": 7}


class Chaos:
    def __init__(self, kafka, executable, directory, *, seed, articles, seconds, members=3, workers=2,
                 client_every=4.5, broker_every=40.0, client_faults=None, broker_faults=None,
                 refused=REFUSED, name="chaos"):
        self.chance = random.Random(seed)
        self.seed = seed
        self.seconds = seconds
        self.every = {"client": client_every, "broker": broker_every}
        self.client_faults = client_faults or CLIENT_FAULTS
        self.broker_faults = broker_faults or BROKER_FAULTS
        self.stream = Stream(seed, partitions=INPUT_PARTITIONS)
        for place in range(refused):
            self.stream.refuse(self.stream.matching((2 * place + 1) * articles // (2 * refused)))
        source = f"{name}.raw"
        kafka.create_topics({source: INPUT_PARTITIONS}, ANY_TIME)
        self.scene = Scene(kafka, executable, directory, name, source)
        self.truth = Truth(kafka, source, self.stream)
        self.feeder = Feeder(kafka, source, self.stream, 0, articles, articles / seconds / 0.9)
        self.members = [Member(self.scene, chr(ord("a") + place), workers)
                        for place in range(members)]
        self.counts = collections.Counter()
        self.faults = Faults(self.chance, self.members, kafka.nodes, self.counts, kafka.in_sync)
        self.schedule = Schedule()
        self.clients_due = self.brokers_due = 0.0
        self.broker_fault = None

    def run(self):
        begun = time.monotonic()
        print(f"seed {self.seed}", flush=True)
        with self.feeder, LiveReader(self.scene, self.truth) as reader:
            try:
                for member in self.members:
                    member.start()
                self._break_things(begun)
                self._drain(reader)
                self._stop_members()
                reader.catch_up()
            finally:
                for member in self.members:
                    member.process.kill()
        try:
            verdict = verify(self.scene, self.truth)
            figures = self._figures(verdict, reader, time.monotonic() - begun)
            print(figures, flush=True)
            verdict.require_exact()
            reader.require_whole(verdict)
        except AssertionError:
            self._keep_brokers_data()
            raise
        unexpected = [one for member in self.members for one in member.unexpected]
        assert not unexpected, f"{len(unexpected)} unexpected exits, such as\n{unexpected[0]}"
        return figures

    def _break_things(self, begun):
        end = begun + self.seconds
        reported = begun
        self.clients_due = begun + self.every["client"]
        self.brokers_due = begun + self.every["broker"] / 2
        while time.monotonic() < end or not self.schedule.idle():
            now = time.monotonic()
            if now < end:
                self._choose(now)
            self._step()
            if now - reported > REPORT_SECONDS:
                reported = now
                print(f"{now - begun:6.0f} s  {self.feeder.sent} fed  {dict(self.counts)}", flush=True)

    def _choose(self, now):
        if now >= self.clients_due:
            self.clients_due = now + self.chance.expovariate(1) * self.every["client"]
            self.schedule.start(getattr(self.faults, self._pick(self.client_faults))())
        if now >= self.brokers_due and not self.schedule.holds(self.broker_fault):
            self.brokers_due = now + self.chance.uniform(0.5, 1.5) * self.every["broker"]
            self.broker_fault = getattr(self.faults, self._pick(self.broker_faults))()
            self.schedule.start(self.broker_fault)

    def _pick(self, weights):
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def _step(self):
        self.schedule.step()
        for member in self.members:
            member.watch(self.counts)
        self.feeder.healthy()
        time.sleep(STEP_SECONDS)

    def _drain(self, reader):
        """Until all is fed and committed; a member that has been fenced is still restarted."""
        def done():
            self._step()
            reader.healthy()
            return self.feeder.done() and self.scene.try_committed() == self._ends()
        wait_for(f"all is committed (seed {self.seed})", done, DRAIN_SECONDS)

    def _ends(self):
        self.truth.extend()
        return self.truth.ends()

    def _stop_members(self):
        for member in self.members:
            member.process.stop()

    def _keep_brokers_data(self):
        """Which producer wrote what, and what became of its transactions, is for Kafka's DumpLogSegments to tell."""
        for node in self.scene.kafka.nodes:
            kept = pathlib.Path(self.scene.directory) / node.directory.name
            shutil.copytree(node.directory, kept, ignore=shutil.ignore_patterns("*index"))  # sparse: 2 GB when copied
            print(f"the data of a broker: {kept}", flush=True)

    def _figures(self, verdict, reader, seconds):
        counts = self.counts
        clients = sum(count for what, count in counts.items() if what.startswith("client"))
        worst = f"{len(reader.torn)} seen torn and {len(reader.behind)} late by the live reader"
        return (f"chaos, seed {self.seed}: {verdict}\n{worst} in {reader.snapshots} snapshots; "
                f"{clients} client faults, {counts['client kills']} of them SIGKILL; "
                f"{counts['broker faults']} broker faults; {dict(counts)}; {seconds:.0f} s")


def main():
    parser = argparse.ArgumentParser(description="breaks a group of Tocsins and its Kafka at random")
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--executable", type=pathlib.Path,
                        default=pathlib.Path(__file__).parents[2] / "build" / "release" / "tocsin")
    parser.add_argument("--keep", action="store_true", help="keep the logs")
    options = parser.parse_args()
    if not os.access(options.executable, os.X_OK):
        parser.error(f"{options.executable} is not built")
    directory = pathlib.Path(tempfile.mkdtemp(prefix="tocsin-chaos-", dir="/tmp"))
    try:
        with Kafka(directory / "kafka", nodes=3) as kafka:
            Chaos(kafka, options.executable, directory, seed=options.seed,
                  articles=options.articles, seconds=options.minutes * 60).run()
    except AssertionError as error:
        sys.exit(f"tests/chaos --seed {options.seed}: {error}\nthe members' logs: {directory}")
    if not options.keep:
        shutil.rmtree(directory)


if __name__ == "__main__":
    main()
