"""A TCP proxy that behaves like a bad mobile network: it delays, throttles, cuts writes into pieces that come late, and hangs up."""

import contextlib
import random
import socket
import threading
import time
from dataclasses import dataclass


@dataclass
class Weather:
    delay_s: tuple[float, float] = (0.0, 0.0)  # of each piece, between these
    bytes_per_s: float = 0.0  # 0: as fast as it goes
    max_piece: int = 65536  # a write is cut into pieces of 1 to so many bytes
    hang_up_after: tuple[int, int] = (0, 0)  # bytes from the client, between these; 0: never


class BadNetwork:
    def __init__(self, port: int, weather: Weather, seed: int = 1):
        self.target = port
        self.weather = weather
        self.random = random.Random(seed)
        self.patience = random.Random(seed)  # of its own: the pieces' sizes hang on when bytes come
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.hang_ups = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            low, high = self.weather.hang_up_after
            budget = self.patience.randint(low, high) if high else 0
            for source, sink, limit in ((client, server, budget), (server, client, 0)):
                threading.Thread(target=self._carry, args=(source, sink, limit), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, limit: int) -> None:
        carried = 0
        weather = self.weather
        try:
            while data := source.recv(65536):
                while data:
                    most = min(weather.max_piece, len(data), limit - carried if limit else len(data))
                    size = self.random.randint(1, most)
                    piece, data = data[:size], data[size:]
                    pause = self.random.uniform(*weather.delay_s) + (size / weather.bytes_per_s if weather.bytes_per_s else 0)
                    if pause > 0.0005:
                        time.sleep(pause)
                    sink.sendall(piece)
                    carried += size
                    if limit and carried >= limit:
                        self.hang_ups += 1
                        return
        except OSError:
            pass
        finally:
            # Hung up, not said goodbye: what is under way is lost. The other direction's thread may have been first.
            for end in (source, sink):
                with contextlib.suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
                end.close()
