#!/usr/bin/python3
"""The two figures of pipeline/alert on a part of the real articles: at least 97 % of edited copies join their
story, at most 0.5 % of distinct articles are merged.

    evaluate_test.py STORY_EVALUATE        exits 77 (skipped) without ../shared, unless CI=true
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("TOCSIN_SHARED", HERE.parents[2] / "shared"))
ARTICLES = SHARED / "corpora/articles.ndjson.zst"


def main():
    if not ARTICLES.exists():
        print(f"skipped: no {ARTICLES}")
        return 1 if os.environ.get("CI") == "true" else 77
    with tempfile.NamedTemporaryFile(suffix=".ndjson") as both:
        subprocess.run([sys.executable, HERE / "edits.py", ARTICLES, "--articles-max", "2000", "--every", "10"],
                       check=True, stdout=both)
        return subprocess.run([sys.argv[1], both.name, "--check", "97", "0.5"]).returncode


if __name__ == "__main__":
    sys.exit(main())
