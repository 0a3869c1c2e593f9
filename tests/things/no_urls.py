"""
A project that serves nothing.
"""

from typing import Any

urlpatterns: list[Any] = []
