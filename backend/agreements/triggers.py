"""Rules of agreements that span rows, for raw SQL too."""

from __future__ import annotations

from typing import Any

import pgtrigger


def _refusing(name: str, operation: Any, body: str, condition: Any = None) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name, when=pgtrigger.Before, operation=operation, condition=condition, func=f"{body} RETURN NEW;"
    )


def _raise(constraint: str) -> str:
    return f"RAISE EXCEPTION '{constraint}' USING ERRCODE = 'check_violation', CONSTRAINT = '{constraint}';"


def within_its_pairing() -> pgtrigger.Trigger:
    """An agreement is one of an agreed pairing, and lasts no longer."""
    return _refusing(
        "within_its_pairing",
        pgtrigger.Insert | pgtrigger.UpdateOf("pairing_id", "start_date", "end_date"),  # type: ignore[no-untyped-call]
        f"""
            IF NEW.pairing_id IS NULL OR NEW.end_date < NEW.start_date THEN RETURN NEW; END IF;
            IF TG_OP = 'INSERT' AND NOT EXISTS (SELECT FROM pairings_pairing
                WHERE id = NEW.pairing_id AND status IN ('AGREED', 'IN_FORCE')) THEN
                {_raise("agreement_of_an_agreed_pairing")}
            END IF;
            IF NOT EXISTS (SELECT FROM pairings_pairing WHERE id = NEW.pairing_id
                AND daterange(start_date, end_date, '[]') @> daterange(NEW.start_date, NEW.end_date, '[]')) THEN
                {_raise("agreement_within_the_pairing")}
            END IF;
        """,  # noqa: S608  (names of our own, never input)
    )


def frozen_once_offered() -> pgtrigger.Trigger:
    """What was offered is signed as it was offered: only a draft changes its words."""
    content = ("pairing_id", "unit_id", "kind", "title", "start_date", "end_date", "clauses", "supersedes_id")
    old, new = (", ".join(f"{row}.{name}" for name in content) for row in ("OLD", "NEW"))
    return _refusing(
        "frozen_once_offered",
        pgtrigger.Update,
        f"IF ({old}) IS DISTINCT FROM ({new}) THEN {_raise('agreement_frozen_once_offered')} END IF;",
        condition=~pgtrigger.Q(old__status="DRAFT"),
    )


def signed_by_two() -> pgtrigger.Trigger:
    """SIGNED means two signatures under the round that was offered."""
    return _refusing(
        "signed_by_two",
        pgtrigger.Insert | pgtrigger.UpdateOf("status"),  # type: ignore[no-untyped-call]
        f"""
            IF (SELECT count(*) FROM agreements_signature
                WHERE agreement_id = NEW.id AND round = NEW.round) <> 2 THEN
                {_raise("agreement_signed_by_two")}
            END IF;
        """,  # noqa: S608  (names of our own, never input)
        condition=pgtrigger.Q(new__status="SIGNED"),
    )


def targets_of_a_draft() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="targets_of_a_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("of_agreement", "bigint")],
        func=f"""
            of_agreement := CASE WHEN TG_OP = 'DELETE' THEN OLD.agreement_id ELSE NEW.agreement_id END;
            IF NOT EXISTS (SELECT FROM agreements_agreement WHERE id = of_agreement AND status = 'DRAFT') THEN
                {_raise("agreement_frozen_once_offered")}
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def signs_what_is_offered() -> pgtrigger.Trigger:
    """A signature belongs to the round on offer, by a signatory of that kind of agreement, on a day that has come."""
    return _refusing(
        "signs_what_is_offered",
        pgtrigger.Insert,
        f"""
            IF NOT EXISTS (SELECT FROM agreements_agreement WHERE id = NEW.agreement_id AND status = 'OFFERED'
                AND round = NEW.round AND NEW.side IN ('HELPER', CASE kind WHEN 'RESPONSIBILITY' THEN 'AUTHORITY'
                                                                           ELSE 'RECIPIENT' END)) THEN
                {_raise("signature_of_what_is_offered")}
            END IF;
            IF NEW.signed_date > (now() AT TIME ZONE 'Asia/Shanghai')::date THEN
                {_raise("signature_has_happened")}
            END IF;
        """,
    )


def copy_of_what_was_offered() -> pgtrigger.Trigger:
    return _refusing(
        "copy_of_what_was_offered",
        pgtrigger.Insert,
        f"""
            IF NOT EXISTS (SELECT FROM agreements_agreement WHERE id = NEW.agreement_id
                AND status IN ('OFFERED', 'SIGNED', 'SUPERSEDED')) THEN
                {_raise("copy_of_what_was_offered")}
            END IF;
        """,
    )
