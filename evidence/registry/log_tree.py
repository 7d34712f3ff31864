"""The log's Merkle tree in the database.

Its leaves' hashes stand in their rows. Above them only the root of each complete tile is kept, a
tile being 256 hashes of one level (c2sp.org/tlog-tiles): one row for 255 entries or so. What lies
between is hashed anew when it is asked for.
"""

from functools import lru_cache

from sqlalchemy import Connection, func, insert, select

from evidence.errors import TamperedLogError
from evidence.registry.checkpoints import Checkpoint
from evidence.registry.merkle import (
    hash_children,
    prove_consistency,
    prove_inclusion,
    tree_root,
)
from evidence.registry.tables import events, log_nodes

BITS = 8  # levels of the tree in a tile
WIDTH = 1 << BITS  # hashes in a complete tile
TILES_AT_ONCE = 64  # that one tree holds in memory; 40 kB each
_LAST = select(func.max(events.c.number))  # made once: every change asks


class LogTree:
    """The tree as one transaction sees it."""

    def __init__(self, connection: Connection) -> None:
        """Read nothing yet."""
        self._connection = connection
        self._layers = lru_cache(TILES_AT_ONCE)(self._read_layers)

    def size(self) -> int:
        """Return the number of the last entry."""
        return self._connection.scalar(_LAST) or 0

    def head(self, origin: str, size: int) -> Checkpoint:
        """Return the checkpoint of the first ``size`` entries, unsigned."""
        return Checkpoint(origin, size, tree_root(size, self.node))

    def path(self, index: int, size: int) -> list[bytes]:
        """Return the proof that an entry is among the first ``size``."""
        return prove_inclusion(index, size, self.node)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Return the proof that the first ``new`` entries begin with the first ``old``."""
        return prove_consistency(old, new, self.node)

    def node(self, height: int, index: int) -> bytes:
        """Return the root of the complete subtree over ``2**height`` leaves.

        Raises:
            TamperedLogError: it is not there, although the log was that long.
        """
        level, inner = divmod(height, BITS)
        tile, place = divmod(index << inner, WIDTH)
        try:
            return self._layers(level, tile)[inner][place >> inner]
        except IndexError:
            raise TamperedLogError(
                f"hash {index} of height {height} is missing from the log's tree",
                f"記録のハッシュ（高さ {height}、番号 {index}）がありません。"
                "オーナーにお知らせください。",
            ) from None

    def tile_root(self, level: int, number: int) -> bytes:
        """Return the root of a complete tile."""
        return self._layers(level, number)[BITS][0]

    def _read_layers(self, level: int, number: int) -> list[tuple[bytes, ...]]:
        """Return a tile's hashes and, layer by layer, those of their complete subtrees."""
        first = number * WIDTH
        if level == 0:
            column, place = events.c.leaf, events.c.number - 1
            query = select(column).where(events.c.number.between(first + 1, first + WIDTH))
        else:
            column, place = log_nodes.c.hash, log_nodes.c.number
            query = select(column).filter_by(level=level)
            query = query.where(place.between(first, first + WIDTH - 1))
        layers = [tuple(self._connection.scalars(query.order_by(place)))]
        for _ in range(BITS):
            below = layers[-1]
            pairs = zip(below[::2], below[1::2], strict=False)  # a last one without its pair waits
            layers.append(tuple(hash_children(left, right) for left, right in pairs))
        return layers


def keep_complete(connection: Connection, before: int, after: int) -> None:
    """Keep the roots of the tiles that were completed while the log grew.

    Args:
        connection: of the transaction that it grew in.
        before: how many entries there were.
        after: how many there are.
    """
    level, tree = 0, LogTree(connection)
    while after := after // WIDTH:
        before //= WIDTH
        roots = [
            {"level": level + 1, "number": number, "hash": tree.tile_root(level, number)}
            for number in range(before, after)
        ]
        if not roots:
            return
        connection.execute(insert(log_nodes), roots)
        level += 1


def require_extension(tree: LogTree, checkpoint: Checkpoint) -> None:
    """Raise TamperedLogError unless the log still begins with what the checkpoint stands for."""
    size = tree.size()
    if checkpoint.size > size:
        raise TamperedLogError(
            f"the log ends at entry {size}, but a checkpoint was signed for {checkpoint.size}",
            f"記録は {size} 件ですが、{checkpoint.size} 件分の署名があります。"
            "オーナーにお知らせください。",
        )
    if tree.head(checkpoint.origin, checkpoint.size) != checkpoint:
        raise TamperedLogError(
            f"the first {checkpoint.size} entries of the log are not those that a checkpoint "
            "was signed for",
            f"先頭の {checkpoint.size} 件の記録が、署名されたものと一致しません。"
            "オーナーにお知らせください。",
        )
