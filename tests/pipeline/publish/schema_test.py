"""What the encoder writes is valid by the shipped JSON Schema, and the schema refuses what is not."""
import copy
import json
import subprocess
import sys

import jsonschema

schema_path, samples_program = sys.argv[1:]
with open(schema_path, encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)

lines = subprocess.run([samples_program], check=True, capture_output=True).stdout.splitlines()
samples = [json.loads(line) for line in lines]
whole, truncated, flagged, part = (samples[i : i + 2] for i in range(0, 8, 2))
assert [sample["tocsin"]["topic"] for sample in whole] == ["ceasefire", "sanctions"]
assert all(sample["tocsin"]["truncated"] for sample in truncated) and len(samples) == 8
assert all({"mapping", "embargoed", "status"} <= sample["tocsin"].keys() for sample in flagged)
assert all(sample["tocsin"]["source"]["article"] == 1 for sample in part)
for sample in samples:
    validator.validate(sample)


def broken(*path, value=None, of=whole[0]):
    """A valid sample with the value at path replaced, or removed when there is none."""
    sample = copy.deepcopy(of)
    at = sample
    for key in path[:-1]:
        at = at[key]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return sample


evidence = ("tocsin", "rules", 0, "evidence", 0)
for name, bad in {
    "no article": broken("article"),
    "another version": broken("tocsin", "schema_version", value=2),
    "unknown member": broken("tocsin", "extra", value=1),
    "no rule": broken("tocsin", "rules", value=[]),
    "no hits": broken("tocsin", "rules", 0, "hits", value=0),
    "no start": broken(*evidence, "start"),
    "unknown field": broken(*evidence, "field", value="url"),
    "truncated with an article": broken("article", value={}, of=truncated[0]),
    "truncated without its source": broken("tocsin", "source", of=truncated[0]),
    "another status": broken("tocsin", "status", value="usable", of=flagged[0]),
    "embargo in local time": broken("tocsin", "embargoed", value="2026-11-22T18:00:00+01:00", of=flagged[0]),
    "long prefix": broken(*evidence, "prefix", value="x" * 33),
}.items():
    assert not validator.is_valid(bad), name
assert validator.is_valid(broken("tocsin", "rules", value=[], of=flagged[0])), "withdrawn, it needs no rule"
print(f"{len(samples)} published records are valid")
