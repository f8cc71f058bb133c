"""What a name is found by: its characters two by two, its pinyin, and the initials of that.

Trigrams see no Chinese word of two characters, which is what people type most; an index over pairs of neighbouring
characters does, and serves every longer word as well. Slips of the pen are looked for in pinyin: whoever types 常顺 or
changshum means 长顺.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import models
from django.db.models import F, Func, Lookup, Q

from backend.places.pinyin import spell

PAIRS_SQL = """
CREATE FUNCTION name_pairs(name text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    letters text[] := regexp_split_to_array(lower(name), '');
    pairs text[] := '{}';
BEGIN
    FOR i IN 1 .. cardinality(letters) - 1 LOOP
        pairs := pairs || (letters[i] || letters[i + 1]);
    END LOOP;
    RETURN pairs;
END $$
"""
# In units of one comparison: 25 microseconds were measured. Told less, the planner walks through all names in order and
# cuts each into pairs, rather than ask the index and sort what it found.
PAIRS_COST_SQL = "ALTER FUNCTION name_pairs(text) COST 2000"
NO_PAIRS_SQL = "DROP FUNCTION name_pairs(text)"


class Pairs(Func):
    """The neighbouring characters of a name, two by two, in lower case."""

    function = "name_pairs"
    output_field = ArrayField(models.TextField())


def pairs(text: str) -> list[str]:
    """The same in Python, for the word that is looked for."""
    lower = text.lower()
    return [lower[at : at + 2] for at in range(len(lower) - 1)]


@models.CharField.register_lookup
class Holds(Lookup):  # type: ignore[type-arg]  # generic in its stubs only
    """`name__holds="长顺"`: the name has the word in it. The index knows the pairs; that they are neighbours is then
    looked up in the few rows it found. A single character is no pair, and is looked for at the beginning."""

    lookup_name = "holds"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        name, given = self.process_lhs(compiler, connection)
        like = connection.ops.prep_for_like_query(self.rhs)
        if len(self.rhs) < 2:
            return f"{name} LIKE %s", [*given, f"{like}%"]
        return f"(name_pairs({name}) @> %s AND {name} ILIKE %s)", [*given, pairs(self.rhs), *given, f"%{like}%"]


class SpeltField(models.CharField):  # type: ignore[type-arg]  # likewise
    """Pinyin (or its initials) of the field `of`, written whenever the row is saved or created in bulk.

    An update that names its columns must name this one too.
    """

    def __init__(self, *args: Any, of: str, initials: bool = False, **given: Any) -> None:
        self.of, self.initials = of, initials
        super().__init__(*args, **{"editable": False, **given})

    def deconstruct(self) -> Any:
        name, path, args, given = super().deconstruct()
        return name, path, args, {**given, "of": self.of, "initials": self.initials}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        spelt: str = spelling(getattr(model_instance, self.of))[self.initials]
        setattr(model_instance, self.attname, spelt)
        return spelt


@lru_cache(maxsize=1)  # the two fields of a row ask one after the other
def spelling(name: str) -> tuple[str, str]:
    """Pinyin and initials of a name as people type it: without its mark in 【】 and its brackets, in lower case."""
    bare = "".join(letter for letter in name.rpartition("】")[2] if letter.isalnum())
    return spell(bare.lower()) if bare else (name, name)


def nobody_leaves_out_the_spelling(label: str) -> models.CheckConstraint:
    """What is not spelt is not found: so say bulk and raw writes as well."""
    return models.CheckConstraint(name=f"{label}_spelt", condition=~Q(pinyin="") & ~Q(initials=""))


def name_indexes(label: str, name: str, *prefixes: str) -> list[models.Index]:
    """Indexes for any part of `name` from two characters on, for slips in `pinyin`, and for how `prefixes` begin."""
    return [
        GinIndex(Pairs(F(name)), name=f"{label}_by_pairs"),
        GinIndex(OpClass(F("pinyin"), "gin_trgm_ops"), name=f"{label}_by_likeness"),
        *(models.Index(OpClass(F(one), "text_pattern_ops"), name=f"{label}_by_{one}_prefix") for one in prefixes),
    ]


def named(text: str, name: str) -> Q:
    """Rows whose `name` holds each word of `text`, or whose pinyin or initials answer to a word in Latin letters."""
    words = words_of(text)
    found = Q()
    for word in words:
        found &= Q(**{f"{name}__holds": word})
    if len(words) == 1 and words[0].isascii():
        word = words[0].lower()
        # below three letters there is no trigram, and nobody means the middle of a name
        spelt = Q(pinyin__contains=word) if len(word) > 2 else Q(pinyin__startswith=word)
        found |= spelt | Q(initials__startswith=word)
    return found


def words_of(text: str) -> list[str]:
    """The words of what was typed; full-width letters and digits are what they look like."""
    return unicodedata.normalize("NFKC", text).replace("\0", "").split()


def ladder(text: str, name: str, *, code: str = "", within: str = "") -> list[Q]:
    """How rows may answer to `text`, best first: its code or very name, a name that begins so, one that holds it.

    `code` is the column of a code and `within` that of a longer name around the name, where the rows have such.
    """
    whole = " ".join(words_of(text))
    latin = whole.isascii()
    exact, begins = Q(**{name: whole}), Q(**{f"{name}__startswith": whole})
    if latin:
        begins = Q(pinyin__startswith=whole.lower()) | Q(initials__startswith=whole.lower())
    if latin and code:
        exact |= Q(**{code: whole.upper()})
        begins |= Q(**{f"{code}__startswith": whole.upper()})
    return [exact, begins, named(text, within or name)]


def sounds_like(text: str) -> tuple[Q, TrigramWordSimilarity]:
    """Rows whose pinyin is nearly that of `text`, and how near, from 0 to 1."""
    pinyin, _ = spelling("".join(words_of(text)))
    return Q(pinyin__trigram_word_similar=pinyin), TrigramWordSimilarity(pinyin, "pinyin")
