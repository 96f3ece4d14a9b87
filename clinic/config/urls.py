"""The roof of addresses: the ground floor's, then the upper floor's, and pages for what goes wrong. No admin site."""

from django.urls import include, path

urlpatterns = [
    path("", include("clinic.urls")),
    path("", include("consent.urls")),
]

handler400 = "clinic.views.errors.bad_request"
handler403 = "clinic.views.errors.forbidden"
handler404 = "clinic.views.errors.not_found"
handler429 = "clinic.views.errors.too_many"
handler500 = "clinic.views.errors.server_error"
