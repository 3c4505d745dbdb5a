r"""PCRE2 itself, over whole texts: DESIGN §5 names its syntax, so its library is the measure.

    Pattern(r"\bSDN\s+list\b").find_all("an SDN list")      # [(3, 11)]
"""

import ctypes
import ctypes.util

LIBRARY = ctypes.CDLL(ctypes.util.find_library("pcre2-8") or "libpcre2-8.so.0")
UTF, UCP = 0x00080000, 0x00020000
NO_MATCH = -1

_pointer, _size, _number = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_uint32
LIBRARY.pcre2_compile_8.restype = _pointer
LIBRARY.pcre2_compile_8.argtypes = [ctypes.c_char_p, _size, _number, ctypes.POINTER(ctypes.c_int),
                                    ctypes.POINTER(_size), _pointer]
LIBRARY.pcre2_match_data_create_from_pattern_8.restype = _pointer
LIBRARY.pcre2_match_data_create_from_pattern_8.argtypes = [_pointer, _pointer]
LIBRARY.pcre2_match_8.argtypes = [_pointer, ctypes.c_char_p, _size, _size, _number, _pointer, _pointer]
LIBRARY.pcre2_get_ovector_pointer_8.restype = ctypes.POINTER(_size)
LIBRARY.pcre2_get_ovector_pointer_8.argtypes = [_pointer]
LIBRARY.pcre2_code_free_8.argtypes = [_pointer]
LIBRARY.pcre2_match_data_free_8.argtypes = [_pointer]


class Pattern:
    """Matches no empty text."""

    def __init__(self, written):
        error, place, pattern = ctypes.c_int(), _size(), written.encode()
        self._code = LIBRARY.pcre2_compile_8(pattern, len(pattern), UTF | UCP, ctypes.byref(error),
                                             ctypes.byref(place), None)
        if not self._code:
            raise ValueError(f"PCRE2 refuses {written!r}: error {error.value} at {place.value}")
        self._data = LIBRARY.pcre2_match_data_create_from_pattern_8(self._code, None)

    def __del__(self):
        if self._code:
            LIBRARY.pcre2_match_data_free_8(self._data)
            LIBRARY.pcre2_code_free_8(self._code)

    def find_all(self, text):
        """All matches in code points."""
        source = text.encode()
        spans, at = [], 0
        while True:
            code = LIBRARY.pcre2_match_8(self._code, source, len(source), at, 0, self._data, None)
            if code == NO_MATCH:
                return spans
            if code < 0:
                raise ValueError(f"PCRE2 error {code}")
            offsets = LIBRARY.pcre2_get_ovector_pointer_8(self._data)
            start, at = offsets[0], offsets[1]
            assert start < at, "an empty match"
            spans.append((len(source[:start].decode()), len(source[:at].decode())))
