"""The shop's settings: django-oscar as its installation guide sets it up, or stripped and tuned.

Guide: https://django-oscar.readthedocs.io/en/latest/internals/getting_started.html, with the defaults of
a new Django project where it says nothing. Stripped: nothing on that a guest's order does not need.
"""

import os
from typing import Any

import oscar
from oscar import defaults

globals().update({name: getattr(defaults, name) for name in dir(defaults) if name.startswith("OSCAR_")})
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_DEFAULT_CURRENCY = "MXN"

DEBUG = False
SECRET_KEY = "of a bench that nobody else reaches"
ALLOWED_HOSTS = ["shop.example"]
SITE_ID = 1
TIME_ZONE, USE_TZ = "UTC", True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "local.bench.peers.oscar.urls"

INSTALLED_APPS = [*oscar.INSTALLED_APPS, "rest_framework", "oscarapi"]
TUNED = bool(os.environ.get("OSCAR_TUNED"))
# Only what the API needs: it finds the basket by the session, and tells guests from customers.
LEAST = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
GUIDE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
]
MIDDLEWARE = LEAST if TUNED else GUIDE
AUTHENTICATION_BACKENDS = [
    "oscar.apps.customer.auth_backends.EmailBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# The fastest SQLite that other processes can still read: one connection, and no waiting for the disk.
FASTEST: dict[str, Any] = {
    "CONN_MAX_AGE": None,
    "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"},
}
DATABASES: dict[str, Any] = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["OSCAR_DATABASE"],
        **(FASTEST if TUNED else {"ATOMIC_REQUESTS": True}),
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = f"django.contrib.sessions.backends.{'cache' if TUNED else 'db'}"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
LOGGING_CONFIG = None
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "debug": False,
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
}
SILENCED_SYSTEM_CHECKS = ["admin.E409", "admin.E410"]


class _MadeAtOnce:
    """Tables as the models are, made at once instead of by every migration since 2012."""

    def __contains__(self, app: str) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


MIGRATION_MODULES = _MadeAtOnce()
