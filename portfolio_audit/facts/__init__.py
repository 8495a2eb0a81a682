"""Facts that checks may ask for; each is a type, and naming it in a check's signature is enough."""
