"""What a helper can show for its help, to everybody: place by place and kind by kind what was promised, what arrived,
what both sides stand behind and what was accepted. Sums over published relations; no titles, no people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.scopes import visible
from backend.commitments import kinds
from backend.commitments.models import Commitment
from backend.commitments.serializers import StagesSerializer
from backend.commitments.summary import sums_by_stage
from backend.joining.authority import authority_of
from backend.joining.models import Registration
from backend.pairings.models import Pairing
from backend.pairings.scopes import published
from backend.parties.models import Party
from backend.places.models import Area, ids_on
from backend.projects.figures import with_money
from backend.reports.projects import PublicProjectSerializer, public
from backend.reports.relations import RecipientSerializer


class _FiguresSerializer(StagesSerializer):
    """Of one kind, in its unit; `confirmed` is what both sides stand behind of what arrived."""

    kind = serializers.ChoiceField(choices=kinds.Kind.choices)
    unit = serializers.ChoiceField(choices=kinds.Unit.choices)
    flows = serializers.BooleanField()
    is_demo = serializers.BooleanField()


class ResultKindSerializer(_FiguresSerializer):
    places = serializers.IntegerField()


class ResultLineSerializer(_FiguresSerializer):
    year = serializers.IntegerField()


class HelpedPlaceSerializer(serializers.Serializer[Any]):
    """One relation. `answered_by`: the government that confirms for the place; blank where none is on record."""

    pairing = serializers.IntegerField(source="pk")
    recipient = RecipientSerializer()
    channel = serializers.CharField(source="channel.code")
    status = serializers.ChoiceField(choices=Pairing.Status.choices)
    start_date = serializers.DateField()
    end_date = serializers.DateField(allow_null=True)
    years_known = serializers.BooleanField()
    is_confirmed = serializers.BooleanField()
    answered_by = serializers.CharField()
    lines = ResultLineSerializer(many=True)
    projects = PublicProjectSerializer(source="carried_out", many=True)


class PartyResultsSerializer(serializers.Serializer[Any]):
    """`vouched_by` and `vouched_date`: who verified the registration, and when; only of those who registered."""

    as_of = serializers.DateField()
    vouched_by = serializers.CharField()
    vouched_date = serializers.DateField(allow_null=True)
    kinds = ResultKindSerializer(many=True)
    places = HelpedPlaceSerializer(many=True)


class PartyResults(APIView):
    """The page a helper can show: where it helps, with what, and what became of it."""

    permission_classes = [AllowAny]

    @extend_schema(responses=PartyResultsSerializer, operation_id="parties_results")
    def get(self, request: Request, pk: int) -> Response:
        party = get_object_or_404(visible(Party, request.user).select_related("area"), pk=pk)
        return Response(PartyResultsSerializer(of_helper(party)).data)


def of_helper(party: Party) -> dict[str, Any]:
    """Cost: seven queries, however much the party did."""
    relations = published(Pairing.objects.with_confirmation().filter(helper=party))
    places: list[Any] = list(relations.select_related("recipient", "channel").order_by("recipient__code", "pk"))
    promises = Commitment.objects.registered().filter(pairing__in=[one.pk for one in places])
    lines, projects = _by(_sums(promises, "pairing", "year")), _projects(places)
    speakers = _speakers([one.recipient for one in places])
    for one in places:
        one.lines, one.carried_out = lines[one.pk], projects[one.pk]
        one.answered_by = speakers.get(one.recipient_id, "")
    whole = promises.values("kind").annotate(places=Count("pairing__recipient", distinct=True))
    counted = dict(whole.order_by().values_list("kind", "places"))
    return {
        "as_of": timezone.localdate(),
        "kinds": [{**line, "places": counted[line["kind"]]} for line in _sums(promises)],
        "places": places,
        **_vouched(party),
    }


def _sums(promises: QuerySet[Commitment], *by: str) -> list[dict[str, Any]]:
    """One line per kind (and `by`), in the order of the kinds, the newest year first."""
    rows = (
        promises.order_by()
        .values(*by, "kind", "unit", "flows")
        .annotate(is_demo=BoolOr("registered_by__is_demo"), **sums_by_stage())
    )
    return sorted(rows, key=lambda line: (-line.get("year", 0), kinds.Kind.values.index(line["kind"])))


def _by(lines: Iterable[dict[str, Any]]) -> defaultdict[int, list[dict[str, Any]]]:
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        found[line["pairing"]].append(line)
    return found


def _projects(places: list[Pairing]) -> defaultdict[int, list[Any]]:
    rows = with_money(public(Pairing.objects.filter(pk__in=[one.pk for one in places])))
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for project in rows.select_related("need__area", "pairing__helper").order_by("-pk"):
        found[project.pairing_id].append(project)
    return found


def _speakers(places: list[Area]) -> dict[int, str]:
    """By place, the name of the government that speaks for it: its own, or that of the county around it."""
    around = {place.pk: ids_on(place.path) for place in places}
    counties = Q(area__in={part for path in around.values() for part in path}, area__level=Area.Level.COUNTY)
    rows = Party.objects.governments().filter(Q(area__in=list(around)) | counties)
    names = dict(rows.values_list("area", "name"))
    return {pk: names[part] for pk, path in around.items() for part in path if part in names}


def _vouched(party: Party) -> dict[str, Any]:
    row = Registration.objects.filter(party=party, status=Registration.Status.VERIFIED).first()
    if row is None or row.decided_at is None:
        return {"vouched_by": "", "vouched_date": None}
    office = authority_of(party)
    return {
        "vouched_by": office.name if office else "负责该地区的协调员",
        "vouched_date": timezone.localtime(row.decided_at).date(),
    }
