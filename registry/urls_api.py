"""Addresses of the HTTP interface, and of its tokens."""

from django.urls import path, re_path

from registry.views import api, tokens

urlpatterns = [
    path("api/v1/openapi.json", api.openapi, name="api_description"),
    path("api/v1/counts/", api.counts, name="api_counts"),
    path("api/v1/rosters/", api.rosters, name="api_rosters"),
    path("api/v1/schools/", api.schools, name="api_schools"),
    re_path("^api/", api.unknown, name="api_unknown"),
    path("api-tokens/", tokens.api_tokens, name="api_tokens"),
    path("api-tokens/<int:pk>/revoke/", tokens.revoke_api_token, name="revoke_api_token"),
]
