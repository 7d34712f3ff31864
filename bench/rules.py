"""Every rule that is run, the simplest first and the product last."""

from bench.hashes import RectifiedPhash, WholePdq, WholePhash
from bench.keypoints import OrbRansac, SiftMagsac, SiftRatioShare
from bench.laboratory import Laboratory
from bench.product import Product
from bench.rule import Rule

_ALL: tuple[Rule, ...] = (
    WholePhash(),
    WholePdq(),
    RectifiedPhash(),
    SiftRatioShare(),
    OrbRansac(),
    SiftMagsac(),
    Laboratory(),
    Product(),
)
RULES = {rule.name: rule for rule in _ALL}
