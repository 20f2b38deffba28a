"""Streams written in Python, completed as the admin's form would: a text left out is "", not None."""

from __future__ import annotations

from typing import Any

from django.db import models
from wagtail import blocks
from wagtail.fields import StreamField

TEXTS = (blocks.CharBlock, blocks.TextBlock, blocks.URLBlock, blocks.EmailBlock, blocks.ChoiceBlock)


def complete_streams(record: models.Model) -> None:
    """Complete every stream of a page or record, in place."""
    for field in record._meta.concrete_fields:
        if isinstance(field, StreamField):
            for child in getattr(record, field.name):
                complete(child.block, child.value)


def complete(block: Any, value: Any) -> None:
    if isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            if value.get(name) is None:
                value[name] = "" if isinstance(child, TEXTS) else child.get_default()
            else:
                complete(child, value[name])
    elif isinstance(block, blocks.ListBlock):
        for item in value:
            complete(block.child_block, item)
    elif isinstance(block, blocks.StreamBlock):
        for child in value:
            complete(child.block, child.value)
