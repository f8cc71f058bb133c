"""The kinds of job this room owns."""

from backend.jobs.actions import register
from backend.runs import actions, tradeoffs

register(actions.KIND, work=actions.execute, ended=actions.ended)
register(tradeoffs.KIND, work=tradeoffs.compute, ended=tradeoffs.ended)
