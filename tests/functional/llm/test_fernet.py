"""Our Fernet and Python's `cryptography` read each other's tokens, and refuse the same ones."""

import random
import subprocess
import time

from chain import DRIVER
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

VALUES = 1000


def run(*arguments: str, lines: list[str]) -> list[str]:
    done = subprocess.run([DRIVER, "fernet", *arguments], input="".join(line + "\n" for line in lines), capture_output=True, text=True, check=True)
    return done.stdout.split("\n")[:-1]


def values() -> list[bytes]:
    source = random.Random(2026)
    return [source.randbytes(source.choice([0, 1, 15, 16, 17, source.randrange(2000)])) for _ in range(VALUES)]


def text_of(line: str) -> bytes:
    return bytes.fromhex(line.removeprefix("text "))


def test_theirs_are_read_by_ours():
    key = Fernet.generate_key().decode()
    tokens = [Fernet(key).encrypt(value).decode() for value in values()]
    assert [text_of(line) for line in run("decrypt", key, lines=tokens)] == values()


def test_ours_are_read_by_theirs():
    key = Fernet.generate_key().decode()
    now = int(time.time())
    tokens = run("encrypt", key, str(now), lines=[value.hex() for value in values()])
    assert [Fernet(key).decrypt(token, ttl=60) for token in tokens] == values()
    assert {Fernet(key).extract_timestamp(token) for token in tokens} == {now}


def test_tampered_ones_are_refused_by_both():
    key = Fernet.generate_key().decode()
    source = random.Random(1)
    tampered = []
    for value in values():
        token = bytearray(Fernet(key).encrypt(value))
        at = source.randrange(len(token) - 4)  # the last characters hold bits that no byte uses
        token[at] = ord("B") if token[at] != ord("B") else ord("C")
        tampered.append(token.decode())
    assert set(run("decrypt", key, lines=tampered)) == {"refused"}
    for token in tampered:
        try:
            Fernet(key).decrypt(token)
        except InvalidToken:
            continue
        raise AssertionError(token)


def test_expired_ones_are_refused_by_both():
    key = Fernet.generate_key().decode()
    now = int(time.time())
    for age, is_good in [(0, True), (60, True), (61, False), (-60, True), (-61, False)]:
        token = Fernet(key).encrypt_at_time(b"secret", now - age).decode()
        assert (run("decrypt", key, "60", str(now), lines=[token]) != ["refused"]) == is_good, age
        try:
            Fernet(key).decrypt_at_time(token, ttl=60, current_time=now)
            theirs = True
        except InvalidToken:
            theirs = False
        assert theirs == is_good, age


def test_several_keys_mean_the_same():
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    token = Fernet(old).encrypt(b"secret").decode()
    assert run("decrypt", f"{new},{old}", lines=[token]) == ["text " + b"secret".hex()]
    assert run("decrypt", new, lines=[token]) == ["refused"]
    rotated = MultiFernet([Fernet(new), Fernet(old)]).rotate(token.encode()).decode()
    assert run("decrypt", new, lines=[rotated]) == ["text " + b"secret".hex()]
