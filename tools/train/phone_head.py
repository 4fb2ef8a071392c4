"""The phone head: a small convolutional network over the frozen encoder's output, trained by CTC on canonical phones.

Phones that the raters heard as wrong or missing (rated below 0.5 of 2) are left out of the target: the head shall not learn to hear
them where they were not spoken.
"""
import dataclasses
import pathlib
import random

import numpy as np
import torch
from torch import nn

import container
import corpus
from corpus import Utterance
from encoder_cache import Encodings

HEARD_FROM = 0.5      # rating, 0-2
FADED_FRAMES = 8      # the longest stretch of frames blanked in training
FADED_STRETCHES = 2
BATCH = 16


@dataclasses.dataclass(frozen=True)
class Settings:
    width: int = 128
    kernel: int = 5
    layers: int = 2
    dropout: float = 0.2
    peak_rate: float = 2e-3
    weight_decay: float = 0.02


class PhoneHead(nn.Module):
    """[batch, frames, dim] -> natural logarithms of the classes' probabilities, [batch, frames, CLASSES]."""

    def __init__(self, dim: int, settings: Settings):
        super().__init__()
        self.ln = nn.LayerNorm(dim)
        self.p = nn.Linear(dim, settings.width)
        self.c = nn.ModuleList(
            nn.Conv1d(settings.width, settings.width, settings.kernel, padding=settings.kernel // 2) for _ in range(settings.layers))
        self.o = nn.Linear(settings.width, corpus.CLASSES)
        self.dropout = nn.Dropout(settings.dropout)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        hidden = self.dropout(nn.functional.gelu(self.p(self.ln(x)))).transpose(1, 2)
        for layer in self.c:
            hidden = hidden + self.dropout(nn.functional.gelu(layer(hidden)))
        return self.o(hidden.transpose(1, 2)).log_softmax(-1)

    def tensors(self) -> dict[str, np.ndarray]:
        """As the program reads them; matrices as 16-bit floats."""
        arrays = {}
        for name, value in self.state_dict().items():
            parts = name.split(".")
            name = f"c{int(parts[1]) + 1}.{parts[2]}" if parts[0] == "c" else name
            arrays[name] = value.numpy().astype(np.float16 if value.ndim > 1 else np.float32)
        return arrays


def spoken_phones(utterance: Utterance) -> list[int]:
    if utterance.phone_ratings is None:
        return list(utterance.phones)
    heard = [phone for phone, rating in zip(utterance.phones, utterance.phone_ratings) if rating >= HEARD_FROM]
    return heard or list(utterance.phones)


def _batches(utterances: list[Utterance], encodings: Encodings, shuffle: random.Random) -> list[list[Utterance]]:
    """Recordings of like length together, in a random order."""
    ordered = sorted(utterances, key=lambda u: encodings.frames(u.name) + shuffle.random() * 20)
    batches = [ordered[i : i + BATCH] for i in range(0, len(ordered), BATCH)]
    shuffle.shuffle(batches)
    return batches


def _padded(batch: list[Utterance], encodings: Encodings, shuffle: random.Random) -> tuple[torch.Tensor, torch.Tensor]:
    lengths = [encodings.frames(u.name) for u in batch]
    x = torch.zeros(len(batch), max(lengths), encodings.dim)
    for row, utterance, length in zip(x, batch, lengths):
        row[:length] = torch.from_numpy(encodings[utterance.name])
        for _ in range(FADED_STRETCHES):
            faded = shuffle.randint(1, FADED_FRAMES)
            start = shuffle.randint(0, max(0, length - faded))
            row[start : start + faded] = 0
    return x, torch.tensor(lengths)


def train(utterances: list[Utterance], encodings: Encodings, epochs: int, seed: int, settings: Settings = Settings(),
          start: PhoneHead | None = None) -> PhoneHead:
    """A new head, or `start` trained further (at a quarter of the rate, in place)."""
    torch.manual_seed(seed)
    shuffle = random.Random(seed)
    head = start or PhoneHead(encodings.dim, settings)
    rate = settings.peak_rate if start is None else settings.peak_rate / 4
    optimiser = torch.optim.AdamW(head.parameters(), rate, weight_decay=settings.weight_decay)
    steps = epochs * -(-len(utterances) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps)
    ctc = nn.CTCLoss(blank=corpus.BLANK, zero_infinity=True)
    head.train()
    for _ in range(epochs):
        for batch in _batches(utterances, encodings, shuffle):
            x, lengths = _padded(batch, encodings, shuffle)
            targets = [spoken_phones(u) for u in batch]
            log_probabilities = head(x).transpose(0, 1)
            loss = ctc(log_probabilities, torch.tensor(sum(targets, [])), lengths, torch.tensor([len(t) for t in targets]))
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(head.parameters(), 5.0)
            optimiser.step()
            schedule.step()
    return head.eval()


def load(path: pathlib.Path, settings: Settings = Settings()) -> PhoneHead:
    """A head as the program reads it, matrices rounded to 16 bits."""
    tensors, _ = container.read(path)
    head = PhoneHead(tensors["p.weight"].shape[1], settings)
    state = {f"c.{int(name[1:name.index('.')]) - 1}{name[name.index('.'):]}" if name.startswith("c") else name: torch.from_numpy(value).float()
             for name, value in tensors.items()}
    head.load_state_dict(state)
    return head.eval()
