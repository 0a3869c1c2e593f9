"""
The public place of `MWTAuthentication`, which is usable on any DRF view of the project.
"""

from __future__ import annotations

from mizan.drf.authentication import MWTAuthentication

__all__ = ["MWTAuthentication"]
