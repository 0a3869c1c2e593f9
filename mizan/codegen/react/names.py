"""
What things are called in a client, by their wire names: one rule for each kind of thing.

`name_table` holds the names of one client together; what TypeScript allows as a name is `mizan.codegen.typescript.names`.
"""

from __future__ import annotations

from mizan.codegen.typescript.names import RESERVED, type_name
from mizan.protocol.casing import camel, pascal

# Stands for a name that cannot be spelled, so that planning goes on to the next finding.
_UNNAMEABLE = "_"


def is_nameable(name: str) -> bool:
    """Whether *name* has an ASCII letter or digit to make a TypeScript name of."""
    return bool(pascal(name))


# --- functions ---


def call_name(function: str) -> str:
    """``callCreateTask`` for ``create_task``."""
    return f"call{_stem(function)}"


def hook_name(function: str) -> str:
    """``useCreateTask`` for ``create_task``, reader or not."""
    return f"use{_stem(function)}"


def query_hook_name(reader: str) -> str:
    """``useUserProfileQuery`` for ``user_profile``."""
    return f"use{_stem(reader)}Query"


def fetch_name(reader: str) -> str:
    """``fetchUserProfile`` for ``user_profile``."""
    return f"fetch{_stem(reader)}"


def variable_name(function: str) -> str:
    """``userProfile``: what an application calls the value of a hook. ``delete`` is ``_delete``."""
    name = camel(_stem(function))
    return f"_{name}" if name in RESERVED or name[:1].isdigit() else name


# --- contexts ---


def provider_name(context: str) -> str:
    """``UserContext`` for ``user``."""
    return f"{_stem(context)}Context"


def definition_name(context: str) -> str:
    """``userContext`` for ``user``."""
    return camel(provider_name(context))


def params_name(context: str) -> str:
    """``UserContextParams`` for ``user``."""
    return f"{provider_name(context)}Params"


def data_name(context: str) -> str:
    """``UserContextData`` for ``user``."""
    return f"{provider_name(context)}Data"


def context_fetch_name(context: str) -> str:
    """``fetchUserContext`` for ``user``."""
    return f"fetch{provider_name(context)}"


# --- errors ---


def error_name(error: str) -> str:
    """``SoldOutError`` for the class ``SoldOut`` or ``SoldOutError``."""
    return f"{_error_stem(error)}Error"


def details_name(error: str) -> str:
    """``SoldOutDetails`` for the class ``SoldOut`` or ``SoldOutError``."""
    return f"{_error_stem(error)}Details"


def _error_stem(error: str) -> str:
    return (type_name(error) or _UNNAMEABLE).removesuffix("Error")


def _stem(name: str) -> str:
    return pascal(name) or _UNNAMEABLE
