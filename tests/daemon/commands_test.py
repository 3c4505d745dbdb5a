"""The commands as a shell sees them: exit codes, and what goes where."""

import os
import signal
import subprocess

import pytest

TOCSIN = os.environ["TOCSIN"]
OK, USAGE, BAD_INPUT, CONFIG = 0, 64, 65, 78
CONFIGURATION = "brokers: 127.0.0.1:1\ngroup: g\ninput: [raw]\nhttp_listen: \"off\"\n"


def tocsin(*arguments, stdin=b""):
    return subprocess.run([TOCSIN, *arguments], input=stdin, capture_output=True, timeout=60, check=False)


@pytest.fixture(name="config")
def config_file(tmp_path):
    def write(text):
        path = tmp_path / "tocsin.yaml"
        path.write_text(text, encoding="utf-8")
        return path
    return write


@pytest.mark.parametrize("arguments", [
    [], ["ring"], ["match", "--no-such-option"], ["match", "/nonexistent"], ["match", "--input-format", "xml"],
    ["run", "--to", "2024-03-01T00:00:00Z"], ["run", "--rate", "5"], ["run", "--from", "yesterday"],
    ["run", "--from", "2024-03-01T00:00:00Z", "--to", "2024-03-01T00:00:00Z"],
    ["run", "--from", "2024-03-01T00:00:00Z", "--to", "2999-03-01T00:00:00Z"],
    ["run", "--from", "2024-03-01T00:00:00Z", "--rate", "0"]])
def test_misuse_is_a_usage_error(arguments):
    assert tocsin(*arguments).returncode == USAGE


@pytest.mark.parametrize("arguments, complaint", [
    (["match", "--input-format", "xml"], "--input-format: `xml` is none of json|document|text\n"),
    (["explain", "--input-format", "xml"], "--input-format: `xml` is none of json|document|text\n"),
    (["match", "--log-format", "xml"], "--log-format: `xml` is none of auto|json|text\n")])
def test_a_value_that_is_no_choice_is_told_with_those_that_are(arguments, complaint):
    run = tocsin(*arguments)
    assert run.returncode == USAGE
    assert run.stderr.decode().startswith(complaint)


CATALOG = os.path.join(os.path.dirname(__file__), "../../rules/catalog")


@pytest.mark.parametrize("command", [["match"], ["explain", "--rule", "ceasefire.mention"], ["eval"],
                                     ["diff", "--old", CATALOG, "--new", CATALOG]])
@pytest.mark.parametrize("name, complaint", [
    ("missing.ndjson", "no such file"), ("here/missing", "no such file"), (".", "a directory, not a file")])
def test_articles_that_are_no_file_are_a_usage_error(tmp_path, command, name, complaint):
    (tmp_path / "here").touch()
    path = tmp_path / name
    run = tocsin(*command, path)
    assert run.returncode == USAGE, run.stderr
    assert f"FILE: {path}: {complaint}\n" in run.stderr.decode()


def test_articles_may_come_from_a_pipe_by_name():
    run = tocsin("match", "/dev/stdin", stdin=b'{"title":"Rebels agree to a ceasefire"}\n')
    assert run.returncode == OK and b"ceasefire" in run.stdout


@pytest.mark.parametrize("command", ["match", "explain"])
def test_help_shows_the_choices(command):
    shown = tocsin(command, "--help").stdout.decode()
    assert "--input-format json|document|text\n" in shown
    assert shown.replace("\n", "").isprintable()


def test_help_is_no_error():
    assert tocsin("--help").returncode == OK


def test_nothing_in_is_nothing_out():
    run = tocsin("match")
    assert (run.returncode, run.stdout, run.stderr) == (OK, b"", b"")


def test_a_bad_line_is_named_and_the_good_ones_are_done(tmp_path):
    path = tmp_path / "articles.ndjson"
    path.write_bytes(b'{"title":"Rebels agree to a ceasefire"}\nbroken\n\n{"title":"Ceasefire in the north"}')
    run = tocsin("match", str(path))
    assert run.returncode == BAD_INPUT
    assert [line.split(b'"topic":"')[1][:9] for line in run.stdout.splitlines()] == [b"ceasefire"] * 2
    complaints = run.stderr.decode().splitlines()
    assert complaints[0].startswith(f"{path}:2: malformed_json: ")
    assert complaints[1].startswith(f"{path}:3: empty: ")


def test_output_that_cannot_be_written_is_an_error():
    with open("/dev/full", "wb") as full:
        run = subprocess.run([TOCSIN, "match"], input=b'{"title":"A ceasefire in the war"}', stdout=full,
                             stderr=subprocess.PIPE, timeout=60, check=False)
    assert run.returncode not in (OK, BAD_INPUT)
    assert b"No space left" in run.stderr


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("text, complaint", [
    (CONFIGURATION + "wrokers: 2\n", "{path}:5:1: unknown key wrokers"),
    (CONFIGURATION + "rules: [/nonexistent]\n", "/nonexistent"),
    (CONFIGURATION + "output: raw\n", "come back for ever"),
    (CONFIGURATION + "kafka: {sasl.kerberos.kinit.cmd: reboot}\n", "it would run code"),
])
def test_a_bad_configuration_is_refused(config, command, text, complaint):
    path = config(text)
    run = tocsin(command, "--config", str(path))
    assert run.returncode == CONFIG, run.stderr
    assert complaint.format(path=path) in run.stderr.decode()


def test_a_good_configuration_is_said_to_be_good(config):
    run = tocsin("check", "--config", str(config(CONFIGURATION)))
    assert run.returncode == OK, run.stderr
    assert b"good" in run.stdout


def test_a_secret_is_named_but_never_shown(config, tmp_path):
    (tmp_path / "secret").write_text("hunter2\n", encoding="utf-8")
    path = config(CONFIGURATION + f"kafka_secrets: {{socket.timeout.ms: {tmp_path}/secret}}\n")
    run = tocsin("run", "--config", str(path))
    assert run.returncode == CONFIG, run.stderr
    assert b"socket.timeout.ms" in run.stderr and b"hunter2" not in run.stderr


def test_nothing_alerts_on_what_is_published_without_evidence(config):
    run = tocsin("alert", "--config", str(config(CONFIGURATION + "format: passthrough\n")))
    assert run.returncode == CONFIG and b"format: envelope" in run.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_in_order_even_without_a_broker(config, number):
    with subprocess.Popen([TOCSIN, "run", "--config", config(CONFIGURATION)], stderr=subprocess.PIPE) as process:
        for line in process.stderr:
            if b"starting:" in line:
                break
        process.send_signal(number)
        process.stderr.read()
        assert process.wait(60) == OK


def test_the_demo_that_differs_from_what_is_expected_fails(tmp_path):
    (tmp_path / "articles.ndjson").write_text('{"id":"a","title":"Rebels agree to a ceasefire"}\n', encoding="utf-8")
    (tmp_path / "expected.txt").write_text("news.pipeline\tb\tpipeline.mention\tpipeline\n", encoding="utf-8")
    run = tocsin("demo", "--articles", str(tmp_path))
    assert run.returncode == 1
    assert b"- news.pipeline\tb\t" in run.stdout
    assert b"+ news.ceasefire\ta\t" in run.stdout
