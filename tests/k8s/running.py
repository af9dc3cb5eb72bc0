"""Starts what the manifests say, with a folder in place of what a cluster would mount."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time

from installation import Workload

SECONDS = 20


class Authority:
    """Issues certificates, as cert-manager would: the three files of a Secret for TLS."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self._openssl("ca", "-subj", "/CN=authority")

    def issue(self, name):
        self._openssl("tls", "-CA", self.folder / "ca.crt", "-CAkey", self.folder / "ca.key",
                      "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
                      "-addext", "basicConstraints=critical,CA:FALSE",
                      "-addext", "extendedKeyUsage=serverAuth,clientAuth")
        return {file: (self.folder / file).read_text() for file in ("tls.crt", "tls.key", "ca.crt")}

    def _openssl(self, file, *arguments):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
                        "-keyout", self.folder / f"{file}.key", "-out", self.folder / f"{file}.crt",
                        *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Server:
    """The first container of the Deployment."""

    def __init__(self, installation, programs, root, secrets):
        workload = Workload(installation.of_kind("Deployment")[0])
        self.container = workload.pod["containers"][0]
        self.programs = programs
        self.root = root
        for mount in self.container["volumeMounts"]:
            folder = self._place(mount["mountPath"])
            folder.mkdir(parents=True)
            volume = workload.volumes()[mount["name"]]
            if "configMap" in volume:
                for thing in installation.of_kind("ConfigMap"):
                    if thing["metadata"]["name"] == volume["configMap"]["name"]:
                        mount_files(folder, thing["data"])
            elif "secret" in volume:
                mount_files(folder, secrets.get(volume["secret"]["secretName"], {}))
        self.environment = {"PATH": os.environ["PATH"]}
        for variable in self.container.get("env", []):
            # Where the database would be, there is a file.
            value = variable.get("value")
            self.environment[variable["name"]] = (
                f"sqlite:{root}/database" if value is None else self._mapped(value))
        log = (root / "log").open("w")
        self.process = subprocess.Popen(
            self._words(self.container["command"] + self.container["args"]),
            env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True)
        self.line = self.process.stdout.readline()

    def _place(self, path):
        return self.root / path.lstrip("/")

    def _mapped(self, text):
        mounted = "|".join(mount["mountPath"] for mount in self.container["volumeMounts"])
        return re.sub(rf"(?<![\w/])({mounted})(?=/)", lambda path: str(self._place(path[1])), text)

    def _words(self, words):
        words = [self.programs[words[0]], *map(self._mapped, words[1:])]
        for name, value in self.environment.items():
            words = [word.replace(f"$({name})", value) for word in words]
        return words

    def accepts(self):
        port = self.container["ports"][0]["containerPort"]
        with socket.socket() as asking:
            return asking.connect_ex(("127.0.0.1", port)) == 0

    def ask(self, words, **environment):
        """What the command of a probe ends with, run in the container."""
        return subprocess.run(self._words(words), env={**self.environment, **environment},
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS)


def mount_files(folder, files):
    """As a kubelet does: what is linked to changes all at once."""
    version = folder / f"..{time.monotonic_ns()}"
    version.mkdir()
    for name, text in files.items():
        (version / name).write_text(text)
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(pathlib.Path("..data") / name)
    (folder / "..new").symlink_to(version.name)
    (folder / "..new").rename(folder / "..data")


def problems(installation, programs):
    with tempfile.TemporaryDirectory(prefix="dangol_k8s.") as folder:
        root = pathlib.Path(folder)
        first, second = Authority(root / "first"), Authority(root / "second")
        secrets = {"dangol-tls": first.issue("dangol.dangol.svc")}
        (root / "pod").mkdir()
        server = Server(installation, programs, root / "pod", secrets)
        try:
            if not server.line:
                yield "the server does not start: " + (root / "pod/log").read_text()
                return
            yield from _problems_of_probes(server, second)
            code = server.end()
            if code != 0:
                yield f"the server ends with {code}"
        finally:
            if server.process.poll() is None:
                server.process.kill()


def _problems_of_probes(server, other):
    if not server.accepts():
        yield "the server does not listen where it is probed"
    readiness = server.container["readinessProbe"]
    if "exec" not in readiness:
        # The test has no client for health: that there is an answer in plain text must do.
        if server.ask(["dangolctl", "program", "list"]) != 0:
            yield "the server does not answer in plain text"
        return
    probe = readiness["exec"]["command"]
    if server.ask(probe) != 0:
        yield "a server that serves is not ready"
        return
    stranger = other.issue("stranger")
    for name in ("tls.crt", "tls.key"):
        (server.root / name).write_text(stranger[name])
    if server.ask(probe, DANGOL_TLS_CERT=str(server.root / "tls.crt"),
                  DANGOL_TLS_KEY=str(server.root / "tls.key")) == 0:
        yield "a caller of another authority is let in"
    mount_files(server.root / "etc/dangol/tls", other.issue("dangol.dangol.svc"))
    until = time.monotonic() + SECONDS
    while server.ask(probe) != 0:
        if time.monotonic() > until:
            yield "a new certificate is not taken"
            return
