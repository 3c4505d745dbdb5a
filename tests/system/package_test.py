"""The package in a fresh Debian 12: what it brings works, and nothing is left behind."""

import hashlib
import os
import shutil
import subprocess

import pytest

from conftest import ROOT
from tree import Tree


@pytest.fixture(scope="module")
def debian(tmp_path_factory, package):
    with Tree(tmp_path_factory.mktemp("trees") / "package", "bookworm") as tree:
        tree.before = files(tree)
        tree.run("apt-get", "install", "-qq", "-y", "--no-install-recommends", tree.put(package, "/root/tocsin.deb"))
        yield tree


def files(tree):
    """Of /etc and /usr, links too; not what apt and ldconfig keep."""
    return {str(os.path.join(directory, name))
            for top in ("/etc", "/usr")
            for directory, folders, names in os.walk(tree.path(top))
            for name in [*folders, *names]}


def test_the_shipped_configuration_and_rules_are_right(debian):
    assert "rules" in debian.run("tocsin", "check").stdout
    debian.run("tocsin", "check", "--config", "/etc/tocsin/tocsin.yaml")
    debian.run("tocsin", "test")


def test_the_demo_shows_what_it_promises(debian):
    debian.run("tocsin", "demo")


def test_the_unit_the_user_and_the_configuration_are_there_but_nothing_is_enabled(debian):
    for unit in ("tocsin.service", "tocsin-notify.service"):
        assert debian.run("systemd-analyze", "verify", "--man=no", unit).stdout == ""
        assert debian.run("systemctl", "is-enabled", unit, check=False).stdout == "disabled\n"
    assert debian.run("getent", "passwd", "tocsin").stdout.endswith(":/nonexistent:/usr/sbin/nologin\n")
    conffiles = debian.run("dpkg-query", "--show", "--showformat=${Conffiles}", "tocsin").stdout
    assert [line.split()[0] for line in conffiles.splitlines() if line.strip()] == ["/etc/tocsin/tocsin.yaml"]


def test_removed_it_keeps_the_configuration_and_purged_nothing(debian):
    debian.run("dpkg", "--remove", "tocsin")
    assert not debian.path("/usr/bin/tocsin").exists()
    assert debian.path("/etc/tocsin/tocsin.yaml").exists()
    said = debian.run("dpkg", "--purge", "tocsin").stdout
    assert "warning" not in said, said
    debian.run("apt-get", "autoremove", "-qq", "-y", "--purge")
    left = {name for name in files(debian) - debian.before if "tocsin" in name}
    assert not left


@pytest.mark.long
def test_two_builds_in_different_directories_have_the_same_bytes(package, tmp_path):
    """From nothing each: deploy/package uses no compiler cache."""
    subprocess.run([ROOT / "deploy" / "package", tmp_path], check=True, stdout=subprocess.DEVNULL)
    again = tmp_path / package.name
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (package, again)]
    if digests[0] != digests[1]:
        shutil.copy(again, package.with_suffix(".other"))
    assert digests[0] == digests[1]
