"""Making a world that breaks a law smaller, as long as it breaks it, for as long as there is time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from traceback import walk_tb
from typing import Any

from kutsereeglid.authoring.making import Forgotten
from kutsereeglid.errors import KutsereeglidError
from kutsereeglid.testing import rulebook_of
from tests.laws.laws import World, in_other_order

Tree = Any


def smallest(world: World, breaks: Callable[[World], None], seconds: float) -> World:
    """The world with everything taken out that can be; ``breaks`` raises what the world itself raised, at the
    same line."""
    try:
        breaks(world)
    except Exception as error:
        wanted = _raised(error)
    until = time.monotonic() + seconds

    def broken(made: World | None) -> bool:
        if made is None:
            return False
        try:
            breaks(made)
        except KutsereeglidError:
            return False
        except Exception as error:
            return _raised(error) == wanted
        return False

    shrunk = True
    while shrunk:
        shrunk = False
        for made in _smaller(world):
            if time.monotonic() > until:
                return world
            if broken(made):
                world, shrunk = made, True  # type: ignore[assignment]
                break
    return world


def _raised(error: Exception) -> tuple[type[Exception], str, int]:
    """What was raised, and where: one that the oracle raises because it cannot read a ruleset is another."""
    *_, (frame, line) = walk_tb(error.__traceback__)
    return type(error), frame.f_code.co_filename, line


def _smaller(world: World) -> Iterator[World | None]:
    """The world with one thing less, great things first."""
    forgets = [*_forgets(world)]
    for place in range(len(forgets)):
        yield _world(world, world.ruleset, world.steps[0].file, forgets[:place] + forgets[place + 1 :])
    for ruleset in _lesser(world.ruleset):
        yield _world(world, ruleset, world.steps[0].file, forgets)
    for file in _lesser(world.steps[0].file):
        yield _world(world, world.ruleset, file, forgets)


def _lesser(tree: Tree) -> Iterator[Tree]:
    """The tree with one part left out, or put in place of what holds it."""
    places = sorted(_places(tree), key=len)
    for path in places:
        made = deepcopy(tree)
        holder = _at(made, path[:-1])
        del holder[path[-1]]
        yield made
    for path in places:
        part = _at(tree, path)
        if len(path) > 1 and isinstance(part, (dict, list)) and part:
            made = deepcopy(tree)
            _at(made, path[:-2])[path[-2]] = deepcopy(part)
            yield made


def _places(tree: Tree, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside: Iterator[tuple[Any, Tree]] = iter(())
    if isinstance(tree, dict):
        inside = iter(tree.items())
    elif isinstance(tree, list):
        inside = iter(enumerate(tree))
    for key, part in inside:
        yield (*path, key)
        yield from _places(part, (*path, key))


def _at(tree: Tree, path: tuple[Any, ...]) -> Tree:
    for key in path:
        tree = tree[key]
    return tree


def _forgets(world: World) -> Iterator[tuple[tuple[Any, ...], bool]]:
    """Where each step's fact stood, and whether it became ``null``."""
    for before, after in zip(world.steps, world.steps[1:], strict=False):
        for path in _places(before.file):
            try:
                left = _at(after.file, path)
            except (KeyError, IndexError):
                yield path, False
                break
            if left is None and _at(before.file, path) is not None:
                yield path, True
                break


def _world(
    world: World, ruleset: Tree, file: Tree, forgets: list[tuple[tuple[Any, ...], bool]]
) -> World | None:
    steps = [Forgotten(file, "")]
    for path, null in forgets:
        left = deepcopy(steps[-1].file)
        try:
            holder = _at(left, path[:-1])
            if null:
                holder[path[-1]] = None
            else:
                del holder[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue
        steps.append(Forgotten(left, _written(path)))
    try:
        book = rulebook_of(ruleset)
        book.find("q", date(2026, 3, 10))
        seed = world.other_order[1]
        return World(ruleset, book, steps, world.as_of, (in_other_order(ruleset, seed), seed))
    except (KutsereeglidError, KeyError):
        return None


def _written(path: tuple[Any, ...]) -> str:
    made = ""
    for key in path:
        made += f"[{key}]" if isinstance(key, int) else f".{key}" if made else str(key)
    return made
