"""Lends the browser the fonts of the printed record: a machine may have none for Chinese."""

import os
from pathlib import Path

FONTS = Path(__file__).resolve().parents[2] / "consent" / "record" / "fonts"
SETTINGS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


def environment(folder: Path) -> dict[str, str]:
    """The variables to start the browser with. Fonts that were chosen outside stay."""
    if "FONTCONFIG_FILE" in os.environ:
        return dict(os.environ)
    settings = folder / "fonts.conf"
    settings.write_text(SETTINGS.format(fonts=FONTS, cache=folder / "font-cache"), encoding="utf-8")
    return dict(os.environ) | {"FONTCONFIG_FILE": str(settings)}
