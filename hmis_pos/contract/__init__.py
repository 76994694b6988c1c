"""The messages between terminal (or HMIS web page) and relay; nothing else is shared between them.

Money is a decimal string, a time is ISO 8601 in UTC, a uid is a UUIDv7 in text. One file a resource; ``problem`` is how every error
looks; ``mapping`` turns domain objects into messages and back.
"""
