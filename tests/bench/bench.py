"""Measures and judges: bench.py BINARY FOLDER. Started by tests/bench/run."""

import multiprocessing
import os
import statistics
import subprocess
import sys
import time

import attacks
from bystander import pace, percentile
from service import Service

BEST_OF = 5
ATTACK_CPU_MS = 100
# The attacker is one address; the limits of visitors would hide what an operation costs.
UNLIMITED = {"ZHILITONG__LIMITS__ANONYMOUS_PER_MINUTE": "1000000", "ZHILITONG__LOG__LEVEL": "error"}

ROWS = []


def row(what, aim, figure, is_met):
    ROWS.append((what, aim, figure, "ok" if is_met else "MISSED"))
    print(f"   {what}: {figure}", file=sys.stderr)


def say(words):
    print(f"== {words}", file=sys.stderr)


def seeded(binary, folder, profile):
    """A folder with a town; kept between runs when the folder is."""
    place = os.path.join(folder, profile)
    if not os.path.exists(os.path.join(place, "zhilitong.db")):
        for command in (["migrate"], ["seed", "--profile", profile]):
            started = time.perf_counter()
            subprocess.run([binary, *command, "--data-dir", place], check=True, capture_output=True)
            took = time.perf_counter() - started
        if profile == "full":
            row("seed --profile full", "< 60 s", f"{took:.1f} s", took < 60)
    return place


def start_up(binary, folder):
    say("start-up and idle memory")
    for profile in ("small", "full"):
        place = seeded(binary, folder, profile)
        times, memory = [], []
        for _ in range(BEST_OF):
            with Service(binary, place, settings=UNLIMITED) as service:
                times.append(service.ready_ms)
        with Service(binary, place, settings=UNLIMITED) as service:
            time.sleep(5)
            memory = service.memory_mb()
        best = min(times)
        figure = f"{best:.0f} ms (median {statistics.median(times):.0f})"
        row(f"/readyz, existing SQLite file, {profile} town", "< 300 ms", figure, best < 300)
        figure = f"{memory[0]:.1f} MB ({memory[1]:.1f} anonymous)"
        row(f"resident memory after 5 s idle, {profile} town", "< 60 MB", figure, memory[0] < 60)
    times = []
    for number in range(BEST_OF):
        place = os.path.join(folder, f"empty-{os.getpid()}-{number}")
        with Service(binary, place, command="demo", settings=UNLIMITED) as service:
            times.append(service.ready_ms)
    best = min(times)
    figure = f"{best:.0f} ms (median {statistics.median(times):.0f})"
    row("/readyz, empty: migrations and small town", "< 5,000 ms", figure, best < 5000)


def cost(service, attack):
    """Processor time of one attack: the median of five, and what was answered."""
    times, answers = [], set()
    for _ in range(BEST_OF):
        before = service.cpu_ms()
        answers.add(attack())
        # What a refusal leaves behind is part of its price.
        time.sleep(0.2)
        times.append(service.cpu_ms() - before)
    return statistics.median(times), max(times), ", ".join(sorted(answers))


def by_socket(service, query):
    def attack():
        socket = attacks.Socket(service)
        try:
            return socket.attack(query)
        finally:
            socket.close()

    return attack


def attack_cost(service):
    say("processor time of attacks")
    for name, query in attacks.KINDS:
        for way, attack in (
            ("HTTP", lambda query=query: attacks.over_http(service, query)),
            ("socket", by_socket(service, query)),
        ):
            median, worst, answer = cost(service, attack)
            is_refused = "answered" not in answer and "next" not in answer
            figure = f"{median:.1f} ms (worst {worst:.1f}), {answer}"
            row(f"{name}, {way}", f"< {ATTACK_CPU_MS} ms CPU, refused", figure, median < ATTACK_CPU_MS and is_refused)


def keep_attacking(service, stop):
    """All kinds in turn, over both ways, without pause, until told to stop."""
    while not stop.is_set():
        for _, query in attacks.KINDS:
            attacks.over_http(service, query)
            by_socket(service, query)()


def bystander(service):
    say("a bystander's pace")
    pace(service, 1)
    before = pace(service, 8)
    stop = multiprocessing.Event()
    attacker = multiprocessing.Process(target=keep_attacking, args=(service, stop))
    attacker.start()
    during = pace(service, 8)
    stop.set()
    attacker.join()
    fast, slow = percentile(before, 0.5), percentile(before, 0.99)
    row("a bystander's query before", "–", f"p50 {fast:.1f} ms, p99 {slow:.1f} ms, {len(before)} answers", True)
    p50, p99 = percentile(during, 0.5), percentile(during, 0.99)
    figure = f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, {len(during)} answers"
    row("the same while one client attacks without pause", "p50 < 2 ×, p99 < 100 ms", figure, p50 < 2 * fast and p99 < 100)


def bodies(service):
    say("bodies too large and too slow")
    before = service.cpu_ms()
    status, sent = attacks.large_body(service)
    time.sleep(0.2)
    cpu = service.cpu_ms() - before
    figure = f"{status} after {sent:.1f} MB sent, {cpu:.1f} ms CPU"
    row("body of 20 MB, limit 1 MB", "413 at the limit", figure, status == 413 and sent < 10)
    with service.connect() as connection:
        head = "POST /graphql HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
        started = time.perf_counter()
        connection.sendall(head.encode())
        status = 0
        connection.settimeout(0.5)
        while not status and time.perf_counter() - started < 20:
            try:
                status, _ = attacks.read_answer(connection)
            except TimeoutError:
                connection.sendall(b" ")
        took = time.perf_counter() - started
    row("body of one byte in half a second, limit 10 s", "408 at 10 s", f"{status} after {took:.1f} s", status == 408 and took < 12)


def table():
    head = ("what", "aim", "figure", "verdict")
    widths = [max(len(line[column]) for line in [head, *ROWS]) for column in range(4)]
    for line in [head, tuple("-" * width for width in widths), *ROWS]:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |")


def main():
    binary, folder = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    start_up(binary, folder)
    with Service(binary, seeded(binary, folder, "full"), settings=UNLIMITED) as service:
        time.sleep(1)
        attack_cost(service)
        bystander(service)
        bodies(service)
    table()
    sys.exit(any(verdict == "MISSED" for *_, verdict in ROWS))


if __name__ == "__main__":
    main()
