"""The binary under measurement: started on a free port, watched through /proc, stopped."""

import json
import os
import signal
import socket
import subprocess
import time

HEADERS = "Content-Type: application/json\r\nAccept: application/graphql-response+json\r\n"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Service:
    """A running service; `ready_ms` is the time from its start to the first 200 of /readyz."""

    def __init__(self, binary, folder, command="serve", settings=None):
        self.port = free_port()
        arguments = [binary, command, "--data-dir", folder, "--listen", f"127.0.0.1:{self.port}"]
        environment = {"PATH": "/usr/bin:/bin", **(settings or {})}
        started = time.perf_counter()
        self.process = subprocess.Popen(
            arguments, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        while not self.is_ready():
            if self.process.poll() is not None:
                raise SystemExit(f"{command} ended: {self.process.stderr.read().decode()}")
            if time.perf_counter() - started > 60:
                raise SystemExit(f"{command} is not ready after a minute")
            time.sleep(0.001)
        self.ready_ms = (time.perf_counter() - started) * 1000

    def is_ready(self):
        try:
            return self.request("GET /readyz HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n".encode())[0] == 200
        except OSError:
            return False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def request(self, message):
        """Sends bytes on a connection of their own; gives back status and body."""
        with self.connect() as connection:
            connection.sendall(message)
            return read_answer(connection)

    def cpu_ms(self):
        """Processor time of all threads so far, from the scheduler's nanoseconds."""
        folder = f"/proc/{self.process.pid}/task"
        total = 0
        for thread in os.listdir(folder):
            with open(f"{folder}/{thread}/schedstat", encoding="ascii") as file:
                total += int(file.read().split()[0])
        return total / 1e6

    def memory_mb(self):
        """Resident memory, and the part of it that is not a mapped file."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            fields = dict(line.split(":", 1) for line in file)
        return tuple(int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon"))


def post(body, more=""):
    head = f"POST /graphql HTTP/1.1\r\nHost: bench\r\n{HEADERS}{more}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def operation(query):
    return json.dumps({"query": query}, separators=(",", ":")).encode()


def read_answer(connection):
    """Status and body of one HTTP/1.1 answer of known length."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionError("no answer")
        data += piece
    head, body = data.split(b"\r\n\r\n", 1)
    lines = head.decode("latin-1").split("\r\n")
    length = next((int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")), 0)
    while len(body) < length:
        piece = connection.recv(65536)
        if not piece:
            break
        body += piece
    return int(lines[0].split()[1]), body
