"""The body of a page: every family together, in the groups in which the editor finds them."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core.blocks.doors import AccordionBlock, AgendaBlock, CallToActionBlock, ContactBlock, ServiceListBlock
from core.blocks.figures import FiguresBlock, StepsBlock
from core.blocks.media import FileBlock, PictureBlock, VideoBlock
from core.blocks.text import QuoteBlock, TextBlock


class BodyBlock(blocks.StreamBlock):
    text = TextBlock(group=_("Words"))
    quote = QuoteBlock(group=_("Words"))
    accordion = AccordionBlock(group=_("Words"))
    figures = FiguresBlock(group=_("Figures and steps"))
    steps = StepsBlock(group=_("Figures and steps"))
    picture = PictureBlock(group=_("Media"))
    document = FileBlock(group=_("Media"))
    video = VideoBlock(group=_("Media"))
    call_to_action = CallToActionBlock(group=_("Doors"))
    contact = ContactBlock(group=_("Doors"))
    agenda = AgendaBlock(group=_("Doors"))
    services = ServiceListBlock(group=_("Doors"))

    class Meta:
        required = False
        template = "blocks/body.html"
