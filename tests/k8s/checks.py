"""What must be true of an installation that neither a schema nor kustomize looks at.

A check is a generator of problems. Its name is what mistakes.py knows it by.
"""

import posixpath
import re

from installation import command_lines, flags_of, probed_ports, settings, strings_in

# What was left out would be missed by no other check.
EXPECTED = {
    "development": ["ConfigMap", "Deployment", "Namespace", "NetworkPolicy",
                    "PersistentVolumeClaim", "Service", "ServiceAccount"],
    "production": ["ConfigMap", "ConfigMap", "Deployment", "HorizontalPodAutoscaler", "Job",
                   "Namespace", "NetworkPolicy", "NetworkPolicy", "PodDisruptionBudget", "Service",
                   "ServiceAccount", "ServiceAccount"],
}
# After the calls have ended, what they did is still written.
WRITING_SECONDS = 15


def schema(installation, facts):
    for thing in installation.things:
        for problem in facts.schemas.problems(thing):
            yield f"{thing['kind']} {thing['metadata']['name']}: {problem}"


def completeness(installation, facts):
    found = sorted(thing["kind"] for thing in installation.things)
    if found != EXPECTED[installation.name]:
        yield f"has {', '.join(found)}"


def namespace(installation, facts):
    made = installation.of_kind("Namespace")
    for thing in made:
        labels = thing["metadata"].get("labels", {})
        if labels.get("pod-security.kubernetes.io/enforce") != "restricted":
            yield "the namespace lets pods in that are not restricted"
    for thing in installation.things:
        where = thing["metadata"].get("namespace")
        if thing["kind"] != "Namespace" and where != installation.namespace():
            yield f"{thing['kind']} {thing['metadata']['name']} is in the namespace {where}"


def _references(workload):
    """Pairs of kind and name, with the keys that have to be there."""
    yield "ServiceAccount", workload.pod.get("serviceAccountName", "default"), []
    for volume in workload.pod.get("volumes", []):
        if "configMap" in volume:
            keys = [item["key"] for item in volume["configMap"].get("items", [])]
            yield "ConfigMap", volume["configMap"]["name"], keys
        if "secret" in volume:
            keys = [item["key"] for item in volume["secret"].get("items", [])]
            yield "Secret", volume["secret"]["secretName"], keys
        if "persistentVolumeClaim" in volume:
            yield "PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"], []
    for container in workload.pod["containers"]:
        for variable in container.get("env", []):
            source = variable.get("valueFrom", {})
            for field, kind in (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")):
                if field in source:
                    yield kind, source[field]["name"], [source[field]["key"]]


def references(installation, facts):
    there = {("ServiceAccount", name): set() for name in installation.names("ServiceAccount")}
    there.update({("PersistentVolumeClaim", name): set()
                  for name in installation.names("PersistentVolumeClaim")})
    for thing in installation.of_kind("ConfigMap"):
        there["ConfigMap", thing["metadata"]["name"]] = set(thing.get("data", {}))
    for (where, name), keys in facts.guide.secrets.items():
        if where == installation.namespace():
            there["Secret", name] = keys
    used = set()
    for workload in installation.workloads():
        for kind, name, keys in _references(workload):
            used.add((kind, name))
            if (kind, name) not in there:
                yield f"{workload} names the {kind} {name}, which nobody makes"
            for key in set(keys) - there.get((kind, name), set(keys)):
                yield f"{workload} names the key {key}, which the {kind} {name} does not have"
    for kind, name in sorted(set(there) - used):
        yield f"the {kind} {name} is made, and nobody uses it"


def _selected(installation, selector):
    """The workloads whose pods a selector means; of an empty one, that is none by name."""
    wanted = selector.get("matchLabels", selector)
    return [workload for workload in installation.workloads()
            if wanted and wanted.items() <= workload.labels.items()]


def selectors(installation, facts):
    for workload in installation.workloads():
        own = workload.thing["spec"].get("selector")
        if own is not None and not own["matchLabels"].items() <= workload.labels.items():
            yield f"{workload} does not select its own pods"
        for spread in workload.pod.get("topologySpreadConstraints", []):
            if [str(found) for found in _selected(installation, spread["labelSelector"])] != [
                    str(workload)]:
                yield f"{workload} is spread by the pods of somebody else"
    policies = []
    for thing in installation.of_kind("Service", "PodDisruptionBudget", "NetworkPolicy"):
        spec = thing["spec"]
        found = _selected(installation, spec.get("selector") or spec.get("podSelector") or {})
        if len(found) != 1:
            yield f"{thing['kind']} {thing['metadata']['name']} selects {len(found)} workloads"
        if thing["kind"] == "NetworkPolicy" and set(spec["policyTypes"]) == {"Ingress", "Egress"}:
            policies += [str(workload) for workload in found]
    for workload in installation.workloads():
        if policies.count(str(workload)) != 1:
            yield f"{workload} has {policies.count(str(workload))} network policies of both types"
    for thing in installation.of_kind("HorizontalPodAutoscaler"):
        target = thing["spec"]["scaleTargetRef"]
        if f"{target['kind']} {target['name']}" not in map(str, installation.workloads()):
            yield f"the autoscaler looks for the {target['kind']} {target['name']}"


def ports(installation, facts):
    for workload, container in installation.containers():
        known = {port["name"] for port in container.get("ports", [])}
        known |= {port["containerPort"] for port in container.get("ports", [])}
        for probe, port in probed_ports(container):
            if port not in known:
                yield f"{workload}: {probe} asks at {port}, where nobody listens"
        numbers = {port["containerPort"] for port in container.get("ports", [])}
        for words in command_lines(container):
            for flag in ("--listen", "--server", "--metrics-listen"):
                address = flags_of(words).get(flag)
                if address and int(address.rsplit(":", 1)[1]) not in numbers:
                    yield f"{workload}: {flag}={address} is not a port of the container"
    targets = set()
    for thing in installation.of_kind("Service"):
        name = thing["metadata"]["name"]
        if thing["spec"].get("clusterIP") != "None":
            yield f"the Service {name} is not headless"
        for port in thing["spec"]["ports"]:
            targets.add((f"{name}.{installation.namespace()}.svc", str(port["port"])))
            for workload in _selected(installation, thing["spec"]["selector"]):
                found = [own for own in workload.ports() if own["name"] == port["targetPort"]]
                # Behind a headless service clients meet the port of the pod itself.
                if [own["containerPort"] for own in found] != [port["port"]]:
                    yield f"the Service {name} leads to {port}, which is no port of {workload}"
    for thing in installation.of_kind("NetworkPolicy"):
        for workload in _selected(installation, thing["spec"]["podSelector"]):
            opened = [port["port"] for rule in thing["spec"].get("ingress", [])
                      for port in rule["ports"]]
            if opened != [port["name"] for port in workload.ports()]:
                yield f"{workload} may be reached at {opened}"
    told = [(host, port) for host, port in facts.guide.targets()
            if host.split(".")[1] == installation.namespace()]
    for target in set(told) - targets:
        yield f"the guide tells clients to connect to {':'.join(target)}"
    if not told:
        yield "the guide does not tell clients where to connect to"


def _files(installation, facts, volume):
    """The files of a volume, or None where they are not known."""
    if "configMap" in volume:
        source, name = volume["configMap"], volume["configMap"]["name"]
        keys = [set(thing["data"]) for thing in installation.of_kind("ConfigMap")
                if thing["metadata"]["name"] == name]
    elif "secret" in volume:
        source, name = volume["secret"], volume["secret"]["secretName"]
        keys = [facts.guide.secrets.get((installation.namespace(), name), set())]
    else:
        return None
    if "items" in source:
        return {item["path"] for item in source["items"]}
    return set().union(*keys)


def mounts(installation, facts):
    for workload, container in installation.containers():
        volumes = workload.volumes()
        mounted = {mount["name"]: mount for mount in container.get("volumeMounts", [])}
        for name in sorted(set(mounted) ^ set(volumes)):
            yield f"{workload}: the volume {name} is " + (
                "not there" if name in mounted else "not mounted")
        by_folder = {mount["mountPath"]: mount for mount in mounted.values()}
        if len(by_folder) != len(container.get("volumeMounts", [])):
            yield f"{workload} mounts two volumes at one place"
        for name, value in settings(container):
            path = re.fullmatch(r"(sqlite:)?(/.*)", value or "")
            if not path:
                continue
            folder, file = posixpath.split(path[2])
            if folder not in by_folder:
                yield f"{workload}: {name} is in {folder}, where nothing is mounted"
                continue
            mount = by_folder[folder]
            volume = volumes.get(mount["name"], {})
            files = _files(installation, facts, volume)
            if files is not None and file not in files:
                yield f"{workload}: {name}={value} is no file of the volume {mount['name']}"
            kept = "persistentVolumeClaim" in volume and not mount.get("readOnly")
            if path[1] and not kept:
                yield f"{workload}: the store is not on a disk that is kept"


def flags(installation, facts):
    for workload, container in installation.containers():
        variables = {variable["name"] for variable in container.get("env", [])}
        for words in command_lines(container):
            yield from (f"{workload}: {problem}" for problem in facts.programs.problems(words))
            for name in re.findall(r"\$\((\w+)\)", " ".join(words)):
                if name not in variables:
                    yield f"{workload}: there is no variable {name}"
        lines = list(command_lines(container))
        for name in sorted(variables):
            if f"$({name})" not in " ".join(lines[0]) and not any(
                    facts.programs.reads(words, name) for words in lines):
                yield f"{workload}: nobody reads the variable {name}"


def probes(installation, facts):
    for workload, container in installation.containers():
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            if workload.serves and probe not in container:
                yield f"{workload} has no {probe}"
        # Health follows the store, and a restart does not bring that back.
        for probe in ("startupProbe", "livenessProbe"):
            if container.get(probe, {}).keys() & {"grpc", "exec"}:
                yield f"{workload} is restarted while its store is away"
        if workload.serves and not container.get("readinessProbe", {}).keys() & {"grpc", "exec"}:
            yield f"{workload} is ready although it does not serve"


def resources(installation, facts):
    for workload, container in installation.containers():
        found = container.get("resources", {})
        for kind, what in (("requests", "cpu"), ("requests", "memory"), ("limits", "memory")):
            if what not in found.get(kind, {}):
                yield f"{workload}: {kind} of {what} are missing"


def restrictions(installation, facts):
    for workload, container in installation.containers():
        pod = workload.pod.get("securityContext", {})
        own = container.get("securityContext", {})
        kept = {
            "runAsNonRoot": pod.get("runAsNonRoot") is True,
            "runAsUser": pod.get("runAsUser") == facts.image.user,
            "seccompProfile": pod.get("seccompProfile") == {"type": "RuntimeDefault"},
            "allowPrivilegeEscalation": own.get("allowPrivilegeEscalation") is False,
            "readOnlyRootFilesystem": own.get("readOnlyRootFilesystem") is True,
            "capabilities": own.get("capabilities") == {"drop": ["ALL"]},
            "automountServiceAccountToken":
                workload.pod.get("automountServiceAccountToken") is False,
            "hostNetwork": not workload.pod.keys() & {"hostNetwork", "hostPID", "hostIPC"},
        }
        for what in sorted(what for what, is_kept in kept.items() if not is_kept):
            yield f"{workload} is not restricted: {what}"
        # What belongs to the group is of no use to who is not in it.
        if workload.volumes() and not isinstance(pod.get("fsGroup"), int):
            yield f"{workload} cannot read what is mounted: fsGroup is missing"


def draining(installation, facts):
    for workload, container in installation.containers():
        if not workload.serves:
            continue
        drain = int(flags_of(container.get("args", [])).get("--drain-seconds") or 30)
        sleep = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        grace = workload.pod.get("terminationGracePeriodSeconds", 30)
        if sleep < 1:
            yield f"{workload} refuses calls before clients know that it goes"
        if grace < sleep + drain + WRITING_SECONDS:
            yield f"{workload} is killed {grace} s after it is told to go, while it drains"


def secrets(installation, facts):
    for thing in installation.things:
        if thing["kind"] == "Secret":
            yield f"the Secret {thing['metadata']['name']} is in the manifests"
        for text in strings_in(thing):
            if re.search(r"mysql://[^/@\s]*:[^/@\s]*@|-----BEGIN [A-Z ]*PRIVATE KEY", text):
                yield f"{thing['kind']} {thing['metadata']['name']} has a password or key in it"
    for workload, container in installation.containers():
        for variable in container.get("env", []):
            if "value" in variable and "PASSWORD" in variable["name"]:
                yield f"{workload}: the value of {variable['name']} is in the manifests"


def _policies(installation, workload):
    return [thing["spec"] for thing in installation.of_kind("NetworkPolicy")
            if str(workload) in map(str, _selected(installation, thing["spec"]["podSelector"]))]


def _lets_other_namespaces_in(installation, workload):
    """To calls; metrics name nobody."""
    return any("podSelector" not in peer or "namespaceSelector" in peer
               for policy in _policies(installation, workload)
               for rule in policy.get("ingress", []) for peer in rule.get("from", [{}])
               if [port["port"] for port in rule["ports"]] != ["metrics"])


def encryption(installation, facts):
    for workload, container in installation.containers():
        given = flags_of(container.get("args", []))
        if not workload.serves:
            continue
        insecure = "--insecure" in given
        if insecure and _lets_other_namespaces_in(installation, workload):
            yield f"{workload} speaks plain text with other namespaces"
        if insecure and installation.name == "production":
            yield f"{workload} is in production without TLS"
        if not insecure and not {"--tls-cert", "--tls-key", "--tls-client-ca", "--access"} <= given.keys():
            yield f"{workload} listens to all, without mutual TLS or who may do what"
        probe = container.get("readinessProbe", {})
        if not insecure and "exec" not in probe:
            yield f"{workload} is asked for health in plain text, which it does not speak"
        names = {f"{name}.{installation.namespace()}.svc" for name in installation.names("Service")}
        asked = dict(settings(container)).get("DANGOL_TLS_SERVER_NAME")
        if not insecure and asked not in names:
            yield f"{workload}: clients do not ask for {asked}, but for {', '.join(names)}"


def egress(installation, facts):
    for workload in installation.workloads():
        opened = {port["port"] for policy in _policies(installation, workload)
                  for rule in policy.get("egress", []) for port in rule["ports"]}
        uses_database = any(variable["name"] == "DANGOL_STORE"
                            for container in workload.pod["containers"]
                            for variable in container.get("env", []))
        if opened != ({53, 3306} if uses_database else set()):
            yield f"{workload} may reach ports {sorted(opened)}"


def replicas(installation, facts):
    scalers = installation.of_kind("HorizontalPodAutoscaler")
    for workload, container in installation.containers():
        if not workload.serves:
            continue
        spec = workload.thing["spec"]
        if (flags_of(container["args"]).get("--store") or "").startswith("sqlite:"):
            if spec.get("replicas") != 1 or spec["strategy"]["type"] != "Recreate" or scalers:
                yield f"{workload} could have two servers on one file"
        elif "replicas" in spec or [scaler["spec"]["minReplicas"] for scaler in scalers] != [3]:
            yield f"{workload} has not three servers at least, by its autoscaler alone"


def images(installation, facts):
    found = {container["image"] for _, container in installation.containers()}
    if len(found) != 1:
        yield f"there are several images: {', '.join(sorted(found))}"
    for image in found:
        if not re.fullmatch(r"[\w.-]+(:\d+)?/[\w./-]+:(?!latest$)[\w.-]+", image):
            yield f"the image {image} is of no registry or has no version"


ALL = {check.__name__: check for check in [
    schema, completeness, namespace, references, selectors, ports, mounts, flags, probes, resources,
    restrictions, draining, secrets, encryption, egress, replicas, images]}
