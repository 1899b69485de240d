"""Addresses of notifications, declared here because the floor knows no audiences."""

urlpatterns = []
