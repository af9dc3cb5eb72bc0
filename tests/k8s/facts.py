"""What the manifests rest on and do not say themselves: programs, and what is made by hand."""

import functools
import pathlib
import re
import subprocess


class Programs:
    """The flags that the built programs know."""

    def __init__(self, paths):
        self.paths = {pathlib.Path(path).name: path for path in paths}

    @functools.lru_cache(maxsize=None)
    def _help(self, words):
        program, verbs = words[0], list(words[1:])
        done = subprocess.run([self.paths[program], *verbs, "--help"], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=60)
        # Of a command that it does not know dangolctl shows what is above it.
        usage = re.search(r"^Usage: \S+(.*) \[OPTIONS\]", done.stdout, re.M)
        return done.stdout if usage and usage[1].split() == verbs else None

    def _help_of(self, words):
        """What a command's help says, and that of the program that it belongs to."""
        verbs = tuple(word for word in words[1:] if not word.startswith("-"))
        own = self._help((words[0], *verbs))
        return None if own is None else own + self._help((words[0],))

    def problems(self, words):
        program, *rest = words
        if program not in self.paths:
            yield f"{program} is not in the image"
            return
        text = self._help_of(words)
        if text is None:
            yield f"there is no command {' '.join(words)}"
            return
        known = set(re.findall(r"--[a-z][a-z-]*", text))
        for word in rest:
            if word.startswith("-") and word.split("=")[0] not in known:
                yield f"{program} has no flag {word}"

    def reads(self, words, variable):
        return words[0] in self.paths and f"(Env:{variable})" in (self._help_of(words) or "")


class Guide:
    """What the guide of operators makes with kubectl, before anything is applied."""

    def __init__(self, path):
        # A command may go on in the next line.
        self.text = path.read_text().replace("\\\n", " ")
        self.secrets = {}
        pattern = r"kubectl create secret generic (\S+) --namespace (\S+)([^\n]*)"
        for name, namespace, rest in re.findall(pattern, self.text):
            keys = re.findall(r"--from-(?:literal|file)=([^=\s]+)", rest)
            self.secrets[namespace, name] = {key.rsplit("/", 1)[-1] for key in keys}

    def targets(self):
        """Where clients are told to connect to."""
        return re.findall(r"dns:///([a-z.-]+):(\d+)", self.text)

    def paths(self):
        return set(re.findall(r"(?<![\w/.])k8s/[\w./-]*\w", self.text))
