"""Addresses of the demonstration."""

urlpatterns = []
