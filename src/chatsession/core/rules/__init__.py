"""One small file per family of commands: draft and command in, events added to the draft or a refusal out."""
