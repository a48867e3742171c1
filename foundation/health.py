"""Whether the process is up, and whether it can serve."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """Say that the process answers; asks nothing else."""
    return JsonResponse({"status": "up"})


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether the database answers and has every migration, and caches can be read; 503 while that is not so."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"status": "the database does not answer"}, status=503)
    if missing:
        return JsonResponse({"status": f"{len(missing)} migrations are missing"}, status=503)
    if not _caches_answer():
        return JsonResponse({"status": "a cache does not answer: createcachetable makes its table"}, status=503)
    return JsonResponse({"status": "ready"})


def _caches_answer() -> bool:
    try:
        for name in settings.CACHES:
            caches[name].get("ready")
    except DatabaseError:
        return False
    return True
