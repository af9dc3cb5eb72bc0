"""Mistakes that are made on purpose, each with the check that has to find it."""

from installation import Installation, Workload

# The labels that selectors go by.
NAME = "app.kubernetes.io/name"
PART = "app.kubernetes.io/component"


def _thing(installation, kind):
    return installation.of_kind(kind)[-1]


def _spec(installation, kind):
    return _thing(installation, kind)["spec"]


def _container(installation, kind="Deployment"):
    return Workload(_thing(installation, kind)).pod["containers"][0]


def _pod(installation, kind="Deployment"):
    return Workload(_thing(installation, kind)).pod


def _volume(installation, name, kind="Deployment"):
    return Workload(_thing(installation, kind)).volumes()[name]


def _replace(words, old, new):
    words[:] = [word.replace(old, new) for word in words]
    assert any(new in word for word in words), f"there is no {old} to replace"


def _drop(installation, kind):
    installation.things.remove(_thing(installation, kind))


def _both():
    """Mistakes that both ways to install can have."""

    def unknown_field(i): _container(i)["imagePullPolicies"] = "Always"
    def wrong_type(i): _container(i)["ports"][0]["containerPort"] = "7420"
    def old_version(i): _thing(i, "Deployment")["apiVersion"] = "apps/v1beta1"
    def no_service(i): _drop(i, "Service")
    def no_policy(i): _drop(i, "NetworkPolicy")
    def open_namespace(i): _thing(i, "Namespace")["metadata"]["labels"].clear()
    def other_namespace(i): _thing(i, "Service")["metadata"]["namespace"] = "default"
    def no_account(i): _pod(i)["serviceAccountName"] = "dangol"
    def no_program(i): _volume(i, "program")["configMap"]["name"] = "dangol-program"
    def program_renamed(i): _replace(_container(i)["args"], "program.txtpb", "programs.txtpb")
    def service_selects_none(i): _spec(i, "Service")["selector"][NAME] = "dangold"
    def policy_selects_all(i): _spec(i, "NetworkPolicy")["podSelector"] = {}
    def pods_relabelled(i): _spec(i, "Deployment")["template"]["metadata"]["labels"][PART] = "web"
    def probe_of_other_port(i): _container(i)["livenessProbe"]["tcpSocket"]["port"] = "http"
    def listens_elsewhere(i): _replace(_container(i)["args"], ":7420", ":7421")
    def service_of_other_port(i): _spec(i, "Service")["ports"][0]["port"] = 443
    def service_to_other_port(i): _spec(i, "Service")["ports"][0]["targetPort"] = "http"
    def policy_of_other_port(i): _spec(i, "NetworkPolicy")["ingress"][0]["ports"][0]["port"] = 80
    def metrics_elsewhere(i): _replace(_container(i)["args"], ":9464", ":9465")
    def cluster_ip(i): del _spec(i, "Service")["clusterIP"]
    def not_mounted(i): _container(i)["volumeMounts"].pop()
    def mounted_elsewhere(i): _replace(_container(i)["args"], "dangol/program/", "dangol/")
    def unknown_flag(i): _replace(_container(i)["args"], "--drain-seconds", "--drain-second")
    def unknown_program(i): _replace(_container(i)["command"], "dangold", "dangol")
    def no_startup_probe(i): del _container(i)["startupProbe"]
    def no_liveness_probe(i): del _container(i)["livenessProbe"]
    def no_readiness_probe(i): del _container(i)["readinessProbe"]
    def lives_by_health(i): _container(i)["livenessProbe"] = {"grpc": {"port": 7420}}
    def ready_by_port(i): _container(i)["readinessProbe"] = {"tcpSocket": {"port": "grpc"}}
    def no_memory(i): del _container(i)["resources"]["limits"]
    def root(i): _pod(i)["securityContext"]["runAsNonRoot"] = False
    def other_user(i): _pod(i)["securityContext"]["runAsUser"] = 1000
    def no_group(i): del _pod(i)["securityContext"]["fsGroup"]
    def capable(i): _container(i)["securityContext"]["capabilities"]["add"] = ["NET_ADMIN"]
    def writable(i): _container(i)["securityContext"]["readOnlyRootFilesystem"] = False
    def no_seccomp(i): del _pod(i)["securityContext"]["seccompProfile"]
    def privileged(i): del _container(i)["securityContext"]["allowPrivilegeEscalation"]
    def short_grace(i): _pod(i)["terminationGracePeriodSeconds"] = 45
    def long_drain(i): _replace(_container(i)["args"], "--drain-seconds=30", "--drain-seconds=120")
    def no_pause(i): del _container(i)["lifecycle"]
    def secret_within(i): i.things.append({
        "apiVersion": "v1", "kind": "Secret", "metadata": {
            "name": "s", "namespace": i.namespace()}, "stringData": {"a": "b"}})
    def password_in_url(i): _container(i)["args"].append("--store=mysql://dangol:secret@db/dangol")
    def password_in_environment(i): _container(i).setdefault("env", []).append(
        {"name": "DANGOL_STORE_PASSWORD", "value": "secret"})
    def latest(i): _container(i)["image"] = "registry.example/dangol:latest"
    def own_image(i): _container(i)["image"] = "dangol"
    return {
        "schema": [unknown_field, wrong_type, old_version],
        "completeness": [no_service, no_policy],
        "namespace": [open_namespace, other_namespace],
        "references": [no_account, no_program],
        "selectors": [service_selects_none, policy_selects_all, pods_relabelled, no_policy],
        "ports": [probe_of_other_port, listens_elsewhere, service_of_other_port,
                  service_to_other_port, policy_of_other_port, metrics_elsewhere, cluster_ip],
        "mounts": [program_renamed, not_mounted, mounted_elsewhere],
        "flags": [unknown_flag, unknown_program],
        "probes": [no_startup_probe, no_liveness_probe, no_readiness_probe, lives_by_health,
                   ready_by_port],
        "resources": [no_memory],
        "restrictions": [root, other_user, no_group, capable, writable, no_seccomp, privileged],
        "draining": [short_grace, long_drain, no_pause],
        "secrets": [secret_within, password_in_url, password_in_environment],
        "images": [latest, own_image],
    }


def _development():
    def no_claim(i): _volume(i, "store")["persistentVolumeClaim"]["claimName"] = "store"
    def not_kept(i): _replace(_container(i)["args"], "/var/lib/dangol/", "/tmp/")
    def health_elsewhere(i): _container(i)["readinessProbe"]["grpc"]["port"] = 50051
    def to_everybody(i): _spec(i, "NetworkPolicy")["ingress"][0].pop("from")
    def to_all_namespaces(i): _spec(i, "NetworkPolicy")["ingress"][0]["from"][0][
        "namespaceSelector"] = {}
    def not_insecure(i): _container(i)["args"].remove("--insecure")
    def to_the_database(i): _spec(i, "NetworkPolicy")["egress"] = [{"ports": [{"port": 3306}]}]
    def two(i): _spec(i, "Deployment")["replicas"] = 2
    def rolling(i): _spec(i, "Deployment")["strategy"] = {"type": "RollingUpdate"}
    return {
        "references": [no_claim],
        "mounts": [not_kept],
        "ports": [health_elsewhere],
        "encryption": [to_everybody, to_all_namespaces, not_insecure],
        "egress": [to_the_database],
        "replicas": [two, rolling],
    }


def _production():
    def readiness(i): return _container(i)["readinessProbe"]["exec"]["command"]
    def no_job(i): _drop(i, "Job")
    def no_budget(i): _drop(i, "PodDisruptionBudget")
    def other_secret(i): _volume(i, "tls")["secret"]["secretName"] = "dangold-tls"
    def other_key(i): _volume(i, "tls")["secret"]["items"][2]["key"] = "client-ca.crt"
    def other_path(i): _volume(i, "tls")["secret"]["items"][2]["path"] = "client-ca.crt"
    def other_url(i): _container(i)["env"][0]["valueFrom"]["secretKeyRef"]["key"] = "uri"
    def job_of_no_secret(i):
        _container(i, "Job")["env"][0]["valueFrom"]["secretKeyRef"]["name"] = "store"
    def budget_of_nobody(i):
        _spec(i, "PodDisruptionBudget")["selector"]["matchLabels"][PART] = "web"
    def scales_nobody(i): _spec(i, "HorizontalPodAutoscaler")["scaleTargetRef"]["name"] = "dangol"
    def spread_by_others(i):
        spread = _pod(i)["topologySpreadConstraints"][0]
        spread["labelSelector"]["matchLabels"][PART] = "schema"
    def probe_elsewhere(i): _replace(readiness(i), ":7420", ":7421")
    def variable(i, name): return next(v for v in _container(i)["env"] if v["name"] == name)
    def probe_without_file(i): variable(i, "DANGOL_TLS_CA")["value"] = "/etc/dangol/tls/ca.pem"
    def probe_of_no_variable(i): variable(i, "DANGOL_TLS_KEY")["name"] = "DANGOL_TLS_KEY_FILE"
    def probe_of_no_command(i): _replace(readiness(i), "list", "lists")
    def probe_of_no_flag(i): _replace(readiness(i), "--limit", "--limits")
    def job_of_no_command(i): _replace(_container(i, "Job")["args"], "migrate", "update")
    def no_variable(i): _container(i)["env"][0]["name"] = "DANGOL_STORE_URL"
    def insecure(i): _container(i)["args"].append("--insecure")
    def one_way_tls(i): _container(i)["args"].remove("--tls-client-ca=/etc/dangol/tls/ca.crt")
    def for_everybody(i): _container(i)["args"].remove("--access=/etc/dangol/access/access.txtpb")
    def plain_probe(i): _container(i)["readinessProbe"] = {"grpc": {"port": 7420}}
    def probe_of_other_name(i): variable(i, "DANGOL_TLS_SERVER_NAME")["value"] = "localhost"
    def no_database(i): _spec(i, "NetworkPolicy")["egress"].pop()
    def two_at_least(i): _spec(i, "HorizontalPodAutoscaler")["minReplicas"] = 2
    def fixed_number(i): _spec(i, "Deployment")["replicas"] = 3
    def older_job(i): _container(i, "Job")["image"] = "registry.example/dangol:0.0.9"
    def job_as_root(i): _pod(i, "Job")["securityContext"]["runAsUser"] = 0
    return {
        "completeness": [no_job, no_budget],
        "references": [other_secret, other_key, other_url, job_of_no_secret],
        "selectors": [budget_of_nobody, scales_nobody, spread_by_others],
        "ports": [probe_elsewhere],
        "mounts": [other_path, probe_without_file],
        "flags": [probe_of_no_command, probe_of_no_flag, job_of_no_command, no_variable,
                  probe_of_no_variable],
        "restrictions": [job_as_root],
        "encryption": [insecure, one_way_tls, for_everybody, plain_probe, probe_of_other_name],
        "egress": [no_database],
        "replicas": [two_at_least, fixed_number],
        "images": [older_job],
    }


def _running():
    def wrong_program(i): _thing(i, "ConfigMap")["data"]["program.txtpb"] += "\nnonsense: 1\n"
    def lets_all_in(i):
        arguments = _container(i)["args"]
        arguments[:] = [word for word in arguments if "client-ca" not in word] + ["--insecure"]
    def expects_another(i):
        for variable in _container(i)["env"]:
            if variable["name"] == "DANGOL_TLS_SERVER_NAME":
                variable["value"] = "localhost"
    return {"development": [wrong_program], "production": [lets_all_in, expects_another]}


def planted_in_running(installation: Installation):
    """The same, for mistakes that show when a server runs."""
    for mistake in _running()[installation.name]:
        spoilt = installation.copy()
        mistake(spoilt)
        yield mistake.__name__, spoilt


def planted(installation: Installation):
    """Copies of the installation with a mistake each: what was done, its finder, the copy."""
    own = {"development": _development, "production": _production}[installation.name]
    for group in (_both(), own()):
        for check, mistakes in group.items():
            for mistake in mistakes:
                spoilt = installation.copy()
                mistake(spoilt)
                yield mistake.__name__, check, spoilt


# What is planted in the Dockerfile and .dockerignore: a text of it, and another.
IN_IMAGE = [
    ("libspdlog1.10", "tzdata"),
    ("libmysqlcppconn7v5", "tzdata"),
    ("USER 10001:10001", "USER dangol"),
    ("EXPOSE 7420", "EXPOSE 50051"),
    ("bin/dangolctl", "bin/dangol"),
    ("COPY dev", "COPY build.sh"),
    ("k8s\n", "k8s\nschema\n"),
]
