"""What changes a submission: drafts, sending, withdrawing, deciding, taking back, asking (``domain.md`` §3).

Chat, pages and the agencies' API call the same functions. Each works in the caller's transaction and leaves there the
new state, the audit entry and the messages, or raises and leaves nothing.
"""
