"""The control API under ``/sim``: a cast is put on stage and acts, and tests look at what arrived."""
