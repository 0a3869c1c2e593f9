"""
View functions at their own addresses: ``path("", include("mizan.routes"))``.
"""

from __future__ import annotations

from mizan.rest.routes import ViewFunctionResolver

app_name = "mizan_routes"

urlpatterns = [ViewFunctionResolver()]
