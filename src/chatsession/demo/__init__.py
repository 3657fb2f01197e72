"""A shop's help desk to try everything on: short timeouts, the shop's own documents, and time that can be skipped."""
