"""Addresses of the peer."""

from django.urls import path
from django.views.generic import ListView

from shuangcheng.directory.models import Organisation


class Organisations(ListView):
    """Django's generic list, thirty to a page."""

    queryset = Organisation.objects.select_related("division").order_by("pinyin", "id")
    paginate_by = 30


urlpatterns = [path("organisations/", Organisations.as_view())]
