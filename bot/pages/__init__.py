"""Pages under ``/w/``: what does not fit into a chat, behind signed links (contract §3)."""
