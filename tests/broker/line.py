"""An input that grows, and the scene that follows it; tests share one, so that whatever goes wrong adds up.

    line = Line(kafka, executable, directory, Stream(seed=5), "points")
    line.feed()
    with line.scene.run("a", workers=1): ...     # break it
    line.finish("a")                             # all that was fed came out exactly once
"""

from exactly_once import Truth, verify
from stream import ANY_TIME
from tocsin import Scene, produce

BATCH = 600
PARTITIONS = 4
# Several transactions a batch; members that leave without a word are soon forgotten.
CONFIG = {"commit_records_max": BATCH // 5,
          "kafka": {"session.timeout.ms": 1500, "heartbeat.interval.ms": 300}}


class Line:
    def __init__(self, kafka, executable, directory, stream, name, config=(), output_config=()):
        self.kafka = kafka
        self.stream = stream
        self.fed = 0
        self.source = f"{name}.raw"
        kafka.create_topics({self.source: PARTITIONS}, ANY_TIME)
        self.scene = Scene(kafka, executable, directory, name, self.source,
                           {**CONFIG, **dict(config)}, output_config)
        self.truth = Truth(kafka, self.source, stream)

    def feed(self, refused=False, count=BATCH):
        """refused: with a record among them that no broker takes."""
        if refused:
            self.stream.refuse(self.stream.matching(self.fed + count // 2))
        produce(self.kafka, self.source, self.stream.records(self.fed, self.fed + count))
        self.fed += count

    def finish(self, *instances):
        """What was left undone is done by new processes, and more: errors often show only then."""
        self.feed()
        processes = [self.scene.run(instance, workers=1) for instance in instances]
        try:
            self.scene.wait_until_committed(*processes)
            for process in processes:
                process.stop()
        finally:
            for process in processes:
                process.kill()
        self.require_exact()

    def require_exact(self):
        verify(self.scene, self.truth).require_exact()
