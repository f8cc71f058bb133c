"""What production is made of: no default password, every service watched, the database set up as in the tests."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from psycopg import sql

from backend.embedded import postgres
from backend.embedded.services import ROOT

COMPOSE = (ROOT / "docker-compose.yml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
ONE_SHOT = {"prepare"}
LASTING = sorted(SERVICES.keys() - ONE_SHOT)


def _words(text: str) -> str:
    return " ".join(text.replace('"', "").rstrip(";").split())


def test_every_part_of_the_platform_is_there() -> None:
    assert set(SERVICES) == {"proxy", "web", "worker", "beat", "database", "broker", "prepare"}


@pytest.mark.parametrize("name", LASTING)
def test_a_service_is_watched_and_comes_back(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - {"proxy"}))
def test_only_the_proxy_is_reachable_from_outside(name: str) -> None:
    assert "ports" not in SERVICES[name]


@pytest.mark.parametrize("name", ["database", "broker", "web", "worker", "beat"])
def test_what_a_service_keeps_outlives_its_container(name: str) -> None:
    assert SERVICES[name]["volumes"]


def test_no_secret_has_a_default() -> None:
    """Each is demanded at least once with `:?`, and none is written out or given another value. That of the mail server
    is named, and may be blank: not every server asks for one."""
    secret = re.compile(r"\$\{(\w*(?:PASSWORD|SECRET)\w*)(:?[^}]*)\}")
    found = secret.findall(COMPOSE)
    names = {name for name, _ in found}
    demanded = {name for name, rest in found if rest.startswith(":?")}
    assert names - demanded == {"EMAIL_HOST_PASSWORD"}
    assert len(demanded) == 5
    assert not [rest for _, rest in found if rest.startswith((":-", "-")) and rest != ":-"]  # which is blank
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASS|SECRET", name):
                assert value.startswith("${"), name


def test_the_example_names_every_demanded_variable_and_fills_in_none() -> None:
    lines = [line for line in (ROOT / "deploy/example.env").read_text().splitlines() if line and line[0] != "#"]
    assert all(line.endswith("=") for line in lines)
    demanded = set(re.findall(r"\$\{(\w+):\?", COMPOSE))
    assert demanded <= {line.rstrip("=") for line in lines}


def test_the_database_sorts_and_compares_as_the_embedded_one() -> None:
    """With another locale pg_trgm silently finds nothing in Chinese."""
    arguments = SERVICES["database"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    source = Path(postgres.__file__).read_text()
    assert len(arguments) == 4
    for argument in arguments:
        assert f'"{argument}"' in source


def test_the_database_gets_the_rights_and_extensions_of_the_embedded_one() -> None:
    script = {_words(statement) for statement in (ROOT / "deploy/database-roles.sh").read_text().split(";")}
    for statement in postgres.rights():
        assert _words(statement.as_string()) in script
    assert f"GRANT {postgres.APP} TO {postgres.OWNER}" in script
    assert (
        sql.Identifier(postgres.DATABASE).as_string().strip('"') == SERVICES["database"]["environment"]["POSTGRES_DB"]
    )


def test_the_application_never_connects_as_owner() -> None:
    for name in ("web", "worker", "beat"):
        assert "//xieshou_app:" in SERVICES[name]["environment"]["DATABASE_URL"]
    assert "//xieshou_owner:" in SERVICES["prepare"]["environment"]["DATABASE_URL"]


def test_letters_lead_to_the_site_and_reach_a_mail_server() -> None:
    networks = yaml.safe_load(COMPOSE)["networks"]
    worker = SERVICES["worker"]
    assert worker["environment"]["SITE_ADDRESS"] == "https://${SITE_HOST}"
    assert "${EMAIL_HOST:-}" in worker["environment"]["EMAIL_HOST"]
    assert [name for name in worker["networks"] if not (networks[name] or {}).get("internal")] == ["outgoing"]


def test_production_shows_no_demonstration_and_no_debugging() -> None:
    for service in SERVICES.values():
        assert not {"DEMO", "DEBUG"} & service.get("environment", {}).keys()
