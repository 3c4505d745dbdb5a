"""The peer that a good Python programmer would write: orjson or pysimdjson, then Hyperscan over title, lead and body.

    hyperscan_peer.py --parser orjson --anchors anchors.json --values articles.ndjson --war 3,17,40

Anchors are searched caseless and as UTF-8, as one database in block mode. Says `ready` once what it flags in a sample is what
a plain search flags, then answers each line `all` or `war` on stdin with a pass over those articles: CPU seconds and tally.
"""

import argparse
import json
import re
import sys
import time

import hyperscan
import orjson
import simdjson

SAMPLE_EVERY = 20
LITERAL = re.compile(r"(?:[^\\.\[(*+?{|^$]|\\[^\w])+")


class Matcher:
    """Which topics' anchors stand in an article, and the outputs to publish for it."""

    def __init__(self, anchors, parser):
        expressions, ids, flags = [], [], []
        self.anchors = anchors
        for number, (_, forms, is_caseless) in enumerate(anchors):
            for form in forms:
                expressions.append(form.encode())
                ids.append(number)
                flags.append(hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_SINGLEMATCH
                             | (hyperscan.HS_FLAG_CASELESS if is_caseless else 0))
        self.database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        self.database.compile(expressions=expressions, ids=ids, elements=len(ids), flags=flags)
        self.scratch = hyperscan.Scratch(self.database)
        self.parser = simdjson.Parser()
        self.outputs = {"orjson": self._outputs_orjson, "pysimdjson": self._outputs_simdjson}[parser]

    def _outputs_orjson(self, value):
        article = orjson.loads(value)
        get = article.get
        return self._encode(value, self.scan(
            f"{get('title') or ''}\n{get('lead') or ''}\n{get('body') or ''}".encode()))

    def _outputs_simdjson(self, value):
        article = self.parser.parse(value)
        get = article.get
        text = f"{get('title') or ''}\n{get('lead') or ''}\n{get('body') or ''}".encode()
        del article, get  # the parser has one document at a time
        return self._encode(value, self.scan(text))

    def scan(self, text):
        """The numbers of the anchors in the text."""
        found = set()
        self.database.scan(text, match_event_handler=_note, context=found, scratch=self.scratch)
        return found

    def _encode(self, value, found):
        if not found:
            return ()
        topics = {}
        for number in sorted(found):
            topic, forms, _ = self.anchors[number]
            topics.setdefault(topic, []).append(forms[0])
        article = orjson.Fragment(value)
        return [(topic, orjson.dumps({"tocsin": {"topic": topic, "anchors": anchors}, "article": article}))
                for topic, anchors in topics.items()]


def _note(number, begin, end, flags, found):
    found.add(number)


def plain_search(anchors):
    """What Hyperscan must find, by means of Python alone."""
    compiled = []
    for number, (_, forms, is_caseless) in enumerate(anchors):
        for form in forms:
            words = form.replace(r"\b", "")
            literal = re.sub(r"\\(.)", r"\1", words) if LITERAL.fullmatch(words) and words.isascii() else ""
            pattern = re.compile(form.replace(r"\b", r"(?a:\b)"), re.IGNORECASE * is_caseless)
            compiled.append((number, literal.lower(), pattern))

    def search(text):
        lower = text.lower()
        return {number for number, literal, pattern in compiled if literal in lower and pattern.search(text)}
    return search


def check(matcher, values):
    search = plain_search(matcher.anchors)
    for value in values[::SAMPLE_EVERY]:
        article = json.loads(value)
        text = "\n".join(article.get(field) or "" for field in ("title", "lead", "body"))
        want, got = search(text), matcher.scan(text.encode())
        assert got == want, f"{article.get('id')}: {[matcher.anchors[one] for one in got ^ want]} differ"
        topics = {matcher.anchors[number][0] for number in want}
        outputs = dict(matcher.outputs(value))
        assert topics == set(outputs), f"{article.get('id')}: {sorted(outputs)} instead of {sorted(topics)}"
        assert all(json.loads(output)["article"] == article for output in outputs.values())


def run(outputs, values):
    articles = records = size = 0
    began = time.process_time()
    for value in values:
        made = outputs(value)
        if made:
            articles += 1
            records += len(made)
            for _, output in made:
                size += len(output)
    return {"cpu_s": time.process_time() - began, "articles": len(values), "flagged": articles, "records": records,
            "bytes": size}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parser", choices=["orjson", "pysimdjson"], required=True)
    parser.add_argument("--anchors", required=True)
    parser.add_argument("--values", required=True)
    parser.add_argument("--war", required=True)
    options = parser.parse_args()
    with open(options.anchors, encoding="utf-8") as stream:
        anchors = json.load(stream)
    with open(options.values, "rb") as stream:
        values = [line for line in stream.read().split(b"\n") if line]
    with open(options.war, "rb") as stream:
        feeds = {"all": values, "war": [line for line in stream.read().split(b"\n") if line]}
    matcher = Matcher(anchors, options.parser)
    check(matcher, values)
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(run(matcher.outputs, feeds[line.strip()])), flush=True)


if __name__ == "__main__":
    main()
