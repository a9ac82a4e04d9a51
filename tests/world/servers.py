"""The servers that the programs of the shelf talk to: of the tests' own, each in a folder of its own. What each yields is the
environment by which its clients find it."""
import contextlib
import getpass
import os
import pathlib
import shutil
import socketserver
import subprocess
import tempfile
import threading

import postgres
from support import CommandLineTest


@contextlib.contextmanager
def folder_for(name):
    folder = pathlib.Path(tempfile.mkdtemp(prefix=f"handleguard-{name}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def running(command, says, **options):
    """A server, from when a line of its output says that it is ready."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options) as process:
        try:
            lines = []
            for line in process.stdout:
                lines.append(line)
                if says in line.lower():
                    break
            else:
                raise RuntimeError(f"{command[0]} has not started: {''.join(lines)}")
            yield process
        finally:
            process.kill()
            process.communicate()


@contextlib.contextmanager
def redis():
    with folder_for("redis") as folder:
        socket = folder / "socket"
        with running(["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder],
                     "ready to accept connections"):
            yield {"REDIS_SOCKET": str(socket)}


SSHD_SETTINGS = """HostKey {0}/host
AuthorizedKeysFile {0}/key.pub
StrictModes no
UsePAM no
PermitRootLogin yes
Subsystem sftp internal-sftp
"""


class SshHandler(socketserver.BaseRequestHandler):
    """One process for each connection, as inetd would start it: so nobody has to find a port that is free."""
    settings = None

    def handle(self):
        subprocess.run([find("sshd"), "-i", "-f", self.settings], stdin=self.request, stdout=self.request,
                       stderr=subprocess.DEVNULL, check=False)


@contextlib.contextmanager
def sshd():
    with folder_for("sshd") as folder:
        for name in ("host", "key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ecdsa", "-m", "PEM", "-N", "", "-f", folder / name], check=True)
        SshHandler.settings = folder / "settings"
        SshHandler.settings.write_text(SSHD_SETTINGS.format(folder), encoding="utf-8")
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)  # it insists on this
        socketserver.ThreadingTCPServer.block_on_close = False
        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), SshHandler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield {"SSH_PORT": str(server.server_address[1]), "SSH_USER": getpass.getuser(), "SSH_KEY": str(folder / "key")}
            server.shutdown()


@contextlib.contextmanager
def mariadb():
    with folder_for("mariadb") as folder:
        data, socket, user = folder / "data", folder / "socket", getpass.getuser()
        subprocess.run(["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal",
                        "--skip-test-db", f"--user={user}"], stdout=subprocess.DEVNULL, check=True)
        with running([find("mariadbd"), "--no-defaults", f"--datadir={data}", f"--socket={socket}", "--skip-networking",
                      f"--user={user}"], "ready for connections"):
            yield {"MYSQL_SOCKET": str(socket), "MYSQL_USER": "root"}


@contextlib.contextmanager
def mosquitto():
    with folder_for("mosquitto") as folder:
        socket, settings = folder / "socket", folder / "settings"
        settings.write_text(f"listener 0 {socket}\nallow_anonymous true\nuser root\n", encoding="utf-8")
        with running([find("mosquitto"), "-c", settings], " running"):
            yield {"MQTT_SOCKET": str(socket)}


def find(program):
    return shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin")


# By what must be there.
SERVERS = {"mariadbd": mariadb, "mosquitto": mosquitto, "redis-server": redis, "sshd": sshd}


def missing():
    return [name for name in SERVERS if not find(name)] + ([] if postgres.is_there() else ["postgresql"])


class ServedTest(CommandLineTest):
    """Its programs find the servers."""
    @classmethod
    def setUpClass(cls):
        stack = contextlib.ExitStack()
        cls.addClassCleanup(stack.close)
        cls.found = {}
        for server in (postgres.server, *SERVERS.values()):
            cls.found |= stack.enter_context(server())

    def setUp(self):
        super().setUp()
        self.environment.update(self.found)
