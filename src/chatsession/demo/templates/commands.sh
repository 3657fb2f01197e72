B={{ place.base_url }}
# Come in: a visitor, and the token that proves it.
T=$(curl -sX POST $B/v1/inboxes/support/visitors | sed 's/.*"token":"\([^"]*\)".*/\1/')
# Open a session with the first message.
S=$(curl -s $B/v1/inboxes/support/sessions -H "Authorization: Bearer $T" \
  -H "Content-Type: application/json" \
  -d '{"message": {"text": "How long does delivery to Austria take?"}}' | sed 's/^{"id":"\([^"]*\)".*/\1/')
# What happened so far, and what happens next (waits up to 20 s).
curl -s "$B/v1/sessions/$S/events" -H "Authorization: Bearer $T"
curl -s "$B/v1/sessions/$S/events?after=3&wait=20" -H "Authorization: Bearer $T"
# Do not wait for the warning.
curl -s $B/v1/demo/skip -H "Authorization: Bearer $T" \
  -H "Content-Type: application/json" -d "{\"session\": \"$S\", \"to\": \"warning\"}"
