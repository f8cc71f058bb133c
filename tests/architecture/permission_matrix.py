"""Who may do what: one line per method and route. A route without a line fails the build.

EVERYONE: also without a log-in. Otherwise the roles that get through on a record of their own; the others are refused,
and whoever is not logged in gets 401.
"""

from __future__ import annotations

from typing import NamedTuple

from backend.accounts.models import Role


class Rule(NamedTuple):
    roles: frozenset[Role]
    everyone: bool = False
    hidden: bool = False  # the others may not even know that the record is there: 404 and nothing else


EVERYONE = Rule(frozenset(Role), everyone=True)
ANYONE_LOGGED_IN = Rule(frozenset(Role))

COORDINATOR, AUDITOR = Role.COORDINATOR, Role.AUDITOR
PARTNER, RECIPIENT = Role.PARTNER, Role.RECIPIENT
COMPANY, FEDERATION = Role.COMPANY, Role.FEDERATION
ADMINISTRATOR = Role.ADMINISTRATOR


def only(*roles: Role, hidden: bool = False) -> Rule:
    return Rule(frozenset(roles), hidden=hidden)


OVERSEERS = only(COORDINATOR, AUDITOR)
WORKSHOP = only(COORDINATOR, AUDITOR, hidden=True)  # runs and suggestions before they are proposals
# the party itself and those who watch over it
INSIDERS = only(COORDINATOR, AUDITOR, FEDERATION, COMPANY, hidden=True)
BOTH_SIDES = only(PARTNER, RECIPIENT)
CONCERNED = only(COORDINATOR, AUDITOR, PARTNER, RECIPIENT, hidden=True)  # both sides and their overseers

MATRIX: dict[tuple[str, str], Rule] = {
    # the platform
    ("GET", "schema"): EVERYONE,
    ("GET", "health"): EVERYONE,
    # places and parties
    ("GET", "areas"): EVERYONE,
    ("GET", "area"): EVERYONE,
    ("GET", "parties"): EVERYONE,
    ("GET", "party"): EVERYONE,
    # accounts
    ("GET", "session"): EVERYONE,
    ("POST", "session"): EVERYONE,
    ("DELETE", "session"): EVERYONE,
    ("PUT", "password"): ANYONE_LOGGED_IN,
    ("GET", "events"): CONCERNED,
    # joining; the party is the company's own
    ("POST", "join"): EVERYONE,
    ("GET", "join-code"): EVERYONE,
    ("GET", "join-alike"): EVERYONE,
    ("GET", "registrations"): ANYONE_LOGGED_IN,  # an empty list for most
    ("GET", "profile"): INSIDERS,
    ("PUT", "profile"): only(COMPANY),
    ("POST", "registration-decision"): only(FEDERATION),
    ("PUT", "capabilities"): only(COMPANY),
    ("PUT", "capacities"): only(COMPANY),
    ("PUT", "contacts"): only(COMPANY),
    ("GET", "profile-events"): INSIDERS,
    ("GET", "history"): CONCERNED,
    ("GET", "invitations"): only(COORDINATOR, ADMINISTRATOR, hidden=True),
    ("POST", "invitations"): only(COORDINATOR, ADMINISTRATOR),
    ("POST", "invitation-withdrawal"): only(COORDINATOR, ADMINISTRATOR),
    ("POST", "invitation-look"): EVERYONE,
    ("POST", "invitation-acceptance"): EVERYONE,
    ("POST", "merger"): only(COORDINATOR, ADMINISTRATOR),
    # needs
    ("GET", "needs"): EVERYONE,
    ("POST", "needs"): only(RECIPIENT),
    ("GET", "need"): EVERYONE,  # the one in the test is published
    ("PUT", "need"): only(RECIPIENT),
    ("POST", "need-decision"): only(RECIPIENT),
    # interests; the one in the test is the company's own
    ("GET", "interests"): ANYONE_LOGGED_IN,  # an empty list for most
    ("POST", "interests"): only(COMPANY),
    ("POST", "interest-withdrawal"): only(COMPANY),
    ("GET", "party-villages"): INSIDERS,
    # imports
    ("GET", "import-lists"): ANYONE_LOGGED_IN,  # an empty list for most
    ("GET", "import-template"): only(RECIPIENT),
    ("GET", "imports"): ANYONE_LOGGED_IN,  # an empty list for most
    ("POST", "imports"): only(RECIPIENT),
    ("GET", "import"): only(RECIPIENT, hidden=True),
    ("POST", "import-decision"): only(RECIPIENT, hidden=True),
    ("GET", "import-rows"): only(RECIPIENT, hidden=True),
    ("GET", "import-reasons"): only(RECIPIENT, hidden=True),
    ("GET", "import-file"): only(RECIPIENT, hidden=True),
    # programmes
    ("GET", "channels"): EVERYONE,
    ("GET", "region-pairs"): EVERYONE,
    ("GET", "reasons"): EVERYONE,
    ("GET", "policies"): ANYONE_LOGGED_IN,
    ("POST", "policies"): only(COORDINATOR),
    ("GET", "policy"): ANYONE_LOGGED_IN,
    ("POST", "policy-preview"): only(COORDINATOR),
    # runs
    ("GET", "runs"): ANYONE_LOGGED_IN,  # an empty list for most
    ("POST", "runs"): only(COORDINATOR),
    ("GET", "run"): WORKSHOP,
    ("POST", "run-cancel"): only(COORDINATOR),
    ("POST", "run-cure"): only(COORDINATOR),
    ("GET", "run-files"): WORKSHOP,
    ("GET", "run-archive"): WORKSHOP,
    ("GET", "run-suggestions"): WORKSHOP,
    ("GET", "run-why"): WORKSHOP,
    ("GET", "run-gaps"): WORKSHOP,
    ("GET", "run-comparison"): WORKSHOP,
    ("GET", "run-review"): WORKSHOP,
    ("GET", "run-tradeoffs"): WORKSHOP,
    ("POST", "run-tradeoffs"): only(COORDINATOR),
    ("GET", "run-withdrawal"): WORKSHOP,
    ("GET", "run-scenario"): only(COORDINATOR),
    ("POST", "run-scenario"): only(COORDINATOR),
    ("DELETE", "run-scenario"): only(COORDINATOR),
    ("POST", "run-scenario-adoption"): only(COORDINATOR),
    # pairings
    ("POST", "suggestion-decision"): only(COORDINATOR),
    ("POST", "suggestion-notes"): only(COORDINATOR),
    ("POST", "suggestion-second-look"): only(COORDINATOR),
    ("GET", "run-assignments"): only(COORDINATOR),
    ("POST", "run-assignments"): only(COORDINATOR),
    ("POST", "run-publications"): only(COORDINATOR),
    ("POST", "publication-taking-back"): only(COORDINATOR),
    ("GET", "pairings"): ANYONE_LOGGED_IN,
    ("POST", "pairings"): only(COORDINATOR),
    ("GET", "pairing"): CONCERNED,
    ("POST", "pairing-acknowledgement"): only(PARTNER, RECIPIENT),
    ("GET", "pairing-events"): CONCERNED,
    ("POST", "pairing-end"): only(COORDINATOR),
    ("GET", "pairing-marks"): CONCERNED,
    ("GET", "pairing-targets"): CONCERNED,
    ("GET", "pairing-contacts"): CONCERNED,
    ("POST", "pairing-contacts"): only(PARTNER, RECIPIENT),
    ("POST", "contact-void"): only(PARTNER),  # the one in the test was typed by the helper
    ("GET", "sub-pairings"): ANYONE_LOGGED_IN,
    ("POST", "sub-pairings"): only(PARTNER, RECIPIENT),
    ("GET", "sub-pairing-counts"): ANYONE_LOGGED_IN,
    ("POST", "sub-pairing-decision"): only(RECIPIENT),  # the one in the test was proposed by the helper
    # agreements
    ("GET", "agreements"): ANYONE_LOGGED_IN,
    ("POST", "agreements"): only(PARTNER, RECIPIENT),
    ("GET", "agreement-prefill"): only(COORDINATOR, AUDITOR, PARTNER, RECIPIENT),
    ("GET", "agreement"): CONCERNED,
    ("PUT", "agreement"): only(PARTNER),  # the draft in the test is the helper's
    ("POST", "agreement-decision"): only(PARTNER, RECIPIENT),
    ("POST", "agreement-signature"): only(PARTNER, RECIPIENT),
    ("POST", "agreement-revision"): only(PARTNER, RECIPIENT),
    ("GET", "agreement-targets"): CONCERNED,
    ("GET", "agreement-docx"): CONCERNED,
    ("GET", "agreement-pdf"): CONCERNED,
    ("POST", "agreement-copies"): only(PARTNER, RECIPIENT),
    ("GET", "agreement-events"): CONCERNED,
    ("GET", "signed-copy"): CONCERNED,
    # commitments
    ("GET", "commitments"): ANYONE_LOGGED_IN,
    ("POST", "commitments"): only(PARTNER),
    ("GET", "commitment"): CONCERNED,
    ("GET", "commitment-kinds"): ANYONE_LOGGED_IN,
    ("GET", "commitments-summary"): ANYONE_LOGGED_IN,  # of what one may see
    ("POST", "commitment-arrivals"): BOTH_SIDES,
    ("POST", "commitment-spendings"): only(RECIPIENT),
    ("POST", "commitment-withdrawal"): only(PARTNER),
    ("POST", "entry-confirmation"): only(RECIPIENT),  # the ones in the test were reported by the helper
    ("POST", "entry-acceptance"): only(RECIPIENT),
    ("POST", "entry-reversal"): BOTH_SIDES,
    ("POST", "reversal-answer"): only(RECIPIENT),  # asked for by the helper
    ("GET", "differences"): ANYONE_LOGGED_IN,
    ("POST", "entry-files"): BOTH_SIDES,
    ("GET", "entry-file"): CONCERNED,
    ("POST", "discrepancy-explanation"): BOTH_SIDES,
    ("POST", "discrepancy-answer"): only(RECIPIENT),  # explained by the helper
    ("POST", "posting-end"): BOTH_SIDES,
    ("GET", "county-balance"): ANYONE_LOGGED_IN,  # of what one may see
    # projects
    ("GET", "projects"): ANYONE_LOGGED_IN,
    ("POST", "projects"): only(RECIPIENT),
    ("GET", "project"): CONCERNED,
    ("PUT", "project"): only(RECIPIENT),
    ("POST", "project-consent"): BOTH_SIDES,
    ("POST", "project-decision"): BOTH_SIDES,  # the one in the test is declined
    ("POST", "project-result"): only(RECIPIENT),
    ("POST", "project-closing"): only(RECIPIENT),
    ("POST", "project-allotments"): only(RECIPIENT),
    ("POST", "project-spendings"): only(RECIPIENT),
    ("GET", "project-free-money"): CONCERNED,
    ("POST", "project-files"): BOTH_SIDES,
    ("GET", "project-file"): CONCERNED,
    ("POST", "milestone-reached"): only(RECIPIENT),
    ("GET", "allocation"): ANYONE_LOGGED_IN,  # of one's own commitments: nothing for most
    ("GET", "earmarks"): ANYONE_LOGGED_IN,  # of what one may see
    ("POST", "earmarks"): only(PARTNER),
    ("GET", "assets"): ANYONE_LOGGED_IN,
    ("POST", "asset-correction"): only(RECIPIENT),
    # everything by name; who is not logged in finds what is public
    ("GET", "search"): EVERYONE,
    # what waits, and the figures
    ("GET", "inbox"): ANYONE_LOGGED_IN,
    ("GET", "digest"): ANYONE_LOGGED_IN,  # one's own
    ("PUT", "digest"): ANYONE_LOGGED_IN,
    ("GET", "workbench"): OVERSEERS,
    ("GET", "coverage"): OVERSEERS,
    ("GET", "coverage-channels"): OVERSEERS,
    # what is published
    ("GET", "counties"): EVERYONE,
    ("GET", "relations"): EVERYONE,
    ("GET", "area-money"): EVERYONE,
    ("GET", "area-projects"): EVERYONE,  # those that both sides consented to
    ("GET", "area-timeline"): EVERYONE,
    ("GET", "party-money"): EVERYONE,
    ("GET", "party-results"): EVERYONE,
    ("GET", "party-timeline"): EVERYONE,
}
