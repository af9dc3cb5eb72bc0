#!/usr/bin/python3
"""usage: check.py PROJECT KUSTOMIZE SCHEMAS DANGOLD DANGOLCTL

Renders the overlays of k8s/ and checks them, the image and the guide; then plants mistakes in
copies of them, and expects the checks to find each.
"""

import pathlib
import sys
import types

import checks
import mistakes
from facts import Guide, Programs
from image import Image
from installation import PARTS, render
from schemas import Schemas


def main(project, kustomize, wheel, *programs):
    project = pathlib.Path(project)
    dockerfile = (project / "k8s/Dockerfile").read_text()
    ignored = (project / ".dockerignore").read_text()
    facts = types.SimpleNamespace(
        schemas=Schemas(wheel),
        programs=Programs(programs),
        guide=Guide(project / "docs/operations/kubernetes.md"),
        image=Image(dockerfile, ignored))
    failures, planted = [], 0
    for name in PARTS:
        installation = render(kustomize, project / "k8s/overlays", name)
        for check in checks.ALL.values():
            failures += [f"{name}: {check.__name__}: {problem}"
                         for problem in check(installation, facts)]
        for mistake, finder, spoilt in mistakes.planted(installation):
            planted += 1
            if not set(checks.ALL[finder](spoilt, facts)) - set(checks.ALL[finder](installation, facts)):
                failures.append(f"{name}: {finder} does not find {mistake}")

    failures += [f"the guide names {path}, which is not there"
                 for path in sorted(facts.guide.paths()) if not (project / path).exists()]
    failures += facts.image.problems(project, facts.programs.paths)
    for old, new in mistakes.IN_IMAGE:
        planted += 1
        assert old in dockerfile + ignored, f"there is no {old} to replace"
        spoilt = Image(dockerfile.replace(old, new), ignored.replace(old, new))
        if not list(spoilt.problems(project, facts.programs.paths)):
            failures.append(f"nobody finds {new} in place of {old}")

    for failure in failures:
        print(failure)
    versions = ", ".join("{}.{}".format(*version) for version in facts.schemas.versions)
    print(f"{len(PARTS)} installations for Kubernetes {versions}; {planted} mistakes planted; "
          f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
