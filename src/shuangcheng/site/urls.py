"""Addresses of the node."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("", include("shuangcheng.web.urls")),
]
