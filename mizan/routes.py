"""
View functions at addresses outside of Mizan's prefix: ``path("", include("mizan.routes"))``.
"""

from __future__ import annotations

from mizan.rest.routes import ViewFunctionResolver

app_name = "mizan_routes"

urlpatterns = [ViewFunctionResolver()]
