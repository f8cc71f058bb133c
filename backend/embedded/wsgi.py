"""The platform's WSGI application in a server process that does not outlive its parent.

granian's own process is ended by the supervisor or the kernel; the process it forks to answer requests would otherwise
go on listening on the port after a `kill -9`, with no database behind it.
"""

from __future__ import annotations

import os
from importlib import import_module

from backend.embedded.process import die_with_parent

die_with_parent("SIGKILL", parent=os.getppid())()
application = import_module("backend.config.wsgi").application
