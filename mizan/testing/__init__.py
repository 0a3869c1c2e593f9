"""
For the tests of a project: its functions called as clients call them, without HTTP.
"""

from __future__ import annotations

from mizan.testing.caller import Caller
from mizan.testing.envelope import CallFailed, Envelope

__all__ = ["CallFailed", "Caller", "Envelope"]
