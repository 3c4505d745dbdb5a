"""Presets and recipes: own samples against golden records, and the samples of ../shared against Python.

Environment: MAPPED_ARTICLES, the program; TOCSIN_SHARED, or ../shared beside the source tree. With
--update the golden records are written anew.
"""
import datetime
import email.utils
import html.parser
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PRESETS = ROOT / "pipeline/decode/presets"
WIRE = pathlib.Path(os.environ.get("TOCSIN_SHARED", ROOT.parent / "shared")) / "corpora/wire-formats"
GOLDEN = HERE / "golden.json"


def mapping_of(name):
    """The preset or recipe that a sample is named after: ninjs-2 is read by ninjs."""
    for directory in (HERE / "recipes", PRESETS):
        for stem in (name, re.sub(r"-(\d|list|alone)$", "", name)):
            if (directory / f"{stem}.yaml").exists():
                return directory / f"{stem}.yaml"
    raise AssertionError(f"no mapping for {name}")


def read(mapping, path, how="document"):
    """The articles as the mapping reads them."""
    command = [os.environ["MAPPED_ARTICLES"], str(mapping), how, str(path)]
    done = subprocess.run(command, capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def own_samples():
    return {path.stem: read(mapping_of(path.stem), path) for path in sorted((HERE / "samples").glob("*.json"))}


def utc(text):
    """RFC 3339 of what Python's own parsers read; None if they do not."""
    if re.search(r"\b(CES?T|EES?T)\b", str(text)):
        return None  # Python takes them for UTC
    try:
        if isinstance(text, int) or text.isdigit():
            seconds = int(text) / (1000 if int(text) > 10**11 else 1)
            time = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
        elif text[:1].isalpha():
            time = email.utils.parsedate_to_datetime(text)
        else:
            time = datetime.datetime.fromisoformat(re.sub(r" (?=[+-])", "", text.strip()))
    except (ValueError, TypeError, AttributeError):
        return None
    if time.tzinfo is None:
        time = time.replace(tzinfo=datetime.timezone.utc)
    return time.astimezone(datetime.timezone.utc)


def text_of(value):
    """A string that is not blank, or None."""
    return value if isinstance(value, str) and value.strip() else None


def parse(text):
    """None for what RFC 8259 does not allow, and Python does: NaN."""

    def refuse(constant):
        raise ValueError(constant)

    try:
        return json.loads(text, parse_constant=refuse)
    except ValueError:
        return None


class Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.text = []

    def handle_data(self, data):
        self.text.append(data)


def letters(text):
    """Of HTML or text the letters and digits alone: where paragraphs break is tested elsewhere."""
    tags = Tags()
    tags.feed(text or "")
    tags.close()
    return re.sub(r"\W+", "", "".join(tags.text))


def first(*values):
    return next((value for value in values if value), None)


def by_ninjs(doc):
    bodies = doc.get("bodies", [])
    kind = lambda body: body.get("contentType", body.get("contenttype"))
    plain = [b["value"] for b in bodies if kind(b) == "text/plain"]
    main = [b["value"] for b in bodies if b.get("role") == "main"]
    heads = doc.get("headlines", [])
    heads = [h["value"] for h in heads if h.get("role") == "main"] + [h["value"] for h in heads]
    sources = first(doc.get("infoSources"), doc.get("infosources"), doc.get("infosource")) or []
    sources = [s.get("name") for s in sources]
    yield {
        "id": doc["uri"],
        "title": first(*heads, doc.get("headline")),
        "body": first(*plain, *main, *(text_of(b.get("value")) for b in bodies), doc.get("body_text"), doc.get("body_xhtml")),
        "published": first(doc.get("versionCreated"), doc.get("versioncreated")),
        "source": first(*sources, doc.get("copyrightHolder"), doc.get("copyrightholder")),
        "language": doc.get("language"),
    }


def by_schema_org(doc):
    def is_article(item):
        types = item.get("@type") if isinstance(item, dict) else None
        types = types if isinstance(types, list) else [types]
        return any(isinstance(t, str) and re.search("(Article|Posting)$|^Report$", t) for t in types)

    graph = doc.get("@graph", []) if isinstance(doc, dict) else []
    members = list(doc.values()) if isinstance(doc, dict) else doc
    has_text = isinstance(doc, dict) and {"headline", "articleBody"} & doc.keys()
    choices = (graph if isinstance(graph, list) else list(graph.values()), [doc], members)
    found = first(*([item for item in items if is_article(item)] for items in choices), [doc] if has_text else []) or []
    if not found:
        yield {"title": None, "body": None}
    for item in found:
        publisher = item.get("publisher")
        yield {
            "title": first(text_of(item.get("headline")), text_of(item.get("name")), text_of(item.get("alternativeHeadline"))),
            "body": first(text_of(item.get("articleBody")), text_of(item.get("text"))),
            "published": item.get("datePublished"),
        } | ({"source": publisher["name"]} if isinstance(publisher, dict) and text_of(publisher.get("name")) else {})


def by_webz(doc):
    yield {"id": doc["uuid"], "title": doc["title"], "body": doc["text"], "published": doc["published"],
           "source": doc["thread"]["site_full"], "url": doc["url"]}


def by_news_please(doc):
    yield {"id": doc["filename"], "title": doc["title"], "body": doc["maintext"], "published": doc["date_publish"],
           "source": doc["source_domain"], "url": doc["url"], "language": doc["language"]}


def by_trafilatura(doc):
    yield {"id": doc["fingerprint"], "title": doc["title"], "body": doc["text"], "published": doc["date"],
           "source": first(doc["source-hostname"], doc["hostname"]), "url": doc["source"]}


def by_newsapi(doc):
    for each in doc["articles"]:
        yield {"title": each["title"], "body": first(each["content"], each["description"]), "url": each["url"],
               "published": each["publishedAt"], "source": each["source"]["name"]}


WIRE_FORMATS = [
    ("ninjs-1.3.json", "ninjs", by_ninjs),
    ("ninjs-2.2.json", "ninjs", by_ninjs),
    ("ninjs-3.1.json", "ninjs", by_ninjs),
    ("ninjs-real-*.json", "ninjs", by_ninjs),
    ("jsonld-graph.json", "schema-org", by_schema_org),
    ("jsonld-newsarticle-real.ndjson", "schema-org", by_schema_org),
    ("webz-post.json", "webz", by_webz),
    ("news-please.json", "news-please", by_news_please),
    ("news-please-real.ndjson", "news-please", by_news_please),
    ("trafilatura-real.ndjson", "trafilatura", by_trafilatura),
    ("newsapi-org.json", "newsapi", by_newsapi),
]


class MappingsTest(unittest.TestCase):
    maxDiff = None

    def test_own_samples_are_read_as_the_golden_records(self):
        golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
        for name, articles in own_samples().items():
            with self.subTest(sample=name):
                self.assertEqual(articles, golden.get(name))

    def test_every_preset_and_recipe_has_a_sample(self):
        used = {mapping_of(path.stem) for path in (HERE / "samples").glob("*.json")}
        there = set(PRESETS.glob("*.yaml")) | set((HERE / "recipes").glob("*.yaml"))
        self.assertEqual(there - used, set())

    def compare(self, read_as, want, name):
        if want is None:
            self.assertEqual(read_as, {"error": "malformed_json"}, name)
            return
        if not want["title"] and not want["body"]:
            self.assertEqual(read_as, {"error": "missing_field"}, name)
            return
        self.assertNotIn("error", read_as, name)
        self.assertEqual(letters(read_as.get("title")), letters(want["title"]), name)
        # What of HTML nobody sees is dropped, which html_oracle_test compares: here how it begins.
        shown = 60 if "<" in (want["body"] or "") else None
        self.assertEqual(letters(read_as.get("body"))[:shown], letters(want["body"])[:shown], name)
        for field in ("id", "source", "url", "language"):
            if field in want:
                self.assertEqual(read_as.get(field), want[field] or None, f"{name}: {field}")
        published = utc(want["published"])
        if published:
            self.assertEqual(utc(read_as.get("published")), published, f"{name}: {want['published']}")

    def need_wire_formats(self):
        if not WIRE.is_dir():
            if os.environ.get("CI") == "true":
                self.fail(f"{WIRE} is absent")
            self.skipTest(f"{WIRE} is absent")

    def test_blocks_of_json_ld_that_are_no_json_are_refused_and_what_python_reads_is_read(self):
        self.need_wire_formats()
        lines = (WIRE / "jsonld-invalid-real.ndjson").read_text(encoding="utf-8").splitlines()
        self.assertEqual(len(lines), 44)
        reasons = {"empty": 0, "malformed_json": 0}
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "block.json"
            for number, line in enumerate(lines):
                text = json.loads(line)["raw"]
                path.write_text(text, encoding="utf-8", newline="")
                articles = read(PRESETS / "schema-org.yaml", path)
                with self.subTest(block=number):
                    doc = parse(text)
                    if doc is not None:
                        self.assertEqual(len(articles), len(list(by_schema_org(doc))))
                        continue
                    want = "malformed_json" if text.strip() else "empty"
                    self.assertEqual(articles, [{"error": want}])
                    reasons[want] += 1
        self.assertEqual(reasons, {"empty": 1, "malformed_json": 43})

    def test_wire_formats_are_read_as_python_reads_them(self):
        self.need_wire_formats()
        for pattern, preset, by_python in WIRE_FORMATS:
            paths = sorted(WIRE.glob(pattern))
            self.assertTrue(paths, pattern)
            for path in paths:
                with self.subTest(file=path.name):
                    is_lines = path.suffix == ".ndjson"
                    text = path.read_text(encoding="utf-8")
                    docs = [parse(one) for one in (text.rstrip("\n").split("\n") if is_lines else [text])]
                    articles = read(PRESETS / f"{preset}.yaml", path, "json" if is_lines else "document")
                    wanted = [want for doc in docs for want in (by_python(doc) if doc else [None])]
                    self.assertEqual(len(articles), len(wanted))
                    for number, (article, want) in enumerate(zip(articles, wanted)):
                        self.compare(article, want, f"{path.name}: article {number}")


if __name__ == "__main__":
    if "--update" in sys.argv:
        GOLDEN.write_text(json.dumps(own_samples(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    else:
        unittest.main()
