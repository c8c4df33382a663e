"""Conversations: each module reads what a person pressed or typed, calls one function and renders the answer."""
