"""Pictures of a mail as programs show it: python3 docs/mail/make.py report.eml docs/mail

The HTML part with its picture in the place of the `cid:` link, in Debian's Chromium: as wide as a window of a mail
program, as wide as a phone, and turned dark by the browser, as some programs do with mails.
"""

import base64
import email
import email.policy
import html
import subprocess
import sys
import tempfile
from pathlib import Path

CHROMIUM = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"]
CHROMIUM += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
DARK = ["--force-dark-mode", "--enable-features=WebContentsForceDark"]


def page(path):
    """The HTML part, with every picture in it."""
    message = email.message_from_bytes(Path(path).read_bytes(), policy=email.policy.default)
    text = message.get_body(("html",)).get_content()
    for part in message.walk():
        if name := part["Content-ID"]:
            data = base64.b64encode(part.get_content()).decode()
            text = text.replace(f"cid:{name.strip('<>')}", f"data:{part.get_content_type()};base64,{data}")
    assert "cid:" not in text, "a picture is missing"
    return text


def shoot(text, target, width, height, *flags):
    # Chromium's window is at least 500 pixels wide; a frame can be narrower.
    frame = f'<iframe srcdoc="{html.escape(text)}" style="border:0;width:{width}px;height:{height}px"></iframe>'
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "mail.html")
        source.write_text(f'<!DOCTYPE html><meta charset="utf-8"><body style="margin:0">{frame}' if width < 500 else text)
        size = [f"--window-size={width},{height}", f"--user-data-dir={folder}/profile", f"--screenshot={target}"]
        subprocess.run([*CHROMIUM, *size, *flags, source.as_uri()], check=True, capture_output=True, timeout=120)


def main(mail, folder):
    text = page(mail)
    shoot(text, Path(folder, "mail.png"), 680, 1400)
    shoot(text, Path(folder, "phone.png"), 375, 1400)
    shoot(text, Path(folder, "dark.png"), 680, 1400, *DARK)


if __name__ == "__main__":
    main(*sys.argv[1:])
