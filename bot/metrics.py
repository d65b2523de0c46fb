"""Counters and histograms for /metrics. Labels are few and never a person."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

RECEIVED = Counter("smena_received", "Events that were new", ["channel"], registry=REGISTRY)
REPEATED = Counter("smena_repeated", "Events that were delivered again and ignored", registry=REGISTRY)
TURNS = Counter("smena_turns", "Turns by outcome", ["channel", "outcome"], registry=REGISTRY)
TURN_SECONDS = Histogram("smena_turn_seconds", "Handling of one turn", ["channel"], buckets=_SECONDS, registry=REGISTRY)
CONFLICTS = Counter("smena_conflicts", "Turns that were run again because another writer was faster", registry=REGISTRY)
ANSWER_SECONDS = Histogram(
    "smena_answer_seconds", "From queueing a message to its delivery", ["channel"], buckets=_SECONDS, registry=REGISTRY
)
DELIVERIES = Counter("smena_deliveries", "Messages delivered", ["channel"], registry=REGISTRY)
DELIVERY_FAILURES = Counter(
    "smena_delivery_failures", "Deliveries that failed", ["channel", "kind", "permanent"], registry=REGISTRY
)
BACKLOG = Gauge("smena_backlog", "What waits", ["queue"], registry=REGISTRY)
BACKLOG_AGE = Gauge("smena_backlog_age_seconds", "Age of the oldest that waits", ["queue"], registry=REGISTRY)
FAILED = Gauge("smena_failed", "Kept for a retry by hand; of jobs, tried again and again", ["queue"], registry=REGISTRY)
REFUSED_DOORS = Counter("smena_door_refusals", "Requests a door refused", ["channel", "code"], registry=REGISTRY)
LOOKS = Counter("smena_object_looks", "Objects of portals that were looked at, by what for", ["why"], registry=REGISTRY)
REFRESHES = Counter("smena_token_refreshes", "Renewals of portals' tokens by outcome", ["outcome"], registry=REGISTRY)
ERRANDS = Counter(
    "smena_errands", "Tries of errands on portals, by how they stand after", ["kind", "state"], registry=REGISTRY
)
HOOKS = Counter("smena_hooks", "Messages to webhooks, by how they stand after a try", ["state"], registry=REGISTRY)
PROCESS_CALLS = Counter("smena_process_calls", "Calls of robots that were taken up", registry=REGISTRY)
PORTALS = Gauge(
    "smena_portals", "Portals that are served: well, or in which kind of trouble", ["state"], registry=REGISTRY
)
API_REFUSALS = Counter(
    "smena_api_refusals", "What the services refused to the API, by code", ["code"], registry=REGISTRY
)
