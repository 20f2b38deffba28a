"""Numbers and steps."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class FigureBlock(blocks.StructBlock):
    """One figure as its source writes it: "plus de 350" stays "plus de 350"."""

    before = blocks.CharBlock(
        label=_("Before the number"), required=False, max_length=30, help_text=_("Such as “more than”.")
    )
    number = blocks.CharBlock(label=_("Number"), max_length=20, help_text=_("As the source writes it."))
    unit = blocks.CharBlock(label=_("Under the number"), required=False, max_length=30)
    text = blocks.CharBlock(label=_("What it counts"), max_length=200)

    class Meta:
        label = _("Figure")
        icon = "order"


class FiguresBlock(blocks.StructBlock):
    """Two to six figures on one rope."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    figures = blocks.ListBlock(FigureBlock(), label=_("Figures"), min_num=1, max_num=6)

    class Meta:
        label = _("Figures")
        icon = "order"
        template = "blocks/figures.html"
        description = _("Key figures, each with what it counts.")
        preview_value = {
            "title": "Le réseau en chiffres",
            "figures": [
                {"before": "plus de", "number": "350", "unit": "", "text": "personnes à la journée"},
                {"before": "", "number": "5", "unit": "ateliers", "text": "en une matinée"},
            ],
        }


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.TextBlock(label=_("Text"), required=False)

    class Meta:
        label = _("Step")
        icon = "tick"


class StepsBlock(blocks.StructBlock):
    """What happens, in order."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    steps = blocks.ListBlock(StepBlock(), label=_("Steps"), min_num=1)

    class Meta:
        label = _("Steps")
        icon = "list-ol"
        template = "blocks/steps.html"
        description = _("Numbered steps on a rope: how it goes, what comes next.")
        preview_value = {
            "title": "Comment ça se passe",
            "steps": [
                {
                    "title": "Vous venez comme vous êtes",
                    "text": "Sans rendez-vous, avec vos papiers si vous en avez.",
                },
                {"title": "On regarde ensemble", "text": "Une personne vous reçoit à une table."},
            ],
        }
