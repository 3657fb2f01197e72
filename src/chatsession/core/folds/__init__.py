"""One function per event, grouped by what it is about: session in, session out."""
