"""Every model of the core, where Django looks for them. Each lives in its room."""

from core.accounts.models import User
from core.media.models import Attachment, Picture, PictureRendition
from core.pages.settings import AlertBanner, EmergencyNumber, FooterLink, MenuItem, Navigation, SiteIdentity
from core.vocabulary.models import Instrument, Network, Public, Territory, Theme

__all__ = [
    "AlertBanner",
    "Attachment",
    "EmergencyNumber",
    "FooterLink",
    "Instrument",
    "MenuItem",
    "Navigation",
    "Network",
    "Picture",
    "PictureRendition",
    "Public",
    "SiteIdentity",
    "Territory",
    "Theme",
    "User",
]
