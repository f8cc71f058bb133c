"""What is brought up, and in which order: the whole platform, or its database alone."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.embedded import services
from backend.embedded.postgres import APP, OWNER, Postgres
from backend.embedded.supervisor import Supervisor
from backend.embedded.valkey import Valkey


@dataclass(frozen=True)
class WholePlatform:
    """PostgreSQL → broker → migrate, load → worker, beat and web, then the address and the log-ins."""

    host: str
    port: int
    demo: bool

    def __call__(self, supervisor: Supervisor) -> None:
        began = time.monotonic()
        platform = self._ground(supervisor)
        supervisor.say("Tables, reference data, demonstration data")
        services.prepare(platform, "migrate", "load_reference", *(["load_demo"] if self.demo else []))
        supervisor.say("Worker and web server")
        web = services.Web(platform, self.host, self.port)
        supervisor.start_together(services.worker(platform), services.beat(platform), web)
        self._announce(supervisor, web, time.monotonic() - began)

    def _ground(self, supervisor: Supervisor) -> services.Platform:
        base = supervisor.folder.path
        postgres, broker = Postgres(base), Valkey(base)
        supervisor.say(f"PostgreSQL {postgres.binaries.major} ({postgres.binaries.origin})")
        supervisor.start(postgres)
        supervisor.say(f"Broker {broker.program.path.name} ({broker.program.origin})")
        supervisor.start(broker)
        return services.Platform(
            base=base,
            secret=supervisor.folder.secret(),
            database_url=postgres.url(APP),
            owner_url=postgres.url(OWNER),
            broker_url=broker.url,
            demo=self.demo,
        )

    def _announce(self, supervisor: Supervisor, web: services.Web, seconds: float) -> None:
        if web.port != self.port:
            supervisor.say(f"Port {self.port} is taken; using {web.port}.")
        _, session = services.ask(web.reachable, web.port, "/api/session")
        accounts = session.get("demo_accounts") or []
        supervisor.folder.tell(address=web.address, accounts=accounts)
        supervisor.say(f"Ready after {seconds:.1f} s.")
        supervisor.say(welcome(web.address, accounts))
        supervisor.say("Ctrl-C stops it.")


def database_alone(supervisor: Supervisor) -> None:
    """PostgreSQL only, and the lines a developer puts into a shell."""
    postgres = Postgres(supervisor.folder.path)
    supervisor.start(postgres)
    secret = supervisor.folder.secret()
    supervisor.folder.tell(database=postgres.url(OWNER))
    supervisor.say(developer_environment(postgres.url(OWNER), secret))


def developer_environment(owner_url: str, secret: str) -> str:
    """Shell lines after which `python -m backend …` works on this database, as its owner."""
    return f"export DATABASE_URL='{owner_url}'\nexport SECRET_KEY='{secret}'"


def welcome(address: str, accounts: Sequence[Mapping[str, Any]]) -> str:
    """The address and the demonstration log-ins, as a newcomer needs them."""
    lines = ["", f"  携手  {address}", ""]
    if accounts:
        width = max(len(one["username"]) for one in accounts)
        lines.append(f"  Demonstration log-ins (password of each: {accounts[0]['password']})")
        lines += [f"    {one['username']:<{width}}  {one['display_name']}" for one in accounts]
        lines.append("")
    return "\n".join(lines)
