"""A Debian on disk, and the same booted.

    with Tree(directory, "bookworm") as tree:
        tree.run("apt-get", "install", "-y", "/root/some.deb")     # not booted
        with tree.boot() as machine:                               # systemd as its first process
            machine.run("systemctl", "start", "tocsin")

It shares the host's network: a server on the host's loopback is on its own. Needs root and systemd-nspawn. Trees come
from debootstrap, once each; a cache keeps them.
"""

import contextlib
import os
import pathlib
import shutil
import subprocess
import time

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "tocsin"
MIRROR = "http://deb.debian.org/debian"
PACKAGES = "systemd-sysv,dbus,ca-certificates"
CERTIFICATES = pathlib.Path("/usr/local/share/ca-certificates")  # of a proxy, where there is one
PROPAGATION = pathlib.Path("/run/systemd/nspawn")
BOOT_SECONDS = 120
# Alone: no machined, no system bus, no journal of the host.
NSPAWN = ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit"]


class Tree:
    def __init__(self, directory, suite):
        self.directory = pathlib.Path(directory)
        self.suite = suite

    def __enter__(self):
        _prepare_host()
        archive = CACHE / f"debian-{self.suite}.tar.zst"
        if not archive.exists():
            _make(self.suite, archive)
        self.directory.mkdir(parents=True)
        subprocess.run(["tar", "-C", self.directory, "--zstd", "-xf", archive], check=True)
        if CERTIFICATES.is_dir():
            shutil.copytree(CERTIFICATES, self.path(CERTIFICATES), dirs_exist_ok=True)
        self.run("update-ca-certificates")
        self.run("apt-get", "-qq", "-o", "Acquire::Retries=3", "update")
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.directory, ignore_errors=True)

    def path(self, inside):
        return self.directory / pathlib.Path(inside).relative_to("/")

    def put(self, source, inside):
        """A copy of the host's file; returns the name it has inside."""
        self.path(inside).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, self.path(inside))
        return inside

    def run(self, *command, check=True, options=(), **how):
        """As root, without booting."""
        return _run([*NSPAWN, "--console=pipe", "--setenv=DEBIAN_FRONTEND=noninteractive", *options, "-D",
                     self.directory, *command], check, **how)

    @contextlib.contextmanager
    def boot(self):
        console = self.directory.with_suffix(".console")
        with open(console, "wb") as log:
            nspawn = subprocess.Popen(
                [*NSPAWN, "--console=pipe", "--boot", f"--machine=tocsin-{os.getpid()}", "-D", self.directory],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        try:
            machine = Machine(_first_process(nspawn))
            machine.wait_until("it has booted", lambda: machine.state() == "running", BOOT_SECONDS)
            yield machine
            machine.run("systemctl", "poweroff", check=False)
            nspawn.wait(BOOT_SECONDS)
        except BaseException:
            print(console.read_text(errors="replace")[-4000:])
            raise
        finally:
            nspawn.kill()
            nspawn.wait()


class Machine:
    def __init__(self, first_process):
        self.first_process = first_process

    def run(self, *command, check=True, **how):
        return _run(["nsenter", "--all", "--target", str(self.first_process), *command], check, **how)

    def state(self):
        return self.run("systemctl", "is-system-running", check=False).stdout.strip()

    def show(self, unit, *properties):
        """Of a unit, as systemd has them: one, or a list."""
        found = self.run("systemctl", "show", unit, *(f"--property={name}" for name in properties)).stdout
        values = dict(line.split("=", 1) for line in found.splitlines())
        wanted = [values[name] for name in properties]
        return wanted[0] if len(wanted) == 1 else wanted

    def journal(self, unit, *options):
        return self.run("journalctl", "--no-pager", "--unit", unit, *options).stdout

    def wait_until(self, what, condition, seconds):
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
            time.sleep(0.1)
        return found


def _run(command, check, **how):
    done = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, **how)
    assert not check or done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout[-8000:]}"
    return done


def _prepare_host():
    """systemd-nspawn refuses to clean up below /run where that is no file system of its own."""
    if not os.path.ismount("/run") and not os.path.ismount(PROPAGATION):
        PROPAGATION.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", PROPAGATION], check=True)


def _make(suite, archive):
    archive.parent.mkdir(parents=True, exist_ok=True)
    directory = archive.with_name(f"debian-{suite}.{os.getpid()}")
    try:
        subprocess.run(["debootstrap", "--variant=minbase", f"--include={PACKAGES}", suite, directory, MIRROR],
                       check=True, stdout=subprocess.DEVNULL)
        partial = archive.with_name(f"{archive.name}.{os.getpid()}")
        subprocess.run(["tar", "-C", directory, "--zstd", "-cf", partial, "."], check=True)
        partial.rename(archive)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _first_process(nspawn):
    """systemd-nspawn's child, once there is one."""
    children = pathlib.Path(f"/proc/{nspawn.pid}/task/{nspawn.pid}/children")
    deadline = time.monotonic() + BOOT_SECONDS
    while not (found := children.read_text(encoding="ascii").split()):
        assert nspawn.poll() is None and time.monotonic() < deadline, "systemd-nspawn did not start"
        time.sleep(0.1)
    return int(found[0])
