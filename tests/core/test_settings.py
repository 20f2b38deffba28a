"""The site itself: a town's colours, menus, alert, emergency numbers, in few queries."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site

from core.accounts.roles import ADMINISTRATORS, CONTRIBUTORS, EDITORS
from core.pages.colours import contrast, luminance, validate_button_colour, validate_search_colour
from core.pages.settings import AlertBanner, EmergencyNumber, FooterLink, MenuItem, Navigation, SiteIdentity
from tests.factories.core import AlertBannerFactory, PictureFactory, TerritoryFactory, UserFactory
from tests.factories.home import HomePageFactory, StandardPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(db: None):
    return HomePageFactory()


@pytest.fixture
def site(home) -> Site:
    return Site.objects.get()


def html_of(client: Client, path: str = "/") -> str:
    return client.get(path).content.decode()


# --- colours ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#2b1634", "#ffd23f", 11.5),
    ],
)
def test_contrast_is_that_of_the_standard(one: str, other: str, ratio: float):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.05)
    assert contrast(one, other) == contrast(other, one)


def test_luminance_of_the_extremes():
    assert (luminance("#000000"), luminance("#ffffff")) == (0, 1)


# The last grey that still carries white words, and the first that does not.
@pytest.mark.parametrize(
    ("colour", "accepted"), [("#757575", True), ("#767676", False), ("#0000ff", True), ("#ff0000", False)]
)
def test_button_colour_must_carry_white_words(colour: str, accepted: bool):
    assert is_accepted(validate_button_colour, colour) is accepted


@pytest.mark.parametrize(
    ("colour", "accepted"), [("#ffd23f", True), ("#aaaaaa", True), ("#a0a0a0", False), ("#2b1634", False)]
)
def test_search_colour_must_carry_dark_words(colour: str, accepted: bool):
    assert is_accepted(validate_search_colour, colour) is accepted


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345g", "2b1634", "#2b16341", "#2b1634;}body{"])
def test_colour_is_six_digits(colour: str):
    assert not is_accepted(validate_button_colour, colour)
    assert not is_accepted(validate_search_colour, colour)


def is_accepted(validate, colour: str) -> bool:
    try:
        validate(colour)
    except ValidationError:
        return False
    return True


def test_default_colours_need_no_stylesheet(client: Client, site: Site):
    SiteIdentity.objects.create(site=site)

    assert "identite.css" not in html_of(client)


def test_own_colours_are_a_stylesheet_that_changes_address(client: Client, site: Site):
    identity = SiteIdentity.objects.create(site=site, button_colour="#003366")
    first = html_of(client).partition('href="/identite.css?v=')[2][:8]
    identity.button_colour = "#330066"
    identity.save()
    second = html_of(client).partition('href="/identite.css?v=')[2][:8]

    css = client.get("/identite.css").content.decode()

    assert len(first) == len(second) == 8
    assert first != second
    assert "--btn: #330066;" in css


def test_own_mesh_and_logo_replace_ours(client: Client, site: Site):
    SiteIdentity.objects.create(site=site, name="Villeneuve", logo=PictureFactory(), mesh=PictureFactory())

    html = html_of(client)

    assert '<img class="logo__own"' in html
    assert "<span>Villeneuve</span>" in html
    assert ".maille { background-image: url(" in client.get("/identite.css").content.decode()


# --- menus and numbers --------------------------------------------------------------------------------------


def test_a_visit_creates_nothing(client: Client, home):
    client.get("/")

    assert (SiteIdentity.objects.count(), Navigation.objects.count()) == (0, 0)


@pytest.mark.parametrize(("address", "mark"), [("/rubrique/page/", "true"), ("/rubrique/", "page"), ("/", None)])
def test_menu_marks_the_page_itself_and_the_section_that_holds_it(client: Client, home, site, address: str, mark):
    section = StandardPageFactory(parent=home, slug="rubrique")
    StandardPageFactory(parent=section, slug="page")
    other = StandardPageFactory(parent=home, slug="autre")
    navigation = Navigation.objects.create(site=site)
    MenuItem.objects.create(navigation=navigation, title="Rubrique", page=section, sort_order=0)
    MenuItem.objects.create(navigation=navigation, title="Autre", page=other, sort_order=1)

    html = client.get(address).content.decode()

    header = html[html.index("<header") : html.index("</header>")]
    marked = [f'<a href="/rubrique/" aria-current="{mark}">Rubrique</a>'] * 2 if mark else []
    assert re.findall(r"<a [^>]*aria-current[^>]*>.*?</a>", header) == marked
    assert header.count('<a href="/autre/">Autre</a>') == 2


@pytest.mark.parametrize("state", ["draft", "expired", "private"])
def test_menu_leaves_out_what_is_not_public(client: Client, home, site: Site, state: str):
    page = StandardPageFactory(parent=home, slug="page", title="Cachée", live=state != "draft")
    if state == "expired":
        page.expire_at = timezone.now() - timedelta(seconds=1)
        page.save()
    if state == "private":
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    navigation = Navigation.objects.create(site=site)
    FooterLink.objects.create(navigation=navigation, title="Cachée", page=page)

    assert "Cachée" not in html_of(client)


@pytest.mark.parametrize("values", [{}, {"address": "javascript:alert(1)"}, {"address": "annuaire"}])
def test_menu_entry_leads_somewhere(values: dict):
    with pytest.raises(ValidationError):
        MenuItem(title="X", **values).clean()


def test_national_numbers_stand_while_nobody_wrote_others(client: Client, home):
    html = html_of(client)

    for number in ("112", "15", "17", "18", "114", "115", "119", "3919", "3114", "116006"):
        assert f'href="tel:{number}"' in html


def test_own_numbers_replace_the_national_ones(client: Client, site: Site):
    navigation = Navigation.objects.create(site=site)
    EmergencyNumber.objects.create(navigation=navigation, number="116 006", label="Aide aux victimes")

    html = html_of(client)

    assert 'href="tel:116006"' in html
    assert 'href="tel:3919"' not in html


@pytest.mark.parametrize("number", [1, 3])
def test_frame_query_count_is_constant(client: Client, home, site: Site, number: int, django_assert_num_queries):
    navigation = Navigation.objects.create(site=site)
    for place in range(number):
        page = StandardPageFactory(parent=home, slug=f"p{place}")
        MenuItem.objects.create(navigation=navigation, title="M", page=page)
        FooterLink.objects.create(navigation=navigation, title="F", page=page)
        AlertBannerFactory()
    client.get("/p0/")

    with django_assert_num_queries(STANDARD_PAGE_QUERIES):
        client.get("/p0/")


STANDARD_PAGE_QUERIES = 14


# --- alert --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "ends", "shown"),
    [(-1, None, True), (-1, 1, True), (1, 2, False), (-2, -1, False)],
)
def test_alert_is_shown_in_its_time(client: Client, home, starts: int, ends: int | None, shown: bool):
    now = timezone.now()
    banner = AlertBannerFactory(
        starts_at=now + timedelta(hours=starts), ends_at=None if ends is None else now + timedelta(hours=ends)
    )

    assert ("Grand froid." in html_of(client)) is shown
    assert banner.is_current is shown


def test_latest_alert_is_the_one_shown(client: Client, home):
    AlertBannerFactory(title="Ancienne.", starts_at=timezone.now() - timedelta(days=2))
    AlertBannerFactory(title="Récente.", starts_at=timezone.now() - timedelta(days=1))

    html = html_of(client)

    assert "Récente." in html
    assert "Ancienne." not in html


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_at": timezone.now() - timedelta(days=1)}, "ends_at"),
        ({"link_url": "javascript:alert(1)", "link_text": "Ici"}, "link_url"),
        ({"link_url": "/ici/"}, "link_text"),
        ({"link_text": "Ici"}, "link_text"),
    ],
)
def test_alert_that_makes_no_sense_is_refused(values: dict, field: str):
    with pytest.raises(ValidationError) as refused:
        AlertBanner(title="T", text="T", **values).clean()

    assert list(refused.value.error_dict) == [field]


# --- the admin ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "allowed"), [(CONTRIBUTORS, False), (EDITORS, True), (ADMINISTRATORS, True)])
def test_alert_is_edited_by_those_who_may(client: Client, home, role: str, allowed: bool):
    client.force_login(UserFactory(groups=[role]))

    response = client.get("/admin/snippets/core/alertbanner/add/")

    assert response.status_code == (200 if allowed else 302)


def test_national_words_are_read_and_never_typed(client: Client, home):
    client.force_login(UserFactory(groups=[ADMINISTRATORS]))

    assert client.get("/admin/snippets/core/theme/").status_code == 200
    assert client.get("/admin/snippets/core/theme/add/").status_code == 302
    assert client.get("/admin/snippets/core/public/add/").status_code == 302


def test_territories_are_listed_by_kind(client: Client, home):
    TerritoryFactory(name="Bron", kind="commune", code="69029")
    TerritoryFactory(name="Rhône", kind="departement", code="69")
    client.force_login(UserFactory(groups=[EDITORS]))

    html = html_of(client, "/admin/snippets/core/territory/?kind=departement")

    assert "Rhône" in html
    assert "Bron" not in html


@pytest.mark.parametrize("path", ["/admin/settings/core/siteidentity/", "/admin/settings/core/navigation/"])
def test_site_is_edited_by_administrators(client: Client, home, path: str):
    client.force_login(UserFactory(groups=[ADMINISTRATORS]))
    assert client.get(path, follow=True).status_code == 200

    client.force_login(UserFactory(groups=[EDITORS]))
    assert client.get(path).status_code == 302
