"""Addresses of the programme: families' first, then those of whoever organises."""

from dialogue_series.urls import families, logistics

urlpatterns = [*families.urlpatterns, *logistics.urlpatterns]
