#!/usr/bin/python3
"""Edited copies of real articles, as syndication makes them: what must join the story of its original.

    tests/alert/edits.py ARTICLES.ndjson[.zst] [--seed 7] [--half tune|hold] [--every 1] > both.ndjson

Writes the articles, and behind them their edits, whose ids are ORIGINAL#KIND. The same seed gives the same
edits. Halves are drawn by the hash of the id. Kinds joined by + are mixtures.
"""
import argparse
import json
import random
import re
import subprocess
import sys
import zlib
from pathlib import Path

import phrases

MIXTURES = 3  # an article gets as many mixtures of two or three kinds


def sentences(text):
    return [part for part in re.split(r"(?<=[.!?][\"”’]|.[.!?])\s+", text) if part]


def paragraphs(text):
    parts = [part.strip() for part in re.split(r"\n\s*\n|\n", text) if part.strip()]
    if len(parts) >= 4:
        return parts
    said = sentences(text)
    return [" ".join(said[i:i + 2]) for i in range(0, len(said), 2)]


def words_of(text):
    return re.findall(r"\S+|\s+", text)


def cut(rng, article):
    """Keeps 60 % of the body: mostly its beginning, as desks cut, sometimes another stretch."""
    words = words_of(article["body"])
    kept = round(len(words) * 0.6)
    begin = 0 if rng.random() < 0.7 else rng.randrange(len(words) - kept + 1)
    article["body"] = "".join(words[begin:begin + kept]).strip()


def headline(rng, article):
    """A headline of other words, or of words of the text, or none."""
    style = rng.random()
    own = [word.strip(".,;:\"'()“”") for word in article["body"].split() if len(word) > 4]
    if style < 0.1 or len(own) < 8:
        article["title"] = rng.choice(phrases.HEADLINES)
    elif style < 0.15:
        article["title"] = ""
    elif style < 0.5:
        begin = rng.randrange(len(own) - 5)
        article["title"] = rng.choice(phrases.HEADLINE_STARTS) + " " + " ".join(own[begin:begin + rng.randint(3, 6)])
    elif style < 0.8:
        article["title"] = " ".join(rng.sample(own, min(len(own), rng.randint(5, 9)))).capitalize()
    else:
        article["title"] = rng.choice(phrases.HEADLINES) + ": " + " ".join(rng.sample(own, 3))


def furniture(rng, lines):
    return rng.choice(lines).format(
        name=rng.choice(phrases.NAMES), other=rng.choice(phrases.NAMES), city=rng.choice(phrases.CITIES),
        agency=rng.choice(phrases.AGENCIES), day=rng.randint(1, 28), month=rng.choice(phrases.MONTHS),
        hour=rng.randint(0, 23), minute=rng.randint(10, 59), number=rng.randint(2, 900),
        headline=rng.choice(phrases.HEADLINES))


def boilerplate(rng, article):
    """A byline, header and footer lines, lines between paragraphs."""
    parts = paragraphs(article["body"])
    for _ in range(rng.randint(0, max(1, min(3, len(parts) // 4)))):
        parts.insert(rng.randint(1, max(1, len(parts))), furniture(rng, phrases.BETWEEN))
    head = [furniture(rng, phrases.BYLINES)] + [furniture(rng, phrases.HEADERS) for _ in range(rng.randint(0, 1))]
    foot = [furniture(rng, phrases.FOOTERS) for _ in range(rng.randint(1, 3))]
    article["body"] = "\n\n".join(head + parts + foot)


def reorder(rng, article):
    """Shuffles the paragraphs, or moves a few of them."""
    parts = paragraphs(article["body"])
    if rng.random() < 0.5:
        rng.shuffle(parts)
    else:
        for _ in range(max(1, len(parts) // 4)):
            parts.insert(rng.randrange(len(parts)), parts.pop(rng.randrange(len(parts))))
    article["body"] = "\n\n".join(parts)


def prefix(rng, article):
    """A dateline, and often an agency's mark in the headline."""
    article["body"] = furniture(rng, phrases.DATELINES) + " " + article["body"]
    if rng.random() < 0.4:
        article["title"] = rng.choice(phrases.HEADLINE_STARTS) + " " + article.get("title", "")


def swap_clauses(rng, sentence):
    """"A, B." becomes "B, A."; "..., X said." becomes "X said ..."."""
    said = re.fullmatch(r"(.{20,}), ((?:\S+ ){1,4}(?:said|says|added))\.", sentence)
    if said:
        return f"{said[2][0].upper()}{said[2][1:]} that {said[1][0].lower()}{said[1][1:]}."
    halves = sentence.rstrip(".").split(", ", 1)
    if len(halves) == 2 and min(map(len, halves)) > 15 and rng.random() < 0.5:
        return f"{halves[1][0].upper()}{halves[1][1:]}, {halves[0][0].lower()}{halves[0][1:]}."
    return sentence


def reword(rng, words, rate):
    out = []
    for word in words:
        bare = word.strip(".,;:\"'()“”‘’").lower()
        draw = rng.random()
        if bare in phrases.SYNONYMS and rng.random() < 0.5:
            other = rng.choice(phrases.SYNONYMS[bare])
            out.append(re.sub(re.escape(bare), lambda _: other, word, count=1, flags=re.I))
        elif draw < rate and len(bare) < 6 and not bare.isdigit():
            continue
        elif draw < 1.6 * rate:
            out += [word, rng.choice(phrases.FILLERS)]
        else:
            out.append(word)
    return out


def paraphrase(rng, article):
    """Synonyms, swapped clauses, words left out and put in: between 5 and 12 words of 100 change."""
    rate = rng.uniform(0.02, 0.05)
    parts = []
    for part in re.split(r"(\n+)", article["body"]):
        if not part.strip():
            parts.append(part)
            continue
        said = [swap_clauses(rng, one) if rng.random() < 0.15 else one for one in sentences(part)]
        parts.append(" ".join(reword(rng, " ".join(said).split(), rate)))
    article["body"] = "".join(parts)
    article["title"] = " ".join(reword(rng, article.get("title", "").split(), rate))


def mojibake(text, rng):
    curly = re.sub(r"(?<=\w)'(?=\w)", "’", re.sub(r"\"([^\"]*)\"", r"“\1”", text))
    codec = rng.choice(["cp1252", "latin-1", "cp1250"])

    def garble(match):
        return match[0].encode("utf-8").decode(codec, errors="ignore")

    return re.sub(r"[^\x00-\x7F]", garble, curly)


def debris(rng, article):
    """What encodings, HTML and line breaks do to a text: one or two of them."""
    kinds = [
        lambda t: mojibake(t, rng),
        lambda t: re.sub(r"[“”\"’‘']", lambda m: rng.choice(["&quot;", "&#8217;", "&#39;", m[0]]), t),
        lambda t: re.sub(r"\. ", lambda m: rng.choice([". ", ".  ", ".\u00a0", ". \u200b"]), t),
        lambda t: "\n".join(t[i:i + 76] if " " not in t[i:i + 76] else t[i:i + 76] for i in range(0, len(t), 76))
        if rng.random() < 0.3 else re.sub(r" (?=\S{9,})", "\n", t),
        lambda t: re.sub(r"[“”\"’‘]", lambda m: rng.choice(["?", "\ufffd", "â", ""]), t),
        lambda t: re.sub(r"\b(\w{5})(\w{4,})", lambda m: m[1] + "\u00ad" + m[2] if rng.random() < 0.3 else m[0], t),
        lambda t: t.replace("–", "-").replace("—", "--").replace("…", "..."),
    ]
    for kind in rng.sample(kinds, rng.randint(1, 2)):
        for field in ("title", "body"):
            article[field] = kind(article.get(field) or "")
    if rng.random() < 0.3:
        article["title"] = article["title"].upper()


KINDS = {"cut": cut, "headline": headline, "boilerplate": boilerplate, "reorder": reorder, "prefix": prefix,
         "paraphrase": paraphrase, "debris": debris}
# The order in which a desk would do them: a text is cut before lines are put around it.
ORDER = ["paraphrase", "reorder", "cut", "prefix", "boilerplate", "headline", "debris"]


def edits_of(article, seed):
    rng = random.Random(f"{seed}:{article['id']}")
    chosen = [(kind,) for kind in ORDER]
    for _ in range(MIXTURES):
        mixture = set(rng.sample(ORDER, rng.randint(2, 3)))
        chosen.append(tuple(kind for kind in ORDER if kind in mixture))
    for number, kinds in enumerate(chosen):
        copy = {"id": f"{article['id']}#{'+'.join(kinds)}#{number}", "title": article.get("title") or "",
                "body": article.get("body") or "", "language": article.get("language"),
                "url": f"https://copy.example/{zlib.crc32(article['id'].encode())}/{number}"}
        for kind in kinds:
            KINDS[kind](rng, copy)
        yield copy


def is_in(half, article):
    return half is None or (zlib.crc32(b"half" + article["id"].encode()) & 1) == (half == "hold")


def read(path):
    if path.suffix != ".zst":
        return path.read_bytes()
    return subprocess.run(["zstd", "-dcq", path], check=True, stdout=subprocess.PIPE).stdout


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("articles", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--half", choices=["tune", "hold"])
    parser.add_argument("--every", type=int, default=1, help="of the originals, edit every n-th only")
    parser.add_argument("--articles-max", type=int)
    options = parser.parse_args()
    by_id = {}  # two ids of the corpus are used twice: the first counts
    for line in read(options.articles).splitlines():
        article = json.loads(line)
        if is_in(options.half, article):
            by_id.setdefault(article["id"], article)
    articles = list(by_id.values())[:options.articles_max]
    for article in articles:
        sys.stdout.write(json.dumps(article) + "\n")
    for article in articles[::options.every]:
        for copy in edits_of(article, options.seed):
            sys.stdout.write(json.dumps(copy) + "\n")


if __name__ == "__main__":
    main()
