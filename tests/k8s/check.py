#!/usr/bin/python3
"""usage: check.py PROJECT KUSTOMIZE SCHEMAS DANGOLD DANGOLCTL

Renders the overlays of k8s/, checks them, the image and the guide, and starts their servers.
Plants mistakes in copies of them, and expects the checks to find each.
"""

import os
import pathlib
import sys
import types

import checks
import mistakes
import running
from facts import Guide, Programs
from image import Image
from installation import PARTS, render
from schemas import Schemas


def of_installation(installation, facts):
    """What is wrong with it, and which mistakes are not found; and how many were planted."""
    failures, planted = [], 0
    for name, check in checks.ALL.items():
        failures += [f"{name}: {problem}" for problem in check(installation, facts)]
    for mistake, finder, spoilt in mistakes.planted(installation):
        planted += 1
        check = checks.ALL[finder]
        if not set(check(spoilt, facts)) - set(check(installation, facts)):
            failures.append(f"{finder} does not find {mistake}")
    if os.environ.get("OWN_NETWORK"):
        programs = facts.programs.paths
        failures += running.problems(installation, programs)
        for mistake, spoilt in mistakes.planted_in_running(installation):
            planted += 1
            if not list(running.problems(spoilt, programs)):
                failures.append(f"{mistake} does not show")
    return [f"{installation.name}: {failure}" for failure in failures], planted


def of_image(project, programs, dockerfile, ignored):
    failures = list(Image(dockerfile, ignored).problems(project, programs))
    for old, new in mistakes.IN_IMAGE:
        assert old in dockerfile + ignored, f"there is no {old} to replace"
        spoilt = Image(dockerfile.replace(old, new), ignored.replace(old, new))
        if not list(spoilt.problems(project, programs)):
            failures.append(f"nobody finds {new} in place of {old}")
    return failures, len(mistakes.IN_IMAGE)


def main(project, kustomize, wheel, *programs):
    project = pathlib.Path(project)
    dockerfile = (project / "k8s/Dockerfile").read_text()
    ignored = (project / ".dockerignore").read_text()
    facts = types.SimpleNamespace(
        schemas=Schemas(wheel),
        programs=Programs(programs),
        guide=Guide(project / "docs/operations/kubernetes.md"),
        image=Image(dockerfile, ignored))
    results = [of_installation(render(kustomize, project / "k8s/overlays", name), facts)
               for name in PARTS]
    results.append(of_image(project, facts.programs.paths, dockerfile, ignored))
    failures = [failure for found, _ in results for failure in found]
    failures += [f"the guide names {path}, which is not there"
                 for path in sorted(facts.guide.paths()) if not (project / path).exists()]

    for failure in failures:
        print(failure)
    if not os.environ.get("OWN_NETWORK"):
        print("the servers were not started: there can be no network for them")
    versions = ", ".join("{}.{}".format(*version) for version in facts.schemas.versions)
    print(f"{len(PARTS)} installations for Kubernetes {versions}; "
          f"{sum(planted for _, planted in results)} mistakes planted; {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
