"""The commands over a rule that lists its phrases in a file, as a shell sees them."""

import json
import os
import subprocess

import pytest

TOCSIN = os.environ["TOCSIN"]

RULES = """\
topic: watch
rules:
  - id: watch.companies
    phrases_file: lists/companies.txt
    examples: [Shares of Acme Corp fell.]
    counterexamples: [The acme of the corps.]
"""
NAMES = "# of the portfolio\nAcme Corp\nBolt\n{GE}\n"


def tocsin(*arguments, stdin=""):
    return subprocess.run([TOCSIN, *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=60,
                          check=False)


def ndjson(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture(name="rules")
def write_rules(tmp_path):
    def write(names=NAMES, directory="one"):
        lists = tmp_path / directory / "lists"
        lists.mkdir(parents=True, exist_ok=True)
        (lists / "companies.txt").write_text(names)
        (lists.parent / "watch.yaml").write_text(RULES)
        return lists.parent
    return write


def test_match_tells_which_name_stands_where(rules):
    run = tocsin("match", "--rules", rules(), "-", stdin=ndjson({"id": "1", "body": "Bolt buys ACME Corp. from GE, not ge"}))
    assert run.returncode == 0, run.stderr
    rule, = json.loads(run.stdout)["tocsin"]["rules"]
    assert (rule["id"], [each["exact"] for each in rule["evidence"]]) == ("watch.companies", ["Bolt", "ACME Corp", "GE"])


def test_the_examples_are_tested(rules):
    assert tocsin("test", "--rules", rules()).returncode == 0
    run = tocsin("test", "--rules", rules("Bolt\nCrane\n"))
    assert run.returncode == 65
    assert "watch.companies: an example does not match" in run.stdout


def test_check_names_the_line_of_the_list(rules):
    directory = rules(NAMES + "ACME CORP\n")
    run = tocsin("check", "--rules", directory)
    assert run.returncode == 0, run.stdout
    place = f"{directory}/lists/companies.txt:5:1"
    assert f"{place}: warning: watch.companies: `ACME CORP` finds nothing that line 2 does not find" in run.stdout
    run = tocsin("check", "--rules", rules("***\n"))
    assert run.returncode == 65
    assert f"{directory}/lists/companies.txt:1:1: a phrase without a letter or digit" in run.stdout


def test_explain_shows_the_names_that_occur(rules):
    run = tocsin("explain", "--rules", rules(), "--rule", "watch.companies", "--input-format", "text", "-",
                 stdin="Title\nBolt fell.\n")
    assert "watch.companies matches article 1" in run.stdout
    assert "true     bolt\n           body 0-4: [Bolt] fell." in run.stdout
    assert "2 of 3 operands do not occur" in run.stdout


def test_diff_tells_what_another_list_gains(rules):
    archive = ndjson({"id": "1", "body": "Bolt fell."}, {"id": "2", "body": "Crane rose."})
    run = tocsin("diff", "--old", rules(), "--new", rules("Crane\nBolt\n", "two"), "--json", "-", stdin=archive)
    assert run.returncode == 0, run.stderr
    change = json.loads(run.stdout)["rules"]["watch.companies"]
    assert (change["old"], change["new"], change["gained"], change["lost"]) == (1, 2, 1, 0)


def test_eval_counts_it(rules):
    run = tocsin("eval", "--rules", rules(), "--json", "-", stdin=ndjson({"text": "Bolt fell.", "watch": True}))
    assert json.loads(run.stdout)["topics"]["watch"]["tp"] == 1


def test_many_names_are_ready_at_once(rules):
    names = "".join(f"Company {number:x} of {number % 977:x}\n" for number in range(50_000))
    run = tocsin("match", "--rules", rules(names), "-", stdin=ndjson({"id": "1", "body": "company c34f of ac fell"}))
    assert '"exact":"company c34f of ac"' in run.stdout, run.stderr
    # Of CPU time, whatever else runs: a list that is slow by its square takes minutes.
    limited = ["prlimit", "--cpu=20", TOCSIN, "check", "--rules", str(rules(names + names))]
    run = subprocess.run(limited, capture_output=True, text=True, timeout=300, check=False)
    assert "49000 more" in run.stdout, run.stderr
