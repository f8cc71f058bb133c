"""The kinds of job this room owns."""

from backend.exchange import actions, work
from backend.jobs.actions import register

register(actions.READ, work=work.read, ended=work.ended)
register(actions.COMMIT, work=work.commit, ended=work.ended)
register(actions.UNDO, work=work.undo, ended=work.ended)
