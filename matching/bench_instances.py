"""Instances to measure on: invented ones from a fixed seed, laid out as arrays, and conference bids from a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

import matching
from matching.implicit import Implicit
from matching.problem import FREE, Ints, Policy, Problem, no_groups, no_tiers

SEED = 20170623
BLOCKS = 22  # as many as there are helping provinces and cities' pairs of regions to send firms to
FEATURES = 10
_ALIKE = 80  # rows of one kind
_WEIGHTS = np.array([14, 14, 12, 10, 10, 10, 10, 8, 6, 6])  # per cent


def listed(helpers: int, recipients: int, candidates: int) -> Problem:
    """Each helper with so many different recipients drawn at random, at most 1 to 3 pairs on either side, coverage."""
    random = np.random.default_rng(SEED)
    keys = np.zeros(0, np.int64)
    if candidates == recipients:  # drawing would wait for the last of them
        keys = np.arange(helpers * recipients)
    while len(keys) < helpers * candidates:  # what was drawn twice is drawn again
        helper = np.repeat(np.arange(helpers), candidates - np.bincount(keys // recipients, minlength=helpers))
        keys = np.unique(np.concatenate([keys, helper * recipients + random.integers(0, recipients, len(helper))]))
    helper, recipient = np.divmod(keys, recipients)
    return _problem(random, helpers, recipients, helper, recipient, random.integers(0, 10_001, len(keys)))


def market(helpers: int, recipients: int) -> Implicit:
    """Firms and villages in 22 blocks with 10 features, where most firms want the same villages."""
    random = np.random.default_rng(SEED)
    blocks = [np.sort(random.integers(0, BLOCKS, count)).astype(np.int32) for count in (helpers, recipients)]
    ours, theirs = (
        np.clip(np.rint(random.gamma(2.0, 20.0, (count, FEATURES))), 0, 100).astype(np.int64)
        for count in (helpers, recipients)
    )
    ours[:, -2:] = 100  # depth and distance: what a village is worth to everyone
    none = np.zeros(0, np.int64)
    problem = _problem(random, helpers, recipients, none, none, none)
    same = np.stack([np.arange(BLOCKS)] * 2, axis=1).astype(np.int32)
    return Implicit(problem, blocks[0], blocks[1], same, ours * _WEIGHTS, theirs, divisor=100)


def register(helpers: int, recipients: int) -> Implicit:
    """The same where most rows have others like them, as villages of which little but their county is known."""
    random = np.random.default_rng(SEED)
    kinds = market(*(max(count // _ALIKE, BLOCKS) for count in (helpers, recipients)))
    ours, theirs = (
        np.sort(random.integers(0, many, count))
        for many, count in ((kinds.problem.helpers, helpers), (kinds.problem.recipients, recipients))
    )
    none = np.zeros(0, np.int64)
    return replace(
        kinds,
        problem=_problem(random, helpers, recipients, none, none, none),
        helper_block=kinds.helper_block[ours],
        recipient_block=kinds.recipient_block[theirs],
        helper_features=kinds.helper_features[ours],
        recipient_features=kinds.recipient_features[theirs],
    )


def _problem(
    random: np.random.Generator, helpers: int, recipients: int, helper: Ints, recipient: Ints, score: Ints
) -> Problem:
    deep = np.array([3000, 6000, 9000])[random.integers(0, 3, recipients)]
    return Problem(
        helper_ids=np.array([f"H{i:06d}" for i in range(helpers)]),
        helper_min=np.zeros(helpers, np.int64),
        helper_max=random.integers(1, 4, helpers),
        helper_group=np.full(helpers, -1, np.int32),
        recipient_ids=np.array([f"V{i:06d}" for i in range(recipients)]),
        recipient_min=np.zeros(recipients, np.int64),
        recipient_max=random.integers(1, 4, recipients),
        recipient_group=np.full(recipients, -1, np.int32),
        recipient_tier=np.full(recipients, -1, np.int32),
        coverage_start=np.arange(0, 2 * recipients + 1, 2),
        coverage=np.stack([deep, deep // 3], axis=1).ravel(),
        edge_helper=helper.astype(np.int32),
        edge_recipient=recipient.astype(np.int32),
        edge_score=score,
        edge_state=np.full(len(score), FREE, np.int8),
        edge_incumbent=np.zeros(len(score), np.bool_),
        tier_names=(),
        helper_groups=no_groups(),
        recipient_groups=no_groups(),
        tiers=no_tiers(),
        policy=Policy(),
    )


def bids(path: Path, minimum: int, maximum: int) -> Problem:
    """Conference bids as a problem: 3 reviewers a paper, at least `minimum` and at most `maximum` papers a reviewer.

    The file has "papers reviewers" on its first line and then similarities, a row per paper; they become scores of a
    ten-thousandth.
    """
    lines = path.read_text(encoding="utf-8").split("\n")
    papers, reviewers = map(int, lines[0].split())
    scores = np.array([line.split() for line in lines[1 : papers + 1]], float)
    return matching.build(
        helpers=[{"id": f"v{i:05d}", "min": minimum, "max": maximum} for i in range(reviewers)],
        recipients=[{"id": f"p{i:05d}", "min": 3, "max": 3} for i in range(papers)],
        edges=[
            {"helper": f"v{r:05d}", "recipient": f"p{p:05d}", "score": round(scores[p, r] * 10_000)}
            for p in range(papers)
            for r in range(reviewers)
        ],
    )
