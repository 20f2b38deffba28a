"""The blocks of which a page's body is made, one family a file.

Each block has a description and a preview for the editor, a template in `templates/blocks/`, its plain text for
the search (`searchable_content`, Wagtail's own) and its own form in the API (`get_api_representation`).
"""

from core.blocks.body import BodyBlock

__all__ = ["BodyBlock"]
