"""What a stranger can throw at the service, over HTTP and over a socket."""

import base64
import json
import os
import socket
import struct

from service import operation, post, read_answer


def doubling(levels=30):
    """Each fragment spreads the next one twice: 2^30 fields when followed."""
    fragments = [f"fragment F{n} on Query{{...F{n + 1} ...F{n + 1}}}" for n in range(levels)]
    return "{...F0}" + " ".join(fragments) + f" fragment F{levels} on Query{{__typename}}"


def aliases(count=10_000):
    return "{" + " ".join(f"a{n}:__typename" for n in range(count)) + "}"


def tokens(size=999_000):
    """As many one-letter tokens as fit into the largest body."""
    return "{" + "a " * ((size - 40) // 2) + "}"


KINDS = [("fragments doubling 30 levels", doubling()), ("10,000 aliases", aliases()), ("1 MB of tokens", tokens())]


def over_http(service, query):
    """What the service says: the status and the first error's code."""
    status, body = service.request(post(operation(query), "Connection: close\r\n"))
    return f"{status} {code_of(json.loads(body).get('errors'))}"


def code_of(errors):
    return (errors or [{}])[0].get("extensions", {}).get("code", "answered")


class Socket:
    """Just enough of a WebSocket client, speaking graphql-transport-ws."""

    def __init__(self, service):
        self.connection = service.connect()
        key = base64.b64encode(os.urandom(16)).decode()
        self.connection.sendall(
            f"GET /graphql HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n".encode()
        )
        status, self.buffer = read_answer(self.connection)
        if status != 101:
            raise ConnectionError(f"no upgrade: {status}")
        self.send({"type": "connection_init", "payload": {}})
        hello = self.receive()
        if hello != {"type": "connection_ack"}:
            raise ConnectionError(f"not acknowledged: {hello}")

    def send(self, message):
        data = json.dumps(message, separators=(",", ":")).encode()
        mask = os.urandom(4)
        size = len(data)
        length = struct.pack("!BB", 0x81, 0x80 | size) if size < 126 else (
            struct.pack("!BBH", 0x81, 0xFE, size) if size < 65536 else struct.pack("!BBQ", 0x81, 0xFF, size)
        )
        stream = (mask * (size // 4 + 1))[:size]
        masked = (int.from_bytes(data, "big") ^ int.from_bytes(stream, "big")).to_bytes(size, "big")
        self.connection.sendall(length + mask + masked)

    def take(self, count):
        while len(self.buffer) < count:
            piece = self.connection.recv(65536)
            if not piece:
                raise ConnectionError("closed")
            self.buffer += piece
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def receive(self):
        """The next message, or the code with which the service closes."""
        while True:
            first, second = self.take(2)
            size = second & 0x7F
            if size == 126:
                size = struct.unpack("!H", self.take(2))[0]
            elif size == 127:
                size = struct.unpack("!Q", self.take(8))[0]
            data = self.take(size)
            if first & 0x0F == 1:
                return json.loads(data)
            if first & 0x0F == 8:
                return {"type": "close", "code": struct.unpack("!H", data[:2])[0]}

    def attack(self, query):
        try:
            self.send({"type": "subscribe", "id": "1", "payload": {"query": query}})
        except OSError:
            pass  # Cut while sending; the reason may still be read.
        try:
            heard = self.receive()
        except OSError:
            return "cut"
        if heard["type"] == "close":
            return f"closed {heard['code']}"
        return code_of(heard["payload"]) if heard["type"] == "error" else heard["type"]

    def close(self):
        self.connection.close()


def large_body(service, megabytes=20):
    """Sends a body of 20 MB without saying its length; gives back the status and the megabytes it took to be refused."""
    with service.connect() as connection:
        head = "POST /graphql HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head.encode())
        chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
        sent = 0
        try:
            while sent < megabytes << 20:
                connection.sendall(chunk)
                sent += 65536
                connection.setblocking(False)
                try:
                    if connection.recv(1, socket.MSG_PEEK):
                        break
                except BlockingIOError:
                    pass
                finally:
                    connection.setblocking(True)
        except OSError:
            pass
        status, _ = read_answer(connection)
        return status, sent / 1e6
