"""How far a stored fact may be trusted; every room that keeps facts uses this pair of fields."""

from django.db import models

from backend.web.sheets import Column


class FactStatus(models.TextChoices):
    SOURCED = "SOURCED", "有出处"
    UNVERIFIED = "UNVERIFIED", "待核实"


def sourced_facts_name_a_source(name: str) -> models.CheckConstraint:
    """Return the constraint that a fact may call itself sourced only when it says where it was read."""
    return models.CheckConstraint(
        name=name,
        condition=~models.Q(status=FactStatus.SOURCED) | ~models.Q(source=""),
        violation_error_message="有出处的事实必须写明来源。",
    )


class Fact(models.Model):
    """Fields of a row that states something about the world.

    An UNVERIFIED fact may be shown, with its mark, but never as official and never inside an official total.
    """

    status = models.CharField("可信程度", max_length=12, choices=FactStatus)
    source = models.CharField("来源", max_length=300, blank=True)

    class Meta:
        abstract = True


# The last columns of every sheet of facts.
FACT_COLUMNS = (Column("可信程度", "get_status_display", width=10), Column("来源", "source", width=40))
