"""The files that `chatsession init` writes."""
