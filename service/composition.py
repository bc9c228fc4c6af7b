"""Compose the engine of the service from its parts, as the settings say."""

from schema.domain import DOMAIN
from schema.vocabulary import Vocabulary
from service.db.database import Database
from service.graphql.plan.cache import PlanCache
from service.graphql.plan.limits import Limits
from service.graphql.plan.paging import PageLimits
from service.graphql.run.engine import Engine
from service.graphql.run.lane import Lane
from service.settings import Settings
from service.weighted_lru import WeightedLRU


def make_engine(settings: Settings, database: Database, vocabulary: Vocabulary = DOMAIN) -> Engine:
    """Return an engine that reads from a database, with the caches and limits of the settings."""
    plan_cache = PlanCache(
        vocabulary,
        pages=PageLimits(settings.page_default, settings.page_most),
        limits=Limits(
            document_length=settings.document_limit,
            tokens=settings.token_limit,
            operations=settings.operation_limit,
            aliases=settings.alias_limit,
            arguments=settings.argument_limit,
            directives=settings.directive_limit,
            list_items=settings.list_limit,
            text_length=settings.text_limit,
            characters=settings.character_limit,
            variable_values=settings.value_limit,
            repeats=settings.repeat_limit,
            cost=settings.cost_limit,
            depth=settings.depth_limit,
            root_fields=settings.root_field_limit,
            fields=settings.field_limit,
            filter_depth=settings.filter_depth_limit,
            conditions=settings.condition_limit,
            subqueries=settings.subquery_limit,
        ),
        budget=settings.subquery_budget,
        operations=WeightedLRU(settings.document_cache),
        plans=WeightedLRU(settings.plan_cache),
    )
    return Engine(
        plan_cache,
        database.read,
        settings.deadline,
        confirm=database.vocabulary.explain_failure,
        repair=database.repair_gate,
        statistics=database.statistics.get,
        lane=Lane(),
    )
