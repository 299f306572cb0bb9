"""Asks a small and a large city the same in turns: growth.py BINARY FOLDER [SMALL LARGE]. Started by tests/bench/growth."""

import datetime
import json
import os
import statistics
import subprocess
import sys
import time

from service import Service, post, read_answer

ROUNDS = 15
ASKED = 20
MOST = 1.5
PASSWORD = "Demo-Town-2026"
SIGN_IN = """mutation($input: SignInWithPasswordInput!) { signInWithPassword(input: $input) {
  tokens { accessToken } userErrors { code } } }"""
# Only what is asked is measured: nobody is warned of what is late, and nobody asks too often.
SETTINGS = {
    "ZHILITONG__WORK__ALARM_SECONDS": "3600",
    "ZHILITONG__LIMITS__ACCOUNT_PER_MINUTE": "1000000",
    "ZHILITONG__LOG__LEVEL": "error",
}

CASE = "id caseNo state priority dueAt createdAt category { code name }"


def month():
    """The month before this one, which is over."""
    last = datetime.date.today().replace(day=1)
    first = (last - datetime.timedelta(days=1)).replace(day=1)
    return {"from": first.isoformat(), "to": last.isoformat()}


def questions():
    """What is asked: name, who asks, text, variables."""
    place = {"datum": "WGS84", "longitude": 121.32, "latitude": 31.195}
    kpi = {"metrics": ["ON_TIME_RATE", "FIRST_CONTACT_RATE", "SOLVED_RATE", "SATISFACTION_RATE"], "groupBy": "GRID", **month()}
    queue = f"workQueue(tab: TO_SIGN, first: 20) {{ nodes {{ {CASE} }} }}"
    public = f"publicServiceRequests(first: 20) {{ nodes {{ {CASE} }} pageInfo {{ endCursor }} }}"
    similar = f"similarServiceRequests(categoryCode: $category, place: $place) {{ distanceMeters serviceRequest {{ {CASE} }} }}"
    return [
        ("queue of the street, 20 to accept", "dispatcher", f"{{ {queue.replace('TO_SIGN', 'TO_ACCEPT')} }}", {}),
        ("queue of a unit, 20 to sign for", "sanitation.handler", f"{{ {queue} }}", {}),
        ("overdue in the street, 20", "supervisor", f"{{ {queue.replace('TO_SIGN', 'OVERDUE')} }}", {}),
        ("public list, 20", "dispatcher", f"{{ {public} }}", {}),
        (
            "similar within 250 m",
            "dispatcher",
            f"query($category: String!, $place: GeoPointInput!) {{ {similar} }}",
            {"category": "SANITATION.LITTER", "place": place},
        ),
        (
            "four indicators of a month by grid",
            "supervisor",
            "query($input: KpiInput!) { kpi(input: $input) { rows { key label metric numerator denominator rateBp } } }",
            {"input": kpi},
        ),
    ]


def city(binary, folder, cases):
    """Loads a city unless it is there; gives back its folder and settings."""
    place = os.path.join(folder, str(cases))
    settings = dict(SETTINGS)
    server = os.environ.get("GROWTH_POSTGRES")
    if server:
        settings["ZHILITONG__DATABASE__URL"] = f"{server}/zhilitong_growth_{cases}"
    done = os.path.join(place, "loaded")
    environment = {"PATH": os.environ["PATH"], **settings}

    def run(*command):
        # Its progress is shown as it goes.
        subprocess.run([binary, *command, "--data-dir", place], check=True, env=environment)

    if os.path.exists(done):
        run("migrate")
        return place, settings
    os.makedirs(place, exist_ok=True)
    if server:
        subprocess.run(["psql", "-q", f"{server}/postgres", "-c", f"CREATE DATABASE zhilitong_growth_{cases}"], check=True)
    started = time.perf_counter()
    run("migrate")
    run("seed", "--profile", "city", "--cases", str(cases))
    print(f"== {cases} cases loaded in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    with open(done, "w", encoding="ascii") as file:
        file.write("all of it\n")
    return place, settings


class Asker:
    """Somebody signed in at a service, on one connection."""

    def __init__(self, service, username):
        self.service = service
        device = {"kind": "CONSOLE", "id": f"growth-{username}", "name": "growth"}
        answer = self.ask(SIGN_IN, {"input": {"username": username, "password": PASSWORD, "device": device}})
        self.token = answer["signInWithPassword"]["tokens"]["accessToken"]

    token = None

    def message(self, text, variables):
        more = f"Authorization: Bearer {self.token}\r\n" if self.token else ""
        return post(json.dumps({"query": text, "variables": variables}).encode(), more)

    def ask(self, text, variables):
        status, body = self.service.request(self.message(text, variables))
        answer = json.loads(body)
        if status != 200 or answer.get("errors"):
            raise SystemExit(f"not answered: {status} {body[:600]}")
        return answer["data"]

    def cost(self, text, variables):
        """Processor time of one question, and the times that several took, in milliseconds."""
        message, times = self.message(text, variables), []
        with self.service.connect() as connection:
            before = self.service.cpu_ms()
            for _ in range(ASKED):
                started = time.perf_counter()
                connection.sendall(message)
                read_answer(connection)
                times.append((time.perf_counter() - started) * 1000)
            return (self.service.cpu_ms() - before) / ASKED, times


def size(value):
    """How many lines a list of an answer has."""
    if isinstance(value, list):
        return len(value)
    return max((size(part) for part in value.values()), default=0) if isinstance(value, dict) else 0


def measure(services):
    """For each question: what it costs in each city, in turns."""
    for name, who, text, variables in questions():
        askers = [Asker(service, who) for service in services]
        lines = [size(asker.ask(text, variables)) for asker in askers]
        cpu, wall = [[], []], [[], []]
        for number in range(ROUNDS + 1):
            for place, asker in enumerate(askers):
                spent, times = asker.cost(text, variables)
                # The first round warms up.
                if number:
                    cpu[place].append(spent)
                    wall[place].extend(times)
        yield name, lines, [statistics.median(spent) for spent in cpu], [statistics.median(times) for times in wall]


def settle(service):
    """Waits until what runs beside the requests, such as warnings that are due since the city was loaded, is done."""
    for _ in range(600):
        before = service.cpu_ms()
        time.sleep(1)
        if service.cpu_ms() - before < 20:
            return
    raise SystemExit("the service does not come to rest within ten minutes")


def main():
    binary, folder = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    sizes = [int(number) for number in sys.argv[3:5]] or [20_000, 2_000_000]
    cities = [city(binary, folder, cases) for cases in sizes]
    print(f"| asked | lines | CPU ms, {sizes[0]:,} | CPU ms, {sizes[1]:,} | growth | p50 ms, {sizes[0]:,} | p50 ms, {sizes[1]:,} |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    is_met = True
    with Service(binary, cities[0][0], settings=cities[0][1]) as small, Service(binary, cities[1][0], settings=cities[1][1]) as large:
        settle(small)
        settle(large)
        for name, lines, cpu, wall in measure([small, large]):
            growth = cpu[1] / cpu[0]
            is_met &= growth < MOST
            counts = str(lines[0]) if lines[0] == lines[1] else f"{lines[0]} / {lines[1]}"
            print(f"| {name} | {counts} | {cpu[0]:.2f} | {cpu[1]:.2f} | {growth:.2f} | {wall[0]:.2f} | {wall[1]:.2f} |", flush=True)
    sys.exit(not is_met)


if __name__ == "__main__":
    main()
