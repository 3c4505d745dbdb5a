"""What may break, each fault a generator that says what to wait for before it goes on.

    schedule = Schedule()
    schedule.start(faults.kill_broker())
    while ...: schedule.step()

A step never blocks, so faults overlap; processes are started by the thread that steps.
"""

import contextlib
import signal
import time

from confluent_kafka import KafkaException

from tocsin import FENCED, SESSION_MS

STUCK_SECONDS = 180
UNDRAINED = "not drained in time"  # no broker has answered it meanwhile


class Schedule:
    def __init__(self):
        self.running = []  # [generator, what it waits for, deadline]

    def start(self, fault):
        self.running.append([fault, lambda: True, time.monotonic() + STUCK_SECONDS])

    def step(self):
        for task in list(self.running):
            if task[1]():
                try:
                    task[1], task[2] = next(task[0]), time.monotonic() + STUCK_SECONDS
                except StopIteration:
                    self.running.remove(task)
            assert time.monotonic() < task[2], f"stuck: {task[0]}, {task[0].gi_frame}"

    def holds(self, fault):
        return any(task[0] is fault for task in self.running)

    def idle(self):
        return not self.running


def after(seconds):
    due = time.monotonic() + seconds
    return lambda: time.monotonic() >= due


class Member:
    """One instance of the group, and what became of its processes."""

    def __init__(self, scene, instance, workers):
        self.scene = scene
        self.instance = instance
        self.workers = workers
        self.process = None
        self.busy = False  # a fault has it in hand
        self.unexpected = []

    def start(self):
        self.process = self.scene.run(self.instance, self.workers)

    def watch(self, counts):
        """Restarts it if it ended by itself; only fenced is a way to."""
        if self.busy or self.process is None or self.process.code() is None:
            return
        code = self.process.code()
        if code == FENCED:
            counts["fenced"] += 1
        else:
            self.unexpected.append(f"{self.instance}: exit code {code}\n{self.process.log()}")
        self.start()

    @contextlib.contextmanager
    def held(self):
        self.busy = True
        try:
            yield self
        finally:
            self.busy = False


class Faults:
    """counts: how often each happened."""

    def __init__(self, chance, members, nodes, counts, in_sync):
        self.chance = chance
        self.members = members
        self.nodes = nodes
        self.counts = counts
        self.in_sync = in_sync
        self.ask_at = 0.0

    def _member(self):
        free = [member for member in self.members if not member.busy and member.process]
        return self.chance.choice(free) if free else None

    def kill_member(self, pause=2.0):
        member = self._member()
        if not member:
            return
        with member.held():
            member.process.kill()
            self.counts["client kills"] += 1
            yield after(self.chance.uniform(0, pause))
            member.start()

    def stop_member(self):
        member = self._member()
        if not member:
            return
        with member.held():
            yield member.process.heeds_stop
            member.process.child.send_signal(signal.SIGTERM)
            self.counts["client stops"] += 1
            yield lambda: member.process.code() is not None
            code = member.process.code()
            if code != 0 and not (code == FENCED and UNDRAINED in member.process.log_end()):
                member.unexpected.append(f"{member.instance}: exit code {code} on "
                                         f"SIGTERM\n{member.process.log()}")
            yield after(self.chance.uniform(0, 2))
            member.start()

    def pause_member(self, seconds=None):
        """For longer than its session; its partitions go to others, and then it wakes up."""
        member = self._member()
        if not member:
            return
        with member.held():
            member.process.pause()
            self.counts["client pauses"] += 1
            yield after(seconds or SESSION_MS / 1000 * self.chance.uniform(0.5, 2.5))
            member.process.resume()

    def storm(self):
        """Members leave and join faster than the group can settle."""
        self.counts["rebalance storms"] += 1
        for _ in range(6):
            yield from self.kill_member(pause=0.2)
            yield after(self.chance.uniform(0.1, 1))

    def kill_broker(self):
        yield from self._kill([self.chance.choice(self.nodes)])

    def kill_all_brokers(self):
        yield from self._kill(self.nodes)

    def kill_most_brokers(self):
        yield from self._kill(self.nodes[1:])

    def _kill(self, nodes):
        for node in nodes:
            node.kill()
            self.counts["broker faults"] += 1
        yield after(self.chance.uniform(1, 12))
        for node in nodes:
            node.start()
        yield self._healthy

    def pause_broker(self):
        node = self.chance.choice(self.nodes)
        node.pause()
        self.counts["broker faults"] += 1
        yield after(self.chance.uniform(2, 14))
        node.resume()
        yield after(1)
        yield self._healthy

    def roll_brokers(self):
        for node in self.nodes:
            node.terminate()
            self.counts["broker faults"] += 1
            forced = after(30)
            yield lambda: node.exited() or forced()
            node.kill()
            node.start()
            yield self._healthy

    def _healthy(self):
        """Asking takes a while, so it is not done at every step."""
        if time.monotonic() < self.ask_at:
            return False
        self.ask_at = time.monotonic() + 1
        try:
            return self.in_sync()
        except KafkaException:
            return False
