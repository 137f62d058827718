"""Settings of the peer of the pages: a plain Django site with one generic list of the same table."""

from shuangcheng.site.django_settings import *  # noqa: F403

ROOT_URLCONF = "bench.peer_urls"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "shuangcheng.directory",
]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
# What `django-admin startproject` writes.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
LIST = (
    "<!doctype html><title>Organisations</title><table>{% for row in page_obj %}<tr><td>{{ row.name }}"
    "<td>{{ row.get_type_display }}<td>{{ row.code }}<td>{{ row.division }}<td>{{ row.get_status_display }}"
    "{% endfor %}</table>{{ page_obj.number }} / {{ paginator.num_pages }}"
)
LOADER = ("django.template.loaders.locmem.Loader", {"directory/organisation_list.html": LIST})
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", [LOADER])],
            "context_processors": ["django.template.context_processors.request"],
        },
    }
]
