"""Who may stand in a channel: the words for what the database refuses."""

from __future__ import annotations

from backend.parties.models import Party
from backend.places.models import Area
from backend.programmes.models import Channel
from backend.web.problems import Invalid


def require_fit(channel: Channel, helper: Party, recipient: Area) -> None:
    """Raises Invalid, naming the side, for a helper or a recipient that has no place in the channel.

    `helper` comes with its area loaded.
    """
    if helper.kind not in channel.helper_kinds:
        raise Invalid(f"{channel.name_zh}的帮扶方应是{_labels(Party.Kind, channel.helper_kinds)}", field="helper")
    level = helper.area.level if helper.area else None
    if helper.kind == Party.Kind.GOVERNMENT and level not in channel.helper_levels:
        levels = _labels(Area.Level, channel.helper_levels)
        raise Invalid(f"{channel.name_zh}的帮扶方应是{levels}人民政府", field="helper")
    if recipient.level not in channel.recipient_levels:
        levels = _labels(Area.Level, channel.recipient_levels)
        raise Invalid(f"{channel.name_zh}的受援方应是{levels}地区，{recipient.full_name}不是", field="recipient")


def _labels(choices: type[Party.Kind] | type[Area.Level], codes: list[str]) -> str:
    return "、".join(str(choices(code).label) for code in codes)
