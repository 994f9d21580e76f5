"""The fuzzer's photos: valid, unusual and broken ones, and random bytes."""

from __future__ import annotations

import schemathesis
from hypothesis import strategies

from serving.openapi import PHOTO_TYPES
from tests.frames import astronaut, empty
from tests.samples import REFUSED, encode, quadrants

_VALID = [
    encode(astronaut()[::3, ::3], "JPEG"),
    encode(empty()[::3, ::3], "WEBP"),
    encode(quadrants(1, 1)),
]
_BROKEN = [content for content, _, _ in REFUSED.values()]
PHOTOS = strategies.one_of(
    strategies.sampled_from(_VALID + _BROKEN),
    strategies.binary(max_size=300),
    strategies.tuples(strategies.sampled_from(_VALID), strategies.binary(max_size=30)).map(
        lambda pair: pair[0][:-200] + pair[1]
    ),
)
for kind in PHOTO_TYPES:
    schemathesis.openapi.media_type(kind, PHOTOS)
schemathesis.openapi.format("binary", PHOTOS)
