"""Rules of projects that span rows, for raw SQL too. Functions they call are those of migration 0002."""

from __future__ import annotations

from typing import Any

import pgtrigger


def refusing(name: str, operation: Any, body: str, condition: Any = None, **more: Any) -> pgtrigger.Trigger:
    """Look at the new row before it is there; `body` refuses it with `commitments_refuse`."""
    return pgtrigger.Trigger(
        name=name, when=pgtrigger.Before, operation=operation, condition=condition, func=f"{body} RETURN NEW;", **more
    )


def refuse(what: str, constraint: str) -> str:
    return f"PERFORM commitments_refuse('{what}', '{constraint}');"


def of_a_published_need() -> pgtrigger.Trigger:
    """A project begins with a published need of the recipient, under a pairing that both sides confirmed, by the
    county's word. The need's row is held, so that nobody rewords it meanwhile."""
    return refusing(
        "of_a_published_need",
        pgtrigger.Insert,
        f"""
            SELECT * INTO need FROM needs_need WHERE id = NEW.need_id FOR SHARE;
            IF need.status IS DISTINCT FROM 'PUBLISHED' THEN {refuse("not published", "project_of_a_published_need")}
            END IF;
            IF NOT EXISTS (SELECT FROM pairings_pairing
                           WHERE id = NEW.pairing_id AND status IN ('AGREED', 'IN_FORCE')) THEN
                {refuse("not confirmed by both", "project_within_a_pairing")}
            END IF;
            IF NOT EXISTS (
                SELECT FROM pairings_pairing pairing
                JOIN places_area recipient ON recipient.id = pairing.recipient_id
                JOIN places_area place ON place.path LIKE recipient.path || '%'
                WHERE pairing.id = NEW.pairing_id AND place.id = need.area_id
            ) THEN {refuse("a need of another county", "project_need_of_the_recipient")} END IF;
            IF projects_side(NEW.proposed_by_id, NEW.pairing_id) IS DISTINCT FROM 'RECIPIENT' THEN
                {refuse("proposed for the county", "project_proposed_by_the_county")}
            END IF;
        """,  # noqa: S608  (names of our own)
        declare=[("need", "needs_need")],
    )


def frozen_once_consented() -> pgtrigger.Trigger:
    """What one side has agreed to stays as it was."""
    content = ("pairing_id", "need_id", "construction_type", "responsible_unit", "start_date", "end_date",
               "participation")  # fmt: skip
    old, new = (", ".join(f"{row}.{name}" for name in content) for row in ("OLD", "NEW"))
    return refusing(
        "frozen_once_consented",
        pgtrigger.Update,
        f"""
            IF ({old}) IS DISTINCT FROM ({new}) AND NOT projects_open_to_change(OLD.id) THEN
                {refuse("consented to as it was", "project_frozen_once_consented")}
            END IF;
        """,
    )


def consented_by_both() -> pgtrigger.Trigger:
    """Whatever may take money has the word of both sides."""
    return refusing(
        "consented_by_both",
        pgtrigger.Insert | pgtrigger.UpdateOf("status"),  # type: ignore[no-untyped-call]
        f"""
            IF (SELECT count(DISTINCT side) FROM projects_consent WHERE project_id = NEW.id) <> 2 THEN
                {refuse("two sides consent", "project_consented_by_both")}
            END IF;
        """,  # noqa: S608  (names of our own)
        condition=~pgtrigger.Q(new__status__in=("PROPOSED", "DECLINED")),
    )


def completed_with_proof() -> pgtrigger.Trigger:
    """A project is accepted when every milestone is reached and its result is shown."""
    return refusing(
        "completed_with_proof",
        pgtrigger.UpdateOf("status"),  # type: ignore[no-untyped-call]
        f"""
            IF EXISTS (SELECT FROM projects_milestone WHERE project_id = NEW.id AND done_date IS NULL) THEN
                {refuse("a milestone is open", "project_completed_with_its_milestones")}
            END IF;
            IF NOT EXISTS (SELECT FROM projects_file WHERE project_id = NEW.id AND milestone_id IS NULL) THEN
                {refuse("nothing shows it", "project_completed_with_evidence")}
            END IF;
        """,  # noqa: S608  (names of our own)
        condition=pgtrigger.Q(new__status="COMPLETED"),
    )


def closed_with_an_asset() -> pgtrigger.Trigger:
    return refusing(
        "closed_with_an_asset",
        pgtrigger.UpdateOf("status"),  # type: ignore[no-untyped-call]
        f"""
            IF NOT EXISTS (SELECT FROM projects_asset WHERE project_id = NEW.id) THEN
                {refuse("no asset", "project_closed_with_an_asset")}
            END IF;
        """,
        condition=pgtrigger.Q(new__status="CLOSED"),
    )


def consents_to_a_whole_plan() -> pgtrigger.Trigger:
    """Each side speaks for itself, to a proposal that says whence the money comes and by which steps; the county's word
    is another person's than the proposer's. Under the project's lock, lest the plan change at that moment."""
    return refusing(
        "consents_to_a_whole_plan",
        pgtrigger.Insert,
        f"""
            SELECT * INTO project FROM projects_project WHERE id = NEW.project_id FOR NO KEY UPDATE;
            IF project.status <> 'PROPOSED' THEN {refuse("no proposal", "consent_to_a_proposal")} END IF;
            IF projects_side(NEW.by_id, project.pairing_id) IS DISTINCT FROM NEW.side THEN
                {refuse("for another side", "consent_by_its_own_side")}
            END IF;
            IF NEW.by_id = project.proposed_by_id THEN
                {refuse("the proposer approves", "approved_by_another_person")}
            END IF;
            IF NOT EXISTS (SELECT FROM projects_source WHERE project_id = project.id)
               OR NOT EXISTS (SELECT FROM projects_milestone WHERE project_id = project.id) THEN
                {refuse("half a plan", "consent_to_a_whole_plan")}
            END IF;
        """,  # noqa: S608  (names of our own)
        declare=[("project", "projects_project")],
    )


def of_an_open_proposal(unless: str = "FALSE") -> pgtrigger.Trigger:
    """Rows of the plan come, change and go only while nobody has agreed to it; updates of another kind are let by."""
    return pgtrigger.Trigger(
        name="of_an_open_proposal",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("of_project", "bigint")],
        func=f"""
            IF TG_OP = 'UPDATE' AND {unless} THEN RETURN NEW; END IF;
            of_project := CASE WHEN TG_OP = 'DELETE' THEN OLD.project_id ELSE NEW.project_id END;
            PERFORM FROM projects_project WHERE id = of_project FOR NO KEY UPDATE;
            IF NOT projects_open_to_change(of_project) THEN
                {refuse("consented to as it was", "project_frozen_once_consented")}
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def money_of_the_pairing() -> pgtrigger.Trigger:
    """Planned money is promised under the same pairing. The commitment is held from here on, so that adding up what is
    planned of it afterwards sees everybody."""
    return refusing(
        "money_of_the_pairing",
        pgtrigger.Insert | pgtrigger.Update,
        f"""
            PERFORM FROM commitments_commitment WHERE id = NEW.commitment_id FOR NO KEY UPDATE;
            IF NOT EXISTS (
                SELECT FROM commitments_commitment promise JOIN projects_project project ON project.id = NEW.project_id
                WHERE promise.id = NEW.commitment_id AND promise.pairing_id = project.pairing_id
                  AND promise.unit = 'YUAN' AND promise.status = 'REGISTERED'
            ) THEN {refuse("money of another pairing", "source_money_of_the_pairing")} END IF;
        """,
        condition=pgtrigger.Q(new__commitment__isnull=False),
    )


def within_the_agreed(constraint: str) -> pgtrigger.Trigger:
    """Over all live projects and earmarks no more of a commitment than was agreed; `money_of_the_pairing` and
    `earmark_fits` hold it."""
    return pgtrigger.Trigger(
        name="within_the_agreed",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__commitment__isnull=False),
        func=f"""
            IF (SELECT sum(greatest(earmarked, planned)) FROM projects_plans WHERE commitment_id = NEW.commitment_id)
               > (SELECT agreed FROM commitments_totals WHERE commitment_id = NEW.commitment_id) THEN
                {refuse("meant for two things", constraint)}
            END IF;
            RETURN NULL;
        """,  # noqa: S608  (names of our own)
    )


def earmark_fits() -> pgtrigger.Trigger:
    """Money without a need of its own, of a confirmed pairing, for a published need of its recipient that is no project
    yet and still lacks so much; by the helper's word. Locks: the need, then the commitment, as where one proposes."""
    return refusing(
        "earmark_fits",
        pgtrigger.Insert,
        f"""
            SELECT * INTO lacking FROM needs_need WHERE id = NEW.need_id FOR NO KEY UPDATE;
            SELECT * INTO promise FROM commitments_commitment WHERE id = NEW.commitment_id FOR NO KEY UPDATE;
            IF projects_side(NEW.by_id, promise.pairing_id) IS DISTINCT FROM 'HELPER' THEN
                {refuse("not the helper", "earmark_by_the_helper")}
            END IF;
            IF NEW.amount_yuan < 0 THEN
                IF (SELECT coalesce(sum(amount_yuan), 0) FROM projects_earmark
                    WHERE commitment_id = NEW.commitment_id AND need_id = NEW.need_id) + NEW.amount_yuan < 0 THEN
                    {refuse("more than it has", "earmark_taken_back_within_itself")}
                END IF;
                RETURN NEW;
            END IF;
            IF lacking.status <> 'PUBLISHED' OR EXISTS (
                SELECT FROM projects_project WHERE need_id = NEW.need_id AND status NOT IN ('DECLINED', 'STOPPED')
            ) THEN {refuse("not waiting for money", "earmark_of_an_open_need")} END IF;
            IF promise.status <> 'REGISTERED' OR NOT promise.flows OR promise.need_id IS NOT NULL OR NOT EXISTS (
                SELECT FROM pairings_pairing WHERE id = promise.pairing_id AND status IN ('AGREED', 'IN_FORCE')
            ) THEN {refuse("not free", "earmark_of_free_money")} END IF;
            IF promise.sector NOT IN ('', lacking.category) OR NOT EXISTS (
                SELECT FROM pairings_pairing pairing
                JOIN places_area recipient ON recipient.id = pairing.recipient_id
                JOIN places_area place ON place.path LIKE recipient.path || '%'
                WHERE pairing.id = promise.pairing_id AND place.id = lacking.area_id
            ) THEN {refuse("of another place or kind", "earmark_where_it_fits")} END IF;
            IF NEW.amount_yuan > coalesce(projects_lacking(NEW.need_id), 0) THEN
                {refuse("more than it lacks", "earmark_within_the_gap")}
            END IF;
        """,  # noqa: S608  (names of our own)
        declare=[("lacking", "needs_need"), ("promise", "commitments_commitment")],
    )


def reached_by_the_county() -> pgtrigger.Trigger:
    """Milestones are reached while the work is on, on a day that has come, by the county's word."""
    return refusing(
        "reached_by_the_county",
        pgtrigger.Insert | pgtrigger.Update,
        f"""
            SELECT * INTO project FROM projects_project WHERE id = NEW.project_id FOR NO KEY UPDATE;
            IF TG_OP = 'INSERT' AND NEW.done_date IS NULL THEN RETURN NEW; END IF;
            IF TG_OP = 'UPDATE' AND OLD.done_date IS NOT DISTINCT FROM NEW.done_date THEN RETURN NEW; END IF;
            IF project.status <> 'UNDERWAY' THEN {refuse("no work on", "milestone_of_a_project_underway")} END IF;
            IF NEW.done_date > (now() AT TIME ZONE 'Asia/Shanghai')::date THEN
                {refuse("not yet", "milestone_reached_by_today")}
            END IF;
            IF NEW.done_by_id IS NOT NULL
               AND projects_side(NEW.done_by_id, project.pairing_id) IS DISTINCT FROM 'RECIPIENT' THEN
                {refuse("not the county", "milestone_reached_by_the_county")}
            END IF;
        """,  # noqa: S608  (names of our own)
        declare=[("project", "projects_project")],
    )


def file_of_a_side(most: int) -> pgtrigger.Trigger:
    """Both sides show what they saw, of work that has begun; under the project's lock, so that twenty are twenty."""
    return refusing(
        "file_of_a_side",
        pgtrigger.Insert,
        f"""
            SELECT * INTO project FROM projects_project WHERE id = NEW.project_id FOR NO KEY UPDATE;
            IF project.status NOT IN ('UNDERWAY', 'COMPLETED') THEN
                {refuse("no work to show", "project_file_of_work_begun")}
            END IF;
            IF projects_side(NEW.by_id, project.pairing_id) IS NULL THEN
                {refuse("brought by a stranger", "project_file_by_a_side")}
            END IF;
            IF NEW.milestone_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM projects_milestone WHERE id = NEW.milestone_id AND project_id = NEW.project_id) THEN
                {refuse("of another project", "project_file_of_its_own_milestone")}
            END IF;
            IF (SELECT count(*) FROM projects_file WHERE project_id = NEW.project_id
                AND milestone_id IS NOT DISTINCT FROM NEW.milestone_id) >= {most} THEN
                {refuse("too many files", "project_files_at_most")}
            END IF;
        """,  # noqa: S608  (names of our own)
        declare=[("project", "projects_project")],
    )
