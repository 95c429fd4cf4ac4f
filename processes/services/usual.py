"""How long people usually take for an element: the median of recently completed instances.

The page of one instance asks the instances themselves; lists take what the worker has put into the cache, which costs
them no statement. What is not there is not said.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import redis
from django.core.cache import cache
from django.db import connection

from processes.models import Process

logger = logging.getLogger(__name__)

ENOUGH = 5  # fewer completed steps say nothing about the next one
LEAST = timedelta(minutes=1)  # what takes less is no wait worth a word
RECENT = 100
KEY = "usual:{}"

# The latest completed instances say it; the whole history would cost more and be less true.
USUAL = """
    SELECT chosen.id, took.element_id, took.median
      FROM unnest(%(processes)s::bigint[]) AS chosen(id), LATERAL (
           SELECT s.element_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY s.closed_at - s.opened_at) AS median
             FROM (SELECT id FROM processes_processinstance
                    WHERE process_id = chosen.id AND status = 'completed'
                    ORDER BY ended_at DESC LIMIT %(recent)s) recent
             JOIN processes_processstep s ON s.instance_id = recent.id
            WHERE s.status = 'completed' AND s.waits_on IN ('activity', 'record')
            GROUP BY s.element_id HAVING count(*) >= %(enough)s) took
     WHERE took.median >= %(least)s
"""
Usual = dict[str, timedelta]


def usual_times(process_ids: Iterable[int]) -> dict[int, Usual]:
    """By process and element; one statement."""
    found: dict[int, Usual] = {process_id: {} for process_id in process_ids}
    params: dict[str, Any] = {"processes": sorted(found), "recent": RECENT, "enough": ENOUGH, "least": LEAST}
    with connection.cursor() as cursor:
        cursor.execute(USUAL, params)
        for process_id, element_id, median in cursor.fetchall():
            found[process_id][element_id] = median
    return found


def remember(process_ids: Iterable[int]) -> None:
    """Put those of these processes into the cache, and of all others that it lacks."""
    try:
        every = list(Process.objects.order_by("pk").values_list("pk", flat=True))
        known = _read(every)
        stale = {*process_ids, *(key for key in every if key not in known)}
        if stale:
            cache.set_many({KEY.format(key): times for key, times in usual_times(stale).items()}, None)
    except (redis.RedisError, OSError) as error:
        logger.warning("The cache does not answer; lists do without usual times: %s", error)


def usual_lately(process_ids: Iterable[int]) -> Mapping[int, Usual]:
    """What the cache has; no statement."""
    try:
        return _read(process_ids)
    except (redis.RedisError, OSError) as error:
        logger.warning("The cache does not answer; lists do without usual times: %s", error)
        return {}


def _read(process_ids: Iterable[int]) -> dict[int, Usual]:
    keys = {KEY.format(process_id): process_id for process_id in process_ids}
    return {keys[key]: times for key, times in cache.get_many(keys).items()} if keys else {}
