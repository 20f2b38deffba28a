"""The examples of the living page of components: invented, in French as any content is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from data_inclusion.schema import v1
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from core.vocabulary.emergency import EMERGENCY_NUMBERS

HERE = "/composants/"
Example = tuple[str, dict[str, Any], str]


@dataclass(frozen=True, slots=True)
class Section:
    """A family of components on the living page."""

    slug: str
    title: str | Promise
    examples: list[Example]
    text: str | Promise = ""


def example(name: str, wrapper: str = "", /, **values: Any) -> Example:
    """A component, the values it is shown with, and the element that must hold it."""
    return name, values, wrapper


CRUMBS = [{"title": "Accueil", "url": "/"}, {"title": "Se loger", "url": HERE}, {"title": "Villeurbanne"}]
PEOPLE = [
    {"name": "Samia Benali", "role": "médiatrice", "organisation": "Maison du lac", "theme": "famille"},
    {"name": "Jean-Paul Roux", "role": "bénévole à l'épicerie", "theme": "equipement-et-alimentation"},
]
SHEETS = [
    {"code": "PA 1.1.1", "title": "Tenir des permanences là où les gens passent", "url": HERE, "level": 4}
    | {"progress": "Terminée", "dates": "2022 à 2024", "pilot": "CCAS"},
    {"code": "PA 1.1.2", "title": "Former l'accueil à l'aller-vers", "url": HERE, "level": 1}
    | {"progress": "Amorcée", "dates": "2025 à 2026", "pilot": "Caf", "example": True},
]
AXIS = {
    "number": "1",
    "title": "Aller vers les habitants",
    "anchor": "axe-modele",
    "theme": "difficultes-administratives-ou-juridiques",
    "level": 2,
    "progress": "2 fiches, 1 terminée",
    "objectives": [{"code": "1.1", "title": "Rejoindre ceux qui ne demandent rien", "sheets": SHEETS}],
}
FACTS = [
    {"icon": "clock", "label": "Quand", "answer": "Ouvert jusqu'à 12 h", "detail": "puis de 13 h 30 à 17 h."}
    | {"state_kind": "on"},
    {"icon": "map-pin", "label": "Où", "answer": "12 rue des Tisserands", "detail": "69100 Villeurbanne"},
    {"icon": "users", "label": "Pour qui", "answer": "Tout le monde", "detail": "Habitants, familles, séniors"},
    {"icon": "euro", "label": "Combien", "answer": "Gratuit", "detail": "Rien à payer, rien à avancer"},
    {"icon": "door-open", "label": "Comment venir", "answer": "Sans rendez-vous", "detail": "ou par téléphone"},
    {"icon": "refresh-cw", "label": "Fraîcheur", "answer": "Vérifié le 6 novembre 2025", "example": True},
]
HOURS = [
    {"label": "Lundi", "slots": ["9 h – 12 h 30"]},
    {"label": "Mardi", "slots": ["9 h – 12 h", "13 h 30 – 17 h"], "today": True},
    {"label": "Mercredi", "slots": []},
]
STATES = [
    {"level": level, "label": label}
    for level, label in enumerate(("À lancer", "Amorcée", "En cours", "Bien avancée", "Terminée"))
]
PERIODS = [
    {"label": "Action 1", "text": "2023 à 2026", "start": date(2023, 1, 1), "end": date(2026, 12, 31)},
    {"label": "Action 2", "text": "juin 2024", "start": date(2024, 6, 1), "end": date(2024, 6, 30)},
    {"label": "Action 3", "text": "au fil de l'eau", "start": None, "end": None},
]
INDICATORS = [
    {"label": "Nombre de projets menés", "kind": "Nombre", "target": "10", "value": 7, "value_when": "en 2024"}
    | {"earlier": "4 en 2023", "example": True},
    {"label": "Les équipes se connaissent mieux", "kind": "Appréciation", "level": 3}
    | {"level_label": "Se confirme", "comment": "« Trois centres ont repris l'idée d'un autre »"},
    {"label": "Une charte est signée", "kind": "Oui ou non"},
]
WORKSHOPS = [
    {"title": "Se déplacer", "kind": "Atelier 1", "theme": "mobilite", "url": HERE}
    | {"text": "La mobilité, pour trouver sa place dans la ville."},
    {"title": "Rester en santé", "kind": "Atelier 2", "theme": "sante", "text": "La prévention, d'abord à table."},
    {"title": "Se loger avec peu", "kind": "Atelier 3", "theme": "logement-hebergement"},
]
THREAD = [
    {"kind": "Atelier", "title": "Se loger avec peu", "meta": "23 juin", "theme": "logement-hebergement"}
    | {"current": True},
    {"kind": "Compte rendu", "title": "Ce que l'atelier a retenu", "url": HERE, "kind_icon": "notebook-pen"},
    {"kind": "Fiche-action", "title": "Garder son logement", "url": HERE, "kind_icon": "clipboard-list"},
    {"kind": "Service", "title": "Conseil logement", "url": HERE, "theme": "logement-hebergement", "example": True},
]
FIGURES = [
    {"before": "plus de", "figure": "350", "text": "personnes à la journée", "theme": "lecture-ecriture-calcul"},
    {"figure": "15", "after": "bénévoles", "text": "à chaque ouverture", "theme": "equipement-et-alimentation"},
]
TEXT = mark_safe(
    "<p>Un texte riche, avec un <a href='/composants/'>lien</a>, du <strong>gras</strong> et une liste&nbsp;:</p>"
    "<ul><li>prendre le courrier,</li><li>venir à l’heure que l’on veut.</li></ul>"
)

SECTIONS = [
    Section(
        "actions",
        _("Buttons and links"),
        [
            example("print_button"),
            example("quick_exit"),
            example("more", url=HERE, label="Un lien pour continuer"),
            example("subscribe", ics_url="/agenda.ics", feed_url="/feeds/actualites.atom", copy_url=HERE),
            example("state", kind="on", text="Ouvert jusqu'à 12 h"),
            example("state", kind="soon", text="Ouvre à 14 h"),
            example("state", text="Fermé"),
        ],
    ),
    Section(
        "themes",
        _("The 16 themes"),
        [
            example("tags", themes=[{"slug": c.value, "label": c.label, "url": HERE} for c in v1.Categorie]),
            example("tag", label="Santé", theme="sante"),
            example("chip", label="logement", url=HERE, icon="house"),
            example("example"),
        ],
        _("A tint, a pictogram and a name: never the colour alone."),
    ),
    Section(
        "needs",
        _("Everyday needs"),
        [
            example(
                "needs",
                label="Besoins, modèle",
                items=[
                    {"title": "Manger", "text": "Repas, colis", "url": HERE, "theme": "equipement-et-alimentation"},
                    {"title": "Se loger", "text": "Un toit, le loyer", "url": HERE, "theme": "logement-hebergement"},
                    {"title": "Se soigner", "text": "Médecin, dents", "url": HERE, "theme": "sante"},
                    {"title": "Parler", "text": "Une écoute", "url": HERE, "theme": "remobilisation"}
                    | {"icon": "messages-square"},
                ],
            )
        ],
    ),
    Section(
        "search",
        _("Searching"),
        [
            example("search_form", variant="inline", id="model"),
            example(
                "hit",
                "ol.fil.hits",
                title="Garder son logement quand le loyer est en retard",
                url=HERE,
                kind="service",
                kind_label="Service",
                topic="Se loger",
                theme="logement-hebergement",
                summary="Une travailleuse sociale regarde avec vous le bail, la dette et les aides possibles.",
                state="Ouvert jusqu'à 12 h",
                state_kind="on",
                place="Villeurbanne, à 600 m",
                cost="Gratuit",
                example=True,
            ),
            example(
                "hit",
                "ol.fil.hits",
                title="Ouverture à l'autre et bien vivre ensemble",
                url=HERE,
                kind="action-sheet",
                kind_label="Fiche-action",
                code="PA 2.1.2",
                summary_html="Les <mark>centres sociaux</mark> testent des projets.",
            ),
            example("pager"),
            example(
                "empty",
                title="Rien trouvé pour « loggement d'urgance » à Bron",
                text="Essayez avec un mot plus simple, ou regardez autour de Bron.",
                numbers=True,
                actions=[{"label": "Chercher « logement »", "url": HERE, "primary": True}],
            ),
            example(
                "sos",
                level=2,
                title="Ne restez pas seul ce soir",
                calls=[{"number": "115", "title": "Dormir à l'abri", "text": "gratuit, 24 h sur 24"}],
                numbers=EMERGENCY_NUMBERS[:4],
            ),
        ],
    ),
    Section(
        "cards",
        _("Cards and lists"),
        [
            example(
                "card",
                "div.grid",
                title="Carte calme",
                url=HERE,
                text="Fond pâle : pour les listes.",
                theme="numerique",
                kind="Numérique",
                kind_icon=True,
                meta="à 600 m",
            ),
            example(
                "card",
                title="Carte en aplat",
                url=HERE,
                text="Une seule par page, pour la nouvelle du jour.",
                theme="mobilite",
                flat=True,
                drawing="round",
                kind="À la une",
            ),
            example(
                "event_row",
                "ul.list",
                title="Comprendre ses courriers",
                url=HERE,
                date=date(2025, 11, 25),
                theme="difficultes-administratives-ou-juridiques",
                meta="9 h 30 – 11 h 30 · Villeurbanne · gratuit",
                example=True,
            ),
            example("event_row", "ul.list", title="Une date écrite sans année", url=HERE, date="23 juin"),
            example(
                "news_item",
                "ol.fil",
                title="Des Assises pour relier tous les acteurs",
                url=HERE,
                date=date(2025, 6, 30),
                kind="Retour sur un événement",
                summary="Une table ronde et cinq ateliers.",
                theme="famille",
            ),
            example("figures", items=FIGURES),
        ],
    ),
    Section(
        "service",
        _("A service's page"),
        [
            example("facts", items=FACTS, theme="difficultes-administratives-ou-juridiques"),
            example("hours", days=HOURS, theme="sante"),
            example("map", label="Maison du lac", address="12 rue des Tisserands", city="Villeurbanne", theme="sante"),
            example("contact", name="Maison du lac", phone="0465710000", email="bonjour@exemple.fr", city="Bron"),
            example("ticks", texts=["Refaire des papiers", "Comprendre un courrier"]),
            example("brief", items=[{"label": "Pilotage", "icon": "signpost", "links": [{"title": "CCAS"}]}]),
        ],
    ),
    Section(
        "text",
        _("Text and notes"),
        [
            example("note", title="À savoir.", text="On y accueille tout le monde, sans condition."),
            example("note", kind="ok", title="C'est envoyé.", text="Nous répondons sous deux jours ouvrés."),
            example("note", kind="warn", title="Fiche à vérifier.", text="Appelez avant de venir."),
            example("archived", date=date(2024, 1, 19), url=HERE, label="Voir la page à jour"),
            example("quote", text="On se connaît, donc on s'appelle", author="Samia Benali", role="médiatrice"),
            example("words", theme="difficultes-financieres", items=[{"title": "Polyfragilité", "text": "Ensemble."}]),
            example("steps", items=[{"title": "Dites votre besoin", "text": "Avec vos mots."}, {"title": "Venez"}]),
            example("accordion", items=[{"title": "Faut-il des papiers ?", "html": TEXT, "open": True}]),
            example("document", title="Le guide de poche", url=HERE, kind="pdf", size=820_000),
            example("video", title="Une journée à l'épicerie", url=HERE, host="PeerTube", duration="3 min"),
            example(
                "cta",
                title="Devenir bénévole",
                text="Deux heures par mois.",
                url=HERE,
                label="Nous écrire",
                theme="famille",
                icon="mail",
            ),
            example("sources", sources=[{"title": "Compte rendu des Assises", "publisher": "CCAS", "date": "juin"}]),
            example("breadcrumb", items=CRUMBS, label="Fil d’Ariane, modèle"),
        ],
    ),
    Section(
        "meetings",
        _("Meetings and the council"),
        [
            example(
                "session",
                "ol.prg",
                time="9 h 45",
                datetime="09:45",
                kind="Table ronde",
                title="La précarité change : comment agir ensemble ?",
                people=PEOPLE,
                theme="difficultes-financieres",
            ),
            example("workshops", items=WORKSHOPS),
            example("actors", items=[{"title": "Maison du lac", "url": HERE, "role_line": "organise"}]),
            example("bigday", date="23 juin", note="année non précisée par la source"),
            example("byline", author="Samia Benali", role="médiatrice", date=date(2025, 6, 30)),
            example("thread", steps=THREAD),
        ],
    ),
    Section(
        "plan",
        _("The plan"),
        [
            example("progress_legend", states=STATES),
            example(
                "progress_sum",
                total=6,
                caption="Fiches par état : 1 terminée, 3 en cours, 2 à lancer",
                counts=[
                    {"count": 1, "label": "terminée", "level": 4},
                    {"count": 3, "label": "en cours", "level": 2},
                    {"count": 2, "label": "à lancer", "level": 0},
                ],
            ),
            example("axis_tree", axis=AXIS),
            example("deadlines", rows=PERIODS, theme="famille", label="Échéances"),
            example("indicator_table", items=INDICATORS, caption="Indicateurs, modèle", theme="famille"),
            example("next_prev", previous={"title": "PA 1.1.1", "url": HERE}, next={"title": "PA 1.1.3", "url": HERE}),
        ],
    ),
]
