"""Files that people hand in: what they are by content, made harmless or looked through for what acts.

Decoders of pictures and PDFs are large programs that read hostile input, so they run in a process of their own
(``apart``), with nothing to steal and with limits of memory and time.
"""
