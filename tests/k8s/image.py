"""What can be said of the Dockerfile without Docker."""

import fnmatch
import functools
import re
import subprocess


class Image:
    """The instructions of a Dockerfile, and what of the project they get to see."""

    def __init__(self, dockerfile_text, ignore_text):
        joined = re.sub(r"\s*\\\n\s*", " ", re.sub(r"^\s*#.*\n", "", dockerfile_text, flags=re.M))
        self.steps = [line.split(None, 1) for line in joined.splitlines() if line.strip()]
        self.ignored = [line for line in ignore_text.splitlines() if line and line[0] != "#"]
        users = [rest for name, rest in self.steps if name == "USER"]
        self.user = int(users[-1].split(":")[0]) if users and re.match(r"\d+:", users[-1]) else None

    def _last(self, name):
        return ([rest for step, rest in self.steps if step == name] or [""])[-1]

    def packages(self):
        """What the last stage installs."""
        install = [rest for step, rest in self.steps if step == "RUN" and "apt-get install" in rest]
        return re.findall(r" ([a-z0-9][\w.+-]+)", install[-1].split("recommends")[1].split("&&")[0])

    def problems(self, project, programs):
        if not self.user:
            yield "its user is no number other than 0"
        if self._last("EXPOSE") != "7420 9464":
            yield "it does not expose the server's port"
        for step, rest in self.steps:
            if step == "COPY":
                yield from self._problems_of_copy(rest, project, programs)
        cmake = (project / "CMakeLists.txt").read_text()
        for name in re.findall(r"add_subdirectory\((\w+)", cmake):
            if self._is_ignored(name):
                yield f".dockerignore leaves out {name}, which is built"
        provided = _with_dependencies(self.packages())
        for package in sorted(_packages_of_libraries(*programs.values()) - provided):
            yield f"the libraries of {package} are missing"

    def _is_ignored(self, name):
        return any(fnmatch.fnmatch(name, pattern) for pattern in self.ignored)

    def _problems_of_copy(self, rest, project, programs):
        *sources, _ = [word for word in rest.split() if not word.startswith("--")]
        for source in sources:
            if "--from=build" in rest:
                if source not in {f"/src/build/release/bin/{name}" for name in programs}:
                    yield f"{source} is not what the build makes"
            elif source != "." and (self._is_ignored(source) or not (project / source).exists()):
                yield f"{source} is not there to be copied"


@functools.lru_cache(maxsize=None)
def _packages_of_libraries(*programs):
    lines = subprocess.run(["ldd", *programs], check=True, stdout=subprocess.PIPE, text=True).stdout
    # By the ends of their paths: dpkg knows some as /lib/... and others as /usr/lib/..., and those of
    # other architectures have the same names.
    paths = re.findall(r"=> (/\S+)", lines)
    files = {"*/" + "/".join(path.split("/")[-2:]) for path in paths}
    owners = subprocess.run(["dpkg", "-S", *files], check=True, stdout=subprocess.PIPE, text=True)
    return {line.split(":")[0] for line in owners.stdout.splitlines()}


@functools.lru_cache(maxsize=None)
def _dependencies():
    """Of every package that is installed here."""
    table = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package}\t${Depends}, ${Pre-Depends}\n"], check=True,
        stdout=subprocess.PIPE, text=True).stdout
    needs = {}
    for line in table.splitlines():
        name, wanted = line.split("\t")
        needs[name] = re.findall(r"(?:^|[,|])\s*([a-z0-9][a-z0-9.+-]+)", wanted)
    return needs


def _with_dependencies(packages):
    found, waiting = set(), list(packages)
    while waiting:
        package = waiting.pop()
        if package not in found:
            found.add(package)
            waiting += _dependencies().get(package, [])
    return found
