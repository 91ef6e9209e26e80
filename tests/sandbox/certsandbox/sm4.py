"""SM4-CBC with PKCS#7 padding (GB/T 32907): in Python, and by libcrypto when it agrees."""

from __future__ import annotations

import ctypes
import ctypes.util
import struct

_SBOX = bytes.fromhex(
    "d690e9fecce13db716b614c228fb2c052b679a762abe04c3aa44132649860699"
    "9c4250f491ef987a33540b43edcfac62e4b31ca9c908e89580df94fa758f3fa6"
    "4707a7fcf37317ba83593c19e6854fa8686b81b27164da8bf8eb0f4b70569d35"
    "1e240e5e6358d1a225227c3b01217887d40046579fd327524c3602e7a0c4c89e"
    "eabf8ad240c738b5a3f7f2cef96115a1e0ae5da49b341a55ad933230f58cb1e3"
    "1df6e22e8266ca60c02923ab0d534e6fd5db3745defd8e2f03ff6a726d6c5b51"
    "8d1baf92bbddbc7f11d95c411f105ad80ac13188a5cd7bbd2d74d012b8e5b4b0"
    "8969974a0c96777e65b9f109c56ec68418f07dec3adc4d2079ee5f3ed7cb3948")
_FK = (0xA3B1BAC6, 0x56AA3350, 0x677D9197, 0xB27022DC)
_CK = tuple(sum(((4 * i + j) * 7 % 256) << (24 - 8 * j) for j in range(4)) for i in range(32))
_MASK = 0xFFFFFFFF


def _rotate(value: int, count: int) -> int:
    """A 32-bit rotation to the left."""
    return ((value << count) | (value >> (32 - count))) & _MASK


def _substitute(value: int) -> int:
    """The S-box on each byte of a word."""
    return (_SBOX[value >> 24] << 24 | _SBOX[value >> 16 & 255] << 16
            | _SBOX[value >> 8 & 255] << 8 | _SBOX[value & 255])


def _linear(value: int) -> int:
    """The linear transformation of a round."""
    return (value ^ _rotate(value, 2) ^ _rotate(value, 10) ^ _rotate(value, 18) ^ _rotate(value, 24))


_TABLES = tuple(tuple(_linear(_SBOX[byte] << shift) for byte in range(256)) for shift in (24, 16, 8, 0))


def _round_keys(key: bytes) -> list[int]:
    """The 32 round keys."""
    words = [k ^ f for k, f in zip(struct.unpack(">4I", key), _FK)]
    for constant in _CK:
        mixed = _substitute(words[-3] ^ words[-2] ^ words[-1] ^ constant)
        words.append(words[-4] ^ mixed ^ _rotate(mixed, 13) ^ _rotate(mixed, 23))
    return words[4:]


def _block(block: bytes, keys: list[int]) -> bytes:
    """One block through the 32 rounds."""
    a, b, c, d = struct.unpack(">4I", block)
    t0, t1, t2, t3 = _TABLES
    for key in keys:
        mixed = b ^ c ^ d ^ key
        a, b, c, d = b, c, d, (a ^ t0[mixed >> 24] ^ t1[mixed >> 16 & 255]
                               ^ t2[mixed >> 8 & 255] ^ t3[mixed & 255])
    return struct.pack(">4I", d, c, b, a)


def encrypt_block(block: bytes, key: bytes) -> bytes:
    """One block of ECB, for the published vectors."""
    return _block(block, _round_keys(key))


def encrypt_in_python(data: bytes, key: bytes, iv: bytes) -> bytes:
    """CBC with padding, computed here."""
    keys, out, last = _round_keys(key), [], iv
    fill = 16 - len(data) % 16
    data += bytes([fill]) * fill
    for offset in range(0, len(data), 16):
        last = _block(bytes(x ^ y for x, y in zip(data[offset:offset + 16], last)), keys)
        out.append(last)
    return b"".join(out)


def decrypt_in_python(data: bytes, key: bytes, iv: bytes) -> bytes:
    """The plain text of CBC; ValueError when length or padding is wrong."""
    if not data or len(data) % 16:
        raise ValueError("cipher text is not whole blocks")
    keys, out, last = _round_keys(key)[::-1], [], iv
    for offset in range(0, len(data), 16):
        block = data[offset:offset + 16]
        out.append(bytes(x ^ y for x, y in zip(_block(block, keys), last)))
        last = block
    plain = b"".join(out)
    fill = plain[-1]
    if not 1 <= fill <= 16 or plain[-fill:] != bytes([fill]) * fill:
        raise ValueError("padding is wrong")
    return plain[:-fill]


class _Library:
    """SM4-CBC of libcrypto by ctypes; a body of 200 kB takes seconds in Python."""

    def __init__(self) -> None:
        lib = ctypes.CDLL(ctypes.util.find_library("crypto"))
        for name in ("EVP_sm4_cbc", "EVP_CIPHER_CTX_new"):
            getattr(lib, name).restype = ctypes.c_void_p
        self._lib = lib
        self._cipher = ctypes.c_void_p(lib.EVP_sm4_cbc())

    def run(self, data: bytes, key: bytes, iv: bytes, encrypt: int) -> bytes:
        """Encrypted (1) or decrypted (0) data; ValueError when the padding is wrong."""
        lib, out = self._lib, ctypes.create_string_buffer(len(data) + 32)
        context = ctypes.c_void_p(lib.EVP_CIPHER_CTX_new())
        done, more = ctypes.c_int(0), ctypes.c_int(0)
        try:
            if not (lib.EVP_CipherInit_ex(context, self._cipher, None, key, iv, encrypt)
                    and lib.EVP_CipherUpdate(context, out, ctypes.byref(done), data, len(data))
                    and lib.EVP_CipherFinal_ex(context, ctypes.byref(out, done.value), ctypes.byref(more))):
                raise ValueError("cipher text or padding is wrong")
            return out.raw[:done.value + more.value]
        finally:
            lib.EVP_CIPHER_CTX_free(context)


def _load() -> _Library | None:
    """libcrypto when it is there and agrees with the Python code."""
    key, iv, text = bytes(range(16)), bytes(range(16, 32)), bytes(range(45))
    try:
        library = _Library()
        ours = encrypt_in_python(text, key, iv)
        if library.run(text, key, iv, 1) == ours and library.run(ours, key, iv, 0) == text:
            return library
    except (OSError, AttributeError, TypeError, ValueError):
        pass
    return None


_library = _load()


def encrypt(data: bytes, key: bytes, iv: bytes) -> bytes:
    """CBC with padding, the fast way when there is one."""
    return _library.run(data, key, iv, 1) if _library else encrypt_in_python(data, key, iv)


def decrypt(data: bytes, key: bytes, iv: bytes) -> bytes:
    """The plain text of CBC, the fast way when there is one."""
    return _library.run(data, key, iv, 0) if _library else decrypt_in_python(data, key, iv)
