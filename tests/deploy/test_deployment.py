"""What is under deploy/: valid for the tools that read it, hardened, and in terms of settings that the program has."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = DEPLOY / "compose/compose.yaml"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
# What the design gives a process: CPUs and MiB.
LIMITS = {
    "worker-stt": (4, 4096), "worker-prosody": (2, 2048), "worker-llm": (2, 1024), "worker-analytics": (1, 512), "redis": (None, 2048), "postgres": (None, 4096),
}  # fmt: skip
WORKERS = {name: name.removeprefix("worker-") for name in LIMITS if name.startswith("worker-")}  # and the queue of each
OURS = {"server", *WORKERS, "beat"}
TOOLS = Path(sys.executable).parent


def run(*command: object) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def known_variables() -> set[str]:
    """speechcoach.example.yaml names every key; a unit test holds it to the program."""
    names = set()
    for section, value in yaml.safe_load((ROOT / "speechcoach.example.yaml").read_text()).items():
        if isinstance(value, dict):
            names |= {f"SPEECHCOACH_{section}__{key}".upper() for key in value}
        else:
            names.add(f"SPEECHCOACH_{section}".upper())
    return names | {"SPEECHCOACH_CONFIG"}


def documents() -> list[dict]:
    return [document for file in MANIFESTS for document in yaml.safe_load_all(file.read_text())]


def test_every_setting_used_is_one_that_the_program_has():
    used = {}
    for file in DEPLOY.rglob("*"):
        if file.is_file():
            for name in re.findall(r"SPEECHCOACH_[A-Z_]+(?<!_)", file.read_text()):
                used.setdefault(name, file)
    assert len(used) > 10
    assert {name: str(file) for name, file in used.items() if name not in known_variables()} == {}


def mib(size: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([MG])i?", size).groups()
    return int(number) * {"M": 1, "G": 1024}[unit]


def queues(command: list[str]) -> str:
    return command[command.index("--queues") + 1]


def test_compose_is_what_its_specification_says():
    run(TOOLS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE)


def test_compose_has_every_service_and_confines_ours():
    compose = yaml.safe_load(COMPOSE.read_text())
    services = compose["services"]
    assert OURS | {"postgres", "redis", "minio", "flower", "prometheus", "grafana"} <= services.keys()
    for name in OURS:
        service = services[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
    for name, service in services.items():
        # Nothing is reachable from outside without a proxy, and no image changes by itself.
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        assert not service["image"].endswith(":latest") and ":" in service["image"], name
        if name != "bucket":
            assert "memory" in service["deploy"]["resources"]["limits"], name
    for volume in {source.split(":")[0] for service in services.values() for source in service.get("volumes", [])}:
        path = COMPOSE.parent / volume
        assert volume in compose["volumes"] or path.exists() or volume == "./metrics-token", volume


def test_compose_has_workers_of_each_kind_within_the_designs_limits():
    services = yaml.safe_load(COMPOSE.read_text())["services"]
    for name, queue in WORKERS.items():
        assert queues(services[name]["command"]) == queue
    for name, (cpus, memory_mib) in LIMITS.items():
        limits = services[name]["deploy"]["resources"]["limits"]
        assert mib(limits["memory"]) == memory_mib, name
        assert cpus is None or float(limits["cpus"]) == cpus, name


def test_prometheus_takes_its_configuration():
    run("promtool", "check", "config", "--syntax-only", DEPLOY / "prometheus/prometheus.yml")
    scrapes = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text())["scrape_configs"]
    # The alerts ask for these.
    assert {scrape["job_name"] for scrape in scrapes} == {"speechcoach-server", "speechcoach-worker", "speechcoach-beat"}
    assert {name for scrape in scrapes for place in scrape["dns_sd_configs"] for name in place["names"]} == OURS


def test_the_images_recipe_is_well_made():
    run(TOOLS / "hadolint", "--ignore", "DL3008", DEPLOY / "Dockerfile")  # DL3008: Debian's stable packages are not pinned one by one
    recipe = (DEPLOY / "Dockerfile").read_text()
    assert re.search(r"^USER \d+:\d+$", recipe, re.MULTILINE), "a user by number, not root"
    assert "\nHEALTHCHECK " in recipe and recipe.count("\nFROM ") == 2


@pytest.mark.parametrize("file", MANIFESTS, ids=lambda file: file.stem)
def test_kubernetes_takes_the_manifest(file):
    run(TOOLS / "kubernetes-validate", "--strict", file)


def test_pods_are_confined_and_probed():
    pods = {d["metadata"]["name"]: d["spec"]["template"]["spec"] for d in documents() if d["kind"] == "Deployment"}
    assert pods.keys() == OURS
    for pod in pods.values():
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        [container] = pod["containers"]
        assert container["securityContext"] == {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
        assert "memory" in container["resources"]["limits"]
        ports = {port["name"] for port in container["ports"]}
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            assert container[probe]["httpGet"]["port"] in ports
    # More time than the program takes to drain (apps/speechcoach/main.cpp), and what preStop adds.
    assert pods["server"]["terminationGracePeriodSeconds"] >= 10 + 5
    assert pods["beat"]["terminationGracePeriodSeconds"] >= 10
    for name, queue in WORKERS.items():
        [container] = pods[name]["containers"]
        assert pods[name]["terminationGracePeriodSeconds"] >= 60
        assert queues(container["args"]) == queue
        limits = container["resources"]["limits"]
        assert (int(limits["cpu"]), mib(limits["memory"])) == LIMITS[name], name


def test_each_kind_of_worker_follows_the_length_of_its_queue():
    scalers = {d["spec"]["scaleTargetRef"]["name"]: d["spec"] for d in documents() if d["kind"] == "HorizontalPodAutoscaler"}
    assert scalers.keys() == {"server", *WORKERS}
    for name, queue in WORKERS.items():
        [metric] = scalers[name]["metrics"]
        wanted = {"name": "speechcoach_queue_tasks_waiting", "selector": {"matchLabels": {"queue": queue}}}
        assert metric["external"]["metric"] == wanted
        assert scalers[name]["minReplicas"] >= 1, "nobody notices the first task of a queue without workers"
    row = re.search(r"^\| `speechcoach_queue_tasks_waiting` \|.*\| `queue`: ([a-z, ]+) \|", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE)
    assert set(row[1].split(", ")) == set(WORKERS.values())


def test_only_prometheus_reaches_workers_and_beats():
    [policy] = [d["spec"] for d in documents() if d["kind"] == "NetworkPolicy" and d["metadata"]["name"] == "worker"]
    [expression] = policy["podSelector"]["matchExpressions"]
    assert set(expression["values"]) == OURS - {"server"}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_is_understood_and_exposes_little(unit, tmp_path):
    # With a program of ours in place of the installed one, which need not be there.
    copy = tmp_path / unit.name.replace("@", "@stt")
    copy.write_text(unit.read_text().replace("/usr/bin/speechcoach", "/bin/true"))
    verified = subprocess.run(["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True, check=False)
    assert not [line for line in verified.stderr.splitlines() if copy.name in line], verified.stderr
    run("systemd-analyze", "security", "--offline=true", "--threshold=20", copy)


def test_the_units_of_workers_have_the_designs_limits_and_a_common_target(tmp_path):
    for name, queue in WORKERS.items():
        text = (DEPLOY / f"systemd/speechcoach-worker@{queue}.service.d/limits.conf").read_text()
        limits = dict(line.split("=") for line in text.splitlines()[1:])
        assert (int(limits["CPUQuota"].removesuffix("%")) // 100, mib(limits["MemoryMax"])) == LIMITS[name]
    target = (DEPLOY / "systemd/speechcoach-workers.target").read_text()
    wanted = set(re.search(r"^Wants=(.*)$", target, re.MULTILINE)[1].split())
    assert wanted == {f"speechcoach-worker@{queue}.service" for queue in WORKERS.values()}
    template = (DEPLOY / "systemd/speechcoach-worker@.service").read_text().replace("/usr/bin/speechcoach", "/bin/true")
    assert "PartOf=speechcoach-workers.target" in template
    assert "MemoryMax=" in template, "an instance without limits of its own must not take all"
    (tmp_path / "speechcoach-worker@.service").write_text(template)
    (tmp_path / "speechcoach-workers.target").write_text(target)
    for folder in (DEPLOY / "systemd").glob("*.d"):
        (tmp_path / folder.name).mkdir()
        (tmp_path / folder.name / "limits.conf").write_text((folder / "limits.conf").read_text())
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / "speechcoach-workers.target"], capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )  # fmt: skip
    assert not [line for line in verified.stderr.splitlines() if "speechcoach" in line], verified.stderr


def test_the_programs_own_words_stand_behind_the_commands():
    """serve and worker, and the worker's options."""
    text = (ROOT / "src/cli/command_line.cpp").read_text()
    used = set()
    for unit in UNITS:
        used |= set(re.search(r"^ExecStart=/usr/bin/speechcoach (.*)$", unit.read_text(), re.MULTILINE)[1].split())
    services = yaml.safe_load(COMPOSE.read_text())["services"]
    used |= {word for name in OURS for word in services[name]["command"]}
    queues_known = re.search(r"CLI::IsMember\(\{(\"stt\"[^}]*)\}", text)[1]
    for word in used - {"%i", "2"}:
        if word.startswith("--"):
            assert f'"{word}"' in text, word
        elif word in WORKERS.values():
            assert f'"{word}"' in queues_known, word
        elif "@" not in word:
            assert f'add_subcommand("{word}"' in text, word
