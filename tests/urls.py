"""
The test project's addresses.
"""

from django.urls import include, path

urlpatterns = [path("api/mizan/", include("mizan.urls")), path("", include("mizan.routes"))]
