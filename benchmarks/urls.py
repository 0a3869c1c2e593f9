"""
The three ways side by side.
"""

from __future__ import annotations

from django.urls import include, path

from benchmarks import cached, workloads

urlpatterns = [
    path("api/mizan/", include("mizan.urls")),
    path("bare/echo/", workloads.bare_echo),
    path("bare/echo_member/", workloads.bare_echo_member),
    path("bare/rows/", workloads.bare_rows),
    path("bare/order/", workloads.bare_order),
    path("bare/hit/", cached.bare_hit),
    path("bare/hit_member/", cached.bare_hit_member),
    path("bare/miss/", cached.bare_miss),
    path("bare/rename/", cached.bare_rename),
    path("drf/echo/", workloads.DrfEcho.as_view()),
    path("drf/echo_member/", workloads.DrfEchoMember.as_view()),
    path("drf/rows/", workloads.DrfRows.as_view()),
    path("drf/order/", workloads.DrfOrder.as_view()),
]
