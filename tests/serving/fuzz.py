"""What the fuzzer sends as pictures: good ones, odd ones, broken ones and any bytes at all."""

from __future__ import annotations

import schemathesis
from hypothesis import strategies

from serving.openapi import BARE
from tests.frames import astronaut, empty
from tests.samples import REFUSED, encode, quadrants

_GOOD = [
    encode(astronaut()[::3, ::3], "JPEG"),
    encode(empty()[::3, ::3], "WEBP"),
    encode(quadrants(1, 1)),
]
_BAD = [content for content, _, _ in REFUSED.values()]
PICTURES = strategies.one_of(
    strategies.sampled_from(_GOOD + _BAD),
    strategies.binary(max_size=300),
    strategies.tuples(strategies.sampled_from(_GOOD), strategies.binary(max_size=30)).map(
        lambda pair: pair[0][:-200] + pair[1]
    ),
)
for kind in BARE:
    schemathesis.openapi.media_type(kind, PICTURES)
schemathesis.openapi.format("binary", PICTURES)
