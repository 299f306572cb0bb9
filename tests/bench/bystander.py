"""Another client's pace: the same query again and again on one connection, while something else happens or not."""

import time

from service import operation, post, read_answer

QUERY = """{ publicServiceRequests(first: 20) {
  edges { node { id caseNo state category { code name } createdAt } } pageInfo { hasNextPage endCursor } } }"""


def pace(service, seconds):
    """Times in milliseconds, one for each answer; ten milliseconds pass between two questions."""
    message = post(operation(QUERY))
    times = []
    with service.connect() as connection:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            started = time.perf_counter()
            connection.sendall(message)
            status, body = read_answer(connection)
            times.append((time.perf_counter() - started) * 1000)
            if status != 200 or b'"errors"' in body:
                raise SystemExit(f"the bystander is not served: {status} {body[:300]}")
            time.sleep(0.01)
    return times


def percentile(times, share):
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
