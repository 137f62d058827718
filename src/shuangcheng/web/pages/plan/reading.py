"""Pages for making a list from a document: proposals beside the text."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
