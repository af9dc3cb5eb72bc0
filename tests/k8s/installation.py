"""What the overlays render to, and the parts of it that checks ask for."""

import copy
import re
import subprocess

import yaml

# An installation is applied in parts: what the tables are made by comes before the servers.
PARTS = {
    "development": ["development"],
    "production": ["production/schema", "production"],
}


class Workload:
    """A Deployment, StatefulSet or Job, with the template of its pods."""

    def __init__(self, thing):
        self.thing = thing
        self.kind = thing["kind"]
        self.name = thing["metadata"]["name"]
        template = thing["spec"]["template"]
        self.labels = template.get("metadata", {}).get("labels", {})
        self.pod = template["spec"]
        self.serves = self.kind != "Job"

    def __str__(self):
        return f"{self.kind} {self.name}"

    def volumes(self):
        return {volume["name"]: volume for volume in self.pod.get("volumes", [])}

    def ports(self):
        return [port for container in self.pod["containers"] for port in container.get("ports", [])]


class Installation:
    """All objects of one way to install, as a cluster would see them."""

    def __init__(self, name, things):
        self.name = name
        self.things = things

    def copy(self):
        return Installation(self.name, copy.deepcopy(self.things))

    def of_kind(self, *kinds):
        return [thing for thing in self.things if thing["kind"] in kinds]

    def names(self, kind):
        return {thing["metadata"]["name"] for thing in self.of_kind(kind)}

    def workloads(self):
        return [Workload(thing) for thing in self.of_kind("Deployment", "StatefulSet", "Job")]

    def containers(self):
        for workload in self.workloads():
            for container in workload.pod["containers"] + workload.pod.get("initContainers", []):
                yield workload, container

    def namespace(self):
        """The one that it makes, or nothing."""
        made = self.of_kind("Namespace")
        return made[0]["metadata"]["name"] if len(made) == 1 else None


def render(kustomize, overlays, name):
    things = []
    for part in PARTS[name]:
        text = subprocess.run([kustomize, "build", overlays / part], check=True,
                              stdout=subprocess.PIPE, text=True).stdout
        things += [thing for thing in yaml.safe_load_all(text) if thing]
    return Installation(name, things)


def strings_in(thing):
    """Every text in an object, however deep."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict):
        for value in thing.values():
            yield from strings_in(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from strings_in(value)


def command_lines(container):
    """What a container runs, by itself and to be asked whether it is well."""
    yield container.get("command", []) + container.get("args", [])
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        if "exec" in container.get(probe, {}):
            yield container[probe]["exec"]["command"]


def flags_of(words):
    """Flags with their values, as they are written: --name=value, or --name."""
    flags = {}
    for word in words:
        match = re.match(r"(--[^=]+)(?:=(.*))?$", word)
        if match:
            flags[match[1]] = match[2]
    return flags


def settings(container):
    """Pairs of a flag, or of a variable with a value of its own, and what it is set to."""
    for words in command_lines(container):
        yield from flags_of(words).items()
    for variable in container.get("env", []):
        if "value" in variable:
            yield variable["name"], variable["value"]


def probed_ports(container):
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        for way in ("tcpSocket", "grpc", "httpGet"):
            if way in container.get(probe, {}):
                yield probe, container[probe][way]["port"]
