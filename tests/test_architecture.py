"""The ladder: imports go down, never up, never sideways; and no ring of modules inside an app."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Each app with the ones below it; config may import anything and is imported by nothing but tests.
LADDER = {
    "notifications": set(),
    "accounts": {"notifications"},
    "surveys": {"accounts", "notifications"},
    "partnerships": {"surveys", "accounts", "notifications"},
    "dialogue_series": {"partnerships", "surveys", "accounts", "notifications"},
    "insights": {"dialogue_series", "partnerships", "surveys", "accounts", "notifications"},
}
APPS = {*LADDER, "config"}
REFUSED_NAMES = {"utils", "helpers", "common", "core", "services", "manager", "handler", "signals"}
MANAGERS = {"objects", "_default_manager"}


def modules(app):
    return [path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]


def dotted(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(source, *, known=frozenset()):
    """Yield every module that the source imports; `from a import b` is a.b where that is a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in known else node.module


def climbing(app, source):
    """Return the apps that a module of `app` must not import, and does."""
    imported = {name.split(".")[0] for name in imports(source)}
    return sorted((imported & APPS) - LADDER[app] - {app})


@pytest.mark.parametrize("app", LADDER)
def test_no_import_climbs_the_ladder(app):
    assert {dotted(path): climbing(app, path.read_text()) for path in modules(app)} == {
        dotted(path): [] for path in modules(app)
    }


def test_an_import_that_climbs_is_seen():
    assert climbing("accounts", "from dialogue_series.models import Series") == ["dialogue_series"]
    assert climbing("surveys", "import partnerships") == ["partnerships"]


def rings(graph):
    """Return the modules that can reach themselves."""

    def reaches(start):
        seen, todo = set(), list(graph[start])
        while todo:
            here = todo.pop()
            if here not in seen:
                seen.add(here)
                todo += graph.get(here, ())
        return start in seen

    return sorted(name for name in graph if reaches(name))


@pytest.mark.parametrize("app", sorted(APPS))
def test_no_modules_of_an_app_import_each_other_in_a_ring(app):
    known = {dotted(path) for path in modules(app)}
    graph = {dotted(path): {m for m in imports(path.read_text(), known=known) if m in known} for path in modules(app)}
    assert rings(graph) == []


def test_a_ring_is_seen():
    assert rings({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == ["a", "b", "c"]


def test_no_module_hides_behind_a_name_that_says_nothing():
    assert [dotted(p) for app in APPS for p in modules(app) if REFUSED_NAMES & set(dotted(p).split("."))] == []


def views():
    return [p for app in APPS for p in modules(app) if "views" in dotted(p).split(".")]


def fetched_directly(source):
    """Return the words of a view by which it would fetch rows past access.py."""
    names = {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
    names |= {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    return sorted(names & {*MANAGERS, "get_object_or_404", "get_list_or_404"})


def test_views_obtain_objects_from_access_alone():
    assert {dotted(p): fetched_directly(p.read_text()) for p in views()} == {dotted(p): [] for p in views()}


def test_a_view_that_fetches_by_itself_is_seen():
    assert fetched_directly("def f(request): return Series.objects.get(pk=1)") == ["objects"]


WRITES = {"save", "create", "delete", "bulk_create", "get_or_create", "update_or_create", "bulk_update"}
WRITES_ALLOWED = {"session", "cache"}


def written_directly(source):
    """Return the writes that a view, form, task or admin makes itself instead of calling an action."""
    return sorted(
        node.func.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
        and not (isinstance(node.func.value, ast.Name) and node.func.value.id in WRITES_ALLOWED)
    )


def test_views_forms_and_tasks_change_nothing_themselves():
    found = {
        dotted(p): written_directly(p.read_text())
        for app in APPS
        for p in modules(app)
        if {"views", "forms", "tasks"} & set(dotted(p).split("."))
    }
    assert {name: writes for name, writes in found.items() if writes} == {}


def test_a_view_that_writes_is_seen():
    assert written_directly("Series.objects.create(name='x')") == ["create"]


def imported_inside_functions(source):
    return [
        inner.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def test_no_import_hides_inside_a_function():
    assert [dotted(p) for app in APPS for p in modules(app) if imported_inside_functions(p.read_text())] == []
