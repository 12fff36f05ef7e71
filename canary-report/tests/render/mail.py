"""Reads a mail from standard input with Python's parser, which fails on every defect, and says as JSON what it holds."""

import email
import email.policy
import json
import sys

policy = email.policy.default.clone(raise_on_defect=True)
message = email.message_from_binary_file(sys.stdin.buffer, policy=policy)
related = next(part for part in message.walk() if part.get_content_type() == "multipart/related")
html = message.get_body(("html",))
picture = next(part for part in related.iter_parts() if part.get_content_type() == "image/png")
assert f"cid:{picture['Content-ID'].strip('<>')}" in html.get_content()
assert message.get_content_type() == "multipart/alternative"
to = message["To"].addresses
json.dump(
    {
        "subject": message["Subject"],
        "to": [f"{one.display_name} <{one.addr_spec}>" if one.display_name else one.addr_spec for one in to],
        "plain": message.get_body(("plain",)).get_content(),
        "html": html.get_content(),
        "png_bytes": len(picture.get_content()),
    },
    sys.stdout,
)
