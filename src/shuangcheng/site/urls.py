"""Addresses of the node."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("shuangcheng.web.account_urls")),
    path("api/v1/", include("shuangcheng.api.urls")),
    path("exchange/", include("shuangcheng.api.nodes")),
    path("", include("shuangcheng.web.urls")),
]
handler500 = "shuangcheng.web.errors.server_error"
