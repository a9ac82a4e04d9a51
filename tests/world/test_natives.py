"""A library of native methods that are registered, as it is published: netty's TLS (netty-tcnative). It does what it does
without guards; as many are guarded as the manifest names, of as many as the VM itself says were registered. BoringSSL is
linked into it, hidden, in a symbol table without source files: its calls are as many as a debugger counts. AWS-LC is linked
into another package so, with them."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

from support import CommandLineTest

HERE = pathlib.Path(__file__).resolve().parent / "linked_in"
NETTY, TCNATIVE = "4.2.18.Final", "2.0.84.Final"
PACKAGES = [*((f"netty-{part}", NETTY, "") for part in ("buffer", "codec-base", "common", "handler", "resolver", "transport",
                                                        "transport-native-unix-common")),
            ("netty-tcnative-classes", TCNATIVE, ""), ("netty-tcnative-boringssl-static", TCNATIVE, f"linux-{os.uname().machine}")]
# Certificates are looked at by the call that meets them.
OPTIONS = ["-Dio.netty.handler.ssl.openssl.useTasks=false"]


CORRETTO = ("AmazonCorrettoCryptoProvider", "2.4.1", f"linux-{os.uname().machine}", "software.amazon.cryptools")


def fetch(artifact, version, classifier, group="io.netty"):
    """The package's file, or None."""
    package = f"{group}:{artifact}:{version}" + (f":jar:{classifier}" if classifier else "")
    command = ["mvn", "--batch-mode", "--quiet", "dependency:get", f"-Dartifact={package}", "-Dtransitive=false"]
    if subprocess.run(command, capture_output=True, check=False, timeout=300).returncode != 0:
        return None
    file = f"{artifact}-{version}" + (f"-{classifier}" if classifier else "") + ".jar"
    return pathlib.Path.home() / ".m2/repository" / group.replace(".", "/") / artifact / version / file


class Netty(CommandLineTest):
    packages = []

    def setUp(self):
        super().setUp()
        path = ":".join(str(path) for path in (self.folder, *self.packages))
        key, certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        for command in (["javac", "-nowarn", "-d", self.folder, "-cp", path, HERE / "Tls.java"],
                        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-subj",
                         "/CN=localhost"]):
            subprocess.run(command, check=True, capture_output=True)
        self.options = [*OPTIONS, f"-Djava.io.tmpdir={self.folder}", "-cp", path]
        self.arguments = ["Tls", key, certificate]


class Tls(Netty):
    def counts(self, report):
        recording, = report["recordings"]
        counters = recording["counters"]
        return counters["natives-registered"], counters["natives-guarded"]

    def test_connections_are_counted(self):
        command = ["java", "-Xlog:jni+resolve=debug", *self.options, *self.arguments, "50"]
        plain = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
        registered = len(re.findall(r"Registering JNI native method io\.netty\.internal\.tcnative", plain))
        result = self.handleguard("run", "-m", HERE / "tcnative.yaml", "--require-coverage", "--", "java", *self.options,
                                  *self.arguments, "50")
        self.assertEqual(result.stdout.splitlines(), [line for line in plain.splitlines() if not line.startswith("[")], result.stderr)
        self.assertEqual(result.returncode, 0, result.stderr)
        status, report = self.report("-m", HERE / "tcnative.yaml", "--", "java", *self.options, *self.arguments, "50")
        self.assertEqual((status, report["findings"], self.counts(report)), (0, [], (registered, 9)))
        counts = {handles["class"]: handles for handles in report["recordings"][0]["handles"]}
        for name, least in (("session", 100), ("context", 2)):
            self.assertGreaterEqual(counts[name]["created"], least)
            self.assertEqual((counts[name]["adopted"], counts[name]["freed"]), (0, counts[name]["created"]))

    def test_a_session_that_is_freed_in_its_handshake_is_told(self):
        _, report = self.report("-m", HERE / "tcnative.yaml", "--", "java", *self.options, *self.arguments, "1", "race")
        race, = (finding for finding in report["findings"] if finding["kind"] == "late-free")
        self.assertEqual(race["call"]["frames"][1]["function"], "Tls$TrustAll.lambda$checkServerTrusted$0")
        self.assertIn("Tls.talk", [frame["function"] for frame in race["create"]["frames"]])
        self.assertRegex(race["in_flight"][0]["function"], "SSL_(readFromSSL|doHandshake)$")


class BoringSsl(Netty):
    """By the manifest for OpenSSL's library, whose interface BoringSSL's is."""
    # What nothing in the library calls itself.
    COUNTED = ["SSL_CTX_free", "SSL_CTX_new", "SSL_free", "SSL_get_error", "SSL_new", "SSL_read", "SSL_set_bio", "SSL_write"]

    def counted_by_debugger(self, *arguments):
        script = self.folder / "script.gdb"
        script.write_text("\n".join(["set breakpoint pending on", "handle SIGSEGV nostop noprint pass",
                                     *(f"break {function}" for function in self.COUNTED),
                                     *(f"ignore {number} 1000000" for number in range(1, len(self.COUNTED) + 1)),
                                     "run", "info breakpoints"]), encoding="utf-8")
        command = ["gdb", "-nx", "-batch", "-x", script, "--args", "java", *self.options, *self.arguments, *arguments]
        told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
        hits = re.findall(r"<(\w+)\+?\d*>\n\tbreakpoint already hit (\d+) times?", told)
        return {function: int(count) for function, count in hits}

    def guarded(self, *arguments):
        status, report = self.report("-m", "libssl", "--deadline=100", "--require-coverage", "--", "java", *self.options,
                                     *self.arguments, *arguments)
        recording, = report["recordings"]
        return status, report["findings"], recording

    def test_as_many_calls_are_guarded_as_there_are(self):
        status, findings, recording = self.guarded("20")
        self.assertEqual((status, findings, recording["counters"]["references-left"]), (0, [], 0))
        coverage = {entry["function"]: entry for entry in recording["coverage"]}
        calls = {function: coverage[function]["calls"] for function in self.COUNTED}
        self.assertEqual(calls, self.counted_by_debugger("20"))
        counts = {handles["class"]: (handles["created"], handles["adopted"], handles["freed"]) for handles in recording["handles"]}
        self.assertEqual(counts, {"ctx": (calls["SSL_CTX_new"], 0, calls["SSL_CTX_free"]),
                                  "ssl": (calls["SSL_new"], 0, calls["SSL_free"])})
        self.assertGreaterEqual(calls["SSL_new"], 40)
        # netty has deleted the library as soon as it was loaded.
        for function in self.COUNTED:
            linked = coverage[function]["linked_in"]
            self.assertGreaterEqual(linked["led"], 1)
            self.assertEqual((linked["references"], linked["approximate"]), (None, True))

    def test_a_session_that_is_freed_in_its_handshake_is_told(self):
        _, findings, _ = self.guarded("1", "race")
        race, = (finding for finding in findings if finding["kind"] == "drain-timeout")
        self.assertEqual((race["function"], [op["function"] for op in race["in_flight"]]), ("SSL_free", ["SSL_read"]))
        self.assertEqual(race["call"]["frames"][1]["function"], "Tls$TrustAll.lambda$checkServerTrusted$0")
        self.assertIn("Tls.talk", [frame["function"] for frame in race["create"]["frames"]])


class Corretto(CommandLineTest):
    """AWS-LC, hidden in a provider of Java's for cryptography, with the names of source files."""
    package = None

    def setUp(self):
        super().setUp()
        subprocess.run(["javac", "-nowarn", "-d", self.folder, "-cp", self.package, HERE / "Crypto.java"], check=True, capture_output=True)

    def test_contexts_are_counted(self):
        status, report = self.report("-m", "libcrypto", "--", "java", f"-Djava.io.tmpdir={self.folder}", "-cp",
                                     f"{self.folder}:{self.package}", "Crypto", "50")
        recording, = report["recordings"]
        self.assertEqual((status, report["findings"], recording["counters"]["references-left"]), (0, [], 0))
        counts = {handles["class"]: (handles["created"], handles["adopted"], handles["freed"]) for handles in recording["handles"]}
        self.assertEqual((counts["md_ctx"], counts["cipher_ctx"]), ((100, 0, 100), (50, 0, 50)))


if __name__ == "__main__":
    Netty.packages = [fetch(*package) for package in PACKAGES] if all(map(shutil.which, ("mvn", "javac", "gdb"))) else [None]
    Corretto.package = fetch(*CORRETTO) if None not in Netty.packages else None
    if not Corretto.package:
        print("skipped: there is no javac or gdb, or Maven does not fetch netty and the Corretto provider")
        sys.exit(77)
    unittest.main()
