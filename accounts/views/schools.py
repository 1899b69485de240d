"""What a coordinator keeps about her school."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import access, actions
from accounts.forms import StaffListForm
from accounts.places import home_of


@require_http_methods(["GET", "HEAD", "POST"])
def staff_list(request, school):
    """Show and keep the list of who works at the school."""
    school = access.coordinated_school(request.held, school)
    listed = sorted(access.listed_as_staff(school))
    form = StaffListForm(request.POST or None, initial={"people": "\n".join(listed)})
    if request.method == "POST" and form.is_valid():
        actions.keep_staff_list(school=school, values=form.cleaned_data["people"])
        return redirect("staff_list", school.slug)
    context = {
        "form": form,
        "school": school,
        "count": len(listed),
        "families": access.families_on_staff_list(school, at=request.held.at),
        "back_url": home_of({request.audience}),
    }
    return render(request, "accounts/staff_list.html", context)
