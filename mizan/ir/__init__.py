"""
The Mizan IR: the description of a server that every client generator reads, and its KDL text.
"""

from mizan.ir.check import check
from mizan.ir.failures import IrError
from mizan.ir.findings import Finding
from mizan.ir.model import IR_VERSION, SCALARS, Schema
from mizan.ir.reader import read
from mizan.ir.writer import write

__all__ = ["IR_VERSION", "SCALARS", "Finding", "IrError", "Schema", "check", "read", "write"]
