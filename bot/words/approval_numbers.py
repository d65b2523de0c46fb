"""How the statistics of approvals name templates and stages."""

from bot.domain.approvals.told import titled
from bot.services.approvals.approvals_counted import ApprovalNumbers
from bot.text import Phrase, t, verbatim


def template_name(numbers: ApprovalNumbers, key: str, locale: str) -> Phrase:
    """Name a template as its newest version is called; by its key where that is gone."""
    found = numbers.templates.get(key)
    return verbatim(key if found is None else titled(found.route.title, key, locale))


def stage_name(numbers: ApprovalNumbers, key: str, stage_id: str, locale: str) -> Phrase:
    """Name a stage with its template: by its title, else by its place."""
    found = numbers.templates.get(key)
    stages = () if found is None else found.route.stages
    for number, each in enumerate(stages, 1):
        if each.id == stage_id:
            named = verbatim(titled(each.title, "", locale)) if each.title else t("stage {number}", number=number)
            return t("{template}, {stage}", template=template_name(numbers, key, locale), stage=named)
    return template_name(numbers, key, locale)
