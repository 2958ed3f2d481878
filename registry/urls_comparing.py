"""Addresses of 国网省网比对."""

from django.urls import path

from registry.views import comparisons, differences

urlpatterns = [
    path("comparisons/", comparisons.comparisons, name="comparisons"),
    path("comparisons/trend/", comparisons.trend, name="comparison_trend"),
    path("comparisons/pairs/", differences.pairs, name="comparison_pairs"),
    path("pairs/<int:pk>/", differences.decide_pair, name="comparison_pair"),
    path("comparisons/<int:pk>/", comparisons.comparison, name="comparison"),
    path("comparisons/<int:pk>/progress/", comparisons.comparison_progress, name="comparison_progress"),
    path("comparisons/<int:pk>/run/", comparisons.comparison_run, name="comparison_run"),
    path("comparisons/<int:pk>/differences/", differences.differences, name="differences"),
    path("comparisons/<int:pk>/<slug:system>/", comparisons.comparison_upload, name="comparison_upload"),
    path("comparisons/<int:pk>/<slug:system>/columns/", comparisons.comparison_columns, name="comparison_columns"),
    path("differences/<int:pk>/", differences.difference, name="difference"),
    path("differences/<int:pk>/reveal/", differences.reveal_difference, name="reveal_difference"),
    path("feedbacks/<int:pk>/letter/", differences.feedback_letter, name="feedback_letter"),
    path("feedbacks/<int:pk>/file/", differences.feedback_file, name="feedback_file"),
]
