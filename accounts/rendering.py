from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draws every form with our own templates: label, hint and error above the field, no `required` in the HTML."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    def render(self, template_name, context, request=None):
        if "widget" in context:
            context["widget"]["attrs"].pop("required", None)
        return super().render(template_name, context, request=request)
