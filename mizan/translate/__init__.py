"""
From an OpenAPI document to the Mizan IR.
"""

from mizan.translate.failures import TranslationError
from mizan.translate.translator import translate

__all__ = ["TranslationError", "translate"]
