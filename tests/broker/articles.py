"""What the tests feed to Tocsin: records with articles, real and made, and records that are none.

    for record in records(50_000, seed=1): record.partition, record.offset, record.value, ...

Every record carries what Tocsin must do with it, as far as the record alone says.
"""

import json
import os
import pathlib
import random
import subprocess
from typing import NamedTuple, Optional

PARTITIONS = 4
BYTES_MAX = 200_000  # what the tests configure
DEPTH_MAX = 100
FIRST_TIMESTAMP_MS = 1_700_000_000_000
REAL_ARTICLES = 1_500

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("TOCSIN_SHARED") or ROOT.parent / "shared")


class Record(NamedTuple):
    partition: int
    offset: int
    key: Optional[bytes]
    value: Optional[bytes]
    headers: list
    timestamp_ms: int
    bad: Optional[str]  # the reason with which it goes to the dead letters


# Everything that the rules of tests/broker/rules look for, in many spellings, and what only looks alike.
MENTIONS = [
    "truce", "Truces", "TRUCE", "armistice", "cease-fire", "ceasefire", "cease fire", "Cease\u2011Fire",
    "cease\u00adfire", "ｃｅａｓｅ－ｆｉｒｅ", "cease, fire", "cease\nfire", "“truce”", "‘truce’s", "truce²",
    "peace talks", "peace-talks", "peace, talks", "Peace\u00a0Talks", "peace talked", "Geneva",
    "GENEVA’s", "Cairo", "Cairoʼs", "cessation of hostilities", "cessation  of\nhostilities",
    "football", "derby day", "derby-day", "alto el fuego", "Alto  el Fuego", "tregua", "trégua",
    "перемирие", "Перемириé", "перемирием", "宣布停火协议", "停 火", "هدنة", "هُدنة", "هدنه", "θερμο", "ΘΕΡΜΌ",
    "pipeline", "pipelines", "PIPELINE", "gas pipe", "gas-pipe", "oil", "gas", "Öl", "O\u0308l", "crude oil",
    "crude-oil", "crudeoil", "software", "sales", "Block 17", "Block\n204B", "Block 1", "block 17",
    "Block 17BB", "grids", "griPs", "gris", "grids²", "sanctions", "Sanctioned", "sanct", "embargo",
    "asset freeze", "asset—freeze", "assets freeze", "Banque", "banquet", "MÜLLER", "Mu\u0308ller", "Mueller",
    "Łódź bank", "Lodz-Bank", "Ukraine's central bank", "Ukraine’s central bank", "Ukraine s central bank",
]
FILLERS = [
    "the minister said", "on Monday", "in the capital", "near the border", "officials added",
    "according to a report", "después de la reunión", "nach dem Treffen", "après la réunion",
    "как сообщили вчера", "据报道", "وقال المسؤول", "😀 👨‍👩‍👧", "naïve café", "\"quoted\" \\ slashed / text",
    "tab\there", "control \u0001 char", "3.5 percent", "한국어 문장", "नमस्ते दुनिया", "e\u0301tude", "ﬁnal",
]
LANGUAGES = ["en", "es", "es-AR", "de", "fr", "ru", "zh", None]


def records(count, seed):
    chance = random.Random(seed)
    real = _real_articles()
    offsets = [0] * PARTITIONS
    for index in range(count):
        partition = chance.randrange(PARTITIONS)
        value, bad = _value(chance, index, real)
        yield Record(partition, offsets[partition], _key(chance, index), value, _headers(chance),
                     FIRST_TIMESTAMP_MS + index * 977, bad)
        offsets[partition] += 1


def _real_articles():
    corpus = SHARED / "corpora" / "articles.ndjson.zst"
    if not corpus.exists():
        assert os.environ.get("CI") != "true", f"{corpus} is missing"
        print(f"{corpus} is missing: made articles only")
        return []
    lines = subprocess.run(["zstd", "-dc", corpus], capture_output=True, check=True).stdout
    return lines.splitlines()[:REAL_ARTICLES]


def _value(chance, index, real):
    if index % 40 == 7:
        return _bad(chance, index)
    if index % 997 == 5:
        return None, None
    if real and index % 10 == 3:
        return real.pop(), None
    return _made(chance, index), None


def _made(chance, index):
    article = {
        "id": chance.choice([f"made:{index}", index]),
        "title": _sentence(chance, 3) if chance.random() < 0.9 else None,
        "body": "".join(_sentence(chance, 8) + chance.choice([". ", "! ", ".\n", ".\n\n", " "])
                        for _ in range(chance.randrange(1, 6))),
        "language": chance.choice(LANGUAGES),
    }
    if chance.random() < 0.2:
        article["lead"] = _sentence(chance, 5)
    if chance.random() < 0.3:
        article["extra"] = {"nested": [1, -2.5e-3, True, None, {"title": "truce"}], "empty": {}}
        article["url"] = "https://example.org/truce?oil=gas"
    if chance.random() < 0.5:
        article = dict(sorted(article.items(), reverse=True))
    text = json.dumps(article, ensure_ascii=chance.random() < 0.5,
                      indent=chance.choice([None, None, 1]))
    if chance.random() < 0.02:
        text = text.replace('"language"', '"note": "lone \\ud83d surrogate", "language"')
    if chance.random() < 0.1:
        text = " \r\n\t" + text + "\n"
    return text.encode()


def _sentence(chance, words):
    return " ".join(chance.choice(MENTIONS if chance.random() < 0.08 else FILLERS)
                    for _ in range(words))


def _bad(chance, index):
    good = json.dumps({"id": f"bad:{index}", "title": "A truce", "body": "No oil."})
    kinds = [
        (b"", "empty"),
        (b" \n", "empty"),
        (good[:-1].encode(), "malformed_json"),
        (good.replace('"No oil."', '"No\noil."').encode(), "malformed_json"),
        ((good + "}").encode(), "malformed_json"),
        (good.replace("oil", "\udcff").encode("utf-8", "surrogateescape"), "invalid_utf8"),
        (b'{"title": "\xed\xa0\x80", "body": "surrogate"}', "invalid_utf8"),
        (b'{"title": ["A truce"], "body": "x"}', "wrong_type"),
        (b'["A truce"]', "wrong_type"),
        (b'{"id": 1, "language": "en"}', "missing_field"),
        (b'{"title": "", "body": null}', "missing_field"),
        (b'{"title": "truce", "deep": ' + b"[" * 300 + b"]" * 300 + b"}", "too_deep"),
    ]
    if index % 4000 == 7:
        return json.dumps({"title": "truce", "body": "oil " * 60_000}).encode(), "too_large"
    return chance.choice(kinds)


def _key(chance, index):
    return chance.choice([None, b"", f"key-{index % 100}".encode(), b"\x00\xff"])


def _headers(chance):
    choice = chance.random()
    if choice < 0.5:
        return []
    if choice < 0.8:
        return [("trace", str(choice).encode()), ("trace", None), ("trace", b""), ("büro", b"\xff")]
    return [("content-type", b"text/plain"), ("ce_id", b"old"), ("Content-Encoding", None)]
