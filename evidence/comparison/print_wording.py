"""What is said about printed text, in both languages; a misreading is always possible."""

from collections.abc import Sequence

from evidence.comparison.printed_text import TextDifference
from evidence.comparison.verdict import Finding
from evidence.comparison.wording import INNOCENT
from evidence.photo.quality import Shortfall
from evidence.text import Text

CLOSE_UP = Shortfall(
    "close_up",
    Text(
        "Photograph the printed text and the number from close up, sharply and without "
        "reflections.",
        "印刷された文字と番号を、反射のない状態で、近くから鮮明に撮影してください。",
    ),
)
MISREAD = (
    Text(
        "Reflections, wear or blur made the machine read a letter wrongly.",
        "反射・擦れ・ぼけにより、文字が誤って読み取られた可能性があります。",
    ),
)


def other_print(differences: Sequence[TextDifference], *, artwork_agrees: bool) -> Finding:
    """Say that the print is another, and what that means where the artwork is the same."""
    count, first = len(differences), differences[0]
    told = Text(
        f"The print reads differently in {count} places, such as "
        f'"{first.reference}" and "{first.query}".',
        f"印刷された文字が{count}か所で異なります（例：「{first.reference}」と「{first.query}」）。",
    )
    if artwork_agrees:
        told = Text(
            f"{told.en} The artwork agrees: it exists on more than one product.",
            f"{told.ja}絵柄は一致しており、同じ絵柄が複数の商品に使われています。",
        )
    return Finding("design.print", told, values={"places": count})


def unsure_print(difference: TextDifference) -> Finding:
    """Say that one place reads differently, which may be a misreading."""
    return Finding(
        "design.print_unsure",
        Text(
            "In one place the print seems to read differently: "
            f'"{difference.reference}" and "{difference.query}". The same artwork may exist on '
            "more than one product.",
            "印刷された文字が1か所で異なるように見えます："
            f"「{difference.reference}」と「{difference.query}」。同じ絵柄が複数の商品に使われている可能性があります。",
        ),
        values={"places": 1},
        innocent_explanations=(*MISREAD, *INNOCENT),
    )


def same_print(compared: int) -> Finding:
    """Say that no line of print reads differently."""
    return Finding(
        "design.same_print",
        Text(
            f"{compared} lines of print show on both; none was found to read differently.",
            f"両方に写っている{compared}行の印刷文字に、異なる箇所は見つかりませんでした。",
        ),
        values={"lines": compared},
    )
