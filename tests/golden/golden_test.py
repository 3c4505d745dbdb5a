"""`tocsin match` with the shipped rules: five real articles as text and as JSON, and whole records on our own."""

import json
import os
import pathlib
import re
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SHARED = pathlib.Path(os.environ.get("TOCSIN_SHARED") or ROOT.parent / "shared")
TOCSIN = os.environ.get("TOCSIN") or ROOT / "build" / "release" / "tocsin"
BAD_INPUT = 65
CONTEXT = 32  # code points of prefix and suffix
OWN = pathlib.Path("tests") / "golden" / "own"

SEED_TOPICS = {
    "000": ["pipeline"],
    "001": [],
    "002": ["ceasefire"],
    "003": ["ceasefire"],
    "004": ["ceasefire", "sanctions"],
}


def match(rules, *arguments, stdin=b"", code=0):
    """What `tocsin match` writes to stdout and stderr."""
    run = subprocess.run([TOCSIN, "match", "--rules", rules, *arguments], cwd=ROOT, input=stdin,
                         capture_output=True, check=False, timeout=60)
    assert run.returncode == code, run.stderr.decode()
    return run.stdout.decode().splitlines(), run.stderr.decode().splitlines()


def seed(number):
    found = list((SHARED / "seeds").glob(f"{number}_*.txt"))
    if not found:
        assert os.environ.get("CI") != "true", f"no seed {number} in {SHARED}"
        pytest.skip(f"no seed {number} in {SHARED}")
    return found[0]


def as_json(text):
    """A plain-text article as the command reads it: the first line is the title."""
    title, _, body = text.partition("\n")
    return {"title": title, "body": body}


def parse(line):
    """A published record; of a key that stands twice the first counts, a lone surrogate is U+FFFD."""
    def first_wins(pairs):
        return {key: re.sub("[\ud800-\udfff]", "\ufffd", value) if isinstance(value, str) else value
                for key, value in reversed(pairs)}
    return json.loads(line, object_pairs_hook=first_wins)


def check_quotes(published):
    for rule in published["tocsin"]["rules"]:
        assert rule["hits"] >= len(rule["evidence"]) > 0, rule
        for one in rule["evidence"]:
            text, start, end = published["article"][one["field"]], one["start"], one["end"]
            assert one["exact"] == text[start:end] != "", one
            assert one["prefix"] == text[max(start - CONTEXT, 0):start], one
            assert one["suffix"] == text[end:end + CONTEXT], one


@pytest.mark.parametrize("number, topics", SEED_TOPICS.items(), ids=SEED_TOPICS)
def test_seed_has_its_topics_as_text_and_as_json(number, topics):
    path = seed(number)
    catalog = ROOT / "rules" / "catalog"
    from_text = list(map(parse, match(catalog, "--input-format", "text", path)[0]))
    assert [published["tocsin"]["topic"] for published in from_text] == topics
    article = json.dumps(as_json(path.read_text(encoding="utf-8"))).encode()
    from_json = list(map(parse, match(catalog, "-", stdin=article)[0]))
    assert ([published["tocsin"] for published in from_json]
            == [published["tocsin"] for published in from_text])
    for published in from_text + from_json:
        check_quotes(published)


def test_own_articles_give_the_records_that_were_read_and_approved():
    """When a record is meant to change: run the command, read the difference, commit it."""
    got, said = match(OWN / "rules.yaml", OWN / "articles.ndjson", code=BAD_INPUT)
    for line in got:
        check_quotes(parse(line))
    assert got == (ROOT / OWN / "published.ndjson").read_text(encoding="utf-8").splitlines()
    assert said == (ROOT / OWN / "stderr.txt").read_text(encoding="utf-8").splitlines()
