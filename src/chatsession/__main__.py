"""`python -m chatsession` is the command `chatsession`."""

from chatsession.cli import main

main()
