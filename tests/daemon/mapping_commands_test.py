"""Mappings on the command line: several articles a record, what selectors find, and errors with their place."""

import json
import os
import subprocess

import pytest

TOCSIN = os.environ["TOCSIN"]
OK, BAD_INPUT, CONFIG = 0, 65, 78
ANSWER = {"articles": [
    {"title": "A truce holds", "url": "https://a.example/1", "publishedAt": "2026-11-20T08:00:00Z"},
    {"title": None, "url": "https://a.example/2"},
    {"title": "Ceasefire agreed", "content": "The ceasefire began.", "url": "https://a.example/3"},
]}


def tocsin(*arguments, stdin=""):
    return subprocess.run([TOCSIN, *map(str, arguments)], input=stdin, capture_output=True, timeout=60, check=False,
                          text=True)


def test_each_article_of_a_record_is_published_by_itself_and_the_bad_one_is_told_once():
    record = json.dumps(ANSWER)
    done = tocsin("match", "--mapping", "newsapi", stdin=record + "\n")
    assert done.returncode == BAD_INPUT
    published = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["article"] for one in published] == [ANSWER["articles"][0], ANSWER["articles"][2]]
    assert all(one["tocsin"]["mapping"] == "newsapi" for one in published)
    assert json.dumps(ANSWER["articles"][0]) in done.stdout  # byte for byte
    assert "missing_field: article 1 of 0 to 2: no text in title or body; looked for" in done.stderr
    assert done.stderr.count("missing_field") == 1


@pytest.mark.parametrize("preset, answer", [
    ("newsapi", '{"articles": []}'),
    ("event-registry", '{"articles": {"results": []}}'),
    ("event-registry", '{"articles": []}'),
    ("webz", '{"posts": []}'),
    ("schema-org", '{"@graph": []}'),
])
def test_an_answer_without_articles_is_no_error(preset, answer):
    done = tocsin("match", "--mapping", preset, stdin=answer + "\n")
    assert (done.returncode, done.stdout, done.stderr) == (OK, "", "")


def test_an_answer_without_the_list_names_the_selectors():
    done = tocsin("match", "--mapping", "newsapi", stdin='{"articles": "none"}\n')
    assert done.returncode == BAD_INPUT
    assert "no article; looked for /articles/*" in done.stderr


def test_a_document_of_many_lines_is_one_record(tmp_path):
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(ANSWER, indent=1), encoding="utf-8")
    done = tocsin("match", "--mapping", "newsapi", "--input-format", "document", path)
    assert len(done.stdout.splitlines()) == 2


def test_a_time_that_cannot_be_read_is_left_out_and_told():
    done = tocsin("match", stdin='{"title": "Ceasefire agreed", "published_at": "soon"}\n')
    assert done.returncode == OK
    assert "published cannot be read" in done.stderr


def test_explain_shows_what_each_selector_found():
    done = tocsin("explain", "--mapping", "newsapi", stdin=json.dumps({"articles": ANSWER["articles"][2:]}) + "\n")
    assert done.returncode == OK
    assert '* body         /content  1: "The ceasefire began."' in done.stdout
    assert "lead         /description  nothing" in done.stdout


def test_explain_may_look_at_a_rule_too():
    done = tocsin("explain", "--mapping", "newsapi", "--rule", "ceasefire.mention",
                  stdin=json.dumps({"articles": ANSWER["articles"][2:]}) + "\n")
    assert "/content" in done.stdout and "ceasefire.mention" in done.stdout + done.stderr


@pytest.mark.parametrize("text, message", [
    ("title: headline\n", ":1:8: character 1 of 'headline': expected / or [; a selector begins with /"),
    ("titel: /headline\n", ":1:1: unknown key titel; "),
    ("title: /a\ntitle: /b\n", ":2:1: title is set twice"),
    ("title: {selekt: /a}\n", ":1:9: unknown key selekt; "),
    ("title: {select: /a, first: /b}\n", ":1:8: expected one of select, first, join and const"),
    ("title: {select: /a, type: pdf}\n", ":1:27: expected html or text"),
    ("title: [/a\n", ":2:1: "),
    ("id: /id\n", ": it maps neither title nor body"),
    ("- /title\n", ":1:1: expected fields with selectors"),
])
def test_errors_of_a_mapping_file_have_a_place(tmp_path, text, message):
    path = tmp_path / "feed.yaml"
    path.write_text(text, encoding="utf-8")
    done = tocsin("match", "--mapping", path)
    assert done.returncode == CONFIG, done.stderr
    assert str(path) + message in done.stderr


def test_an_unknown_preset_is_told_with_the_nearest():
    done = tocsin("match", "--mapping", "ninj")
    assert done.returncode == CONFIG
    assert "no preset ninj; did you mean ninjs?; all: event-registry, flat, " in done.stderr
    done = tocsin("match", "--mapping", "bogus")
    assert done.returncode == CONFIG
    assert "no preset bogus; there are event-registry, flat, " in done.stderr
    assert done.stderr.count("event-registry") == 1


@pytest.mark.parametrize("mappings, message", [
    ("{other: ninjs}", ":5:12: other is not an input"),
    ("{raw: nosuch}", ": no preset nosuch"),
])
def test_check_refuses_mappings_that_are_none(tmp_path, mappings, message):
    path = tmp_path / "tocsin.yaml"
    path.write_text("brokers: 127.0.0.1:1\ngroup: g\ninput: [raw]\nhttp_listen: \"off\"\n" + f"mappings: {mappings}\n",
                    encoding="utf-8")
    done = tocsin("check", "--config", path)
    assert done.returncode == CONFIG
    assert message in done.stderr


def test_check_takes_presets_and_files(tmp_path):
    feed = tmp_path / "feed.yaml"
    feed.write_text("title: /t\n", encoding="utf-8")
    path = tmp_path / "tocsin.yaml"
    path.write_text(f"brokers: 127.0.0.1:1\ngroup: g\ninput: [raw, a, b]\nmappings: {{a: ninjs, b: {feed}}}\n",
                    encoding="utf-8")
    done = tocsin("check", "--config", path)
    assert done.returncode == OK, done.stderr
