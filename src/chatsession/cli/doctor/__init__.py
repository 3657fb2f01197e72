"""`chatsession doctor`: what is well, what to mind, what to mend."""

from chatsession.cli.doctor.command import doctor

__all__ = ["doctor"]
