"""The kind of job this room owns."""

from backend.jobs.actions import register
from backend.runs import actions

register(actions.KIND, work=actions.execute, ended=actions.ended)
