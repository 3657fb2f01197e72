"""What the server does for the widget: its configuration and files, what visitors send, and the chat on paper."""
