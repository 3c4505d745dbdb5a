"""The articles that the peers are measured on: those of tocsin_bench.

    values = corpus(None)              # real articles if ../shared is there, else made ones; NDJSON values, bytes
    text_of(values[0])                 # title, lead and body, a line each
"""

import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("TOCSIN_SHARED") or ROOT.parent / "shared")
REAL = SHARED / "corpora" / "articles.ndjson.zst"
FIELDS = ("title", "lead", "body")


def path_of(name):
    """What tocsin_bench takes as --corpus."""
    return name or (str(REAL) if REAL.exists() else "generated")


def executable(name):
    """Of the release build, or of the one that TOCSIN_BUILD names."""
    path = pathlib.Path(os.environ.get("TOCSIN_BUILD") or ROOT / "build" / "release") / name
    assert path.exists(), f"{path}: build the release preset first"
    return path


def corpus(name):
    path = path_of(name)
    if path == "generated":
        command = [executable("bench/print_corpus")]
    else:
        command = ["zstd", "-dc", path] if path.endswith(".zst") else ["cat", path]
    lines = subprocess.run(command, capture_output=True, check=True).stdout.splitlines()
    return [line for line in lines if line]


def text_of(value):
    article = json.loads(value)
    return "\n".join(article.get(field) or "" for field in FIELDS)
