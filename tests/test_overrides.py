import pytest

from evidence.errors import SettingsError
from evidence.overrides import override_settings
from evidence.settings import Settings, fingerprint

SETTINGS = Settings()


def test_a_setting_is_named_with_dots_or_in_its_table():
    for data in (b"copies.other = -1.6", b"[copies]\nother = -1.6\n"):
        changed = override_settings(SETTINGS, data)
        assert changed.copies.other == -1.6
        assert changed.copies.same == SETTINGS.copies.same
        assert fingerprint(changed) != fingerprint(SETTINGS)


def test_a_deeper_setting_and_a_whole_number_for_a_fraction_fit():
    changed = override_settings(SETTINGS, b"calibration.same.llr = 2\nfusion.rich = 290")
    assert (changed.calibration.same.llr, changed.fusion.rich) == (2.0, 290)


def test_the_same_value_is_the_same_settings():
    data = f"copies.other = {SETTINGS.copies.other}".encode()
    assert fingerprint(override_settings(SETTINGS, data)) == fingerprint(SETTINGS)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"copies.othr = -1.6", "copies.othr: there is no such setting"),
        (b"copy.other = 1", "copy: there is no such setting"),
        (b"copies = 1", "copies: this is a group"),
        (b"copies.other.deep = 1", "copies.other: this is one setting"),
        (b"copies.other = 'low'", "copies.other: must be of the kind"),
        (b"copies.other = true", "copies.other: must be of the kind"),
        (b"copies.other = nan", "copies.other: must be a finite number"),
        (b"fusion.rich = 2.5", "fusion.rich: must be of the kind"),
        (b"reading.view_side = 800", "reading: photos are not read anew"),
        (b"outline.side = 800", "outline: photos are not read anew"),
        (b"", "it names no setting"),
        (b"copies.other -1.6", "line 1"),
        (b"\xff", "no UTF-8 at byte 0"),
    ],
)
def test_what_cannot_be_followed_is_named(data, why):
    with pytest.raises(SettingsError, match=why):
        override_settings(SETTINGS, data)
