"""The hash against the values of Kafka's own test (UtilsTest.testMurmur2)."""

import pytest

from murmur2 import murmur2


@pytest.mark.parametrize("data, signed", [
    (b"21", -973932308), (b"foobar", -790332482), (b"a-little-bit-long-string", -985981536),
    (b"a-little-bit-longer-string", -1486304829),
    (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971), (b"abc", 479470107)])
def test_hash_is_javas(data, signed):
    assert murmur2(data) == signed & 0xffffffff
