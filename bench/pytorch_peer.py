"""One speed cell in PyTorch, for `npm run bench:peers`: prints one line of JSON.

The model is that of a speed cell of this repository with linear pooling and no dropout:

    tokens + positions -> norm -> layers x [x = norm(x + mixer(x)), x = norm(x + narrow(gelu(widen(x))))]
    -> softmax pooling by one dense layer -> dense to the classes

A training step is forward pass, cross-entropy, backward pass and Adam; an inference step is a forward pass and the loss,
without gradients. Every step ends by reading the loss. B batch, N length, D hidden, H heads, d = D / H.

    python bench/pytorch_peer.py --mixer fastformer --mode training --length 512 --batch 32
"""
import argparse
import json
import math
import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


class Heads:
    """Features as heads and back: [B, N, D] <-> [B, H, N, d]."""

    def __init__(self, heads):
        self.heads = heads

    def split(self, x):
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def merge(self, x):
        return x.transpose(1, 2).flatten(2)


class Fastformer(nn.Module):
    """Additive attention to a global query and a global key: Wu et al., equations 3 to 6; scores see the whole vector."""

    def __init__(self, sizes):
        super().__init__()
        D, self.heads, self.scale = sizes.hidden, Heads(sizes.heads), (sizes.hidden // sizes.heads) ** -0.5
        self.query, self.key, self.transform = nn.Linear(D, D), nn.Linear(D, D), nn.Linear(D, D)
        self.query_score, self.key_score = nn.Linear(D, sizes.heads), nn.Linear(D, sizes.heads)

    def pool(self, score, x):
        weights = (score(x) * self.scale).transpose(1, 2).softmax(-1)  # [B, H, N]
        return self.heads.merge(weights.unsqueeze(2) @ self.heads.split(x))  # [B, 1, D]

    def forward(self, x):
        q = self.query(x)
        p = self.key(x) * self.pool(self.query_score, q)
        return self.transform(self.pool(self.key_score, p) * q) + q


class Attention(nn.Module):
    """Query, key, value and output projections round a way to attend; what differs is `attend`."""

    def __init__(self, sizes):
        super().__init__()
        D, self.heads, self.scale = sizes.hidden, Heads(sizes.heads), (sizes.hidden // sizes.heads) ** -0.5
        self.query, self.key, self.value, self.output = (nn.Linear(D, D) for _ in range(4))

    def forward(self, x):
        q, k, v = (self.heads.split(project(x)) for project in (self.query, self.key, self.value))
        return self.output(self.heads.merge(self.attend(q, k, v)))

    def softmax(self, q, k):
        return (q @ k.transpose(-1, -2) * self.scale).softmax(-1)


class Textbook(Attention):
    """Product, softmax, product: all N x N weights in memory."""

    def attend(self, q, k, v):
        return self.softmax(q, k) @ v


class Fused(Attention):
    """PyTorch's own fused attention, which never keeps the weights."""

    def attend(self, q, k, v):
        return F.scaled_dot_product_attention(q, k, v)


class Linformer(Attention):
    """N keys and values become k slots, by one projection for both: Wang et al., section 4."""

    def __init__(self, sizes):
        super().__init__(sizes)
        self.projection = nn.Parameter(torch.randn(sizes.length, sizes.slots) * sizes.length**-0.5)

    def forward(self, x):
        shorten = lambda t: self.heads.split(self.projection.t() @ t)  # [B, H, k, d]
        q, k, v = self.heads.split(self.query(x)), shorten(self.key(x)), shorten(self.value(x))
        return self.output(self.heads.merge(self.softmax(q, k) @ v))


class Linear(Attention):
    """Features elu + 1 in place of the softmax: Katharopoulos et al., equation 5."""

    def attend(self, q, k, v):
        q, k = F.elu(q) + 1, F.elu(k) + 1
        return (q @ (k.transpose(2, 3) @ v)) / (q @ k.sum(2).unsqueeze(-1) + 1e-6)


class Longformer(Attention):
    """A sliding window of `reach` tokens to each side: blocks of that many queries see their own and both neighbouring blocks."""

    def __init__(self, sizes):
        super().__init__(sizes)
        self.reach = sizes.reach

    def attend(self, q, k, v):
        B, H, N, d = q.shape
        W, blocks = self.reach, N // self.reach
        q, k, v = (t.reshape(B, H, blocks, W, d) for t in (q, k, v))
        weights = (q @ self.near(k).transpose(-1, -2) * self.scale).masked_fill(self.hidden_pairs(N), -1e9).softmax(-1)
        return (weights @ self.near(v)).reshape(B, H, N, d)

    def near(self, t):
        padded, blocks = F.pad(t, (0, 0, 0, 0, 1, 1)), t.shape[2]
        return torch.cat([padded[:, :, start : start + blocks] for start in range(3)], 3)

    def hidden_pairs(self, N):
        W = self.reach
        query = torch.arange(W).view(1, W, 1)
        key = torch.arange(-W, 2 * W).view(1, 1, 3 * W)
        place = torch.arange(0, N, W).view(-1, 1, 1) + key
        return ((query - key).abs() > W) | (place < 0) | (place >= N)


MIXERS = dict(
    fastformer=Fastformer, textbook=Textbook, fused=Fused, linformer=Linformer, linear=Linear, longformer=Longformer
)


class Layer(nn.Module):
    """A mixer and a feed-forward network, each with residual and norm."""

    def __init__(self, sizes):
        super().__init__()
        D = sizes.hidden
        self.mixer, self.mixer_norm, self.network_norm = MIXERS[sizes.mixer](sizes), nn.LayerNorm(D), nn.LayerNorm(D)
        self.widen, self.narrow = nn.Linear(D, sizes.feed_forward), nn.Linear(sizes.feed_forward, D)

    def forward(self, x):
        x = self.mixer_norm(x + self.mixer(x))
        return self.network_norm(x + self.narrow(F.gelu(self.widen(x))))


class Classifier(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        D = sizes.hidden
        self.words, self.places = nn.Embedding(sizes.vocabulary, D), nn.Parameter(torch.zeros(sizes.length, D))
        self.norm, self.layers = nn.LayerNorm(D), nn.Sequential(*(Layer(sizes) for _ in range(sizes.layers)))
        self.score, self.head = nn.Linear(D, 1), nn.Linear(D, sizes.classes)

    def forward(self, ids):
        x = self.layers(self.norm(self.words(ids) + self.places))
        return self.head((self.score(x).softmax(1).transpose(1, 2) @ x).squeeze(1))


def step_of(sizes, model):
    """One step a call; gives its loss as a number."""
    ids = torch.randint(0, sizes.vocabulary, (sizes.batch, sizes.length))
    labels = torch.randint(0, sizes.classes, (sizes.batch,))
    adam = torch.optim.Adam(model.parameters(), lr=1e-3)

    def inference():
        with torch.no_grad():
            return F.cross_entropy(model(ids), labels).item()

    def training():
        adam.zero_grad()
        loss = F.cross_entropy(model(ids), labels)
        loss.backward()
        adam.step()
        return loss.item()

    return {"inference": inference, "training": training}[sizes.mode]


def seconds_of(step):
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def settled(times):
    """The rule of the harness: the fastest of the last two is within 5 % of the fastest of the two before."""
    if len(times) < 4:
        return False
    last, before = min(times[-2:]), min(times[-4:-2])
    return abs(last - before) <= 0.05 * before


def warm_up(step, least, most):
    times = []
    while len(times) < most and not (len(times) >= least and settled(times)):
        times.append(seconds_of(step))
    return len(times)


def peak_resident_bytes():
    """Of this process since it started; Linux counts in kilobytes, macOS in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def measure(sizes):
    torch.set_num_threads(sizes.threads)
    torch.manual_seed(sizes.seed)
    baseline = peak_resident_bytes()
    model = Classifier(sizes)
    step = step_of(sizes, model)
    warm_up_steps = warm_up(step, sizes.warmup, sizes.warmup_limit)
    samples = [seconds_of(step) for _ in range(sizes.samples)]
    loss = step()
    return dict(
        samples=samples,
        warmUpSteps=warm_up_steps,
        finalLoss=loss if math.isfinite(loss) else None,
        parameters=sum(each.numel() for each in model.parameters()),
        peakResidentBytes=peak_resident_bytes(),
        baselineResidentBytes=baseline,
    )


def sizes_of_command_line():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mixer", choices=sorted(MIXERS), required=True)
    parser.add_argument("--mode", choices=["inference", "training"], required=True)
    counts = dict(length=512, batch=32, hidden=256, heads=16, layers=2, feed_forward=1024, vocabulary=10_000, classes=5)
    counts |= dict(slots=16, reach=16, threads=2, seed=1, warmup=2, warmup_limit=12, samples=5)
    for name, value in counts.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=value)
    return parser.parse_args()


if __name__ == "__main__":
    print(json.dumps(measure(sizes_of_command_line())))
