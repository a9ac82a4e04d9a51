"""A server of PostgreSQL of the tests' own, which is reached by a socket in its folder."""
import contextlib
import glob
import os
import pathlib
import shutil
import subprocess
import tempfile


def program(name):
    """Debian has them out of the way, a folder for each version."""
    return shutil.which(name) or max(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), default=None)


def is_there():
    return bool(program("initdb") and program("pg_ctl"))


@contextlib.contextmanager
def server():
    """The environment by which libpq finds it. It does not run as root."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="handleguard-pg-"))
    user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    if user:
        shutil.chown(folder, "nobody")
    options = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C"}, **user}
    data = folder / "data"
    try:
        subprocess.run([program("initdb"), "-D", data, "-U", "tester", "-A", "trust", "--no-sync"], timeout=300, **options)
        subprocess.run([program("pg_ctl"), "-D", data, "-w", "-l", folder / "log", "-o",
                        f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off", "start"], timeout=300, **options)
        yield {"PGHOST": str(folder), "PGUSER": "tester", "PGDATABASE": "postgres"}
    finally:
        subprocess.run([program("pg_ctl"), "-D", data, "-m", "immediate", "stop"], timeout=300, **options | {"check": False})
        shutil.rmtree(folder, ignore_errors=True)
