"""The contract by which a thing is found, and the units of work that keep the index true to it.

Nothing here knows the search: rooms above register what they do at the end of a unit of work.
"""
