"""The strict schemas of Kubernetes, read from the package that requirements.txt pins."""

import json
import re
import warnings
import zipfile

warnings.filterwarnings("ignore", category=DeprecationWarning, module="jsonschema")
import jsonschema  # noqa: E402

FOLDER = "kubernetes_validate/kubernetes-json-schema"
# Kubernetes itself looks after its last three versions.
VERSIONS_CHECKED = 3


class Schemas:
    """What an object may look like, for each version that is checked."""

    def __init__(self, wheel_path):
        self._wheel = zipfile.ZipFile(wheel_path)
        found = set()
        for name in self._wheel.namelist():
            match = re.match(FOLDER + r"/v(\d+)\.(\d+)\.0-local-strict/_definitions\.json$", name)
            if match:
                found.add((int(match[1]), int(match[2])))
        self.versions = sorted(found)[-VERSIONS_CHECKED:]
        self._definitions = {version: self._read(version, "_definitions")
                             for version in self.versions}
        self._validators = {}

    def problems(self, thing):
        for version in self.versions:
            name = "{}.{}".format(*version)
            validator = self._validator(version, thing["kind"], thing["apiVersion"])
            if validator is None:
                yield f"Kubernetes {name} has no {thing['apiVersion']} {thing['kind']}"
                continue
            for error in validator.iter_errors(thing):
                place = ".".join(str(step) for step in error.absolute_path)
                yield f"Kubernetes {name}: {place}: {error.message}"

    def _read(self, version, name):
        path = "{}/v{}.{}.0-local-strict/{}.json".format(FOLDER, *version, name)
        return json.loads(self._wheel.read(path))

    def _validator(self, version, kind, api_version):
        key = (version, kind, api_version)
        if key not in self._validators:
            # apps/v1 is apps-v1 in the name of a file, and networking.k8s.io/v1 is networking-v1.
            group = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", api_version)
            try:
                schema = self._read(version, f"{kind.lower()}-{group}")
            except KeyError:
                return None
            definitions = self._definitions[version]
            resolver = jsonschema.RefResolver(
                schema["$id"], schema, store={definitions["$id"]: definitions})
            self._validators[key] = jsonschema.Draft202012Validator(schema, resolver=resolver)
        return self._validators[key]
