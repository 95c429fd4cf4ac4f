"""A mail server that notes what it is sent and says yes when it may."""

import socketserver
import threading
from email import message_from_bytes
from types import TracebackType
from typing import Self

from tests.patience import PATIENCE


class Conversation(socketserver.StreamRequestHandler):
    """One client; as much of SMTP as Django's mail backend speaks."""

    server: "MailServer"

    def handle(self) -> None:
        """Answer every command; a client that is killed just stops talking."""
        self._say("220 test")
        while line := self.rfile.readline():
            command = line.strip().upper()
            if command == b"DATA":
                self._say("354 go on")
                self._take()
            elif command.startswith(b"RCPT TO:") and self.server.refused.upper().encode() in command:
                self._say("550 there is no such person")
                continue
            elif command == b"QUIT":
                return self._say("221 bye")
            self._say("250 yes")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        message = message_from_bytes(b"".join(lines))
        self.server.messages.append((str(message["Message-ID"]), str(message["To"])))
        self.server.gate.wait(PATIENCE)

    def _say(self, line: str) -> None:
        try:
            self.wfile.write(f"{line}\r\n".encode())
        except OSError:
            pass  # the client has died, as it was meant to


class MailServer(socketserver.ThreadingTCPServer):
    """On a free port of this machine; `messages` holds (id, recipient) in the order in which they came.

    It wants no message to the address `refused`.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.messages: list[tuple[str, str]] = []
        self.refused = "nobody@example.com"
        self.gate = threading.Event()

    @property
    def url(self) -> str:
        """For EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=[0.05], daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.gate.set()
        self.shutdown()
        self.server_close()
