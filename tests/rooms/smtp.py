"""A mail server on loopback that keeps what it takes and refuses some receivers."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Thread


@dataclass
class Post:
    """Where the server listens, whom it does not know, and what it took."""

    port: int = 0
    unknown: set[str] = field(default_factory=set)
    taken: list[EmailMessage] = field(default_factory=list)


@contextmanager
def server() -> Iterator[Post]:
    """The server, for as long as it is needed."""
    post = Post()

    class Handler(socketserver.StreamRequestHandler):
        """One conversation, as RFC 5321 has it at its least."""

        def handle(self) -> None:
            self.say("220 post")
            while line := self.rfile.readline().decode().strip():
                if line.upper() == "DATA":
                    self.say("354 go on")
                    lines = iter(self.rfile.readline, b".\r\n")
                    message = message_from_bytes(b"".join(lines), _class=EmailMessage, policy=default)
                    post.taken.append(message)
                refused = line.upper().startswith("RCPT") and line[line.index("<") + 1 : -1] in post.unknown
                self.say("221 bye" if line.upper() == "QUIT" else "550 unknown" if refused else "250 ok")

        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as listening:
        post.port = listening.server_address[1]
        Thread(target=listening.serve_forever, daemon=True).start()
        yield post
        listening.shutdown()
