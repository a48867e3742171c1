"""Whether the process is up, and whether it can serve."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """Say that the process answers; asks nothing else."""
    return JsonResponse({"status": "up"})


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether the database answers and has every migration; 503 while it has not."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"status": "the database does not answer"}, status=503)
    if missing:
        return JsonResponse({"status": f"{len(missing)} migrations are missing"}, status=503)
    return JsonResponse({"status": "ready"})
