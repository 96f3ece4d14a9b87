"""The rules are public: anyone can read them and compute the digest that every consent carries."""

import hashlib

from django.test import Client
from django.urls import reverse

from consent.queries.policies import digest_in_force
from consent.rules.rule_table import rule_ids
from tests.factories import House


def test_anyone_can_read_the_rules_of_a_clinic(house: House) -> None:
    digest = digest_in_force(house.site)
    page = Client().get(reverse("rules"))
    assert house.site.name.encode() in page.content
    assert digest.encode() in page.content
    table = Client().get(reverse("rules-table", args=[digest]))
    assert all(f'id="{rule}"' in table.content.decode() for rule in rule_ids())
    assert b"No law fixes this value" in table.content


def test_the_text_gives_the_digest(house: House) -> None:
    digest = house.proposed().policy.digest
    text = Client().get(reverse("rules-document", args=[digest]))
    assert hashlib.sha256(text.content).hexdigest() == digest


def test_an_earlier_table_stays_readable(house: House) -> None:
    kept = house.proposed().policy
    site = house.site
    site.preset = "england"
    site.save()
    assert digest_in_force(site) != kept.digest
    assert Client().get(reverse("rules-table", args=[kept.digest])).status_code == 200


def test_an_unknown_digest_is_not_found(house: House) -> None:
    assert Client().get(reverse("rules-table", args=["0" * 64])).status_code == 404
    assert Client().get("/rules/xyz/").status_code == 404


def test_the_rules_are_read_in_chinese(house: House) -> None:
    table = Client(headers={"accept-language": "zh-hans"}).get(
        reverse("rules-table", args=[digest_in_force(house.site)])
    )
    assert "等待" in table.content.decode()
