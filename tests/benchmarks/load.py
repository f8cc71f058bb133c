"""Thirty-two people for a minute, reading and writing, on a register and a ledger of national size.

Once at a pace that gives the promised number of answers a second, which is what their waiting is promised for; and once
without a pause, which shows how much the machine can do: then they wait for each other, however fast it is.
"""

from __future__ import annotations

import json
import random
import statistics
import threading
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

from tests.benchmarks.page import Section
from tests.plugins.platform import RunningPlatform

CLIENTS, SECONDS, SEED = 32, 60, 20_170_623
_GOAL_MS, _GOAL_RATE = 300, 100
_PACE = CLIENTS / (1.05 * _GOAL_RATE)  # seconds from one question of a person to the next
_NAMES = ("丰宁", "changshun", "zy", "示例山云", "布拖", "肉牛养殖", "nujiang", "清水县", "91370102", "水渠")
_COUNTIES = ("130826", "522729", "513429", "532331", "621225", "653101", "620503")


@dataclass
class Tally:
    """Milliseconds of each answer by what was asked, and what was refused or failed."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    strange: list[tuple[str, int]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, milliseconds: float, status: int) -> None:
        with self.lock:
            self.times[what].append(milliseconds)
            if status >= 400:
                self.strange.append((what, status))


class Browser:
    """One person's session over one connection that is kept; every answer from `begin` on is noted.

    From then on a question follows the one before after `pace` seconds, or at once where the answer took longer.
    """

    def __init__(self, address: str, username: str | None, pace: float) -> None:
        self._pace, self._due = pace, 0.0
        self._connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
        self._cookies: dict[str, str] = {}
        self._token, self._tally = "", Tally()
        if username:
            self._token = self.get("session", "/api/session")["csrf_token"]
            log_in = {"username": username, "password": "xieshou-demo"}
            self._token = self.post("session", "/api/session", log_in)["csrf_token"]
            assert self._tally.strange == []

    def begin(self, tally: Tally, first: float) -> None:
        """Note answers from here on; the first question comes after so many seconds."""
        self._tally, self._due = tally, time.monotonic() + first

    def get(self, what: str, path: str) -> Any:
        return self._ask(what, "GET", path, None, {})

    def post(self, what: str, path: str, body: Any) -> Any:
        headers = {"Content-Type": "application/json", "X-CSRFToken": self._token, "Idempotency-Key": uuid.uuid4().hex}
        return self._ask(what, "POST", path, json.dumps(body).encode(), headers)

    def _ask(self, what: str, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Any:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        time.sleep(max(0.0, self._due - time.monotonic()))
        self._due = time.monotonic() + self._pace
        began = time.perf_counter()
        self._connection.request(method, path, body, {"Accept": "application/json", "Cookie": cookies, **headers})
        answer = self._connection.getresponse()
        content = answer.read()
        self._tally.note(what, (time.perf_counter() - began) * 1000, answer.status)
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self._cookies[name] = rest.partition(";")[0]
        return json.loads(content or b"null")


Act = Callable[[Browser, random.Random], Any]


@dataclass
class Kind:
    """People of one kind: their log-in, how many they are, and what they do how often."""

    username: str | None
    people: int
    acts: Sequence[tuple[int, Act]]


def _read(what: str, *paths: str) -> Act:
    """One of the paths; the words in braces stand for one of many."""

    def act(browser: Browser, chance: random.Random) -> Any:
        path = chance.choice(paths).format(
            county=chance.choice(_COUNTIES), name=quote(chance.choice(_NAMES)), page=chance.randint(1, 20),
            few=chance.randint(1, 4),
        )  # fmt: skip
        return browser.get(what, path)

    return act


def _open(what: str, listed: str) -> Act:
    """A page of a list, and then one of its rows."""

    def act(browser: Browser, chance: random.Random) -> Any:
        page = browser.get(what, f"{listed}?page={chance.randint(1, 20)}&page_size=20")
        return browser.get(f"one of the {what}", f"{listed}/{chance.choice(page['results'])['id']}")

    return act


def _arrive(browser: Browser, chance: random.Random) -> Any:
    """Report that one yuan more arrived of a promise."""
    page = browser.get("commitments", f"/api/commitments?page={chance.randint(1, 20)}&page_size=20")
    arrival = {"amount_yuan": "1.00", "occurred_date": "2020-12-01"}
    promise = chance.choice(page["results"])["id"]
    return browser.post("report an arrival", f"/api/commitments/{promise}/arrivals", arrival)


def _propose(browser: Browser, chance: random.Random) -> Any:
    need = {
        "area": "130826", "title": f"【演示】负载 {uuid.uuid4().hex[:12]}", "category": "WATER", "causes": [],
        "quantity": "1", "unit": "座", "deadline_date": "2099-12-31", "performance_target": "建成 1 座",
        "benefit_link": "SERVICE",
    }  # fmt: skip
    return browser.post("propose a need", "/api/needs", need)


PEOPLE = (
    Kind(None, 8, (
        (4, _read("search", "/api/search?q={name}")),
        (3, _read("needs", "/api/needs?page={page}", "/api/needs?category=WATER&page={page}")),
        (2, _read("counties", "/api/counties?page={page}&page_size=20", "/api/counties?search={name}")),
        (1, _read("map of counties", "/api/counties?page_size=1000")),
        (3, _read("a county", "/api/areas/{county}")),
        (2, _read("relations of a county", "/api/relations?area={county}")),
        (2, _read("timeline of a county", "/api/areas/{county}/timeline")),
        (2, _read("money of a county", "/api/areas/{county}/money")),
        (3, _read("parties", "/api/parties?page={page}", "/api/parties?kind=ENTERPRISE&search={name}")),
    )),
    Kind("coordinator", 8, (
        (2, _read("workbench", "/api/workbench?year=2020")),
        (1, _read("map of coverage", "/api/coverage?year=2020")),
        (2, _read("inbox", "/api/inbox")),
        (3, _read("pairings", "/api/pairings?page={page}&page_size=20")),
        (2, _open("needs", "/api/needs")),
        (3, _read("search", "/api/search?q={name}")),
        (2, _read("balance of a county", "/api/counties/{county}/balance")),
    )),
    Kind("partner", 10, (
        (4, _read("commitments", "/api/commitments?page={few}", "/api/commitments?year=2019&page={few}")),
        (3, _open("commitments", "/api/commitments")),
        (4, _arrive),
        (2, _read("inbox", "/api/inbox")),
        (1, _read("year at a glance", "/api/commitments/summary?year=2020")),
    )),
    Kind("recipient", 6, (
        (3, _read("needs", "/api/needs?page={page}")),
        (3, _propose),
        (2, _read("inbox", "/api/inbox")),
        (2, _read("balance of a county", "/api/counties/130826/balance")),
        (2, _read("commitments", "/api/commitments?page={few}")),
    )),
)  # fmt: skip


def paced(platform: RunningPlatform) -> Section:
    """All of them at their pace; the register and the ledger must be there."""
    return _measured(platform, f"{CLIENTS} people at work, a question every {_PACE * 1000:.0f} ms each", _PACE)


def unpaced(platform: RunningPlatform) -> Section:
    """All of them, none pausing."""
    return _measured(platform, f"{CLIENTS} people at once, none pausing", 0.0)


def _measured(platform: RunningPlatform, title: str, pace: float) -> Section:
    tally, start = Tally(), threading.Barrier(CLIENTS)
    crowd = [(kind, Browser(platform.address, kind.username, pace)) for kind in PEOPLE for _ in range(kind.people)]
    threads = [
        threading.Thread(target=_work, args=(kind, browser, number, pace, start, tally))
        for number, (kind, browser) in enumerate(crowd)
    ]
    before = platform.processor_seconds()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return _told(title, tally, platform.processor_seconds() - before)


def _work(kind: Kind, browser: Browser, number: int, pace: float, start: threading.Barrier, tally: Tally) -> None:
    chance = random.Random(SEED + number)  # noqa: S311  (nothing here is secret)
    acts = [act for often, act in kind.acts for _ in range(often)]
    start.wait()
    browser.begin(tally, first=pace * number / CLIENTS)
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        chance.choice(acts)(browser, chance)


def _told(title: str, tally: Tally, spent: float) -> Section:
    everything = [one for times in tally.times.values() for one in times]
    rate, strange = len(everything) / SECONDS, Counter(tally.strange)
    return Section(
        title=f"{title}, for {SECONDS} s",
        text=f"{rate:.0f} answers a second (goal: ≥ {_GOAL_RATE}); 95th percentile goal: ≤ {_GOAL_MS} ms. The platform"
        f" spent {spent / SECONDS:.2f} processors, the rest is the crowd's. Refused or failed:"
        f" {dict(strange) if strange else 'none'}.",
        headings=("what", "answers", "median, ms", "95th percentile, ms", "slowest, ms"),
        lines=[*(_line(what, times) for what, times in sorted(tally.times.items())), _line("all", everything)],
    )


def _line(what: str, times: Sequence[float]) -> Sequence[str]:
    late = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return (what, str(len(times)), *(f"{value:.0f}" for value in (statistics.median(times), late, max(times))))
