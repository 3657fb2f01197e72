"""A file with something of everything in it, and the variables that it names."""

SECRET = "a secret that is long enough, really"
WHOLE = """
[server]
host = "0.0.0.0"
port = 9000
data = "chats"
trusted_proxies = ["10.0.0.0/8"]
hosts = ["chat.shop.example"]
metrics = "key"
messages_per_second = 5
messages_burst = 20
turn_grace = "5s"

[inboxes.support]
title = "Help desk"
preset = "support"
resume_window = "2d"
keep_open_max = 20
origins = ["https://shop.example", "http://localhost:5173"]
identity_secrets_from = ["SHOP_SECRET"]
require_identity = true
carry_over = { timeout = "keep_all" }

[inboxes.support.bot]
kind = "openai"
base_url = "http://127.0.0.1:11434/v1"
model = "llama3.2"
api_key_from = "MODEL_KEY"
instructions = "Be brief."
temperature = 0.2
tokens_max = 500
tokens_field = "max_completion_tokens"
price = { input = 0.15, output = 0.6 }
offers_person = true

[inboxes.sales-team]
bot = { kind = "knowledge", folder = "docs" }

[inboxes.orders]
bot = { kind = "function", target = "bot.py:answer" }

[inboxes.returns]
bot = { kind = "webhook", url = "https://shop.example/bot", secrets_from = "HOOK_SECRET", ports = [8443] }

[inboxes.humans]
"""
ENVIRONMENT = {"SHOP_SECRET": SECRET, "MODEL_KEY": "sk-1", "HOOK_SECRET": SECRET}
