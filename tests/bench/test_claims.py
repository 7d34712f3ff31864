from bench.claims import ITEM_PHOTOS, make_claims
from evidence.evaluate import load_pairs


def test_a_claim_holds_what_its_labels_say():
    rows = ["reference,query,label"]
    for design in range(8):
        rows += [f"deck/{design}a.jpg,deck/{design}{other}.jpg,same_item" for other in "bc"]
    made = make_claims(load_pairs("\n".join(rows)), 4)
    assert made
    for claim in made:
        design = claim.references[0][:6]
        assert len(set(claim.references)) == ITEM_PHOTOS
        assert [name[:6] for name in claim.honest] == [design, design]
        assert not any(name[:6] == design for name in claim.references[1:])
        assert not any(name[:6] == claim.other[:6] for name in claim.references)


def test_pairs_that_offer_no_second_photo_make_no_claim():
    assert make_claims(load_pairs("reference,query,label\na.jpg,b.jpg,same_item"), 4) == []
