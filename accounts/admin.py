"""The operator's pages: schools, districts and ties of people; nothing that a caregiver wrote, no contact details."""

from django.contrib.admin import AdminSite, ModelAdmin
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.models import District, Membership, School


class System(AdminSite):
    """Opened by its addresses' audience, not by flags on a person."""

    site_header = site_title = _("Schools and people's ties")

    def has_permission(self, request):
        return request.audience == "operator"


class Register(ModelAdmin):
    """Rows that are made and corrected, never deleted: other rows stand on them."""

    def has_module_permission(self, request):
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request, obj=None):
        return self.admin_site.has_permission(request)

    has_add_permission = has_change_permission = has_view_permission

    def has_delete_permission(self, request, obj=None):
        return False


class SchoolRegister(Register):
    """Schools."""

    list_display = ["name", "district", "zone", "help_name"]
    list_select_related = ["district"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


class MembershipRegister(Register):
    """Ties: made once, then only ended."""

    list_display = ["kind", "school", "district", "person", "since", "until"]
    list_select_related = ["school", "district", "person"]
    list_filter = ["kind", "school"]
    raw_id_fields = ["person"]
    fields = ["person", "kind", "school", "district", "on_payroll", "until"]

    def get_readonly_fields(self, request, obj=None):
        return [name for name in self.fields if name != "until"] if obj else ["until"]

    def save_model(self, request, obj, form, change):
        """Tie or end as everywhere else, so that a tie that bars takes the person's invitations with it."""
        if not change:
            made = actions.grant_membership(
                person=obj.person,
                kind=obj.kind,
                school=obj.school,
                district=obj.district,
                on_payroll=obj.on_payroll,
            )
            obj.pk, obj.since = made.pk, made.since
        elif obj.until:
            actions.end_membership(membership=obj)


site = System(name="admin")
site.register(District, Register)
site.register(School, SchoolRegister)
site.register(Membership, MembershipRegister)
