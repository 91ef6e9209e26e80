"""SM2 signatures (GB/T 32918.2) on the recommended curve, with tables of multiples per point."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict

from . import der, sm3

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
G = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
     0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)
DEFAULT_ID = b"1234567812345678"

Affine = tuple[int, int]
Jacobian = tuple[int, int, int]
INFINITY: Jacobian = (1, 1, 0)


def on_curve(point: Affine) -> bool:
    """Whether the point satisfies the curve's equation with reduced coordinates."""
    x, y = point
    return 0 <= x < P and 0 <= y < P and (y * y - (x * x * x + A * x + B)) % P == 0


def _double(point: Jacobian) -> Jacobian:
    """Twice a point (the coefficient is -3)."""
    x, y, z = point
    if z == 0 or y == 0:
        return INFINITY
    zz, yy = z * z % P, y * y % P
    beta = x * yy % P
    alpha = 3 * (x - zz) * (x + zz) % P
    out_x = (alpha * alpha - 8 * beta) % P
    out_y = (alpha * (4 * beta - out_x) - 8 * yy * yy) % P
    return out_x, out_y, 2 * y * z % P


def _add(left: Jacobian, right: Affine) -> Jacobian:
    """The sum of a projective and an affine point."""
    x1, y1, z1 = left
    x2, y2 = right
    if z1 == 0:
        return x2, y2, 1
    zz = z1 * z1 % P
    h = (x2 * zz - x1) % P
    r = (y2 * zz * z1 - y1) % P
    if h == 0:
        return _double(left) if r == 0 else INFINITY
    hh = h * h % P
    hhh = hh * h % P
    v = x1 * hh % P
    out_x = (r * r - hhh - 2 * v) % P
    return out_x, (r * (v - out_x) - y1 * hhh) % P, z1 * h % P


def _to_affine(points: list[Jacobian]) -> list[Affine]:
    """All points in affine form with one inversion; none may be infinite."""
    running, products = 1, []
    for point in points:
        products.append(running)
        running = running * point[2] % P
    inverse = pow(running, -1, P)
    result: list[Affine] = [(0, 0)] * len(points)
    for index in range(len(points) - 1, -1, -1):
        x, y, z = points[index]
        own = inverse * products[index] % P
        inverse = inverse * z % P
        square = own * own % P
        result[index] = (x * square % P, y * square * own % P)
    return result


class Multiples:
    """Multiples d * 2^(w*i) of one point for every digit d of w bits: k*point is only additions."""

    def __init__(self, point: Affine, width: int) -> None:
        self._width, self._mask = width, (1 << width) - 1
        rows: list[Jacobian] = []
        base = point
        for _ in range(-(-256 // width)):
            current: Jacobian = (base[0], base[1], 1)
            for _ in range(self._mask):
                rows.append(current)
                current = _add(current, base)
            base = _to_affine([current])[0]
        flat = _to_affine(rows)
        self._rows = [flat[i:i + self._mask] for i in range(0, len(flat), self._mask)]

    def add_product(self, start: Jacobian, factor: int) -> Jacobian:
        """start + factor * point."""
        for row in self._rows:
            digit = factor & self._mask
            if digit:
                start = _add(start, row[digit - 1])
            factor >>= self._width
        return start


_lock = threading.Lock()
_tables: "OrderedDict[Affine, Multiples]" = OrderedDict()


def _multiples(point: Affine, width: int = 5) -> Multiples:
    """The table of a point; of the points used last 64 are kept."""
    with _lock:
        if point not in _tables:
            _tables[point] = Multiples(point, width)
        _tables.move_to_end(point)
        while len(_tables) > 64:
            _tables.popitem(last=False)
        return _tables[point]


_base_table: list[Multiples] = []


def _base() -> Multiples:
    """The table of the base point, made once."""
    with _lock:
        if not _base_table:
            _base_table.append(Multiples(G, 8))
    return _base_table[0]


def public_key(private: int) -> Affine:
    """The public point of a private key."""
    return _to_affine([_base().add_product(INFINITY, private)])[0]


def message_digest(public: Affine, message: bytes, signer_id: bytes) -> int:
    """e = SM3(Z || message) with Z over signer id, curve and public key."""
    words = (A, B, G[0], G[1], public[0], public[1])
    head = (len(signer_id) * 8).to_bytes(2, "big") + signer_id
    z = sm3.digest(head + b"".join(w.to_bytes(32, "big") for w in words))
    return int.from_bytes(sm3.digest(z + message), "big")


def verify_raw(public: Affine, message: bytes, r: int, s: int, signer_id: bytes = DEFAULT_ID) -> bool:
    """Whether (r, s) is a signature of the message."""
    if not (0 < r < N and 0 < s < N) or not on_curve(public):
        return False
    t = (r + s) % N
    if t == 0:
        return False
    point = _multiples(public).add_product(_base().add_product(INFINITY, s), t)
    if point[2] == 0:
        return False
    x = point[0] * pow(point[2], -2, P) % P
    return (message_digest(public, message, signer_id) + x) % N == r


def verify(public: Affine, message: bytes, signature: bytes, signer_id: bytes = DEFAULT_ID) -> bool:
    """Whether the DER signature is one of the message."""
    try:
        r, s = decode_signature(signature)
    except der.Malformed:
        return False
    return verify_raw(public, message, r, s, signer_id)


def sign_raw(private: int, message: bytes, signer_id: bytes = DEFAULT_ID,
             nonce: int | None = None) -> tuple[int, int]:
    """(r, s) of the message; the nonce is given only by tests."""
    e = message_digest(public_key(private), message, signer_id)
    while True:
        k = nonce if nonce is not None else secrets.randbelow(N - 1) + 1
        x = _to_affine([_base().add_product(INFINITY, k)])[0][0]
        r = (e + x) % N
        if r == 0 or r + k == N:
            continue
        s = pow(1 + private, -1, N) * (k - r * private) % N
        if s:
            return r, s


def sign(private: int, message: bytes, signer_id: bytes = DEFAULT_ID) -> bytes:
    """The DER signature of the message."""
    r, s = sign_raw(private, message, signer_id)
    return der.sequence(der.integer(r), der.integer(s))


def decode_signature(signature: bytes) -> tuple[int, int]:
    """r and s of a strict DER signature."""
    parts = der.parse(signature).children()
    if len(parts) != 2:
        raise der.Malformed("a signature has two integers")
    return parts[0].as_integer(), parts[1].as_integer()
