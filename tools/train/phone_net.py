"""A small transformer over the phones of a recording (after GOPT: Gong et al., "Transformer-based multi-aspect multi-granularity non-native
English speaker pronunciation assessment", ICASSP 2022), trained on all ratings at once.

Input: the measurements of each phone, the mean encoder output over it, and the measurements of the whole recording. Output: a score a
phone (0-2), a word (0-10), and four of the recording (0-10).
"""
import dataclasses
import math
import random

import numpy as np
import torch
from torch import nn

import corpus
from measurements import Measured

ASPECTS = len(corpus.ASPECTS)
CLIP = 5.0        # standard deviations beyond which a measurement says no more
FAR = 8           # phones beyond which the distance counts no more
LEAST_SCALE = 1e-3
BATCH = 16
CENTRES = (1.85, 8.5, 7.3)  # of phone, word and aspect ratings
SCALES = (0.4, 2.5, 1.4)


@dataclasses.dataclass(frozen=True)
class Settings:
    width: int = 64
    encoding_width: int = 48
    heads: int = 4
    layers: int = 2
    inner: int = 128
    whole_width: int = 32
    dropout: float = 0.15
    encoding_dropout: float = 0.3
    epochs: int = 14
    peak_rate: float = 2e-3
    weight_decay: float = 0.05
    loss_weights: tuple[float, float, float] = (1.0, 0.5, 1.0)


class Block(nn.Module):
    """Pre-norm self-attention with a learnt bias a head and distance, then a feed-forward layer."""

    def __init__(self, s: Settings):
        super().__init__()
        self.heads = s.heads
        self.n1 = nn.LayerNorm(s.width)
        self.qkv = nn.Linear(s.width, 3 * s.width)
        self.distance = nn.Parameter(torch.zeros(s.heads, 2 * FAR + 1))
        self.o = nn.Linear(s.width, s.width)
        self.n2 = nn.LayerNorm(s.width)
        self.f1 = nn.Linear(s.width, s.inner)
        self.f2 = nn.Linear(s.inner, s.width)
        self.dropout = nn.Dropout(s.dropout)

    def forward(self, x: torch.Tensor, is_phone: torch.Tensor) -> torch.Tensor:
        batch, length, width = x.shape
        q, k, v = self.qkv(self.n1(x)).view(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        place = torch.arange(length)
        distance = (place[None] - place[:, None]).clamp(-FAR, FAR) + FAR
        logits = q @ k.transpose(-1, -2) / math.sqrt(width // self.heads) + self.distance[:, distance]
        attention = logits.masked_fill(~is_phone[:, None, None], -1e9).softmax(-1)
        x = x + self.dropout(self.o((attention @ v).transpose(1, 2).reshape(batch, length, width)))
        return x + self.dropout(self.f2(nn.functional.gelu(self.f1(self.n2(x)))))


def _scorer(inputs: int, inner: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inputs, inner), nn.GELU(), nn.Linear(inner, 1))


class PhoneNet(nn.Module):
    def __init__(self, phone_features: int, encoding_dim: int, whole_features: int, s: Settings):
        super().__init__()
        self.encoding_norm = nn.LayerNorm(encoding_dim)
        self.encoding = nn.Linear(encoding_dim, s.encoding_width)
        self.input = nn.Linear(phone_features + s.encoding_width, s.width)
        self.blocks = nn.ModuleList(Block(s) for _ in range(s.layers))
        self.norm = nn.LayerNorm(s.width)
        self.phone = _scorer(s.width, s.width)
        self.word_attention = nn.Linear(s.width, 1)
        self.word = _scorer(2 * s.width, s.width)
        self.aspect_attention = nn.Linear(s.width, ASPECTS)
        self.whole = nn.Linear(whole_features, s.whole_width)
        self.aspects = nn.ModuleList(_scorer(s.width + s.whole_width, s.whole_width) for _ in range(ASPECTS))
        self.dropout = nn.Dropout(s.dropout)
        self.encoding_dropout = nn.Dropout(s.encoding_dropout)

    def forward(self, b: "Batch") -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Standardised scores [batch, phones], [batch, words], [batch, aspects]."""
        encoding = self.encoding_dropout(self.encoding(self.encoding_norm(b.encodings)))
        x = self.dropout(self.input(torch.cat([b.phones, encoding], -1)))
        for block in self.blocks:
            x = block(x, b.is_phone)
        x = self.norm(x)
        phone = self.phone(x)[..., 0]

        outside = b.in_word < 0.5
        attention = self.word_attention(x)[..., 0][:, None].masked_fill(outside, -1e9).softmax(-1)
        mean = b.in_word @ x / b.in_word.sum(-1, keepdim=True).clamp(min=1)
        word = self.word(torch.cat([attention @ x, mean], -1))[..., 0]

        attention = self.aspect_attention(x).masked_fill(~b.is_phone[..., None], -1e9).softmax(1)
        heard = torch.einsum("bpa,bpw->baw", attention, x)
        whole = self.dropout(nn.functional.gelu(self.whole(b.whole)))
        aspects = torch.cat([scorer(torch.cat([heard[:, a], whole], -1)) for a, scorer in enumerate(self.aspects)], -1)
        return phone, word, aspects


@dataclasses.dataclass
class Batch:
    phones: torch.Tensor     # [batch, phones, features]
    encodings: torch.Tensor  # [batch, phones, dim]
    is_phone: torch.Tensor   # [batch, phones]
    in_word: torch.Tensor    # [batch, words, phones], 1 where the phone belongs to the word
    whole: torch.Tensor      # [batch, features]
    phone_ratings: torch.Tensor
    word_ratings: torch.Tensor
    is_word: torch.Tensor
    aspect_ratings: torch.Tensor


@dataclasses.dataclass(frozen=True)
class Standard:
    """Mean and deviation of every measurement among the recordings trained on."""

    phone_mean: np.ndarray
    phone_scale: np.ndarray
    whole_mean: np.ndarray
    whole_scale: np.ndarray

    @staticmethod
    def of(recordings: list[Measured]) -> "Standard":
        phones = np.concatenate([r.phones for r in recordings])
        whole = np.stack([r.whole for r in recordings])
        return Standard(phones.mean(0), phones.std(0) + LEAST_SCALE, whole.mean(0), whole.std(0) + LEAST_SCALE)


def _batch(recordings: list[Measured], standard: Standard) -> Batch:
    longest = max(len(r.classes) for r in recordings)
    words = max(len(r.words) for r in recordings)
    rows = len(recordings)
    b = Batch(torch.zeros(rows, longest, len(standard.phone_mean)), torch.zeros(rows, longest, recordings[0].encodings.shape[1]),
              torch.zeros(rows, longest, dtype=torch.bool), torch.zeros(rows, words, longest), torch.zeros(rows, len(standard.whole_mean)),
              torch.zeros(rows, longest), torch.zeros(rows, words), torch.zeros(rows, words, dtype=torch.bool), torch.zeros(rows, ASPECTS))
    for i, r in enumerate(recordings):
        n = len(r.classes)
        b.phones[i, :n] = torch.from_numpy(np.clip((r.phones - standard.phone_mean) / standard.phone_scale, -CLIP, CLIP))
        b.encodings[i, :n] = torch.from_numpy(r.encodings)
        b.is_phone[i, :n] = True
        b.in_word[i, torch.from_numpy(r.word_of_phone), torch.arange(n)] = 1
        b.whole[i] = torch.from_numpy(np.clip((r.whole - standard.whole_mean) / standard.whole_scale, -CLIP, CLIP))
        if r.utterance.aspects is None:
            continue
        b.phone_ratings[i, :n] = torch.from_numpy((r.phone_ratings - CENTRES[0]) / SCALES[0])
        b.word_ratings[i, : len(r.words)] = torch.from_numpy((r.word_ratings - CENTRES[1]) / SCALES[1])
        b.is_word[i, : len(r.words)] = True
        b.aspect_ratings[i] = torch.from_numpy((r.aspect_ratings - CENTRES[2]) / SCALES[2])
    return b


def train(recordings: list[Measured], standard: Standard, s: Settings, seed: int) -> PhoneNet:
    torch.manual_seed(seed)
    shuffle = random.Random(seed)
    net = PhoneNet(len(standard.phone_mean), recordings[0].encodings.shape[1], len(standard.whole_mean), s)
    optimiser = torch.optim.AdamW(net.parameters(), s.peak_rate, weight_decay=s.weight_decay)
    steps = s.epochs * -(-len(recordings) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, s.peak_rate, total_steps=steps, pct_start=0.15)
    net.train()
    for _ in range(s.epochs):
        ordered = sorted(recordings, key=lambda r: len(r.classes) + shuffle.random() * 6)
        batches = [ordered[i : i + BATCH] for i in range(0, len(ordered), BATCH)]
        shuffle.shuffle(batches)
        for recordings_of_batch in batches:
            b = _batch(recordings_of_batch, standard)
            phone, word, aspects = net(b)
            losses = (((phone - b.phone_ratings)[b.is_phone] ** 2).mean(), ((word - b.word_ratings)[b.is_word] ** 2).mean(),
                      ((aspects - b.aspect_ratings) ** 2).mean())
            loss = sum(weight * part for weight, part in zip(s.loss_weights, losses))
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            schedule.step()
    return net.eval()


def predict(net: PhoneNet, standard: Standard, recordings: list[Measured]) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Scores of the phones, the words, the aspects of each recording, on the raters' scales."""
    results = []
    with torch.no_grad():
        for r in recordings:
            scores = net(_batch([r], standard))
            results.append(tuple(part[0].numpy() * scale + centre for part, centre, scale in zip(scores, CENTRES, SCALES)))
    return results


def tensors(net: PhoneNet) -> dict[str, np.ndarray]:
    """As the program reads them: the raters' scales are part of the last layers."""
    state = {name: value.numpy().astype(np.float64) for name, value in net.state_dict().items()}
    outputs = {"phone.2": 0, "word.2": 1} | {f"aspects.{a}.2": 2 for a in range(ASPECTS)}
    for layer, kind in outputs.items():
        state[f"{layer}.weight"] *= SCALES[kind]
        state[f"{layer}.bias"] = state[f"{layer}.bias"] * SCALES[kind] + CENTRES[kind]
    return {name: value.astype(np.float32) for name, value in state.items()}
