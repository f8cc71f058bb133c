"""Every setting, typed, from the environment; no other file reads the environment of the platform."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import environ
import pghistory
from celery.schedules import crontab

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parents[2]

# --- what the operator decides --------------------------------------------------------------------
DEBUG: bool = env.bool("DEBUG", default=False)
SECRET_KEY: str = env.str("SECRET_KEY")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
BROKER_URL: str = env.str("BROKER_URL", default="memory://")
HTTPS: bool = env.bool("HTTPS", default=False)
# Invented, labelled data and log-ins with a published password. Never on a machine that holds real records.
DEMO: bool = env.bool("DEMO", default=False)
DEMO_PASSWORD = "xieshou-demo"  # noqa: S105  (published on the log-in page, and only when DEMO is on)

# --- applications, lowest room first --------------------------------------------------------------
INSTALLED_APPS = [
    "backend.config.admin.SiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_standardized_errors",
    "pgtrigger",
    "pghistory",
    "axes",
    "backend.web",
    "backend.lifecycle",
    "backend.jobs",
    "backend.places",
    "backend.parties",
    "backend.accounts",
    "backend.exchange",
    "backend.joining",
    "backend.needs",
    "backend.programmes",
    "backend.interests",
    "backend.runs",
    "backend.pairings",
    "backend.agreements",
    "backend.commitments",
    "backend.projects",
    "backend.inbox",
    "backend.search",
    "backend.reports",
    "backend.reference",
    "backend.demo",
    # the rooms above are added here, lowest first, as they come to exist
]

MIDDLEWARE = [
    "backend.web.requestlog.request_log",
    "backend.web.reading.reading",
    "django.middleware.security.SecurityMiddleware",
    "backend.web.middleware.security_headers",
    "backend.web.middleware.entity_tags",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "backend.lifecycle.history.history_context",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "backend.config.urls"
WSGI_APPLICATION = "backend.config.wsgi.application"
# Only the administrator's pages are rendered here; everything else is the single-page application.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- database -------------------------------------------------------------------------------------
# The web and the worker connect as the application's role; `migrate` connects as the owner of the tables.
_database = env.db_url("DATABASE_URL")
_database["HOST"] = unquote(_database["HOST"])  # a unix socket's folder arrives as %2Fpath
_pooled: bool = env.bool("DATABASE_POOL", default=False)  # the web only: a worker closes its pool after every task
# No trigger is ignored, and it is said: without the setting each trigger of each row raises an error inside, catches it
# and looks through all that the transaction has deferred so far, so that 50 000 rows at once take minutes.
_options: dict[str, Any] = {"options": "-c pgtrigger.ignore={}"}
if _pooled:
    # Many ask at once: a question that calls helper processes takes the processor away from all the others.
    _options["options"] += " -c max_parallel_workers_per_gather=0 -c jit=off"
    _options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "django.db.backends.postgresql",
        "OPTIONS": _options,
        "CONN_MAX_AGE": 0 if _pooled else 600,
        "CONN_HEALTH_CHECKS": True,  # a connection may have outlived its database
        "ATOMIC_REQUESTS": False,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- memory ---------------------------------------------------------------------------------------
# What the public was told may be told again for so many seconds (`web.visitors`).
VISITORS_SECONDS: int = env.int("VISITORS_SECONDS", default=30)
_LOCAL = "django.core.cache.backends.locmem.LocMemCache"
CACHES = {
    "default": {"BACKEND": _LOCAL},
    "visitors": {"BACKEND": _LOCAL, "LOCATION": "visitors", "OPTIONS": {"MAX_ENTRIES": 500}},
}

# --- history --------------------------------------------------------------------------------------
# Rows of history refuse to be changed, and carry their actor themselves instead of pointing at a mutable row.
PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
PGHISTORY_APPEND_ONLY = True
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()

# --- log-in ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "backend.accounts.login.Accounts"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "backend.accounts.login.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # a stranger elsewhere cannot lock somebody out
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "backend.accounts.login.locked_out"
AXES_CLIENT_IP_CALLABLE = "backend.accounts.login.client_address"
AXES_ENABLE_ADMIN = False  # our own page shows the locks
# Per address: making an account, and asking the register before one has one (`accounts.throttling`).
KNOCKS = {
    "entering": env.str("KNOCKS_ENTERING", default="20/hour"),
    "asking": env.str("KNOCKS_ASKING", default="60/min"),
}
INVITATION_DAYS: int = env.int("INVITATION_DAYS", default=7)
PROXY_COUNT: int = env.int("PROXY_COUNT", default=0)  # reverse proxies of ours in front of the web server

_secure_prefix = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_secure_prefix}xieshou_session"
CSRF_COOKIE_NAME = f"{_secure_prefix}xieshou_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # the page gets its token from /api/session
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_ENGINE = "backend.accounts.sessions"
CSRF_FAILURE_VIEW = "backend.web.views.csrf_failure"
SECURE_HSTS_SECONDS: int = env.int("HSTS_SECONDS", default=31_536_000 if HTTPS else 0)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"

# --- language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# --- files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # the administrator's styles, without a step that collects them
FRONTEND_DIR = BASE_DIR / "frontend" / "dist"
WHITENOISE_ROOT = FRONTEND_DIR if FRONTEND_DIR.is_dir() else None
RUNS_DIR = DATA_DIR / "runs"
UPLOADS_DIR = DATA_DIR / "uploads"
AGREEMENT_COPIES_DIR = DATA_DIR / "signed-copies"
ENTRY_FILES_DIR = DATA_DIR / "entry-files"
PROJECT_FILES_DIR = DATA_DIR / "project-files"
# An uploaded table that nobody entered is forgotten after so many days.
IMPORT_KEPT_DAYS: int = env.int("IMPORT_KEPT_DAYS", default=30)
# One line a day: with a copy kept elsewhere, events that vanish from the end of the record are missed.
CHAIN_HEADS_FILE = DATA_DIR / "chain-heads.txt"

# --- API ------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["backend.web.authentication.BrowserSession"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["backend.web.rendering.Json"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "backend.web.pagination.Pages",
    "DEFAULT_FILTER_BACKENDS": [
        "backend.web.filters.StrictFilters",
        "backend.web.filters.StrictOrdering",
    ],
    "DEFAULT_SCHEMA_CLASS": "backend.web.schema.ProblemSchema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "COERCE_DECIMAL_TO_STRING": True,
    "URL_FORMAT_OVERRIDE": None,  # ?format= would be one more parameter nobody listed
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "backend.web.handling.Problems",
    "EXCEPTION_FORMATTER_CLASS": "backend.web.handling.ProblemFormatter",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "携手 Xieshou",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api",
    "ENUM_NAME_OVERRIDES": {
        "NeedStatus": "backend.needs.models.Need.Status",
        "NeedCategory": "backend.needs.models.Need.Category",
        "NeedCause": "backend.needs.models.Need.Cause",
        "BenefitLink": "backend.needs.models.Need.BenefitLink",
        "NeedStep": "backend.needs.actions.Step",
        "ImportStatus": "backend.exchange.models.Import.Status",
        "ImportStep": "backend.exchange.actions.Step",
        "InterestStatus": "backend.interests.models.Interest.Status",
        "RunStatus": "backend.runs.models.Run.Status",
        "ScenarioVerb": "backend.runs.models.ScenarioChange.Verb",
        "PairingStatus": "backend.pairings.models.Pairing.Status",
        "ContactKind": "backend.pairings.models.Contact.Kind",
        "SubPairingKind": "backend.pairings.models.SubPairing.Kind",
        "SubPairingStatus": "backend.pairings.models.SubPairing.Status",
        "AgreementKind": "backend.agreements.kinds.Kind",
        "AgreementStatus": "backend.agreements.models.Agreement.Status",
        "AgreementStep": "backend.agreements.actions.Step",
        "Signatory": "backend.agreements.kinds.Signatory",
        "TargetIndicator": "backend.agreements.kinds.Indicator",
        "TargetUnit": "backend.agreements.kinds.Unit",
        "Mark": "backend.pairings.marks.Mark",
        "MarkState": "backend.pairings.marks.State",
        "CommitmentStatus": "backend.commitments.models.Commitment.Status",
        "CommitmentKind": "backend.commitments.kinds.Kind",
        "CommitmentField": "backend.commitments.kinds.DETAILS",
        "CommitmentUnit": "backend.commitments.kinds.Unit",
        "Trainees": "backend.commitments.kinds.Trainees",
        "LedgerStage": "backend.commitments.models.Stage",
        "LedgerStep": "backend.commitments.steps.Step",
        "DiscrepancyKind": "backend.commitments.models.Discrepancy.Kind",
        "DiscrepancyStatus": "backend.commitments.models.Discrepancy.Status",
        "ReversalStatus": "backend.commitments.models.ReversalRequest.Status",
        "ProjectStatus": "backend.projects.models.Project.Status",
        "ProjectStep": "backend.projects.steps.Step",
        "ConstructionType": "backend.projects.models.Project.ConstructionType",
        "AssetClass": "backend.projects.models.Asset.AssetClass",
        "Side": "backend.pairings.models.Side",
        "AcknowledgementAnswer": "backend.pairings.models.Acknowledgement.Answer",
        "ConfirmationAnswer": "backend.commitments.models.Confirmation.Answer",
        "Verdict": "backend.pairings.decision_models.Decision.Verdict",
        "SecondLookOutcome": "backend.pairings.decision_models.SecondLook.Outcome",
        "JobStatus": "backend.jobs.models.Job.Status",
        "PartyKind": "backend.parties.models.Party.Kind",
        "FactStatus": "backend.places.models.FactStatus",
        "FlagKind": "backend.places.models.AreaFlag.Kind",
        "FlagValue": "backend.places.models.AreaFlag.Value",
        "AreaLevel": "backend.places.models.Area.Level",
        "PartyStanding": "backend.parties.models.Party.Standing",
        "HelpMode": "backend.parties.help.HelpMode",
        "RegistrationStatus": "backend.joining.models.Registration.Status",
        "InvitationStatus": "backend.joining.models.Invitation.Status",
        "Tier": "backend.places.depth.Tier",
        "ReachLevel": "backend.reports.reach.Level",
        "MomentKind": "backend.reports.timeline.Moment",
    },
}

# --- background work ------------------------------------------------------------------------------
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "xieshou"
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_TIMEOUT = 2
# A request that asks for work must not wait for a broker that is down: the sweep will find the row.
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, float] = {
    "max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1, "connect_retries_timeout": 1,
}  # fmt: skip
if BROKER_URL.startswith(("redis", "valkey")):
    CELERY_BROKER_TRANSPORT_OPTIONS |= {
        "visibility_timeout": 3600,
        "unacked_restore_throttle": 1,
        "unacked_restore_interval": 3,
    }
elif BROKER_URL.startswith("amqp"):
    CELERY_TASK_DEFAULT_QUEUE_TYPE = "quorum"
    CELERY_BROKER_NATIVE_DELAYED_DELIVERY_QUEUE_TYPE = "quorum"
    CELERY_WORKER_DETECT_QUORUM_QUEUES = True
JOB_LEASE_SECONDS: int = env.int("JOB_LEASE_SECONDS", default=20)
JOB_SWEEP_SECONDS: int = env.int("JOB_SWEEP_SECONDS", default=5)
CELERY_BEAT_SCHEDULE = {
    # A sweep that no worker took before the next one is due has nothing left to do.
    "sweep-jobs": {
        "task": "jobs.sweep",
        "schedule": float(JOB_SWEEP_SECONDS),
        "options": {"expires": JOB_SWEEP_SECONDS},
    },
    "export-chain-head": {"task": "lifecycle.export_head", "schedule": crontab(hour=0, minute=5)},
    "reconcile-ledgers": {"task": "commitments.reconcile", "schedule": crontab(hour=2, minute=35)},
    "send-digests": {"task": "inbox.digest", "schedule": crontab(hour=7, minute=30)},
    "forget-stale-imports": {"task": "exchange.forget", "schedule": crontab(hour=2, minute=50)},
    "forget-expired-sessions": {"task": "accounts.forget_expired_sessions", "schedule": crontab(hour=3, minute=5)},
}

# --- letters --------------------------------------------------------------------------------------
# Without a mail server, letters are files under `mail` in the data folder.
EMAIL_HOST: str = env.str("EMAIL_HOST", default="")
_KEPT_OR_SENT = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_BACKEND: str = env.str("EMAIL_BACKEND", default=_KEPT_OR_SENT)
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_PORT: int = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER: str = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD: str = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS: bool = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="xieshou@localhost")
# How people reach the platform; letters link there.
SITE_ADDRESS: str = env.str("SITE_ADDRESS", default="http://localhost:8000").rstrip("/")

# --- pairings -------------------------------------------------------------------------------------
# A pairing that a side left unanswered for longer counts as unconfirmed (DOMAIN §7.11).
PAIRING_UNCONFIRMED_DAYS: int = env.int("PAIRING_UNCONFIRMED_DAYS", default=30)
# Both sides are at work when they met or spoke within so many days.
PAIRING_CONTACT_DAYS: int = env.int("PAIRING_CONTACT_DAYS", default=180)
# Where the four marks of a pairing look for records, each in its own room (`pairings.marks`).
PAIRING_EVIDENCE = [
    "backend.pairings.marks.CONTACTS",
    "backend.agreements.evidence.SIGNED",
    "backend.commitments.evidence.LEDGER",
]

# `runs` lies below `pairings`; this names the one function by which a run learns of standing pairs.
STANDING_EDGES = "backend.pairings.standing.standing_edges"
# The same for one firm and the villages around it, which are ranked on the spot.
STANDING_AROUND = "backend.pairings.standing.standing_around"
# The same for the needs room and what was promised.
NEED_PROMISES = "backend.projects.promises.with_promised"
# And for interests in a village and who helps it already.
INTEREST_HELPERS = "backend.pairings.standing.with_helpers"

# --- log ------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "backend.web.requestlog.RequestId"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # The request log has a line for each request already.
    "loggers": {"axes": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
