"""The content of the demo, as small data files, and what loads them.

`data/` holds what is said, one file a subject; a record is called by its slug everywhere:

- `sources.toml`: the five documents; `source = "class"` or `sources = [...]` elsewhere cites them.
- `communes.json`, `reference.toml`: territories (called `kind:code`, such as `commune:51454`) and instruments.
- `organisations.toml`: organisations (and two services) that the documents name.
- `services/*.toml`: invented organisations and services, all « exemple ». Without a mention, a service is free,
  in person, in French, for residents and professionals, by coming or calling, at its organisation's address.
  `checked` is the number of days since somebody checked it.
- `structures.json`: real places under Licence Ouverte 2.0, each with its identifier at the source.
- `council.toml`, `assises.toml`, `ccas_day.toml`, `plan.toml`: the documents as pages.
- `news.toml`, `events.toml`, `pages.toml`, `site.toml`: everything else. `in_days`, `days_ago` and `days` count
  from the day of loading, so that the agenda is never empty.
- `facts.csv`: every fact of the five documents, where it is read and what finds it; a test checks each row.

Texts are written with French typography in place (’, «\u00a0», U+00A0). Long texts have a light markup:
an empty line between paragraphs, `## ` a title, `- ` a list, `[words](address)` a link, `**words**` bold.
"""
