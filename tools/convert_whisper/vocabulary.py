"""The text tokens of a Hugging Face byte-level BPE tokenizer, as the bytes they stand for."""


def _byte_of_symbol() -> dict[str, int]:
    """Byte-level BPE writes each byte as one printable character (GPT-2, Radford et al. 2019): the way back.

    Printable Latin-1 bytes stand for themselves, the others for the characters from U+0100 on, in order.
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    symbols = {chr(byte): byte for byte in printable}
    symbols.update({chr(0x100 + i): byte for i, byte in enumerate(others)})
    return symbols


def text_tokens(tokenizer: dict, count: int) -> list[bytes]:
    """The first `count` tokens of a parsed tokenizer.json, in order of their ids: those that stand for text."""
    byte_of = _byte_of_symbol()
    by_id = {token_id: token for token, token_id in tokenizer["model"]["vocab"].items()}
    return [bytes(byte_of[symbol] for symbol in by_id[token_id]) for token_id in range(count)]
