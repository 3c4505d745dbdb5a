"""`tocsin config`: what is made of the table of options, and what is shown of a configuration."""

import json
import os
import pathlib
import subprocess

import jsonschema
import pytest
import yaml

TOCSIN = os.environ["TOCSIN"]
DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"
OK, USAGE, CONFIG = 0, 64, 78
LEAST = {"brokers": "b:1", "group": "g", "input": ["raw"]}


def tocsin(*arguments, **environment):
    return subprocess.run([TOCSIN, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=60, check=False, env={**os.environ, **environment})


@pytest.fixture(scope="module", name="schema")
def schema_of_the_program():
    schema = json.loads(tocsin("config", "schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.fixture(name="config")
def config_file(tmp_path):
    def write(content, name="tocsin.yaml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        return path
    return write


def test_the_schema_takes_the_sample(schema):
    schema.validate(yaml.safe_load((DEPLOY / "tocsin.yaml").read_text(encoding="utf-8")))


GOOD = [{}, {"workers": 3}, {"workers": "${WORKERS}"}, {"memory_budget": "1GiB"}, {"memory_budget": 1 << 30},
        {"format": "passthrough"}, {"output": "tagged.{topic}"}, {"limits": {"depth_max": 3}}, {"group": 7},
        {"kafka": {"client.id": "x", "socket.timeout.ms": 1000, "log.connection.close": True}},
        {"kafka_secrets": {"sasl.password": "pw"}}, {"rules": ["a", "b"]}]
BAD = [{"wrokers": 2}, {"workers": "two"}, {"workers": 0}, {"workers": 257}, {"memory_budget": "1MB"},
       {"memory_budget": 5}, {"format": "avro"}, {"output": "news {topic}"}, {"dead_letter": "news.{topic}"},
       {"limits": {"deep": 1}}, {"limits": {"depth_max": 0}}, {"limits": 3}, {"rules": "a"}, {"rules": []},
       {"cluster": ""}, {"cluster": ["a"]}, {"kafka": {"enable.auto.commit": True}}, {"kafka": {"client.id": ["x"]}},
       {"kafka": {"plugin.library.paths": "x"}}, {"kafka_secrets": {"transactional.id": "f"}}, {"brokers": None}]


@pytest.mark.parametrize("added", GOOD, ids=str)
def test_schema_and_program_take_the_same(schema, config, added):
    schema.validate({**LEAST, **added})
    run = tocsin("config", "print", "--config", config({**LEAST, **added}), WORKERS="2")
    assert run.returncode == OK, run.stderr


@pytest.mark.parametrize("added", BAD, ids=str)
def test_schema_and_program_refuse_the_same(schema, config, added):
    assert not schema.is_valid({**LEAST, **added})
    assert tocsin("config", "print", "--config", config({**LEAST, **added})).returncode == CONFIG


@pytest.mark.parametrize("missing", LEAST)
def test_the_schema_demands_what_the_program_demands(schema, config, missing):
    content = {key: value for key, value in LEAST.items() if key != missing}
    assert not schema.is_valid(content)
    run = tocsin("config", "print", "--config", config(content))
    assert run.returncode == CONFIG and f"{missing} is missing" in run.stderr


def test_the_reference_page_is_the_one_that_the_program_writes():
    written = (DEPLOY / "reference.md").read_text(encoding="utf-8")
    assert written == tocsin("config", "reference").stdout, "run: tocsin config reference > deploy/reference.md"


def test_print_shows_what_holds_and_who_says_so(config):
    path = config({**LEAST, "workers": 2, "kafka": {"client.id": "a", "sasl.password": "hunter2"},
                   "kafka_secrets": {"ssl.key.password": "the-file"}})
    drop_in = config({"workers": 3, "kafka": {"client.id": "b"}}, "tocsin.d/50-more.yaml")
    run = tocsin("config", "print", "--config", path)
    assert run.returncode == OK, run.stderr
    assert f"workers: 3  # {drop_in}:3\n" in run.stdout
    assert f"group: g  # {path}:2\n" in run.stdout
    assert "delivery: exactly_once  # default\n" in run.stdout
    assert "hunter2" not in run.stdout
    shown = yaml.safe_load(run.stdout)
    assert shown["kafka"] == {"client.id": "b", "sasl.password": "<redacted>"}
    assert shown["kafka_secrets"] == {"ssl.key.password": "the-file"}


def test_a_configuration_that_is_refused_is_not_printed(config):
    run = tocsin("config", "print", "--config", config({**LEAST, "wrokers": 2}))
    assert run.returncode == CONFIG and not run.stdout
    assert "unknown key wrokers; did you mean workers?" in run.stderr


def test_what_is_printed_is_the_same_again(config, tmp_path):
    first = tocsin("config", "print", "--config", config({**LEAST, "ignore_lines": ["$${X}", "a: #b", "é, ]"]}))
    (tmp_path / "again.yaml").write_text(first.stdout, encoding="utf-8")
    again = tocsin("config", "print", "--config", tmp_path / "again.yaml")
    assert yaml.safe_load(again.stdout) == yaml.safe_load(first.stdout)


@pytest.mark.parametrize("arguments", [["config"], ["config", "show"], ["config", "schema", "more"]])
def test_misuse_is_a_usage_error(arguments):
    assert tocsin(*arguments).returncode == USAGE


def test_the_reference_says_where_relative_rules_are_looked_for(tmp_path):
    rules = tocsin("config", "reference").stdout.partition("\n## rules\n")[2].partition("\n## ")[0]
    assert "Relative paths are taken from the working directory" in rules
    (tmp_path / "etc").mkdir()
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/t.yaml").write_text("topic: t\nrules:\n  - {id: t.r, query: truce, examples: [truce], "
                                           "counterexamples: [deal]}\n", encoding="utf-8")
    (tmp_path / "etc/tocsin.yaml").write_text("brokers: 127.0.0.1:1\ngroup: g\ninput: [raw]\nrules: [rules]\n",
                                              encoding="utf-8")
    run = subprocess.run([TOCSIN, "check", "--config", "etc/tocsin.yaml"], cwd=tmp_path, capture_output=True, text=True,
                         timeout=60, check=False)
    assert run.returncode == OK and "1 rules on 1 topics" in run.stdout, run.stderr
