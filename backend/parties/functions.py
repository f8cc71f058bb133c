"""Functions that the database itself has (migration 0004), to be used in constraints, indexes and queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import BooleanField, CharField, F, Func, Value

if TYPE_CHECKING:
    from backend.parties.models import PartyQuerySet

# Below this likeness (0 to 1) two names are not worth a look.
ALIKE = 0.4


class UsccSound(Func):
    """Whether the last character of a 统一社会信用代码 is the check character of the others; NULL for NULL."""

    function = "parties_uscc_sound"
    output_field = BooleanField()


class NameCore(Func):
    """A name without place, legal form and punctuation: what two spellings of one firm have in common."""

    function = "parties_name_core"
    output_field = CharField()


def alike(name: str, among: PartyQuerySet) -> PartyQuerySet:
    """Parties whose name resembles `name`, the most alike first, each with its `likeness`.

    Cost: the trigram index on the core of the names of those who join.
    """
    core = NameCore(Value(name))
    found = among.annotate(core=NameCore(F("name")), likeness=TrigramSimilarity("core", cast(str, core)))
    return found.filter(core__trigram_similar=core, likeness__gte=ALIKE).order_by("-likeness", "pk")
