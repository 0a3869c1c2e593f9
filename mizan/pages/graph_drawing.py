"""
The invalidation graph as an SVG picture: mutations on the left, contexts with their readers on the right, a line for each
target. It is drawn here, not in the browser, so that it needs no script. Its colours are in the style sheet of the API pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mizan.protocol.graph import ContextGroup, Target

_CHARACTER = 7.9
_MAX_CHARACTERS = 34
_ROW = 22
_GAP = 12
_TOP = 34
_MARGIN = 10
_LABEL_CHARACTER = 6.8
_MIN_BETWEEN = 130
_MAX_MORE = 260


@dataclass(frozen=True, slots=True)
class Mutation:
    """A function on the left: what it makes stale and what it replaces."""

    name: str
    affects: tuple[Target, ...]
    merges: tuple[Target, ...]

    @property
    def targets(self) -> list[tuple[Target, bool]]:
        """Every target, and whether the result is merged into it."""
        return [*((target, False) for target in self.affects), *((target, True) for target in self.merges)]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the picture."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Line:
    start: tuple[float, float]
    end: tuple[float, float]
    label: str
    label_width: float
    is_merge: bool


class Drawing:
    """
    The boxes and lines of the picture; `svg` writes them down.

    Mutations stand in the order of what they point at, so that lines cross little.
    """

    def __init__(self, mutations: Sequence[Mutation], contexts: Mapping[str, ContextGroup], prefix: str) -> None:
        self.contexts = contexts
        self.prefix = prefix
        order = {name: position for position, name in enumerate(contexts)}
        self.mutations = sorted(mutations, key=lambda one: (_centre(one, order), one.name))
        left_height = sum(_mutation_height(one) + _GAP for one in mutations)
        right_height = sum(_context_height(group) + _GAP for group in contexts.values())
        self.height = _TOP + max(left_height, right_height) + _MARGIN
        self.left_width = max((len(_short(one.name)) for one in mutations), default=0) * _CHARACTER + 24
        self.right_width = max((_context_characters(group) for group in contexts.values()), default=0) * _CHARACTER + 28
        labels = [len(_label(target)) for one in mutations for target, _ in one.targets]
        # The taller the picture, the more room lines need to be told apart.
        between = _MIN_BETWEEN + max(labels, default=0) * _LABEL_CHARACTER + min(_MAX_MORE, self.height / 8)
        self.right_x = _MARGIN + (self.left_width + between if mutations else 0)
        self.width = self.right_x + self.right_width + _MARGIN
        space = max(left_height, right_height)
        heights = [(one.name, _mutation_height(one)) for one in self.mutations]
        self.mutation_boxes = dict(_column(heights, _MARGIN, self.left_width, space - left_height))
        heights = [(name, _context_height(group)) for name, group in contexts.items()]
        self.context_boxes = dict(_column(heights, self.right_x, self.right_width, space - right_height))

    def lines(self, mutation: Mutation) -> Iterator[tuple[Target, _Line]]:
        """The lines of *mutation*; each leaves its box at a height of its own, so that labels never meet."""
        box = self.mutation_boxes[mutation.name]
        targets = sorted(mutation.targets, key=lambda item: self._row(item[0]))
        step = box.height / max(1, len(targets))
        for position, (target, is_merge) in enumerate(targets):
            start = (box.x + box.width, box.y + step * (position + 0.5))
            label = _label(target)
            end = (self.right_x - 8, self._row(target))
            yield target, _Line(start, end, label, len(label) * _LABEL_CHARACTER, is_merge)

    def _row(self, target: Target) -> float:
        """The height of a context's own row, or of one reader's."""
        box = self.context_boxes[target.context]
        names = [reader.spec.name for reader in self.contexts[target.context].readers]
        row = names.index(target.function) + 1 if target.function in names else 0
        return box.y + _ROW * (row + 0.5) + 3

    def svg(self) -> SafeString:
        """The picture as an ``<svg>`` element."""
        return format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="group" '
            'aria-labelledby="graph-title graph-description">'
            '<title id="graph-title">Invalidation graph</title><desc id="graph-description">{description}</desc>'
            "{headings}{mutations}{contexts}</svg>",
            w=_number(self.width),
            h=_number(self.height),
            description=self.description(),
            headings=self._headings(),
            mutations=_joined(self._mutation(one) for one in self.mutations),
            contexts=_joined(self._context(name, group) for name, group in self.contexts.items()),
        )

    def description(self) -> str:
        """The graph as sentences, for those who hear the page."""
        sentences = [
            f"{one.name} {'merges into' if merge else 'affects'} {_spoken(target)}."
            for one, target, merge in self._all()
        ]
        return " ".join(sentences) or "No function affects a context."

    def _all(self) -> Iterator[tuple[Mutation, Target, bool]]:
        for one in self.mutations:
            for target, is_merge in one.targets:
                yield one, target, is_merge

    def _headings(self) -> SafeString:
        columns: list[tuple[float, str]] = [(_MARGIN, "Mutations")] if self.mutations else []
        columns += [(self.right_x, "Contexts")] if self.contexts else []
        return format_html_join(
            "", '<text class="heading" x="{}" y="20">{}</text>', ((_number(x), text) for x, text in columns)
        )

    def _mutation(self, one: Mutation) -> SafeString:
        box = self.mutation_boxes[one.name]
        drawn = list(self.lines(one))
        rings = {target.context: self.context_boxes[target.context] for target, _ in drawn}
        return format_html(
            '<g class="mutation">{lines}{rings}<a href="{url}"><title>{name}</title>{box}'
            '<text x="{x}" y="{y}">{short}</text></a></g>',
            lines=_joined(_drawn(line) for _, line in drawn),
            rings=_joined(_rectangle("ring", ring) for ring in rings.values()),
            url=f"{self.prefix}call/{one.name}/",
            name=one.name,
            box=_rectangle("box", box),
            x=_number(box.x + 12),
            y=_number(box.y + box.height / 2 + 4.5),
            short=_short(one.name),
        )

    def _context(self, name: str, group: ContextGroup) -> SafeString:
        box = self.context_boxes[name]
        incoming = [(one, line) for one in self.mutations for target, line in self.lines(one) if target.context == name]
        sources = {one.name: self.mutation_boxes[one.name] for one, _ in incoming}
        return format_html(
            '<g class="context"><a href="{url}"><title>{name}</title>{box}'
            '<text class="head" x="{x}" y="{y}">{short}<tspan class="params">{params}</tspan></text></a>{readers}'
            '<g class="echo">{lines}{rings}</g></g>',
            url=f"{self.prefix}ctx/{name}/",
            name=name,
            box=_rectangle("box", box),
            x=_number(box.x + 12),
            y=_number(box.y + _ROW * 0.5 + 7.5),
            short=_short(name),
            params=_parameters(group),
            readers=_joined(self._reader(reader.spec.name, box, row) for row, reader in enumerate(group.readers, 1)),
            lines=_joined(_drawn(line) for _, line in incoming),
            rings=_joined(_rectangle("ring", ring) for ring in sources.values()),
        )

    def _reader(self, name: str, box: Box, row: int) -> SafeString:
        return format_html(
            '<a href="{}"><title>{}</title><text x="{}" y="{}">{}</text></a>',
            f"{self.prefix}call/{name}/",
            name,
            _number(box.x + 24),
            _number(box.y + _ROW * (row + 0.5) + 7.5),
            _short(name),
        )


def _column(heights: Sequence[tuple[str, float]], x: float, width: float, spare: float) -> Iterator[tuple[str, Box]]:
    """Boxes one below the other, with *spare* room shared out around them."""
    share = spare / max(1, len(heights))
    y = _TOP + share / 2
    for name, height in heights:
        yield name, Box(x, y, width, height)
        y += height + _GAP + share


def _centre(mutation: Mutation, order: Mapping[str, int]) -> float:
    positions = [order[target.context] for target, _ in mutation.targets if target.context in order]
    return sum(positions) / len(positions) if positions else 0


def _mutation_height(mutation: Mutation) -> int:
    return _ROW * max(1, len(mutation.targets)) + 6


def _context_height(group: ContextGroup) -> int:
    return _ROW * (1 + len(group.readers)) + 6


def _context_characters(group: ContextGroup) -> int:
    names = [len(_short(reader.spec.name)) + 2 for reader in group.readers]
    return max([len(_short(group.name)) + len(_parameters(group)), *names])


def _parameters(group: ContextGroup) -> str:
    return _short(f" ({', '.join(parameter.name for parameter in group.parameters)})") if group.parameters else ""


def _label(target: Target) -> str:
    return _short(", ".join(target.params))


def _spoken(target: Target) -> str:
    name = target.context if target.function is None else f"{target.function} of {target.context}"
    return f"{name} by {', '.join(target.params)}" if target.params else name


def _short(text: str) -> str:
    """*text*, or both of its ends where it is too long for a box."""
    if len(text) <= _MAX_CHARACTERS:
        return text
    half = (_MAX_CHARACTERS - 1) // 2
    return f"{text[:half]}…{text[-half:]}"


def _rectangle(kind: str, box: Box) -> SafeString:
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="6"/>',
        kind,
        *map(_number, (box.x, box.y, box.width, box.height)),
    )


def _drawn(line: _Line) -> SafeString:
    """A line that runs level below its label, then bends to its end."""
    (x, y), (to_x, to_y) = line.start, line.end
    level = x + (line.label_width + 16 if line.label else 0)
    bend = (to_x - level) / 2
    label = (
        format_html('<text class="label" x="{}" y="{}">{}</text>', _number(x + 8), _number(y - 4), line.label)
        if line.label
        else ""
    )
    return format_html(
        '<g class="{}"><path class="edge" d="M{} {}H{}C{} {} {} {} {} {}"/><path class="tip" d="M{} {}l-8 -4v8z"/>{}</g>',
        "merging" if line.is_merge else "staling",
        *map(_number, (x, y, level, level + bend, y, to_x - bend, to_y, to_x, to_y, to_x + 7, to_y)),
        label,
    )


def _joined(parts: Iterator[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
