"""
What goes wrong between the IR and its text.
"""

from __future__ import annotations


class IrError(ValueError):
    """
    A text is not an IR, or an IR has no text. The message names the place and what is wrong there.

    Export the schema again, or mend the named value; where the text is of a newer version, update mizan.
    """
