"""What a caller takes a row to be: checked by the writer, in the transaction of the change."""

from dataclasses import dataclass

from evidence.errors import StaleError
from evidence.text import Text

PROGRAM = "evidence"  # who changed something where nobody is named


@dataclass(frozen=True, slots=True)
class Expected:
    """A condition under which something may be changed.

    Attributes:
        versions: one of which it has to have; None for any.
        there: True if it has to exist, False if it must not, None for either.
    """

    versions: frozenset[int] | None = None
    there: bool | None = None

    def check(self, what: Text, version: int | None) -> None:
        """Compare with what is stored.

        Args:
            what: names it, such as ``item item-1``, in both languages.
            version: as stored; None if it does not exist.

        Raises:
            StaleError: it is not what the caller took it to be.
        """
        if self.there is False and version is not None:
            raise StaleError(
                f"{what.en} exists already: read it, and change it as it is now",
                f"{what.ja} は登録済みです。現在の内容を確認してから変更してください。",
            )
        if version is None and (self.there or self.versions is not None):
            raise StaleError(
                f"{what.en} does not exist, and was expected to",
                f"{what.ja} は登録されていません。番号を確認してください。",
            )
        if self.versions is not None and version not in self.versions:
            raise StaleError(
                f"{what.en} was changed in the meantime: read it again, then decide",
                f"{what.ja} は、ほかの人が先に変更しました。内容を確認し直してください。",
            )


ANYTHING = Expected()
