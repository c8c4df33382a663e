"""Files that people hand in as evidence, made harmless: what they are by content, without what is nobody's business.

Decoders of pictures and PDFs are large programs that read hostile input, so they run in a process of their own
(``apart``), with nothing to steal and with limits of memory and time.
"""
