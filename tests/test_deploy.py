"""The files in deploy/ fit their schemas, and name only what there is."""

import json
import re
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import check_jsonschema
import jsonschema
import kubernetes_validate
import pytest
import running
import yaml
from yamllint import linter
from yamllint.config import YamlLintConfig

from api.config import Config
from api.metrics import Numbers
from evidence.service.publishing import Publisher
from evidence.workers import Workers

ROOT = running.ROOT
DEPLOY = ROOT / "deploy"
TEXTS = {
    path: path.read_text("utf-8")
    for path in DEPLOY.rglob("*")
    if path.is_file() and path.name not in ("requirements.lock", ".env")
}
YAMLS = sorted(path for path in TEXTS if path.suffix in (".yaml", ".yml"))
MANIFESTS = [path for path in YAMLS if path.parent.name == "kubernetes"]


def named(path):
    return str(path.relative_to(DEPLOY))


def test_every_setting_that_is_named_exists():
    known = {f"EVIDENCE_{name.upper()}" for name in Config.model_fields}
    asked = {name for text in TEXTS.values() for name in re.findall(r"EVIDENCE_[A-Z_]*[A-Z]", text)}
    assert len(asked) > 10
    assert asked <= known


def test_the_compose_file_fits_its_specification():
    folder = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor"
    schema = json.loads((folder / "compose-spec.json").read_text("utf-8"))
    jsonschema.validate(yaml.safe_load(TEXTS[DEPLOY / "compose.yaml"]), schema)


@pytest.mark.parametrize("path", MANIFESTS, ids=named)
def test_each_manifest_fits_its_kind(path):
    for document in yaml.safe_load_all(TEXTS[path]):
        if document["kind"] != "Kustomization":
            kubernetes_validate.validate(document, "1.37", strict=True)


def test_kustomize_takes_every_manifest():
    listed = yaml.safe_load(TEXTS[DEPLOY / "kubernetes/kustomization.yaml"])["resources"]
    assert sorted(listed) == sorted(path.name for path in MANIFESTS if path.stem != "kustomization")


def test_no_container_may_write_to_its_own_system_or_be_root():
    compose = yaml.safe_load(TEXTS[DEPLOY / "compose.yaml"])["services"]
    for name in ("balancer", "app", "scheduler", "worker"):
        assert compose[name]["read_only"] is True, name
        assert compose[name]["cap_drop"] == ["ALL"], name
    seen = 0
    for path in MANIFESTS:
        for document in yaml.safe_load_all(TEXTS[path]):
            if document["kind"] == "Deployment":
                pod = document["spec"]["template"]["spec"]
                assert pod["securityContext"]["runAsNonRoot"] is True
                for one in pod["containers"]:
                    assert one["securityContext"]["readOnlyRootFilesystem"] is True
                    assert one["securityContext"]["allowPrivilegeEscalation"] is False
                    seen += 1
    assert seen == 3
    assert re.search(r"^USER 10001:10001$", TEXTS[DEPLOY / "Containerfile"], re.MULTILINE)


def test_what_the_image_is_made_of_is_there():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", TEXTS[DEPLOY / "Containerfile"], re.MULTILINE)
    let_in = TEXTS[DEPLOY / "Containerfile.containerignore"].splitlines()
    for name in " ".join(copied).split():
        assert (ROOT / name).exists(), name
        assert f"!{name}" in let_in


def test_the_image_file_has_no_fault_that_hadolint_knows():
    linter_ = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([linter_, DEPLOY / "Containerfile"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("path", YAMLS, ids=named)
def test_yaml_is_laid_out_alike(path):
    config = YamlLintConfig(TEXTS[DEPLOY / ".yamllint"])
    assert list(linter.run(TEXTS[path], config)) == []


@pytest.mark.parametrize("name", ["alerts.yml", "grafana-dashboard.json"])
def test_alerts_and_panels_ask_for_numbers_that_are_told(name, tmp_path):
    told = set(told_names(tmp_path))
    asked = set(re.findall(r"\b(?:evidence|process)_[a-z_]+", TEXTS[DEPLOY / name]))
    assert len(asked) > 8
    assert asked <= told


def told_names(tmp_path):
    """Yield every name that a series of ours may have."""
    service = running.open_service(tmp_path / "home", Workers(count=1, waiting=0, memory=1))
    publisher = Publisher(service.registry, tmp_path / "second", seconds=3600.0)
    with closing(service), closing(publisher):
        for family in Numbers(service, publisher).registry.collect():
            endings = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("_total",)}
            for ending in endings.get(family.type, ("",)):
                yield family.name + ending


def test_no_secret_has_a_value_in_a_file():
    for line in TEXTS[DEPLOY / "env.example"].splitlines():
        assert line.startswith("#") or line.endswith("="), line
    for path, text in TEXTS.items():
        assert "PRIVATE KEY-----" not in text, path
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert "/deploy/.env" in ignored


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze not installed")
def test_the_unit_is_one_that_systemd_takes(tmp_path):
    unit = tmp_path / "photo-evidence.service"
    text = TEXTS[DEPLOY / "photo-evidence.service"].replace(
        "/opt/evidence/bin/evidence", "/bin/true"
    )
    unit.write_text(text)
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    assert (done.returncode, [x for x in done.stderr.splitlines() if str(unit) in x]) == (0, [])
