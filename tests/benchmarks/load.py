"""Thirty-two people at once for a minute, reading and writing, on a register and a ledger of national size."""

from __future__ import annotations

import json
import random
import statistics
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

from tests.benchmarks.page import Section
from tests.plugins.platform import RunningPlatform

CLIENTS, SECONDS, SEED = 32, 60, 20_170_623
_GOAL_MS, _GOAL_RATE = 300, 100
_NAMES = ("丰宁", "changshun", "zy", "示例山云", "布拖", "肉牛养殖", "nujiang", "清水县", "91370102", "水渠")
_COUNTIES = ("130826", "522729", "513429", "532331", "621225", "653101", "620503")


class Browser:
    """One person's session over one connection that is kept."""

    def __init__(self, address: str, username: str | None) -> None:
        self._host = urlsplit(address).netloc
        self._connection = HTTPConnection(self._host, timeout=60)
        self._cookies: dict[str, str] = {}
        self._token = ""
        if username:
            self._token = self.ask("GET", "/api/session")[1]["csrf_token"]
            status, body = self.ask("POST", "/api/session", {"username": username, "password": "xieshou-demo"})
            assert status < 400, body
            self._token = body["csrf_token"]

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The status and the JSON of the answer."""
        headers = {"Accept": "application/json", "Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        if body is not None:
            headers |= {
                "Content-Type": "application/json", "X-CSRFToken": self._token, "Idempotency-Key": uuid.uuid4().hex,
            }  # fmt: skip
        sent = None if body is None else json.dumps(body).encode()
        self._connection.request(method, path, sent, headers)
        answer = self._connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self._cookies[name] = rest.partition(";")[0]
        return answer.status, json.loads(answer.read() or b"null")


Act = Callable[[Browser, random.Random], int]


@dataclass
class Sample:
    """What the people of one kind do: the name of each act, how often among the others, and how."""

    username: str | None
    people: int
    acts: Sequence[tuple[str, int, Act]]


@dataclass
class Tally:
    """Milliseconds of each answer by act, and the statuses that no act should get."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    strange: list[tuple[str, int]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, act: str, milliseconds: float, status: int) -> None:
        with self.lock:
            self.times[act].append(milliseconds)
            if status >= 400:
                self.strange.append((act, status))


def _read(*paths: str) -> Act:
    """One of the paths; the words in braces stand for one of many."""

    def act(browser: Browser, chance: random.Random) -> int:
        path = chance.choice(paths).format(
            county=chance.choice(_COUNTIES), name=quote(chance.choice(_NAMES)), page=chance.randint(1, 20),
            few=chance.randint(1, 4),
        )  # fmt: skip
        return browser.ask("GET", path)[0]

    return act


def _open_one(listed: str) -> Act:
    """The list, and then one of its rows."""

    def act(browser: Browser, chance: random.Random) -> int:
        status, body = browser.ask("GET", f"{listed}&page={chance.randint(1, 20)}")
        if status != 200:
            return status
        return browser.ask("GET", f"{listed.partition('?')[0]}/{chance.choice(body['results'])['id']}")[0]

    return act


def _arrive(browser: Browser, chance: random.Random) -> int:
    """Report that one yuan more arrived of a promise."""
    _, listed = browser.ask("GET", f"/api/commitments?page={chance.randint(1, 20)}")
    arrival = {"amount_yuan": "1.00", "occurred_date": "2020-12-01"}
    return browser.ask("POST", f"/api/commitments/{chance.choice(listed['results'])['id']}/arrivals", arrival)[0]


def _propose(browser: Browser, chance: random.Random) -> int:
    return browser.ask(
        "POST",
        "/api/needs",
        {
            "area": "130826", "title": f"【演示】负载 {uuid.uuid4().hex[:12]}", "category": "WATER", "causes": [],
            "quantity": "1", "unit": "座", "deadline_date": "2099-12-31", "performance_target": "建成 1 座",
            "benefit_link": "SERVICE",
        },
    )[0]  # fmt: skip


PEOPLE = (
    Sample(None, 8, (
        ("search", 4, _read("/api/search?q={name}")),
        ("needs", 3, _read("/api/needs?page={page}", "/api/needs?category=WATER&page={page}")),
        ("counties", 2, _read("/api/counties?page={page}&page_size=20", "/api/counties?search={name}")),
        ("county", 3, _read("/api/areas/{county}")),
        ("relations of a county", 2, _read("/api/relations?area={county}")),
        ("timeline of a county", 2, _read("/api/areas/{county}/timeline")),
        ("money of a county", 2, _read("/api/areas/{county}/money")),
        ("parties", 3, _read("/api/parties?page={page}", "/api/parties?kind=ENTERPRISE&search={name}")),
    )),
    Sample("coordinator", 8, (
        ("workbench", 2, _read("/api/workbench?year=2020")),
        ("inbox", 2, _read("/api/inbox")),
        ("pairings", 3, _read("/api/pairings?page={page}&page_size=20")),
        ("open a need", 2, _open_one("/api/needs?page_size=20")),
        ("search", 3, _read("/api/search?q={name}")),
        ("balance of a county", 2, _read("/api/counties/{county}/balance")),
    )),
    Sample("partner", 10, (
        ("commitments", 4, _read("/api/commitments?page={few}", "/api/commitments?year=2019&page={few}")),
        ("open a commitment", 3, _open_one("/api/commitments?page_size=20")),
        ("report an arrival", 4, _arrive),
        ("inbox", 2, _read("/api/inbox")),
        ("year at a glance", 1, _read("/api/commitments/summary?year=2020")),
    )),
    Sample("recipient", 6, (
        ("needs", 3, _read("/api/needs?page={page}")),
        ("propose a need", 3, _propose),
        ("inbox", 2, _read("/api/inbox")),
        ("balance of a county", 2, _read("/api/counties/130826/balance")),
        ("commitments", 2, _read("/api/commitments?page={few}")),
    )),
)  # fmt: skip


def measure(platform: RunningPlatform) -> Section:
    """All of them against the platform; the register and the ledger must be there."""
    tally = Tally()
    crowd = [(kind, Browser(platform.address, kind.username)) for kind in PEOPLE for _ in range(kind.people)]
    assert len(crowd) == CLIENTS
    start = threading.Barrier(CLIENTS)
    threads = [
        threading.Thread(target=_work, args=(kind, browser, SEED + number, start, tally))
        for number, (kind, browser) in enumerate(crowd)
    ]
    before = platform.processor_seconds()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = platform.processor_seconds() - before
    return _told(tally, spent)


def _work(kind: Sample, browser: Browser, seed: int, start: threading.Barrier, tally: Tally) -> None:
    chance = random.Random(seed)  # noqa: S311  (nothing here is secret)
    acts = [(name, act) for name, often, act in kind.acts for _ in range(often)]
    start.wait()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        name, act = chance.choice(acts)
        began = time.perf_counter()
        status = act(browser, chance)
        tally.note(name, (time.perf_counter() - began) * 1000, status)


def _told(tally: Tally, spent: float) -> Section:
    lines = [_line(name, times) for name, times in sorted(tally.times.items())]
    everything = [one for times in tally.times.values() for one in times]
    return Section(
        title=f"{CLIENTS} people at once",
        text=f"{len(everything) / SECONDS:.0f} acts a second (goal: {_GOAL_RATE}), {spent / SECONDS:.2f} processors, "
        f"refused or failed: {tally.strange or 'none'}. Goal for the 95th percentile: {_GOAL_MS} ms.",
        headings=("act", "times", "median, ms", "95th percentile, ms", "slowest, ms"),
        lines=[*lines, _line("all", everything)],
    )


def _line(name: str, times: Sequence[float]) -> Sequence[str]:
    fifth = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    figures = (f"{value:.0f}" for value in (statistics.median(times), fifth, max(times)))
    return (name, str(len(times)), *figures)
