"""The mel filter bank that Whisper was trained with: Slaney's scale (Auditory Toolbox, 1998), each filter of area one."""

import numpy as np

# Linear up to 1000 Hz, 15 mel, and logarithmic above: 27 mel for each factor of 6.4.
_HZ_PER_MEL = 200.0 / 3.0
_BREAK_HZ = 1000.0
_BREAK_MEL = 15.0
_LOG_STEP = np.log(6.4) / 27.0


def _hz_to_mel(hz: float) -> float:
    return _BREAK_MEL + np.log(hz / _BREAK_HZ) / _LOG_STEP if hz >= _BREAK_HZ else hz / _HZ_PER_MEL


def _mel_to_hz(mel: np.ndarray) -> np.ndarray:
    return np.where(mel >= _BREAK_MEL, _BREAK_HZ * np.exp(_LOG_STEP * (mel - _BREAK_MEL)), mel * _HZ_PER_MEL)


def mel_filters(bands: int, sample_rate_hz: int = 16000, fft_length: int = 400) -> np.ndarray:
    """Triangular filters, float32 [bands, fft_length / 2 + 1]: power spectrum -> mel spectrum."""
    bin_hz = np.linspace(0, sample_rate_hz / 2, fft_length // 2 + 1)
    edges_hz = _mel_to_hz(np.linspace(_hz_to_mel(0.0), _hz_to_mel(sample_rate_hz / 2), bands + 2))
    distance_hz = edges_hz[:, None] - bin_hz
    width_hz = np.diff(edges_hz)[:, None]
    rising = -distance_hz[:-2] / width_hz[:-1]
    falling = distance_hz[2:] / width_hz[1:]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return (triangles * (2.0 / (edges_hz[2:] - edges_hz[:-2]))[:, None]).astype(np.float32)
