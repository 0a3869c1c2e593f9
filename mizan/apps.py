"""
Mizan as a Django app.
"""

from __future__ import annotations

from importlib.util import find_spec

from django.apps import AppConfig, apps

from mizan import conf
from mizan.setup import mizan_clients


class MizanConfig(AppConfig):
    """Finds the ``clients`` module of every installed app and registers the system checks."""

    name = "mizan"
    verbose_name = "Mizan"

    def ready(self) -> None:
        from mizan import checks  # noqa: F401 - registers itself once apps are loaded
        from mizan.drf import hooks

        hooks.install()
        if conf.get("MIZAN_AUTODISCOVER"):
            for app in apps.get_app_configs():
                if app.name != self.name and find_spec(f"{app.name}.clients") is not None:
                    mizan_clients(app.name)
        watch_data()
        if apps.is_installed("drf_spectacular"):
            from mizan.openapi import operations  # noqa: F401 - tells drf-spectacular of Mizan's authentication, for the project's own views


def watch_data() -> None:
    """See what is written, in every process that loads the apps: a worker that serves nothing changes data too."""
    from mizan.freshness import writes  # loaded late: it needs every model

    writes.start()
