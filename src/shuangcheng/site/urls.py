"""Addresses of the node."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("api/v1/", include("shuangcheng.api.urls")),
    path("", include("shuangcheng.web.urls")),
]
