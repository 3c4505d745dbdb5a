"""Where Java's producer puts a key, after Austin Appleby's MurmurHash2.

    partition(b"21", 3)
"""

import functools

SEED = 0x9747b28c
M = 0x5bd1e995
BITS = 0xffffffff


def murmur2(data):
    """As an unsigned number."""
    state = SEED ^ len(data)
    whole = len(data) & ~3
    for place in range(0, whole, 4):
        word = int.from_bytes(data[place:place + 4], "little") * M & BITS
        state = (state * M & BITS) ^ ((word ^ word >> 24) * M & BITS)
    if len(data) > whole:
        state = (state ^ int.from_bytes(data[whole:], "little")) * M & BITS
    state = (state ^ state >> 13) * M & BITS
    return state ^ state >> 15


@functools.lru_cache(100_000)
def partition(key, partitions):
    return (murmur2(key) & 0x7fffffff) % partitions
