"""One settings file; what differs between installations comes from the environment (see the README)."""

import logging
from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from kombu import Queue

from bpm_portal.env import BASE_DIR, DEVELOPMENT_KEY, database, email, env, redis_url
from bpm_portal.logs import logging_config

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default=DEVELOPMENT_KEY)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Where people reach the portal: links in e-mails and calendars begin with it.
PORTAL_URL = env.str("PORTAL_URL", default="http://127.0.0.1:8000").rstrip("/")

INSTALLED_APPS = [
    "bpm_portal.accounts",
    "bpm_portal.common",
    "records",
    "activities",
    "processes",
    "notifications",
    "bpm_portal",
    "bpm_portal.demo",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "servestatic.runserver_nostatic",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "template_partials",
    "django_htmx",
    "csp",
    "axes",
    "rest_framework",
    "rest_framework.authtoken",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_structlog",
]

MIDDLEWARE = [
    "bpm_portal.health.health_middleware",
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Whoever has not signed in gets no page but those that say so (`login_not_required`).
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "bpm_portal.common.middleware.PreferencesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bpm_portal.common.middleware.SignInAgainMiddleware",
    "bpm_portal.common.middleware.BusinessErrorMiddleware",
    "bpm_portal.common.typed.TypedTextMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "bpm_portal.urls"
ASGI_APPLICATION = "bpm_portal.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bpm_portal.common.navigation.navigation",
            ],
            "builtins": ["bpm_portal.common.templatetags.portal"],
        },
    },
]

FORM_RENDERER = "bpm_portal.common.forms.PortalRenderer"

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = redis_url()
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "bpm_portal.accounts.backend.PortalBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
AXES_VERBOSE = False
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_ENABLED = env.bool("AXES_ENABLED", default=True)

DEMO_HINT = env.bool("DEMO_HINT", default=False)  # the sign-in page names the demo accounts

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian"))]
LOCALE_PATHS = [BASE_DIR / "bpm_portal" / "locale"]
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
FORMAT_MODULE_PATH = "bpm_portal.formats"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", BASE_DIR / "build" / "vendor")]
# From source while developing; else what `collectstatic` left: named by hash, compressed, cached for ever.
STATIC_FROM_SOURCE = env.bool("STATIC_FROM_SOURCE", default=True)
SERVESTATIC_USE_FINDERS = STATIC_FROM_SOURCE
SERVESTATIC_AUTOREFRESH = DEBUG and STATIC_FROM_SOURCE
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if STATIC_FROM_SOURCE
        else "servestatic.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media"))()
# Files of activities: how large each may be (bytes) and how its name may end; they are served as downloads only.
ATTACHMENT_SIZE = env.int("ATTACHMENT_SIZE", default=10 * 2**20)
ATTACHMENT_TYPES = env.list(
    "ATTACHMENT_TYPES",
    default=[
        "pdf",
        "png",
        "jpg",
        "jpeg",
        "gif",
        "webp",
        "txt",
        "csv",
        "md",
        "doc",
        "docx",
        "xls",
        "xlsx",
        "ppt",
        "pptx",
        "odt",
        "ods",
        "odp",
        "zip",
        "eml",
        "msg",
        "bpmn",
    ],
)

# How much one request with files may bring (bytes); without files DATA_UPLOAD_MAX_MEMORY_SIZE is the limit.
REQUEST_SIZE = env.int("REQUEST_SIZE", default=max(32 * 2**20, ATTACHMENT_SIZE + 2**20))

# Security: pages run only our own scripts; a fragment that needs a style gets a class.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'", "'unsafe-inline'"],  # bpmn-js and chart.js set style attributes
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'", "data:"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'self'"],
    }
}
HTTPS = env.bool("HTTPS", default=False)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"

# The worker. Tasks are idempotent and acknowledged late: what a killed worker held comes back.
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_DB_REUSE_MAX = 1000  # tasks with one connection; else each opens its own, a hundred a minute when idle
CELERY_TASK_TIME_LIMIT = env.int("TASK_TIME_LIMIT", default=50)  # seconds; that long may a service call take
# Just before the limit the task hears of it: a call that takes too long becomes an incident. One that is killed at the
# limit itself has no say, so that its lease runs out and it is made again.
CELERY_TASK_SOFT_TIME_LIMIT = CELERY_TASK_TIME_LIMIT * 0.9
# Both above the limit, or a slow task would run twice: when what a worker holds goes to another one, and when
# a service step that nobody has settled is called again.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": CELERY_TASK_TIME_LIMIT * 1.2,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
SERVICE_LEASE = CELERY_TASK_TIME_LIMIT * 1.5
CELERY_TASK_PUBLISH_RETRY = False  # a page never waits for the broker: the sweep finds what was not sent
CELERY_TIMEZONE = "UTC"
# What may take long has a queue of its own: news, timers and completions never wait for a service, a mail server or an
# import. A worker that is given no queue takes from both.
CELERY_TASK_DEFAULT_QUEUE, SLOW = "celery", "slow"
CELERY_TASK_QUEUES = [Queue(CELERY_TASK_DEFAULT_QUEUE), Queue(SLOW, routing_key=SLOW)]
CELERY_TASK_ROUTES = {
    task: {"queue": SLOW}
    for task in (
        "notifications.make_digests",
        "notifications.send_letters",
        "processes.build_summaries",
        "processes.run_cancel_jobs",
        "processes.run_service_step",
        "records.run_imports",
    )
}
CELERY_BEAT_SCHEDULE_FILENAME = str(BASE_DIR / "var" / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "fire due timers": {"task": "processes.fire_due_timers", "schedule": 1.0, "options": {"expires": 5}},
    "sweep": {"task": "processes.sweep", "schedule": 5.0, "options": {"expires": 10}},
    "carry captions": {"task": "activities.carry_captions", "schedule": 30.0, "options": {"expires": 30}},
    "run imports": {"task": "records.run_imports", "schedule": 30.0, "options": {"expires": 30}},
    "sum up the days": {"task": "processes.build_summaries", "schedule": 60.0, "options": {"expires": 60}},
    "cancel many": {"task": "processes.run_cancel_jobs", "schedule": 15.0, "options": {"expires": 15}},
    "tell of forsaken steps": {
        "task": "notifications.tell_of_forsaken_steps",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "tell of substitutions": {
        "task": "accounts.tell_of_substitutions",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "ring reminders": {"task": "notifications.ring_reminders", "schedule": 20.0, "options": {"expires": 30}},
    "send letters": {"task": "notifications.send_letters", "schedule": 5.0, "options": {"expires": 5}},
    "daily letters": {"task": "notifications.make_digests", "schedule": 120.0, "options": {"expires": 120}},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": [
        "bpm_portal.common.parsing.ExactJSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "bpm_portal.common.rest.KeysetPagination",
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "bpm_portal.common.rest.exception_handler",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "BPM Portal",
    "DESCRIPTION": "Find, do and finish the work that business processes hand to people.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

EMAIL_TIMEOUT = (
    20  # seconds; a mail server that does not answer is an incident, long before the lease runs out
)
globals().update(email())  # EMAIL_BACKEND, EMAIL_HOST and so on
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")

LOGGING = logging_config(
    level=env.str("LOG_LEVEL", default="INFO"), form=env.str("LOG_FORMAT", default="plain")
)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO  # a wrong password or an old bookmark needs no operator
DJANGO_STRUCTLOG_REQUEST_CANCELLED_LOG_LEVEL = logging.INFO

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
if METRICS_TOKEN:  # else there is no /metrics/, and nothing is measured
    PROMETHEUS_EXPORT_MIGRATIONS = False
    INSTALLED_APPS.append("django_prometheus")
    MIDDLEWARE.insert(0, "django_prometheus.middleware.PrometheusBeforeMiddleware")
    MIDDLEWARE.append("django_prometheus.middleware.PrometheusAfterMiddleware")
