"""The directory: organisations and what they offer. Each model has a module of its own."""

from actors.models.actor import Actor, ActorQuerySet
from actors.models.log import DirectoryLogEntry
from actors.models.service import Service, ServiceQuerySet

__all__ = ["Actor", "ActorQuerySet", "DirectoryLogEntry", "Service", "ServiceQuerySet"]
