"""The tree of areas, kept by the database: each row's path, and which level may stand under which."""

from __future__ import annotations

import pgtrigger

_ABOVE = {
    "PREFECTURE": ("PROVINCE",),
    "COUNTY": ("PROVINCE", "PREFECTURE"),
    "TOWNSHIP": ("COUNTY",),
    "VILLAGE": ("TOWNSHIP",),
}


def path_written() -> pgtrigger.Trigger:
    """Whoever writes a row, its path is its parent's and its own id, its province its parent's, and its parent is of a
    level above."""
    allowed = " OR ".join(
        f"(NEW.level = '{level}' AND above.level IN ({', '.join(map(repr, levels))}))"
        for level, levels in _ABOVE.items()
    )
    return pgtrigger.Trigger(
        name="path_written",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("above", "RECORD")],
        func=f"""
            NEW.path := NEW.id || '.';
            NEW.province := NEW.name;
            IF NEW.parent_id IS NOT NULL THEN
                SELECT level, path, province INTO above FROM places_area WHERE id = NEW.parent_id;
                IF FOUND AND NEW.level <> 'PROVINCE' THEN  -- otherwise a constraint says so
                    IF NOT ({allowed}) THEN
                        RAISE EXCEPTION 'a % cannot stand under a %', NEW.level, above.level
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'area_under_a_level_above';
                    END IF;
                    NEW.path := above.path || NEW.path;
                    NEW.province := above.province;
                END IF;
            END IF;
            RETURN NEW;
        """,  # noqa: S608  (names of our own, never input)
    )


def path_handed_down() -> pgtrigger.Trigger:
    """A row that moves, or a province of another name, takes everything below it along: each child is touched, and
    writes its own path and province."""
    return pgtrigger.Trigger(
        name="path_handed_down",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__path__df=pgtrigger.F("new__path"))
        | pgtrigger.Q(old__province__df=pgtrigger.F("new__province")),
        func="UPDATE places_area SET path = '' WHERE parent_id = NEW.id; RETURN NULL;",
    )
