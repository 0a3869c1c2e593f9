#!/usr/bin/env python
"""
Django's command line for the demo: ``python manage.py runserver``, ``… export_mizan_ir``.
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command that the arguments name, with the demo's settings unless told otherwise."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "demo_project.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
