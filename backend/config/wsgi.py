"""The WSGI application served by granian."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")

application = get_wsgi_application()

# What stands now stands for good: the collector need not walk it again and again. What an answer makes is nearly all
# freed without it, so it looks for cycles less often than it would by itself; not so seldom that one look, for which
# all of a process waits, is felt.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
