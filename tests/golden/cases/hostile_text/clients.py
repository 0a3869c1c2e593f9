from typing import Literal

from pydantic import BaseModel, Field

from mizan.client import client


class Row(BaseModel):
    """A */ comment, a `backtick`, a ${dollar} and </script>."""

    plain: str = "quote\" and 'quote' and \\ and \n and \u2028"
    proto: str = Field(alias="__proto__")
    dashed: int = Field(1, alias="user-id", description="*/ alert(1) /*")
    class_: bool = Field(True, alias="class")
    mode: Literal["`", "${x}", "*/", "</script>", "\u2028", "\\", "'", '"']


@client(auth=False)
def delete(request, default: str = "*/ `${process.exit()}` </script>", function: int = 1) -> Row:
    """
    */ alert("out of the comment") /*

    @deprecated not really {@link x}
    """
    return Row.model_construct()
