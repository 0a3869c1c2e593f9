"""
The three ways side by side.
"""

from __future__ import annotations

from django.urls import include, path

from benchmarks import workloads

urlpatterns = [
    path("api/mizan/", include("mizan.urls")),
    path("bare/echo/", workloads.bare_echo),
    path("bare/echo_member/", workloads.bare_echo_member),
    path("bare/rows/", workloads.bare_rows),
    path("bare/order/", workloads.bare_order),
    path("drf/echo/", workloads.DrfEcho.as_view()),
    path("drf/echo_member/", workloads.DrfEchoMember.as_view()),
    path("drf/rows/", workloads.DrfRows.as_view()),
    path("drf/order/", workloads.DrfOrder.as_view()),
]
