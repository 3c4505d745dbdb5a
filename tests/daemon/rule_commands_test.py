"""test, eval, explain, diff and check as a shell sees them."""

import json
import os
import re
import subprocess

import pytest

TOCSIN = os.environ["TOCSIN"]

RULES = """\
topic: ceasefire
queries:
  trade: trade OR tariff
rules:
  - id: ceasefire.mention
    query: truce NOT NEAR/2 $trade
    examples:
      - A truce holds in Gaza.
    counterexamples:
      - A trade truce was agreed.
    known_misses:
      - The guns fell silent.
  - id: ceasefire.near
    query: talks NEAR/3 gaza
    examples: [Talks on Gaza.]
    counterexamples: [No talks.]
"""


def tocsin(*arguments, stdin=""):
    return subprocess.run([TOCSIN, *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=60,
                          check=False)


@pytest.fixture(name="rules")
def write_rules(tmp_path):
    def write(content=RULES, name="rules.yaml"):
        path = tmp_path / name
        path.write_text(content)
        return path
    return write


def ndjson(*rows):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_examples_that_pass_are_counted(rules):
    run = tocsin("test", "--rules", rules())
    assert run.returncode == 0, run.stdout
    assert "2 rules: 4 of 4 examples and counterexamples pass; 1 known misses, 0 of them match now" in run.stdout


def test_an_example_that_fails_shows_the_clause(rules):
    path = rules(RULES.replace("A truce holds in Gaza.", "A trade truce holds."))
    run = tocsin("test", "--rules", path)
    assert run.returncode == 65
    assert f"{path}:8: ceasefire.mention: an example does not match\n    A trade truce holds.\n" in run.stdout
    assert "truce NOT NEAR/2 $trade: every occurrence is excluded" in run.stdout
    assert "excluded body 8-13: A trade [truce] holds." in run.stdout
    assert "by body 2-7: A [trade] truce holds." in run.stdout


FIELDS = """\
topic: t
rules:
  - id: t.fields
    query: title:truce AND lead:gaza AND body:talks
    examples:
      - {title: Truce, lead: In Gaza, body: Talks go on}
    counterexamples:
      - {title: Truce, lead: In Gaza, body: Nothing}
"""


def test_an_example_may_say_what_stands_in_which_field(rules):
    run = tocsin("test", "--rules", rules(FIELDS))
    assert run.returncode == 0, run.stdout
    path = rules(FIELDS.replace("lead: In Gaza, body: Talks", "lead: In Rafah, body: Talks"))
    run = tocsin("test", "--rules", path)
    assert run.returncode == 65
    assert f"{path}:6: t.fields: an example does not match\n    Truce | In Rafah | Talks go on\n" in run.stdout
    assert "lead:gaza does not occur" in run.stdout


def test_an_example_without_the_words_says_which(rules):
    run = tocsin("test", "--rules", rules(RULES.replace("Talks on Gaza.", "Talks on the future of all of Gaza.")))
    assert "talks NEAR/3 gaza: the nearest are 7 tokens apart, at most 3 allowed" in run.stdout
    run = tocsin("test", "--rules", rules(RULES.replace("Talks on Gaza.", "Talks on Rafah.")))
    assert "gaza does not occur" in run.stdout


def test_a_counterexample_that_matches_shows_what_did_not_fire(rules):
    run = tocsin("test", "--rules", rules(RULES.replace("A trade truce was agreed.", "A labour truce was agreed.")))
    assert run.returncode == 65
    assert "a counterexample matches" in run.stdout
    assert "body 9-14: A labour [truce] was agreed." in run.stdout
    assert "did not fire: truce NOT NEAR/2 $trade" in run.stdout


def test_a_known_miss_that_matches_is_told_and_does_not_fail(rules):
    run = tocsin("test", "--rules", rules(RULES.replace("The guns fell silent.", "The truce began.")))
    assert run.returncode == 0
    assert "a known miss matches now: move it to `examples:`" in run.stdout


@pytest.mark.parametrize("arguments", [("test",), ("eval", "-"), ("explain", "--rule", "x"), ("check",)])
def test_broken_rules_are_bad_data(rules, arguments):
    path = rules(RULES.replace("truce NOT", "truce truce NOT"))
    run = tocsin(*arguments, "--rules", path)
    assert run.returncode == 65
    assert f"{path}:6:18: ceasefire.mention: `truce` right behind another word" in run.stdout + run.stderr


LABELLED = ndjson(
    {"id": "a", "text": "A truce in Gaza.", "ceasefire": True, "unknown": True},
    {"id": "b", "text": "A truce of rivals.", "ceasefire": False},
    {"id": "c", "text": "The guns fell silent.", "ceasefire": True},
    {"id": "d", "text": "A trade truce.", "ceasefire": False},
    {"id": "e", "text": "Another truce.", "ceasefire": False, "borderline": True},
    {"id": "f", "text": "Not labelled: truce."})


def test_eval_counts_and_lists(rules):
    run = tocsin("eval", "-", "--rules", rules(), "--json", stdin=LABELLED)
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["topics"] == {
        "ceasefire": {"precision": 0.5, "recall": 0.5, "f1": 0.5, "tp": 1, "fp": 1, "fn": 1, "tn": 1}}
    shown = tocsin("eval", "-", "--rules", rules(), stdin=LABELLED).stdout
    assert "ceasefire: false positives\n  b ceasefire.mention\n      body 2-7: A [truce] of rivals." in shown
    assert "ceasefire: misses\n  c The guns fell silent." in shown


def test_eval_takes_borderline_rows_when_told(rules):
    run = tocsin("eval", "-", "--rules", rules(), "--json", "--all", stdin=LABELLED)
    assert json.loads(run.stdout)["topics"]["ceasefire"]["fp"] == 2


def test_experimental_rules_flag_no_topic(rules):
    path = rules(RULES.replace("- id: ceasefire.mention", "- id: ceasefire.mention\n    status: experimental"))
    run = tocsin("eval", "-", "--rules", path, "--json", stdin=LABELLED)
    assert json.loads(run.stdout)["topics"]["ceasefire"]["fp"] == 0


FORM = '{"text": "...", "title": "...", "lang": "en", "TOPIC": true|false}'


@pytest.mark.parametrize("labelled", [
    "", ndjson({"id": "1", "text": "truce", "labels": {"ceasefire": True}}), ndjson({"text": "truce", "Ceasefire": True}),
    ndjson({"text": "truce", "ceasefire": True, "borderline": True})])
def test_eval_of_nothing_labelled_is_no_perfect_result(rules, labelled):
    run = tocsin("eval", "-", "--rules", rules(), stdin=labelled)
    assert (run.returncode, run.stdout) == (65, "")
    assert "none labels a topic of the rules (ceasefire)" in run.stderr
    assert FORM in run.stderr


def test_eval_says_the_form_of_a_line():
    assert FORM in tocsin("eval", "--help").stdout


def test_eval_measures_no_topic_without_cases(rules, tmp_path):
    rules()
    rules(RULES.replace("ceasefire", "other"), name="other.yaml")
    shown = tocsin("eval", "-", "--rules", tmp_path, stdin=LABELLED).stdout
    assert re.search(r"^other +- +- +- +0 +0 +0 +0$", shown, re.MULTILINE), shown
    assert re.search(r"^all +0\.500 ", shown, re.MULTILINE), shown
    run = tocsin("eval", "-", "--rules", tmp_path, "--json", stdin=LABELLED)
    assert json.loads(run.stdout)["topics"]["other"] == {
        "precision": None, "recall": None, "f1": None, "tp": 0, "fp": 0, "fn": 0, "tn": 0}


def test_eval_refuses_a_row_without_text(rules):
    run = tocsin("eval", "-", "--rules", rules(), stdin='{"ceasefire": true}\n')
    assert run.returncode == 65
    assert "-:1: no `text` in it" in run.stderr


def test_explain_shows_the_tree(rules):
    article = ndjson({"id": "7", "body": "A trade truce, then a truce."})
    run = tocsin("explain", "--rules", rules(), "--rule", "ceasefire.mention", "-", stdin=article)
    assert run.returncode == 0, run.stderr
    assert "ceasefire.mention matches article 1: 7" in run.stdout
    for line in ["true   NOT NEAR/2", "excluded body 8-13: A trade [truce], then a truce.", "by body 2-7: A [trade] truce",
                 "$trade = OR", "1 of 2 operands do not occur"]:
        assert line in run.stdout, run.stdout


def test_explain_takes_plain_text_and_says_what_is_too_far(rules):
    run = tocsin("explain", "--rules", rules(), "--rule", "ceasefire.near", "--input-format", "text", "-",
                 stdin="Title\nTalks on the future of all of Gaza.\n")
    assert re.search(r"^ceasefire\.near does not match article 1: [0-9a-f]+ Title$", run.stdout, re.MULTILINE)
    assert "false  NEAR/3  (the nearest are 7 tokens apart, at most 3 allowed)" in run.stdout


@pytest.mark.parametrize("unknown, nearest", [
    ("ceasefire.menton", "ceasefire.mention, ceasefire.near, t.far"), ("near", "ceasefire.near, t.far, "),
    ("T.far", "t.far, ")])
def test_explain_of_an_unknown_rule_names_the_nearest(rules, unknown, nearest):
    path = rules(RULES + "  - {id: t.far, query: far*}\n" + "  - {id: completely.different.rule, query: other}\n")
    run = tocsin("explain", "--rules", path, "--rule", unknown, "-")
    assert run.returncode == 64
    assert f"no rule `{unknown}`; the nearest: {nearest}" in run.stderr


CONFIG = """\
brokers: localhost:9092
group: g
input: [in]
ignore_lines: ["^Recommended for you:"]
"""
BOILERPLATE = {"id": "1", "body": "Nothing here.\nRecommended for you: a truce in the valley\nEnd."}


@pytest.fixture(name="config")
def write_config(tmp_path):
    def write(more=""):
        path = tmp_path / "tocsin.yaml"
        path.write_text(CONFIG + more)
        return path
    return write


def test_match_hides_the_lines_of_the_configuration(rules, config):
    article = ndjson(BOILERPLATE)
    assert tocsin("match", "--rules", rules(), "-", stdin=article).stdout != ""
    run = tocsin("match", "--rules", rules(), "--config", config(), "-", stdin=article)
    assert (run.returncode, run.stdout) == (0, ""), run.stderr
    kept = ndjson({"id": "2", "body": "He said: Recommended for you: a truce"})
    assert '"ceasefire.mention"' in tocsin("match", "--rules", rules(), "--config", config(), "-", stdin=kept).stdout


def test_match_takes_rules_format_and_limits_of_the_configuration(rules, config):
    path = config(f"rules: [{rules()}]\nformat: passthrough\nlimits: {{article_bytes_max: 60}}\n")
    article = '{"id":"1","body":"a truce"}'
    run = tocsin("match", "--config", path, "-", stdin=article + "\n" + article.replace("1", "1" * 50) + "\n")
    assert run.returncode == 65
    assert json.loads(run.stdout) == json.loads(article)
    assert "too_large: over the limit of 60 bytes" in run.stderr


def test_explain_eval_and_diff_hide_the_lines_of_the_configuration(rules, config):
    path = rules()
    with_config = ["--config", config()]
    explain = ["explain", "--rules", path, "--rule", "ceasefire.mention", "-"]
    assert "ceasefire.mention matches" in tocsin(*explain, stdin=ndjson(BOILERPLATE)).stdout
    assert "does not match" in tocsin(*explain, *with_config, stdin=ndjson(BOILERPLATE)).stdout
    labelled = ndjson({"text": BOILERPLATE["body"], "ceasefire": False})
    for options, false_positives in ([], 1), (with_config, 0):
        run = tocsin("eval", "--rules", path, "--json", *options, "-", stdin=labelled)
        assert json.loads(run.stdout)["topics"]["ceasefire"]["fp"] == false_positives
    new = rules(RULES.replace("truce NOT NEAR/2 $trade", "armistice OR $trade"), name="new.yaml")
    for options, lost in ([], 1), (with_config, 0):
        run = tocsin("diff", "--old", path, "--new", new, "--json", *options, "-", stdin=ndjson(BOILERPLATE))
        assert json.loads(run.stdout)["rules"]["ceasefire.mention"]["lost"] == lost


@pytest.mark.parametrize("command, takes", [
    ("match", "its rules, ignore_lines, limits, format and output"), ("eval", "its rules and ignore_lines"),
    ("explain", "its rules and ignore_lines"), ("diff", "its ignore_lines")])
def test_help_says_what_is_taken_of_a_configuration(command, takes):
    assert f"Configuration file: {takes}\n" in tocsin(command, "--help").stdout


@pytest.mark.parametrize("command", [["match"], ["eval"], ["explain", "--rule", "x"]])
def test_a_broken_configuration_is_told(rules, config, command):
    run = tocsin(*command, "--rules", rules(), "--config", config("workers: many\n"), "-")
    assert run.returncode == 78
    assert "tocsin.yaml:5:" in run.stderr


ARCHIVE = ndjson({"id": "1", "body": "A truce in Gaza."}, {"id": "2", "body": "A trade truce."},
                 {"id": "3", "body": "An armistice."}, {"id": "4", "body": "Rain."})


def test_diff_tells_gains_and_losses(rules):
    old = rules()
    new = rules(RULES.replace("truce NOT NEAR/2 $trade", "(truce NOT NEAR/2 gaza) OR armistice OR $trade"), "new.yaml")
    run = tocsin("diff", "--old", old, "--new", new, "-", "--json", stdin=ARCHIVE)
    assert run.returncode == 0, run.stderr
    changes = json.loads(run.stdout)
    assert changes["articles"] == 4
    mention = changes["rules"]["ceasefire.mention"]
    assert (mention["old"], mention["new"], mention["gained"], mention["lost"]) == (1, 2, 2, 1)
    assert [each["id"] for each in mention["articles_gained"]] == ["2", "3"]
    assert mention["articles_lost"][0]["evidence"] == [
        {"field": "body", "start": 2, "end": 7, "exact": "truce", "prefix": "A ", "suffix": " in Gaza."}]
    assert changes["rules"]["ceasefire.near"]["gained"] == 0

    shown = tocsin("diff", "--old", old, "--new", new, "-", stdin=ARCHIVE).stdout
    assert "ceasefire.mention gains\n  line 2 2 \n    body 2-7: A [trade] truce." in shown
    assert "ceasefire.mention loses\n  line 1 1 \n    body 2-7: A [truce] in Gaza." in shown


def test_diff_goes_on_behind_a_bad_line_and_fails(rules):
    run = tocsin("diff", "--old", rules(), "--new", rules(), "-", stdin="nonsense\n" + ARCHIVE)
    assert run.returncode == 65
    assert "4 articles;" in run.stdout
    assert "-:1: malformed JSON" in run.stderr


def test_check_warns_and_only_strict_fails(rules):
    path = rules(RULES.replace("trade OR tariff", "trade OR trad*"))
    run = tocsin("check", "--rules", path)
    assert run.returncode == 0
    assert f"{path}:3:10: warning: trade: `trade` finds nothing that `trad*` does not find" in run.stdout
    assert "0 errors, 1 warnings" in run.stdout
    assert tocsin("check", "--strict", "--rules", path).returncode == 65
    assert tocsin("check", "--strict", "--rules", rules()).returncode == 0


def test_check_fails_on_rules_without_examples(rules):
    run = tocsin("check", "--rules", rules("topic: t\nrules:\n  - id: t.r\n    query: truce\n"))
    assert run.returncode == 65
    assert "rule `t.r` has no examples" in run.stdout


def test_the_shipped_catalog_passes():
    assert tocsin("test").returncode == 0
    run = tocsin("check", "--rules", os.path.join(os.path.dirname(__file__), "../../rules/catalog"))
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("arguments", [("eval",), ("explain",), ("diff", "--old", "x"), ("test", "--nonsense")])
def test_misuse_is_a_usage_error(arguments):
    assert tocsin(*arguments).returncode == 64
