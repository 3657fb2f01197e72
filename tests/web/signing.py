"""What a customer's website signs about who is logged in there."""

import secrets
import time

import jwt
from web.serving import SECRET

LIFE_SECONDS = 300


def signed(subject: str, inbox: str = "shop") -> str:
    """Proof of who the visitor is, for the page to hand on."""
    claims = {"sub": subject, "aud": inbox, "exp": time.time() + LIFE_SECONDS, "jti": secrets.token_hex(8)}
    return jwt.encode(claims, SECRET, algorithm="HS256")
