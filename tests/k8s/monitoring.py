#!/usr/bin/python3
"""usage: monitoring.py PROJECT DANGOLD DANGOLCTL

Checks what k8s/monitoring asks of a server's metrics: promtool reads the alerts, each has a
runbook, and every metric, label and value that the alerts and the dashboard name is one of a
server that has seen some of everything. Mistakes are planted, and have to be found. Exits with 77
(skipped) where promtool is not there.
"""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import urllib.request

PROGRAM = """
name: "monitored"
time_zone: "UTC"
currencies { code: "GBP" minor_digits: 2 }
wallets { id: "points" expiry { never {} } }
earning_rules { id: "base" wallet: "points" rates { currency: "GBP" points: 1 per_minor: 10 } }
rewards { id: "tea" name: "Tea" wallet: "points" points: 10 gift { sku: "tea" } }
ladders { id: "main" qualification { rolling { days: 365 } } validity { after { days: 365 } }
  tiers { id: "bronze" }
  tiers { id: "gold" reach { net_spend: "GBP" at_least: 1000 } entry_gift { wallet: "points" points: 5 } }
}
adjustment_reasons { code: "goodwill" max_points: 300 for_advocates: true }
care {
  categories { id: "delivery" department: "logistics" owner: "mina" }
  deadlines { severity: SEVERITY_LOW acknowledge_hours: 24 resolve_hours: 96 }
  deadlines { severity: SEVERITY_MEDIUM acknowledge_hours: 8 resolve_hours: 48 }
  deadlines { severity: SEVERITY_HIGH acknowledge_hours: 2 resolve_hours: 24 }
}
"""
# Some of everything.
CALLS = [
    "member enroll --alias card:4005",
    "purchase record --member card:4005 --currency GBP --line name=tea,qty=1,amount=50",
    "coupon issue card:4005 tea",
    "complaint file card:4005 --id c-1 --about delivery --severity high --text cold",
    "member get card:nobody",
]
# What Prometheus itself adds, and what there is after a fault only.
FROM_ELSEWHERE = {"up": {"job", "instance"}, "dangol_store_faults_total": {"code"}}
METRIC = re.compile(r"\b((?:dangol|grpc|process)_\w+|up)\s*(?:\{([^}]*)\})?(?!\w)")
MATCHER = re.compile(r'(\w+)\s*(=~|!=|!~|=)\s*"([^"]*)"')


def page_of_a_server(dangold, dangolctl):
    with tempfile.TemporaryDirectory(prefix="dangol_monitoring.") as folder:
        program = pathlib.Path(folder, "program.txtpb")
        program.write_text(PROGRAM)
        log = pathlib.Path(folder, "log")
        with log.open("w") as errors:
            server = subprocess.Popen(
                [dangold, "--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0",
                 f"--store=sqlite:{folder}/store", f"--program={program}"],
                stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            address = server.stdout.readline().split()[-1]
            url = re.search(r"metrics at (\S+)", log.read_text())[1]
            for call in CALLS:
                done = subprocess.run([dangolctl, "--server", address, *call.split()],
                                      capture_output=True, text=True)
                if done.returncode not in (0, 4):
                    sys.exit(f"{call}: {done.stderr}")
            read(url)  # The first look asks for what members have.
            while "dangol_points_outstanding{" not in (page := read(url)):
                pass
            return page
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


def read(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read().decode()


def samples_of(page):
    """The values of each label, by metric."""
    samples = {}
    for line in page.splitlines():
        if line.startswith("#"):
            continue
        name, _, rest = line.partition("{")
        labels = samples.setdefault(name if rest else line.split()[0], {})
        for label, value in re.findall(r'(\w+)="([^"]*)"', rest):
            labels.setdefault(label, set()).add(value)
    return samples


class Known:
    """What there is to ask for."""

    def __init__(self, page, protos):
        self.samples = samples_of(page)
        self.protos = protos

    def problems(self, query):
        by = {label.strip() for labels in re.findall(r"by \(([^)]*)\)", query)
              for label in labels.split(",")} - {"le"}
        # Names of labels are no metrics.
        asked = METRIC.findall(re.sub(r"by \([^)]*\)", "", query))
        if not asked:
            yield f"{query} asks for nothing"
        for name, matchers in asked:
            labels = FROM_ELSEWHERE.get(name)
            if labels is None and name not in self.samples:
                yield f"there is no {name}"
                continue
            labels = set(labels or self.samples[name]) | {"instance", "job"}
            for label in by - labels:
                yield f"{name} has no label {label}"
            for label, _, values in MATCHER.findall(matchers):
                if label not in labels:
                    yield f"{name} has no label {label}"
                for value in values.split("|"):
                    if not self._is_value(name, label, value):
                        yield f"{label} of {name} is never {value}"

    def _is_value(self, name, label, value):
        if name == "up" or value in self.samples.get(name, {}).get(label, ()):
            return True
        if label in ("grpc_status", "code"):
            return value in CODES
        if label == "change":
            return value in ("open", "done", "given", "taken_back")
        if label == "direction":
            return value in ("in", "out", "within")
        return f" {ENUMS.get((name, label))}{value.upper()} = " in self.protos


# Whose values these are, in the API.
ENUMS = {("dangol_commands_total", "kind"): "EVENT_KIND_",
         ("dangol_points_total", "kind"): "ENTRY_KIND_",
         ("dangol_tier_changes_total", "reason"): "TIER_REASON_",
         ("dangol_coupons_total", "status"): "COUPON_STATUS_",
         ("dangol_work_total", "kind"): "WORK_KIND_"}
CODES = ("OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS "
         "PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE "
         "UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED").split()
MISTAKES = ["dangol_store_useable", 'dangol_work_total{kind="hostile"}',
            "sum by (wallets) (dangol_points_total)", 'dangol_points_total{sort="earn"}',
            'grpc_server_call_duration_seconds_count{grpc_status="FAILED"}']


def main(project, dangold, dangolctl):
    try:
        import yaml
    except ImportError:
        print("skipped: Python's yaml is not there (./dev deps installs it)")
        return 77
    project = pathlib.Path(project)
    promtool = project / "build/k8s/promtool"
    if not promtool.exists():
        print("skipped: promtool is not there (./dev deps installs it)")
        return 77
    folder = project / "k8s/monitoring"
    protos = "".join(path.read_text() for path in (project / "protos/dangol/v1").glob("*.proto"))
    page = page_of_a_server(dangold, dangolctl)
    known = Known(page, protos)

    rules = [rule for group in yaml.safe_load((folder / "alerts.yaml").read_text())["groups"]
             for rule in group["rules"]]
    panels = json.loads((folder / "dashboard.json").read_text())["panels"]
    queries = [rule["expr"] for rule in rules]
    queries += [target["expr"] for panel in panels for target in panel["targets"]]
    failures = [problem for query in queries for problem in known.problems(query)]
    failures += [f"nobody finds {query}" for query in MISTAKES if not list(known.problems(query))]

    runbooks = set(re.findall(r"^## (\w+)$", (project / "docs/operations/runbooks.md").read_text(),
                              re.MULTILINE))
    failures += [f"{name} is an alert or a runbook, and not both"
                 for name in sorted(runbooks ^ {rule["alert"] for rule in rules})]
    guide = (project / "docs/operations/metrics.md").read_text()
    names = set(re.findall(r"`(dangol_\w+|grpc_\w+)`", guide))
    bare = {re.sub(r"_(bucket|sum|count)$", "", name) for name in known.samples}
    failures += [f"the guide names {name}, which is not there"
                 for name in sorted(names - bare - set(FROM_ELSEWHERE))]
    failures += [f"the guide does not name {name}" for name in sorted(bare - names)
                 if name.startswith(("dangol_", "grpc_")) and "max_queued" not in name]

    for command, text in ((["check", "rules", str(folder / "alerts.yaml")], None),
                          (["check", "metrics"], ours(page))):
        checked = subprocess.run([promtool, *command], input=text, capture_output=True, text=True)
        if checked.returncode != 0:
            failures.append(f"promtool {' '.join(command)}: {checked.stdout}{checked.stderr}")
    for failure in failures:
        print(failure)
    print(f"{len(rules)} alerts, {len(panels)} panels, {len(bare)} metrics; "
          f"{len(failures)} failures")
    return 1 if failures else 0


def ours(page):
    """Without what the library says of itself, which promtool does not like."""
    return "".join(line + "\n" for line in page.splitlines() if "exposer_" not in line)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
