"""
The React target as `mizan.codegen.target` wants it.
"""

from __future__ import annotations

from mizan.codegen.files import MARK, OutputFile
from mizan.codegen.imports import ImportExtension, complete_imports, specifier_writer
from mizan.codegen.kernel_files import kernel_exports, kernel_files
from mizan.codegen.react.barrel import build_barrel
from mizan.codegen.react.contexts import build_contexts
from mizan.codegen.react.errors import build_errors
from mizan.codegen.react.functions import build_functions
from mizan.codegen.react.hooks import build_hooks
from mizan.codegen.react.plan import Project
from mizan.codegen.react.planner import plan_project
from mizan.codegen.react.shapes import TypeBuilder
from mizan.codegen.react.types import build_types
from mizan.codegen.typescript.escape import comment_words
from mizan.codegen.typescript.printer import print_module
from mizan.codegen.typescript.tree import Module
from mizan.ir.model import Schema

# The project that gets the files has lint rules of its own; ESLint and oxlint obey this line.
_LINTED_HERE = "/* eslint-disable */"


class ReactTarget:
    """
    A typed React client on TanStack Query: calls and fetchers for any code, providers and hooks for components.
    """

    name = "react"

    def plan(self, schema: Schema) -> Project:
        return plan_project(schema)

    def build(self, project: Project, import_extension: ImportExtension) -> tuple[OutputFile, ...]:
        """
        The files of the client, the kernel's included, sorted by path.
        """
        modules = build_modules(project)
        kernel = kernel_files()
        specify = specifier_writer(
            [*(module.path for module in modules), *(file.path for file in kernel)], import_extension
        )
        origin = comment_words(project.schema.title) or "a schema"
        header = f"{_LINTED_HERE}\n// {MARK} from {origin}. Do not edit."
        files = [OutputFile(module.path, print_module(module, header, project.owners, specify)) for module in modules]
        files += [
            OutputFile(file.path, f"{_LINTED_HERE}\n{complete_imports(file.text, file.path, specify)}")
            for file in kernel
        ]
        return tuple(sorted(files, key=lambda file: file.path))


def build_modules(project: Project) -> list[Module]:
    """
    The generated files as trees; those that would be empty are left out.
    """
    types = TypeBuilder(project.types, project.shapes)
    built = [
        build_contexts(project, types),
        build_errors(project, types),
        build_functions(project, types),
        build_hooks(project, types),
        build_types(project, types),
    ]
    modules = [module for module in built if module is not None]
    return [*modules, build_barrel(project, modules, kernel_exports())]
