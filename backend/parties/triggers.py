"""What the database keeps about parties, whoever writes."""

from __future__ import annotations

from collections.abc import Iterable

import pgtrigger


def standing_kept(public_kinds: Iterable[str]) -> pgtrigger.Trigger:
    """A public body needs nobody's word; whoever joins begins as pending; after that the standing follows the
    registration, which is another table's trigger and therefore a depth further down; and a merger is for good."""
    public = ", ".join(repr(str(kind)) for kind in public_kinds)
    return pgtrigger.Trigger(
        name="standing_kept",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
            IF TG_OP = 'INSERT' THEN
                NEW.standing := CASE WHEN NEW.kind IN ({public}) THEN 'PUBLIC' ELSE 'PENDING' END;
            ELSIF OLD.merged_into_id IS NOT NULL AND NEW.merged_into_id IS NULL THEN
                RAISE EXCEPTION 'party % was merged for good', OLD.id
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'party_merged_for_good';
            END IF;
            IF NEW.merged_into_id IS NOT NULL THEN
                NEW.standing := 'MERGED';
            ELSIF TG_OP = 'UPDATE' AND NEW.standing <> OLD.standing AND pg_trigger_depth() = 1 THEN
                RAISE EXCEPTION 'the standing of party % follows its registration', OLD.id
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'party_standing_follows_registration';
            END IF;
            RETURN NEW;
        """,
    )
