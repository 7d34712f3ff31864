"""Draft the mail to the customer, from templates that a shop can edit; a person sends it.

A mail says what happens next, what is asked for and until when. It never says what the photos are
held to show, and never who is at fault.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, get_args

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from evidence.errors import PolicyDocumentError
from evidence.policy.instant_wording import in_words
from evidence.policy.recommendation import Outcome, Recommendation, Window
from evidence.policy.terms import Region
from evidence.text import Text

LANGUAGES = ("en", "ja")
CUSTOMER = {"en": "Customer: ", "ja": "お客様："}  # what a step of the customer's begins with
SAMPLE: dict[str, Any] = {  # every variable of a template, to try it with
    "order": "order-1",
    "title": "Seer Ascendant",
    "reason": "damage",
    "deadline": "Friday, 4 April 2025, 23:59 (Central European Summer Time)",
    "deadline_shop": "Saturday, 5 April 2025, 06:59 (Japan Standard Time)",
    "window": "in",
    "missing": ["A photo of the item."],
    "steps": ["Send the item to the designated address."],
    "clauses": ["We accept returns within 3 days."],
    "parcel_needs": ["tracking", "insurance", "return_mark"],
    "return_mark": '"Return" in large red letters',
    "return_days": 30,
    "return_by": "Saturday, 19 April 2025, 23:59 (Central European Summer Time)",
    "value": "9,000 JPY",
}


@dataclass(frozen=True, slots=True)
class Mail:
    """One draft in one language, plain text."""

    subject: str
    body: str


Templates = Mapping[str, Template]  # "approve.en" and so on


def load_templates(own: Mapping[str, str]) -> Templates:
    """Compile the packaged templates, a shop's own in their place, and try each with sample data.

    Args:
        own: texts by their file name, such as ``approve.en.txt``; the first line is the subject.

    Raises:
        PolicyDocumentError: no template has that name, or one is broken; says where and why.
    """
    texts = packaged_texts()
    strange = sorted(set(own) - set(texts))
    if strange:
        raise PolicyDocumentError(
            f"mail {strange[0]}: no such mail; there are {', '.join(sorted(texts))}"
        )
    engine = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    templates = {}
    for name, text in {**texts, **own}.items():
        try:
            template = engine.from_string(text)
            _split(template.render(SAMPLE), name)
        except TemplateSyntaxError as error:
            raise PolicyDocumentError(
                f"mail {name}, line {error.lineno}: {error.message}"
            ) from error
        except TemplateError as error:
            raise PolicyDocumentError(f"mail {name}: {error}") from error
        templates[name.removesuffix(".txt")] = template
    return templates


@cache
def packaged_texts() -> Mapping[str, str]:
    """Return the templates that come with the product, by file name."""
    folder = files("evidence.policy") / "mails"
    names = (f"{outcome}.{language}.txt" for outcome in get_args(Outcome) for language in LANGUAGES)
    return {name: (folder / name).read_text("utf-8") for name in names}


def draft_mail(
    found: Recommendation,
    templates: Templates,
    *,
    facts: Mapping[str, str],
    region: Region,
    return_by: datetime | None = None,
) -> dict[str, Mail]:
    """Write the mail that fits a recommendation, by language.

    Args:
        found: what is recommended.
        templates: by ``load_templates``.
        facts: ``order``, ``title``, ``reason`` and ``value`` as the customer knows them.
        region: of the customer's; says what a parcel that comes back must have.
        return_by: last instant to send the item back, once that is authorised. Aware.
    """
    drafts = {}
    for language in LANGUAGES:
        name = f"{found.outcome}.{language}"
        values = {
            **facts,
            **_deadlines(found.window, language),
            "window": found.window.state,
            "missing": [_in(one.text, language) for one in found.missing],
            "steps": _steps(found, language),
            "clauses": [_in(clause.text, language) for clause in found.clauses],
            **_sending_back(found, language, region, return_by),
        }
        drafts[language] = _split(templates[name].render(values), name)
    return drafts


def _deadlines(window: Window, language: str) -> dict[str, str]:
    """Say the deadline by the customer's clocks, and by the shop's where they show another time."""
    here, there = window.deadline_in(window.shop_zone), window.deadline_in(window.customer_zone)
    same = here is None or there is None or here.utcoffset() == there.utcoffset()
    return {
        "deadline": in_words(there, window.customer_zone, language),
        "deadline_shop": "" if same else in_words(here, window.shop_zone, language),
    }


def _sending_back(
    found: Recommendation, language: str, region: Region, by: datetime | None
) -> dict[str, Any]:
    """Say what the parcel needs and until when; nothing while the item is not asked back."""
    asked = found.outcome == "approve"
    mark = region.return_mark
    return {
        "parcel_needs": list(region.parcel_needs) if asked else [],
        "return_mark": "" if mark is None else getattr(mark, language),
        "return_days": region.return_days if asked else None,
        "return_by": in_words(by, found.window.customer_zone, language) if asked else "",
    }


def _steps(found: Recommendation, language: str) -> list[str]:
    """Return the steps that are the customer's, without saying so."""
    begin = CUSTOMER[language]
    steps = [_in(step, language) for step in found.next_steps]
    own = [step.removeprefix(begin) for step in steps if step.startswith(begin)]
    return [step[:1].upper() + step[1:] for step in own]


def _in(text: Text, language: str) -> str:
    return text.en if language == "en" else text.ja


def _split(text: str, name: str) -> Mail:
    subject, _, body = text.strip().partition("\n")
    if not body.strip():
        raise PolicyDocumentError(
            f"mail {name}: the first line is the subject, the mail comes after it"
        )
    return Mail(subject.strip(), body.strip() + "\n")
