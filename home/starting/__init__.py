"""What a new site begins with: its front door, its sections, the standing pages that the law asks for, its menus."""

from home.starting.site import start_site

__all__ = ["start_site"]
